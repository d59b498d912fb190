"""CP-SAT knows the rules of what is shared: its least cost is that of trying everything."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.workshop.shared_shops import shared_shop
from tests.workshop.small_shops import runs_of
from tests.workshop.test_sharing_exactly import small_shared_shop

from juli.core.clock import SystemClock
from juli.plan.result import Status
from juli.workshop.annealing import Annealing
from juli.workshop.arrays import compile_shop
from juli.workshop.bookings import new_bookings
from juli.workshop.bounds import LagrangianBound
from juli.workshop.constraint import can_tell, solve_exactly
from juli.workshop.insertion import insert_job
from juli.workshop.judge import broken_rules, cost
from juli.workshop.problem import Job, Mode, Objective, Operation, Run, ShopProblem
from juli.workshop.stop import Stop


def least_by_trying(problem: ShopProblem, objective: Objective, first: list[Run]) -> float:
    """The least cost over all runs of what is not placed yet, by the judge alone."""
    best = np.inf
    left = [
        number for number in range(len(problem.operations)) if number not in {run.operation for run in first}
    ]

    def place(at: int, runs: list[Run]) -> None:
        nonlocal best
        if at == len(left):
            if not broken_rules(problem, runs):
                best = min(best, cost(problem, sorted(runs, key=lambda run: run.operation), objective))
            return
        for run in runs_of(problem, left[at]):
            place(at + 1, [*runs, run])

    place(0, first)
    return best


@given(st.integers(0, 2**32 - 1), st.sampled_from(list(Objective)))
@settings(max_examples=12, deadline=None)
def test_the_least_cost_with_shared_rules_is_that_of_trying_everything(
    seed: int, objective: Objective
) -> None:
    problem = small_shared_shop(seed)
    rng = np.random.default_rng(seed)
    # One job stands where it may, so that all places of the other can be tried.
    standing = [
        runs[int(rng.integers(len(runs)))] for number in (2, 3) if (runs := list(runs_of(problem, number)))
    ]
    answer = solve_exactly(held_at(problem, standing), objective, seconds=20)
    if len(standing) < 2:
        return
    least = least_by_trying(problem, objective, standing)
    if least == np.inf:
        assert answer.status is Status.INFEASIBLE
        return
    assert answer.status is Status.OPTIMAL
    assert broken_rules(problem, answer.runs) == []
    assert cost(problem, answer.runs, objective) == pytest.approx(least, abs=1e-4)
    assert answer.bound is not None
    assert answer.bound <= least + 1e-6


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=12, deadline=None)
def test_no_schedule_around_fixed_runs_is_cheaper_than_the_bound(seed: int) -> None:
    problem = small_shared_shop(seed)
    rng = np.random.default_rng(seed)
    fixed = [
        runs[int(rng.integers(len(runs)))] for number in (2, 3) if (runs := list(runs_of(problem, number)))
    ]
    problem = fixed_at(problem, fixed)
    answer = solve_exactly(problem, Objective.MONEY, seconds=20)
    least = least_by_trying(problem, Objective.MONEY, fixed) if len(fixed) == 2 else np.inf
    if least < np.inf:
        assert broken_rules(problem, answer.runs) == []
        assert answer.bound is not None
        assert answer.bound <= least + 1e-6


def fixed_at(problem: ShopProblem, runs: list[Run]) -> ShopProblem:
    """The same shop with runs that stand."""
    operations: list[Operation] = list(problem.operations)
    for run in runs:
        operations[run.operation] = replace(operations[run.operation], fixed=run)
    return replace(problem, operations=tuple(operations))


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=12, deadline=None)
def test_the_engine_finds_no_cheaper_schedule_than_the_least(seed: int) -> None:
    problem = small_shared_shop(seed)
    answer = solve_exactly(problem, Objective.MONEY, seconds=20)
    search = Annealing(problem, seed)
    search.run(Stop(SystemClock(), 0.0, np.inf, 300))
    found = search.runs()
    if answer.status is Status.INFEASIBLE:
        assert not found
        return
    assert answer.status is Status.OPTIMAL
    assert answer.bound is not None
    assert broken_rules(problem, answer.runs) == []
    if found:
        assert broken_rules(problem, found) == []
        assert answer.bound <= cost(problem, found, Objective.MONEY) + 1e-6
        assert cost(problem, answer.runs, Objective.MONEY) <= cost(problem, found, Objective.MONEY) + 1e-4


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=12, deadline=None)
def test_a_job_is_put_back_as_cheaply_as_cp_sat_can(seed: int) -> None:
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
    others = held_at(problem, placed())
    answer = solve_exactly(others, Objective.MONEY, seconds=20)
    if not insert_job(shop, now, 0):
        assert answer.status is Status.INFEASIBLE
        return
    assert answer.status is Status.OPTIMAL
    assert broken_rules(problem, answer.runs) == []
    assert cost(problem, placed(), Objective.MONEY) == pytest.approx(
        cost(problem, answer.runs, Objective.MONEY), abs=1e-4
    )


def held_at(problem: ShopProblem, runs: list[Run]) -> ShopProblem:
    """The same shop with operations that can run at one place only, with all rules."""
    operations = list(problem.operations)
    for run in runs:
        one = operations[run.operation]
        modes = tuple(mode for mode in one.modes if mode.machine == run.machine)
        operations[run.operation] = replace(one, modes=modes, earliest=run.start, latest=run.end)
    return replace(problem, operations=tuple(operations))


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=12, deadline=None)
def test_schedules_of_larger_shops_break_no_rule(seed: int) -> None:
    problem = shared_shop(seed)
    assert can_tell(problem)
    answer = solve_exactly(problem, None, seconds=0.3, seed=1, repeatable=True)
    search = Annealing(problem, 0)
    search.run(Stop(SystemClock(), 0.0, np.inf, 20))
    if answer.runs:
        assert broken_rules(problem, answer.runs) == []
    if search.runs():
        assert answer.status is not Status.INFEASIBLE


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=25, deadline=None)
def test_prices_on_machine_time_and_shares_of_batches_give_a_bound(seed: int) -> None:
    problem = small_shared_shop(seed)
    answer = solve_exactly(problem, Objective.MONEY, seconds=20)
    if answer.status is not Status.OPTIMAL:
        return
    least = cost(problem, answer.runs, Objective.MONEY)
    relaxed = LagrangianBound(problem)
    relaxed.raise_towards(least, Stop(SystemClock(), 0.0, np.inf, 80))
    assert relaxed.bound <= least + 1e-6


def test_what_goes_into_an_oven_pays_its_share_of_it() -> None:
    operations = tuple(Operation(job, (Mode(0, 2, 10.0),), load=2.0) for job in range(4))
    problem = ShopProblem(
        slots=20,
        machines=1,
        jobs=tuple(Job() for _ in range(4)),
        operations=operations,
        energy_price=np.ones(20),
        machine_price=np.full((1, 20), 5.0),
        batches={0: 4.0},
    )
    # Two loads of two slots at 10 + 5 are the least, and the shares come to just that.
    relaxed = LagrangianBound(problem)
    relaxed.raise_towards(60.0, Stop(SystemClock(), 0.0, np.inf, 5))
    assert relaxed.bound == pytest.approx(60.0, abs=1e-4)
    answer = solve_exactly(problem, Objective.MONEY, seconds=20)
    assert cost(problem, answer.runs, Objective.MONEY) == pytest.approx(60.0)


def test_thirds_are_not_told() -> None:
    problem = small_shared_shop(3)
    operations = tuple(replace(operation, load=1 / 3) for operation in problem.operations)
    assert not can_tell(replace(problem, operations=operations))
