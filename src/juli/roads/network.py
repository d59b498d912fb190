"""A road map as arrays: what the compiled searches run on, whatever the map was read from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from juli.plant.road_map import Closure, Movement, RoadMap, Segment

Ints = NDArray[np.int32]
Floats = NDArray[np.float64]

#: How speed profiles are kept: whole thousandths, so that travel times are exact integers.
PROFILE_UNIT: Final = 1000


@dataclass(frozen=True, eq=False)
class RoadNetwork:
    """Junctions and directed segments, sorted by the junction that they leave.

    Parameters
    ----------
    name, schematic
        As in :class:`juli.plant.road_map.RoadMap`.
    junction_ids
        The ids of the junctions; shape ``(junctions,)``, like ``lon`` and ``lat`` [degrees].
    tail, head
        The junctions that each segment leaves and reaches; shape ``(segments,)``, ``tail`` ascending.
    length_m, drive_ms
        Driven length [m], and the time that it takes when nothing is in the way, rounded up [ms].
    reverse
        The same carriageway driven the other way, −1 where there is none: a turn into it is a U-turn.
    road, road_names
        The row of ``road_names`` that names each segment.
    profile, profiles
        The row of ``profiles`` that slows each segment, −1 for none; ``profiles`` has shape ``(rows, 24)``
        and counts in thousandths of the segment's speed.
    max_weight_t, max_height_m, max_width_m
        Limits of vehicles; infinite where there are none.
    banned_turns
        Pairs of segments that may not follow each other; shape ``(turns, 2)``.
    segment_ids
        The segments' ids; None when a segment is called by its two ends.
    shapes
        The points of each segment; missing ones are straight.
    standing_closures, road_aliases
        As in :class:`juli.plant.road_map.RoadMap`.
    """

    name: str
    junction_ids: Sequence[str]
    lon: Floats
    lat: Floats
    tail: Ints
    head: Ints
    length_m: Floats
    drive_ms: NDArray[np.int64]
    reverse: Ints
    road: Ints
    road_names: Sequence[str]
    profile: Ints
    profiles: NDArray[np.int64]
    max_weight_t: Floats
    max_height_m: Floats
    max_width_m: Floats
    banned_turns: Ints
    segment_ids: Sequence[str] | None = None
    shapes: Mapping[int, tuple[tuple[float, float], ...]] = field(default_factory=dict)
    standing_closures: tuple[Closure, ...] = ()
    road_aliases: Mapping[str, str] = field(default_factory=dict)
    schematic: bool = False

    @property
    def segments(self) -> int:
        """How many directed segments there are."""
        return len(self.tail)

    @cached_property
    def first_out(self) -> Ints:
        """Where the segments that leave each junction begin; shape ``(junctions + 1,)``."""
        return np.searchsorted(self.tail, np.arange(len(self.junction_ids) + 1)).astype(np.int32)

    @cached_property
    def junction_index(self) -> dict[str, int]:
        """The position of each junction."""
        return {junction: position for position, junction in enumerate(self.junction_ids)}

    @cached_property
    def segment_index(self) -> dict[str, int]:
        """The position of each segment."""
        return {self.segment_id(position): position for position in range(self.segments)}

    def segment_id(self, segment: int) -> str:
        """Name a segment."""
        if self.segment_ids is not None:
            return self.segment_ids[segment]
        return f"{self.junction_ids[self.tail[segment]]}>{self.junction_ids[self.head[segment]]}"

    def road_map(self) -> RoadMap:
        """Describe the same roads for the judge and for pictures."""
        names = [f"profile {row}" for row in range(len(self.profiles))]
        ids = [self.segment_id(position) for position in range(self.segments)]
        return RoadMap(
            name=self.name,
            junctions=dict(zip(self.junction_ids, zip(self.lon, self.lat, strict=True), strict=True)),
            segments=tuple(
                Segment(
                    id=ids[i],
                    road=self.road_names[self.road[i]],
                    from_junction=self.junction_ids[self.tail[i]],
                    to_junction=self.junction_ids[self.head[i]],
                    length_km=float(self.length_m[i]) / 1000,
                    speed_kmh=float(self.length_m[i]) / float(self.drive_ms[i]) * 3600,
                    shape=self.shapes.get(i, ()),
                    max_weight_t=_finite(self.max_weight_t[i]),
                    max_height_m=_finite(self.max_height_m[i]),
                    max_width_m=_finite(self.max_width_m[i]),
                    speed_profile=names[self.profile[i]] if self.profile[i] >= 0 else "",
                )
                for i in range(self.segments)
            ),
            banned_movements=frozenset((ids[a], ids[b]) for a, b in self.banned_turns.tolist()),
            schematic=self.schematic,
            speed_profiles={
                name: tuple((row / PROFILE_UNIT).tolist())
                for name, row in zip(names, self.profiles, strict=True)
            },
            standing_closures=self.standing_closures,
            road_aliases=self.road_aliases,
        )


def _finite(limit: float) -> float | None:
    return float(limit) if np.isfinite(limit) else None


def network_of(road_map: RoadMap) -> RoadNetwork:
    """Lay a described road map out in arrays."""
    junction_ids = tuple(road_map.junctions)
    position = {junction: index for index, junction in enumerate(junction_ids)}
    segments = sorted(road_map.segments, key=lambda segment: position[segment.from_junction])
    index = {segment.id: i for i, segment in enumerate(segments)}
    names = tuple(dict.fromkeys(segment.road for segment in segments))
    road_row = {name: row for row, name in enumerate(names)}
    profile_row = {name: row for row, name in enumerate(road_map.speed_profiles)}
    factors = np.array(list(road_map.speed_profiles.values()), dtype=float).reshape(-1, 24)
    places = np.array([road_map.junctions[junction] for junction in junction_ids], dtype=float).reshape(-1, 2)
    return RoadNetwork(
        name=road_map.name,
        schematic=road_map.schematic,
        junction_ids=junction_ids,
        lon=places[:, 0],
        lat=places[:, 1],
        tail=np.array([position[segment.from_junction] for segment in segments], dtype=np.int32),
        head=np.array([position[segment.to_junction] for segment in segments], dtype=np.int32),
        length_m=np.array([segment.length_km * 1000 for segment in segments], dtype=float),
        drive_ms=milliseconds([segment.drive_seconds for segment in segments]),
        reverse=_reverse(segments),
        road=np.array([road_row[segment.road] for segment in segments], dtype=np.int32),
        road_names=names,
        profile=np.array(
            [profile_row.get(segment.speed_profile, -1) for segment in segments], dtype=np.int32
        ),
        profiles=np.rint(factors * PROFILE_UNIT).astype(np.int64),
        max_weight_t=_limits([segment.max_weight_t for segment in segments]),
        max_height_m=_limits([segment.max_height_m for segment in segments]),
        max_width_m=_limits([segment.max_width_m for segment in segments]),
        banned_turns=_turns(road_map.banned_movements, index),
        segment_ids=tuple(segment.id for segment in segments),
        shapes={i: segment.shape for i, segment in enumerate(segments) if segment.shape},
        standing_closures=road_map.standing_closures,
        road_aliases=road_map.road_aliases,
    )


def milliseconds(seconds: Sequence[float] | Floats) -> NDArray[np.int64]:
    """Whole milliseconds, rounded up so that no search drives faster than the map says; at least 1."""
    # The tiny allowance keeps 36.0 s, computed as 36.00000000000001, at 36,000 ms.
    return np.maximum(np.ceil(np.asarray(seconds) * 1000 - 1e-6), 1).astype(np.int64)


def _limits(values: Sequence[float | None]) -> Floats:
    return np.array([np.inf if value is None else value for value in values], dtype=float)


def _turns(movements: frozenset[Movement], index: Mapping[str, int]) -> Ints:
    pairs = sorted((index[a], index[b]) for a, b in movements)
    return np.array(pairs, dtype=np.int32).reshape(-1, 2)


def _reverse(segments: Sequence[Segment]) -> Ints:
    """Pair the two directions of each carriageway: same ends, road and length."""
    waiting = {(s.from_junction, s.to_junction, s.road, s.length_km): i for i, s in enumerate(segments)}
    return np.array(
        [waiting.get((s.to_junction, s.from_junction, s.road, s.length_km), -1) for s in segments],
        dtype=np.int32,
    )
