"""The best schedule and the best bound so far, fed by all engines that work on a problem."""

from collections.abc import Sequence

from juli.core.errors import DisagreementError
from juli.plan.result import Status
from juli.workshop import judge
from juli.workshop.problem import Objective, Run, ShopProblem
from juli.workshop.result import OnProgress, Progress, Schedule, relative_gap
from juli.workshop.stop import Stop

#: A gap below this is rounding: nothing is left to be gained.
_CLOSED_GAP = 1e-6


class Incumbent:
    """What is known of a problem's optimum from both sides.

    Parameters
    ----------
    problem, objective
        What is being solved.
    stop
        When the search is to end.
    progress
        Is told of every improvement.
    """

    def __init__(
        self, problem: ShopProblem, objective: Objective, stop: Stop, progress: OnProgress | None = None
    ):
        self.problem = problem
        self.measure = objective
        self.stop = stop
        self.runs: tuple[Run, ...] = ()
        self.objective: float | None = None
        self.bound: float | None = None
        self.infeasible = False
        self.rounds = 0
        self._progress = progress
        self._told: float | None = None

    @property
    def is_closed(self) -> bool:
        """Whether the bound leaves nothing to be gained."""
        gap = relative_gap(self.objective, self.bound)
        return self.infeasible or (gap is not None and gap <= _CLOSED_GAP)

    def offer(self, runs: Sequence[Run]) -> None:
        """Take a schedule if it is the best so far; the independent judge looks at it first.

        Raises
        ------
        DisagreementError
            If it breaks a rule: a fault of an engine.
        """
        if not runs:
            return
        broken = judge.broken_rules(self.problem, runs)
        if broken:
            raise DisagreementError("a schedule breaks the shop's rules: " + "; ".join(broken[:3]))
        cost = judge.cost(self.problem, runs, self.measure)
        if self.objective is None or cost < self.objective:
            self.runs, self.objective = tuple(runs), cost
            self.tell(cost)

    def tell(self, objective: float | None = None) -> None:
        """Report an improvement that an engine has made, or a better bound."""
        best = self._told if objective is None else objective
        if self._told is None or (best is not None and best <= self._told):
            self._told = best
            if self._progress is not None:
                self._progress(Progress(self.stop.spent, best, self.bound, self.rounds))

    def raise_bound(self, bound: float) -> None:
        """Take a lower bound if it is the best so far."""
        if self.bound is None or bound > self.bound:
            self.bound = float(bound)
            self.tell()

    def schedule(self) -> Schedule:
        """What is known at the end."""
        if self.infeasible:
            status = Status.INFEASIBLE
        elif self.objective is None:
            status = Status.NO_PLAN
        else:
            status = Status.OPTIMAL if self.is_closed else Status.FEASIBLE
        bound = self.bound
        if bound is not None and self.objective is not None:
            bound = min(bound, self.objective)
        return Schedule(status, self.runs, self.measure, self.objective, bound, self.rounds)
