"""A plan with any one thing changed by hand is caught by the judge: one test a rule."""

import dataclasses
from collections.abc import Callable
from datetime import timedelta

import numpy as np
import pytest

from juli.plan import Dispatch, Plan, Run, Trip, Violation, check
from juli.plan.result import in_time_order
from juli.plant.demand import Demand
from juli.plant.factory import Plant
from juli.plant.road_map import AppliesTo, Closure
from juli.plant.work import expand
from juli.solve.day import Day


def rules_broken(
    day: Day, plan: Plan, *, plant: Plant | None = None, demand: Demand | None = None
) -> set[str]:
    return {violation.rule for violation in check(plant or day.plant, demand or day.demand, plan)}


def with_run(plan: Plan, change: Callable[[Run], Run | None], index: int = 0) -> Plan:
    """The plan with one run changed, or taken out where the change gives None."""
    runs = list(plan.runs)
    changed = change(runs.pop(index))
    return dataclasses.replace(plan, runs=in_time_order([*runs, *([changed] if changed else [])]))


def with_dispatch(plan: Plan, **changes: np.ndarray) -> Plan:
    return dataclasses.replace(plan, dispatch=dataclasses.replace(plan.dispatch, **changes))


def with_trip(plan: Plan, change: Callable[[Trip], Trip], index: int = 0) -> Plan:
    trips = list(plan.trips)
    trips[index] = change(trips[index])
    return dataclasses.replace(plan, trips=tuple(trips))


def bumped(series: np.ndarray, slot: int, by: float) -> np.ndarray:
    changed = series.copy()
    changed[slot] += by
    return changed


def index_of(plan: Plan, test: Callable[[Run], bool]) -> int:
    return next(index for index, run in enumerate(plan.runs) if test(run))


def test_a_plan_that_keeps_every_rule_has_no_violation(tiny: Day, tiny_plan: Plan) -> None:
    assert check(tiny.plant, tiny.demand, tiny_plan) == []


def test_a_violation_says_which_rule_and_by_how_much(tiny: Day, tiny_plan: Plan) -> None:
    plan = with_dispatch(tiny_plan, grid_kw=bumped(tiny_plan.dispatch.grid_kw, 40, 5.0))
    violation = next(found for found in check(tiny.plant, tiny.demand, plan) if found.rule == "balance")
    assert violation == Violation(
        "balance", "2023-12-18T10:00:00+08:00", pytest.approx(5.0), violation.message
    )
    assert "at 2023-12-18T10:00:00+08:00 5 kW is missing or too much" in str(violation)


# The workshop


def test_an_operation_left_out_is_caught(tiny: Day, tiny_plan: Plan) -> None:
    assert "operation_once" in rules_broken(tiny, with_run(tiny_plan, lambda run: None))


def test_an_operation_done_twice_is_caught(tiny: Day, tiny_plan: Plan) -> None:
    plan = dataclasses.replace(tiny_plan, runs=(*tiny_plan.runs, tiny_plan.runs[0]))
    assert "operation_once" in rules_broken(tiny, plan)


def test_an_operation_of_no_order_is_caught(tiny: Day, tiny_plan: Plan) -> None:
    plan = with_run(tiny_plan, lambda run: dataclasses.replace(run, operation="SO-99#1/BOX/cut"))
    assert "operation_once" in rules_broken(tiny, plan)


def test_an_operation_on_a_machine_that_cannot_do_it_is_caught(tiny: Day, tiny_plan: Plan) -> None:
    index = index_of(tiny_plan, lambda run: run.machine == "saw")
    plan = with_run(tiny_plan, lambda run: dataclasses.replace(run, machine="oven"), index)
    assert "machine_suits" in rules_broken(tiny, plan)


def test_a_run_beyond_the_horizon_is_caught(tiny: Day, tiny_plan: Plan) -> None:
    beyond = tiny_plan.schedule.slots

    def late(run: Run) -> Run:
        return dataclasses.replace(run, start=beyond - 1, end=beyond - 1 + run.end - run.start)

    index = index_of(tiny_plan, lambda run: run.end - run.start > 1)
    assert "inside_horizon" in rules_broken(tiny, with_run(tiny_plan, late, index))


def test_a_start_before_the_release_is_caught(tiny: Day, tiny_plan: Plan) -> None:
    index = index_of(tiny_plan, lambda run: run.operation.startswith("SO-6#"))

    def early(run: Run) -> Run:
        return dataclasses.replace(run, start=24, end=24 + run.end - run.start)

    assert "release" in rules_broken(tiny, with_run(tiny_plan, early, index))


def test_a_run_that_is_too_short_is_caught(tiny: Day, tiny_plan: Plan) -> None:
    plan = with_run(tiny_plan, lambda run: dataclasses.replace(run, end=run.end - 1))
    assert "duration" in rules_broken(tiny, plan)


def test_a_shift_ignored_is_caught(tiny: Day, tiny_plan: Plan) -> None:
    index = index_of(tiny_plan, lambda run: run.machine == "saw")

    def at_night(run: Run) -> Run:
        return dataclasses.replace(run, start=4, end=4 + run.end - run.start)

    assert "shift" in rules_broken(tiny, with_run(tiny_plan, at_night, index))


def test_work_during_maintenance_is_caught(tiny: Day, tiny_plan: Plan) -> None:
    index = index_of(tiny_plan, lambda run: run.machine == "oven")
    slot = tiny_plan.schedule.slot_of(tiny_plan.schedule.start + timedelta(days=1, hours=10))

    def in_maintenance(run: Run) -> Run:
        return dataclasses.replace(run, start=slot, end=slot + run.end - run.start)

    assert "shift" in rules_broken(tiny, with_run(tiny_plan, in_maintenance, index))


def test_a_start_before_its_parts_are_ready_is_caught(tiny: Day, tiny_plan: Plan) -> None:
    work = expand(tiny.plant, tiny.demand)
    ends = {run.operation: run.end for run in tiny_plan.runs}
    index = index_of(tiny_plan, lambda run: bool(work.by_id[run.operation].predecessors))
    waits_for = work.by_id[tiny_plan.runs[index].operation].predecessors[0]

    def early(run: Run) -> Run:
        return dataclasses.replace(
            run, start=ends[waits_for] - 1, end=ends[waits_for] - 1 + run.end - run.start
        )

    assert "precedence" in rules_broken(tiny, with_run(tiny_plan, early, index))


def test_two_operations_at_once_on_a_machine_are_caught(tiny: Day, tiny_plan: Plan) -> None:
    first, second = [index for index, run in enumerate(tiny_plan.runs) if run.machine == "oven"][:2]
    start = tiny_plan.runs[first].start

    def onto(run: Run) -> Run:
        return dataclasses.replace(run, start=start, end=start + run.end - run.start)

    assert "one_at_a_time" in rules_broken(tiny, with_run(tiny_plan, onto, second))


# The electricity


def test_power_from_nowhere_is_caught(tiny: Day, tiny_plan: Plan) -> None:
    assert rules_broken(
        tiny, with_dispatch(tiny_plan, grid_kw=bumped(tiny_plan.dispatch.grid_kw, 3, -1.0))
    ) == {"balance"}


def test_a_dispatch_with_a_hole_is_caught(tiny: Day, tiny_plan: Plan) -> None:
    assert "balance" in rules_broken(
        tiny, with_dispatch(tiny_plan, grid_kw=bumped(tiny_plan.dispatch.grid_kw, 3, np.nan))
    )


def test_a_dispatch_of_another_length_is_caught(tiny: Day, tiny_plan: Plan) -> None:
    short = Dispatch(
        *(
            getattr(tiny_plan.dispatch, name)[:-1]
            for name in ("grid_kw", "solar_kw", "battery_kw", "stored_kwh")
        )
    )
    assert rules_broken(tiny, dataclasses.replace(tiny_plan, dispatch=short)) == {"dispatch_shape"}


def test_more_solar_than_there_is_is_caught(tiny: Day, tiny_plan: Plan) -> None:
    assert "solar_available" in rules_broken(
        tiny, with_dispatch(tiny_plan, solar_kw=bumped(tiny_plan.dispatch.solar_kw, 0, 2.0))
    )


def test_import_above_the_limit_is_caught(tiny: Day, tiny_plan: Plan) -> None:
    limit = float(tiny_plan.dispatch.grid_kw.max()) - 1.0
    plant = tiny.plant.model_copy(
        update={"grid": tiny.plant.grid.model_copy(update={"import_limit_kw": limit})}
    )
    assert rules_broken(tiny, tiny_plan, plant=plant) == {"import_limit"}


def test_export_above_the_limit_is_caught(tiny: Day, tiny_plan: Plan) -> None:
    assert "export_limit" in rules_broken(
        tiny, with_dispatch(tiny_plan, grid_kw=bumped(tiny_plan.dispatch.grid_kw, 0, -500.0))
    )


def test_power_from_a_battery_that_is_not_there_is_caught(tiny: Day, tiny_plan: Plan) -> None:
    assert "no_battery" in rules_broken(
        tiny, tiny_plan, plant=tiny.plant.model_copy(update={"battery": None})
    )


def test_a_battery_above_its_power_is_caught(tiny: Day, tiny_plan: Plan) -> None:
    assert "battery_power" in rules_broken(
        tiny, with_dispatch(tiny_plan, battery_kw=bumped(tiny_plan.dispatch.battery_kw, 5, 500.0))
    )


def test_a_battery_below_empty_is_caught(tiny: Day, tiny_plan: Plan) -> None:
    stored = tiny_plan.dispatch.stored_kwh
    assert "battery_level" in rules_broken(
        tiny, with_dispatch(tiny_plan, stored_kwh=bumped(stored, 9, -stored[9] - 1.0))
    )


def test_a_battery_above_full_is_caught(tiny: Day, tiny_plan: Plan) -> None:
    assert "battery_level" in rules_broken(
        tiny, with_dispatch(tiny_plan, stored_kwh=bumped(tiny_plan.dispatch.stored_kwh, 9, 500.0))
    )


def test_stored_energy_from_nowhere_is_caught(tiny: Day, tiny_plan: Plan) -> None:
    assert "battery_energy" in rules_broken(
        tiny, with_dispatch(tiny_plan, stored_kwh=bumped(tiny_plan.dispatch.stored_kwh, 9, 0.01))
    )


def test_self_discharge_that_is_forgotten_is_caught(tiny: Day, tiny_plan: Plan) -> None:
    assert tiny.plant.battery is not None
    leaky = tiny.plant.battery.model_copy(update={"self_discharge_per_hour": 0.01})
    assert "battery_energy" in rules_broken(
        tiny, tiny_plan, plant=tiny.plant.model_copy(update={"battery": leaky})
    )


def test_a_battery_that_begins_with_another_level_is_caught(tiny: Day, tiny_plan: Plan) -> None:
    assert "battery_ends" in rules_broken(
        tiny, with_dispatch(tiny_plan, stored_kwh=bumped(tiny_plan.dispatch.stored_kwh, 0, 1.0))
    )


def test_a_battery_that_ends_too_low_is_caught(tiny: Day, tiny_plan: Plan) -> None:
    assert tiny.plant.battery is not None
    fuller = tiny.plant.battery.model_copy(update={"end_kwh": tiny.plant.battery.energy_kwh})
    assert "battery_ends" in rules_broken(
        tiny, tiny_plan, plant=tiny.plant.model_copy(update={"battery": fuller})
    )


# The deliveries


def test_an_order_delivered_twice_is_caught(tiny: Day, tiny_plan: Plan) -> None:
    def twice(trip: Trip) -> Trip:
        first, *others = trip.stops
        return dataclasses.replace(trip, stops=(dataclasses.replace(first, orders=first.orders * 2), *others))

    assert "delivered_once" in rules_broken(tiny, with_trip(tiny_plan, twice))


def test_an_order_that_leaves_before_it_is_complete_is_caught(tiny: Day, tiny_plan: Plan) -> None:
    order = tiny_plan.trips[0].stops[0].orders[0]
    last = max(index for index, run in enumerate(tiny_plan.runs) if run.operation.startswith(f"{order}#"))
    slot = tiny_plan.schedule.slots - 10

    def later(run: Run) -> Run:
        return dataclasses.replace(run, start=slot, end=slot + run.end - run.start)

    assert "completed_before_loading" in rules_broken(tiny, with_run(tiny_plan, later, last))


def test_a_truck_in_two_places_is_caught(tiny: Day, tiny_plan: Plan) -> None:
    plan = dataclasses.replace(tiny_plan, trips=(*tiny_plan.trips, tiny_plan.trips[0]))
    assert "one_place_at_a_time" in rules_broken(tiny, plan)


def test_an_unknown_truck_is_caught(tiny: Day, tiny_plan: Plan) -> None:
    assert "truck_known" in rules_broken(
        tiny, with_trip(tiny_plan, lambda trip: dataclasses.replace(trip, truck="T-99"))
    )


def test_trips_of_a_plant_without_transport_are_caught(tiny: Day, tiny_plan: Plan) -> None:
    assert "truck_known" in rules_broken(
        tiny, tiny_plan, plant=tiny.plant.model_copy(update={"transport": None})
    )


@pytest.mark.parametrize("measure", ["capacity_kg", "capacity_m3"])
def test_an_overloaded_truck_is_caught(tiny: Day, tiny_plan: Plan, measure: str) -> None:
    assert rules_broken(tiny, tiny_plan, plant=with_trucks(tiny.plant, **{measure: 0.01})) == {"capacity"}


def with_trucks(plant: Plant, **changes: object) -> Plant:
    assert plant.transport is not None
    trucks = tuple(truck.model_copy(update=changes) for truck in plant.transport.trucks)
    return plant.model_copy(update={"transport": plant.transport.model_copy(update={"trucks": trucks})})


def with_sites(plant: Plant, **changes: object) -> Plant:
    assert plant.transport is not None
    sites = tuple(site.model_copy(update=changes) for site in plant.transport.sites)
    return plant.model_copy(update={"transport": plant.transport.model_copy(update={"sites": sites})})


def test_a_trip_outside_the_drivers_hours_is_caught(tiny: Day, tiny_plan: Plan) -> None:
    assert rules_broken(tiny, tiny_plan, plant=with_trucks(tiny.plant, working_days=("sun",))) == {
        "drivers_hours"
    }


def test_unloading_when_the_site_is_closed_is_caught(tiny: Day, tiny_plan: Plan) -> None:
    assert rules_broken(tiny, tiny_plan, plant=with_sites(tiny.plant, receiving_days=("sun",))) == {
        "receiving_hours"
    }


def test_unloading_that_is_too_short_is_caught(tiny: Day, tiny_plan: Plan) -> None:
    assert rules_broken(tiny, tiny_plan, plant=with_sites(tiny.plant, unload_minutes=500)) == {
        "receiving_hours"
    }


def test_an_order_at_the_wrong_site_is_caught(tiny: Day, tiny_plan: Plan) -> None:
    wrong = tiny_plan.trips[0].stops[0].orders[0]
    orders = tuple(
        dataclasses.replace(order, site="elsewhere") if order.id == wrong else order
        for order in tiny.demand.orders
    )
    assert rules_broken(tiny, tiny_plan, demand=dataclasses.replace(tiny.demand, orders=orders)) == {
        "right_site"
    }


def test_a_trip_that_skips_the_way_home_is_caught(tiny: Day, tiny_plan: Plan) -> None:
    plan = with_trip(tiny_plan, lambda trip: dataclasses.replace(trip, legs=trip.legs[:-1]))
    assert "trip_connects" in rules_broken(tiny, plan)


def test_leaving_before_unloading_has_ended_is_caught(tiny: Day, tiny_plan: Plan) -> None:
    def hasty(trip: Trip) -> Trip:
        leg = trip.legs[1]
        early = [seconds - 300 for seconds in leg.entered_seconds]
        sooner = dataclasses.replace(
            leg,
            departure_seconds=leg.departure_seconds - 300,
            arrival_seconds=leg.arrival_seconds - 300,
            entered_seconds=tuple(early),
        )
        return dataclasses.replace(trip, legs=(trip.legs[0], sooner, *trip.legs[2:]))

    assert "trip_connects" in rules_broken(tiny, with_trip(tiny_plan, hasty))


def with_leg(plan: Plan, **changes: object) -> Plan:
    """The plan with its first trip's first leg changed."""
    return with_trip(
        plan,
        lambda trip: dataclasses.replace(
            trip, legs=(dataclasses.replace(trip.legs[0], **changes), *trip.legs[1:])
        ),
    )


def test_a_route_with_a_gap_is_caught(tiny: Day, tiny_plan: Plan) -> None:
    leg = tiny_plan.trips[0].legs[0]
    plan = with_leg(tiny_plan, segments=leg.segments[1:], entered_seconds=leg.entered_seconds[1:])
    assert "route_connects" in rules_broken(tiny, plan)


def test_a_route_on_no_road_is_caught(tiny: Day, tiny_plan: Plan) -> None:
    leg = tiny_plan.trips[0].legs[0]
    plan = with_leg(tiny_plan, segments=("nowhere", *leg.segments[1:]))
    assert "route_connects" in rules_broken(tiny, plan)


def test_driving_faster_than_the_road_allows_is_caught(tiny: Day, tiny_plan: Plan) -> None:
    leg = tiny_plan.trips[0].legs[0]
    assert "driving_time" in rules_broken(
        tiny, with_leg(tiny_plan, departure_seconds=leg.arrival_seconds - 5.0)
    )


@pytest.mark.parametrize(
    ("limit", "value"), [("max_weight_t", 0.5), ("max_height_m", 0.5), ("max_width_m", 0.5)]
)
def test_a_truck_on_a_road_too_small_for_it_is_caught(
    tiny: Day, tiny_plan: Plan, limit: str, value: float
) -> None:
    road_map = tiny.demand.road_map
    assert road_map is not None
    segments = tuple(dataclasses.replace(segment, **{limit: value}) for segment in road_map.segments)
    demand = dataclasses.replace(tiny.demand, road_map=dataclasses.replace(road_map, segments=segments))
    assert rules_broken(tiny, tiny_plan, demand=demand) == {"truck_fits"}


def test_a_turn_that_is_banned_for_good_is_caught(tiny: Day, tiny_plan: Plan) -> None:
    road_map = tiny.demand.road_map
    assert road_map is not None
    leg = longest_leg(tiny_plan)
    banned = dataclasses.replace(road_map, banned_movements=frozenset({leg.segments[:2]}))
    assert rules_broken(tiny, tiny_plan, demand=dataclasses.replace(tiny.demand, road_map=banned)) == {
        "movement_allowed"
    }


def longest_leg(plan: Plan):  # type: ignore[no-untyped-def]  # a Leg; the tests need no more
    return max((leg for trip in plan.trips for leg in trip.legs), key=lambda leg: len(leg.segments))


def closed(day: Day, plan: Plan, **changes: object) -> Demand:
    """The demand with one more closure: the first turn of the plan's longest leg, the whole time."""
    leg = longest_leg(plan)
    closure = Closure(
        id="test",
        source="a notice",
        start=plan.schedule.start,
        end=plan.schedule.end,
        movements=frozenset({leg.segments[:2]}),
    )
    closure = dataclasses.replace(closure, **changes)
    return dataclasses.replace(day.demand, closures=(*day.demand.closures, closure))


def test_a_truck_through_a_closed_junction_is_caught(tiny: Day, tiny_plan: Plan) -> None:
    assert rules_broken(tiny, tiny_plan, demand=closed(tiny, tiny_plan)) == {"closure_respected"}


def test_a_truck_into_a_closed_road_is_caught(tiny: Day, tiny_plan: Plan) -> None:
    leg = longest_leg(tiny_plan)
    demand = closed(tiny, tiny_plan, movements=frozenset(), segments=frozenset({leg.segments[0]}))
    assert rules_broken(tiny, tiny_plan, demand=demand) == {"closure_respected"}


def test_a_closure_to_through_traffic_lets_local_deliveries_pass(tiny: Day, tiny_plan: Plan) -> None:
    leg = longest_leg(tiny_plan)
    ends = frozenset({leg.from_junction, leg.to_junction})
    local = closed(tiny, tiny_plan, applies_to=AppliesTo.THROUGH, zone_junctions=ends)
    assert rules_broken(tiny, tiny_plan, demand=local) == set()
    through = closed(tiny, tiny_plan, applies_to=AppliesTo.THROUGH)
    assert rules_broken(tiny, tiny_plan, demand=through) == {"closure_respected"}


def test_a_closure_that_is_over_bans_nothing(tiny: Day, tiny_plan: Plan) -> None:
    start = tiny_plan.schedule.start
    over = closed(tiny, tiny_plan, start=start - timedelta(days=9), end=start)
    assert rules_broken(tiny, tiny_plan, demand=over) == set()
