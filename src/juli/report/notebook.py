"""A plan in Python and in a notebook: tables and figures, made when they are asked for."""

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

import polars as pl

from juli.core.money import format_money
from juli.plan.checking import Violation
from juli.plan.result import Plan, Status
from juli.plant.model import Language
from juli.plant.work import Work
from juli.report.formats import number
from juli.report.key_figures import KeyFigures, key_figures
from juli.report.names import part_name
from juli.report.sections import headline, span
from juli.report.tables import (
    bill_table,
    dispatch_table,
    late_orders_table,
    machines_table,
    money_table,
    runs_table,
    sets_table,
    trips_table,
)
from juli.report.words import word
from juli.solve.day import Day
from juli.solve.week import Effort, solve_day

if TYPE_CHECKING:
    import plotly.graph_objects as go


class PlanTables:
    """A plan as tables (Polars) and figures (plotly, the extra ``report``).

    Parameters
    ----------
    day
        What was planned.
    work
        Its operations.
    plan
        What will be done.
    violations
        What the judge says of it.
    """

    def __init__(self, day: Day, work: Work, plan: Plan, violations: Sequence[Violation]):
        self._day = day
        self._work = work
        self.plan = plan
        self.violations = list(violations)

    @property
    def total_money(self) -> float:
        """What the plan costs."""
        return self.plan.bill.total_money

    @property
    def status(self) -> Status:
        """Whether it is proved the best."""
        return self.plan.status

    @property
    def bound(self) -> float:
        """No plan can cost less than this."""
        return self.plan.bound_money

    @property
    def gap(self) -> float:
        """How far from the best it can be, as a share of its cost."""
        return self.plan.gap

    @property
    def bill(self) -> pl.DataFrame:
        """Every line of the bill."""
        return bill_table(self.plan.bill)

    @property
    def money(self) -> pl.DataFrame:
        """The bill's parts, and their total."""
        return money_table(self.plan.bill)

    @property
    def runs(self) -> pl.DataFrame:
        """Which machine makes what and when."""
        return runs_table(self._day.plant, self.plan, self._work)

    @property
    def dispatch(self) -> pl.DataFrame:
        """Where the electricity of each settlement slot comes from."""
        return dispatch_table(self._day.plant, self._day.demand, self.plan)

    @property
    def trips(self) -> pl.DataFrame:
        """Which truck takes which road and when, a row for each leg."""
        return trips_table(self._day.demand, self.plan)

    @property
    def late_orders(self) -> pl.DataFrame:
        """The orders that miss their promise, worst first."""
        return late_orders_table(self._day.demand, self.plan, self._work)

    @property
    def sets(self) -> pl.DataFrame:
        """Every set, and how long its parts take."""
        return sets_table(self._day.demand, self.plan, self._work)

    @property
    def machines(self) -> pl.DataFrame:
        """How busy each machine is."""
        return machines_table(self._day.plant, self._day.demand, self.plan)

    @property
    def key_figures(self) -> KeyFigures:
        """The plan at a glance."""
        return key_figures(self._day.plant, self._day.demand, self.plan, self._work)

    def gantt(self, language: Language = "en") -> "go.Figure":
        """Draw what each machine makes."""
        from juli.report.figures import gantt_figure

        return gantt_figure(self._day.plant, self._day.demand, self.plan, self._work, language)

    def power(self, language: Language = "en") -> "go.Figure":
        """Draw where the electricity comes from."""
        from juli.report.figures import power_figure

        return power_figure(self._day.plant, self._day.demand, self.plan, language)

    def map(self, language: Language = "en") -> "go.Figure | None":
        """Draw the roads, closures and trips; None for a plant without transport."""
        from juli.report.figures import map_figure

        return map_figure(self._day.plant, self._day.demand, self.plan, language)

    def __repr__(self) -> str:
        cost = format_money(self.total_money, self._day.plant.currency)
        late = f"{self.late_orders.height} of {len(self._day.demand.orders)} orders late"
        made = f"{len(self.plan.runs)} runs, {len(self.plan.trips)} trips"
        broken = f"{len(self.violations)} broken rules"
        return f"<plan of {self._day.plant.name.en}: {cost}, {made}, {late}, {broken}>"

    def _repr_html_(self) -> str:
        """Show the headline and the money, as notebooks do."""
        currency = escape(self._day.plant.currency)
        tiles = "".join(
            f"<li>{escape(tile['label'])}: <b>{escape(tile['value'])}</b> {escape(tile['of'])} "
            f"({escape(tile['note'])})</li>"
            for tile in headline(self._day.plant, self.plan, self.key_figures, "en")
        )
        rows = "".join(
            f"<tr><td>{escape(part_name(row['category'], row['item'], 'en'))}</td>"
            f"<td style='text-align:right'>{number(row['money'], 2)}</td></tr>"
            for row in self.money.rows(named=True)
        )
        head = f"<tr><th>{word('column_category', 'en')}</th><th>{currency}</th></tr>"
        title = f"{self._day.plant.name.en} · {span(self.plan, 'en')}"
        return f"<h4>{escape(title)}</h4><ul>{tiles}</ul><table>{head}{rows}</table>"


def plan(
    day: Day, *, seconds: float = 60.0, seed: int = 0, iterations: int | None = None, threads: int = 1
) -> PlanTables:
    """Plan a day.

    Parameters
    ----------
    day
        What :func:`juli.load` read.
    seconds
        Time limit [s].
    seed
        Where all chance comes from.
    iterations
        Rounds of each search; given, the same plan comes out every time.
    threads
        How many searches may run side by side.

    Raises
    ------
    InfeasibleError
        If there is no plan; the text says why.
    """
    from juli.core.errors import InfeasibleError

    outcome = solve_day(day, Effort(seconds, iterations, seed, threads))
    if outcome.plan is None:
        raise InfeasibleError(f"no plan: {outcome.reason}")
    return PlanTables(day, outcome.work, outcome.plan, outcome.violations)
