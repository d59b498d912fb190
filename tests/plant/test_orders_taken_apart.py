"""Orders taken apart into lots, and lots into the operations of a tree of parts."""

import math
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from juli.core.grid import TimeGrid
from juli.plant.demand import Order
from juli.plant.factory import Plant
from juli.plant.product import Product
from juli.plant.work import Work, expand_orders, lots

MONDAY = datetime(2023, 12, 18, tzinfo=ZoneInfo("Asia/Shanghai"))
GRID = TimeGrid(MONDAY, timedelta(minutes=5), 288)


def order(product: str, quantity: float) -> Order:
    return Order("SO-1", product, quantity, MONDAY, MONDAY + timedelta(days=1))


def plant(products: list[dict[str, Any]], **machine: Any) -> Plant:
    return Plant.model_validate(
        {
            "name": "works",
            "planning": {"start": MONDAY},
            "calendars": {"all": {"shifts": [{"from": "00:00", "to": "00:00"}]}},
            "machines": [
                {"id": "m", "calendar": "all", "power": {"running_kw": 1}, **machine},
                {"id": "n", "calendar": "all", "power": {"running_kw": 1}},
            ],
            "products": products,
            "grid": {"tariff": "flat"},
        }
    )


def step(operation: str, **more: Any) -> dict[str, Any]:
    return {"operation": operation, "machines": ["m"], "minutes_per_unit": 10, **more}


def taken_apart(products: list[dict[str, Any]], quantity: float = 1, **machine: Any) -> Work:
    return expand_orders(plant(products, **machine), [order(products[0]["id"], quantity)], GRID)


def test_a_set_waits_for_the_last_operations_of_its_parts() -> None:
    work = taken_apart(
        [
            {
                "id": "SET",
                "bill_of_materials": [{"product": "FRAME"}, {"product": "DOOR"}],
                "routing": [step("fit")],
            },
            {"id": "FRAME", "routing": [step("cut"), step("weld")]},
            {"id": "DOOR", "routing": [step("cut")]},
        ]
    )
    assert [operation.id for operation in work.operations] == [
        "SO-1#1/SET/FRAME/cut",
        "SO-1#1/SET/FRAME/weld",
        "SO-1#1/SET/DOOR/cut",
        "SO-1#1/SET/fit",
    ]
    assert work.by_id["SO-1#1/SET/FRAME/weld"].predecessors == ("SO-1#1/SET/FRAME/cut",)
    assert work.by_id["SO-1#1/SET/fit"].predecessors == ("SO-1#1/SET/FRAME/weld", "SO-1#1/SET/DOOR/cut")
    assert [operation.is_part for operation in work.operations] == [True, True, True, False]
    assert {operation.set_id for operation in work.operations} == {"SO-1#1"}


def test_a_bought_part_makes_no_operation_and_a_kit_passes_its_parts_on() -> None:
    work = taken_apart(
        [
            {"id": "SET", "bill_of_materials": [{"product": "KIT"}], "routing": [step("fit")]},
            {"id": "KIT", "bill_of_materials": [{"product": "BOLT"}, {"product": "BAR"}]},
            {"id": "BOLT"},
            {"id": "BAR", "routing": [step("cut")]},
        ]
    )
    assert work.by_id["SO-1#1/SET/fit"].predecessors == ("SO-1#1/SET/KIT/BAR/cut",)


def test_quantities_multiply_down_the_tree() -> None:
    work = taken_apart(
        [
            {"id": "SET", "bill_of_materials": [{"product": "MECH", "quantity": 2}], "lot_size": 3},
            {"id": "MECH", "bill_of_materials": [{"product": "CAST", "quantity": 6}]},
            {"id": "CAST", "routing": [step("cast")]},
        ],
        quantity=5,
    )
    assert [operation.quantity for operation in work.operations] == [36, 24]


@pytest.mark.parametrize(
    ("machine", "slots"),
    [
        ({}, 5),  # 5 + 2 x 10 min in slots of 5
        ({"speed": 0.8}, 6),  # 5 + 25 min
        ({"scrap_rate": 0.5}, 9),  # 5 + 40 min
        ({"speed": 0.1}, 41),
    ],
)
def test_slow_machines_and_scrap_take_longer(machine: dict[str, float], slots: int) -> None:
    work = taken_apart([{"id": "P", "routing": [step("cut", setup_minutes=5)]}], 2, **machine)
    assert work.operations[0].slots_on == {"m": slots}


def test_a_machine_may_have_times_of_its_own() -> None:
    own = {"machine": "n", "minutes_per_unit": 30, "setup_minutes": 0}
    work = taken_apart([{"id": "P", "routing": [step("cut", setup_minutes=5, machines=["m", own])]}])
    assert work.operations[0].slots_on == {"m": 3, "n": 6}


def test_the_shortest_operation_takes_a_slot() -> None:
    work = taken_apart([{"id": "P", "routing": [step("look", minutes_per_unit=0)]}])
    assert work.operations[0].slots_on == {"m": 1}


quantities = st.one_of(st.integers(1, 500).map(float), st.floats(0.01, 500))


@given(quantity=quantities, lot_size=st.one_of(st.none(), st.floats(0.1, 50), st.integers(1, 50).map(float)))
def test_lots_add_up_to_the_order_and_none_is_too_large(quantity: float, lot_size: float | None) -> None:
    parts = lots(order("P", quantity), Product(id="P", lot_size=lot_size))
    assert math.fsum(parts) == pytest.approx(quantity)
    assert min(parts) > 0
    assert max(parts) <= (lot_size or quantity) * (1 + 1e-6)


@given(quantity=st.integers(1, 500), lot_size=st.integers(1, 50))
def test_whole_units_stay_whole_and_lots_nearly_equal(quantity: int, lot_size: int) -> None:
    parts = lots(order("P", quantity), Product(id="P", lot_size=lot_size))
    assert all(part.is_integer() for part in parts)
    assert max(parts) - min(parts) <= 1
    assert len(parts) == math.ceil(quantity / lot_size)
