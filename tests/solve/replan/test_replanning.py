"""Replanning a small works after each kind of event."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from juli.core.errors import InputError
from juli.plan.result import Plan
from juli.solve.completion import Effort
from juli.solve.day import Day, load
from juli.solve.replan import Events, Replanned, read_events, replan
from juli.solve.week import solve_day

NOW = "2023-12-18T09:00"


@pytest.fixture(scope="module")
def tiny(project: Path) -> tuple[Day, Plan]:
    day = load(project / "examples" / "tiny")
    plan = solve_day(day, Effort(seconds=60, iterations=40)).plan
    assert plan is not None
    return day, plan


def events_of(folder: Path, text: str, **keys: object) -> Events:
    file = folder / "event.yaml"
    head = "".join(f"{key}: {value}\n" for key, value in ({"now": NOW} | keys).items())
    file.write_text(f"{head}events:\n{text}", encoding="utf-8")
    return read_events(file)


def again(tiny: tuple[Day, Plan], folder: Path, text: str, **keys: object) -> Replanned:
    day, plan = tiny
    answer = replan(day, plan, events_of(folder, text, **keys), Effort(seconds=60, iterations=5))
    assert answer.outcome.plan is not None, answer.outcome.reason
    assert answer.outcome.violations == ()
    return answer


def slot(plan: Plan, moment: str) -> int:
    return plan.schedule.slot_of(datetime.fromisoformat(moment).replace(tzinfo=plan.schedule.start.tzinfo))


def test_where_nothing_has_happened_nothing_changes_when_moving_is_dear(
    tiny: tuple[Day, Plan], tmp_path: Path
) -> None:
    answer = again(tiny, tmp_path, "  []\n", move_money=100000)
    assert answer.changes == ()
    assert answer.outcome.plan is not None
    assert answer.outcome.plan.runs == tiny[1].runs


def test_a_machine_stop_moves_what_it_must_and_leaves_the_past_alone(
    tiny: tuple[Day, Plan], tmp_path: Path
) -> None:
    text = "  - {kind: machine_stop, machine: oven, until: 2023-12-18T23:00, reason: burner}\n"
    answer = again(tiny, tmp_path, text)
    plan = answer.outcome.plan
    assert plan is not None
    first, last = slot(plan, NOW), slot(plan, "2023-12-18T23:00")
    assert not [run for run in plan.runs if run.machine == "oven" and run.start < last and run.end > first]
    past = [run for run in tiny[1].runs if run.end <= first]
    assert past
    assert set(past) <= set(plan.runs)
    forced = {change.operation for change in answer.changes if change.event == "machine_stop"}
    hit = {r.operation for r in tiny[1].runs if r.machine == "oven" and r.start < last and r.end > first}
    assert forced == hit != set()
    assert answer.moved_untouched <= answer.untouched


def test_the_battery_did_in_the_past_what_it_did(tiny: tuple[Day, Plan], tmp_path: Path) -> None:
    answer = again(tiny, tmp_path, "  - {kind: price, buy: 3.0, until: 2023-12-18T20:00}\n")
    plan = answer.outcome.plan
    assert plan is not None
    over = plan.settlement.slot_of(datetime.fromisoformat(NOW).replace(tzinfo=plan.schedule.start.tzinfo))
    assert plan.dispatch.battery_kw[:over] == pytest.approx(tiny[1].dispatch.battery_kw[:over], abs=1e-5)
    dear = slice(over, over + 44)
    assert plan.dispatch.grid_kw[dear].sum() <= tiny[1].dispatch.grid_kw[dear].sum() + 1e-6


def test_late_material_waits_only_for_what_needs_it(tiny: tuple[Day, Plan], tmp_path: Path) -> None:
    text = "  - {kind: late_material, order: SO-5, product: DOOR, until: 2023-12-19T08:00}\n"
    plan = again(tiny, tmp_path, text).outcome.plan
    assert plan is not None
    doors = [run for run in plan.runs if run.operation.startswith("SO-5#1/CABINET/DOOR")]
    assert doors
    assert min(run.start for run in doors) >= slot(plan, "2023-12-19T08:00")


def test_a_rush_order_is_made_and_a_cancelled_one_is_not(tiny: tuple[Day, Plan], tmp_path: Path) -> None:
    text = (
        "  - {kind: rush_order, order: SO-9, product: BOX, quantity: 2, due: 2023-12-19T20:00}\n"
        "  - {kind: cancelled, order: SO-6}\n"
        "  - {kind: new_due, order: SO-5, due: 2023-12-20T16:00}\n"
    )
    answer = again(tiny, tmp_path, text)
    plan = answer.outcome.plan
    assert plan is not None
    orders = {run.operation.partition("#")[0] for run in plan.runs}
    assert "SO-9" in orders
    assert "SO-6" not in orders
    assert {change.cause for change in answer.changes if change.operation.startswith("SO-9")} == {"new"}
    assert all(run.start >= slot(plan, NOW) for run in plan.runs if run.operation.startswith("SO-9"))


def test_what_begins_within_the_freeze_stays(tiny: tuple[Day, Plan], tmp_path: Path) -> None:
    answer = again(tiny, tmp_path, "  - {kind: price, buy: 9.0}\n", freeze_hours=8, move_money=0)
    plan = answer.outcome.plan
    assert plan is not None
    frozen = [run for run in tiny[1].runs if run.start < slot(plan, NOW) + 8 * 4]
    assert set(frozen) <= set(plan.runs)


def test_a_run_that_lasts_longer_pushes_what_follows(tiny: tuple[Day, Plan], tmp_path: Path) -> None:
    running = max((run for run in tiny[1].runs if run.start > 24), key=lambda run: run.end - run.start)
    zone = tiny[1].schedule.start.tzinfo
    now = tiny[1].schedule.time_of(running.start + 1)
    until = tiny[1].schedule.time_of(running.end + 2)
    assert now.tzinfo == zone
    text = f"  - {{kind: running_late, operation: '{running.operation}', until: '{until.isoformat()}'}}\n"
    day, plan = tiny
    answer = replan(
        day, plan, events_of(tmp_path, text, now=now.isoformat()), Effort(seconds=60, iterations=4)
    )
    assert answer.outcome.plan is not None, answer.outcome.reason
    (change,) = [change for change in answer.changes if change.operation == running.operation]
    assert change.cause == "settled"
    assert change.after is not None
    assert change.after.end == running.end + 2
    assert {v.rule for v in answer.outcome.violations} <= {"shift", "duration"}


def test_a_road_notice_closes_roads_for_the_trucks_that_have_not_left(
    tiny: tuple[Day, Plan], tmp_path: Path, project: Path
) -> None:
    (notice,) = (project / "examples" / "tiny" / "notices").glob("*.txt")
    (tmp_path / "notice.txt").write_text(notice.read_text(encoding="utf-8"), encoding="utf-8")
    answer = again(tiny, tmp_path, "  - {kind: road_notice, file: notice.txt, published: 2023-12-16}\n")
    assert len(answer.day.demand.closures) == 2


def test_trips_that_have_left_stay_as_they_are(tiny: tuple[Day, Plan], tmp_path: Path) -> None:
    trip = tiny[1].trips[0]
    now = tiny[1].schedule.at_seconds(trip.departure_seconds) + timedelta(minutes=16)
    text = "  - {kind: machine_stop, machine: saw, until: 2023-12-20T12:00}\n"
    plan = again(tiny, tmp_path, text, now=now.isoformat()).outcome.plan
    assert plan is not None
    assert trip in plan.trips


def test_every_wrong_event_is_named_with_its_line_before_anything_is_solved(
    tiny: tuple[Day, Plan], tmp_path: Path
) -> None:
    text = (
        "  - {kind: machine_stop, machine: sow, until: 2023-12-18T23:00}\n"
        "  - {kind: cancelled, order: SO-99}\n"
        "  - {kind: rush_order, order: SO-1, product: BOX, quantity: 2, due: 2023-12-19T20:00}\n"
    )
    with pytest.raises(InputError) as caught:
        replan(*tiny, events_of(tmp_path, text))
    told = [(problem.place, problem.message) for problem in caught.value.problems]
    assert told == [
        ("event.yaml:3", "there is no machine sow"),
        ("event.yaml:4", "there is no order SO-99"),
        ("event.yaml:5", "there is an order SO-1 already"),
    ]


def test_an_event_file_with_slips_tells_all_of_them(tmp_path: Path) -> None:
    text = "  - {kind: machine_stop, machine: saw, untill: 2023-12-18T23:00}\n  - {kind: earthquake}\n"
    with pytest.raises(InputError) as caught:
        events_of(tmp_path, text)
    told = str(caught.value)
    assert "event.yaml:3: error: the key 'untill' is unknown -> write 'until'" in told
    assert "event.yaml:4" in told
