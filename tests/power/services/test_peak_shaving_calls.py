"""A peak-shaving call pays for a reduction, fines a shortfall, and is declined where it isn't worth it."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from juli.core.errors import InputError
from juli.power import Battery, DispatchProblem
from juli.power.services.calls import PeakShavingCall, average_baseline_kw, call_pay
from juli.power.services.stacking import Services, dispatch_services

PLAIN = PeakShavingCall(
    first_slot=2, last_slot=3, committed_kw=100, baseline_kw=500.0, pay_per_kwh=3.0, penalty_per_kwh=1.0
)


def site(**battery: float) -> DispatchProblem:
    given = {"charge_kw": 100, "discharge_kw": 100, "energy_kwh": 400, "charge_efficiency": 0.9}
    given |= {"discharge_efficiency": 0.9, "start_kwh": 200, "end_kwh": 200}
    return DispatchProblem(
        step_hours=1,
        consumption_kw=500,
        buy=[0.5, 0.5, 0.6, 0.6, 0.5],
        sell=0,
        battery=Battery(**given | battery),
    )


def test_pay_and_penalty_by_hand():
    grid = np.array([500, 500, 400, 450, 500.0])
    assert call_pay(PLAIN, grid, step_hours=0.5) == pytest.approx(0.5 * (3 * (100 + 50) - 1 * (0 + 50)))


def test_more_reduction_than_committed_earns_no_more_and_a_rise_costs():
    assert call_pay(PLAIN, np.full(5, 100.0), 1) == pytest.approx(3 * 200)
    assert call_pay(PLAIN, np.full(5, 520.0), 1) == pytest.approx(3 * -40 - 1 * 240)


def test_a_well_paid_call_is_answered_in_full():
    stacked = dispatch_services(site(), Services(calls=(PLAIN,)))
    assert stacked.took_part == (True,)
    assert stacked.dispatch.grid_kw[2:4] == pytest.approx(400)
    assert stacked.call_income == pytest.approx(3 * 200)


def test_a_call_that_pays_less_than_its_losses_is_declined():
    poor = replace(PLAIN, pay_per_kwh=0.001, penalty_per_kwh=0.0, baseline_kw=500.0)
    dear = replace(site(), buy=np.array([0.9, 0.9, 0.1, 0.1, 0.9]))
    stacked = dispatch_services(dear, Services(calls=(poor,)))
    assert stacked.took_part == (False,)
    assert stacked.call_income == 0
    assert stacked.dispatch.grid_kw[2:4].max() > 500


def test_a_call_beyond_the_battery_s_power_is_declined_where_the_shortfall_is_fined_hard():
    big = replace(PLAIN, committed_kw=1000, pay_per_kwh=1.0, penalty_per_kwh=5.0)
    assert dispatch_services(site(), Services(calls=(big,))).took_part == (False,)
    assert dispatch_services(site(), Services(calls=(replace(big, penalty_per_kwh=0.0),))).took_part == (
        True,
    )


def test_a_call_that_was_accepted_already_is_served_as_well_as_can_be():
    big = replace(PLAIN, committed_kw=1000, pay_per_kwh=1.0, penalty_per_kwh=5.0, take_part=True)
    stacked = dispatch_services(site(), Services(calls=(big,)))
    assert stacked.dispatch.grid_kw[2:4] == pytest.approx(400)
    assert stacked.call_income == pytest.approx(200 - 5 * 1800)


@given(
    pay=st.floats(0, 2),
    penalty=st.floats(0, 2),
    committed=st.floats(0, 300),
    baseline=st.floats(300, 600),
    dear=st.floats(0, 1),
)
def test_the_decision_is_the_better_of_taking_part_and_not(pay, penalty, committed, baseline, dear):
    call = PeakShavingCall(2, 3, committed, baseline, pay, penalty)
    problem = replace(site(), buy=np.array([0.5, 0.5, dear, dear, 0.5]))
    open_, yes, no = (
        dispatch_services(problem, Services(calls=(replace(call, take_part=choice),))).cost
        for choice in (None, True, False)
    )
    assert open_ == pytest.approx(min(yes, no), rel=1e-6, abs=1e-4)


def test_the_baseline_is_the_mean_of_the_latest_days_that_count():
    load = np.repeat([100.0, 200, 300, 400, 500, 600], 2) + np.tile([0, 10], 6)
    assert average_baseline_kw(load, day=5, slots_per_day=2, days=2).tolist() == [450, 460]
    assert average_baseline_kw(load, day=5, slots_per_day=2, days=2, excluded_days={4}).tolist() == [350, 360]
    with pytest.raises(InputError, match="only 5 of 6 days before day 5 count"):
        average_baseline_kw(load, day=5, slots_per_day=2, days=6)


def test_windows_that_are_none_are_refused():
    with pytest.raises(InputError, match="from slot 3 to 2"):
        replace(PLAIN, first_slot=3, last_slot=2)
    with pytest.raises(InputError, match="last slot 7 is beyond the 5 slots planned"):
        dispatch_services(site(), Services(calls=(replace(PLAIN, last_slot=7),)))
    with pytest.raises(InputError, match=r"call\.committed_kw: -1 is negative"):
        replace(PLAIN, committed_kw=-1)
