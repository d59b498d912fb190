"""Check a schedule and add up what it costs, from the problem and the runs alone.

It shares no arithmetic with the engines: they are judged by it before a schedule leaves the room.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

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
    broken += _broken_batches(problem, runs)
    broken += _broken_setups(problem, runs)
    broken += _overdrawn(problem, runs)
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
        money += mode.money
        if run.machine not in problem.batches:
            money += float(problem.slot_money(run.machine, mode.kw)[worked] @ at_work)
    for job, end in zip(problem.jobs, complete, strict=True):
        money += job.lead_price * (end - job.release)
        if job.due is not None:
            money += job.late_price * max(end - job.due, 0.0)
    return money + shared_money(problem, runs)


def shared_money(problem: ShopProblem, runs: Sequence[Run]) -> float:
    """What is paid for machines as a whole: batches, set-ups, and idling and warming up."""
    money = 0.0
    price = np.zeros(problem.slots) if problem.energy_price is None else problem.energy_price
    for machine in range(problem.machines):
        if machine in problem.batches:
            for run in _distinct(problem, runs, machine):
                worked = np.arange(max(run.start, 0), max(min(run.end, problem.slots), 0))
                worked = worked[problem.is_open[machine, worked]]
                kw = _mode(problem.operations[run.operation], run).kw
                money += float(problem.slot_money(machine, kw)[worked].sum())
        if machine in problem.setups:
            setups = problem.setups[machine]
            for _, _, slots in _changes(problem, runs, machine):
                money += float(problem.slot_money(machine, setups.kw)[slots].sum())
        if machine in problem.warmth:
            drawn_kw = _pauses_kw(problem, runs, machine)
            money += float(drawn_kw @ price) * problem.step_hours
    return money


def _pauses_kw(problem: ShopProblem, runs: Sequence[Run], machine: int) -> NDArray[np.float64]:
    """What a machine draws between its runs on top of being off, slot by slot."""
    warmth = problem.warmth[machine]
    drawn_kw = np.zeros(problem.slots)
    free_from: int | None = None
    for run in _distinct(problem, runs, machine):
        start = max(run.start, 0)
        if free_from is not None and start - free_from <= warmth.longest_pause:
            drawn_kw[free_from:start] = warmth.idle_kw
        else:
            drawn_kw[max(start - warmth.warm_up, 0) : start] = warmth.warm_up_kw
        free_from = run.end
    return drawn_kw


def _distinct(problem: ShopProblem, runs: Sequence[Run], machine: int) -> list[Run]:
    """The runs of a machine in time, one for each batch; what ended before slot 0 left out."""
    own = {
        (run.start, run.end): run
        for run in runs
        if run.machine == machine and run.end > max(run.start, 0) and run.start < problem.slots
    }
    return [own[key] for key in sorted(own)]


def _changes(
    problem: ShopProblem, runs: Sequence[Run], machine: int
) -> Iterator[tuple[Run, int, NDArray[np.int64]]]:
    """Each change of family: the run after it, the open slots that it takes, and those that it gets."""
    rows = problem.setups[machine].slots
    opened = np.flatnonzero(problem.is_open[machine])
    family, free_from = len(rows) - 1, 0
    for run in _distinct(problem, runs, machine):
        after = problem.operations[run.operation].family
        needed = rows[family][after]
        if needed and run.start >= 0:
            room = opened[(opened >= free_from) & (opened < run.start)]
            yield run, needed, room[max(len(room) - needed, 0) :]
        family, free_from = after, run.end


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
        least = wait.least + problem.way(runs[wait.before].machine, runs[wait.after].machine)
        if waited < least or (wait.most is not None and waited > wait.most):
            yield (
                f"operation {wait.after} starts {waited} slots after the end of {wait.before}, "
                f"not {least} to {'any' if wait.most is None else wait.most}"
            )


def _double_bookings(problem: ShopProblem, runs: Sequence[Run]) -> Iterator[str]:
    rows: list[list[Run]] = [[] for _ in range(problem.machines)]
    for run in runs:
        if run.end > run.start:
            rows[run.machine].append(run)
    for machine, row in enumerate(rows):
        if machine in problem.batches:
            continue
        row.sort(key=lambda run: run.start)
        for one, other in pairwise(row):
            if other.start < one.end and not (_is_fixed(problem, one) and _is_fixed(problem, other)):
                yield (
                    f"operations {one.operation} and {other.operation} overlap on "
                    f"{problem.machine_name(one.machine)}"
                )


def _broken_batches(problem: ShopProblem, runs: Sequence[Run]) -> Iterator[str]:
    for machine, capacity in problem.batches.items():
        name = problem.machine_name(machine)
        own = sorted((run for run in runs if run.machine == machine), key=lambda run: (run.start, run.end))
        load: dict[int, float] = {}
        for run in own:
            load[run.start] = load.get(run.start, 0.0) + problem.operations[run.operation].load
        yield from (
            f"a load of {there:g} goes into {name} in slot {start}, which takes {capacity:g}"
            for start, there in load.items()
            if there > capacity * (1 + 1e-9)
        )
        for one, other in pairwise(own):
            families = [problem.operations[run.operation].family for run in (one, other)]
            together = (one.start, one.end) == (other.start, other.end) and families[0] == families[1]
            if other.start < one.end and not together:
                yield f"operations {one.operation} and {other.operation} overlap on {name} and share no batch"


def _broken_setups(problem: ShopProblem, runs: Sequence[Run]) -> Iterator[str]:
    for machine in problem.setups:
        for run, needed, slots in _changes(problem, runs, machine):
            if len(slots) < needed and not _is_fixed(problem, run):
                yield (
                    f"{problem.machine_name(machine)} has {len(slots)} open slots to be set up for operation "
                    f"{run.operation}, not {needed}"
                )


def _overdrawn(problem: ShopProblem, runs: Sequence[Run]) -> Iterator[str]:
    if problem.resources is None:
        return
    taken = np.zeros(problem.resources.shape)
    settled = np.zeros(problem.resources.shape)
    for run in runs:
        worked = np.arange(max(run.start, 0), max(min(run.end, problem.slots), 0))
        worked = worked[problem.is_open[run.machine, worked]]
        for resource, amount in problem.operations[run.operation].needs:
            taken[resource, worked] += amount
            if _is_fixed(problem, run):
                settled[resource, worked] += amount
    for resource, slots in enumerate(taken > np.maximum(problem.resources, settled) + 1e-9):
        if slots.any():
            slot = int(np.argmax(slots))
            yield (
                f"{taken[resource, slot]:g} of resource {resource} are taken in slot {slot}, "
                f"of {problem.resources[resource, slot]:g}"
            )


def _is_fixed(problem: ShopProblem, run: Run) -> bool:
    return problem.operations[run.operation].fixed is not None
