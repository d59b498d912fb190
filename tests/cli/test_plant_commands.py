"""juli init, check and schema as their users type them."""

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

Run = Callable[..., subprocess.CompletedProcess[str]]


def test_a_new_plant_is_written_and_plans_at_once(juli: Run, tmp_path: Path) -> None:
    folder = tmp_path / "works"
    made = juli("init", folder)
    assert made.returncode == 0, made.stderr
    checked = juli("check", folder)
    assert (checked.returncode, checked.stdout) == (0, f"{folder}: no errors, no warnings\n")
    store = f"sqlite:///{tmp_path / 'plans.sqlite'}"
    planned = juli("plan", folder, "--iterations", "20", "--store", store, "--json")
    assert planned.returncode == 0, planned.stderr
    assert json.loads(planned.stdout)["violations"] == []


def test_a_new_plant_stands_beside_its_schema(juli: Run, tmp_path: Path) -> None:
    juli("init", tmp_path / "works")
    first_line = (tmp_path / "works" / "plant.yaml").read_text(encoding="utf-8").splitlines()[0]
    assert first_line == "# yaml-language-server: $schema=plant.schema.json"
    schema = (tmp_path / "works" / "plant.schema.json").read_text(encoding="utf-8")
    assert schema == juli("schema").stdout


def test_a_new_plant_is_written_into_an_empty_folder(juli: Run, tmp_path: Path) -> None:
    (tmp_path / "works").mkdir()
    assert juli("init", tmp_path / "works").returncode == 0


def test_a_folder_that_holds_anything_is_left_alone(juli: Run, tmp_path: Path) -> None:
    kept = tmp_path / "works" / "plant.yaml"
    kept.parent.mkdir()
    kept.write_text("mine", encoding="utf-8")
    refused = juli("init", kept.parent)
    assert refused.returncode == 2
    assert "is not empty" in refused.stderr
    assert list(kept.parent.iterdir()) == [kept]
    assert kept.read_text(encoding="utf-8") == "mine"
    assert "is a file" in juli("init", kept).stderr


@pytest.mark.skipif(os.geteuid() == 0 and not Path("/proc").is_dir(), reason="root may write anywhere here")
def test_a_place_that_can_not_be_written_to_is_told(juli: Run) -> None:
    refused = juli("init", "/proc/works")
    assert refused.returncode == 2
    assert "can't be written" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_check_lists_every_problem_with_its_place_and_ends_with_status_2(juli: Run, tmp_path: Path) -> None:
    folder = tmp_path / "works"
    juli("init", folder)
    plant = folder / "plant.yaml"
    text = plant.read_text(encoding="utf-8")
    text = text.replace("running_kw: 8", "running_kw: -8").replace("machines: [oven]", "machines: [kiln]")
    plant.write_text(text, encoding="utf-8")
    checked = juli("check", folder)
    assert checked.returncode == 2
    *told, counted = checked.stdout.splitlines()
    assert len(told) == 2
    assert all(line.startswith("plant.yaml:") and ": error: " in line and " -> " in line for line in told)
    assert counted == f"{folder}: 2 errors, no warnings"
    as_json = json.loads(juli("check", folder, "--json").stdout)
    assert (as_json["errors"], as_json["warnings"]) == (2, 0)
    assert [
        f"{p['place']}: {p['severity']}: {p['message']} -> {p['mend']}" for p in as_json["problems"]
    ] == told


def test_plan_refuses_with_the_same_list(juli: Run, tmp_path: Path) -> None:
    folder = tmp_path / "works"
    juli("init", folder)
    (folder / "orders.csv").write_text("order,product,quantity,due\nA,BOAT,x,2026-03-03\n", encoding="utf-8")
    told = juli("check", folder).stdout.splitlines()[:-1]
    refused = juli("plan", folder)
    assert refused.returncode == 2
    assert refused.stderr.splitlines() == told
    assert len(told) == 2


def test_warnings_are_shown_and_do_not_fail(juli: Run, tmp_path: Path) -> None:
    folder = tmp_path / "works"
    juli("init", folder)
    plant = folder / "plant.yaml"
    plant.write_text(plant.read_text(encoding="utf-8").replace("wear_per_kwh: 0.02", "wear_per_kwh: 20.5"))
    notice = folder / "notices" / "2026-02-28 不清楚.txt"
    notice.write_text("自2026年4月31日起至5月3日止，桥路与河街交叉口半封闭施工。", encoding="utf-8")
    checked = juli("check", folder)
    assert checked.returncode == 0
    assert "wear_per_kwh is 20.5 CNY per kWh" in checked.stdout
    assert "notices/2026-02-28 不清楚.txt: warning: " in checked.stdout


def test_check_of_a_folder_that_is_not_there_tells_how_to_make_one(juli: Run, tmp_path: Path) -> None:
    checked = juli("check", tmp_path / "nowhere", "--json")
    assert checked.returncode == 2
    assert "juli init" in json.loads(checked.stdout)["problems"][0]["mend"]


@pytest.mark.parametrize("what", ["plant", "plan"])
def test_the_schemas_are_schemas(what: str, juli: Run, project: Path) -> None:
    printed = juli("schema", "--what", what).stdout
    Draft202012Validator.check_schema(json.loads(printed))
    assert (project / "docs" / f"{what}.schema.json").read_text(encoding="utf-8") == printed
