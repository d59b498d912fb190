"""What batches, warmth, set-ups and people cost is bounded from below: never above a proven optimum."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.workshop.small_shops import runs_of

from juli.core.clock import SystemClock
from juli.plan.result import Status
from juli.power import Battery, DispatchProblem, dispatch
from juli.solve.joint.bound import JointBound
from juli.solve.joint.ovens import Feed, feeds
from juli.solve.joint.problem import JointProblem
from juli.workshop import judge
from juli.workshop.constraint import solve_exactly
from juli.workshop.problem import Job, Mode, Objective, Operation, Run, Setups, ShopProblem, Wait, Warmth
from juli.workshop.stop import Stop

_BOOTH, _OVEN, _BENCH = range(3)


def _coating_shop(seed: int, jobs: int = 3, slots: int = 24) -> ShopProblem:
    """Jobs that go from a bench or not through a booth into an oven, in two colours, with few people."""
    chance = np.random.default_rng(seed)
    operations: list[Operation] = []
    waits = []
    for job in range(jobs):
        first, colour, load = len(operations), int(chance.integers(0, 2)), float(chance.integers(1, 3))
        if chance.random() < 0.5:
            needs = ((0, 1.0),) if chance.random() < 0.5 else ()
            modes = (Mode(_BENCH, int(chance.integers(1, 4)), 4.0),)
            operations.append(Operation(job, modes, family=colour, needs=needs))
            waits.append(Wait(first, first + 1))
        booth = Operation(
            job, (Mode(_BOOTH, int(chance.integers(1, 4)), 6.0),), family=colour, needs=((0, 1.0),)
        )
        oven = Operation(job, (Mode(_OVEN, 2, 30.0),), family=colour, load=load)
        waits.append(Wait(len(operations), len(operations) + 1, 0, int(chance.integers(0, 4))))
        operations += [booth, oven]
    opened = np.ones((3, slots), dtype=np.bool_)
    opened[:, 10:12] = chance.random() < 0.5
    warm_up = int(chance.integers(0, 3))
    return ShopProblem(
        slots=slots,
        machines=3,
        jobs=tuple(
            Job(
                0,
                float(chance.integers(4, slots)),
                float(chance.integers(0, 20)),
                float(chance.integers(0, 2)),
            )
            for _ in range(jobs)
        ),
        operations=tuple(operations),
        waits=tuple(waits),
        step_hours=0.5,
        energy_price=chance.uniform(0.2, 1.2, slots) - (0.8 if chance.random() < 0.15 else 0.0),
        machine_price=chance.choice([0.0, 5.0], size=(3, 1)) * chance.uniform(0.8, 1.2, (3, slots)),
        opened=opened,
        setups={_BOOTH: Setups(((0, 2), (1, 0), (0, 1)), 3.0)},
        warmth={_OVEN: Warmth(10.0, 25.0, warm_up, warm_up + int(chance.integers(0, 4)))},
        batches={_OVEN: 3.0},
        resources=np.full((1, slots), float(chance.integers(1, 3))),
    )


def _plain_site(shop: ShopProblem) -> DispatchProblem:
    """Bought and sold at one price: the bill is the shop's own energy at that price."""
    price = shop.energy_price
    assert price is not None
    return DispatchProblem(
        step_hours=shop.step_hours, consumption_kw=np.zeros(shop.slots), buy=price, sell=price
    )


def _bounds(problem: JointProblem, money: float) -> list[float]:
    """What few and what many rounds prove."""
    found = []
    for rounds in (1, 20, 200):
        relaxed = JointBound(problem, problem.site.consumption_kw)
        relaxed.raise_towards(money, Stop(SystemClock(), 0.0, np.inf, rounds))
        found.append(relaxed.bound)
    return found


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 100_000))
def test_the_bound_is_never_above_the_optimum_of_a_shop_with_batches_warmth_set_ups_and_people(
    seed: int,
) -> None:
    shop = _coating_shop(seed)
    answer = solve_exactly(shop, Objective.MONEY, seconds=20.0)
    if answer.status is not Status.OPTIMAL:
        return
    optimum = judge.cost(shop, answer.runs, Objective.MONEY)
    for bound in _bounds(JointProblem(shop, _plain_site(shop)), optimum):
        assert bound <= optimum + 1e-4


@pytest.mark.parametrize("seed", [0, 1, 2, 4, 5, 6])
def test_the_bound_is_never_above_the_optimum_behind_a_battery_and_a_demand_charge(seed: int) -> None:
    shop = _coating_shop(seed, jobs=2, slots=10)
    shop = replace(shop, energy_price=np.abs(shop.energy_price), opened=None)
    site = replace(
        _plain_site(shop),
        sell=0.0,
        battery=Battery(10, 10, 15, 0.95, 0.95, start_kwh=5, end_kwh=5, wear_per_kwh=0.01),
        demand_price=2.0,
        demand_free_kw=5.0,
    )
    problem = JointProblem(shop, site)
    least = np.inf

    def place(number: int, runs: list[Run]) -> None:
        nonlocal least
        if number == len(shop.operations):
            if judge.broken_rules(shop, runs) == []:
                load = site.consumption_kw + problem.machines_kw(runs)
                electricity = dispatch(replace(site, consumption_kw=load)).cost
                least = min(least, electricity + problem.other_money(runs))
            return
        after = [wait for wait in shop.waits if wait.after == number]
        for run in runs_of(shop, number):
            waited = [run.start - runs[wait.before].end for wait in after]
            longest = [shop.slots if wait.most is None else wait.most for wait in after]
            if all(0 <= one <= most for one, most in zip(waited, longest, strict=True)):
                place(number + 1, [*runs, run])

    place(0, [])
    assert np.isfinite(least)
    for bound in _bounds(problem, least):
        assert bound <= least + 1e-6


def _busy_booth(jobs: int = 4) -> ShopProblem:
    """Each job takes the booth for four slots and has to be in the oven within a slot after that."""
    operations = [
        one
        for job in range(jobs)
        for one in (Operation(job, (Mode(0, 4),)), Operation(job, (Mode(1, 1, 10.0),), load=1.0))
    ]
    return ShopProblem(
        slots=24,
        machines=2,
        jobs=tuple(Job() for _ in range(jobs)),
        operations=tuple(operations),
        waits=tuple(Wait(2 * job, 2 * job + 1, 0, 1) for job in range(jobs)),
        energy_price=np.ones(24),
        warmth={1: Warmth(4.0, 5.0, 3, 24)},
        batches={1: 4.0},
    )


def test_a_booth_that_is_busy_for_long_keeps_its_oven_hot() -> None:
    shop = _busy_booth()
    assert feeds(shop) == (Feed(machine=0, oven=1, reach=5),)
    optimum = solve_exactly(shop, Objective.MONEY, seconds=30.0)
    assert optimum.bound is not None
    bound = _bounds(JointProblem(shop, _plain_site(shop)), optimum.bound)[-1]
    alone = replace(shop, waits=tuple(replace(wait, most=None) for wait in shop.waits))
    assert feeds(alone) == ()
    free = _bounds(JointProblem(alone, _plain_site(alone)), optimum.bound)[-1]
    # All in one batch would cost 10, but most of the 16 slots in the booth come while the oven is hot.
    assert free == pytest.approx(10.0)
    assert 65.0 < bound <= optimum.bound + 1e-6


def test_what_is_not_all_bound_for_one_oven_feeds_none() -> None:
    shop = _busy_booth()
    other = Operation(0, (Mode(0, 1),))
    assert feeds(replace(shop, operations=(*shop.operations, other))) == ()
    first = replace(shop.operations[0], fixed=Run(0, 0, -2, 2))
    assert feeds(replace(shop, operations=(first, *shop.operations[1:]))) == ()


def test_threads_share_the_jobs_and_prove_as_much() -> None:
    shop = _coating_shop(3)
    problem = JointProblem(shop, _plain_site(shop))
    alone, shared = (JointBound(problem, problem.site.consumption_kw, threads) for threads in (1, 3))
    for relaxed in (alone, shared):
        relaxed.raise_towards(1e3, Stop(SystemClock(), 0.0, np.inf, 1))
    assert shared.bound == pytest.approx(alone.bound, rel=1e-9)
