"""When a rule of a tariff holds: months, kinds of days and hours of the day."""

import re
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, field_validator

from juli.plant.model import Description
from juli.plant.tariffs.local_time import LocalTime

_HOURS = re.compile(r"^(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})$")


class Days(StrEnum):
    """Kinds of days."""

    ALL = "all"
    WEEKDAYS = "weekdays"
    WEEKENDS = "weekends"
    HOLIDAYS = "holidays"


class Window(Description):
    """The times at which something holds; every condition that is written must be met.

    Months, weekdays and holidays are those of the day that the moment itself lies in, so the hours
    ``22:00-02:00`` of a June rule are 22–24 o'clock and 0–2 o'clock on each day of June.
    """

    months: tuple[int, ...] = Field((), description="1 to 12; none written means all")
    days: Days = Field(Days.ALL, description="holidays are those of the tariff's holiday rule")
    hours: tuple[str, ...] = Field((), description="like 14:00-22:00 or 22:00-02:00; none means all day")

    @field_validator("months")
    @classmethod
    def _real_months(cls, months: tuple[int, ...]) -> tuple[int, ...]:
        wrong = [month for month in months if not 1 <= month <= 12]
        if wrong:
            raise ValueError(f"there is no month {wrong[0]}; write 1 to 12")
        return months

    @field_validator("hours", mode="before")
    @classmethod
    def _one_or_more(cls, hours: object) -> object:
        return (hours,) if isinstance(hours, str) else hours

    @field_validator("hours")
    @classmethod
    def _real_hours(cls, hours: tuple[str, ...]) -> tuple[str, ...]:
        for stretch in hours:
            seconds_of_hours(stretch)
        return hours

    def edges_seconds(self) -> tuple[int, ...]:
        """The seconds of the day at which the window opens or closes."""
        return tuple(edge for stretch in self.hours for edge in seconds_of_hours(stretch))

    def covers(self, local: LocalTime, holiday: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Whether the window holds at each moment; shape ``(moments,)``.

        Parameters
        ----------
        local
            The wall clock.
        holiday
            Whether each moment lies in a holiday.
        """
        inside = np.ones(local.second.shape, dtype=bool)
        if self.months:
            inside &= np.isin(local.month, self.months)
        if self.days is Days.WEEKDAYS:
            inside &= local.weekday < 5
        elif self.days is Days.WEEKENDS:
            inside &= local.weekday >= 5
        elif self.days is Days.HOLIDAYS:
            inside &= holiday
        if self.hours:
            inside &= np.any([_within(local, stretch) for stretch in self.hours], axis=0)
        return inside


def seconds_of_hours(stretch: str) -> tuple[int, int]:
    """Read ``14:00-22:00`` as seconds of the day.

    Raises
    ------
    ValueError
        If it is no stretch of a day.

    Examples
    --------
    >>> seconds_of_hours("14:00-24:00")
    (50400, 86400)
    """
    match = _HOURS.match(stretch)
    if match is None:
        raise ValueError(f"{stretch!r} is no stretch of hours; write it like 14:00-22:00")
    start_hour, start_minute, end_hour, end_minute = map(int, match.groups())
    start, end = start_hour * 60 + start_minute, end_hour * 60 + end_minute
    if start_minute > 59 or end_minute > 59 or start >= 1440 or end > 1440:
        raise ValueError(f"{stretch!r} is no stretch of hours; a day is 00:00-24:00")
    if start == end:
        raise ValueError(f"{stretch!r} begins where it ends; leave the hours out for a whole day")
    return start * 60, end * 60


def _within(local: LocalTime, stretch: str) -> NDArray[np.bool_]:
    start, end = seconds_of_hours(stretch)
    after_start, before_end = local.second >= start, local.second < end
    return after_start & before_end if start < end else after_start | before_end
