"""A tariff as data: what a kWh and a kW cost, when, and from when to when that is in force."""

import re
from collections.abc import Collection, Mapping
from datetime import date
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, field_validator, model_validator

from juli.core.grid import TimeGrid
from juli.plant.demand_charge import DemandTerms
from juli.plant.model import Description, NonNegative, Positive
from juli.plant.tariffs.demand_rules import DemandCharge, DemandContract, TwoPart
from juli.plant.tariffs.holiday_days import HolidayRule
from juli.plant.tariffs.local_time import zone_of
from juli.plant.tariffs.months import billing_months
from juli.plant.tariffs.peaks import DemandPeriods, demand_periods, demand_terms
from juli.plant.tariffs.price_rules import Export, PricePeriod, Rule, SpotSeries, Tier
from juli.plant.tariffs.prices import Prices, prices
from juli.plant.tariffs.windows import Days

_MONTH_KEY = r"^(\d{4}-)?(0[1-9]|1[0-2])$"


class FixedCharge(Description):
    """What is due each month whatever is used."""

    money_per_month: float = 0.0
    money_per_day: float = 0.0


class PowerFactorRule(Description):
    """The Chinese power-factor adjustment (水电财字〔83〕215号) of the monthly bill."""

    standard: float = Field(0.90, description="0.90, 0.85 or 0.80, by the kind of customer")
    exempt: tuple[str, ...] = Field((), description="components that are not adjusted, such as the funds")

    @field_validator("standard")
    @classmethod
    def _one_of_three(cls, standard: float) -> float:
        if standard not in (0.90, 0.85, 0.80):
            raise ValueError(f"the standard power factor is 0.90, 0.85 or 0.80, not {standard:g}")
        return standard


class Tariff(Description):
    """A tariff: dated data, and the rules that turn it into prices, demand terms and bills.

    Parameters
    ----------
    components
        Levels in the flat period [money/kWh]; the buying price is their sum.
    monthly
        Levels that hold in one month: ``2025-07`` in that month, ``07`` in every July.
    floating
        The components that a period's factor multiplies; the others cost the same at all hours.
    periods, schedule
        The price periods, and by rule name when they hold; the rule written last counts.
    known
        How well the figures are known, for the people who read a bill.
    """

    name: str
    title: str = ""
    source: str = ""
    known: dict[str, str] = Field({}, description="how well what is known")
    cautions: tuple[str, ...] = Field((), description="what the tariff leaves out; every bill repeats it")
    currency: str = Field("CNY", min_length=3, max_length=3)
    time_zone: str = "Asia/Shanghai"
    valid_from: date | None = None
    valid_to: date | None = Field(None, description="the last day")
    components: dict[str, float] = Field({}, description="[money/kWh] in the flat period")
    monthly: dict[str, dict[str, float]] = Field({}, description="by month, by component")
    floating: tuple[str, ...] = ()
    periods: dict[str, PricePeriod] = Field({"flat": PricePeriod()}, min_length=1)
    schedule: dict[str, Rule] = Field({"always": Rule(period="flat")}, min_length=1)
    holidays: HolidayRule | None = None
    sell: Export = Export()
    spot: SpotSeries | None = None
    tiers: dict[str, Tier] = Field({}, description="by name")
    two_part: TwoPart | None = None
    demand_charges: tuple[DemandCharge, ...] = ()
    demand_interval_minutes: Positive = Field(15, description="the demand is the mean power over this long")
    fixed: dict[str, FixedCharge] = Field({}, description="by name")
    minimum_money_per_month: NonNegative = 0.0
    power_factor: PowerFactorRule | None = None

    @field_validator("time_zone")
    @classmethod
    def _real_zone(cls, name: str) -> str:
        zone_of(name)
        return name

    @field_validator("monthly")
    @classmethod
    def _month_keys(cls, monthly: Mapping[str, object]) -> Mapping[str, object]:
        wrong = [key for key in monthly if not re.match(_MONTH_KEY, key)]
        if wrong:
            raise ValueError(f"{wrong[0]!r} is no month; write 2025-07, or 07 for every July")
        return monthly

    @field_validator("demand_interval_minutes")
    @classmethod
    def _whole_seconds(cls, minutes: float) -> float:
        if (minutes * 60) % 1:
            raise ValueError(f"a demand interval of {minutes:g} minutes is not a number of whole seconds")
        return minutes

    @model_validator(mode="after")
    def _names_agree(self) -> "Tariff":
        for what, names in (
            ("floating", self.floating),
            ("sell.components", self.sell.components),
            ("spot.component", (self.spot.component,) if self.spot else ()),
            *((f"monthly.{month}", tuple(levels)) for month, levels in self.monthly.items()),
        ):
            _all_known(what, names, self.component_names, "component")
        for rule_name, rule in self.schedule.items():
            _all_known(f"schedule.{rule_name}", (rule.period,), self.periods, "period")
            if rule.days is Days.HOLIDAYS and self.holidays is None:
                raise ValueError(f"schedule.{rule_name} speaks of holidays, but the tariff names none")
        for period_name, period in self.periods.items():
            _all_known(f"periods.{period_name}.of", (period.of,) if period.of else (), self.periods, "period")
            self.factor_of(period_name)
        for tier_name, tier in self.tiers.items():
            _all_known(f"tiers.{tier_name}", tier.periods, self.periods, "period")
        if self.two_part and self.demand_charges:
            raise ValueError("a tariff has either two_part or demand_charges")
        if self.valid_from and self.valid_to and self.valid_from > self.valid_to:
            raise ValueError(f"valid_from {self.valid_from} is after valid_to {self.valid_to}")
        return self

    @property
    def zone(self) -> ZoneInfo:
        """The wall clock that the tariff's rules are written in."""
        return zone_of(self.time_zone)

    @property
    def component_names(self) -> tuple[str, ...]:
        """The tariff's components, and those that only a period's fixed prices know."""
        further = (name for period in self.periods.values() for name in period.prices)
        return tuple(dict.fromkeys((*self.components, *further)))

    def factor_of(self, period: str) -> float:
        """What a period multiplies the floating components by.

        Raises
        ------
        ValueError
            If periods refer to each other in a circle.
        """
        factor = 1.0
        seen: list[str] = []
        name: str | None = period
        while name is not None:
            if name in seen:
                raise ValueError(f"the periods {', '.join(seen)} are given by each other in a circle")
            seen.append(name)
            factor *= self.periods[name].factor
            name = self.periods[name].of
        return factor

    def undated(self) -> "Tariff":
        """The same tariff without the dates between which it is in force: for what-if questions."""
        return self.model_copy(update={"valid_from": None, "valid_to": None})

    def prices(self, grid: TimeGrid) -> Prices:
        """The price of each slot; see :func:`juli.plant.tariffs.prices.prices`."""
        return prices(self, grid)

    def billing_months(self, grid: TimeGrid) -> NDArray[np.int64]:
        """The billing month of each slot, counted from 0, in the tariff's own time zone."""
        return billing_months(grid, self.zone)

    def demand_terms(self, contract: DemandContract, grid: TimeGrid) -> tuple[DemandTerms, ...]:
        """The demand charge of each billing month; see :func:`juli.plant.tariffs.peaks.demand_terms`."""
        return demand_terms(self, contract, grid)

    def demand_periods(self, contract: DemandContract, grid: TimeGrid) -> tuple[DemandPeriods, ...]:
        """Every demand charge with the slots that it looks at."""
        return demand_periods(self, contract, grid)


def _all_known(what: str, names: tuple[str, ...], known: Collection[str], kind: str) -> None:
    for name in names:
        if name not in known:
            raise ValueError(f"{what} names the {kind} {name!r}; the tariff has {', '.join(known) or 'none'}")
