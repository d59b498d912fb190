"""Barriers on an OpenStreetMap extract: turns over them, and what lies behind private gates only."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

#: A place behind private gates has at most this many junctions, and at most half of the map's.
_MOST_JUNCTIONS: Final = 500


def turns_over(
    is_barrier: NDArray[np.bool_],
    tail: NDArray[np.int64],
    head: NDArray[np.int64],
    reverse: NDArray[np.int32],
) -> set[tuple[int, int]]:
    """Every turn over a barrier; turning back before it is none."""
    into = np.flatnonzero(is_barrier[head]).tolist()
    out = np.flatnonzero(is_barrier[tail]).tolist()
    return {(a, b) for a in into for b in out if head[a] == tail[b] and reverse[a] != b}


def behind_gates(
    gates: Iterable[int], tail: NDArray[np.int64], head: NDArray[np.int64], junctions: int
) -> Iterator[tuple[set[int], set[int]]]:
    """Find the places that are reached through private gates only.

    Parameters
    ----------
    gates
        The junctions at which private gates stand.
    tail, head
        The junctions that each segment joins.
    junctions
        How many there are.

    Yields
    ------
    gates, inside
        The gates of one place, and the junctions behind them. Places that share a gate are one.
    """
    shut = set(gates)
    beside: dict[int, set[int]] = defaultdict(set)
    for a, b in zip(tail.tolist(), head.tolist(), strict=True):
        beside[a].add(b)
        beside[b].add(a)
    most = min(_MOST_JUNCTIONS, junctions // 2)
    places: list[tuple[set[int], set[int]]] = []
    for gate in sorted(shut):
        for start in sorted(beside[gate] - shut):
            if any(gate in gates_of and start in inside for gates_of, inside in places):
                continue
            inside = _flood(start, beside, shut, most)
            if inside is None:
                continue
            gates_of = {at for junction in inside for at in beside[junction]} & shut
            for other in [place for place in places if place[0] & gates_of]:
                places.remove(other)
                gates_of |= other[0]
                inside |= other[1]
            places.append((gates_of, inside))
    yield from places


def leads_through(
    gates: set[int], inside: set[int], tail: NDArray[np.int64], head: NDArray[np.int64]
) -> bool:
    """Whether the gates of a place lead to several roads outside, so that somebody could drive through."""
    at_gate = [(a, b) for a, b in zip(tail.tolist(), head.tolist(), strict=True) if a in gates or b in gates]
    return len({junction for ends in at_gate for junction in ends} - gates - inside) > 1


def _flood(start: int, beside: Mapping[int, set[int]], shut: set[int], most: int) -> set[int] | None:
    """The junctions that are reached from one without passing a gate; None where they are too many."""
    found, ahead = {start}, [start]
    while ahead:
        new = beside[ahead.pop()] - shut - found
        found |= new
        ahead += new
        if len(found) > most:
            return None
    return found
