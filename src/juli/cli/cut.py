"""``juli cut``: pieces from measured bars."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from juli.cli.plan import json_option, language_option
from juli.plant.model import Language

if TYPE_CHECKING:
    from juli.plant.cutting import CuttingTask
    from juli.workshop.cutting import CuttingAnswer

EXIT_NO_PLAN = 3


@click.command()
@click.argument("file", metavar="FILE.yaml", type=click.Path(path_type=Path))
@click.option(
    "--time",
    "seconds",
    type=click.FloatRange(min=0.1),
    default=5.0,
    show_default=True,
    help="Time limit [s].",
)
@click.option("--seed", type=int, default=0, show_default=True, help="Where all chance comes from.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    help="Write cutting.html and cutting.json here.",
)
@language_option
@json_option
def command(
    file: Path, seconds: float, seed: int, out: Path | None, language: Language, as_json: bool
) -> None:
    """Cut pieces from bars: least material, then fewest patterns, then the order of the promises.

    FILE.yaml has the keys stock (id, length_mm, quantity), pieces (id, length_mm, quantity, due), kerf_mm,
    end_trim_mm, least_offcut_mm, offcut_value, machines and start; docs/cutting.md describes them.

    Exit status: 0 done; 2 bad input; 3 the bars can't hold the pieces, or no plan within the time limit.
    """
    from juli.core.errors import InputError
    from juli.core.files import write_text
    from juli.report.cutting import cutting_page, cutting_text
    from juli.workshop.cutting import cut
    from juli.workshop.cutting.cutting_file import read_cutting_task

    task = read_cutting_task(file)
    if out is not None and out.exists() and not out.is_dir():
        raise InputError(f"--out {out} is a file; name a folder")
    answer = cut(task, seconds=seconds, seed=seed)
    content = _as_json(task, answer)
    if answer.plan is not None and out is not None:
        write_text(out / "cutting.html", cutting_page(task, answer.plan, language))
        write_text(out / "cutting.json", _written(content))
    if as_json:
        click.echo(json.dumps(content, ensure_ascii=False, allow_nan=False))
    elif answer.plan is not None:
        click.echo(cutting_text(task, answer.plan, language))
    if answer.plan is None:
        click.echo(f"juli: no plan: {answer.reason}", err=True)
        sys.exit(EXIT_NO_PLAN)


def _as_json(task: "CuttingTask", answer: "CuttingAnswer") -> dict[str, Any]:
    """Give the JSON object of ``--json``; its keys are a contract. Lengths are in millimetres."""
    from juli.report.cutting import key_figures

    content: dict[str, Any] = {"status": answer.status.value, "bound": round(answer.bound_mm, 6)}
    plan = answer.plan
    if plan is None:
        return content | {"objective": None, "reason": answer.reason, "seconds": round(answer.seconds, 3)}
    figures = key_figures(task, plan)
    return content | {
        "objective": round(plan.cost_mm, 6),
        "gap": plan.gap,
        **figures,
        "seconds": round(answer.seconds, 3),
        "bars": [{**vars(bar), "pieces": list(bar.pieces)} for bar in plan.bars],
    }


def _written(content: dict[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, allow_nan=False, indent=1) + "\n"
