"""Plans side by side: each judged, none better for having less to work with."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from juli.core.money import same_to_the_cent
from juli.plan import Category, bill, check
from juli.solve.choices.comparing import best_of, compare
from juli.solve.choices.comparison import Choice, Comparison, FrontPoint, marked
from juli.solve.choices.searching import searched_on
from juli.solve.completion import Effort, repriced
from juli.solve.day import Day, load

EFFORT = Effort(seconds=600, iterations=40, seed=1)


@pytest.fixture(scope="module")
def day(project: Path) -> Day:
    return load(project / "examples" / "tiny")


@pytest.fixture(scope="module")
def compared(day: Day) -> Comparison:
    return compare(day, EFFORT)


def test_a_plant_with_everything_has_every_variant(compared: Comparison) -> None:
    assert [one.choice for one in compared.variants] == list(Choice)
    assert compared.missing == {}


def test_the_judge_agrees_with_every_plan(compared: Comparison) -> None:
    for one in compared.variants:
        plant, demand = one.day.plant, one.day.demand
        assert check(plant, demand, one.plan) == [], one.choice
        assert same_to_the_cent(bill(plant, demand, one.plan).total_money, one.plan.bill.total_money)
        assert one.plan.bound_money <= one.plan.bill.total_money


def test_no_plan_with_less_to_work_with_is_cheaper_than_the_joint_one(compared: Comparison) -> None:
    money = {one.choice: one.plan.bill.total_money for one in compared.variants}
    assert all(money[Choice.JOINT] <= other + 0.005 for other in money.values()), money
    assert compared.saved_money == money[Choice.SEQUENTIAL] - money[Choice.JOINT]


def test_what_is_taken_away_is_not_used(compared: Comparison) -> None:
    without_battery, without_sun = compared.of(Choice.NO_BATTERY), compared.of(Choice.NO_SOLAR)
    assert without_battery is not None
    assert without_sun is not None
    assert not np.any(without_battery.plan.dispatch.battery_kw)
    assert without_battery.plan.bill.of(Category.WEAR) == 0
    assert not np.any(without_sun.plan.dispatch.solar_kw)


def test_a_plant_without_battery_and_sun_has_no_rows_for_them(day: Day) -> None:
    forecast = replace(day.demand.forecast, solar_kw=np.zeros(day.demand.settlement.slots))
    orders = tuple(replace(order, lateness_per_hour=0.0) for order in day.demand.orders)
    bare = replace(
        day,
        plant=day.plant.model_copy(update={"battery": None, "solar": None}),
        demand=replace(day.demand, forecast=forecast, orders=orders),
    )
    compared = compare(bare, replace(EFFORT, iterations=5))
    assert [one.choice for one in compared.variants] == [
        Choice.SEQUENTIAL,
        Choice.JOINT,
        Choice.NO_FLEXIBILITY,
    ]
    assert compared.front == ()  # nobody pays for lateness


def test_the_points_of_the_front_are_sorted_and_marked(compared: Comparison) -> None:
    hours = [point.late_hours for point in compared.front]
    assert hours == sorted(hours)
    assert {1.0, 0.1} <= {point.weight for point in compared.front}
    efficient = [point for point in compared.front if point.efficient]
    money = [point.other_money for point in efficient]
    assert money == sorted(money, reverse=True)


def test_a_point_is_beaten_by_one_that_is_no_later_and_no_dearer() -> None:
    points = [FrontPoint(1, 0, 0, 100), FrontPoint(0.3, 0, 0, 110), FrontPoint(0.1, 5, 9, 90)]
    assert [(one.weight, one.efficient) for one in marked(points)] == [(1, True), (0.3, False), (0.1, True)]


def test_the_same_seed_gives_the_same_comparison(day: Day, compared: Comparison) -> None:
    again = compare(day, EFFORT)
    assert [one.plan.runs for one in again.variants] == [one.plan.runs for one in compared.variants]
    assert again.front == compared.front


def test_searching_on_keeps_the_trips_where_every_order_still_makes_its_own(
    day: Day, compared: Comparison
) -> None:
    joint = compared.of(Choice.JOINT)
    assert joint is not None
    from juli.core.clock import SystemClock

    found = searched_on(day, joint.plan, EFFORT, SystemClock(), lambda step: None)
    assert found.plan is not None
    assert found.violations == ()
    assert found.plan.trips == joint.plan.trips
    again = repriced(day, found.work, found.plan)
    assert again is not None
    assert again.plan is not None
    assert same_to_the_cent(again.plan.bill.total_money, found.plan.bill.total_money)


def test_of_two_plans_the_less_late_one_is_taken_even_where_it_is_dearer(
    day: Day, compared: Comparison
) -> None:
    joint = compared.of(Choice.JOINT)
    assert joint is not None
    plan, hour = joint.plan, 3600.0
    trips = tuple(
        replace(
            trip,
            stops=tuple(replace(stop, begin_seconds=stop.begin_seconds + 99 * hour) for stop in trip.stops),
        )
        for trip in plan.trips
    )
    later = replace(joint.outcome, plan=replace(plan, trips=trips, bill=replace(plan.bill, lines=())))
    assert best_of(day, [later, joint.outcome]) is joint.outcome


def test_a_load_above_the_connection_can_not_be_served(day: Day, compared: Comparison) -> None:
    joint = compared.of(Choice.JOINT)
    assert joint is not None
    grid = day.plant.grid.model_copy(update={"import_limit_kw": 1.0})
    narrow = replace(day, plant=day.plant.model_copy(update={"grid": grid, "battery": None}))
    assert repriced(narrow, joint.outcome.work, joint.plan) is None
