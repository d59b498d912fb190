"""The way from a day to a plan: schedule, dispatch, deliveries, one after the other, then the judge."""

from collections.abc import Callable
from dataclasses import dataclass

from juli.core.clock import Clock, SystemClock
from juli.core.errors import DisagreementError, InfeasibleError
from juli.core.money import HALF_A_CENT, same_to_the_cent
from juli.plan.billing import add_up
from juli.plan.checking import Violation, check
from juli.plan.result import Bill, Dispatch, Plan, Run, Status
from juli.plant.work import Work, expand
from juli.power import dispatch
from juli.solve.bound import lower_bound
from juli.solve.consumption import ConsumptionModel, machine_wages
from juli.solve.day import Day
from juli.solve.deliveries import Deliveries, plan_deliveries, works_due_seconds
from juli.solve.electricity import as_planned, dispatch_problem
from juli.solve.production import eager, labour_money, planned_runs, shop_problem
from juli.workshop.result import Progress
from juli.workshop.scheduling import schedule

#: Shares of the time limit: the rest goes to the dispatch, the bound and the judge.
_SCHEDULE_SHARE = 0.6
_TOURS_SHARE = 0.2
_START_SHARE = 0.1
#: Rounds of the search for a first schedule that leaves room for every order.
_START_ITERATIONS = 2000


@dataclass(frozen=True)
class Step:
    """What a solve tells on its way: the stage, and how far a search in it has come."""

    stage: str
    search: Progress | None = None


OnStep = Callable[[Step], None]


@dataclass(frozen=True)
class Effort:
    """How much to spend on a plan.

    Parameters
    ----------
    seconds
        Time limit of the whole solve [s].
    iterations
        Rounds of each search; given, the plan depends on inputs, seed and threads alone.
    seed
        Where all chance comes from.
    threads
        How many searches may run side by side.
    """

    seconds: float = 60.0
    iterations: int | None = None
    seed: int = 0
    threads: int = 1


@dataclass(frozen=True)
class Outcome:
    """How a solve ended.

    Parameters
    ----------
    status
        The plan's, or why there is none.
    plan
        What will be done; None where there is no plan.
    violations
        What the judge says of it.
    seconds
        How long the solve took [s].
    reason
        Where there is no plan: why, for the person who asked.
    """

    status: Status
    plan: Plan | None
    work: Work
    violations: tuple[Violation, ...] = ()
    seconds: float = 0.0
    reason: str = ""


def solve_day(
    day: Day,
    effort: Effort = Effort(),
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
    wages = machine_wages(plant, demand)
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

    on_step(Step("dispatch"))
    load_kw = consumption.consumption_kw(runs)
    try:
        priced = dispatch(dispatch_problem(plant, demand, load_kw))
    except InfeasibleError as error:
        seconds = timer.elapsed_seconds() - began
        return Outcome(Status.INFEASIBLE, None, work, seconds=seconds, reason=str(error))

    on_step(Step("deliveries"))
    deliveries = plan_deliveries(
        plant,
        demand,
        work,
        runs,
        seconds=effort.seconds * _TOURS_SHARE,
        iterations=effort.iterations,
        seed=effort.seed,
        clock=timer,
    )

    on_step(Step("bound"))
    deadline = began + effort.seconds
    bound = lower_bound(
        plant,
        demand,
        work,
        consumption,
        load_kw,
        stop=lambda: effort.iterations is None and timer.elapsed_seconds() > deadline,
    )

    on_step(Step("judge"))
    claimed = priced.cost + labour_money(consumption, wages, runs) + deliveries.money
    plan = _judged_plan(day, work, runs, as_planned(priced), deliveries, claimed, bound, effort.seed)
    violations = tuple(check(plant, demand, plan, work))
    return Outcome(plan.status, plan, work, violations, timer.elapsed_seconds() - began)


def _judged_plan(
    day: Day,
    work: Work,
    runs: tuple[Run, ...],
    planned: Dispatch,
    deliveries: Deliveries,
    claimed_money: float,
    bound_money: float,
    seed: int,
) -> Plan:
    """Put the parts together under the judge's bill; stop where that is not what the solver claims."""
    bill = add_up(day.plant, day.demand, work, runs, planned, deliveries.trips)
    if not same_to_the_cent(bill.total_money, claimed_money):
        raise DisagreementError(
            f"the solver says that the plan costs {claimed_money:.4f}, the judge {bill.total_money:.4f}: "
            f"{_parts(bill)}"
        )
    if bound_money > bill.total_money + HALF_A_CENT:
        raise DisagreementError(
            f"the solver says that no plan costs less than {bound_money:.4f}, "
            f"but the judge finds one at {bill.total_money:.4f}"
        )
    proved = same_to_the_cent(bill.total_money, bound_money)
    return Plan(
        schedule=day.demand.schedule,
        settlement=day.demand.settlement,
        runs=runs,
        dispatch=planned,
        trips=deliveries.trips,
        bill=bill,
        status=Status.OPTIMAL if proved else Status.FEASIBLE,
        bound_money=min(bound_money, bill.total_money),
        seed=seed,
    )


def _parts(bill: Bill) -> str:
    return ", ".join(f"{name} {money:.4f}" for name, money in bill.parts().items())
