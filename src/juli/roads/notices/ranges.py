"""From two dates as written to one period: the years that they leave out, and what contradicts the calendar.

A date without a year is anchored on the other end of its range and on the day of publication.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import product
from typing import Final

from juli.roads.notices.dates import Day, exists
from juli.roads.notices.times import CHINA, Period
from juli.roads.notices.written_dates import Written

#: A notice comes out near the day on which its works begin; a start further off is a slip of the pen.
_EARLIEST_START: Final = timedelta(days=-120)
_LATEST_START: Final = timedelta(days=400)
_LONGEST: Final = timedelta(days=8 * 366)
#: A range without a second year may run over New Year, but hardly for longer than this.
_LONGEST_OVER_NEW_YEAR: Final = timedelta(days=300)


def settled(text: str, published: date, first: Written, second: Written, year_word: str | None) -> Period:
    """Settle two dates on a start and an end, if just one pair of readings holds together."""
    at, end_at = first.at, second.end_at
    if first.trouble or not first.days:
        return Period(at, end_at, None, None, "start", first.trouble)
    if second.trouble or not second.days:
        return Period(at, end_at, None, None, "end", second.trouble)
    pairs = set()
    for one, other in product(first.days, second.days):
        for start_day, end_day in _with_years(published, one, other, year_word):
            start = moment(start_day, first.minutes or 0)
            end = moment(end_day, 24 * 60 if second.minutes is None else second.minutes)
            if start < end <= start + _LONGEST:
                pairs.add((start, end))
    if not pairs:
        return Period(at, end_at, None, None, "end", f"the end is not after the start: {text[at:end_at]}")
    if len(pairs) > 1:
        return Period(at, end_at, None, None, "start", f"several readings are possible: {text[at:end_at]}")
    start, end = pairs.pop()
    ahead = start.date() - published
    if not _EARLIEST_START <= ahead <= _LATEST_START:
        why = f"the start {start.date()} is {abs(ahead.days)} days from the publication on {published}"
        return Period(at, end_at, None, None, "start", why)
    return Period(at, end_at, start, end)


def _with_years(published: date, one: Day, other: Day, year_word: str | None) -> Iterator[tuple[date, date]]:
    """Yield two days with the years that they leave out."""
    if one.month is None or other.month is None:
        return
    later = int(year_word in ("次年", "翌年", "明年"))
    if one.year and other.year:
        choices = [(one.year, other.year)]
    elif one.year:
        rolls = later or (year_word is None and (other.month, other.day) < (one.month, one.day))
        choices = [(one.year, one.year + rolls)]
    elif other.year:
        begun = range(other.year - 8, other.year + ((one.month, one.day) <= (other.month, other.day)))
        choices = [(min(begun, key=lambda year: abs(year - published.year)), other.year)]
    else:
        rolls = later or (year_word is None and (other.month, other.day) < (one.month, one.day))
        around = (published.year - 1, published.year, published.year + 1)
        choices = [(year, year + rolls) for year in around if year_word != "明年" or year == published.year]
    found = []
    for first_year, last_year in choices:
        start, end = Day(first_year, one.month, one.day), Day(last_year, other.month, other.day)
        if not (exists(start) and exists(end)):
            continue
        start_day, end_day = date(*start), date(*end)  # type: ignore[arg-type]  # tuples of three
        if (
            not other.year
            and last_year > first_year
            and not later
            and end_day - start_day > _LONGEST_OVER_NEW_YEAR
        ):
            continue
        away = max(start_day - published, published - end_day, timedelta(0))
        found.append((away, start_day, end_day))
    if found:
        _, start_day, end_day = min(found)
        yield start_day, end_day


def moment(day: date, minutes: int) -> datetime:
    """The moment that many minutes into a day, in China's time."""
    return datetime.combine(day, time(0), CHINA) + timedelta(minutes=minutes)
