"""The way from a day to a plan: one thing after the other first, then all as one problem, then the judge."""

from dataclasses import replace
from enum import StrEnum

import numpy as np

from juli.core.clock import Clock, SystemClock
from juli.plan.account import lateness_hours, pickup_lateness_hours
from juli.plan.checking import check
from juli.plan.result import Run as PlannedRun
from juli.plan.result import Status, Trip
from juli.plant.work import Work, expand
from juli.solve.completion import Effort, OnStep, Outcome, Step, completed, with_bound, with_cutting
from juli.solve.consumption import ConsumptionModel
from juli.solve.day import Day
from juli.solve.deliveries import loading_seconds
from juli.solve.engines import load_day_engines
from juli.solve.joint.day import joint_problem, least_money
from juli.solve.joint.problem import JointProblem
from juli.solve.joint.solving import search_jointly
from juli.solve.production import day_shop, eager, planned_runs
from juli.workshop.problem import Job, Run, ShopProblem
from juli.workshop.result import Progress
from juli.workshop.scheduling import schedule
from juli.workshop.stop import Stop

__all__ = ["Effort", "Method", "OnStep", "Outcome", "Step", "solve_day"]

#: Shares of the time limit: a first schedule, the schedule at the tariff's prices, the joint search; the rest
#: goes to the deliveries, the bound and the judge.
_START_SHARE, _SCHEDULE_SHARE, _JOINT_SHARE = 0.05, 0.1, 0.65
#: Share of the time that the joint search leaves to cutting and bound, where all before it took long.
_LAST_SHARE = 0.12
#: How much of the usual time the tours have where they are searched for twice.
_TOURS_CUT = 0.3
#: First temperature of the joint search, as a share of what dearer moves add at first. It begins from a good
#: schedule, and most dearer moves make an order late by hours: hot enough to try those it only does harm.
_HOTTEST = 0.005
#: In the joint search an hour late costs so many times its price: the plan may not be later than the one that
#: the search begins from, whatever is saved by it.
_LATE_FACTOR = 10.0
#: Without a joint search, the schedule has the time of both.
_ALONE_SHARE = 0.6
#: Rounds of the search for a first schedule that leaves room for every order.
_START_ITERATIONS = 2000


class Method(StrEnum):
    """How production and electricity are planned together, or not."""

    #: One problem: schedules judged by what their load really costs the site.
    JOINT = "joint"
    #: A schedule for the tariff's prices, then the dispatch.
    SEQUENTIAL = "sequential"
    #: A schedule for the promises alone, then the dispatch.
    PROMISES = "promises"


def solve_day(
    day: Day,
    effort: Effort = Effort(),  # noqa: B008 - frozen
    *,
    method: Method = Method.JOINT,
    clock: Clock | None = None,
    on_step: OnStep = lambda step: None,
) -> Outcome:
    """Plan a day.

    The joint plan begins from the sequential one. It is never later, and where it is as late never dearer.

    Parameters
    ----------
    day
        The question.
    effort
        Time, iterations, seed and threads.
    method
        How to plan.
    clock
        What time is read from; None: the machine's own.
    on_step
        Is told of each stage and of each improvement.

    Raises
    ------
    DisagreementError
        If the solver's account of the plan's cost is not the judge's.
    """
    on_step(Step("compile"))
    load_day_engines(day)
    timer = clock or SystemClock()
    began = timer.elapsed_seconds()
    plant, demand = day.plant, day.demand
    work = expand(plant, demand)

    on_step(Step("schedule"))
    consumption = ConsumptionModel(plant, demand)
    shop = day_shop(plant, demand, work, consumption)
    if method is Method.PROMISES:
        shop = replace(shop, energy_price=np.zeros(shop.slots))
    runs, status = _scheduled(shop, effort, method, timer, on_step)
    if not runs:
        return Outcome(status, None, work, seconds=timer.elapsed_seconds() - began, reason=_reason(status))
    touring = replace(effort, seconds=_TOURS_CUT * effort.seconds) if method is Method.JOINT else effort
    completing = timer.elapsed_seconds()
    first = completed(
        day,
        work,
        planned_runs(plant, work, runs),
        consumption,
        touring,
        timer=timer,
        began=began,
        on_step=on_step,
        bounded=False,
        cut=False,
    )
    completing = timer.elapsed_seconds() - completing
    best, start = first, first.plan
    problem = joint_problem(plant, demand, consumption, shop)
    if first.plan is not None and problem is not None and method is Method.JOINT:
        share = effort.seconds * _JOINT_SHARE
        if effort.iterations is None:
            # Its plan takes as long to be completed as the first one did.
            end = began + effort.seconds * (1.0 - _LAST_SHARE) - completing
            share = min(share, max(end - timer.elapsed_seconds(), 0.0))
        stop = Stop(timer, timer.elapsed_seconds(), share, effort.iterations)
        best = _joined(day, work, consumption, problem, runs, first, touring, stop, began, on_step)
    plan = best.plan
    if plan is not None:
        if demand.stock:
            # Only the plan that is kept is cut: in a joint solve that is once, not twice.
            on_step(Step("cutting"))
            plan = with_cutting(day, work, plan, touring, timer)
            start = plan if best is first else start
            best = replace(best, plan=plan, violations=tuple(check(plant, demand, plan, work)))
        on_step(Step("bound"))
        bound = least_money(day, work, consumption, problem, plan, effort, timer, began)
        best = with_bound(best, bound)
    return replace(best, start=start, seconds=timer.elapsed_seconds() - began)


def _scheduled(
    shop: ShopProblem, effort: Effort, method: Method, timer: Clock, on_step: OnStep
) -> tuple[tuple[Run, ...], Status]:
    """A schedule by lateness, wages and the shop's prices of electricity."""
    begun = schedule(
        eager(shop),
        seconds=effort.seconds * _START_SHARE,
        iterations=_START_ITERATIONS,
        seed=effort.seed,
        clock=timer,
        bounded=False,
    )
    found = schedule(
        shop,
        start=begun.runs or None,
        seconds=effort.seconds * (_SCHEDULE_SHARE if method is Method.JOINT else _ALONE_SHARE),
        iterations=effort.iterations,
        seed=effort.seed,
        threads=effort.threads,
        clock=timer,
        progress=lambda progress: on_step(Step("schedule", progress)),
        bounded=False,
    )
    return found.runs, found.status


def _reason(status: Status) -> str:
    if status is Status.INFEASIBLE:
        return "the orders' operations do not fit into the planned days: plan more days, or fewer orders"
    return "no schedule was found in the time: give it more, plan more days, or fewer orders"


def _joined(
    day: Day,
    work: Work,
    consumption: ConsumptionModel,
    problem: JointProblem,
    runs: tuple[Run, ...],
    first: Outcome,
    effort: Effort,
    stop: Stop,
    began: float,
    on_step: OnStep,
) -> Outcome:
    """Search on from a plan with the site's true cost; the plan itself where nothing better is found."""
    on_step(Step("joint"))
    trips = () if first.plan is None else first.plan.trips
    jobs = held_to_trips(day, work, planned_runs(day.plant, work, runs), trips, problem.shop.jobs)
    strict = replace(problem, shop=replace(problem.shop, jobs=jobs))
    found = search_jointly(
        strict,
        runs,
        stop,
        seed=effort.seed,
        threads=effort.threads,
        hottest=_HOTTEST,
        tell=lambda seconds, money: on_step(Step("joint", Progress(seconds, money, None, 0))),
    )
    better = completed(
        day,
        work,
        planned_runs(day.plant, work, found),
        consumption,
        effort,
        timer=stop.clock,
        began=began,
        on_step=on_step,
        bounded=False,
        cut=False,
        like=trips,
    )
    return min((first, better), key=lambda outcome: rank(day, outcome))


def held_to_trips(
    day: Day, work: Work, runs: tuple[PlannedRun, ...], trips: tuple[Trip, ...], jobs: tuple[Job, ...]
) -> tuple[Job, ...]:
    """Promise each job for the last moment of its trip's loading; who misses it makes all aboard late.

    One whose trip comes too late keeps its own promise: made in time, it finds another trip. An hour late
    costs more than its price, so that no lateness is bought with what it saves.

    Parameters
    ----------
    runs, trips
        A plan of the day.
    jobs
        The shop's jobs, one for each order, in the day's order.
    """
    held = [replace(job, late_price=_LATE_FACTOR * job.late_price) for job in jobs]
    number = {order.id: at for at, order in enumerate(day.demand.orders)}
    for orders, seconds in loading_seconds(day.plant, day.demand, work, runs, trips):
        aboard = [number[order] for order in orders]
        late_price = sum(held[at].late_price for at in aboard)
        for at in aboard:
            due, promised = seconds / day.demand.schedule.step_seconds, held[at].due
            held[at] = replace(
                held[at], due=due if promised is None else min(due, promised), late_price=late_price
            )
    return tuple(held)


def rank(day: Day, outcome: Outcome) -> tuple[int, float, float]:
    """What makes one plan better than another: fewer broken rules, then less lateness, then less money."""
    plan = outcome.plan
    if plan is None:
        return 1_000_000, np.inf, np.inf
    late = lateness_hours(day.demand, outcome.work, plan.runs, plan.trips)
    waiting = pickup_lateness_hours(day.demand, plan.trips)
    late_hours = sum(late.values()) + sum(waiting.values())
    return len(outcome.violations), round(late_hours, 6), plan.bill.total_money
