"""A plan good in several forecasts: the schedule is decided now, the dispatch when each forecast comes.

Plans are searched for with the forecast, with each scenario, with their mean, and with the mean under the
weights that the worst scenarios get; each is then priced exactly in every scenario, and the one that is best
by the criterion is taken. That is a choice among candidates, not a search over all schedules with the
criterion itself: a better schedule than the best candidate may exist.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from juli.core.clock import Clock, SystemClock
from juli.plan.result import Plan
from juli.plant.demand import Forecast
from juli.solve.choices.hedge import (
    Candidate,
    Floats,
    Hedged,
    Risk,
    conditional_value_at_risk,
    mean_money,
    worst_weights,
)
from juli.solve.choices.scenarios import Scenario
from juli.solve.choices.searching import repriced, searched_on
from juli.solve.completion import Effort, OnStep, Outcome, Step, with_bound
from juli.solve.day import Day
from juli.solve.week import solve_day

#: Shares of the time limit: the plan for the forecast, the scenarios together; the rest goes to means.
_BASE_SHARE, _SCENARIOS_SHARE = 0.4, 0.4
#: Means under the criterion's own weights are searched for so often.
_TILTS = 2


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
        hedge.add("sequential", base.start, base)
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
    rest = given((1.0 - _BASE_SHARE - _SCENARIOS_SHARE) / (1 + _TILTS))
    weights = np.array([one.weight for one in hedge.scenarios])
    on_step(Step("scenario_mean"))
    hedge.search("mean", hedge.mixed(weights), rest, timer, on_step)
    if risk is Risk.CVAR:
        for _ in range(_TILTS):
            money = hedge.best().money
            if np.all(np.isfinite(money)):
                on_step(Step("scenario_mean"))
                hedge.search(
                    "tilted", hedge.mixed(worst_weights(money, weights, alpha)), rest, timer, on_step
                )
    best = hedge.best()
    outcome = replace(with_bound(best.outcome, base.plan.bound_money), start=base.start)
    return Hedged(hedge.scenarios, risk, alpha, outcome, best, tuple(hedge.candidates))


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
