"""From a public notice to the works that a feed publishes, with the detours that hold."""

from dataclasses import replace
from datetime import date

from juli.core.errors import InputError, Problem, Severity
from juli.plant.road_map import RoadMap
from juli.roads.closing import resolve
from juli.roads.detour import check_zone
from juli.roads.graph import SMALL, MovementGraph, VehicleSize
from juli.roads.notices import read_notice
from juli.roads.notices.reading import Zone
from juli.roads.wzdx.feed import Work


def announced_works(
    text: str,
    published: date,
    road_map: RoadMap,
    source: str,
    vehicle: VehicleSize = SMALL,
    graph: MovementGraph | None = None,
) -> tuple[list[Work], list[Problem]]:
    """Read a notice and find its works on the map.

    Parameters
    ----------
    text, published
        The notice, and the day on which it appeared.
    road_map
        The roads.
    source
        The notice's name.
    vehicle
        Who drives the detours.
    graph
        The map's movement graph, where it is at hand.

    Returns
    -------
    works, left_out
        What can be published; and every part of the notice that can't, with the reason.
    """
    names = tuple(sorted({segment.road for segment in road_map.segments if segment.road}))
    reading = read_notice(text, published=published, road_names=names)
    graph = graph or MovementGraph(road_map)
    works: list[Work] = []
    left_out = [
        Problem(source, f"its {one.field} could not be read: {one.why} ({one.text})", "write it by hand")
        for one in reading.unsure
    ]
    for number, zone in enumerate(reading.zones, start=1):
        place = f"{source}#{number}"
        checked = check_zone(zone, road_map, place, vehicle, graph)
        if checked.closure is not None:
            works.append(Work(checked.closure, zone.impact, True, checked.detours))
            continue
        where = _where(zone, road_map, place)
        if where is not None and all(p.severity is Severity.WARNING for p in checked.problems):
            works.append(where)
        else:
            left_out += checked.problems
    if not reading.zones and not left_out:
        left_out.append(Problem(source, "announces no works that could be read", "write them by hand"))
    return works, left_out


def _where(zone: Zone, road_map: RoadMap, place: str) -> Work | None:
    """Works that bar nobody, such as those that take a lane; None where their place is not clear."""
    try:
        closure = resolve(replace(zone, impact="closed", applies_to="all"), road_map, place)
    except InputError:
        return None
    return Work(closure, zone.impact, bars=False)
