"""Years of a battery's life, on sites small enough to reckon by hand."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from juli.core.errors import InputError
from juli.power import Battery, DispatchProblem, dispatch
from juli.power.economics import Fade, Investment, Saving, saving_by_source, years_of


def site(**changes: Any) -> DispatchProblem:
    """A cheap hour and a dear one; the battery moves 50 kWh."""
    given: dict[str, Any] = {
        "step_hours": 1,
        "consumption_kw": [100, 100],
        "buy": [0.2, 1.0],
        "sell": 0,
        "battery": Battery(50, 50, 50, 1, 1),
    }
    return DispatchProblem(**(given | changes))


def split(problem: DispatchProblem) -> Saving:
    return saving_by_source(problem, dispatch(problem))


def test_moving_energy_to_a_cheap_hour_is_shifting() -> None:
    assert split(site()) == Saving(pytest.approx(40), 0, 0)


def test_a_lower_peak_is_demand() -> None:
    saving = split(site(consumption_kw=[100, 150], buy=0.5, demand_price=10))
    assert saving.demand == pytest.approx(10 * 25)
    assert saving.energy_shifting == pytest.approx(0)


def test_surplus_kept_for_the_evening_is_self_use() -> None:
    problem = site(consumption_kw=[0, 100], solar_kw=[80, 0], sell=0.1)
    saving = split(problem)
    assert saving.solar_self_use == pytest.approx(50 * 1.0 - 50 * 0.1)
    assert saving.energy_shifting == pytest.approx(0, abs=1e-9)


def test_surplus_that_was_left_unused_costs_nothing_to_store() -> None:
    saving = split(site(consumption_kw=[0, 100], solar_kw=[80, 0], export_limit_kw=0))
    assert saving.solar_self_use == pytest.approx(50)


def test_mixed_energy_is_told_apart_by_its_share() -> None:
    problem = site(consumption_kw=[0, 100], solar_kw=[30, 0], sell=0.1)
    saving = split(problem)
    assert saving.solar_self_use == pytest.approx(30 * 1.0 - 30 * 0.1)
    assert saving.energy_shifting == pytest.approx(20 * (1.0 - 0.2))


def test_sources_add_up_to_the_difference_of_the_bills() -> None:
    rng = np.random.default_rng(7)
    for _ in range(20):
        problem = site(
            step_hours=0.5,
            consumption_kw=rng.uniform(0, 100, 48),
            solar_kw=rng.uniform(0, 150, 48) * (np.arange(48) % 24 < 12),
            buy=rng.uniform(0.2, 1, 48),
            sell=0.1,
            demand_price=3.0,
            battery=Battery(40, 40, 90, 0.9, 0.9, start_kwh=20, end_kwh=20, wear_per_kwh=0.01),
        )
        answer, without = dispatch(problem), dispatch(replace(problem, battery=None))
        saving = saving_by_source(problem, answer, without=without, services={"calls": 5.0})
        bills = without.cost - (answer.cost - answer.wear_cost)
        assert saving.total == pytest.approx(bills + 5.0)


def test_a_life_is_its_years() -> None:
    investment = Investment(
        100, yearly_cost_money=5, reconditioning_money=7, reconditioning_every_years=2, discount_rate=0.1
    )
    life = years_of(site(), investment, years=4, horizons_per_year=1)
    assert life.cash_flow_money == pytest.approx((-100, 35, 28, 35, 35))
    assert life.npv_money == pytest.approx(-100 + 35 / 1.1 + 28 / 1.1**2 + 35 / 1.1**3 + 35 / 1.1**4)
    assert life.payback_years == pytest.approx(3 + 2 / 35)
    given = 50 * (1 / 1.1 + 1 / 1.1**2 + 1 / 1.1**3 + 1 / 1.1**4)
    paid = 100 + 5 * given / 50 + 7 / 1.1**2
    assert life.lcos_without_charging_money_per_kwh == pytest.approx(paid / given)
    assert life.lcos_money_per_kwh == pytest.approx(paid / given + 0.2)
    assert life.first_year.energy_shifting == pytest.approx(40)


def test_age_takes_energy_and_efficiency() -> None:
    fade = Fade((1.0, 0.8), (1.0, 0.81))
    life = years_of(site(), Investment(100), fade, years=3, horizons_per_year=1)
    second = life.years[1]
    assert second.battery.energy_kwh == pytest.approx(40)
    assert second.battery.charge_efficiency == pytest.approx(0.9)
    assert second.discharged_kwh == pytest.approx(36)
    assert second.charged_kwh == pytest.approx(40 / 0.9)
    assert second.saving.total == pytest.approx(36 * 1.0 - 40 / 0.9 * 0.2)
    assert life.years[2].saving == second.saving


def test_reconditioning_brings_efficiency_back() -> None:
    fade = Fade.linear(0.0, 0.02, years=4, reconditioning_every_years=2, reconditioning_restores=0.5)
    assert fade.efficiency_share == pytest.approx((0.99, 0.97, 0.97, 0.95))


def test_a_short_horizon_stands_for_the_year() -> None:
    life = years_of(site(), Investment(100), years=1)
    assert life.first_year.total == pytest.approx(40 * 4380)


def test_services_are_told_by_name() -> None:
    life = years_of(
        site(),
        Investment(100),
        years=2,
        horizons_per_year=1,
        services_of=lambda problem: (dispatch(problem), {"calls": 8.0}),
    )
    assert life.first_year.services == {"calls": 8.0}
    assert life.cash_flow_money == pytest.approx((-100, 48, 48))


def test_what_makes_no_sense_is_named() -> None:
    with pytest.raises(InputError, match=r"battery.*missing"):
        years_of(site(battery=None), Investment(1))
    with pytest.raises(InputError, match=r"years.*0 is not from 1"):
        years_of(site(), Investment(1), years=0)
    with pytest.raises(InputError, match=r"fade.capacity_share\[1\].*1.2 in year 2"):
        Fade((1.0, 1.2))
    with pytest.raises(InputError, match=r"discount_rate.*-1"):
        Investment(1, discount_rate=-1)
    with pytest.raises(InputError, match=r"cost_money.*nan"):
        Investment(float("nan"))
