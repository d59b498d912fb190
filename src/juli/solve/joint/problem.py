"""A shop behind a meter: the question of the joint search, and its answer."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from juli.power.problem import DispatchProblem, Floats
from juli.workshop.arrays import compile_shop
from juli.workshop.bookings import booking_of, new_bookings
from juli.workshop.problem import Mode, Objective, Run, ShopProblem


@dataclass(frozen=True)
class Outlook:
    """What may come instead of the one forecast, and by what a plan for all of it is judged.

    Parameters
    ----------
    sites
        The site under each scenario; they differ in consumption, sun and prices alone.
    weights
        Their probabilities, shape ``(scenarios,)``.
    tail
        The mean over this dearest share counts; 1: over all.
    """

    sites: tuple[DispatchProblem, ...]
    weights: Floats
    tail: float = 1.0


@dataclass(frozen=True)
class JointProblem:
    """A shop behind a meter.

    Parameters
    ----------
    shop
        The work. Its own price of electricity only guides a first schedule.
    site
        The dispatch of the site at rest: ``consumption_kw`` is what is drawn without any run, shape
        ``(settlement slots,)``; the settlement slots divide the shop's evenly [kW].
    limit_kw
        The most that the machines may draw together in a settlement slot [kW].
    outlook
        Several forecasts to search against; None: the site's own alone.
    """

    shop: ShopProblem
    site: DispatchProblem
    limit_kw: float = np.inf
    outlook: Outlook | None = None

    def __post_init__(self) -> None:
        if self.shop.slots % self.site.slots:
            raise ValueError(f"{self.shop.slots} schedule slots in {self.site.slots} settlement slots")

    @property
    def per_settlement(self) -> int:
        """Schedule slots in a settlement slot."""
        return self.shop.slots // self.site.slots

    def machines_kw(self, runs: Sequence[Run]) -> Floats:
        """What a schedule's machines draw, shape ``(settlement slots,)`` [kW]."""
        from juli.solve.joint.machines import draw_as_a_whole, sharing_machines

        shop = compile_shop(self.shop)
        whole_kw: Floats = np.zeros(self.site.slots)
        sharers = sharing_machines(shop)
        if len(sharers):
            now = new_bookings(
                shop, (booking_of(shop, run) for run in sorted(runs, key=lambda run: run.start))
            )
            drawn_kw = np.zeros_like(whole_kw)
            for machine in sharers.tolist():
                draw_as_a_whole(shop, now, machine, self.per_settlement, drawn_kw)
                whole_kw += drawn_kw
        return self.own_kw(runs) + whole_kw

    def own_kw(self, runs: Sequence[Run]) -> Floats:
        """What runs draw by themselves, batches left out, shape ``(settlement slots,)`` [kW]."""
        drawn = np.zeros(self.shop.slots)
        for run in runs:
            if run.machine in self.shop.batches:
                continue
            kw = mode_of(self.shop, run).kw
            worked = slice(max(run.start, 0), max(min(run.end, self.shop.slots), 0))
            drawn[worked] += kw * self.shop.is_open[run.machine, worked]
        mean: Floats = drawn.reshape(self.site.slots, self.per_settlement).mean(axis=1)
        return mean

    def other_money(self, runs: Sequence[Run]) -> float:
        """What a schedule costs besides its electricity: wages, set-ups, lateness [money]."""
        from juli.workshop import judge

        return judge.cost(replace(self.shop, energy_price=None), runs, Objective.MONEY)


@dataclass(frozen=True)
class JointPlan:
    """A schedule with what it costs the site.

    Parameters
    ----------
    runs
        One for each operation; empty where none was found.
    money
        Electricity and all else; infinite where there is no schedule [money].
    electricity_money
        The dispatch's cost: energy, demand, wear, less export [money].
    peak_kw
        The highest import [kW].
    bound
        No schedule costs less [money].
    start_money
        What the schedule that the search began from costs [money].
    evaluations
        Loads that went through the true dispatch; those that bounds rejected before it are not counted.
    rounds
        Times that jobs were taken out and put back.
    infeasible
        Whether it is proven that there is no schedule.
    """

    runs: tuple[Run, ...]
    money: float
    electricity_money: float
    peak_kw: float
    bound: float
    start_money: float
    evaluations: int
    rounds: int
    infeasible: bool = False


def mode_of(shop: ShopProblem, run: Run) -> Mode:
    """The way in which a run does its operation."""
    return next(mode for mode in shop.operations[run.operation].modes if mode.machine == run.machine)
