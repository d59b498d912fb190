"""A plan as Polars tables: one function per table, ids as the plant files write them, units in the names.

Moments are time-zone aware, in the plan's own zone. A plan that breaks rules still has tables: what it
names and nobody knows stands there with empty neighbours.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import ArrayLike

from juli.core.grid import TimeGrid
from juli.plan.account import (
    completion_slots,
    consumption_kw,
    fulfilment_seconds,
    lateness_hours,
    set_lead_hours,
    whole_set_hours,
    working_slots,
)
from juli.plan.result import Bill, Category, Leg, Plan, Run, Trip
from juli.plant.demand import Demand
from juli.plant.factory import Plant
from juli.plant.road_map import Segment
from juli.plant.work import Work

#: Price periods from the dearest to the cheapest, as Chinese tariffs order them.
PERIOD_ORDER = ("sharp", "peak", "flat", "valley", "deep_valley")


def moments(grid: TimeGrid, seconds: ArrayLike) -> pl.Series:
    """Moments so many seconds after a grid's start, in its time zone."""
    start_us = round(grid.start.timestamp() * 1_000_000)
    offsets_us = np.rint(np.asarray(seconds, dtype=np.float64) * 1_000_000).astype(np.int64)
    utc = pl.Series(start_us + offsets_us, dtype=pl.Int64).cast(pl.Datetime("us", "UTC"))
    return utc.dt.convert_time_zone(str(grid.start.tzinfo))


def bill_table(bill: Bill) -> pl.DataFrame:
    """Every line of the bill: category, item, quantity, unit, money."""
    return pl.DataFrame(
        [
            (line.category.value, line.item, line.quantity, line.unit, line.amount_money)
            for line in bill.lines
        ],
        schema={
            "category": pl.String,
            "item": pl.String,
            "quantity": pl.Float64,
            "unit": pl.String,
            "money": pl.Float64,
        },
        orient="row",
    )


def money_table(bill: Bill) -> pl.DataFrame:
    """The bill's parts: energy by price period, each other category in one row, and the total.

    Columns as in :func:`bill_table`, and ``share`` of the total; the last row is the ``total``.
    A demand charge's quantity is the highest peak, every other quantity a sum.
    """
    rows: list[tuple[str, str, float | None, str, float]] = []
    energy = sorted(
        (line for line in bill.lines if line.category is Category.ENERGY), key=lambda line: _rank(line.item)
    )
    rows += [("energy", line.item, line.quantity, line.unit, line.amount_money) for line in energy]
    for category in Category:
        lines = [line for line in bill.lines if line.category is category]
        if category is not Category.ENERGY and lines:
            together = max if category is Category.DEMAND else sum
            quantity = together(line.quantity for line in lines)
            rows.append((category.value, "", quantity, lines[0].unit, bill.of(category)))
    rows.append(("total", "", None, "", bill.total_money))
    schema = bill_table(bill).schema
    share = pl.col("money") / (bill.total_money or 1.0)
    return pl.DataFrame(rows, schema=schema, orient="row").with_columns(share=share)


def _rank(period: str) -> tuple[int, str]:
    return (PERIOD_ORDER.index(period) if period in PERIOD_ORDER else len(PERIOD_ORDER), period)


def runs_table(plant: Plant, plan: Plan, work: Work) -> pl.DataFrame:
    """Every run: order, product, operation, machine, line, start, end, quantity, set."""
    operations = [work.by_id.get(run.operation) for run in plan.runs]
    machines = [plant.machine_by_id.get(run.machine) for run in plan.runs]
    step_seconds = plan.schedule.step_seconds
    return pl.DataFrame(
        {
            "order": [operation.order if operation else "" for operation in operations],
            "product": [operation.product if operation else "" for operation in operations],
            "operation": [
                operation.step if operation else run.operation
                for run, operation in zip(plan.runs, operations, strict=True)
            ],
            "machine": [run.machine for run in plan.runs],
            "line": [machine.line if machine else "" for machine in machines],
            "start": moments(plan.schedule, [run.start * step_seconds for run in plan.runs]),
            "end": moments(plan.schedule, [run.end * step_seconds for run in plan.runs]),
            "quantity": [operation.quantity if operation else 0.0 for operation in operations],
            "set": [operation.set_id if operation else "" for operation in operations],
        },
        schema_overrides=dict.fromkeys(("order", "product", "operation", "machine", "line", "set"), pl.String)
        | {"quantity": pl.Float64},
    )


def dispatch_table(plant: Plant, demand: Demand, plan: Plan) -> pl.DataFrame:
    """The electricity of each settlement slot; ``stored_kwh`` is what is in the battery as the slot begins.

    Columns: time, period, buy and sell [money/kWh], consumption, grid, solar, solar available and battery
    [kW], stored [kWh]. Signs as in ``juli.core.units``.
    """
    forecast = demand.forecast
    grid = plan.settlement
    return pl.DataFrame(
        {
            "time": moments(grid, np.arange(grid.slots) * float(grid.step_seconds)),
            "period": forecast.period.tolist(),
            "buy_per_kwh": forecast.buy,
            "sell_per_kwh": forecast.sell,
            "consumption_kw": consumption_kw(plant, demand, plan.runs),
            "grid_kw": plan.dispatch.grid_kw,
            "solar_kw": plan.dispatch.solar_kw,
            "solar_available_kw": forecast.solar_kw,
            "battery_kw": plan.dispatch.battery_kw,
            "stored_kwh": plan.dispatch.stored_kwh[:-1],
        }
    )


def trips_table(demand: Demand, plan: Plan) -> pl.DataFrame:
    """Every leg of every trip; an empty ``from`` or ``to`` is the plant.

    Columns: truck, trip (counted per truck), leg, from, to, departure, arrival, unloaded, orders, km, roads.
    """
    rows = list(_leg_rows(demand, plan.trips))
    schema = {
        "truck": pl.String,
        "trip": pl.Int64,
        "leg": pl.Int64,
        "from": pl.String,
        "to": pl.String,
        "departure": pl.Float64,
        "arrival": pl.Float64,
        "unloaded": pl.Float64,
        "orders": pl.String,
        "km": pl.Float64,
        "roads": pl.String,
    }
    table = pl.DataFrame(rows, schema=schema, orient="row")
    times = [
        moments(plan.schedule, table[name].fill_null(0.0).to_numpy()).alias(name)
        for name in ("departure", "arrival", "unloaded")
    ]
    there = table["unloaded"].is_not_null()
    return table.with_columns(times).with_columns(pl.when(there).then(pl.col("unloaded")).alias("unloaded"))


def _leg_rows(demand: Demand, trips: Sequence[Trip]) -> Iterator[tuple[object, ...]]:
    segments = {} if demand.road_map is None else {road.id: road for road in demand.road_map.segments}
    counted: dict[str, int] = {}
    for trip in sorted(trips, key=lambda trip: (trip.truck, trip.departure_seconds)):
        counted[trip.truck] = number = counted.get(trip.truck, 0) + 1
        places = ["", *(stop.site for stop in trip.stops), ""]
        for index, leg in enumerate(trip.legs):
            stop = trip.stops[index] if index < len(trip.stops) else None
            yield (
                trip.truck,
                number,
                index + 1,
                places[index] if index < len(places) else "",
                stop.site if stop else "",
                leg.departure_seconds,
                leg.arrival_seconds,
                stop.end_seconds if stop else None,
                ", ".join((*stop.orders, *stop.fetched)) if stop else "",
                *_driven(segments, leg),
            )


def _driven(segments: Mapping[str, Segment], leg: Leg) -> tuple[float, str]:
    """The km of a leg, and the names of the roads that it takes, each once in a row."""
    known = [segments[segment] for segment in leg.segments if segment in segments]
    names = [segment.road for segment in known if segment.road]
    in_turn = [name for index, name in enumerate(names) if index == 0 or names[index - 1] != name]
    return sum(segment.length_km for segment in known), " → ".join(in_turn)


def orders_table(demand: Demand, plan: Plan, work: Work) -> pl.DataFrame:
    """Every order with its promise and what comes of it, in the order of the file.

    Columns: order, product, quantity, site, due, completed, met (delivered, or completed where it is
    fetched), hours_late, money (what the lateness costs), finished (met within the plan at all).
    """
    step_seconds = demand.schedule.step_seconds
    completed = completion_slots(work, plan.runs)
    met = fulfilment_seconds(demand, work, plan.runs, plan.trips)
    late = lateness_hours(demand, work, plan.runs, plan.trips)
    delivered = {order for trip in plan.trips for stop in trip.stops for order in stop.orders}
    orders = demand.orders
    completion = moments(demand.schedule, [completed.get(order.id, 0) * step_seconds for order in orders])
    is_complete = pl.Series([order.id in completed for order in orders], dtype=pl.Boolean)
    return pl.DataFrame(
        {
            "order": [order.id for order in orders],
            "product": [order.product for order in orders],
            "quantity": [float(order.quantity) for order in orders],
            "site": [order.site or "" for order in orders],
            "due": moments(demand.schedule, [demand.schedule.seconds_of(order.due) for order in orders]),
            "completed": completion,
            "met": moments(demand.schedule, [met[order.id] for order in orders]),
            "hours_late": [late.get(order.id, 0.0) for order in orders],
            "money": [late.get(order.id, 0.0) * order.lateness_per_hour for order in orders],
            "finished": [
                order.id in completed and (order.site is None or order.id in delivered) for order in orders
            ],
        },
        schema_overrides={
            "order": pl.String,
            "product": pl.String,
            "site": pl.String,
            "finished": pl.Boolean,
        },
    ).with_columns(pl.when(is_complete).then(pl.col("completed")).alias("completed"))


def late_orders_table(demand: Demand, plan: Plan, work: Work) -> pl.DataFrame:
    """The late orders of :func:`orders_table`, worst first."""
    late = orders_table(demand, plan, work).filter(pl.col("hours_late") > 0)
    return late.sort("hours_late", "order", descending=[True, False])


def sets_table(demand: Demand, plan: Plan, work: Work) -> pl.DataFrame:
    """Every set: order, product, start and end of all its work, and how long its parts alone take [h]."""
    parts_hours = set_lead_hours(demand, work, plan.runs)
    spans: dict[str, tuple[int, int]] = {}
    for run in plan.runs:
        operation = work.by_id.get(run.operation)
        if operation is not None:
            first, last = spans.get(operation.set_id, (run.start, run.end))
            spans[operation.set_id] = (min(first, run.start), max(last, run.end))
    roots = {operation.set_id: operation for operation in work.operations if not operation.is_part}
    keys = [key for key in parts_hours if key in roots]
    step_seconds = demand.schedule.step_seconds
    return pl.DataFrame(
        {
            "set": keys,
            "order": [roots[key].order for key in keys],
            "product": [roots[key].product for key in keys],
            "quantity": [roots[key].quantity for key in keys],
            "start": moments(demand.schedule, [spans[key][0] * step_seconds for key in keys]),
            "end": moments(demand.schedule, [spans[key][1] * step_seconds for key in keys]),
            "parts_hours": [parts_hours[key] for key in keys],
        },
        schema_overrides=dict.fromkeys(("set", "order", "product"), pl.String)
        | {"quantity": pl.Float64, "parts_hours": pl.Float64},
    )


@dataclass(frozen=True)
class LeadTimes:
    """How long one set takes, or its parts alone, from the first start to the last end [h]."""

    shortest_hours: float
    median_hours: float
    longest_hours: float


def lead_times(demand: Demand, plan: Plan, work: Work) -> LeadTimes | None:
    """Shortest, median and longest lead time of a set's parts; None when nothing is made."""
    return _spread(set_lead_hours(demand, work, plan.runs))


def set_lead_times(demand: Demand, plan: Plan, work: Work) -> LeadTimes | None:
    """The same of whole sets, from the first operation to the last; None when nothing is made."""
    return _spread(whole_set_hours(demand, work, plan.runs))


def _spread(by_set: Mapping[str, float]) -> LeadTimes | None:
    hours = list(by_set.values())
    return LeadTimes(min(hours), float(np.median(hours)), max(hours)) if hours else None


def machines_table(plant: Plant, demand: Demand, plan: Plan) -> pl.DataFrame:
    """How busy each machine is: planned and busy hours, runs, energy, and its allocation efficiency.

    ``allocation_efficiency`` is ISO 22400-2's: actual unit busy time over planned busy time, here the
    planned runs over the shifts. It is null for a machine that no shift works.
    """
    hours = demand.schedule.step_hours
    working = working_slots(plant, demand)
    running: dict[str, list[Run]] = {machine.id: [] for machine in plant.machines}
    for run in plan.runs:
        running.setdefault(run.machine, []).append(run)
    rows = []
    for machine in plant.machines:
        busy = np.zeros(demand.schedule.slots, dtype=bool)
        for run in running[machine.id]:
            busy[max(run.start, 0) : max(run.end, 0)] = True
        planned_hours = float(working[machine.id].sum() * hours)
        busy_hours = float((busy & working[machine.id]).sum() * hours)
        off_hours = demand.schedule.slots * hours - planned_hours
        power = machine.power
        energy_kwh = (
            power.running_kw * busy_hours
            + power.idle_kw * (planned_hours - busy_hours)
            + power.off_kw * off_hours
        )
        efficiency = busy_hours / planned_hours if planned_hours else None
        row = (machine.id, machine.line, planned_hours, busy_hours, efficiency)
        rows.append((*row, len(running[machine.id]), energy_kwh))
    return pl.DataFrame(
        rows,
        schema={
            "machine": pl.String,
            "line": pl.String,
            "planned_busy_hours": pl.Float64,
            "busy_hours": pl.Float64,
            "allocation_efficiency": pl.Float64,
            "runs": pl.Int64,
            "energy_kwh": pl.Float64,
        },
        orient="row",
    )
