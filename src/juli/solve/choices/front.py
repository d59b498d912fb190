"""Lateness against the rest of the bill: what punctuality costs, found by plans for several weights on it."""

from dataclasses import replace

from juli.core.clock import Clock
from juli.plan.result import Category, Plan
from juli.plant.demand import Demand
from juli.plant.work import Work
from juli.solve.choices.comparison import FrontPoint, late_hours
from juli.solve.choices.searching import searched_on
from juli.solve.completion import Effort, OnStep, repriced
from juli.solve.day import Day

#: What an hour late costs, in times of its true price.
_CHEAPER, _DEARER = (0.03, 0.1, 0.3), (3.0, 10.0)


def weights_for(plan: Plan) -> tuple[float, ...]:
    """Weights worth trying beside the true one: what is not late gains nothing from a dearer hour."""
    return _CHEAPER + (_DEARER if plan.bill.of(Category.LATENESS) > 0 else ())


def point_of(demand: Demand, work: Work, plan: Plan, weight: float) -> FrontPoint:
    """Place a plan on the picture."""
    lateness_money = plan.bill.of(Category.LATENESS)
    return FrontPoint(
        weight, late_hours(demand, work, plan), lateness_money, plan.bill.total_money - lateness_money
    )


def weighted_plan(
    day: Day, work: Work, start: Plan, weight: float, effort: Effort, timer: Clock, on_step: OnStep
) -> Plan | None:
    """Plan with another price on lateness; the plan comes back billed at the true ones."""
    demand = day.demand
    weighted = replace(
        demand,
        orders=tuple(replace(one, lateness_per_hour=weight * one.lateness_per_hour) for one in demand.orders),
        pickups=tuple(
            replace(one, lateness_per_hour=weight * one.lateness_per_hour) for one in demand.pickups
        ),
    )
    found = searched_on(replace(day, demand=weighted), start, effort, timer, on_step, keep_trips=False).plan
    billed = repriced(day, work, found) if found is not None else None
    return None if billed is None or billed.violations else billed.plan
