"""The judge's bill: what a plan costs, added up again from the plan alone. One function per kind of cost."""

from collections.abc import Iterator

import numpy as np

from juli.plan.account import (
    Changeover,
    changeovers,
    lateness_hours,
    lead_hours,
    pickup_lateness_hours,
)
from juli.plan.result import Bill, BillLine, Category, Dispatch, Plan, Run, Trip
from juli.plant.demand import Demand
from juli.plant.factory import Plant
from juli.plant.machine import Machine
from juli.plant.work import Work, expand


def bill(plant: Plant, demand: Demand, plan: Plan, work: Work | None = None) -> Bill:
    """Add up what a plan costs.

    Parameters
    ----------
    plant, demand
        What the plan answers.
    plan
        Its decisions; its own bill is not looked at.
    work
        The demand's operations, where they are at hand already.
    """
    return add_up(plant, demand, work or expand(plant, demand), plan.runs, plan.dispatch, plan.trips)


def add_up(
    plant: Plant,
    demand: Demand,
    work: Work,
    runs: tuple[Run, ...],
    dispatch: Dispatch,
    trips: tuple[Trip, ...],
) -> Bill:
    """Add up what the decisions of a plan cost, before there is a plan."""
    return Bill(
        (
            *energy_lines(demand, dispatch),
            *demand_lines(demand, dispatch),
            *wear_lines(plant, demand, dispatch),
            *lateness_lines(demand, work, runs, trips),
            *lead_lines(plant, demand, work, runs),
            *labour_lines(plant, demand, work, runs),
            *transport_lines(plant, demand, trips),
        )
    )


def energy_lines(demand: Demand, dispatch: Dispatch) -> Iterator[BillLine]:
    """Import at the price of its slot, by price period, and export at what it earns."""
    forecast = demand.forecast
    import_kwh = np.maximum(dispatch.grid_kw, 0.0) * demand.settlement.step_hours
    export_kwh = np.maximum(-dispatch.grid_kw, 0.0) * demand.settlement.step_hours
    for period in dict.fromkeys(forecast.period.tolist()):
        inside = forecast.period == period
        money = float(import_kwh[inside] @ forecast.buy[inside])
        yield BillLine(Category.ENERGY, period, float(import_kwh[inside].sum()), "kWh", money)
    yield BillLine(
        Category.EXPORT, "export", float(export_kwh.sum()), "kWh", -float(export_kwh @ forecast.sell)
    )


def demand_lines(demand: Demand, dispatch: Dispatch) -> Iterator[BillLine]:
    """The highest import of each billing month, as far as it is above what is already paid for."""
    for month, terms in enumerate(demand.demand_terms):
        inside = demand.demand_month == month
        peak_kw = max(float(dispatch.grid_kw[inside].max(initial=0.0)), 0.0)
        money = terms.price * max(peak_kw - terms.free_kw, 0.0)
        yield BillLine(Category.DEMAND, terms.month, peak_kw, "kW", money)


def wear_lines(plant: Plant, demand: Demand, dispatch: Dispatch) -> Iterator[BillLine]:
    """Each kWh put into the battery's store or taken out of it."""
    battery = plant.battery
    if battery is None:
        return
    charged_kwh = np.maximum(-dispatch.battery_kw, 0.0).sum() * demand.settlement.step_hours
    discharged_kwh = np.maximum(dispatch.battery_kw, 0.0).sum() * demand.settlement.step_hours
    moved_kwh = float(charged_kwh * battery.charge_efficiency + discharged_kwh / battery.discharge_efficiency)
    yield BillLine(Category.WEAR, "battery", moved_kwh, "kWh", moved_kwh * battery.wear_per_kwh)


def lateness_lines(
    demand: Demand, work: Work, runs: tuple[Run, ...], trips: tuple[Trip, ...]
) -> Iterator[BillLine]:
    """Each hour after the promise of an order or a pick-up, at its own price."""
    for order_id, hours in lateness_hours(demand, work, runs, trips).items():
        price = demand.order_by_id[order_id].lateness_per_hour
        yield BillLine(Category.LATENESS, order_id, hours, "h", hours * price)
    for pickup_id, hours in pickup_lateness_hours(demand, trips).items():
        price = demand.pickup_by_id[pickup_id].lateness_per_hour
        yield BillLine(Category.LATENESS, pickup_id, hours, "h", hours * price)


def lead_lines(plant: Plant, demand: Demand, work: Work, runs: tuple[Run, ...]) -> Iterator[BillLine]:
    """Each hour from an order's release to its completion, at its own price or its product's."""
    for order_id, hours in lead_hours(demand, work, runs).items():
        price = plant.lead_price_per_hour(demand.order_by_id[order_id])
        if price:
            yield BillLine(Category.LEAD, order_id, hours, "h", hours * price)


def labour_lines(plant: Plant, demand: Demand, work: Work, runs: tuple[Run, ...]) -> Iterator[BillLine]:
    """The hours of the people who run a machine or set it up, at the wage of the shift, by line.

    Lots that share a batch are run by the same people.
    """
    hours: dict[str, float] = {}
    money: dict[str, float] = {}
    changes = list(changeovers(plant, demand, work, runs))
    worked: dict[str, set[tuple[int, int]]] = {machine.id: set() for machine in plant.machines}
    for run in runs:
        worked.setdefault(run.machine, set()).add((run.start, run.end))
    for machine in plant.machines:
        machine_hours, machine_money = _labour_of(plant, demand, machine, worked[machine.id], changes)
        hours[machine.line] = hours.get(machine.line, 0.0) + machine_hours
        money[machine.line] = money.get(machine.line, 0.0) + machine_money
    for line in hours:
        yield BillLine(Category.LABOUR, line, hours[line], "h", money[line])


def _labour_of(
    plant: Plant, demand: Demand, machine: Machine, worked: set[tuple[int, int]], changes: list[Changeover]
) -> tuple[float, float]:
    calendar = plant.calendars[machine.calendar]
    working = machine.working(calendar, demand.schedule)
    wage = np.where(working, calendar.wage(demand.schedule), 0.0)
    slots = 0
    money = 0.0
    for start, end in sorted(worked):
        slots += int(working[start:end].sum())
        money += float(wage[start:end].sum())
    for change in changes:
        if change.machine == machine.id:
            slots += len(change.slots)
            money += float(wage[change.slots].sum())
    people_hours = machine.operators * demand.schedule.step_hours
    return slots * people_hours, money * people_hours


def transport_lines(plant: Plant, demand: Demand, trips: tuple[Trip, ...]) -> Iterator[BillLine]:
    """The driven km and the drivers' hours away from the plant, by truck."""
    if plant.transport is None or demand.road_map is None:
        return
    length_km = {segment.id: segment.length_km for segment in demand.road_map.segments}
    for truck in plant.transport.trucks:
        own = [trip for trip in trips if trip.truck == truck.id]
        km = sum(length_km.get(segment, 0.0) for trip in own for leg in trip.legs for segment in leg.segments)
        hours = sum(trip.return_seconds - trip.departure_seconds for trip in own) / 3600
        money = km * truck.cost_per_km + hours * truck.wage_per_hour
        yield BillLine(Category.TRANSPORT, truck.id, km, "km", money)
