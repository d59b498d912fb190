"""One function from a plan and an order to its chain, its mends, or the price of its punctuality."""

from dataclasses import dataclass

from juli.core.clock import Clock, SystemClock
from juli.core.errors import InputError
from juli.plan.account import fulfilment_seconds
from juli.plan.result import Plan
from juli.plant.work import expand
from juli.solve.completion import Effort
from juli.solve.day import Day
from juli.solve.engines import load_day_engines
from juli.solve.explanation.chain import Link, critical_chain
from juli.solve.explanation.mends import Mend, Workbench
from juli.workshop.stop import Stop

#: About so many searches share the time.
_SEARCHES = 8


@dataclass(frozen=True)
class Explanation:
    """Why an order is met when it is.

    Parameters
    ----------
    order
        Its id.
    due_seconds, completed_seconds, met_seconds
        Its promise, its completion at the works, and when the promise is met (at the site where it is
        delivered) [s after the plan's start].
    late_hours
        How late it is met, 0 for a punctual one [h].
    works_late_hours
        How late it is complete for the last delivery that would keep the promise [h].
    chain
        From its last operation back.
    mends
        What would get it done earlier, the most punctual and cheapest first; empty for a punctual order.
    punctuality_money
        What the shop would save without its promise; None for a late order [money].
    """

    order: str
    due_seconds: float
    completed_seconds: float
    met_seconds: float
    late_hours: float
    works_late_hours: float
    chain: tuple[Link, ...]
    mends: tuple[Mend, ...] = ()
    punctuality_money: float | None = None


def explain(
    day: Day,
    plan: Plan,
    order: str,
    effort: Effort = Effort(seconds=10.0),  # noqa: B008 - frozen
    *,
    clock: Clock | None = None,
) -> Explanation:
    """Explain when an order is met, and what would change that.

    Money is that of the works: electricity at the plan's marginal prices, wages, and lateness for the last
    delivery that would keep each promise; tours are not driven again.

    Parameters
    ----------
    day, plan
        The question and the plan that answers it.
    order
        The order's id.
    effort
        Time for all searches together, rounds for each, and seed.
    clock
        What time is read from; None: the machine's own.

    Raises
    ------
    InputError
        If there is no such order, or the plan is not one of this day.
    """
    load_day_engines(day)
    timer = clock or SystemClock()
    work = expand(day.plant, day.demand)
    if order not in day.demand.order_by_id:
        near = ", ".join(one.id for one in day.demand.orders[:5])
        raise InputError(f"there is no order {order}; the orders are {near} …")
    if {run.operation for run in plan.runs} != set(work.by_id) or plan.schedule != day.demand.schedule:
        raise InputError("the plan is not of these files: plan again, or bring the files back")

    def stop_for() -> Stop:
        return Stop(timer, timer.elapsed_seconds(), effort.seconds / _SEARCHES, effort.iterations)

    chain = critical_chain(day, work, plan, order)
    bench = Workbench(day, work, plan, order, stop_for, effort.seed)
    grid = day.demand.schedule
    due = grid.seconds_of(day.demand.order_by_id[order].due)
    met = fulfilment_seconds(day.demand, work, plan.runs, plan.trips)[order]
    late_hours = max(met - due, 0.0) / 3600
    is_late = late_hours > 1e-9
    return Explanation(
        order=order,
        due_seconds=due,
        completed_seconds=float(bench.completed(bench.told, bench.job) * grid.step_seconds),
        met_seconds=met,
        late_hours=late_hours,
        works_late_hours=bench.late_hours(bench.told, bench.job),
        chain=chain,
        mends=tuple(bench.mends(chain)) if is_late else (),
        punctuality_money=None if is_late else bench.punctuality_money(),
    )
