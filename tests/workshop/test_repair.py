"""Repairing a told schedule: nothing moves without need, and what moves keeps every rule."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from juli.core.clock import SystemClock
from juli.workshop import judge
from juli.workshop.annealing import Annealing
from juli.workshop.problem import Job, Mode, Operation, Run, ShopProblem, Wait, chain
from juli.workshop.repair import repair
from juli.workshop.stop import Stop


def stop(rounds: int = 4) -> Stop:
    clock = SystemClock()
    return Stop(clock, clock.elapsed_seconds(), 60.0, rounds)


def works(jobs: int, seed: int, slots: int = 240) -> ShopProblem:
    """Chains over eight machines, two of them closed at night."""
    rng = np.random.default_rng(seed)
    opened = np.ones((8, slots), dtype=bool)
    opened[:2] = np.arange(slots) % 48 < 32
    operations: list[Operation] = []
    waits: list[Wait] = []
    rows = []
    for job in range(jobs):
        first = len(operations)
        for machine in rng.choice(8, 4, replace=False).tolist():
            other, duration = int((machine + 1) % 8), int(rng.integers(2, 7))
            modes = (Mode(machine, duration, 5.0), Mode(other, duration + 1, 4.0))
            operations.append(Operation(job, modes, pausable=bool(rng.random() < 0.5)))
        waits += chain(range(first, len(operations)))
        rows.append(Job(due=float(rng.integers(40, 160)), late_price=float(rng.integers(1, 9))))
    price = np.where(np.arange(slots) % 48 < 16, 0.2, 0.6)
    return ShopProblem(slots, 8, tuple(rows), tuple(operations), tuple(waits), 0.5, price, opened=opened)


def told_runs(shop: ShopProblem) -> dict[int, Run]:
    search = Annealing(shop, 1)
    search.run(stop(300))
    return {run.operation: run for run in search.runs()}


def after_stop(shop: ShopProblem, told: dict[int, Run], machine: int, first: int, last: int) -> ShopProblem:
    """The shop at slot ``first`` with a machine that stands still; what has begun elsewhere is fixed."""
    assert shop.opened is not None
    opened = shop.opened.copy()
    opened[machine, first:last] = False
    operations = tuple(
        replace(one, fixed=run)
        if run.start < first and not (run.machine == machine and run.end > first)
        else replace(one, earliest=first)
        for one, run in zip(shop.operations, told.values(), strict=True)
    )
    return replace(shop, operations=operations, opened=opened)


def test_without_an_event_nothing_moves_however_cheap_moving_is_made_dear() -> None:
    shop = works(12, 0)
    told = told_runs(shop)
    done = repair(shop, told, move_money=1e6, stop=stop())
    assert done.moved == frozenset()
    assert done.broken == frozenset()
    assert {run.operation: run for run in done.runs} == told


@settings(max_examples=25)
@given(
    seed=st.integers(0, 10_000),
    machine=st.integers(0, 7),
    first=st.integers(5, 80),
    length=st.integers(1, 40),
)
def test_a_stopped_machine_leaves_a_schedule_that_keeps_every_rule(
    seed: int, machine: int, first: int, length: int
) -> None:
    shop = works(10, seed)
    told = told_runs(shop)
    if len(told) < len(shop.operations):
        return
    now = after_stop(shop, told, machine, first, first + length)
    done = repair(now, told, move_money=5.0, stop=stop(2))
    assert done.runs
    assert judge.broken_rules(now, done.runs) == []
    for number, operation in enumerate(now.operations):
        if operation.fixed is not None:
            assert done.runs[number] == told[number]
    assert done.moved == {number for number in told if done.runs[number] != told[number]}


def test_a_dear_move_moves_no_more_than_a_free_one_and_few_that_no_event_touched() -> None:
    shop = works(24, 5)
    told = told_runs(shop)
    now = after_stop(shop, told, 3, 30, 60)
    free, dear = (repair(now, told, move_money=price, stop=stop(6)) for price in (0.0, 1e4))
    assert free.broken == dear.broken != frozenset()
    assert len(dear.moved) <= len(free.moved)
    assert free.money <= dear.money + 1e-6
    assert len(dear.moved - dear.broken) <= 0.1 * len(told)


def test_a_late_job_gets_the_machine_where_that_is_worth_the_other_ones_move() -> None:
    """Job 0 breaks and is dear when late; job 1 stands in its way and has all the time in the world."""
    jobs = (Job(due=10, late_price=100.0), Job(due=30, late_price=1.0))
    shop = ShopProblem(
        40,
        2,
        jobs,
        (
            Operation(0, (Mode(0, 5), Mode(1, 5)), earliest=4),
            Operation(1, (Mode(1, 6),), earliest=4),
        ),
        opened=np.array([[False] * 40, [True] * 40]),
    )
    told = {0: Run(0, 0, 4, 9), 1: Run(1, 1, 4, 10)}
    cheap = repair(shop, told, move_money=10.0, stop=stop(20))
    assert cheap.runs == (Run(0, 1, 4, 9), Run(1, 1, cheap.runs[1].start, cheap.runs[1].end))
    assert cheap.moved == {0, 1}
    dear = repair(shop, told, move_money=1e6, stop=stop(20))
    assert dear.runs[1] == told[1]
    assert dear.runs[0].start >= 10


def test_what_nothing_else_fits_around_frees_the_whole_job() -> None:
    """The second operation can't follow the delayed first where it was told: it moves too."""
    shop = ShopProblem(
        20,
        2,
        (Job(due=8, late_price=1.0),),
        (Operation(0, (Mode(0, 3),), earliest=6), Operation(0, (Mode(1, 2),), earliest=2)),
        chain([0, 1]),
    )
    done = repair(shop, {0: Run(0, 0, 2, 5), 1: Run(1, 1, 5, 7)}, move_money=3.0, stop=stop())
    assert done.runs == (Run(0, 0, 6, 9), Run(1, 1, 9, 11))
    assert done.broken == {0}


def test_a_new_job_is_put_in_without_moving_anyone_where_there_is_room() -> None:
    shop = ShopProblem(
        20,
        1,
        (Job(), Job(due=20.0, late_price=1.0)),
        (Operation(0, (Mode(0, 4),)), Operation(1, (Mode(0, 4),))),
    )
    done = repair(shop, {0: Run(0, 0, 6, 10)}, move_money=1.0, stop=stop())
    assert done.moved == frozenset()
    assert done.broken == {1}


def test_no_room_is_told_by_no_runs() -> None:
    shop = ShopProblem(4, 1, (Job(), Job()), (Operation(0, (Mode(0, 3),)), Operation(1, (Mode(0, 3),))))
    assert repair(shop, {0: Run(0, 0, 0, 3)}, move_money=1.0, stop=stop()).runs == ()


@pytest.mark.parametrize("seed", range(2))
def test_equal_seeds_and_rounds_repair_alike(seed: int) -> None:
    shop = works(16, 3)
    told = told_runs(shop)
    now = after_stop(shop, told, 2, 20, 70)
    first, second = (repair(now, told, move_money=2.0, stop=stop(3), seed=seed) for _ in range(2))
    assert first == second
