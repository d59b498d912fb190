"""A plan against several forecasts is searched for, and the best, by the criterion that was asked for."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from juli.core.money import same_to_the_cent
from juli.plan import check
from juli.power import dispatch
from juli.solve.choices.hedge import Hedged, Risk, conditional_value_at_risk, worst_weights
from juli.solve.choices.hedging import plan_for_scenarios
from juli.solve.choices.scenarios import usual_scenarios
from juli.solve.completion import Effort
from juli.solve.consumption import ConsumptionModel
from juli.solve.day import Day, load
from juli.solve.electricity import dispatch_problem
from juli.solve.week import solve_day

EFFORT = Effort(seconds=600, iterations=30, seed=1)


@pytest.fixture(scope="module")
def day(project: Path) -> Day:
    return load(project / "examples" / "tiny")


@pytest.fixture(scope="module", params=list(Risk))
def hedged(request: pytest.FixtureRequest, day: Day) -> Hedged:
    return plan_for_scenarios(day, usual_scenarios(day), EFFORT, risk=request.param)


def test_the_plan_passes_the_judge_with_the_forecast(day: Day, hedged: Hedged) -> None:
    plan = hedged.outcome.plan
    assert plan is not None
    assert check(day.plant, day.demand, plan) == []
    assert plan.bound_money <= plan.bill.total_money


def test_no_candidate_is_better_by_the_criterion(hedged: Hedged) -> None:
    assert hedged.chosen is not None
    assert hedged.chosen.criterion == min(one.criterion for one in hedged.candidates)
    assert hedged.chosen.criterion == pytest.approx(hedged.weighed(hedged.chosen.money, hedged.risk))
    origins = {one.origin for one in hedged.candidates}
    assert {"forecast", "sequential", "mean", "scenario:dull", "criterion"} <= origins


def test_the_cost_in_a_scenario_is_that_of_its_own_exact_dispatch(day: Day, hedged: Hedged) -> None:
    assert hedged.chosen is not None
    plan = hedged.outcome.plan
    assert plan is not None
    fixed = plan.bill.total_money - plan.bill.electricity_money
    for scenario, money in zip(hedged.scenarios, hedged.chosen.money, strict=True):
        load_kw = ConsumptionModel(day.plant, scenario.demand).consumption_kw(plan.runs)
        cost = dispatch(dispatch_problem(day.plant, scenario.demand, load_kw)).cost
        assert same_to_the_cent(float(money), fixed + cost)


def test_the_same_seed_gives_the_same_plan(day: Day, hedged: Hedged) -> None:
    again = plan_for_scenarios(day, hedged.scenarios, EFFORT, risk=hedged.risk)
    assert again.outcome.plan is not None
    assert hedged.outcome.plan is not None
    assert again.outcome.plan.runs == hedged.outcome.plan.runs
    assert [one.criterion for one in again.candidates] == [one.criterion for one in hedged.candidates]


@pytest.mark.parametrize("risk", list(Risk))
def test_with_one_scenario_the_plan_is_the_plain_one_for_it(day: Day, risk: Risk) -> None:
    dull = next(one for one in usual_scenarios(day) if one.name == "dull")
    hedged = plan_for_scenarios(day, (replace(dull, weight=1.0),), EFFORT, risk=risk)
    plain = solve_day(replace(day, demand=dull.demand), EFFORT)
    assert plain.plan is not None
    assert hedged.chosen is not None
    assert hedged.outcome.plan is not None
    assert hedged.outcome.plan.runs == plain.plan.runs
    assert same_to_the_cent(hedged.chosen.criterion, plain.plan.bill.total_money)


def test_a_scenario_that_no_plan_can_be_served_in_is_told_as_such(day: Day) -> None:
    told, *_ = usual_scenarios(day)
    forecast = replace(day.demand.forecast, base_load_kw=np.full(day.demand.settlement.slots, 5000.0))
    flood = replace(told, name="flood", weight=0.25, demand=replace(day.demand, forecast=forecast))
    hedged = plan_for_scenarios(day, (replace(told, weight=0.75), flood), replace(EFFORT, iterations=3))
    assert hedged.chosen is not None
    assert np.isinf(hedged.chosen.money[1])
    assert np.isfinite(hedged.chosen.criterion)
    assert np.isinf(hedged.weighed(hedged.chosen.money, Risk.MEAN))


@given(
    money=st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=6),
    alpha=st.floats(0, 0.95),
    data=st.data(),
)
def test_the_mean_of_the_dearest_lies_between_the_mean_and_the_dearest(
    money: list[float], alpha: float, data: st.DataObject
) -> None:
    raw = data.draw(st.lists(st.floats(0.01, 1), min_size=len(money), max_size=len(money)))
    costs, weights = np.array(money), np.array(raw) / sum(raw)
    value = conditional_value_at_risk(costs, weights, alpha)
    slack = 1e-6 * (1 + np.abs(costs).max())
    assert costs @ weights - slack <= value <= costs.max() + slack
    # The same by its definition: the least over t of t + E[(cost - t)+] / (1 - alpha), reached at a cost.
    by_definition = min(t + np.maximum(costs - t, 0) @ weights / (1 - alpha) for t in costs)
    assert value == pytest.approx(by_definition, abs=slack)
    assert worst_weights(costs, weights, alpha).sum() == pytest.approx(1)
