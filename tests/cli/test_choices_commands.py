"""``juli plan --compare`` and ``--scenarios`` at the keyboard."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from juli.cli.plan import command

Run = Callable[..., Result]


@pytest.fixture
def plan(project: Path, tmp_path: Path) -> Run:
    def run(*options: str) -> Result:
        arguments = [str(project / "examples" / "tiny"), "--iterations", "8", "--threads", "1"]
        arguments += ["--store", f"sqlite:///{tmp_path / 'plans.sqlite'}"]
        return CliRunner().invoke(command, [*arguments, *options])

    return run


def test_a_comparison_is_one_json_object(plan: Run, tmp_path: Path) -> None:
    done = plan("--compare", "--json", "--out", str(tmp_path / "out"))
    assert done.exit_code == 0, done.output
    answer = json.loads(done.stdout)
    told = answer["comparison"]
    costs = {one["choice"]: one["cost"]["total"] for one in told["variants"]}
    assert list(costs) == ["sequential", "joint", "no_battery", "no_solar", "no_flexibility"]
    assert answer["cost"]["total"] == costs["joint"]
    assert told["saved"] == pytest.approx(costs["sequential"] - costs["joint"])
    assert told["saved"] >= 0
    assert (told["co2_kg_per_kwh"], told["co2_year"]) == (0.537, 2022)
    for one in told["variants"]:
        assert sum(one["cost"].values()) == pytest.approx(2 * one["cost"]["total"])
        assert sum(one["import_kwh_by_period"].values()) == pytest.approx(one["import_kwh"])
        assert one["co2_kg"] == pytest.approx(0.537 * one["import_kwh"])
        assert one["violations"] == []
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert 'id="compare-figure"' in page
    assert "Choices compared" in page


def test_a_comparison_is_a_table_for_people(plan: Run) -> None:
    done = plan("--compare", "--lang", "zh")
    assert done.exit_code == 0
    for text in ("各方案并列", "依次规划", "联合，无电池", "碳排放 [t]", "电网排放因子，2022"):
        assert text in done.stdout
    assert "juli: plan 1: one thing after the other" in done.stderr


def test_scenarios_tell_the_cost_in_each(plan: Run, tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text("scenarios:\n  - {name: told, weight: 3}\n  - {name: fog, solar: 0}\n", encoding="utf-8")
    arguments = ["--scenarios", str(file), "--risk", "cvar", "--alpha", "0.7", "--out", str(tmp_path / "out")]
    answer = json.loads(plan(*arguments, "--json").stdout)
    told = answer["scenarios"]
    assert [(one["name"], one["weight"]) for one in told["each"]] == [("told", 0.75), ("fog", 0.25)]
    assert told["mean"] == pytest.approx(sum(one["weight"] * one["cost"] for one in told["each"]))
    assert told["mean"] < told["cvar"] < told["each"][1]["cost"]
    assert answer["cost"]["total"] == pytest.approx(told["each"][0]["cost"])
    assert answer["violations"] == []
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert 'id="scenarios-figure"' in page


def test_the_usual_scenarios_have_names_in_both_languages(plan: Run) -> None:
    assert "阴（光伏 × 0.6）" in plan("--scenarios", "usual", "--lang", "zh").stdout
    assert "high load (× 1.1)" in plan("--scenarios", "usual").stdout


def test_only_one_of_them_is_asked_for_at_a_time(plan: Run) -> None:
    done = plan("--compare", "--scenarios", "usual")
    assert done.exit_code == 2
    assert "one at a time" in done.output
