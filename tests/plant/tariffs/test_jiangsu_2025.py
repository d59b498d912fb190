"""The Jiangsu tariff from June 2025 on, rule by rule: 苏发改价格发〔2025〕426号."""

import pytest

from juli.core.errors import InputError
from juli.plant.tariffs import Tariff, load_tariff

# purchase 0.44, all else 0.21: only the purchase price moves with the hours.
FLAT = 0.65
PEAK = 0.44 * 1.8 + 0.21
VALLEY = 0.44 * 0.35 + 0.21
SHARP = 0.44 * 1.8 * 1.2 + 0.21
DEEP_VALLEY = 0.44 * 0.35 * 0.8 + 0.21


@pytest.mark.parametrize(
    ("day", "halves"),
    [
        #             0   2   4   6   8   10  12  14  16  18  20  22
        ("2025-06-18", "vvvvvvvvvvvv----------vvvv--PPPPPPPPPPPPPPPP----"),
        ("2025-07-16", "vvvvvvvvvvvv----------vvvv--SSPPPPPPPPPSSSSP----"),
        ("2025-08-31", "vvvvvvvvvvvv----------vvvv--SSPPPPPPPPPSSSSP----"),
        ("2025-09-01", "----vvvvvvvv--------vvvvvvvv--PPPPPPPPPPPPPP----"),
        ("2025-11-30", "----vvvvvvvv--------vvvvvvvv--PPPPPPPPPPPPPP----"),
        ("2025-12-01", "vvvvvvvvvvvv----------vvvv--PPPPPPPPSSSSPPPP----"),
        ("2026-01-31", "vvvvvvvvvvvv----------vvvv--PPPPPPPPSSSSPPPP----"),
        ("2026-02-02", "vvvvvvvvvvvv----------vvvv--PPPPPPPPPPPPPPPP----"),
        ("2026-03-01", "----vvvvvvvv--------vvvvvvvv--PPPPPPPPPPPPPP----"),
    ],
)
def test_each_season_has_its_hours(jiangsu_2025: Tariff, day: str, halves: str, day_of_periods) -> None:
    assert day_of_periods(jiangsu_2025, day) == halves


@pytest.mark.parametrize(
    ("moment", "period", "price"),
    [
        ("2025-07-16T13:59", "flat", FLAT),
        ("2025-07-16T14:00", "sharp", SHARP),
        ("2025-07-16T15:00", "peak", PEAK),
        ("2025-07-16T19:29", "peak", PEAK),
        ("2025-07-16T19:30", "sharp", SHARP),
        ("2025-07-16T21:30", "peak", PEAK),
        ("2025-07-16T22:00", "flat", FLAT),
        ("2025-07-17T00:00", "valley", VALLEY),
        ("2025-12-15T17:59", "peak", PEAK),
        ("2025-12-15T18:00", "sharp", SHARP),
        ("2025-12-15T20:00", "peak", PEAK),
        ("2025-10-01T10:00", "deep_valley", DEEP_VALLEY),
    ],
)
def test_a_price_is_exact_to_the_minute_at_which_it_changes(
    jiangsu_2025: Tariff, moment: str, period: str, price: float, price_at
) -> None:
    assert price_at(jiangsu_2025, moment) == (period, pytest.approx(price, abs=1e-12))


def test_a_holiday_noon_is_deep_valley_in_every_season(jiangsu_2025: Tariff, day_of_periods) -> None:
    national_day = day_of_periods(jiangsu_2025, "2025-10-01")
    spring_festival = day_of_periods(jiangsu_2025, "2026-02-17")
    assert national_day == "----vvvvvvvv--------dddddddd--PPPPPPPPPPPPPP----"
    assert spring_festival == "vvvvvvvvvvvv--------dddddddd" + "PPPPPPPPPPPPPPPP----"
    assert day_of_periods(jiangsu_2025, "2025-10-09") == "----vvvvvvvv--------vvvvvvvv--PPPPPPPPPPPPPP----"


def test_only_the_purchase_price_floats(jiangsu_2025: Tariff, grid_from) -> None:
    prices = jiangsu_2025.prices(grid_from("2025-07-16", 96))
    for component in ("network", "losses", "system", "funds"):
        assert set(prices.components[component]) == {jiangsu_2025.components[component]}
    assert sorted(set(prices.components["purchase"].round(12))) == pytest.approx(
        [0.44 * 0.35, 0.44, 0.44 * 1.8, 0.44 * 2.16]
    )


@pytest.mark.parametrize(
    ("name", "peak"),
    [
        ("jiangsu-2025-06-single-part-1-10kv", 1.7),
        ("jiangsu-2025-06-single-part-below-100kva", 1.6),
    ],
)
def test_single_part_customers_pay_a_lower_peak_and_have_no_sharp_hours_or_deep_valley(
    name: str, peak: float, day_of_periods
) -> None:
    tariff = load_tariff(name)
    assert tariff.factor_of("peak") == pytest.approx(peak)
    assert tariff.factor_of("valley") == pytest.approx(0.35)
    assert tariff.two_part is None
    assert set(day_of_periods(tariff, "2025-07-16")) == set("vP-")
    assert set(day_of_periods(tariff, "2025-10-01")) == set("vP-")


def test_the_day_before_it_is_in_force_is_an_error_that_names_both_ways_out(
    jiangsu_2025: Tariff, grid_from
) -> None:
    with pytest.raises(InputError, match=r"from 2025-06-01 to now.*2025-05-31.*valid_from"):
        jiangsu_2025.prices(grid_from("2025-05-31", 96))
    assert jiangsu_2025.undated().prices(grid_from("2018-05-31", 96)).buy.shape == (96,)
