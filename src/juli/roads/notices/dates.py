"""What a run of digits and 年月日 can mean as a date: every reading that the calendar allows.

Notices lose their 年, 月 and 日 when they are copied between systems (``2016724日`` is 24 July 2016), and the
number of a list item sticks to the date behind it (``26月21日`` is item 2, 21 June). A run is taken for a
date only where all the readings but one are impossible.
"""

import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import Final, NamedTuple

#: The years that a notice may speak of.
_FIRST_YEAR: Final = 1995
_LAST_YEAR: Final = 2060
REPUBLIC_YEAR_0: Final = 1911

_DIGITS: Final = {mark: value for value, mark in enumerate("〇一二三四五六七八九")} | {
    "零": 0,
    "两": 2,
    "O": 0,
    "o": 0,
}


class Day(NamedTuple):
    """A date as it is written: the year, or the month too, may be left to the reader."""

    year: int | None
    month: int | None
    day: int


class Reading(NamedTuple):
    """One meaning of a run: the number of the list item in front, and the one or two dates."""

    item: str
    days: tuple[Day, ...]


def chinese_number(text: str) -> int:
    """Read 十二, 廿三, 三十一, 二〇二三 or plain digits."""
    if text.isdigit() and text.isascii():
        return int(text)
    if not set(text) & set("十廿卅百"):
        return int("".join(str(_DIGITS[mark]) for mark in text))
    text = text.replace("廿", "二十").replace("卅", "三十")
    hundreds, _, rest = text.rpartition("百")
    value = 100 * (_DIGITS[hundreds] if hundreds else 0)
    tens, ten, units = rest.partition("十")
    if not ten:
        return value + (_DIGITS[rest[-1]] if rest else 0)
    return value + 10 * (_DIGITS[tens[-1]] if tens else 1) + (_DIGITS[units] if units else 0)


def exists(day: Day) -> bool:
    """Whether the calendar has the day (29 February has the benefit of the doubt without a year)."""
    if day.month is None:
        return 1 <= day.day <= 31
    try:
        date(day.year or 2024, day.month, day.day)
    except ValueError:
        return False
    return True


_PLAIN: Final = re.compile(r"(?:(\d{4})年)?(?:(\d{1,2})月)?(\d{1,2})[日号]?")
_YEAR: Final = re.compile(r"((?:19|20)\d\d)年?|(\d{2,3})年")


@lru_cache(maxsize=4096)
def readings(run: str) -> tuple[Reading, ...]:
    """Read a run of digits and 年月日 in every way that the calendar allows.

    The readings with an item number in front come only where there are none without, and likewise those with
    a leading zero where its mark is lost (``2023101``).
    """
    plain = _PLAIN.fullmatch(run)
    if plain and ("月" in run or len(run) <= 3):
        year, month, number = plain.groups()
        day = Day(int(year) if year else None, int(month) if month else None, int(number))
        if exists(day) and (day.year is None or _FIRST_YEAR <= day.year <= _LAST_YEAR):
            return (Reading("", (day,)),)
        if "月" not in run:
            return ()
    found = set(_dates(run, 2))
    bare = {reading for reading in found if not reading[1]}
    found = bare or found
    if not found:
        numbered = set(_dates(run[1:], 2))
        found = {reading for reading in numbered if not reading[1]} or numbered
        return tuple(sorted({Reading(run[0], days) for days, _ in found}, key=str))
    return tuple(sorted({Reading("", days) for days, _ in found}, key=str))


def _dates(run: str, most: int) -> Iterator[tuple[tuple[Day, ...], bool]]:
    """Yield every way to cut a run into up to ``most`` dates, and whether a zero leads unmarked."""
    for day, end, padded in _one_date(run):
        rest = run[end:]
        if not rest:
            yield (day,), padded
        elif most > 1 and day.year and rest[:2] in ("19", "20"):
            for days, also in _dates(rest, most - 1):
                yield (day, *days), padded or also


def _one_date(run: str) -> Iterator[tuple[Day, int, bool]]:
    """Yield every date that the front of a run can be: the day, its end, whether a zero leads unmarked."""
    years: list[tuple[int | None, int]] = [(None, 0)] if "年" not in run[:5] else []
    if (match := _YEAR.match(run)) is not None:
        text = match[1] or match[2]
        written = int(text) if len(text) == 4 else _short_year(int(text))
        if _FIRST_YEAR <= written <= _LAST_YEAR:
            years.append((written, match.end()))
    for year, after_year in years:
        for month, after_month, zero_month in _number(run, after_year, "月", 12):
            for number, end, zero_day in _number(run, after_month, "日号", 31):
                day = Day(year, month, number)
                if exists(day):
                    yield day, end, zero_month or zero_day


def _short_year(year: int) -> int:
    """Read 23年 as 2023 and 112年 (the Republic's count) as 2023; 98年 is 2009."""
    return 2000 + year if year < _LAST_YEAR - 2000 else REPUBLIC_YEAR_0 + year


def _number(run: str, at: int, marks: str, most: int) -> Iterator[tuple[int, int, bool]]:
    """Yield the one- and two-digit numbers at a place, behind their mark where it is there."""
    for digits in (1, 2):
        text = run[at : at + digits]
        if len(text) < digits or not text.isdigit() or not 1 <= int(text) <= most:
            continue
        end = at + digits
        marked = run[end : end + 1] in marks and end < len(run)
        if marked:
            end += 1
        elif "月" in run[at:] and marks == "月" and run.find("月", at) - at <= 2:
            continue  # its mark stands further on, so the number is longer
        yield int(text), end, not marked and text[0] == "0"
