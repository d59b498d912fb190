"""The least electricity cost of one load after another on the same site, at compiled speed.

Scheduling asks this question thousands of times a second, so all that does not depend on the load is prepared
once.
From Python:

    evaluator = DispatchEvaluator(problem)
    money, price = evaluator.cost_and_price(load_kw)

From other compiled code (no interpreter, no lock held; one ``Room`` per thread):

    money = cost_of_load(evaluator.site, load_kw, evaluator.free_kw, evaluator.period, room)

after which ``room.work.price`` is the price of consumption and ``room.work.stored_kwh`` the battery's path.
The cost is convex in the load and the price is its subgradient: the cost of any other load is at least
``money + step_hours * price @ (other - load)``, so that a candidate can be rejected without asking.
"""

from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import ArrayLike

from juli.core.errors import InfeasibleError
from juli.power.demand import solve_caps, solve_one_cap
from juli.power.engines import dispatch
from juli.power.exact import Work, make_work
from juli.power.problem import DispatchProblem, Floats
from juli.power.slot_cost import Site, bent_slots, site_of


class Room(NamedTuple):
    """Memory for one evaluation at a time; every thread needs its own."""

    work: Work
    cap_kw: Floats
    scratch: Floats


@njit(cache=True, nogil=True, error_model="numpy")
def make_room(site: Site) -> Room:
    """Allocate the memory for evaluations on a site."""
    slots = len(site.buy)
    return Room(make_work(site), np.empty(len(site.demand_price)), np.empty((3, slots + 1)))


@njit(cache=True, nogil=True, error_model="numpy")
def cost_of_load(site: Site, consumption_kw: Floats, free_kw: float, period: int, room: Room) -> float:
    """Least cost of a load on a site with at most one demand charge; infinite where nothing is feasible.

    Parameters
    ----------
    consumption_kw
        Shape ``(slots,)``, contiguous and writable (it is not written) [kW].
    free_kw, period
        The import that costs no demand charge, and the billing period that pays (-1: none).
    room
        ``room.work.price`` and ``room.work.stored_kwh`` hold prices and path afterwards.
    """
    failed, money, _, _, _ = solve_one_cap(
        site, consumption_kw, free_kw, period, room.cap_kw, room.work, room.scratch
    )
    return np.inf if failed >= 0 else money


class DispatchEvaluator:
    """A site prepared for the evaluation of many loads.

    Parameters
    ----------
    problem
        The site; its consumption only gives the number of slots.

    Attributes
    ----------
    site, free_kw, period
        What :func:`cost_of_load` takes.
    compiled
        Whether :func:`cost_of_load` may be called for this site: at most one demand charge, and costs that
        are convex for every load. The methods below answer in any case.

    Examples
    --------
    >>> from juli.power.problem import Battery
    >>> battery = Battery(50, 50, 100, 1, 1)
    >>> problem = DispatchProblem(step_hours=1, consumption_kw=0, buy=[0.3, 1.1], sell=0, battery=battery)
    >>> evaluator = DispatchEvaluator(problem)
    >>> money, price = evaluator.cost_and_price([100, 100])
    >>> round(money, 9), price.round(9).tolist()
    (100.0, [0.3, 1.1])
    """

    def __init__(self, problem: DispatchProblem):
        self.problem = problem
        self.site = site_of(problem)
        paying = np.flatnonzero(self.site.demand_price > 0)
        self.period = int(paying[0]) if len(paying) == 1 else -1
        self.free_kw = float(problem.demand_free_kw[self.period]) if self.period >= 0 else 0.0
        self._straight = (
            self.site.loss_kwh == 0
            and not problem.more_batteries
            and not np.any(problem.sell > problem.buy)
            and not bent_slots(self.site).any()
        )
        self.compiled = self._straight and len(paying) <= 1
        self._room = make_room(self.site)

    def cost(self, consumption_kw: ArrayLike) -> float:
        """Least cost of a load [money]; infinite where nothing is feasible."""
        return self._solve(consumption_kw)[0]

    def cost_and_price(self, consumption_kw: ArrayLike) -> tuple[float, Floats]:
        """Least cost of a load and the price of consumption, ``(slots,)`` [money/kWh]."""
        money, price = self._solve(consumption_kw)
        return money, price.copy()

    def _solve(self, consumption_kw: ArrayLike) -> tuple[float, Floats]:
        load = np.array(consumption_kw, dtype=np.float64)
        if load.shape != self.site.buy.shape:
            raise ValueError(f"a load has shape {self.site.buy.shape} on this site, not {load.shape}")
        if self.compiled:
            money = cost_of_load(self.site, load, self.free_kw, self.period, self._room)
            return money, self._room.work.price
        if self._straight:
            solved = solve_caps(self.site, load, self.problem.demand_free_kw, self._room.work)
            return (np.inf if solved.failed >= 0 else solved.money), solved.price
        try:
            answer = dispatch(replace(self.problem, consumption_kw=load))
        except InfeasibleError:
            return np.inf, np.zeros(len(load))
        return answer.cost, answer.price_of_consumption
