"""Lower bounds: what no schedule can be cheaper or shorter than.

The Lagrangian bound lets jobs share a machine's slot and charges a price for it. At any prices, the sum of
what each job costs by itself, less all prices once, is no more than any schedule costs; the prices are
moved to where that is highest, by subgradient steps.
"""

import numpy as np
from numba import njit

from juli.workshop.annealing import settled_money
from juli.workshop.arrays import Floats, Shop, compile_shop
from juli.workshop.bookings import Bookings, fixed_bookings, new_bookings
from juli.workshop.insertion import relaxed_group
from juli.workshop.problem import ShopProblem
from juli.workshop.stop import Stop

#: Steps shorter than this share of the full one bring nothing more.
_SLOWEST = 1e-4
#: Rounding of sums of floats that a bound must not rest on, as a share of the terms' size.
_ROUNDING = 1e-9


class LagrangianBound:
    """Prices on machine time, raised and lowered until the bound they give rises no more.

    Parameters
    ----------
    problem
        The shop and its work.
    """

    def __init__(self, problem: ShopProblem):
        batching = sorted(problem.batches)
        least = least_shared_money(problem)
        problem = problem.without_sharing()
        shop = compile_shop(problem)
        now = new_bookings(shop, fixed_bookings(problem, shop))
        # A batch may take in whatever it likes here: its machine is never full.
        now.occupant[batching], now.booked_from[batching] = -1, problem.slots
        machines, slots = problem.machines, problem.slots
        self.rounds = 0
        self._settled = settled_money(shop, now) + least
        self._highest = -np.inf
        self._now = now
        self._wages = shop.wages
        self._shop = shop._replace(wages=shop.wages.copy())
        self._price = np.zeros((machines, slots))
        self._best_price = self._price.copy()
        self._used = np.zeros((machines, slots))
        self._direction = np.zeros((machines, slots))
        opened = np.diff(shop.opened_before, axis=1) > 0
        self._free = opened & (now.occupant < 0)
        self._free[batching] = False
        self._pace = 1.0
        self._idle = 0

    @property
    def bound(self) -> float:
        """No schedule is cheaper."""
        return self._highest + self._settled

    def load(self) -> None:
        """Compile the engine, or read it from the cache."""
        relaxed_money(self._shop, self._now, self._used)

    def raise_towards(self, objective: float, stop: Stop) -> None:
        """Step towards the cost of a known schedule until told to stop, or until steps bring no more.

        The first step is always made: without prices, each job is placed as if it were alone.
        """
        target = objective - self._settled
        while True:
            self._step(target)
            if self._pace < _SLOWEST or stop.reached(self.rounds):
                return

    def _step(self, objective: float) -> None:
        np.cumsum(self._price, axis=1, out=self._shop.wages[:, 1:])
        self._shop.wages[:, 1:] += self._wages[:, 1:]
        self._used[:] = 0.0
        cost = relaxed_money(self._shop, self._now, self._used)
        charged = float(self._price.sum())
        bound = cost - charged - _ROUNDING * (abs(cost) + charged)
        self.rounds += 1
        self._idle += 1
        if bound > self._highest:
            if bound > self._highest + 1e-6 * abs(bound):
                self._idle = 0
            self._highest = bound
            self._best_price[:] = self._price
        if self._idle >= 20:
            self._idle = 0
            self._pace *= 0.7
            self._price[:] = self._best_price
            self._direction[:] = 0.0
            return
        slope = np.where(self._free, self._used - 1.0, 0.0)
        slope[(slope < 0) & (self._price <= 0)] = 0.0
        self._direction *= 0.7
        self._direction += slope
        square = float((self._direction**2).sum())
        if square <= 0.0 or not np.isfinite(cost):
            self._pace = 0.0
            return
        gain = max(objective - bound, 1e-6 * abs(objective))
        self._price += self._pace * gain / square * self._direction
        np.maximum(self._price, 0.0, out=self._price)


@njit(cache=True, nogil=True)
def relaxed_money(shop: Shop, now: Bookings, used: Floats) -> float:
    """What all jobs cost if none stands in another's way; adds their work to ``used``, (machines, slots)."""
    money = 0.0
    for group in range(len(shop.group_from) - 1):
        parts = shop.part[shop.group_from[group] : shop.group_from[group + 1]]
        money += relaxed_group(shop, now, parts, False)
        if money == np.inf:
            break
        for k in range(len(parts)):
            part = now.parts[k]
            machine = shop.modes[part.mode].machine
            if machine >= 0:
                for slot in range(part.start, part.end):
                    used[machine, slot] += 1.0
    return money


def least_shared_money(problem: ShopProblem) -> float:
    """What machines as a whole cost at the least: nothing, unless prices are below zero."""
    if problem.energy_price is None:
        return 0.0
    gains = np.minimum(problem.energy_price, 0.0).sum() * problem.step_hours
    powers = [setups.kw for setups in problem.setups.values()]
    powers += [max(warmth.idle_kw, warmth.warm_up_kw) for warmth in problem.warmth.values()]
    powers += [
        max(mode.kw for one in problem.operations for mode in one.modes if mode.machine == machine)
        for machine in problem.batches
        if any(mode.machine == machine for one in problem.operations for mode in one.modes)
    ]
    dear = np.maximum(problem.energy_price, 0.0).sum() * problem.step_hours
    saving = sum(min(warmth.idle_kw, 0.0) for warmth in problem.warmth.values())
    return float(sum(powers) * gains + saving * dear)


def makespan_bound(problem: ShopProblem) -> int:
    """No schedule ends earlier: by the longest path, and by the work that only one machine can do."""
    batches = problem.batches
    shop = compile_shop(problem)
    operations = shop.operations
    if not len(operations):
        return 0
    longest = int((operations["earliest"] + operations["shortest"] + operations["tail"]).max())
    single = operations["modes_end"] - operations["modes"] == 1
    machine = shop.modes["machine"][operations["modes"]]
    for number in set(range(problem.machines)) - set(batches):
        on = single & (machine == number)
        if on.any():
            own = operations[on]
            load = int(own["earliest"].min() + own["shortest"].sum() + own["tail"].min())
            longest = max(longest, load)
    first = int(operations["earliest"].min())
    alone = np.ones(len(operations), dtype=np.bool_)
    for number, operation in enumerate(problem.operations):
        alone[number] = not any(mode.machine in batches for mode in operation.modes)
    shared = -(-int(operations["shortest"][alone].sum()) // problem.machines)
    return max(longest, first + shared)
