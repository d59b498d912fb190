"""No trip of any orders costs less than their prices, and the prices are as high as that allows."""

from itertools import combinations, pairwise, permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from juli.solve.joint.trips import Deliverable, Way, delivery_prices


def _case(seed: int) -> Deliverable:
    """Five orders to three sites by two kinds of truck, in two stretches of time."""
    chance = np.random.default_rng(seed)
    sites, orders = 3, 5
    places = chance.uniform(0, 50, (sites + 1, 2))
    # Roads there and back differ, and going round is never shorter.
    km = np.linalg.norm(places[:, None] - places[None], axis=2) + 3.0 * chance.uniform() * (
        places[None, :, 0] > places[:, None, 0]
    )
    for via in range(sites + 1):
        km = np.minimum(km, km[:, via, None] + km[None, via])
    unload = chance.uniform(0, 10, sites)
    ways = []
    for kind in range(2):
        late = chance.choice([0.0, 0.0, 5.0, np.inf], size=(2, orders))
        money = km * (2.0 + kind)
        ways.append(
            Way(
                there=money[0, 1:] + unload,
                back=money[1:, 0],
                between=money[1:, 1:] + unload,
                capacity=np.array([10.0, 12.0]) * (1 + kind),
                late=late,
            )
        )
    return Deliverable(
        site=np.sort(chance.integers(0, sites, orders)),
        load=chance.uniform(0, 9, (orders, 2)) * chance.choice([1.0, 1.0, 0.0], size=(orders, 1)),
        at_most=chance.uniform(0, 300, orders),
        ways=tuple(ways),
    )


def _cheapest_trips(problem: Deliverable) -> dict[tuple[int, ...], float]:
    """What each set of orders costs in one trip at the least, by trying every way round."""
    found: dict[tuple[int, ...], float] = {}
    orders = range(len(problem.site))
    for size in range(1, len(problem.site) + 1):
        for members in combinations(orders, size):
            picked = list(members)
            sites = sorted(set(problem.site[picked].tolist()))
            for way in problem.ways:
                if (problem.load[picked].sum(axis=0) > way.capacity).any():
                    continue
                tour = min(
                    way.there[turn[0]]
                    + sum(way.between[one, two] for one, two in pairwise(turn))
                    + way.back[turn[-1]]
                    for turn in permutations(sites)
                )
                money = float(tour + way.late[:, picked].sum(axis=1).min())
                found[members] = min(found.get(members, np.inf), money)
    return found


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 100_000))
def test_prices_are_the_optimum_of_the_dual_over_all_trips(seed: int) -> None:
    problem = _case(seed)
    prices = delivery_prices(problem)
    trips = {members: money for members, money in _cheapest_trips(problem).items() if money < np.inf}
    assert (prices >= 0.0).all()
    assert (prices <= problem.at_most + 1e-9).all()
    for members, money in trips.items():
        assert prices[list(members)].sum() <= money + 1e-9
    rows = np.zeros((len(trips), len(problem.site)))
    for row, members in enumerate(trips):
        rows[row, list(members)] = 1.0
    best = linprog(
        -np.ones(len(problem.site)),
        A_ub=rows if len(trips) else None,
        b_ub=list(trips.values()) if len(trips) else None,
        bounds=[(0.0, most) for most in problem.at_most],
    )
    assert prices.sum() == pytest.approx(-best.fun, rel=1e-5, abs=1e-5)


def test_prices_that_were_cut_short_hold_all_the_same() -> None:
    raised = 0
    for seed in range(30):
        problem = _case(seed)
        hurried, stopped = delivery_prices(problem, lambda: True), delivery_prices(problem, stop=lambda: True)
        for members, money in _cheapest_trips(problem).items():
            assert hurried[list(members)].sum() <= money + 1e-9
            assert stopped[list(members)].sum() <= money + 1e-9
        assert hurried.sum() >= stopped.sum() - 1e-9
        raised += hurried.sum() > stopped.sum() + 1e-6
    assert raised > 0


def test_where_nothing_can_be_delivered_each_order_pays_for_staying() -> None:
    problem = _case(1)
    ways = tuple(
        Way(way.there, way.back, way.between, way.capacity, np.full_like(way.late, np.inf))
        for way in problem.ways
    )
    shut = Deliverable(problem.site, problem.load, problem.at_most, ways)
    assert delivery_prices(shut) == pytest.approx(problem.at_most)
