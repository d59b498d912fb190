"""From a notice's text, the periods that it names: from when to when, at which hours of the day.

The dates that leave out their year (or their month) are anchored on the other end of their range and on the
day of publication. What contradicts itself, the calendar or the publication comes back as a period without
ends, with the reason: it stops the zones that lean on it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, timezone
from itertools import product
from typing import Final, NamedTuple

from juli.roads.notices.dates import Day, chinese_number, exists, readings

CHINA: Final = timezone(timedelta(hours=8))

#: A notice comes out near the day on which its works begin; a start further off is a slip of the pen.
_EARLIEST_START: Final = timedelta(days=-120)
_LATEST_START: Final = timedelta(days=400)
_LONGEST: Final = timedelta(days=8 * 366)
#: A range without a second year may run over New Year, but hardly for longer than this.
_LONGEST_OVER_NEW_YEAR: Final = timedelta(days=300)

_CN: Final = "〇零一二三四五六七八九十两"
_PART: Final = "凌晨|晨|清晨|早上|早晨|早|上午|中午|午间|正午|下午|傍晚|晚上|晚间|晚|夜间|夜里|深夜|夜"
_TOKEN: Final = re.compile(
    rf"(?P<count>(?:总?工期|为期|历时|期限|持续|共计?|(?:封闭|围蔽|施工)(?:时间|天数)|(?<=封闭)|(?<=施工))(?P<about>(?:约|大约|预计|计划|拟|为|是|需|:|\()*)"
    rf"(?P<n>\d{{1,4}}|[{_CN}百]{{1,5}})(?P<unit>个月|日历天|天|日|周)(?P<rough>左右)?)"
    r"|(?P<iso>(?<![\d.])(?:19|20)\d\d(?P<mark>[./-])\d{1,2}(?P=mark)(?:\d\d(?=\d\d:)|\d{1,2}(?!\d))日?)"
    r"|(?P<cn>(?:[〇零一二三四五六七八九]{2,4}年)?(?:十[一二]?|[一二三四五六七八九])月"
    r"(?:三十一?|[二廿]十?[一二三四五六七八九]?|十[一二三四五六七八九]?|[一二三四五六七八九])[日号])"
    r"|(?P<pair>(?P<from>\d{1,2})(?:[-]|至)(?P<to>\d{1,2})[时点](?!\d))"
    rf"|(?P<clock>(?P<part>{_PART})?(?:(?P<hour>\d{{1,2}}|[{_CN}]{{1,3}})"
    rf"(?:[时点]钟?(?:(?P<minute>\d{{1,2}}|[{_CN}]{{1,3}})分|(?P<half>半)|整)?|:(?P<sixty>\d\d)(?!\d))|(?P<packed>\d{{3,4}})分))"
    r"|(?P<run>(?<![\dK+#.A-Za-z])\d[\d年月]*[日号]?)"
    r"|(?P<cnday>(?:三十一?|[二廿]十?[一二三四五六七八九]?|十[一二三四五六七八九]?|[一二三四五六七八九])日)"
    r"|(?P<today>即日|今日|今天|今\(\d{1,2}\)日|今(?=起))|(?P<tomorrow>明日|明天|明(?=起))"
    r"|(?P<month>[本当下次])个?月(?P<date>\d{1,2})[日号]"
    r"|(?P<week>[本这下])周(?P<weekday>[一二三四五六日天])"
    r"|(?P<next>次日|翌日|隔日|隔天|第二天|次晨|翌晨)|(?P<same>当日|当天|同日)"
)
_WEEKDAY_AFTER: Final = re.compile(r"\((?:星期|周|礼拜)([一二三四五六日天])\)?")
_WEEKDAYS: Final = "一二三四五六日"
_CONNECT: Final = re.compile(
    r"(?:\([^()]{1,4}\))?(?:起|始|开始|起始)?(?:施工|封闭|实施|开始施工)?,?(?:至|到|-{1,3}|起至|直至|截至|截止到?|持续至)"
    r"(?P<year>次年|翌年|明年|同年|当年|今年)?|起"
)
_LISTED: Final = re.compile(r"(?:\([^()]{1,4}\))?(?:、|和|及|以及|,)")
_FROM: Final = re.compile(r"(?:\([^()]{1,4}\))?\)?(?:起|始|开始)")
_ITEM_START: Final = re.compile(r"(?:^|[\n。;:]|据悉,|另悉,)$")
_WHOLE_DAY: Final = re.compile(r"(?:当天|当日|全天|一天|整天)")


@dataclass(frozen=True)
class Period:
    """From when to when, as read from ``text[at:end_at]`` of the normalised text.

    ``start`` and ``end`` are None where the words contradict themselves or say too little: ``why`` tells.
    ``end_day`` is the date that the end was written as.
    """

    at: int
    end_at: int
    start: datetime | None
    end: datetime | None
    field: str = ""
    why: str = ""


@dataclass(frozen=True)
class Hours:
    """Hours of every day, as read from ``text[at:end_at]``; minutes from midnight."""

    at: int
    end_at: int
    first: int
    last: int


@dataclass(frozen=True)
class Count:
    """A number of days that the works are to take."""

    at: int
    end_at: int
    days: int
    slack: int


@dataclass(frozen=True)
class Times:
    """Every time that a notice names, in the order of the text."""

    periods: tuple[Period, ...]
    hours: tuple[Hours, ...]
    counts: tuple[Count, ...]


class _Written(NamedTuple):
    """A date as written: its possible days, its clock time in minutes, and where it stands."""

    at: int
    end_at: int
    days: tuple[Day, ...]
    minutes: int | None
    trouble: str


class _Token(NamedTuple):
    kind: str
    at: int
    end_at: int
    match: re.Match[str]


def read_times(text: str, published: date) -> Times:
    """Read every period, daily hours and day count of a normalised text.

    Parameters
    ----------
    text
        The normalised text.
    published
        The day on which the notice came out: what dates without a year, and 即日起, are anchored on.
    """
    return _Scan(text, published).run()


class _Scan:
    """One pass over the time words of a text."""

    def __init__(self, text: str, published: date):
        self.text = text
        self.published = published
        self.tokens = [
            _Token(str(match.lastgroup and _kind(match)), match.start(), match.end(), match)
            for match in _TOKEN.finditer(text)
        ]
        self.periods: list[Period] = []
        self.hours: list[Hours] = []
        self.counts: list[Count] = []
        self.items: set[str] = set()
        self.last: _Written | None = None

    def run(self) -> Times:
        """Walk the tokens once, left to right."""
        at = 0
        while at < len(self.tokens):
            token = self.tokens[at]
            if token.kind == "count":
                self._count(token)
                at += 1
            elif token.kind in ("clock", "pair"):
                at = self._hours(at)
            elif token.kind in ("next", "same"):
                at += 1
            else:
                at = self._dates(at)
        return Times(tuple(self._counted()), tuple(self.hours), tuple(self.counts))

    # -- dates ---------------------------------------------------------------------------------------------

    def _dates(self, at: int) -> int:
        """Read a range, a list of days, or a lone date that begins at a token; return the next token."""
        first, following = self._written(at)
        if first is None:
            return following
        if isinstance(first, tuple) and not isinstance(first, _Written):
            self.periods.append(self._range(first[0], first[1], None))
            return following
        connect = self._gap(first.end_at, following, _CONNECT)
        if connect is not None:
            done = self._range_from(first, following, connect["year"])
            if done is not None:
                return done
        days = [first]
        while self._gap(days[-1].end_at, following, _LISTED) is not None:
            day, beyond = self._written(following)
            if not isinstance(day, _Written) or (
                self._gap(day.end_at, beyond, _CONNECT) and self._is_date(beyond)
            ):
                break
            days.append(day)
            following = beyond
        return self._days(days, following)

    def _range_from(self, first: _Written, at: int, year: str | None) -> int | None:
        """Read what stands behind 至: a date, or a clock time of the same or the next day."""
        if self._is_date(at):
            second, following = self._written(at)
            if not isinstance(second, _Written):
                return None
            if (
                second.minutes is not None
                and first.minutes is None
                and self._clock_behind(second.end_at, following)
            ):
                # the clock belongs to the hours of each day: 4月6日至13日23时至次日5时
                second = second._replace(minutes=None, end_at=self.tokens[following - 1].at)
                following -= 1
            self.periods.append(self._range(first, second, year))
            return following
        clock = self._clock_at(at)
        if clock is None or first.minutes is None:
            return None
        minutes, over_midnight, following = clock
        self._one_day(first, minutes, over_midnight, self.tokens[following - 1].end_at)
        return following

    def _days(self, days: Sequence[_Written], following: int) -> int:
        """Take one or several single days, each with the hours behind the last."""
        last = days[-1]
        clock = None
        if last.minutes is not None and self._gap(last.end_at, following, _CONNECT) is not None:
            clock = self._clock_at(following)
        if clock is not None and last.minutes is not None:
            for day in days:
                end_at = self.tokens[clock[2] - 1].end_at if day is last else day.end_at
                self._one_day(day._replace(minutes=last.minutes), clock[0], clock[1], end_at)
            return clock[2]
        if len(days) > 1 and all(day.minutes is None for day in days):
            if not _FROM.match(self.text, last.end_at):
                for day in days:
                    self.periods.append(self._range(day, day, None))
                self._merge(len(days))
            return following
        if _WHOLE_DAY.match(self.text, last.end_at):
            self.periods.append(self._range(last, last, None))
        elif _FROM.match(self.text, last.end_at) or self.text[max(0, last.at - 1) : last.at] in ("自", "从"):
            begun = self._range(last, last._replace(minutes=24 * 60), None)
            why = begun.why or "no end is given"
            self.periods.append(replace(begun, end=None, field=begun.field or "end", why=why))
        return following

    def _one_day(self, first: _Written, minutes: int, over_midnight: bool, end_at: int) -> None:
        """Add the period from a clock time of a day to one of the same or the next day."""
        period = self._range(first, first._replace(minutes=24 * 60), None)
        if period.start is not None and first.minutes is not None:
            midnight = period.start - timedelta(minutes=first.minutes)
            later = 24 * 60 if over_midnight or minutes <= first.minutes else 0
            period = replace(period, end=midnight + timedelta(minutes=minutes + later))
        self.periods.append(replace(period, end_at=end_at))

    def _merge(self, count: int) -> None:
        """Join the last single days that touch: 4日、5日 is one period."""
        merged: list[Period] = []
        for period in self.periods[-count:]:
            if merged and merged[-1].end is not None and merged[-1].end == period.start:
                merged[-1] = replace(merged[-1], end=period.end, end_at=period.end_at)
            else:
                merged.append(period)
        self.periods[-count:] = merged

    def _written(self, at: int) -> tuple[_Written | tuple[_Written, _Written] | None, int]:
        """Read the date at a token, with the weekday and the clock time behind it."""
        token = self.tokens[at]
        found = self._day(token)
        if found is None:
            return None, at + 1
        days, trouble = found
        end_at, following = token.end_at - self._road_number(token), at + 1
        if token.kind == "week" and self.text[end_at : end_at + 1] == "(" and self._is_date(following):
            inner, beyond = self._written(following)
            if isinstance(inner, _Written) and self.text[inner.end_at : inner.end_at + 1] == ")":
                agreed = tuple(
                    day for day in inner.days if (day.month, day.day) == (days[0].month, days[0].day)
                )
                trouble = "" if agreed else f"{token.match[0]} is not {self.text[inner.at : inner.end_at]}"
                days, end_at, following = inner.days, inner.end_at + 1, beyond
        weekday = _WEEKDAY_AFTER.match(self.text, end_at)
        if weekday is not None:
            end_at = weekday.end()
            while following < len(self.tokens) and self.tokens[following].at < end_at:
                following += 1
            name = weekday[1].replace("天", "日")
            days, trouble = self._on_weekday(days, name, trouble)
        minutes = None
        if (
            following < len(self.tokens)
            and self.tokens[following].kind == "clock"
            and self.tokens[following].at == end_at
        ):
            minutes = _minutes(self.tokens[following].match)
            trouble = trouble or (
                "" if minutes is not None else f"the hour {self.tokens[following].match[0]} is unclear"
            )
            end_at = self.tokens[following].end_at
            following += 1
        written = _Written(token.at, end_at, days, minutes, trouble)
        self.last = written
        if token.kind == "run" and not trouble:
            both = [r for r in readings(token.match[0]) if len(r.days) == 2]
            if both:
                pair = (
                    written._replace(days=(both[0].days[0],), minutes=None),
                    written._replace(days=(both[0].days[1],)),
                )
                return (
                    pair if len(both) == 1 else written._replace(trouble="the digits have several readings")
                ), following
        return written, following

    def _day(self, token: _Token) -> tuple[tuple[Day, ...], str] | None:
        """Read the days that a token can mean, or None where it is no date."""
        text = token.match[0]
        today = self.published
        if token.kind in ("today", "tomorrow"):
            number = re.search(r"\d+", text)
            if number and int(number[0]) != today.day:
                return (), f"{text} is not the day of publication, {today}"
            day = today + timedelta(days=token.kind == "tomorrow")
            return (Day(day.year, day.month, day.day),), ""
        if token.kind == "month":
            month = today.month + (token.match["month"] in "下次")
            number_in_month = Day(today.year + (month > 12), (month - 1) % 12 + 1, int(token.match["date"]))
            return ((number_in_month,), "") if exists(number_in_month) else ((), f"{text} is no date")
        if token.kind == "week":
            monday = today - timedelta(days=today.weekday())
            day = monday + timedelta(
                days=_WEEKDAYS.index(token.match["weekday"].replace("天", "日"))
                + 7 * (token.match["week"] == "下")
            )
            return (Day(day.year, day.month, day.day),), ""
        if token.kind == "iso":
            iso = Day(*(int(part) for part in re.findall(r"\d+", text)[:3]))
            return ((iso,), "") if exists(iso) else ((), f"{text} is no date")
        if token.kind in ("cn", "cnday"):
            text = re.sub(rf"[{_CN}廿卅]+", lambda part: str(chinese_number(part[0])), text)
        return self._run(text, token)

    def _run(self, text: str, token: _Token) -> tuple[tuple[Day, ...], str] | None:
        """Read a run of digits and 年月日."""
        linked = self._linked(token)
        marks = set(text) & set("年月日号")
        if "月" not in marks and not linked:
            return None
        if not marks & set("月日号") and (len(text.replace("年", "")) < 6 or text[:2] not in ("19", "20")):
            return None
        if text[-1] not in "日号" and self.text[token.end_at : token.end_at + 1] in ("时", "点", ":"):
            return (), f"{text} runs into the hour behind it"
        if re.fullmatch(r"(?:\d+年)?\d{1,2}月", text):
            return ((), f"{text} names no day") if linked else None
        found = readings(text[: len(text) - self._road_number(token)])
        item_start = _ITEM_START.search(self.text[max(0, token.at - 4) : token.at]) is not None
        allowed = [r for r in found if not r.item or (item_start and self._next_item(r.item))]
        if not allowed:
            return (), f"the calendar has no {text}"
        self.items.update(r.item for r in allowed if r.item)
        days = tuple(day for r in allowed for day in r.days[:1])
        if days[0].month is None:
            return self._day_only(days, token, linked)
        return days, ""

    def _road_number(self, token: _Token) -> int:
        """How many digits at a run's end are the number of a road: 2015831232省道."""
        is_road = token.kind == "run" and self.text[token.end_at : token.end_at + 2] in (
            "国道",
            "省道",
            "县道",
        )
        return 3 if is_road and token.end_at - token.at > 6 else 0

    def _day_only(
        self, days: tuple[Day, ...], token: _Token, linked: bool
    ) -> tuple[tuple[Day, ...], str] | None:
        """Give 31日 the month of the date that it is joined to."""
        if self.last is not None and self.last.days:
            gap = self.text[self.last.end_at : token.at]
            if _CONNECT.fullmatch(gap) or _LISTED.fullmatch(gap):
                before = self.last.days[0]
                day = Day(before.year, before.month, days[0].day)
                return ((day,), "") if exists(day) else ((), f"the calendar has no {day.month}月{day.day}日")
        return ((), f"{token.match[0]} names no month") if linked else None

    def _linked(self, token: _Token) -> bool:
        """Whether a run is joined to something as a date is: by 自, 至, 起."""
        before = self.text[max(0, token.at - 1) : token.at]
        behind = self.text[token.end_at : token.end_at + 1]
        if (
            before in ("自", "从", "至", "到", "-", "于", "起")
            or _CONNECT.match(self.text, token.end_at)
            or _FROM.match(self.text, token.end_at)
        ):
            return True
        return bool(before in "、和及" and before and behind in "、和及期晚上每" and behind)

    def _next_item(self, item: str) -> bool:
        """Whether a number can be that of the next item of the list."""
        return item == "1" or str(int(item) - 1) in self.items or not self.items

    def _on_weekday(self, days: tuple[Day, ...], name: str, trouble: str) -> tuple[tuple[Day, ...], str]:
        """Keep the days that fall on the weekday in brackets."""
        fitting = []
        for day in days:
            years = (
                (day.year,)
                if day.year
                else (self.published.year - 1, self.published.year, self.published.year + 1)
            )
            fitting += [
                Day(year, day.month, day.day)
                for year in years
                if day.month
                and exists(Day(year, day.month, day.day))
                and _WEEKDAYS[date(year, day.month, day.day).weekday()] == name
            ]
        if days and not fitting and not trouble:
            return (), f"the date is no 星期{name}"
        return days, trouble

    def _range(self, first: _Written, second: _Written, year_word: str | None) -> Period:
        """Settle two dates on a start and an end, if just one pair of readings holds together."""
        at, end_at = first.at, second.end_at
        if first.trouble or not first.days:
            return Period(at, end_at, None, None, "start", first.trouble)
        if second.trouble or not second.days:
            return Period(at, end_at, None, None, "end", second.trouble)
        pairs = set()
        for one, other in product(first.days, second.days):
            for start_day, end_day in self._with_years(one, other, year_word):
                start = _moment(start_day, first.minutes or 0)
                end = _moment(end_day, 24 * 60 if second.minutes is None else second.minutes)
                if start < end <= start + _LONGEST:
                    pairs.add((start, end))
        if not pairs:
            return Period(
                at, end_at, None, None, "end", f"the end is not after the start: {self.text[at:end_at]}"
            )
        if len(pairs) > 1:
            return Period(
                at, end_at, None, None, "start", f"several readings are possible: {self.text[at:end_at]}"
            )
        start, end = pairs.pop()
        ahead = start.date() - self.published
        if not _EARLIEST_START <= ahead <= _LATEST_START:
            why = (
                f"the start {start.date()} is {abs(ahead.days)} days from the publication on {self.published}"
            )
            return Period(at, end_at, None, None, "start", why)
        return Period(at, end_at, start, end)

    def _with_years(self, one: Day, other: Day, year_word: str | None) -> Iterator[tuple[date, date]]:
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
            choices = [(min(begun, key=lambda year: abs(year - self.published.year)), other.year)]
        else:
            rolls = later or (year_word is None and (other.month, other.day) < (one.month, one.day))
            choices = [
                (year, year + rolls) for year in range(self.published.year - 1, self.published.year + 2)
            ]
        found = []
        for first_year, last_year in choices:
            start, end = Day(first_year, one.month, one.day), Day(last_year, other.month, other.day)
            if not (exists(start) and exists(end)):
                continue
            start_day, end_day = date(*start), date(*end)  # type: ignore[arg-type]
            if (
                not other.year
                and last_year > first_year
                and not later
                and end_day - start_day > _LONGEST_OVER_NEW_YEAR
            ):
                continue
            away = max(start_day - self.published, self.published - end_day, timedelta(0))
            found.append((away, start_day, end_day))
        if found:
            _, start_day, end_day = min(found)
            yield start_day, end_day

    # -- hours and counts ----------------------------------------------------------------------------------

    def _hours(self, at: int) -> int:
        """Read the hours of every day that begin at a clock token."""
        token = self.tokens[at]
        if token.kind == "pair":
            self.hours.append(
                Hours(token.at, token.end_at, 60 * int(token.match["from"]), 60 * int(token.match["to"]))
            )
            return at + 1
        first = _minutes(token.match)
        if first is None or self._gap(token.end_at, at + 1, _CONNECT) is None:
            return at + 1
        clock = self._clock_at(at + 1)
        if clock is None:
            return at + 1
        last, over_midnight, following = clock
        if not over_midnight or last <= first:
            self.hours.append(Hours(token.at, self.tokens[following - 1].end_at, first, last))
        return following

    def _clock_at(self, at: int) -> tuple[int, bool, int] | None:
        """Read a clock time, with 次日 before it or not: minutes, whether of the next day, the next token."""
        over_midnight = False
        if at < len(self.tokens) and self.tokens[at].kind in ("next", "same"):
            over_midnight = self.tokens[at].kind == "next"
            at += 1
            if at < len(self.tokens) and self.tokens[at].at != self.tokens[at - 1].end_at:
                return None
        if at >= len(self.tokens) or self.tokens[at].kind != "clock":
            return None
        minutes = _minutes(self.tokens[at].match)
        return None if minutes is None else (minutes, over_midnight, at + 1)

    def _clock_behind(self, end_at: int, at: int) -> bool:
        return self._gap(end_at, at, _CONNECT) is not None and self._clock_at(at) is not None

    def _count(self, token: _Token) -> None:
        """Take a number of days: 工期60天."""
        number = chinese_number(token.match["n"])
        unit = {"周": 7, "个": 30}.get(token.match["unit"][0], 1)
        about = "约" in token.match["about"] or "预计" in token.match["about"] or token.match["rough"]
        slack = {1: 1, 7: 3, 30: 16}[unit] + (number * unit // 6 + 2 if about else 0)
        self.counts.append(Count(token.at, token.end_at, number * unit, slack))

    def _counted(self) -> Iterator[Period]:
        """Hold every period against the day count beside it; close those that have only a start."""
        whole = {(period.start, period.end) for period in self.periods if period.end is not None}
        for index, period in enumerate(self.periods):
            beyond = self.periods[index + 1].at if index + 1 < len(self.periods) else len(self.text)
            stop = min(beyond, _sentence_end(self.text, period.end_at))
            beside = [count for count in self.counts if period.at <= count.at < stop]
            if not beside and len(whole) == 1:
                beside = self.counts
            yield _held_against(period, beside) if period.start is not None else period

    # -- small things --------------------------------------------------------------------------------------

    def _is_date(self, at: int) -> bool:
        return at < len(self.tokens) and self.tokens[at].kind in (
            "run",
            "iso",
            "cn",
            "cnday",
            "month",
            "today",
            "tomorrow",
            "week",
        )

    def _gap(self, end_at: int, at: int, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Match all that stands between a place and a token."""
        if at >= len(self.tokens):
            return None
        return pattern.fullmatch(self.text, end_at, self.tokens[at].at)


def _kind(match: re.Match[str]) -> str:
    """Name the alternative of ``_TOKEN`` that matched."""
    for kind in _KINDS:
        if match.start(kind) >= 0:
            return kind
    raise AssertionError(match)


_KINDS: Final = (
    "run",
    "clock",
    "iso",
    "cn",
    "pair",
    "cnday",
    "count",
    "today",
    "tomorrow",
    "month",
    "week",
    "next",
    "same",
)


def _minutes(clock: re.Match[str]) -> int | None:
    """Minutes from midnight of a clock time; None where the words leave it open."""
    if clock["packed"]:
        hour, minute = divmod(int(clock["packed"]), 100)
    else:
        hour = chinese_number(clock["hour"])
        minute = 30 if clock["half"] else chinese_number(clock["minute"] or clock["sixty"] or "0")
    part = clock["part"] or ""
    if part in ("下午", "傍晚") and 1 <= hour < 12:
        hour += 12
    elif part and part[0] in "晚夜深":
        if 5 <= hour < 12:
            hour += 12
        elif hour == 12:
            hour = 24
        elif hour < 5:
            return None
    elif part in ("中午", "午间", "正午") and hour <= 2:
        hour += 12
    elif part == "凌晨" and hour == 12:
        hour = 0
    minutes = 60 * hour + minute
    return minutes if minute < 60 and minutes <= 24 * 60 else None


def _moment(day: date, minutes: int) -> datetime:
    return datetime.combine(day, time(0), CHINA) + timedelta(minutes=minutes)


def _sentence_end(text: str, at: int) -> int:
    ends = [end for end in (text.find(mark, at) for mark in "。;\n") if end >= 0]
    return min(ends, default=len(text))


def _held_against(period: Period, counts: Sequence[Count]) -> Period:
    """Refuse a period that its day count contradicts; end one that has only a start and a count of days."""
    if period.start is None or not counts:
        return period
    count = counts[0]
    if period.end is None:
        if count.slack == 1:
            return replace(period, end=period.start + timedelta(days=count.days), field="", why="")
        return period
    last_day = (period.end - timedelta(minutes=1)).date()
    days = (last_day - period.start.date()).days + 1
    if abs(days - count.days) > count.slack:
        return replace(
            period,
            start=None,
            end=None,
            field="end",
            why=f"{days} days from start to end, but {count.days} are announced",
        )
    return period
