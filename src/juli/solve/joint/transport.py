"""A lower bound on what deliveries cost, whatever is completed when.

Each trip costs at least the way to any one of its sites and back, at the speeds of empty roads with nothing
closed, and carries no more than its truck can: so an order pays at least the share of its own trip that its
load takes of the truck (Haimovich and Rinnooy Kan, Mathematics of Operations Research 10, 1985,
doi:10.1287/moor.10.4.527). Weight and volume each bound the load, and so does any mix of them.
"""

from dataclasses import dataclass
from heapq import heappop, heappush

import numpy as np

from juli.plant.demand import Demand, Order
from juli.plant.factory import Plant
from juli.plant.road_map import RoadMap
from juli.plant.site import Transport, Truck

#: Shares of the weight in the mixes that are tried; the rest is the volume's.
_MIXES = (0.0, 0.5, 1.0)


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


def least_transport(plant: Plant, demand: Demand) -> LeastTransport:
    """Bound from below what any plan's deliveries cost."""
    transport = plant.transport
    if transport is None or demand.road_map is None:
        return LeastTransport(0.0, {})
    delivered = [order for order in demand.orders if order.site is not None]
    at_most = np.array([_late_at_the_end(demand, order) for order in delivered])
    trips = [_trip_money(demand.road_map, transport, truck) for truck in transport.trucks]
    best = np.zeros(len(delivered))
    for mix in _MIXES:
        paid = np.array([_share_money(plant, order, mix, trips) for order in delivered])
        paid = np.minimum(paid, at_most)
        if paid.sum() > best.sum():
            best = paid
    left = 1.0 - np.divide(best, at_most, out=np.zeros(len(delivered)), where=at_most > 0)
    shares = {order.id: float(share) for order, share in zip(delivered, left, strict=True)}
    return LeastTransport(float(best.sum()), shares)


def _late_at_the_end(demand: Demand, order: Order) -> float:
    """The lateness of an order that is never delivered [money]."""
    horizon_s = demand.schedule.slots * demand.schedule.step_seconds
    return max(horizon_s - demand.schedule.seconds_of(order.due), 0.0) / 3600 * order.lateness_per_hour


def _share_money(plant: Plant, order: Order, mix: float, trips: list[dict[str, float]]) -> float:
    """What an order pays of a trip to its site, by the truck with which that is least [money]."""
    assert plant.transport is not None
    product = plant.product_by_id[order.product]
    weight_kg, volume_m3 = order.quantity * product.weight_kg, order.quantity * product.volume_m3
    return min(
        (mix * weight_kg / truck.capacity_kg + (1.0 - mix) * volume_m3 / truck.capacity_m3)
        * trip[str(order.site)]
        for truck, trip in zip(plant.transport.trucks, trips, strict=True)
    )


def _trip_money(road_map: RoadMap, transport: Transport, truck: Truck) -> dict[str, float]:
    """The least that a truck costs on its way to each site, unloading there, and on its way back [money]."""
    there = _least_money(road_map, transport.home, truck, back=False)
    back = _least_money(road_map, transport.home, truck, back=True)
    return {
        site.id: there.get(site.junction, 0.0)
        + back.get(site.junction, 0.0)
        + site.unload_minutes / 60 * truck.wage_per_hour
        for site in transport.sites
    }


def _least_money(road_map: RoadMap, home: str, truck: Truck, *, back: bool) -> dict[str, float]:
    """The cheapest way between a junction and every other, nothing banned: Dijkstra's algorithm [money]."""
    roads: dict[str, list[tuple[str, float]]] = {}
    for segment in road_map.segments:
        ends = (segment.from_junction, segment.to_junction)
        begin, end = reversed(ends) if back else ends
        hours = segment.length_km / segment.speed_kmh
        money = segment.length_km * truck.cost_per_km + hours * truck.wage_per_hour
        roads.setdefault(begin, []).append((end, money))
    least: dict[str, float] = {}
    queue = [(0.0, home)]
    while queue:
        money, junction = heappop(queue)
        if junction in least:
            continue
        least[junction] = money
        for end, more in roads.get(junction, ()):
            if end not in least:
                heappush(queue, (money + more, end))
    return least
