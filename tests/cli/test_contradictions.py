"""``juli check --rules``: what no plan can keep together."""

import json
import shutil
from pathlib import Path

from click.testing import CliRunner

from juli.cli.check import command


def test_rules_that_no_plan_keeps_together_are_named(tmp_path: Path, project: Path) -> None:
    folder = tmp_path / "works"
    shutil.copytree(project / "examples" / "tiny", folder)
    (folder / "orders.csv").write_text(
        "order,product,quantity,release,due,site,lateness_per_hour\n"
        "SO-1,CABINET,2,2023-12-18,2023-12-19,mill,60\n"
        "SO-9,CABINET,4,2023-12-20T16:00,2023-12-21,mill,60\n",
        encoding="utf-8",
    )
    assert CliRunner().invoke(command, [str(folder)]).exit_code == 0
    checked = CliRunner().invoke(command, [str(folder), "--rules", "--json"], catch_exceptions=False)
    assert checked.exit_code == 2
    answer = json.loads(checked.stdout)
    assert [(rule["rule"], rule["place"]) for rule in answer["contradiction"]] == [
        ("order", "order SO-9"),
        ("release", "order SO-9"),
        ("horizon", "plan"),
    ]
    assert answer["contradiction"][1]["message"] == "is released at 2023-12-20 16:00"
    assert answer["contradiction_is_smallest"]


def test_orders_that_fit_contradict_nothing(project: Path) -> None:
    folder = str(project / "examples" / "tiny")
    checked = CliRunner().invoke(command, [folder, "--rules", "--json"], catch_exceptions=False)
    assert checked.exit_code == 0
    assert json.loads(checked.stdout)["contradiction"] == []
