"""Small random shops, and the cheapest schedule of one by trying everything."""

from collections.abc import Iterator, Sequence

import numpy as np

from juli.workshop.judge import broken_rules, cost
from juli.workshop.problem import Job, Mode, Objective, Operation, Run, ShopProblem, Wait


def random_shop(
    seed: int,
    *,
    slots: int = 9,
    jobs: int = 2,
    operations: int = 2,
    calendars: bool = True,
    trees: bool = False,
    most_waits: bool = True,
) -> ShopProblem:
    """A shop drawn with prices, calendars, releases, promises, waits, zero durations and pauses."""
    rng = np.random.default_rng(seed)
    machines = int(rng.integers(1, 4))
    work: list[Operation] = []
    waits: list[Wait] = []
    for job in range(jobs):
        first = len(work)
        for number in range(int(rng.integers(1, operations + 1))):
            chosen = rng.choice(machines, int(rng.integers(1, machines + 1)), replace=False)
            modes = tuple(
                Mode(
                    int(machine),
                    int(rng.integers(0, 4)),
                    float(rng.integers(1, 9)),
                    float(rng.choice([0, 0, 2])),
                )
                for machine in chosen
            )
            work.append(Operation(job, modes, pausable=bool(rng.random() < 0.5)))
            if number:
                before = first + (int(rng.integers(0, number)) if trees else number - 1)
                after = first + number
                if trees:
                    # What was drawn first comes last, so each has one successor: a tree.
                    before, after = after, before
                least = int(rng.choice([0, 0, 1]))
                most = least + int(rng.integers(1, 4)) if most_waits and rng.random() < 0.3 else None
                waits.append(Wait(before, after, least, most))
    return ShopProblem(
        slots=slots,
        machines=machines,
        jobs=tuple(
            Job(
                int(rng.integers(0, 3)),
                float(rng.integers(2, slots)),
                float(rng.choice([0, 1, 5])),
                float(rng.choice([0, 0.5])),
            )
            for _ in range(jobs)
        ),
        operations=tuple(work),
        waits=tuple(waits),
        step_hours=0.5,
        energy_price=rng.integers(0, 6, slots).astype(float),
        machine_price=rng.integers(0, 3, (machines, slots)).astype(float),
        opened=rng.random((machines, slots)) < 0.8 if calendars else None,
    )


def runs_of(problem: ShopProblem, number: int) -> Iterator[Run]:
    """Every run of an operation that its calendar and its window allow."""
    operation = problem.operations[number]
    for mode in operation.modes:
        for start in range(problem.jobs[operation.job].release, problem.slots + 1):
            for end in range(start, problem.slots + 1):
                opened = problem.is_open[mode.machine, start:end]
                worked = int(opened.sum())
                if worked > mode.duration:
                    break
                whole = operation.pausable or worked == end - start
                if worked == mode.duration and whole and (not worked or (opened[0] and opened[-1])):
                    yield Run(number, mode.machine, start, end)


def least_cost(problem: ShopProblem, objective: Objective, placed: Sequence[Run] = ()) -> float:
    """The least cost with some runs standing, by trying every schedule; infinite if there is none."""
    order = [number for number in problem.topological if number not in {run.operation for run in placed}]
    every = {number: list(runs_of(problem, number)) for number in order}
    before = {
        number: [wait for wait in problem.waits if number in (wait.before, wait.after)]
        for number in range(len(problem.operations))
    }
    best = np.inf

    def fits(run: Run, runs: dict[int, Run]) -> bool:
        for other in runs.values():
            both_work = run.end > run.start and other.end > other.start
            if both_work and other.machine == run.machine and run.start < other.end and other.start < run.end:
                return False
        for wait in before[run.operation]:
            one = run if wait.before == run.operation else runs.get(wait.before)
            other_run = run if wait.after == run.operation else runs.get(wait.after)
            if one is None or other_run is None:
                continue
            waited = other_run.start - one.end
            if waited < wait.least or (wait.most is not None and waited > wait.most):
                return False
        return True

    def place(at: int, runs: dict[int, Run]) -> None:
        nonlocal best
        if at == len(order):
            best = min(best, cost(problem, list(runs.values()), objective))
            return
        for run in every[order[at]]:
            if fits(run, runs):
                place(at + 1, {**runs, run.operation: run})

    place(0, {run.operation: run for run in placed})
    return best


def assert_holds(problem: ShopProblem, runs: Sequence[Run]) -> None:
    """The judge finds nothing wrong."""
    assert broken_rules(problem, runs) == []
