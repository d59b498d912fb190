"""Series from CSV files: equal steps, every gap and repeat told with its line."""

import csv
import io
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from juli.core.errors import InputError, Problem
from juli.core.grid import TimeGrid
from juli.plant.tariffs.local_time import zone_of
from juli.plant.tariffs.price_rules import SpotSeries

#: More problems than this in one file are the same problem again.
_TOLD = 20


@dataclass(frozen=True)
class SeriesFile:
    """Columns over a grid.

    Parameters
    ----------
    grid
        Inferred from the file's times, which are the beginnings of its slots.
    columns
        By name, each of shape ``(slots,)``.
    """

    grid: TimeGrid
    columns: dict[str, NDArray[np.float64]]


def read_series(path: Path, columns: Sequence[str], zone: tzinfo) -> SeriesFile:
    """Read a CSV with the column ``time`` and the named number columns; others are left alone.

    Times with a UTC offset say when they are; those without are wall-clock time in the zone. In the hour
    that an autumn night repeats, the first run through it counts as summer time.

    Parameters
    ----------
    path
        The file.
    columns
        The columns wanted.
    zone
        The wall clock of times without an offset; the grid is in it too.

    Raises
    ------
    InputError
        With every gap, repeat, clock change and missing number, each with its line.
    """
    from juli.plant.reading.text_file import read_text

    problems: list[Problem] = []
    text = read_text(path, path.name, problems)
    if text is None:
        raise InputError(problems)
    rows = csv.reader(io.StringIO(text))
    header = [name.strip() for name in next(rows)]
    missing = [name for name in ("time", *columns) if name not in header]
    if missing:
        message = f"has no column {', '.join(missing)}; it has {', '.join(header)}"
        raise InputError([Problem(f"{path.name}:1", message, "add it, or name the column that it is")])
    places = [header.index(name) for name in ("time", *columns)]
    seconds: list[float] = []
    lines: list[int] = []
    values: list[list[float]] = []
    for row in rows:
        if not any(cell.strip() for cell in row):
            continue
        line = f"{path.name}:{rows.line_num}"
        cells = [row[place].strip() if place < len(row) else "" for place in places]
        moment = _moment(cells[0], zone, seconds[-1] if seconds else -math.inf, line, problems)
        numbers = [_number(cell, name, line, problems) for name, cell in zip(columns, cells[1:], strict=True)]
        if moment is not None:
            seconds.append(moment)
            lines.append(rows.line_num)
            values.append(numbers)
    step = _step_seconds(path.name, seconds, lines, zone, problems)
    if problems:
        further = len(problems) - _TOLD
        if further > 0:
            rest = Problem(path.name, f"has {further} more problems", "mend the first ones first")
            problems = [*problems[:_TOLD], rest]
        raise InputError(problems)
    grid = TimeGrid(_at(seconds[0], zone), timedelta(seconds=step), len(seconds))
    table = np.asarray(values, dtype=np.float64).reshape(len(seconds), len(columns))
    return SeriesFile(grid, {name: table[:, column] for column, name in enumerate(columns)})


def read_spot(path: Path, component: str, zone_name: str) -> SpotSeries:
    """Read spot prices from a CSV with the columns ``time`` and ``price`` [money/kWh]."""
    series = read_series(path, ["price"], zone_of(zone_name))
    return SpotSeries(
        component=component,
        start=series.grid.start,
        step_minutes=series.grid.step_seconds / 60,
        values=tuple(series.columns["price"].tolist()),
    )


def _moment(text: str, zone: tzinfo, before: float, line: str, problems: list[Problem]) -> float | None:
    """Seconds since 1970 of a written time; None, and a problem, where it is none."""
    try:
        written = datetime.fromisoformat(text)
    except ValueError:
        problems.append(Problem(line, f"time {text!r} is no date and hour", "write 2023-12-18T00:15"))
        return None
    if written.tzinfo is not None:
        return written.timestamp()
    moment = written.replace(tzinfo=zone)
    later = moment.replace(fold=1)
    if moment.utcoffset() == later.utcoffset():
        return moment.timestamp()
    if moment.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != written:
        message = f"there was no {text} in {zone}: the clock is put forward there"
        problems.append(
            Problem(line, message, "write times with their UTC offset, or in the zone they are in")
        )
        return None
    return later.timestamp() if moment.timestamp() <= before else moment.timestamp()


def _number(text: str, column: str, line: str, problems: list[Problem]) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        what = f"{column} {text!r} is no number" if text else f"{column} is empty"
        problems.append(Problem(line, what, "fill it in; Juli doesn't guess consumption"))
    return value


def _step_seconds(
    name: str, seconds: list[float], lines: list[int], zone: tzinfo, problems: list[Problem]
) -> float:
    if len(seconds) < 2:
        if not problems:
            problems.append(Problem(name, "has fewer than two rows", "give a row per slot"))
        return 0.0
    deltas = [late - early for early, late in pairwise(seconds)]
    forward = Counter(delta for delta in deltas if delta > 0)
    step = forward.most_common(1)[0][0] if forward else 0.0
    for index, delta in enumerate(deltas):
        if delta != step:
            early, late = _at(seconds[index], zone), _at(seconds[index + 1], zone)
            what, mend = _told_jump(delta, step, early, late)
            problems.append(Problem(f"{name}:{lines[index + 1]}", what, mend))
    return step


def _told_jump(delta: float, step: float, early: datetime, late: datetime) -> tuple[str, str]:
    apart = f"{early.isoformat(sep=' ')} and {late.isoformat(sep=' ')}, where the step is {step / 60:g} min"
    if early.utcoffset() != late.utcoffset():
        what = f"the clock changes between {apart}, and {abs(delta - step) / 60:g} min are missing or doubled"
        return what, "write times with their UTC offset, a row for each real step"
    if delta == 0:
        return f"the time {late.isoformat(sep=' ')} stands twice", "keep one of the two rows"
    if delta < 0:
        return f"goes back in time between {apart}", "sort the rows by time"
    return f"has a gap between {apart}", "add the missing rows, or bill the parts before and after it"


def _at(seconds: float, zone: tzinfo) -> datetime:
    return datetime.fromtimestamp(seconds, UTC).astimezone(zone)
