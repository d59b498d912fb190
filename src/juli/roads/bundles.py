"""Shipments that share a stop: of many orders for one site, those that one truck may bring at one time.

Putting hundreds of orders into tours one by one takes long and makes many stops. These are the stops that
they need at the least: the earliest deadline first, each takes along whatever else can come then.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from juli.roads.driving import Driver
from juli.roads.shipments import Shipment

#: A bundle takes up at most this share of the largest truck, so that trucks can still be filled.
_LARGEST_SHARE: Final = 0.5
#: Joining leaves at least so long for the stop to begin in, where it was that long before [s].
_ROOM_S: Final = 2 * 3600.0

Bundle = tuple[Shipment, ...]


@dataclass(frozen=True)
class _Chance:
    """When a stop may begin in one window of its site [s], and which window that is."""

    window: int
    begin_s: float
    end_s: float


def bundled(driver: Driver, shipments: Sequence[Shipment]) -> list[Bundle]:
    """Put together what can share a stop in time, by deadline; what is fetched stays single.

    For each site the shipment that has to come first opens a bundle in the last window that keeps its
    promise, and others join while the truck has room and each is ready before the first of them is due.
    """
    found: list[tuple[float, str, Bundle]] = []
    by_site: dict[str, list[Shipment]] = {}
    for shipment in shipments:
        if shipment.fetched:
            found.append((shipment.due_seconds, shipment.order, (shipment,)))
        else:
            by_site.setdefault(shipment.site, []).append(shipment)
    for site, own in by_site.items():
        drive_s = _least_drive_s(driver, site)
        waiting = []
        for shipment in own:
            chances = _chances(driver, shipment, drive_s)
            if chances:
                waiting.append((chances, shipment))
            else:
                found.append((driver.horizon_s, shipment.order, (shipment,)))
        waiting.sort(key=lambda pair: (pair[0][-1].end_s, pair[1].ready_seconds, pair[1].order))
        while waiting:
            deadline_s = waiting[0][0][-1].end_s
            waiting, members = _open_bundle(driver, waiting)
            found.append((deadline_s, members[0].order, tuple(members)))
    return [bundle for _, _, bundle in sorted(found, key=lambda one: one[:2])]


def _open_bundle(
    driver: Driver, waiting: list[tuple[list[_Chance], Shipment]]
) -> tuple[list[tuple[list[_Chance], Shipment]], list[Shipment]]:
    """Let the first one choose its last window, and take along what else can come then."""
    trucks = driver.transport.trucks
    room_kg = _LARGEST_SHARE * max(truck.capacity_kg for truck in trucks)
    room_m3 = _LARGEST_SHARE * max(truck.capacity_m3 for truck in trucks)
    (chances, first), *others = waiting
    stop, members, left = chances[-1], [first], []
    kg, m3 = first.weight_kg, first.volume_m3
    for own, shipment in others:
        chance = next((one for one in own if one.window == stop.window), None)
        if chance is not None and kg + shipment.weight_kg <= room_kg and m3 + shipment.volume_m3 <= room_m3:
            begin_s, end_s = max(stop.begin_s, chance.begin_s), min(stop.end_s, chance.end_s)
            if end_s - begin_s >= min(_ROOM_S, stop.end_s - stop.begin_s, chance.end_s - chance.begin_s):
                stop = _Chance(stop.window, begin_s, end_s)
                members.append(shipment)
                kg, m3 = kg + shipment.weight_kg, m3 + shipment.volume_m3
                continue
        left.append((own, shipment))
    return left, members


def _chances(driver: Driver, shipment: Shipment, drive_s: float) -> list[_Chance]:
    """The stretches in which a shipment can be unloaded in time; where there is none, the first one late."""
    earliest_s = shipment.ready_seconds + driver.loading_s + drive_s
    in_time: list[_Chance] = []
    for number, (open_s, close_s) in enumerate(driver.opening[shipment.site]):
        begin_s, end_s = max(open_s, earliest_s), min(close_s, shipment.due_seconds)
        if begin_s < end_s:
            in_time.append(_Chance(number, begin_s, end_s))
        elif begin_s < close_s:
            return in_time or [_Chance(number, begin_s, close_s)]
    return in_time


def _least_drive_s(driver: Driver, site: str) -> float:
    """What the drive to a site takes in its first window, by the quickest truck; 0 where none gets there."""
    there = driver.sites[site].junction
    depart_s = driver.opening[site][0][0] if driver.opening[site] else 0.0
    legs = (driver.leg(truck, driver.transport.home, there, depart_s) for truck in driver.transport.trucks)
    return min((leg.arrival_seconds - leg.departure_seconds for leg in legs if leg is not None), default=0.0)
