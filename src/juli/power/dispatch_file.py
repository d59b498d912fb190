"""``juli dispatch``'s file: a dispatch problem in YAML, its series in the file or in a CSV beside it."""

import difflib
import inspect
from collections.abc import Iterator
from dataclasses import fields
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import numpy as np

from juli.core.errors import InputError, Problem
from juli.core.grid import TimeGrid
from juli.plant.reading.text_file import read_text
from juli.plant.reading.yaml_file import LocatedYaml, parse_yaml
from juli.plant.tariffs.local_time import zone_of
from juli.plant.tariffs.series import read_series
from juli.power.problem import Battery, DispatchProblem

_PROBLEM_KEYS: Final = tuple(inspect.signature(DispatchProblem).parameters)
_BATTERY_KEYS: Final = tuple(each.name for each in fields(Battery))
#: Keys of the file that are no argument of the problem.
_FILE_KEYS: Final = ("series", "time_zone")
#: Columns that a series file may have beside ``time``.
_COLUMNS: Final = tuple(
    key for key in _PROBLEM_KEYS if key not in ("step_hours", "battery", "end_value_per_kwh", "demand_price")
)


class DispatchFile:
    """A dispatch problem, read from a file.

    Attributes
    ----------
    problem
        What the file asks.
    grid
        The series file's time grid; None where the file has no times.

    Raises
    ------
    InputError
        With everything that is wrong, by file and line.
    """

    def __init__(self, path: Path):
        self._path = path
        self._document = _parse(path)
        data = self._document.data
        self._series_name = ""
        problems = list(self._unknown_keys())
        if problems:
            raise InputError(problems)
        arguments: dict[str, Any] = {key: data[key] for key in _PROBLEM_KEYS if key in data}
        self.grid: TimeGrid | None = None
        if "series" in data:
            arguments |= self._read_series(str(data["series"]), arguments)
        missing = [key for key in ("step_hours", "consumption_kw", "buy", "sell") if key not in arguments]
        if missing:
            message = f"lacks {', '.join(missing)}"
            mend = "give it here, or as a column of the series file (step_hours: from its times)"
            raise InputError([Problem(path.name, message, mend)])
        try:
            if arguments.get("battery") is not None:
                arguments["battery"] = self._battery(arguments["battery"])
            self.problem = DispatchProblem(**arguments)
        except InputError as error:
            raise InputError([self._located(each) for each in error.problems]) from None

    def _unknown_keys(self) -> Iterator[Problem]:
        data = self._document.data
        levels: list[tuple[tuple[str, ...], Any, tuple[str, ...]]] = [
            ((), data, (*_PROBLEM_KEYS, *_FILE_KEYS))
        ]
        if isinstance(data.get("battery"), dict):
            levels.append((("battery",), data["battery"], _BATTERY_KEYS))
        for path, mapping, known in levels:
            for key in mapping:
                if key not in known:
                    near = difflib.get_close_matches(str(key), known, 1)
                    mend = f"write {near[0]!r}" if near else f"the keys are {', '.join(known)}"
                    yield Problem(self._place((*path, key)), f"the key {key!r} is unknown", mend)

    def _place(self, path: tuple[str | int, ...]) -> str:
        return f"{self._path.name}:{self._document.line_of(path)}"

    def _battery(self, given: Any) -> Battery:
        if not isinstance(given, dict):
            raise InputError([Problem("battery", f"{given!r} is no battery", "give its keys below it")])
        missing = [each for each in _BATTERY_KEYS[:5] if each not in given]
        if missing:
            raise InputError([Problem("battery", f"lacks {', '.join(missing)}", "give a number for each")])
        return Battery(**given)

    def _read_series(self, name: str, given: dict[str, Any]) -> dict[str, Any]:
        path = self._path.parent / name
        self._series_name = path.name
        problems: list[Problem] = []
        text = read_text(path, path.name, problems)
        if text is None:
            raise InputError(problems)
        header = [column.strip() for column in text.splitlines()[0].split(",")]
        columns = [column for column in header if column in _COLUMNS]
        for column in columns:
            if column in given:
                message = f"{column} stands here and in {path.name}"
                raise InputError([Problem(self._place((column,)), message, "keep one of the two")])
        zone = zone_of(str(self._document.data.get("time_zone", "UTC")))
        series = read_series(path, columns, zone)
        self.grid = series.grid
        found: dict[str, Any] = dict(series.columns)
        if "demand_period" in found:
            found["demand_period"] = found["demand_period"].astype(np.int64)
        elif given.get("demand_period") == "month":
            found["demand_period"] = _months(series.grid.times())
        step = given.get("step_hours", series.grid.step_hours)
        if step != series.grid.step_hours:
            message = f"{step} h, but the times of {path.name} are {series.grid.step_hours} h apart"
            raise InputError([Problem(self._place(("step_hours",)), message, "leave it out")])
        return found | {"step_hours": step}

    def _located(self, problem: Problem) -> Problem:
        """The same problem with the file and line in which its value stands."""
        name, _, rest = problem.place.partition("[")
        path: tuple[str | int, ...] = tuple(name.split("."))
        index = rest.rstrip("]")
        if path[0] in self._document.data:
            place = self._place((*path, int(index)) if index else path)
        elif self._series_name:
            place = f"{self._series_name}:{int(index) + 2 if index else 1}"
        else:
            place = self._path.name
        return Problem(place, f"{problem.place} {problem.message}", problem.mend, problem.severity)


def _parse(path: Path) -> LocatedYaml:
    problems: list[Problem] = []
    text = read_text(path, path.name, problems)
    document = parse_yaml(text, path.name, problems) if text is not None else None
    if document is not None and not isinstance(document.data, dict):
        problems.append(Problem(path.name, "holds no keys", "write 'step_hours: 0.25' and so on"))
    if document is None or problems:
        raise InputError(problems)
    return document


def _months(times: list[datetime]) -> list[int]:
    """Billing periods from 0: the calendar months."""
    first = times[0].year * 12 + times[0].month
    return [time.year * 12 + time.month - first for time in times]
