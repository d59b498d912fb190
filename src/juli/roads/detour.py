"""Whether an announced detour leads round the works, and what it costs those who take it.

The traffic that a closure turns away comes along an arm of the closed roads and wants to leave by another.
Each such pair of arms is driven three times: as before the works; round them on the announced roads
alone; and round them by the fastest way that is legal.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise, permutations
from typing import Final

from juli.core.errors import InputError, Problem
from juli.plant.road_map import Closure, RoadMap, Segment
from juli.roads.closing import resolve
from juli.roads.graph import SMALL, MovementGraph, Route, VehicleSize
from juli.roads.notices.reading import Zone
from juli.roads.road_index import RoadIndex, heading_degrees

#: Pieces without a name belong to any road when they are no longer than this: the corners of crossings [km].
_CORNER_KM: Final = 0.2
_COMPASS: Final = ("north", "north-east", "east", "south-east", "south", "south-west", "west", "north-west")


@dataclass(frozen=True)
class Arm:
    """Where traffic leaves the closed roads, or comes back to them.

    Parameters
    ----------
    junction
        The last place outside the works at which a detour can begin.
    road, side
        The road that it is on, and the side of the works, by the compass.
    """

    junction: str
    road: str
    side: str

    def __str__(self) -> str:
        return f"{self.road} {self.side}"


@dataclass(frozen=True)
class Way:
    """The traffic from one arm to another.

    Parameters
    ----------
    from_arm, to_arm
        Its ends.
    before
        Its drive without the works.
    announced
        Round the works on the announced roads; None where they do not lead there.
    best
        Round the works by the fastest legal way; None where there is none.
    """

    from_arm: Arm
    to_arm: Arm
    before: Route
    announced: Route | None
    best: Route | None

    @property
    def better(self) -> Route | None:
        """The fastest legal way where it is shorter or faster than the announced one."""
        if self.best is None:
            return None
        if self.announced is None or self.best.seconds < self.announced.seconds - 1:
            return self.best
        return None


@dataclass(frozen=True)
class Detour:
    """One announced chain of roads, checked.

    Parameters
    ----------
    roads
        As the notice names them.
    unknown
        Those that the map does not have.
    gaps
        Neighbours in the chain that do not meet on the map.
    missed_arms
        Arms of the closed roads that no announced road meets.
    ways
        The traffic that the closure turns away, from arm to arm.
    undrivable
        Pairs of arms between which the vehicle finds no way even without the works.
    """

    roads: tuple[str, ...]
    unknown: tuple[str, ...]
    gaps: tuple[tuple[str, str], ...]
    missed_arms: tuple[Arm, ...]
    ways: tuple[Way, ...]
    undrivable: tuple[tuple[Arm, Arm], ...] = ()

    @property
    def one_way_only(self) -> tuple[Way, ...]:
        """The ways that it does not serve although it serves the other direction."""
        served = {(way.from_arm, way.to_arm) for way in self.ways if way.announced is not None}
        return tuple(
            way for way in self.ways if way.announced is None and (way.to_arm, way.from_arm) in served
        )

    @property
    def connects(self) -> bool:
        """Whether it leads round the works, in both directions, between all arms that it meets."""
        return bool(self.ways) and all(way.announced is not None for way in self.ways)


@dataclass(frozen=True)
class ZoneCheck:
    """A zone's closure and its announced detours.

    Parameters
    ----------
    closure
        What it closes; None where that is not clear.
    moment
        When the drives are made: within the closure, by day where it holds by day.
    detours
        Each announced chain.
    problems
        Why nothing was closed, or nothing checked.
    """

    closure: Closure | None
    moment: datetime | None
    detours: tuple[Detour, ...]
    problems: tuple[Problem, ...]


def check_zone(
    zone: Zone,
    road_map: RoadMap,
    source: str,
    vehicle: VehicleSize = SMALL,
    graph: MovementGraph | None = None,
) -> ZoneCheck:
    """Check the announced detours of a zone for a vehicle.

    Parameters
    ----------
    zone
        One zone of a notice.
    road_map
        The roads.
    source
        The notice's name.
    vehicle
        Who drives.
    graph
        The map's movement graph, where it is at hand; it is left as it was.
    """
    index = RoadIndex(road_map)
    try:
        closure = resolve(zone, road_map, source, index)
    except InputError as error:
        return ZoneCheck(None, None, (), error.problems)
    graph = graph or MovementGraph(road_map)
    moment = _moment_within(closure)
    known = [road for name in zone.roads if (road := index.road(name)) is not None]
    detours = [_check(chain, closure, known, index, graph, moment, vehicle) for chain in zone.detours]
    return ZoneCheck(closure, moment, tuple(detours), ())


def _moment_within(closure: Closure) -> datetime:
    """A moment at which the closure holds: ten in the morning if it then does, or its first moment."""
    first = closure.start
    mornings = [
        first.replace(hour=10, minute=0, second=0, microsecond=0) + timedelta(days=d) for d in range(3)
    ]
    hours = [datetime.combine(m.date(), closure.daily[0], first.tzinfo) for m in mornings if closure.daily]
    return next((m for m in (*mornings, *hours) if m >= first and closure.in_force(m)), first)


def _check(
    chain: tuple[str, ...],
    closure: Closure,
    closed_roads: Sequence[str],
    index: RoadIndex,
    graph: MovementGraph,
    moment: datetime,
    vehicle: VehicleSize,
) -> Detour:
    announced = [road for name in chain if (road := index.road(name)) is not None]
    arms = list(_arms(closure, closed_roads, announced, index))
    met = [arm for arm in arms if index.junctions_of_any(announced) & {arm.junction}]
    undrivable: list[tuple[Arm, Arm]] = []
    ways = list(_ways(met, closure, (*closed_roads, *announced), index, graph, moment, vehicle, undrivable))
    return Detour(
        roads=chain,
        unknown=tuple(name for name in chain if index.road(name) is None),
        gaps=tuple((a, b) for a, b in pairwise(announced) if not index.meeting(a, b)),
        missed_arms=tuple(arm for arm in arms if arm not in met),
        ways=tuple(ways),
        undrivable=tuple(undrivable),
    )


def _arms(
    closure: Closure, closed_roads: Iterable[str], announced: Collection[str], index: RoadIndex
) -> Iterator[Arm]:
    """The closed roads, followed outwards from the works to the first announced road, or to their ends."""
    places = index.road_map.junctions
    turned = {index.segments[into].to_junction for into, _ in closure.movements}
    shut = [index.segments[segment] for segment in closure.segments]
    works = turned | {end for s in shut for end in (s.from_junction, s.to_junction)}
    centre = tuple(sum(places[j][axis] for j in works) / len(works) for axis in (0, 1))
    announced_at = index.junctions_of_any(announced)
    for road in dict.fromkeys(closed_roads):
        # A closed junction is left by the next one; the ends of a closed stretch are open.
        starts = index.next_on_road(road, turned) | _ends(shut, road)
        for start in sorted(starts):
            arm = start
            seen = works | starts
            while arm not in announced_at:
                ahead = sorted(index.next_on_road(road, {arm}) - seen)
                if not ahead:
                    break
                arm = ahead[0]
                seen = seen | {arm}
            heading = heading_degrees((centre[0], centre[1]), places[arm])
            yield Arm(arm, road, _COMPASS[round(heading / 45) % 8])


def _ends(shut: Iterable[Segment], road: str) -> set[str]:
    """The junctions of a closed stretch that have one closed neighbour on it."""
    neighbours: dict[str, set[str]] = defaultdict(set)
    for segment in shut:
        if segment.road == road:
            neighbours[segment.from_junction].add(segment.to_junction)
            neighbours[segment.to_junction].add(segment.from_junction)
    return {junction for junction, beside in neighbours.items() if len(beside) == 1}


def _ways(
    arms: Sequence[Arm],
    closure: Closure,
    allowed: Collection[str],
    index: RoadIndex,
    graph: MovementGraph,
    moment: datetime,
    vehicle: VehicleSize,
    undrivable: list[tuple[Arm, Arm]],
) -> Iterator[Way]:
    """Drive every pair of arms whose fastest way leads through the works."""
    elsewhere = Closure(
        id="not announced",
        source=closure.source,
        start=closure.start,
        end=closure.end,
        segments=frozenset(
            s.id
            for s in index.road_map.segments
            if s.road not in allowed and (s.road or s.length_km > _CORNER_KM)
        ),
    )
    for from_arm, to_arm in permutations(arms, 2):
        ends = (from_arm.junction, to_arm.junction)
        before = graph.route(*ends, moment, vehicle)
        if before is None:
            undrivable.append((from_arm, to_arm))
            continue
        if not _uses(before, closure):
            continue
        graph.close(closure)
        best = graph.route(*ends, moment, vehicle)
        graph.close(elsewhere)
        announced = graph.route(*ends, moment, vehicle)
        graph.reopen(elsewhere.id)
        graph.reopen(closure.id)
        yield Way(from_arm, to_arm, before, announced, best)


def _uses(route: Route, closure: Closure) -> bool:
    turns = pairwise(route.segments)
    return any(s in closure.segments for s in route.segments) or any(t in closure.movements for t in turns)


def roads_of(route: Route, index: RoadIndex) -> list[str]:
    """The names of the roads that a route takes, in driving order."""
    names = [index.segments[segment].road for segment in route.segments]
    return [name for name, before in zip(names, [None, *names], strict=False) if name and name != before]
