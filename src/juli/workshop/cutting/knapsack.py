"""The pricing problem: the most valuable pieces that fit into a bar, for every length of bar at once."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from juli.workshop.cutting.problem import Floats, Ints


@njit(cache=True, nogil=True)
def fill(weight: Ints, copies: Ints, value: Floats, best: Floats, taken: NDArray[np.bool_]) -> None:
    """Solve a knapsack with bounded copies for every capacity.

    Copies are bundled in powers of two (1, 2, 4, … and the rest), so that each bundle is taken or not.

    Parameters
    ----------
    weight, copies, value
        Of each bundle: its weight, how many pieces it holds, its value; shape ``(bundles,)``.
    best
        Gains the greatest value at each capacity, shape ``(capacities,)``.
    taken
        Gains whether a bundle is taken at a capacity, shape ``(bundles, capacities)``.
    """
    best[:] = 0.0
    for bundle in range(len(weight)):
        heavy, worth, row = weight[bundle], value[bundle], taken[bundle]
        row[:heavy] = False
        for capacity in range(len(best) - 1, heavy - 1, -1):
            with_it = best[capacity - heavy] + worth
            row[capacity] = with_it > best[capacity] + 1e-12
            if row[capacity]:
                best[capacity] = with_it


@njit(cache=True, nogil=True)
def read_back(weight: Ints, kind: Ints, copies: Ints, taken: NDArray[np.bool_], at: int, counts: Ints) -> int:
    """Count the pieces of each kind in the best filling of a capacity; give the weight that they use."""
    used = 0
    for bundle in range(len(weight) - 1, -1, -1):
        if taken[bundle, at]:
            counts[kind[bundle]] += copies[bundle]
            at -= weight[bundle]
            used += weight[bundle]
    return used


def bundles(copies: Ints) -> tuple[Ints, Ints]:
    """Bundle copies in powers of two: the kind of each bundle and how many pieces it holds.

    Examples
    --------
    >>> kinds, sizes = bundles(np.array([5, 0, 1]))
    >>> kinds.tolist(), sizes.tolist()
    ([0, 0, 0, 2], [1, 2, 2, 1])
    """
    kinds, sizes = [], []
    for kind, count in enumerate(copies.tolist()):
        size = 1
        while count > 0:
            kinds.append(kind)
            sizes.append(min(size, count))
            count -= size
            size *= 2
    return np.array(kinds, dtype=np.int64), np.array(sizes, dtype=np.int64)


class Pricing:
    """Finds the pattern of least reduced cost for each kind of bar.

    Parameters
    ----------
    weight, copies
        Of each kind of piece; no pattern holds more of a kind than ``copies``.
    largest
        The greatest capacity of a bar.
    step
        A divisor of all weights.
    """

    def __init__(self, weight: Ints, copies: Ints, largest: int, step: int):
        self._step = step
        self._weight = weight // step
        self._kinds = len(weight)
        self._size = largest // step + 1
        copies = np.minimum(copies, largest // weight)
        self._bundle_kind, self._bundle_size = bundles(copies)
        self._bundle_weight = self._weight[self._bundle_kind] * self._bundle_size
        self._taken = np.zeros((len(self._bundle_kind), self._size), dtype=np.bool_)
        self.best = np.zeros(self._size)
        self._rows: Ints = np.arange(0)

    def solve(self, price: Floats) -> Floats:
        """Give the greatest total price of pieces for every capacity, shape ``(capacities,)`` in steps."""
        worth = price[self._bundle_kind] * self._bundle_size
        self._rows = np.flatnonzero(worth > 1e-9)
        rows = self._rows
        taken = self._taken[: len(rows)]
        fill(self._bundle_weight[rows], self._bundle_size[rows], worth[rows], self.best, taken)
        return self.best

    def pattern(self, at: int) -> tuple[Ints, int]:
        """Give the pieces of the best filling at a capacity in steps, and the weight that they use."""
        counts = np.zeros(self._kinds, dtype=np.int64)
        rows = self._rows
        used = read_back(
            self._bundle_weight[rows],
            self._bundle_kind[rows],
            self._bundle_size[rows],
            self._taken[: len(rows)],
            at,
            counts,
        )
        return counts, int(used) * self._step
