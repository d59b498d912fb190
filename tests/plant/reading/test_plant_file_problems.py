"""What is wrong in plant.yaml is told with its line, the values and the mend."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from juli.core.errors import Problem, Severity

Edit = Callable[[str, str, str], None]
Problems = Callable[[], tuple[Problem, ...]]


def line_of(path: Path, text: str) -> int:
    content = path.read_text(encoding="utf-8")
    return content[: content.index(text)].count("\n") + 1


#: What is written instead of what; the text on the line that is named; what is said of it.
ERRORS = {
    "a machine that does not exist": (
        "machines: [saw], minutes_per_unit: 15",
        "machines: [laser], minutes_per_unit: 15",
        "machines: [laser]",
        "FRAME/cut is done on laser, which does not exist",
    ),
    "a part that does not exist": (
        "{product: DOOR, quantity: 2}",
        "{product: WINDOW, quantity: 2}",
        "{product: WINDOW",
        "CABINET is made of WINDOW, which does not exist",
    ),
    "a part twice": (
        "- {product: DOOR, quantity: 2}",
        "- {product: FRAME, quantity: 2}",
        "- {product: FRAME, quantity: 2}",
        "FRAME stands twice in the bill of materials of CABINET",
    ),
    "a calendar that does not exist": (
        "calendar: two-shifts",
        "calendar: nights",
        "calendar: nights",
        "saw works by the calendar nights, which does not exist",
    ),
    "a machine twice": ("id: weld-hand", "id: saw", "id: saw\n    name: {zh: 手工焊位", "machines number 1"),
    "a product twice": ("id: DOOR", "id: FRAME", "id: FRAME\n    name: {zh: 柜门", "the id FRAME is that of"),
    "a site twice": (
        "id: school",
        "id: mill",
        "id: mill\n      name: {zh: 北街学校",
        "the id mill is that of",
    ),
    "two operations of one name": (
        "{operation: test,",
        "{operation: assemble,",
        "{operation: assemble, machines: [bench], minutes_per_unit: 20",
        "CABINET has two operations called assemble",
    ),
    "negative power": (
        "running_kw: 14",
        "running_kw: -14",
        "running_kw: -14",
        "machines.weld-robot.power.running_kw: Input should be greater than or equal to 0, not -14",
    ),
    "a battery that starts above its size": (
        "start_kwh: 30",
        "start_kwh: 300",
        "start_kwh: 300",
        "start_kwh 300 is above the battery's size, energy_kwh 120",
    ),
    "an efficiency above one": (
        "discharge_efficiency: 0.95",
        "discharge_efficiency: 95",
        "discharge_efficiency: 95",
        "battery.discharge_efficiency: Input should be less than or equal to 1, not 95",
    ),
    "a maintenance that ends before it starts": (
        "end: 2023-12-19T12:00",
        "end: 2023-12-19T09:00",
        "2023-12-19T09:00",
        "the maintenance ends at 2023-12-19 09:00:00, not after its start at 2023-12-19 10:00:00",
    ),
    "a maintenance half in another zone": (
        "end: 2023-12-19T12:00",
        "end: 2023-12-19T12:00+08:00",
        "2023-12-19T12:00+08:00",
        "are not both local",
    ),
    "a shift whose last day is before its first": (
        'to: "06:00", wage_per_hour: 60}',
        'to: "06:00", wage_per_hour: 60, first_day: 2023-12-20, last_day: 2023-12-19}',
        "last_day: 2023-12-19",
        "its last_day 2023-12-19 is before its first_day 2023-12-20",
    ),
    "a key with a slip": (
        "operators: 0.5 ",
        "operator: 0.5 ",
        "operator: 0.5 ",
        "machines.weld-robot.operator: Extra inputs are not permitted",
    ),
    "a key that is missing": (
        "running_kw: 9, idle_kw",
        "idle_kw",
        "power: {idle_kw: 0.5}",
        "machines.saw.power.running_kw: Field required",
    ),
    "an id that is a number": ("id: SHELL", "id: 1001", "id: 1001", "should be a valid string, not 1001"),
    "an hour that is a number": (
        '{from: "06:00", to: "14:00"',
        '{from: 6, to: "14:00"',
        "{from: 6,",
        "6 is no time; write 08:00",
    ),
    "a start in the year 202": (
        "start: 2023-12-18T00:00",
        "start: 0202-12-18",
        "0202",
        "the year 202 is not",
    ),
    "a start as a number": ("start: 2023-12-18T00:00", "start: 20231218", "20231218", "20231218 is no time"),
    "steps that do not divide": ("step_minutes: 15", "step_minutes: 7", "step_minutes: 7", "must divide"),
    "a zone that does not exist": ("Asia/Shanghai", "Asia/Wujin", "Asia/Wujin", "no time zone is called"),
    "a zone that is a folder": ("Asia/Shanghai", "Asia", "time_zone: Asia", "no time zone is called 'Asia'"),
    "a tariff that does not exist": (
        "jiangsu-2023-07-two-part-1-10kv",
        "jiangsu-2023-07-two-part",
        "tariff: jiangsu",
        "there is no tariff 'jiangsu-2023-07-two-part'",
    ),
    "a demand mode that does not exist": (
        "measured_maximum",
        "guessed_maximum",
        "guessed_maximum",
        "not 'guessed_maximum'",
    ),
    "a road map that is not there": ("roads.geojson", "streets.geojson", "", "there is no such file"),
    "a site that is not on the map": (
        "junction: lake-north",
        "junction: moon",
        "junction: moon",
        "school is at the junction moon, which roads.geojson doesn't have",
    ),
    "a gate that is not on the map": (
        "home: gate",
        "home: moon",
        "home: moon",
        "home is at the junction moon",
    ),
    "an operation longer than any stretch of its machine": (
        "{operation: cut, machines: [saw], minutes_per_unit: 15",
        "{operation: cut, machines: [saw], minutes_per_unit: 350",
        "minutes_per_unit: 350",
        "takes 11.75 h on saw for 2 of SO-1 and can't pause, but that works at most 6.5 h at a stretch",
    ),
    "a pausable operation longer than the plan": (
        "minutes_per_unit: 75",
        "minutes_per_unit: 7500",
        "minutes_per_unit: 7500",
        "CABINET/assemble takes 250 h on bench for 2 of SO-1, which works 45 h in the planned days",
    ),
    "a machine with more work than hours": (
        "minutes_per_unit: 75",
        "minutes_per_unit: 600",
        "id: bench",
        "of work that only it can do, but works 45 h in the planned days",
    ),
    "a key twice": (
        "  home: gate\n",
        "  home: gate\n  home: gate\n",
        "  home: gate\n  loading",
        "the key 'home' stands in line",
    ),
    "an alias": ("calendar: round-the-clock", "calendar: *nights", "*nights", "aliases (*name) are not read"),
    "a colon too few": ("  days: 3", "  days 3", "  step_minutes", "is not YAML"),
    "a control character": ("days: 3", "days: \x003", "\x003", "the character U+0000 is not allowed"),
}


@pytest.mark.parametrize("what", ERRORS)
def test_an_error_is_told_with_its_line(what: str, folder: Path, edit: Edit, problems: Problems) -> None:
    old, new, on_line, said = ERRORS[what]
    edit("plant.yaml", old, new)
    found = [problem for problem in problems() if said in problem.message]
    assert found, [str(problem) for problem in problems()]
    assert found[0].severity is Severity.ERROR
    assert found[0].mend
    if on_line:
        assert found[0].place == f"plant.yaml:{line_of(folder / 'plant.yaml', on_line)}"


def test_a_cycle_in_a_bill_of_materials_is_drawn(edit: Edit, problems: Problems) -> None:
    edit("plant.yaml", "  - id: DOOR\n", "  - id: DOOR\n    bill_of_materials: [{product: CABINET}]\n")
    edit("plant.yaml", "  - id: SHELL\n", "  - id: SHELL\n    bill_of_materials: [{product: SHELL}]\n")
    said = [problem.message for problem in problems()]
    assert "a product is made of itself: CABINET > DOOR > CABINET" in said
    assert "a product is made of itself: SHELL > SHELL" in said


WARNINGS = {
    "a battery's wear per MWh": (
        "wear_per_kwh: 0.02",
        "wear_per_kwh: 20.5",
        "wear_per_kwh is 20.5 CNY per kWh",
    ),
    "a price per MWh": (
        "export_limit_kw: 0 ",
        "sell_per_kwh: 391 ",
        "sell_per_kwh is 391 CNY per kWh",
    ),
    "a machine in watts": ("running_kw: 48,", "running_kw: 48000,", "oven draws 48000 kW"),
    "more power idle than running": ("idle_kw: 9,", "idle_kw: 90,", "oven draws 90 kW idle, more than 48"),
    "a break outside its shift": (
        'from: "11:00", to: "11:30"',
        'from: "15:00", to: "15:30"',
        "outside its shift",
    ),
    "two shifts at once": (
        'from: "14:00"\n        to: "22:00"',
        'from: "13:00"\n        to: "22:00"',
        "at once",
    ),
    "a forecast in watts": ("largest_load_kw: 300", "largest_load_kw: 3", "base_load_kw reaches 16, above"),
    "more sun than panels": ("capacity_kw: 60 ", "capacity_kw: 6 ", "above solar.capacity_kw 6"),
    "an order that no truck carries": ("capacity_kg: 1500", "capacity_kg: 150", "420 kg"),
    "a machine without shifts": (
        "  round-the-clock: ",
        '  never:\n    shifts: [{days: [sun], from: "08:00", to: "09:00"}]\n  round-the-clock: ',
        "",
    ),
}


@pytest.mark.parametrize("what", WARNINGS)
def test_what_only_looks_wrong_is_a_warning(what: str, edit: Edit, problems: Problems) -> None:
    old, new, said = WARNINGS[what]
    edit("plant.yaml", old, new)
    assert all(problem.severity is Severity.WARNING for problem in problems())
    assert any(said in problem.message for problem in problems()) or not said


def test_loads_that_fill_an_oven_together_take_their_hours_once(edit: Edit, problems: Problems) -> None:
    """More loads than the oven has hours for one by one are no problem where a batch takes several."""
    for minutes in (20, 10, 6):
        old = f"machines: [oven], minutes_per_unit: {minutes}, setup_minutes: 20}}"
        edit(
            "plant.yaml",
            old,
            "machines: [oven], minutes_per_unit: 0, batch_minutes: 1000, family: a, load_per_unit: 1}",
        )
    edit("plant.yaml", "  - id: oven\n", "  - id: oven\n    batch: {capacity: 1000}\n")
    assert not any("work that only it can do" in problem.message for problem in problems())
    edit("plant.yaml", "batch: {capacity: 1000}", "batch: {capacity: 8}")
    assert any("of work that only it can do" in problem.message for problem in problems())


def test_a_site_that_no_road_leads_to_is_told(folder: Path, problems: Problems) -> None:
    map_file = folder / "roads.geojson"
    content = json.loads(map_file.read_text(encoding="utf-8"))
    content["features"] = [f for f in content["features"] if f["properties"].get("to") != "lake-south"]
    map_file.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    (problem,) = problems()
    assert problem.message == "no road leads from gate to pump-station at lake-south"
    assert problem.severity is Severity.WARNING
    assert problem.place == f"plant.yaml:{line_of(folder / 'plant.yaml', 'junction: lake-south')}"


def test_every_problem_is_told_at_once(edit: Edit, problems: Problems) -> None:
    edit("plant.yaml", "running_kw: 14", "running_kw: -14")
    edit("plant.yaml", "start_kwh: 30", "start_kwh: 300")
    edit("plant.yaml", "calendar: two-shifts", "calendar: nights")
    edit("plant.yaml", "{product: DOOR, quantity: 2}", "{product: WINDOW, quantity: 2}")
    edit("plant.yaml", "  - id: DOOR\n", "  - id: DOOR\n    bill_of_materials: [{product: DOOR}]\n")
    edit("orders.csv", "SO-1,CABINET,2", "SO-1,CUPBOARD,two")
    edit("forecast.csv", "2023-12-18T06:00,12,0.0\n", "")
    told = "\n".join(map(str, problems()))
    for said in (
        "not -14",
        "start_kwh 300",
        "calendar nights",
        "made of WINDOW",
        "DOOR > DOOR",
        "unknown product CUPBOARD",
        "'two' is no number",
        "a gap between",
    ):
        assert said in told


def test_stand_ins_for_faulty_values_are_never_told(edit: Edit, problems: Problems) -> None:
    """A value that is replaced to look further must not cause problems of its own."""
    edit("plant.yaml", "minutes_per_unit: 75", "minutes_per_unit: many")
    edit("plant.yaml", "calendar: round-the-clock", "calendar: [a, b]")
    edit("plant.yaml", "junction: lake-north", "junction: 7")
    edit("plant.yaml", "tariff: jiangsu-2023-07-two-part-1-10kv", "tariff: 5")
    places = [problem.place for problem in problems()]
    assert len(places) == len(set(places)) == 4
