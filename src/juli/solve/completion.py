"""From a schedule to a judged plan: dispatch, deliveries, bound, bill and check."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from juli.core.clock import Clock
from juli.core.errors import DisagreementError, InfeasibleError
from juli.core.money import HALF_A_CENT, same_to_the_cent
from juli.plan.bars import BarCut
from juli.plan.billing import add_up
from juli.plan.checking import Violation, check
from juli.plan.result import Bill, Dispatch, Plan, Run, Status, Trip
from juli.plant.work import Work
from juli.power import dispatch
from juli.solve.bound import lower_bound
from juli.solve.consumption import ConsumptionModel
from juli.solve.cutting import plan_cutting
from juli.solve.day import Day
from juli.solve.deliveries import Deliveries, plan_deliveries
from juli.solve.electricity import as_planned, dispatch_problem
from juli.solve.production import production_money
from juli.workshop.result import Progress

#: Share of the time limit for the deliveries.
_TOURS_SHARE = 0.2
#: The same for the cutting plan, where bars are in stock.
_CUTTING_SHARE = 0.05


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
    start
        The plan made one thing after the other that a joint search began from; without cutting where another
        plan is kept.
    """

    status: Status
    plan: Plan | None
    work: Work
    violations: tuple[Violation, ...] = ()
    seconds: float = 0.0
    reason: str = ""
    start: Plan | None = None


def completed(
    day: Day,
    work: Work,
    runs: tuple[Run, ...],
    consumption: ConsumptionModel,
    effort: Effort,
    *,
    timer: Clock,
    began: float,
    on_step: OnStep = lambda step: None,
    under_way: tuple[Trip, ...] = (),
    now_seconds: float = 0.0,
    battery_so_far_kw: NDArray[np.float64] | None = None,
    bounded: bool = True,
    cut: bool = True,
    cut_already: tuple[BarCut, ...] = (),
    like: tuple[Trip, ...] = (),
) -> Outcome:
    """Add the electricity and the deliveries to a schedule, and let the judge look at the whole.

    Parameters
    ----------
    day, work, runs, consumption
        The question, its operations, and the schedule.
    effort, timer, began
        How much time there is, what it is read from, and when it began.
    on_step
        Is told of each stage.
    under_way
        Trips that have left already and stay as they are.
    now_seconds
        No other trip is loaded before this [s after the plan's start].
    battery_so_far_kw
        What the battery has done in the first settlement slots.
    bounded
        Whether to ask what no plan can cost less than; otherwise nothing is claimed.
    cut
        Whether to plan the cutting, too; ``with_cutting`` does it later for the plan that is kept.
    cut_already
        Bars that have been cut and stay as they are.
    like
        Trips that the tours begin from.

    Raises
    ------
    DisagreementError
        If the solver's account of the plan's cost is not the judge's.
    """
    plant, demand = day.plant, day.demand
    on_step(Step("dispatch"))
    load_kw = consumption.consumption_kw(runs)
    try:
        priced = dispatch(dispatch_problem(plant, demand, load_kw, battery_so_far_kw))
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
        under_way=under_way,
        now_seconds=now_seconds,
        like=like,
    )

    bound = -np.inf
    if bounded:
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
    claimed = priced.cost + production_money(plant, demand, work, runs) + deliveries.money
    plan = _judged_plan(day, work, runs, as_planned(priced), deliveries, claimed, bound, effort.seed)
    if cut:
        on_step(Step("cutting"))
        plan = with_cutting(day, work, plan, effort, timer, cut_already)
    violations = tuple(check(plant, demand, plan, work))
    return Outcome(plan.status, plan, work, violations, timer.elapsed_seconds() - began)


def repriced(day: Day, work: Work, plan: Plan) -> Outcome | None:
    """Keep a plan's runs and trips, dispatch these days' electricity anew, and let the judge look at it.

    Returns
    -------
    None where the site can't serve the load.

    Raises
    ------
    DisagreementError
        If the dispatch's cost is not the judge's.
    """
    plant, demand = day.plant, day.demand
    load_kw = ConsumptionModel(plant, demand, work).consumption_kw(plan.runs)
    try:
        priced = dispatch(dispatch_problem(plant, demand, load_kw))
    except InfeasibleError:
        return None
    decided = as_planned(priced)
    bill = add_up(plant, demand, work, plan.runs, decided, plan.trips)
    if not same_to_the_cent(bill.electricity_money, priced.cost):
        raise DisagreementError(
            f"the dispatch costs {priced.cost:.4f}, the judge says {bill.electricity_money:.4f}"
        )
    plan = replace(plan, dispatch=decided, bill=bill, status=Status.FEASIBLE, bound_money=float("-inf"))
    return Outcome(plan.status, plan, work, tuple(check(plant, demand, plan, work)))


def with_cutting(
    day: Day, work: Work, plan: Plan, effort: Effort, timer: Clock, already: tuple[BarCut, ...] = ()
) -> Plan:
    """Add to a plan that has none what is cut from which bar."""
    if plan.cutting or not day.demand.stock:
        return plan
    cutting = plan_cutting(
        day.plant,
        day.demand,
        work,
        plan.runs,
        seconds=effort.seconds * _CUTTING_SHARE,
        rounds=effort.iterations,
        seed=effort.seed,
        clock=timer,
        already=already,
    )
    return replace(plan, cutting=cutting)


def with_bound(outcome: Outcome, bound_money: float) -> Outcome:
    """Say of a plan what no plan can cost less than.

    Raises
    ------
    DisagreementError
        If the plan costs less.
    """
    plan = outcome.plan
    if plan is None:
        return outcome
    total = plan.bill.total_money
    _hold_against(bound_money, total)
    status = Status.OPTIMAL if same_to_the_cent(total, bound_money) else Status.FEASIBLE
    plan = replace(plan, bound_money=min(bound_money, total), status=status)
    return replace(outcome, plan=plan, status=status)


def _hold_against(bound_money: float, total_money: float) -> None:
    if bound_money > total_money + HALF_A_CENT:
        raise DisagreementError(
            f"the solver says that no plan costs less than {bound_money:.4f}, "
            f"but the judge finds one at {total_money:.4f}"
        )


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
    _hold_against(bound_money, bill.total_money)
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
