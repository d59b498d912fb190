"""A lower bound on what any schedule can cost the site: per-job programs under prices, and the dispatch.

Two things couple the jobs. The machines: at any prices μ ≥ 0 on their slots, what each job costs by itself
with μ paid, less all μ once, is no more than any schedule costs. The meter: its least cost V is convex in
the load, so a tangent with the price λ takes its place, and every job pays λ for what it draws. The sum is
a lower bound at any μ and λ. In a batch each pays the share that its load takes, which is no more than the
batch as a whole costs. Both are moved: μ by subgradient steps (Held, Wolfe and Crowder, Mathematical
Programming 6, 1974, doi:10.1007/BF01580223) towards the cost of a known schedule, λ by taking the next
tangent at a running average of the loads that the jobs answer, as in the volume method (Barahona and Anbil,
Mathematical Programming 87, 2000, doi:10.1007/s101070050002).
"""

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from juli.power.problem import Floats
from juli.solve.joint.problem import JointProblem
from juli.solve.joint.search import offer_prices
from juli.solve.joint.valuation import SEVERAL, make_desk, meter_of, new_planes, value_anew
from juli.workshop.annealing import settled_money
from juli.workshop.arrays import compile_shop
from juli.workshop.bookings import fixed_bookings, new_bookings
from juli.workshop.bounds import move_prices, relaxed_money
from juli.workshop.problem import ShopProblem
from juli.workshop.stop import Stop

#: Steps shorter than this share of the full one bring nothing more.
_SLOWEST = 1e-3
#: How many rounds are many: with fewer, steps are short from the start.
_MANY = 400
#: Rounding of sums of floats that a bound must not rest on, as a share of the terms' size.
_ROUNDING = 1e-9


class _Pacing(NamedTuple):
    """How steps begin and shrink.

    Parameters
    ----------
    first
        The first step, as a share of the one that would close the gap to the known schedule.
    patience
        Rounds without a rise after which steps become shorter.
    load_share, least_share
        How much of the way to the jobs' answer the next tangent's load moves: times the step, and at least.
    """

    first: float
    patience: int
    load_share: float
    least_share: float = 0.02


#: Long steps reach further in the end, but the bound falls for hundreds of rounds before it rises: a known
#: schedule is no optimum, and the best bound is below that. With time for few rounds, steps begin short.
_LONG, _SHORT = _Pacing(1.0, 30, 0.3), _Pacing(0.1, 15, 1.0)
#: Times that steps grow again, and to what, once they have become too short.
_AGAIN, _AGAIN_PACE = 4, 0.5


class JointBound:
    """Prices on machine time and on electricity, moved until the bound that they give rises no more.

    Parameters
    ----------
    problem
        The shop and its site.
    load_kw
        Where the first tangent is taken, such as a good schedule's load of the site, shape
        ``(settlement slots,)`` [kW].
    """

    def __init__(self, problem: JointProblem, load_kw: Floats):
        # Jobs that do not see one another may pile up above the connection: the bound has no limit there.
        site = replace(problem.site, import_limit_kw=np.full(problem.site.slots, np.inf))
        self.rounds = 0
        self.bound = -np.inf
        self._meter = meter_of(site)
        self._desk = make_desk(self._meter.site)
        self._planes = new_planes(self._meter)
        self._load = np.array(load_kw, dtype=np.float64)
        # Setting up and warming up are left out; each in a batch pays its share, and no batch is ever full.
        batching = sorted(problem.shop.batches)
        self._sharing = bool(problem.shop.batches or problem.shop.setups or problem.shop.warmth)
        problem = replace(problem, shop=_apart(problem.shop))
        self._problem = problem
        shop = compile_shop(replace(problem.shop, energy_price=None))
        now = new_bookings(shop, fixed_bookings(problem.shop, shop))
        now.occupant[batching], now.booked_from[batching] = -1, problem.shop.slots
        fixed = [operation.fixed for operation in problem.shop.operations if operation.fixed is not None]
        self._standing = problem.site.consumption_kw + problem.machines_kw(fixed)
        self._settled = settled_money(shop, now)
        self._now = now
        self._wages = shop.wages
        self._shop = shop._replace(wages=shop.wages.copy())
        shape = (problem.shop.machines, problem.shop.slots)
        self._price, self._best_price, self._used = np.zeros(shape), np.zeros(shape), np.zeros(shape)
        self._direction = np.zeros(shape)
        self._free = (np.diff(shop.opened_before, axis=1) > 0) & (now.occupant < 0)
        self._drawing = self._free.copy()
        self._free[batching] = False
        self._kw = self._machine_kw()
        self._pacing = _SHORT
        self._pace, self._idle = self._pacing.first, 0

    def load(self) -> None:
        """Compile the engine, or read it from the cache."""
        self._step(0.0)

    def raise_towards(self, money: float, stop: Stop) -> None:
        """Step towards the cost of a known schedule until told to stop, or until steps bring no more."""
        self._step(money)
        if self._rounds_left(money, stop) >= _MANY and self._pace >= _SLOWEST:
            self._pacing = _LONG
            self._pace = self._pacing.first
        again = 0
        while self._pace > 0.0 and not stop.reached(self.rounds):
            if self._pace < _SLOWEST:
                if again == _AGAIN:
                    break
                again += 1
                self._pacing, self._pace = _LONG, _AGAIN_PACE
            self._step(money)

    def _rounds_left(self, money: float, stop: Stop) -> float:
        """How many rounds there will be; where time decides, by what one more takes."""
        if stop.rounds is not None:
            return stop.rounds - self.rounds
        if stop.reached(self.rounds) or self._pace < _SLOWEST:
            return 0.0
        before = stop.left
        self._step(money)
        return stop.left / max(before - stop.left, 1e-6)

    def _step(self, money: float) -> None:
        if self._meter.period == SEVERAL:
            self._planes.cap_kw[:] = np.inf
        hours = self._problem.site.step_hours
        electricity = value_anew(self._meter, self._load, self._desk, self._planes)
        wages = self._shop.wages
        np.cumsum(self._price, axis=1, out=wages[:, 1:])
        wages[:, 1:] += self._wages[:, 1:]
        least = np.diff(wages, axis=1).min(axis=1)
        price = self._planes.price
        offer_prices(self._shop, price, self._problem.per_settlement, hours, least)
        self._used[:] = 0.0
        jobs = relaxed_money(self._shop, self._now, self._used)
        charged = float(self._price.sum())
        tangent = electricity + hours * float(price @ (self._standing - self._load))
        size = abs(jobs) + charged + abs(tangent)
        bound = tangent + jobs - charged + self._settled - _ROUNDING * size
        self.rounds += 1
        self._idle += 1
        if bound > self.bound and not (self._sharing and float(price.min()) < 0.0):
            if bound > self.bound + 1e-5 * abs(bound):
                self._idle = 0
            self.bound = bound
            self._best_price[:] = self._price
        if not np.isfinite(jobs):
            self._pace = 0.0
            return
        answer = self._standing + self._drawn(self._used)
        share = max(self._pacing.load_share * self._pace, self._pacing.least_share)
        self._load += share * (answer - self._load)
        if self._idle >= self._pacing.patience:
            self._idle = 0
            self._pace *= 0.75
            self._price[:] = self._best_price
            self._direction[:] = 0.0
            return
        gain = self._pace * max(money - bound, 1e-6 * abs(money))
        move_prices(self._price, self._direction, self._used, self._free, gain)

    def _drawn(self, used: Floats) -> Floats:
        """What jobs draw that use machines so, shape ``(settlement slots,)`` [kW]."""
        fine = self._kw @ np.where(self._drawing, used, 0.0)
        drawn: Floats = fine.reshape(self._problem.site.slots, -1).mean(axis=1)
        return drawn

    def _machine_kw(self) -> Floats:
        """A power for each machine; where its modes differ, it only steers where tangents are taken."""
        kw = np.zeros(self._problem.shop.machines)
        for operation in self._problem.shop.operations:
            for mode in operation.modes:
                kw[mode.machine] = max(kw[mode.machine], mode.kw)
        return kw


def _apart(shop: ShopProblem) -> ShopProblem:
    """The shop in which each run pays for itself, and in a batch the share of it that its load takes.

    The shares of a batch are at most the whole, as long as a batch costs something at all.
    """
    least_wages = np.zeros(shop.machines)
    if shop.machine_price is not None:
        paid = np.where(shop.is_open, shop.machine_price, np.inf).min(axis=1)
        least_wages = np.where(np.isfinite(paid), np.maximum(paid, 0.0), 0.0)
    operations = []
    for before, plain in zip(shop.operations, shop.without_sharing().operations, strict=True):
        modes = list(plain.modes)
        for number, mode in enumerate(before.modes):
            if mode.machine in shop.batches:
                share = min(before.load / shop.batches[mode.machine], 1.0)
                money = mode.money + share * mode.duration * float(least_wages[mode.machine])
                modes[number] = replace(mode, kw=share * mode.kw, money=money)
        operations.append(replace(plain, modes=tuple(modes)))
    return replace(shop.without_sharing(), operations=tuple(operations))
