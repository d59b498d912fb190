"""``juli roads publish``: works in the standard forms, for navigation services and other dispatchers."""

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from juli.cli.plan import json_option, language_option
from juli.cli.roads.setting import LOCAL_ZONE, map_options, read_notice_text, read_setting

if TYPE_CHECKING:
    from juli.core.errors import Problem
    from juli.plant.model import Language
    from juli.plant.road_map import RoadMap
    from juli.roads.wzdx import Publication, Work

_SOMETHING_LEFT_OUT = 1


@click.command()
@click.argument("notices", metavar="NOTICE.txt…", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--published", type=click.DateTime(["%Y-%m-%d"]), required=True, help="Day of publication.")
@click.option("--publisher", default="Juli", show_default=True, help="The organisation that publishes.")
@click.option(
    "--form",
    type=click.Choice(["wzdx", "cifs"]),
    default="wzdx",
    show_default=True,
    help="WZDx 4.2, or the XML of CIFS, which navigation services read.",
)
@click.option(
    "--out", type=click.Path(path_type=Path), help="Where to write the feed, such as works.geojson."
)
@language_option
@map_options
@json_option
def command(
    notices: tuple[Path, ...],
    published: datetime,
    publisher: str,
    form: str,
    out: Path | None,
    language: "Language",
    as_json: bool,
    **told: Any,
) -> None:
    """Publish what notices close as a WZDx 4.2 feed, or as a CIFS feed.

    Without --out the feed goes to standard output. With it, the banned turns, which a WZDx feed can't
    express, are written beside it: works.movements.json beside works.geojson. In a CIFS feed only what
    is closed to everybody closes a road; all else warns. Ends with status 1 where a part of a notice
    could not be published; it says which.
    """
    from juli.core.clock import SystemClock
    from juli.report.works.reasons import problem_text
    from juli.report.works.words import said
    from juli.roads.graph import MovementGraph
    from juli.roads.wzdx import Publication
    from juli.roads.wzdx.notice_works import announced_works

    setting = read_setting(**told, language=language)
    graph = MovementGraph(setting.road_map)
    works, left_out = [], []
    for path in notices:
        text = read_notice_text(path)
        found, unread = announced_works(
            text, published.date(), setting.road_map, path.name, setting.vehicle, graph
        )
        works += found
        left_out += unread
    announced = published.replace(tzinfo=LOCAL_ZONE)
    publication = Publication(publisher, SystemClock().now().replace(microsecond=0), announced)
    write = _write_cifs if form == "cifs" else _write_wzdx
    text, told_out, lines, refused = write(works, setting.road_map, publication, out, language)
    left_out += refused
    if out is None:
        click.echo(text)
    elif as_json:
        click.echo(json.dumps({**told_out, "left_out": [str(p) for p in left_out]}, ensure_ascii=False))
    else:
        for line in lines:
            click.echo(line)
    if not as_json or out is None:
        for problem in left_out:
            click.echo(said("publish_not", language, what=problem_text(problem, language)), err=True)
    if left_out:
        sys.exit(_SOMETHING_LEFT_OUT)


#: The feed, what --json tells of it, what the terminal does, and what is not in it.
_Written = tuple[str, dict[str, Any], list[str], "tuple[Problem, ...]"]


def _write_wzdx(
    works: "list[Work]",
    road_map: "RoadMap",
    publication: "Publication",
    out: Path | None,
    language: "Language",
) -> _Written:
    from juli.core.files import write_text
    from juli.report.works.words import said
    from juli.roads.wzdx import feed_of
    from juli.roads.wzdx.side_file import side_file_path

    feed = feed_of(works, road_map, publication)
    if out is None:
        return json.dumps(feed.feed, ensure_ascii=False, allow_nan=False), {}, [], feed.left_out
    text = json.dumps(feed.feed, ensure_ascii=False, allow_nan=False, indent=1)
    beside = side_file_path(out)
    write_text(out, text)
    write_text(beside, json.dumps(feed.side_file, ensure_ascii=False, allow_nan=False, indent=1))
    kinds = [f["properties"]["core_details"]["event_type"] for f in feed.feed["features"]]
    zones, detours = kinds.count("work-zone"), kinds.count("detour")
    told = {"feed": str(out), "movements": str(beside), "work_zones": zones, "detours": detours}
    lines = [
        said("publish_feed", language, file=out, zones=zones, detours=detours),
        said("publish_turns", language, file=beside),
    ]
    return text, told, lines, feed.left_out


def _write_cifs(
    works: "list[Work]",
    road_map: "RoadMap",
    publication: "Publication",
    out: Path | None,
    language: "Language",
) -> _Written:
    from juli.core.files import write_text
    from juli.report.works.words import said
    from juli.roads.cifs import cifs_of

    feed = cifs_of(works, road_map, publication)
    if out is not None:
        write_text(out, feed.text)
    told = {"feed": str(out), "closed": feed.closed, "warned": feed.warned}
    lines = [said("publish_cifs", language, file=out, closed=feed.closed, warned=feed.warned)]
    return feed.text.rstrip(), told, lines, feed.left_out
