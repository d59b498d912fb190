"""A day to plan: the plant's folder read, and its notices turned into closures on its map."""

import dataclasses
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from juli.core.errors import Problem, Severity
from juli.plant.demand import Demand
from juli.plant.factory import Plant
from juli.plant.reading import read_folder
from juli.roads.announced import announced_closures


@dataclass(frozen=True)
class Day:
    """What is to be planned: a plant, what is asked of it, and where both were read.

    Parameters
    ----------
    plant, demand
        The question; the demand's closures are those that its notices announce.
    folder
        Where the files stand.
    warnings
        What deserves a look: suspicious values, and what a notice says that couldn't be read.
    """

    plant: Plant
    demand: Demand
    folder: str
    warnings: tuple[Problem, ...] = ()


def load(folder: str | Path, start: datetime | None = None, days: int | None = None) -> Day:
    """Read a plant's folder.

    Parameters
    ----------
    folder
        Where ``plant.yaml`` stands.
    start, days
        The stretch to plan; None takes the plant file's own.

    Raises
    ------
    InputError
        With every error in the folder.

    Examples
    --------
    >>> day = load("examples/tiny")
    >>> len(day.plant.machines), len(day.demand.orders), len(day.demand.closures)
    (5, 6, 1)
    """
    content = read_folder(Path(folder), start, days)
    plant, demand = content.require()
    warnings = [problem for problem in content.problems if problem.severity is Severity.WARNING]
    if demand.road_map is not None:
        closures, unread = announced_closures(demand.notices, demand.road_map)
        demand = dataclasses.replace(demand, closures=closures)
        warnings += unread
    return Day(plant, demand, str(folder), tuple(warnings))
