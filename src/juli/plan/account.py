"""What follows from a plan's decisions: loads, completions, deliveries. Added up from the plan alone."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby, pairwise

import numpy as np
from numpy.typing import NDArray

from juli.plan.result import Run, Trip
from juli.plant.demand import Demand
from juli.plant.factory import Plant
from juli.plant.machine import Machine, whole_slots
from juli.plant.work import Work, expand


def working_slots(plant: Plant, demand: Demand) -> dict[str, NDArray[np.bool_]]:
    """Which slots each machine can work in, by machine; shape ``(schedule slots,)`` each."""
    return {
        machine.id: machine.working(plant.calendars[machine.calendar], demand.schedule)
        for machine in plant.machines
    }


@dataclass(frozen=True)
class Changeover:
    """A machine set up for another family.

    Parameters
    ----------
    machine
        Its id.
    operation
        The first one of the new family.
    needed
        Working slots that the change takes.
    slots
        Those that it is made in: the last ones before the run, none of them before the end of the run
        before; too few where the plan leaves too little room.
    """

    machine: str
    operation: str
    needed: int
    slots: NDArray[np.int64]


def changeovers(plant: Plant, demand: Demand, work: Work, runs: tuple[Run, ...]) -> Iterator[Changeover]:
    """Every change of family that a plan makes, and when; runs that start together are one batch."""
    step_minutes = demand.schedule.step_hours * 60
    for machine in plant.machines:
        if machine.setups is None:
            continue
        working = np.flatnonzero(machine.working(plant.calendars[machine.calendar], demand.schedule))
        own = sorted(
            (run for run in runs if run.machine == machine.id and run.operation in work.by_id),
            key=lambda run: (run.start, run.end),
        )
        before, free_from = None, 0
        for _, together in groupby(own, key=lambda run: run.start):
            batch = list(together)
            family = work.by_id[batch[0].operation].family
            if family is None:
                continue
            needed = whole_slots(machine.setups.between(before, family), step_minutes)
            if needed and batch[0].start >= 0:
                room = working[(working >= free_from) & (working < batch[0].start)]
                yield Changeover(machine.id, batch[0].operation, needed, room[-needed:])
            before, free_from = family, max(run.end for run in batch)


def consumption_kw(
    plant: Plant, demand: Demand, runs: tuple[Run, ...], work: Work | None = None
) -> NDArray[np.float64]:
    """Power that the plant draws in each settlement slot: base load, and each machine by its state.

    A machine is off outside its working slots, runs in the working slots of its runs, and idles in
    the rest; what it draws to be set up comes on top. One that has to be warmed up is switched on and off
    between its runs. Shape ``(settlement slots,)`` [kW].
    """
    working = working_slots(plant, demand)
    running = {machine.id: np.zeros(demand.schedule.slots, dtype=bool) for machine in plant.machines}
    for run in runs:
        if run.machine in running:
            running[run.machine][max(run.start, 0) : max(run.end, 0)] = True
    total_kw = np.zeros(demand.schedule.slots)
    for machine in plant.machines:
        power = machine.power
        if power.warm_up_minutes:
            total_kw += _switched_kw(machine, running[machine.id], demand.schedule.step_hours * 60)
            continue
        on_kw = np.where(running[machine.id], power.running_kw, power.idle_kw)
        total_kw += np.where(working[machine.id], on_kw, power.off_kw)
    for change in changeovers(plant, demand, work or expand(plant, demand), runs):
        total_kw[change.slots] += plant.machine_by_id[change.machine].power.setup_kw
    return demand.settlement.mean_over(total_kw) + demand.forecast.base_load_kw


def _switched_kw(machine: Machine, running: NDArray[np.bool_], step_minutes: float) -> NDArray[np.float64]:
    """Power of a machine that is off before its first run, after its last, and through long pauses."""
    power = machine.power
    warm_up, longest = power.warm_up_slots(step_minutes), power.stays_warm_slots(step_minutes)
    drawn = np.where(running, power.running_kw, power.off_kw)
    at_work = np.flatnonzero(running)
    if len(at_work):
        drawn[max(at_work[0] - warm_up, 0) : at_work[0]] = power.warm_up_kw
    for last, first in pairwise(at_work):
        pause = first - last - 1
        if 0 < pause <= longest:
            drawn[last + 1 : first] = power.idle_kw
        elif pause > longest:
            drawn[first - warm_up : first] = power.warm_up_kw
    return drawn


def lead_hours(demand: Demand, work: Work, runs: tuple[Run, ...]) -> dict[str, float]:
    """How long each finished order takes from its release to its completion, by order [h].

    An order that was released before the plan counts from the plan's start.
    """
    grid = demand.schedule
    return {
        order: (end - max(grid.first_slot_from(demand.order_by_id[order].release), 0)) * grid.step_hours
        for order, end in completion_slots(work, runs).items()
    }


def completion_slots(work: Work, runs: tuple[Run, ...]) -> dict[str, int]:
    """The end of each order's last run, by order, on the schedule grid."""
    ends: dict[str, int] = {}
    for run in runs:
        operation = work.by_id.get(run.operation)
        if operation is not None:
            ends[operation.order] = max(ends.get(operation.order, 0), run.end)
    return ends


def delivery_seconds(trips: tuple[Trip, ...]) -> dict[str, float]:
    """When the unloading of each delivered order begins, by order [s after the plan's start]."""
    return {order: stop.begin_seconds for trip in trips for stop in trip.stops for order in stop.orders}


def fulfilment_seconds(
    demand: Demand, work: Work, runs: tuple[Run, ...], trips: tuple[Trip, ...]
) -> dict[str, float]:
    """When each order's promise is met, by order [s after the plan's start].

    At the site for orders that are delivered, on completion for those that are fetched. An order that the
    plan leaves unfinished or undelivered counts as met at the horizon's end: the earliest that it can be.
    """
    horizon = float(demand.schedule.slots * demand.schedule.step_seconds)
    completed = completion_slots(work, runs)
    delivered = delivery_seconds(trips)
    met: dict[str, float] = {}
    for order in demand.orders:
        if order.site is not None:
            met[order.id] = delivered.get(order.id, horizon)
        elif order.id in completed:
            met[order.id] = float(completed[order.id] * demand.schedule.step_seconds)
        else:
            met[order.id] = horizon
    return met


def lateness_hours(
    demand: Demand, work: Work, runs: tuple[Run, ...], trips: tuple[Trip, ...]
) -> dict[str, float]:
    """How late each late order is, by order, worst first [h]; orders in time are left out."""
    met = fulfilment_seconds(demand, work, runs, trips)
    late = {
        order.id: (met[order.id] - demand.schedule.seconds_of(order.due)) / 3600 for order in demand.orders
    }
    return dict(
        sorted(((order, hours) for order, hours in late.items() if hours > 1e-9), key=lambda pair: -pair[1])
    )


def pickup_lateness_hours(demand: Demand, trips: tuple[Trip, ...]) -> dict[str, float]:
    """How late each late pick-up is, by pick-up, worst first [h].

    One that no trip fetches counts as met at the horizon's end: the earliest that it can be.
    """
    horizon = float(demand.schedule.slots * demand.schedule.step_seconds)
    begun = {name: stop.begin_seconds for trip in trips for stop in trip.stops for name in stop.fetched}
    late = {
        pickup.id: (begun.get(pickup.id, horizon) - demand.schedule.seconds_of(pickup.due)) / 3600
        for pickup in demand.pickups
    }
    positive = [(pickup, hours) for pickup, hours in late.items() if hours > 1e-9]
    return dict(sorted(positive, key=lambda pair: -pair[1]))


def set_lead_hours(demand: Demand, work: Work, runs: tuple[Run, ...]) -> dict[str, float]:
    """How long the parts of each set take from the first start to the last end, by set [h].

    Sets of a single stage, with no parts made here, count with all of their operations.
    """
    first: dict[str, int] = {}
    last: dict[str, int] = {}
    with_parts = {operation.set_id for operation in work.operations if operation.is_part}
    for run in runs:
        operation = work.by_id.get(run.operation)
        if operation is None or (not operation.is_part and operation.set_id in with_parts):
            continue
        key = operation.set_id
        first[key] = min(first.get(key, run.start), run.start)
        last[key] = max(last.get(key, run.end), run.end)
    return {key: (last[key] - first[key]) * demand.schedule.step_hours for key in first}


@dataclass(frozen=True)
class LineEnergy:
    """What a line's machines draw over a plan, idle, set up and warming up counted, for the sets it works on.

    Parameters
    ----------
    line
        Its name; empty for machines of no line.
    energy_kwh
        Energy of its machines [kWh].
    sets
        Units of ordered products that it does any operation for.
    """

    line: str
    energy_kwh: float
    sets: float

    @property
    def kwh_per_set(self) -> float | None:
        """Energy for one set [kWh]; None where the line works on none."""
        return self.energy_kwh / self.sets if self.sets else None


def line_energy(plant: Plant, demand: Demand, work: Work, runs: tuple[Run, ...]) -> tuple[LineEnergy, ...]:
    """Energy and sets of each line, in the order of the plant's machines."""
    units = {operation.set_id: operation.quantity for operation in work.operations if not operation.is_part}
    line_of = {machine.id: machine.line for machine in plant.machines}
    found = []
    for line in dict.fromkeys(line_of.values()):
        own = tuple(machine for machine in plant.machines if machine.line == line)
        drawn_kw = consumption_kw(plant.model_copy(update={"machines": own}), demand, runs, work)
        energy_kwh = float((drawn_kw - demand.forecast.base_load_kw).sum() * demand.settlement.step_hours)
        known = (run for run in runs if line_of.get(run.machine) == line and run.operation in work.by_id)
        served = {work.by_id[run.operation].set_id for run in known}
        found.append(LineEnergy(line, energy_kwh, sum(units.get(key, 0.0) for key in served)))
    return tuple(found)


def whole_set_hours(demand: Demand, work: Work, runs: tuple[Run, ...]) -> dict[str, float]:
    """How long each set takes from the start of its first operation to the end of its last, by set [h]."""
    first: dict[str, int] = {}
    last: dict[str, int] = {}
    for run in runs:
        operation = work.by_id.get(run.operation)
        if operation is not None:
            key = operation.set_id
            first[key] = min(first.get(key, run.start), run.start)
            last[key] = max(last.get(key, run.end), run.end)
    return {key: (last[key] - first[key]) * demand.schedule.step_hours for key in first}
