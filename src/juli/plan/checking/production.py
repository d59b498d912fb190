"""The rules of the workshop."""

from collections import Counter
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from juli.plan.account import working_slots
from juli.plan.checking.violation import Violation
from juli.plan.result import Run
from juli.plant.demand import Demand
from juli.plant.factory import Plant
from juli.plant.machine import whole_slots
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
    yield from least_wait(plant, demand, work, runs)
    yield from most_wait(demand, work, runs)


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


def least_wait(plant: Plant, demand: Demand, work: Work, runs: tuple[Run, ...]) -> Iterator[Violation]:
    """Between what goes into an operation and its start lie its least wait and the way between the lines."""
    step_minutes = demand.schedule.step_hours * 60
    for earlier, run, operation in _followed(work, runs):
        way = plant.transfer_minutes(earlier.machine, run.machine)
        needed = whole_slots(way, step_minutes) + operation.least_wait_slots
        waited = run.start - earlier.end
        if 0 <= waited < needed:
            message = (
                f"{run.operation} on {run.machine} starts {waited} slots after {earlier.operation} ends on "
                f"{earlier.machine}, but waiting and the way take {needed}"
            )
            yield Violation("least_wait", run.operation, needed - waited, message)


def most_wait(demand: Demand, work: Work, runs: tuple[Run, ...]) -> Iterator[Violation]:
    """An operation starts within its longest wait after the end of each thing that goes into it."""
    for earlier, run, operation in _followed(work, runs):
        if operation.most_wait_slots is None:
            continue
        excess = run.start - earlier.end - operation.most_wait_slots
        if excess > 0:
            hours = excess * demand.schedule.step_hours
            message = f"{run.operation} starts {hours:g} h too long after {earlier.operation} ends"
            yield Violation("most_wait", run.operation, hours, message)


def _followed(work: Work, runs: tuple[Run, ...]) -> Iterator[tuple[Run, Run, Operation]]:
    """Each run with each run that goes into it, both on machines that there are."""
    by_operation = {run.operation: run for run in runs}
    for run in runs:
        operation = work.by_id.get(run.operation)
        if operation is None or run.machine not in operation.slots_on:
            continue
        for name in operation.predecessors:
            earlier = by_operation.get(name)
            if earlier is not None and earlier.machine in work.by_id[name].slots_on:
                yield earlier, run, operation
