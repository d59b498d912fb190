"""``juli roads read``: what public notices close."""

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from juli.cli.plan import language_option
from juli.core.errors import InputError, Problem

if TYPE_CHECKING:
    from juli.plant.model import Language
    from juli.roads.notices import Reading


@click.command()
@click.argument("notices", metavar="NOTICE.txt…", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--published", type=click.DateTime(["%Y-%m-%d"]), required=True, help="Day of publication.")
@click.option(
    "--map",
    "map_file",
    type=click.Path(path_type=Path),
    help="Road map whose names the notices are read with: .geojson, .osm or .osm.pbf.",
)
@click.option(
    "--roads", "names_file", type=click.Path(path_type=Path), help="The map's road names, one a line."
)
@language_option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a notice, in their order.")
def command(
    notices: tuple[Path, ...],
    published: datetime,
    map_file: Path | None,
    names_file: Path | None,
    language: "Language",
    as_json: bool,
) -> None:
    """Read notices into work zones; what is not clear is told, never guessed.

    Every notice gets its answer; with a file that is missing, empty or in no known encoding the command ends
    with status 2.
    """
    from juli.plant.reading.notice_text import read_notice_text
    from juli.report.works.lines import reading_lines
    from juli.roads.notices import read_notice

    names = _road_names(map_file, names_file)
    problems: list[Problem] = []
    for path in notices:
        text = read_notice_text(path, str(path), problems) or ""
        reading = _with_unknown(read_notice(text, published.date(), names), names)
        if as_json:
            click.echo(json.dumps(reading.as_json(), ensure_ascii=False, allow_nan=False))
        else:
            click.echo("\n".join(reading_lines(path, reading, language)))
    if problems:
        raise InputError(problems)


def _road_names(map_file: Path | None, names_file: Path | None) -> tuple[str, ...]:
    """The names of a map, of a list, or none.

    Raises
    ------
    InputError
        If the map or the list can't be read.
    """
    from juli.plant.reading.text_file import read_text

    names: set[str] = set()
    if map_file is not None:
        from juli.roads.map_files import read_map

        names |= {segment.road for segment in read_map(map_file).segments if segment.road}
    if names_file is not None:
        problems: list[Problem] = []
        text = read_text(names_file, str(names_file), problems)
        if problems:
            raise InputError(problems)
        names |= {line.strip() for line in (text or "").splitlines() if line.strip()}
    return tuple(sorted(names))


def _with_unknown(reading: "Reading", names: tuple[str, ...]) -> "Reading":
    """Add to what is unsure each road of a zone or a detour that the map does not have."""
    from dataclasses import replace

    from juli.roads.notices import Unsure
    from juli.roads.notices.normalise import simplified

    if not names:
        return reading
    known = {simplified(name) for name in names}
    unknown = {
        Unsure(field, road, "the map has no road of this name"): None
        for zone in reading.zones
        for field, roads in (("roads", zone.roads), ("detours", [r for chain in zone.detours for r in chain]))
        for road in roads
        if simplified(road) not in known
    }
    return replace(reading, unsure=(*reading.unsure, *unknown))
