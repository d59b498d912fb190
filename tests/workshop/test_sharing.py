"""What runs share: every rule is kept by the engine, at the cost that the judge finds."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from tests.workshop.shared_shops import shared_shop

from juli.core.clock import SystemClock
from juli.core.errors import InputError
from juli.workshop.annealing import Annealing
from juli.workshop.bounds import LagrangianBound
from juli.workshop.judge import broken_rules, cost
from juli.workshop.problem import (
    Job,
    Mode,
    Objective,
    Operation,
    Run,
    Setups,
    ShopProblem,
    Wait,
    Warmth,
    chain,
)
from juli.workshop.search import BEST
from juli.workshop.stop import Stop


def annealed(problem: ShopProblem, rounds: int = 200) -> Annealing:
    clock = SystemClock()
    search = Annealing(problem, 1)
    search.run(Stop(clock, clock.elapsed_seconds(), 600.0, rounds))
    return search


def schedule_of(problem: ShopProblem, rounds: int = 200) -> tuple[Run, ...]:
    runs = annealed(problem, rounds).runs()
    assert broken_rules(problem, runs) == []
    return runs


def shop(
    *operations: Operation, slots: int = 30, machines: int = 1, waits: tuple[Wait, ...] = (), **more: object
) -> ShopProblem:
    jobs = tuple(Job(due=0.0, late_price=1.0) for _ in range(1 + max(one.job for one in operations)))
    return ShopProblem(slots, machines, jobs, operations, waits, **more)  # type: ignore[arg-type]  # drawn options


def _holds(seeds: range) -> None:
    placed = 0
    for seed in seeds:
        problem = shared_shop(seed)
        search = annealed(problem, 100)
        runs = search.runs()
        if not runs:
            continue
        placed += 1
        assert broken_rules(problem, runs) == [], seed
        money = cost(problem, runs, Objective.MONEY)
        assert money == pytest.approx(float(search._search.money[BEST]) + search._settled, abs=1e-6), seed
        bound = LagrangianBound(problem)
        bound.raise_towards(money, Stop(SystemClock(), 0.0, 1e9, 5))
        assert bound.bound <= money + 1e-6, seed
    assert placed > 0.9 * len(seeds)


def test_random_shops_with_any_of_the_rules_are_scheduled_without_violation_at_the_judges_cost() -> None:
    _holds(range(150))


@pytest.mark.slow
def test_thousands_of_random_shops_are_scheduled_without_violation() -> None:
    _holds(range(1000, 4000))


def test_a_change_of_family_takes_its_time() -> None:
    one, other = (Operation(job, (Mode(0, 2),), family=job) for job in (0, 1))
    setups = {0: Setups(((0, 3), (4, 0), (0, 1)))}
    runs = schedule_of(shop(one, other, setups=setups))
    assert sorted((run.operation, run.start, run.end) for run in runs) == [(0, 0, 2), (1, 5, 7)]
    early = [runs[0], replace(runs[1], start=4, end=6)]
    assert (
        "has 2 open slots to be set up for operation 1, not 3"
        in broken_rules(shop(one, other, setups=setups), early)[0]
    )


def test_runs_of_one_family_follow_each_other_where_changes_are_long() -> None:
    operations = [Operation(job, (Mode(0, 1),), family=job % 2) for job in range(6)]
    runs = schedule_of(shop(*operations, slots=40, setups={0: Setups(((0, 5), (5, 0), (0, 0)))}))
    families = [operations[run.operation].family for run in sorted(runs, key=lambda run: run.start)]
    assert sum(first != second for first, second in pairwise(families)) == 1


def test_a_change_that_takes_longer_than_by_way_of_a_third_family_is_refused() -> None:
    operations = [Operation(0, (Mode(0, 1),), family=family) for family in range(3)]
    with pytest.raises(InputError, match="by way of 1 only 2"):
        shop(*operations, setups={0: Setups(((0, 1, 9), (1, 0, 1), (1, 1, 0), (0, 0, 0)))})


def test_an_oven_takes_one_family_at_once_up_to_its_load() -> None:
    operations = [Operation(job, (Mode(0, 4),), family=int(job == 4), load=1.0) for job in range(5)]
    problem = shop(*operations, batches={0: 3.0})
    runs = schedule_of(problem)
    assert sorted({(run.start, run.end) for run in runs}) == [(0, 4), (4, 8), (8, 12)]
    crowded = [replace(run, start=0, end=4) for run in runs]
    assert any("which takes 3" in rule for rule in broken_rules(problem, crowded))
    shifted = [
        replace(run, start=run.start + (run.operation == 0), end=run.end + (run.operation == 0))
        for run in runs
    ]
    assert any("share no batch" in rule for rule in broken_rules(problem, shifted))


def test_a_batch_is_paid_for_once() -> None:
    operations = [Operation(job, (Mode(0, 4, kw=10.0),), load=1.0) for job in range(3)]
    problem = shop(*operations, batches={0: 3.0}, energy_price=np.ones(30))
    runs = [Run(number, 0, 0, 4) for number in range(3)]
    apart = [Run(number, 0, 4 * number, 4 * number + 4) for number in range(3)]
    assert cost(problem, runs, Objective.MONEY) == pytest.approx(40 + 3 * 4)
    assert cost(problem, apart, Objective.MONEY) == pytest.approx(120 + 4 + 8 + 12)


def test_people_are_in_one_place_at_a_time() -> None:
    operations = [Operation(job, (Mode(job, 3),), needs=((0, 1.0),)) for job in range(3)]
    problem = shop(*operations, machines=3, resources=np.full((1, 30), 2.0))
    runs = schedule_of(problem)
    assert sorted(run.start for run in runs) == [0, 0, 3]
    at_once = [replace(run, start=0, end=3) for run in runs]
    assert "3 of resource 0 are taken in slot 0, of 2" in broken_rules(problem, at_once)[0]


def test_parts_travel_from_line_to_line() -> None:
    operations = [Operation(0, (Mode(0, 2),)), Operation(0, (Mode(1, 2), Mode(2, 4)))]
    far = np.array([[0, 5], [5, 0]])
    problem = shop(*operations, machines=3, waits=chain([0, 1]), place=(0, 1, 0), travel=far)
    assert [(run.machine, run.start) for run in schedule_of(problem)] == [(0, 0), (2, 2)]
    too_soon = [Run(0, 0, 0, 2), Run(1, 1, 3, 5)]
    assert "operation 1 starts 1 slots after the end of 0, not 5" in broken_rules(problem, too_soon)[0]


def test_a_longest_wait_holds_the_step_before_back() -> None:
    blocked = Operation(1, (Mode(1, 10),), fixed=Run(2, 1, 0, 10))
    operations = [Operation(0, (Mode(0, 2),)), Operation(0, (Mode(1, 2),)), blocked]
    problem = shop(*operations, machines=2, waits=(Wait(0, 1, 0, 3),))
    runs = schedule_of(problem)
    assert (runs[0].start, runs[1].start) == (5, 10) or runs[1].start - runs[0].end <= 3


def test_a_cold_oven_is_warmed_up_and_idles_through_short_pauses() -> None:
    operations = [Operation(0, (Mode(0, 2, kw=10.0),)), Operation(0, (Mode(0, 2, kw=10.0),))]
    warmth = {0: Warmth(idle_kw=1.0, warm_up_kw=5.0, warm_up=2, longest_pause=4)}
    problem = shop(*operations, warmth=warmth, energy_price=np.ones(30), slots=30)
    problem = replace(problem, jobs=(Job(),))

    def energy(second: int) -> float:
        return cost(problem, [Run(0, 0, 3, 5), Run(1, 0, second, second + 2)], Objective.MONEY)

    assert energy(5) == pytest.approx(40 + 10)  # warmed up once, no pause
    assert energy(9) == pytest.approx(40 + 10 + 4)  # idles through four slots
    assert energy(10) == pytest.approx(40 + 20)  # switched off, and warmed up again
