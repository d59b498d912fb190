"""The machines: where they stand, when they work, what they draw."""

from datetime import datetime

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from juli.core.grid import TimeGrid
from juli.plant.calendar import Calendar
from juli.plant.model import BilingualName, Description, Identifier, Moment, NonNegative


class MachinePower(Description):
    """Electric power of a machine by state [kW]."""

    running_kw: NonNegative
    idle_kw: NonNegative = Field(0.0, description="in its shift, but not running")
    off_kw: NonNegative = Field(0.0, description="outside its shift")


class Maintenance(Description):
    """A planned stop of a machine."""

    start: Moment
    end: Moment
    reason: str = ""

    @model_validator(mode="after")
    def _forward(self) -> "Maintenance":
        if (self.start.tzinfo is None) != (self.end.tzinfo is None):
            raise ValueError(f"{self.start} and {self.end} are not both local, or both with their UTC offset")
        if self.end <= self.start:
            raise ValueError(f"the maintenance ends at {self.end}, not after its start at {self.start}")
        return self


class Machine(Description):
    """A machine or a work place; it does one operation at a time."""

    id: Identifier
    name: BilingualName | None = None
    line: str = Field("", description="the production line that it stands in")
    kind: str = Field("", description="what it is: sawing, bending, welding …")
    calendar: Identifier = Field(description="a key of `calendars`")
    power: MachinePower
    operators: NonNegative = Field(0.0, description="people who work while it runs")
    speed: float = Field(
        1.0, ge=0.01, le=100, description="1 is the speed of the routing's minutes; 0.8 takes 25 % longer"
    )
    scrap_rate: float = Field(0.0, ge=0, le=0.99, description="share of its output that has to be made again")
    maintenance: tuple[Maintenance, ...] = ()

    def working(self, calendar: Calendar, grid: TimeGrid) -> NDArray[np.bool_]:
        """Which slots it can work in: wholly in its calendar, and touched by no maintenance."""
        working = calendar.working(grid).copy()
        for stop in self.maintenance:
            first = max(grid.slot_of(localised(stop.start, grid)), 0)
            working[first : max(grid.first_slot_from(localised(stop.end, grid)), first)] = False
        return working


def localised(moment: datetime, grid: TimeGrid) -> datetime:
    """Read a moment written without a time zone as local time of the grid."""
    return moment if moment.tzinfo else moment.replace(tzinfo=grid.start.tzinfo)
