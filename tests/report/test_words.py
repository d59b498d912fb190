"""Every word shown exists in both languages, and none is carried along unused."""

import ast
import re
from pathlib import Path
from string import Formatter

import pytest

from juli.plan import Category, Status
from juli.plant.road_map import AppliesTo
from juli.report.tables import PERIOD_ORDER
from juli.report.words import WORDS, word

#: Words that are looked up by a name put together at run time.
FAMILIES = (
    "column_",
    "category_",
    "period_",
    "flow_",
    "status_",
    "closed_to_",
    "sheet_",
    "cause_",
    "event_",
    "binding_",
    "mend_",
    "choice_",
    "usual_",
    "instance_",
)


def sources(project: Path) -> dict[Path, str]:
    folder = project / "src" / "juli" / "report"
    paths = [*folder.rglob("*.py"), *folder.rglob("*.j2")]
    return {path: path.read_text(encoding="utf-8") for path in paths if path.name != "words.py"}


def keys_used(text: str, path: Path) -> set[str]:
    if path.suffix == ".j2":
        return set(re.findall(r"\bw\('([a-z_0-9]+)'", text))
    return {
        node.args[0].value
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in ("word", "_tile")
        and isinstance(node.args[0], ast.Constant)
    }


def test_every_word_that_is_used_exists(project: Path) -> None:
    used = {key for path, text in sources(project).items() for key in keys_used(text, path)}
    assert len(used) > 60
    assert used <= WORDS.keys()


def test_no_word_is_carried_along_unused(project: Path) -> None:
    everything = "\n".join(sources(project).values())
    idle = [
        key
        for key in WORDS
        if not key.startswith(FAMILIES) and not re.search(rf"['\"]{key}['\"]", everything)
    ]
    assert idle == []


@pytest.mark.parametrize("key", WORDS)
def test_both_languages_say_the_same(key: str) -> None:
    chinese, english = WORDS[key]
    assert chinese.strip()
    assert english.strip()
    fields = [
        sorted({name for _, name, _, _ in Formatter().parse(text) if name}) for text in (chinese, english)
    ]
    assert fields[0] == fields[1]


def test_every_member_of_a_family_has_its_word() -> None:
    families = {
        "category_": [*Category, "total"],
        "period_": PERIOD_ORDER,
        "status_": Status,
        "closed_to_": AppliesTo,
    }
    missing = [
        f"{prefix}{name}"
        for prefix, names in families.items()
        for name in names
        if f"{prefix}{name}" not in WORDS
    ]
    assert missing == []


def test_a_week_has_seven_days_and_a_year_twelve_months() -> None:
    for language in ("zh", "en"):
        assert len(word("weekdays", language).split()) == 7
        assert len(word("months", language).split()) == 12
