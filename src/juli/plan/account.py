"""What follows from a plan's decisions: loads, completions, deliveries. Added up from the plan alone."""

import numpy as np
from numpy.typing import NDArray

from juli.plan.result import Run, Trip
from juli.plant.demand import Demand
from juli.plant.factory import Plant
from juli.plant.work import Work


def working_slots(plant: Plant, demand: Demand) -> dict[str, NDArray[np.bool_]]:
    """Which slots each machine can work in, by machine; shape ``(schedule slots,)`` each."""
    return {
        machine.id: machine.working(plant.calendars[machine.calendar], demand.schedule)
        for machine in plant.machines
    }


def consumption_kw(plant: Plant, demand: Demand, runs: tuple[Run, ...]) -> NDArray[np.float64]:
    """Power that the plant draws in each settlement slot: base load, and each machine by its state.

    A machine is off outside its working slots, runs in the working slots of its runs, and idles in
    the rest; shape ``(settlement slots,)`` [kW].
    """
    working = working_slots(plant, demand)
    running = {machine.id: np.zeros(demand.schedule.slots, dtype=bool) for machine in plant.machines}
    for run in runs:
        if run.machine in running:
            running[run.machine][max(run.start, 0) : max(run.end, 0)] = True
    total_kw = np.zeros(demand.schedule.slots)
    for machine in plant.machines:
        power = machine.power
        on_kw = np.where(running[machine.id], power.running_kw, power.idle_kw)
        total_kw += np.where(working[machine.id], on_kw, power.off_kw)
    return demand.settlement.mean_over(total_kw) + demand.forecast.base_load_kw


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
