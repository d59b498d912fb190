"""The rules of the workshop."""

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from juli.plan.account import working_slots
from juli.plan.checking.violation import Violation
from juli.plan.result import Run
from juli.plant.demand import Demand
from juli.plant.factory import Plant
from juli.plant.work import Operation, Work

Working = dict[str, NDArray[np.bool_]]


def production_violations(
    plant: Plant, demand: Demand, work: Work, runs: tuple[Run, ...]
) -> Iterator[Violation]:
    """Every broken rule of the workshop."""
    working = working_slots(plant, demand)
    yield from operation_once(work, runs)
    known = [(run, work.by_id[run.operation]) for run in runs if run.operation in work.by_id]
    for run, operation in known:
        yield from machine_suits(run, operation)
        yield from inside_horizon(demand, run)
        yield from release(demand, run, operation)
        if run.machine in working and run.machine in operation.slots_on:
            yield from duration(run, operation, working[run.machine])
            yield from shift(run, operation, working[run.machine])
    yield from precedence(work, runs)
    yield from one_at_a_time(runs)


def operation_once(work: Work, runs: tuple[Run, ...]) -> Iterator[Violation]:
    """Every operation of every order is done exactly once, and nothing else is."""
    counts = Counter(run.operation for run in runs)
    for operation in work.operations:
        count = counts.pop(operation.id, 0)
        if count != 1:
            yield Violation(
                "operation_once", operation.id, count - 1, f"{operation.id} is done {count} times, not once"
            )
    for unknown in counts:
        yield Violation("operation_once", unknown, counts[unknown], f"{unknown} belongs to no order")


def machine_suits(run: Run, operation: Operation) -> Iterator[Violation]:
    """An operation runs on one of the machines of its routing step."""
    if run.machine not in operation.slots_on:
        able = ", ".join(operation.slots_on)
        yield Violation(
            "machine_suits",
            run.operation,
            1,
            f"{run.operation} is on {run.machine}, but only {able} can do it",
        )


def inside_horizon(demand: Demand, run: Run) -> Iterator[Violation]:
    """A run lies inside the planned stretch of time."""
    outside = max(-run.start, run.end - demand.schedule.slots)
    if outside > 0:
        yield Violation(
            "inside_horizon", run.operation, outside, f"{run.operation} runs {outside} slots outside the plan"
        )


def release(demand: Demand, run: Run, operation: Operation) -> Iterator[Violation]:
    """No operation starts before its order is released."""
    early = demand.schedule.first_slot_from(demand.order_by_id[operation.order].release) - run.start
    if early > 0:
        hours = early * demand.schedule.step_hours
        yield Violation(
            "release", run.operation, hours, f"{run.operation} starts {hours:g} h before its order's release"
        )


def duration(run: Run, operation: Operation, working: NDArray[np.bool_]) -> Iterator[Violation]:
    """A run has just the working slots that the operation takes on its machine."""
    needed = operation.slots_on[run.machine]
    given = int(working[max(run.start, 0) : run.end].sum()) if operation.pausable else run.end - run.start
    if given != needed:
        yield Violation(
            "duration",
            run.operation,
            given - needed,
            f"{run.operation} has {given} working slots on {run.machine}, but takes {needed}",
        )


def shift(run: Run, operation: Operation, working: NDArray[np.bool_]) -> Iterator[Violation]:
    """A machine runs only in its shifts; work that may rest begins and ends in one."""
    slots = working[max(run.start, 0) : max(run.end, 0)]
    if operation.pausable:
        outside = int(slots.size > 0 and not slots[0]) + int(slots.size > 1 and not slots[-1])
    else:
        outside = int((~slots).sum())
    if outside:
        yield Violation(
            "shift",
            run.operation,
            outside,
            f"{run.operation} has {outside} slots on {run.machine} outside its shifts",
        )


def precedence(work: Work, runs: tuple[Run, ...]) -> Iterator[Violation]:
    """An operation starts after the end of everything that goes into it."""
    ends = {run.operation: run.end for run in runs}
    for run in runs:
        operation = work.by_id.get(run.operation)
        for earlier in operation.predecessors if operation else ():
            early = ends.get(earlier, run.start) - run.start
            if early > 0:
                yield Violation(
                    "precedence",
                    run.operation,
                    early,
                    f"{run.operation} starts {early} slots before {earlier} ends",
                )


def one_at_a_time(runs: tuple[Run, ...]) -> Iterator[Violation]:
    """A machine does one operation at a time."""
    by_machine: dict[str, list[Run]] = {}
    for run in runs:
        by_machine.setdefault(run.machine, []).append(run)
    for machine, own in by_machine.items():
        for first, second in pairwise(sorted(own, key=lambda run: (run.start, run.end))):
            overlap = first.end - second.start
            if overlap > 0:
                yield Violation(
                    "one_at_a_time",
                    machine,
                    overlap,
                    f"{machine} does {first.operation} and {second.operation} at once for {overlap} slots",
                )
