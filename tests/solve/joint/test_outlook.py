"""Under several forecasts the search weighs loads as the exact dispatch does; under one it is the plain."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.solve.joint.small_cases import small_case

from juli.core.clock import SystemClock
from juli.power import DispatchProblem, dispatch
from juli.solve.choices.hedge import conditional_value_at_risk
from juli.solve.joint.annealing import JointAnnealing
from juli.solve.joint.outlook import Meters, joint_meter, new_planes, value_anew, weigh
from juli.solve.joint.problem import JointProblem, Outlook
from juli.solve.joint.solving import load_outlook_engines, search_jointly
from juli.solve.joint.valuation import make_desk
from juli.workshop.annealing import Annealing
from juli.workshop.problem import Run
from juli.workshop.stop import Stop

WEIGHTS = np.array([0.5, 0.3, 0.2])
ROUNDS = 3000


@pytest.fixture(scope="module", autouse=True)
def _engines() -> None:
    load_outlook_engines()


def sites_of(site: DispatchProblem) -> tuple[DispatchProblem, ...]:
    """The forecast, no sun and dear evenings, and much load early."""
    late = np.arange(site.slots) >= site.slots // 2
    return (
        site,
        replace(site, solar_kw=0.0, buy=np.where(late, 2.0, 1.0) * site.buy),
        replace(site, consumption_kw=np.where(late, 0.5, 3.0) * site.consumption_kw),
    )


def under(problem: JointProblem, tail: float) -> JointProblem:
    return replace(problem, outlook=Outlook(sites_of(problem.site), WEIGHTS, tail))


def criterion(problem: JointProblem, runs: Sequence[Run], tail: float) -> float:
    """By the exact dispatch and the definition alone."""
    drawn, other = problem.machines_kw(runs), problem.other_money(runs)
    money = [
        other + dispatch(replace(one, consumption_kw=one.consumption_kw + drawn)).cost
        for one in sites_of(problem.site)
    ]
    return conditional_value_at_risk(np.array(money), WEIGHTS, 1 - tail)


def searched(problem: JointProblem, start: Sequence[Run], seed: int = 0) -> tuple[Run, ...]:
    clock = SystemClock()
    stop = Stop(clock, clock.elapsed_seconds(), 600, ROUNDS)
    return search_jointly(problem, start, stop, seed=seed, threads=1)


@pytest.mark.parametrize("seed", [2, 3, 5])
def test_one_forecast_is_searched_for_just_as_if_it_were_the_site_s_own(seed: int) -> None:
    problem = small_case(seed)
    start = Annealing(problem.shop, seed).runs()
    alone = replace(problem, outlook=Outlook((problem.site,), np.ones(1)))
    assert searched(alone, start, seed) == searched(problem, start, seed)


@pytest.mark.parametrize("tail", [1.0, 0.3])
@pytest.mark.parametrize("seed", [2, 3, 5, 7])
def test_the_cost_that_the_search_tells_is_the_criterion_of_its_schedule(seed: int, tail: float) -> None:
    problem = small_case(seed)
    start = Annealing(problem.shop, seed).runs()
    search = JointAnnealing(under(problem, tail), seed, start)
    before = search.money
    clock = SystemClock()
    search.run(Stop(clock, clock.elapsed_seconds(), 600, ROUNDS))
    assert search.evaluations > 0
    assert before - search.money == pytest.approx(
        criterion(problem, start, tail) - criterion(problem, search.runs(), tail), abs=1e-6
    )
    assert search.money <= before


@pytest.mark.parametrize("tail", [1.0, 0.6])
def test_the_search_by_the_criterion_beats_the_best_of_the_plans_for_each_forecast(tail: float) -> None:
    """Each has as many rounds as the search by the criterion, which begins from the best of them."""
    cheaper = 0
    for seed in range(12):
        problem = small_case(seed)
        start = Annealing(problem.shop, seed).runs()
        candidates = [searched(replace(problem, site=site), start, seed) for site in sites_of(problem.site)]
        best = min(candidates, key=lambda runs: criterion(problem, runs, tail))
        found = searched(under(problem, tail), best, seed)
        assert found == searched(under(problem, tail), best, seed)
        told, known = criterion(problem, found, tail), criterion(problem, best, tail)
        assert told <= known + 1e-6
        cheaper += told < known - 1e-3
    assert cheaper >= 3


@settings(max_examples=40)
@given(seed=st.integers(0, 10_000), tail=st.sampled_from([1.0, 0.6, 0.25]))
def test_the_price_is_a_subgradient_of_the_criterion(seed: int, tail: float) -> None:
    problem = under(small_case(seed), tail)
    chance = np.random.default_rng(seed)
    meter = joint_meter(problem)
    assert isinstance(meter, Meters)
    planes, desk = new_planes(meter), make_desk(meter.site)
    load, other = (chance.uniform(0, 60, problem.site.slots) for _ in range(2))
    money = value_anew(meter, load, desk, planes)
    price = planes.price.copy()
    exact = [
        dispatch(replace(site, consumption_kw=load + site.consumption_kw - problem.site.consumption_kw)).cost
        for site in sites_of(problem.site)
    ]
    assert money == pytest.approx(conditional_value_at_risk(np.array(exact), WEIGHTS, 1 - tail), abs=1e-6)
    bound = money + problem.site.step_hours * float(price @ (other - load))
    assert value_anew(meter, other, desk, planes) >= bound - 1e-6 * (1 + abs(bound))


@given(
    money=st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=6),
    tail=st.floats(0.05, 1),
    data=st.data(),
)
def test_the_compiled_mean_of_the_dearest_is_that_of_the_definition(
    money: list[float], tail: float, data: st.DataObject
) -> None:
    raw = data.draw(st.lists(st.floats(0.01, 1), min_size=len(money), max_size=len(money)))
    costs, weights, counted = np.array(money), np.array(raw) / sum(raw), np.zeros(len(money))
    told = weigh(weights, tail, costs, counted)
    assert told == pytest.approx(conditional_value_at_risk(costs, weights, 1 - tail), abs=1e-6 * 1e6)
    assert counted.min() >= 0
    assert counted.sum() == pytest.approx(1)
