"""The Jiangsu tariff of July 2023 to May 2025, rule by rule: 苏发改价格发〔2023〕555号."""

import pytest

from juli.core.errors import InputError
from juli.plant.tariffs import Tariff

FLAT = 0.65
PEAK = 0.65 * 1.7196
VALLEY = 0.65 * 0.4181


@pytest.mark.parametrize(
    ("day", "halves"),
    [
        ("2023-07-12", "vvvvvvvvvvvvvvvvPPPPPP------SS----PPPPPPSSPP----"),
        ("2023-08-31", "vvvvvvvvvvvvvvvvPPPPPP------SS----PPPPPPSSPP----"),
        ("2023-09-01", "vvvvvvvvvvvvvvvvPPPPPP------------PPPPPPPPPP----"),
        ("2023-12-18", "vvvvvvvvvvvvvvvvPPPPSS------------PPSSPPPPPP----"),
        ("2024-01-15", "vvvvvvvvvvvvvvvvPPPPSS------------PPSSPPPPPP----"),
        ("2024-02-02", "vvvvvvvvvvvvvvvvPPPPPP------------PPPPPPPPPP----"),
        ("2024-05-01", "vvvvvvvvvvvvvvvvPPPPPPdddddddd----PPPPPPPPPP----"),
        ("2024-04-04", "vvvvvvvvvvvvvvvvPPPPPP------------PPPPPPPPPP----"),
    ],
)
def test_each_kind_of_day_has_its_hours(jiangsu_2023: Tariff, day: str, halves: str, day_of_periods) -> None:
    assert day_of_periods(jiangsu_2023, day) == halves


@pytest.mark.parametrize(
    ("moment", "period", "price"),
    [
        ("2023-12-18T07:59", "valley", VALLEY),
        ("2023-12-18T08:00", "peak", PEAK),
        ("2023-12-18T10:00", "sharp", PEAK * 1.2),
        ("2023-12-18T11:00", "flat", FLAT),
        ("2023-12-18T17:00", "peak", PEAK),
        ("2023-12-18T18:59", "sharp", PEAK * 1.2),
        ("2023-12-18T22:00", "flat", FLAT),
        ("2023-10-02T11:00", "deep_valley", VALLEY * 0.8),
    ],
)
def test_a_price_is_exact_to_the_minute_at_which_it_changes(
    jiangsu_2023: Tariff, moment: str, period: str, price: float, price_at
) -> None:
    assert price_at(jiangsu_2023, moment) == (period, pytest.approx(price, abs=1e-12))


def test_the_levels_fit_those_remembered_for_the_end_of_2023(jiangsu_2023: Tariff, price_at) -> None:
    assert price_at(jiangsu_2023, "2023-12-18T09:00")[1] == pytest.approx(1.12, abs=0.005)
    assert price_at(jiangsu_2023, "2023-12-18T01:00")[1] == pytest.approx(0.27, abs=0.005)


def test_it_ends_with_may_2025(jiangsu_2023: Tariff, grid_from) -> None:
    jiangsu_2023.prices(grid_from("2025-05-31", 96))
    with pytest.raises(InputError, match="to 2025-05-31, but is asked for 2025-05-31 to 2025-06-01"):
        jiangsu_2023.prices(grid_from("2025-05-31", 97))
