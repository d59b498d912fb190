"""Forecasts: gaps, repeats, clock changes, units, and the grid that they are laid on."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from juli.core.errors import Problem, Severity
from juli.core.grid import TimeGrid
from juli.plant.reading import read_folder
from juli.plant.reading.forecasts import on_grid, read_series

Edit = Callable[[str, str, str], None]
Problems = Callable[[], tuple[Problem, ...]]

ERRORS = {
    "a gap": (
        "2023-12-18T06:00,12,0.0\n",
        "",
        "a gap between 2023-12-18 05:00:00+08:00 and 2023-12-18 07:00",
    ),
    "a repeat": ("2023-12-18T06:00", "2023-12-18T05:00", "a repeat between"),
    "a hole": ("2023-12-18T06:00,12", "2023-12-18T06:00,", "base_load_kw '' is no number"),
    "an infinite load": ("2023-12-18T06:00,12", "2023-12-18T06:00,inf", "base_load_kw 'inf' is no number"),
    "a negative load": ("2023-12-18T06:00,12", "2023-12-18T06:00,-12", "base_load_kw is -12, below zero"),
    "negative sun": ("2023-12-18T06:00,12,0.0", "2023-12-18T06:00,12,-1", "solar_kw is -1, below zero"),
    "no time": ("2023-12-18T06:00", "dawn", "time 'dawn' is no date"),
    "a year with a slip": ("2023-12-18T06:00", "0023-12-18T06:00", "is in the year 23"),
    "no sun": ("base_load_kw,solar_kw", "base_load_kw,sell", "there is a solar plant of 60 kW"),
    "another week": ("2023-12-20T23:00,6,0.0\n", "", "covers 2023-12-18 00:00:00+08:00 to 2023-12-20 23:00"),
}


@pytest.mark.parametrize("what", ERRORS)
def test_an_error_is_told(what: str, edit: Edit, problems: Problems) -> None:
    old, new, said = ERRORS[what]
    edit("forecast.csv", old, new)
    found = [problem for problem in problems() if said in problem.message]
    assert [problem.severity for problem in found] == [Severity.ERROR], list(map(str, problems()))
    assert found[0].place.startswith("forecast.csv")
    assert found[0].mend


def test_a_gap_is_told_at_the_row_after_it(edit: Edit, problems: Problems) -> None:
    edit("forecast.csv", "2023-12-18T06:00,12,0.0\n", "")
    assert [problem.place for problem in problems()] == ["forecast.csv:8"]


def test_times_that_stand_still_or_run_back_are_told(folder: Path, problems: Problems) -> None:
    path = folder / "forecast.csv"
    header, *rows = path.read_text(encoding="utf-8").splitlines()
    for wrong in ([rows[0]] * 72, rows[::-1]):
        path.write_text("\n".join([header, *wrong]), encoding="utf-8")
        assert "without moving forward" in problems()[0].message


def test_prices_per_mwh_are_a_warning(folder: Path, problems: Problems) -> None:
    path = folder / "forecast.csv"
    header, *rows = path.read_text(encoding="utf-8").splitlines()
    priced = [f"{header},buy,sell", *(f"{row},391.0,0.2" for row in rows)]
    path.write_text("\n".join(priced), encoding="utf-8")
    (problem,) = problems()
    assert problem.severity is Severity.WARNING
    assert "buy reaches 391 per kWh" in problem.message
    assert "per MWh" in problem.mend


def _series(tmp_path: Path, times: list[str]) -> Path:
    path = tmp_path / "forecast.csv"
    rows = [f"{time},{number}" for number, time in enumerate(times)]
    path.write_text("\n".join(["time,base_load_kw", *rows]), encoding="utf-8")
    return path


@pytest.mark.parametrize(("day", "hour"), [("2024-03-31", 2), ("2024-10-27", 3)])
def test_a_local_series_over_a_clock_change_is_told(day: str, hour: int, tmp_path: Path) -> None:
    """Twenty-four wall-clock hours are no real hours on the day that the clock changes."""
    problems: list[Problem] = []
    path = _series(tmp_path, [f"{day}T{clock:02d}:00" for clock in range(24)])
    assert read_series(path, ZoneInfo("Europe/Berlin"), problems) is None
    assert "the clock changes for daylight saving" in problems[0].message
    assert "UTC offset" in problems[0].mend
    assert problems[0].place in (f"forecast.csv:{hour + 2}", f"forecast.csv:{hour + 3}")


def test_the_hour_that_comes_twice_is_told_as_a_clock_change(tmp_path: Path) -> None:
    hours = [0, 1, 2, 2, *range(3, 24)]
    problems: list[Problem] = []
    read_series(
        _series(tmp_path, [f"2024-10-27T{h:02d}:00" for h in hours]), ZoneInfo("Europe/Berlin"), problems
    )
    assert "the clock changes for daylight saving" in problems[0].message


def test_a_series_with_offsets_runs_through_a_clock_change(tmp_path: Path) -> None:
    zone = ZoneInfo("Europe/Berlin")
    begin = datetime(2024, 10, 26, 22, tzinfo=UTC)
    times = [(begin + timedelta(hours=n)).astimezone(zone).isoformat() for n in range(25)]
    problems: list[Problem] = []
    series = read_series(_series(tmp_path, times), zone, problems)
    assert series is not None
    grid = TimeGrid(begin.astimezone(zone), timedelta(minutes=15), 100)
    columns = on_grid(series, "forecast.csv", grid, problems)
    assert problems == []
    assert columns is not None
    np.testing.assert_array_equal(columns["base_load_kw"], np.repeat(np.arange(25.0), 4))


def test_rows_that_no_slot_of_the_meter_divides_are_told(tmp_path: Path) -> None:
    begin = datetime(2023, 12, 18, tzinfo=UTC)
    times = [(begin + timedelta(minutes=20 * n)).isoformat() for n in range(72)]
    problems: list[Problem] = []
    series = read_series(_series(tmp_path, times), UTC, problems)
    assert series is not None
    assert on_grid(series, "forecast.csv", TimeGrid(begin, timedelta(minutes=15), 96), problems) is None
    assert "a row every 0:20:00, the plan settles every 0:15:00" in problems[0].message


def test_hours_hold_for_their_four_quarters(folder: Path) -> None:
    _, demand = read_folder(folder).require()
    assert demand.forecast.base_load_kw[6 * 4 - 1 : 6 * 4 + 1].tolist() == [6.0, 12.0]
    assert demand.forecast.base_load_kw.shape == (3 * 96,)


def test_other_days_are_asked_of_the_same_file(folder: Path) -> None:
    start = datetime(2023, 12, 19, tzinfo=ZoneInfo("Asia/Shanghai"))
    content = read_folder(folder, start, 2)
    assert content.demand is not None
    assert content.demand.settlement.start == start
    refused = read_folder(folder, datetime(1, 1, 1, tzinfo=UTC))
    assert [problem.place for problem in refused.problems] == ["--start"]
