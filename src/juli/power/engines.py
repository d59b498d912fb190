"""Which engine answers a dispatch."""

import numpy as np

from juli.core.errors import InfeasibleError, InputError, Problem
from juli.power.branches import solve_branches
from juli.power.demand import solve_caps
from juli.power.exact import make_work
from juli.power.infeasibility import explain
from juli.power.problem import Dispatch, DispatchProblem
from juli.power.settlement import settle
from juli.power.several import dispatch_several
from juli.power.slot_cost import Site, bent_slots, site_of


def dispatch(problem: DispatchProblem) -> Dispatch:
    """Find the cheapest way to run the battery.

    The answer is exact; ``exact`` says so, and ``bound`` how far a doubtful one can be from the optimum.
    Doubt remains only where demand charges meet costs that are not convex (see ``Dispatch.convex``).

    Raises
    ------
    InputError
        If selling pays more than buying costs in a slot that can do both, and a demand charge keeps the cost
        from being proven least.
    InfeasibleError
        If nothing keeps all limits; names the slot and the values.

    Examples
    --------
    >>> from juli.power.problem import Battery
    >>> problem = DispatchProblem(
    ...     step_hours=1, consumption_kw=100, buy=[0.3, 1.1], sell=0,
    ...     battery=Battery(50, 50, 100, 1, 1),
    ... )
    >>> answer = dispatch(problem)
    >>> answer.grid_kw.tolist(), round(answer.cost, 9)
    ([150.0, 50.0], 100.0)
    """
    if problem.more_batteries:
        return dispatch_several(problem)
    site = site_of(problem)
    if site.loss_kwh > 0 or bent_slots(site, problem.consumption_kw).any():
        failed, answer = solve_branches(problem, site)
        if answer is None:
            raise InfeasibleError(explain(problem, failed))
        _refuse_dear_sale(problem, site, answer)
        return answer
    solved = solve_caps(site, np.array(problem.consumption_kw), problem.demand_free_kw, make_work(site))
    if solved.failed >= 0:
        raise InfeasibleError(explain(problem, solved.failed))
    return settle(
        problem,
        solved.stored_kwh,
        solved.price,
        "dynamic program",
        bound=solved.bound,
        cap_kw=solved.cap_kw,
        convex=not np.any(problem.sell > problem.buy) and not bent_slots(site).any(),
        segment_steps=solved.steps,
    )


def _refuse_dear_sale(problem: DispatchProblem, site: Site, answer: Dispatch) -> None:
    """Where selling pays more than buying costs, only a proven answer is good enough."""
    dear = site.sell > site.buy
    if answer.exact or not dear.any():
        return
    slot = int(np.argmax(dear))
    message = (
        f"{problem.sell[slot]:g} is above buy = {problem.buy[slot]:g} in slot {slot}; with the demand "
        f"charge the least cost is only known to lie between {answer.bound:.8g} and {answer.cost:.8g}"
    )
    raise InputError([Problem(f"sell[{slot}]", message, "sell at no more than the buying price there")])
