"""The example works are what their texts say, and the generated files come from their generator."""

import csv
import importlib.util
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from types import ModuleType

import pytest
from jsonschema import Draft202012Validator

from juli.plant.demand import Demand
from juli.plant.factory import Plant
from juli.plant.reading import read_folder
from juli.plant.reading.yaml_file import parse_yaml
from juli.plant.work import expand
from juli.roads.announced import announced_closures
from juli.roads.graph import MovementGraph

PLANTS = ["examples/tiny", "examples/switchgear", "src/juli/plant/template"]
DETOUR = ["长顺路", "禾香路", "延政西路", "锦华路", "西太湖大道", "凤苑路"]
CROSSING = "changyang-tenglong"


def script(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def switchgear(project: Path) -> tuple[Plant, Demand]:
    return read_folder(project / "examples" / "switchgear").require()


@pytest.mark.parametrize("name", PLANTS)
def test_no_problem_is_found_in_a_plant_that_comes_with_juli(name: str, project: Path) -> None:
    content = read_folder(project / name)
    _, demand = content.require()
    assert content.problems == ()
    assert demand.road_map is not None
    closures, unread = announced_closures(demand.notices, demand.road_map)
    assert (len(closures), unread) == (1, ())
    assert demand.settlement.start < closures[0].start < demand.settlement.end


@pytest.mark.parametrize("name", PLANTS)
def test_a_plant_that_comes_with_juli_passes_its_schema(name: str, project: Path) -> None:
    document = parse_yaml((project / name / "plant.yaml").read_text(encoding="utf-8"), "plant.yaml", [])
    assert document is not None
    Draft202012Validator(Plant.model_json_schema()).validate(document.data)


@pytest.mark.parametrize("file", ["orders.csv", "forecast.csv", "roads.geojson", "stock.csv"])
def test_the_generator_writes_the_files_that_stand_there(file: str, project: Path) -> None:
    generator = script(project / "examples" / "make_switchgear.py")
    text = (project / "examples" / "switchgear" / file).read_text(encoding="utf-8")
    assert generator.FILES[file]() == text


def test_the_reference_and_the_schemas_are_up_to_date(project: Path) -> None:
    for name, text in script(project / "docs" / "make_plant_file.py").generated().items():
        assert (project / "docs" / name).read_text(encoding="utf-8") == text, "run docs/make_plant_file.py"


def test_the_switchgear_works_is_of_the_size_that_it_says(switchgear: tuple[Plant, Demand]) -> None:
    plant, demand = switchgear
    assert len(plant.machines) == 46
    assert {machine.line for machine in plant.machines} == {"L1", "L2", "L3"}
    assert len(demand.orders) == 80
    assert len({order.product for order in demand.orders}) == 14
    assert 1600 <= len(expand(plant, demand).operations) <= 2000
    assert plant.transport is not None
    assert (len(plant.transport.trucks), len(plant.transport.sites)) == (4, 25)


def test_the_third_line_is_slower_and_grows_over_the_week(switchgear: tuple[Plant, Demand]) -> None:
    plant, demand = switchgear
    for machine in plant.machines:
        assert (machine.speed < 1) == (machine.line == "L3")
    hours = plant.calendars["trial"].working(demand.schedule).reshape(7, -1).sum(axis=1)
    assert hours[0] == hours[1] < hours[2] < hours[4]


def test_the_bottlenecks_are_busy_but_leave_room(switchgear: tuple[Plant, Demand]) -> None:
    """Shares of the week's hours, work that several machines can do dealt out to the fastest evenly."""
    plant, demand = switchgear
    hours: dict[frozenset[str], float] = {}
    for operation in expand(plant, demand).operations:
        group = frozenset(operation.slots_on)
        hours[group] = hours.get(group, 0) + min(operation.slots_on.values())
    working = {m.id: m.working(plant.calendars[m.calendar], demand.schedule).sum() for m in plant.machines}
    busy = {group: slots / sum(working[name] for name in group) for group, slots in hours.items()}
    assert 0.6 < max(busy.values()) < 0.85


def test_the_usual_way_to_most_customers_is_closed_in_the_middle_of_the_week(
    switchgear: tuple[Plant, Demand],
) -> None:
    plant, demand = switchgear
    assert plant.transport is not None
    assert demand.road_map is not None
    truck = plant.transport.trucks[0]
    closures, _ = announced_closures(demand.notices, demand.road_map)
    graph = MovementGraph(demand.road_map, closures)
    zone = demand.settlement.start.tzinfo
    before, after = (datetime(2023, 12, day, 10, tzinfo=zone) for day in (19, 20))
    through = 0
    for site in plant.transport.sites:
        usual = graph.route(plant.transport.home, site.junction, before, truck)
        round_it = graph.route(plant.transport.home, site.junction, after, truck)
        back = graph.route(site.junction, plant.transport.home, after, truck)
        assert usual is not None
        assert round_it is not None
        assert back is not None
        through += any(segment.endswith(f">{CROSSING}") for segment in usual.segments)
        assert not any(CROSSING in segment for segment in (*round_it.segments, *back.segments))
        assert round_it.seconds >= usual.seconds
    assert through > len(plant.transport.sites) / 2


def test_the_roads_of_the_detour_cross_one_after_the_other(switchgear: tuple[Plant, Demand]) -> None:
    _, demand = switchgear
    assert demand.road_map is not None
    touched: dict[str, set[str]] = {}
    for segment in demand.road_map.segments:
        touched.setdefault(segment.road, set()).update((segment.from_junction, segment.to_junction))
    assert CROSSING in touched["长扬路"] & touched["腾龙路"]
    for road, following in pairwise(DETOUR):
        assert touched[road] & touched[following]
        assert CROSSING not in touched[road] | touched[following]
    assert touched["腾龙大道"] & touched["腾龙路"]
    assert demand.road_map.schematic


def test_every_truckload_can_be_carried(switchgear: tuple[Plant, Demand]) -> None:
    plant, demand = switchgear
    assert plant.transport is not None
    largest = max(truck.capacity_m3 for truck in plant.transport.trucks)
    assert all(
        order.quantity * plant.product_by_id[order.product].volume_m3 <= largest for order in demand.orders
    )


def test_every_promise_is_a_whole_day(project: Path) -> None:
    with (project / "examples" / "switchgear" / "orders.csv").open(encoding="utf-8") as file:
        assert all(len(row["due"]) == len("2023-12-22") for row in csv.DictReader(file))
