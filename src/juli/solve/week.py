"""The way from a day to a plan: schedule, dispatch, deliveries, one after the other, then the judge."""

from juli.core.clock import Clock, SystemClock
from juli.plant.work import expand
from juli.solve.completion import Effort, OnStep, Outcome, Step, completed
from juli.solve.consumption import ConsumptionModel
from juli.solve.day import Day
from juli.solve.deliveries import works_due_seconds
from juli.solve.production import eager, planned_runs, shop_problem
from juli.workshop.scheduling import schedule

__all__ = ["Effort", "OnStep", "Outcome", "Step", "solve_day"]

#: Shares of the time limit: the rest goes to the dispatch, the bound and the judge.
_SCHEDULE_SHARE = 0.6
_START_SHARE = 0.1
#: Rounds of the search for a first schedule that leaves room for every order.
_START_ITERATIONS = 2000


def solve_day(
    day: Day,
    effort: Effort = Effort(),  # noqa: B008 - frozen
    *,
    clock: Clock | None = None,
    on_step: OnStep = lambda step: None,
) -> Outcome:
    """Plan a day.

    Parameters
    ----------
    day
        The question.
    effort
        Time, iterations, seed and threads.
    clock
        What time is read from; None: the machine's own.
    on_step
        Is told of each stage and of each improvement.

    Raises
    ------
    DisagreementError
        If the solver's account of the plan's cost is not the judge's.
    """
    timer = clock or SystemClock()
    began = timer.elapsed_seconds()
    plant, demand = day.plant, day.demand
    work = expand(plant, demand)

    on_step(Step("schedule"))
    consumption = ConsumptionModel(plant, demand)
    shop = shop_problem(
        plant,
        demand,
        work,
        consumption,
        due_seconds=works_due_seconds(plant, demand),
        price_per_kwh=demand.forecast.buy,
    )
    begun = schedule(
        eager(shop),
        seconds=effort.seconds * _START_SHARE,
        iterations=_START_ITERATIONS,
        seed=effort.seed,
        clock=timer,
    )
    found = schedule(
        shop,
        start=begun.runs or None,
        seconds=effort.seconds * _SCHEDULE_SHARE,
        iterations=effort.iterations,
        seed=effort.seed,
        threads=effort.threads,
        clock=timer,
        progress=lambda progress: on_step(Step("schedule", progress)),
    )
    if not found.runs:
        reason = "the orders' operations do not fit into the planned days: plan more days, or fewer orders"
        return Outcome(found.status, None, work, seconds=timer.elapsed_seconds() - began, reason=reason)
    runs = planned_runs(plant, work, found.runs)

    return completed(day, work, runs, consumption, effort, timer=timer, began=began, on_step=on_step)
