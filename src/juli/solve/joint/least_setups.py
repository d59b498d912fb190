"""What set-ups cost at the least, whatever is made when."""

import numpy as np

from juli.power.problem import Floats
from juli.workshop.problem import Setups, ShopProblem


class LeastSetups:
    """The set-ups that no schedule can do without.

    A machine is set up at least once for each family that only it can do, from whichever other family that
    takes least. Nothing is known of a machine that has a fixed run.

    Parameters
    ----------
    shop
        The shop as it is.
    """

    def __init__(self, shop: ShopProblem):
        needed: dict[int, set[int]] = {machine: set() for machine in shop.setups}
        for operation in shop.operations:
            machines = {mode.machine for mode in operation.modes}
            if len(machines) == 1 and machines <= shop.setups.keys():
                needed[machines.pop()].add(operation.family)
        for operation in shop.operations:
            if operation.fixed is not None:
                needed.pop(operation.fixed.machine, None)
        self._shop = shop
        self._slots = {
            machine: sum(_least_slots(shop.setups[machine], family) for family in families)
            for machine, families in needed.items()
        }

    def money(self, money_per_kw: Floats) -> float:
        """Wages and energy of the set-ups in the cheapest slots, at the least [money].

        Parameters
        ----------
        money_per_kw
            What a kW over a slot costs, shape ``(slots,)`` [money/kW].
        """
        total = 0.0
        for machine, setups in self._shop.setups.items():
            slot_money = setups.kw * money_per_kw
            if self._shop.machine_price is not None:
                slot_money = slot_money + self._shop.machine_price[machine]
            opened = slot_money[self._shop.is_open[machine]]
            if opened.min(initial=0.0) < 0.0:
                # Where it pays to be set up, that may be done again and again.
                total += float(np.minimum(opened, 0.0).sum())
            elif len(opened):
                total += self._slots.get(machine, 0) * float(opened.min())
        return total


def _least_slots(setups: Setups, family: int) -> int:
    return min(row[family] for before, row in enumerate(setups.slots) if before != family)
