"""How late tours may leave: how far completions may move without anybody being served later."""

from collections.abc import Mapping, Sequence
from math import inf
from typing import Final

from juli.plan.result import Trip
from juli.roads.driving import Driver
from juli.roads.shipments import Shipment

#: Departures are found to so many seconds.
_TOLERANCE_S: Final = 60.0


def latest_departures(
    driver: Driver, shipments: Sequence[Shipment], trips: Sequence[Trip]
) -> list[tuple[Trip, float]]:
    """By when each trip has to leave so that nobody is served later than now, or than promised [s].

    A truck's later trips come first: each earlier one is back and the truck loaded before they have to leave.
    """
    by_order = {shipment.order: shipment for shipment in shipments}
    found: list[tuple[Trip, float]] = []
    free_until: dict[str, float] = {}
    for trip in sorted(trips, key=lambda one: one.departure_seconds, reverse=True):
        depart_s = _latest(driver, by_order, trip, free_until.get(trip.truck, driver.horizon_s))
        free_until[trip.truck] = depart_s - driver.loading_s
        found.append((trip, depart_s))
    return found


def _latest(driver: Driver, by_order: Mapping[str, Shipment], trip: Trip, back_s: float) -> float:
    truck, shift = driver.shift_of(trip)
    served = [[by_order[name] for name in (*stop.orders, *stop.fetched)] for stop in trip.stops]
    limits = [
        max(
            stop.begin_seconds,
            min((one.due_seconds for one in some if one.lateness_per_hour > 0), default=inf),
        )
        for stop, some in zip(trip.stops, served, strict=True)
    ]
    carried = [shipment for some in served for shipment in some]

    def is_early_enough(depart_s: float) -> bool:
        drive = driver.departing(truck, shift, carried, depart_s)
        return (
            drive is not None
            and drive.trip.return_seconds <= back_s
            and all(stop.begin_seconds <= limit for stop, limit in zip(drive.trip.stops, limits, strict=True))
        )

    low_s, high_s = trip.departure_seconds, min(shift[1], back_s)
    while high_s - low_s > _TOLERANCE_S:
        middle_s = (low_s + high_s) / 2
        low_s, high_s = (middle_s, high_s) if is_early_enough(middle_s) else (low_s, middle_s)
    return low_s
