"""Which engine answers a dispatch."""

import numpy as np

from juli.core.errors import InfeasibleError
from juli.power.demand import solve_caps
from juli.power.exact import make_work
from juli.power.linear_program import bent_slots, solve_linear_program
from juli.power.problem import Dispatch, DispatchProblem
from juli.power.settlement import settle
from juli.power.slot_cost import site_of


def dispatch(problem: DispatchProblem) -> Dispatch:
    """Find the cheapest way to run the battery.

    Raises
    ------
    InfeasibleError
        If nothing keeps all limits.
    """
    battery = problem.battery
    if bent_slots(problem).any() or (battery is not None and battery.standing_loss_kw > 0):
        return solve_linear_program(problem)
    site = site_of(problem)
    solved = solve_caps(site, np.array(problem.consumption_kw), problem.demand_free_kw, make_work(site))
    if solved.failed >= 0:
        raise InfeasibleError(f"slot {solved.failed}: nothing keeps all limits")
    return settle(
        problem,
        solved.stored_kwh,
        solved.price,
        "dynamic program",
        bound=solved.bound,
        cap_kw=solved.cap_kw,
        segment_steps=solved.steps,
    )
