"""What a notice says of time: periods, the hours of each day, and numbers of days."""

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Final

CHINA: Final = timezone(timedelta(hours=8))


@dataclass(frozen=True)
class Period:
    """From when to when, as read from ``text[at:end_at]`` of the normalised text.

    ``start`` and ``end`` are None where the words contradict themselves or say too little: ``why`` tells.
    ``rounded`` where the end is that of so many months, or the day on which the road opens again: a last day
    that the notice names elsewhere, or a number of days, is more exact.
    """

    at: int
    end_at: int
    start: datetime | None
    end: datetime | None
    field: str = ""
    why: str = ""
    rounded: bool = False


@dataclass(frozen=True)
class Hours:
    """Hours of every day, as read from ``text[at:end_at]``; minutes from midnight."""

    at: int
    end_at: int
    first: int
    last: int


@dataclass(frozen=True)
class Count:
    """A time that the works are to take: days, within a slack; whole months or weeks where they are meant."""

    at: int
    end_at: int
    days: int
    slack: int
    months: int = 0
    weeks: bool = False


@dataclass(frozen=True)
class Times:
    """Every time that a notice names, in the order of the text."""

    periods: tuple[Period, ...]
    hours: tuple[Hours, ...]
    counts: tuple[Count, ...]
