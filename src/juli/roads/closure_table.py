"""Closures in side tables of a network: each turn and segment heads a short list of its bans."""

from datetime import datetime, time, tzinfo
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from juli.core.errors import InputError
from juli.plant.road_map import AppliesTo, Closure
from juli.roads import search
from juli.roads.network import RoadNetwork

_SMALLEST_TABLE: Final = 64
_T = TypeVar("_T", bound=np.generic)


class ClosureTable:
    """The dated bans on one network; putting one in or taking it out costs only its own entries.

    Parameters
    ----------
    network
        The roads.
    first_turn
        Where the turns out of each segment begin; shape ``(segments + 1,)``.
    """

    def __init__(self, network: RoadNetwork, first_turn: NDArray[np.int64]):
        self._network = network
        self._first_turn = first_turn
        self._rows: dict[str, tuple[int, Closure]] = {}
        self._free_rows: list[int] = []
        self._free_entries: list[int] = []
        self._zones: list[tzinfo] = []
        self._works: dict[str, tuple[int, ...]] = {}
        self._limited: dict[int, Closure] = {}
        self._active = np.zeros(0, np.uint8)
        self.bans = search.Bans(
            turn_list=np.full(int(first_turn[-1]), search.FREE, np.int32),
            segment_list=np.full(network.segments, search.FREE, np.int32),
            list_closure=np.zeros(0, np.int32),
            list_next=np.zeros(0, np.int32),
            start_ms=np.zeros(0, np.int64),
            end_ms=np.zeros(0, np.int64),
            daily_from_ms=np.zeros(0, np.int64),
            daily_to_ms=np.zeros(0, np.int64),
            zone=np.zeros(0, np.int32),
        )
        self._ban_for_good()

    def _ban_for_good(self) -> None:
        """Bar the turns that are never allowed, and U-turns wherever there is another way on."""
        network, turn_list = self._network, self.bans.turn_list
        if len(network.banned_turns):
            into, out = network.banned_turns[:, 0], network.banned_turns[:, 1]
            turn_list[self._turns(into, out)] = search.NEVER
        both_ways = np.flatnonzero(network.reverse >= 0)
        back = network.reverse[both_ways]
        ways_out = np.diff(network.first_out)[network.head[both_ways]]
        through = ways_out > 1
        turn_list[self._turns(both_ways[through], back[through])] = search.NEVER

    def _turns(self, into: NDArray[np.int32] | NDArray[np.intp], out: NDArray[np.int32]) -> NDArray[np.int64]:
        """The rows of turns from one segment into another."""
        rows: NDArray[np.int64] = (
            self._first_turn[into] + out - self._network.first_out[self._network.head[into]]
        )
        return rows

    @property
    def closures(self) -> tuple[Closure, ...]:
        """What is closed now, in the order of its coming."""
        return tuple(closure for _, closure in self._rows.values())

    def add(self, closure: Closure) -> None:
        """Put a closure in; InputError where the map does not have what it closes."""
        if closure.id in self._rows:
            raise InputError(f"the closure {closure.id} is in force already")
        segments, turns = self._places(closure)
        zone = self._zone_row(closure.start.tzinfo)
        row = self._free_rows.pop() if self._free_rows else self._new_row()
        bans = self.bans
        bans.start_ms[row] = _milliseconds(closure.start)
        bans.end_ms[row] = _milliseconds(closure.end)
        first, last = closure.daily or (None, None)
        bans.daily_from_ms[row] = -1 if first is None else _clock_ms(first)
        bans.daily_to_ms[row] = -1 if last is None else _clock_ms(last)
        bans.zone[row] = zone
        for heads, places in ((bans.segment_list, segments), (bans.turn_list, turns)):
            for place in places:
                self._link(heads, place, row)
        self._active[row] = 1
        if closure.applies_to is AppliesTo.THROUGH:
            for junction in closure.zone_junctions:
                self._works[junction] = (*self._works.get(junction, ()), row)
        if closure.above_weight_t is not None or closure.above_height_m is not None:
            self._limited[row] = closure
        self._rows[closure.id] = (row, closure)

    def remove(self, closure_id: str) -> None:
        """Take a closure out; InputError if it is not there."""
        try:
            row, closure = self._rows.pop(closure_id)
        except KeyError:
            raise InputError(f"no closure {closure_id} is in force") from None
        segments, turns = self._places(closure)
        for heads, places in ((self.bans.segment_list, segments), (self.bans.turn_list, turns)):
            for place in places:
                self._unlink(heads, place, row)
        self._active[row] = 0
        if closure.applies_to is AppliesTo.THROUGH:
            for junction in closure.zone_junctions:
                self._works[junction] = tuple(other for other in self._works[junction] if other != row)
        self._limited.pop(row, None)
        self._free_rows.append(row)

    @property
    def any_works(self) -> bool:
        """Whether any closure to through traffic has an inside."""
        return any(self._works.values())

    def works_at(self, junction: str) -> tuple[int, ...]:
        """The rows of the closures to through traffic whose works a junction lies inside of."""
        return self._works.get(junction, ())

    def keeps_out(self, ends: tuple[str, str], weight_t: float, height_m: float) -> NDArray[np.uint8]:
        """Whether each closure keeps a vehicle on a trip between two junctions out; shape ``(rows,)``."""
        inside = (*self.works_at(ends[0]), *self.works_at(ends[1]))
        if not inside and not self._limited:
            return self._active
        kept_out = self._active.copy()
        kept_out[list(inside)] = 0
        for row, closure in self._limited.items():
            kept_out[row] = closure.keeps_out(*ends, weight_t, height_m)
        return kept_out

    def zone_offsets_ms(self, moment: datetime) -> NDArray[np.int64]:
        """Local time minus UTC at a moment, in each time zone of the closures [ms]."""
        return np.array([offset_ms(zone, moment) for zone in self._zones], dtype=np.int64)

    def _places(self, closure: Closure) -> tuple[list[int], list[int]]:
        """The rows of the segments and turns that a closure bars."""
        network = self._network
        index = network.segment_index
        for segment in closure.segments.union(*closure.movements):
            if segment not in index:
                raise InputError(f"closure {closure.id}: the map {network.name} has no segment {segment}")
        turns: list[int] = []
        for into, out in closure.movements:
            a, b = index[into], index[out]
            junction = network.head[a]
            if network.tail[b] != junction:
                raise InputError(f"closure {closure.id}: {out} does not begin where {into} ends")
            turns.append(int(self._first_turn[a]) + b - int(network.first_out[junction]))
        return [index[segment] for segment in closure.segments], turns

    def _zone_row(self, zone: tzinfo | None) -> int:
        if zone is None:
            raise InputError("a closure begins at a time-zone-aware moment")
        if zone not in self._zones:
            self._zones.append(zone)
        return self._zones.index(zone)

    def _new_row(self) -> int:
        size = len(self._active)
        row = len(self._rows) + len(self._free_rows)
        if row == size:
            grown = max(_SMALLEST_TABLE, 2 * size)
            self._active = _grown(self._active, grown)
            columns = ("start_ms", "end_ms", "daily_from_ms", "daily_to_ms", "zone")
            self.bans = self.bans._replace(**{c: _grown(getattr(self.bans, c), grown) for c in columns})
        return row

    def _link(self, heads: NDArray[np.int32], place: int, row: int) -> None:
        if heads[place] == search.NEVER:
            return
        if not self._free_entries:
            size = len(self.bans.list_next)
            grown = max(_SMALLEST_TABLE, 2 * size)
            self.bans = self.bans._replace(
                list_closure=_grown(self.bans.list_closure, grown),
                list_next=_grown(self.bans.list_next, grown),
            )
            self._free_entries.extend(range(grown - 1, size - 1, -1))
        entry = self._free_entries.pop()
        self.bans.list_closure[entry] = row
        self.bans.list_next[entry] = heads[place]
        heads[place] = entry

    def _unlink(self, heads: NDArray[np.int32], place: int, row: int) -> None:
        bans = self.bans
        before, entry = -1, int(heads[place])
        while entry >= 0 and bans.list_closure[entry] != row:
            before, entry = entry, int(bans.list_next[entry])
        if entry < 0:
            return
        if before < 0:
            heads[place] = bans.list_next[entry]
        else:
            bans.list_next[before] = bans.list_next[entry]
        self._free_entries.append(entry)


def offset_ms(zone: tzinfo, moment: datetime) -> int:
    """Local time minus UTC in a zone at a moment [ms]."""
    offset = moment.astimezone(zone).utcoffset()
    return round(offset.total_seconds() * 1000) if offset is not None else 0


def _milliseconds(moment: datetime) -> int:
    # Rounded up: a turn made in whole milliseconds is under a ban from the first one inside it.
    return -int(-moment.timestamp() * 1000 // 1)


def _clock_ms(clock: time) -> int:
    return ((clock.hour * 60 + clock.minute) * 60 + clock.second) * 1000 + clock.microsecond // 1000


def _grown(column: NDArray[_T], size: int) -> NDArray[_T]:
    wide = np.zeros(size, column.dtype)
    wide[: len(column)] = column
    return wide
