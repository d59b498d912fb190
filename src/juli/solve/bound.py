"""A lower bound on what any plan can cost: per-operation programs priced by the dispatch.

The least electricity cost V of a load is convex, and a dispatch gives a subgradient of it: the marginal
price of consumption. Let every operation choose its machine and time by that price alone, as if machines
were free and nothing had to wait: the answer, priced by the subgradient, is a lower bound on electricity
and wages together. Mixing the answers into a load and asking again is the method of Frank and Wolfe (Naval
Research Logistics Quarterly 3, 1956, doi:10.1002/nav.3800030109); each bound holds, and the best is kept.
Lateness and transport are bounded by nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from juli.plant.demand import Demand
from juli.plant.factory import Plant
from juli.plant.work import Operation, Work
from juli.power import Dispatch, dispatch
from juli.solve.consumption import ConsumptionModel, machine_wages
from juli.solve.electricity import dispatch_problem

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class _Group:
    """Operations that look the same to the relaxation: how many, and where one of them can run."""

    count: int
    earliest: int
    pausable: bool
    slots_on: tuple[tuple[int, int], ...]


class RelaxedWork:
    """Every operation on its own: the cheapest machine and time by a price per slot."""

    def __init__(
        self, plant: Plant, demand: Demand, work: Work, consumption: ConsumptionModel, wages: Floats
    ):
        self._settlement = demand.settlement
        self._per_settlement = demand.schedule.slots // demand.settlement.slots
        self._step_hours = demand.schedule.step_hours
        heads = _heads(demand, work)
        counts: dict[tuple[int, bool, tuple[tuple[int, int], ...]], int] = {}
        for operation in work.operations:
            slots_on = tuple(
                (consumption.machine_number(machine), slots) for machine, slots in operation.slots_on.items()
            )
            key = (heads[operation.id], operation.pausable, slots_on)
            counts[key] = counts.get(key, 0) + 1
        batching = np.array([machine.batch is not None for machine in plant.machines])
        # A run in a batch may cost nothing: others may pay for it.
        self._extra_kw = np.where(batching, 0.0, consumption.extra_kw)
        self._wages = np.where(batching[:, np.newaxis], 0.0, wages)
        self._groups = [_Group(count, *key) for key, count in counts.items()]
        self._open = [np.flatnonzero(working) for working in consumption.working]

    def cheapest(self, price_per_kwh: Floats) -> tuple[float, float, Floats]:
        """Let every operation choose by a price.

        Parameters
        ----------
        price_per_kwh
            Marginal price of consumption, shape ``(settlement slots,)`` [money/kWh].

        Returns
        -------
        energy_money, wages_money, load_kw
            What the operations' own energy costs at the price, their wages, and the load that they add to
            the standing one, shape ``(settlement slots,)`` [kW].
        """
        fine_price = np.repeat(price_per_kwh, self._per_settlement) * self._step_hours
        sums = [
            np.concatenate(([0.0], np.cumsum((fine_price * kw + wages)[open_slots])))
            for kw, wages, open_slots in zip(self._extra_kw, self._wages, self._open, strict=True)
        ]
        load = np.zeros(len(fine_price))
        wages_money = 0.0
        for group in self._groups:
            _, machine, slots = min(self._options(group, sums), key=lambda option: option[0])
            load[slots] += group.count * self._extra_kw[machine]
            wages_money += group.count * float(self._wages[machine, slots].sum())
        return float(load @ fine_price), wages_money, self._settlement.mean_over(load)

    def _options(self, group: _Group, sums: list[Floats]) -> list[tuple[float, int, NDArray[np.int64]]]:
        """The cheapest placement on each machine: its money, the machine, its working slots."""
        options = []
        for machine, duration in group.slots_on:
            open_slots = self._open[machine]
            first = int(np.searchsorted(open_slots, group.earliest))
            starts = np.arange(first, len(open_slots) - duration + 1)
            if not group.pausable:
                starts = starts[open_slots[starts + duration - 1] - open_slots[starts] == duration - 1]
            if len(starts):
                money = sums[machine][starts + duration] - sums[machine][starts]
                best = int(np.argmin(money))
                chosen = open_slots[starts[best] : starts[best] + duration]
                options.append((float(money[best]), machine, chosen))
        if not options:  # fits nowhere: there is no plan, and any bound on its cost is true
            options.append((0.0, group.slots_on[0][0], np.zeros(0, dtype=np.int64)))
        return options


def lower_bound(
    plant: Plant,
    demand: Demand,
    work: Work,
    consumption: ConsumptionModel,
    start_load_kw: Floats,
    *,
    rounds: int = 40,
    stop: Callable[[], bool] = lambda: False,
) -> float:
    """Bound the cost of every plan from below.

    Parameters
    ----------
    plant, demand, work, consumption
        The question.
    start_load_kw
        Where to begin, such as the load of a good plan, shape ``(settlement slots,)`` [kW].
    rounds
        How often to ask.
    stop
        Asked after each round; true ends the rounds early.

    Returns
    -------
    Money; minus infinity where the dispatch's prices are no subgradient.
    """
    relaxed = RelaxedWork(plant, demand, work, consumption, machine_wages(plant, demand))
    step_hours = demand.settlement.step_hours
    best = -np.inf
    load = start_load_kw
    # Operations that do not see one another may pile up above the connection, so the bound has no limit.
    unlimited = plant.model_copy(update={"grid": plant.grid.model_copy(update={"import_limit_kw": None})})
    for number in range(rounds):
        priced = dispatch(dispatch_problem(unlimited, demand, load))
        if not priced.convex:
            return best
        energy_money, wages_money, added_kw = relaxed.cheapest(priced.price_of_consumption)
        at_standing = _tangent(priced, consumption.standing_kw - load, step_hours)
        shared_money = _least_shared(plant, priced.price_of_consumption) * step_hours
        best = max(best, at_standing + energy_money + wages_money + shared_money)
        share = 2.0 / (number + 2.0) if number else 0.5
        load = load + share * (consumption.standing_kw + added_kw - load)
        if stop():
            break
    return best


def _tangent(priced: Dispatch, change_kw: Floats, step_hours: float) -> float:
    """The dispatch's cost at another load by its subgradient: never above the true cost."""
    return priced.bound + step_hours * float(priced.price_of_consumption @ change_kw)


def _least_shared(plant: Plant, price: Floats) -> float:
    """What batches, set-ups, idling and warming up cost at the least [money/h]."""
    gained_kw, saved_kw = 0.0, 0.0
    for machine in plant.machines:
        power = machine.power
        if machine.batch is not None:
            gained_kw += power.running_kw
        if machine.setups is not None:
            gained_kw += power.setup_kw
        if power.warm_up_minutes:
            gained_kw += max(power.idle_kw, power.warm_up_kw)
            saved_kw += max(power.off_kw - min(power.idle_kw, power.warm_up_kw), 0.0)
    return float(np.minimum(price, 0.0).sum() * gained_kw - np.maximum(price, 0.0).sum() * saved_kw)


def _heads(demand: Demand, work: Work) -> dict[str, int]:
    """The first slot that each operation can start in, by its order's release and what goes before it."""
    ends: dict[str, int] = {}
    heads: dict[str, int] = {}
    for operation in work.operations:
        heads[operation.id] = max(
            _release(demand, operation), *(ends[earlier] for earlier in operation.predecessors), 0
        )
        ends[operation.id] = heads[operation.id] + min(operation.slots_on.values())
    return heads


def _release(demand: Demand, operation: Operation) -> int:
    return max(demand.schedule.first_slot_from(demand.order_by_id[operation.order].release), 0)
