"""The physical battery keeps its books, its limits and its character."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from juli.core.errors import InputError
from juli.power.chemistry import CHEMISTRIES, Chemistry, Limit, LithiumIronPhosphate, NickelHydrogen, State


def nickel_hydrogen(**changes: float) -> NickelHydrogen:
    return replace(NickelHydrogen(energy_kwh=2000, power_kw=500), **changes)


def lithium(**changes: float) -> LithiumIronPhosphate:
    return replace(LithiumIronPhosphate(energy_kwh=2000, power_kw=500), **changes)


def cells_alone(battery: Chemistry) -> Chemistry:
    """Cells held at their temperature, without converter and without power limit."""
    return replace(battery, power_kw=1e5, converter_efficiency=1.0, heat_capacity_kwh_per_k=1e9)


def round_trip(battery: Chemistry, celsius: float, hours: float) -> float:
    """Energy back per energy taken over one full cycle at the rate that fills in so many hours."""
    held = cells_alone(battery)
    power = np.full(800, battery.energy_kwh / hours)
    charge = held.run(State(charge=0, celsius=celsius), -power, hours / 400, celsius)
    discharge = held.run(charge.end, power, hours / 400, celsius)
    return float(discharge.battery_kw.sum() / -charge.battery_kw.sum())


def day_after_day(days: int) -> np.ndarray:
    return np.tile(
        np.concatenate([np.full(20, -450.0), np.zeros(20), np.full(20, 470.0), np.zeros(36)]), days
    )


class TestNickelHydrogenIsWhatThePapersSay:
    def test_the_gas_law_gives_the_published_constant(self):
        battery = nickel_hydrogen()
        assert battery.full_bar * battery.gas_litre_per_ah == pytest.approx(0.462, abs=0.001)

    def test_an_empty_vessel_shows_its_precharge_and_a_full_one_stays_below_1200_psi(self):
        battery = nickel_hydrogen()
        assert battery.hydrogen_bar(State(charge=0, celsius=25)) == pytest.approx(
            battery.precharge_bar, rel=1e-3
        )
        assert 50 < battery.hydrogen_bar(State(charge=1, celsius=25)) < 83

    def test_cells_return_about_nine_tenths_at_15_degrees_and_a_quarter_of_the_charge_an_hour(self):
        assert round_trip(nickel_hydrogen(), 15, hours=4) == pytest.approx(0.90, abs=0.015)

    def test_the_best_energy_efficiency_lies_between_10_and_20_degrees(self):
        temperatures = (-5, 0, 5, 10, 15, 20, 25, 30)
        efficiencies = [round_trip(nickel_hydrogen(), celsius, hours=4) for celsius in temperatures]
        assert 10 <= temperatures[int(np.argmax(efficiencies))] <= 20

    def test_efficiency_falls_with_the_rate(self):
        efficiencies = [round_trip(nickel_hydrogen(), 15, hours) for hours in (10, 4, 2, 1)]
        assert efficiencies == sorted(efficiencies, reverse=True)

    def test_charge_acceptance_falls_near_full_and_sooner_when_warm(self):
        def accepted(charge: float, celsius: float) -> float:
            battery = cells_alone(nickel_hydrogen(self_discharge_per_hour=0.0))
            state = State(charge=charge, celsius=celsius)
            trace = battery.run(state, [-400.0], 0.05, celsius)
            return float(np.diff(trace.stored_kwh)[0] / 20)

        assert accepted(0.95, 20) < 0.97 * accepted(0.5, 20)
        assert accepted(0.9, 40) < 0.97 * accepted(0.9, 15)

    def test_self_discharge_is_affine_in_the_charge(self):
        battery = nickel_hydrogen(heat_capacity_kwh_per_k=1e9)
        lost = [c - battery.step(State(charge=c), 0, 0.01, 25).charge for c in (0.0, 0.3, 0.6, 0.9)]
        assert np.diff(lost[1:], 2) == pytest.approx(0, abs=1e-9)
        assert lost[3] == pytest.approx(0.0015 * 0.01 * 0.905, rel=0.01)

    def test_self_discharge_grows_with_temperature_as_arrhenius_says(self):
        battery = nickel_hydrogen(heat_capacity_kwh_per_k=1e9)

        def lost(celsius: float) -> float:
            return 0.9 - battery.step(State(charge=0.9, celsius=celsius), 0, 0.01, celsius).charge

        expected = np.exp(50_000 / 8.314462618 * (1 / 288.15 - 1 / 308.15))
        assert lost(35) / lost(15) == pytest.approx(expected, rel=1e-3)

    def test_cells_cool_on_charging_and_warm_on_discharging(self):
        battery, state = nickel_hydrogen(), State(charge=0.4, celsius=20)
        assert battery.step(state, -400, 1, 20).celsius < 20 < battery.step(state, 400, 1, 20).celsius

    def test_the_maker_s_life_is_reached_at_one_cycle_every_eight_hours(self):
        years, per_day = 30, 30_000 / 30 / 365.25
        battery = nickel_hydrogen(heat_capacity_kwh_per_k=1e9, power_kw=2000.0)
        hours = 24 / per_day / 2
        one_year = np.tile([-2000.0 * 1.2 / hours, 2000.0 / hours], 1000)
        state = State(charge=0)
        for _ in range(years):
            state = battery.run(state, one_year, hours, 25).end
        assert battery.capacity_share(state) == pytest.approx(0.86, abs=0.01)


class TestGuards:
    def test_charging_stops_at_the_pressure_limit(self):
        trace = nickel_hydrogen(pressure_limit_bar=50.0).run(State(charge=0.5), np.full(40, -500.0), 0.25, 20)
        assert trace.hydrogen_bar.max() < 51
        assert trace.limit[-1] == Limit.PRESSURE
        assert trace.battery_kw[-1] == 0

    def test_a_battery_whose_fans_stand_still_discharges_but_does_not_charge(self):
        battery = nickel_hydrogen().without_ventilation()
        trace = battery.run(State(charge=0.5), [-200.0, 200.0], 0.25, 20)
        assert trace.limit.tolist() == [Limit.VENTILATION, Limit.NONE]
        assert trace.battery_kw.tolist() == [0.0, pytest.approx(200)]

    def test_the_fans_needed_are_those_that_keep_the_leak_at_a_quarter_of_the_flammability_limit(self):
        battery = nickel_hydrogen()
        leak = battery.leak_share_per_hour * battery.hydrogen_m3
        assert leak / battery.ventilation_needed_m3_per_hour == pytest.approx(0.01)
        assert battery.ventilation_needed_m3_per_hour < battery.ventilation_m3_per_hour * battery.energy_kwh
        assert LithiumIronPhosphate(energy_kwh=1, power_kw=1).ventilation_needed_m3_per_hour == 0

    @pytest.mark.parametrize(
        ("celsius", "charges", "discharges"), [(-5, False, True), (20, True, True), (60, 0, 0)]
    )
    def test_lithium_neither_charges_below_freezing_nor_runs_hot(self, celsius, charges, discharges):
        battery = lithium(conditioning_kw=0.0)
        state = State(charge=0.5, celsius=celsius)
        taken, given = (battery.run(state, [power], 0.25, celsius) for power in (-100.0, 100.0))
        assert (taken.battery_kw[0] < 0) == charges
        assert (given.battery_kw[0] > 0) == discharges
        assert bool(taken.limit[0] == Limit.TEMPERATURE) != charges

    def test_a_battery_is_never_asked_for_more_than_its_power(self):
        trace = nickel_hydrogen().run(State(), [900.0], 0.25, 20)
        assert trace.battery_kw[0] == pytest.approx(500)
        assert trace.limit[0] == Limit.POWER

    def test_full_and_empty_batteries_stop(self):
        battery = nickel_hydrogen()
        assert battery.run(State(charge=1), [-400.0], 0.25, 20).limit[0] == Limit.FULL
        assert battery.run(State(charge=0), [400.0], 0.25, 20).limit[0] == Limit.EMPTY
        assert battery.run(State(charge=0), [400.0], 0.25, 20).battery_kw[0] == pytest.approx(0, abs=1e-6)

    def test_bad_numbers_are_named(self):
        with pytest.raises(InputError, match=r"resistance_volt_hours: error: -1\.0 is not positive"):
            nickel_hydrogen(resistance_volt_hours=-1.0)
        with pytest.raises(InputError, match=r"slot 1: power nan kW at 20\.0 °C"):
            nickel_hydrogen().run(State(), [1.0, np.nan], 0.25, 20)
        with pytest.raises(InputError, match=r"state\.charge: 1\.2"):
            State(charge=1.2)


@pytest.mark.parametrize("name", CHEMISTRIES)
class TestEveryChemistryKeepsItsBooks:
    @given(
        powers=st.lists(st.floats(-600, 600), min_size=1, max_size=12),
        charge=st.floats(0, 1),
        ambient=st.floats(2, 38),
    )
    def test_what_goes_in_comes_out_or_is_stored_or_is_heat(self, name, powers, charge, ambient):
        battery = CHEMISTRIES[name](energy_kwh=2000, power_kw=500)
        # Chemical energy counts at the thermoneutral voltage; ageing is switched off, it takes stored energy.
        battery = replace(battery, calendar_loss_per_year=0.0, cycle_loss=0.0)
        state = State(charge=charge, celsius=ambient)
        trace = battery.run(state, powers, 0.25, ambient)
        chemical = battery.energy_kwh * battery.thermoneutral_volt / battery.mean_volt
        gained = (trace.end.charge - charge) * chemical
        assert gained == pytest.approx(-0.25 * (trace.battery_kw + trace.heat_kw).sum(), abs=1e-6)

    @given(powers=st.lists(st.floats(-500, 500), min_size=1, max_size=8), charge=st.floats(0, 1))
    def test_the_charge_stays_between_empty_and_full(self, name, powers, charge):
        battery = CHEMISTRIES[name](energy_kwh=200, power_kw=500)
        trace = battery.run(State(charge=charge), powers, 0.5, 20)
        assert (trace.stored_kwh >= -1e-9).all()
        assert (trace.stored_kwh <= trace.capacity_kwh + 1e-9).all()
        assert (np.abs(trace.battery_kw) <= np.abs(powers) + 1e-6).all()

    def test_steps_and_a_run_are_the_same(self, name):
        battery = CHEMISTRIES[name](energy_kwh=2000, power_kw=500)
        powers = day_after_day(2)[::8]
        state = State(charge=0.2, celsius=18)
        trace = battery.run(state, powers, 2, 20)
        for power in powers:
            state = battery.step(state, power, 2, 20)
        assert state == trace.end

    def test_results_do_not_change_when_the_slot_is_halved(self, name):
        battery = CHEMISTRIES[name](energy_kwh=2000, power_kw=500)
        powers = day_after_day(3) * 0.9
        whole = battery.run(State(charge=0.1), powers, 0.25, 20)
        halves = battery.run(State(charge=0.1), np.repeat(powers, 2), 0.125, 20)
        assert halves.stored_kwh[::2] == pytest.approx(whole.stored_kwh, abs=2)
        assert halves.celsius[::2] == pytest.approx(whole.celsius, abs=0.2)
        assert halves.end.cycle_damage == pytest.approx(whole.end.cycle_damage, rel=1e-2)

    def test_the_level_can_be_set_in_stored_energy(self, name):
        battery = CHEMISTRIES[name](energy_kwh=2000, power_kw=500)
        for level in (0, 137, 1000, 1990):
            assert battery.stored_kwh(battery.at_stored(State(), level)) == pytest.approx(level, abs=0.01)

    def test_deep_cycles_age_more_than_shallow_ones_of_the_same_throughput(self, name):
        battery = CHEMISTRIES[name](energy_kwh=2000, power_kw=500)
        battery = replace(battery, self_discharge_per_hour=0.0, heat_capacity_kwh_per_k=1e9)
        deep = battery.run(State(charge=0.9), np.tile([350.0, -400.0], 100), 4, 25).end
        shallow = battery.run(State(charge=0.9), np.tile([350.0, -400.0], 200), 2, 25).end
        assert deep.cycles == pytest.approx(shallow.cycles, rel=0.05)
        assert deep.cycle_damage > 1.3 * shallow.cycle_damage

    def test_a_small_swing_inside_a_large_one_does_not_hide_it(self, name):
        battery = replace(CHEMISTRIES[name](energy_kwh=2000, power_kw=500), self_discharge_per_hour=0.0)
        plain, broken = [480.0, 480.0, -480.0, -480.0], [480.0, -40.0, 40.0, 480.0, -480.0, -480.0]
        one = battery.run(State(charge=0.9), plain * 30, 1, 25).end.cycle_damage
        other = battery.run(State(charge=0.9), broken * 30, 1, 25).end.cycle_damage
        assert 1 <= other / one < 1.1


class TestAgeingAndReconditioning:
    def test_lithium_fades_as_naumann_measured(self):
        resting = lithium(self_discharge_per_hour=0.0)
        state = resting.run(State(charge=0.5), np.zeros(365 * 24), 1, 25).end
        # 2018: k_T(25 °C) * k_SOC(0.5) * sqrt(seconds), k_T = 1.2571e-5, k_SOC = 0.60225
        assert 1 - resting.capacity_share(state) == pytest.approx(
            1.2571e-5 * 0.60225 * np.sqrt(365 * 86400), rel=0.01
        )

    def test_reconditioning_restores_the_passing_part_of_the_efficiency(self):
        battery = nickel_hydrogen()
        worn = battery.run(State(charge=0), day_after_day(365), 0.25, 20).end
        fresh = battery.recondition(worn)
        assert worn.passing_growth > 0.05
        assert fresh.passing_growth == 0
        assert fresh.lasting_growth == worn.lasting_growth
        assert battery.capacity_share(fresh) == battery.capacity_share(worn)

        def volts_lost(state: State) -> float:
            return float(battery.run(replace(state, charge=0.6, celsius=20), [500.0], 0.1, 20).heat_kw[0])

        assert volts_lost(fresh) < volts_lost(worn)

    def test_the_gauge_drifts_until_the_battery_is_reconditioned(self):
        battery = nickel_hydrogen()
        old = replace(battery.run(State(), np.zeros(5 * 8766), 1, 20).end, charge=0.5, celsius=20)
        true_bar = battery.hydrogen_bar(old)
        assert battery.charge_by_gauge(true_bar, 20, old) == pytest.approx(0.5 + 2.5 / 61.7, abs=0.003)
        renewed = replace(battery.recondition(old), charge=0.5)
        assert battery.charge_by_gauge(true_bar, 20, renewed) == pytest.approx(0.5, abs=1e-6)
