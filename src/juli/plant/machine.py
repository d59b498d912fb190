"""The machines: where they stand, when they work, what they draw, how they are set up."""

import math
from datetime import datetime

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from juli.core.grid import TimeGrid
from juli.plant.calendar import Calendar
from juli.plant.cutting import Length
from juli.plant.model import BilingualName, Description, Identifier, Moment, NonNegative, Positive

#: Durations a hair above a whole number of slots are that whole number: 0.1 + 0.2 is not 0.3.
SLOT_ROUNDING = 1e-9


def whole_slots(minutes: float, step_minutes: float) -> int:
    """How many slots a stretch of time takes, a part of a slot counting as one.

    Examples
    --------
    >>> whole_slots(12, 5), whole_slots(10, 5), whole_slots(0, 5)
    (3, 2, 0)
    """
    return math.ceil(minutes / step_minutes - SLOT_ROUNDING)


class MachinePower(Description):
    """Electric power of a machine by state [kW].

    A machine with ``warm_up_minutes`` is switched on and off between its runs: it idles through a pause
    that is no longer than ``stays_warm_minutes``, shifts or not, and is off through a longer one, warming up
    at its end. Before its first run it is off, and after its last.
    """

    running_kw: NonNegative
    idle_kw: NonNegative = Field(0.0, description="in its shift, but not running")
    off_kw: NonNegative = Field(0.0, description="outside its shift, or switched off")
    setup_kw: NonNegative = Field(0.0, description="on top of that while it is set up for another family")
    warm_up_minutes: NonNegative = Field(0.0, description="before it can run after it was off")
    warm_up_kw: NonNegative = Field(0.0, description="while it warms up")
    stays_warm_minutes: NonNegative | None = Field(
        None,
        description="longest pause through which it idles; None: as long as that takes no more energy than "
        "to switch off and warm up",
    )

    def warm_up_slots(self, step_minutes: float) -> int:
        """How many slots warming up takes; 0 for a machine that is always ready."""
        return whole_slots(self.warm_up_minutes, step_minutes)

    def stays_warm_slots(self, step_minutes: float) -> int:
        """The longest pause through which it idles rather than being switched off, in slots."""
        least = self.warm_up_slots(step_minutes)
        if self.stays_warm_minutes is not None:
            return max(math.floor(self.stays_warm_minutes / step_minutes + SLOT_ROUNDING), least)
        if self.idle_kw <= self.off_kw:
            return _EVER
        even = least * (self.warm_up_kw - self.off_kw) / (self.idle_kw - self.off_kw)
        return min(max(math.floor(even + SLOT_ROUNDING), least), _EVER)


#: Slots of a pause that no plan is long enough for.
_EVER = 10**9


class Setups(Description):
    """How long a machine takes from one family of parts to another: dies, tools, paint colours."""

    initial: Identifier | None = Field(None, description="the family that it is set up for at the beginning")
    first_minutes: NonNegative = Field(0.0, description="before the first run, where `initial` is not known")
    otherwise_minutes: NonNegative = Field(
        0.0, description="between two different families that `minutes` doesn't name"
    )
    minutes: dict[Identifier, dict[Identifier, NonNegative]] = Field(
        default_factory=dict, description="from a family: {to a family: minutes}"
    )

    def between(self, before: str | None, after: str) -> float:
        """Minutes from one family to another; ``before`` is None at the beginning."""
        family = self.initial if before is None else before
        if family is None:
            return self.first_minutes
        named = self.minutes.get(family, {}).get(after)
        if named is not None:
            return named
        return 0.0 if family == after else self.otherwise_minutes


class Batching(Description):
    """A machine that takes several lots of one family at once: an oven, a coating line."""

    capacity: Positive = Field(description="what goes in at once, in the unit of `load_per_unit`")


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
    """A machine or a work place; it does one operation at a time, or one batch."""

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
    setups: Setups | None = Field(None, description="what a change of family takes; None: nothing")
    batch: Batching | None = Field(None, description="where it takes several lots at once")
    longest_bar_mm: Length | None = Field(
        None, description="the longest bar that goes in, where it cuts any; None: all do"
    )
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
