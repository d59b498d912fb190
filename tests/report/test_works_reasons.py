"""Every reason that the roads give is told in Chinese where Chinese is asked for."""

import ast
import re
from pathlib import Path

import pytest

from juli.core.errors import Problem, Severity
from juli.report.works.reasons import problem_text, reason, unsure_text

ROADS = Path(__file__).resolve().parents[2] / "src" / "juli" / "roads"
GIVING = [*sorted((ROADS / "notices").glob("*.py")), ROADS / "closing.py", ROADS / "delay.py"]
GIVING += [ROADS / "wzdx" / name for name in ("notice_works.py", "pieces.py", "reading.py")]
#: Errors that stop a command, and a name; they are no reasons.
STOPS = {
    'has no "feed_info" and "features"',
    "not a feed: nested too deeply",
    "is of version 甲路",
    "side file",
}


def sample(node):
    """A string of the source, its values replaced by a road's name."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    return "".join(sample(part) if isinstance(part, ast.Constant) else "甲路" for part in node.values)


def given(path):
    """The sentences in a module's code: strings of several English words that are no docstring."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    skipped = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            skipped |= {id(part) for part in ast.walk(node)} - {id(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant | ast.JoinedStr) and id(node) not in skipped:
            words = re.findall(r"[A-Za-z']+", sample(node))
            if len(words) > 1 and " " in sample(node) and "\\" not in sample(node):
                yield sample(node)


REASONS = sorted({text for path in GIVING for text in given(path)} - STOPS)


def test_the_reasons_are_found():
    assert len(REASONS) > 100
    assert "no road could be made out" in REASONS


@pytest.mark.parametrize("text", REASONS)
def test_a_reason_is_told_in_chinese(text):
    told = reason(text, "zh")
    assert not re.search(r"[A-Za-z]{2,} [a-z]{2,}", told), told
    assert told.count("甲路") == text.count("甲路")
    assert reason(text, "en") == text


def test_values_stand_where_they_belong():
    assert reason("the map town has no road 腾龙路 (like it: 腾龙大道); nothing is closed", "zh") == (
        "地图“town”上没有腾龙路（相近的有：腾龙大道）；没有封闭任何道路"
    )
    assert reason("its end could not be read: no end is given (12月20日起)", "zh") == (
        "未能读懂结束时间：没有结束时间（12月20日起）"
    )
    assert reason("something new", "zh") == "something new"


def test_problems_and_doubts_read_as_one_line():
    problem = Problem(
        "notice", "lanes are taken, but every turn stays open", "expect queues", Severity.WARNING
    )
    assert problem_text(problem, "zh") == "notice：提醒：占用车道，但各方向仍可通行 → 请预计排队"
    assert problem_text(problem, "en") == str(problem)
    assert (
        unsure_text("start", "when this holds is not told", "近日", "zh")
        == "开始时间：未说明何时实行（近日）"
    )
    assert unsure_text("start", "when this holds is not told", "近日", "en") == (
        "start: when this holds is not told (近日)"
    )
