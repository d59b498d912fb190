"""A plan keeps every rule, costs what the judge says, and is the same every time."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from tests.strategies import days

from juli.core.money import same_to_the_cent
from juli.plan import bill, check
from juli.plan.account import lateness_hours, pickup_lateness_hours
from juli.plan.document import from_document, to_document
from juli.plan.result import Bill, BillLine, Category, Plan, Status
from juli.solve.completion import Outcome
from juli.solve.consumption import ConsumptionModel
from juli.solve.day import Day, load
from juli.solve.production import day_shop
from juli.solve.week import Effort, Method, held_to_trips, rank, solve_day


@settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(day=days())
def test_any_plant_is_planned_without_violation_at_the_cost_that_the_judge_finds(day: Day) -> None:
    # solve_day stops with a DisagreementError when its own objective is not the judge's bill to the cent.
    outcome = solve_day(day, Effort(seconds=60, iterations=60, seed=3))
    assert outcome.plan is not None, outcome.reason
    assert outcome.violations == ()
    assert check(day.plant, day.demand, outcome.plan) == []
    again = bill(day.plant, day.demand, outcome.plan)
    assert same_to_the_cent(again.total_money, outcome.plan.bill.total_money)
    assert outcome.plan.bound_money <= again.total_money + 0.005


@pytest.mark.parametrize("name", ["tiny", pytest.param("switchgear", marks=pytest.mark.slow)])
def test_an_example_is_planned_without_violation_and_the_same_byte_for_byte(project: Path, name: str) -> None:
    day = load(project / "examples" / name)
    effort = Effort(seconds=600, iterations=200, seed=5)
    first, second = (solve_day(day, effort) for _ in range(2))
    assert first.plan is not None
    assert second.plan is not None
    assert first.violations == ()
    assert to_document(first.plan).model_dump_json() == to_document(second.plan).model_dump_json()


def test_a_plan_comes_back_from_its_document_as_it_was(project: Path) -> None:
    day = load(project / "examples" / "tiny")
    plan = solve_day(day, Effort(seconds=60, iterations=50)).plan
    assert plan is not None
    document = to_document(plan)
    assert (
        to_document(from_document(type(document).model_validate_json(document.model_dump_json()))) == document
    )


def test_the_notice_keeps_through_trips_out_of_the_junction(project: Path) -> None:
    day = load(project / "examples" / "tiny")
    (closure,) = day.demand.closures
    assert closure.movements
    assert day.warnings == ()


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(day=days())
def test_the_joint_plan_is_never_later_than_the_plan_it_begins_from_nor_dearer_where_as_late(
    day: Day,
) -> None:
    outcome = solve_day(day, Effort(seconds=60, iterations=60, seed=4))
    plan, start = outcome.plan, outcome.start
    assert plan is not None
    assert start is not None

    def late_hours(one: Plan) -> float:
        late = lateness_hours(day.demand, outcome.work, one.runs, one.trips)
        return sum(late.values()) + sum(pickup_lateness_hours(day.demand, one.trips).values())

    assert late_hours(plan) <= late_hours(start) + 1e-6
    if late_hours(plan) > late_hours(start) - 1e-6:
        assert plan.bill.total_money <= start.bill.total_money + 0.005


def test_a_plan_that_delivers_nothing_ranks_behind_a_dear_one_that_does(project: Path) -> None:
    day = load(project / "examples" / "tiny")
    promised = solve_day(day, Effort(seconds=60, iterations=50), method=Method.SEQUENTIAL)
    plan = promised.plan
    assert plan is not None
    dear = BillLine(Category.ENERGY, "dear", 1.0, "kWh", 2.0 * plan.bill.total_money)
    dearer = replace(promised, plan=replace(plan, bill=Bill((dear,))))
    idle = replace(promised, plan=replace(plan, runs=(), trips=(), bill=Bill(())))
    nothing = Outcome(Status.NO_PLAN, None, promised.work)
    assert rank(day, promised) < rank(day, dearer) < rank(day, idle) < rank(day, nothing)


def test_an_order_whose_trip_is_late_keeps_its_own_promise_in_the_joint_search(project: Path) -> None:
    day = load(project / "examples" / "tiny")
    outcome = solve_day(day, Effort(seconds=60, iterations=50), method=Method.SEQUENTIAL)
    plan, work = outcome.plan, outcome.work
    assert plan is not None
    sooner = tuple(replace(order, due=order.due - timedelta(days=1)) for order in day.demand.orders)
    late = replace(day, demand=replace(day.demand, orders=sooner))
    assert any(lateness_hours(late.demand, work, plan.runs, plan.trips).values())
    jobs = day_shop(late.plant, late.demand, work, ConsumptionModel(late.plant, late.demand, work)).jobs
    for job, held in zip(jobs, held_to_trips(late, work, plan.runs, plan.trips, jobs), strict=True):
        assert job.due is not None
        assert held.due is not None
        assert held.due <= job.due
