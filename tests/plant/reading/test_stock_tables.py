"""The stock beside a plant: read, and each problem told with its line."""

from collections.abc import Callable
from pathlib import Path

import pytest

from juli.core.errors import Problem, Severity
from juli.plant.reading import read_folder

HEADER = "bar,material,length_mm,quantity\n"
BAR = "P-1,profile,6011.5,\n"
MATERIALS = "materials:\n  - {id: profile, kerf_mm: 3}\nproducts:\n"
CUT = "{operation: cut, machines: [saw], minutes_per_unit: 15, setup_minutes: 5}"
CUTS = CUT.replace("}", ", cuts: [{material: profile, length_mm: 2100, quantity: 4}]}")
Problems = Callable[[], tuple[Problem, ...]]

ERRORS = {
    "an unknown material": ("profile", "gold", "unknown material 'gold'; name one of profile"),
    "a length in words": ("6011.5", "long", "length_mm 'long' is no number"),
    "a length finer than any saw": ("6011.5", "6011.57", "finer than a tenth"),
    "half a bar": (",\n", ",1.5\n", "no whole number"),
    "no bar": (",\n", ",0\n", "quantity is 0"),
}


@pytest.fixture
def cutting_folder(folder: Path) -> Path:
    plant = folder / "plant.yaml"
    text = plant.read_text(encoding="utf-8").replace("products:\n", MATERIALS).replace(CUT, CUTS)
    assert CUTS in text
    plant.write_text(text, encoding="utf-8")
    return folder


def test_bars_are_read_with_their_measured_lengths(cutting_folder: Path) -> None:
    text = HEADER + BAR + "P-2,profile,6000,unlimited\n"
    (cutting_folder / "stock.csv").write_text(text, encoding="utf-8")
    _, demand = read_folder(cutting_folder).require()
    told = [(bar.id, bar.material, bar.length_mm, bar.quantity) for bar in demand.stock]
    assert told == [("P-1", "profile", 6011.5, 1), ("P-2", "profile", 6000, "unlimited")]


@pytest.mark.parametrize("what", ERRORS)
def test_an_error_is_told_with_its_line(what: str, cutting_folder: Path, problems: Problems) -> None:
    old, new, message = ERRORS[what]
    (cutting_folder / "stock.csv").write_text(HEADER + BAR.replace(old, new), encoding="utf-8")
    told = [problem for problem in problems() if problem.severity is Severity.ERROR]
    assert any(p.place.startswith("stock.csv:2") and message in f"{p.message}; {p.mend}" for p in told), told


def test_a_bar_that_is_told_twice_is_an_error(cutting_folder: Path, problems: Problems) -> None:
    (cutting_folder / "stock.csv").write_text(HEADER + BAR + BAR, encoding="utf-8")
    assert any("P-1 stands in stock.csv:2 already" in problem.message for problem in problems())


def test_a_stock_shorter_than_the_orders_is_a_warning(cutting_folder: Path, problems: Problems) -> None:
    (cutting_folder / "stock.csv").write_text(HEADER + BAR, encoding="utf-8")
    (told,) = [problem for problem in problems() if problem.place == "stock.csv"]
    assert told.severity is Severity.WARNING
    assert "6.0 m are there" in told.message


def test_a_step_that_cuts_an_unknown_material_is_named(cutting_folder: Path, problems: Problems) -> None:
    plant = cutting_folder / "plant.yaml"
    plant.write_text(plant.read_text(encoding="utf-8").replace(MATERIALS, "products:\n"), encoding="utf-8")
    assert any("FRAME/cut cuts the unknown material profile" in problem.message for problem in problems())
