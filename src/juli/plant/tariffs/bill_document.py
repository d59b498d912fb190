"""A bill as its customer reads it: months, their lines, and the sums of these."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Any

from juli.core.errors import Problem
from juli.plant.tariffs.description import Tariff


class LineKind(StrEnum):
    """What a line of a bill is for."""

    ENERGY = "energy"
    TIER = "tier"
    EXPORT = "export"
    DEMAND = "demand"
    FIXED = "fixed"
    POWER_FACTOR = "power_factor"
    MINIMUM = "minimum"


@dataclass(frozen=True)
class TariffLine:
    """One line: ``money`` is ``quantity * price`` to the cent, and for energy the sum of the components'.

    Parameters
    ----------
    kind, name
        What it is for; an energy line's name is its price period.
    quantity, unit, price
        Such as 1,200 kWh at 0.65.
    money
        What it adds to the bill, in whole cents; export is negative.
    prices, moneys
        By component, for energy.
    """

    kind: LineKind
    name: str
    quantity: float
    unit: str
    price: float
    money: float
    prices: dict[str, float] = field(default_factory=dict)
    moneys: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class MonthBill:
    """A billing month: its lines, and the readings that they rest on."""

    month: str
    lines: tuple[TariffLine, ...]
    import_kwh: float
    export_kwh: float
    peak_kw: float
    power_factor: float | None = None

    @property
    def money(self) -> float:
        """The sum of the lines."""
        return total(line.money for line in self.lines)

    def money_of(self, kind: LineKind) -> float:
        """The sum of the lines of a kind."""
        return total(line.money for line in self.lines if line.kind is kind)


@dataclass(frozen=True)
class TariffBill:
    """What a load costs on a tariff."""

    tariff: Tariff
    months: tuple[MonthBill, ...]
    warnings: tuple[Problem, ...]

    @property
    def money(self) -> float:
        """The sum of the months."""
        return total(month.money for month in self.months)

    def money_of(self, kind: LineKind) -> float:
        """The sum of all lines of a kind."""
        return total(month.money_of(kind) for month in self.months)

    @property
    def kinds(self) -> tuple[LineKind, ...]:
        """The kinds of lines that the bill has."""
        had = {line.kind for month in self.months for line in month.lines}
        return tuple(kind for kind in LineKind if kind in had)

    def as_json(self) -> dict[str, Any]:
        """The bill as plain values."""
        return {
            "tariff": self.tariff.name,
            "title": self.tariff.title,
            "source": self.tariff.source,
            "known": self.tariff.known,
            "currency": self.tariff.currency,
            "total_money": self.money,
            "money_by_kind": {kind.value: self.money_of(kind) for kind in self.kinds},
            "months": [_month_as_json(month) for month in self.months],
            "warnings": [str(warning) for warning in self.warnings],
        }


def _month_as_json(month: MonthBill) -> dict[str, Any]:
    return {
        "month": month.month,
        "money": month.money,
        "import_kwh": month.import_kwh,
        "export_kwh": month.export_kwh,
        "peak_kw": month.peak_kw,
        "power_factor": month.power_factor,
        "lines": [_line_as_json(line) for line in month.lines],
    }


def _line_as_json(line: TariffLine) -> dict[str, Any]:
    written: dict[str, Any] = {
        "kind": line.kind.value,
        "name": line.name,
        "quantity": line.quantity,
        "unit": line.unit,
        "price": line.price,
        "money": line.money,
    }
    if line.prices:
        written["components"] = {
            name: {"price": line.prices[name], "money": line.moneys[name]} for name in line.prices
        }
    return written


def to_the_cent(money: float) -> float:
    """Round to whole cents, half a cent up, as bills do.

    Rounding to a millionth first keeps the noise of floating point from deciding about half a cent.

    Examples
    --------
    >>> to_the_cent(0.125), to_the_cent(2.675), to_the_cent(-0.125)
    (0.13, 2.68, -0.13)
    """
    return float(Decimal(f"{money:.6f}").quantize(Decimal("0.01"), ROUND_HALF_UP))


def total(moneys: Iterable[float]) -> float:
    """Add whole cents exactly."""
    return float(sum((Decimal(f"{money:.2f}") for money in moneys), Decimal(0)))
