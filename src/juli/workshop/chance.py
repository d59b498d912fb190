"""Random numbers for compiled code: one word of state that the caller owns (splitmix64)."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

Words = NDArray[np.uint64]


def new_chance(seed: int) -> Words:
    """The state of a generator; equal seeds give equal streams."""
    return np.random.default_rng(seed).integers(0, 2**63, size=1, dtype=np.uint64)


@njit(cache=True, nogil=True)
def uniform(chance: Words) -> float:
    """Draw a number from [0, 1)."""
    chance[0] += np.uint64(0x9E3779B97F4A7C15)
    word = chance[0]
    word = (word ^ (word >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    word = (word ^ (word >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    word = word ^ (word >> np.uint64(31))
    return float(word >> np.uint64(11)) * 2.0**-53


@njit(cache=True, nogil=True)
def below(chance: Words, limit: int) -> int:
    """Draw a whole number from ``0 … limit − 1``."""
    return int(uniform(chance) * limit)
