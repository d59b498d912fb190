"""Machines that take batches or are kept warm: paid by the jobs of the bound, with costs of their own.

Each job in a batch pays the share that its load takes, at a price by the slot. The machine earns those prices
while it is at work, and pays the wages and the energy of the batch as a whole. A machine that is kept warm
also pays for idling and warming up, and chooses when to work. What it earns less what it pays is at its best
never less than in any schedule: the bound takes that off.

Where all that another machine makes has to go on to the oven within a longest wait, as from a powder booth,
it can't work in a slot unless the oven works soon after. Then the prices of its slots are the oven's to earn,
and only by working soon after: so a booth that is busy for long keeps its oven hot for long.
"""

from dataclasses import dataclass, replace

import numpy as np

from juli.power.problem import Floats
from juli.solve.joint.warming import IDLING, WARMING, WORKING, Warming, most_earned, new_stretches
from juli.workshop.arrays import Ints, Shop
from juli.workshop.problem import ShopProblem

#: What slots that feed an oven are paid at first, as a share of what it costs to keep the oven warm.
_FIRST_SHARE = 0.9


def in_shares(shop: ShopProblem) -> ShopProblem:
    """The shop in which each run pays for itself; in a batch its power is the share that its load takes."""
    operations = []
    for before, plain in zip(shop.operations, shop.without_sharing().operations, strict=True):
        modes = tuple(
            replace(mode, kw=min(before.load / shop.batches[mode.machine], 1.0))
            if mode.machine in shop.batches
            else mode
            for mode in plain.modes
        )
        operations.append(replace(plain, modes=modes))
    return replace(shop.without_sharing(), operations=tuple(operations))


@dataclass(frozen=True)
class Feed:
    """A machine whose work all goes on to one oven.

    Parameters
    ----------
    machine, oven
        Their numbers.
    reach
        A slot of its work is followed by one of the oven's within so many slots.
    """

    machine: int
    oven: int
    reach: int


def feeds(shop: ShopProblem) -> tuple[Feed, ...]:
    """Find the machines that feed an oven; none that has a fixed run, nor one whose oven has."""
    fixed = {operation.fixed.machine for operation in shop.operations if operation.fixed is not None}
    onward: dict[int, dict[int, int]] = {}
    for wait in shop.waits:
        ovens = {mode.machine for mode in shop.operations[wait.after].modes}
        if wait.most is not None and len(ovens) == 1 and ovens <= shop.warmth.keys() - fixed:
            reaches = onward.setdefault(wait.before, {})
            (oven,) = ovens
            reaches[oven] = min(wait.most, reaches.get(oven, wait.most))
    found = []
    for machine in sorted(set(range(shop.machines)) - shop.warmth.keys() - shop.batches.keys() - fixed):
        made = [
            (number, mode.duration)
            for number, operation in enumerate(shop.operations)
            for mode in operation.modes
            if mode.machine == machine
        ]
        common = set.intersection(*(set(onward.get(number, ())) for number, _ in made)) if made else set()
        if common and not any(shop.operations[number].pausable for number, _ in made):
            oven = min(common)
            reach = max(duration + onward[number][oven] for number, duration in made)
            found.append(Feed(machine, oven, reach))
    return tuple(found)


class Ovens:
    """What the machines that take batches, are kept warm or feed such a one earn and pay.

    Parameters
    ----------
    shop
        The shop as it is.

    Attributes
    ----------
    machines
        Their numbers.
    serving
        How much of each slot they offer at the prices of the last :meth:`earn`, shape ``(machines, slots)``:
        1 for all other machines.
    """

    def __init__(self, shop: ShopProblem):
        self._shop = shop
        self._least_kw, self._most_kw, self._shortest = _extremes(shop)
        self._feeds = feeds(shop)
        self._fed = {
            oven: [feed for feed in self._feeds if feed.oven == oven]
            for oven in {f.oven for f in self._feeds}
        }
        self.machines = sorted({*shop.batches, *shop.warmth, *(feed.machine for feed in self._feeds)})
        self.serving = np.ones((shop.machines, shop.slots))
        self._spent = {machine: np.zeros(shop.slots, dtype=np.int8) for machine in sorted(shop.warmth)}
        self._warming = {machine: self._warming_of(machine) for machine in shop.warmth}
        self._room = new_stretches(shop.slots)

    def weights(self, compiled: Shop) -> Floats:
        """How much of a slot of its machine a run takes, shape ``(modes,)``; ``compiled`` is in shares."""
        batching = np.isin(compiled.modes["machine"], sorted(self._shop.batches))
        return np.where(batching, compiled.modes["kw"], 1.0)

    def powers_kw(self) -> Floats:
        """What a slot that is used of each machine draws, shape ``(machines,)`` [kW].

        Where a machine's modes differ, it only steers where tangents are taken.
        """
        kw = self._most_kw.copy()
        for machine in self._shop.batches:
            kw[machine] = self._least_kw[machine]
            if machine in self._fed:
                kw[machine] -= self._shop.warmth[machine].idle_kw
        return kw

    def first_prices(self, money_per_kw: Floats) -> Floats:
        """Prices of slots to begin with, shape ``(machines, slots)`` [money].

        Parameters
        ----------
        money_per_kw
            What a kW over a slot costs, shape ``(slots,)`` [money/kW].
        """
        prices = np.zeros((self._shop.machines, self._shop.slots))
        for feed in self._feeds:
            idle_kw = max(self._shop.warmth[feed.oven].idle_kw, 0.0)
            prices[feed.machine] = _FIRST_SHARE * idle_kw * np.maximum(money_per_kw, 0.0)
        return prices * self._shop.is_open

    def earn(self, money_per_kw: Floats, prices: Floats, compiled: Shop) -> float:
        """What the machines earn at most, less what they pay [money].

        Parameters
        ----------
        money_per_kw
            What a kW over a slot costs, shape ``(slots,)`` [money/kW].
        prices
            What jobs pay for slots, beyond what batches cost anyway, shape ``(machines, slots)`` [money].
        compiled
            What jobs pay by the slot is written into its energy, in the rows of machines that take batches.
        """
        total = 0.0
        for machine in sorted({*self._shop.batches, *self._shop.warmth}):
            earned = prices[machine] * self._shop.is_open[machine]
            if machine in self._shop.batches:
                cost = self._batch_money(machine, money_per_kw)
                least = cost
                if machine in self._fed:
                    # What keeps it hot, whether it works or idles, is paid by the slots that feed it.
                    least = cost - self._shop.warmth[machine].idle_kw * money_per_kw
                paid = np.maximum(least, 0.0) * self._shop.is_open[machine] + earned
                np.cumsum(paid, out=compiled.energy[machine, 1:])
                earned = paid - cost
            if machine in self._shop.warmth:
                total += self._most_earned(machine, money_per_kw, earned, prices)
            else:
                total += float(np.maximum(earned, 0.0).sum())
        return total

    def hot_kw(self) -> Floats:
        """What machines draw to be hot, as they chose in the last :meth:`earn`, shape ``(slots,)`` [kW]."""
        drawn = np.zeros(self._shop.slots)
        for machine, spent in self._spent.items():
            warmth = self._shop.warmth[machine]
            drawn += warmth.idle_kw * (spent == IDLING) + warmth.warm_up_kw * (spent == WARMING)
            if machine in self._fed:
                drawn += warmth.idle_kw * (spent == WORKING)
        return drawn

    def _most_earned(self, machine: int, money_per_kw: Floats, earned: Floats, prices: Floats) -> float:
        warmth, feeding = self._shop.warmth[machine], [feed.machine for feed in self._fed.get(machine, ())]
        served = np.zeros(self._shop.slots)
        most = most_earned(
            self._warming[machine],
            earned,
            prices[feeding].sum(axis=0),
            warmth.idle_kw * money_per_kw,
            warmth.warm_up_kw * money_per_kw,
            self._room,
            self._spent[machine],
            served,
        )
        self.serving[machine] = self._spent[machine] == WORKING
        self.serving[feeding] = served
        return float(most)

    def _batch_money(self, machine: int, money_per_kw: Floats) -> Floats:
        """What a slot of a batch costs as a whole, at the least; shape ``(slots,)`` [money]."""
        money = np.minimum(self._least_kw[machine] * money_per_kw, self._most_kw[machine] * money_per_kw)
        if self._shop.machine_price is not None:
            money = money + self._shop.machine_price[machine]
        opened: Floats = money * self._shop.is_open[machine]
        return opened

    def _warming_of(self, machine: int) -> Warming:
        shop, warmth = self._shop, self._shop.warmth[machine]
        workable = shop.is_open[machine].copy()
        shortest, begun = int(self._shortest[machine]), -1
        for operation in shop.operations:
            fixed = operation.fixed
            if fixed is not None and fixed.machine == machine and fixed.end > 0:
                # Where it is fixed it works whatever the calendar and its length may be.
                shortest = 1
                workable[max(fixed.start, 0) : fixed.end] = True
                if fixed.start < 0:
                    begun = max(begun, min(fixed.end, shop.slots))
        return Warming(
            workable=workable,
            shortest=shortest,
            longest_pause=min(warmth.longest_pause, shop.slots),
            warm_up=warmth.warm_up,
            begun=begun,
            reach=max((feed.reach for feed in self._fed.get(machine, ())), default=0),
        )


def _extremes(shop: ShopProblem) -> tuple[Floats, Floats, Ints]:
    """The least and the greatest power of each machine [kW], and its shortest work, one slot at least."""
    least_kw, most_kw = np.full(shop.machines, np.inf), np.zeros(shop.machines)
    shortest = np.full(shop.machines, shop.slots)
    for operation in shop.operations:
        for mode in operation.modes:
            least_kw[mode.machine] = min(least_kw[mode.machine], mode.kw)
            most_kw[mode.machine] = max(most_kw[mode.machine], mode.kw)
            shortest[mode.machine] = min(shortest[mode.machine], mode.duration)
    return np.minimum(least_kw, most_kw), most_kw, np.maximum(shortest, 1)
