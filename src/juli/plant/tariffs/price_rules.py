"""The parts of a tariff's energy price: components, price periods, their schedule, export, spot."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from pydantic import Field, model_validator

from juli.plant.model import Description, NonNegative, Positive
from juli.plant.tariffs.windows import Window


class PeriodName(StrEnum):
    """The price periods of Chinese tariffs; other tariffs name theirs freely."""

    SHARP = "sharp"
    PEAK = "peak"
    FLAT = "flat"
    VALLEY = "valley"
    DEEP_VALLEY = "deep_valley"


class PricePeriod(Description):
    """What a kWh costs in one price period.

    Either ``factor`` (times that of the period ``of``) on the tariff's floating components, or fixed
    ``prices`` by component, or both: a fixed price stands, whatever the factor. A period written as a
    plain number is an all-in price.
    """

    factor: NonNegative = Field(1.0, description="times the floating components, as 1.8 for 80 % more")
    of: str | None = Field(None, description="the period whose factor this one multiplies")
    prices: dict[str, float] = Field({}, description="fixed prices by component [money/kWh]")
    sell: float | None = Field(None, description="paid for export, instead of the tariff's own [money/kWh]")

    @model_validator(mode="before")
    @classmethod
    def _all_in(cls, value: Any) -> Any:
        return {"prices": {"energy": value}} if isinstance(value, int | float) else value


class Rule(Window):
    """The price period of a window; where windows overlap, the rule written last counts."""

    period: str


class Export(Description):
    """What a kWh given to the grid earns: a price, and components of the import price besides."""

    price: float = Field(0.0, description="[money/kWh]")
    components: tuple[str, ...] = Field((), description="components that export earns as import pays them")

    @model_validator(mode="before")
    @classmethod
    def _plain_price(cls, value: Any) -> Any:
        return {"price": value} if isinstance(value, int | float) else value


class SpotSeries(Description):
    """A component whose price is a series, such as the day-ahead price; it may be negative.

    It takes the place of the component's level and isn't multiplied by a period's factor.
    """

    component: str
    start: datetime = Field(description="with its time zone; the first price begins to hold here")
    step_minutes: Positive
    values: tuple[float, ...] = Field(min_length=1, description="[money/kWh]")

    @model_validator(mode="after")
    def _dated(self) -> "SpotSeries":
        if self.start.tzinfo is None:
            raise ValueError(f"start {self.start} has no time zone; write one like 2025-07-01T00:00+08:00")
        if (self.step_minutes * 60) % 1 or self.start.microsecond:
            raise ValueError("a spot series begins and steps on whole seconds")
        return self


class TierStep(Description):
    """What each kWh between this quantity and the next step's costs besides the price of its period."""

    above_kwh: NonNegative
    add: float = Field(description="[money/kWh]; negative where the tier is cheaper")


class TierEvery(StrEnum):
    """What a tier's quantity is counted over."""

    MONTH = "month"
    YEAR = "year"


class Tier(Description):
    """Energy that becomes dearer, or cheaper, with the quantity used in a month or calendar year."""

    every: TierEvery = TierEvery.MONTH
    periods: tuple[str, ...] = Field((), description="whose kWh are counted; none means all")
    steps: tuple[TierStep, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _rising(self) -> "Tier":
        quantities = [step.above_kwh for step in self.steps]
        if sorted(set(quantities)) != quantities:
            raise ValueError(f"the steps' above_kwh must rise, not {quantities}")
        return self
