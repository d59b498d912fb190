"""The forecasts: ``forecast.csv``, a row per settlement slot."""

from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from juli.core.errors import Problem, Severity
from juli.core.grid import TimeGrid
from juli.plant.reading.moment import parse_moment
from juli.plant.reading.table_file import read_table

REQUIRED = ("time", "base_load_kw")
OPTIONAL = ("solar_kw", "buy", "sell")

#: Prices above this are more likely per MWh than per kWh.
_SUSPICIOUS_PRICE_PER_KWH: Final = 20.0
#: So many gaps and repeats are told one by one.
_MOST_JUMPS: Final = 20


def read_forecast(
    path: Path, grid: TimeGrid, problems: list[Problem]
) -> dict[str, NDArray[np.float64]] | None:
    """Read the series on a grid; None where a problem keeps them from being read.

    The file may cover more than the grid, and may have longer slots that the grid's divide: the values
    are mean powers and prices, so each holds for all of its slot.

    Parameters
    ----------
    path
        The table; times without a zone are local, each the beginning of its slot.
    grid
        Where the values are wanted.
    problems
        Gains what is wrong.

    Returns
    -------
    The columns that the file has, by name, each of shape ``(slots,)``.
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
        times.append(moment if moment.tzinfo else moment.replace(tzinfo=grid.start.tzinfo))
        places.append(row.place)
        for column, text in row.values.items():
            if column != "time":
                value = _number(text, column, row.place_of(column), problems)
                columns.setdefault(column, []).append(value)
    if len(problems) > before:
        return None
    step = _step(path.name, times, places, grid, problems)
    if step is None:
        return None
    positions = [
        (moment.timestamp() - times[0].timestamp()) / step.total_seconds() for moment in grid.times()
    ]
    rows = np.floor(np.asarray(positions) + 1e-9).astype(np.int64)
    if rows[0] < 0 or rows[-1] >= len(times):
        message = f"covers {times[0]} to {times[-1] + step}, the plan {grid.start} to {grid.end}"
        problems.append(Problem(path.name, message, "add the missing rows, or plan other days"))
        return None
    _warn_of_units(path.name, columns, problems)
    return {name: np.asarray(values)[rows] for name, values in columns.items()}


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


def _step(
    name: str, times: list[datetime], places: list[str], grid: TimeGrid, problems: list[Problem]
) -> timedelta | None:
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
    step = timedelta(seconds=step_seconds)
    if step % grid.step:
        message = (
            f"has a row every {step_seconds / 60:g} min, the plan settles every {grid.step_hours * 60:g} min"
        )
        problems.append(Problem(name, message, "give quarter-hours, or whole hours"))
        return None
    return step


def _comes_twice(moment: datetime) -> bool:
    """Whether a local time comes twice, at the end of daylight saving."""
    return moment.replace(fold=0).utcoffset() != moment.replace(fold=1).utcoffset()


def _warn_of_units(name: str, columns: dict[str, list[float]], problems: list[Problem]) -> None:
    for column in ("buy", "sell"):
        highest = max(columns.get(column, [0.0]))
        if highest > _SUSPICIOUS_PRICE_PER_KWH:
            message = f"{column} reaches {highest:g} per kWh"
            problems.append(
                Problem(name, message, "prices are per kWh: divide prices per MWh by 1000", Severity.WARNING)
            )
