"""The rules of what a shop shares, each broken by hand, and random plants that keep all of them."""

import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.strategies import START

from juli.plan import Run, check
from juli.plan.account import changeovers, consumption_kw, lead_hours
from juli.plan.billing import labour_lines, lead_lines
from juli.plan.checking.production import production_violations
from juli.plan.checking.sharing import sharing_violations
from juli.plant.demand import Demand, Forecast, Order
from juli.plant.demand_charge import DemandTerms
from juli.plant.factory import Plant
from juli.plant.reading import read_folder
from juli.plant.work import expand
from juli.solve.day import Day
from juli.solve.week import Effort, solve_day


def works(**more: Any) -> Plant:
    """A works with two lines: a paint line that is set up by colour, an oven, a bench."""
    described: dict[str, Any] = {
        "name": "works",
        "time_zone": "UTC",
        "planning": {"start": START, "days": 1, "step_minutes": 5, "settlement_minutes": 15},
        "calendars": {
            "day": {"shifts": [{"days": _WEEK, "from": "06:00", "to": "22:00", "wage_per_hour": 30}]}
        },
        "machines": [
            {
                "id": "paint",
                "line": "A",
                "calendar": "day",
                "operators": 1,
                "power": {"running_kw": 20, "idle_kw": 2, "setup_kw": 3},
                "setups": {"initial": "red", "otherwise_minutes": 20, "minutes": {"red": {"blue": 10}}},
            },
            {
                "id": "oven",
                "line": "A",
                "calendar": "day",
                "operators": 1,
                "power": {
                    "running_kw": 50,
                    "idle_kw": 10,
                    "off_kw": 1,
                    "warm_up_minutes": 30,
                    "warm_up_kw": 40,
                    "stays_warm_minutes": 60,
                },
                "batch": {"capacity": 4},
            },
            {"id": "bench", "line": "B", "calendar": "day", "power": {"running_kw": 1}},
            {"id": "desk", "line": "B", "calendar": "day", "power": {"running_kw": 1}},
        ],
        "resources": [
            {"id": "wiremen", "amount": 1, "skills": ["wire", "test"]},
            {"id": "testers", "amount": 1, "skills": ["test"]},
        ],
        "transfers": {"between_lines_minutes": 15},
        "products": [_box("RED", "red"), _box("BLUE", "blue")],
        "grid": {"tariff": "flat"},
    }
    return Plant.model_validate(described | more)


_WEEK = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


def _box(name: str, colour: str) -> dict[str, Any]:
    return {
        "id": name,
        "routing": [
            {"operation": "paint", "machines": ["paint"], "minutes_per_unit": 10, "family": colour},
            {
                "operation": "bake",
                "machines": ["oven"],
                "minutes_per_unit": 0,
                "batch_minutes": 30,
                "family": colour,
                "most_wait_minutes": 60,
            },
            {
                "operation": "wire",
                "machines": ["bench", "desk"],
                "minutes_per_unit": 15,
                "least_wait_minutes": 10,
                "needs": {"wire": 1},
            },
        ],
        "lead_price_per_hour": 2,
    }


def demand_of(plant: Plant, *products: str, quantity: float = 1) -> Demand:
    settlement = plant.settlement_grid()
    orders = tuple(
        Order(f"O{number}", product, quantity, START, START + timedelta(hours=20), None, 5.0)
        for number, product in enumerate(products)
    )
    flat = np.zeros(settlement.slots)
    return Demand(
        schedule=plant.schedule_grid(settlement),
        settlement=settlement,
        orders=orders,
        forecast=Forecast(flat, flat, flat + 0.5, flat, np.full(settlement.slots, "flat")),
        demand_month=np.zeros(settlement.slots, dtype=np.int64),
        demand_terms=(DemandTerms("2023-12", 0.0, 0.0),),
    )


def run(order: int, product: str, step: str, machine: str, start: int, end: int) -> Run:
    return Run(f"O{order}#1/{product}/{step}", machine, start, end)


#: Two boxes, a red one and a blue one, painted, baked and wired with every rule kept.
KEPT = (
    run(0, "RED", "paint", "paint", 72, 74),
    run(1, "BLUE", "paint", "paint", 76, 78),
    run(0, "RED", "bake", "oven", 74, 80),
    run(1, "BLUE", "bake", "oven", 80, 86),
    run(0, "RED", "wire", "bench", 85, 88),
    run(1, "BLUE", "wire", "desk", 91, 94),
)


@pytest.fixture
def plant() -> Plant:
    return works()


def broken(plant: Plant, runs: tuple[Run, ...], *products: str) -> set[str]:
    demand = demand_of(plant, *(products or ("RED", "BLUE")))
    work = expand(plant, demand)
    found = [
        *production_violations(plant, demand, work, runs),
        *sharing_violations(plant, demand, work, runs),
    ]
    return {violation.rule for violation in found}


def moved(number: int, start: int, machine: str | None = None) -> tuple[Run, ...]:
    """The kept plan with one run moved."""
    was = KEPT[number]
    there = Run(was.operation, machine or was.machine, start, start + was.end - was.start)
    return (*KEPT[:number], there, *KEPT[number + 1 :])


def test_a_plan_that_keeps_all_rules_has_no_violation(plant: Plant) -> None:
    assert broken(plant, KEPT) == set()


def test_a_change_of_colour_without_its_time_is_caught(plant: Plant) -> None:
    assert broken(plant, moved(1, 75)) == {"setup_time"}


def test_the_machine_begins_in_the_state_that_the_file_names(plant: Plant) -> None:
    assert "setup_time" in broken(plant, (run(1, "BLUE", "paint", "paint", 73, 75),))
    assert "setup_time" not in broken(plant, (run(1, "BLUE", "paint", "paint", 74, 76),))


def test_the_way_to_the_other_line_and_the_least_wait_count(plant: Plant) -> None:
    assert broken(plant, moved(4, 84)) == {"least_wait"}


def test_a_wait_that_is_too_long_is_caught(plant: Plant) -> None:
    assert broken(plant, moved(3, 91)) >= {"most_wait"}


def test_two_families_in_one_batch_are_caught(plant: Plant) -> None:
    runs = (*KEPT[:2], *(Run(one.operation, "oven", 80, 86) for one in KEPT[2:4]), *KEPT[4:])
    assert "batch_together" in broken(plant, runs)


def test_a_batch_that_is_opened_for_another_lot_is_caught(plant: Plant) -> None:
    assert "batch_together" in broken(plant, moved(3, 79))


def test_a_batch_beyond_its_capacity_is_caught(plant: Plant) -> None:
    products = ["RED"] * 5
    baked = tuple(run(number, "RED", "bake", "oven", 100, 106) for number in range(5))
    assert "batch_capacity" in broken(plant, baked, *products)
    assert "batch_capacity" not in broken(plant, baked[:4], *products)


def test_one_wireman_in_two_places_is_caught(plant: Plant) -> None:
    assert broken(plant, moved(4, 91)) == {"enough_resources"}


def test_people_do_what_only_they_can_where_others_can_do_the_rest() -> None:
    box = _box("RED", "red")
    test = {"operation": "test", "machines": ["desk"], "minutes_per_unit": 15, "needs": {"test": 1}}
    plant = works(products=[box | {"routing": [*box["routing"], test]}, _box("BLUE", "blue")])
    tested = run(0, "RED", "test", "desk", 88, 91)
    wired = Run(KEPT[5].operation, "bench", 88, 91)
    assert "enough_resources" not in broken(plant, (*KEPT[:5], wired, tested))
    alone = plant.model_copy(update={"resources": plant.resources[:1]})
    assert "enough_resources" in broken(alone, (*KEPT[:5], wired, tested))


def test_the_oven_is_switched_off_through_a_long_pause_and_warmed_up_after_it(plant: Plant) -> None:
    demand = demand_of(plant, "RED", "RED")
    work = expand(plant, demand)

    def oven_kwh(second: int) -> float:
        runs = (run(0, "RED", "bake", "oven", 90, 96), run(1, "RED", "bake", "oven", second, second + 6))
        idle_kw = 2 * 16 * 12 / 288  # the paint line, in its shifts
        load = consumption_kw(plant, demand, runs, work) - 1 - idle_kw
        return float(load.sum() * 0.25) + 2 * 16 * (1 / 12 - 1 / 12)

    base = oven_kwh(96)
    assert oven_kwh(108) - base == pytest.approx(9.0)  # idles for an hour at 10 kW rather than 1
    assert oven_kwh(111) - base == pytest.approx(39 / 2)  # warms up again for half an hour at 40 kW


def test_people_are_paid_for_set_ups_and_once_for_a_batch(plant: Plant) -> None:
    demand = demand_of(plant, "RED", "BLUE")
    work = expand(plant, demand)
    hours = {line.item: line.quantity for line in labour_lines(plant, demand, work, KEPT)}
    assert hours["A"] == pytest.approx((2 + 2 + 2 + 6 + 6) / 12)
    (change,) = changeovers(plant, demand, work, KEPT)
    assert (change.machine, change.slots.tolist()) == ("paint", [74, 75])
    reds = demand_of(plant, "RED", "RED")
    together = (run(0, "RED", "bake", "oven", 90, 96), run(1, "RED", "bake", "oven", 90, 96))
    lines = {line.item: line.quantity for line in labour_lines(plant, reds, expand(plant, reds), together)}
    assert lines["A"] == pytest.approx(0.5)


def test_lead_time_costs_what_the_product_says(plant: Plant) -> None:
    demand = demand_of(plant, "RED", "BLUE")
    work = expand(plant, demand)
    assert lead_hours(demand, work, KEPT) == {"O0": pytest.approx(88 / 12), "O1": pytest.approx(94 / 12)}
    assert sum(line.amount_money for line in lead_lines(plant, demand, work, KEPT)) == pytest.approx(
        2 * (88 + 94) / 12
    )


@pytest.mark.parametrize("step_minutes", [5, 15])
def test_the_works_is_planned_with_all_rules_at_the_cost_that_the_judge_finds(step_minutes: int) -> None:
    planning = {"start": START, "days": 1, "step_minutes": step_minutes, "settlement_minutes": 15}
    plant = works(planning=planning)
    demand = demand_of(plant, "RED", "BLUE", "RED", "BLUE", "RED", "RED")
    # solve_day stops with a DisagreementError when its own account is not the judge's bill to the cent.
    outcome = solve_day(Day(plant, demand, "works"), Effort(seconds=60, iterations=300, seed=1))
    assert outcome.plan is not None, outcome.reason
    assert outcome.violations == ()
    assert check(plant, demand, outcome.plan) == []
    assert outcome.plan.bound_money <= outcome.plan.bill.total_money + 0.005
    baked = [one for one in outcome.plan.runs if one.machine == "oven"]
    assert len({one.start for one in baked}) < len(baked)  # some share a batch


def test_a_lot_that_fits_into_no_oven_and_people_who_are_never_there_are_said_before_solving(
    project: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "works"
    shutil.copytree(project / "examples" / "switchgear", folder)
    text = (folder / "plant.yaml").read_text(encoding="utf-8")
    text = text.replace("batch: {capacity: 6}", "batch: {capacity: 1}")
    text = text.replace("amount: 6, skills: [testing, wiring]", "amount: 6, skills: [wiring]")
    text = text.replace(
        "amount: 13, skills: [wiring]", "amount: 13, skills: [wiring, testing], calendar: sundays"
    )
    text = text.replace(
        "calendars:\n", 'calendars:\n  sundays: {shifts: [{from: "02:00", to: "02:10"}]}\n', 1
    )
    (folder / "plant.yaml").write_text(text, encoding="utf-8")
    messages = [problem.message for problem in read_folder(folder).problems]
    assert any("more than the 1 that L1-oven takes" in message for message in messages), messages
    assert any("they are never there for as long as" in message for message in messages)
