"""Series from CSV files: steps, clock changes, and every fault with its line."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from juli.core.errors import InputError
from juli.plant.tariffs import SeriesFile, read_series

BERLIN = ZoneInfo("Europe/Berlin")


def read(folder: Path, *rows: str, header: str = "time,consumption_kw") -> SeriesFile:
    path = folder / "load.csv"
    path.write_text("\n".join((header, *rows)) + "\n", encoding="utf-8")
    return read_series(path, ["consumption_kw"], BERLIN)


def test_the_step_is_inferred_and_other_columns_are_left_alone(tmp_path: Path) -> None:
    series = read(
        tmp_path,
        "x,2025-07-16T00:00,1",
        "",
        "y,2025-07-16T00:30,2.5",
        "z,2025-07-16T01:00,-3",
        header="note, time ,consumption_kw",
    )
    assert series.grid.step == timedelta(minutes=30)
    assert series.grid.start == datetime(2025, 7, 16, tzinfo=BERLIN)
    assert series.columns["consumption_kw"].tolist() == [1.0, 2.5, -3.0]


def test_times_with_an_offset_say_when_they_are(tmp_path: Path) -> None:
    series = read(tmp_path, "2025-07-16T00:00Z,1", "2025-07-16T03:00+02:00,2")
    assert series.grid.start == datetime(2025, 7, 16, tzinfo=UTC)
    assert series.grid.step == timedelta(hours=1)
    assert series.grid.start.tzinfo is BERLIN


def test_the_repeated_hour_of_an_autumn_night_is_read_in_order(tmp_path: Path) -> None:
    hours = ["01:00", "02:00", "02:00", "03:00"]
    series = read(tmp_path, *(f"2025-10-26T{hour},{number}" for number, hour in enumerate(hours)))
    assert series.grid.slots == 4
    assert [moment.hour for moment in series.grid.times()] == [1, 2, 2, 3]


def test_a_spring_night_needs_no_row_for_the_hour_that_is_left_out(tmp_path: Path) -> None:
    series = read(tmp_path, "2025-03-30T01:00,1", "2025-03-30T03:00,2", "2025-03-30T04:00,3")
    assert (series.grid.slots, series.grid.step) == (3, timedelta(hours=1))


@pytest.mark.parametrize(
    ("rows", "line", "said"),
    [
        (
            ["2025-07-16T00:00,1", "2025-07-16T00:15,1", "2025-07-16T00:45,1", "2025-07-16T01:00,1"],
            4,
            "a gap",
        ),
        (
            ["2025-07-16T00:00,1", "2025-07-16T00:15,1", "2025-07-16T00:15,1", "2025-07-16T00:30,1"],
            4,
            "twice",
        ),
        (["2025-07-16T00:15,1", "2025-07-16T00:00,1", "2025-07-16T00:15,1"], 3, "goes back in time"),
        (["2025-07-16T00:00,1", "2025-07-16T00:15,nan"], 3, "'nan' is no number"),
        (["2025-07-16T00:00,1", "2025-07-16T00:15,inf"], 3, "'inf' is no number"),
        (["2025-07-16T00:00,", "2025-07-16T00:15,1"], 2, "consumption_kw is empty"),
        (["2025-07-16T00:00", "2025-07-16T00:15,1"], 2, "consumption_kw is empty"),
        (["2025-07-16T00:00,1.5 kW", "2025-07-16T00:15,1"], 2, "'1.5 kW' is no number"),
        (["16/07/2025 00:00,1", "2025-07-16T00:15,1"], 2, "is no date and hour"),
        (["2025-03-30T01:00,1", "2025-03-30T02:00,1", "2025-03-30T03:00,1"], 3, "put forward there"),
        (["2025-10-26T01:00,1", "2025-10-26T02:00,1", "2025-10-26T03:00,1"], 4, "the clock changes between"),
    ],
)
def test_a_fault_is_told_with_its_line(tmp_path: Path, rows: list[str], line: int, said: str) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path, *rows)
    assert any(
        problem.place == f"load.csv:{line}" and said in problem.message for problem in caught.value.problems
    ), str(caught.value)


def test_all_faults_are_told_at_once_but_not_without_end(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path, *(f"2025-07-16T{hour:02}:00,?" for hour in range(24)))
    assert len(caught.value.problems) == 21
    assert "4 more problems" in str(caught.value)


@pytest.mark.parametrize(
    ("rows", "header", "said"),
    [
        (["2025-07-16T00:00,1"], "time,kw", "has no column consumption_kw; it has time, kw"),
        (["2025-07-16T00:00,1"], "time,consumption_kw", "fewer than two rows"),
        ([], "time,consumption_kw", "fewer than two rows"),
    ],
)
def test_a_file_that_is_no_series_is_refused(tmp_path: Path, rows: list[str], header: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        read(tmp_path, *rows, header=header)


def test_a_missing_file_is_refused_by_its_name(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"absent\.csv: .*can't be read"):
        read_series(tmp_path / "absent.csv", ["consumption_kw"], BERLIN)
