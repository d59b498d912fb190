"""From a tariff and a grid to the price of each slot."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from juli.core.errors import InputError
from juli.core.grid import TimeGrid
from juli.plant.tariffs.local_time import Lattice, lattice

if TYPE_CHECKING:
    from juli.plant.tariffs.description import Tariff

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Prices:
    """The prices of a grid's slots; every array has shape ``(slots,)``.

    Parameters
    ----------
    buy, sell
        What a kWh of import costs and of export earns [money/kWh].
    period
        The name of each slot's price period.
    components
        What the buying price is made of, by component; their sum is ``buy``.
    """

    buy: Floats
    sell: Floats
    period: NDArray[np.str_]
    components: dict[str, Floats]


@dataclass(frozen=True)
class CellPrices:
    """The prices on a lattice whose cells each lie in one price period.

    Parameters
    ----------
    lattice
        The cells.
    period
        Index of each cell's period among the tariff's, shape ``(cells,)``.
    components
        By component, shape ``(cells,)`` [money/kWh].
    sell
        Shape ``(cells,)`` [money/kWh].
    """

    lattice: Lattice
    period: NDArray[np.int64]
    components: dict[str, Floats]
    sell: Floats


def prices(tariff: "Tariff", grid: TimeGrid) -> Prices:
    """The price of each slot.

    A slot within one price period has that period's price. A slot that straddles a change gets the
    time-weighted mean of the prices, which is what it costs at constant power, and the name of the period
    that fills most of it (of equals the earlier). Tiers are left out: a bill has them, a price can't.

    Parameters
    ----------
    tariff
        The tariff.
    grid
        The slots.

    Raises
    ------
    InputError
        If the grid leaves the time in which the tariff is in force, or the spot series. An old price is
        no approximation of a new one, so this is no mere warning; ``tariff.undated()`` asks for it anyway.
    """
    cells = cell_prices(tariff, grid)
    cut = cells.lattice
    components = {name: cut.slot_mean(series) for name, series in cells.components.items()}
    buy = np.zeros(grid.slots)
    for series in components.values():
        buy = buy + series
    names = np.asarray(list(tariff.periods))
    return Prices(buy, cut.slot_mean(cells.sell), names[_longest_period(cells, len(names))], components)


def cell_prices(tariff: "Tariff", grid: TimeGrid) -> CellPrices:
    """The prices on cells that each lie in one price period and one billing month."""
    cut = lattice(grid, tariff.zone, _edges_seconds(tariff, grid))
    _require_in_force(tariff, cut)
    period = _period_of_cells(tariff, cut)
    components = _component_prices(tariff, cut, period)
    return CellPrices(cut, period, components, _sell_prices(tariff, period, components))


def _edges_seconds(tariff: "Tariff", grid: TimeGrid) -> tuple[int, ...]:
    """Where a price may change: the rules' hours, and the steps of a spot series."""
    edges = [edge for rule in tariff.schedule.values() for edge in rule.edges_seconds()]
    if tariff.spot is not None:
        edges += [round(tariff.spot.step_minutes * 60), int(_spot_begins(tariff, grid))]
    return tuple(edges)


def _spot_begins(tariff: "Tariff", grid: TimeGrid) -> float:
    assert tariff.spot is not None
    return tariff.spot.start.timestamp() - grid.start.timestamp()


def _require_in_force(tariff: "Tariff", cut: Lattice) -> None:
    first, last = cut.local.date[0], cut.local.date[-1]
    early = tariff.valid_from is not None and first < np.datetime64(tariff.valid_from)
    late = tariff.valid_to is not None and last > np.datetime64(tariff.valid_to)
    if early or late:
        raise InputError(
            f"the tariff {tariff.name} is in force from {tariff.valid_from or 'ever'} to "
            f"{tariff.valid_to or 'now'}, but is asked for {first} to {last}: take the tariff of those days, "
            "or set its valid_from and valid_to to null to reckon with it all the same"
        )


def holiday_cells(tariff: "Tariff", cut: Lattice) -> NDArray[np.bool_]:
    """Whether each cell lies in one of the tariff's holidays; shape ``(cells,)``."""
    if tariff.holidays is None:
        return np.zeros(cut.seconds.shape, dtype=bool)
    days, day_of_cell = np.unique(cut.local.date, return_inverse=True)
    return tariff.holidays.is_holiday(days)[day_of_cell]


def _period_of_cells(tariff: "Tariff", cut: Lattice) -> NDArray[np.int64]:
    holiday = holiday_cells(tariff, cut)
    index = {name: number for number, name in enumerate(tariff.periods)}
    period = np.full(cut.seconds.shape, -1, dtype=np.int64)
    for rule in tariff.schedule.values():
        period[rule.covers(cut.local, holiday)] = index[rule.period]
    if np.any(period < 0):
        cell = int(np.argmax(period < 0))
        moment = datetime.fromtimestamp(int(cut.seconds[cell]), UTC).astimezone(tariff.zone)
        raise InputError(
            f"the schedule of the tariff {tariff.name} has no price period for {moment}: "
            "begin it with a rule that always holds"
        )
    return period


def _component_prices(tariff: "Tariff", cut: Lattice, period: NDArray[np.int64]) -> dict[str, Floats]:
    return {name: _component_price(tariff, cut, period, name) for name in tariff.component_names}


def _component_price(tariff: "Tariff", cut: Lattice, period: NDArray[np.int64], name: str) -> Floats:
    if tariff.spot is not None and tariff.spot.component == name:
        return _spot_price(tariff, cut)
    price = _levels(tariff, cut, name)
    if name in tariff.floating:
        price = price * np.asarray([tariff.factor_of(one) for one in tariff.periods])[period]
    fixed = np.asarray([one.prices.get(name, np.nan) for one in tariff.periods.values()])[period]
    return np.where(np.isnan(fixed), price, fixed)


def _levels(tariff: "Tariff", cut: Lattice, name: str) -> Floats:
    """A component's level in the flat period: that of the month where one is given, else the general one."""
    level = np.full(cut.seconds.shape, tariff.components.get(name, 0.0))
    # Every-year months first, so that a month of one year overrides them.
    for month in sorted(tariff.monthly, key=len):
        if name in tariff.monthly[month]:
            inside = (
                cut.local.month == int(month)
                if len(month) == 2
                else cut.local.month_start == np.datetime64(month)
            )
            level[inside] = tariff.monthly[month][name]
    return level


def _spot_price(tariff: "Tariff", cut: Lattice) -> Floats:
    spot = tariff.spot
    assert spot is not None
    step_seconds = round(spot.step_minutes * 60)
    index = (cut.seconds - int(spot.start.timestamp())) // step_seconds
    if index[0] < 0 or index[-1] >= len(spot.values):
        ends = datetime.fromtimestamp(spot.start.timestamp() + step_seconds * len(spot.values), UTC)
        first, last = (datetime.fromtimestamp(int(at), UTC) for at in cut.seconds[[0, -1]])
        raise InputError(
            f"the spot prices of the tariff {tariff.name} cover {spot.start.astimezone(tariff.zone)} to "
            f"{ends.astimezone(tariff.zone)}, but are asked for {first.astimezone(tariff.zone)} to "
            f"{last.astimezone(tariff.zone)}: add the missing ones, or ask for other days"
        )
    return np.asarray(spot.values)[index]


def _sell_prices(tariff: "Tariff", period: NDArray[np.int64], components: dict[str, Floats]) -> Floats:
    sell = np.full(period.shape, tariff.sell.price)
    for name in tariff.sell.components:
        sell = sell + components[name]
    own = np.asarray(
        [np.nan if one.sell is None else one.sell for one in tariff.periods.values()], dtype=np.float64
    )[period]
    return np.where(np.isnan(own), sell, own)


def _longest_period(cells: CellPrices, periods: int) -> NDArray[np.int64]:
    per_slot = cells.lattice.per_slot
    if per_slot == 1:
        return cells.period
    in_slot = cells.period.reshape(-1, per_slot)
    best = np.zeros(in_slot.shape[0], dtype=np.int64)
    best_score = np.full(in_slot.shape[0], -1, dtype=np.int64)
    for one in range(periods):
        inside = in_slot == one
        # Most cells first; among equals the period that begins earlier in the slot.
        score = inside.sum(axis=1) * (per_slot + 1) - inside.argmax(axis=1)
        better = inside.any(axis=1) & (score > best_score)
        best[better], best_score[better] = one, score[better]
    return best
