"""What the dispatch answers on cases that can be reckoned by hand or are published, and what it refuses."""

import csv
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from juli.core.errors import InfeasibleError, InputError
from juli.power import Battery, DispatchEvaluator, DispatchProblem, dispatch
from juli.power.linear_program import solve_linear_program

Site = Callable[..., DispatchProblem]


def problem(**changes: Any) -> DispatchProblem:
    """Two cheap hours, two dear ones, a battery that fills in one."""
    given: dict[str, Any] = {
        "step_hours": 1,
        "consumption_kw": [100, 100, 100, 100],
        "buy": [0.2, 0.2, 1.0, 1.0],
        "sell": 0,
        "battery": Battery(50, 50, 50, 1, 1),
    }
    return DispatchProblem(**(given | changes))


def test_a_battery_moves_consumption_from_dear_to_cheap_hours() -> None:
    answer = dispatch(problem())
    assert answer.cost == pytest.approx(0.2 * 250 + 1.0 * 150)
    assert answer.battery_kw.sum() == pytest.approx(0)
    assert answer.engine == "dynamic program"


def test_wear_that_costs_more_than_the_price_spread_stops_the_battery() -> None:
    answer = dispatch(problem(battery=Battery(50, 50, 50, 1, 1, wear_per_kwh=0.41)))
    assert not answer.battery_kw.any()
    worth_it = dispatch(problem(battery=Battery(50, 50, 50, 1, 1, wear_per_kwh=0.39)))
    assert worth_it.wear_cost == pytest.approx(0.39 * 100)


def test_limits_hold_on_the_plants_side_and_losses_are_paid_in_the_store() -> None:
    battery = Battery(50, 20, 100, 0.5, 0.8)
    answer = dispatch(problem(buy=[0.1, 0.1, 9, 9], battery=battery))
    assert answer.battery_kw.max() == pytest.approx(20)
    assert answer.stored_kwh.max() == pytest.approx(40 / 0.8)
    assert -answer.battery_kw.clip(max=0).sum() == pytest.approx(40 / 0.8 / 0.5)


def test_a_cap_is_bought_where_the_demand_price_pays() -> None:
    answer = dispatch(problem(consumption_kw=[50, 50, 150, 50], buy=0.5, demand_price=10))
    assert answer.peak_kw == pytest.approx([100])
    assert answer.demand_cost == pytest.approx(1000)


def test_import_below_the_contracted_demand_is_not_shaved() -> None:
    free = dispatch(problem(consumption_kw=[50, 50, 150, 50], buy=0.5, demand_price=10, demand_free_kw=200))
    assert free.demand_cost == 0
    half = dispatch(problem(consumption_kw=[50, 50, 190, 50], buy=0.5, demand_price=10, demand_free_kw=150))
    assert half.demand_cost == pytest.approx(0, abs=1e-9)
    assert half.battery_kw.max() == pytest.approx(40)


def test_solar_is_left_unused_where_export_costs() -> None:
    answer = dispatch(problem(consumption_kw=10, solar_kw=500, sell=-0.1, battery=None))
    assert answer.cost == 0
    assert answer.solar_kw == pytest.approx([10, 10, 10, 10])


def test_energy_is_never_burnt_by_charging_and_discharging_at_once() -> None:
    """At a negative price the relaxed program would; full batteries can't take the gift."""
    battery = Battery(50, 50, 50, 0.8, 0.8, start_kwh=50, end_kwh=50)
    asked = problem(buy=-1.0, sell=-1.0, battery=battery)
    answer = dispatch(asked)
    relaxed_power = 50 * (1 - 0.8 * 0.8)
    assert answer.cost > -4 * (100 + relaxed_power)
    assert answer.cost == pytest.approx(solve_linear_program(asked).cost)
    assert not answer.convex
    assert answer.exact


def test_a_standing_loss_stops_at_an_empty_battery() -> None:
    battery = Battery(50, 50, 50, 1, 1, standing_loss_kw=2, start_kwh=3)
    answer = dispatch(problem(buy=0.0, battery=battery))
    assert answer.stored_kwh.min() >= 0
    idle = dispatch(problem(buy=0.5, battery=replace(battery, discharge_kw=0, charge_kw=0)))
    assert idle.stored_kwh.tolist() == [3, 1, 0, 0, 0]


def test_self_discharge_follows_the_hours_not_the_slots() -> None:
    battery = Battery(0, 0, 50, 1, 1, self_discharge_per_hour=0.1, start_kwh=40)
    hours = dispatch(problem(battery=battery))
    halves = dispatch(problem(battery=battery, step_hours=0.5))
    assert hours.stored_kwh[2] == pytest.approx(halves.stored_kwh[4])
    assert hours.stored_kwh[1] == pytest.approx(36)


def test_selling_dearer_than_buying_is_solved_exactly() -> None:
    battery = Battery(50, 50, 50, 0.9, 0.9)
    asked = problem(consumption_kw=[10] * 4, buy=0.2, sell=0.5, battery=battery)
    answer = dispatch(asked)
    assert answer.exact
    assert answer.cost == pytest.approx(solve_linear_program(asked).cost)
    assert answer.cost < dispatch(replace(asked, battery=None)).cost


def test_a_declared_schedule_is_kept_as_far_as_its_penalties_pay() -> None:
    asked = problem(declared_kw=100.0, declared_band_kw=5, over_price=9, under_price=9)
    answer = dispatch(asked)
    assert answer.grid_kw == pytest.approx([105, 105, 95, 95])
    assert answer.deviation_cost == pytest.approx(0, abs=1e-9)


def test_energy_left_over_is_worth_its_price() -> None:
    answer = dispatch(problem(end_value_per_kwh=2.0))
    assert answer.stored_kwh[-1] == pytest.approx(50)
    assert answer.end_value == pytest.approx(100)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"buy": [0.2, float("nan"), 1, 1]}, r"buy\[1\].*nan in slot 1"),
        ({"consumption_kw": [1, 2, 3, float("inf")]}, r"consumption_kw\[3\].*inf in slot 3"),
        ({"sell": [0.1, 0.1]}, "sell.*2 values, but consumption_kw has 4 slots"),
        ({"solar_kw": [0, 0, -5, 0]}, r"solar_kw\[2\].*-5.0 in slot 2"),
        ({"demand_period": [0, 0, 1]}, "demand_period.*3.*4 slots"),
        ({"demand_price": [1, 2, 3]}, "demand_price.*3 values.*1 billing period"),
        ({"step_hours": 0}, r"step_hours.*0\.0"),
        ({"step_hours": "an hour"}, "step_hours.*'an hour'"),
        ({"consumption_kw": [1, 2, 3, float("nan")]}, r"consumption_kw\[3\].*nan in slot 3"),
        ({"solar_kw": [0, 1]}, "solar_kw.*2 values, but consumption_kw has 4 slots"),
        ({"sell": [0, 0, float("inf"), 0]}, r"sell\[2\].*inf in slot 2"),
        ({"import_limit_kw": [-1, 5, 5, 5]}, r"import_limit_kw\[0\].*-1\.0 in slot 0"),
        ({"export_limit_kw": -3}, r"export_limit_kw\[0\].*-3\.0 in slot 0"),
        ({"battery_max_kw": [1, float("nan"), 1, 1]}, r"battery_max_kw\[1\].*nan in slot 1"),
        ({"stored_min_kwh": [1, 1, 1, float("nan")]}, r"stored_min_kwh\[3\].*nan in slot 3"),
        ({"declared_kw": [1, 2]}, "declared_kw.*2 values"),
        ({"declared_kw": 1, "over_price": -1}, r"over_price\[0\].*-1\.0 in slot 0"),
        ({"demand_period": [0.5, 0, 0, 0]}, "demand_period"),
        ({"demand_price": -1}, r"demand_price\[0\].*-1\.0"),
        ({"demand_free_kw": float("nan")}, r"demand_free_kw\[0\].*nan"),
        ({"end_value_per_kwh": float("inf")}, "end_value_per_kwh.*inf"),
        ({"buy": ["dear"] * 4}, "buy.*no series of numbers"),
    ],
)
def test_bad_input_is_named_with_slot_and_value(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        problem(**changes)


def test_all_that_is_wrong_is_told_at_once() -> None:
    with pytest.raises(InputError) as caught:
        problem(buy=float("nan"), solar_kw=-1, step_hours=-1)
    assert len(caught.value.problems) >= 3


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"charge_efficiency": 0}, r"battery\.charge_efficiency.*0\.0 is not in \(0, 1\]"),
        ({"discharge_efficiency": 1.1}, r"battery\.discharge_efficiency.*1\.1"),
        ({"charge_kw": float("nan")}, r"battery\.charge_kw.*nan"),
        ({"energy_kwh": -5}, r"battery\.energy_kwh.*-5\.0"),
        ({"self_discharge_per_hour": 1}, r"battery\.self_discharge_per_hour.*1\.0"),
        ({"end_kwh": 51}, r"battery\.end_kwh.*51\.0 kWh.*energy_kwh = 50\.0"),
        ({"wear_per_kwh": "much"}, r"battery\.wear_per_kwh.*'much'"),
    ],
)
def test_a_battery_that_makes_no_sense_is_named(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        replace(Battery(50, 50, 50, 1, 1), **changes)


def test_a_start_outside_the_bounds_is_named() -> None:
    with pytest.raises(ValueError, match=r"start_kwh.*60.0 kWh.*energy_kwh = 50.0"):
        Battery(50, 50, 50, 1, 1, start_kwh=60)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"import_limit_kw": [500, 500, 500, 20]}, "slot 3: consumption of 100 kW exceeds import limit 20"),
        ({"battery": Battery(10, 10, 50, 1, 1, end_kwh=50)}, r"slot 3: stored energy must end between 50"),
        ({"consumption_kw": -90, "export_limit_kw": 20}, "slot 0: consumption of -90 kW must export"),
        ({"stored_min_kwh": [0, 40, 0, 0], "stored_max_kwh": [50, 30, 50, 50]}, "slot 1: .*at least 40"),
    ],
)
def test_an_infeasible_limit_is_named_with_slot_and_values(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(InfeasibleError, match=message) as caught:
        dispatch(problem(**changes))
    assert isinstance(caught.value, ValueError)


def test_the_published_bill_reduction_case_is_met_to_the_cent(shared_data: Path) -> None:
    """EPRI's DER-VET: 467,015.00 USD saved, of it 293,762.03 energy and 173,252.97 demand."""
    folder = shared_data / "dervet_bill"
    with (folder / "timeseries.csv").open(encoding="utf-8-sig") as stream:
        rows = list(csv.reader(stream))[1:]
    ends = [datetime.strptime(row[0], "%m/%d/%Y %H:%M") for row in rows]  # noqa: DTZ007 - no zone is meant
    load = np.array([float(row[2]) for row in rows])
    solar = 1000 * np.array([float(row[3]) for row in rows])
    with (folder / "tariff.csv").open(encoding="utf-8-sig") as stream:
        tariff = list(csv.DictReader(stream))
    buy = np.zeros(len(rows))
    demand_price = 0.0
    for slot, end in enumerate(ends):
        begin = end - timedelta(hours=1)
        hour_ending = begin.hour + 1
        weekday = begin.weekday() < 5
        for line in tariff:
            if line["Charge"].lower() == "demand":
                demand_price = float(line["Value"])
                continue
            in_months = int(line["Start Month"]) <= begin.month <= int(line["End Month"])
            in_hours = int(line["Start Time"]) <= hour_ending <= int(line["End Time"])
            in_days = int(line["Weekday?"]) in (2, 1 if weekday else 0)
            if in_months and in_hours and in_days and not line["Excluding Start Time"].strip():
                buy[slot] += float(line["Value"])
    month = np.array([(end - timedelta(hours=1)).month - 1 for end in ends])
    battery = Battery(1575, 1575, 9450, 0.91, 1, start_kwh=4725, end_kwh=4725)
    asked = DispatchProblem(
        step_hours=1,
        consumption_kw=load,
        solar_kw=solar,
        buy=buy,
        sell=buy,
        battery=battery,
        demand_price=demand_price,
        demand_period=month,
    )
    with_all = dispatch(asked)
    without = dispatch(replace(asked, battery=None, solar_kw=0.0))
    assert demand_price == 7.016
    assert without.energy_cost - with_all.energy_cost == pytest.approx(293_762.03, abs=1.0)
    assert without.cost - with_all.cost == pytest.approx(467_015.00, abs=0.01)


def test_the_work_grows_with_the_slots_alone() -> None:
    def steps(slots: int) -> float:
        hour = np.arange(slots) / 4 % 24
        rng = np.random.default_rng(5)
        asked = problem(
            step_hours=0.25,
            consumption_kw=rng.uniform(0, 900, slots),
            solar_kw=np.maximum(np.sin((hour - 6) / 12 * np.pi), 0) * 900,
            buy=0.5 + 0.3 * np.sin(hour) + rng.uniform(0, 0.1, slots),
            sell=0.1,
            battery=Battery(1000, 1000, 4000, 0.95, 0.95, self_discharge_per_hour=0.001),
        )
        return dispatch(asked).segment_steps / slots

    small, large = steps(2_000), steps(16_000)
    assert large == pytest.approx(small, rel=0.1)
    assert large < 60


def test_the_evaluator_answers_what_the_dispatch_answers(workshop_site: Site) -> None:
    evaluator = DispatchEvaluator(workshop_site())
    assert evaluator.compiled
    rng = np.random.default_rng(3)
    for _ in range(20):
        load = rng.uniform(0, 250, 85)
        money, price = evaluator.cost_and_price(load)
        answer = dispatch(workshop_site(load))
        assert money == pytest.approx(answer.cost, rel=1e-9)
        assert evaluator.cost(load) == money
        other = load + rng.normal(0, 20, 85)
        assert evaluator.cost(other) >= money + 0.25 * price @ (other - load) - 1e-7


def test_the_evaluator_answers_on_any_site(workshop_site: Site) -> None:
    load = np.full(85, 120.0)
    sites = (
        workshop_site(load, demand_period=np.arange(85) // 50),
        replace(workshop_site(load), sell=0.4, demand_price=0.0),
    )
    for site in sites:
        evaluator = DispatchEvaluator(site)
        assert not evaluator.compiled
        assert evaluator.cost(load) == pytest.approx(dispatch(site).cost, rel=1e-6)
    assert DispatchEvaluator(workshop_site(import_limit_kw=50)).cost(load * 9) == np.inf


def test_importing_the_room_loads_neither_solver_nor_compiler() -> None:
    import subprocess
    import sys

    code = "import juli.power, sys; assert not {'numba', 'highspy'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
