"""Dispatch where the cost is not convex: find the right branch of every slot, then treat it as convex.

The dynamic program on functions of any shape finds the path for given demand caps. On the branches that
the path takes (charging or discharging, importing or exporting, empty or holding) the problem is convex,
so the convex program finds the caps and prices there; with the new caps the branches are sought again.
"""

import numpy as np

from juli.power.bent import solve_bent
from juli.power.demand import Solved, solve_caps
from juli.power.exact import make_work
from juli.power.linear_program import solve_linear_program
from juli.power.problem import Dispatch, DispatchProblem, Floats
from juli.power.settlement import settle, stored_after_losses
from juli.power.slot_cost import Site, bent_slots

MOST_ROUNDS = 10
#: With so many slots at most, HiGHS with binaries is asked when the proof has a gap; and for so long.
FEW_SLOTS = 200
SECONDS_FOR_FEW = 20.0


def solve_branches(problem: DispatchProblem, site: Site) -> tuple[int, Dispatch | None]:
    """Dispatch a problem whose cost is not convex.

    Returns
    -------
    (failed, answer)
        The slot in which nothing is feasible (-1: none), and the dispatch.
    """
    consumption_kw = np.array(problem.consumption_kw)
    cap_kw = np.full(len(problem.demand_price), np.inf)
    stored_kwh = np.zeros(problem.slots + 1)
    extra = problem.demand_price / problem.step_hours
    paying = bool(np.any(problem.demand_price > 0))
    best: Dispatch | None = None
    total_steps = 0
    for _ in range(MOST_ROUNDS):
        failed, money, steps = solve_bent(site, consumption_kw, cap_kw, extra, stored_kwh)
        total_steps += steps
        if failed >= 0:
            return failed, None
        branch = _branch(problem, site, stored_kwh)
        solved = solve_caps(branch, consumption_kw, problem.demand_free_kw, make_work(branch))
        total_steps += solved.steps
        if solved.failed >= 0:
            break
        answer = _account(problem, solved, total_steps, -np.inf if paying else money)
        if best is not None and answer.cost >= best.cost - 1e-6 * abs(best.cost):
            break
        best, best_solved, best_branch = answer, solved, branch
        if not paying:
            return -1, best
        cap_kw = solved.cap_kw
    if best is None:
        answer = settle(problem, stored_kwh, np.zeros(problem.slots), "dynamic program", bound=-np.inf)
        return -1, answer
    bound, steps = _bound(problem, site, best_branch, best_solved, best.grid_kw)
    best = _account(problem, best_solved, total_steps + steps, bound)
    if not best.exact and problem.slots <= FEW_SLOTS:
        other = solve_linear_program(problem, seconds=SECONDS_FOR_FEW)
        best = other if other.exact or other.cost < best.cost else best
    return -1, best


def _account(problem: DispatchProblem, solved: Solved, steps: int, bound: float) -> Dispatch:
    return settle(
        problem,
        solved.stored_kwh,
        solved.price,
        "dynamic program",
        bound=bound,
        cap_kw=solved.cap_kw,
        convex=False,
        segment_steps=steps,
    )


def _branch(problem: DispatchProblem, site: Site, stored_kwh: Floats) -> Site:
    """The site with every slot held on the branch that the path takes there."""
    battery = problem.battery
    if battery is None:
        return site
    bent = bent_slots(site, problem.consumption_kw)
    path = settle(problem, stored_kwh, np.zeros(problem.slots), "")
    change = stored_kwh[1:] - stored_after_losses(battery, stored_kwh[:-1], problem.step_hours)
    charging = change > site.tiny_kwh
    exchange = bent & (site.sell > site.buy)
    importing = path.grid_kw > 0
    turn = site.loss_kwh / site.kept
    branch = site._replace(
        high_kw=np.where(bent & charging, np.minimum(site.high_kw, 0.0), site.high_kw),
        low_kw=np.where(bent & ~charging, np.maximum(site.low_kw, 0.0), site.low_kw),
        sell=np.where(exchange & importing, site.buy, site.sell),
        buy=np.where(exchange & ~importing, site.sell, site.buy),
        export_limit_kw=np.where(exchange & importing, 0.0, site.export_limit_kw),
        import_limit_kw=np.where(exchange & ~importing, 0.0, site.import_limit_kw),
        floor=(stored_kwh[:-1] <= turn).astype(np.float64) if site.loss_kwh > 0 else site.floor,
    )
    for member in branch:
        if isinstance(member, np.ndarray):
            member.flags.writeable = False
    return branch


def _bound(
    problem: DispatchProblem, site: Site, branch: Site, solved: Solved, grid_kw: Floats
) -> tuple[float, int]:
    """A lower bound: instead of the demand charge, a price on the import of the slots that set the peaks.

    Prices that add up to no more than the demand price never charge more than the demand charge does.
    """
    period = problem.demand_period
    cap = np.where(period >= 0, solved.cap_kw[period], np.inf)
    price = np.where(period >= 0, problem.demand_price[period], 0.0)
    at_peak = (period >= 0) & (grid_kw >= cap * (1 - 1e-7)) & (price > 0)
    share = np.where(at_peak, np.clip((solved.price - branch.buy) * problem.step_hours, 0.0, price), 0.0)
    total = np.zeros(len(problem.demand_price))
    np.add.at(total, period[at_peak], share[at_peak])
    scale = np.minimum(1.0, np.divide(problem.demand_price, total, out=np.ones_like(total), where=total > 0))
    share *= np.where(period >= 0, scale[period], 0.0)
    dearer = site._replace(buy=site.buy + share / problem.step_hours)
    dearer.buy.flags.writeable = False
    no_caps = np.full(len(total), np.inf)
    path = np.empty(problem.slots + 1)
    _, money, steps = solve_bent(
        dearer, np.array(problem.consumption_kw), no_caps, np.zeros(len(total)), path
    )
    return money - float((total * scale) @ problem.demand_free_kw), steps
