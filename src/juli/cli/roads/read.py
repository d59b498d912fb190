"""``juli roads read``: what public notices close."""

import json
from datetime import datetime
from pathlib import Path

import click


@click.command()
@click.argument("notices", metavar="NOTICE.txt…", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--published", type=click.DateTime(["%Y-%m-%d"]), required=True, help="Day of publication.")
@click.option(
    "--roads", "names_file", type=click.Path(path_type=Path), help="The map's road names, one a line."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a notice, in their order.")
def command(notices: tuple[Path, ...], published: datetime, names_file: Path | None, as_json: bool) -> None:
    """Read notices into work zones; what is not clear is told, never guessed."""
    from juli.core.errors import InputError, Problem
    from juli.plant.reading.text_file import read_text
    from juli.roads.notices import read_notice

    problems: list[Problem] = []
    names = read_text(names_file, str(names_file), problems) if names_file else None
    texts = [read_text(path, str(path), problems) for path in notices]
    if problems:
        raise InputError(problems)
    for path, text in zip(notices, texts, strict=True):
        reading = read_notice(text or "", published.date(), names.split() if names else None)
        if as_json:
            click.echo(json.dumps(reading.as_json(), ensure_ascii=False))
            continue
        click.echo(str(path))
        for zone in reading.zones:
            place = " × ".join(zone.junction or zone.roads)
            if zone.stretch:
                place += f" {zone.stretch[0]}–{zone.stretch[1]}"
            when = f"{zone.start:%Y-%m-%d %H:%M} to {zone.end:%Y-%m-%d %H:%M}"
            click.echo(f"  {place}: {zone.impact}, {zone.applies_to}, {when}")
        for unsure in reading.unsure:
            click.echo(f"  unsure of {unsure.field}: {unsure.why} ({unsure.text})")
