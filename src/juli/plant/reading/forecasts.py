"""The forecasts: ``forecast.csv``, a row per settlement slot."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from juli.core.errors import Problem, Severity
from juli.core.grid import TimeGrid
from juli.plant.consistency import SUSPICIOUS_PRICE_PER_KWH
from juli.plant.reading.moment import parse_moment
from juli.plant.reading.table_file import read_table

REQUIRED = ("time", "base_load_kw")
OPTIONAL = ("solar_kw", "buy", "sell")

#: So many gaps and repeats are told one by one.
_MOST_JUMPS: Final = 20


@dataclass(frozen=True)
class Series:
    """The columns of a forecast as they stand in the file.

    Parameters
    ----------
    times
        The beginning of each row's slot, ``step`` apart.
    columns
        The values by column, each of shape ``(rows,)``.
    place
        The first row's, for messages about all of them.
    """

    times: tuple[datetime, ...]
    step: timedelta
    columns: dict[str, NDArray[np.float64]]
    place: str


def read_series(path: Path, zone: tzinfo | None, problems: list[Problem]) -> Series | None:
    """Read the table; None where a problem keeps it from being read.

    Parameters
    ----------
    path
        The table; each time is the beginning of its slot.
    zone
        The zone of times that are written without one.
    problems
        Gains what is wrong.
    """
    before = len(problems)
    times: list[datetime] = []
    places: list[str] = []
    columns: dict[str, list[float]] = {}
    for row in read_table(path, REQUIRED, OPTIONAL, problems):
        try:
            moment = parse_moment(row.values["time"], time(0))
        except ValueError as error:
            problems.append(Problem(row.place_of("time"), f"time {error}", "write 2023-12-18T00:15"))
            continue
        times.append(moment if moment.tzinfo else moment.replace(tzinfo=zone))
        places.append(row.place)
        for column, text in row.values.items():
            if column != "time":
                value = _number(text, column, row.place_of(column), problems)
                columns.setdefault(column, []).append(value)
    step = _step(path.name, times, places, problems) if len(problems) == before else None
    if step is None or len(problems) > before:
        return None
    arrays = {name: np.asarray(values) for name, values in columns.items()}
    _warn_of_units(path.name, arrays, problems)
    return Series(tuple(times), step, arrays, places[0])


def on_grid(
    series: Series, name: str, grid: TimeGrid, problems: list[Problem]
) -> dict[str, NDArray[np.float64]] | None:
    """Give the columns on a grid, each of shape ``(slots,)``; None where the file doesn't fit it.

    The file may cover more than the grid, and may have longer slots that the grid's divide: the values
    are mean powers and prices, so each holds for all of its slot.
    """
    if series.step % grid.step:
        message = f"has a row every {series.step}, the plan settles every {grid.step}"
        problems.append(Problem(series.place, message, "give quarter-hours, or whole hours"))
        return None
    begin = series.times[0].timestamp()
    seconds = np.asarray([moment.timestamp() for moment in grid.times()]) - begin
    rows = np.floor(seconds / series.step.total_seconds() + 1e-9).astype(np.int64)
    if rows[0] < 0 or rows[-1] >= len(series.times):
        last = series.times[-1] + series.step
        message = f"covers {series.times[0]} to {last}, the plan {grid.start} to {grid.end}"
        problems.append(Problem(name, message, "add the missing rows, or plan other days"))
        return None
    return {column: values[rows] for column, values in series.columns.items()}


def _number(text: str, column: str, place: str, problems: list[Problem]) -> float:
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not np.isfinite(value):
        problems.append(
            Problem(place, f"{column} {text!r} is no number", "fill the gap; Juli doesn't guess it")
        )
    elif value < 0 and column in ("base_load_kw", "solar_kw"):
        problems.append(
            Problem(place, f"{column} is {text}, below zero", "consumption and solar are positive")
        )
    return value


def _step(name: str, times: list[datetime], places: list[str], problems: list[Problem]) -> timedelta | None:
    """Find the file's step; gaps, repeats and clock changes are problems at their rows."""
    if len(times) < 2:
        problems.append(Problem(name, "has fewer than two rows", "give a row per slot of the plan"))
        return None
    stamps = np.asarray([moment.timestamp() for moment in times])
    deltas = np.diff(stamps)
    step_seconds = float(np.median(deltas))
    if step_seconds <= 0:
        message = f"its times run from {times[0]} to {times[-1]} without moving forward"
        problems.append(Problem(name, message, "give each slot just one row, in order"))
        return None
    jumps = np.flatnonzero(deltas != step_seconds)
    for index in jumps[:_MOST_JUMPS]:
        before, after = times[index], times[index + 1]
        mend = "give each slot just one row, in order"
        if before.utcoffset() != after.utcoffset() or _comes_twice(before):
            what = "the clock changes for daylight saving"
            mend = "write times with their UTC offset, a row per real step"
        else:
            what = "a gap" if deltas[index] > step_seconds else "a repeat"
        message = f"{what} between {before} and {after}; the step is {step_seconds / 60:g} min"
        problems.append(Problem(places[index + 1], message, mend))
    if jumps.size > _MOST_JUMPS:
        message = f"has {jumps.size - _MOST_JUMPS} more gaps and repeats"
        problems.append(Problem(name, message, "mend those above first"))
    if jumps.size:
        return None
    return timedelta(seconds=step_seconds)


def _comes_twice(moment: datetime) -> bool:
    """Whether a local time comes twice, at the end of daylight saving."""
    return moment.replace(fold=0).utcoffset() != moment.replace(fold=1).utcoffset()


def _warn_of_units(name: str, columns: dict[str, NDArray[np.float64]], problems: list[Problem]) -> None:
    for column in ("buy", "sell"):
        highest = float(columns[column].max()) if column in columns else 0.0
        if highest > SUSPICIOUS_PRICE_PER_KWH:
            message = f"{column} reaches {highest:g} per kWh"
            mend = "prices are per kWh: divide prices per MWh by 1000"
            problems.append(Problem(name, message, mend, Severity.WARNING))
