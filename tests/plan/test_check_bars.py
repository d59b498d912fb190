"""Each rule of the bars that a schedule cuts, broken alone."""

from dataclasses import replace

import pytest

from juli.plan.bars import BarCut, BarPiece
from juli.plan.checking.bars import bar_violations
from juli.plan.result import Run
from juli.plant.cutting import Cut, Material, MaterialBar
from juli.plant.demand import Demand
from juli.plant.factory import Plant
from juli.plant.work import Operation, Work
from juli.solve.day import Day

LEGS = Cut(material="steel", length_mm=900, quantity=3)
ARMS = Cut(material="steel", length_mm=500, quantity=2)
RUNS = (Run("a", "saw", 0, 4), Run("b", "saw", 6, 9))
#: A: 10 + 3 legs + arm ahead + 4 kerfs + 774 back; then that: 10 + arm + kerf, the rest is scrap.
GOOD = (
    BarCut("A", "steel", 4000, "a", "saw", (*[BarPiece("a", 900)] * 3, BarPiece("b", 500)), 774, "A~1"),
    BarCut("A~1", "steel", 774, "b", "saw", (BarPiece("b", 500),)),
)


@pytest.fixture(scope="module")
def shop(tiny: Day) -> tuple[Plant, Demand, Work]:
    saw = tiny.plant.machines[0].model_copy(update={"id": "saw", "longest_bar_mm": 5000})
    steel = Material(id="steel", kerf_mm=4, end_trim_mm=10, least_offcut_mm=150)
    plant = tiny.plant.model_copy(update={"machines": (saw,), "materials": (steel,)})
    vars(plant).pop("machine_by_id", None)
    bars = (
        MaterialBar(id="A", material="steel", length_mm=4000),
        MaterialBar(id="L", material="steel", length_mm=6000),
    )
    operations = tuple(
        Operation(name, "SO-1", 1, "P", name, 1, (), {"saw": 1}, False, True, cuts=(cut,))
        for name, cut in (("a", LEGS), ("b", ARMS))
    )
    return plant, replace(tiny.demand, stock=bars), Work(operations)


def rules(
    shop: tuple[Plant, Demand, Work], cutting: tuple[BarCut, ...], runs: tuple[Run, ...] = RUNS
) -> set[str]:
    return {violation.rule for violation in bar_violations(*shop, runs, cutting)}


def test_a_sound_cutting_plan_breaks_no_rule(shop: tuple[Plant, Demand, Work]) -> None:
    assert rules(shop, GOOD) == set()


@pytest.mark.parametrize(
    ("bar", "change", "rule"),
    [
        (1, {"pieces": ()}, "pieces_once"),
        (1, {"pieces": (BarPiece("b", 500.1),)}, "pieces_once"),
        (0, {"bar": "nowhere"}, "bars_there"),
        (0, {"length_mm": 4000.1}, "bars_there"),
        (0, {"material": "copper"}, "bars_there"),
        (1, {"bar": "A", "length_mm": 4000}, "bars_there"),
        (1, {"length_mm": 775}, "offcuts_there"),
        (1, {"offcut_mm": 160, "offcut": "A~1"}, "offcuts_there"),
        (0, {"offcut_mm": 774.1}, "pieces_fit"),
        (1, {"offcut_mm": 149, "offcut": "A~2"}, "pieces_fit"),
        (1, {"offcut_mm": 160, "offcut": ""}, "pieces_fit"),
        (0, {"machine": "oven"}, "machine_takes_bar"),
        (0, {"bar": "L", "length_mm": 6000}, "machine_takes_bar"),
        (0, {"operation": "b"}, "cut_in_time"),
    ],
)
def test_a_broken_rule_is_named(
    shop: tuple[Plant, Demand, Work], bar: int, change: dict[str, object], rule: str
) -> None:
    cutting = list(GOOD)
    cutting[bar] = replace(cutting[bar], **change)  # type: ignore[arg-type]  # fields of several types
    assert rule in rules(shop, tuple(cutting))


def test_an_offcut_is_not_cut_before_it_is_left(shop: tuple[Plant, Demand, Work]) -> None:
    assert rules(shop, GOOD, (RUNS[0], Run("b", "saw", 3, 6))) == {"offcuts_there"}


def test_a_piece_is_not_cut_ahead_on_another_machine(shop: tuple[Plant, Demand, Work]) -> None:
    assert "cut_in_time" in rules(shop, GOOD, (RUNS[0], Run("b", "oven", 6, 9)))


def test_an_offcut_is_cut_once(shop: tuple[Plant, Demand, Work]) -> None:
    assert "offcuts_there" in rules(shop, (*GOOD, GOOD[1]))


def test_without_stock_nothing_has_to_be_cut(shop: tuple[Plant, Demand, Work]) -> None:
    plant, demand, work = shop
    assert rules((plant, replace(demand, stock=()), work), ()) == set()
