"""Every rule of the judge has a sentence in both languages."""

import ast
from pathlib import Path

import pytest

from juli.plan.checking import Violation
from juli.report.rules import RULES, broken_rule


def rules_of_the_judge(project: Path) -> set[str]:
    """The names that the checking modules give to violations, read from their source."""
    found = set()
    for file in (project / "src/juli/plan/checking").glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("Violation", "_worst"):
                name = node.args[0]
                if isinstance(name, ast.Constant):
                    found.add(str(name.value))
    return found


def test_every_rule_of_the_judge_has_a_sentence_and_no_sentence_is_left_over(project: Path) -> None:
    assert rules_of_the_judge(project) == set(RULES)


@pytest.mark.parametrize("place", [0, 1])
def test_no_two_rules_say_the_same(place: int) -> None:
    sentences = [sentence[place] for sentence in RULES.values()]
    assert len(set(sentences)) == len(sentences)


def test_a_report_in_chinese_names_the_rule_in_chinese() -> None:
    broken = Violation("shift", "cut-1", 3, "cut-1 has 3 slots outside its shifts")
    assert broken_rule(broken, "zh") == ("只在班次内开机", "cut-1 has 3 slots outside its shifts")
