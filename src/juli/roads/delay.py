"""How much slower the works' own traffic makes a detour: with its uncertainty, or not at all.

Drive times follow the volume-delay function of the Bureau of Public Roads, t = t0 (1 + 0.15 (v / c)^4)
(*Traffic Assignment Manual*, U.S. Department of Commerce, 1964). What the traffic of the works will do is not
known, so it is drawn many times: how well the counts hold on the day, how large the capacity really is, which
share of the drivers takes the detour, and where those of one arm want to go. The 5th, 50th and 95th
percentiles are told. Beyond capacity queues grow with the time that they last, which the function can't
tell: there the upper end is left open.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from juli.plant.road_map import Closure
from juli.roads.counts import Counts
from juli.roads.detour import Detour, Way
from juli.roads.road_index import RoadIndex

_ALPHA: Final = 0.15
_BETA: Final = 4.0
_DRAWS: Final = 2000
#: Relative standard deviations of a count on another day, and of a capacity.
_COUNT_DEVIATION: Final = 0.10
_CAPACITY_DEVIATION: Final = 0.10
#: The share of the turned-away drivers that takes the announced detour lies between these.
_OBEYING: Final = (0.5, 1.0)
#: Minutes are given only where counts cover at least this share of the detour's length.
_LEAST_COVERED: Final = 0.8


@dataclass(frozen=True)
class Delay:
    """How many minutes the detour's own traffic adds to one way.

    Parameters
    ----------
    low_minutes, minutes, high_minutes
        The 5th, 50th and 95th percentile [min]; None together where there are too few counts, the last alone
        where the detour may be beyond its capacity.
    covered
        Which share of the detour's length was counted.
    why
        Why minutes are missing; empty where none are.
    """

    low_minutes: float | None
    minutes: float | None
    high_minutes: float | None
    covered: float
    why: str = ""


def delays_of(
    detour: Detour, closure: Closure, counts: Counts, index: RoadIndex, moment: datetime, seed: int = 0
) -> tuple[Delay, ...]:
    """Work out the delay of each way of an announced detour, in the order of its ways.

    Parameters
    ----------
    detour
        A checked detour.
    closure
        The works.
    counts
        What was counted on the roads.
    index
        The map.
    moment
        Its hour is looked at.
    seed
        Where the draws begin.
    """
    local = moment.astimezone(closure.start.tzinfo)
    return tuple(_Model(detour.ways, closure, counts, index, local.hour, seed).delays())


class _Model:
    """All ways of one detour, whose traffic shares its roads."""

    def __init__(
        self, ways: Sequence[Way], closure: Closure, counts: Counts, index: RoadIndex, hour: int, seed: int
    ):
        self.ways = ways
        self.counts = counts
        self.index = index
        self.hour = hour
        self.rng = np.random.default_rng(seed)
        self.turned_away = [_turned_away(way, closure) for way in ways]

    def delays(self) -> Iterable[Delay]:
        """The delay of each way."""
        added, unknown = self._added()
        for way, count_at in zip(self.ways, self.turned_away, strict=True):
            if way.announced is None:
                yield Delay(None, None, None, 0.0, "the announced roads do not lead there")
                continue
            covered = self._covered(way.announced.segments)
            if count_at is None or self.counts.at(count_at, self.hour) is None:
                yield Delay(
                    None, None, None, covered, f"nobody counted the traffic that comes from {way.from_arm}"
                )
            elif covered < _LEAST_COVERED:
                why = f"counts cover {covered:.0%} of the detour, {_LEAST_COVERED:.0%} are needed"
                yield Delay(None, None, None, covered, why)
            else:
                yield self._delay(way.announced.segments, added, covered, unknown)

    def _covered(self, segments: Sequence[str]) -> float:
        lengths = {name: self.index.segments[name].length_km for name in segments}
        counted = sum(km for name, km in lengths.items() if self.counts.at(name, self.hour) is not None)
        return counted / max(sum(lengths.values()), 1e-9)

    def _added(self) -> tuple[dict[str, NDArray[np.float64]], bool]:
        """What the turned-away traffic adds to each segment, draw by draw; and if some of it is unknown."""
        by_approach: dict[str, list[Way]] = {}
        unknown = False
        for way, count_at in zip(self.ways, self.turned_away, strict=True):
            if count_at is not None and self.counts.at(count_at, self.hour) is not None:
                by_approach.setdefault(count_at, []).append(way)
            else:
                unknown = True
        added: dict[str, NDArray[np.float64]] = {}
        obeying = self.rng.uniform(*_OBEYING, size=_DRAWS)
        for approach, ways in by_approach.items():
            # Where the drivers of an arm want to go is not counted: any split is as likely as any other.
            splits = self.rng.dirichlet(np.ones(len(ways)), size=_DRAWS)
            volume = (self.counts.at(approach, self.hour) or 0.0) * self._spread(_COUNT_DEVIATION) * obeying
            for column, way in enumerate(ways):
                for name in way.announced.segments if way.announced else ():
                    added[name] = added.get(name, np.zeros(_DRAWS)) + volume * splits[:, column]
        return added, unknown

    def _delay(
        self, segments: Sequence[str], added: dict[str, NDArray[np.float64]], covered: float, unknown: bool
    ) -> Delay:
        minutes = np.zeros(_DRAWS)
        full = np.zeros(_DRAWS, dtype=bool)
        for name in segments:
            count = self.counts.at(name, self.hour)
            if count is None:
                continue
            before = count * self._spread(_COUNT_DEVIATION)
            capacity = self.counts.capacity_per_hour[name] * self._spread(_CAPACITY_DEVIATION)
            after = before + added.get(name, np.zeros(_DRAWS))
            slower = (after / capacity) ** _BETA - (before / capacity) ** _BETA
            minutes += self.index.segments[name].drive_seconds / 60 * _ALPHA * slower
            full |= after > capacity
        low, middle, high = (float(value) for value in np.percentile(minutes, (5, 50, 95)))
        if full.mean() > 0.05 or unknown:
            why = "some of the turned-away traffic was not counted"
            if full.mean() > 0.05:
                why = "the detour may be beyond its capacity, where queues grow with time"
            return Delay(low, middle, None, covered, why)
        return Delay(low, middle, high, covered)

    def _spread(self, deviation: float) -> NDArray[np.float64]:
        return np.maximum(self.rng.normal(1.0, deviation, size=_DRAWS), 0.5)


def _turned_away(way: Way, closure: Closure) -> str | None:
    """The segment whose count is the traffic of a way: the closed one, or the approach to the closed turn."""
    for segment in way.before.segments:
        if segment in closure.segments:
            return segment
    return next(
        (into for into, out in pairwise(way.before.segments) if (into, out) in closure.movements), None
    )
