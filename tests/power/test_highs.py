"""Juli runs HiGHS beside whoever else runs it in the same process."""

import highspy
import numpy as np
import pytest

from juli.power import Battery, DispatchProblem, dispatch
from juli.power.linear_program import solve_linear_program


@pytest.mark.parametrize("threads", [0, 1, 2])
def test_both_engines_answer_after_somebody_else_ran_highs_with_other_threads(threads: int) -> None:
    highspy.Highs.resetGlobalScheduler(True)
    other = highspy.Highs()
    other.setOptionValue("output_flag", False)
    other.setOptionValue("threads", threads)
    other.addVar(0, 1)
    other.run()
    problem = DispatchProblem(
        step_hours=1.0,
        consumption_kw=np.array([20.0, 30.0, 10.0, 40.0]),
        buy=np.array([1.0, 2.0, 1.0, 3.0]),
        sell=np.zeros(4),
        battery=Battery(10.0, 10.0, 20.0, 0.9, 0.9),
        demand_price=np.array([5.0, 5.0]),
        demand_period=np.array([0, 0, 1, 1]),
    )
    exact = dispatch(problem)
    assert exact.exact
    assert solve_linear_program(problem).cost == pytest.approx(exact.cost, rel=1e-9)
    highspy.Highs.resetGlobalScheduler(True)
