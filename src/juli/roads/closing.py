"""From a notice's work zone to the turns and segments that it closes on a map, or the reasons why not.

A wrong closure is worse than none: whatever the map or the notice leaves open is told as a problem, and
nothing is closed. The rules, one by one, stand in ``docs/roads.md``.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from juli.core.errors import InputError, Problem, Severity
from juli.plant.road_map import AppliesTo, Closure, Movement, RoadMap, Segment
from juli.roads.notices.reading import Zone
from juli.roads.road_index import RoadIndex

_HEADINGS: Final = {"北": 0.0, "东": 90.0, "東": 90.0, "南": 180.0, "西": 270.0}
_TURNS: Final = {
    "左转": -90.0,
    "左轉": -90.0,
    "右转": 90.0,
    "右轉": 90.0,
    "直行": 0.0,
    "掉头": 180.0,
    "掉頭": 180.0,
}
#: A carriageway runs west when it runs within this of west [degrees].
_HEADING_TOLERANCE: Final = 40.0
#: Closed without a stretch, a road is closed whole only where it is a bridge, a tunnel or this short [km].
_SHORT_ROAD_KM: Final = 1.0


@dataclass(frozen=True)
class _Bans:
    """What is barred, and which junctions can't be reached any other way."""

    segments: frozenset[str] = frozenset()
    movements: frozenset[Movement] = frozenset()
    inside: frozenset[str] = frozenset()


class _Unclear(Exception):  # noqa: N818 -- not an error: the way in which a rule abstains
    """A rule of this module can't tell what is closed."""

    def __init__(self, message: str, mend: str, severity: Severity = Severity.ERROR):
        super().__init__(message)
        self.message, self.mend, self.severity = message, mend, severity


def resolve(zone: Zone, road_map: RoadMap, source: str, index: RoadIndex | None = None) -> Closure:
    """Find what a zone closes on a map.

    Parameters
    ----------
    zone
        One zone of a notice.
    road_map
        The roads.
    source
        Where the zone was read: becomes the closure's source and the place of the problems.
    index
        The map's index, where it is at hand already.

    Raises
    ------
    InputError
        If it closes nothing, or nothing that is clear; only a warning where that is as it should be.
    """
    place = " × ".join(zone.junction) if zone.junction else "、".join(zone.roads)
    if zone.stretch:
        place = f"{place} {zone.stretch[0]}–{zone.stretch[1]}"
    try:
        bans = _bans(zone, index or RoadIndex(road_map))
    except _Unclear as unclear:
        message = f"{unclear.message}; nothing is closed"
        raise InputError(
            [Problem(f"{source} [{place}]", message, unclear.mend, unclear.severity)]
        ) from unclear
    direction = f" {zone.direction}" if zone.direction else ""
    hours = f" {zone.daily[0]:%H:%M}-{zone.daily[1]:%H:%M}" if zone.daily else ""
    trucks = zone.impact == "trucks_banned" or zone.applies_to == "trucks"
    return Closure(
        id=f"{source} [{place} {zone.start:%Y-%m-%d}{hours}{direction}]",
        source=source,
        start=zone.start,
        end=zone.end,
        applies_to=AppliesTo.TRUCKS if trucks else AppliesTo(zone.applies_to),
        segments=bans.segments,
        movements=bans.movements,
        zone_junctions=bans.inside,
        daily=zone.daily,
        above_weight_t=zone.weight_t,
        above_height_m=zone.height_m,
    )


def _bans(zone: Zone, index: RoadIndex) -> _Bans:
    if zone.end <= zone.start:
        raise _Unclear(f"it ends at {zone.end} and begins at {zone.start}", "read the notice's dates again")
    if zone.impact == "lanes":
        raise _Unclear("lanes are taken, but every turn stays open", "expect queues", Severity.WARNING)
    if zone.impact == "ramp":
        raise _Unclear("the map does not name its ramps", "close the ramp's segments by hand")
    if zone.impact == "half_closed" and zone.applies_to == "all" and not _names_turns(zone):
        raise _Unclear(
            "half of the road stays open, and the notice turns nobody away",
            "expect queues, or say whom the works keep out",
            Severity.WARNING,
        )
    if zone.junction:
        return _junction_bans(zone, zone.junction, index)
    if zone.impact == "movement":
        raise _Unclear("a turn is banned, but not at a junction of two roads", "name the junction")
    if zone.stretch:
        return _stretch_bans(zone, zone.stretch, index)
    return _whole_road(zone, index)


def _known(index: RoadIndex, name: str) -> str:
    road = index.road(name)
    if road is None:
        raise _Unclear(
            f"the map {index.road_map.name} has no road {name}{index.offer(name)}",
            "add the road, or an alias, to the map's file",
        )
    return road


def _one_place(index: RoadIndex, road: str, other: str) -> frozenset[str]:
    """The junctions at which two roads cross, which must be one place."""
    meeting = index.meeting(road, other)
    if not meeting:
        raise _Unclear(f"{road} and {other} do not meet on the map", "check the names against the map")
    if not index.is_one_place(meeting):
        raise _Unclear(f"{road} and {other} meet in {len(meeting)} places", "close the right one by hand")
    return meeting


def _junction_bans(zone: Zone, names: tuple[str, str], index: RoadIndex) -> _Bans:
    """Every turn at a junction, or the one that the notice names.

    Whoever can't be reached otherwise keeps access: the junction itself, and what lies behind it only.
    """
    place = _one_place(index, _known(index, names[0]), _known(index, names[1]))
    into = [segment for junction in sorted(place) for segment in index.arriving[junction]]
    out = [segment for junction in sorted(place) for segment in index.leaving[junction]]
    if zone.impact == "movement" or _names_turns(zone):
        movements = frozenset(
            (a.id, b.id)
            for turn in _turns(zone.direction or "")
            for ways in [_named_turn(turn, place, into, out, index)]
            for a in ways[0]
            for b in ways[1]
            if a.to_junction == b.from_junction
        )
        return _barred(movements, place, index)
    if zone.direction and zone.direction != "双向":
        raise _Unclear(f"which turns {zone.direction} closes is not clear", "close the turns by hand")
    movements = frozenset((a.id, b.id) for a in into for b in out if a.to_junction == b.from_junction)
    return _barred(movements, place, index)


def _names_turns(zone: Zone) -> bool:
    """Whether a half-closed junction bars the turns that its direction names, and no others."""
    return (
        zone.impact == "half_closed" and zone.junction is not None and _turned(zone.direction or "") != set()
    )


def _turned(direction: str) -> set[str]:
    return {word for word in _TURNS if word in direction}


def _turns(direction: str) -> Iterator[str]:
    """Yield the turns of a direction; one along an axis is two: 南北方向直行."""
    for turn in direction.split("、"):
        if turn[:2] in ("南北", "东西") and len(_turned(turn)) == 1:
            one, other = tuple(turn[:2])
            yield from (f"由{a}向{b}{_turned(turn).pop()}" for a, b in ((one, other), (other, one)))
        else:
            yield turn


def _barred(movements: frozenset[Movement], place: frozenset[str], index: RoadIndex) -> _Bans:
    if not movements:
        raise _Unclear("no turn of the map is the one that is closed", "close the turn by hand")
    return _Bans(movements=movements, inside=place | index.cut_off(place, ()))


def _named_turn(
    direction: str, place: frozenset[str], into: list[Segment], out: list[Segment], index: RoadIndex
) -> tuple[list[Segment], list[Segment]]:
    """The ways in and out of a turn such as 由东向西左转: coming from the east, to the left, so south."""
    if len(place) > 1:
        raise _Unclear("the junction is several on the map", "close the turn by hand")
    words = [_HEADINGS[letter] for letter in direction if letter in _HEADINGS]
    turns = [angle for word, angle in _TURNS.items() if word in direction]
    if len(words) != 2 or len(turns) > 1:
        raise _Unclear(f"which turn {direction or 'is meant'} is not clear", "close the turn by hand")
    inward = (words[0] + 180) % 360
    outward = words[1]
    if outward == inward:
        if not turns:
            raise _Unclear(f"whether {direction} is straight on or a turn is not clear", "close it by hand")
        outward = (inward + turns[0]) % 360
    ways_in = [s for s in into if _runs(index.heading_degrees(s.from_junction, s.to_junction), inward)]
    ways_out = [s for s in out if _runs(index.heading_degrees(s.from_junction, s.to_junction), outward)]
    return ways_in, ways_out


def _stretch_bans(zone: Zone, stretch: tuple[str, str], index: RoadIndex) -> _Bans:
    """The segments of a road between two others, in both directions or in the one that is named."""
    road = _known(index, zone.roads[0])
    ends = [_one_place(index, road, _known(index, name)) for name in stretch]
    runs = [index.along({road}, ends[0], ends[1]), index.along({road}, ends[1], ends[0])]
    drives = [run for run in runs if run]
    if not drives:
        raise _Unclear(
            f"{road} does not run from {stretch[0]} to {stretch[1]}", "check the names against the map"
        )
    segments = frozenset(segment.id for run in _in_direction(zone, drives, index) for segment in run)
    within = {s.to_junction for run in drives for s in run} | {s.from_junction for run in drives for s in run}
    inner = within - ends[0] - ends[1]
    return _Bans(segments=segments, inside=frozenset(inner | index.cut_off((), segments)))


def _in_direction(zone: Zone, drives: list[list[Segment]], index: RoadIndex) -> list[list[Segment]]:
    """The drives that are closed, of the one or two that lead along a stretch."""
    words = [_HEADINGS[letter] for letter in zone.direction or "" if letter in _HEADINGS]
    if zone.impact == "one_way":
        if len(words) != 2:
            raise _Unclear("which way stays open is not told", "close the other one by hand")
        heading = (words[1] + 180) % 360
    elif zone.direction is None or zone.direction == "双向":
        return drives
    elif len(words) == 2 and words[1] == (words[0] + 180) % 360:
        heading = words[1]
    else:
        raise _Unclear(f"which way {zone.direction} closes is not clear", "close it by hand")
    closed = [
        run
        for run in drives
        if _runs(index.heading_degrees(run[0].from_junction, run[-1].to_junction), heading)
    ]
    if len(closed) != 1:
        raise _Unclear(f"no carriageway of the map runs as {zone.direction} says", "close it by hand")
    return closed


def _runs(heading: float, named: float) -> bool:
    return abs((heading - named + 180) % 360 - 180) <= _HEADING_TOLERANCE


def _whole_road(zone: Zone, index: RoadIndex) -> _Bans:
    """A bridge, a tunnel or a short lane that is closed as a whole."""
    if len(zone.roads) != 1:
        raise _Unclear("which part of the roads is closed is not told", "name the junction or the stretch")
    if zone.direction or zone.impact == "one_way":
        raise _Unclear(f"which part of {zone.roads[0]} is closed is not told", "name the stretch")
    road = _known(index, zone.roads[0])
    segments = index.segments_of(road)
    length_km = sum(segment.length_km for segment in segments) / 2
    if not road.endswith(("桥", "橋", "隧道")) and length_km > _SHORT_ROAD_KM:
        raise _Unclear(f"which part of {road} is closed is not told", "name the junction or the stretch")
    ids = frozenset(segment.id for segment in segments)
    return _Bans(segments=ids, inside=frozenset(index.cut_off((), ids)))
