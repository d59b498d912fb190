"""``juli schedule --joint``: a public instance behind a meter."""

import json
from pathlib import Path
from typing import Any

import pytest

from juli.cli import main

_INSTANCE = "2 2\n2 1 1 2 1 2 3\n2 2 1 3 2 2 1 2 1\n"
_CASE: dict[str, Any] = {
    "instance": "two.fjs",
    "slot_hours": 0.5,
    "deadline_slots": 12,
    "machine_kw": [20.0, 10.0],
    "buy": [0.3] * 6 + [1.1] * 6,
    "sell": 0.2,
    "solar_kw": 5.0,
    "battery": None,
    "demand_price": 2.0,
}


def _run(folder: Path, case: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    (folder / "two.fjs").write_text(_INSTANCE, encoding="utf-8")
    (folder / "case.json").write_text(json.dumps(case), encoding="utf-8")
    arguments = ["schedule", str(folder / "two.fjs"), "--joint", str(folder / "case.json")]
    with pytest.raises(SystemExit) as ended:
        main([*arguments, "--iterations", "300", "--json"])
    out, err = capsys.readouterr()
    return int(ended.value.code or 0), out, err


def test_the_answer_tells_site_cost_peak_bound_and_evaluations(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, _ = _run(tmp_path, _CASE, capsys)
    answer = json.loads(out)
    assert status == 0
    assert answer["evaluations"] > 0
    assert answer["bound"] <= answer["site_cost"]
    # Again, by hand: a slot's import, its price and the highest of them.
    load = [0.0] * 12
    for run in answer["runs"]:
        for slot in range(run["start"], run["end"]):
            load[slot] += _CASE["machine_kw"][run["machine"]]
    grid = [kw - 5.0 for kw in load]
    energy = sum(
        0.5 * (kw * price if kw > 0 else kw * 0.2) for kw, price in zip(grid, _CASE["buy"], strict=True)
    )
    assert answer["peak_kw"] == pytest.approx(max(grid))
    assert answer["site_cost"] == pytest.approx(energy + 2.0 * max(grid))


def test_a_battery_only_makes_it_cheaper(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, without, _ = _run(tmp_path, _CASE, capsys)
    battery = {
        "charge_kw": 10,
        "discharge_kw": 10,
        "energy_kwh": 20,
        "charge_efficiency": 0.95,
        "discharge_efficiency": 0.95,
        "start_kwh": 10,
        "end_kwh": 10,
    }
    _, with_one, _ = _run(tmp_path, {**_CASE, "battery": battery}, capsys)
    assert json.loads(with_one)["site_cost"] < json.loads(without)["site_cost"] - 0.01


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"machine_kw": [1.0]}, "machine_kw: error: holds 1 powers, and the instance has 2 machines"),
        ({"buy": [0.3]}, "buy: error: holds 1 entries"),
        ({"deadline_slots": 0}, "deadline_slots: error: is 0"),
        ({"battery": {"charge_kw": 1}}, "battery: error: can't be read"),
        ({"sell": 5.0}, "more than buying costs there"),
        ({"load_limit_kw": -1}, "load_limit_kw: error: is -1"),
        ({"slot_hours": None}, "slot_hours: error: is missing"),
        ({"machine_kw": [20.0, -1.0]}, "machine_kw: error: holds -1.0 for machine 1"),
        ({"solar_kw": -5.0}, "case.json: solar_kw"),
    ],
)
def test_a_wrong_case_is_refused_with_its_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], change: dict[str, Any], told: str
) -> None:
    status, out, err = _run(tmp_path, {**_CASE, **change}, capsys)
    assert (status, out) == (2, "")
    assert told in err


def test_a_limit_that_no_schedule_keeps_ends_without_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, err = _run(tmp_path, {**_CASE, "load_limit_kw": 15.0}, capsys)
    answer = json.loads(out)
    assert status == 3
    assert answer["site_cost"] is None
    assert answer["runs"] == []
    assert "no schedule" in err


def test_negative_prices_with_losses_give_a_plan_that_claims_no_bound(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    battery = {
        "charge_kw": 10,
        "discharge_kw": 10,
        "energy_kwh": 20,
        "charge_efficiency": 0.9,
        "discharge_efficiency": 0.9,
        "start_kwh": 10,
        "end_kwh": 10,
    }
    prices = {"buy": [-0.2] * 4 + [0.9] * 8, "sell": -0.3}
    status, out, _ = _run(tmp_path, {**_CASE, **prices, "battery": battery}, capsys)
    answer = json.loads(out)
    assert status == 0
    assert answer["bound"] is None
    # All work fits into the cheap slots; drawing there earns money, the battery's losses even more.
    assert all(run["end"] <= 4 for run in answer["runs"] if run["machine"] == 0)


def test_a_deadline_before_the_longest_job_ends_without_a_schedule(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    series = {"deadline_slots": 2, "buy": 0.3}
    status, out, err = _run(tmp_path, {**_CASE, **series}, capsys)
    assert status == 3
    assert json.loads(out)["runs"] == []
    assert "proven that not all can end by slot 2" in err


def test_jobs_that_cannot_end_in_time_are_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = _run(tmp_path, {**_CASE, "deadline_slots": 4, "buy": [0.3] * 4}, capsys)
    answer = json.loads(out)
    assert status == 3
    assert answer["site_cost"] is None
    assert {rule["place"] for rule in answer["contradiction"]} == {"job 0", "plan"}
    assert "job 0" in err
