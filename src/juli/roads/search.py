"""The compiled searches: earliest arrivals over movements, with bans judged as each turn is made.

Labels are the arrival times at the ends of segments, in whole milliseconds since 1970. Segments are left in
the order of their arrival, and nobody who enters a segment later leaves it earlier, so the first permitted
turn into a segment is the best one: every segment waits in the queue at most once, and a junction whose
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
    shift: int  # a bucket holds keys that are equal but for their last so many bits
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
    bucket: Ints  # (buckets,) the first waiting segment of each, −1 for none; a power of two of them
    next_in_bucket: Ints  # (segments,)
    key: Longs  # (segments,)


@njit(cache=True)
def _push(segment: int, key: int, shift: int, bucket: Ints, next_in_bucket: Ints, keys: Longs) -> None:
    own = (key >> shift) & (len(bucket) - 1)
    keys[segment] = key
    next_in_bucket[segment] = bucket[own]
    bucket[own] = segment


@njit(cache=True)
def _take_least(own: int, bucket: Ints, next_in_bucket: Ints, keys: Longs) -> int:
    """Take the segment with the smallest key out of a bucket that is not empty."""
    least = bucket[own]
    before_least = -1
    before, segment = least, next_in_bucket[least]
    while segment >= 0:
        if keys[segment] < keys[least]:
            before_least, least = before, segment
        before, segment = segment, next_in_bucket[segment]
    if before_least < 0:
        bucket[own] = next_in_bucket[least]
    else:
        next_in_bucket[before_least] = next_in_bucket[least]
    return int(least)


@njit(cache=True)
def _banned(entry: int, moment_ms: int, bans: Bans, trip: Trip) -> bool:
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
def _leave_ms(drive_ms: int, enter_ms: int, shares: Longs, offset_ms: int) -> int:
    """When a segment is left that is entered at a moment, at the speeds of the hours driven through."""
    left = drive_ms * 1000
    moment = enter_ms
    while True:
        local = moment + offset_ms
        share = int(shares[(local // _HOUR_MS) % 24])
        hour_left = _HOUR_MS - local % _HOUR_MS
        if left <= hour_left * share:
            return moment + (left + share - 1) // share
        left -= hour_left * share
        moment += hour_left


@njit(cache=True)
def _least_ms(junction: int, target: int, least_ms_per_m: float, x_m: Floats, y_m: Floats) -> int:
    """No drive from a junction to the target takes less: the straight line at the map's best."""
    east_m, north_m = x_m[junction] - x_m[target], y_m[junction] - y_m[target]
    return int(least_ms_per_m * np.sqrt(east_m * east_m + north_m * north_m))


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
    # Taken out of their tuples once: handing those to the small functions costs more than their work.
    first_out, head, drive_ms, length_m, profile, profiles, first_turn, shift, x_m, y_m = roads
    stamps, seen, arrival_ms, driven_m, parent = scratch[:5]
    junction_seen, ways_left, first_in, bucket, next_in_bucket, keys = scratch[5:]
    turn_list, segment_list = bans.turn_list, bans.segment_list
    allowed, ways_out = trip.allowed, trip.ways_out
    offset_ms, horizon_ms = trip.offset_ms, trip.horizon_ms
    stamps[0] += 1
    stamp = stamps[0]
    bucket[:] = -1
    waiting = 0
    slot = 0
    start_ms = trip.depart_ms
    if target >= 0:
        start_ms += _least_ms(source, target, least_ms_per_m, x_m, y_m)
    junction, segment, moment = source, -1, trip.depart_ms
    junction_seen[source] = stamp
    ways_left[source] = ways_out[source]
    first_in[source] = -1
    if wanted_count > 0 and wanted[source]:
        wanted_count -= 1
        if wanted_count == 0:
            return -1
    while True:
        if ways_left[junction] > 0:
            first = first_out[junction]
            # A trip may begin in any direction, so the first junction has no turns.
            turn = -1 if segment < 0 else first_turn[segment]
            driven = 0.0 if segment < 0 else driven_m[segment]
            for way in range(first, first_out[junction + 1]):
                if seen[way] == stamp or not allowed[way]:
                    continue
                if turn >= 0:
                    entry = turn_list[turn + way - first]
                    if entry != FREE and (entry == NEVER or _banned(entry, moment, bans, trip)):
                        continue
                entry = segment_list[way]
                if entry != FREE and _banned(entry, moment, bans, trip):
                    continue
                seen[way] = stamp
                ways_left[junction] -= 1
                row = profile[way]
                if row < 0:
                    after = moment + drive_ms[way]
                else:
                    after = _leave_ms(drive_ms[way], moment, profiles[row], offset_ms)
                arrival_ms[way] = after
                driven_m[way] = driven + length_m[way]
                parent[way] = segment
                reached = head[way]
                if after > horizon_ms or (junction_seen[reached] == stamp and ways_left[reached] == 0):
                    continue
                key = after - start_ms
                if target >= 0:
                    key += _least_ms(reached, target, least_ms_per_m, x_m, y_m)
                _push(way, key, shift, bucket, next_in_bucket, keys)
                waiting += 1
        if waiting == 0:
            return -1
        while bucket[slot] < 0:
            slot = (slot + 1) & (len(bucket) - 1)
        segment = _take_least(slot, bucket, next_in_bucket, keys)
        waiting -= 1
        junction = head[segment]
        moment = arrival_ms[segment]
        if junction_seen[junction] != stamp:
            junction_seen[junction] = stamp
            ways_left[junction] = ways_out[junction]
            first_in[junction] = segment
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
