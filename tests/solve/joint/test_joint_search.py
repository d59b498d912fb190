"""The joint search keeps the shop's rules, counts the site's money right, and finds small optima."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.solve.joint.small_cases import least_money, small_case

from juli.core.clock import SystemClock
from juli.power import Battery, dispatch
from juli.power.evaluation import DispatchEvaluator
from juli.solve.joint.annealing import JointAnnealing
from juli.solve.joint.bound import JointBound
from juli.solve.joint.solving import _LAP_MOVES, plan_jointly
from juli.solve.joint.valuation import is_convex, make_desk, meter_of, new_planes, value_anew, value_near
from juli.workshop import judge
from juli.workshop.annealing import Annealing
from juli.workshop.stop import Stop

_ROUNDS = 20_000


@pytest.mark.parametrize("seed", [2, 3, 5, 7, 8, 9])
def test_the_optimum_of_a_small_case_is_found_and_the_bound_is_below_it(seed: int) -> None:
    problem = small_case(seed)
    optimum = least_money(problem)
    found = plan_jointly(problem, seconds=600, iterations=_ROUNDS, seed=seed)
    assert found.money == pytest.approx(optimum, rel=1e-6)
    assert found.bound <= optimum + 1e-6 * abs(optimum)
    clock, bounds = SystemClock(), list[float]()
    for rounds in (1, 60, 3000):  # short steps, and long ones that begin again
        relaxed = JointBound(problem, problem.site.consumption_kw + problem.machines_kw(found.runs))
        relaxed.raise_towards(optimum, Stop(clock, clock.elapsed_seconds(), 600.0, rounds))
        assert relaxed.bound <= optimum + 1e-6 * abs(optimum)
        bounds.append(relaxed.bound)
    assert min(bounds[1:]) >= bounds[0] - 1e-9 * abs(bounds[0])


@pytest.mark.slow
def test_of_thirty_small_cases_twenty_eight_reach_the_optimum_and_no_bound_is_above_it() -> None:
    reached = 0
    for seed in range(100, 130):
        problem = small_case(seed)
        optimum = least_money(problem)
        found = plan_jointly(problem, seconds=10, seed=seed)
        assert found.money >= optimum - 1e-6 * abs(optimum)
        assert found.bound <= optimum + 1e-6 * abs(optimum)
        reached += found.money <= optimum + 1e-6 * abs(optimum)
    assert reached >= 28


@settings(max_examples=12)
@given(seed=st.integers(0, 10_000), rounds=st.integers(0, 300))
def test_a_plan_keeps_the_rules_costs_what_the_dispatch_says_and_is_no_worse_than_its_start(
    seed: int, rounds: int
) -> None:
    problem = small_case(seed)
    start = Annealing(problem.shop, seed).runs()
    if not start:
        return
    found = plan_jointly(problem, seconds=600, iterations=rounds, seed=seed, start=start)
    assert judge.broken_rules(problem.shop, found.runs) == []
    load = problem.site.consumption_kw + problem.machines_kw(found.runs)
    priced = dispatch(replace(problem.site, consumption_kw=load))
    assert found.electricity_money == pytest.approx(priced.cost, abs=1e-6)
    assert found.money == pytest.approx(priced.cost + problem.other_money(found.runs), abs=1e-6)
    assert found.money <= found.start_money + 1e-9
    assert found.bound <= found.money + 1e-9


@settings(max_examples=12)
@given(seed=st.integers(0, 10_000), rounds=st.integers(1, 400))
def test_a_peak_that_is_dear_at_first_leaves_the_account_true(seed: int, rounds: int) -> None:
    problem = small_case(seed)
    start = Annealing(problem.shop, seed).runs()
    if not start:
        return
    clock, told = SystemClock(), list[float]()
    search = JointAnnealing(problem, seed, start)
    search.dearest_peak = 4.0
    first = search.money
    search.run(Stop(clock, clock.elapsed_seconds(), 600.0, rounds), told.append)
    runs = search.runs()
    load = problem.site.consumption_kw + problem.machines_kw(runs)
    priced = dispatch(replace(problem.site, consumption_kw=load))
    assert search.money == pytest.approx(priced.cost + problem.other_money(runs), abs=1e-6)
    assert search.money <= first + 1e-9
    assert told == sorted(told, reverse=True)


def test_the_same_seed_rounds_and_threads_give_the_same_schedule() -> None:
    problem = small_case(7)
    first, second = (plan_jointly(problem, seconds=600, iterations=200, seed=3, threads=2) for _ in range(2))
    assert first == second


@pytest.mark.parametrize("threads", [1, 2])
def test_laps_use_up_the_rounds_and_are_the_same_again(threads: int) -> None:
    problem = small_case(8)
    rounds = 5 * _LAP_MOVES * len(problem.shop.operations) + 1
    first, second = (
        plan_jointly(problem, seconds=600, iterations=rounds, seed=3, threads=threads) for _ in range(2)
    )
    assert first.rounds == threads * rounds
    assert first == second


def test_of_all_laps_only_what_is_cheaper_than_before_is_told_and_the_last_is_the_plan_s() -> None:
    problem, told = small_case(8), list[tuple[float, float]]()
    rounds = 5 * _LAP_MOVES * len(problem.shop.operations)
    plan = plan_jointly(
        problem,
        seconds=600,
        iterations=rounds,
        tell=lambda *seconds_and_money: told.append(seconds_and_money),
    )
    seconds, money = zip(*told, strict=True)
    assert list(seconds) == sorted(seconds)
    assert list(money) == sorted(set(money), reverse=True)
    assert plan.money == pytest.approx(min(money[-1], plan.start_money), abs=1e-6)


@settings(max_examples=6)
@given(seed=st.integers(0, 10_000))
def test_where_the_cost_is_not_convex_the_plan_is_no_worse_than_its_start(seed: int) -> None:
    problem = small_case(seed)
    buy = np.where(np.arange(problem.site.slots) % 5 < 2, -0.3, problem.site.buy)
    battery = Battery(20, 20, 30, 0.8, 0.8, start_kwh=15, end_kwh=15)
    problem = replace(problem, site=replace(problem.site, buy=buy, sell=-0.4, battery=battery))
    assert not is_convex(problem.site)
    found = plan_jointly(problem, seconds=600, iterations=300, seed=seed)
    assert judge.broken_rules(problem.shop, found.runs) == []
    load = problem.site.consumption_kw + problem.machines_kw(found.runs)
    priced = dispatch(replace(problem.site, consumption_kw=load))
    assert found.electricity_money == pytest.approx(priced.cost, abs=1e-6)
    assert found.money <= found.start_money
    assert found.bound == -np.inf


def test_the_machines_keep_their_common_limit() -> None:
    problem = small_case(10)
    free = plan_jointly(problem, seconds=600, iterations=2000)
    limit = float(problem.machines_kw(free.runs).max()) - 1.0
    assert limit > max(mode.kw for operation in problem.shop.operations for mode in operation.modes)
    limited = plan_jointly(replace(problem, limit_kw=limit), seconds=600, iterations=2000)
    assert float(problem.machines_kw(limited.runs).max()) <= limit + 1e-9
    assert limited.money >= free.money - 1e-9


@settings(max_examples=60)
@given(seed=st.integers(0, 10_000))
def test_a_load_near_a_known_one_is_valued_like_by_a_dispatch_of_its_own(seed: int) -> None:
    site = small_case(seed).site
    chance = np.random.default_rng(seed)
    evaluator, meter = DispatchEvaluator(site), meter_of(site)
    desk, known, found = make_desk(meter.site), new_planes(meter), new_planes(meter)
    load = site.consumption_kw + chance.uniform(0, 60, site.slots)
    money = value_anew(meter, load, desk, known)
    assert money == pytest.approx(evaluator.cost(load), abs=1e-7)
    for _ in range(5):
        other = load + chance.uniform(-20, 30, site.slots) * (chance.uniform(size=site.slots) < 0.3)
        near = value_near(meter, other, known, desk, found, np.inf)
        assert near == pytest.approx(evaluator.cost(other), abs=1e-7)
        # The price is a subgradient, at the known load and at the new one.
        assert near >= money + site.step_hours * float(known.price @ (other - load)) - 1e-7
        assert money >= near + site.step_hours * float(found.price @ (load - other)) - 1e-7


@pytest.mark.parametrize("demand_price", [0.0, 5.0])
def test_only_a_load_that_went_through_a_dispatch_counts_as_an_evaluation(demand_price: float) -> None:
    site = replace(small_case(3).site, demand_price=np.array([demand_price]), demand_free_kw=0.0)
    meter = meter_of(site)
    desk, known, found = make_desk(meter.site), new_planes(meter), new_planes(meter)
    load = site.consumption_kw + 10.0
    money = value_anew(meter, load, desk, known)
    assert desk.counted[0] == 1
    assert value_near(meter, load + 5.0, known, desk, found, np.inf) > money
    assert desk.counted[0] == 2
    if demand_price > 0.0:
        # Where the planes cross, the load is too dear already.
        dispatches = desk.counted[1]
        assert value_near(meter, load + 5.0, known, desk, found, money) == np.inf
        assert desk.counted.tolist() == [2, dispatches]
