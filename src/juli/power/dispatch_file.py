"""``juli dispatch``'s file: a dispatch problem in YAML, its series in the file or in a CSV beside it."""

import inspect
from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import numpy as np

from juli.core.errors import InputError, Problem
from juli.core.grid import TimeGrid
from juli.plant.reading.text_file import read_text
from juli.plant.reading.yaml_file import LocatedYaml, parse_yaml
from juli.plant.tariffs import DemandContract, Tariff
from juli.plant.tariffs.local_time import local_times, zone_of
from juli.plant.tariffs.series import read_series
from juli.power.dispatch_sections import (
    SERVICE_KEYS,
    TARIFF_KEYS,
    MeasuredResponse,
    ServicesReader,
    chemistry_keys,
    lay_tariff,
    read_chemistry,
    read_tariff,
)
from juli.power.file_section import FileSection
from juli.power.problem import Battery, DispatchProblem, Floats
from juli.power.services.aging import ECONOMICS_KEYS, Outlook, read_outlook
from juli.power.services.operation import PhysicalBattery
from juli.power.services.stacking import Services
from juli.power.tariff_terms import TariffTerms

_PROBLEM_KEYS: Final = tuple(inspect.signature(DispatchProblem).parameters)
_BATTERY_KEYS: Final = tuple(each.name for each in fields(Battery))
#: Keys of the file that are no argument of the problem.
_FILE_KEYS: Final = ("series", "time_zone", "start", "currency", *TARIFF_KEYS, "services", "economics")
#: What a tariff says, and nobody else.
_TARIFF_SAYS: Final = ("buy", "demand_price", "demand_period", "demand_free_kw")
#: Columns that a series file may have beside ``time``.
_COLUMNS: Final = tuple(
    key
    for key in _PROBLEM_KEYS
    if key not in ("step_hours", "battery", "more_batteries", "end_value_per_kwh", "demand_price")
)
#: Columns with what was expected, for rolling operation.
FORECASTS: Final = ("consumption_kw", "solar_kw", "buy", "sell")


class DispatchFile:
    """A dispatch problem, read from a file.

    Attributes
    ----------
    problem
        What the file asks; a battery given by its chemistry is here as a line.
    grid
        The time grid; None where the file has no times.
    physical
        The battery's physics; None where it is given as a line.
    tariff
        The tariff over the grid; None where prices are given.
    services, measured, notes
        What is offered, how the battery followed a regulation signal, and what to know about it all.
    forecasts
        By name (``consumption_kw``, ``solar_kw``, ``buy``, ``sell``), what was expected, shape ``(slots,)``.
    outlook
        What the battery costs and how it fades; None where the file does not say.
    currency
        Three letters; empty where nobody says.

    Raises
    ------
    InputError
        With everything that is wrong, by file and line.
    """

    def __init__(self, path: Path):
        self._path = path
        self._document = _parse(path)
        self._problems: list[Problem] = []
        self._series_name = ""
        self._columns: dict[str, Floats] = {}
        self.grid: TimeGrid | None = None
        self.physical: PhysicalBattery | None = None
        self.tariff: TariffTerms | None = None
        self.services: Services | None = None
        self.measured: MeasuredResponse | None = None
        self.outlook: Outlook | None = None
        self.notes: list[Problem] = []
        data = self._document.data
        top = self._section((), (*_PROBLEM_KEYS, *_FILE_KEYS))
        if isinstance(data.get("battery"), dict):
            self._battery_section()
        if isinstance(data.get("services"), dict):
            self._section(("services",), SERVICE_KEYS)
        if isinstance(data.get("economics"), dict):
            self._section(("economics",), ECONOMICS_KEYS)
        self._check_zone(top)
        tariff = read_tariff(top, path.parent) if self._names_tariff(top) and not self._problems else None
        self._refuse()
        arguments: dict[str, Any] = {key: data[key] for key in _PROBLEM_KEYS if key in data}
        if "series" in data:
            arguments |= self._read_series(str(data["series"]), arguments, tariff)
        elif "start" in data:
            self.grid = self._grid_from_start(top, arguments, tariff)
        if arguments.get("demand_period") == "month" and self.grid is not None:
            arguments["demand_period"] = _months(self.grid.times())
        if tariff is not None:
            arguments |= self._priced(top, tariff)
        self._refuse()
        missing = [key for key in ("step_hours", "consumption_kw", "buy", "sell") if key not in arguments]
        if missing:
            message = f"lacks {', '.join(missing)}"
            mend = "give it here, or as a column of the series file (step_hours: from its times)"
            raise InputError([Problem(path.name, message, mend)])
        self.problem = self._problem(arguments)
        had = self._columns
        self.forecasts = {name: had[f"forecast_{name}"] for name in FORECASTS if f"forecast_{name}" in had}
        if "services" in data:
            self._read_services()
        if "economics" in data:
            battery = self.problem.battery
            section = self._section(("economics",), ECONOMICS_KEYS)
            if battery is None:
                section.complain("", "economics speaks of a battery that is not there", "give one")
            else:
                power_kw = max(battery.charge_kw, battery.discharge_kw)
                self.outlook = read_outlook(section, battery.energy_kwh, power_kw)
        self._refuse()
        said = top.text("currency")
        self.currency = said or (self.tariff.tariff.currency if self.tariff is not None else "")

    def _section(self, path: tuple[str | int, ...], known: tuple[str, ...]) -> FileSection:
        return FileSection(
            self._path.name, self._document, path, known, self._problems, columns=self._columns
        )

    def _battery_section(self) -> FileSection:
        given = self._document.data["battery"]
        by_chemistry = "chemistry" in given
        known = chemistry_keys(given["chemistry"]) if by_chemistry else (*_BATTERY_KEYS, "chemistry")
        return self._section(("battery",), known)

    def _check_zone(self, top: FileSection) -> None:
        name = top.text("time_zone")
        if name is not None:
            try:
                zone_of(name)
            except ValueError as error:
                top.complain("time_zone", str(error), "write one such as Asia/Shanghai")

    def _refuse(self) -> None:
        if self._problems:
            raise InputError(self._problems)

    def _names_tariff(self, top: FileSection) -> bool:
        if "tariff" not in top.data:
            for key in TARIFF_KEYS[1:]:
                if key in top.data:
                    top.complain(
                        key, f"{key} stands without a tariff", "give 'tariff: NAME', or leave it out"
                    )
            return False
        for key in _TARIFF_SAYS:
            if key in top.data:
                top.complain(key, f"{key} stands beside tariff", "keep one of the two")
        return True

    def _grid_from_start(
        self, top: FileSection, arguments: dict[str, Any], tariff: tuple[Tariff, DemandContract] | None
    ) -> TimeGrid | None:
        start = top.moment("start")
        step_hours, consumption = arguments.get("step_hours"), arguments.get("consumption_kw")
        if start is None or not isinstance(step_hours, int | float) or not isinstance(consumption, list):
            return None
        if start.tzinfo is None:
            zone_name = self._document.data.get("time_zone")
            start = start.replace(tzinfo=zone_of(str(zone_name)) if zone_name else _zone(tariff))
        if step_hours <= 0:
            return None
        return TimeGrid(start, timedelta(hours=step_hours), len(consumption))

    def _priced(self, top: FileSection, tariff: tuple[Tariff, DemandContract]) -> dict[str, Any]:
        """The tariff's prices and demand terms as arguments."""
        if self.grid is None:
            message = "a tariff's prices need to know when the slots are"
            top.complain("tariff", message, "give 'start' and lists, or a series file with times")
            return {}
        column = next((key for key in (*_TARIFF_SAYS, "sell") if key in self._columns), None)
        if column is not None:
            top.complain("tariff", f"{self._series_name} has a column {column} beside tariff", "keep one")
            return {}
        self.tariff = lay_tariff(top, *tariff, self.grid)
        if self.tariff is None:
            return {}
        self.notes += self.tariff.notes()
        return self.tariff.arguments()

    def _problem(self, arguments: dict[str, Any]) -> DispatchProblem:
        """The problem, its battery as a line."""
        given = arguments.pop("battery", None)
        others = arguments.pop("more_batteries", None) or []
        try:
            if others:
                arguments["more_batteries"] = self._more_batteries(others, given)
            if isinstance(given, dict) and "chemistry" in given:
                bare = DispatchProblem(**arguments)
                both = read_chemistry(self._battery_section(), bare.slots)
                self._refuse()
                assert both is not None
                arguments["battery"], self.physical = both
            elif given is not None:
                arguments["battery"] = _line(given)
            return DispatchProblem(**arguments)
        except InputError as error:
            if not error.problems or error.problems == tuple(self._problems):
                raise
            raise InputError([self._located(each) for each in error.problems]) from None

    def _more_batteries(self, listed: Any, first: Any) -> list[Battery]:
        """Further batteries behind the meter, as lines."""
        if not isinstance(listed, list):
            raise InputError([Problem("more_batteries", f"{listed!r} is no list", "write each after '- '")])
        for what, there in (
            ("a battery given by its chemistry", isinstance(first, dict) and "chemistry" in first),
            ("services", "services" in self._document.data),
        ):
            if there:
                message = f"stands beside {what}, which know one battery only"
                raise InputError([Problem("more_batteries", message, "keep one of the two")])
        found = []
        for place, each in enumerate(listed):
            if isinstance(each, dict):
                self._section(("more_batteries", place), _BATTERY_KEYS)
            self._refuse()
            try:
                found.append(_line(each))
            except InputError as error:
                where = f"more_batteries[{place}]"
                raise InputError([replace(each, place=where) for each in error.problems]) from None
        return found

    def _read_services(self) -> None:
        section = self._section(("services",), SERVICE_KEYS)
        read = ServicesReader(section, self.problem, self.grid, self._path.parent, self.physical)
        self.services, self.measured = read.services, read.measured
        self.notes += read.notes

    def _place(self, path: tuple[str | int, ...]) -> str:
        return f"{self._path.name}:{self._document.line_of(path)}"

    def hour_of_week(self) -> Floats | None:
        """The local hour of the week at which each slot begins, from Monday 0:00; None without times."""
        if self.grid is None:
            return None
        zone = self.grid.start.tzinfo
        assert zone is not None
        seconds = self.grid.start.timestamp() + np.arange(self.grid.slots) * self.grid.step.total_seconds()
        local = local_times(np.floor(seconds).astype(np.int64), zone)
        hours: Floats = local.weekday * 24 + local.second / 3600
        return hours

    def place_of(self, *path: str | int) -> str:
        """The file and line of a value."""
        return self._place(path)

    def _read_series(
        self, name: str, given: dict[str, Any], tariff: tuple[Tariff, DemandContract] | None
    ) -> dict[str, Any]:
        path = self._path.parent / name
        self._series_name = path.name
        problems: list[Problem] = []
        text = read_text(path, path.name, problems)
        if text is None:
            raise InputError(problems)
        if "start" in self._document.data:
            message = f"start stands beside the times of {path.name}"
            raise InputError([Problem(self._place(("start",)), message, "leave it out")])
        header = [column.strip() for column in text.splitlines()[0].split(",")]
        named = set(_words(self._document.data))
        wanted = {*_COLUMNS, *(f"forecast_{each}" for each in FORECASTS), *named}
        columns = [column for column in header if column in wanted and column != "time"]
        for column in columns:
            if column in given:
                message = f"{column} stands here and in {path.name}"
                raise InputError([Problem(self._place((column,)), message, "keep one of the two")])
        zone_name = self._document.data.get("time_zone")
        zone = zone_of(str(zone_name)) if zone_name else _zone(tariff)
        series = read_series(path, columns, zone)
        self.grid = series.grid
        self._columns |= series.columns
        found: dict[str, Any] = {key: series.columns[key] for key in _COLUMNS if key in series.columns}
        if "demand_period" in found:
            found["demand_period"] = found["demand_period"].astype(np.int64)
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


def _line(given: Any) -> Battery:
    """A battery given as the line that a dispatch plans with."""
    if not isinstance(given, dict):
        raise InputError([Problem("battery", f"{given!r} is no battery", "give its keys below it")])
    missing = [each for each in _BATTERY_KEYS[:5] if each not in given]
    if missing:
        mend = "give a number for each, or a chemistry with energy_kwh and power_kw"
        raise InputError([Problem("battery", f"lacks {', '.join(missing)}", mend)])
    return Battery(**given)


def _zone(tariff: tuple[Tariff, DemandContract] | None) -> Any:
    return zone_of("UTC") if tariff is None else tariff[0].zone


def _words(value: Any) -> Iterator[str]:
    """Every text in a document: it may name a column."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _words(each)
    elif isinstance(value, list):
        for each in value:
            yield from _words(each)


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
