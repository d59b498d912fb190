"""``juli init``: a new plant from the template."""

from importlib.resources.abc import Traversable
from pathlib import Path

import click


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
def command(folder: Path) -> None:
    """Write a small commented plant to DIR that plans as it stands.

    DIR is made where it is missing, and must be empty.
    """
    from importlib import resources

    from juli.core.errors import InputError, Problem
    from juli.core.files import write_bytes, write_text
    from juli.plant.factory import Plant
    from juli.plant.schema import schema_text

    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        what = "is not empty" if folder.is_dir() else "is a file"
        raise InputError([Problem(str(folder), what, "name a new or an empty folder")])
    template = resources.files("juli.plant") / "template"
    try:
        for path, content in _files(template, Path()):
            write_bytes(folder / path, content)
        write_text(folder / "plant.schema.json", schema_text(Plant))
    except OSError as error:
        message = f"can't be written: {error.strerror}"
        raise InputError([Problem(str(folder), message, "name a folder that you may write to")]) from error
    click.echo(f"wrote a plant to {folder}; now: juli check {folder}; juli plan {folder} --out {folder}/plan")


def _files(folder: Traversable, under: Path) -> list[tuple[Path, bytes]]:
    found: list[tuple[Path, bytes]] = []
    for item in sorted(folder.iterdir(), key=lambda item: item.name):
        path = under / item.name
        found += _files(item, path) if item.is_dir() else [(path, item.read_bytes())]
    return found
