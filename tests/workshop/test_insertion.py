"""One job goes back in at the least cost that is possible."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.workshop.small_shops import least_cost, random_shop

from juli.workshop.annealing import Annealing, first_schedule
from juli.workshop.arrays import compile_shop
from juli.workshop.bookings import new_bookings
from juli.workshop.chains import _place, _unbook, new_chains, suits_chains
from juli.workshop.insertion import insert_job, remove_job
from juli.workshop.judge import broken_rules, cost
from juli.workshop.problem import Objective, Run, ShopProblem
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
        _unbook(fast.mode, fast.run, fast.booked, operation)
        fast.was[operation] = fast.run[operation]
    members = shop.part[: shop.group_from[1]]
    fast.piece[0, : len(members)] = members
    added = _place(
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
