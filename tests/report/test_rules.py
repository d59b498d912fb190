"""Every rule of the judge has a sentence in both languages."""

import ast
import re
from pathlib import Path

import pytest

from juli.plan.checking import Violation
from juli.report.rules import RULES, broken_rule
from juli.report.violations import violation_text


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
    broken = Violation("shift", "cut-1", 3, "cut-1 has 3 slots on saw outside its shifts")
    assert broken_rule(broken, "zh") == ("只在班次内开机", "cut-1 在 saw 上有 3 个时段不在班次内")
    assert broken_rule(broken, "en")[1] == broken.message


def sample(node: ast.AST) -> str:
    """A string of the source, with 7 for each of its values."""
    if isinstance(node, ast.JoinedStr):
        return "".join(sample(part) if isinstance(part, ast.Constant) else "7" for part in node.values)
    return str(node.value) if isinstance(node, ast.Constant) else ""


def messages_of_the_judge(project: Path) -> set[str]:
    """What the checking modules say of violations: their strings of several words that are no docstring."""
    found = set()
    for file in (project / "src/juli/plan/checking").glob("*.py"):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        skipped = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            if isinstance(node, ast.JoinedStr):
                skipped |= {id(part) for part in ast.walk(node)} - {id(node)}
        strings = [n for n in ast.walk(tree) if isinstance(n, ast.Constant | ast.JoinedStr)]
        found |= {
            sample(n) for n in strings if id(n) not in skipped and re.search("[a-z]+ [a-z]+", sample(n))
        }
    return found


def test_every_message_of_the_judge_is_told_in_chinese(project: Path) -> None:
    messages = messages_of_the_judge(project) - {"m high", "m wide"}
    assert len(messages) > 60
    for message in messages:
        told = violation_text(message, "zh")
        assert not re.search("[a-z]{2,} [a-z]{2,}", told), told
        assert told.count("7") == message.count("7"), told


@pytest.mark.parametrize(
    ("message", "told"),
    [
        ("t1, 12 t, uses a>b: 5 t", "t1 重 12 吨，驶过限重 5 吨的 a>b"),
        ("t1, 4.2 m high, uses a>b: 4 m high", "t1 高 4.2 米，驶过限高 4 米的 a>b"),
        ("at 08:00 3 kW above the import limit (2 slots in all)", "08:00 超过购电限值 [kW] 3（共 2 个时段）"),
        ("40 mm of b1 return to stock: nothing returns to stock", "b1 回库 40 mm：不应有余料回库"),
        ("t1 carries 900 kg of 800 kg", "t1 装 900 kg，限 800 kg"),
    ],
)
def test_values_of_a_message_stand_where_they_belong(message: str, told: str) -> None:
    assert violation_text(message, "zh") == told
