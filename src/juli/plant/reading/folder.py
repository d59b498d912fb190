"""A plant's folder: ``plant.yaml``, ``orders.csv`` or ``.xlsx``, ``forecast.csv``, roads and notices."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from juli.core.errors import InputError, Problem, Severity
from juli.plant.demand import Demand
from juli.plant.factory import Plant
from juli.plant.model import PLAUSIBLE_YEARS
from juli.plant.reading.electricity import read_electricity
from juli.plant.reading.forecasts import read_series
from juli.plant.reading.notices import read_notices
from juli.plant.reading.order_findings import Asked, order_findings
from juli.plant.reading.orders import read_orders
from juli.plant.reading.pickups import read_pickups
from juli.plant.reading.plant_file import read_plant
from juli.plant.reading.roads import read_roads
from juli.plant.reading.stock import read_stock, short_stock

#: The default release of orders whose plant can't be read.
_LONG_AGO: Final = datetime(PLAUSIBLE_YEARS[0], 1, 1, tzinfo=UTC)


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
    if start is not None and start.year not in PLAUSIBLE_YEARS:
        problem = Problem("--start", f"{start} is in the year {start.year}", "correct the year")
        return PlantFolder(None, None, (problem,))
    problems: list[Problem] = []
    located = read_plant(folder / "plant.yaml", problems)
    knows_when = located is not None and located.knows("planning", "time_zone")
    grid = located.plant.settlement_grid(start, days) if located and knows_when else None
    # Without a plant the other files are read all the same, so that their problems are told at once.
    begin = grid.start if grid else _LONG_AGO
    orders = read_orders(_orders_file(folder, problems), begin, problems)
    taken = {item.order.id for item in orders}
    pickups = read_pickups(folder / "pickups.csv", begin, located, taken, problems)
    stock = read_stock(folder / "stock.csv", located, problems)
    if located:
        problems += order_findings(Asked(located, orders, grid))
    series = read_series(folder / "forecast.csv", begin.tzinfo, problems)
    electricity = None
    if located and grid and located.knows("grid", "solar", "largest_load_kw"):
        electricity = read_electricity(folder, located, grid, series, problems)
    road_map = read_roads(folder, located, problems) if located and located.knows("transport") else None
    notices = read_notices(folder / "notices", begin, problems)
    demand = None
    failed = any(problem.severity is Severity.ERROR for problem in problems)
    if located and grid and electricity and not failed:
        demand = Demand(
            schedule=located.plant.schedule_grid(grid),
            settlement=grid,
            orders=tuple(item.order for item in orders),
            forecast=electricity.forecast,
            demand_month=electricity.demand_month,
            demand_terms=electricity.demand_terms,
            pickups=pickups,
            stock=stock,
            road_map=road_map,
            notices=notices,
        )
        problems += short_stock(located.plant, demand)
    plant = located.plant if located and not located.stand_ins else None
    return PlantFolder(plant, demand, tuple(problems))


def _orders_file(folder: Path, problems: list[Problem]) -> Path:
    excel, csv = folder / "orders.xlsx", folder / "orders.csv"
    if excel.is_file() and csv.is_file():
        message = f"stands beside {csv.name}, which is not read"
        problems.append(Problem(excel.name, message, "keep one of the two", Severity.WARNING))
    return excel if excel.is_file() else csv
