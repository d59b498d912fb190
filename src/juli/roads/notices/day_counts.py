"""Numbers of days (工期60天): what they add to a period that has only begun, and what they contradict."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from juli.roads.notices.dates import chinese_number
from juli.roads.notices.time_words import Token
from juli.roads.notices.times import Count, Period

_UNIT_DAYS: Final = {"周": 7, "星期": 7, "个星期": 7, "个月": 30}


def counted(token: Token) -> Count | None:
    """Take a number of days: 工期60天."""
    number = chinese_number(token.match["n"])
    if number < 1:
        return None
    unit = _UNIT_DAYS.get(token.match["unit"], 1)
    about = "约" in token.match["about"] or "预计" in token.match["about"] or token.match["rough"]
    slack = {1: 1, 7: 3, 30: 16}[unit] + (number * unit // 6 + 2 if about else 0)
    exact = not about and "工期" not in token.match[0]
    months, weeks = number * (exact and unit == 30), exact and unit == 7
    return Count(token.at, token.end_at, number * unit, slack, months, weeks)


def held_against_counts(text: str, periods: Sequence[Period], counts: Sequence[Count]) -> Iterator[Period]:
    """Hold every period against the day count beside it; close those that have only a start."""
    whole = {(period.start, period.end) for period in periods if period.end is not None}
    for index, period in enumerate(periods):
        beyond = periods[index + 1].at if index + 1 < len(periods) else len(text)
        stop = min(beyond, sentence_end(text, period.end_at))
        beside = [count for count in counts if period.at <= count.at < stop]
        if not beside and len(whole) == 1:
            beside = list(counts)
        if not beside and period.end is None and index == 0:
            # 封闭期限90天,自2月20日起
            beside = [count for count in counts if sentence_end(text, count.at) >= period.at > count.at]
        in_front = [count for count in counts if 0 <= period.at - count.end_at <= 1]
        if in_front and text[period.at - 1] == "(":
            beside = in_front  # 封闭7天(9月8日至14日)
        yield _held_against(period, beside) if period.start is not None else period


def with_exact_ends(periods: Sequence[Period]) -> Iterator[Period]:
    """Give a period of whole months the last day that the notice names elsewhere, if it is near."""
    for period in periods:
        named = {
            other.end
            for other in periods
            if not other.rounded and other.start == period.start and other.end is not None
        }
        end = next(iter(named)) if len(named) == 1 else None
        if period.rounded and period.end and end and abs(end - period.end) <= timedelta(days=2):
            yield replace(period, end=end)
        else:
            yield period


def sentence_end(text: str, at: int) -> int:
    """Where the sentence ends that goes on at a place."""
    ends = [end for end in (text.find(mark, at) for mark in "。;\n") if end >= 0]
    return min(ends, default=len(text))


def _months_on(start: datetime, months: int) -> datetime:
    """The same day and hour so many months later; behind the end of a shorter month."""
    year, month = divmod(start.month - 1 + months, 12)
    month_at = start.replace(year=start.year + year, month=month + 1, day=1)
    later = month_at + timedelta(days=start.day - 1)
    if later.month == month_at.month:
        return later
    return later - timedelta(days=later.day - 1)


def _held_against(period: Period, counts: Sequence[Count]) -> Period:
    """Refuse a period that its day count contradicts; end one that has only a start and a count of days."""
    if period.start is None or not counts:
        return period
    count = counts[0]
    if period.end is None:
        if count.slack == 1 or count.weeks:
            return replace(period, end=period.start + timedelta(days=count.days), field="", why="")
        if count.months:
            months_on = _months_on(period.start, count.months)
            return replace(period, end=months_on, field="", why="", rounded=True)
        return period
    last_day = (period.end - timedelta(minutes=1)).date()
    days = (last_day - period.start.date()).days + 1
    if period.rounded and count.slack == 1 and count.days == days + 1:
        # 封闭15天,预计11月18日恢复通行: the 18th is the last day
        return replace(period, end=period.start + timedelta(days=count.days))
    if abs(days - count.days) > count.slack:
        return replace(
            period,
            start=None,
            end=None,
            field="end",
            why=f"{days} days from start to end, but {count.days} are announced",
        )
    return period
