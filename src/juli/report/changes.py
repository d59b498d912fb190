"""What a new plan changes, for people: on the page, and at the terminal."""

from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from typing import Any

from rich.console import Console
from rich.table import Table

from juli.plan.result import Plan, Run
from juli.plant.model import Language
from juli.report.words import word
from juli.solve.replan import Replanned

_RUN_COLUMNS = ("operation", "before", "after", "cause")
_ORDER_COLUMNS = ("order", "before", "after", "hours_late")


@dataclass(frozen=True)
class Changed:
    """A new plan beside the one that people were told.

    Parameters
    ----------
    answer, told
        The new plan with what it changes, and the old one.
    """

    answer: Replanned
    told: Plan

    def summary(self, language: Language) -> str:
        """How much changes, and how much of it no event forced."""
        answer = self.answer
        return word(
            "changes_summary",
            language,
            changes=len(answer.changes),
            told=answer.told,
            moved=answer.moved_untouched,
            share=f"{answer.moved_untouched / max(answer.untouched, 1):.1%}",
        )

    def run_rows(self, language: Language) -> Iterator[tuple[str, str, str, str]]:
        """Each changed run: the operation, its old and new run, and why."""
        for change in self.answer.changes:
            cause = word(f"cause_{change.cause}", language)
            if change.event:
                cause += f" ({word(f'event_{change.event}', language)})"
            before, after = (self._run(run, language) for run in (change.before, change.after))
            yield change.operation, before, after, cause

    def order_rows(self) -> Iterator[tuple[str, str, str, str]]:
        """Each order that is met at another time: the old moment, the new one, and how late it is."""
        for order in self.answer.orders:
            late = f"{order.late_hours:.1f}" if order.late_hours else ""
            yield order.order, self._hour(order.before_hours), self._hour(order.after_hours), late

    def _run(self, run: Run | None, language: Language) -> str:
        if run is None:
            return "–"
        grid = self.told.schedule
        name = self.answer.day.plant.machine_by_id[run.machine].name
        machine = run.machine if name is None else name.in_language(language)
        return f"{machine} {grid.time_of(run.start):%m-%d %H:%M}–{grid.time_of(run.end):%H:%M}"

    def _hour(self, hours: float | None) -> str:
        return "–" if hours is None else f"{self.told.schedule.at_seconds(hours * 3600):%m-%d %H:%M}"


def changes_text(answer: Replanned, told: Plan, language: Language) -> str:
    """Write the changed runs and orders as tables for the terminal."""
    changed = Changed(answer, told)
    console = Console(file=StringIO(), width=120, highlight=False)
    console.print(changed.summary(language))
    for columns, rows in (
        (_RUN_COLUMNS, list(changed.run_rows(language))),
        (_ORDER_COLUMNS, list(changed.order_rows())),
    ):
        if rows:
            table = Table()
            for header in _headers(columns, language):
                table.add_column(header)
            for row in rows:
                table.add_row(*row)
            console.print(table)
    assert isinstance(console.file, StringIO)
    return console.file.getvalue().rstrip()


def changes_section(changed: Changed | None, language: Language) -> dict[str, Any]:
    """Give the page's section; its summary is empty where nothing was planned anew."""
    if changed is None:
        return {"changes_summary": ""}
    return {
        "changes_summary": changed.summary(language),
        "changes_run_headers": _headers(_RUN_COLUMNS, language),
        "changes_runs": list(changed.run_rows(language)),
        "changes_order_headers": _headers(_ORDER_COLUMNS, language),
        "changes_orders": list(changed.order_rows()),
    }


def _headers(columns: tuple[str, ...], language: Language) -> list[str]:
    return [word(f"column_{key}", language) for key in columns]
