"""Lower bounds: what no schedule can be cheaper or shorter than.

The Lagrangian bound lets jobs share a machine's slot and charges a price for it, in a batch by the share that
an operation's load takes of it, as for the energy of the batch. At any prices, the sum of
what each job costs by itself, less all prices once, is no more than any schedule costs; the prices are
moved to where that is highest, by subgradient steps.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from juli.workshop.annealing import settled_money
from juli.workshop.arrays import Floats, Ints, Shop, compile_shop
from juli.workshop.bookings import Bookings, fixed_bookings, new_bookings
from juli.workshop.insertion import relaxed_group
from juli.workshop.problem import Operation, ShopProblem
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
        batches = _batch_shares(problem)
        problem = _with_shares(problem, batches)
        shop = compile_shop(problem)
        now = new_bookings(shop, fixed_bookings(problem, shop))
        # A batch may take in whatever it likes here: its machine is never full.
        now.occupant[batching], now.booked_from[batching] = -1, problem.slots
        machines, slots = problem.machines, problem.slots
        self.rounds = 0
        self._settled = settled_money(shop, now) + least
        self._highest = -np.inf
        self._now = now
        self._wages, self._energy = shop.wages, shop.energy
        self._shop = shop._replace(wages=shop.wages.copy(), energy=shop.energy.copy())
        self._batches = batches
        self._weight = np.ones(len(shop.modes))
        for machine, batch in batches.items():
            own = shop.modes["machine"] == machine
            self._weight[own] = shop.modes["kw"][own] / batch.kw
        self._price = np.zeros((machines, slots))
        self._best_price = self._price.copy()
        self._used = np.zeros((machines, slots))
        self._direction = np.zeros((machines, slots))
        opened = np.diff(shop.opened_before, axis=1) > 0
        self._free = opened & (now.occupant < 0)
        held = {operation.fixed.machine for operation in problem.operations if operation.fixed is not None}
        self._free[[machine for machine in batching if machine not in batches or machine in held]] = False
        self._pace = 1.0
        self._idle = 0

    @property
    def bound(self) -> float:
        """No schedule is cheaper."""
        return self._highest + self._settled

    def load(self) -> None:
        """Compile the engine, or read it from the cache."""
        weighed_money(self._shop, self._now, self._used, self._weight)

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
        for machine, batch in self._batches.items():
            # What a batch pays by the slot is paid by the share of it, as its energy is.
            paid = np.cumsum(batch.wages + self._price[machine]) / batch.kw
            self._shop.energy[machine, 1:] = self._energy[machine, 1:] + paid
            self._shop.wages[machine] = self._wages[machine]
        self._used[:] = 0.0
        cost = weighed_money(self._shop, self._now, self._used, self._weight)
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
        gain = self._pace * max(objective - bound, 1e-6 * abs(objective))
        if not np.isfinite(cost) or not move_prices(
            self._price, self._direction, self._used, self._free, gain
        ):
            self._pace = 0.0


def move_prices(price: Floats, direction: Floats, used: Floats, free: NDArray[np.bool_], gain: float) -> bool:
    """Step machine prices along a subgradient that remembers the ones before it; False where it is none.

    Parameters
    ----------
    price, direction
        Prices of machine time and the way that they moved, shape ``(machines, slots)``; changed in place.
    used, free
        How often jobs use each slot at these prices, and whether one may.
    gain
        How much the bound should rise [money].
    """
    slope = np.where(free, used - 1.0, 0.0)
    slope[(slope < 0) & (price <= 0)] = 0.0
    direction *= 0.7
    direction += slope
    square = float((direction**2).sum())
    if square <= 0.0:
        return False
    price += gain / square * direction
    np.maximum(price, 0.0, out=price)
    return True


class _BatchShare(NamedTuple):
    """What a batch costs that is shared by what is in it.

    Parameters
    ----------
    kw
        The least power of its machine at work [kW].
    wages
        Shape ``(slots,)`` [money/slot].
    """

    kw: float
    wages: Floats


def _batch_shares(problem: ShopProblem) -> dict[int, _BatchShare]:
    """Batching machines on which each operation can pay the share of a batch that its load takes.

    The shares of a batch are no more than the whole where no slot pays for being worked in.
    """
    found: dict[int, _BatchShare] = {}
    if problem.energy_price is not None and problem.energy_price.min(initial=0.0) < 0.0:
        return found
    for machine in problem.batches:
        kw = min(
            (mode.kw for one in problem.operations for mode in one.modes if mode.machine == machine),
            default=0.0,
        )
        wages = np.zeros(problem.slots)
        if problem.machine_price is not None:
            wages = np.where(problem.is_open[machine], problem.machine_price[machine], 0.0)
        if kw > 0.0 and wages.min(initial=0.0) >= 0.0:
            found[machine] = _BatchShare(kw, wages)
    return found


def _with_shares(problem: ShopProblem, batches: Mapping[int, _BatchShare]) -> ShopProblem:
    """The shop without shared rules, in which an operation in a batch draws the share that its load takes."""
    plain = problem.without_sharing()
    operations = []
    for whole, free in zip(problem.operations, plain.operations, strict=True):
        modes = tuple(
            replace(mode, kw=batches[mode.machine].kw * min(whole.load / problem.batches[mode.machine], 1.0))
            if mode.machine in batches
            else mode
            for mode in free.modes
        )
        operations.append(replace(free, modes=modes))
    return replace(plain, operations=tuple(operations))


def earliest_completions(problem: ShopProblem) -> NDArray[np.int64]:
    """By when each job could be complete if it had the shop to itself, shape ``(jobs,)`` [slot borders].

    A job that fits nowhere, or of which all is fixed, is told by its release.
    """
    jobs = tuple(replace(job, late_price=0.0, lead_price=1.0) for job in problem.jobs)
    plain = replace(problem.without_sharing(), jobs=jobs, energy_price=None, machine_price=None)
    plain = replace(plain, operations=tuple(_for_nothing(operation) for operation in plain.operations))
    shop = compile_shop(plain)
    now = new_bookings(shop, fixed_bookings(plain, shop))
    # In a batch others may take part: its machine is never full.
    batching = sorted(problem.batches)
    now.occupant[batching], now.booked_from[batching] = -1, problem.slots
    ends: NDArray[np.int64] = shop.jobs["release"].copy()
    _find_ends(shop, now, ends)
    return ends


def _for_nothing(operation: Operation) -> Operation:
    return replace(operation, modes=tuple(replace(mode, kw=0.0, money=0.0) for mode in operation.modes))


@njit(cache=True, nogil=True)
def _find_ends(shop: Shop, now: Bookings, ends: Ints) -> None:
    for job in range(len(shop.jobs)):
        row = shop.jobs[job]
        for group in range(row.groups, row.groups_end):
            parts = shop.part[shop.group_from[group] : shop.group_from[group + 1]]
            if parts[-1] == row.last and relaxed_group(shop, now, parts, False) < np.inf:
                ends[job] = now.parts[len(parts) - 1].end


@njit(cache=True, nogil=True)
def relaxed_money(shop: Shop, now: Bookings, used: Floats) -> float:
    """What all jobs cost if none stands in another's way; adds their work to ``used``, (machines, slots)."""
    return weighed_money(shop, now, used, np.ones(len(shop.modes)))


@njit(cache=True, nogil=True)
def weighed_money(shop: Shop, now: Bookings, used: Floats, weight: Floats) -> float:
    """What all jobs cost if none stands in another's way; adds their work to ``used``, (machines, slots).

    ``weight`` says how much of its machine an operation takes, by mode.
    """
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
                    used[machine, slot] += weight[part.mode]
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
