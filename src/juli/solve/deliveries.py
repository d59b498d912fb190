"""From completed orders to trips, and from promises at the customer back to the works."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from juli.core.clock import Clock
from juli.plan.result import Run, Trip
from juli.plant.demand import Demand, Order
from juli.plant.factory import Plant
from juli.plant.site import Transport
from juli.plant.work import Work
from juli.roads.driving import Driver
from juli.roads.graph import MovementGraph
from juli.roads.shipments import Shipment
from juli.roads.tours import plan_tours

#: Rounds of the tour search where the solve doesn't count them.
_ITERATIONS = 3000


@dataclass(frozen=True)
class Deliveries:
    """The trips of a plan and what meeting the promises costs.

    Parameters
    ----------
    trips
        Sorted by departure.
    money
        Transport, and the lateness of all orders: of those that are delivered and those that are fetched.
    left
        The orders and pick-ups that no trip serves within the horizon, each with the reason.
    """

    trips: tuple[Trip, ...] = ()
    money: float = 0.0
    left: dict[str, str] = field(default_factory=dict)


def works_due_seconds(plant: Plant, demand: Demand) -> dict[str, float]:
    """By when each order has to be complete so that its promise can be kept [s after the plan's start].

    For an order that is delivered: the last moment at which its site receives before the promise, less
    loading and the drive there on the roads of that hour.
    """
    due = {order.id: demand.schedule.seconds_of(order.due) for order in demand.orders}
    transport = plant.transport
    if transport is None or demand.road_map is None:
        return due
    driver = Driver(transport, demand.schedule, MovementGraph(demand.road_map, demand.closures))
    for order in demand.orders:
        if order.site is not None:
            due[order.id] = _works_due(transport, driver, order.site, due[order.id])
    return due


def _works_due(transport: Transport, driver: Driver, site_id: str, due_seconds: float) -> float:
    """The latest completion for a promise at a site, by the quickest of the trucks."""
    unload = max(
        (min(close, due_seconds) for opens, close in driver.opening[site_id] if opens <= due_seconds),
        default=due_seconds,
    )
    home, there = transport.home, driver.sites[site_id].junction
    drives = [
        leg.arrival_seconds - leg.departure_seconds
        for truck in transport.trucks
        if (leg := driver.leg(truck, home, there, max(unload - 3600.0, 0.0))) is not None
    ]
    return unload - driver.loading_s - min(drives, default=0.0)


def plan_deliveries(
    plant: Plant,
    demand: Demand,
    work: Work,
    runs: tuple[Run, ...],
    *,
    seconds: float,
    iterations: int | None,
    seed: int,
    clock: Clock,
) -> Deliveries:
    """Deliver what a schedule completes, at the least cost of transport and lateness.

    Parameters
    ----------
    plant, demand, work, runs
        The orders and when they are complete.
    seconds, iterations, seed
        When to stop, and where chance comes from; given, the iterations alone decide.
    clock
        What the time is read from.
    """
    ready = _ready_seconds(demand, work, runs)
    fetched_money = sum(_fetched_money(demand, order, ready[order.id]) for order in demand.orders)
    transport = plant.transport
    if transport is None or demand.road_map is None:
        return Deliveries(money=fetched_money)
    tours = plan_tours(
        transport,
        demand.schedule,
        MovementGraph(demand.road_map, demand.closures),
        list(_shipments(plant, demand, ready)),
        seed=seed,
        iterations=_ITERATIONS if iterations is None else iterations,
        seconds=seconds if iterations is None else None,
        clock=clock,
    )
    return Deliveries(tours.trips, tours.money + fetched_money, tours.left)


def _ready_seconds(demand: Demand, work: Work, runs: tuple[Run, ...]) -> dict[str, float]:
    """When each order is complete, in the solver's own arithmetic [s]."""
    end_of = {run.operation: run.end for run in runs}
    step = demand.schedule.step_seconds
    return {
        order.id: float(max(end_of[operation.id] for operation in work.by_order[order.id]) * step)
        for order in demand.orders
    }


def _fetched_money(demand: Demand, order: Order, ready_seconds: float) -> float:
    """The lateness of an order that the customer fetches."""
    if order.site is not None:
        return 0.0
    return max(ready_seconds - demand.schedule.seconds_of(order.due), 0.0) / 3600 * order.lateness_per_hour


def _shipments(plant: Plant, demand: Demand, ready: dict[str, float]) -> Iterator[Shipment]:
    for order in demand.orders:
        if order.site is not None:
            product = plant.product_by_id[order.product]
            yield Shipment(
                order=order.id,
                site=order.site,
                weight_kg=order.quantity * product.weight_kg,
                volume_m3=order.quantity * product.volume_m3,
                ready_seconds=ready[order.id],
                due_seconds=demand.schedule.seconds_of(order.due),
                lateness_per_hour=order.lateness_per_hour,
            )
    for pickup in demand.pickups:
        yield Shipment(
            order=pickup.id,
            site=pickup.site,
            weight_kg=pickup.weight_kg,
            volume_m3=pickup.volume_m3,
            ready_seconds=demand.schedule.seconds_of(pickup.ready),
            due_seconds=demand.schedule.seconds_of(pickup.due),
            lateness_per_hour=pickup.lateness_per_hour,
            fetched=True,
        )
