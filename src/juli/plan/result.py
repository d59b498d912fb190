"""A plan: what will be done, when, with which electricity and on which roads."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from juli.core.grid import TimeGrid
from juli.plan.bars import BarCut


class Status(StrEnum):
    """How a solve ended; only the first two come with a plan."""

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
    INFEASIBLE = "infeasible"
    NO_PLAN = "no_plan"


@dataclass(frozen=True, order=True)
class Run:
    """One operation on one machine.

    Parameters
    ----------
    operation, machine
        Their ids.
    start, end
        Slots of the schedule grid; the machine is taken from the start up to, not including, the end,
        resting included where the operation may rest.
    """

    operation: str
    machine: str
    start: int
    end: int


@dataclass(frozen=True, eq=False)
class Dispatch:
    """Where the electricity comes from in each settlement slot; signs as in ``juli.core.units``.

    Parameters
    ----------
    grid_kw, solar_kw, battery_kw
        Mean power, shape ``(slots,)`` [kW]; solar is what is used of what is there.
    stored_kwh
        Energy in the battery at the slots' boundaries, shape ``(slots + 1,)`` [kWh]; zeros without one.
    """

    grid_kw: NDArray[np.float64]
    solar_kw: NDArray[np.float64]
    battery_kw: NDArray[np.float64]
    stored_kwh: NDArray[np.float64]


@dataclass(frozen=True)
class Leg:
    """A drive from one junction to another.

    Parameters
    ----------
    from_junction, to_junction
        Its two ends.
    departure_seconds, arrival_seconds
        Seconds after the plan's start [s].
    segments
        The road segments in the order in which they are driven; empty when both ends are one junction.
    entered_seconds
        When each segment is entered [s].
    """

    from_junction: str
    to_junction: str
    departure_seconds: float
    arrival_seconds: float
    segments: tuple[str, ...] = ()
    entered_seconds: tuple[float, ...] = ()


@dataclass(frozen=True)
class Stop:
    """A visit to a site: it begins and ends; the orders handed over, and the pick-ups taken along."""

    site: str
    begin_seconds: float
    end_seconds: float
    orders: tuple[str, ...]
    fetched: tuple[str, ...] = ()


@dataclass(frozen=True)
class Trip:
    """A truck's round from the plant's gate and back; one leg more than stops."""

    truck: str
    stops: tuple[Stop, ...]
    legs: tuple[Leg, ...]

    @property
    def departure_seconds(self) -> float:
        """When it leaves the plant [s]."""
        return self.legs[0].departure_seconds

    @property
    def return_seconds(self) -> float:
        """When it is back at the plant [s]."""
        return self.legs[-1].arrival_seconds


class Category(StrEnum):
    """What a plan's money goes to."""

    ENERGY = "energy"
    EXPORT = "export"
    DEMAND = "demand"
    WEAR = "wear"
    LATENESS = "lateness"
    LEAD = "lead"
    LABOUR = "labour"
    TRANSPORT = "transport"


@dataclass(frozen=True)
class BillLine:
    """One line of a bill: what, how much of it, and its money."""

    category: Category
    item: str
    quantity: float
    unit: str
    amount_money: float


@dataclass(frozen=True)
class Bill:
    """What a plan costs, line by line."""

    lines: tuple[BillLine, ...]

    @property
    def total_money(self) -> float:
        """All of it."""
        return sum(line.amount_money for line in self.lines)

    def of(self, *categories: Category) -> float:
        """The money of some categories."""
        return sum(line.amount_money for line in self.lines if line.category in categories)

    @property
    def electricity_money(self) -> float:
        """Energy, export, demand and battery wear together."""
        return self.of(Category.ENERGY, Category.EXPORT, Category.DEMAND, Category.WEAR)

    def parts(self) -> dict[str, float]:
        """The money of every category, in the order of :class:`Category`."""
        return {category.value: self.of(category) for category in Category}


@dataclass(frozen=True)
class Plan:
    """What will be done.

    Parameters
    ----------
    schedule, settlement
        The grids that runs and dispatch lie on.
    runs
        Sorted by start, machine and operation.
    dispatch, trips
        The electricity and the deliveries.
    bill
        The judge's account of it.
    status
        Whether the bound proves it the best.
    bound_money
        No plan of the same demand can cost less.
    seed
        The chance that the solvers drew on.
    cutting
        The bars that the cutting operations cut, by the time of their runs; empty where no stock is told.
    """

    schedule: TimeGrid
    settlement: TimeGrid
    runs: tuple[Run, ...]
    dispatch: Dispatch
    trips: tuple[Trip, ...]
    bill: Bill
    status: Status
    bound_money: float
    seed: int
    cutting: tuple[BarCut, ...] = ()

    @property
    def gap(self) -> float:
        """How far from the best the plan can be, as a share of its cost; 0 when it is proved best."""
        total = self.bill.total_money
        return max(total - self.bound_money, 0.0) / max(abs(total), 1e-9)


def in_time_order(runs: Iterable[Run]) -> tuple[Run, ...]:
    """Sort runs by start, machine and operation."""
    return tuple(sorted(runs, key=lambda run: (run.start, run.machine, run.operation)))
