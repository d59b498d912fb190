"""A copy of the tiny works to spoil, and what Juli says of it."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from juli.core.errors import Problem
from juli.plant.reading import read_folder

Edit = Callable[[str, str, str], None]
Problems = Callable[[], tuple[Problem, ...]]


@pytest.fixture
def folder(project: Path, tmp_path: Path) -> Path:
    copied = tmp_path / "tiny"
    shutil.copytree(project / "examples" / "tiny", copied)
    return copied


@pytest.fixture
def edit(folder: Path) -> Edit:
    """Replace the first place where a text stands in a file."""

    def replace(name: str, old: str, new: str) -> None:
        text = (folder / name).read_text(encoding="utf-8")
        assert old in text, f"{name} does not hold {old!r}"
        (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")

    return replace


@pytest.fixture
def problems(folder: Path) -> Problems:
    return lambda: read_folder(folder).problems
