"""What a new plan changes, for people."""

from io import StringIO

from rich.console import Console
from rich.table import Table

from juli.plan.result import Plan, Run
from juli.plant.model import Language
from juli.report.words import word
from juli.solve.replan import Replanned


def changes_text(answer: Replanned, told: Plan, language: Language) -> str:
    """Write the changed runs and orders as tables for the terminal."""
    console = Console(file=StringIO(), width=120, highlight=False)
    share = answer.moved_untouched / max(answer.untouched, 1)
    console.print(
        word(
            "changes_summary",
            language,
            changes=len(answer.changes),
            told=answer.told,
            moved=answer.moved_untouched,
            share=f"{share:.1%}",
        )
    )
    if answer.changes:
        table = Table()
        for key in ("operation", "before", "after", "cause"):
            table.add_column(word(f"column_{key}", language))
        for change in answer.changes:
            cause = word(f"cause_{change.cause}", language)
            if change.event:
                cause += f" ({word(f'event_{change.event}', language)})"
            table.add_row(change.operation, _run(told, change.before), _run(told, change.after), cause)
        console.print(table)
    if answer.orders:
        table = Table()
        for key in ("order", "before", "after", "hours_late"):
            table.add_column(word(f"column_{key}", language))
        for order in answer.orders:
            table.add_row(
                order.order,
                _hour(told, order.before_hours),
                _hour(told, order.after_hours),
                f"{order.late_hours:.1f}" if order.late_hours else "",
            )
        console.print(table)
    assert isinstance(console.file, StringIO)
    return console.file.getvalue().rstrip()


def _run(told: Plan, run: Run | None) -> str:
    if run is None:
        return "–"
    start, end = told.schedule.time_of(run.start), told.schedule.time_of(run.end)
    return f"{run.machine} {start:%m-%d %H:%M}–{end:%H:%M}"


def _hour(told: Plan, hours: float | None) -> str:
    return "–" if hours is None else f"{told.schedule.at_seconds(hours * 3600):%m-%d %H:%M}"
