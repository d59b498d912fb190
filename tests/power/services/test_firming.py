"""A declared schedule with a dead band and penalties, and ramp limits."""

import numpy as np
import pytest

from juli.core.errors import InfeasibleError, InputError
from juli.power import Battery, DispatchProblem, dispatch
from juli.power.services.firming import Firming, declare, ramp_excess_kw
from juli.power.services.stacking import Services, dispatch_services

SUN = np.array([0, 200, 900, 100, 800, 0], dtype=float)


def solar_site(battery: Battery | None = None) -> DispatchProblem:
    return DispatchProblem(step_hours=1, consumption_kw=0, solar_kw=SUN, buy=0.5, sell=0.3, battery=battery)


def small_battery() -> Battery:
    return Battery(400, 400, 600, 0.95, 0.95, start_kwh=300, end_kwh=300)


def test_deviation_beyond_the_dead_band_is_paid_by_the_kwh():
    firming = Firming(declared_kw=-500.0, dead_band_kw=100.0, over_price=2.0, under_price=0.1)
    answer = dispatch_services(solar_site(), Services(firming)).dispatch
    # Exported too little: 400, 200, 300 and 400 kW lack. 900 and 800 kW are 300 and 200 kW beyond the band,
    # where exporting still earns 0.3 - 0.1 a kWh.
    assert answer.deviation_cost == pytest.approx(2.0 * (400 + 200 + 300 + 400) + 0.1 * (300 + 200))


def test_a_battery_fills_the_gaps_that_a_declaration_leaves():
    firming = Firming(declared_kw=-400.0, dead_band_kw=50.0, over_price=2.0, under_price=2.0)
    without = dispatch_services(solar_site(), Services(firming))
    with_battery = dispatch_services(solar_site(small_battery()), Services(firming))
    assert with_battery.dispatch.deviation_cost < 0.8 * without.dispatch.deviation_cost
    assert with_battery.cost < without.cost


def test_keeping_one_s_own_plan_costs_what_the_plan_costs():
    problem = solar_site(small_battery())
    plan = dispatch(problem)
    kept = dispatch_services(problem, Services(declare(plan, dead_band_kw=0.0, price=5.0)))
    assert kept.cost == pytest.approx(plan.cost)
    assert kept.dispatch.deviation_cost == pytest.approx(0, abs=1e-6)


def test_a_hard_ramp_limit_is_kept():
    stacked = dispatch_services(solar_site(small_battery()), Services(Firming(ramp_kw_per_hour=150.0)))
    assert np.abs(np.diff(stacked.dispatch.grid_kw)).max() <= 150 + 1e-6
    assert stacked.ramp_cost == 0


def test_the_first_slot_is_bound_to_what_came_before():
    firming = Firming(ramp_kw_per_hour=100.0, before_kw=-350.0)
    stacked = dispatch_services(solar_site(small_battery()), Services(firming))
    assert abs(stacked.dispatch.grid_kw[0] + 350) <= 100 + 1e-6


def test_a_hard_ramp_limit_that_nothing_keeps_is_infeasible():
    problem = DispatchProblem(step_hours=1, consumption_kw=[0, 900], buy=1, sell=0)
    with pytest.raises(InfeasibleError):
        dispatch_services(problem, Services(Firming(ramp_kw_per_hour=100.0)))


def test_a_soft_ramp_limit_costs_its_price_for_what_is_beyond():
    problem = DispatchProblem(step_hours=0.5, consumption_kw=[0, 900, 0], buy=1, sell=0)
    firming = Firming(ramp_kw_per_hour=100.0, ramp_price_per_kw=0.2)
    stacked = dispatch_services(problem, Services(firming))
    assert ramp_excess_kw(firming, stacked.dispatch.grid_kw, 0.5).tolist() == [0, 850, 850]
    assert stacked.ramp_cost == pytest.approx(0.2 * 1700)
    assert stacked.cost == pytest.approx(450 + 0.2 * 1700)


def test_a_ramp_limit_that_never_binds_changes_nothing():
    problem = solar_site(small_battery())
    firming = Firming(declared_kw=-400.0, dead_band_kw=50.0, over_price=0.4, under_price=0.2)
    exact = dispatch_services(problem, Services(firming))
    linear = dispatch_services(
        problem, Services(Firming(-400.0, 50.0, 0.4, 0.2, ramp_kw_per_hour=1e5, ramp_price_per_kw=1.0))
    )
    assert (exact.dispatch.engine, linear.dispatch.engine) == ("dynamic program", "highs")
    assert linear.cost == pytest.approx(exact.cost, rel=1e-9)


def test_negative_limits_are_refused():
    with pytest.raises(InputError, match=r"firming\.ramp_kw_per_hour: -1 is negative"):
        Firming(ramp_kw_per_hour=-1)
