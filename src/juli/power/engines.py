"""Which engine answers a dispatch."""

from juli.power.linear_program import solve_linear_program
from juli.power.problem import Dispatch, DispatchProblem


def dispatch(problem: DispatchProblem) -> Dispatch:
    """Find the cheapest way to run the battery.

    Raises
    ------
    InfeasibleError
        If nothing keeps all limits.
    """
    return solve_linear_program(problem)
