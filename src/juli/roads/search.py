"""The compiled searches: earliest arrivals over movements, with bans judged as each turn is made.

Labels are the arrival times at the ends of segments, in whole milliseconds since 1970. Segments are left in
the order of their arrival, and nobody who enters a segment later leaves it earlier, so the first permitted
turn into a segment is the best one: every segment is entered into the heap at most once, and a junction whose
ways out are all taken is not looked at again.
"""

from typing import Final, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Floats = NDArray[np.float64]
Bytes = NDArray[np.uint8]

#: In the heads of ban lists: no ban, and a turn that is never allowed.
FREE: Final = -1
NEVER: Final = -2
#: The searches pack a label and a segment into one integer: at most this many segments.
MAX_SEGMENTS: Final = 1 << 26
_SEGMENT_BITS: Final = 26
_HOUR_MS: Final = 3_600_000
_DAY_MS: Final = 86_400_000


class Roads(NamedTuple):
    """What never changes: the network and where its lists begin."""

    first_out: Ints  # (junctions + 1,)
    head: Ints  # (segments,)
    drive_ms: Longs  # (segments,)
    length_m: Floats  # (segments,)
    profile: Ints  # (segments,)
    profiles: Longs  # (rows, 24), thousandths of speed
    first_turn: Longs  # (segments + 1,) turns out of each segment, in the order of the ways out
    x_m: Floats  # (junctions,)
    y_m: Floats  # (junctions,)


class Bans(NamedTuple):
    """The closures in the side tables: lists of closures per turn and per segment."""

    turn_list: Ints  # (turns,) head of each turn's list, FREE or NEVER
    segment_list: Ints  # (segments,)
    list_closure: Ints  # (entries,)
    list_next: Ints  # (entries,)
    start_ms: Longs  # (closures,)
    end_ms: Longs
    daily_from_ms: Longs  # (closures,) −1 where it holds the whole day
    daily_to_ms: Longs
    zone: Ints  # (closures,) row of the query's zone offsets


class Trip(NamedTuple):
    """What one search asks."""

    depart_ms: int
    offset_ms: int  # local time minus UTC, for speeds by the hour
    zone_offset_ms: Longs  # (zones,) the same for the closures' daily hours
    keeps_out: Bytes  # (closures,) whether each keeps this trip out
    allowed: Bytes  # (segments,) whether the vehicle may drive there at all
    ways_out: Ints  # (junctions,) how many allowed segments leave each
    horizon_ms: int  # arrivals later than this count as never


class Scratch(NamedTuple):
    """Memory that searches share; a stamp tells this search's entries from older ones."""

    stamp: Longs  # (1,)
    seen: Longs  # (segments,)
    arrival_ms: Longs  # (segments,)
    length_m: Floats  # (segments,) driven from the start to each segment's end
    parent: Ints  # (segments,)
    junction_seen: Longs  # (junctions,)
    ways_left: Ints  # (junctions,)
    first_in: Ints  # (junctions,) the segment over which each was reached first
    heap: Longs  # (segments + 1,)


@njit(cache=True)
def _push(heap: Longs, size: int, key: int) -> int:
    at = size
    while at > 0:
        above = (at - 1) >> 2
        if heap[above] <= key:
            break
        heap[at] = heap[above]
        at = above
    heap[at] = key
    return size + 1


@njit(cache=True)
def _settle_top(heap: Longs, size: int) -> int:
    """Take the smallest key away; the caller has read it."""
    size -= 1
    key = heap[size]
    at = 0
    while True:
        child = 4 * at + 1
        if child >= size:
            break
        least = child
        for other in range(child + 1, min(child + 4, size)):
            if heap[other] < heap[least]:
                least = other
        if heap[least] >= key:
            break
        heap[at] = heap[least]
        at = least
    heap[at] = key
    return size


@njit(cache=True)
def _banned(entry: int, moment_ms: int, bans: Bans, trip: Trip) -> bool:
    if entry == NEVER:
        return True
    while entry >= 0:
        closure = bans.list_closure[entry]
        if trip.keeps_out[closure] and bans.start_ms[closure] <= moment_ms < bans.end_ms[closure]:
            first = bans.daily_from_ms[closure]
            if first < 0:
                return True
            last = bans.daily_to_ms[closure]
            clock = (moment_ms + trip.zone_offset_ms[bans.zone[closure]]) % _DAY_MS
            if first <= last:
                if first <= clock < last:
                    return True
            elif clock >= first or clock < last:
                return True
        entry = bans.list_next[entry]
    return False


@njit(cache=True)
def _leave_ms(segment: int, enter_ms: int, roads: Roads, offset_ms: int) -> int:
    """When a segment is left that is entered at a moment, at the speeds of the hours driven through."""
    row = roads.profile[segment]
    if row < 0:
        return enter_ms + int(roads.drive_ms[segment])
    left = int(roads.drive_ms[segment]) * 1000
    moment = enter_ms
    while True:
        local = moment + offset_ms
        share = int(roads.profiles[row, (local // _HOUR_MS) % 24])
        hour_left = _HOUR_MS - local % _HOUR_MS
        if left <= hour_left * share:
            return moment + int((left + share - 1) // share)
        left -= hour_left * share
        moment += hour_left


@njit(cache=True)
def _search(
    source: int,
    target: int,
    least_ms_per_m: float,
    roads: Roads,
    bans: Bans,
    trip: Trip,
    scratch: Scratch,
    wanted: Bytes,
    wanted_count: int,
) -> int:
    """Search from a junction until a target or every wanted junction is reached; the last segment or −1.

    With a target, segments are taken in the order of their arrival plus what the straight line to it takes
    at least, which changes the order between junctions but never at one junction.
    """
    scratch.stamp[0] += 1
    stamp = scratch.stamp[0]
    seen, arrival_ms, parent = scratch.seen, scratch.arrival_ms, scratch.parent
    junction_seen, ways_left, heap = scratch.junction_seen, scratch.ways_left, scratch.heap
    size = 0
    target_x = target_y = 0.0
    if target >= 0:
        target_x, target_y = roads.x_m[target], roads.y_m[target]
    junction = source
    segment = -1
    moment = trip.depart_ms
    junction_seen[source] = stamp
    ways_left[source] = trip.ways_out[source]
    scratch.first_in[source] = -1
    if wanted_count > 0 and wanted[source]:
        wanted_count -= 1
        if wanted_count == 0:
            return -1
    while True:
        if ways_left[junction] > 0:
            first = roads.first_out[junction]
            # A trip may begin in any direction, so the first junction has no turns.
            turn = -1 if segment < 0 else roads.first_turn[segment]
            for way in range(first, roads.first_out[junction + 1]):
                if seen[way] == stamp or not trip.allowed[way]:
                    continue
                if turn >= 0:
                    entry = bans.turn_list[turn + way - first]
                    if entry != FREE and _banned(entry, moment, bans, trip):
                        continue
                entry = bans.segment_list[way]
                if entry != FREE and _banned(entry, moment, bans, trip):
                    continue
                seen[way] = stamp
                ways_left[junction] -= 1
                after = _leave_ms(way, moment, roads, trip.offset_ms)
                arrival_ms[way] = after
                scratch.length_m[way] = roads.length_m[way] + (
                    scratch.length_m[segment] if segment >= 0 else 0.0
                )
                parent[way] = segment
                reached = roads.head[way]
                if after > trip.horizon_ms or (junction_seen[reached] == stamp and ways_left[reached] == 0):
                    continue
                key = after - trip.depart_ms
                if target >= 0 and least_ms_per_m > 0:
                    away_x, away_y = roads.x_m[reached] - target_x, roads.y_m[reached] - target_y
                    key += int(least_ms_per_m * np.sqrt(away_x * away_x + away_y * away_y))
                size = _push(heap, size, (key << _SEGMENT_BITS) | way)
        if size == 0:
            return -1
        segment = int(heap[0] & ((1 << _SEGMENT_BITS) - 1))
        size = _settle_top(heap, size)
        junction = roads.head[segment]
        moment = arrival_ms[segment]
        if junction_seen[junction] != stamp:
            junction_seen[junction] = stamp
            ways_left[junction] = trip.ways_out[junction]
            scratch.first_in[junction] = segment
            if junction == target:
                return segment
            if wanted_count > 0 and wanted[junction]:
                wanted_count -= 1
                if wanted_count == 0:
                    return segment


@njit(cache=True)
def route(
    source: int,
    target: int,
    least_ms_per_m: float,
    roads: Roads,
    bans: Bans,
    trip: Trip,
    scratch: Scratch,
) -> tuple[Ints, Longs]:
    """The segments of the fastest route and the moment of arrival at the end of each; empty for none."""
    last = _search(source, target, least_ms_per_m, roads, bans, trip, scratch, np.zeros(0, np.uint8), 0)
    count = 0
    segment = last
    while segment >= 0:
        count += 1
        segment = scratch.parent[segment]
    path = np.empty(count, np.int32)
    arrivals = np.empty(count, np.int64)
    segment = last
    for at in range(count - 1, -1, -1):
        path[at] = segment
        arrivals[at] = scratch.arrival_ms[segment]
        segment = scratch.parent[segment]
    return path, arrivals


@njit(cache=True)
def one_to_all(
    sources: Ints,
    columns: Ints,
    roads: Roads,
    bans: Bans,
    trip: Trip,
    scratch: Scratch,
) -> tuple[Longs, Floats]:
    """Travel times and lengths from some junctions to others, all departing at once.

    Returns
    -------
    Two arrays of shape ``(sources, columns)``: [ms], −1 where there is no way, and [m].
    """
    junctions = len(roads.first_out) - 1
    wanted = np.zeros(junctions, np.uint8)
    wanted_count = 0
    if len(columns) < junctions:
        for junction in columns:
            if not wanted[junction]:
                wanted[junction] = 1
                wanted_count += 1
    times_ms = np.full((len(sources), len(columns)), -1, np.int64)
    lengths_m = np.zeros((len(sources), len(columns)))
    for row in range(len(sources)):
        _search(sources[row], -1, 0.0, roads, bans, trip, scratch, wanted, wanted_count)
        stamp = scratch.stamp[0]
        for column in range(len(columns)):
            junction = columns[column]
            if scratch.junction_seen[junction] != stamp:
                continue
            segment = scratch.first_in[junction]
            times_ms[row, column] = 0
            if segment >= 0:
                times_ms[row, column] = scratch.arrival_ms[segment] - trip.depart_ms
                lengths_m[row, column] = scratch.length_m[segment]
    return times_ms, lengths_m
