"""Travel times from many junctions at once, by sweeps over the map instead of one queue for each.

While neither a closure nor a speed changes, a turn is either free or barred and a segment takes the same time
whoever enters it. Then eight starts share a row of labels per segment, and a junction passes all of them on
together, which compiles to vector instructions. Junctions are swept along both diagonals of the map, there
and back, and only where something came earlier, until nothing does: the Gauss-Seidel sweeps in alternating
orders of Zhao, *A fast sweeping method for Eikonal equations*, Mathematics of Computation 74, 2005
(doi:10.1090/S0025-5718-04-01678-3), on a graph. What arrives after the next change is not told here; it is
for :mod:`juli.roads.search`.

A label is one number: the time since the departure [ms] above the length driven [mm]. So of equally fast ways
the shortest is taken.
"""

from typing import Final, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from juli.roads.network import RoadNetwork
from juli.roads.search import (
    DRIVE,
    FIRST_TURN,
    FREE,
    HEAD,
    NEVER,
    PROFILE,
    Bans,
    Bytes,
    Floats,
    Ints,
    Longs,
    Roads,
    Trip,
    banned,
)

#: How many starts share a row of labels: eight of them fill a line of the processor's cache.
LANES: Final = 8
#: With fewer starts than this a queue for each is faster.
WORTH_STARTS: Final = 4
#: Bits of a label that hold the length: 8,590 km, more than is driven within the longest span below.
_LENGTH_BITS: Final = 33
_LENGTH_MASK: Final = (1 << _LENGTH_BITS) - 1
_UNREACHED: Final = 1 << 62
_LONGEST_SPAN_MS: Final = 48 * 3_600_000
_HOUR_MS: Final = 3_600_000
_DAY_MS: Final = 86_400_000


class Sweeps(NamedTuple):
    """In which orders a map is swept, and what leads into each junction."""

    order: Ints  # (4, junctions)
    first_in: Ints  # (junctions + 1,)
    into: Ints  # (segments,) by the junction that they lead to


def sweeps_of(network: RoadNetwork, x_m: Floats, y_m: Floats) -> Sweeps:
    """Order the junctions of a map along both of its diagonals."""
    rising = np.argsort(x_m + y_m, kind="stable")
    falling = np.argsort(x_m - y_m, kind="stable")
    into = np.argsort(network.head, kind="stable")
    first_in = np.searchsorted(network.head[into], np.arange(len(network.junction_ids) + 1))
    order = np.stack((rising, rising[::-1], falling, falling[::-1]))
    return Sweeps(order.astype(np.int32), first_in.astype(np.int32), into.astype(np.int32))


def near_together(junctions: Ints, x_m: Floats, y_m: Floats) -> NDArray[np.intp]:
    """The positions of junctions in an order in which neighbours lie near each other: down and up strips."""
    strips = max(1.0, (len(junctions) / LANES) ** 0.5)
    east_m, north_m = x_m[junctions], y_m[junctions]
    wide_m = max(float(np.ptp(east_m)) / strips, 1.0)
    strip = ((east_m - east_m.min()) // wide_m).astype(np.int64)
    order: NDArray[np.intp] = np.lexsort((np.where(strip % 2, -north_m, north_m), strip))
    return order


@njit(cache=True)
def steady_ms(roads: Roads, bans: Bans, trip: Trip) -> int:
    """How long after the departure no closure begins or ends and no speed changes [ms]."""
    depart_ms = trip.depart_ms
    steady = _LONGEST_SPAN_MS
    local_ms = depart_ms + trip.offset_ms
    for row in range(len(roads.profiles)):
        now = roads.profiles[row, local_ms // _HOUR_MS % 24]
        for later in range(1, 25):
            if roads.profiles[row, (local_ms // _HOUR_MS + later) % 24] != now:
                steady = min(steady, later * _HOUR_MS - local_ms % _HOUR_MS)
                break
    for row in range(len(trip.keeps_out)):
        if not trip.keeps_out[row] or bans.end_ms[row] <= depart_ms:
            continue
        if bans.start_ms[row] > depart_ms:
            steady = min(steady, bans.start_ms[row] - depart_ms)
            continue
        steady = min(steady, bans.end_ms[row] - depart_ms)
        if bans.daily_from_ms[row] >= 0:
            clock = (depart_ms + trip.zone_offset_ms[bans.zone[row]]) % _DAY_MS
            for change in (bans.daily_from_ms[row], bans.daily_to_ms[row]):
                # A change at this very moment holds already: the next one is a day off.
                steady = min(steady, (change - clock - 1) % _DAY_MS + 1)
    return int(steady)


@njit(cache=True)
def _weights(roads: Roads, bans: Bans, trip: Trip) -> Longs:
    """What each segment adds to a label; −1 where it is barred, or takes longer than anybody may drive."""
    hour = (trip.depart_ms + trip.offset_ms) // _HOUR_MS % 24
    longest_ms = trip.horizon_ms - trip.depart_ms
    weights = np.full(len(roads.segments), -1, np.int64)
    for segment in range(len(roads.segments)):
        if not trip.allowed[segment]:
            continue
        entry = bans.segment_list[segment]
        if entry != FREE and banned(entry, trip.depart_ms, bans, trip):
            continue
        drive_ms = np.int64(roads.segments[segment, DRIVE])
        row = roads.segments[segment, PROFILE]
        if row >= 0:
            share = roads.profiles[row, hour]
            drive_ms = (drive_ms * 1000 + share - 1) // share
        if drive_ms <= longest_ms:
            length_mm = np.int64(roads.length_m[segment] * 1000 + 0.5)
            weights[segment] = (drive_ms << _LENGTH_BITS) + length_mm
    return weights


@njit(cache=True)
def _free_turns(roads: Roads, bans: Bans, trip: Trip, sweeps: Sweeps) -> tuple[Ints, Ints]:
    """From which segments each segment may be entered: where its list begins, and the lists."""
    first_before = np.zeros(len(roads.segments) + 1, np.int32)
    before = np.empty(len(bans.turn_list), np.int32)
    count = 0
    for junction in range(len(roads.first_out) - 1):
        first = roads.first_out[junction]
        for way in range(first, roads.first_out[junction + 1]):
            for place in range(sweeps.first_in[junction], sweeps.first_in[junction + 1]):
                segment = sweeps.into[place]
                entry = bans.turn_list[roads.segments[segment, FIRST_TURN] + way - first]
                if entry == FREE or (entry != NEVER and not banned(entry, trip.depart_ms, bans, trip)):
                    before[count] = segment
                    count += 1
            first_before[way + 1] = count
    return first_before, before


@njit(cache=True)
def _settle(
    first_out: Ints,
    heads: Ints,
    weights: Longs,
    first_before: Ints,
    before: Ints,
    order: Ints,
    labels: Longs,
    waiting: Bytes,
) -> None:
    """Sweep until no label can be lowered."""
    moved = True
    sweep = 0
    while moved:
        moved = False
        along = order[sweep % len(order)]
        sweep += 1
        for place in range(len(along)):
            junction = along[place]
            if not waiting[junction]:
                continue
            waiting[junction] = 0
            moved = True
            for way in range(first_out[junction], first_out[junction + 1]):
                weight = weights[way]
                if weight < 0:
                    continue
                # Two lists of turns at a time; with an odd number the last one stands twice.
                turn, last = first_before[way], first_before[way + 1] - 1
                gains = np.int64(0)
                while turn <= last:
                    one, other = before[turn], before[min(turn + 1, last)]
                    turn += 2
                    # The sign of the differences, gathered without a branch, tells whether any lane gained.
                    for lane in range(LANES):
                        label = min(labels[one, lane], labels[other, lane]) + weight
                        gains |= label - labels[way, lane]
                        labels[way, lane] = min(labels[way, lane], label)
                if gains < 0:
                    waiting[heads[way]] = 1


@njit(cache=True)
def _latest_ms(labels: Longs) -> Longs:
    """The last arrival at the end of any segment, in each lane [ms]."""
    latest = np.zeros(LANES, np.int64)
    for segment in range(len(labels)):
        for lane in range(LANES):
            if labels[segment, lane] < _UNREACHED:
                latest[lane] = max(latest[lane], labels[segment, lane])
    return latest >> _LENGTH_BITS


@njit(cache=True)
def many_to_all(
    sources: Ints, columns: Ints, roads: Roads, bans: Bans, trip: Trip, sweeps: Sweeps
) -> tuple[Longs, Floats, Bytes]:
    """Travel times and lengths from some junctions to others, all departing at once.

    Returns
    -------
    Two arrays of shape ``(sources, columns)``: [ms], −1 where there is no way, and [m]; and for each source
    whether a change comes before its last arrival, so that its row is not right.
    """
    steady = steady_ms(roads, bans, trip)
    horizon_ms = trip.horizon_ms - trip.depart_ms
    weights = _weights(roads, bans, trip)
    first_before, before = _free_turns(roads, bans, trip, sweeps)
    heads = roads.segments[:, HEAD].copy()
    times_ms = np.full((len(sources), len(columns)), -1, np.int64)
    lengths_m = np.zeros((len(sources), len(columns)))
    changes = np.zeros(len(sources), np.uint8)
    labels = np.empty((len(roads.segments), LANES), np.int64)
    waiting = np.zeros(len(roads.first_out) - 1, np.uint8)
    least = np.empty(LANES, np.int64)
    for begin in range(0, len(sources), LANES):
        lanes = min(LANES, len(sources) - begin)
        labels[:] = _UNREACHED
        for lane in range(lanes):
            source = sources[begin + lane]
            # A trip may begin in any direction.
            for way in range(roads.first_out[source], roads.first_out[source + 1]):
                if weights[way] >= 0:
                    labels[way, lane] = weights[way]
                    waiting[heads[way]] = 1
        _settle(roads.first_out, heads, weights, first_before, before, sweeps.order, labels, waiting)
        latest = _latest_ms(labels)
        for column in range(len(columns)):
            junction = columns[column]
            least[:] = _UNREACHED
            for place in range(sweeps.first_in[junction], sweeps.first_in[junction + 1]):
                for lane in range(LANES):
                    least[lane] = min(least[lane], labels[sweeps.into[place], lane])
            for lane in range(lanes):
                row = begin + lane
                if junction == sources[row]:
                    times_ms[row, column] = 0
                elif least[lane] >> _LENGTH_BITS <= horizon_ms:
                    times_ms[row, column] = least[lane] >> _LENGTH_BITS
                    lengths_m[row, column] = (least[lane] & _LENGTH_MASK) / 1000
                    if times_ms[row, column] > steady:
                        changes[row] = 1
                elif latest[lane] >= steady:
                    # Who is still under way when something changes may get there yet.
                    changes[row] = 1
    return times_ms, lengths_m, changes
