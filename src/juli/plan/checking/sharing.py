"""The rules of what operations share: machines, batches, set-ups, people and tools."""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from juli.plan.account import changeovers, working_slots
from juli.plan.checking.violation import Violation
from juli.plan.result import Run
from juli.plant.demand import Demand
from juli.plant.factory import Plant
from juli.plant.resource import Resource
from juli.plant.work import Work

#: Loads are sums of fractions; what is above a capacity by less than this is rounding.
_LOAD_TOLERANCE = 1e-9


def sharing_violations(
    plant: Plant, demand: Demand, work: Work, runs: tuple[Run, ...]
) -> Iterator[Violation]:
    """Every broken rule of what is shared."""
    yield from one_at_a_time(plant, runs)
    yield from batch_together(plant, work, runs)
    yield from batch_capacity(plant, work, runs)
    yield from setup_time(plant, demand, work, runs)
    yield from enough_resources(plant, demand, work, runs)


def one_at_a_time(plant: Plant, runs: tuple[Run, ...]) -> Iterator[Violation]:
    """A machine does one operation at a time, but for those that take batches."""
    for machine, own in _by_machine(runs).items():
        described = plant.machine_by_id.get(machine)
        if described is not None and described.batch is not None:
            continue
        for first, second in pairwise(sorted(own, key=lambda run: (run.start, run.end))):
            overlap = first.end - second.start
            if overlap > 0:
                yield Violation(
                    "one_at_a_time",
                    machine,
                    overlap,
                    f"{machine} does {first.operation} and {second.operation} at once for {overlap} slots",
                )


def batch_together(plant: Plant, work: Work, runs: tuple[Run, ...]) -> Iterator[Violation]:
    """Lots that are in a batching machine at once go in and come out together, and are of one family."""
    for machine, own in _batching(plant, work, runs).items():
        for first, second in pairwise(sorted(own, key=lambda run: (run.start, run.end))):
            if second.start >= first.end:
                continue
            one, other = (work.by_id[run.operation].family for run in (first, second))
            if (first.start, first.end) != (second.start, second.end):
                message = f"{second.operation} goes into {machine} or comes out while {first.operation} is in"
                yield Violation("batch_together", machine, first.end - second.start, message)
            elif one != other:
                message = (
                    f"{machine} has {first.operation} ({one}) and {second.operation} ({other}) in one batch"
                )
                yield Violation("batch_together", machine, 1, message)


def batch_capacity(plant: Plant, work: Work, runs: tuple[Run, ...]) -> Iterator[Violation]:
    """A batch is no larger than its machine takes at once."""
    for machine, own in _batching(plant, work, runs).items():
        batch = plant.machine_by_id[machine].batch
        loads: dict[int, float] = {}
        for run in own:
            loads[run.start] = loads.get(run.start, 0.0) + work.by_id[run.operation].load
        for start, load in loads.items():
            if batch is not None and load > batch.capacity + _LOAD_TOLERANCE:
                message = (
                    f"the batch at slot {start} in {machine} is {load:g}, and {batch.capacity:g} goes in"
                )
                yield Violation("batch_capacity", machine, load - batch.capacity, message)


def setup_time(plant: Plant, demand: Demand, work: Work, runs: tuple[Run, ...]) -> Iterator[Violation]:
    """Before a run of another family lies the working time that its machine takes to be set up."""
    for change in changeovers(plant, demand, work, runs):
        missing = change.needed - len(change.slots)
        if missing > 0:
            message = (
                f"{change.machine} takes {change.needed} working slots to be set up for {change.operation}, "
                f"and has {len(change.slots)}"
            )
            yield Violation("setup_time", change.operation, missing, message)


def enough_resources(plant: Plant, demand: Demand, work: Work, runs: tuple[Run, ...]) -> Iterator[Violation]:
    """At every moment there are enough people and tools for all that runs, each with the skill it takes."""
    taken = _taken(plant, demand, work, runs)
    if not taken:
        return
    there = {resource.id: _there(plant, demand, resource) for resource in plant.resources}
    needed = np.stack(list(taken.values()))
    offered = (
        np.stack(list(there.values())) if there else np.zeros((0, demand.schedule.slots), dtype=np.int64)
    )
    served: dict[tuple[bytes, bytes], float] = {}
    short: dict[str, list[int]] = {}
    for slot in np.flatnonzero(needed.any(axis=0)):
        key = (needed[:, slot].tobytes(), offered[:, slot].tobytes())
        if key not in served:
            wanted = dict(zip(taken, needed[:, slot].tolist(), strict=True))
            had = dict(zip(there, offered[:, slot].tolist(), strict=True))
            served[key] = _unserved(plant.resources, wanted, had)
        if served[key] > _LOAD_TOLERANCE:
            names = ", ".join(name for name, row in zip(taken, needed, strict=True) if row[slot])
            short.setdefault(names, []).append(int(slot))
    for names, slots in short.items():
        worst = max(served[needed[:, slot].tobytes(), offered[:, slot].tobytes()] for slot in slots)
        message = (
            f"{names}: {worst:g} too few in {len(slots)} slots, first at {demand.schedule.time_of(slots[0])}"
        )
        yield Violation("enough_resources", names, worst, message)


def _taken(plant: Plant, demand: Demand, work: Work, runs: tuple[Run, ...]) -> dict[str, NDArray[np.float64]]:
    """How many of each need are at work in each slot; only in the working slots of their machines."""
    working = working_slots(plant, demand)
    taken: dict[str, NDArray[np.float64]] = {}
    for run in runs:
        operation = work.by_id.get(run.operation)
        if operation is None or run.machine not in working:
            continue
        for need, amount in operation.needs.items():
            row = taken.setdefault(need, np.zeros(demand.schedule.slots))
            first, last = max(run.start, 0), max(run.end, 0)
            row[first:last] += amount * working[run.machine][first:last]
    return taken


def _there(plant: Plant, demand: Demand, resource: Resource) -> NDArray[np.float64]:
    if resource.calendar is None:
        return np.full(demand.schedule.slots, float(resource.amount))
    return np.where(plant.calendars[resource.calendar].working(demand.schedule), float(resource.amount), 0.0)


def _unserved(resources: tuple[Resource, ...], wanted: dict[str, float], had: dict[str, float]) -> float:
    """How much of what is wanted can't be served, people being moved to where they help most.

    A largest flow from resources to needs, by augmenting paths.
    """
    able = {need: [one.id for one in resources if one.can(need)] for need in wanted}
    given = {(one, need): 0.0 for need, ids in able.items() for one in ids}
    left = dict(had)

    def serve(need: str, seen: set[str]) -> bool:
        for one in able[need]:
            if one in seen:
                continue
            seen.add(one)
            if left[one] >= 1.0:
                left[one] -= 1.0
                given[one, need] += 1.0
                return True
            for other in wanted:
                if given.get((one, other), 0.0) >= 1.0 and other != need and serve(other, seen):
                    given[one, other] -= 1.0
                    given[one, need] += 1.0
                    return True
        return False

    return sum(1.0 for need, amount in wanted.items() for _ in range(round(amount)) if not serve(need, set()))


def _batching(plant: Plant, work: Work, runs: tuple[Run, ...]) -> dict[str, list[Run]]:
    return {
        machine: [run for run in own if run.operation in work.by_id]
        for machine, own in _by_machine(runs).items()
        if machine in plant.machine_by_id and plant.machine_by_id[machine].batch is not None
    }


def _by_machine(runs: tuple[Run, ...]) -> dict[str, list[Run]]:
    by_machine: dict[str, list[Run]] = {}
    for run in runs:
        by_machine.setdefault(run.machine, []).append(run)
    return by_machine
