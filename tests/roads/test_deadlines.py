"""A trip may leave so late that nobody is served later for it, and tours begun from it are no later."""

from dataclasses import replace

import numpy as np
import pytest
from tests.roads.test_tours import HOUR, WEEK, assert_judge_agrees, shipment, town, transport, truck

from juli.plant.site import Site
from juli.roads.deadlines import latest_departures
from juli.roads.driving import Driver
from juli.roads.graph import MovementGraph
from juli.roads.shipments import Shipment
from juli.roads.tours import plan_tours


def deadlines(plant_transport, shipments):
    graph = MovementGraph(town())
    tours = plan_tours(plant_transport, WEEK, graph, shipments, iterations=100)
    found = latest_departures(Driver(plant_transport, WEEK, graph), shipments, tours.trips)
    return [(trip, seconds) for trip, seconds in sorted(found, key=lambda one: one[0].departure_seconds)]


def test_a_trip_may_leave_until_the_drive_is_as_long_as_the_time_to_the_promise():
    # Six minutes of driving: with 12:00 promised, the truck may leave at 11:54.
    ((_, latest_s),) = deadlines(
        transport(Site(id="S", junction="20")), [shipment("order", "S", ready_h=8, due_h=12)]
    )
    assert latest_s == pytest.approx(11.9 * HOUR, abs=60)
    assert latest_s <= 11.9 * HOUR


def test_who_is_late_already_may_not_be_later():
    ((trip, latest_s),) = deadlines(
        transport(Site(id="S", junction="20")), [shipment("order", "S", ready_h=13, due_h=12)]
    )
    assert latest_s == pytest.approx(trip.departure_seconds, abs=60)


def test_what_costs_nothing_late_may_leave_until_the_shift_ends():
    worker = truck(works={"from": "06:00", "to": "18:00"})
    ((_, latest_s),) = deadlines(
        transport(Site(id="S", junction="20"), trucks=(worker,)),
        [shipment("order", "S", ready_h=8, due_h=12, lateness=0.0)],
    )
    # Six minutes there, twenty of unloading, six back.
    assert latest_s == pytest.approx(18 * HOUR - 32 * 60, abs=60)


def test_a_trip_leaves_the_next_one_of_its_truck_time_to_be_loaded():
    orders = [
        shipment("first", "S", ready_h=8, due_h=30, kg=4000),
        shipment("second", "S", ready_h=9, due_h=10, kg=4000),
    ]
    (early, late) = deadlines(transport(Site(id="S", junction="20")), orders)
    back_s = early[1] + 32 * 60
    assert back_s + 20 * 60 <= late[1] + 1


def moved(rng: np.random.Generator, one: Shipment, latest_s: float) -> Shipment:
    """The same order, complete at another time that its trip can wait for."""
    return replace(one, ready_seconds=float(rng.uniform(0.0, latest_s)))


@pytest.mark.parametrize("seed", range(4))
def test_tours_begun_from_others_are_no_later_where_completions_keep_the_deadlines(seed: int):
    rng = np.random.default_rng(seed)
    sites = [Site(id=f"{x}{y}", junction=f"{x}{y}") for x in (0, 4) for y in range(3)]
    orders = [
        shipment(f"{n:02d}", sites[n % 6].id, float(at := rng.uniform(8, 90)), float(at + rng.uniform(0, 30)))
        for n in range(24)
    ]
    trucks = tuple(truck(f"truck-{n}", works={"from": "06:00", "to": "20:00"}) for n in range(2))
    plant_transport, graph = transport(*sites, trucks=trucks), MovementGraph(town())
    first = plan_tours(plant_transport, WEEK, graph, orders, iterations=40)
    latest = {
        order: seconds - plant_transport.loading_minutes * 60
        for trip, seconds in latest_departures(Driver(plant_transport, WEEK, graph), orders, first.trips)
        for stop in trip.stops
        for order in stop.orders
    }
    later = [moved(rng, one, latest[one.order]) if one.order in latest else one for one in orders]
    second = plan_tours(plant_transport, WEEK, graph, later, iterations=40, like=first.trips)
    assert_judge_agrees(plant_transport, town(), (), later, second)
    assert late_hours(second, later) <= late_hours(first, orders) + 1e-6


def late_hours(tours, shipments) -> float:
    begun = {name: stop.begin_seconds for trip in tours.trips for stop in trip.stops for name in stop.orders}
    assert begun.keys() == {one.order for one in shipments}
    return sum(max(begun[one.order] - one.due_seconds, 0.0) for one in shipments) / HOUR
