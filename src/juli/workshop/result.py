"""What a scheduler answers, and what it tells on the way."""

from collections.abc import Callable
from dataclasses import dataclass

from juli.plan.result import Status
from juli.workshop.problem import Objective, Run


@dataclass(frozen=True)
class Schedule:
    """A schedule, how good it is, and how good it could be at the best.

    Parameters
    ----------
    status
        Proven optimal, feasible, proven infeasible, or no plan found.
    runs
        One for each operation, in their order; empty where there is no plan.
    measure
        What the objective counts.
    objective
        Slots for the makespan, else money; None where there is no plan.
    bound
        Nothing is cheaper than this; None where nothing is known.
    iterations
        Rounds of the search.
    """

    status: Status
    runs: tuple[Run, ...]
    measure: Objective
    objective: float | None
    bound: float | None
    iterations: int = 0

    @property
    def gap(self) -> float | None:
        """How much of the objective the bound leaves open: (objective − bound) / objective."""
        return relative_gap(self.objective, self.bound)


@dataclass(frozen=True)
class Progress:
    """How far a search has come.

    Parameters
    ----------
    seconds
        Since it began [s].
    objective, bound
        The best so far; None where there is none yet.
    iterations
        Rounds of the search.
    """

    seconds: float
    objective: float | None
    bound: float | None
    iterations: int

    @property
    def gap(self) -> float | None:
        """How much of the objective the bound leaves open."""
        return relative_gap(self.objective, self.bound)


#: Is told of every improvement.
OnProgress = Callable[[Progress], None]


def relative_gap(objective: float | None, bound: float | None) -> float | None:
    """How much of the objective a bound leaves open; None without both.

    Examples
    --------
    >>> relative_gap(200.0, 190.0), relative_gap(0.0, 0.0), relative_gap(1.0, None)
    (0.05, 0.0, None)
    """
    if objective is None or bound is None:
        return None
    if objective <= bound:
        return 0.0
    return (objective - bound) / max(abs(objective), 1e-9)
