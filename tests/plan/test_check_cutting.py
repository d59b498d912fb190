"""Each rule of cutting, broken alone."""

from dataclasses import replace

import pytest

from juli.plan.checking.cutting import check_cutting
from juli.plan.cutting import CutBar, CuttingPlan
from juli.plant.cutting import CuttingMachine, CuttingTask, Piece, StockBar

TASK = CuttingTask(
    stock=(StockBar(id="A", length_mm=3000), StockBar(id="B", length_mm=2000, quantity=2)),
    pieces=(Piece(id="leg", length_mm=900, quantity=4), Piece(id="arm", length_mm=500)),
    kerf_mm=4,
    end_trim_mm=10,
    least_offcut_mm=150,
    offcut_value=0.5,
    machines=(CuttingMachine(id="saw", longest_mm=4000, minutes_per_cut=2, minutes_per_setup=5),),
)
#: A: 10 + 3 legs + 3 kerfs + 278 back to stock; B: 10 + leg + arm + 2 kerfs + 582 back to stock.
GOOD = CuttingPlan(
    bars=(
        CutBar("A", 3000, ("leg", "leg", "leg"), 278, "saw", 0, 11, 1),
        CutBar("B", 2000, ("leg", "arm"), 582, "saw", 11, 20, 2),
    ),
    cost_mm=3000 - 139 + 2000 - 291,
    bound_mm=4400,
)


def test_a_sound_plan_breaks_no_rule() -> None:
    assert check_cutting(TASK, GOOD) == []


@pytest.mark.parametrize(
    ("bar", "change", "rule"),
    [
        (1, {"pieces": ("leg",)}, "pieces_once"),
        (1, {"pieces": ("leg", "arm", "ghost")}, "pieces_once"),
        (0, {"bar": "nowhere"}, "bars_there"),
        (1, {"bar": "A", "length_mm": 3000}, "bars_there"),
        (0, {"length_mm": 3001}, "bars_there"),
        (0, {"offcut_mm": 278.1}, "pieces_fit"),
        (1, {"offcut_mm": 149}, "pieces_fit"),
        (0, {"machine": "guillotine"}, "machine_takes_bar"),
        (1, {"begin_minutes": 10.5}, "machine_time"),
        (1, {"end_minutes": 19.5}, "machine_time"),
    ],
)
def test_a_broken_rule_is_found(bar: int, change: dict[str, object], rule: str) -> None:
    bars = list(GOOD.bars)
    bars[bar] = replace(bars[bar], **change)  # type: ignore[arg-type]  # any field
    assert rule in {violation.rule for violation in check_cutting(TASK, replace(GOOD, bars=tuple(bars)))}


def test_a_wrong_cost_and_a_bound_above_it_are_found() -> None:
    assert [v.rule for v in check_cutting(TASK, replace(GOOD, cost_mm=4569))] == ["cost_right"]
    assert [v.rule for v in check_cutting(TASK, replace(GOOD, bound_mm=4571))] == ["cost_right"]


def test_a_bar_that_is_too_long_for_its_machine_is_found() -> None:
    task = TASK.model_copy(update={"machines": (TASK.machines[0].model_copy(update={"longest_mm": 2500.0}),)})
    assert [violation.rule for violation in check_cutting(task, GOOD)] == ["machine_takes_bar"]
