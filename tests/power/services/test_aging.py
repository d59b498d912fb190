"""Years of one schedule: fade by the physics, and what a battery comes to."""

from dataclasses import replace

import numpy as np
import pytest

from juli.power import Battery, DispatchProblem
from juli.power.chemistry import CHEMISTRIES, State
from juli.power.economics import Investment
from juli.power.services.aging import Outlook, economics_of, fade_of
from juli.power.services.calls import PeakShavingCall
from juli.power.services.firming import Firming
from juli.power.services.operation import PhysicalBattery, operate
from juli.power.services.stacking import Services

#: A day: charge for five hours, rest, discharge for four.
DAY_KW = np.repeat([0.0, -90.0, 0.0, 95.0, 0.0], [2, 5, 6, 4, 7])


def physical(name: str) -> PhysicalBattery:
    return PhysicalBattery(
        CHEMISTRIES[name](energy_kwh=500, power_kw=100), 20.0, State(charge=0.1, celsius=20)
    )


def site() -> DispatchProblem:
    hour = np.arange(24)
    return DispatchProblem(
        step_hours=1,
        consumption_kw=300.0,
        buy=np.where((hour >= 14) & (hour < 20), 1.2, 0.4),
        sell=0,
        battery=Battery(100, 100, 400, 0.95, 0.95, start_kwh=0),
        demand_price=10.0,
    )


class TestFade:
    @pytest.mark.parametrize("name", CHEMISTRIES)
    def test_capacity_and_efficiency_never_come_back_by_themselves(self, name):
        fade = fade_of(physical(name), DAY_KW, 1.0, 4)
        assert len(fade.capacity_share) == len(fade.efficiency_share) == 4
        assert np.all(np.diff(fade.capacity_share) < 0)
        assert np.all(np.diff(fade.efficiency_share) < 0)

    def test_lithium_fades_faster_than_the_maker_says_of_nickel_hydrogen(self):
        lithium, nickel = (
            fade_of(physical(name), DAY_KW, 1.0, 8).capacity_share[-1]
            for name in ("lithium_iron_phosphate", "nickel_hydrogen")
        )
        assert lithium < nickel - 0.05
        # By the maker's claim 30 years and 30,000 cycles leave 86 %.
        assert 0.96 < nickel < 0.99

    def test_reconditioning_brings_efficiency_back_but_no_capacity(self):
        never, yearly = (fade_of(physical("nickel_hydrogen"), DAY_KW, 1.0, 5, every) for every in (0, 1))
        assert yearly.efficiency_share[-1] > never.efficiency_share[-1]
        assert yearly.capacity_share[-1] == pytest.approx(never.capacity_share[-1], abs=2e-3)


class TestEconomics:
    def test_a_day_stands_for_the_year_and_the_year_pays_twelve_peaks(self):
        outlook = Outlook(Investment(100_000, discount_rate=0.0))
        found, _ = economics_of(operate(site()), outlook, 2)
        energy = 365 * (4 * 95 * 1.2 - 400 / 0.95 * 0.4)
        assert found.first_year.energy_shifting == pytest.approx(energy, rel=0.03)
        # Charging makes a higher peak than the load's; a month of that is paid twelve times.
        assert -12 * 10 * 100 <= found.first_year.demand <= 0
        assert found.npv_money == pytest.approx(2 * found.first_year.total - 100_000)

    def test_calls_pay_each_year_what_they_pay_now(self):
        call = PeakShavingCall(15, 16, 50, 300.0, 5.0)
        services = Services(calls=(call,))
        found, _ = economics_of(operate(site(), services), Outlook(Investment(1.0)), 1, services)
        assert found.first_year.services["calls"] == pytest.approx(365 * 2 * 50 * 5)

    def test_ramps_that_the_battery_spares_are_told_as_such(self):
        load = np.where(np.arange(24) % 4 < 2, 200.0, 400.0)
        services = Services(firming=Firming(ramp_kw_per_hour=50.0, ramp_price_per_kw=1.0))
        operation = operate(replace(site(), consumption_kw=load), services)
        found, _ = economics_of(operation, Outlook(Investment(1.0)), 1, services)
        assert found.first_year.services["ramps"] > 0
        assert found.first_year.services["calls"] == 0

    def test_a_line_fades_as_its_owner_says(self):
        outlook = Outlook(Investment(1.0), capacity_loss_per_year=0.02)
        found, fade = economics_of(operate(site()), outlook, 3)
        assert fade.capacity_share == pytest.approx((0.99, 0.97, 0.95))
        assert found.years[2].battery.energy_kwh == pytest.approx(0.95 * 400)
        assert found.years[2].saving.total < found.years[0].saving.total
