"""From a told plan and events to a new plan with few changes, judged like any other."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from juli.core.clock import Clock, SystemClock
from juli.core.errors import InfeasibleError
from juli.plan.bars import BarCut
from juli.plan.result import Plan, Run, Status
from juli.power import dispatch
from juli.solve.completion import Effort, OnStep, Outcome, Step, completed
from juli.solve.consumption import ConsumptionModel
from juli.solve.contradiction import contradiction_in
from juli.solve.day import Day
from juli.solve.deliveries import works_due_seconds
from juli.solve.electricity import dispatch_problem
from juli.solve.engines import load_day_engines
from juli.solve.production import planned_runs, shop_problem
from juli.solve.replan.aftermath import Aftermath, aftermath
from juli.solve.replan.changes import Change, OrderChange, changed_orders, changed_runs
from juli.solve.replan.events import Events
from juli.workshop.contradiction_wording import Explained
from juli.workshop.problem import Run as ShopRun
from juli.workshop.problem import ShopProblem
from juli.workshop.repair import Repaired, repair
from juli.workshop.room import hopeless
from juli.workshop.stop import Stop

#: Share of the time for the schedule; the rest goes to tours, bound and judge.
_REPAIR_SHARE = 0.5


@dataclass(frozen=True)
class Replanned:
    """A new plan and what it changes.

    Parameters
    ----------
    outcome
        The new plan, or why there is none.
    day
        The question that it answers: the old one after the events.
    changes
        Runs that are otherwise than told, by time.
    orders
        Orders that are met at another time.
    told, untouched, moved_untouched
        How many runs were told and not over; how many of them no event forced; how many of those moved.
    rules
        Where there is no room for what is left: the rules that contradict each other, if they are found.
    """

    outcome: Outcome
    day: Day
    changes: tuple[Change, ...] = ()
    orders: tuple[OrderChange, ...] = ()
    told: int = 0
    untouched: int = 0
    moved_untouched: int = 0
    rules: Explained | None = None


def replan(
    day: Day,
    plan: Plan,
    events: Events,
    effort: Effort = Effort(seconds=5.0),  # noqa: B008 - frozen
    *,
    freeze_hours: float | None = None,
    clock: Clock | None = None,
    on_step: OnStep = lambda step: None,
) -> Replanned:
    """Plan again after events, with few changes where few are needed.

    What is over stays as it was, what begins within the freeze stays if it can, and moving anything else
    costs the price that the event file tells.

    Parameters
    ----------
    day, plan
        The question, and the plan that people were told.
    events
        What has happened.
    effort
        Time, iterations and seed.
    freeze_hours
        Overrides the event file's.
    clock, on_step
        What time is read from, and who is told of each stage.

    Raises
    ------
    InputError
        If the events don't fit the plan.
    """
    on_step(Step("compile"))
    load_day_engines(day)
    timer = clock or SystemClock()
    began = timer.elapsed_seconds()
    left = aftermath(day, plan, events, freeze_hours)
    on_step(Step("schedule"))
    plant, demand = left.day.plant, left.day.demand
    consumption = ConsumptionModel(plant, demand)
    number_of = {operation.id: number for number, operation in enumerate(left.work.operations)}
    machine_of = {machine.id: number for number, machine in enumerate(plant.machines)}

    def in_shop(run: Run) -> ShopRun:
        return ShopRun(number_of[run.operation], machine_of[run.machine], run.start, run.end)

    told = {number_of[name]: in_shop(run) for name, run in left.told.items()}
    so_far = _battery_so_far(plan, left)
    known_runs = tuple(run for run in plan.runs if run.operation in number_of)
    price = _price_per_kwh(left, consumption, known_runs, so_far)
    shop = _shop_after(left, consumption, {name: in_shop(run) for name, run in left.settled.items()}, price)
    repaired = _repaired(shop, told, events, effort, timer, began)
    if not repaired.runs:
        reason = _no_room(shop, left)
        rules = contradiction_in(left.day, left.work, shop, seconds=effort.seconds, clock=timer)
        spent = timer.elapsed_seconds() - began
        none = Outcome(Status.NO_PLAN, None, left.work, seconds=spent, reason=reason)
        return Replanned(none, left.day, rules=rules)
    runs = planned_runs(plant, left.work, repaired.runs)
    outcome = completed(
        left.day,
        left.work,
        runs,
        consumption,
        effort,
        timer=timer,
        began=began,
        on_step=on_step,
        under_way=left.under_way,
        now_seconds=left.now_slot * demand.schedule.step_seconds,
        battery_so_far_kw=so_far,
        cut_already=_cut_already(plan, left),
    )
    if outcome.plan is None:
        return Replanned(outcome, left.day)
    return Replanned(
        outcome,
        left.day,
        changed_runs(plan, outcome.plan, left),
        changed_orders(day, plan, outcome.plan, left),
        told=len(told),
        untouched=len(told.keys() - repaired.broken),
        moved_untouched=len(repaired.moved - repaired.broken),
    )


def _repaired(
    shop: ShopProblem,
    told: dict[int, ShopRun],
    events: Events,
    effort: Effort,
    timer: Clock,
    began: float,
) -> Repaired:
    if hopeless(shop):
        return Repaired(())
    return repair(
        shop,
        told,
        move_money=events.happenings.move_money,
        stop=Stop(timer, began, effort.seconds * _REPAIR_SHARE, effort.iterations),
        seed=effort.seed,
    )


def _shop_after(
    left: Aftermath,
    consumption: ConsumptionModel,
    settled: dict[str, ShopRun],
    price_per_kwh: NDArray[np.float64],
) -> ShopProblem:
    """The shop in which the past is fixed and nothing else begins before now."""
    plant, demand, work = left.day.plant, left.day.demand, left.work
    shop = shop_problem(
        plant,
        demand,
        work,
        consumption,
        due_seconds=works_due_seconds(plant, demand),
        price_per_kwh=price_per_kwh,
    )
    operations = tuple(
        replace(one, fixed=settled[operation.id])
        if operation.id in settled
        else replace(one, earliest=max(one.earliest, left.now_slot, left.earliest.get(operation.id, 0)))
        for operation, one in zip(work.operations, shop.operations, strict=True)
    )
    return replace(shop, operations=operations)


def _battery_so_far(plan: Plan, left: Aftermath) -> NDArray[np.float64]:
    """What the battery has done in the settlement slots that are over [kW]."""
    demand = left.day.demand
    over = left.now_slot // (demand.schedule.slots // demand.settlement.slots)
    return plan.dispatch.battery_kw[:over]


def _cut_already(plan: Plan, left: Aftermath) -> tuple[BarCut, ...]:
    """The bars of the runs that have begun: they can't be made whole again."""
    begun = {run.operation for run in plan.runs if run.start < left.now_slot}
    return tuple(cut for cut in plan.cutting if cut.operation in begun)


def _price_per_kwh(
    left: Aftermath,
    consumption: ConsumptionModel,
    runs: tuple[Run, ...],
    so_far: NDArray[np.float64],
) -> NDArray[np.float64]:
    """What a kWh more or less would cost beside the told plan; the tariff where that can't be dispatched."""
    plant, demand = left.day.plant, left.day.demand
    try:
        priced = dispatch(dispatch_problem(plant, demand, consumption.consumption_kw(runs), so_far))
    except InfeasibleError:
        return demand.forecast.buy
    return priced.price_of_consumption


def _no_room(shop: ShopProblem, left: Aftermath) -> str:
    names = [operation.id for operation in left.work.operations]
    found = hopeless(shop)
    if found:
        told = [f"{names[int(one.place.split()[-1])]} {one.message}" for one in found[:3]]
        return "; ".join(told)
    return "what is left to do does not fit into the plan's days: plan more days, or fewer orders"
