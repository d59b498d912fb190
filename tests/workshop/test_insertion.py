"""One job goes back in at the least cost that is possible."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.workshop.shared_shops import shared_shop
from tests.workshop.small_shops import least_cost, random_shop

from juli.workshop.annealing import Annealing, first_schedule
from juli.workshop.arrays import compile_shop
from juli.workshop.bookings import end_of, fixed_bookings, new_bookings
from juli.workshop.chains import new_chains, place_runs, suits_chains, unbook_run
from juli.workshop.insertion import insert_group, insert_job, relaxed_group, remove_job
from juli.workshop.judge import broken_rules, cost
from juli.workshop.problem import Job, Mode, Objective, Operation, Run, ShopProblem, Wait
from juli.workshop.sharing import has_room
from juli.workshop.stop import Stop

seeds = st.integers(0, 2**32 - 1)


class Endless:
    """A clock that stands still: only rounds end a search."""

    def elapsed_seconds(self) -> float:
        return 0.0


def rounds(count: int) -> Stop:
    return Stop(Endless(), 0.0, 1.0, count)  # type: ignore[arg-type]  # a clock that stands still


def runs_in(problem: ShopProblem, shop, now) -> list[Run]:  # type: ignore[no-untyped-def]  # compiled records
    return [
        Run(number, int(shop.modes["machine"][place["mode"]]), int(place["start"]), int(place["end"]))
        for number, place in enumerate(now.places[: len(problem.operations)])
        if place["mode"] >= 0
    ]


@given(seeds)
@settings(max_examples=150)
def test_a_chain_gets_the_least_cost_around_what_is_placed(seed: int) -> None:
    problem = random_shop(seed, slots=10, jobs=2, operations=3)
    shop = compile_shop(problem)
    now = new_bookings(shop)
    if not insert_job(shop, now, 1):
        return
    placed = runs_in(problem, shop, now)
    possible = least_cost(problem, Objective.MONEY, placed)
    if not insert_job(shop, now, 0):
        assert possible == np.inf
        return
    runs = runs_in(problem, shop, now)
    assert broken_rules(problem, runs) == []
    assert cost(problem, runs, Objective.MONEY) == pytest.approx(possible)
    assert now.job_money.sum() == pytest.approx(possible)
    remove_job(shop, now, 0)
    assert runs_in(problem, shop, now) == placed


@given(seeds)
@settings(max_examples=60)
def test_a_tree_with_branches_on_machines_of_their_own_gets_the_least_cost(seed: int) -> None:
    problem = random_shop(seed, slots=9, jobs=1, operations=4, trees=True, most_waits=False)
    machines = [mode.machine for operation in problem.operations for mode in operation.modes]
    shop = compile_shop(problem)
    now = new_bookings(shop)
    placed = insert_job(shop, now, 0)
    if not placed:
        return
    runs = runs_in(problem, shop, now)
    assert broken_rules(problem, runs) == []
    if len(set(machines)) == len(machines):
        assert cost(problem, runs, Objective.MONEY) == pytest.approx(least_cost(problem, Objective.MONEY))


@given(seeds, st.booleans(), st.booleans())
@settings(max_examples=80)
def test_annealing_keeps_its_account_and_every_rule(seed: int, trees: bool, calendars: bool) -> None:
    problem = random_shop(
        seed, slots=40, jobs=5, operations=5, trees=trees, calendars=calendars, most_waits=calendars
    )
    search = Annealing(problem, seed % 1000)
    search.run(rounds(300))
    runs = search.runs()
    if runs:
        assert broken_rules(problem, runs) == []
        assert cost(problem, runs, Objective.MONEY) == pytest.approx(search.least_money)


@given(seeds)
@settings(max_examples=40)
def test_the_fast_program_for_chains_puts_a_job_back_as_cheaply_as_the_general_one(seed: int) -> None:
    problem = random_shop(seed, slots=30, jobs=4, operations=4, calendars=False, most_waits=False)
    shop = compile_shop(problem)
    now = first_schedule(problem, shop)
    if (now.places["mode"] < 0).any():
        return
    assert suits_chains(problem, shop)
    fast = new_chains(shop, now)
    for operation in np.flatnonzero(shop.operations["job"] == 0):
        unbook_run(fast.mode, fast.run, fast.booked, operation)
        fast.was[operation] = fast.run[operation]
    members = shop.part[: shop.group_from[1]]
    fast.piece[0, : len(members)] = members
    added = place_runs(
        *(fast.operation, fast.mode, fast.rate, fast.price, fast.promise, fast.run, fast.was, fast.booked),
        *(fast.cost, fast.choice, fast.piece, 0, len(members)),
    )
    remove_job(shop, now, 0)
    assert insert_job(shop, now, 0)
    assert added == pytest.approx(now.job_money[0])


@given(seeds)
@settings(max_examples=20)
def test_equal_seeds_and_rounds_give_equal_schedules(seed: int) -> None:
    problem = random_shop(seed, slots=40, jobs=4, operations=4)
    found = []
    for _ in range(2):
        search = Annealing(problem, 7)
        search.run(rounds(200))
        found.append(search.runs())
    assert found[0] == found[1]


def partly_fixed(seed: int) -> ShopProblem:
    """A shop with shared rules in which about half of a schedule is fixed, and hours close afterwards."""
    problem = shared_shop(seed)
    shop = compile_shop(problem)
    rng = np.random.default_rng(seed)
    operations = list(problem.operations)
    for run in runs_in(problem, shop, first_schedule(problem, shop)):
        if rng.random() < 0.5:
            operations[run.operation] = replace(operations[run.operation], fixed=run)
    opened = problem.is_open & (rng.random(problem.is_open.shape) < rng.choice([0.9, 0.99, 1.0]))
    return replace(problem, operations=tuple(operations), opened=opened)


@given(seeds)
@settings(max_examples=150)
def test_what_the_program_finds_room_for_the_bookings_accept(seed: int) -> None:
    problem = partly_fixed(seed)
    shop = compile_shop(problem)
    now = new_bookings(shop, fixed_bookings(problem, shop))
    for at in range(len(shop.group_from) - 1):
        group = shop.part[shop.group_from[at] : shop.group_from[at + 1]]
        if relaxed_group(shop, now, group, True) == np.inf:
            continue
        for operation, part in zip(group, now.parts.copy(), strict=False):
            assert part["start_low"] <= part["start"] <= part["start_high"]
            assert part["end_low"] <= part["end"] <= part["end_high"]
            assert end_of(shop, operation, part["mode"], part["start"]) == part["end"]
            assert has_room(shop, now, operation, part["mode"], part["start"], part["end"])
        insert_group(shop, now, group)


def test_what_goes_into_a_fixed_operation_is_placed_before_it() -> None:
    operations = (
        Operation(0, (Mode(0, 2),)),
        Operation(0, (Mode(1, 2),), fixed=Run(1, 1, 6, 8)),
        Operation(0, (Mode(2, 2),)),
        Operation(0, (Mode(2, 1),)),
    )
    problem = ShopProblem(
        slots=12,
        machines=3,
        jobs=(Job(due=9.0, late_price=1.0),),
        operations=operations,
        waits=(Wait(0, 1), Wait(1, 3), Wait(2, 3)),
        energy_price=np.ones(12),
    )
    shop = compile_shop(problem)
    now = new_bookings(shop, fixed_bookings(problem, shop))
    assert insert_job(shop, now, 0)
    ends = {run.operation: run.end for run in runs_in(problem, shop, now)}
    assert ends[3] >= 9
    assert ends[2] <= ends[3] - 1
    assert 0 in ends
