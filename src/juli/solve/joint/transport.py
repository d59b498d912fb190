"""A lower bound on what deliveries cost, whatever is completed when.

Trips are as cheap as they could be: on the roads of the map at their best speeds with nothing closed, without
waiting, from the moment on at which an order could be complete if it had the shop to itself. What is left is
which orders share a truck: by weight and volume, and by the days on which they are ready and due. No plan
pays less for its trips than the prices that :mod:`juli.solve.joint.trips` finds.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from heapq import heappop, heappush

import numpy as np

from juli.plant.demand import Demand, Order
from juli.plant.factory import Plant
from juli.plant.road_map import RoadMap, Segment
from juli.plant.site import Transport, Truck
from juli.roads.driving import Window, windows
from juli.solve.joint.trips import Deliverable, Way, delivery_prices, never
from juli.workshop.arrays import Floats

#: How long the stretches of a shift are in which trips leave that are told apart [s].
_STRETCH_S = 6 * 3600.0
#: The share of each order's price of lateness that keeps deliveries in time; the rest does so for production.
_LATE_SHARE = 0.2
#: Drive times are rounded to the millisecond on every segment [s].
_ROUNDING_S = 1e-3
#: And profiles' factors to thousandths.
_FACTOR_ROUNDING = 1e-3


@dataclass(frozen=True)
class LeastTransport:
    """What deliveries cost at the least.

    An order that is never delivered costs no transport, but the lateness up to the horizon's end. So part of
    each order's price of lateness stands in for its transport: whoever adds ``money`` to a bound may count
    lateness only at the share of its price that is left.

    Parameters
    ----------
    money
        Transport, or the lateness in its place.
    late_price_share
        By order that is delivered: the share of its price of lateness that is left.
    """

    money: float
    late_price_share: dict[str, float]


def least_transport(
    plant: Plant,
    demand: Demand,
    complete_seconds: Mapping[str, float] | None = None,
    hurry: Callable[[], bool] = never,
    stop: Callable[[], bool] = never,
) -> LeastTransport:
    """Bound from below what any plan's deliveries cost.

    Parameters
    ----------
    complete_seconds
        By order: no plan completes it sooner [s]. None: the plan's start.
    hurry, stop
        As for :func:`juli.solve.joint.trips.delivery_prices`.
    """
    transport = plant.transport
    delivered = [order for order in demand.orders if order.site is not None]
    if transport is None or demand.road_map is None or not delivered:
        return LeastTransport(0.0, {})
    number_of = {site.id: number for number, site in enumerate(transport.sites)}
    delivered.sort(key=lambda order: number_of[str(order.site)])
    complete = {} if complete_seconds is None else complete_seconds
    products = [plant.product_by_id[order.product] for order in delivered]
    problem = Deliverable(
        site=np.array([number_of[str(order.site)] for order in delivered], dtype=np.int64),
        load=np.array(
            [
                (order.quantity * product.weight_kg, order.quantity * product.volume_m3)
                for order, product in zip(delivered, products, strict=True)
            ],
            dtype=np.float64,
        ),
        at_most=np.array([_LATE_SHARE * _late_at_the_end(demand, order) for order in delivered]),
        ways=_ways(demand, transport, delivered, complete),
    )
    prices = delivery_prices(problem, hurry, stop)
    left = 1.0 - _LATE_SHARE
    return LeastTransport(float(prices.sum()), {order.id: left for order in delivered})


def _horizon_s(demand: Demand) -> float:
    return float(demand.schedule.slots * demand.schedule.step_seconds)


def _late_at_the_end(demand: Demand, order: Order) -> float:
    """The lateness of an order that is never delivered [money]."""
    late_s = max(_horizon_s(demand) - demand.schedule.seconds_of(order.due), 0.0)
    return late_s / 3600 * order.lateness_per_hour


def _late_money(
    demand: Demand,
    transport: Transport,
    shifts: list[Window],
    orders: list[Order],
    complete_seconds: Mapping[str, float],
) -> Floats:
    """The counted share of each order's lateness at the least, by the stretch in which its truck leaves.

    Shape ``(stretches, orders)``; a truck is back by the end of the shift that it leaves in.
    """
    assert demand.road_map is not None
    road_map = demand.road_map
    there_s, back_s = (
        _least(road_map, transport.home, lambda segment: _drive_seconds(road_map, segment), back=back)
        for back in (False, True)
    )
    sites = {site.id: site for site in transport.sites}
    stretches = [
        (begin_s, min(begin_s + _STRETCH_S, close_s), close_s)
        for open_s, close_s in shifts
        for begin_s in np.arange(open_s, close_s, _STRETCH_S).tolist()
    ]
    late = np.full((len(stretches), len(orders)), np.inf)
    for column, order in enumerate(orders):
        site = sites[str(order.site)]
        received = windows(site.receives, site.receiving_days, demand.schedule)
        ready_s = max(complete_seconds.get(order.id, 0.0), 0.0) + transport.loading_minutes * 60
        away_s = site.unload_minutes * 60 + back_s.get(site.junction, np.inf)
        for row, (begin_s, end_s, close_s) in enumerate(stretches):
            if ready_s > end_s:
                continue
            unload_s = _opens(received, max(begin_s, ready_s) + there_s.get(site.junction, np.inf))
            if unload_s is not None and unload_s + away_s <= close_s + 1.0:
                late_s = max(unload_s - demand.schedule.seconds_of(order.due), 0.0)
                late[row, column] = _LATE_SHARE * late_s / 3600 * order.lateness_per_hour
    return late


def _opens(received: tuple[Window, ...], arrival_s: float) -> float | None:
    """When unloading can begin; None where the site no longer receives."""
    return next((max(arrival_s, opens) for opens, closes in received if arrival_s <= closes), None)


def _ways(
    demand: Demand, transport: Transport, orders: list[Order], complete_seconds: Mapping[str, float]
) -> tuple[Way, ...]:
    """What each kind of truck pays at the least, what it carries, and when."""
    kinds: dict[tuple[float, ...], list[Truck]] = {}
    for truck in transport.trucks:
        key = (truck.capacity_kg, truck.capacity_m3, truck.cost_per_km, truck.wage_per_hour)
        kinds.setdefault(key, []).append(truck)
    found = []
    for trucks in kinds.values():
        shifts = _joined(
            [shift for truck in trucks for shift in windows(truck.works, truck.working_days, demand.schedule)]
        )
        late = _late_money(demand, transport, shifts, orders, complete_seconds)
        found.append(_way(demand, transport, trucks[0], late))
    return tuple(found)


def _joined(shifts: list[Window]) -> list[Window]:
    """Shifts of several trucks as if one driver worked them all."""
    joined: list[Window] = []
    for begin_s, end_s in sorted(shifts):
        if joined and begin_s <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end_s))
        else:
            joined.append((begin_s, end_s))
    return joined


def _way(demand: Demand, transport: Transport, truck: Truck, late: Floats) -> Way:
    assert demand.road_map is not None
    road_map = demand.road_map

    def money(segment: Segment) -> float:
        hours = _drive_seconds(road_map, segment) / 3600
        return segment.length_km * truck.cost_per_km + hours * truck.wage_per_hour

    def unloaded(begin: str) -> Floats:
        least = _least(road_map, begin, money, back=False)
        there: Floats = unload + np.array([least.get(site.junction, np.inf) for site in transport.sites])
        return there

    unload: Floats = np.array([site.unload_minutes / 60 * truck.wage_per_hour for site in transport.sites])
    home = _least(road_map, transport.home, money, back=True)
    rows = {junction: unloaded(junction) for junction in {site.junction for site in transport.sites}}
    return Way(
        there=unloaded(transport.home),
        back=np.array([home.get(site.junction, np.inf) for site in transport.sites]),
        between=np.stack([rows[site.junction] for site in transport.sites]),
        capacity=np.array([truck.capacity_kg, truck.capacity_m3]),
        late=late,
    )


def _drive_seconds(road_map: RoadMap, segment: Segment) -> float:
    """How long a segment takes in the best hour of the day [s]."""
    factors = [1.0, *road_map.speed_profiles.get(segment.speed_profile, ())]
    best = max(factors)
    fastest_kmh = segment.speed_kmh * (best + (_FACTOR_ROUNDING if best > 1.0 else 0.0))
    return max(segment.length_km / fastest_kmh * 3600 - _ROUNDING_S, 0.0)


def _least(
    road_map: RoadMap, begin: str, cost: Callable[[Segment], float], *, back: bool
) -> dict[str, float]:
    """The least sum of costs from a junction to every other, or back: Dijkstra's algorithm."""
    roads: dict[str, list[tuple[str, float]]] = {}
    for segment in road_map.segments:
        ends = (segment.from_junction, segment.to_junction)
        start, end = reversed(ends) if back else ends
        roads.setdefault(start, []).append((end, cost(segment)))
    least: dict[str, float] = {}
    queue = [(0.0, begin)]
    while queue:
        total, junction = heappop(queue)
        if junction in least:
            continue
        least[junction] = total
        for end, more in roads.get(junction, ()):
            if end not in least:
                heappush(queue, (total + more, end))
    return least
