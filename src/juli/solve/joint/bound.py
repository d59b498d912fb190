"""A lower bound on what any schedule can cost the site: per-job programs under prices, and the dispatch.

Two things couple the jobs. The machines: at any prices μ ≥ 0 on their slots, what each job costs by itself
with μ paid, less what the machines earn by μ at the most, is no more than any schedule costs. Most machines
earn all μ; those that take batches or are kept warm have costs of their own (:mod:`juli.solve.joint.ovens`).
The meter: its least cost V is convex in the load, so a tangent with the price λ takes its place, and every
job pays λ for what it draws. The sum is a lower bound at any μ and λ. Both are moved: μ along a running
average of the subgradients, by steps that shrink from a share of the one that would reach the cost of a known
schedule (Held, Wolfe and Crowder, Mathematical Programming 6, 1974, doi:10.1007/BF01580223); λ by taking the
next tangent at a running average of the loads that the jobs answer, as in the volume method (Barahona and
Anbil, Mathematical Programming 87, 2000, doi:10.1007/s101070050002).
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np

from juli.power.problem import Floats
from juli.solve.joint.least_setups import LeastSetups
from juli.solve.joint.ovens import Ovens, in_shares
from juli.solve.joint.problem import JointProblem
from juli.solve.joint.search import offer_prices
from juli.solve.joint.valuation import SEVERAL, make_desk, meter_of, new_planes, value_anew
from juli.solve.joint.warming import load_warming
from juli.workshop.annealing import settled_money
from juli.workshop.arrays import Ints, compile_shop, refresh_least_money
from juli.workshop.bookings import fixed_bookings, new_bookings
from juli.workshop.bounds import weighed_money
from juli.workshop.stop import Stop

#: The first step, as a share of the one that would close the gap to the known schedule, and how much shorter
#: the last one is.
_FIRST_STEP, _SHORTER = 0.5, 100.0
#: How much of the direction of a step is that of the step before.
_MEMORY = 0.9
#: How much of the way to the jobs' answer the next tangent's load moves: at first, and at least.
_FIRST_LOAD, _LEAST_LOAD = 0.1, 0.01
#: Rounds without a rise after which nothing more is hoped for.
_PATIENCE = 400
#: Rounding of sums of floats that a bound must not rest on, as a share of the terms' size.
_ROUNDING = 1e-9


class JointBound:
    """Prices on machine time and on electricity, moved until the bound that they give rises no more.

    Parameters
    ----------
    problem
        The shop and its site.
    load_kw
        Where the first tangent is taken, such as a good schedule's load of the site, shape
        ``(settlement slots,)`` [kW].
    threads
        How many share the jobs.
    """

    def __init__(self, problem: JointProblem, load_kw: Floats, threads: int = 1):
        # Jobs that do not see one another may pile up above the connection: the bound has no limit there.
        site = replace(problem.site, import_limit_kw=np.full(problem.site.slots, np.inf))
        self.rounds = 0
        self.bound = -np.inf
        self._site, self._per = site, problem.per_settlement
        self._meter = meter_of(site)
        self._desk = make_desk(self._meter.site)
        self._planes = new_planes(self._meter)
        self._load = np.array(load_kw, dtype=np.float64)
        whole, shares = problem.shop, in_shares(problem.shop)
        batching = sorted(whole.batches)
        self._whole, self._ovens, self._setups = whole, Ovens(whole), LeastSetups(whole)
        shop = compile_shop(replace(shares, energy_price=None))
        self._parts = [new_bookings(shop, fixed_bookings(shares, shop)) for _ in range(max(threads, 1))]
        now = self._parts[0]
        for part in self._parts:
            # A batch may take in whatever it likes here, for its price.
            part.occupant[batching], part.booked_from[batching] = -1, whole.slots
        fixed = [one.fixed for one in whole.operations if one.fixed is not None]
        fixed = [run for run in fixed if run.machine not in whole.batches]
        self._standing = site.consumption_kw + replace(problem, shop=shares).machines_kw(fixed)
        self._settled = settled_money(shop, now)
        self._wages = shop.wages
        self._shop = shop._replace(wages=shop.wages.copy())
        self._weight = self._ovens.weights(shop)
        self._free = (np.diff(shop.opened_before, axis=1) > 0) & (now.occupant < 0)
        self._kw = self._ovens.powers_kw()
        self._direction = np.zeros((whole.machines, whole.slots))
        self._used = np.zeros((len(self._parts), whole.machines, whole.slots))
        self._borders = _even_borders(shop.group_from, len(self._parts))
        self._answer_kw = self._load
        self._tangent()
        self._price = self._ovens.first_prices(self._money_per_kw())
        self._step, self._idle = 0.0, 0

    def load(self) -> None:
        """Compile the engine, or read it from the cache."""
        self._ask()
        load_warming()

    def raise_towards(self, money: float, stop: Stop) -> None:
        """Step towards the cost of a known schedule until told to stop, or until steps bring no more.

        The first round is always made; another one only where there is time for it.
        """
        begun, took = stop.share(self.rounds), 0.0
        while True:
            before = stop.left
            self._ask()
            took = max(took, before - stop.left)
            if stop.reached(self.rounds) or (stop.rounds is None and stop.left < took):
                return
            if not self.bound < money or self._idle > _PATIENCE or self.bound == -np.inf:
                return
            done = (stop.share(self.rounds) - begun) / (1.0 - begun)
            self._move(money, _SHORTER**-done)

    def _ask(self) -> None:
        """Let meter, machines and jobs answer the prices; what they say is a bound."""
        electricity = self._tangent()
        price, money_per_kw, shop = self._planes.price, self._money_per_kw(), self._shop
        np.cumsum(self._price, axis=1, out=shop.wages[:, 1:])
        shop.wages[sorted(self._whole.batches), 1:] = 0.0
        shop.wages[:, 1:] += self._wages[:, 1:]
        offer_prices(shop, price, self._per, self._site.step_hours, np.zeros(len(shop.wages)))
        ovens = self._ovens.machines
        earned = float(self._price.sum()) - float(self._price[ovens].sum())
        earned += self._ovens.earn(money_per_kw, self._price, shop)
        refresh_least_money(shop)
        jobs = self._jobs_money()
        apart = self._settled + self._setups.money(money_per_kw)
        size = abs(electricity) + abs(jobs) + abs(earned) + abs(apart)
        bound = electricity + jobs - earned + apart - _ROUNDING * size
        self.rounds += 1
        self._idle += 1
        if np.isfinite(jobs) and bound > self.bound:
            if bound > self.bound + 1e-6 * abs(bound):
                self._idle = 0
            self.bound = bound
        drawn = self._kw @ np.where(self._free, self._used[0], 0.0) + self._ovens.hot_kw()
        self._answer_kw = self._standing + drawn.reshape(self._site.slots, -1).mean(axis=1)

    def _jobs_money(self) -> float:
        """What all jobs cost at the prices offered [money]; what they use is written for :meth:`_move`."""
        self._used[:] = 0.0

        def ask(number: int) -> float:
            groups = self._shop.group_from[self._borders[number] : self._borders[number + 1] + 1]
            part = self._shop._replace(group_from=groups)
            return float(weighed_money(part, self._parts[number], self._used[number], self._weight))

        if len(self._parts) == 1:
            return ask(0)
        with ThreadPoolExecutor(len(self._parts)) as pool:
            money = list(pool.map(ask, range(len(self._parts))))
        for other in self._used[1:]:
            self._used[0] += other
        return sum(money)

    def _move(self, money: float, pace: float) -> None:
        """Take the next step, at so much of the first one's length."""
        slope = np.where(self._free, self._used[0] - self._ovens.serving, 0.0)
        slope[(slope < 0.0) & (self._price <= 0.0)] = 0.0
        if self._step <= 0.0:
            self._step = _FIRST_STEP * (money - self.bound) / max(float((slope**2).sum()), 1.0)
        self._direction += (1.0 - _MEMORY) * (slope - self._direction)
        self._price += pace * self._step * self._direction
        np.maximum(self._price, 0.0, out=self._price)
        self._load += max(_FIRST_LOAD * pace, _LEAST_LOAD) * (self._answer_kw - self._load)

    def _tangent(self) -> float:
        """What the site at rest costs by the tangent at the present load [money]; prices follow from it."""
        if self._meter.period == SEVERAL:
            self._planes.cap_kw[:] = np.inf
        money = value_anew(self._meter, self._load, self._desk, self._planes)
        return money + self._site.step_hours * float(self._planes.price @ (self._standing - self._load))

    def _money_per_kw(self) -> Floats:
        """What a kW over a slot of the shop costs, shape ``(slots,)`` [money/kW]."""
        hours: float = self._site.step_hours / self._per
        return np.repeat(self._planes.price, self._per) * hours


def _even_borders(group_from: Ints, parts: int) -> list[int]:
    """Cut the groups of a shop into parts with about as many operations each."""
    cuts = np.linspace(0, group_from[-1], parts + 1)
    return [int(border) for border in np.searchsorted(group_from, cuts)]
