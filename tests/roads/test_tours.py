"""Delivery tours keep every rule of the judge, add up to the cent, and cost no more than they must."""

from dataclasses import replace
from datetime import datetime, time, timedelta
from itertools import pairwise, permutations
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from juli.core.grid import TimeGrid
from juli.plan.checking import deliveries as judge
from juli.plant.road_map import AppliesTo, Closure, RoadMap, Segment
from juli.plant.site import Site, Transport, Truck
from juli.roads.driving import Driver
from juli.roads.graph import MovementGraph
from juli.roads.shipments import Shipment
from juli.roads.tours import plan_tours

ZONE = ZoneInfo("Asia/Shanghai")
MONDAY = datetime(2023, 12, 18, tzinfo=ZONE)
WEEK = TimeGrid(MONDAY, timedelta(minutes=15), 7 * 96)
HOUR = 3600.0
DAY = 24 * HOUR


def town():
    """A 5 x 5 grid of streets, 3 km apart at 60 km/h: three minutes from junction to junction."""
    segments = []
    for x in range(5):
        for y in range(5):
            for to_x, to_y in ((x + 1, y), (x, y + 1)):
                if to_x < 5 and to_y < 5:
                    ends = (f"{x}{y}", f"{to_x}{to_y}")
                    for a, b in (ends, ends[::-1]):
                        segments.append(
                            Segment(f"{a}>{b}", f"{'row' if y == to_y else 'column'}", a, b, 3.0, 60.0)
                        )
    junctions = {f"{x}{y}": (119.9 + 0.03 * x, 31.7 + 0.027 * y) for x in range(5) for y in range(5)}
    return RoadMap("town", junctions, tuple(segments))


def transport(*sites, trucks=None, **facts):
    places = {"loading_minutes": 20.0, "home": "22"} | facts
    return Transport(sites=sites, trucks=trucks or (truck(),), **places)


def truck(name="truck", **facts):
    given_facts = {"capacity_kg": 5000, "capacity_m3": 30, "cost_per_km": 3.0, "wage_per_hour": 60.0} | facts
    return Truck(id=name, **given_facts)


def shipment(order, site, ready_h=0.0, due_h=7 * 24.0, lateness=100.0, kg=1000.0, **facts):
    return Shipment(order, site, kg, 3.0, ready_h * HOUR, due_h * HOUR, lateness, **facts)


def assert_judge_agrees(plant_transport, road_map, closures, shipments, tours, grid=WEEK):
    """Every delivery rule of the judge holds, and the money is what the trips cost."""
    sites = {site.id: site for site in plant_transport.sites}
    trucks = {one.id: one for one in plant_transport.trucks}
    segments = {segment.id: segment for segment in road_map.segments}
    demand = SimpleNamespace(closures=closures, schedule=grid)
    by_order = {one.order: one for one in shipments}
    violations = list(judge.one_place_at_a_time(tours.trips))
    served_at = {}
    for trip in tours.trips:
        own = trucks[trip.truck]
        violations += judge.drivers_hours(grid, own, trip)
        violations += judge.trip_connects(plant_transport, sites, trip)
        for stop in trip.stops:
            violations += judge.receiving_hours(grid, sites[stop.site], stop)
            for order in stop.orders:
                assert order not in served_at
                served_at[order] = stop.begin_seconds
                assert by_order[order].site == stop.site
                ready_s = by_order[order].ready_seconds + plant_transport.loading_minutes * 60
                assert trip.departure_seconds >= ready_s - 1e-6
        for leg in trip.legs:
            route = [segments[name] for name in leg.segments]
            violations += judge.route_connects(own, leg, route)
            violations += judge.driving_time(own, leg, route)
            violations += judge.truck_fits(own, route)
            violations += judge.movement_allowed(road_map, own, leg)
            violations += judge.closure_respected(demand, road_map, own, leg)
        assert sum(by_order[o].weight_kg for s in trip.stops for o in s.orders) <= own.capacity_kg
    assert violations == []
    brought = [one for one in shipments if not one.fetched]
    assert served_at.keys() | tours.left.keys() >= {one.order for one in brought}
    assert not served_at.keys() & tours.left.keys()
    km = dict.fromkeys(trucks, 0.0)
    hours = dict.fromkeys(trucks, 0.0)
    for trip in tours.trips:
        km[trip.truck] += sum(segments[s].length_km for leg in trip.legs for s in leg.segments)
        hours[trip.truck] += (trip.return_seconds - trip.departure_seconds) / HOUR
    money = sum(km[t] * trucks[t].cost_per_km + hours[t] * trucks[t].wage_per_hour for t in trucks)
    assert tours.transport_money == pytest.approx(money, abs=1e-6)
    if len(brought) == len(shipments):
        end_s = grid.slots * grid.step_seconds
        late = sum(
            max(served_at.get(one.order, end_s) - one.due_seconds, 0) / HOUR * one.lateness_per_hour
            for one in shipments
        )
        assert tours.lateness_money == pytest.approx(late, abs=1e-6)


def planned(plant_transport, shipments, closures=(), road_map=None, grid=WEEK, **how):
    road_map = road_map or town()
    graph = MovementGraph(road_map, closures)
    tours = plan_tours(plant_transport, grid, graph, shipments, **({"iterations": 100} | how))
    assert_judge_agrees(plant_transport, road_map, closures, shipments, tours, grid)
    return tours


def test_one_order_is_brought_by_the_shortest_way_on_time():
    tours = planned(transport(Site(id="S", junction="20")), [shipment("order", "S", ready_h=9, due_h=12)])
    (trip,) = tours.trips
    assert trip.departure_seconds == 9 * HOUR + 20 * 60
    assert trip.stops[0].begin_seconds == trip.departure_seconds + 6 * 60
    # 12 km, and 12 minutes of driving with 20 of unloading.
    assert tours.transport_money == pytest.approx(12 * 3 + 32)
    assert tours.lateness_money == 0
    assert tours.left == {}


def test_orders_for_one_site_share_the_unloading_and_neighbours_share_a_trip():
    plant_transport = transport(Site(id="S", junction="20"), Site(id="T", junction="10"))
    tours = planned(plant_transport, [shipment("a", "S"), shipment("b", "S"), shipment("c", "T")])
    (trip,) = tours.trips
    assert sorted(stop.site for stop in trip.stops) == ["S", "T"]
    assert sorted(order for stop in trip.stops for order in stop.orders) == ["a", "b", "c"]


def test_a_truck_drives_several_trips_a_day_when_it_is_small():
    orders = [shipment(f"order {n}", "S", due_h=18, kg=4000) for n in range(3)]
    tours = planned(transport(Site(id="S", junction="20")), orders)
    assert len(tours.trips) == 3
    assert tours.lateness_money == 0
    for first, second in pairwise(tours.trips):
        assert second.departure_seconds >= first.return_seconds + 20 * 60


def test_lateness_costs_what_its_hours_cost():
    order = shipment("order", "S", ready_h=19, due_h=18, lateness=50)
    tours = planned(transport(Site(id="S", junction="20")), [order])
    # Ready after the site has closed, it is there when the site opens on Tuesday at 8.
    assert tours.trips[0].stops[0].begin_seconds == pytest.approx(DAY + 8 * HOUR)
    assert tours.lateness_money == pytest.approx(14 * 50)


def test_the_dearer_order_goes_first_when_the_truck_can_only_bring_one_in_time():
    sites = [Site(id="near", junction="21"), Site(id="far", junction="00", unload_minutes=180)]
    orders = [
        shipment("cheap", "near", due_h=11.5, lateness=10, kg=4000),
        shipment("dear", "far", due_h=11.5, lateness=1000, kg=4000),
    ]
    works = {"from": "10:40", "to": "18:00"}
    tours = planned(transport(*sites, trucks=(truck(works=works),)), orders)
    begins = {
        order: stop.begin_seconds for trip in tours.trips for stop in trip.stops for order in stop.orders
    }
    assert begins["dear"] <= 11.5 * HOUR < begins["cheap"]


def test_waiting_for_a_site_to_open_is_done_at_the_plant():
    receives = {"from": "13:00", "to": "18:00"}
    tours = planned(
        transport(Site(id="S", junction="20", receives=receives)), [shipment("order", "S", due_h=24)]
    )
    (trip,) = tours.trips
    assert trip.stops[0].begin_seconds == 13 * HOUR
    assert trip.departure_seconds == 13 * HOUR - 6 * 60


def test_trips_go_round_a_junction_from_the_moment_that_it_closes():
    road_map = town()
    into = [s.id for s in road_map.segments if s.to_junction == "21"]
    out = [s.id for s in road_map.segments if s.from_junction == "21"]
    wednesday = MONDAY + timedelta(days=2)
    works = Closure(
        "works",
        "notice.txt",
        wednesday,
        wednesday + timedelta(days=31),
        AppliesTo.THROUGH,
        movements=frozenset((a, b) for a in into for b in out),
        zone_junctions=frozenset({"21"}),
    )
    plant_transport = transport(Site(id="S", junction="20"), Site(id="inside", junction="21"))
    orders = [
        shipment("tuesday", "S", ready_h=31, due_h=42),
        shipment("thursday", "S", ready_h=79, due_h=90),
        shipment("local", "inside", ready_h=79, due_h=90),
    ]
    tours = planned(plant_transport, orders, [works], road_map)
    through = {
        order: any(pair in works.movements for leg in trip.legs for pair in pairwise(leg.segments))
        for trip in tours.trips
        for stop in trip.stops
        for order in stop.orders
    }
    assert through["tuesday"]
    assert not through["thursday"]
    assert tours.left == {}
    before = planned(plant_transport, orders, road_map=road_map)
    assert before.transport_money < tours.transport_money


def test_a_drive_that_runs_into_a_daily_ban_is_searched_again_at_its_hour():
    road_map = town()
    night = Closure(
        "night works",
        "notice.txt",
        MONDAY - timedelta(days=1),
        MONDAY + timedelta(days=9),
        segments=frozenset({"21>20"}),
        daily=(time(10), time(16)),
    )
    driver = Driver(transport(Site(id="S", junction="20")), WEEK, MovementGraph(road_map, [night]))
    own = truck()
    lengths = [
        len(driver.leg(own, "22", "20", hour * HOUR).segments) for hour in (9.9, 9.95, 9.96, 15.9, 15.95, 9.9)
    ]
    assert lengths == [2, 4, 4, 4, 2, 2]


def test_what_can_not_be_brought_is_left_with_the_reason():
    island = replace(town(), junctions=town().junctions | {"X": (121.0, 31.0)})
    plant_transport = transport(
        Site(id="S", junction="20"),
        Site(id="island", junction="X"),
        Site(id="shut", junction="20", receives={"from": "01:00", "to": "02:00"}),
    )
    orders = [
        shipment("heavy", "S", kg=6000),
        shipment("late", "S", ready_h=7 * 24 - 0.1),
        shipment("overseas", "island", due_h=24, lateness=10),
        shipment("nightly", "shut"),
    ]
    tours = planned(plant_transport, orders, road_map=island)
    assert tours.trips == ()
    assert "6000 kg and 3 m3 are more than any truck carries" in tours.left["heavy"]
    assert "not ready" in tours.left["late"]
    assert "no truck gets to island" in tours.left["overseas"]
    assert "no truck gets to shut" in tours.left["nightly"]
    assert tours.lateness_money == pytest.approx(6 * 24 * 10)


def test_steel_is_fetched_on_the_way_back():
    plant_transport = transport(Site(id="S", junction="20"), Site(id="mill", junction="10"))
    orders = [
        shipment("sets", "S", ready_h=7, due_h=16, kg=4000),
        shipment("steel", "mill", ready_h=10, due_h=16, kg=4500, fetched=True),
    ]
    tours = planned(plant_transport, orders)
    (trip,) = tours.trips
    assert [(stop.site, stop.orders) for stop in trip.stops] == [("S", ("sets",)), ("mill", ())]
    assert trip.stops[1].begin_seconds >= 10 * HOUR


def every_way_of_driving(orders):
    """Every ordered division of some orders into rounds."""
    for sequence in permutations(orders):
        for cuts in range(2 ** (len(orders) - 1)):
            rounds = [[sequence[0]]]
            for number, order in enumerate(sequence[1:]):
                if cuts >> number & 1:
                    rounds.append([])
                rounds[-1].append(order)
            yield rounds


@pytest.mark.parametrize("seed", range(5))
def test_a_day_of_one_truck_is_planned_as_well_as_by_trying_everything(seed):
    rng = np.random.default_rng(seed)
    day = TimeGrid(MONDAY, timedelta(minutes=15), 96)
    sites = [
        Site(id=f"site{n}", junction=str(j), unload_minutes=25.0)
        for n, j in enumerate(rng.choice(list(town().junctions), size=4, replace=False))
    ]
    orders = [
        shipment(
            f"order{n}",
            f"site{n}",
            ready_h=float(rng.uniform(6, 11)),
            due_h=float(rng.uniform(9, 14)),
            lateness=float(rng.uniform(10, 100)),
            kg=2000.0,
        )
        for n in range(4)
    ]
    plant_transport = transport(*sites)
    tours = planned(plant_transport, orders, grid=day, iterations=300)
    driver = Driver(plant_transport, day, MovementGraph(town()))
    own = plant_transport.trucks[0]
    best_money = float("inf")
    for rounds in every_way_of_driving(orders):
        free_s, money = 7 * HOUR, 0.0
        for load in rounds:
            drive = driver.drive(own, (7 * HOUR, 18 * HOUR), load, free_s)
            if drive is None:
                break
            free_s, money = drive.trip.return_seconds + driver.loading_s, money + drive.money
        else:
            best_money = min(best_money, money)
    assert tours.money <= best_money * 1.02


def random_week(seed):
    rng = np.random.default_rng(seed)
    road_map = town()
    junctions = list(road_map.junctions)
    sites = [
        Site(
            id=f"site{n}",
            junction=junctions[int(rng.integers(25))],
            receives={"from": f"{rng.integers(6, 13):02d}:00", "to": f"{rng.integers(14, 20):02d}:00"},
            unload_minutes=float(rng.integers(5, 60)),
        )
        for n in range(8)
    ]
    trucks = (truck("small", capacity_kg=3000), truck("twin-a"), truck("twin-b"))
    names = [segment.id for segment in road_map.segments]
    start = MONDAY + timedelta(hours=int(rng.integers(0, 100)))
    closures = [
        Closure(
            f"notice {n}",
            "random",
            start,
            start + timedelta(hours=int(rng.integers(3, 80))),
            segments=frozenset(str(s) for s in rng.choice(names, size=12)),
            daily=(time(int(rng.integers(24))), time(int(rng.integers(24)))) if n else None,
        )
        for n in range(2)
    ]
    orders = [
        shipment(
            f"order{n}",
            f"site{rng.integers(8)}",
            ready_h=float(rng.uniform(0, 120)),
            due_h=float(rng.uniform(30, 168)),
            lateness=float(rng.choice([0, 20, 200])),
            kg=float(rng.uniform(200, 3500)),
        )
        for n in range(14)
    ]
    return transport(*sites, trucks=trucks), road_map, closures, orders


@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_random_weeks_break_no_rule_and_add_up(seed):
    plant_transport, road_map, closures, orders = random_week(seed)
    planned(plant_transport, orders, closures, road_map, iterations=30)


def test_the_same_seed_gives_the_same_tours():
    plant_transport, road_map, closures, orders = random_week(7)
    first, second = (planned(plant_transport, orders, closures, road_map, seed=3) for _ in range(2))
    assert first == second


def test_the_search_stops_when_its_time_is_up():
    plant_transport, road_map, closures, orders = random_week(8)
    tours = planned(plant_transport, orders, closures, road_map, iterations=10**9, seconds=0.3)
    assert tours.trips


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_without_time_everything_is_put_where_it_first_fits(seed):
    plant_transport, road_map, closures, orders = random_week(seed)
    tours = planned(plant_transport, orders, closures, road_map, seconds=0.0)
    for order in orders:
        served = any(order.order in stop.orders for trip in tours.trips for stop in trip.stops)
        assert served or order.order in tours.left
    assert tours.trips


def test_a_late_fetch_is_put_in_without_time_as_well():
    plant_transport = transport(Site(id="mill", junction="00"), Site(id="S", junction="20"))
    orders = [
        shipment("steel", "mill", ready_h=10, due_h=16, kg=4500, fetched=True),
        *(shipment(f"order{n}", "S", ready_h=8 + n, due_h=20, kg=2400) for n in range(3)),
    ]
    tours = planned(plant_transport, orders, seconds=0.0)
    assert tours.left == {}
    assert sum(len(stop.fetched) for trip in tours.trips for stop in trip.stops) == 1
