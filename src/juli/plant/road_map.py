"""The roads as they are described: segments, junctions, and closures as dated bans on them.

The description only; searching it is the business of ``juli.roads``, judging a route that of ``juli.plan``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from enum import StrEnum
from math import inf

#: A turn at a junction: the segment driven in on, and the one driven out on.
Movement = tuple[str, str]


@dataclass(frozen=True)
class Segment:
    """One carriageway between two junctions, in the direction of travel.

    Parameters
    ----------
    id
        Unique in the map; the opposite direction is a segment of its own.
    road
        The road's name as signs and notices write it; empty where it has none.
    from_junction, to_junction
        Where it begins and ends.
    length_km
        Its driven length.
    speed_kmh
        The speed that a truck keeps on it when nothing is in the way.
    shape
        Longitude and latitude of its points, both ends included; empty for a straight line.
    max_weight_t, max_height_m, max_width_m
        What a vehicle may weigh and measure; None where there is no limit.
    speed_profile
        Names the row of the map's ``speed_profiles`` that slows it by the hour; empty for none.
    """

    id: str
    road: str
    from_junction: str
    to_junction: str
    length_km: float
    speed_kmh: float
    shape: tuple[tuple[float, float], ...] = ()
    max_weight_t: float | None = None
    max_height_m: float | None = None
    max_width_m: float | None = None
    speed_profile: str = ""

    @property
    def drive_seconds(self) -> float:
        """Time to drive it when nothing is in the way [s]."""
        return self.length_km / self.speed_kmh * 3600


@dataclass(frozen=True)
class RoadMap:
    """The roads between the plant and its customers.

    Parameters
    ----------
    name
        What the map shows.
    junctions
        Longitude and latitude by junction id.
    segments
        Every directed segment.
    banned_movements
        Turns that are never allowed.
    schematic
        Whether the map is a drawing rather than surveyed; pictures of it say so.
    speed_profiles
        By name, what share of its speed, up to 1, a segment keeps in each of the 24 hours of the local day.
    standing_closures
        Bans that signs announce for good: trucks by the hour, roads for residents only.
    road_aliases
        Other names of roads, each with the name that the map has for it.
    """

    name: str
    junctions: Mapping[str, tuple[float, float]]
    segments: tuple[Segment, ...]
    banned_movements: frozenset[Movement] = frozenset()
    schematic: bool = False
    speed_profiles: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    standing_closures: "tuple[Closure, ...]" = ()
    road_aliases: Mapping[str, str] = field(default_factory=dict)


class AppliesTo(StrEnum):
    """Whom a closure keeps out."""

    ALL = "all"
    THROUGH = "through"
    TRUCKS = "trucks"


@dataclass(frozen=True)
class Closure:
    """A ban on segments or movements, from one moment to another.

    A trip's leg is *through traffic* when neither of its two ends is one of ``zone_junctions``; a closure
    to through traffic lets every other leg pass (local access).

    Parameters
    ----------
    id
        Names the closure in plans and messages.
    source
        Where it was read: the notice's file name, or a feed's address.
    start, end
        In force from the start up to, and not including, the end; time-zone aware.
    applies_to
        Whom it keeps out.
    segments
        Segments that may not be entered.
    movements
        Turns that may not be made.
    zone_junctions
        The junctions inside the works: legs that begin or end there have local access.
    daily
        Hours of the day that it is in force, local time of ``start``'s zone; over midnight when the first
        is later than the second; None for the whole day.
    above_weight_t, above_height_m
        Where either is given, only vehicles that exceed it are kept out.
    """

    id: str
    source: str
    start: datetime
    end: datetime
    applies_to: AppliesTo = AppliesTo.ALL
    segments: frozenset[str] = frozenset()
    movements: frozenset[Movement] = frozenset()
    zone_junctions: frozenset[str] = field(default_factory=frozenset)
    daily: tuple[time, time] | None = None
    above_weight_t: float | None = None
    above_height_m: float | None = None

    def in_force(self, moment: datetime) -> bool:
        """Whether the closure holds at a time-zone-aware moment."""
        if not self.start <= moment < self.end:
            return False
        if self.daily is None:
            return True
        first, last = self.daily
        clock = moment.astimezone(self.start.tzinfo).time()
        return first <= clock < last if first <= last else clock >= first or clock < last

    def keeps_out(self, leg_from: str, leg_to: str, weight_t: float = inf, height_m: float = inf) -> bool:
        """Whether a truck on a leg between two junctions is one of those kept out."""
        if self.above_weight_t is not None or self.above_height_m is not None:
            too_heavy = self.above_weight_t is not None and weight_t > self.above_weight_t
            too_high = self.above_height_m is not None and height_m > self.above_height_m
            if not (too_heavy or too_high):
                return False
        if self.applies_to is AppliesTo.THROUGH:
            return leg_from not in self.zone_junctions and leg_to not in self.zone_junctions
        return True
