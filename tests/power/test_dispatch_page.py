"""The page on dispatch can't rot: its code runs."""

import textwrap
from pathlib import Path
from typing import Any


def test_the_code_of_the_page_runs(project: Path) -> None:
    page = (project / "docs" / "dispatch.md").read_text(encoding="utf-8")
    code = textwrap.dedent("\n".join(line for line in page.splitlines() if line.startswith("    ")))
    names: dict[str, Any] = {}
    exec(code, names)
    assert names["answer"].exact
    assert names["life"].npv_money < 0  # a battery of two hours can't pay two millions
