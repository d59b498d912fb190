"""``juli check``: every problem in a plant's files at once."""

import json
import sys
from pathlib import Path

import click

from juli.cli import EXIT_BAD_INPUT
from juli.cli.plan import json_option
from juli.core.errors import Severity


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path), default=Path())
@json_option
def command(folder: Path, as_json: bool) -> None:
    """List every problem in the plant's files in DIR, each with its place, the values and the mend.

    Exit status: 0 no errors, whatever the warnings; 2 errors, so that 'juli plan' would refuse.
    """
    from juli.plant.reading import read_folder
    from juli.roads.announced import announced_closures

    content = read_folder(folder)
    problems = content.problems
    if content.demand is not None and content.demand.road_map is not None:
        problems += announced_closures(content.demand.notices, content.demand.road_map)[1]
    errors = sum(problem.severity is Severity.ERROR for problem in problems)
    warnings = len(problems) - errors
    if as_json:
        listed = [vars(problem) for problem in problems]
        answer = {"problems": listed, "errors": errors, "warnings": warnings}
        click.echo(json.dumps(answer, ensure_ascii=False))
    else:
        for problem in problems:
            click.echo(str(problem))
        click.echo(f"{folder}: {_counted(errors, 'error')}, {_counted(warnings, 'warning')}")
    sys.exit(EXIT_BAD_INPUT if errors else 0)


def _counted(number: int, what: str) -> str:
    return f"{number or 'no'} {what}{'' if number == 1 else 's'}"
