"""A plan good in several forecasts: the schedule is decided now, the dispatch when each forecast comes.

Plans are searched for with the forecast, with each scenario and with their mean, and each is priced exactly
in every scenario. From the best of them the joint search goes on with the criterion itself: the weighted mean
of what the site really costs, or the mean over the dearest share (:mod:`juli.solve.joint.outlook`).
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from juli.core.clock import Clock, SystemClock
from juli.plan.result import Plan, Status
from juli.plant.demand import Forecast
from juli.solve.choices.hedge import (
    Candidate,
    Floats,
    Hedged,
    Risk,
    conditional_value_at_risk,
    mean_money,
)
from juli.solve.choices.scenarios import Scenario
from juli.solve.choices.searching import Against, searched_on
from juli.solve.completion import Effort, OnStep, Outcome, Step, repriced, with_bound, with_cutting
from juli.solve.day import Day
from juli.solve.joint.solving import load_outlook_engines
from juli.solve.week import solve_day

#: Shares of the time limit: the plan for the forecast, the scenarios together, their mean; the rest goes to
#: the search with the criterion.
_BASE_SHARE, _SCENARIOS_SHARE, _MEAN_SHARE = 0.4, 0.1, 0.05


def plan_for_scenarios(
    day: Day,
    scenarios: Sequence[Scenario],
    effort: Effort,
    *,
    risk: Risk = Risk.MEAN,
    alpha: float = 0.8,
    clock: Clock | None = None,
    on_step: OnStep = lambda step: None,
) -> Hedged:
    """Find a plan that is good in several scenarios.

    Parameters
    ----------
    day
        The question with its own forecast, with which the plan is told and billed.
    scenarios
        What may come; their weights add up to 1.
    effort
        Time for all searches together, iterations of each, seed and threads.
    risk, alpha
        The mean, or the mean over the dearest share ``1 - alpha``.
    clock, on_step
        What time is read from, and who is told of each stage.
    """
    if len(scenarios) == 1:
        return _for_one(day, tuple(scenarios), effort, risk, alpha, clock, on_step)
    on_step(Step("compile"))
    load_outlook_engines()
    timer = clock or SystemClock()
    hedge = _Hedge(day, tuple(scenarios), risk, alpha)

    def given(share: float) -> Effort:
        return replace(effort, seconds=effort.seconds * share)

    on_step(Step("scenario_forecast"))
    base = solve_day(day, given(_BASE_SHARE), clock=timer, on_step=on_step)
    if base.plan is None:
        return Hedged(hedge.scenarios, risk, alpha, base)
    hedge.add("forecast", base.plan, base)
    if base.start is not None:
        hedge.add("sequential", with_cutting(day, base.work, base.start, given(_BASE_SHARE), timer), base)
    others = [one for one in hedge.scenarios if not _same(one.demand.forecast, day.demand.forecast)]
    for scenario in others:
        on_step(Step("scenario_each"))
        hedge.search(
            f"scenario:{scenario.name}",
            scenario.demand.forecast,
            given(_SCENARIOS_SHARE / len(others)),
            timer,
            on_step,
        )
    weights = np.array([one.weight for one in hedge.scenarios])
    on_step(Step("scenario_mean"))
    hedge.search("mean", hedge.mixed(weights), given(_MEAN_SHARE), timer, on_step)
    on_step(Step("scenario_criterion"))
    hedge.search_by_criterion(given(1.0 - _BASE_SHARE - _SCENARIOS_SHARE - _MEAN_SHARE), timer, on_step)
    best = hedge.best()
    outcome = replace(with_bound(best.outcome, base.plan.bound_money), start=base.start)
    return Hedged(hedge.scenarios, risk, alpha, outcome, best, tuple(hedge.candidates))


def _for_one(
    day: Day,
    scenarios: tuple[Scenario, ...],
    effort: Effort,
    risk: Risk,
    alpha: float,
    clock: Clock | None,
    on_step: OnStep,
) -> Hedged:
    """With one forecast there is nothing to weigh: the plain plan for it, told with the day's own."""
    hedge = _Hedge(day, scenarios, risk, alpha)
    plain = solve_day(replace(day, demand=scenarios[0].demand), effort, clock=clock, on_step=on_step)
    if plain.plan is None:
        return Hedged(scenarios, risk, alpha, plain)
    hedge.add("forecast", plain.plan, plain)
    if plain.start is not None:
        timer = clock or SystemClock()
        hedge.add("sequential", with_cutting(day, plain.work, plain.start, effort, timer), plain)
    if not hedge.candidates:
        reason = "the plan for the scenario can't be served with the plant's own forecast"
        return Hedged(scenarios, risk, alpha, Outcome(Status.INFEASIBLE, None, plain.work, reason=reason))
    best = hedge.best()
    outcome = replace(best.outcome, start=plain.start, seconds=plain.seconds)
    if _same(scenarios[0].demand.forecast, day.demand.forecast):
        outcome = with_bound(outcome, plain.plan.bound_money)
    return Hedged(scenarios, risk, alpha, outcome, best, tuple(hedge.candidates))


def _same(one: Forecast, other: Forecast) -> bool:
    return all(
        np.array_equal(getattr(one, key), getattr(other, key))
        for key in ("base_load_kw", "solar_kw", "buy", "sell")
    )


class _Hedge:
    """The candidates of one question."""

    def __init__(self, day: Day, scenarios: tuple[Scenario, ...], risk: Risk, alpha: float):
        self.scenarios = scenarios
        self.candidates: list[Candidate] = []
        self._day = day
        self._risk, self._alpha = risk, alpha

    def add(self, origin: str, plan: Plan, like: Outcome) -> None:
        """Price a plan with the day's own forecast and in every scenario."""
        told = repriced(self._day, like.work, plan)
        if told is None:
            return
        money = np.full(len(self.scenarios), np.inf)
        for number, scenario in enumerate(self.scenarios):
            found = repriced(replace(self._day, demand=scenario.demand), like.work, plan)
            if found is not None and found.plan is not None and not found.violations:
                money[number] = found.plan.bill.total_money
        self.candidates.append(Candidate(origin, told, money, self._criterion(money)))

    def search(self, origin: str, forecast: Forecast, effort: Effort, timer: Clock, on_step: OnStep) -> None:
        """Search on from the best candidate with another forecast."""
        day = replace(self._day, demand=replace(self._day.demand, forecast=forecast))
        start = self.best().outcome
        assert start.plan is not None
        found = searched_on(day, start.plan, effort, timer, on_step)
        if found.plan is not None:
            self.add(origin, found.plan, found)

    def search_by_criterion(self, effort: Effort, timer: Clock, on_step: OnStep) -> None:
        """Search on from the best candidate with the criterion, over the scenarios that it is served in."""
        begun = self.best()
        start, served = begun.outcome, np.isfinite(begun.money)
        if start.plan is None or not served.any():
            return
        demands = tuple(one.demand for one, can in zip(self.scenarios, served, strict=True) if can)
        weights = np.array([one.weight for one in self.scenarios])[served]
        tail = 1.0 - self._alpha if self._risk is Risk.CVAR else 1.0
        against = Against(demands, weights / weights.sum(), tail)
        found = searched_on(self._day, start.plan, effort, timer, on_step, against=against)
        if found.plan is not None:
            self.add("criterion", found.plan, found)

    def best(self) -> Candidate:
        """The candidate that keeps most rules, can be served most often, and is best by the criterion."""

        def rank(one: Candidate) -> tuple[int, float, float, float]:
            weights = np.array([scenario.weight for scenario in self.scenarios])
            unserved = float(weights[~np.isfinite(one.money)].sum())
            return len(one.outcome.violations), round(unserved, 9), one.criterion, one.total_money

        return min(self.candidates, key=rank)

    def mixed(self, weights: Floats) -> Forecast:
        """The mean of the scenarios' forecasts."""
        forecasts = [scenario.demand.forecast for scenario in self.scenarios]

        def mean(key: str) -> Floats:
            mixed: Floats = weights @ np.stack([getattr(one, key) for one in forecasts])
            return mixed

        return replace(
            forecasts[0],
            base_load_kw=mean("base_load_kw"),
            solar_kw=mean("solar_kw"),
            buy=mean("buy"),
            sell=mean("sell"),
        )

    def _criterion(self, money: Floats) -> float:
        served = np.isfinite(money)
        if not served.any():
            return np.inf
        weights = np.array([scenario.weight for scenario in self.scenarios])[served]
        weights /= weights.sum()
        if self._risk is Risk.CVAR:
            return conditional_value_at_risk(money[served], weights, self._alpha)
        return mean_money(money[served], weights)
