"""From fractions of patterns to whole bars: dive, generate columns again for what is left, repeat."""

from collections.abc import Callable

import numpy as np

from juli.workshop.cutting.first_fit import first_fit, pattern_of
from juli.workshop.cutting.generation import Generation
from juli.workshop.cutting.master import Pattern
from juli.workshop.cutting.problem import BarProblem

#: Rounds of pricing after each dive.
_ROUNDS_A_DIVE = 6


def dive(
    generation: Generation, over: Callable[[], bool], chance: np.random.Generator | None
) -> list[Pattern] | None:
    """Round the master's optimum to whole bars.

    Whole parts are taken as they are; then the pattern with the largest fraction is cut once more, and the
    columns are generated again for what is left. With chance, another large fraction may come first.

    Returns
    -------
    One pattern for each bar, or None where the bars ran out.
    """
    problem = generation.problem
    wanted, available = problem.wanted.copy(), problem.available.copy()
    taken: list[Pattern] = []
    generation.restrict(wanted, available)
    while wanted.any():
        if over():
            rest = first_fit(problem, wanted, available, longest_first=False)
            wanted = wanted - sum((pattern.counts for pattern in rest), np.zeros_like(wanted))
            taken += rest
            break
        answer, _ = generation.converge(available, over=over, most_rounds=_ROUNDS_A_DIVE if taken else None)
        if answer.missing > 1e-6:
            return None
        uses = answer.uses
        whole = np.floor(uses + 1e-6).astype(np.int64)
        chosen = np.flatnonzero(whole)
        if len(chosen) == 0:
            noise = 1.0 if chance is None else chance.uniform(0.6, 1.0)
            fraction = uses * (uses > 1e-6)
            near = np.flatnonzero(fraction >= noise * fraction.max())
            pick = near[0] if chance is None else near[int(chance.integers(len(near)))]
            chosen, whole[pick] = np.array([pick]), 1
        before = len(taken)
        for column in chosen.tolist():
            pattern = generation.master.patterns[column]
            for _ in range(int(whole[column])):
                counts = np.minimum(pattern.counts, wanted)
                if available[pattern.bar] == 0 or not counts.any():
                    break
                taken.append(pattern_of(problem, pattern.bar, counts))
                wanted = wanted - counts
                available[pattern.bar] -= 1
        if len(taken) == before:
            return None
        generation.restrict(wanted, available)
    return tighten(problem, taken) if not wanted.any() else None


def without_surplus(problem: BarProblem, patterns: list[Pattern]) -> list[Pattern]:
    """Leave out pieces that are cut more often than wanted, where that frees the most."""
    surplus = sum((pattern.counts for pattern in patterns), np.zeros_like(problem.wanted)) - problem.wanted
    rows = list(patterns)
    for kind in np.flatnonzero(surplus > 0).tolist():
        for _ in range(int(surplus[kind])):
            holders = [at for at, pattern in enumerate(rows) if pattern.counts[kind] > 0]

            def saved(at: int, kind: int = kind) -> tuple[float, int]:
                counts = rows[at].counts.copy()
                counts[kind] -= 1
                less = pattern_of(problem, rows[at].bar, counts)
                return (less.cost if less.used else 0.0) - rows[at].cost, less.used

            at = min(holders, key=saved)
            counts = rows[at].counts.copy()
            counts[kind] -= 1
            rows[at] = pattern_of(problem, rows[at].bar, counts)
    return [pattern for pattern in rows if pattern.used]


def tighten(problem: BarProblem, patterns: list[Pattern]) -> list[Pattern]:
    """Move each pattern to the cheapest bar that is free and takes it, the fullest pattern first."""
    left = problem.available.copy()
    for pattern in patterns:
        left[pattern.bar] -= 1
    rows = sorted(patterns, key=lambda pattern: -pattern.used)
    moved = True
    while moved:
        moved = False
        for at, pattern in enumerate(rows):
            fits = np.flatnonzero((left > 0) & (problem.capacity >= pattern.used))
            costs = [problem.cost(bar, pattern.used) for bar in fits.tolist()]
            if costs and min(costs) < pattern.cost - 1e-9:
                bar = int(fits[int(np.argmin(costs))])
                left[bar] -= 1
                left[pattern.bar] += 1
                rows[at] = pattern_of(problem, bar, pattern.counts)
                moved = True
    return rows


def total_cost(patterns: list[Pattern]) -> float:
    """What patterns cost together [units]."""
    return sum(pattern.cost for pattern in patterns)
