"""What the plant's electricity is expected to be and to cost: forecasts, prices, demand charges."""

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from juli.core.errors import InputError, Problem, Severity
from juli.core.grid import TimeGrid
from juli.plant.demand import Forecast
from juli.plant.demand_charge import DemandTerms
from juli.plant.factory import Plant
from juli.plant.reading.forecasts import Series, on_grid
from juli.plant.reading.plant_file import LocatedPlant
from juli.plant.tariffs import DemandContract, Tariff, load_tariff

_FILE = "forecast.csv"


@dataclass(frozen=True)
class Electricity:
    """A forecast on the settlement grid, and what each billing month's highest import costs."""

    forecast: Forecast
    demand_month: NDArray[np.int64]
    demand_terms: tuple[DemandTerms, ...]


def read_electricity(
    folder: Path, located: LocatedPlant, grid: TimeGrid, series: Series | None, problems: list[Problem]
) -> Electricity | None:
    """Lay the forecast on the grid and the tariff's prices over it; None where a problem is in the way.

    Parameters
    ----------
    folder
        Where the tariff's file may stand.
    located, grid
        The plant, and its meter's intervals.
    series
        The forecast; None where it could not be read.
    problems
        Gains what is wrong.
    """
    plant = located.plant
    columns = on_grid(series, _FILE, grid, problems) if series else None
    if columns is not None:
        problems += _implausible(plant, columns)
    try:
        tariff = load_tariff(plant.grid.tariff, folder, plant.time_zone)
        terms = _demand_terms(plant, tariff, grid)
        prices = tariff.prices(grid)
        months = tariff.billing_months(grid)
    except InputError as error:
        mend = "correct it; docs/tariffs.md describes tariffs"
        place = located.place_of("grid", "tariff")
        problems += error.problems or (Problem(place, str(error), mend),)
        return None
    except ValidationError as error:
        for detail in error.errors():
            key = {"mode": "demand_mode"}.get(str(detail["loc"][0]), str(detail["loc"][0]))
            message = f"grid.{key}: {detail['msg']}, not {detail['input']!r}"
            problems.append(Problem(located.place_of("grid", key), message, "correct the value"))
        return None
    if columns is None:
        return None
    zeros = np.zeros(grid.slots)
    if plant.solar is not None and "solar_kw" not in columns:
        message = f"has no column solar_kw, but there is a solar plant of {plant.solar.capacity_kw:g} kW"
        problems.append(Problem(_FILE, message, "add it"))
    sell_price = plant.grid.sell_per_kwh
    forecast = Forecast(
        base_load_kw=columns["base_load_kw"],
        solar_kw=columns.get("solar_kw", zeros) if plant.solar is not None else zeros,
        buy=columns.get("buy", prices.buy),
        sell=columns.get("sell", prices.sell if sell_price is None else zeros + sell_price),
        period=prices.period,
    )
    return Electricity(forecast, months, terms)


def _implausible(plant: Plant, columns: dict[str, NDArray[np.float64]]) -> Iterator[Problem]:
    """Powers that are more likely in watts than in kilowatts."""
    limits = {
        "base_load_kw": ("largest_load_kw", plant.largest_load_kw),
        "solar_kw": ("solar.capacity_kw", plant.solar.capacity_kw if plant.solar else None),
    }
    for column, (key, limit_kw) in limits.items():
        highest_kw = float(columns[column].max()) if column in columns else 0.0
        if limit_kw is not None and highest_kw > limit_kw:
            message = f"{column} reaches {highest_kw:g}, above {key} {limit_kw:g} of plant.yaml"
            yield Problem(_FILE, message, "write kilowatts, or correct the limit", Severity.WARNING)


def _demand_terms(plant: Plant, tariff: Tariff, grid: TimeGrid) -> tuple[DemandTerms, ...]:
    """Terms of each billing month; the first already has the peak that was set before the plan."""
    connection = plant.grid
    contract = DemandContract.model_validate(
        {
            "mode": connection.demand_mode,
            "contract_kw": connection.contract_kw,
            "capacity_kva": connection.capacity_kva,
        }
    )
    first, *later = tariff.demand_terms(contract, grid)
    so_far = dataclasses.replace(first, free_kw=max(first.free_kw, connection.peak_so_far_kw))
    return (so_far, *later)
