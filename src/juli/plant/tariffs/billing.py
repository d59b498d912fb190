"""The bill of a load on a tariff, line by line. One function per kind of line."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from juli.core.errors import InputError, Problem, Severity
from juli.core.grid import TimeGrid
from juli.plant.tariffs.bill_document import LineKind, MonthBill, TariffBill, TariffLine, to_the_cent
from juli.plant.tariffs.demand_rules import DemandContract, DemandMode, TwoPart, billed_contract_kw
from juli.plant.tariffs.description import Tariff
from juli.plant.tariffs.peaks import demand_series, monthly_peaks, require_fitting
from juli.plant.tariffs.power_factor import adjustment, power_factor
from juli.plant.tariffs.price_rules import Tier, TierEvery
from juli.plant.tariffs.prices import CellPrices, cell_prices

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class _Meter:
    """What the meter says: energy by month and price period, and the month's peak.

    Parameters
    ----------
    months
        ``2025-07``, in order.
    import_kwh, export_kwh, import_money
        Shape ``(months, periods)``; ``import_money`` by component, exact.
    export_money
        Shape ``(months, periods)``.
    days
        Days of each month that the load covers, at least in part.
    """

    months: tuple[str, ...]
    import_kwh: Floats
    import_money: dict[str, Floats]
    export_kwh: Floats
    export_money: Floats
    days: tuple[int, ...]


def bill(
    grid_kw: Floats,
    grid: TimeGrid,
    tariff: Tariff,
    contract: DemandContract | None = None,
    reactive_kvar: Floats | None = None,
) -> TariffBill:
    """Bill a load.

    Monthly charges of a month that the load covers in part are billed in full, with a warning. Each line is
    rounded to the cent, and the sums are sums of these.

    Parameters
    ----------
    grid_kw
        Power through the meter, import positive, export negative; shape ``(slots,)`` [kW].
    grid
        Its slots.
    tariff
        What it costs.
    contract
        What a two-part tariff is reckoned with.
    reactive_kvar
        Reactive power, either sign, shape ``(slots,)`` [kvar]; asks for the power-factor adjustment.

    Raises
    ------
    InputError
        If a series has a wrong length or a gap, the tariff isn't in force, or the contract doesn't fit it.
    """
    contract = contract or DemandContract()
    require_fitting(tariff, contract)
    _require_series("the load", grid_kw, grid)
    if reactive_kvar is not None:
        _require_series("the reactive power", reactive_kvar, grid)
        if tariff.power_factor is None:
            raise InputError(
                f"the tariff {tariff.name} has no power-factor adjustment: leave the reactive power out, "
                "or give the tariff power_factor with a standard"
            )
    cells = cell_prices(tariff, grid)
    meter = _read_meter(tariff, cells, grid_kw)
    demand = demand_series(tariff, np.maximum(grid_kw, 0.0), grid)
    peaks = monthly_peaks(tariff, demand)
    charge_peaks = [(charge, monthly_peaks(tariff, demand, charge)) for charge in tariff.demand_charges]
    reactive_kvarh = _monthly_sums(cells, np.abs(reactive_kvar)) if reactive_kvar is not None else None
    tiers = {name: _tier_energy(tier, tariff, meter) for name, tier in tariff.tiers.items()}
    months = []
    for number, month in enumerate(meter.months):
        import_kwh = float(meter.import_kwh[number].sum())
        lines = [*energy_lines(tariff, meter, number)]
        for name, tier in tariff.tiers.items():
            lines += tier_lines(name, tier, *tiers[name][number])
        lines += export_lines(tariff, meter, number)
        if tariff.two_part is not None:
            lines += two_part_lines(tariff.two_part, contract, peaks[month], import_kwh)
        for charge, by_month in charge_peaks:
            if month in by_month:
                above_kw = max(by_month[month] - charge.above_kw, 0.0)
                lines.append(_line(LineKind.DEMAND, charge.name, above_kw, "kW", charge.price))
        factor = None
        if reactive_kvarh is not None and import_kwh > 0:
            factor = power_factor(import_kwh, float(reactive_kvarh[number]))
            lines.append(power_factor_line(tariff, lines, factor))
        lines += fixed_lines(tariff, meter.days[number])
        lines += minimum_lines(tariff, lines)
        export_kwh = float(meter.export_kwh[number].sum())
        months.append(MonthBill(month, tuple(lines), import_kwh, export_kwh, peaks[month], factor))
    return TariffBill(tariff, tuple(months), tuple(_warnings(tariff, contract, cells, grid)))


def energy_lines(tariff: Tariff, meter: _Meter, month: int) -> Iterator[TariffLine]:
    """The kWh of each price period, at the price of each component."""
    for number, period in enumerate(tariff.periods):
        kwh = float(meter.import_kwh[month, number])
        if kwh > 0:
            exact = {name: float(money[month, number]) for name, money in meter.import_money.items()}
            prices = {name: _readable(money / kwh) for name, money in exact.items()}
            moneys = {name: to_the_cent(money) for name, money in exact.items()}
            yield TariffLine(
                LineKind.ENERGY,
                period,
                _readable(kwh),
                "kWh",
                _readable(sum(prices.values())),
                to_the_cent(sum(moneys.values())),
                prices,
                moneys,
            )


def export_lines(tariff: Tariff, meter: _Meter, month: int) -> Iterator[TariffLine]:
    """The kWh given to the grid in each price period, at what they earn."""
    for number, period in enumerate(tariff.periods):
        kwh = float(meter.export_kwh[month, number])
        if kwh > 0:
            money = float(meter.export_money[month, number])
            price = _readable(-money / kwh)
            yield TariffLine(LineKind.EXPORT, period, _readable(kwh), "kWh", price, to_the_cent(-money))


def tier_lines(name: str, tier: Tier, before_kwh: float, after_kwh: float) -> Iterator[TariffLine]:
    """The kWh of the month that lie in each tier, at what the tier adds.

    Parameters
    ----------
    name, tier
        The rule.
    before_kwh, after_kwh
        The counted quantity at the month's beginning and end: from 0 for a monthly rule.
    """
    ends = [*(step.above_kwh for step in tier.steps[1:]), np.inf]
    for step, end in zip(tier.steps, ends, strict=True):
        kwh = float(np.clip(after_kwh, step.above_kwh, end) - np.clip(before_kwh, step.above_kwh, end))
        if kwh > 0:
            yield _line(LineKind.TIER, f"{name} above {step.above_kwh:g} kWh", kwh, "kWh", step.add)


def two_part_lines(
    rules: TwoPart, contract: DemandContract, peak_kw: float, import_kwh: float
) -> Iterator[TariffLine]:
    """The capacity part in the mode that was chosen, and what a good load factor takes off it."""
    demand_money = 0.0
    terms = rules.terms(contract, "")
    if contract.mode is DemandMode.TRANSFORMER_CAPACITY:
        yield _line(
            LineKind.DEMAND,
            "transformer capacity",
            contract.capacity_kva or 0.0,
            "kVA",
            rules.capacity_price,
        )
        return
    if contract.mode is DemandMode.CONTRACT_DEMAND:
        billed_kw = billed_contract_kw(rules, contract)
        line = _line(LineKind.DEMAND, "contracted demand", billed_kw, "kW", rules.demand_price)
        demand_money += line.money
        yield line
        name = f"demand above {terms.free_kw:g} kW"
    else:
        name = "measured maximum demand"
    above_kw = max(peak_kw - terms.free_kw, 0.0)
    if above_kw > 0:
        line = _line(LineKind.DEMAND, name, above_kw, "kW", terms.price)
        demand_money += line.money
        yield line
    discount = rules.discount
    if discount and contract.capacity_kva and import_kwh / contract.capacity_kva >= discount.kwh_per_kva:
        used = f"discount, {import_kwh / contract.capacity_kva:.0f} kWh per kVA"
        yield _line(LineKind.DEMAND, used, demand_money, "money", discount.factor - 1)


def power_factor_line(tariff: Tariff, lines: list[TariffLine], factor: float) -> TariffLine:
    """The adjustment on energy and capacity, but for the exempt components."""
    rule = tariff.power_factor
    assert rule is not None
    adjusted = sum(line.money for line in lines if line.kind is not LineKind.EXPORT)
    adjusted -= sum(line.moneys.get(name, 0.0) for line in lines for name in rule.exempt)
    share = adjustment(rule.standard, factor)
    name = f"power factor {factor:.2f}, standard {rule.standard:.2f}"
    return _line(LineKind.POWER_FACTOR, name, to_the_cent(adjusted), "money", share)


def fixed_lines(tariff: Tariff, days: int) -> Iterator[TariffLine]:
    """What is due whatever is used."""
    for name, charge in tariff.fixed.items():
        if charge.money_per_month:
            yield _line(LineKind.FIXED, name, 1.0, "month", charge.money_per_month)
        if charge.money_per_day:
            yield _line(LineKind.FIXED, name, float(days), "day", charge.money_per_day)


def minimum_lines(tariff: Tariff, lines: list[TariffLine]) -> Iterator[TariffLine]:
    """What is missing to the least that a month costs."""
    missing = tariff.minimum_money_per_month - sum(line.money for line in lines)
    if missing > 0 and tariff.minimum_money_per_month:
        yield _line(LineKind.MINIMUM, "up to the month's minimum", 1.0, "month", to_the_cent(missing))


def _line(kind: LineKind, name: str, quantity: float, unit: str, price: float) -> TariffLine:
    return TariffLine(kind, name, _readable(quantity), unit, _readable(price), to_the_cent(quantity * price))


def _readable(value: float) -> float:
    """Nine decimals: a plain number stays plain, and a mean of spot prices loses nothing that counts."""
    return round(value, 9)


def _read_meter(tariff: Tariff, cells: CellPrices, grid_kw: Floats) -> _Meter:
    local = cells.lattice.local
    first = local.month_start[0]
    month = (local.month_start - first).astype(np.int64)
    months = int(month[-1]) + 1
    shape = (months, len(tariff.periods))
    place = month * shape[1] + cells.period
    cell_kwh = cells.lattice.spread(grid_kw) * cells.lattice.unit_hours
    import_kwh, export_kwh = np.maximum(cell_kwh, 0.0), np.maximum(-cell_kwh, 0.0)

    def by_month_and_period(values: Floats) -> Floats:
        return _sums(place, values, shape[0] * shape[1]).reshape(shape)

    return _Meter(
        months=tuple(str(first + number) for number in range(months)),
        import_kwh=by_month_and_period(import_kwh),
        import_money={
            name: by_month_and_period(import_kwh * price) for name, price in cells.components.items()
        },
        export_kwh=by_month_and_period(export_kwh),
        export_money=by_month_and_period(export_kwh * cells.sell),
        days=tuple(int(np.unique(local.date[month == number]).size) for number in range(months)),
    )


def _monthly_sums(cells: CellPrices, slot_values: Floats) -> Floats:
    months = cells.lattice.local.month_start
    number = (months - months[0]).astype(np.int64)
    return _sums(number, cells.lattice.spread(slot_values) * cells.lattice.unit_hours, int(number[-1]) + 1)


def _sums(place: NDArray[np.int64], values: Floats, places: int) -> Floats:
    return np.bincount(place, weights=values, minlength=places).astype(np.float64)


def _tier_energy(tier: Tier, tariff: Tariff, meter: _Meter) -> list[tuple[float, float]]:
    """The counted quantity at each month's beginning and end [kWh]."""
    counted = [
        number for number, name in enumerate(tariff.periods) if not tier.periods or name in tier.periods
    ]
    spans: list[tuple[float, float]] = []
    running_kwh, year = 0.0, ""
    for number, month in enumerate(meter.months):
        if tier.every is TierEvery.MONTH or month[:4] != year:
            running_kwh, year = 0.0, month[:4]
        before_kwh = running_kwh
        running_kwh += float(meter.import_kwh[number, counted].sum())
        spans.append((before_kwh, running_kwh))
    return spans


def _require_series(what: str, series: Floats, grid: TimeGrid) -> None:
    if series.shape != (grid.slots,):
        raise InputError(
            f"{what} has {series.size} values, the grid {grid.slots} slots: give one value per slot"
        )
    wrong = np.flatnonzero(~np.isfinite(series))
    if wrong.size:
        slot = int(wrong[0])
        raise InputError(
            f"{what} is {series[slot]} in slot {slot} ({grid.time_of(slot)}), and so in {wrong.size} slots: "
            "fill it in"
        )


def _warnings(
    tariff: Tariff, contract: DemandContract, cells: CellPrices, grid: TimeGrid
) -> Iterator[Problem]:
    place = tariff.name
    for caution in tariff.cautions:
        yield Problem(place, caution, "reckon with it yourself where it matters", Severity.WARNING)
    monthly = tariff.two_part or tariff.demand_charges or tariff.tiers or tariff.minimum_money_per_month
    monthly = monthly or any(charge.money_per_month for charge in tariff.fixed.values())
    if monthly:
        yield from _partial_months(place, tariff, grid)
    if (tariff.two_part or tariff.demand_charges) and grid.step_hours * 60 > tariff.demand_interval_minutes:
        message = (
            f"demand is measured over {tariff.demand_interval_minutes:g} min, "
            f"but the load has a value every {grid.step_hours * 60:g} min"
        )
        yield Problem(place, message, "the true peaks are higher; give a finer series", Severity.WARNING)
    if contract.mode is DemandMode.CONTRACT_DEMAND and contract.capacity_kva is None:
        message = "without capacity_kva the least contract that is billed can't be reckoned"
        yield Problem(place, message, "give the transformers' capacity", Severity.WARNING)
    if tariff.holidays is not None and tariff.holidays.published_through is not None:
        last = int(cells.lattice.local.date[-1].astype("datetime64[Y]").astype(np.int64)) + 1970
        if last > tariff.holidays.published_through:
            message = f"the holidays of {last} are estimated: they were not announced when this was written"
            mend = "give holidays.add and holidays.remove once they are"
            yield Problem(place, message, mend, Severity.WARNING)
    begins = cells.lattice.local.date[0]
    if any(tier.every is TierEvery.YEAR for tier in tariff.tiers.values()) and str(begins)[5:] != "01-01":
        message = f"the yearly tiers are counted from {begins} on, as if nothing had been used before"
        yield Problem(place, message, "give the whole calendar year", Severity.WARNING)


def _partial_months(place: str, tariff: Tariff, grid: TimeGrid) -> Iterator[Problem]:
    begin, end = grid.start.astimezone(tariff.zone), grid.end.astimezone(tariff.zone)
    mend = "bill whole months for the true sum"
    if (begin.day, begin.hour, begin.minute) != (1, 0, 0):
        message = (
            f"{begin:%Y-%m} is covered from {begin:%Y-%m-%d %H:%M} only; its monthly charges are in full"
        )
        yield Problem(place, message, mend, Severity.WARNING)
    if (end.day, end.hour, end.minute) != (1, 0, 0):
        last = end - timedelta(microseconds=1)
        message = f"{last:%Y-%m} is covered to {end:%Y-%m-%d %H:%M} only; its monthly charges are in full"
        yield Problem(place, message, mend, Severity.WARNING)
