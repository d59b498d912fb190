"""The second aim: as few patterns as can be, at no more material. A machine is set once for each pattern."""

from typing import Final

import numpy as np

from juli.workshop.cutting.first_fit import pattern_of
from juli.workshop.cutting.master import Pattern
from juli.workshop.cutting.problem import BarProblem, Ints
from juli.workshop.stop import Stop

#: All patterns are enumerated up to so many; and so many pairs of pattern and bar go into the model.
_MOST_ENUMERATED: Final = 1500
_MOST_PAIRS: Final = 1500
#: Costs are whole thousandths of a unit in the model.
_PER_UNIT: Final = 1000
#: Deterministic seconds of CP-SAT for each round, where rounds are limited.
_SECONDS_A_ROUND: Final = 0.01


def fewer_patterns(
    problem: BarProblem,
    plan: list[Pattern],
    known: list[Pattern],
    *,
    stop: Stop,
    seed: int,
) -> list[Pattern]:
    """Cut the same pieces at no more cost in fewer different patterns.

    Parameters
    ----------
    problem
        What to cut from what.
    plan
        A complete plan, one pattern for each bar.
    known
        Patterns to choose from besides; all that a bar holds are added where they are few.
    stop
        The end of the search; where its rounds are limited, CP-SAT's deterministic time is, too.
    seed
        Where all chance comes from.

    Returns
    -------
    A plan with no more patterns than the given one; the given one itself where none was found.
    """
    from ortools.sat.python import cp_model

    before = len({one.counts.tobytes() for one in plan})
    least = _fewest(problem)
    if before <= least or stop.left <= 0:
        return plan
    pairs = _pairs(problem, plan, known)
    model = cp_model.CpModel()
    uses = [model.new_int_var(0, _most_uses(problem, pattern), f"x{at}") for at, pattern in enumerate(pairs)]
    set_up: dict[bytes, list[int]] = {}
    for at, pattern in enumerate(pairs):
        set_up.setdefault(pattern.counts.tobytes(), []).append(at)
    chosen = {key: model.new_bool_var(f"y{number}") for number, key in enumerate(set_up)}
    for kind, wanted in enumerate(problem.wanted.tolist()):
        holders = [at for at, pattern in enumerate(pairs) if pattern.counts[kind]]
        model.add(sum(int(pairs[at].counts[kind]) * uses[at] for at in holders) == wanted)
    for bar, available in enumerate(problem.available.tolist()):
        own = [uses[at] for at, pattern in enumerate(pairs) if pattern.bar == bar]
        if own:
            model.add(sum(own) <= available)
    cost = [round(pattern.cost * _PER_UNIT) for pattern in pairs]
    model.add(
        sum(c * x for c, x in zip(cost, uses, strict=True))
        <= sum(round(one.cost * _PER_UNIT) for one in plan)
    )
    for key, members in set_up.items():
        most = max(_most_uses(problem, pairs[at]) for at in members)
        together = sum(uses[at] for at in members)
        model.add(together <= most * len(members) * chosen[key])
        model.add(together >= chosen[key])
    model.add(sum(chosen.values()) >= least)
    model.add(sum(chosen.values()) < before)
    model.minimize(sum(chosen.values()))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.interleave_search = True
    solver.parameters.random_seed = seed
    if stop.rounds is None:
        solver.parameters.max_time_in_seconds = max(stop.left, 0.01)
    else:
        solver.parameters.max_deterministic_time = stop.rounds * _SECONDS_A_ROUND
    if solver.solve(model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return plan
    return [pattern for pattern, use in zip(pairs, uses, strict=True) for _ in range(solver.value(use))]


def _fewest(problem: BarProblem) -> int:
    """Give a number of patterns that no plan goes below.

    Pieces of which no two fit into one bar are in different patterns.
    """
    largest = int(problem.capacity.max())
    return max(int((2 * problem.weight > largest).sum()), 1)


def _most_uses(problem: BarProblem, pattern: Pattern) -> int:
    held = pattern.counts > 0
    most = int((problem.wanted[held] // pattern.counts[held]).min())
    return min(most, int(problem.available[pattern.bar]))


def _pairs(problem: BarProblem, plan: list[Pattern], known: list[Pattern]) -> list[Pattern]:
    """Choose pairs of pattern and bar: the plan's own, then those that waste the least."""
    candidates = list(known)
    if len(problem.length) <= 3:
        for bar in range(len(problem.length)):
            candidates += _all_full(problem, bar) or []
    shapes = {one.counts.tobytes(): one for one in candidates}
    spread = [
        pattern_of(problem, bar, one.counts)
        for one in shapes.values()
        for bar in range(len(problem.length))
        if problem.capacity[bar] >= one.used and len(shapes) * len(problem.length) <= 50 * _MOST_PAIRS
    ]
    pairs = {pattern.key: pattern for pattern in plan}
    for pattern in sorted((*candidates, *spread), key=lambda one: (one.cost - one.used) / one.cost):
        if len(pairs) >= _MOST_PAIRS:
            break
        if _most_uses(problem, pattern) > 0:
            pairs.setdefault(pattern.key, pattern)
    return list(pairs.values())


def _all_full(problem: BarProblem, bar: int) -> list[Pattern] | None:
    """Every pattern that leaves no room for another piece on a bar; None where they are too many."""
    kinds, capacity = len(problem.weight), int(problem.capacity[bar])
    most = np.minimum(capacity // problem.weight, problem.wanted)
    found: list[Ints] = []

    def extend(kind: int, counts: Ints, room: int) -> bool:
        if kind == kinds:
            spare = (problem.weight <= room) & (counts < most)
            if not spare.any():
                found.append(counts.copy())
            return len(found) <= _MOST_ENUMERATED
        for count in range(min(int(most[kind]), room // int(problem.weight[kind])), -1, -1):
            counts[kind] = count
            if not extend(kind + 1, counts, room - count * int(problem.weight[kind])):
                return False
        counts[kind] = 0
        return True

    complete = kinds <= 40 and extend(0, np.zeros(kinds, dtype=np.int64), capacity)
    return [pattern_of(problem, bar, counts) for counts in found] if complete else None
