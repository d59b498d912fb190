"""The master program: how often each pattern is cut, as a linear program that grows by columns."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from juli.workshop.cutting.problem import BarProblem, Floats, Ints

if TYPE_CHECKING:
    pass


@dataclass(frozen=True, eq=False)
class Pattern:
    """Pieces of each kind, shape ``(kinds,)``, cut from one kind of bar; and what that costs [units]."""

    bar: int
    counts: Ints
    used: int
    cost: float

    @property
    def key(self) -> tuple[int, bytes]:
        """What makes it the same as another."""
        return self.bar, self.counts.tobytes()


@dataclass(frozen=True, eq=False)
class MasterAnswer:
    """The optimum of the master: uses of each pattern, prices of pieces and of bars, what is not cut."""

    uses: Floats
    piece_price: Floats
    bar_price: Floats
    missing: float


class Master:
    """Rows: pieces wanted, then bars available. A piece may also stay uncut, at a price beyond reason."""

    def __init__(self, problem: BarProblem):
        import highspy
        from highspy._core import _Highs  # its public child prints a banner

        self._inf = highspy.kHighsInf
        self.patterns: list[Pattern] = []
        self._known: set[tuple[int, bytes]] = set()
        self._counts = np.zeros((64, len(problem.weight)), dtype=np.int64)
        self._solver = _Highs()
        self._solver.setOptionValue("output_flag", False)
        self._solver.setOptionValue("simplex_strategy", 4)
        # One scheduler serves the whole process: leave its number of threads to whoever came first.
        self._solver.setOptionValue("parallel", "off")
        kinds = len(problem.weight)
        self._kinds = kinds
        bars = len(problem.available)
        lower = np.concatenate((problem.wanted.astype(np.float64), np.full(bars, -self._inf)))
        upper = np.concatenate((np.full(kinds, self._inf), problem.available.astype(np.float64)))
        empty = np.array([], np.int32)
        self._solver.addRows(
            kinds + bars, lower, upper, 0, np.zeros(kinds + bars, np.int32), empty, np.array([])
        )
        for kind in range(kinds):
            self._solver.addCol(
                problem.everything + 1.0, 0.0, self._inf, 1, np.array([kind], np.int32), np.array([1.0])
            )

    def add(self, patterns: list[Pattern]) -> int:
        """Add the patterns that are new; how many there were."""
        fresh = list(
            {pattern.key: pattern for pattern in patterns if pattern.key not in self._known}.values()
        )
        for pattern in fresh:
            self._known.add(pattern.key)
            kinds = np.flatnonzero(pattern.counts)
            rows = np.append(kinds, self._kinds + pattern.bar).astype(np.int32)
            values = np.append(pattern.counts[kinds], 1).astype(np.float64)
            self._solver.addCol(pattern.cost, 0.0, self._inf, len(rows), rows, values)
            if len(self.patterns) == len(self._counts):
                self._counts = np.concatenate((self._counts, np.zeros_like(self._counts)))
            self._counts[len(self.patterns)] = pattern.counts
            self.patterns.append(pattern)
        return len(fresh)

    def restrict(self, wanted: Ints, available: Ints) -> None:
        """Ask for what is left to be cut, of the bars that are left; patterns that hold more are shut."""
        for kind, count in enumerate(wanted.tolist()):
            self._solver.changeRowBounds(kind, float(count), self._inf)
        for bar, count in enumerate(available.tolist()):
            self._solver.changeRowBounds(self._kinds + bar, -self._inf, float(count))
        if self.patterns:
            shut = (self._counts[: len(self.patterns)] > wanted).any(axis=1)
            upper = np.where(shut, 0.0, self._inf)
            columns = np.arange(self._kinds, self._kinds + len(upper), dtype=np.int32)
            self._solver.changeColsBounds(len(columns), columns, np.zeros(len(upper)), upper)

    def solve(self) -> MasterAnswer:
        """Solve it from the last basis."""
        self._solver.run()
        solution = self._solver.getSolution()
        values, duals = np.array(solution.col_value), np.array(solution.row_dual)
        return MasterAnswer(
            values[self._kinds :],
            np.maximum(duals[: self._kinds], 0.0),
            np.minimum(duals[self._kinds :], 0.0),
            float(values[: self._kinds].sum()),
        )


def whole_uses(
    problem: BarProblem, patterns: list[Pattern], *, seconds: float, below: float, nodes: int | None = None
) -> NDArray[np.int64] | None:
    """Find whole uses of known patterns at less than a cost, as a mixed-integer program.

    Parameters
    ----------
    problem, patterns
        What to cut, and the patterns to choose from.
    seconds
        Time limit [s].
    below
        Only what costs less is of use [units].
    nodes
        How many nodes of the search tree are looked at at the most; None: as many as fit into the time.

    Returns
    -------
    How often each pattern is cut; None where nothing cheaper was found in time.
    """
    import highspy
    from highspy._core import _Highs

    kinds = len(problem.weight)
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(patterns), kinds + len(problem.length)
    lp.col_cost_ = np.array([pattern.cost for pattern in patterns])
    lp.col_lower_ = np.zeros(len(patterns))
    lp.col_upper_ = np.array([float(problem.available[pattern.bar]) for pattern in patterns])
    no_limit = np.full(len(problem.length), highspy.kHighsInf)
    lp.row_lower_ = np.concatenate((problem.wanted.astype(np.float64), -no_limit))
    lp.row_upper_ = np.concatenate((np.full(kinds, highspy.kHighsInf), problem.available.astype(np.float64)))
    rows, values, starts = [], [], [0]
    for pattern in patterns:
        own = np.flatnonzero(pattern.counts)
        rows += [*own.tolist(), kinds + pattern.bar]
        values += [*pattern.counts[own].tolist(), 1]
        starts.append(len(rows))
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_ = np.array(starts, dtype=np.int32)
    lp.a_matrix_.index_ = np.array(rows, dtype=np.int32)
    lp.a_matrix_.value_ = np.array(values, dtype=np.float64)
    lp.integrality_ = [highspy.HighsVarType.kInteger] * len(patterns)
    solver = _Highs()
    for option, value in (
        ("output_flag", False),
        ("parallel", "off"),
        ("time_limit", seconds),
        ("objective_bound", below),
    ):
        solver.setOptionValue(option, value)
    if nodes is not None:
        solver.setOptionValue("mip_max_nodes", nodes)
    solver.passModel(lp)
    solver.run()
    found = np.array(solver.getSolution().col_value)
    if solver.getInfo().primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return None
    uses = np.rint(found).astype(np.int64)
    return uses if float(uses @ np.asarray(lp.col_cost_)) < below - 1e-6 else None
