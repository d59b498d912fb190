"""``juli dispatch`` at the keyboard."""

import json
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
