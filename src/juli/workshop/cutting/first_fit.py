"""First fit by falling length: a plan at once, columns to begin with, and the peer to compare with."""

import numpy as np

from juli.workshop.cutting.master import Pattern
from juli.workshop.cutting.problem import BarProblem, Ints


def first_fit(
    problem: BarProblem, wanted: Ints, available: Ints, *, longest_first: bool = True
) -> list[Pattern]:
    """Put each piece, longest first, into the first open bar with room, or open another bar.

    Parameters
    ----------
    problem
        Kinds of pieces and bars.
    wanted, available
        What is to be cut of what.
    longest_first
        Whether the longest bar is opened first; else the shortest that takes the piece.

    Returns
    -------
    One pattern for each bar; a piece that found no bar is left out.
    """
    left = available.copy()
    opened: list[tuple[int, Ints]] = []
    room: list[int] = []
    for kind in np.argsort(-problem.weight, kind="stable").tolist():
        weight = int(problem.weight[kind])
        for _ in range(int(wanted[kind])):
            at = next((number for number, free in enumerate(room) if free >= weight), None)
            if at is None:
                fits = np.flatnonzero((left > 0) & (problem.capacity >= weight))
                if len(fits) == 0:
                    break
                bar = int(fits[-1] if longest_first else fits[0])
                left[bar] -= 1
                at = len(opened)
                opened.append((bar, np.zeros(len(wanted), dtype=np.int64)))
                room.append(int(problem.capacity[bar]))
            opened[at][1][kind] += 1
            room[at] -= weight
    return [pattern_of(problem, bar, counts) for bar, counts in opened]


def pattern_of(problem: BarProblem, bar: int, counts: Ints) -> Pattern:
    """The pattern that cuts given pieces from a bar."""
    used = int(counts @ problem.weight)
    return Pattern(bar, counts, used, problem.cost(bar, used))
