"""From completed orders to trips, and from promises at the customer back to the works."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from juli.core.clock import Clock
from juli.plan.result import Run, Trip
from juli.plant.demand import Demand, Order
from juli.plant.factory import Plant
from juli.plant.site import Transport
from juli.plant.work import Work
from juli.roads.deadlines import latest_departures
from juli.roads.driving import Driver, lateness_money
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


def loading_seconds(
    plant: Plant, demand: Demand, work: Work, runs: tuple[Run, ...], trips: tuple[Trip, ...]
) -> list[tuple[tuple[str, ...], float]]:
    """By when the orders of each trip have to be complete so that none is late, or later than now [s]."""
    transport = plant.transport
    if transport is None or demand.road_map is None:
        return []
    driver = Driver(transport, demand.schedule, MovementGraph(demand.road_map, demand.closures))
    shipments = list(_shipments(plant, demand, _ready_seconds(demand, work, runs)))
    return [
        (tuple(order for stop in trip.stops for order in stop.orders), depart_s - driver.loading_s)
        for trip, depart_s in latest_departures(driver, shipments, trips)
    ]


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
    under_way: tuple[Trip, ...] = (),
    now_seconds: float = 0.0,
    like: tuple[Trip, ...] = (),
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
    under_way
        Trips that have left already and stay as they are.
    now_seconds
        No other trip is loaded before this [s after the plan's start].
    like
        Trips to begin from, of a plan whose orders were complete at other times.
    """
    ready = _ready_seconds(demand, work, runs)
    fetched_money = sum(_fetched_money(demand, order, ready[order.id]) for order in demand.orders)
    transport = plant.transport
    if transport is None or demand.road_map is None:
        return Deliveries(money=fetched_money)
    graph = MovementGraph(demand.road_map, demand.closures)
    shipments = list(_shipments(plant, demand, ready))
    served = {name for trip in under_way for stop in trip.stops for name in (*stop.orders, *stop.fetched)}
    driven_money = _driven_money(transport, graph, under_way, shipments)
    waiting = [_not_before(one, now_seconds) for one in shipments if one.order not in served]
    for free_seconds in (now_seconds, max((trip.return_seconds for trip in under_way), default=0.0)):
        waiting = [_not_before(one, free_seconds) for one in waiting]
        tours = plan_tours(
            transport,
            demand.schedule,
            graph,
            waiting,
            seed=seed,
            iterations=_ITERATIONS if iterations is None else iterations,
            seconds=seconds if iterations is None else None,
            clock=clock,
            like=like,
        )
        if not _clash(under_way, tours.trips, transport.loading_minutes * 60):
            break
    trips = tuple(sorted((*under_way, *tours.trips), key=lambda trip: (trip.departure_seconds, trip.truck)))
    return Deliveries(trips, tours.money + driven_money + fetched_money, tours.left)


def _not_before(shipment: Shipment, seconds: float) -> Shipment:
    return replace(shipment, ready_seconds=max(shipment.ready_seconds, seconds))


def _clash(under_way: tuple[Trip, ...], planned: tuple[Trip, ...], loading_seconds: float) -> bool:
    """Whether a truck would be loaded again before it is back."""
    return any(
        one.truck == other.truck and other.departure_seconds - loading_seconds < one.return_seconds
        for one in under_way
        for other in planned
    )


def _driven_money(
    transport: Transport, graph: MovementGraph, trips: tuple[Trip, ...], shipments: list[Shipment]
) -> float:
    """What trips under way cost: km, drivers' hours, and the lateness of what they carry."""
    truck_by_id = {truck.id: truck for truck in transport.trucks}
    by_order = {shipment.order: shipment for shipment in shipments}
    money = 0.0
    for trip in trips:
        truck = truck_by_id[trip.truck]
        segments = [segment for leg in trip.legs for segment in leg.segments]
        km = sum(graph.network.length_m[graph.network.segment_index[one]] for one in segments) / 1000
        hours = (trip.return_seconds - trip.departure_seconds) / 3600
        money += float(km * truck.cost_per_km + hours * truck.wage_per_hour)
        for stop in trip.stops:
            carried = [by_order[name] for name in (*stop.orders, *stop.fetched) if name in by_order]
            money += sum(lateness_money(shipment, stop.begin_seconds) for shipment in carried)
    return money


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
