"""WZDx feeds read back as closures on a map; what does not fit on it, or bars nobody, is told.

With the side file beside it, a feed of ours gives exactly the closures that it was made of. Any other feed
gives the segments that its lines run along, in their direction.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from math import cos, radians
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from juli.core.errors import InputError, Problem, Severity
from juli.plant.reading.text_file import read_text
from juli.plant.road_map import AppliesTo, Closure, RoadMap, Segment
from juli.roads.road_index import RoadIndex
from juli.roads.wzdx.side_file import closures_by_event, side_file_path

_METRES_PER_DEGREE: Final = 111_195.0
#: A segment lies on an event's line where all its points are this close to it [m].
_ON_LINE_M: Final = 15.0
#: It runs along the line where this share of its length is progress on it.
_PROGRESS: Final = 0.7
#: Units of weight and length, in tonnes and metres; the standard's "tons" are short tons.
_TONNES: Final = {"kilograms": 0.001, "pounds": 0.00045359237, "tons": 0.90718474}
_METRES: Final = {"centimeters": 0.01, "inches": 0.0254, "feet": 0.3048}


@dataclass(frozen=True)
class FeedReading:
    """What was read of a feed.

    Parameters
    ----------
    closures
        What it closes on the map.
    unread
        Warnings: events that close nothing here, and why.
    """

    closures: tuple[Closure, ...]
    unread: tuple[Problem, ...]


class _Core(BaseModel):
    model_config = ConfigDict(extra="ignore")

    event_type: str
    data_source_id: str
    road_names: list[str] = Field(min_length=1)
    name: str | None = None


class _Restriction(BaseModel):
    model_config = ConfigDict(extra="ignore")

    type: str
    value: float | None = None
    unit: str | None = None


class _Properties(BaseModel):
    model_config = ConfigDict(extra="ignore")

    core_details: _Core
    start_date: datetime
    end_date: datetime
    vehicle_impact: str = "unknown"
    location_method: str = "unknown"
    restrictions: list[_Restriction] = []


class _Geometry(BaseModel):
    model_config = ConfigDict(extra="ignore")

    type: str
    coordinates: list[tuple[float, float] | tuple[float, float, float]] = Field(min_length=2)


class _Event(BaseModel):
    model_config = ConfigDict(extra="ignore")

    id: str
    properties: _Properties
    geometry: _Geometry


class _Unclear(Exception):  # noqa: N818 -- not an error: the way in which an event is left aside
    """An event closes nothing, for a reason that is told."""

    def __init__(self, message: str, mend: str):
        super().__init__(message)
        self.message, self.mend = message, mend


def read_feed(path: Path, road_map: RoadMap) -> FeedReading:
    """Read a feed's file, and the side file where it stands beside it.

    Raises
    ------
    InputError
        If the file is no WZDx feed of version 4, or its side file does not belong to it.
    """
    problems: list[Problem] = []
    text = read_text(path, path.name, problems)
    if text is None:
        raise InputError(problems)
    beside = side_file_path(path)
    side_text = read_text(beside, beside.name, problems) if beside.exists() else None
    if problems:
        raise InputError(problems)
    return closures_of(text, path.name, road_map, side_text, beside.name)


def closures_of(
    text: str, place: str, road_map: RoadMap, side_text: str | None = None, side_place: str = "side file"
) -> FeedReading:
    """Read a feed's text, as :func:`read_feed` does its file."""
    features, update_date = _features(text, place)
    by_event: dict[str, Closure] = {}
    if side_text is not None:
        by_event = closures_by_event(side_text, side_place, update_date, road_map)
    exact: dict[str, Closure] = {}
    index = RoadIndex(road_map)
    lines = _Lines(index)
    groups: dict[tuple[Any, ...], list[tuple[_Event, list[Segment]]]] = {}
    unread: list[Problem] = []
    for number, feature in enumerate(features):
        at = f"{place}[feature {number}]"
        named = feature.get("id") if isinstance(feature, dict) else None
        if isinstance(named, str) and named in by_event:
            exact[by_event[named].id] = by_event[named]
            continue
        try:
            event = _Event.model_validate(feature)
            if event.properties.core_details.event_type != "detour":
                key, segments = _closed(event, lines)
                groups.setdefault(key, []).append((event, segments))
        except ValidationError as error:
            fault = error.errors()[0]
            where = ".".join(map(str, fault["loc"]))
            unread.append(_warning(at, f"{where}: {fault['msg']}", "mend the feed"))
        except _Unclear as unclear:
            unread.append(_warning(at, unclear.message, unclear.mend))
    closures = [_closure(events, place, index) for events in groups.values()]
    return FeedReading((*exact.values(), *closures), tuple(unread))


def _features(text: str, place: str) -> tuple[list[Any], str]:
    mend = "give a WZDx work zone feed of version 4"
    try:
        content = json.loads(text)
    except json.JSONDecodeError as error:
        raise InputError([Problem(f"{place}:{error.lineno}", f"not JSON: {error.msg}", mend)]) from error
    except RecursionError as error:
        raise InputError([Problem(place, "not a feed: nested too deeply", mend)]) from error
    content = content if isinstance(content, dict) else {}
    info = content.get("feed_info") or content.get("road_event_feed_info")
    features = content.get("features")
    if not isinstance(info, dict) or not isinstance(features, list):
        raise InputError([Problem(place, 'has no "feed_info" and "features"', mend)])
    version = str(info.get("version", ""))
    if version.partition(".")[0] != "4":
        raise InputError([Problem(place, f"is of version {version or 'unknown'}", mend)])
    return features, str(info.get("update_date", ""))


def _warning(place: str, message: str, mend: str) -> Problem:
    return Problem(place, f"{message}; nothing is closed", mend, Severity.WARNING)


def _closed(event: _Event, lines: "_Lines") -> tuple[tuple[Any, ...], list[Segment]]:
    """The segments that an event closes, and what it has in common with others of its closure."""
    told = event.properties
    if told.start_date.tzinfo is None or told.end_date.tzinfo is None:
        raise _Unclear("its dates have no time zone", "write them in UTC, with a Z")
    if told.end_date <= told.start_date:
        raise _Unclear(f"it ends at {told.end_date} and begins at {told.start_date}", "mend its dates")
    if event.geometry.type != "LineString":
        raise _Unclear(f"a {event.geometry.type} has no direction", "draw it as a LineString")
    facts = _whom(told)
    segments = lines.along(event)
    if not segments:
        roads = "、".join(told.core_details.road_names)
        raise _Unclear(f"no segment of the map lies on its line ({roads})", "use a map of the same place")
    name = told.core_details.name or event.id
    return (told.core_details.data_source_id, name, told.start_date, told.end_date, facts), segments


def _whom(told: _Properties) -> tuple[AppliesTo, float | None, float | None]:
    """Whom an event keeps out: everybody, through traffic or trucks, and above which weight and height."""
    kinds = {restriction.type for restriction in told.restrictions}
    weight_t = _limit(told, ("reduced-weight", "gross-weight-limit"), _TONNES)
    height_m = _limit(told, ("reduced-height",), _METRES)
    if "local-access-only" in kinds:
        return AppliesTo.THROUGH, weight_t, height_m
    if "no-trucks" in kinds:
        return AppliesTo.TRUCKS, weight_t, height_m
    if weight_t is not None or height_m is not None or told.vehicle_impact == "all-lanes-closed":
        return AppliesTo.ALL, weight_t, height_m
    raise _Unclear(f"it turns nobody away ({told.vehicle_impact})", "expect queues")


def _limit(told: _Properties, kinds: tuple[str, ...], units: Mapping[str, float]) -> float | None:
    found = [r for r in told.restrictions if r.type in kinds]
    for restriction in found:
        if restriction.value is None or restriction.unit not in units:
            message = f"its limit {restriction.value} {restriction.unit} can't be read"
            raise _Unclear(message, f"write it in {', '.join(units)}")
    return min((float(r.value or 0) * units[str(r.unit)] for r in found), default=None)


def _closure(events: list[tuple[_Event, list[Segment]]], place: str, index: RoadIndex) -> Closure:
    """One closure of the events that have their name, time and restrictions in common."""
    first = events[0][0].properties
    applies_to, weight_t, height_m = _whom(first)
    ids = frozenset(segment.id for _, segments in events for segment in segments)
    inside: set[str] = set()
    if applies_to is AppliesTo.THROUGH:
        inside = _inside(events, index, ids)
    return Closure(
        id=f"{place} {first.core_details.name or events[0][0].id} [{events[0][0].id}]",
        source=place,
        start=first.start_date,
        end=first.end_date,
        applies_to=applies_to,
        segments=ids,
        zone_junctions=frozenset(inside),
        above_weight_t=weight_t,
        above_height_m=height_m,
    )


def _inside(events: list[tuple[_Event, list[Segment]]], index: RoadIndex, closed: frozenset[str]) -> set[str]:
    """The junctions with local access: along closed lines, where no way in is open, and what lies behind."""
    inner: set[str] = set()
    ends: set[str] = set()
    for _, segments in events:
        begun = {segment.from_junction for segment in segments}
        ended = {segment.to_junction for segment in segments}
        inner |= begun & ended
        ends |= ended
    shut = {junction for junction in ends if all(s.id in closed for s in index.arriving[junction])}
    return inner | shut | index.cut_off(shut, closed)


class _Lines:
    """Finds the segments of a map that lie along a line."""

    def __init__(self, index: RoadIndex):
        self.index = index
        places = index.road_map.junctions
        self.segments = index.road_map.segments
        self.scale = cos(radians(next(iter(places.values()))[1])) if places else 1.0
        self.points = [
            self._metres(segment.shape or (places[segment.from_junction], places[segment.to_junction]))
            for segment in self.segments
        ]
        ends = [(points.min(axis=0), points.max(axis=0)) for points in self.points]
        self.low = np.array([low for low, _ in ends]).reshape(-1, 2)
        self.high = np.array([high for _, high in ends]).reshape(-1, 2)

    def _metres(self, line: Any) -> NDArray[np.float64]:
        degrees = np.asarray([point[:2] for point in line], dtype=float)
        metres: NDArray[np.float64] = degrees * _METRES_PER_DEGREE * np.array([self.scale, 1.0])
        return metres

    def along(self, event: _Event) -> list[Segment]:
        """The segments that lie on an event's line, run its way, and bear its name if the map has it."""
        line = self._metres(event.geometry.coordinates)
        roads = {self.index.road(name) for name in event.properties.core_details.road_names} - {None}
        near = np.all(self.low >= line.min(axis=0) - _ON_LINE_M, axis=1)
        near &= np.all(self.high <= line.max(axis=0) + _ON_LINE_M, axis=1)
        found = []
        for number in np.flatnonzero(near).tolist():
            segment = self.segments[number]
            if (not roads or segment.road in roads) and _lies_along(self.points[number], line):
                found.append(segment)
        return found


def _lies_along(points: NDArray[np.float64], line: NDArray[np.float64]) -> bool:
    """Whether points, given in metres, are near a line and run its way."""
    begins, steps = line[:-1], np.diff(line, axis=0)
    lengths = np.hypot(steps[:, 0], steps[:, 1])
    begins, steps, lengths = begins[lengths > 0], steps[lengths > 0], lengths[lengths > 0]
    if not len(lengths):
        return False
    before = np.concatenate(([0.0], np.cumsum(lengths)[:-1]))
    away = points[:, None, :] - begins[None]
    share = np.clip((away * steps).sum(axis=2) / lengths**2, 0.0, 1.0)
    distance = np.hypot(*np.moveaxis(away - share[..., None] * steps, 2, 0))
    nearest = distance.argmin(axis=1)
    rows = np.arange(len(points))
    if distance[rows, nearest].max() > _ON_LINE_M:
        return False
    driven = before[nearest] + share[rows, nearest] * lengths[nearest]
    own = np.hypot(*np.diff(points, axis=0).T).sum()
    return bool(driven[-1] - driven[0] >= _PROGRESS * own > 0)
