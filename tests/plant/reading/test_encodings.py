"""Files as people really save them: empty, missing, in another encoding."""

from collections.abc import Callable
from pathlib import Path

import pytest

from juli.core.errors import Problem

Problems = Callable[[], tuple[Problem, ...]]

FILES = [
    "plant.yaml",
    "orders.csv",
    "forecast.csv",
    "roads.geojson",
    "notices/2023-12-16 和平路东环路路口.txt",
]


@pytest.mark.parametrize("name", FILES)
def test_an_empty_file_is_told(name: str, folder: Path, problems: Problems) -> None:
    (folder / name).write_bytes(b"")
    assert any(problem.place.startswith(name) for problem in problems())


@pytest.mark.parametrize("name", FILES[:-1])
def test_a_file_in_gbk_is_told_with_the_mend(name: str, folder: Path, problems: Problems) -> None:
    text = (folder / name).read_text(encoding="utf-8") + ("" if name.endswith("json") else "\n# 中文\n")
    (folder / name).write_bytes(text.encode("gbk", errors="replace"))
    found = [problem for problem in problems() if problem.place.startswith(name)]
    assert "UTF-8" in found[0].message
    assert "UTF-8" in found[0].mend


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16"])
def test_a_notice_is_read_in_whichever_usual_encoding_it_was_saved(encoding: str, folder: Path) -> None:
    from juli.plant.reading import read_folder

    before = read_folder(folder).demand
    text = (folder / FILES[-1]).read_text(encoding="utf-8")
    (folder / FILES[-1]).write_bytes(text.encode(encoding))
    after = read_folder(folder).demand
    assert before is not None
    assert after is not None
    assert after.notices == before.notices


def test_a_picture_among_the_notices_is_told(folder: Path, problems: Problems) -> None:
    (folder / FILES[-1]).write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4)
    assert any("in no encoding that is known" in problem.message for problem in problems())


def test_the_line_of_the_first_foreign_byte_is_named(folder: Path, problems: Problems) -> None:
    with (folder / "orders.csv").open("ab") as file:
        file.write("SO-7,BOX,1,,2023-12-20,,,备注\n".encode("gbk"))
    assert [problem.place for problem in problems()] == ["orders.csv:8"]


@pytest.mark.parametrize("name", ["orders.csv", "forecast.csv", "roads.geojson"])
def test_a_missing_file_is_told(name: str, folder: Path, problems: Problems) -> None:
    (folder / name).unlink()
    assert any(problem.place.startswith(name) for problem in problems())


def test_a_byte_order_mark_is_no_problem(folder: Path, problems: Problems) -> None:
    for name in FILES:
        (folder / name).write_bytes(b"\xef\xbb\xbf" + (folder / name).read_bytes())
    assert problems() == ()


def test_a_folder_without_a_plant_is_told_how_to_make_one(tmp_path: Path) -> None:
    from juli.plant.reading import read_folder

    (problem,) = read_folder(tmp_path / "nowhere").problems
    assert "holds no plant.yaml" in problem.message
    assert "juli init" in problem.mend


def test_a_notice_without_a_day_in_its_name_is_told(folder: Path, problems: Problems) -> None:
    (folder / FILES[-1]).rename(folder / "notices" / "和平路.txt")
    (problem,) = problems()
    assert problem.place == "notices/和平路.txt"
    assert "published" in problem.message
