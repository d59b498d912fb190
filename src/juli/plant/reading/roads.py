"""The road map beside a plant, and whether every place of the transport is on it."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from juli.core.errors import InputError, Problem, Severity
from juli.plant.reading.plant_file import LocatedPlant
from juli.plant.road_map import RoadMap
from juli.plant.road_map_file import read_road_map
from juli.plant.site import Transport


def read_roads(folder: Path, located: LocatedPlant, problems: list[Problem]) -> RoadMap | None:
    """Read the road map that a plant names; None where it names none or a problem is in the way."""
    transport = located.plant.transport
    if transport is None:
        return None
    try:
        road_map = read_road_map(folder / transport.roads)
    except InputError as error:
        problems += error.problems
        return None
    missing = list(_off_the_map(located, transport, road_map))
    problems += missing or _cut_off(located, transport, road_map)
    return road_map


def _off_the_map(located: LocatedPlant, transport: Transport, road_map: RoadMap) -> Iterator[Problem]:
    places: dict[tuple[str | int, ...], tuple[str, str]] = {("home",): ("home", transport.home)}
    places |= {
        ("sites", index, "junction"): (site.id, site.junction) for index, site in enumerate(transport.sites)
    }
    for path, (what, junction) in places.items():
        if junction not in road_map.junctions:
            message = f"{what} is at the junction {junction}, which {transport.roads} doesn't have"
            yield Problem(located.place_of("transport", *path), message, "name a junction of the map")


def _cut_off(located: LocatedPlant, transport: Transport, road_map: RoadMap) -> Iterator[Problem]:
    """Sites that no road leads to, or none from; closures and the trucks' sizes aside."""
    ways = [(segment.from_junction, segment.to_junction) for segment in road_map.segments]
    there = _reached(transport.home, ways)
    back = _reached(transport.home, ((end, begin) for begin, end in ways))
    for index, site in enumerate(transport.sites):
        if site.junction not in there & back:
            way = "to" if site.junction not in there else "back from"
            message = f"no road leads from {transport.home} {way} {site.id} at {site.junction}"
            place = located.place_of("transport", "sites", index, "junction")
            yield Problem(place, message, f"draw the road in {transport.roads}", Severity.WARNING)


def _reached(start: str, ways: Iterable[tuple[str, str]]) -> set[str]:
    leaving: dict[str, list[str]] = {}
    for begin, end in ways:
        leaving.setdefault(begin, []).append(end)
    reached = {start}
    waiting = [start]
    while waiting:
        for end in leaving.get(waiting.pop(), ()):
            if end not in reached:
                reached.add(end)
                waiting.append(end)
    return reached
