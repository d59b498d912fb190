"""What a schedule claims holds: the rules, the judge's own objective, the bound, the optimum."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.workshop.small_shops import least_cost, random_shop

from juli.core.clock import ManualClock
from juli.core.errors import InputError
from juli.plan.result import Status
from juli.workshop.bounds import LagrangianBound, makespan_bound
from juli.workshop.constraint import solve_exactly
from juli.workshop.judge import broken_rules, cost
from juli.workshop.makespan import Population, suits
from juli.workshop.problem import Job, Mode, Objective, Operation, Run, ShopProblem, chain
from juli.workshop.result import Progress
from juli.workshop.scheduling import schedule
from juli.workshop.stop import Stop

seeds = st.integers(0, 2**32 - 1)


def still_clock() -> ManualClock:
    """Only rounds end a search by this clock."""
    return ManualClock(datetime(2024, 1, 1, tzinfo=UTC))


def tiny(seed: int) -> ShopProblem:
    return random_shop(seed, slots=7, jobs=2, operations=2, trees=bool(seed % 2))


@given(seeds, st.sampled_from(list(Objective)))
@settings(max_examples=30)
def test_bound_optimum_and_objective_agree_where_all_schedules_can_be_tried(
    seed: int, objective: Objective
) -> None:
    problem = tiny(seed)
    least = least_cost(problem, objective)
    found = schedule(problem, objective=objective, seconds=20, iterations=500, seed=1)
    if least == np.inf:
        assert found.status in (Status.INFEASIBLE, Status.NO_PLAN)
        assert found.runs == ()
        return
    assert broken_rules(problem, found.runs) == []
    assert found.objective == pytest.approx(cost(problem, found.runs, objective))
    assert found.bound is not None
    assert found.bound <= least + 1e-6
    assert found.objective >= least - 1e-6
    if found.status is Status.OPTIMAL:
        assert found.objective == pytest.approx(least, rel=1e-5, abs=1e-6)


@given(seeds, st.sampled_from(list(Objective)))
@settings(max_examples=30)
def test_the_constraint_model_proves_the_optimum(seed: int, objective: Objective) -> None:
    problem = tiny(seed)
    least = least_cost(problem, objective)
    answer = solve_exactly(problem, objective, seconds=20)
    if least == np.inf:
        assert answer.status is Status.INFEASIBLE
        return
    assert answer.status is Status.OPTIMAL
    assert cost(problem, answer.runs, objective) == pytest.approx(least, rel=1e-6, abs=1e-6)
    assert answer.bound == pytest.approx(least, rel=1e-6, abs=1e-6)


@given(seeds)
@settings(max_examples=40)
def test_prices_on_machine_time_give_a_bound(seed: int) -> None:
    problem = tiny(seed)
    least = least_cost(problem, Objective.MONEY)
    relaxed = LagrangianBound(problem)
    relaxed.raise_towards(0.0 if least == np.inf else least, Stop(still_clock(), 0.0, 1.0, 60))
    assert relaxed.bound <= least + 1e-6


@example(7990)  # operations without a duration, which could go round in a circle
@example(2213799)  # nothing fits into the horizon
@given(seeds)
@settings(max_examples=30)
def test_the_shortest_schedule_is_no_shorter_than_its_bound(seed: int) -> None:
    problem = random_shop(seed, slots=12, jobs=2, operations=2, calendars=False, most_waits=False)
    least = least_cost(problem, Objective.MAKESPAN)
    assert makespan_bound(problem) <= least
    assert suits(problem)
    population = Population(problem, 3)
    population.evolve(Stop(still_clock(), 0.0, 1.0, 3000), target=lambda: 0.0)
    # The search knows no horizon: where nothing fits, what it finds must end beyond it.
    assert population.makespan >= min(least, problem.slots + 1)
    assert broken_rules(problem, population.runs()) == [] or population.makespan > problem.slots


def larger(seed: int) -> ShopProblem:
    return random_shop(seed, slots=60, jobs=6, operations=6, calendars=bool(seed % 2))


@pytest.mark.parametrize(
    ("objective", "threads"), [(Objective.MAKESPAN, 1), (Objective.MONEY, 1), (Objective.MONEY, 2)]
)
def test_equal_seeds_and_rounds_give_equal_schedules(objective: Objective, threads: int) -> None:
    problem = larger(4)
    found = [
        schedule(
            problem,
            objective=objective,
            seconds=100,
            iterations=3000,
            seed=5,
            threads=threads,
            clock=still_clock(),
        )
        for _ in range(2)
    ]
    assert found[0] == found[1]
    assert found[0].runs


class TickingClock(ManualClock):
    """A second passes with every look."""

    def elapsed_seconds(self) -> float:
        self.advance(timedelta(seconds=1))
        return super().elapsed_seconds()


def test_a_search_whose_rounds_are_slow_looks_at_the_clock_in_time() -> None:
    population = Population(larger(4), 3)
    population.evolve(Stop(TickingClock(datetime(2024, 1, 1, tzinfo=UTC)), 0.0, 12.0), target=lambda: 0.0)
    assert 0 < population.rounds < 50


def test_progress_tells_falling_costs_and_rising_bounds() -> None:
    told: list[Progress] = []
    found = schedule(larger(6), seconds=20, iterations=3000, progress=told.append, clock=still_clock())
    costs = [step.objective for step in told if step.objective is not None]
    bounds = [step.bound for step in told if step.bound is not None]
    assert costs == sorted(costs, reverse=True)
    assert bounds == sorted(bounds)
    assert costs[-1] == pytest.approx(found.objective)
    assert all(step.gap is None or step.gap >= 0 for step in told)


def test_two_threads_search_side_by_side() -> None:
    problem = larger(8)
    one = schedule(problem, seconds=100, iterations=2000, seed=5, clock=still_clock())
    two = schedule(problem, seconds=100, iterations=2000, seed=5, threads=2, clock=still_clock())
    assert one.objective is not None
    assert two.objective is not None
    assert two.objective <= one.objective


def test_a_search_goes_on_from_a_given_schedule_and_never_ends_above_it() -> None:
    problem = larger(10)
    first = schedule(problem, seconds=100, iterations=500, clock=still_clock())
    again = schedule(problem, seconds=100, iterations=50, start=first.runs, clock=still_clock())
    assert first.objective is not None
    assert again.objective is not None
    assert again.objective <= first.objective


def test_a_start_that_breaks_a_rule_is_refused() -> None:
    problem = ShopProblem(9, 1, (Job(),), (Operation(0, (Mode(0, 2),)),) * 2, chain([0, 1]))
    with pytest.raises(InputError, match="overlap"):
        schedule(problem, seconds=1, start=[Run(0, 0, 0, 2), Run(1, 0, 1, 3)])


def test_what_no_machine_has_time_for_is_infeasible() -> None:
    problem = ShopProblem(3, 1, (Job(),), (Operation(0, (Mode(0, 4),)),))
    for objective in Objective:
        assert schedule(problem, objective=objective, seconds=1).status is Status.INFEASIBLE


def test_no_work_ends_at_once() -> None:
    found = schedule(ShopProblem(5, 1, (Job(),), ()), objective=Objective.MAKESPAN, seconds=1)
    assert (found.status, found.objective, found.bound, found.runs) == (Status.OPTIMAL, 0.0, 0.0, ())


@pytest.mark.parametrize("objective", list(Objective))
def test_shops_at_the_edge_are_scheduled(objective: Objective) -> None:
    nothing = ShopProblem(5, 1, (Job(),), ())
    assert schedule(nothing, objective=objective, seconds=1).objective in (0.0, None)
    # All zero, one machine, and the same machine again and again.
    zero = ShopProblem(5, 1, (Job(),), (Operation(0, (Mode(0, 0),)),) * 3, chain(range(3)))
    assert schedule(zero, objective=objective, seconds=5, iterations=200).status is Status.OPTIMAL
    work = tuple(Operation(number // 3, (Mode(0, 1 + number % 2),)) for number in range(6))
    again = ShopProblem(20, 1, (Job(), Job()), work, (*chain(range(3)), *chain(range(3, 6))))
    found = schedule(again, objective=objective, seconds=5, iterations=500)
    assert found.status is Status.OPTIMAL
    assert broken_rules(again, found.runs) == []
