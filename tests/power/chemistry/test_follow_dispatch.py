"""A dispatch is held against the physics, and repaired until the physics can follow it."""

from dataclasses import replace

import numpy as np
import pytest

from juli.core.errors import InfeasibleError, InputError
from juli.power import Battery, DispatchProblem, dispatch
from juli.power.chemistry import CHEMISTRIES, Limit, LithiumIronPhosphate, NickelHydrogen, State
from juli.power.chemistry.follow import dispatch_followed, follow
from juli.power.chemistry.linearise import linearise, wear_per_kwh

SLOTS = 96 * 7


def site(**changes) -> DispatchProblem:
    hour = np.arange(SLOTS) / 4 % 24
    buy = np.where(
        (hour >= 14) & (hour < 22), 1.1, np.where((hour < 6) | ((hour >= 11) & (hour < 13)), 0.3, 0.65)
    )
    given = {"step_hours": 0.25, "consumption_kw": 600 + 300 * np.sin(hour / 3), "buy": buy, "sell": 0.0}
    return DispatchProblem(**given | {"demand_price": 50.0} | changes)


@pytest.mark.parametrize("name", CHEMISTRIES)
class TestLinearise:
    def test_the_line_agrees_with_the_physics_over_a_full_cycle(self, name):
        physics = CHEMISTRIES[name](energy_kwh=2000, power_kw=500)
        line = linearise(physics, 20)
        charge = physics.run(State(charge=0, celsius=20), np.full(9, -300.0), 0.5, 20)
        assert charge.stored_kwh[-1] == pytest.approx(9 * 150 * line.charge_efficiency, rel=0.015)
        discharge = physics.run(State(charge=1, celsius=20), np.full(9, 300.0), 0.5, 20)
        taken = discharge.stored_kwh[0] - discharge.stored_kwh[-1]
        assert taken == pytest.approx(9 * 150 / line.discharge_efficiency, rel=0.015)

    def test_the_line_s_self_discharge_is_the_physics_at_empty_and_full(self, name):
        physics = CHEMISTRIES[name](energy_kwh=2000, power_kw=500)
        physics = replace(
            physics, heat_capacity_kwh_per_k=1e9, open_circuit_volt=(1.3, 1.3), calendar_loss_per_year=0.0
        )
        line = linearise(physics, 30)
        for charge in (0.1, 0.5, 1.0):
            trace = physics.run(State(charge=charge, celsius=30), [0.0], 0.5, 30)
            lost = 0.5 * (line.self_discharge_per_hour * trace.stored_kwh[0] + line.standing_loss_kw)
            assert trace.stored_kwh[0] - trace.stored_kwh[1] == pytest.approx(lost, rel=2e-3, abs=1e-3)

    def test_an_aged_battery_stores_less_and_loses_more(self, name):
        physics = CHEMISTRIES[name](energy_kwh=2000, power_kw=500)
        new, old = (
            linearise(physics, 20),
            linearise(physics, 20, state=State(cycle_damage=0.003, lasting_growth=0.5)),
        )
        assert old.energy_kwh < new.energy_kwh
        assert old.charge_efficiency < new.charge_efficiency

    def test_the_wear_price_pays_for_a_new_battery_over_its_cycles(self, name):
        physics = CHEMISTRIES[name](energy_kwh=2000, power_kw=500)
        price = wear_per_kwh(physics, 1e6)
        cycles = ((1 - physics.end_of_life_share) / physics.cycle_loss) ** (1 / physics.cycle_exponent)
        assert cycles * 2 * 2000 * price == pytest.approx(1e6)

    def test_a_temperature_at_which_the_battery_may_not_charge_is_refused(self, name):
        with pytest.raises(InputError, match=r"temperature_celsius: 70 °C lies outside"):
            linearise(CHEMISTRIES[name](energy_kwh=2000, power_kw=500), 70)

    def test_the_followed_plan_costs_what_the_site_pays_with_what_the_battery_gave(self, name):
        physics = CHEMISTRIES[name](energy_kwh=2000, power_kw=500)
        problem = site(battery=linearise(physics, 20, standing_loss=False))
        done = follow(problem, dispatch(problem), physics, 20.0)
        need = problem.consumption_kw - done.trace.battery_kw + done.trace.auxiliary_kw
        energy = 0.25 * float(need @ problem.buy)
        assert done.actual.energy_cost == pytest.approx(energy)
        assert done.actual.demand_cost == pytest.approx(50 * need.max())
        assert done.actual.cost == pytest.approx(energy + 50 * need.max())
        assert done.money_difference == pytest.approx(done.actual.cost - done.plan.cost)

    def test_the_repaired_plan_is_followed_and_still_earns_nearly_all(self, name):
        physics = CHEMISTRIES[name](energy_kwh=2000, power_kw=500)
        done = dispatch_followed(site(), physics, 20.0)
        assert done.follows
        assert done.missing_kwh < 0.01 * 0.25 * 500 * SLOTS
        assert done.refused_kwh == pytest.approx(0, abs=1)
        without = dispatch(site()).cost
        optimist = dispatch(site(battery=replace(linearise(physics, 20), start_kwh=1000, end_kwh=1000))).cost
        assert without - done.actual.cost > 0.9 * (without - optimist)


class TestRepair:
    def test_a_promise_of_too_much_is_taken_back(self):
        physics = NickelHydrogen(energy_kwh=2000, power_kw=500)
        problem = site(battery=Battery(500, 500, 2000, 1.0, 1.0, start_kwh=0))
        assert not follow(problem, dispatch(problem), physics, 20.0).follows
        done = dispatch_followed(problem, physics, 20.0)
        assert done.follows
        assert done.repairs > 0
        assert done.battery.charge_efficiency < 0.95

    def test_power_beyond_the_physics_is_taken_back(self):
        problem = site(battery=Battery(900, 900, 2000, 0.9, 0.9, start_kwh=1000))
        done = dispatch_followed(problem, NickelHydrogen(energy_kwh=2000, power_kw=500), 20.0)
        assert np.abs(done.plan.battery_kw).max() <= 500 + 1e-6

    def test_no_charge_is_planned_where_frost_forbids_it(self):
        physics = replace(LithiumIronPhosphate(energy_kwh=2000, power_kw=500), conditioning_kw=0.0)
        ambient = np.full(SLOTS, 15.0)
        ambient[200:400] = -15.0
        done = dispatch_followed(site(), physics, ambient)
        assert done.follows
        assert done.repairs > 0
        frozen = done.trace.celsius[:-1] < 0
        assert frozen.any()
        assert (done.plan.battery_kw[frozen] >= -5).all()
        assert not np.isin(done.trace.limit, Limit.TEMPERATURE)[done.plan.battery_kw < -5].any()

    def test_the_whole_vessel_is_not_promised_where_the_pressure_limit_lies_lower(self):
        physics = replace(NickelHydrogen(energy_kwh=2000, power_kw=500), pressure_limit_bar=45.0)
        done = dispatch_followed(site(), physics, 20.0)
        assert done.follows
        assert done.plan.stored_kwh.max() < 1500

    def test_a_site_without_battery_has_nothing_to_follow(self):
        problem = site()
        with pytest.raises(InputError, match="the site has none"):
            follow(problem, dispatch(problem), NickelHydrogen(energy_kwh=1, power_kw=1), 20.0)

    def test_a_plan_that_must_not_be_changed_and_can_not_be_followed_is_refused(self):
        problem = site(
            battery=Battery(500, 500, 2000, 1, 1, start_kwh=1000), battery_min_kw=100.0, battery_max_kw=100.0
        )
        with pytest.raises(InfeasibleError):
            dispatch_followed(problem, NickelHydrogen(energy_kwh=2000, power_kw=500), 20.0)
