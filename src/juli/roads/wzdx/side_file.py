"""The side file of a feed: closures exactly, the turns that they ban, and the events that stand for them."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, time
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, ValidationError

from juli.core.errors import InputError, Problem
from juli.plant.road_map import AppliesTo, Closure, RoadMap

FORMAT: Final = "juli movement bans 1"


class _Turn(BaseModel):
    model_config = ConfigDict(extra="ignore", populate_by_name=True)

    into: str
    out: str


class _Ban(BaseModel):
    """One closure as the side file has it."""

    model_config = ConfigDict(extra="ignore")

    id: str
    source: str
    start: datetime
    end: datetime
    applies_to: AppliesTo
    segments: list[str]
    movements: list[_Turn]
    zone_junctions: list[str]
    daily: tuple[time, time] | None = None
    above_weight_t: float | None = None
    above_height_m: float | None = None
    events: list[str]

    def closure(self) -> Closure:
        """The closure again."""
        return Closure(
            id=self.id,
            source=self.source,
            start=self.start,
            end=self.end,
            applies_to=self.applies_to,
            segments=frozenset(self.segments),
            movements=frozenset((turn.into, turn.out) for turn in self.movements),
            zone_junctions=frozenset(self.zone_junctions),
            daily=self.daily,
            above_weight_t=self.above_weight_t,
            above_height_m=self.above_height_m,
        )


class _SideFile(BaseModel):
    model_config = ConfigDict(extra="ignore")

    format: str
    feed_update_date: str
    closures: list[_Ban]


def side_file_of(
    closures: Iterable[tuple[Closure, Sequence[str]]], road_map: RoadMap, feed_update_date: str
) -> dict[str, Any]:
    """Write closures with the events that stand for them; each turn also by its roads and its place."""
    segments = {segment.id: segment for segment in road_map.segments}

    def turn(into: str, out: str) -> dict[str, Any]:
        at = segments[into].to_junction
        roads = {"from_road": segments[into].road, "to_road": segments[out].road}
        return {"into": into, "out": out, **roads, "at": list(road_map.junctions[at])}

    return {
        "format": FORMAT,
        "feed_update_date": feed_update_date,
        "map": road_map.name,
        "closures": [
            {
                "id": closure.id,
                "source": closure.source,
                "start": closure.start.isoformat(),
                "end": closure.end.isoformat(),
                "applies_to": closure.applies_to.value,
                "segments": sorted(closure.segments),
                "movements": [turn(into, out) for into, out in sorted(closure.movements)],
                "zone_junctions": sorted(closure.zone_junctions),
                "daily": [clock.isoformat() for clock in closure.daily] if closure.daily else None,
                "above_weight_t": closure.above_weight_t,
                "above_height_m": closure.above_height_m,
                "events": list(events),
            }
            for closure, events in closures
        ],
    }


def side_file_path(feed: Path) -> Path:
    """Where the side file of a feed stands: ``works.movements.json`` beside ``works.geojson``."""
    return feed.with_name(f"{feed.stem}.movements.json")


def closures_by_event(
    content: Mapping[str, Any] | str, place: str, feed_update_date: str, road_map: RoadMap
) -> dict[str, Closure]:
    """Read a side file: for each event of its feed the closure that it belongs to.

    Raises
    ------
    InputError
        If it is no side file, belongs to another issue of the feed, or names what the map does not have.
    """
    try:
        parsed = json.loads(content) if isinstance(content, str) else content
        side_file = _SideFile.model_validate(parsed)
        if side_file.format != FORMAT:
            raise InputError([Problem(place, f"is of the format {side_file.format}", f"write {FORMAT}")])
        if side_file.feed_update_date != feed_update_date:
            message = f"belongs to the feed of {side_file.feed_update_date}, not of {feed_update_date}"
            raise InputError([Problem(place, message, "fetch the feed and its side file together")])
        closures = {ban.id: ban.closure() for ban in side_file.closures}
    except (json.JSONDecodeError, ValidationError) as error:
        message = f"is no side file of a feed: {str(error).splitlines()[0]}"
        raise InputError([Problem(place, message, "fetch it again, or remove it")]) from error
    problems = _unknown(closures.values(), place, road_map)
    if problems:
        raise InputError(problems)
    return {event: closures[ban.id] for ban in side_file.closures for event in ban.events}


def _unknown(closures: Iterable[Closure], place: str, road_map: RoadMap) -> list[Problem]:
    """What closures name and the map does not have, and moments without a time zone."""
    ends = {segment.id: segment for segment in road_map.segments}
    problems = []
    for closure in closures:
        named = closure.segments.union(*closure.movements)
        for segment in sorted(named - ends.keys()):
            message = f"{closure.id}: the map {road_map.name} has no segment {segment}"
            problems.append(Problem(place, message, "use the map that the feed was published on"))
        for into, out in sorted(closure.movements):
            known = into in ends and out in ends
            if known and ends[into].to_junction != ends[out].from_junction:
                message = f"{closure.id}: {out} does not begin where {into} ends"
                problems.append(Problem(place, message, "use the map that the feed was published on"))
        if closure.start.tzinfo is None or closure.end.tzinfo is None or closure.end <= closure.start:
            message = f"{closure.id}: from {closure.start} to {closure.end} is no stretch of time"
            problems.append(Problem(place, message, "write moments with a time zone, the end last"))
    return problems
