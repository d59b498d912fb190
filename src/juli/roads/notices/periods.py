"""From a notice's text, the periods that it names: from when to when, at which hours of the day.

What contradicts itself, the calendar or the publication comes back as a period without ends, with the reason:
it stops the zones that lean on it.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Final

from juli.roads.notices.dates import Day
from juli.roads.notices.day_counts import counted, held_against_counts, sentence_end, with_exact_ends
from juli.roads.notices.ranges import settled
from juli.roads.notices.time_words import CONNECT, FROM, LISTED, Token, clock_minutes, time_words
from juli.roads.notices.times import Count, Hours, Period, Times
from juli.roads.notices.written_dates import DateReader, Written

#: How far behind a day, in characters, further hours of it may stand.
_NEAR: Final = 30
_UNTIL: Final = re.compile(
    "(?:(?P<put_off>(?:时间|期限|工期|原因|影响,?)(?:延长至|延期至|延长到|延期到|延至|顺延至))|有效期至|截至|截止到?|截止至|持续至|持续到|直至|(?:期限|工期|时间|封闭期|施工期)至|[,](?:预计|计划|拟|将)*(?:封闭|施工|持续|实施|维修)?[至到]|(?:占用|围挡|封闭|施工|禁行|限行)至|直到|一直至?到?|止于|结束于)(?P<year>明年|次年|翌年|同年|当年|今年)?$"
)
#: 6月15日开工,工期60天
_BEGUN: Final = re.compile(f"{FROM.pattern}|(?:正式|全面)?(?:开工|动工|进场|启动)")
#: Behind a date these make it the last day; those that open the road again, its first free moment.
_DONE: Final = re.compile("(?:之?前)?(?:全[部面])?(?:结束|完工|竣工|完成|完毕|截止)(?![之以]?后)")
_OPENS: Final = re.compile("(?:之?前|起|后)?(?:将|全[部面]|正式)*(?:恢复|开放|解除|通车|解封)(?!施工)")
#: What may stand between a comma and the date on which works end.
_LEADS_TO_END: Final = re.compile(
    "(?:(?:并|且|(?:以上|上述)?(?:交通)?(?:管制)?措施|预计|计划|拟|将|暂定|力争|持续|直|至|到|于|在|(?:整个|全部)?(?:工程|施工|项目|封闭|围挡|工期|本次))*)"
)
_CHANGED_TO: Final = re.compile("(?:缩短|延长|调整|变更|更改|改)[为至到]")
_NAMED_DAY: Final = re.compile(r"\([^()]{2,12}日\)")
#: What a line speaks of whose one day is that of the hours in the lines below it.
_OF_THE_DAY: Final = re.compile("管制|封闭|禁|限行|绕行|举[行办]|定于|将于|比赛|活动|日期|时间")
_EVERY_DAY: Final = re.compile("每[日天晚]|[日天]天")
_WHOLE_DAY: Final = re.compile(r"(?:当天|当日|全天|一天|整天)")
#: 6月1日封闭 is that day alone, but 6月1日封闭施工 only when it begins.
_CLOSED_THAT_DAY: Final = re.compile(r"(?:全|半幅?|临时)?封闭(?:一天|1天)?(?=[,。;\n]|$)")


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
        self.tokens = time_words(text)
        self.dates = DateReader(text, published, self.tokens)
        self.periods: list[Period] = []
        self.hours: list[Hours] = []
        self.counts: list[Count] = []
        self.begun: dict[int, Written] = {}
        self.alone: list[Written] = []
        self.taken: list[Count] = []  # words that have gone into a period which stands elsewhere

    def run(self) -> Times:
        """Walk the tokens once, left to right."""
        at = 0
        while at < len(self.tokens):
            token = self.tokens[at]
            if token.kind == "count":
                self.counts += filter(None, [counted(token)])
                at += 1
            elif token.kind in ("clock", "pair"):
                at = self._hours(at)
            elif token.kind in ("next", "same"):
                at += 1
            else:
                at = self._dates(at)
        self._days_with_hours()
        self._again_that_day()
        self._changed()
        periods = list(held_against_counts(self.text, self.periods, self.counts))
        return Times(tuple(with_exact_ends(periods)), tuple(self.hours), (*self.counts, *self.taken))

    def _is_a_cell(self, day: Written) -> bool:
        """Whether a day without its year is all of a line amid a notice, as in a table's cell."""
        text = self.text
        alone = text[day.at - 1 : day.at] == "\n" and text[day.end_at : day.end_at + 1] == "\n"
        around = text.count("\n", 0, day.at) > 1 and len(text[day.end_at :].split()) > 1
        cells = len(self.alone) + sum(text[p.at - 1 : p.at] == "\n" for p in self.periods)
        return alone and around and cells > 1 and "年" not in text[day.at : day.end_at]

    def _again_that_day(self) -> None:
        """Take hours behind those of one day for the same day's: 11月4日17:30至19:15、19:45至21:00."""
        for hours in list(self.hours):
            days = [
                period
                for period in self.periods
                if period.start
                and period.end
                and period.at < hours.at <= period.at + _NEAR
                and period.end - period.start < timedelta(days=1)
            ]
            last = days[-1] if days else None
            if last is None or self.text[last.end_at : hours.at] not in ("、", "和", "及") or not last.start:
                continue
            if last.start.time() == time(0) and hours.first == 0:
                continue
            self.hours.remove(hours)
            if len(days) > 1 or hours.last > 24 * 60:
                for day in days:
                    why = "which hours are those of which day could not be made out"
                    self.periods[self.periods.index(day)] = replace(
                        day, start=None, end=None, field="daily", why=why
                    )
                continue
            midnight = last.start.replace(hour=0, minute=0)
            first, end = (midnight + timedelta(minutes=minutes) for minutes in (hours.first, hours.last))
            self.periods.append(Period(hours.at, hours.end_at, first, end))
        self.periods.sort(key=lambda period: period.at)

    def _changed(self) -> None:
        """Leave out a period that is changed into the next: 由7月1日至31日缩短为7月1日至10日."""
        for old, new in reversed(list(pairwise(self.periods))):
            if _CHANGED_TO.fullmatch(self.text, old.end_at, new.at):
                self.periods.remove(old)
                self.taken.append(Count(old.at, old.end_at, 0, 0))

    # -- dates ---------------------------------------------------------------------------------------------

    def _dates(self, at: int) -> int:
        """Read a range, a list of days, or a lone date that begins at a token; return the next token."""
        first, following = self.dates.read(at)
        if first is None:
            return following
        if isinstance(first, tuple) and not isinstance(first, Written):
            self.periods.append(self._settled(first[0], first[1], None))
            return following
        connect = self._gap(first.end_at, following, CONNECT)
        if connect is not None:
            done = self._range_from(first, following, connect["year"])
            if done is not None:
                return done
        days = [first]
        while self._gap(days[-1].end_at, following, LISTED) is not None:
            day, beyond = self.dates.read(following)
            if not isinstance(day, Written) or (
                self._gap(day.end_at, beyond, CONNECT) and self.dates.is_date(beyond)
            ):
                break
            days.append(day)
            following = beyond
        return self._days(days, following)

    def _range_from(self, first: Written, at: int, year: str | None) -> int | None:
        """Read what stands behind 至: a date, or a clock time of the same or the next day."""
        if self.dates.is_date(at):
            second, following = self.dates.read(at)
            if not isinstance(second, Written):
                return None
            if (
                second.minutes is not None
                and first.minutes is None
                and self._clock_behind(second.end_at, following)
            ):
                # the clock belongs to the hours of each day: 4月6日至13日23时至次日5时
                second = second._replace(minutes=None, end_at=self.tokens[following - 1].at)
                following -= 1
            self.periods.append(self._settled(first, second, year))
            return following
        if first.minutes is None:
            return None
        clock = self._last_clock(self.tokens[at - 1], first.minutes, at)
        if clock is None:
            return None
        minutes, over_midnight, following = clock
        self._one_day(first, minutes, over_midnight, self.tokens[following - 1].end_at)
        return following

    def _days(self, days: Sequence[Written], following: int) -> int:
        """Take one or several single days, each with the hours behind the last."""
        last = days[-1]
        clock = None
        if last.minutes is None and following < len(self.tokens) and self.tokens[following].at == last.end_at:
            pair = self.tokens[following]
            if pair.kind == "pair":
                first, second = (60 * int(pair.match[end]) for end in ("from", "to"))
                for day in days:
                    self._one_day(day._replace(minutes=first), second, False, pair.end_at)
                return following + 1
        if last.minutes is not None and self._gap(last.end_at, following, CONNECT) is not None:
            clock = self._last_clock(self.tokens[following - 1], last.minutes, following)
        if clock is not None and last.minutes is not None:
            for day in days:
                end_at = self.tokens[clock[2] - 1].end_at if day is last else day.end_at
                self._one_day(day._replace(minutes=last.minutes), clock[0], clock[1], end_at)
            return clock[2]
        if len(days) > 1 and all(day.minutes is None for day in days):
            if not FROM.match(self.text, last.end_at):
                for day in days:
                    self.periods.append(self._settled(day, day, None))
                self._merge(len(days))
            return following
        if _WHOLE_DAY.match(self.text, last.end_at) or self._is_for_a_day(last):
            self.periods.append(self._settled(last, last, None))
        elif len(days) == 1 and self._closes(last):
            pass
        elif _BEGUN.match(self.text, last.end_at) or self.text[max(0, last.at - 1) : last.at] in ("自", "从"):
            begun = self._settled(last, last._replace(minutes=24 * 60), None)
            why = begun.why or "no end is given"
            self.periods.append(replace(begun, end=None, field=begun.field or "end", why=why))
            self.begun[len(self.periods) - 1] = last
        elif len(days) == 1 and last.minutes is None:
            self.alone.append(last)
        return following

    def _closes(self, last: Written) -> bool:
        """Let a date behind 截至 or 期限至 end the period that the same sentence has only begun."""
        until = _UNTIL.search(self.text, max(0, last.at - 8), last.at)
        ending = _DONE.match(self.text, last.end_at) or _OPENS.match(self.text, last.end_at)
        if until is None and ending is None:
            return False
        begun = self._begun_before(last, until is not None)
        if begun is not None:
            opens = until is None and ending is not None and ending.re is _OPENS
            free_at = last._replace(minutes=last.minutes or 0) if opens else last
            closed = replace(
                self._settled(begun, free_at, until["year"] if until is not None else None),
                at=begun.at,
                end_at=begun.end_at,
                rounded=opens,
            )
            if begun in self.alone:
                self.alone.remove(begun)
                self.periods.append(closed)
            else:
                self.periods[-1] = closed
            self.taken.append(Count(last.at, ending.end() if ending is not None else last.end_at, 0, 0))
            return True
        if until is None or not self.periods:
            return False
        period = self.periods[-1]
        if until["put_off"] and period.start is not None and period.end is not None:
            # 原定于3月1日至4月30日封闭…延长至5月31日
            later = self._settled(
                Written(period.at, period.end_at, (_day_of(period.start),), None, ""), last, None
            )
            alone = len(self.periods) == 1
            if alone and later.start == period.start and later.end is not None and later.end > period.end:
                self.periods[-1] = replace(later, at=last.at, end_at=last.end_at)
                return True
        return False

    def _begun_before(self, last: Written, bound: bool) -> Written | None:
        """The date on which the works begin that a date ends: of the same sentence, or of the one before."""
        begun = self.begun.get(len(self.periods) - 1)
        alone = self.alone[-1] if self.alone else None
        if alone is not None and (not self.periods or self.periods[-1].at < alone.at):
            begun = alone
        if begun is None:
            return None
        if bound and len(self.begun) + len(self.alone) == 1 and not self.periods[1:]:
            return begun  # 自2月20日起,…。本通告有效期至2026年2月19日
        end = sentence_end(self.text, begun.end_at)
        if end >= last.at:
            clause = max(self.text.rfind(mark, begun.end_at, last.at) for mark in ",;:(")
            led = bound or clause < 0 or _LEADS_TO_END.fullmatch(self.text, clause + 1, last.at)
            return begun if led else None
        behind = end + 1 + self.text.startswith("\n", end + 1)
        return begun if _LEADS_TO_END.fullmatch(self.text, behind, last.at) else None

    def _days_with_hours(self) -> None:
        """Give a day that stands alone the one range of hours behind it: 9月10日,甲路8:00至17:00封闭."""
        for day in self.alone:
            if self._is_a_cell(day):
                self.periods.append(self._settled(day, day, None))
                continue
            front = max(map(self.text[: day.at].rfind, "。;\n"))
            end = sentence_end(self.text, day.end_at)
            if any(front < period.at < end for period in self.periods):
                continue
            inside = [hours for hours in self.hours if front < hours.at < end]
            if (
                not inside
                and not self.periods
                and len(self.alone) == 1
                and self._have_lines_below(day.at, end)
            ):
                for hours in self.hours:
                    at_hours = day._replace(at=hours.at, end_at=hours.end_at, minutes=hours.first)
                    self._one_day(at_hours, hours.last, False, hours.end_at)
                self.hours.clear()
                continue
            if len(inside) == 1 and inside[0].at > day.end_at:
                hours = inside[0]
                if _EVERY_DAY.search(self.text, max(0, hours.at - 4), hours.at):
                    continue
                self._one_day(day._replace(minutes=hours.first), hours.last, False, day.end_at)
                self.hours.remove(hours)
                self.taken.append(Count(hours.at, hours.end_at, 0, 0))
        self._hours_of_items()
        self.periods.sort(key=lambda period: period.at)

    def _hours_of_items(self) -> None:
        """Give the items of a list their own hours of the one day that stands in the list's head."""
        head = self.periods[0] if len(self.periods) == 1 else None
        if head is None or head.start is None or head.end is None or not self.hours:
            return
        line_end = sentence_end(self.text, head.end_at)
        midnight = head.start.replace(hour=0, minute=0)
        hull = [(moment - midnight) // timedelta(minutes=1) for moment in (head.start, head.end)]
        within = all(hull[0] <= hours.first < hours.last <= hull[1] for hours in self.hours)
        if within and hull[1] <= 24 * 60 and self._have_lines_below(head.at, line_end):
            for hours in self.hours:
                start, end = (midnight + timedelta(minutes=clock) for clock in (hours.first, hours.last))
                self.periods.append(Period(hours.at, hours.end_at, start, end))
            self.hours.clear()

    def _have_lines_below(self, at: int, line_end: int) -> bool:
        """Whether all the hours stand in lines of their own below a line that tells of one day's closures."""
        lines = [self.text.rfind("\n", 0, hours.at) for hours in self.hours]
        told = _OF_THE_DAY.search(self.text, self.text.rfind("\n", 0, at) + 1, line_end)
        every_day = any(
            _EVERY_DAY.search(self.text, line + 1, hours.at)
            for line, hours in zip(lines, self.hours, strict=True)
        )
        below = all(line >= line_end for line in lines) and len(set(lines)) == len(lines)
        return bool(lines) and below and told is not None and not every_day

    def _is_for_a_day(self, day: Written) -> bool:
        """Whether a lone date is the one day of a closure: it names no beginning, nor does anything else."""
        front = self.text[max(0, day.at - 1) : day.at]
        return front not in ("于", "自", "从", "至", "到") and (
            _CLOSED_THAT_DAY.match(self.text, day.end_at) is not None
        )

    def _one_day(self, first: Written, minutes: int, over_midnight: bool, end_at: int) -> None:
        """Add the period from a clock time of a day to one of the same or the next day."""
        period = self._settled(first, first._replace(minutes=24 * 60), None)
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

    # -- hours and counts ----------------------------------------------------------------------------------

    def _hours(self, at: int) -> int:
        """Read the hours of every day that begin at a clock token."""
        token = self.tokens[at]
        if token.kind == "pair":
            self.hours.append(
                Hours(token.at, token.end_at, 60 * int(token.match["from"]), 60 * int(token.match["to"]))
            )
            return at + 1
        first = clock_minutes(token.match)
        if first is None or self._gap(token.end_at, at + 1, CONNECT) is None:
            return at + 1
        clock = self._last_clock(token, first, at + 1)
        if clock is None:
            return at + 1
        last, over_midnight, following = clock
        if not over_midnight or last <= first:
            self.hours.append(Hours(token.at, self.tokens[following - 1].end_at, first, last))
        return following

    def _last_clock(self, first: Token, minutes: int, at: int) -> tuple[int, bool, int] | None:
        """Read the clock time behind one: 下午2点到5点 is both in the afternoon."""
        clock = self._clock_at(at)
        if clock is None:
            return None
        last, over_midnight, following = clock
        half_day = 12 * 60
        part = first.match["part"] or ""
        own = self.tokens[following - 1].match["part"]
        if part[:1] in ("下", "傍", "晚") and not (own or over_midnight) and last < minutes < last + half_day:
            last += half_day
        return last, over_midnight, following

    def _clock_at(self, at: int) -> tuple[int, bool, int] | None:
        """Read a clock time, with 次日 before it or not: minutes, whether of the next day, the next token."""
        over_midnight = False
        if at < len(self.tokens) and self.tokens[at].kind in ("next", "same"):
            over_midnight = self.tokens[at].kind == "next"
            at += 1
            named = _NAMED_DAY.match(self.text, self.tokens[at - 1].end_at)
            end_at = named.end() if named is not None else self.tokens[at - 1].end_at
            while at < len(self.tokens) and self.tokens[at].at < end_at:
                at += 1  # 翌日(1月1日)凌晨三时
            if at < len(self.tokens) and self.tokens[at].at != end_at:
                return None
        if at >= len(self.tokens) or self.tokens[at].kind != "clock":
            return None
        minutes = clock_minutes(self.tokens[at].match)
        return None if minutes is None else (minutes, over_midnight, at + 1)

    def _clock_behind(self, end_at: int, at: int) -> bool:
        return self._gap(end_at, at, CONNECT) is not None and self._clock_at(at) is not None

    # -- small things --------------------------------------------------------------------------------------

    def _settled(self, first: Written, second: Written, year_word: str | None) -> Period:
        return settled(self.text, self.published, first, second, year_word)

    def _gap(self, end_at: int, at: int, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Match all that stands between a place and a token."""
        if at >= len(self.tokens):
            return None
        return pattern.fullmatch(self.text, end_at, self.tokens[at].at)


def _day_of(moment: datetime) -> Day:
    return Day(moment.year, moment.month, moment.day)
