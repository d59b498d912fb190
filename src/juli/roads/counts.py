"""Traffic counts beside a map: how many vehicles an hour a road carries, and how many it could."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isfinite
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from juli.core.errors import InputError, Problem
from juli.plant.reading.table_file import Row, read_table
from juli.roads.road_index import RoadIndex

REQUIRED = ("road", "from", "to", "vehicles_per_hour", "capacity_per_hour")
OPTIONAL = ("hour", "remark")
_HOURS = 24


@dataclass(frozen=True)
class Counts:
    """What was counted, by segment.

    Parameters
    ----------
    vehicles_per_hour
        By segment, the count of each hour of the local day, NaN where nobody counted; shape ``(24,)``.
    capacity_per_hour
        By segment, how many vehicles an hour it can carry [1/h].
    """

    vehicles_per_hour: Mapping[str, NDArray[np.float64]] = field(default_factory=dict)
    capacity_per_hour: Mapping[str, float] = field(default_factory=dict)

    def at(self, segment: str, hour: int) -> float | None:
        """The count of a segment in an hour; None where there is none."""
        counted = self.vehicles_per_hour.get(segment)
        if counted is None or not isfinite(counted[hour]):
            return None
        return float(counted[hour])


def read_counts(path: Path, index: RoadIndex) -> Counts:
    """Read counts from a table with a row for each road, direction and hour.

    Columns: ``road``, ``from`` and ``to`` (junctions, crossings as ``A×B``, or positions),
    ``vehicles_per_hour``, ``capacity_per_hour``, and ``hour`` (0 to 23; empty for every hour).

    Raises
    ------
    InputError
        With every problem in the table.
    """
    problems: list[Problem] = []
    vehicles: dict[str, NDArray[np.float64]] = {}
    capacity: dict[str, float] = {}
    for row in read_table(path, REQUIRED, OPTIONAL, problems):
        segments = _segments(row, index, problems)
        count = _number(row, "vehicles_per_hour", 0.0, problems)
        most = _number(row, "capacity_per_hour", 1.0, problems)
        hours = _hours(row, problems)
        for segment in segments:
            counted = vehicles.setdefault(segment, np.full(_HOURS, np.nan))
            if np.isfinite(counted[hours]).any():
                message = f"{segment} is counted twice in one hour"
                problems.append(Problem(row.place, message, "keep one of the rows"))
            counted[hours] = count
            capacity[segment] = most
    if problems:
        raise InputError(problems)
    return Counts(vehicles, capacity)


def _segments(row: Row, index: RoadIndex, problems: list[Problem]) -> list[str]:
    road = index.road(row.values["road"])
    if road is None:
        message = f"the map has no road {row.values['road']}"
        problems.append(Problem(row.place_of("road"), message, "name a road of the map, or take the row out"))
        return []
    try:
        ends = [index.place(row.values[column]) for column in ("from", "to")]
    except InputError as error:
        problems.append(Problem(row.place_of("from"), str(error), "name the junctions that it runs between"))
        return []
    run = index.along({road}, [ends[0]], {ends[1]})
    if not run:
        message = f"{road} does not run from {row.values['from']} to {row.values['to']}"
        problems.append(Problem(row.place_of("from"), message, "name the junctions that it runs between"))
    return [segment.id for segment in run or ()]


def _number(row: Row, column: str, least: float, problems: list[Problem]) -> float:
    text = row.values[column]
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not (isfinite(value) and value >= least):
        message = f"{column} is {text!r}"
        problems.append(Problem(row.place_of(column), message, f"write a number of at least {least:g}"))
        return least
    return value


def _hours(row: Row, problems: list[Problem]) -> slice:
    text = row.values.get("hour", "")
    if not text:
        return slice(None)
    if not text.isdecimal() or int(text) >= _HOURS:
        message = f"hour is {text!r}"
        problems.append(Problem(row.place_of("hour"), message, "write 0 to 23, or leave it empty"))
        return slice(0)
    return slice(int(text), int(text) + 1)
