"""Which days are holidays to a tariff."""

from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, field_validator

from juli.core.errors import InputError
from juli.plant.model import Description

if TYPE_CHECKING:
    from holidays import HolidayBase

#: No real stretch of days off is longer; it keeps a search from running on.
_LONGEST_STRETCH_DAYS = 15


class HolidayRule(Description):
    """The holidays that a tariff's rules speak of, from a country's public calendar.

    The calendar is that of the ``holidays`` library, which follows the yearly notices on which days are
    off and which weekends are worked instead. Before a year's notice is out it knows the statutory days
    only: ``published_through`` says how far the notices were known when the tariff was written down.
    """

    country: str = Field(description="two letters, as in ISO 3166: CN, US")
    names: tuple[str, ...] = Field(
        (), description="text in the holiday's name in the country's own language; none written means all"
    )
    whole_stretch: bool = Field(
        False,
        description="also the weekends and bridging days off around them, as the government's notice has it",
    )
    add: tuple[date, ...] = Field((), description="further days, as announced")
    remove: tuple[date, ...] = Field((), description="days that don't count")
    published_through: int | None = Field(None, description="the last year whose notice is known")

    @field_validator("country")
    @classmethod
    def _known_country(cls, country: str) -> str:
        from holidays import list_supported_countries

        if country not in list_supported_countries():
            raise ValueError(f"there is no holiday calendar of {country!r}; write two letters like CN")
        return country

    def days_in(self, years: range) -> frozenset[date]:
        """The holidays of some years."""
        calendar = _calendar(self.country, years)
        for wanted in self.names:
            if not any(wanted in name for name in calendar.values()):
                heard = ", ".join(sorted(set(calendar.values())))
                raise InputError(f"no holiday of {self.country} is called {wanted!r}; there are {heard}")
        days = {day for day, name in calendar.items() if not self.names or _names(name, self.names)}
        if self.whole_stretch:
            days = {off for day in days for off in _stretch_around(day, calendar)}
        days = {day for day in days if day.year in years} | set(self.add)
        return frozenset(days - set(self.remove))

    def is_holiday(self, dates: NDArray[np.datetime64]) -> NDArray[np.bool_]:
        """Whether each ``datetime64[D]`` is a holiday; shape ``(moments,)``."""
        years = dates.astype("datetime64[Y]").astype(np.int64) + 1970
        days = self.days_in(range(int(years.min()), int(years.max()) + 1))
        return np.isin(dates, np.asarray(sorted(days), dtype="datetime64[D]"))


@lru_cache(maxsize=16)
def _calendar(country: str, years: range) -> "HolidayBase":
    from holidays import country_holidays  # slow to import

    # Without a language the names would follow the machine's locale.
    language = country_holidays(country).default_language
    # A year's neighbours too: a stretch of days off may cross the turn of the year.
    return country_holidays(country, years=range(years.start - 1, years.stop + 1), language=language)


def _names(name: str, wanted: tuple[str, ...]) -> bool:
    return any(text in name for text in wanted)


def _stretch_around(day: date, calendar: "HolidayBase") -> list[date]:
    stretch = [day]
    for step in (timedelta(days=-1), timedelta(days=1)):
        neighbour = day + step
        while not calendar.is_working_day(neighbour) and len(stretch) < _LONGEST_STRETCH_DAYS:
            stretch.append(neighbour)
            neighbour += step
    return stretch
