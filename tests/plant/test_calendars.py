"""When people and machines work, and what an hour costs."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from juli.core.grid import TimeGrid
from juli.plant.calendar import Calendar, Hours
from juli.plant.machine import Machine

SHANGHAI = ZoneInfo("Asia/Shanghai")
MONDAY = datetime(2023, 12, 18, tzinfo=SHANGHAI)


def week(step_minutes: int = 30, days: int = 7, start: datetime = MONDAY) -> TimeGrid:
    return TimeGrid(start, timedelta(minutes=step_minutes), days * 24 * 60 // step_minutes)


def calendar(*shifts: dict[str, Any], **more: Any) -> Calendar:
    return Calendar.model_validate({"shifts": shifts, **more})


def hours_worked(calendar: Calendar, grid: TimeGrid) -> float:
    return float(calendar.working(grid).sum() * grid.step_hours)


def test_a_day_shift_is_worked_from_monday_to_friday() -> None:
    day = calendar({"from": "08:00", "to": "16:00"})
    working = day.working(week())
    assert hours_worked(day, week()) == 5 * 8
    assert not working[15]
    assert working[16:32].all()
    assert not working[5 * 48 :].any()


def test_breaks_are_not_worked() -> None:
    day = calendar({"from": "08:00", "to": "16:00", "breaks": [{"from": "12:00", "to": "12:30"}]})
    assert hours_worked(day, week()) == 5 * 7.5
    assert not day.working(week())[24]


def test_breaks_that_overlap_leave_no_work_between_them() -> None:
    breaks = [{"from": "11:00", "to": "12:00"}, {"from": "11:30", "to": "11:45"}]
    day = calendar({"from": "08:00", "to": "16:00", "breaks": breaks})
    assert hours_worked(day, week(step_minutes=15)) == 5 * 7


def test_a_night_shift_runs_over_midnight_with_its_break_after_it() -> None:
    night = calendar(
        {"from": "22:00", "to": "06:00", "days": ["fri"], "breaks": [{"from": "02:00", "to": "02:30"}]}
    )
    working = night.working(week())
    friday = 4 * 48
    assert working[friday + 44 : friday + 52].all()
    assert not working[friday + 52]
    assert working[friday + 53 : friday + 60].all()
    assert working.sum() == 15


def test_a_shift_that_began_before_the_grid_is_worked_to_its_end() -> None:
    night = calendar({"from": "22:00", "to": "06:00", "days": ["sun"]})
    assert np.flatnonzero(night.working(week())).tolist() == [*range(12), *range(6 * 48 + 44, 7 * 48)]


def test_no_shift_begins_on_a_holiday() -> None:
    day = calendar({"from": "08:00", "to": "16:00"}, holidays=["2023-12-20"])
    assert not day.working(week())[2 * 48 : 3 * 48].any()
    assert hours_worked(day, week()) == 4 * 8


def test_a_line_that_grows_is_open_from_its_first_day_to_its_last() -> None:
    late = calendar({"from": "16:00", "to": "22:00", "first_day": "2023-12-20", "last_day": "2023-12-21"})
    days = late.working(week()).reshape(7, 48).any(axis=1)
    assert days.tolist() == [False, False, True, True, False, False, False]


def test_an_hour_costs_the_wage_of_its_shift() -> None:
    both = calendar(
        {"from": "06:00", "to": "14:00", "wage_per_hour": 42},
        {"from": "14:00", "to": "22:00", "wage_per_hour": 48},
    )
    wage = both.wage(week())
    assert (wage[11], wage[12], wage[27], wage[28], wage[44]) == (-1, 42, 42, 48, -1)


def test_a_slot_that_is_worked_in_part_is_not_worked() -> None:
    day = calendar({"from": "08:10", "to": "09:50", "days": ["mon"]})
    assert np.flatnonzero(day.working(week())).tolist() == [17, 18]


@pytest.mark.parametrize(("begin", "hours"), [("2024-03-31", 7), ("2024-10-27", 9)])
def test_a_shift_over_a_clock_change_is_as_long_as_it_really_is(begin: str, hours: int) -> None:
    berlin = ZoneInfo("Europe/Berlin")
    night = calendar({"from": "22:00", "to": "06:00", "days": ["sat"]})
    start = datetime.fromisoformat(begin).replace(tzinfo=berlin) - timedelta(days=1)
    assert hours_worked(night, week(days=3, start=start)) == hours


clocks = st.integers(0, 95).map(lambda quarter: f"{quarter // 4:02d}:{quarter % 4 * 15:02d}")


@given(begin=clocks, end=clocks, day=st.dates(date(2020, 1, 1), date(2030, 1, 1)))
def test_hours_end_within_a_day_of_their_beginning(begin: str, end: str, day: date) -> None:
    first, last = Hours.model_validate({"from": begin, "to": end}).on(day, MONDAY)
    assert timedelta(0) < last - first <= timedelta(days=1)
    assert first.date() == day


@given(begin=clocks, end=clocks, step=st.sampled_from([5, 15]))
def test_worked_hours_do_not_depend_on_the_step(begin: str, end: str, step: int) -> None:
    some = calendar({"from": begin, "to": end, "days": ["wed"]})
    first, last = some.shifts[0].on(date(2023, 12, 20), MONDAY)
    assert hours_worked(some, week(step)) == pytest.approx((last - first) / timedelta(hours=1))


def machine(**more: Any) -> Machine:
    return Machine.model_validate({"id": "m", "calendar": "c", "power": {"running_kw": 1}, **more})


def test_maintenance_takes_every_slot_that_it_touches() -> None:
    stop = {"start": "2023-12-18T09:10", "end": "2023-12-18T10:10"}
    day = calendar({"from": "08:00", "to": "16:00", "days": ["mon"]})
    working = machine(maintenance=[stop]).working(day, week())
    assert np.flatnonzero(~working[16:32]).tolist() == [2, 3, 4]


def test_maintenance_before_the_plan_takes_nothing_of_it() -> None:
    stop = {"start": "2023-12-01", "end": "2023-12-02"}
    day = calendar({"from": "08:00", "to": "16:00"})
    assert machine(maintenance=[stop]).working(day, week()).sum() == day.working(week()).sum()


@pytest.mark.parametrize("wrong", [8, 8.5, "8", "25:00", "08:00+08:00", "noon"])
def test_hours_are_clock_times_without_a_zone(wrong: object) -> None:
    with pytest.raises(ValidationError):
        Hours.model_validate({"from": wrong, "to": "12:00"})
