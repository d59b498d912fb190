r"""Landmarks: junctions at the edge of the map, with the least times between them and every other.

No drive from a to b is shorter than the difference of the least times from a landmark to both, or from both
to it (A* with landmarks and the triangle inequality; Goldberg and Harrelson, *Computing the shortest path:
A\\* search meets graph theory*, SODA 2005). The least times are those of an empty map without any ban, at the
best speed of any hour: closures, signs and rush hours only lengthen drives, so the bounds hold whatever is
closed, and nothing has to be built again.
"""

import heapq

import numpy as np
from numba import njit
from numpy.typing import NDArray

from juli.roads.network import PROFILE_UNIT, RoadNetwork
from juli.roads.search import NEVER_MS

Ints = NDArray[np.int32]


def landmark_times(network: RoadNetwork, count: int) -> Ints:
    """Choose landmarks far from each other, and work out their least times.

    Returns
    -------
    Array of shape ``(junctions, 2 * count)`` [ms]: from each landmark, then to each.
    """
    junctions = len(network.junction_ids)
    if not count or not network.segments:
        return np.zeros((junctions, 0), np.int32)
    fastest = max(int(network.profiles.max(initial=0)), PROFILE_UNIT)
    least_ms = network.drive_ms * PROFILE_UNIT // fastest
    order = np.argsort(network.head, kind="stable")
    first_in = np.searchsorted(network.head[order], np.arange(junctions + 1)).astype(np.int32)
    forward = (network.first_out, network.head, least_ms)
    backward = (first_in, network.tail[order].astype(np.int32), least_ms[order])
    times = np.empty((junctions, 2 * count), np.int32)
    # The first is far from where the arrays begin, each other one far from all before it.
    place = _farthest(_least_times(0, *forward))
    nearest = np.full(junctions, NEVER_MS, np.int32)
    for column in range(count):
        times[:, column] = _least_times(place, *forward)
        times[:, count + column] = _least_times(place, *backward)
        nearest = np.minimum(nearest, times[:, column])
        place = _farthest(nearest)
    return times


def _farthest(times: Ints) -> int:
    return int(np.where(times < NEVER_MS, times, -1).argmax())


@njit(cache=True)
def _least_times(source: int, first: Ints, heads: Ints, least_ms: NDArray[np.int64]) -> Ints:
    """Dijkstra's algorithm from junction to junction; NEVER_MS where there is no way."""
    times = np.full(len(first) - 1, NEVER_MS, np.int32)
    times[source] = 0
    heap = [(np.int64(0), np.int64(source))]
    while len(heap):
        time, junction = heapq.heappop(heap)
        if time > times[junction]:
            continue
        for way in range(first[junction], first[junction + 1]):
            after = time + least_ms[way]
            ahead = heads[way]
            if after < times[ahead]:
                times[ahead] = after
                heapq.heappush(heap, (after, np.int64(ahead)))
    return times
