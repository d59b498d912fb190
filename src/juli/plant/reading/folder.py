"""A plant's folder: ``plant.yaml``, ``orders.csv`` or ``.xlsx``, ``forecast.csv``, roads and notices."""

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from juli.core.errors import InputError, Problem, Severity
from juli.core.grid import TimeGrid
from juli.plant.demand import Demand, Forecast
from juli.plant.demand_charge import DemandTerms
from juli.plant.factory import Plant
from juli.plant.reading.forecasts import read_forecast
from juli.plant.reading.notices import read_notices
from juli.plant.reading.orders import LocatedOrder, read_orders
from juli.plant.reading.plant_file import read_plant
from juli.plant.road_map import RoadMap
from juli.plant.road_map_file import read_road_map
from juli.plant.tariffs import DemandContract, Tariff, load_tariff


@dataclass(frozen=True)
class PlantFolder:
    """What a plant's folder holds, and everything that is wrong with it.

    Parameters
    ----------
    plant, demand
        None where an error keeps them from being built; the demand's notices are not yet read.
    problems
        Errors and warnings, in the order of the files.
    """

    plant: Plant | None
    demand: Demand | None
    problems: tuple[Problem, ...]

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that stop a plan."""
        return tuple(problem for problem in self.problems if problem.severity is Severity.ERROR)

    def require(self) -> tuple[Plant, Demand]:
        """Give plant and demand.

        Raises
        ------
        InputError
            With every error in the folder.
        """
        if self.errors or self.plant is None or self.demand is None:
            raise InputError(self.errors)
        return self.plant, self.demand


def read_folder(folder: Path, start: datetime | None = None, days: int | None = None) -> PlantFolder:
    """Read everything in a plant's folder; problems are collected, never raised.

    Parameters
    ----------
    folder
        Where ``plant.yaml`` stands.
    start, days
        The stretch to plan; None takes the plant file's own.
    """
    if not (folder / "plant.yaml").is_file():
        mend = "name a plant's folder; 'juli init DIR' makes a new one"
        return PlantFolder(None, None, (Problem(str(folder), "holds no plant.yaml", mend),))
    problems: list[Problem] = []
    plant = read_plant(folder / "plant.yaml", problems)
    if plant is None:
        return PlantFolder(None, None, tuple(problems))
    grid = plant.settlement_grid(start, days)
    located = read_orders(_orders_file(folder), grid.start, problems)
    problems += _order_findings(plant, grid, located)
    electricity = _electricity(folder, plant, grid, problems)
    road_map = _roads(folder, plant, problems)
    notices = read_notices(folder / "notices", grid.start, problems)
    demand = None
    if not any(problem.severity is Severity.ERROR for problem in problems) and electricity is not None:
        orders = tuple(item.order for item in located)
        forecast, months, terms = electricity
        demand = Demand(
            plant.schedule_grid(grid), grid, orders, forecast, months, terms, road_map, notices=notices
        )
    return PlantFolder(plant, demand, tuple(problems))


def _orders_file(folder: Path) -> Path:
    excel = folder / "orders.xlsx"
    return excel if excel.is_file() else folder / "orders.csv"


def _order_findings(plant: Plant, grid: TimeGrid, located: list[LocatedOrder]) -> Iterator[Problem]:
    """Orders name products and sites that exist, and promise something that can still be kept."""
    sites = {site.id for site in plant.transport.sites} if plant.transport else set()
    for item in located:
        order, row = item.order, item.row
        if order.product not in plant.product_by_id:
            mend = "name a product of plant.yaml, or describe this one there"
            yield Problem(
                row.place_of("product"), f"{order.id} asks for the unknown product {order.product}", mend
            )
        if order.site is not None and order.site not in sites:
            mend = "name a site of plant.yaml's transport.sites, or leave it empty"
            yield Problem(row.place_of("site"), f"{order.id} goes to the unknown site {order.site}", mend)
        if order.due < grid.start:
            message = f"{order.id} is due at {order.due}, before the plan begins at {grid.start}"
            yield Problem(
                row.place_of("due"), message, "it will be late whatever is planned", Severity.WARNING
            )
        if order.release >= grid.end:
            message = f"{order.id} is released at {order.release}, after the plan ends at {grid.end}"
            yield Problem(row.place_of("release"), message, "plan more days, or take it out of this plan")


def _electricity(
    folder: Path, plant: Plant, grid: TimeGrid, problems: list[Problem]
) -> tuple[Forecast, NDArray[np.int64], tuple[DemandTerms, ...]] | None:
    """Forecasts on the grid with the tariff's prices, the billing months and their demand charges."""
    series = read_forecast(folder / "forecast.csv", grid, problems)
    try:
        tariff = load_tariff(plant.grid.tariff, folder, plant.time_zone)
        terms = _demand_terms(plant, tariff, grid)
        prices = tariff.prices(grid)
    except InputError as error:
        found = error.problems or (Problem("plant.yaml", str(error), "correct grid.tariff"),)
        problems += found
        return None
    if series is None:
        return None
    zeros = np.zeros(grid.slots)
    if plant.solar is not None and "solar_kw" not in series:
        problems.append(
            Problem("forecast.csv", "has no column solar_kw, but there is a solar plant", "add it")
        )
    sell = series.get(
        "sell", prices.sell if plant.grid.sell_per_kwh is None else zeros + plant.grid.sell_per_kwh
    )
    forecast = Forecast(
        base_load_kw=series["base_load_kw"],
        solar_kw=series.get("solar_kw", zeros) if plant.solar is not None else zeros,
        buy=series.get("buy", prices.buy),
        sell=sell,
        period=prices.period,
    )
    return forecast, tariff.billing_months(grid), terms


def _demand_terms(plant: Plant, tariff: Tariff, grid: TimeGrid) -> tuple[DemandTerms, ...]:
    """Terms of each billing month; the first already has the peak that was set before the plan."""
    connection = plant.grid
    contract = DemandContract(
        mode=connection.demand_mode, contract_kw=connection.contract_kw, capacity_kva=connection.capacity_kva
    )
    first, *later = tariff.demand_terms(contract, grid)
    so_far = dataclasses.replace(first, free_kw=max(first.free_kw, connection.peak_so_far_kw))
    return (so_far, *later)


def _roads(folder: Path, plant: Plant, problems: list[Problem]) -> RoadMap | None:
    """Read the road map, and check that every place of the transport is on it."""
    if plant.transport is None:
        return None
    path = folder / plant.transport.roads
    if not path.is_file():
        problems.append(
            Problem("plant.yaml", f"names the road map {path.name}, which is not beside it", "add it")
        )
        return None
    try:
        road_map = read_road_map(path)
    except InputError as error:
        problems += error.problems
        return None
    places = {"transport.home": plant.transport.home}
    places |= {f"transport.sites.{site.id}": site.junction for site in plant.transport.sites}
    for what, junction in places.items():
        if junction not in road_map.junctions:
            message = f"{what} is at the junction {junction}, which {path.name} doesn't have"
            problems.append(Problem("plant.yaml", message, "name a junction of the map"))
    return road_map
