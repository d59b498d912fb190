"""From a tariff's demand rules to the terms of each billing month, and the peaks that they look at."""

from dataclasses import dataclass
from math import gcd
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from juli.core.errors import InputError
from juli.core.grid import TimeGrid
from juli.plant.demand_charge import DemandTerms
from juli.plant.tariffs.demand_rules import DemandCharge, DemandContract, DemandMode
from juli.plant.tariffs.local_time import lattice, local_times
from juli.plant.tariffs.months import billing_months, month_labels
from juli.plant.tariffs.prices import holiday_cells

if TYPE_CHECKING:
    from juli.plant.tariffs.description import Tariff

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class DemandPeriods:
    """One demand charge over a grid: which slots it looks at, and what their peak costs.

    Parameters
    ----------
    name
        What the charge is called on the bill.
    period
        Index into ``terms`` of each slot, -1 where the charge doesn't look; shape ``(slots,)``.
    terms
        By billing month.
    """

    name: str
    period: NDArray[np.int64]
    terms: tuple[DemandTerms, ...]


@dataclass(frozen=True)
class DemandSeries:
    """The mean import over each demand interval.

    Parameters
    ----------
    seconds
        Start of each interval since 1970 in UTC [s]; the first and the last may be cut by the grid.
    import_kw
        Shape ``(intervals,)`` [kW].
    """

    seconds: NDArray[np.int64]
    import_kw: Floats


def demand_terms(tariff: "Tariff", contract: DemandContract, grid: TimeGrid) -> tuple[DemandTerms, ...]:
    """The demand charge of each billing month, in the order that :func:`billing_months` counts.

    Raises
    ------
    InputError
        If one charge on the month's peak can't say it: the tariff has several, or charges for the peak of
        some hours only. :func:`demand_periods` says those.
    """
    charges = demand_periods(tariff, contract, grid)
    if not charges:
        return tuple(DemandTerms(month, price=0.0) for month in month_labels(grid, tariff.zone))
    if len(charges) > 1 or np.any(charges[0].period < 0):
        names = ", ".join(charge.name for charge in charges)
        raise InputError(
            f"the tariff {tariff.name} charges for more than each month's one peak ({names}): "
            "juli bill reckons with it, a plan can't"
        )
    return charges[0].terms


def demand_periods(tariff: "Tariff", contract: DemandContract, grid: TimeGrid) -> tuple[DemandPeriods, ...]:
    """Every demand charge with the slots that it looks at; none where the tariff has none.

    A slot that lies partly in a charge's hours is looked at.

    Raises
    ------
    InputError
        If the contract doesn't fit the tariff.
    """
    require_fitting(tariff, contract)
    months = billing_months(grid, tariff.zone)
    labels = month_labels(grid, tariff.zone)
    if tariff.two_part is not None:
        terms = tuple(tariff.two_part.terms(contract, month) for month in labels)
        return (DemandPeriods("demand", months, terms),)
    return tuple(
        DemandPeriods(charge.name, np.where(looked_at, months, -1), _charge_terms(charge, labels))
        for charge in tariff.demand_charges
        for looked_at in (_slots_looked_at(tariff, charge, grid),)
        if np.any(looked_at)
    )


def require_fitting(tariff: "Tariff", contract: DemandContract) -> None:
    """Refuse a demand mode where the tariff has nothing to apply it to, and none where it is needed."""
    if tariff.two_part is None and contract.mode is not None:
        raise InputError(
            f"the tariff {tariff.name} has no capacity part, so no demand mode {contract.mode}: "
            "leave the mode out, or take a two-part tariff"
        )
    if tariff.two_part is not None and contract.mode is None:
        raise InputError(
            f"the tariff {tariff.name} has a capacity part; say how it is paid: {', '.join(DemandMode)}"
        )


def _charge_terms(charge: DemandCharge, months: tuple[str, ...]) -> tuple[DemandTerms, ...]:
    return tuple(DemandTerms(month, price=charge.price, free_kw=charge.above_kw) for month in months)


def _slots_looked_at(tariff: "Tariff", charge: DemandCharge, grid: TimeGrid) -> NDArray[np.bool_]:
    edges = tuple(edge for window in charge.when for edge in window.edges_seconds())
    cut = lattice(grid, tariff.zone, edges)
    holiday = holiday_cells(tariff, cut)
    cells = np.any([window.covers(cut.local, holiday) for window in charge.when], axis=0)
    looked_at: NDArray[np.bool_] = cells.reshape(grid.slots, -1).any(axis=1)
    return looked_at


def demand_series(tariff: "Tariff", import_kw: Floats, grid: TimeGrid) -> DemandSeries:
    """Average the import over the tariff's demand intervals, which begin on the clock.

    Slots longer than the interval count with their mean, which can only lie below the true peak.

    Parameters
    ----------
    tariff
        Gives the interval and the clock.
    import_kw
        Shape ``(slots,)`` [kW].
    grid
        The slots.
    """
    interval = round(tariff.demand_interval_minutes * 60)
    start = int(grid.start.timestamp())
    unit = gcd(grid.step_seconds, interval, start % interval)
    seconds = np.arange(start, start + grid.slots * grid.step_seconds, unit, dtype=np.int64)
    number = seconds // interval
    number -= number[0]
    sums = np.bincount(number, weights=np.repeat(import_kw, grid.step_seconds // unit))
    counts = np.bincount(number)
    first = np.searchsorted(number, np.arange(counts.size))
    return DemandSeries(seconds[first], sums / counts)


def monthly_peaks(
    tariff: "Tariff", series: DemandSeries, charge: DemandCharge | None = None
) -> dict[str, float]:
    """The highest demand of each billing month, within a charge's hours where one is given [kW].

    An interval belongs to the month, and to the hours, that it begins in.
    """
    local = local_times(series.seconds, tariff.zone)
    looked_at = np.ones(series.seconds.shape, dtype=bool)
    if charge is not None:
        days, day_of_interval = np.unique(local.date, return_inverse=True)
        holiday = (
            tariff.holidays.is_holiday(days)[day_of_interval] if tariff.holidays is not None else ~looked_at
        )
        looked_at = np.any([window.covers(local, holiday) for window in charge.when], axis=0)
    peaks: dict[str, float] = {}
    for month in np.unique(local.month_start):
        inside = looked_at & (local.month_start == month)
        if np.any(inside):
            peaks[str(month)] = float(series.import_kw[inside].max())
    return peaks
