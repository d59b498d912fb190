"""The compiled searches: earliest arrivals over movements, with bans judged as each turn is made.

Labels are the arrival times at the ends of segments, in whole milliseconds since 1970. Segments are left in
the order of their arrival, and nobody who enters a segment later leaves it earlier, so the first permitted
turn into a segment is the best one: every segment waits in the queue at most once. Where nothing was banned,
who comes to a junction later could only turn back the way that the first one came; such arrivals are left
out, which is nearly half of all.
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
    """What never changes: the network, laid out so that what is read together lies together."""

    first_out: Ints  # (junctions + 1,)
    segments: Ints  # (segments, 5), see the columns below
    length_m: Floats  # (segments,)
    profiles: Longs  # (rows, 24), thousandths of speed
    inverse: Floats  # (rows, 24), one over each
    shift: int  # a bucket holds keys that are equal but for their last so many bits
    x_m: Floats  # (junctions,)
    y_m: Floats  # (junctions,)
    landmarks: (
        Ints  # (junctions, 2 × landmarks), least times from and to each, NEVER_MS where there is no way
    )


#: Columns of ``Roads.segments``; turns out of a segment stand in the order of the ways out.
HEAD: Final = 0
DRIVE: Final = 1
PROFILE: Final = 2
FIRST_TURN: Final = 3
REVERSE: Final = 4


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

    stamp: Ints  # (1,)
    labels: Ints  # (segments, 8), see the columns below
    driven_m: Floats  # (segments,) driven from the start to each segment's end
    junctions: Ints  # (junctions, 8), see the columns below
    bucket: Ints  # (buckets,) the first waiting segment of each, −1 for none; a power of two of them


#: Columns of ``Scratch.labels``: times are counted from the departure [ms].
SEEN: Final = 0
ARRIVAL: Final = 1
PARENT: Final = 2
NEXT: Final = 3  # in its bucket
KEY: Final = 4
#: Columns of ``Scratch.junctions``: SEEN, how many ways out are left, the segment over which it was reached
#: first, the least time from it to the target with a stamp of its own, and whether it is OPEN: whether later
#: arrivals may yet open a way to somewhere new, out of it or out of a junction that it was reached through.
WAYS_LEFT: Final = 1
FIRST_IN: Final = 2
BOUNDED: Final = 3
BOUND: Final = 4
OPEN: Final = 5
#: Longer than any horizon, and small enough to be added to one [ms].
NEVER_MS: Final = 1 << 29
#: The largest stamp; after it all begin again.
_LAST_STAMP: Final = (1 << 31) - 2


@njit(cache=True)
def _push(segment: int, key: int, shift: int, bucket: Ints, labels: Ints) -> None:
    own = (key >> shift) & (len(bucket) - 1)
    labels[segment, KEY] = key
    labels[segment, NEXT] = bucket[own]
    bucket[own] = segment


@njit(cache=True)
def _take_least(own: int, bucket: Ints, labels: Ints) -> int:
    """Take the segment with the smallest key out of a bucket that is not empty."""
    least = bucket[own]
    before_least = -1
    before, segment = least, labels[least, NEXT]
    while segment >= 0:
        if labels[segment, KEY] < labels[least, KEY]:
            before_least, least = before, segment
        before, segment = segment, labels[segment, NEXT]
    if before_least < 0:
        bucket[own] = labels[least, NEXT]
    else:
        labels[before_least, NEXT] = labels[least, NEXT]
    return int(least)


@njit(cache=True)
def banned(entry: int, moment_ms: int, bans: Bans, trip: Trip) -> bool:
    """Whether any closure of a list keeps the trip out at a moment."""
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
def _leave_ms(drive_ms: int, enter_ms: int, profiles: Longs, row: int, offset_ms: int) -> int:
    """When a segment is left that is entered at a moment, at the speeds of the hours driven through."""
    left = drive_ms * 1000
    moment = enter_ms
    while True:
        local = moment + offset_ms
        share = int(profiles[row, (local // _HOUR_MS) % 24])
        hour_left = _HOUR_MS - local % _HOUR_MS
        if left <= hour_left * share:
            return moment + (left + share - 1) // share
        left -= hour_left * share
        moment += hour_left


@njit(cache=True)
def _least_ms(
    junction: int, target: int, least_ms_per_m: float, x_m: Floats, y_m: Floats, landmarks: Ints
) -> int:
    """No drive from a junction to the target takes less.

    Neither than the straight line at the map's best, nor, by the triangle inequality, than the difference
    of the least times between both and any landmark.
    """
    east_m, north_m = x_m[junction] - x_m[target], y_m[junction] - y_m[target]
    bound = int(least_ms_per_m * np.sqrt(east_m * east_m + north_m * north_m))
    count = landmarks.shape[1] // 2
    for landmark in range(count):
        here, there = landmarks[junction, landmark], landmarks[target, landmark]
        if here < NEVER_MS and there < NEVER_MS:
            bound = max(bound, there - here)
        here, there = landmarks[junction, count + landmark], landmarks[target, count + landmark]
        if here < NEVER_MS and there < NEVER_MS:
            bound = max(bound, here - there)
    return min(bound, NEVER_MS)


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

    With a target, segments are taken in the order of their arrival plus what the rest takes at least,
    which changes the order between junctions but never at one junction.
    """
    # Taken out of their tuples once: handing those to the small functions costs more than their work.
    first_out, segments, length_m, profiles, inverse, shift, x_m, y_m, landmarks = roads
    stamps, labels, driven_m, junctions, bucket = scratch
    turn_list, segment_list = bans.turn_list, bans.segment_list
    allowed, ways_out = trip.allowed, trip.ways_out
    depart_ms, offset_ms = trip.depart_ms, trip.offset_ms
    horizon_ms = trip.horizon_ms - depart_ms
    if stamps[0] >= _LAST_STAMP:
        stamps[0] = 0
        labels[:, SEEN] = 0
        junctions[:, SEEN] = 0
        junctions[:, BOUNDED] = 0
    stamps[0] += 1
    stamp = stamps[0]
    bucket[:] = -1
    last_bucket = len(bucket) - 1
    waiting = 0
    slot = 0
    hour, hour_begins, hour_ends = 0, 0, 0
    start_ms = 0
    if target >= 0:
        start_ms = _least_ms(source, target, least_ms_per_m, x_m, y_m, landmarks)
    junction, segment, moment = source, -1, 0
    junctions[source, SEEN] = stamp
    junctions[source, WAYS_LEFT] = ways_out[source]
    junctions[source, FIRST_IN] = -1
    junctions[source, OPEN] = 1
    if wanted_count > 0 and wanted[source]:
        wanted_count -= 1
        if wanted_count == 0:
            return -1
    first_arrival = True
    while True:
        if first_arrival or (junctions[junction, OPEN] and junctions[junction, WAYS_LEFT] > 0):
            first = first_out[junction]
            # A trip may begin in any direction, so the first junction has no turns.
            turn = -1 if segment < 0 else segments[segment, FIRST_TURN]
            driven = 0.0 if segment < 0 else driven_m[segment]
            for way in range(first, first_out[junction + 1]):
                if labels[way, SEEN] == stamp or not allowed[way]:
                    continue
                if turn >= 0:
                    entry = turn_list[turn + way - first]
                    if entry != FREE and (entry == NEVER or banned(entry, depart_ms + moment, bans, trip)):
                        continue
                entry = segment_list[way]
                if entry != FREE and banned(entry, depart_ms + moment, bans, trip):
                    continue
                junctions[junction, WAYS_LEFT] -= 1
                row = segments[way, PROFILE]
                drive_ms = segments[way, DRIVE]
                after = moment + drive_ms
                if row >= 0:
                    if not hour_begins <= moment < hour_ends:
                        into_hour = (depart_ms + moment + offset_ms) % _HOUR_MS
                        hour_begins = moment - into_hour
                        hour_ends = hour_begins + _HOUR_MS
                        hour = (depart_ms + moment + offset_ms) // _HOUR_MS % 24
                    share = profiles[row, hour]
                    work = drive_ms * 1000
                    if work <= (hour_ends - moment) * share:
                        # A product and its correction instead of a division, which takes many times longer.
                        drive_ms = int(work * inverse[row, hour])
                        while drive_ms * share < work:
                            drive_ms += 1
                        while (drive_ms - 1) * share >= work:
                            drive_ms -= 1
                        after = moment + drive_ms
                    else:
                        after = _leave_ms(drive_ms, depart_ms + moment, profiles, row, offset_ms) - depart_ms
                labels[way, SEEN] = stamp
                labels[way, ARRIVAL] = min(after, NEVER_MS)
                labels[way, PARENT] = segment
                driven_m[way] = driven + length_m[way]
                reached = segments[way, HEAD]
                if after > horizon_ms or (
                    junctions[reached, SEEN] == stamp
                    and (not junctions[reached, OPEN] or junctions[reached, WAYS_LEFT] == 0)
                ):
                    continue
                key = after - start_ms
                if target >= 0:
                    if junctions[reached, BOUNDED] != stamp:
                        junctions[reached, BOUNDED] = stamp
                        junctions[reached, BOUND] = _least_ms(
                            reached, target, least_ms_per_m, x_m, y_m, landmarks
                        )
                    key += junctions[reached, BOUND]
                _push(way, key, shift, bucket, labels)
                waiting += 1
            if first_arrival:
                left = junctions[junction, WAYS_LEFT]
                is_open = 0
                if segment >= 0:
                    back = segments[segment, REVERSE]
                    if back >= 0 and allowed[back] and labels[back, SEEN] != stamp:
                        left -= 1
                    before = labels[segment, PARENT]
                    is_open = junctions[source if before < 0 else segments[before, HEAD], OPEN]
                junctions[junction, OPEN] = 1 if left > 0 else is_open
        if waiting == 0:
            return -1
        while bucket[slot] < 0:
            slot = (slot + 1) & last_bucket
        segment = _take_least(slot, bucket, labels)
        waiting -= 1
        junction = segments[segment, HEAD]
        moment = labels[segment, ARRIVAL]
        first_arrival = junctions[junction, SEEN] != stamp
        if first_arrival:
            junctions[junction, SEEN] = stamp
            junctions[junction, WAYS_LEFT] = ways_out[junction]
            junctions[junction, FIRST_IN] = segment
            junctions[junction, OPEN] = 1
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
    """The segments of the fastest route and how long after the departure each is left; empty for none."""
    last = _search(source, target, least_ms_per_m, roads, bans, trip, scratch, np.zeros(0, np.uint8), 0)
    count = 0
    segment = last
    while segment >= 0:
        count += 1
        segment = scratch.labels[segment, PARENT]
    path = np.empty(count, np.int32)
    after_ms = np.empty(count, np.int64)
    segment = last
    for at in range(count - 1, -1, -1):
        path[at] = segment
        after_ms[at] = scratch.labels[segment, ARRIVAL]
        segment = scratch.labels[segment, PARENT]
    return path, after_ms


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
            if scratch.junctions[junction, SEEN] != stamp:
                continue
            segment = scratch.junctions[junction, FIRST_IN]
            times_ms[row, column] = 0
            if segment >= 0:
                times_ms[row, column] = scratch.labels[segment, ARRIVAL]
                lengths_m[row, column] = scratch.driven_m[segment]
    return times_ms, lengths_m
