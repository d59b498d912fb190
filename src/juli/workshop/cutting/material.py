"""The first aim: as little material as can be, with the bound that says how little."""

from dataclasses import dataclass
from math import ceil, gcd

import numpy as np

from juli.plan.result import Status
from juli.workshop.cutting.first_fit import first_fit, pattern_of
from juli.workshop.cutting.generation import Generation
from juli.workshop.cutting.master import Pattern
from juli.workshop.cutting.neighbourhood import recut_some
from juli.workshop.cutting.problem import BarProblem
from juli.workshop.cutting.rounding import dive, tighten, total_cost, without_surplus
from juli.workshop.stop import Stop

#: Dives before parts of the best plan are cut anew.
_DIVES_FIRST = 2
#: Every so many rounds the whole is rounded anew, with chance.
_DIVE_EVERY = 12


@dataclass(frozen=True, eq=False)
class Material:
    """What is cut from what, one pattern for each bar, and what is known of the least cost [units].

    Parameters
    ----------
    status
        Optimal, feasible, infeasible where the bars can't hold the pieces, or no plan.
    patterns
        One for each bar; empty where there is no plan.
    bound
        No plan costs less [units].
    known
        Every pattern that was looked at.
    """

    status: Status
    patterns: list[Pattern]
    bound: float
    known: list[Pattern]


class _Search:
    """The best so far, and the bound."""

    def __init__(self, problem: BarProblem, stop: Stop):
        self.problem = problem
        self.stop = stop
        self.best: list[Pattern] = []
        self.cost = np.inf
        self.bound = 0.0
        self.rounds = 0

    def over(self) -> bool:
        return self.stop.reached(self.rounds) or self.cost <= self.lifted + 1e-6

    def offer(self, patterns: list[Pattern]) -> None:
        """Take a plan if it is complete and the cheapest so far."""
        if (
            sum((one.counts for one in patterns), np.zeros_like(self.problem.wanted)) < self.problem.wanted
        ).any():
            return
        clean = tighten(self.problem, without_surplus(self.problem, patterns))
        if total_cost(clean) < self.cost - 1e-9:
            self.best, self.cost = clean, total_cost(clean)

    def take(self, patterns: list[Pattern]) -> None:
        """Go on from a complete plan that is no dearer."""
        self.best, self.cost = patterns, total_cost(patterns)

    def raise_bound(self, bound: float) -> None:
        self.bound = max(self.bound, bound)

    @property
    def lifted(self) -> float:
        """The bound, lifted to the next cost that can occur where only whole bars cost anything."""
        if self.problem.offcut_value > 0:
            return self.bound
        step = gcd(*self.problem.length.tolist())
        return ceil(self.bound / step - 1e-6) * step


def least_material(problem: BarProblem, stop: Stop, seed: int) -> Material:
    """Cut all pieces from as little material as can be found in time.

    Parameters
    ----------
    problem
        What to cut from what.
    stop
        The end of the search; its rounds count dives.
    seed
        Where all chance comes from.
    """
    search = _Search(problem, stop)
    if len(problem.length) == 0 or problem.weight.max() > problem.capacity.max():
        return Material(Status.INFEASIBLE, [], 0.0, [])
    generation = Generation(problem)
    for longest_first in (True, False):
        plan = first_fit(problem, problem.wanted, problem.available, longest_first=longest_first)
        search.offer(plan)
        generation.master.add(plan)
    generation.master.add(_single_kinds(problem))
    answer, _ = generation.converge(
        problem.available, over=lambda: stop.left <= 0, on_bound=search.raise_bound
    )
    if answer.missing > 1e-6 and search.bound > problem.everything + 1e-6:
        return Material(Status.INFEASIBLE, [], search.bound, generation.master.patterns)
    chance = np.random.default_rng(seed)
    while not search.over():
        if search.rounds < _DIVES_FIRST or search.rounds % _DIVE_EVERY == 0 or not search.best:
            found = dive(generation, lambda: stop.left <= 0, chance if search.rounds else None)
            search.offer(found or [])
        else:
            search.take(recut_some(problem, search.best, chance, stop))
        search.rounds += 1
    known = generation.master.patterns
    if not search.best:
        return Material(Status.NO_PLAN, [], search.lifted, known)
    bound = min(search.lifted, search.cost)
    status = Status.OPTIMAL if search.cost <= bound + 1e-6 else Status.FEASIBLE
    return Material(status, search.best, bound, known)


def _single_kinds(problem: BarProblem) -> list[Pattern]:
    """For each kind the pattern that holds it alone, on the longest bar."""
    longest = len(problem.length) - 1
    found = []
    for kind, weight in enumerate(problem.weight.tolist()):
        counts = np.zeros(len(problem.weight), dtype=np.int64)
        counts[kind] = min(problem.capacity[longest] // weight, problem.wanted[kind])
        found.append(pattern_of(problem, longest, counts))
    return found
