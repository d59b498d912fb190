"""Check a schedule and add up what it costs, from the problem and the runs alone.

It shares no arithmetic with the engines: they are judged by it before a schedule leaves the room.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from juli.workshop.problem import Mode, Objective, Operation, Run, ShopProblem


def broken_rules(problem: ShopProblem, runs: Sequence[Run]) -> list[str]:
    """Every rule that a schedule breaks, each as a sentence; empty if it breaks none."""
    counts = Counter(run.operation for run in runs)
    broken = [
        f"operation {number} has {counts[number]} runs, not one"
        for number in range(len(problem.operations))
        if counts[number] != 1
    ]
    broken += [f"there is no operation {number}" for number in counts if number >= len(problem.operations)]
    if broken:
        return broken
    by_operation = {run.operation: run for run in runs}
    for number, operation in enumerate(problem.operations):
        broken += _broken_by_run(problem, number, operation, by_operation[number])
    broken += _broken_waits(problem, by_operation)
    broken += _double_bookings(problem, runs)
    return broken


def cost(problem: ShopProblem, runs: Sequence[Run], objective: Objective) -> float:
    """What a schedule costs by an objective: slots for the makespan, else money."""
    if objective is Objective.MAKESPAN:
        return float(max((run.end for run in runs), default=0))
    money = 0.0
    complete = [float(job.release) for job in problem.jobs]
    for run in runs:
        operation = problem.operations[run.operation]
        mode = _mode(operation, run)
        complete[operation.job] = max(complete[operation.job], run.end)
        worked = slice(max(run.start, 0), max(min(run.end, problem.slots), 0))
        at_work = problem.is_open[run.machine, worked]
        money += mode.money + float(problem.slot_money(run.machine, mode.kw)[worked] @ at_work)
    for job, end in zip(problem.jobs, complete, strict=True):
        money += job.lead_price * (end - job.release)
        if job.due is not None:
            money += job.late_price * max(end - job.due, 0.0)
    return money


def _mode(operation: Operation, run: Run) -> Mode:
    return next(mode for mode in operation.modes if mode.machine == run.machine)


def _broken_by_run(problem: ShopProblem, number: int, operation: Operation, run: Run) -> Iterator[str]:
    if operation.fixed is not None:
        if (run.machine, run.start, run.end) != (
            operation.fixed.machine,
            operation.fixed.start,
            operation.fixed.end,
        ):
            yield f"operation {number} is fixed at {operation.fixed}, not {run}"
        return
    modes = [mode for mode in operation.modes if mode.machine == run.machine]
    if not modes:
        yield f"operation {number} can't be done on {problem.machine_name(run.machine)}"
        return
    begin = max(operation.earliest, problem.jobs[operation.job].release, 0)
    end = problem.slots if operation.latest is None else min(operation.latest, problem.slots)
    if run.start < begin or run.end > end:
        yield f"operation {number} runs over [{run.start}, {run.end}), outside [{begin}, {end})"
        return
    opened = problem.is_open[run.machine, run.start : run.end]
    worked = int(opened.sum())
    if worked != modes[0].duration:
        yield f"operation {number} works {worked} slots, not {modes[0].duration}"
    if not operation.pausable and worked != run.end - run.start:
        yield f"operation {number} may not pause, but {problem.machine_name(run.machine)} closes in its run"
    if worked and not (opened[0] and opened[-1]):
        yield f"operation {number} begins or ends in a closed slot"


def _broken_waits(problem: ShopProblem, runs: dict[int, Run]) -> Iterator[str]:
    for wait in problem.waits:
        if problem.operations[wait.after].fixed is not None:
            continue
        waited = runs[wait.after].start - runs[wait.before].end
        if waited < wait.least or (wait.most is not None and waited > wait.most):
            yield (
                f"operation {wait.after} starts {waited} slots after the end of {wait.before}, "
                f"not {wait.least} to {'any' if wait.most is None else wait.most}"
            )


def _double_bookings(problem: ShopProblem, runs: Sequence[Run]) -> Iterator[str]:
    rows: list[list[Run]] = [[] for _ in range(problem.machines)]
    for run in runs:
        if run.end > run.start:
            rows[run.machine].append(run)
    for row in rows:
        row.sort(key=lambda run: run.start)
        for one, other in pairwise(row):
            if other.start < one.end and not (_is_fixed(problem, one) and _is_fixed(problem, other)):
                yield (
                    f"operations {one.operation} and {other.operation} overlap on "
                    f"{problem.machine_name(one.machine)}"
                )


def _is_fixed(problem: ShopProblem, run: Run) -> bool:
    return problem.operations[run.operation].fixed is not None
