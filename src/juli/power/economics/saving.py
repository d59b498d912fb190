"""What a battery saves, by source."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from juli.power.engines import dispatch
from juli.power.problem import Dispatch, DispatchProblem, Floats


@dataclass(frozen=True)
class Saving:
    """What the battery saves over a time, by source [money]. Wear is no cash flow and not in it.

    Parameters
    ----------
    energy_shifting
        Cheap energy bought instead of dear energy, losses paid.
    solar_self_use
        Solar surplus used later instead of sold or left, less what selling it would have paid.
    demand
        Demand charges that did not fall due.
    deviation
        Penalties against a declared schedule that did not fall due.
    services
        What each service paid, by its name.
    """

    energy_shifting: float
    solar_self_use: float
    demand: float
    deviation: float = 0.0
    services: Mapping[str, float] = field(default_factory=dict)

    @property
    def total(self) -> float:
        """All sources together [money]."""
        own = self.energy_shifting + self.solar_self_use + self.demand + self.deviation
        return own + sum(self.services.values())

    def times(self, factor: float) -> "Saving":
        """The saving of a time that is so many times as long."""
        return Saving(
            energy_shifting=self.energy_shifting * factor,
            solar_self_use=self.solar_self_use * factor,
            demand=self.demand * factor,
            deviation=self.deviation * factor,
            services={name: money * factor for name, money in self.services.items()},
        )


def saving_by_source(
    problem: DispatchProblem,
    answer: Dispatch,
    *,
    without: Dispatch | None = None,
    services: Mapping[str, float] | None = None,
) -> Saving:
    """Split what a battery saves among its sources; they add up to the difference of the two bills.

    Energy in the store is told apart as if it were well mixed: solar surplus once charged leaves the store
    in the share that it has in it (proportional sharing: J. Bialek, "Tracing the flow of electricity", IEE
    Proc. Gener. Transm. Distrib. 143 (1996) 313-320, doi:10.1049/ip-gtd:19960461). A battery charges from
    the surplus first. What is in store at the beginning counts as bought.

    Parameters
    ----------
    answer
        The dispatch of ``problem``.
    without
        The dispatch of the same site without its battery; None: found here.
    services
        What services paid over the horizon, by name [money].
    """
    if without is None:
        without = dispatch(without_battery(problem))
    solar = _solar_self_use(problem, answer, without)
    return Saving(
        energy_shifting=without.energy_cost - answer.energy_cost - solar,
        solar_self_use=solar,
        demand=without.demand_cost - answer.demand_cost,
        deviation=without.deviation_cost - answer.deviation_cost,
        services=dict(services or {}),
    )


def without_battery(problem: DispatchProblem) -> DispatchProblem:
    """The same site without its battery, and without the bounds on what it stores and gives."""
    free = np.full(problem.slots, np.inf)
    return replace(
        problem,
        battery=None,
        more_batteries=(),
        battery_min_kw=-free,
        battery_max_kw=free,
        stored_min_kwh=np.zeros(problem.slots),
        stored_max_kwh=free,
        end_value_per_kwh=0.0,
    )


def energy_money(problem: DispatchProblem, grid_kw: Floats) -> Floats:
    """What the energy of each slot costs, shape ``(slots,)`` [money]."""
    money: Floats = problem.step_hours * grid_kw * np.where(grid_kw > 0, problem.buy, problem.sell)
    return money


def _solar_self_use(problem: DispatchProblem, answer: Dispatch, without: Dispatch) -> float:
    surplus_kw = np.maximum(problem.solar_kw - np.maximum(problem.consumption_kw, 0), 0)
    charge_kw = np.maximum(-answer.battery_kw, 0)
    from_solar_kw = np.minimum(charge_kw, surplus_kw)
    if not from_solar_kw.any() or problem.battery is None:
        return 0.0
    left_kw = problem.solar_kw - without.solar_kw
    sold_kw = np.minimum(np.maximum(from_solar_kw - left_kw, 0), np.maximum(-without.grid_kw, 0))
    forgone = float(problem.step_hours * (sold_kw @ problem.sell))
    gained = energy_money(problem, without.grid_kw) - energy_money(problem, answer.grid_kw)
    taken_kwh = problem.step_hours * problem.battery.charge_efficiency * from_solar_kw
    kept = answer.stored_kwh[:-1] + np.minimum(np.diff(answer.stored_kwh), 0)
    worth = mixed = 0.0
    for slot in np.flatnonzero((answer.battery_kw > 0) | (taken_kwh > 0) | (np.diff(answer.stored_kwh) < 0)):
        before = answer.stored_kwh[slot]
        if answer.battery_kw[slot] > 0 and before > 0:
            worth += gained[slot] * min(mixed / before, 1.0)
        # Losses and discharge take both kinds in proportion.
        mixed = mixed * (kept[slot] / before if before > 0 else 0.0) + taken_kwh[slot]
    return float(worth - forgone)
