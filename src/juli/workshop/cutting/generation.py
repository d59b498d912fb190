"""Column generation: the linear program over all patterns, and the bound that its prices prove."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from juli.workshop.cutting.knapsack import Pricing
from juli.workshop.cutting.master import Master, MasterAnswer, Pattern
from juli.workshop.cutting.problem import BarProblem, Floats, Ints

#: At most so many columns come in at a time.
_MOST_COLUMNS = 50
#: A reduced cost above this share of a bar is rounding.
_ROUNDING = 1e-9


@dataclass(frozen=True, eq=False)
class Priced:
    """For each kind of bar: its best pattern's cost less its pieces' prices, and where that is read."""

    reduced: Floats
    at: Ints


class Generation:
    """A master program and the pricing that feeds it.

    Parameters
    ----------
    problem
        What to cut.
    """

    def __init__(self, problem: BarProblem):
        self.problem = problem
        self.master = Master(problem)
        self._pricing = self._pricing_for(problem.wanted)

    def _pricing_for(self, wanted: Ints) -> Pricing:
        problem = self.problem
        return Pricing(problem.weight, wanted, int(problem.capacity.max()), problem.step)

    def restrict(self, wanted: Ints, available: Ints) -> None:
        """Go on with what is left to be cut and the bars that are left."""
        self.master.restrict(wanted, available)
        self._pricing = self._pricing_for(wanted)

    def price(self, piece_price: Floats) -> Priced:
        """Find the pattern of least reduced cost on each kind of bar, before the price of the bar itself."""
        problem, step = self.problem, self.problem.step
        best = self._pricing.solve(piece_price)
        full = problem.capacity // step
        reduced = problem.length - best[full]
        at = full.copy()
        if problem.offcut_value > 0:
            # With an offcut: length - value * (capacity - kerf - used) - price(used), used small enough.
            gain = best - problem.offcut_value * step * np.arange(len(best))
            lead = np.maximum.accumulate(gain)
            peak = np.maximum.accumulate(np.where(gain == lead, np.arange(len(best)), 0))
            room = (problem.capacity - problem.kerf - problem.least_offcut) // step
            rest = problem.capacity - problem.kerf
            some = np.flatnonzero(room >= 1)
            with_rest = (
                problem.length[some] - problem.offcut_value * rest[some] - lead[np.maximum(room[some], 0)]
            )
            better = with_rest < reduced[some]
            reduced[some[better]] = with_rest[better]
            at[some[better]] = peak[room[some[better]]]
        return Priced(reduced, at)

    def bound(self, piece_price: Floats, priced: Priced) -> float:
        """Give the Lagrangian bound at prices of pieces: holds for any prices that are not negative."""
        problem = self.problem
        return float(piece_price @ problem.wanted + problem.available @ np.minimum(priced.reduced, 0.0))

    def columns(self, priced: Priced, bar_price: Floats, available: Ints) -> list[Pattern]:
        """Read back the patterns that the master lacks, the most wanted first."""
        reduced = priced.reduced - bar_price
        order = np.argsort(reduced)
        found = []
        for bar in order[:_MOST_COLUMNS].tolist():
            if reduced[bar] > -_ROUNDING * self.problem.length[bar]:
                break
            if available[bar] > 0:
                counts, used = self._pricing.pattern(int(priced.at[bar]))
                if used:
                    found.append(Pattern(bar, counts, used, self.problem.cost(bar, used)))
        return found

    def converge(
        self,
        available: Ints,
        *,
        over: Callable[[], bool],
        on_bound: Callable[[float], None] | None = None,
        most_rounds: int | None = None,
    ) -> tuple[MasterAnswer, bool]:
        """Add columns until none is missing.

        Parameters
        ----------
        available
            Bars of each kind that are left.
        over
            Whether time is up.
        on_bound
            Is told each bound; None where pieces or bars are fixed already, and no bound holds.
        most_rounds
            Stop after so many rounds of pricing; None: when nothing is missing.

        Returns
        -------
        The master's optimum, and whether no column is missing.
        """
        rounds = 0
        while True:
            answer = self.master.solve()
            priced = self.price(answer.piece_price)
            if on_bound is not None:
                on_bound(self.bound(answer.piece_price, priced))
            columns = self.columns(priced, answer.bar_price, available)
            added = self.master.add(columns)
            rounds += 1
            if not added:
                return answer, not columns
            if over() or (most_rounds is not None and rounds >= most_rounds):
                return answer, False
