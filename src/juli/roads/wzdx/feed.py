"""Closures as a WZDx 4.2 feed, and beside it the turns that such a feed can't express.

A feed knows lines along a road, each in one direction, so a closed junction becomes one event for each of its
approaches. Which turns are banned stands in the side file (:mod:`juli.roads.wzdx.side_file`).

References
----------
Work Zone Data Exchange (WZDx) Specification, version 4.2, U.S. Department of Transportation.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from juli.core.errors import InputError, Problem
from juli.plant.road_map import AppliesTo, Closure, RoadMap
from juli.roads.detour import Detour, Way, roads_of
from juli.roads.road_index import RoadIndex
from juli.roads.wzdx.pieces import Piece, direction_of, event_id, line_of, taken_apart, written
from juli.roads.wzdx.side_file import side_file_of

VERSION: Final = "4.2"
#: What stands for the name of a road that has none: every event must give a name.
UNNAMED: Final = "unnamed road"


@dataclass(frozen=True)
class Work:
    """What a notice announces at one place, ready to be published.

    Parameters
    ----------
    closure
        What is barred; for works that bar nobody, where they are.
    impact
        The notice's word: ``closed``, ``half_closed``, ``lanes`` …
    bars
        Whether anybody is kept out at all.
    detours
        The announced detours, as they were checked.
    """

    closure: Closure
    impact: str = "closed"
    bars: bool = True
    detours: tuple[Detour, ...] = ()


@dataclass(frozen=True)
class Publication:
    """Who publishes a feed, and when.

    Parameters
    ----------
    publisher
        The organisation.
    moment
        When the feed is made; time-zone aware.
    announced
        The day on which the notices appeared, where it is known; time-zone aware.
    """

    publisher: str
    moment: datetime
    announced: datetime | None = None


@dataclass(frozen=True)
class Feed:
    """A feed and its side file.

    Parameters
    ----------
    feed
        The GeoJSON object of the WZDx work zone feed.
    side_file
        The closures exactly, turns included, by the events that stand for them.
    left_out
        What was not published, and why.
    """

    feed: dict[str, Any]
    side_file: dict[str, Any]
    left_out: tuple[Problem, ...]


def feed_of(works: Iterable[Work], road_map: RoadMap, publication: Publication) -> Feed:
    """Write works as a feed.

    Parameters
    ----------
    works
        What to publish.
    road_map
        The map that the closures name segments of.
    publication
        Who, and when.
    """
    index = RoadIndex(road_map)
    writer, left_out = _Writer(index, publication), list[Problem]()
    for work, pieces, times in published(works, index, left_out):
        writer.add(work, pieces, times)
    # A feed must name a source; where it holds no event, that is who publishes it.
    sources = writer.sources or {event_id("source", publication.publisher): publication.publisher}
    feed = {
        "feed_info": {
            "update_date": written(publication.moment),
            "version": VERSION,
            "publisher": publication.publisher,
            "data_sources": [
                {"data_source_id": key, "organization_name": name} for key, name in sources.items()
            ],
        },
        "type": "FeatureCollection",
        "features": writer.features,
    }
    closures = [(closure, events) for closure, events in writer.closures if events]
    return Feed(feed, side_file_of(closures, road_map, written(publication.moment)), tuple(left_out))


def published(
    works: Iterable[Work], index: RoadIndex, left_out: list[Problem]
) -> Iterator[tuple[Work, list[Piece], list[tuple[datetime, datetime]]]]:
    """Take works apart into lines and stretches of time, each closure once.

    What can't be published is added to ``left_out``, with the reason.
    """
    seen: set[str] = set()
    for work in works:
        closure = work.closure
        if closure.id in seen:
            left_out.append(Problem(closure.id, "is announced twice", "publish it once"))
            continue
        seen.add(closure.id)
        try:
            pieces, times = taken_apart(closure, index)
        except InputError as error:
            left_out += error.problems
            continue
        yield work, pieces, times


class _Writer:
    """Collects the events of a feed."""

    def __init__(self, index: RoadIndex, publication: Publication):
        self.index = index
        self.publication = publication
        self.features: list[dict[str, Any]] = []
        self.closures: list[tuple[Closure, list[str]]] = []
        self.sources: dict[str, str] = {}

    def add(self, work: Work, pieces: Sequence[Piece], times: Sequence[tuple[datetime, datetime]]) -> None:
        """Write one place: its events, linked with those of its detours."""
        closure = work.closure
        notice = closure.source.rpartition("#")[0] or closure.source
        source = event_id("source", notice)
        self.sources[source] = notice
        ways = [way for detour in work.detours for way in detour.ways if way.announced is not None]
        detours = {event_id(closure.id, "detour", way.from_arm, way.to_arm): way for way in ways}
        events = {event_id(closure.id, *(s.id for s in piece.segments)): piece for piece in pieces}
        names: list[str] = []
        for event, piece in events.items():
            linked = [key for key, way in detours.items() if _passes(way, piece)]
            names += self._works(work, piece, event, source, times, linked)
        for event, way in detours.items():
            linked = [key for key, piece in events.items() if _passes(way, piece)]
            self._detour(closure, way, event, source, linked)
        if work.bars:
            self.closures.append((closure, names))

    def _works(
        self,
        work: Work,
        piece: Piece,
        event: str,
        source: str,
        times: Sequence[tuple[datetime, datetime]],
        detours: Sequence[str],
    ) -> list[str]:
        """Write an event for every stretch of time; their ids."""
        ids = [event] + [event_id(event, number) for number in range(1, len(times))]
        line = line_of(piece.segments, self.index)
        crossing = {
            "beginning_cross_street": self._crossing(piece.segments[0].from_junction, piece),
            "ending_cross_street": self._crossing(piece.segments[-1].to_junction, piece),
        }
        for number, (start, end) in enumerate(times):
            related = [{"type": "related-detour", "id": key} for key in detours]
            if number:
                related.append({"type": "first-occurrence", "id": ids[0]})
            if number + 1 < len(ids):
                related.append({"type": "next-occurrence", "id": ids[number + 1]})
            core = self._core("work-zone", source, line, self._names(piece), related)
            core["name"] = work.closure.id
            core["description"] = description_of(work, piece, self.index.road_map.schematic)
            properties = {
                "core_details": core,
                **{key: road for key, road in crossing.items() if road},
                "start_date": written(start),
                "end_date": written(end),
                "is_start_date_verified": False,
                "is_end_date_verified": False,
                "is_start_position_verified": False,
                "is_end_position_verified": False,
                "location_method": "junction-method",
                "vehicle_impact": _vehicle_impact(work, piece),
                "restrictions": _restrictions(work, piece),
            }
            self.features.append(_feature(ids[number], line, properties))
        return ids

    def _detour(self, closure: Closure, way: Way, event: str, source: str, works: Sequence[str]) -> None:
        """Write the announced way round the works from one arm to another."""
        route = way.announced
        assert route is not None
        line = line_of(tuple(self.index.segments[name] for name in route.segments), self.index)
        related = [{"type": "related-work-zone", "id": key} for key in works]
        core = self._core("detour", source, line, roads_of(route, self.index) or [UNNAMED], related)
        core["name"] = f"{way.from_arm} → {way.to_arm}"
        core["description"] = f"{route.km:.1f} km, {route.km - way.before.km:+.1f} km against the closed way"
        properties = {
            "core_details": core,
            "start_date": written(closure.start),
            "end_date": written(closure.end),
            "is_start_date_verified": False,
            "is_end_date_verified": False,
        }
        self.features.append(_feature(event, line, properties))

    def _core(
        self,
        kind: str,
        source: str,
        line: list[list[float]],
        roads: Sequence[str],
        related: Sequence[dict[str, str]],
    ) -> dict[str, Any]:
        core: dict[str, Any] = {
            "event_type": kind,
            "data_source_id": source,
            "direction": direction_of(line),
            "road_names": list(roads),
            "update_date": written(self.publication.moment),
        }
        if self.publication.announced:
            core["creation_date"] = written(self.publication.announced)
        if related:
            core["related_road_events"] = list(related)
        return core

    def _names(self, piece: Piece) -> list[str]:
        road = piece.segments[0].road
        aliases = [alias for alias, meant in self.index.road_map.road_aliases.items() if meant == road]
        return [road or UNNAMED, *(aliases if road else ())]

    def _crossing(self, junction: str, piece: Piece) -> str | None:
        beside = (*self.index.leaving[junction], *self.index.arriving[junction])
        names = {segment.road for segment in beside} - {piece.segments[0].road, ""}
        return min(names, default=None)


def _passes(way: Way, piece: Piece) -> bool:
    """Whether the traffic of a way drove along a piece before the works."""
    return any(segment.id in way.before.segments for segment in piece.segments)


def _feature(event: str, line: list[list[float]], properties: dict[str, Any]) -> dict[str, Any]:
    geometry = {"type": "LineString", "coordinates": line}
    return {"id": event, "type": "Feature", "properties": properties, "geometry": geometry}


def _vehicle_impact(work: Work, piece: Piece) -> str:
    closure = work.closure
    limited = closure.above_weight_t is not None or closure.above_height_m is not None
    if not piece.whole or not work.bars or work.impact in ("half_closed", "lanes"):
        return "some-lanes-closed"
    if closure.applies_to is AppliesTo.TRUCKS or limited:
        return "all-lanes-open"
    return "all-lanes-closed"


def _restrictions(work: Work, piece: Piece) -> list[dict[str, Any]]:
    """Whom the event keeps out; nobody where only some turns are banned, since an event can't name them."""
    closure = work.closure
    if not piece.whole or not work.bars:
        return []
    restrictions: list[dict[str, Any]] = []
    if closure.applies_to is AppliesTo.THROUGH:
        restrictions.append({"type": "local-access-only"})
    if closure.applies_to is AppliesTo.TRUCKS:
        restrictions.append({"type": "no-trucks"})
    if closure.above_weight_t is not None:
        limit = {"value": closure.above_weight_t * 1000, "unit": "kilograms"}
        restrictions.append({"type": "reduced-weight", **limit})
    if closure.above_height_m is not None:
        limit = {"value": closure.above_height_m * 100, "unit": "centimeters"}
        restrictions.append({"type": "reduced-height", **limit})
    return restrictions


def description_of(work: Work, piece: Piece, schematic: bool) -> str:
    """Say in words what an event's fields can't."""
    words = [work.impact.replace("_", " ")]
    if piece.approach:
        words.append("turns at the end of this line are banned" if piece.whole else "some turns are banned")
    if work.closure.applies_to is AppliesTo.THROUGH:
        words.append("open to traffic that begins or ends inside the works")
    if schematic:
        words.append("positions are schematic")
    return "; ".join(words)
