"""The commands as their users type them."""

import json
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

Run = Callable[..., subprocess.CompletedProcess[str]]


def test_a_plan_is_made_kept_reported_and_found_again(juli: Run, tmp_path: Path) -> None:
    out = tmp_path / "out"
    made = juli("plan", "examples/tiny", "--iterations", "100", "--out", str(out), "--json")
    assert made.returncode == 0, made.stderr
    answer = json.loads(made.stdout)
    assert {"status", "cost", "bound", "gap", "violations", "late_orders", "seconds", "plan"} <= answer.keys()
    assert answer["violations"] == []
    assert answer["cost"]["total"] == pytest.approx(sum(v for k, v in answer["cost"].items() if k != "total"))
    assert Path(answer["plan"]).is_file()
    page = (out / "report.html").read_text(encoding="utf-8")
    assert "<script src" not in page
    assert "<link" not in page
    assert (out / "plan.xlsx").stat().st_size > 10_000
    listed = json.loads(juli("plans", "--json").stdout)
    assert [plan["id"] for plan in listed["plans"]] == [answer["id"]]
    shown = json.loads(juli("show", str(answer["id"]), "--json").stdout)
    assert shown["cost_money"] == pytest.approx(answer["cost"]["total"])
    assert "Total" in juli("show", str(answer["id"])).stdout


def test_a_plan_speaks_chinese(juli: Run) -> None:
    made = juli("plan", "examples/tiny", "--iterations", "20", "--lang", "zh")
    assert "合计" in made.stdout


def test_a_folder_without_a_plant_is_refused_with_the_mend(juli: Run, tmp_path: Path) -> None:
    refused = juli("plan", str(tmp_path))
    assert refused.returncode == 2
    assert "holds no plant.yaml" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_plan_that_is_not_there_is_refused(juli: Run) -> None:
    refused = juli("show", "77")
    assert refused.returncode == 2
    assert "no plan 77" in refused.stderr


def test_help_imports_no_command() -> None:
    heavy = "numpy polars pydantic ortools numba highspy pyvrp plotly sqlalchemy openpyxl rich"
    code = (
        "import sys; from juli.cli import juli\n"
        "juli.main(['--help'], standalone_mode=False)\n"
        f"print(set('{heavy}'.split()) & set(sys.modules), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "set()"


def test_help_is_quick(juli: Run) -> None:
    began = time.monotonic()
    assert juli("--help").returncode == 0
    assert time.monotonic() - began < 5.0  # far above the 0.4 s that it takes, for a machine under load


def test_a_new_plant_has_no_problem_and_plans(juli: Run, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    assert juli("init", str(folder)).returncode == 0
    checked = juli("check", str(folder), "--json")
    assert (checked.returncode, json.loads(checked.stdout)["problems"]) == (0, [])
    assert juli("plan", str(folder), "--iterations", "20").returncode == 0
    assert "not empty" in juli("init", str(folder)).stderr


def test_every_problem_is_listed_at_once_with_its_place(juli: Run, project: Path, tmp_path: Path) -> None:
    folder = tmp_path / "broken"
    shutil.copytree(project / "examples" / "tiny", folder)
    orders = (folder / "orders.csv").read_text(encoding="utf-8")
    (folder / "orders.csv").write_text(
        orders.replace("SO-2,BOX,6", "SO-2,BOXX,6").replace("SO-6,BOX,8", "SO-1,BOX,-8"), encoding="utf-8"
    )
    plant = (folder / "plant.yaml").read_text(encoding="utf-8")
    (folder / "plant.yaml").write_text(
        plant.replace("machines: [saw], minutes_per_unit: 15", "machines: [sawmill], minutes_per_unit: 15"),
        encoding="utf-8",
    )
    checked = juli("check", str(folder))
    assert checked.returncode == 2
    assert "BOXX" in checked.stdout
    assert "orders.csv:7" in checked.stdout
    assert "sawmill" in checked.stdout
    refused = juli("plan", str(folder))
    assert refused.returncode == 2
    assert "BOXX" in refused.stderr
    assert "Traceback" not in checked.stdout + checked.stderr + refused.stderr


def test_an_order_list_that_is_not_utf8_is_refused(juli: Run, project: Path, tmp_path: Path) -> None:
    folder = tmp_path / "gbk"
    shutil.copytree(project / "examples" / "tiny", folder)
    row = "order,product,quantity,due,remark\nA,BOX,1,2023-12-19,加急\n"
    (folder / "orders.csv").write_bytes(row.encode("gbk"))
    assert "is not UTF-8" in juli("check", str(folder)).stdout


@pytest.mark.parametrize(("what", "key"), [("plant", "machines"), ("plan", "runs")])
def test_the_schemas_are_json_schemas(juli: Run, what: str, key: str) -> None:
    schema = json.loads(juli("schema", "--what", what).stdout)
    Draft202012Validator.check_schema(schema)
    assert key in schema["properties"]


def test_the_commands_of_the_readme_run(juli: Run, project: Path, tmp_path: Path) -> None:
    text = (project / "README.md").read_text(encoding="utf-8").split("<!-- tested -->")[1].split("\n\n")[1]
    commands = [shlex.split(line) for line in text.splitlines()]
    assert len(commands) >= 4
    for name, *arguments in commands:
        assert name == "juli"
        done = juli(*(str(tmp_path / "out") if word == "out/tiny" else word for word in arguments))
        assert done.returncode == 0, (arguments, done.stderr)
