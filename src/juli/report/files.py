"""What ``--out`` writes: the report, the workbook and the plan itself, each whole or not at all."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from juli.plan.checking import Violation
from juli.plan.document import write_plan
from juli.plan.result import Plan
from juli.plant.demand import Demand
from juli.plant.factory import Plant
from juli.plant.model import Language

if TYPE_CHECKING:
    from juli.report.changes import Changed
    from juli.solve.choices.comparison import Comparison
    from juli.solve.choices.hedge import Hedged


def write_report(
    folder: Path,
    plant: Plant,
    demand: Demand,
    plan: Plan,
    violations: Sequence[Violation],
    language: Language,
    laid: "Comparison | Hedged | Changed | None" = None,
) -> dict[str, Path]:
    """Write ``report.html``, ``plan.xlsx`` and ``plan.json`` into a folder, made where it is missing.

    Parameters
    ----------
    laid
        What the plan was compared with, or which plan it takes the place of, for a section of the report.

    Returns
    -------
    The files by ``report``, ``workbook`` and ``plan``.
    """
    from juli.report.page import write_page
    from juli.report.workbook import write_workbook

    files = {
        "report": folder / "report.html",
        "workbook": folder / "plan.xlsx",
        "plan": folder / "plan.json",
    }
    write_plan(plan, files["plan"])
    write_workbook(files["workbook"], plant, demand, plan, violations, language)
    write_page(files["report"], plant, demand, plan, violations, language, laid)
    return files
