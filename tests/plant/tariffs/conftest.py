"""Grids to price, and the tariffs that come with Juli."""

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from juli.core.grid import TimeGrid
from juli.plant.tariffs import Tariff, load_tariff

SHANGHAI = ZoneInfo("Asia/Shanghai")
GridFrom = Callable[..., TimeGrid]
PriceAt = Callable[[Tariff, str], tuple[str, float]]
DayOfPeriods = Callable[[Tariff, str], str]


@pytest.fixture
def grid_from() -> GridFrom:
    """A grid from a local time in Shanghai (or another zone) on."""

    def build(start: str, slots: int, minutes: float = 15, zone: str = "Asia/Shanghai") -> TimeGrid:
        moment = datetime.fromisoformat(start).replace(tzinfo=ZoneInfo(zone))
        return TimeGrid(moment, timedelta(minutes=minutes), slots)

    return build


@pytest.fixture(scope="session")
def jiangsu_2025() -> Tariff:
    return load_tariff("jiangsu-2025-06-two-part-1-10kv")


@pytest.fixture(scope="session")
def jiangsu_2023() -> Tariff:
    return load_tariff("jiangsu-2023-07-two-part-1-10kv")


@pytest.fixture(scope="session")
def price_at() -> PriceAt:
    """The price period and the buying price of the minute that begins at a local time."""

    def ask(tariff: Tariff, moment: str) -> tuple[str, float]:
        start = datetime.fromisoformat(moment).replace(tzinfo=SHANGHAI)
        prices = tariff.prices(TimeGrid(start, timedelta(minutes=1), 1))
        return str(prices.period[0]), float(prices.buy[0])

    return ask


@pytest.fixture(scope="session")
def day_of_periods() -> DayOfPeriods:
    """The half-hours of a day, a letter each: sharp, peak, flat, valley, deep valley."""

    def ask(tariff: Tariff, day: str) -> str:
        start = datetime.fromisoformat(day).replace(tzinfo=SHANGHAI)
        periods = tariff.prices(TimeGrid(start, timedelta(minutes=30), 48)).period
        letters = {"sharp": "S", "peak": "P", "flat": "-", "valley": "v", "deep_valley": "d"}
        return "".join(letters[period] for period in periods.tolist())

    return ask
