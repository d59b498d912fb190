"""``juli check``: every problem in a plant's files at once."""

import json
import sys
from pathlib import Path
from typing import Any

import click

from juli.cli import EXIT_BAD_INPUT
from juli.cli.plan import CONTRADICTION_SECONDS, json_option
from juli.core.errors import Severity


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path), default=Path())
@click.option("--rules", is_flag=True, help="Look for rules that no plan can keep together, too.")
@click.option(
    "--time",
    "seconds",
    type=click.FloatRange(min=0.1),
    default=CONTRADICTION_SECONDS,
    show_default=True,
    help="With --rules: time limit [s].",
)
@json_option
def command(folder: Path, rules: bool, seconds: float, as_json: bool) -> None:
    """List every problem in the plant's files in DIR, each with its place, the values and the mend.

    With --rules, a plant without errors is also asked whether all orders fit; if they don't, the smallest
    set of rules is named that contradict each other.

    Exit status: 0 no errors, whatever the warnings; 2 errors, or rules that
    contradict each other, so that 'juli plan' would refuse.
    """
    from juli.plant.reading import read_folder
    from juli.roads.announced import announced_closures

    content = read_folder(folder)
    problems = content.problems
    if content.demand is not None and content.demand.road_map is not None:
        problems += announced_closures(content.demand.notices, content.demand.road_map)[1]
    errors = sum(problem.severity is Severity.ERROR for problem in problems)
    warnings = len(problems) - errors
    found = None
    if rules and not errors:
        from juli.solve.contradiction import contradiction
        from juli.solve.day import load

        found = contradiction(load(folder), seconds=seconds)
    if as_json:
        listed = [vars(problem) for problem in problems]
        answer: dict[str, Any] = {"problems": listed, "errors": errors, "warnings": warnings}
        if rules and not errors:
            answer["contradiction"] = [] if found is None else found.as_json()
            answer["contradiction_is_smallest"] = None if found is None else found.is_smallest
        click.echo(json.dumps(answer, ensure_ascii=False))
    else:
        for problem in problems:
            click.echo(str(problem))
        if found is not None:
            click.echo(str(found))
        click.echo(f"{folder}: {_counted(errors, 'error')}, {_counted(warnings, 'warning')}")
    sys.exit(EXIT_BAD_INPUT if errors or found is not None else 0)


def _counted(number: int, what: str) -> str:
    return f"{number or 'no'} {what}{'' if number == 1 else 's'}"
