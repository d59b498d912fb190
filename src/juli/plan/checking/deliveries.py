"""The rules of the deliveries: goods, trucks, sites and roads."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise

from juli.core.grid import TimeGrid
from juli.plan.account import completion_slots
from juli.plan.checking.violation import Violation
from juli.plan.result import Leg, Run, Stop, Trip
from juli.plant.calendar import WEEKDAYS, Hours, Weekday
from juli.plant.demand import Demand
from juli.plant.factory import Plant
from juli.plant.road_map import RoadMap, Segment
from juli.plant.site import Site, Transport, Truck
from juli.plant.work import Work

#: Times are judged to the second.
_SECOND = 1.0


def delivery_violations(
    plant: Plant, demand: Demand, work: Work, runs: tuple[Run, ...], trips: tuple[Trip, ...]
) -> Iterator[Violation]:
    """Every broken rule of the deliveries."""
    if plant.transport is None or demand.road_map is None:
        for trip in trips:
            yield Violation(
                "truck_known", trip.truck, 1, f"{trip.truck} drives, but the plant has no transport"
            )
        return
    trucks = {truck.id: truck for truck in plant.transport.trucks}
    sites = {site.id: site for site in plant.transport.sites}
    yield from delivered_once(demand, trips)
    yield from fetched_once(demand, trips)
    yield from completed_before_loading(plant.transport, demand, work, runs, trips)
    yield from one_place_at_a_time(trips)
    for trip in trips:
        truck = trucks.get(trip.truck)
        if truck is None or any(stop.site not in sites for stop in trip.stops):
            yield Violation(
                "truck_known", trip.truck, 1, f"a trip of {trip.truck} names an unknown truck or site"
            )
            continue
        yield from capacity(plant, demand, truck, trip)
        yield from drivers_hours(demand.schedule, truck, trip)
        yield from trip_connects(plant.transport, sites, trip)
        for stop in trip.stops:
            yield from receiving_hours(demand.schedule, sites[stop.site], stop)
            yield from right_site(demand, stop)
            yield from fetched_when_ready(demand, stop)
        for leg in trip.legs:
            yield from _leg_violations(demand, demand.road_map, truck, leg)


def _leg_violations(demand: Demand, road_map: RoadMap, truck: Truck, leg: Leg) -> Iterator[Violation]:
    segments = {segment.id: segment for segment in road_map.segments}
    unknown = [segment for segment in leg.segments if segment not in segments]
    if unknown or len(leg.entered_seconds) != len(leg.segments):
        yield Violation(
            "route_connects", truck.id, 1, f"a leg of {truck.id} has unknown segments or times: {unknown}"
        )
        return
    route = [segments[segment] for segment in leg.segments]
    yield from route_connects(truck, leg, route)
    yield from driving_time(truck, leg, route)
    yield from truck_fits(truck, route)
    yield from movement_allowed(road_map, truck, leg)
    yield from closure_respected(demand, road_map, truck, leg)


def delivered_once(demand: Demand, trips: tuple[Trip, ...]) -> Iterator[Violation]:
    """No order is delivered twice, and none that nobody placed."""
    counts = Counter(order for trip in trips for stop in trip.stops for order in stop.orders)
    for order, count in counts.items():
        if count > 1 or order not in demand.order_by_id:
            yield Violation(
                "delivered_once",
                order,
                count - 1,
                f"{order} is delivered {count} times, or was never ordered",
            )


def fetched_once(demand: Demand, trips: tuple[Trip, ...]) -> Iterator[Violation]:
    """No pick-up is fetched twice, and none that nobody asked for."""
    counts = Counter(name for trip in trips for stop in trip.stops for name in stop.fetched)
    for pickup, count in counts.items():
        if count > 1 or pickup not in demand.pickup_by_id:
            yield Violation(
                "fetched_once",
                pickup,
                count - 1,
                f"{pickup} is fetched {count} times, or was never asked for",
            )


def fetched_when_ready(demand: Demand, stop: Stop) -> Iterator[Violation]:
    """A truck loads at a site what is there by then."""
    for pickup in (demand.pickup_by_id.get(name) for name in stop.fetched):
        if pickup is None:
            continue
        early = demand.schedule.seconds_of(pickup.ready) - stop.begin_seconds
        if early > _SECOND:
            yield Violation(
                "fetched_when_ready",
                pickup.id,
                early / 60,
                f"{pickup.id} is loaded {early / 60:.1f} min before {stop.site} has it",
            )


def completed_before_loading(
    transport: Transport, demand: Demand, work: Work, runs: tuple[Run, ...], trips: tuple[Trip, ...]
) -> Iterator[Violation]:
    """A truck leaves with an order when the order is complete and loaded."""
    completed = completion_slots(work, runs)
    for trip in trips:
        for order in (order for stop in trip.stops for order in stop.orders):
            ready = completed.get(order, demand.schedule.slots) * demand.schedule.step_seconds
            early = ready + transport.loading_minutes * 60 - trip.departure_seconds
            if early > _SECOND:
                yield Violation(
                    "completed_before_loading",
                    order,
                    early / 60,
                    f"{trip.truck} leaves {early / 60:.1f} min before {order} is complete and loaded",
                )


def one_place_at_a_time(trips: tuple[Trip, ...]) -> Iterator[Violation]:
    """A truck is back from a trip before it leaves for the next."""
    by_truck: dict[str, list[Trip]] = {}
    for trip in trips:
        by_truck.setdefault(trip.truck, []).append(trip)
    for truck, own in by_truck.items():
        for first, second in pairwise(sorted(own, key=lambda trip: trip.departure_seconds)):
            overlap = first.return_seconds - second.departure_seconds
            if overlap > _SECOND:
                yield Violation(
                    "one_place_at_a_time",
                    truck,
                    overlap / 60,
                    f"{truck} leaves {overlap / 60:.1f} min before it is back",
                )


def capacity(plant: Plant, demand: Demand, truck: Truck, trip: Trip) -> Iterator[Violation]:
    """At no moment of its trip does a truck carry more than its weight and volume."""
    brought = [_sizes_of_orders(plant, demand, stop) for stop in trip.stops]
    fetched = [_sizes_of_pickups(demand, stop) for stop in trip.stops]
    on_board = [sum(size[axis] for size in brought) for axis in (0, 1)]
    most = list(on_board)
    for down, up in zip(brought, fetched, strict=True):
        for axis in (0, 1):
            on_board[axis] += up[axis] - down[axis]
            most[axis] = max(most[axis], on_board[axis])
    for load, limit, unit in zip(most, (truck.capacity_kg, truck.capacity_m3), ("kg", "m3"), strict=True):
        if load > limit * (1 + 1e-9):
            yield Violation(
                "capacity", truck.id, load - limit, f"{truck.id} carries {load:g} {unit} of {limit:g} {unit}"
            )


def _sizes_of_orders(plant: Plant, demand: Demand, stop: Stop) -> tuple[float, float]:
    """Weight and volume of what is handed over at a stop [kg, m3]."""
    orders = [demand.order_by_id[name] for name in stop.orders if name in demand.order_by_id]
    products = [plant.product_by_id[order.product] for order in orders]
    return (
        sum(o.quantity * p.weight_kg for o, p in zip(orders, products, strict=True)),
        sum(o.quantity * p.volume_m3 for o, p in zip(orders, products, strict=True)),
    )


def _sizes_of_pickups(demand: Demand, stop: Stop) -> tuple[float, float]:
    """Weight and volume of what is taken along from a stop [kg, m3]."""
    pickups = [demand.pickup_by_id[name] for name in stop.fetched if name in demand.pickup_by_id]
    return sum(pickup.weight_kg for pickup in pickups), sum(pickup.volume_m3 for pickup in pickups)


def drivers_hours(grid: TimeGrid, truck: Truck, trip: Trip) -> Iterator[Violation]:
    """A trip lies within one working day of its driver."""
    outside = _outside(grid, truck.works, truck.working_days, trip.departure_seconds, trip.return_seconds)
    if outside > _SECOND:
        yield Violation(
            "drivers_hours",
            truck.id,
            outside / 60,
            f"{truck.id} is away {outside / 60:.1f} min outside its driver's hours",
        )


def receiving_hours(grid: TimeGrid, site: Site, stop: Stop) -> Iterator[Violation]:
    """Unloading begins when the site receives goods, and takes its time."""
    outside = _outside(grid, site.receives, site.receiving_days, stop.begin_seconds, stop.begin_seconds)
    if outside > _SECOND:
        yield Violation(
            "receiving_hours",
            site.id,
            outside / 60,
            f"unloading at {site.id} begins {outside / 60:.1f} min outside its hours",
        )
    short = site.unload_minutes * 60 - (stop.end_seconds - stop.begin_seconds)
    if short > _SECOND:
        yield Violation(
            "receiving_hours",
            site.id,
            short / 60,
            f"unloading at {site.id} is {short / 60:.1f} min too short",
        )


def right_site(demand: Demand, stop: Stop) -> Iterator[Violation]:
    """An order goes to the site that it was ordered for, a pick-up comes from its own."""
    for order_id in stop.orders:
        order = demand.order_by_id.get(order_id)
        if order is not None and order.site != stop.site:
            yield Violation(
                "right_site", order_id, 1, f"{order_id} is unloaded at {stop.site}, not at {order.site}"
            )
    for pickup_id in stop.fetched:
        pickup = demand.pickup_by_id.get(pickup_id)
        if pickup is not None and pickup.site != stop.site:
            yield Violation(
                "right_site", pickup_id, 1, f"{pickup_id} is loaded at {stop.site}, not at {pickup.site}"
            )


def trip_connects(transport: Transport, sites: dict[str, Site], trip: Trip) -> Iterator[Violation]:
    """A trip goes from the gate by its stops back to the gate, and waits for each leg and stop to end."""
    places = [transport.home, *(sites[stop.site].junction for stop in trip.stops), transport.home]
    legs = [(leg.from_junction, leg.to_junction) for leg in trip.legs]
    if legs != list(pairwise(places)):
        yield Violation(
            "trip_connects", trip.truck, 1, f"a trip of {trip.truck} drives {legs}, its stops are at {places}"
        )
        return
    for stop, before, after in zip(trip.stops, trip.legs, trip.legs[1:], strict=False):
        early = max(before.arrival_seconds - stop.begin_seconds, stop.end_seconds - after.departure_seconds)
        if early > _SECOND:
            yield Violation(
                "trip_connects",
                trip.truck,
                early,
                f"{trip.truck} unloads or leaves {stop.site} {early:.0f} s too early",
            )


def route_connects(truck: Truck, leg: Leg, route: list[Segment]) -> Iterator[Violation]:
    """A leg's segments lead from its one end to its other."""
    at = leg.from_junction
    for segment in route:
        if segment.from_junction != at:
            yield Violation(
                "route_connects",
                truck.id,
                1,
                f"{truck.id} is at {at}, but {segment.id} begins at {segment.from_junction}",
            )
        at = segment.to_junction
    if at != leg.to_junction:
        yield Violation(
            "route_connects", truck.id, 1, f"a leg of {truck.id} ends at {at}, not at {leg.to_junction}"
        )


def driving_time(truck: Truck, leg: Leg, route: list[Segment]) -> Iterator[Violation]:
    """A truck drives no faster than the road allows."""
    moments = [leg.departure_seconds, *leg.entered_seconds, leg.arrival_seconds]
    least = [0.0, *(segment.drive_seconds for segment in route)]
    for (begin, end), seconds in zip(pairwise(moments), least, strict=True):
        if end - begin < seconds - _SECOND:
            fast = seconds - (end - begin)
            yield Violation(
                "driving_time", truck.id, fast, f"{truck.id} drives a segment {fast:.0f} s faster than it can"
            )


def truck_fits(truck: Truck, route: list[Segment]) -> Iterator[Violation]:
    """A truck uses no road that it is too heavy, too high or too wide for."""
    for segment in route:
        for value, limit, unit in (
            (truck.gross_weight_t, segment.max_weight_t, "t"),
            (truck.height_m, segment.max_height_m, "m high"),
            (truck.width_m, segment.max_width_m, "m wide"),
        ):
            if limit is not None and value > limit:
                yield Violation(
                    "truck_fits",
                    truck.id,
                    value - limit,
                    f"{truck.id}, {value:g} {unit}, uses {segment.id}: {limit:g} {unit}",
                )


def movement_allowed(road_map: RoadMap, truck: Truck, leg: Leg) -> Iterator[Violation]:
    """No truck makes a turn that is banned for good."""
    for movement in pairwise(leg.segments):
        if movement in road_map.banned_movements:
            yield Violation(
                "movement_allowed", truck.id, 1, f"{truck.id} turns from {movement[0]} into {movement[1]}"
            )


def closure_respected(demand: Demand, road_map: RoadMap, truck: Truck, leg: Leg) -> Iterator[Violation]:
    """No truck enters a segment or makes a turn that is closed to it at that moment."""
    for closure in (*demand.closures, *road_map.standing_closures):
        if not closure.keeps_out(leg.from_junction, leg.to_junction, truck.gross_weight_t, truck.height_m):
            continue
        for index, (segment, seconds) in enumerate(zip(leg.segments, leg.entered_seconds, strict=True)):
            turn = (leg.segments[index - 1], segment) if index else None
            if segment not in closure.segments and turn not in closure.movements:
                continue
            moment = demand.schedule.at_seconds(seconds)
            if closure.in_force(moment):
                yield Violation(
                    "closure_respected",
                    truck.id,
                    1,
                    f"{truck.id} takes {segment} at {moment.isoformat()}, closed by {closure.source}",
                )


def _outside(
    grid: TimeGrid, hours: Hours, days: tuple[Weekday, ...], begin_seconds: float, end_seconds: float
) -> float:
    """How many seconds a stretch of time lies outside the nearest of the days' hours."""
    begin = grid.at_seconds(begin_seconds)
    end = grid.at_seconds(end_seconds)
    return min(
        (
            max((opens - begin).total_seconds(), 0.0) + max((end - closes).total_seconds(), 0.0)
            for opens, closes in _openings(hours, days, begin)
        ),
        default=end_seconds - begin_seconds + 86400.0,
    )


def _openings(hours: Hours, days: tuple[Weekday, ...], near: datetime) -> Iterator[tuple[datetime, datetime]]:
    for shift in range(-7, 8):
        day = near.date() + timedelta(days=shift)
        if WEEKDAYS[day.weekday()] in days:
            yield hours.on(day, near)
