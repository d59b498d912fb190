"""Where no two operations of a job share a machine, its place is the cheapest with all shared rules."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.workshop.small_shops import runs_of

from juli.workshop.arrays import compile_shop
from juli.workshop.bookings import new_bookings
from juli.workshop.insertion import insert_job, remove_job
from juli.workshop.judge import broken_rules, cost
from juli.workshop.problem import Job, Mode, Objective, Operation, Run, Setups, ShopProblem, Wait, Warmth


def small_shared_shop(seed: int) -> ShopProblem:
    """Two jobs of two operations: the first on machine 0, the second on 1 or 2, with shared rules."""
    rng = np.random.default_rng(seed)
    slots = 11
    kw = rng.integers(1, 9, 3).astype(float)
    operations = []
    waits = []
    for job in range(2):
        family = [int(rng.integers(2)) for _ in range(2)]
        for number, machines in enumerate(((0,), (1, 2))):
            operations.append(
                Operation(
                    job,
                    tuple(Mode(m, int(rng.integers(1, 4)), kw[m]) for m in machines),
                    family=family[number],
                    load=float(rng.integers(1, 3)),
                    needs=((0, float(rng.integers(1, 3))),) if rng.random() < 0.4 else (),
                )
            )
        most = int(rng.integers(1, 5)) if rng.random() < 0.4 else None
        waits.append(Wait(2 * job, 2 * job + 1, int(rng.integers(0, 2)), None if most is None else most + 1))
    change = int(rng.integers(1, 3))
    setups = Setups(((0, change), (change, 0), (int(rng.integers(2)), int(rng.integers(2)))), 2.0)
    warm_up = int(rng.integers(1, 3))
    return ShopProblem(
        slots=slots,
        machines=3,
        jobs=tuple(
            Job(int(rng.integers(0, 2)), float(rng.integers(2, 9)), float(rng.integers(0, 5)))
            for _ in range(2)
        ),
        operations=tuple(operations),
        waits=tuple(waits),
        energy_price=rng.integers(0, 6, slots).astype(float),
        machine_price=rng.integers(0, 3, (3, slots)).astype(float),
        opened=rng.random((3, slots)) < 0.9,
        place=(0, 0, 1),
        travel=np.array([[0, 1], [1, 0]]) * int(rng.integers(0, 3)),
        setups={0: setups} if rng.random() < 0.7 else {},
        warmth={2: Warmth(1.0, 4.0, warm_up, warm_up + int(rng.integers(0, 3)))},
        batches={1: 3.0},
        resources=np.full((1, slots), 2.0),
    )


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=60, deadline=None)
def test_a_chain_gets_the_least_cost_with_all_rules_of_what_is_shared(seed: int) -> None:
    problem = small_shared_shop(seed)
    shop = compile_shop(problem)
    now = new_bookings(shop)

    def placed() -> list[Run]:
        return [
            Run(number, int(shop.modes["machine"][place["mode"]]), int(place["start"]), int(place["end"]))
            for number, place in enumerate(now.places[:4])
            if place["mode"] >= 0
        ]

    if not insert_job(shop, now, 1):
        return
    other = placed()
    shared = float(now.shared[0])
    possible = min(
        (
            cost(problem, [one, two, *other], Objective.MONEY)
            for one, two in product(runs_of(problem, 0), runs_of(problem, 1))
            if not broken_rules(problem, [one, two, *other])
        ),
        default=np.inf,
    )
    if not insert_job(shop, now, 0):
        assert possible == np.inf
        return
    assert broken_rules(problem, placed()) == []
    assert cost(problem, placed(), Objective.MONEY) == pytest.approx(possible)
    assert now.job_money.sum() + now.shared[0] == pytest.approx(possible)
    remove_job(shop, now, 0)
    assert placed() == other
    assert now.shared[0] == pytest.approx(shared)
