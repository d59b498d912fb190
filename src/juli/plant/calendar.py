"""When people and machines work: shifts by the week, dated exceptions, and what an hour costs."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from juli.core.grid import TimeGrid
from juli.plant.model import Clock, Description, NonNegative

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: Final[tuple[Weekday, ...]] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Hours(Description):
    """A stretch of the clock; over midnight when ``to`` is not later than ``from``."""

    from_: Clock = Field(alias="from", description="local time, such as 08:00")
    to: Clock = Field(description="local time; 00:00 is the end of the day")

    def on(self, day: date, like: datetime) -> tuple[datetime, datetime]:
        """Give its beginning and end when it begins on a day, in the zone of ``like``."""
        start = datetime.combine(day, self.from_, like.tzinfo)
        end = datetime.combine(day, self.to, like.tzinfo)
        return start, end if end > start else datetime.combine(day + timedelta(days=1), self.to, like.tzinfo)


class Shift(Hours):
    """One shift: the days that it begins on, its hours, its breaks and its wage."""

    days: tuple[Weekday, ...] = Field(WEEKDAYS[:5], description="weekdays that the shift begins on")
    wage_per_hour: NonNegative = Field(0.0, description="money per person and hour")
    breaks: tuple[Hours, ...] = ()
    first_day: date | None = Field(None, description="worked from this day on")
    last_day: date | None = Field(None, description="worked up to and including this day")

    def begins_on(self, day: date) -> bool:
        """Whether it is worked on a day (holidays aside)."""
        return (
            WEEKDAYS[day.weekday()] in self.days
            and (self.first_day is None or day >= self.first_day)
            and (self.last_day is None or day <= self.last_day)
        )


class Calendar(Description):
    """The shifts of a machine or of a crew."""

    shifts: tuple[Shift, ...] = Field(min_length=1)
    holidays: tuple[date, ...] = Field((), description="days on which no shift begins")

    def worked_hours(self, grid: TimeGrid) -> Iterator[tuple[datetime, datetime, Shift]]:
        """Every worked stretch that touches the grid, breaks taken out, with its shift."""
        day = grid.start.date() - timedelta(days=1)
        while day <= grid.end.date():
            for shift in self.shifts:
                if day not in self.holidays and shift.begins_on(day):
                    begin, end = shift.on(day, grid.start)
                    for pause_from, pause_to in sorted(_pauses(shift, begin, end)):
                        yield begin, pause_from, shift
                        begin = max(begin, pause_to)
                    yield begin, end, shift
            day += timedelta(days=1)

    def working(self, grid: TimeGrid) -> NDArray[np.bool_]:
        """Which slots lie wholly inside a shift and outside its breaks; shape ``(slots,)``."""
        return self.wage(grid) >= 0

    def wage(self, grid: TimeGrid) -> NDArray[np.float64]:
        """Wage of the shift at work in each slot, −1 where none is; shape ``(slots,)`` [money/h]."""
        return _wage(self, grid, grid.start.tzinfo)


@lru_cache(maxsize=64)
def _wage(calendar: Calendar, grid: TimeGrid, zone: tzinfo | None) -> NDArray[np.float64]:
    """Lay a calendar's wages out, once for all of its machines; nobody may write to them.

    Grids that begin at one moment are equal in any zone, but a shift's hours are local: so the zone counts.
    """
    wage = np.full(grid.slots, -1.0)
    for begin, end, shift in calendar.worked_hours(grid):
        first = max(grid.first_slot_from(begin), 0)
        wage[first : max(grid.slot_of(end), first)] = shift.wage_per_hour
    wage.flags.writeable = False
    return wage


def _pauses(shift: Shift, begin: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Yield the breaks of a shift that begins at a moment; a break may lie after midnight."""
    for pause in shift.breaks:
        for day in {begin.date(), end.date()}:
            pause_from, pause_to = pause.on(day, begin)
            if begin <= pause_from and pause_to <= end:
                yield pause_from, pause_to
