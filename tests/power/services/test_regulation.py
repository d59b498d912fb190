"""Regulation is sold by the hour beside energy, and leaves power and stored energy for the signal."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from juli.core.errors import InputError, Severity
from juli.core.units import balance_error_kw
from juli.power import Battery, DispatchProblem, dispatch
from juli.power.services.regulation import Regulation, admission, drift_per_hour, hourly_price
from juli.power.services.stacking import Services, dispatch_services

BATTERY = Battery(500, 500, 2000, 0.9, 0.95, start_kwh=1000, end_kwh=1000)


def site(slots: int = 24, step_hours: float = 1.0, **changes) -> DispatchProblem:
    hour = np.arange(slots) * step_hours
    buy = np.where((hour % 24 >= 14) & (hour % 24 < 20), 1.0, 0.4)
    given = {"step_hours": step_hours, "consumption_kw": 800, "buy": buy, "sell": 0, "battery": BATTERY}
    return DispatchProblem(**given | changes)


def test_where_nothing_else_pays_the_whole_power_is_sold():
    problem = site(
        battery=replace(BATTERY, charge_efficiency=1, discharge_efficiency=1), buy=np.full(24, 0.4)
    )
    stacked = dispatch_services(problem, Services(regulation=Regulation(50.0, score=0.8)))
    assert stacked.regulation_kw == pytest.approx(500)
    assert stacked.regulation_income == pytest.approx(24 * 0.5 * 0.8 * 50)


def test_power_and_energy_are_left_for_the_signal():
    regulation = Regulation(200.0, reserve_hours=1.0, up_share=0.2, down_share=0.1)
    stacked = dispatch_services(site(), Services(regulation=regulation))
    capacity = stacked.regulation_kw
    assert (np.abs(stacked.set_point_kw) + capacity <= 500 + 1e-6).all()
    for stored in (stacked.dispatch.stored_kwh[:-1], stacked.dispatch.stored_kwh[1:]):
        assert (stored >= capacity / 0.95 - 1e-6).all()
        assert (stored <= 2000 - 0.9 * capacity + 1e-6).all()


def test_the_signal_s_energy_moves_the_stored_energy_as_quest_writes_it():
    regulation = Regulation(100.0, up_share=0.05, down_share=0.25)
    stacked = dispatch_services(site(), Services(regulation=regulation))
    charge, discharge = -stacked.set_point_kw.clip(max=0), stacked.set_point_kw.clip(min=0)
    sold = stacked.regulation_kw
    expected = 0.9 * (charge + 0.25 * sold) - (discharge + 0.05 * sold) / 0.95
    assert np.diff(stacked.dispatch.stored_kwh) == pytest.approx(expected, abs=1e-6)
    assert drift_per_hour(regulation, BATTERY) == pytest.approx(0.9 * 0.25 - 0.05 / 0.95)


@pytest.mark.parametrize("step_hours", [1.0, 0.5, 0.25])
def test_power_balances_and_costs_do_not_depend_on_the_slot(step_hours):
    problem = site(round(24 / step_hours), step_hours)
    stacked = dispatch_services(problem, Services(regulation=Regulation(100.0, up_share=0.1, down_share=0.2)))
    answer = stacked.dispatch
    off = balance_error_kw(answer.grid_kw, answer.solar_kw, answer.battery_kw, problem.consumption_kw)
    assert np.abs(off).max() < 1e-6
    whole = dispatch_services(site(), Services(regulation=Regulation(100.0, up_share=0.1, down_share=0.2)))
    assert len(stacked.regulation_kw) == 24
    # Finer slots can only serve better within the hour.
    assert whole.cost * 0.999 <= stacked.cost <= whole.cost + 1e-6


def test_a_price_of_nothing_sells_nothing_worth_and_costs_what_the_exact_engine_says():
    stacked = dispatch_services(site(), Services(regulation=Regulation(0.0, up_share=0.0, down_share=0.0)))
    assert stacked.cost == pytest.approx(dispatch(site()).cost, rel=1e-9)


@example(price=0.0, up=0.25, down=6e-8, reserve=0.0)
@given(price=st.floats(0, 300), up=st.floats(0, 0.4), down=st.floats(0, 0.4), reserve=st.floats(0, 2))
def test_more_chances_never_cost_more(price, up, down, reserve):
    regulation = Regulation(price, up_share=up, down_share=down, reserve_hours=reserve)
    stacked = dispatch_services(site(), Services(regulation=regulation))
    assert stacked.cost <= dispatch(site()).cost + 1e-6
    assert stacked.dispatch.exact
    assert np.minimum(stacked.set_point_kw.clip(min=0), -stacked.set_point_kw.clip(max=0)).max() == 0


def test_energy_is_not_burnt_to_make_room_for_the_signal():
    regulation = Regulation(500.0, up_share=0.0, down_share=0.4)
    problem = site(
        battery=Battery(500, 500, 600, 0.7, 0.7, start_kwh=300), consumption_kw=0, export_limit_kw=100
    )
    stacked = dispatch_services(problem, Services(regulation=regulation))
    changed = 0.7 * (-stacked.set_point_kw.clip(max=0) + 0.4 * stacked.regulation_kw)
    changed -= stacked.set_point_kw.clip(min=0) / 0.7
    assert np.diff(stacked.dispatch.stored_kwh) == pytest.approx(changed, abs=1e-5)


class TestMoney:
    def test_an_hour_pays_score_times_capability_and_mileage(self):
        regulation = Regulation(40.0, np.array([5.0, 10.0]), score=0.9, mileage_ratio=3.0)
        assert hourly_price(regulation, 2) * 1000 == pytest.approx([0.9 * 55, 0.9 * 70])

    def test_a_score_under_a_quarter_pays_nothing(self):
        assert hourly_price(Regulation(40.0, score=0.24), 1)[0] == 0
        assert hourly_price(Regulation(40.0, score=0.25), 1)[0] > 0

    def test_wear_by_the_signal_is_paid(self):
        worn = replace(BATTERY, wear_per_kwh=0.02)
        regulation = Regulation(100.0, up_share=0.1, down_share=0.1)
        stacked = dispatch_services(site(buy=np.full(24, 0.4), battery=worn), Services(regulation=regulation))
        moved = np.abs(stacked.set_point_kw) @ np.where(stacked.set_point_kw < 0, 0.9, 1 / 0.95)
        signal = stacked.regulation_kw.sum() * (0.9 * 0.1 + 0.1 / 0.95)
        assert stacked.dispatch.wear_cost == pytest.approx(0.02 * (moved + signal))

    def test_prices_of_the_wrong_length_are_refused(self):
        with pytest.raises(InputError, match="3 prices for 24 hours"):
            dispatch_services(site(), Services(regulation=Regulation(np.ones(3))))

    def test_slots_that_do_not_divide_the_hour_are_refused(self):
        with pytest.raises(InputError, match=r"slots of 0\.4 h do not divide the hour"):
            dispatch_services(site(10, 0.4), Services(regulation=Regulation(1.0)))


class TestAdmission:
    def test_a_half_megawatt_is_told_that_it_needs_an_aggregator(self):
        offer = Services(regulation=Regulation(50.0, market="jiangsu-2020"))
        with pytest.raises(
            InputError, match=r"this battery has 500 kW and 4\.0 h .* only through an aggregator"
        ):
            dispatch_services(site(), offer)

    def test_through_an_aggregator_it_may_with_a_warning_of_what_to_ask(self):
        regulation = Regulation(50.0, market="jiangsu-2020", through_aggregator=True)
        warning = admission(regulation, BATTERY)
        assert warning is not None
        assert warning.severity is Severity.WARNING
        assert "5,000 kW" in warning.message
        assert dispatch_services(site(), Services(regulation=regulation)).regulation_income > 0

    def test_a_large_enough_site_is_let_in(self):
        large = Battery(6000, 6000, 24000, 0.9, 0.9)
        assert admission(Regulation(1.0, market="jiangsu-2020", through_aggregator=True), large) is None
        alone = Battery(10_000, 10_000, 20_000, 0.9, 0.9)
        assert admission(Regulation(1.0, market="jiangsu-2020"), alone) is None
        short = admission(Regulation(1.0, market="jiangsu-2020"), replace(alone, energy_kwh=15_000))
        assert short is not None

    def test_an_unknown_market_is_refused(self):
        with pytest.raises(InputError, match=r"'mars' is unknown -> one of jiangsu-2020, pjm"):
            Regulation(1.0, market="mars")
