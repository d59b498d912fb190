"""All services in one dispatch; each one's worth alone and left out."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from juli.power import Battery, DispatchProblem, dispatch
from juli.power.services.calls import PeakShavingCall
from juli.power.services.firming import Firming
from juli.power.services.regulation import Regulation
from juli.power.services.stacking import Services, dispatch_services, worths

BATTERY = Battery(300, 300, 1000, 0.92, 0.94, start_kwh=500, end_kwh=500, wear_per_kwh=0.01)


def site(seed: int = 0, **changes) -> DispatchProblem:
    rng = np.random.default_rng(seed)
    hour = np.arange(24)
    given = {
        "step_hours": 1.0,
        "consumption_kw": 500 + 200 * rng.random(24),
        "solar_kw": 400 * np.maximum(np.sin((hour - 6) / 12 * np.pi), 0) * rng.random(24),
        "buy": np.where((hour >= 14) & (hour < 20), 1.0, 0.4),
        "sell": 0.2,
        "battery": BATTERY,
        "demand_price": 10.0,
    }
    return DispatchProblem(**given | changes)


def everything() -> Services:
    return Services(
        firming=Firming(450.0, 50.0, 0.3, 0.3, ramp_kw_per_hour=400.0, ramp_price_per_kw=0.2),
        calls=(PeakShavingCall(10, 11, 150, 500.0, 2.0, 1.0), PeakShavingCall(18, 19, 200, 500.0, 2.0, 1.0)),
        regulation=Regulation(60.0, 5.0, score=0.9, mileage_ratio=2.0, up_share=0.12, down_share=0.1),
    )


def test_the_stack_is_dispatched_to_the_proven_optimum_and_its_parts_add_up():
    stacked = dispatch_services(site(), everything())
    answer = stacked.dispatch
    assert answer.exact
    parts = (
        answer.energy_cost + answer.demand_cost + answer.wear_cost + answer.deviation_cost - answer.end_value
    )
    assert answer.cost == pytest.approx(parts)
    assert stacked.cost == pytest.approx(
        answer.cost + stacked.ramp_cost - stacked.call_income - stacked.regulation_income
    )


def test_without_services_it_is_the_exact_engine():
    assert dispatch_services(site(), Services()).cost == dispatch(site()).cost


def test_a_losing_battery_and_negative_prices_are_kept_honest():
    problem = site(buy=np.where(np.arange(24) % 3, 0.5, -0.4), sell=-0.5, demand_price=0.0, export_limit_kw=0)
    firming = Firming(ramp_kw_per_hour=1e6)
    stacked = dispatch_services(problem, Services(firming=firming))
    assert stacked.cost == pytest.approx(dispatch(problem).cost, rel=1e-6)


class TestWorths:
    def test_every_source_is_told_alone_and_left_out(self):
        found = worths(site(), everything())
        assert list(found) == ["arbitrage", "demand", "firming", "calls", "regulation", "stack"]
        for name, worth in found.items():
            assert worth.alone >= -1e-6, name
            assert worth.left_out <= found["stack"].alone + 1e-6, name

    def test_the_worth_of_arbitrage_alone_is_what_the_plain_bill_saves(self):
        problem = site(demand_price=0.0)
        found = worths(problem, Services())
        saved = dispatch(site(demand_price=0.0, battery=None)).cost - dispatch(problem).cost
        assert found["arbitrage"].alone == pytest.approx(saved)
        assert found["arbitrage"].left_out == pytest.approx(saved, abs=60)
        assert "demand" not in found

    def test_a_service_that_pays_nothing_is_worth_nothing(self):
        found = worths(site(), Services(calls=(PeakShavingCall(3, 4, 100, 400.0, 0.0, 1.0),)))
        assert found["calls"].alone == pytest.approx(0, abs=1e-6)
        assert found["calls"].left_out == pytest.approx(0, abs=1e-4)

    def test_shares_of_one_battery_do_not_add_up_to_more_than_it_has(self):
        found = worths(site(), everything())
        total = sum(worth.alone for name, worth in found.items() if name != "stack")
        assert found["stack"].alone <= total + 1e-6

    @given(st.integers(0, 50))
    def test_with_more_to_sell_the_battery_saves_no_less(self, seed):
        """Calls and regulation are chances, not duties; no load below the baseline earns a call by luck."""
        offered = everything()
        problem = site(seed, solar_kw=0.0)
        found = worths(problem, Services(calls=offered.calls[:1], regulation=offered.regulation))
        for name in ("calls", "regulation"):
            assert found[name].left_out >= -1e-4
            assert found["stack"].alone >= found[name].alone - 1e-4
