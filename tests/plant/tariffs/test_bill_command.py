"""``juli bill`` as its user meets it."""

import json
from pathlib import Path

import pytest

from juli.cli import main

TWO_PART = "jiangsu-2025-06-two-part-1-10kv"


@pytest.fixture
def load_file(tmp_path: Path) -> Path:
    path = tmp_path / "load.csv"
    rows = [
        f"2025-07-{day:02}T{hour:02}:{minute:02},100,{20 if 10 <= hour < 16 else 0},60"
        for day in range(1, 32)
        for hour in range(24)
        for minute in (0, 15, 30, 45)
    ]
    path.write_text("time,consumption_kw,solar_kw,reactive_kvar\n" + "\n".join(rows), encoding="utf-8")
    return path


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as left:
        main(["bill", *map(str, arguments)])
    printed = capsys.readouterr()
    return int(left.value.code or 0), printed.out, printed.err


def test_json_is_one_object_of_months_and_lines(load_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = run(
        capsys, load_file, "--tariff", TWO_PART, "--demand-mode", "measured_maximum", "--json"
    )
    answer = json.loads(out)
    assert status == 0
    assert answer["total_money"] == 56589.92
    assert answer["currency"] == "CNY"
    assert answer["money_by_kind"] == {"energy": 51469.92, "demand": 5120.0}
    (month,) = answer["months"]
    assert month["month"] == "2025-07"
    assert round(sum(line["money"] for line in month["lines"]), 2) == answer["total_money"]
    assert month["lines"][0] == {
        "kind": "energy",
        "name": "sharp",
        "quantity": 9300.0,
        "unit": "kWh",
        "price": 1.1604,
        "money": 10791.72,
        "components": {
            "purchase": {"price": 0.9504, "money": 8838.72},
            "network": {"price": 0.1357, "money": 1262.01},
            "losses": {"price": 0.017, "money": 158.1},
            "system": {"price": 0.028, "money": 260.4},
            "funds": {"price": 0.0293, "money": 272.49},
        },
    }


def test_the_table_shows_each_line_and_how_well_the_tariff_is_known(
    load_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, err = run(
        capsys,
        load_file,
        *("--tariff", TWO_PART, "--demand-mode", "contract_demand", "--contract-kw", 80),
        *("--capacity-kva", 200, "--solar-column", "solar_kw", "--reactive", "reactive_kvar"),
    )
    assert status == 0
    expected = ("2025-07", "sharp", "8,680.00 kWh", "contracted demand", "demand above 84 kW", "1,638.40")
    for text in expected:
        assert text in out
    assert "power factor 0.85, standard 0.90" in out
    assert "remembered, those of the end of 2023" in out
    assert err == ""


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--tariff", "jiangsu"], "there is no tariff 'jiangsu'"),
        (["--tariff", TWO_PART], "measured_maximum"),
        (["--tariff", TWO_PART, "--demand-mode", "contract_demand"], "give it"),
        (["--tariff", TWO_PART, "--demand-mode", "shared"], "Invalid value for '--demand-mode'"),
        (["--tariff", "flat", "--demand-mode", "measured_maximum"], "no capacity part"),
        (["--tariff", "flat", "--load-column", "kw"], "load.csv:1"),
        (["--tariff", "flat", "--time-zone", "Mars"], "'Mars' is no time zone"),
        (["--tariff", "jiangsu-2023-07-single-part-1-10kv"], "in force from 2023-07-01 to 2025-05-31"),
    ],
)
def test_bad_input_ends_with_status_2_and_a_sentence(
    load_file: Path, capsys: pytest.CaptureFixture[str], options: list[str], said: str
) -> None:
    status, out, err = run(capsys, load_file, *options)
    assert (status, out) == (2, "")
    assert said in err
    assert "Traceback" not in err


def test_any_date_reckons_with_a_tariff_that_is_not_in_force(
    load_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ("--tariff", "jiangsu-2023-07-single-part-1-10kv", "--any-date", "--json")
    status, out, _ = run(capsys, load_file, *options)
    assert (status, json.loads(out)["tariff"]) == (0, "jiangsu-2023-07-single-part-1-10kv")


def test_a_gap_is_told_with_its_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "gap.csv"
    path.write_text(
        "time,consumption_kw\n2025-07-01T00:00,1\n2025-07-01T01:00,1\n2025-07-01T03:00,1\n", encoding="utf-8"
    )
    status, _, err = run(capsys, path, "--tariff", "flat")
    assert status == 2
    assert "gap.csv:4: error: has a gap between 2025-07-01 01:00:00+08:00" in err
