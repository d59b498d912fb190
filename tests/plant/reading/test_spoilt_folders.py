"""However a plant's files are spoilt, the answer is a list of problems or a plant: never an exception."""

import shutil
import tempfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from juli.core.errors import Problem
from juli.plant.reading import read_folder
from juli.roads.announced import announced_closures

FILES = [
    "plant.yaml",
    "orders.csv",
    "forecast.csv",
    "roads.geojson",
    "notices/2023-12-16 和平路东环路路口.txt",
]
#: What slips in by accident, and what breaks parsers.
ODD = [
    *("", "-1", "0", "1e999", "nan", "null", "true", "[]", "{}", "'", '"', "99999999999999999999", "1e-300"),
    *("2023-02-30", "0001-01-01", "9999-12-31", "2023-12-18T00:00Z", "24:00", "25:99", "x" * 300, "表", "&a"),
    *(
        "*a",
        ": ",
        "\n",
        "\t",
        "..",
        "/",
        "Asia",
        "\x00",
        "[[[[[[",
        ",,,,",
        "\ufeff",
        "- ",
        "#",
        "%",
        "!!float",
    ),
]


@st.composite
def spoilt(draw: st.DrawFn, content: bytes) -> bytes:
    """Cut, double, change, or put something odd into a file."""
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(content)))
        until = min(at + draw(st.sampled_from([0, 1, 3, 10, 60])), len(content))
        kind = draw(st.sampled_from(["odd", "byte", "cut", "end", "line"]))
        if kind == "odd":
            content = content[:at] + draw(st.sampled_from(ODD)).encode() + content[until:]
        elif kind == "byte":
            content = content[:at] + bytes([draw(st.integers(0, 255))]) + content[at + 1 :]
        elif kind == "cut":
            content = content[:at] + content[until:]
        elif kind == "end":
            content = content[:at]
        else:
            lines = content.split(b"\n")
            lines.insert(draw(st.integers(0, len(lines))), lines[draw(st.integers(0, len(lines) - 1))])
            content = b"\n".join(lines)
    return content


@pytest.fixture(scope="module")
def pristine(project: Path) -> dict[str, bytes]:
    return {name: (project / "examples" / "tiny" / name).read_bytes() for name in FILES}


@settings(max_examples=150, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_spoilt_text_gives_problems_or_a_plant(pristine: dict[str, bytes], data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(FILES[:4] * 3 + FILES))
    content = data.draw(spoilt(pristine[name]))
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        (folder / "notices").mkdir()
        for other, text in (pristine | {name: content}).items():
            (folder / other).write_bytes(text)
        read = read_folder(folder)
    assert all(isinstance(problem, Problem) and problem.place and problem.mend for problem in read.problems)
    if not read.errors:
        _, demand = read.require()
        assert demand.road_map is not None
        announced_closures(demand.notices, demand.road_map)


@settings(max_examples=30, derandomize=True, deadline=None)
@given(data=st.data())
def test_spoilt_excel_gives_problems_or_orders(excel: bytes, project: Path, data: st.DataObject) -> None:
    content = data.draw(spoilt(excel))
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made) / "tiny"
        shutil.copytree(project / "examples" / "tiny", folder)
        (folder / "orders.csv").unlink()
        (folder / "orders.xlsx").write_bytes(content)
        read = read_folder(folder)
    assert read.errors or read.demand is not None


@pytest.fixture(scope="module")
def excel(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["order", "product", "quantity", "due"])
    sheet.append(["A", "BOX", 2, "2023-12-20"])
    path = tmp_path_factory.mktemp("excel") / "orders.xlsx"
    book.save(path)
    return path.read_bytes()
