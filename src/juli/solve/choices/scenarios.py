"""Several forecasts of load, sun and prices, each with a weight; the file that they are told in."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from pydantic import Field

from juli.core.errors import InputError, Problem, Severity
from juli.plant.demand import Demand, Forecast
from juli.plant.model import Description, NonNegative, Positive
from juli.plant.reading.described_file import read_described
from juli.plant.reading.forecasts import on_grid, read_series
from juli.solve.day import Day


class ScenarioDescription(Description):
    """One way in which things may come: the forecast times factors, or a forecast of its own."""

    name: str = Field(min_length=1, description="what people call it")
    weight: Positive = Field(1.0, description="how likely it is; weights are divided by their sum")
    load: NonNegative = Field(1.0, description="factor on the base load")
    solar: NonNegative = Field(1.0, description="factor on the solar power, up to the plant's capacity")
    price: NonNegative = Field(1.0, description="factor on the prices of import and export")
    forecast: str | None = Field(None, description="a table like forecast.csv, beside this file")


class ScenarioFile(Description):
    """A file of scenarios."""

    scenarios: tuple[ScenarioDescription, ...] = Field(min_length=1)


@dataclass(frozen=True)
class Scenario:
    """A forecast and how likely it is.

    Parameters
    ----------
    name
        What people call it.
    weight
        Its probability; those of all scenarios add up to 1.
    demand
        The question with this forecast.
    """

    name: str
    weight: float
    demand: Demand


#: The scenarios where no file names any: a spread that Juli chose, not one that was measured.
_USUAL = (
    ScenarioDescription(name="as_forecast", weight=0.4),
    ScenarioDescription(name="dull", weight=0.2, solar=0.6),
    ScenarioDescription(name="bright", weight=0.2, solar=1.2),
    ScenarioDescription(name="high_load", weight=0.1, load=1.1),
    ScenarioDescription(name="low_load", weight=0.1, load=0.9),
)


def usual_scenarios(day: Day) -> tuple[Scenario, ...]:
    """Spread the day's forecast: less and more sun, more and less load.

    Without any sun in the forecast the two that change it are left out.
    """
    sunny = bool(np.any(day.demand.forecast.solar_kw > 0))
    told = [one for one in _USUAL if sunny or one.solar == 1.0]
    return _weighed(told, [_scaled(day, day.demand.forecast, one) for one in told], day)


def read_scenarios(path: Path, day: Day) -> tuple[Scenario, ...]:
    """Read a scenario file.

    Parameters
    ----------
    path
        A YAML file with the list ``scenarios``.
    day
        The question whose forecast the scenarios change.

    Raises
    ------
    InputError
        With everything that is wrong, by file and line.
    """
    described, document = read_described(
        path,
        ScenarioFile,
        lambda _, where: tuple((ScenarioDescription if where else ScenarioFile).model_fields),
        "docs/joint.md",
    )
    told = described.scenarios
    problems: list[Problem] = []
    names = [one.name for one in told]
    forecasts = []
    for number, one in enumerate(told):
        if one.name in names[:number]:
            place = f"{path.name}:{document.line_of(('scenarios', number, 'name'))}"
            problems.append(Problem(place, f"there are two scenarios {one.name!r}", "rename one"))
        forecast: Forecast | None = day.demand.forecast
        if one.forecast is not None:
            forecast = _own_forecast(path.parent / one.forecast, day, problems)
        if forecast is not None:
            forecasts.append(_scaled(day, forecast, one))
    if any(problem.severity is Severity.ERROR for problem in problems):
        raise InputError([problem for problem in problems if problem.severity is Severity.ERROR])
    return _weighed(list(told), forecasts, day)


def _own_forecast(path: Path, day: Day, problems: list[Problem]) -> Forecast | None:
    """Lay a scenario's own table on the grid; columns that it does not have stay as forecast."""
    series = read_series(path, day.demand.settlement.start.tzinfo, problems)
    columns = on_grid(series, path.name, day.demand.settlement, problems) if series else None
    if columns is None:
        return None
    usual = day.demand.forecast
    return replace(
        usual,
        base_load_kw=columns["base_load_kw"],
        solar_kw=usual.solar_kw if day.plant.solar is None else columns.get("solar_kw", usual.solar_kw),
        buy=columns.get("buy", usual.buy),
        sell=columns.get("sell", usual.sell),
    )


def _scaled(day: Day, forecast: Forecast, told: ScenarioDescription) -> Forecast:
    most_kw = np.inf if day.plant.solar is None else day.plant.solar.capacity_kw
    solar_kw = np.minimum(told.solar * forecast.solar_kw, np.maximum(forecast.solar_kw, most_kw))
    return replace(
        forecast,
        base_load_kw=told.load * forecast.base_load_kw,
        solar_kw=solar_kw,
        buy=told.price * forecast.buy,
        sell=told.price * forecast.sell,
    )


def _weighed(told: list[ScenarioDescription], forecasts: list[Forecast], day: Day) -> tuple[Scenario, ...]:
    whole = sum(one.weight for one in told)
    return tuple(
        Scenario(one.name, one.weight / whole, replace(day.demand, forecast=forecast))
        for one, forecast in zip(told, forecasts, strict=True)
    )
