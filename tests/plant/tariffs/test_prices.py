"""Prices on any grid: straddled changes, refinement, zones, months, spot and export."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from juli.core.errors import InputError
from juli.core.grid import TimeGrid
from juli.plant.tariffs import Tariff, billing_months, load_tariff, month_labels


def test_components_add_up_to_the_buying_price(jiangsu_2025: Tariff, grid_from) -> None:
    prices = jiangsu_2025.prices(grid_from("2025-07-01", 96 * 31))
    assert np.allclose(sum(prices.components.values()), prices.buy, atol=1e-12)


def test_a_slot_that_straddles_a_change_costs_the_time_weighted_mean(jiangsu_2025: Tariff, grid_from) -> None:
    hours = jiangsu_2025.prices(grid_from("2025-07-16", 24, minutes=60))
    quarters = jiangsu_2025.prices(grid_from("2025-07-16", 96))
    assert hours.buy == pytest.approx(quarters.buy.reshape(24, 4).mean(axis=1))
    assert hours.buy[19] == pytest.approx((1.002 + 1.1604) / 2)
    assert hours.period[19] == "peak", "of two equal halves the earlier names the slot"
    ten_past = jiangsu_2025.prices(grid_from("2025-07-16T13:50", 1))
    assert ten_past.buy[0] == pytest.approx((10 * 0.65 + 5 * 1.1604) / 15)
    assert ten_past.period[0] == "flat"
    assert jiangsu_2025.prices(grid_from("2025-07-16T13:55", 1)).period[0] == "sharp"


@settings(max_examples=40, deadline=None)
@given(
    start_minutes=st.integers(0, 365 * 1440),
    minutes=st.sampled_from([5, 7.5, 10, 15, 20, 30, 45, 60, 90]),
    slots=st.integers(1, 40),
    parts=st.integers(2, 5),
)
def test_prices_integrate_to_the_same_whatever_the_step(
    start_minutes: int, minutes: float, slots: int, parts: int
) -> None:
    tariff = load_tariff("jiangsu-2025-06-two-part-1-10kv")
    start = datetime(2025, 6, 1, tzinfo=ZoneInfo("Asia/Shanghai")) + timedelta(minutes=start_minutes)
    grid = TimeGrid(start, timedelta(minutes=minutes), slots)
    fine = grid.refined(timedelta(minutes=minutes) / parts) if (minutes * 60) % parts == 0 else grid
    assert grid.mean_over(tariff.prices(fine).buy) == pytest.approx(tariff.prices(grid).buy, abs=1e-12)


def test_a_grid_in_another_zone_has_the_prices_of_the_tariffs_own_clock(
    jiangsu_2025: Tariff, grid_from
) -> None:
    there = jiangsu_2025.prices(grid_from("2025-07-16", 96))
    utc = jiangsu_2025.prices(grid_from("2025-07-15T16:00", 96, zone="UTC"))
    assert np.array_equal(there.buy, utc.buy)


def test_the_clock_change_moves_the_prices_with_it(grid_from) -> None:
    tariff = load_tariff(
        {
            "name": "evening",
            "time_zone": "Europe/Berlin",
            "periods": {"low": 0.1, "high": 0.3},
            "schedule": {"always": {"period": "low"}, "evening": {"period": "high", "hours": "18:00-20:00"}},
        }
    )
    spring = tariff.prices(grid_from("2025-03-30", 23, minutes=60, zone="Europe/Berlin"))
    autumn = tariff.prices(grid_from("2025-10-26", 25, minutes=60, zone="Europe/Berlin"))
    assert np.flatnonzero(spring.period == "high").tolist() == [17, 18]
    assert np.flatnonzero(autumn.period == "high").tolist() == [19, 20]


def test_hours_may_cross_midnight_within_the_months_that_they_are_in(grid_from) -> None:
    tariff = load_tariff(
        {
            "name": "nights",
            "periods": {"day": 1.0, "night": 0.5},
            "schedule": {
                "always": {"period": "day"},
                "night": {"period": "night", "hours": "22:00-02:00", "months": [6]},
            },
        }
    )
    june = tariff.prices(grid_from("2025-06-10", 24, minutes=60)).period
    assert np.flatnonzero(june == "night").tolist() == [0, 1, 22, 23]
    turn = tariff.prices(grid_from("2025-06-30T22:00", 4, minutes=60)).period
    assert turn.tolist() == ["night", "night", "day", "day"]


def test_weekends_and_weekdays_differ_where_the_tariff_says_so(grid_from) -> None:
    tariff = load_tariff(
        {
            "name": "weekly",
            "periods": {"work": 1.0, "rest": 0.5},
            "schedule": {
                "work": {"period": "work", "days": "weekdays"},
                "rest": {"period": "rest", "days": "weekends"},
            },
        }
    )
    week = tariff.prices(grid_from("2025-07-14", 7, minutes=1440)).period.tolist()  # a Monday
    assert week == ["work"] * 5 + ["rest"] * 2


def test_a_schedule_with_a_hole_is_refused_at_the_moment_of_the_hole(grid_from) -> None:
    tariff = load_tariff({"name": "holed", "schedule": {"day": {"period": "flat", "hours": "06:00-22:00"}}})
    with pytest.raises(InputError, match=r"no price period for 2025-07-16 22:00:00\+08:00"):
        tariff.prices(grid_from("2025-07-16T12:00", 96))


def test_the_purchase_price_of_a_month_takes_the_place_of_the_general_one(grid_from) -> None:
    tariff = load_tariff(
        {
            "use": "jiangsu-2025-06-two-part-1-10kv",
            "monthly": {"07": {"purchase": 0.5}, "2025-07": {"purchase": 0.4}},
        }
    )

    def purchase(day: str) -> float:
        return float(tariff.prices(grid_from(f"{day}T08:00", 1)).components["purchase"][0])

    assert purchase("2025-06-30") == 0.44
    assert purchase("2025-07-01") == 0.4
    assert purchase("2026-07-01") == 0.5


def test_export_earns_a_price_components_or_what_its_period_says(grid_from) -> None:
    base = {"name": "sold", "components": {"energy": 0.5, "network": 0.2}}
    grid = grid_from("2025-07-16", 2)
    assert load_tariff({**base, "sell": 0.3}).prices(grid).sell.tolist() == [0.3, 0.3]
    metered = load_tariff({**base, "sell": {"price": 0.01, "components": ["energy", "network"]}})
    assert metered.prices(grid).sell == pytest.approx([0.71, 0.71])
    own = load_tariff({**base, "sell": 0.3, "periods": {"flat": {"sell": -0.1}}})
    assert own.prices(grid).sell.tolist() == [-0.1, -0.1]
    assert load_tariff(base).prices(grid).sell.tolist() == [0.0, 0.0]


def test_spot_prices_take_the_place_of_a_component_and_may_be_negative(grid_from) -> None:
    tariff = load_tariff(
        {
            "name": "spot",
            "components": {"purchase": 0.0, "network": 0.2},
            "floating": ["purchase"],
            "sell": {"components": ["purchase"]},
            "spot": {
                "component": "purchase",
                "start": "2025-07-16T00:00+08:00",
                "step_minutes": 60,
                "values": [0.3, -0.1, 0.5],
            },
        }
    )
    prices = tariff.prices(grid_from("2025-07-16", 12))
    assert prices.buy == pytest.approx([0.5] * 4 + [0.1] * 4 + [0.7] * 4)
    assert prices.sell == pytest.approx([0.3] * 4 + [-0.1] * 4 + [0.5] * 4)
    straddled = tariff.prices(grid_from("2025-07-16T00:30", 1, minutes=60))
    assert straddled.components["purchase"] == pytest.approx([0.1])
    with pytest.raises(InputError, match=r"cover 2025-07-16 00:00:00\+08:00 to 2025-07-16 03:00:00\+08:00"):
        tariff.prices(grid_from("2025-07-16", 13))


def test_billing_months_begin_at_local_midnight(jiangsu_2025: Tariff, grid_from) -> None:
    grid = grid_from("2025-07-31T15:00", 12, minutes=60, zone="UTC")
    assert jiangsu_2025.billing_months(grid).tolist() == [0] + [1] * 11
    assert month_labels(grid, jiangsu_2025.zone) == ("2025-07", "2025-08")
    assert billing_months(grid).tolist() == [0] * 9 + [1] * 3


def test_a_grid_of_parts_of_seconds_is_refused(jiangsu_2025: Tariff, grid_from) -> None:
    with pytest.raises(InputError, match="whole seconds"):
        jiangsu_2025.prices(grid_from("2025-07-16", 4, minutes=0.0125))


def test_a_grid_that_would_be_cut_to_seconds_is_refused_before_it_fills_the_memory(
    jiangsu_2025: Tariff, grid_from
) -> None:
    with pytest.raises(InputError, match=r"pieces of 1 s.*begin the grid on a whole minute"):
        jiangsu_2025.prices(grid_from("2025-07-16T00:00:01", 35_040))
