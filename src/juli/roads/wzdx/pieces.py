"""Closures taken apart into what a feed can say: lines along one road, one way, and stretches of time."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from juli.core.errors import InputError, Problem
from juli.plant.road_map import Closure, Segment
from juli.roads.road_index import RoadIndex, heading_degrees

Position = tuple[float, float]

_DIRECTIONS: Final = ("northbound", "eastbound", "southbound", "westbound")
#: Closures with daily hours are written day by day; more days than this are refused.
_MOST_DAYS: Final = 400
#: A position to the centimetre.
_DECIMALS: Final = 7


@dataclass(frozen=True)
class Piece:
    """One line of a closure, driven in one direction.

    Parameters
    ----------
    segments
        In driving order.
    approach
        Whether it only leads to closed turns, and is itself open.
    whole
        Whether nothing leads on from it: a segment that is closed, or an approach without an open turn.
    """

    segments: tuple[Segment, ...]
    approach: bool
    whole: bool


def taken_apart(closure: Closure, index: RoadIndex) -> tuple[list[Piece], list[tuple[datetime, datetime]]]:
    """Take a closure apart into its lines and its stretches of time in UTC.

    Raises
    ------
    InputError
        If it is never in force, closes nothing on the map, or takes too many stretches of time.
    """
    times, pieces = occurrences(closure), pieces_of(closure, index)
    if not times or not pieces:
        message = "is never in force" if pieces else "closes nothing on the map"
        raise InputError([Problem(closure.id, message, "read the notice again")])
    return pieces, times


def pieces_of(closure: Closure, index: RoadIndex) -> list[Piece]:
    """Take a closure apart: its closed segments in runs, and each approach to its closed turns."""
    runs = [Piece(tuple(run), approach=False, whole=True) for run in _runs(closure, index)]
    never = index.road_map.banned_movements
    approaches = []
    for name in sorted({into for into, _ in closure.movements} - closure.segments):
        into = index.segments[name]
        ways = [
            out
            for out in index.leaving[into.to_junction]
            if (into.id, out.id) not in never and not _turns_back(into, out)
        ]
        whole = all((into.id, out.id) in closure.movements for out in ways)
        approaches.append(Piece((into,), approach=True, whole=whole))
    return runs + approaches


def _turns_back(into: Segment, out: Segment) -> bool:
    there, back = (into.from_junction, into.to_junction), (out.to_junction, out.from_junction)
    return (into.road, into.length_km, there) == (out.road, out.length_km, back)


def _runs(closure: Closure, index: RoadIndex) -> Iterator[list[Segment]]:
    """Chain closed segments of one road that follow each other; none turns back on itself."""
    left = {name: index.segments[name] for name in sorted(closure.segments)}

    def one_that(joins: dict[str, list[str]], junction: str, beside: Segment) -> Segment | None:
        names = [name for name in joins.get(junction, ()) if name in left]
        found = [left[n] for n in names if left[n].road == beside.road and not _turns_back(left[n], beside)]
        return found[0] if len(found) == 1 else None

    begins: dict[str, list[str]] = {}
    ends: dict[str, list[str]] = {}
    for segment in left.values():
        begins.setdefault(segment.from_junction, []).append(segment.id)
        ends.setdefault(segment.to_junction, []).append(segment.id)
    while left:
        run = [left.pop(next(iter(left)))]
        while ahead := one_that(begins, run[-1].to_junction, run[-1]):
            run.append(left.pop(ahead.id))
        while behind := one_that(ends, run[0].from_junction, run[0]):
            run.insert(0, left.pop(behind.id))
        yield run


def line_of(segments: tuple[Segment, ...], index: RoadIndex) -> list[list[float]]:
    """The line that segments are drawn as, at least two positions, each [longitude, latitude]."""
    line: list[list[float]] = []
    places = index.road_map.junctions
    for segment in segments:
        for lon, lat in segment.shape or (places[segment.from_junction], places[segment.to_junction]):
            point = [round(lon, _DECIMALS), round(lat, _DECIMALS)]
            if not line or point != line[-1]:
                line.append(point)
    return line if len(line) > 1 else line * 2


def direction_of(line: list[list[float]]) -> str:
    """The direction of traffic along a line, as WZDx names it; ``undefined`` where it comes back."""
    first, last = line[0], line[-1]
    if first == last:
        return "undefined"
    heading = heading_degrees((first[0], first[1]), (last[0], last[1]))
    return _DIRECTIONS[round(heading / 90) % 4]


def occurrences(closure: Closure) -> list[tuple[datetime, datetime]]:
    """When a closure is in force, in one stretch or day by day; in UTC.

    Raises
    ------
    InputError
        If it holds by the hour for more days than a feed should list.
    """
    if closure.daily is None:
        return [(closure.start.astimezone(UTC), closure.end.astimezone(UTC))]
    days = (closure.end - closure.start).days
    if days > _MOST_DAYS:
        message = f"by the hour on {days} days: a feed has an event for each, and {_MOST_DAYS} are the most"
        raise InputError([Problem(closure.id, message, "publish it in parts")])
    first, last = closure.daily
    zone = closure.start.tzinfo
    found = []
    for number in range(-1, days + 2):
        day = closure.start.date() + timedelta(days=number)
        begin = datetime.combine(day, first, zone)
        end = datetime.combine(day + timedelta(days=1 if first > last else 0), last, zone)
        begin, end = max(begin, closure.start), min(end, closure.end)
        if begin < end:
            found.append((begin.astimezone(UTC), end.astimezone(UTC)))
    return found


def event_id(*parts: object) -> str:
    """Name an event: the same in every feed that it stands in (RFC 4122, version 5)."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, "\n".join(map(str, parts))))


def written(moment: datetime) -> str:
    """Write a moment as RFC 3339 in UTC."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
