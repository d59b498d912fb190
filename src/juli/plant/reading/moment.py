"""Dates and times as people and Excel write them."""

import re
from datetime import datetime, time
from typing import Final

from juli.plant.model import PLAUSIBLE_YEARS

#: 2023-12-22, 2023/12/22 or 2023/12/22 8:15 (Excel's way in China), 2023-12-22T08:15+08:00.
_WRITTEN: Final = re.compile(r"(\d{4})([-/])(\d{1,2})\2(\d{1,2})(?:[T ]+(\d{1,2}):(.+))?")


def parse_moment(text: str, clock: time) -> datetime:
    """Read a moment; without a time zone where none is written.

    Parameters
    ----------
    text
        What is written.
    clock
        The time of the day of a date alone.

    Raises
    ------
    ValueError
        Saying what it is not.

    Examples
    --------
    >>> parse_moment("2023/12/22", time(23, 59)).isoformat()
    '2023-12-22T23:59:00'
    >>> parse_moment("2023-12-22T8:15", time(0)).isoformat()
    '2023-12-22T08:15:00'
    """
    written = _WRITTEN.fullmatch(text)
    if written is None:
        raise ValueError(f"{text!r} is no date")
    year, _, month, day, hour, rest = written.groups()
    try:
        moment = datetime(int(year), int(month), int(day))  # noqa: DTZ001 - the zone comes from the plan
        if hour is None:
            moment = datetime.combine(moment, clock)
        else:
            moment = datetime.fromisoformat(f"{moment.date()}T{int(hour):02d}:{rest}")
    except ValueError as error:
        raise ValueError(f"{text!r} is no date") from error
    if moment.year not in PLAUSIBLE_YEARS:
        raise ValueError(f"{text!r} is in the year {moment.year}")
    return moment
