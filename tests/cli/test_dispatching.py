"""``juli dispatch`` at the keyboard."""

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from juli.cli.dispatch import command
from juli.core.errors import InputError

BATTERY = (
    "battery: {charge_kw: 50, discharge_kw: 50, energy_kwh: 50, "
    "charge_efficiency: 1, discharge_efficiency: 1}"
)
SITE = f"step_hours: 1\nconsumption_kw: [100, 100, 100, 100]\nbuy: [0.2, 0.2, 1, 1]\nsell: 0\n{BATTERY}\n"


def run(folder: Path, text: str, *options: str) -> Result:
    file = folder / "site.yaml"
    file.write_text(text, encoding="utf-8")
    return CliRunner().invoke(command, [str(file), *options], catch_exceptions=False)


def test_json_is_one_object_with_the_dispatchs_keys(tmp_path: Path) -> None:
    done = run(tmp_path, SITE, "--json")
    answer = json.loads(done.stdout)
    assert answer["cost"] == pytest.approx(200)
    assert answer["exact"] is True
    assert len(answer["stored_kwh"]) == 5
    keys = {
        "energy_cost",
        "demand_cost",
        "wear_cost",
        "battery_kw",
        "grid_kw",
        "price_of_consumption",
        "engine",
    }
    assert keys <= set(answer)


def test_a_reader_sees_cost_peak_and_cycles(tmp_path: Path) -> None:
    text = run(tmp_path, SITE + "demand_price: 0.1\n").stdout
    for words in ("energy cost", "demand cost", "saved", "highest import", "full cycles"):
        assert words in text


def test_a_chinese_reader_sees_no_english(tmp_path: Path) -> None:
    text = run(tmp_path, SITE + "demand_price: 0.1\n", "--lang", "zh").stdout
    for words in ("电量电费", "需量电费", "节省", "最高购电", "等效满循环"):
        assert words in text
    assert not re.search("[A-Za-z]{2,}", text.replace("kW", "")), text


def test_series_come_from_a_csv_with_its_step(tmp_path: Path) -> None:
    rows = ["time,consumption_kw,solar_kw,buy,sell"]
    rows += [f"2025-01-31T{22 + k // 4:02}:{k % 4 * 15:02},{100 + k},0,0.5,0" for k in range(8)]
    (tmp_path / "load.csv").write_text("\n".join(rows), encoding="utf-8")
    asked = f"series: load.csv\n{BATTERY}\ndemand_price: 2\ndemand_period: month\n"
    answer = json.loads(run(tmp_path, asked, "--json").stdout)
    assert len(answer["grid_kw"]) == 8
    assert len(answer["peak_kw"]) == 1
    assert answer["cost"] == pytest.approx(0.5 * 0.25 * sum(range(100, 108)) + 2 * answer["peak_kw"][0])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            SITE.replace("energy_kwh", "enery_kwh"),
            "site.yaml:5.*'enery_kwh' is unknown -> write 'energy_kwh'",
        ),
        (SITE.replace("100, 100]", "x, 100]"), "site.yaml:2: .*consumption_kw"),
        (SITE.replace("sell: 0", "sell: [0, 0]"), "site.yaml:4: .*2 values"),
        (SITE.replace("sell: 0\n", ""), "site.yaml: .*lacks sell"),
        (
            SITE.replace("50, charge_eff", "50, start_kwh: 70, charge_eff"),
            "site.yaml:5: .*70.0 kWh lies outside",
        ),
        ("series: absent.csv\n", "absent.csv: .*can't be read"),
    ],
)
def test_what_is_wrong_is_named_with_file_and_line(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        run(tmp_path, text)


DAY = list(range(24))
LOAD = [300 + 200 * (8 <= hour < 18) for hour in DAY]
DATED = f"step_hours: 1\nstart: 2025-07-01\nconsumption_kw: {LOAD}\n"
TARIFF = "tariff: jiangsu-2025-06-two-part-1-10kv\n"
MODES = {
    "measured_maximum": "demand_mode: measured_maximum\n",
    "contract_demand": "demand_mode: contract_demand\ncontract_kw: 500\n",
    "transformer_capacity": "demand_mode: transformer_capacity\ncapacity_kva: 800\n",
}
VESSELS = "battery: {chemistry: nickel_hydrogen, energy_kwh: 800, power_kw: 200, temperature_celsius: 20}\n"


@pytest.mark.parametrize("mode", MODES)
def test_a_tariff_s_dispatch_costs_what_the_judge_bills(tmp_path: Path, mode: str) -> None:
    answer = json.loads(run(tmp_path, DATED + TARIFF + MODES[mode] + VESSELS, "--json").stdout)
    tariff = answer["tariff"]
    # The load-factor discount needs 260 kWh per kVA, which one day doesn't reach.
    billed = tariff["bill"]["total_money"]
    assert billed == pytest.approx(answer["cost"] + tariff["fixed_money"], abs=0.05)
    assert tariff["bill_without"]["total_money"] > billed


def test_shaving_earns_where_the_peak_is_paid_and_nothing_below_105_percent_of_a_contract(
    tmp_path: Path,
) -> None:
    worth = {}
    for mode, said in MODES.items():
        done = run(tmp_path, DATED + TARIFF + said + VESSELS, "--worth", "--json")
        worth[mode] = json.loads(done.stdout)["worth"]
    assert worth["measured_maximum"]["demand"]["alone"] > 50 * 51.2
    # The site never imports more than 500 kW, the contract's 105 % are 525: shaving is worth nothing. A
    # battery for shaving alone only loses what it discharges by itself; the contract limits its charging.
    assert -10 < worth["contract_demand"]["demand"]["alone"] <= 0
    assert worth["contract_demand"]["demand"]["left_out"] <= 0
    assert "demand" not in worth["transformer_capacity"]


def test_the_plan_is_shown_beside_what_the_physics_made_of_it(tmp_path: Path) -> None:
    answer = json.loads(run(tmp_path, DATED + TARIFF + MODES["measured_maximum"] + VESSELS, "--json").stdout)
    physics = answer["physics"]
    assert physics["follows"] is True
    assert physics["money_difference"] == pytest.approx(physics["actual_cost"] - physics["planned_cost"])
    assert physics["planned_cost"] == pytest.approx(answer["cost"])
    assert 40 < physics["highest_bar"] < physics["pressure_limit_bar"]
    assert len(physics["actual_stored_kwh"]) == 25


def test_a_plan_that_the_pressure_limit_forbids_is_repaired(tmp_path: Path) -> None:
    low = VESSELS.replace("20}", "20, pressure_limit_bar: 45}")
    answer = json.loads(run(tmp_path, DATED + TARIFF + MODES["measured_maximum"] + low, "--json").stdout)
    assert answer["physics"]["repairs"] > 0
    assert answer["physics"]["follows"] is True
    assert answer["physics"]["highest_bar"] < 46
    free = json.loads(run(tmp_path, DATED + TARIFF + MODES["measured_maximum"] + VESSELS, "--json").stdout)
    assert answer["cost"] > free["cost"]


SERVICES = (
    "services:\n"
    "  calls:\n"
    "    - {first_slot: 15, last_slot: 16, committed_kw: 100, baseline_kw: 500, pay_per_kwh: 3}\n"
    "  regulation: {capability_price: 60, performance_price: 5}\n"
)


def test_services_are_stacked_and_each_one_s_worth_is_told(tmp_path: Path) -> None:
    text = DATED + TARIFF + MODES["measured_maximum"] + VESSELS + SERVICES
    answer = json.loads(run(tmp_path, text, "--json").stdout)
    services = answer["services"]
    assert services["calls"][0]["took_part"] is True
    assert services["regulation"]["income"] > 0
    assert services["cost"] == pytest.approx(
        answer["cost"] - services["call_income"] - services["regulation"]["income"]
    )
    assert list(answer["worth"]) == ["arbitrage", "demand", "calls", "regulation", "stack"]
    saved = services["cost_without"] - services["cost"]
    assert answer["worth"]["stack"]["alone"] == pytest.approx(saved, rel=1e-6)
    assert answer["physics"]["planned_cost"] == pytest.approx(services["cost"])
    text = run(tmp_path, text).stdout
    for words in ("alone", "lost if left out", "frequency regulation", "takes part", "PJM score", "K1·K2"):
        assert words in text


def test_keys_appear_only_when_asked_for(tmp_path: Path) -> None:
    answer = json.loads(run(tmp_path, SITE, "--json").stdout)
    assert not {"services", "worth", "physics", "tariff", "years", "rolling", "notes"} & set(answer)


def test_rolling_tells_its_regret_against_perfect_foresight(tmp_path: Path) -> None:
    rows = ["time,consumption_kw,forecast_consumption_kw"]
    rows += [
        f"2025-07-{1 + k // 24:02}T{k % 24:02}:00,{LOAD[k % 24] + 40 * (k % 5)},{LOAD[k % 24]}"
        for k in range(96)
    ]
    (tmp_path / "load.csv").write_text("\n".join(rows), encoding="utf-8")
    text = f"series: load.csv\n{TARIFF}{MODES['measured_maximum']}{VESSELS}"
    answer = json.loads(run(tmp_path, text, "--rolling", "hour", "--json").stdout)["rolling"]
    assert answer["plans"] == 96
    assert answer["forecasts"] == {
        "consumption_kw": "given", "solar_kw": "naive", "buy": "known", "sell": "known"
    }  # fmt: skip
    assert answer["regret"] == pytest.approx(answer["cost"] - answer["perfect_foresight_cost"])
    assert answer["perfect_foresight_cost"] < answer["cost"] < answer["cost_without"]
    assert answer["forecast_error_kw"] == pytest.approx(80, abs=2)
    words = run(tmp_path, text, "--rolling", "day").stdout
    assert "4 plans, every 24 h" in words
    assert "regret" in words


def test_rolling_beyond_a_limit_says_so_and_exits_with_1(tmp_path: Path) -> None:
    load = f"step_hours: 1\nconsumption_kw: {[100] * 23 + [400]}\nbuy: 1\nsell: 0\n"
    answer = run(tmp_path, f"{load}import_limit_kw: 360\n{BATTERY}\n", "--rolling", "slot")
    assert answer.exit_code == 1
    assert "beyond the limits" in answer.stdout


def test_rolling_refuses_what_it_can_not_run(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"site.yaml:6: .*calls, regulation and ramps it can't"):
        run(tmp_path, DATED + TARIFF + VESSELS + SERVICES + MODES["measured_maximum"], "--rolling", "slot")
    with pytest.raises(InputError, match="needs a battery"):
        run(tmp_path, SITE.replace(BATTERY, ""), "--rolling", "slot")


def test_years_tell_what_the_battery_comes_to(tmp_path: Path) -> None:
    text = DATED + TARIFF + MODES["measured_maximum"] + VESSELS
    prices = (
        "economics: {price_per_kwh: 500, price_per_kw: 100, yearly_cost_share: 0.01, discount_rate: 0.05}\n"
    )
    answer = json.loads(run(tmp_path, text + prices, "--years", "6", "--json").stdout)["years"]
    flows = answer["cash_flow_money"]
    assert flows[0] == -(800 * 500 + 200 * 100)
    assert answer["npv_money"] == pytest.approx(sum(flow / 1.05**year for year, flow in enumerate(flows)))
    years = answer["years"]
    assert [year["year"] for year in years] == [1, 2, 3, 4, 5, 6]
    assert years[5]["energy_kwh"] < years[0]["energy_kwh"]
    assert years[0]["saving_money"] == pytest.approx(sum(years[0]["saving_by_source"].values()), abs=0.02)
    said = run(tmp_path, text + prices, "--years", "6").stdout
    for words in ("net present value", "internal return", "payback", "cost of storage"):
        assert words in said


def test_years_need_a_price(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="--years needs the battery's price"):
        run(tmp_path, SITE, "--years", "5")
    with pytest.raises(InputError, match=r"site.yaml:6: .*lacks cost_money"):
        run(tmp_path, SITE + "economics: {discount_rate: 0.05}\n", "--years", "5")
    with pytest.raises(InputError, match=r"site.yaml:6: .*write 'price_per_kwh'"):
        run(tmp_path, SITE + "economics: {price_kwh: 5}\n", "--years", "5")
