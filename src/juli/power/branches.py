"""Dispatch where the cost is not convex: find the right branch of every slot, then treat it as convex.

The dynamic program on functions of any shape finds the path for given demand caps. On the branches that
the path takes (charging or discharging, importing or exporting, empty or holding) the problem is convex,
so the convex program finds the caps and prices there; with the new caps the branches are sought again.
"""

from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from juli.power.bent import solve_bent
from juli.power.demand import Solved, solve_caps
from juli.power.exact import evaluate, make_work
from juli.power.linear_program import solve_linear_program
from juli.power.problem import Dispatch, DispatchProblem, Floats
from juli.power.settlement import settle, stored_after_losses
from juli.power.slot_cost import Site, bent_slots

MOST_ROUNDS = 10
#: With so many slots at most, HiGHS with binaries is asked when the proof has a gap; and for so long.
FEW_SLOTS = 200
SECONDS_FOR_FEW = 20.0
#: To prove that a higher cap does not pay, prices are sought that add up to this much less than its price,
#: at caps that are higher by these shares.
_LESS = 0.01
_PASSES = 2
_STEPS_UP = (1e-4, 1e-3, 1e-2, 1e-1)


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
    bent = bent_slots(site, consumption_kw)
    best: tuple[_Found, Dispatch] | None = None
    total_steps = 0
    least: float | None = None
    for _ in range(MOST_ROUNDS):
        failed, money, steps = solve_bent(site, consumption_kw, cap_kw, extra, stored_kwh)
        total_steps += steps
        if failed >= 0:
            return failed, None
        least = money if least is None else least  # without demand charges
        branch = _branch(problem, site, stored_kwh, bent)
        solved = solve_caps(branch, consumption_kw, problem.demand_free_kw, make_work(branch))
        total_steps += solved.steps
        if solved.failed >= 0:
            break
        if paying:
            failed, money, steps = solve_bent(site, consumption_kw, solved.cap_kw, extra, stored_kwh)
            total_steps += steps
        found = _Found(branch, solved, stored_kwh.copy())
        answer = found.settled(problem, total_steps, least if paying else money)
        if not paying:
            return -1, answer
        if best is not None and answer.cost >= best[1].cost - 1e-9 * abs(best[1].cost):
            break
        best = found, answer
        cap_kw = solved.cap_kw
        if not bent.any():
            break
    if best is None:
        no_price = np.zeros(problem.slots)
        return -1, settle(problem, stored_kwh, no_price, "dynamic program", bound=least, convex=False)
    found, answer = best
    proof = _Proof(problem, site, found)
    moved = abs(answer.energy_cost) + answer.demand_cost + answer.wear_cost
    bound = proof.bound(answer.cost, 9e-7 * max(1.0, moved))
    answer = found.settled(problem, total_steps + proof.steps, bound)
    if not answer.exact and problem.slots <= FEW_SLOTS:
        other = solve_linear_program(problem, seconds=SECONDS_FOR_FEW)
        bound = max(answer.bound, min(other.bound, answer.cost))
        better = other if other.exact or other.cost < answer.cost else answer
        moved = abs(better.energy_cost) + better.demand_cost + better.wear_cost
        proven = better.exact or better.cost - bound <= 1e-6 * max(1.0, moved)
        answer = replace(better, bound=min(bound, better.cost), exact=proven)
    return -1, answer


class _Found(NamedTuple):
    """A branch, its caps and prices, and the best path at these caps on any branch."""

    branch: Site
    solved: Solved
    stored_kwh: Floats

    def settled(self, problem: DispatchProblem, steps: int, bound: float) -> Dispatch:
        return settle(
            problem,
            self.stored_kwh,
            self.solved.price,
            "dynamic program",
            bound=bound,
            cap_kw=self.solved.cap_kw,
            convex=False,
            segment_steps=steps,
        )


def _branch(problem: DispatchProblem, site: Site, stored_kwh: Floats, bent: NDArray[np.bool_]) -> Site:
    """The site with every slot held on the branch that the path takes there."""
    battery = problem.battery
    if battery is None or not bent.any():
        return site
    path = settle(problem, stored_kwh, np.zeros(problem.slots), "")
    change = stored_kwh[1:] - stored_after_losses(battery, stored_kwh[:-1], problem.step_hours)
    charging = change > site.tiny_kwh
    exchange = bent & (site.sell > site.buy)
    importing = path.grid_kw > 0
    branch = site._replace(
        high_kw=np.where(bent & charging, np.minimum(site.high_kw, 0.0), site.high_kw),
        low_kw=np.where(bent & ~charging, np.maximum(site.low_kw, 0.0), site.low_kw),
        sell=np.where(exchange & importing, site.buy, site.sell),
        buy=np.where(exchange & ~importing, site.sell, site.buy),
        export_limit_kw=np.where(exchange & importing, 0.0, site.export_limit_kw),
        import_limit_kw=np.where(exchange & ~importing, 0.0, site.import_limit_kw),
    )
    for member in branch:
        if isinstance(member, np.ndarray):
            member.flags.writeable = False
    return branch


class _Proof:
    """Lower bounds: instead of demand charges, prices on the import of the slots that may set the peaks.

    Prices that add up to no more than the demand price never charge more than the demand charge does. The
    prices are those of the best caps; on a branch they are as good as the convex program's, and the
    problem that they leave has no caps and is solved exactly.
    """

    def __init__(self, problem: DispatchProblem, site: Site, found: _Found):
        self.problem, self.site = problem, site
        self.branch, self.cap_kw = found.branch, found.solved.cap_kw
        self.steps = 0
        period = problem.demand_period
        self.charged = np.where(period >= 0, problem.demand_price[period], 0.0)
        self.capped = site.import_limit_kw > np.where(period >= 0, self.cap_kw[period], np.inf)
        self.work = make_work(found.branch)
        self.share = self._share(found.solved.price)

    def bound(self, cost: float, tolerance: float) -> float:
        """A lower bound, as good as it gets; ``cost`` is the best that is known [money]."""
        plain = self._solve(self.share, None)
        if cost - plain <= tolerance:
            return plain
        # All that is cheaper keeps caps above which nothing is; with them the bound is better, and with a
        # better bound the caps are lower.
        paying = np.flatnonzero(self.problem.demand_price > 0)
        highest = np.full(len(self.problem.demand_price), np.inf)
        lowered = {int(period): self._share_above(int(period)) for period in paying}
        bound = plain
        for _ in range(_PASSES):
            for period, share in lowered.items():
                rest = self.problem.demand_price[period] - self._totals(share)[period]
                above = max(cost - self._solve(share, highest), 0.0) / rest
                highest[period] = min(highest[period], self.problem.demand_free_kw[period] + above)
            last, bound = bound, max(bound, min(cost, self._solve(self.share, highest)))
            if cost - bound <= tolerance or cost - bound > 0.7 * (cost - last):
                break
        return bound

    def _share_above(self, period: int) -> Floats:
        """Prices that rule out a higher cap of a period: there they add up to less than the demand price."""
        here = self.problem.demand_period == period
        load = np.array(self.problem.consumption_kw)
        excess = np.zeros(len(self.problem.demand_price))
        most = (1 - _LESS) * self.problem.demand_price[period]
        share = self.share
        for step in _STEPS_UP:
            cap_kw = self.cap_kw.copy()
            cap_kw[period] *= 1 + step
            failed, _, steps = evaluate(self.branch, load, cap_kw, self.work, excess)
            self.steps += steps
            if failed < 0 and excess[period] < most:
                share = np.where(here, self._share(self.work.price), self.share)
                break
        total = self._totals(share)[period]
        return np.where(here, min(1.0, most / total), 1.0) * share if total > 0 else share

    def _share(self, price: Floats) -> Floats:
        """Of the price of consumption, what a cap adds to the price of import [money/kW]."""
        over = (price - self.branch.buy) * self.problem.step_hours
        share = np.where(self.capped, np.clip(over, 0.0, self.charged), 0.0)
        total = self._totals(share)
        scale = np.divide(self.problem.demand_price, total, out=np.ones_like(total), where=total > 0)
        period = self.problem.demand_period
        share *= np.where(period >= 0, np.minimum(1.0, scale)[period], 0.0)
        return share

    def _totals(self, share: Floats) -> Floats:
        total = np.zeros(len(self.problem.demand_price))
        inside = self.problem.demand_period >= 0
        np.add.at(total, self.problem.demand_period[inside], share[inside])
        return total

    def _solve(self, share: Floats, highest_kw: Floats | None) -> float:
        """Least cost with prices on imports, and with caps if any, less what the free import would pay."""
        slots, hours = self.problem.slots, self.problem.step_hours
        site = self.site._replace(buy=self.site.buy + share / hours, period=np.arange(slots))
        for member in (site.buy, site.period):
            member.flags.writeable = False
        period = self.problem.demand_period
        cap_kw = np.full(slots, np.inf)
        if highest_kw is not None:
            cap_kw = np.where(period >= 0, highest_kw[period], np.inf)
        extra = (self.charged - share) / hours
        path = np.empty(slots + 1)
        _, money, steps = solve_bent(site, np.array(self.problem.consumption_kw), cap_kw, extra, path)
        self.steps += steps
        return float(money - self._totals(share) @ self.problem.demand_free_kw)
