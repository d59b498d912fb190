"""Cut a part of a plan anew: a few bars' pieces from those bars and the unused ones, nearly exactly."""

from dataclasses import replace

import numpy as np

from juli.workshop.cutting.first_fit import pattern_of
from juli.workshop.cutting.generation import Generation
from juli.workshop.cutting.master import Pattern, whole_uses
from juli.workshop.cutting.problem import BarProblem, Ints
from juli.workshop.cutting.rounding import dive, tighten, total_cost, without_surplus
from juli.workshop.stop import Stop

#: So many bars are cut anew at a time, at the least and at the most.
_FEWEST, _MOST = 4, 12
#: How many unused kinds of bars they may be cut from besides.
_MOST_OTHER_BARS = 40
#: Time limit of the program over a part's patterns [s].
_WHOLE_SECONDS = 0.15
#: The same in nodes where rounds are counted: a busy machine must not change the answer.
_WHOLE_NODES = 400


def recut_some(
    problem: BarProblem, plan: list[Pattern], chance: np.random.Generator, stop: Stop
) -> list[Pattern]:
    """Cut some bars' pieces anew; the plan as it was where that is no cheaper."""
    size = min(int(chance.integers(_FEWEST, _MOST + 1)), len(plan))
    waste = np.array([one.cost - one.used for one in plan])
    # The worst bars come out more often: their rank, with chance, decides.
    rank = np.argsort(np.argsort(-waste)) * chance.uniform(0.1, 1.0, len(plan))
    out = np.sort(np.argsort(rank, kind="stable")[:size])
    part = [plan[at] for at in out.tolist()]
    stays = [plan[at] for at in range(len(plan)) if at not in set(out.tolist())]
    left = problem.available.copy()
    for pattern in stays:
        left[pattern.bar] -= 1
    kinds = np.flatnonzero(sum((one.counts for one in part), np.zeros_like(problem.wanted)))
    bars = _bars(problem, part, left, chance)
    small = replace(
        problem,
        weight=problem.weight[kinds],
        wanted=sum((one.counts for one in part), np.zeros_like(problem.wanted))[kinds],
        length=problem.length[bars],
        capacity=problem.capacity[bars],
        available=left[bars],
    )
    place = {bar: at for at, bar in enumerate(bars.tolist())}
    known = [pattern_of(small, place[one.bar], one.counts[kinds]) for one in part]
    found = _recut(small, known, stop)
    if total_cost(found) > total_cost(part) - 1e-9:
        return plan
    anew = []
    for pattern in found:
        counts = np.zeros_like(problem.wanted)
        counts[kinds] = pattern.counts
        anew.append(pattern_of(problem, int(bars[pattern.bar]), counts))
    return tighten(problem, stays + anew)


def _bars(problem: BarProblem, part: list[Pattern], left: Ints, chance: np.random.Generator) -> Ints:
    """Choose the kinds of bars of the part, and some of those that are left."""
    own = np.unique([one.bar for one in part])
    others = np.setdiff1d(np.flatnonzero(left > 0), own)
    if len(others) > _MOST_OTHER_BARS:
        others = chance.choice(others, _MOST_OTHER_BARS, replace=False)
    return np.sort(np.concatenate((own, others)))


def _recut(small: BarProblem, known: list[Pattern], stop: Stop) -> list[Pattern]:
    generation = Generation(small)
    generation.master.add(known)
    best = known
    found = dive(generation, lambda: stop.left <= 0, None)
    if found is not None:
        clean = tighten(small, without_surplus(small, found))
        best = min((best, clean), key=total_cost)
    patterns = generation.master.patterns
    counted = stop.rounds is not None
    uses = whole_uses(
        small,
        patterns,
        seconds=stop.left if counted else min(_WHOLE_SECONDS, stop.left),
        nodes=_WHOLE_NODES if counted else None,
        below=total_cost(best),
    )
    if uses is not None:
        chosen = [patterns[at] for at in np.repeat(np.arange(len(patterns)), uses).tolist()]
        best = tighten(small, without_surplus(small, chosen))
    return best
