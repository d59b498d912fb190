"""What joint planning, the battery, the sun and the freedom of the schedule are worth, plan by plan."""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from juli.core.clock import Clock, SystemClock
from juli.plan.result import Plan
from juli.solve.choices.comparison import Choice, Comparison, FrontPoint, Variant, marked
from juli.solve.choices.front import point_of, weighted_plan, weights_for
from juli.solve.choices.searching import bounded, searched_on
from juli.solve.completion import Effort, OnStep, Outcome, Step, repriced, with_bound, with_cutting
from juli.solve.day import Day
from juli.solve.week import Method, rank, solve_day

#: Times that each plan is given, in time limits. The joint plan has what ``juli plan`` would give it; those
#: of a plant with less begin from the best plan, and a schedule blind to electricity is soon found.
_SHARES = {
    Choice.SEQUENTIAL: 0.5,
    Choice.NO_FLEXIBILITY: 0.1,
    Choice.JOINT: 1.0,
    Choice.NO_BATTERY: 0.15,
    Choice.NO_SOLAR: 0.15,
}
#: The same for all points of the front together, and for the bound of each plant with less.
_FRONT_SHARE, _BOUND_SHARE = 0.2, 0.05


def compare(
    day: Day,
    effort: Effort,
    *,
    clock: Clock | None = None,
    on_step: OnStep = lambda step: None,
) -> Comparison:
    """Plan a day in several ways.

    Each schedule that was found is tried with each plant as well, so that the joint plan is never later than
    the sequential one, nor than a plan with less to work with, and where it is as late never dearer.

    Parameters
    ----------
    day
        The question.
    effort
        Time of the joint plan, iterations, seed and threads; all plans together take about three times that.
    clock
        What time is read from; None: the machine's own.
    on_step
        Is told of each stage.
    """
    timer = clock or SystemClock()
    prices = [one.lateness_per_hour for one in day.demand.orders]
    prices += [one.lateness_per_hour for one in day.demand.pickups]
    weighs = any(price > 0 for price in prices)

    def given(share: float) -> Effort:
        return replace(effort, seconds=effort.seconds * share)

    outcomes: dict[Choice, Outcome] = {}
    for choice, method in (
        (Choice.SEQUENTIAL, Method.SEQUENTIAL),
        (Choice.NO_FLEXIBILITY, Method.PROMISES),
        (Choice.JOINT, Method.JOINT),
    ):
        on_step(Step(f"variant_{choice}"))
        outcomes[choice] = solve_day(day, given(_SHARES[choice]), method=method, clock=timer, on_step=on_step)
    days = {choice: _without(day, choice) for choice in _SHARES if _has(day, choice)}
    start = best_of(day, [outcomes[Choice.JOINT], outcomes[Choice.SEQUENTIAL]]).plan
    if start is not None:
        for choice in (Choice.NO_BATTERY, Choice.NO_SOLAR):
            if choice in days:
                on_step(Step(f"variant_{choice}"))
                began = timer.elapsed_seconds()
                found = searched_on(days[choice], start, given(_SHARES[choice]), timer, on_step)
                on_step(Step("bound"))
                found = bounded(days[choice], found, given(_BOUND_SHARE), timer)
                outcomes[choice] = replace(found, seconds=timer.elapsed_seconds() - began)
    joint = outcomes[Choice.JOINT]
    weighted: list[tuple[float, Plan]] = []
    if weighs and start is not None:
        weights = weights_for(start)
        spend = given(_FRONT_SHARE / len(weights))
        for weight in weights:
            on_step(Step("variant_front"))
            plan = weighted_plan(day, joint.work, start, weight, spend, timer, on_step)
            if plan is not None:
                weighted.append((weight, plan))
    if joint.start is not None:
        joint = replace(joint, start=with_cutting(day, joint.work, joint.start, given(_BOUND_SHARE), timer))
        outcomes[Choice.JOINT] = joint
    outcomes = _exchanged(days, outcomes, [plan for _, plan in weighted])
    front: tuple[FrontPoint, ...] = ()
    best = outcomes[Choice.JOINT].plan
    if weighted and best is not None:
        front = marked(
            [point_of(day.demand, joint.work, plan, weight) for weight, plan in [(1.0, best), *weighted]]
        )
    return Comparison(
        tuple(
            Variant(choice, days[choice], outcomes[choice])
            for choice in Choice
            if choice in outcomes and outcomes[choice].plan is not None
        ),
        {choice: outcome.reason for choice, outcome in outcomes.items() if outcome.plan is None},
        front,
    )


def _has(day: Day, choice: Choice) -> bool:
    """Whether the plant has what the choice leaves out."""
    if choice is Choice.NO_BATTERY:
        return day.plant.battery is not None
    if choice is Choice.NO_SOLAR:
        return bool(np.any(day.demand.forecast.solar_kw > 0))
    return True


def _without(day: Day, choice: Choice) -> Day:
    """Take away what the choice leaves out."""
    if choice is Choice.NO_BATTERY:
        return replace(day, plant=day.plant.model_copy(update={"battery": None}))
    if choice is Choice.NO_SOLAR:
        forecast = replace(day.demand.forecast, solar_kw=np.zeros(day.demand.settlement.slots))
        plant = day.plant.model_copy(update={"solar": None})
        return replace(day, plant=plant, demand=replace(day.demand, forecast=forecast))
    return day


def _exchanged(
    days: dict[Choice, Day], outcomes: dict[Choice, Outcome], more: list[Plan]
) -> dict[Choice, Outcome]:
    """Give each joint variant the best of all schedules that were found, and the same plant one bound."""
    plans = [outcome.plan for outcome in outcomes.values() if outcome.plan is not None]
    joint = outcomes[Choice.JOINT]
    if joint.start is not None:
        more = [*more, joint.start]
    exchanged = dict(outcomes)
    for choice in (Choice.JOINT, Choice.NO_BATTERY, Choice.NO_SOLAR):
        own = outcomes.get(choice)
        if own is None:
            continue
        others = (repriced(days[choice], own.work, plan) for plan in plans + more)
        best = best_of(days[choice], [own, *(other for other in others if other is not None)])
        if best is not own and best.plan is not None and own.plan is not None:
            best = with_bound(best, own.plan.bound_money)
        exchanged[choice] = replace(best, seconds=own.seconds, start=own.start)
    whole = [one for one in (Choice.SEQUENTIAL, Choice.JOINT, Choice.NO_FLEXIBILITY) if exchanged[one].plan]
    bounds = [plan.bound_money for one in whole if (plan := exchanged[one].plan) is not None]
    for choice in whole:
        exchanged[choice] = with_bound(exchanged[choice], max(bounds))
    return exchanged


def best_of(day: Day, outcomes: Iterable[Outcome]) -> Outcome:
    """The outcome that breaks the fewest rules, of those the least late, and of those the cheapest."""
    return min(outcomes, key=lambda outcome: rank(day, outcome))
