"""``juli plan --from --event`` and ``juli explain`` at the keyboard."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from juli.cli.explain import command as explain_command
from juli.cli.plan import command as plan_command

EVENT = """\
now: 2023-12-18T09:00
events:
  - {kind: machine_stop, machine: weld-robot, until: 2023-12-18T20:00}
"""

Run = Callable[..., Result]


@pytest.fixture(scope="module")
def told(project: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A plan of the tiny works, and the store that it is kept in."""
    folder = tmp_path_factory.mktemp("told")
    store = f"sqlite:///{folder / 'plans.sqlite'}"
    options = ["--iterations", "30", "--threads", "1", "--out", str(folder), "--store", store, "--json"]
    done = CliRunner().invoke(plan_command, [str(project / "examples" / "tiny"), *options])
    assert done.exit_code == 0, done.output
    return folder / "plan.json", store


@pytest.fixture
def replan(told: tuple[Path, str], project: Path, tmp_path: Path) -> Run:
    def run(*options: str, plan: str | None = None, event: str = EVENT) -> Result:
        (tmp_path / "event.yaml").write_text(event, encoding="utf-8")
        arguments = [str(project / "examples" / "tiny"), "--from", plan or str(told[0])]
        arguments += ["--event", str(tmp_path / "event.yaml"), "--store", told[1], "--iterations", "4"]
        return CliRunner().invoke(plan_command, [*arguments, *options])

    return run


def test_json_tells_the_changes_beside_what_every_plan_tells(replan: Run) -> None:
    answer = json.loads(replan("--json").stdout)
    assert {"status", "cost", "bound", "changes", "orders", "told", "untouched", "moved_untouched"} <= set(
        answer
    )
    assert answer["violations"] == []
    causes = {change["cause"] for change in answer["changes"]}
    assert causes <= {"broken", "follows", "cheaper", "settled", "new", "withdrawn"}


def test_a_kept_plan_is_found_by_its_number(replan: Run) -> None:
    assert replan("--json", plan="1").exit_code == 0


@pytest.mark.parametrize(
    ("language", "said"), [("en", "Operations that change, and why"), ("zh", "改动的工序及原因")]
)
def test_the_page_tells_what_changes_and_why(replan: Run, tmp_path: Path, language: str, said: str) -> None:
    answer = json.loads(replan("--lang", language, "--out", str(tmp_path / "new"), "--json").stdout)
    page = (tmp_path / "new" / "report.html").read_text(encoding="utf-8")
    assert answer["changes"]
    section = page[page.index('<section id="changes"') : page.index('<section id="money"')]
    assert said in section
    assert all(f"<td>{change['operation']}</td>" in section for change in answer["changes"])


def test_people_are_told_what_moved_and_why_in_their_language(replan: Run) -> None:
    assert "of the operations that people were told" in replan().stdout
    assert "已通知且未受事件影响的工序" in replan("--lang", "zh").stdout


def test_from_without_event_is_a_slip(told: tuple[Path, str], project: Path) -> None:
    done = CliRunner().invoke(plan_command, [str(project / "examples" / "tiny"), "--from", str(told[0])])
    assert done.exit_code == 2
    assert "go together" in done.output


def test_explain_tells_chain_and_price_as_json(told: tuple[Path, str], project: Path) -> None:
    arguments = [str(project / "examples" / "tiny"), "SO-3", "--plan", str(told[0]), "--iterations", "5"]
    answer = json.loads(CliRunner().invoke(explain_command, [*arguments, "--json"]).stdout)
    assert answer["order"] == "SO-3"
    assert answer["late_hours"] == 0
    assert answer["punctuality_money"] >= 0
    assert answer["chain"][0]["operation"].startswith("SO-3#")
    assert "关键链" in CliRunner().invoke(explain_command, [*arguments, "--lang", "zh"]).stdout


def test_the_stop_of_the_only_oven_to_the_end_is_named_with_what_needs_it(replan: Run) -> None:
    event = EVENT.replace("weld-robot", "oven").replace("2023-12-18T20:00", "2023-12-31T00:00")
    answered = replan("--json", event=event)
    assert answered.exit_code == 3
    answer = json.loads(answered.stdout)
    assert answer["contradiction"], "no rule is named"
    assert any("oven" in rule["place"] + rule["message"] for rule in answer["contradiction"])
    assert "oven" in answered.stderr
