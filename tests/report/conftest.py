"""A small works with a plan made by hand: two machines' lines, a late order, a closed junction, a battery."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from juli.plan import Bill, Dispatch, Leg, Plan, Run, Status, Stop, Trip, Violation, bill, check
from juli.plan.account import consumption_kw
from juli.plan.result import in_time_order
from juli.plant.demand import Demand, Forecast, Notice, Order
from juli.plant.demand_charge import DemandTerms
from juli.plant.factory import Plant
from juli.plant.road_map import AppliesTo, Closure, RoadMap, Segment
from juli.plant.work import Work, expand

ZONE = ZoneInfo("Asia/Shanghai")
MONDAY = datetime(2023, 12, 18, tzinfo=ZONE)


@dataclass(frozen=True)
class Case:
    """A plan with all that it answers."""

    plant: Plant
    demand: Demand
    plan: Plan

    @property
    def work(self) -> Work:
        return expand(self.plant, self.demand)

    @property
    def violations(self) -> list[Violation]:
        return check(self.plant, self.demand, self.plan)


def make_plant() -> Plant:
    return Plant.model_validate(
        {
            "name": {"zh": "小柜厂 <甲>", "en": "Little & <Sons>"},
            "planning": {"start": "2023-12-18", "days": 2, "step_minutes": 15},
            "calendars": {
                "day": {
                    "shifts": [
                        {
                            "from": "08:00",
                            "to": "16:00",
                            "wage_per_hour": 50,
                            "breaks": [{"from": "12:00", "to": "12:30"}],
                        }
                    ]
                },
                "always": {"shifts": [{"from": "00:00", "to": "00:00", "wage_per_hour": 60}]},
            },
            "machines": [
                {
                    "id": "laser",
                    "name": {"zh": "激光", "en": "Laser"},
                    "line": "A",
                    "calendar": "always",
                    "power": {"running_kw": 30, "idle_kw": 2},
                },
                {
                    "id": "bench-1",
                    "name": {"zh": "装配台", "en": "Bench"},
                    "line": "B",
                    "calendar": "day",
                    "operators": 1,
                    "power": {"running_kw": 2},
                },
                {
                    "id": "bench-2",
                    "name": {"zh": "装配台", "en": "Bench"},
                    "line": "B",
                    "calendar": "day",
                    "operators": 1,
                    "power": {"running_kw": 2},
                },
            ],
            "products": [
                {
                    "id": "CABINET",
                    "name": {"zh": "配电柜", "en": "Cabinet"},
                    "bill_of_materials": [{"product": "FRAME"}, {"product": "DOOR"}],
                    "routing": [
                        {
                            "operation": "assemble",
                            "name": {"zh": "装配", "en": "assembly"},
                            "machines": ["bench-1", "bench-2"],
                            "minutes_per_unit": 60,
                        }
                    ],
                    "lot_size": 2,
                    "weight_kg": 200,
                    "volume_m3": 1,
                },
                {
                    "id": "FRAME",
                    "routing": [{"operation": "cut", "machines": ["laser"], "minutes_per_unit": 30}],
                },
                {
                    "id": "DOOR",
                    "routing": [{"operation": "cut", "machines": ["laser"], "minutes_per_unit": 15}],
                },
            ],
            "grid": {"tariff": "any", "co2_kg_per_kwh": 0.5},
            "solar": {"capacity_kw": 40},
            "battery": {
                "charge_kw": 20,
                "discharge_kw": 20,
                "energy_kwh": 40,
                "wear_per_kwh": 0.1,
                "start_kwh": 10,
                "end_kwh": 10,
            },
            "transport": {
                "home": "gate",
                "sites": [
                    {"id": "mill", "name": {"zh": "纺织厂", "en": "The Mill"}, "junction": "mill-gate"},
                    {"id": "school", "junction": "north"},
                ],
                "trucks": [
                    {
                        "id": "truck-1",
                        "capacity_kg": 2000,
                        "capacity_m3": 9,
                        "cost_per_km": 2,
                        "wage_per_hour": 40,
                    }
                ],
            },
        }
    )


def make_road_map() -> RoadMap:
    """Give a square: the gate south-west, the mill's gate north-east, two ways between them."""
    junctions = {
        "gate": (119.80, 31.70),
        "south": (119.82, 31.70),
        "north": (119.80, 31.72),
        "mill-gate": (119.82, 31.72),
    }
    roads = (
        ("长扬路", "gate", "south"),
        ("腾龙路", "south", "mill-gate"),
        ("禾香路", "gate", "north"),
        ("锦华路", "north", "mill-gate"),
    )
    segments = [
        Segment(f"{a}>{b}", road, a, b, 2.0, 40.0) for road, *ends in roads for a, b in (ends, reversed(ends))
    ]
    return RoadMap("square", junctions, tuple(segments), schematic=True)


def make_demand(plant: Plant) -> Demand:
    settlement = plant.settlement_grid()
    schedule = plant.schedule_grid(settlement)
    hour = np.arange(settlement.slots) * settlement.step_hours % 24
    period = np.select([hour < 8, (hour >= 17) & (hour < 22)], ["valley", "peak"], "flat")
    price = {"valley": 0.3, "flat": 0.65, "peak": 1.1}
    orders = (
        Order("SO-1", "CABINET", 2, MONDAY, MONDAY + timedelta(hours=36), "mill", 60.0),
        Order("SO-2", "CABINET", 1, MONDAY, MONDAY + timedelta(hours=10), None, 40.0),
        Order("SO-3", "CABINET", 3, MONDAY, MONDAY + timedelta(hours=48), None, 10.0),
    )
    closure = Closure(
        "works-1",
        "notices/works.txt",
        MONDAY + timedelta(days=1),
        MONDAY + timedelta(days=30),
        AppliesTo.THROUGH,
        movements=frozenset({("gate>south", "south>mill-gate")}),
    )
    return Demand(
        schedule=schedule,
        settlement=settlement,
        orders=orders,
        forecast=Forecast(
            base_load_kw=np.full(settlement.slots, 10.0),
            solar_kw=np.clip(40 * np.sin((hour - 6) / 12 * np.pi), 0, None),
            buy=np.array([price[name] for name in period]),
            sell=np.full(settlement.slots, 0.2),
            period=period,
        ),
        demand_month=np.zeros(settlement.slots, dtype=np.int64),
        demand_terms=(DemandTerms("2023-12", price=40.0, free_kw=20.0),),
        road_map=make_road_map(),
        closures=(closure,),
        notices=(Notice("works.txt", "长扬路与腾龙路路口半封闭 </script><b>", MONDAY),),
    )


def make_runs(work: Work) -> tuple[Run, ...]:
    """Cut one part after another from midnight on; assemble at the benches by day."""
    runs = []
    at = 0
    for operation in work.operations:
        if operation.step == "cut":
            runs.append(Run(operation.id, "laser", at, at + operation.slots_on["laser"]))
            at = runs[-1].end
    starts = {
        "SO-1#1": ("bench-1", 8),
        "SO-2#1": ("bench-1", 13),
        "SO-3#1": ("bench-2", 9),
        "SO-3#2": ("bench-2", 32),
    }
    for operation in work.operations:
        if operation.step == "assemble":
            machine, hour = starts[operation.set_id]
            runs.append(Run(operation.id, machine, hour * 4, hour * 4 + operation.slots_on[machine]))
    return in_time_order(runs)


def make_dispatch(plant: Plant, demand: Demand, runs: tuple[Run, ...]) -> Dispatch:
    """Charge from 2 to 3, discharge from 17 to 19; use the sun and sell up to 5 kW of it, buy the rest."""
    load_kw = consumption_kw(plant, demand, runs)
    battery_kw = np.zeros(demand.settlement.slots)
    battery_kw[8:12], battery_kw[68:72] = -20.0, 10.0
    battery_kw[72:76] = 10.0
    solar_kw = np.minimum(demand.forecast.solar_kw, load_kw - battery_kw + 5.0)
    stored_kwh = np.append(10.0, 10.0 - np.cumsum(battery_kw) * demand.settlement.step_hours)
    return Dispatch(load_kw - battery_kw - solar_kw, solar_kw, battery_kw, stored_kwh)


def make_trip() -> Trip:
    """Leave for the mill on Tuesday at nine, round the closed junction, and come back the same way."""
    nine = 33 * 3600.0
    out = Leg("gate", "mill-gate", nine, nine + 360, ("gate>north", "north>mill-gate"), (nine, nine + 180))
    leave = nine + 360 + 1200
    back = Leg(
        "mill-gate", "gate", leave, leave + 360, ("mill-gate>north", "north>gate"), (leave, leave + 180)
    )
    return Trip("truck-1", (Stop("mill", nine + 360, leave, ("SO-1",)),), (out, back))


@pytest.fixture(scope="session")
def case() -> Case:
    plant = make_plant()
    demand = make_demand(plant)
    runs = make_runs(expand(plant, demand))
    plan = Plan(
        schedule=demand.schedule,
        settlement=demand.settlement,
        runs=runs,
        dispatch=make_dispatch(plant, demand, runs),
        trips=(make_trip(),),
        bill=Bill(()),
        status=Status.FEASIBLE,
        bound_money=500.0,
        seed=7,
    )
    made = Case(plant, demand, replace(plan, bill=bill(plant, demand, plan)))
    assert made.violations == []
    return made


@pytest.fixture(scope="session")
def broken(case: Case) -> Case:
    """The same plan with one run moved onto a machine that does not exist, and one operation unknown."""
    first, second, *others = case.plan.runs
    runs = (replace(first, machine="ghost"), replace(second, operation="nobody/knows"), *others)
    return replace(case, plan=replace(case.plan, runs=in_time_order(runs)))


@pytest.fixture(scope="session")
def bare(case: Case) -> Case:
    """A plant without solar, battery, transport or orders: nothing but its base load."""
    plant = case.plant.model_copy(update={"solar": None, "battery": None, "transport": None})
    slots = case.demand.settlement.slots
    forecast = replace(case.demand.forecast, solar_kw=np.zeros(slots))
    demand = replace(case.demand, orders=(), forecast=forecast, road_map=None, closures=(), notices=())
    load_kw = consumption_kw(plant, demand, ())
    dispatch = Dispatch(load_kw, np.zeros(slots), np.zeros(slots), np.zeros(slots + 1))
    plan = replace(case.plan, runs=(), trips=(), dispatch=dispatch)
    made = Case(plant, demand, replace(plan, bill=bill(plant, demand, plan)))
    assert made.violations == []
    return made
