"""A date as it is written in a text, with its weekday and its hour: which days it can mean."""

import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final, NamedTuple

from juli.roads.notices.dates import REPUBLIC_YEAR_0, Day, chinese_number, exists, readings
from juli.roads.notices.time_words import CN, CONNECT, FROM, LISTED, Token, clock_minutes

#: A smaller year is of the Republic's count.
_LONG_AGO: Final = 1000
_MONTH_ALONE: Final = re.compile(r"(?:\d+年)?\d{1,2}月")
_WEEKDAY_AFTER: Final = re.compile(
    r"\((?:[本这下]个?)?(?:星期|周|礼拜)([一二三四五六日天])\)?|\(([一二三四五六日])\)|(?:星期|周)([一二三四五六日天])(?=[至到-]\d|[,早晚上下])"
)
#: 1月28日(除夕)17时
_DAY_NAMED: Final = re.compile(r"\((?!星期|周|礼拜)[^()\d,。;\n]{1,5}\)")
#: Days told by the day of publication, behind which brackets may name the date.
_AHEAD: Final = {"today": 0, "tomorrow": 1, "after": 2}
_RELATIVE: Final = ("week", *_AHEAD)
#: 9月22日至26日(周一至周五): both ends of the range.
_WEEKDAYS_AFTER: Final = re.compile(
    r"\((?:星期|周)([一二三四五六日天])(?:至|到|-)(?:星期|周)?([一二三四五六日天])\)"
)
_DAY_IN_BRACKETS: Final = re.compile(r"\((\d{1,2})日?\)(?:日)?")
_TO_DAY: Final = re.compile("(?:\\([^()]{1,4}\\))?起?(?:至|到|-)\\d{1,2}日")
_WEEKDAYS: Final = "一二三四五六日"
_ITEM_START: Final = re.compile(r"(?:^|[\n。;:]|据悉,|另悉,)$")


class Written(NamedTuple):
    """A date as written: its possible days, its clock time in minutes, and where it stands."""

    at: int
    end_at: int
    days: tuple[Day, ...]
    minutes: int | None
    trouble: str


class DateReader:
    """Reads the dates of one text, left to right: each may lean on the one before it."""

    def __init__(self, text: str, published: date, tokens: Sequence[Token]):
        self.text = text
        self.published = published
        self.tokens = tokens
        self.items: set[str] = set()
        self.last: Written | None = None

    def read(self, at: int) -> tuple[Written | tuple[Written, Written] | None, int]:
        """Read the date at a token, with the weekday and the clock time behind it."""
        token = self.tokens[at]
        found = self._day(token)
        if found is None:
            return None, at + 1
        days, trouble = found
        end_at, following = token.end_at - self._road_number(token), at + 1
        number = _DAY_IN_BRACKETS.match(self.text, end_at) if token.kind in _RELATIVE else None
        if number is not None:
            # 今日(14日)
            trouble = "" if int(number[1]) == days[0].day else f"{token.match[0]} is not {number[0]}"
            end_at = number.end()
            while following < len(self.tokens) and self.tokens[following].at < end_at:
                following += 1
        elif token.kind in _RELATIVE and self.text[end_at : end_at + 1] == "(" and self.is_date(following):
            inner, beyond = self.read(following)
            if isinstance(inner, Written) and self.text[inner.end_at : inner.end_at + 1] == ")":
                agreed = tuple(
                    day for day in inner.days if (day.month, day.day) == (days[0].month, days[0].day)
                )
                trouble = "" if agreed else f"{token.match[0]} is not {self.text[inner.at : inner.end_at]}"
                days, end_at, following = inner.days, inner.end_at + 1, beyond
        if self.text.startswith(("左右", "前后"), end_at):
            trouble = trouble or f"{self.text[token.at : end_at + 2]} is no exact day"
        named = _DAY_NAMED.match(self.text, end_at)
        if named is not None and following < len(self.tokens) and self.tokens[following].at == named.end():
            end_at = named.end()
        week = _WEEKDAYS_AFTER.match(self.text, end_at)
        weekday = _WEEKDAY_AFTER.match(self.text, end_at) if week is None else None
        if week is not None:
            end_at = week.end()
            while following < len(self.tokens) and self.tokens[following].at < end_at:
                following += 1
            if not self._is_that_week(days, *(name.replace("天", "日") for name in week.groups())):
                trouble = trouble or f"{week[0]} may be some days of each week only"
        if weekday is not None:
            end_at = weekday.end()
            while following < len(self.tokens) and self.tokens[following].at < end_at:
                following += 1
            name = next(filter(None, weekday.groups())).replace("天", "日")
            days, trouble = self._on_weekday(days, name, trouble)
        if (
            following < len(self.tokens)
            and self.tokens[following].kind == "same"
            and self.tokens[following].at == end_at
        ):  # 2月29日当天16时
            end_at = self.tokens[following].end_at
            following += 1
        minutes = None
        if (
            following < len(self.tokens)
            and self.tokens[following].kind == "clock"
            and self.tokens[following].at == end_at + self.text.startswith("的", end_at)
        ):
            minutes = clock_minutes(self.tokens[following].match)
            trouble = trouble or (
                "" if minutes is not None else f"the hour {self.tokens[following].match[0]} is unclear"
            )
            end_at = self.tokens[following].end_at
            following += 1
        written = Written(token.at, end_at, days, minutes, trouble)
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

    def _day(self, token: Token) -> tuple[tuple[Day, ...], str] | None:
        """Read the days that a token can mean, or None where it is no date."""
        text = token.match[0]
        today = self.published
        if token.kind in ("today", "tomorrow", "after"):
            number = re.search(r"\d+", text)
            if number and int(number[0]) != today.day:
                return (), f"{text} is not the day of publication, {today}"
            day = today + timedelta(days=_AHEAD[token.kind])
            return (Day(day.year, day.month, day.day),), ""
        if token.kind == "month":
            month = today.month + (token.match["which_month"] in "下次")
            number_in_month = Day(today.year + (month > 12), (month - 1) % 12 + 1, int(token.match["date"]))
            return ((number_in_month,), "") if exists(number_in_month) else ((), f"{text} is no date")
        if token.kind == "week":
            monday = today - timedelta(days=today.weekday())
            day = monday + timedelta(
                days=_WEEKDAYS.index(token.match["weekday"].replace("天", "日"))
                + 7 * (token.match["which_week"] == "下")
            )
            return (Day(day.year, day.month, day.day),), ""
        if token.kind == "named":  # 本周六(6月15日)晚20时至周日早6时
            gap = self.text[self.last.end_at : token.at] if self.last is not None else ""
            begun = self._nearest(self.last.days[0]) if self.last is not None and self.last.days else None
            if begun is None or not CONNECT.fullmatch(gap):
                return None
            ahead = _WEEKDAYS.index(token.match["named_day"].replace("天", "日")) - begun.weekday()
            day = begun + timedelta(days=ahead % 7)
            return (Day(day.year, day.month, day.day),), ""
        if token.kind == "short":  # 2024.6.1-6.10
            month, last = (int(part) for part in re.findall(r"\d+", text)[:2])
            behind = self.last is not None and self.last.end_at == token.at - 1
            if not behind or not exists(Day(None, month, last)):
                return None if not behind else ((), f"the calendar has no {text}")
            return (Day(None, month, last),), ""
        if token.kind in ("plain", "slash"):  # 6/1-6/10
            plain = Day(None, *(int(part) for part in re.findall(r"\d+", text)))
            return ((plain,), "") if exists(plain) else None
        if token.kind == "iso":
            year, month, of_month = (int(part) for part in re.findall(r"\d+", text)[:3])
            iso = Day(year if year > _LONG_AGO else REPUBLIC_YEAR_0 + year, month, of_month)
            return ((iso,), "") if exists(iso) else ((), f"{text} is no date")
        if token.kind in ("cn", "cnday"):
            text = re.sub(rf"[{CN}廿卅]+", lambda part: str(chinese_number(part[0])), text)
        return self._run(text, token)

    def _run(self, text: str, token: Token) -> tuple[tuple[Day, ...], str] | None:
        """Read a run of digits and 年月日."""
        linked = self._linked(token)
        marks = set(text) & set("年月日号")
        if "月" not in marks and not linked:
            return None
        if not marks & set("月日号") and (len(text.replace("年", "")) < 6 or text[:2] not in ("19", "20")):
            return None
        if text[-1] not in "日号" and self.text[token.end_at : token.end_at + 1] in ("时", "点", ":"):
            return (), f"{text} runs into the hour behind it"
        if _MONTH_ALONE.fullmatch(text):
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

    def _road_number(self, token: Token) -> int:
        """How many digits at a run's end are the number of a road: 2015831232省道."""
        is_road = token.kind == "run" and self.text[token.end_at : token.end_at + 2] in (
            "国道",
            "省道",
            "县道",
        )
        return 3 if is_road and token.end_at - token.at > 6 else 0

    def _day_only(
        self, days: tuple[Day, ...], token: Token, linked: bool
    ) -> tuple[tuple[Day, ...], str] | None:
        """Give 31日 the month of the date that it is joined to."""
        if self.last is not None and self.last.days:
            gap = self.text[self.last.end_at : token.at]
            if CONNECT.fullmatch(gap) or LISTED.fullmatch(gap):
                before = self.last.days[0]
                day = Day(before.year, before.month, days[0].day)
                return ((day,), "") if exists(day) else ((), f"the calendar has no {day.month}月{day.day}日")
        if linked and self.last is None and self._ranged(token):
            # 于27日至29日: of the month of publication, or of the next where that day is over
            today = self.published
            month = today.month + (days[0].day < today.day)
            day = Day(today.year + (month > 12), (month - 1) % 12 + 1, days[0].day)
            return ((day,), "") if exists(day) else ((), f"{token.match[0]} names no month")
        return ((), f"{token.match[0]} names no month") if linked else None

    def _ranged(self, token: Token) -> bool:
        """Whether a day begins a range of days: 27日至29日."""
        return _TO_DAY.match(self.text, token.end_at) is not None

    def _linked(self, token: Token) -> bool:
        """Whether a run is joined to something as a date is: by 自, 至, 起."""
        before = self.text[max(0, token.at - 1) : token.at]
        behind = self.text[token.end_at : token.end_at + 1]
        if (
            before in ("自", "从", "至", "到", "-", "于", "起")
            or CONNECT.match(self.text, token.end_at)
            or FROM.match(self.text, token.end_at)
        ):
            return True
        listed = self.last is not None and self.last.end_at == token.at - 1 and before in "、和及"
        if listed and token.match[0][-1] in "日号":
            return True
        return bool(before in "、和及" and before and behind in "、和及期晚上每" and behind)

    def _next_item(self, item: str) -> bool:
        """Whether a number can be that of the next item of the list."""
        return item == "1" or str(int(item) - 1) in self.items or not self.items

    def _on_weekday(self, days: tuple[Day, ...], name: str, trouble: str) -> tuple[tuple[Day, ...], str]:
        """Keep the days that fall on the weekday in brackets."""
        dates = [self._nearest(day) for day in days]
        fits = any(each is not None and _WEEKDAYS[each.weekday()] == name for each in dates)
        if days and not fits and not trouble:
            return (), f"the date is no 星期{name}"
        return days, trouble

    def _is_that_week(self, days: Sequence[Day], first: str, last: str) -> bool:
        """Whether the date read before and this one are those two weekdays of one week."""
        begun = self._nearest(self.last.days[0]) if self.last is not None and self.last.days else None
        done = self._nearest(days[0]) if len(days) == 1 else None
        if begun is None or done is None or not timedelta(0) < done - begun < timedelta(days=7):
            return False
        return (_WEEKDAYS[begun.weekday()], _WEEKDAYS[done.weekday()]) == (first, last)

    def _nearest(self, day: Day) -> date | None:
        """Give a day that leaves out its year the one in which it is nearest to the publication."""
        if day.month is None:
            return None
        this = self.published.year
        years = (day.year,) if day.year else (this - 1, this, this + 1)
        found = [date(year, day.month, day.day) for year in years if exists(Day(year, day.month, day.day))]
        return min(found, key=lambda each: abs(each - self.published), default=None)

    def is_date(self, at: int) -> bool:
        """Whether a token is there and names a day."""
        return at < len(self.tokens) and self.tokens[at].is_date
