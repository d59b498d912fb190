"""A schedule taken over to other days that differ in prices, loads or equipment: searched on, or kept."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from juli.core.clock import Clock
from juli.plan.result import Plan, Run
from juli.plant.demand import Demand
from juli.plant.factory import Plant
from juli.plant.work import Work, expand
from juli.solve.completion import Effort, OnStep, Outcome, Step, completed, repriced, with_bound
from juli.solve.consumption import ConsumptionModel
from juli.solve.day import Day
from juli.solve.electricity import dispatch_problem
from juli.solve.joint.day import joint_problem, least_money
from juli.solve.joint.problem import Outlook
from juli.solve.joint.solving import search_jointly
from juli.solve.production import day_shop, planned_runs
from juli.workshop.problem import Run as ShopRun
from juli.workshop.problem import ShopProblem
from juli.workshop.result import Progress
from juli.workshop.scheduling import schedule
from juli.workshop.stop import Stop

#: Share of the time for the schedule; the rest goes to the deliveries and the judge.
_SEARCH_SHARE = 0.75
#: First temperature, as a share of what dearer moves add at first: the start is good already.
_HOTTEST = 0.005
#: An hour after the loading of its trip costs an order so much of the whole bill while the search lasts.
_MISSED_SHARE = 0.1
#: Rounding of departures, which must not cost an order the slot before.
_SLACK_SECONDS = 1e-3


@dataclass(frozen=True)
class Against:
    """Several forecasts that a search weighs each schedule under.

    Parameters
    ----------
    demands
        The question with each of them; they differ in their forecasts alone.
    weights
        Their probabilities, shape ``(scenarios,)``.
    tail
        The mean over this dearest share counts; 1: over all.
    """

    demands: tuple[Demand, ...]
    weights: NDArray[np.float64]
    tail: float = 1.0


def searched_on(
    day: Day,
    start: Plan,
    effort: Effort,
    timer: Clock,
    on_step: OnStep,
    *,
    keep_trips: bool = True,
    against: Against | None = None,
) -> Outcome:
    """Search on from another plan's schedule with what each load costs on these days.

    The search knows no transport. Where trips are kept, every order is to be complete when its trip is
    loaded, and new tours are sought only where one is not.

    Parameters
    ----------
    day
        The question: the same work on the same machines as the plan's.
    start
        Whose schedule to begin from.
    effort, timer, on_step
        How much to spend, what time is read from, and who is told of each stage.
    keep_trips
        Whether deliveries stay as they are in the plan that the search begins from.
    against
        Forecasts to search against; None: the day's own. The plan is told with the day's own all the same.
    """
    began = timer.elapsed_seconds()
    plant, demand = day.plant, day.demand
    work = expand(plant, demand)
    consumption = ConsumptionModel(plant, demand, work)
    shop = day_shop(plant, demand, work, consumption)
    if keep_trips:
        shop = _held_to_trips(shop, day, start)
    runs = shop_runs(plant, work, start.runs)
    problem = joint_problem(plant, demand, consumption, shop)
    if problem is not None and against is not None:
        problem = replace(problem, outlook=_outlook(day, work, against))
    if problem is None or repriced(day, work, start) is None:
        seconds = _SEARCH_SHARE * effort.seconds
        found = schedule(
            shop, start=runs, seconds=seconds, iterations=effort.iterations, seed=effort.seed, clock=timer
        ).runs
        runs = found or runs
    else:
        stop = Stop(timer, began, _SEARCH_SHARE * effort.seconds, effort.iterations)
        runs = search_jointly(
            problem,
            runs,
            stop,
            seed=effort.seed,
            threads=effort.threads,
            hottest=_HOTTEST,
            tell=lambda seconds, money: on_step(Step("joint", Progress(seconds, money, None, 0))),
        )
    planned = planned_runs(plant, work, runs)
    if keep_trips:
        kept = repriced(day, work, replace(start, runs=planned, seed=effort.seed))
        if kept is not None and not kept.violations:
            return kept
    return completed(
        day,
        work,
        planned,
        consumption,
        effort,
        timer=timer,
        began=began,
        on_step=on_step,
        bounded=False,
    )


def _outlook(day: Day, work: Work, against: Against) -> Outlook:
    """The site under each forecast, without any run."""
    sites = tuple(
        dispatch_problem(day.plant, demand, ConsumptionModel(day.plant, demand, work).standing_kw)
        for demand in against.demands
    )
    return Outlook(sites, against.weights, against.tail)


def _held_to_trips(shop: ShopProblem, day: Day, start: Plan) -> ShopProblem:
    """Promise each order for the loading of its trip, so dearly that no search misses it for electricity."""
    transport = day.plant.transport
    if transport is None:
        return shop
    loading = {
        order: trip.departure_seconds - transport.loading_minutes * 60
        for trip in start.trips
        for stop in trip.stops
        for order in stop.orders
    }
    grid = day.demand.schedule
    missed = _MISSED_SHARE * abs(start.bill.total_money) * grid.step_hours
    jobs = tuple(
        job
        if order.id not in loading
        else replace(
            job,
            due=int((loading[order.id] + _SLACK_SECONDS) // grid.step_seconds),
            late_price=max(job.late_price, missed),
        )
        for order, job in zip(day.demand.orders, shop.jobs, strict=True)
    )
    return replace(shop, jobs=jobs)


def shop_runs(plant: Plant, work: Work, runs: tuple[Run, ...]) -> tuple[ShopRun, ...]:
    """Number a plan's runs as its shop problem does."""
    operation_of = {operation.id: number for number, operation in enumerate(work.operations)}
    machine_of = {machine.id: number for number, machine in enumerate(plant.machines)}
    numbered = (ShopRun(operation_of[r.operation], machine_of[r.machine], r.start, r.end) for r in runs)
    return tuple(sorted(numbered, key=lambda run: run.operation))


def bounded(day: Day, outcome: Outcome, effort: Effort, timer: Clock) -> Outcome:
    """Say of a plan what no plan of these days costs less than."""
    plan, work = outcome.plan, outcome.work
    if plan is None:
        return outcome
    plant, demand = day.plant, day.demand
    consumption = ConsumptionModel(plant, demand, work)
    problem = joint_problem(plant, demand, consumption, day_shop(plant, demand, work, consumption))
    return with_bound(
        outcome,
        least_money(day, work, consumption, problem, plan, effort, timer, timer.elapsed_seconds()),
    )
