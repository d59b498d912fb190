"""The periods and the daily hours of a statement: its own, or those of the nearest level that tells any."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final, TypeVar

from juli.roads.notices.abstaining import Abstaining, LeftOpen
from juli.roads.notices.acts import Impact
from juli.roads.notices.frames import Frames, Statement
from juli.roads.notices.places import Spot
from juli.roads.notices.times import Hours, Period
from juli.roads.notices.tree import Role, Sentence
from juli.roads.notices.where import Where

_T = TypeVar("_T")
_PART_OF_DAY: Final = re.compile(
    "夜间|晚间|每晚|夜晚|白天(?!照常施工)|日间|高峰(?:期|时)|[早晚]高峰|上下班|上下学|同一?(?:个)?时间?段"
    r"|每[日天][^,。;\n]{0,8}\d+个?小时|每[日天晚][^,。;\n]{0,6}\d{1,2}(?:时|点|:\d\d)(?:许|左右)?(?:起|开始)"
)
_ALL_DAY: Final = re.compile("全天(?!候)|全日(?!制)|24小时")
_OPENING: Final = re.compile(
    "(?:开放|放行|恢复|通行)时[间段][:为]|\ue002[^,。;\n]{0,6}(?:停止施工|暂停施工|不施工|恢复|放行|开放|正常通行|允许)"
)
_WHOLE_DAY: Final = (0, 24 * 60)


class When(Abstaining):
    """Finds the times of the statements of one notice."""

    def __init__(self, frames: Frames, where: Where):
        super().__init__(frames)
        self.where = where

    def periods(self, statement: Statement, spot: Spot, spots: Sequence[Spot]) -> list[Period]:
        """The periods of a statement at a place; raises where none is told."""
        open_ended: list[Period] = []
        for found in self._timed(statement, spot, spots):
            ended = [p for p in found if p.why != "no end is given"]
            begun = [p for p in found if p.why == "no end is given"]
            if ended:
                # 5月6日起…,一期5月6日至…: the beginning says no more, but another day has no end
                days = {period.start.date() for period in ended if period.start is not None}
                apart = [p for p in open_ended if p.start is not None and p.start.date() not in days]
                if apart:
                    raise LeftOpen(self.left_open_when("end", apart[0], apart[0].why))
                return ended
            open_ended += begun
        if open_ended:
            raise LeftOpen(self.left_open_when("end", open_ended[0], open_ended[0].why))
        raise LeftOpen(self.left_open("start", statement.at, statement.end_at, "when this holds is not told"))

    def _timed(self, statement: Statement, spot: Spot, spots: Sequence[Spot]) -> Iterator[list[Period]]:
        """The periods that may be a statement's, level by level, the nearest first."""
        frames, sentence = self.frames, statement.sentence
        stands = frames.sentence_at(spot.at)
        apart = (
            stands is not None and stands is not sentence and spot not in statement.spots and not stands.title
        )
        listed = (
            [p for at, p in frames.periods_in(stands) if not frames.in_reason(at)] if apart and stands else []
        )
        below = stands is not None and not statement.spots and stands.number > sentence.number
        if below and stands is not None and not listed and self.where.stands_alone(statement):
            listed = self.where.over_it(statement, stands)
        if listed and below:
            yield _wholes_of(listed)
        if own := self._beside(statement, frames.periods_in(sentence)):
            if finer := self._finer(own, spot, sentence):
                yield finer
            yield _parts_of(own)
        if listed:
            yield _wholes_of(listed)
        for level in self._time_levels(statement, stands if apart else None):
            level = [s for s in level if frames.periods_in(s)]
            level = [s for s in level if self._speaks_of(s, spot, statement)] or [
                s for s in level if s.line == sentence.line and s.number < sentence.number
            ]
            timed = [s for s in level if s.role is Role.TIME]
            naming = [s for s in timed if frames.spots_in(s)]
            timed = naming or timed
            if timed:
                found = _parts_of([p for s in timed for _, p in frames.periods_in(s)])
                if len(found) == len(spots) > 1:
                    why = "which of the times is whose is not told"
                    raise LeftOpen(self.left_open_when("start", found[0], why))
                yield found
                continue
            near = level
            before = [s for s in near if s.number < sentence.number]
            if near:
                chosen = before[-1] if before else near[0]
                yield _wholes_of([p for _, p in frames.periods_in(chosen)])
        titled = [p for s in frames.titles for _, p in frames.periods_in(s)]
        if titled:
            yield _parts_of(titled)

    def _finer(self, own: Sequence[Period], spot: Spot, sentence: Sentence) -> list[Period]:
        """The times that the notice's part on times gives a road within those of a statement."""
        frames = self.frames
        roads = {*spot.roads, *(spot.junction or ())}
        ends = [p.end for p in own if p.end is not None]
        starts = [p.start for p in own if p.start is not None]
        return [
            period
            for other in frames.sentences
            if other is not sentence and other.role is Role.TIME and self._roads_of([other]) & roads
            for _, period in frames.periods_in(other)
            if period.start is not None
            and period.end is not None
            and starts
            and ends
            and min(starts) <= period.start
            and period.end <= max(ends)
        ]

    def _time_levels(self, statement: Statement, stands: Sentence | None) -> Iterator[list[Sentence]]:
        """The levels of sentences around the place, where it stands apart, then around the statement."""
        frames = self.frames
        if stands is not None:
            for level in frames.levels(stands, Role.TIME):
                posted = [s for s in level if s.role is Role.TIME]
                yield frames.unphased(statement.sentence if statement.sentence.phase else stands, posted)
        for level in frames.levels(statement.sentence, Role.TIME):
            yield frames.unphased(statement.sentence, level)

    def _speaks_of(self, sentence: Sentence, spot: Spot, statement: Statement) -> bool:
        """Whether a sentence, or else the item that it stands in, names no road, or one of a place's."""
        roads = {*spot.roads, *(spot.junction or ())}
        mine = set(statement.sentence.path)
        if named := self._roads_of([sentence]):
            names = self.frames.skeleton.names
            every = {name.name for at, name in names.items() if sentence.at <= at < sentence.end_at}
            return bool((named | every) & roads)
        for node in reversed(sentence.path):
            if node in mine:
                break
            if named := self._roads_of([s for s in self.frames.sentences if node in s.path]):
                return bool(named & roads)
        return True

    def _roads_of(self, sentences: Sequence[Sentence]) -> set[str]:
        """The roads that some sentences speak of, more than in passing."""
        frames = self.frames
        return {
            road
            for sentence in sentences
            for other in frames.spots_in(sentence)
            if not frames.mentioned(other) or frames.worked_on(other)
            for road in (*other.roads, *(other.junction or ()))
        }

    def _beside(self, statement: Statement, timed: Sequence[tuple[int, Period]]) -> list[Period]:
        """The periods of a statement's own sentence that are its own."""
        if not timed:
            return []
        sharing = [s for s in self.frames.statements if s.sentence is statement.sentence]
        index = sharing.index(statement) if statement in sharing else 0
        sharing = sharing or [statement]
        if self._leads(sharing, [at for at, _ in timed]) or len(sharing) == 1:
            found = _leading(timed, [s.act for s in sharing], index)
            if found or len(sharing) == 1 or timed[0][0] > statement.act.at:
                return found or ([p for _, p in timed] if len(sharing) == 1 else [])
            return [p for _, p in timed]
        ceiling = sharing[index + 1].at if index + 1 < len(sharing) else statement.sentence.end_at
        trail = [p for at, p in timed if statement.act.at <= at < ceiling]
        return trail or [timed[-1][1]]

    def _leads(self, sharing: Sequence[Statement], places: Sequence[int]) -> bool:
        """Whether the times of a sentence stand in front of what is done, and not behind."""
        if places[0] < sharing[0].act.at:
            return True
        last = sharing[-1].act.at
        clause = max(self.text.rfind(mark, 0, last) for mark in ",;:。\n")
        return any(clause < at < last for at in places)

    def hours(self, statement: Statement, spot: Spot, period: Period) -> list[Hours | None]:
        """The daily hours of a statement: none for the whole day."""
        frames, sentence = self.frames, statement.sentence
        opens = _OPENING.search(self.text)
        rest = self._rest_of_the_day() if opens is not None else None
        if frames.skeleton.hours and opens is not None and rest is None:
            raise LeftOpen(self.left_open("daily", *opens.span(), "some hours are those of passage"))
        found = self._hours_beside(statement)
        floor = max(
            [
                sentence.at,
                *(
                    s.act.end_at
                    for s in frames.statements
                    if s.sentence is sentence and s.act.at < statement.act.at
                ),
            ]
        )
        if _ALL_DAY.search(self.text, floor, statement.act.end_at):
            if any(s.role is Role.TIME and frames.hours_in(s) for s in frames.sentences):
                raise LeftOpen(
                    self.left_open("daily", statement.at, statement.end_at, "all day and hours are both told")
                )
            return []
        if not found:
            stands = frames.sentence_at(spot.at)
            if (
                stands is not None
                and stands is not sentence
                and spot not in statement.spots
                and not stands.title
            ):
                found = [hours for _, hours in frames.hours_in(stands)]
        stating = {s.sentence.number for s in frames.statements if s.act.kind != "works"}
        exact = period.start is not None and (period.start.minute or period.start.hour)
        own_time = sentence.at <= self.place_of(period) < sentence.end_at
        if not found and frames.skeleton.hours and not (exact and own_time):
            for level in frames.levels(sentence, Role.TIME):
                level = [s for s in frames.unphased(sentence, level) if frames.hours_in(s)]
                level = [
                    s
                    for s in level
                    if s.role is Role.TIME
                    or s.number not in stating
                    or (s.line == sentence.line and not own_time)
                ]
                level = [s for s in level if self._speaks_of(s, spot, statement) or s.line == sentence.line]
                if own_time:
                    level = [s for s in level if s.role is Role.TIME or not frames.periods_in(s)]
                timed = [s for s in level if s.role is Role.TIME]
                before = [s for s in level if s.number < sentence.number]
                chosen = timed or before[-1:] or level[:1]
                found = [hours for s in chosen for _, hours in frames.hours_in(s)]
                if found:
                    break
            if not found:
                found = [h for s in frames.titles for _, h in frames.hours_in(s)]
        when = frames.sentence_at(self.place_of(period))
        if found and exact and when is not None and len(frames.periods_in(when)) > 1:
            return []  # 9月26日至27日(每日12时至23时)、9月28日12时至10月7日4时
        if not found:
            self._not_by_night(statement, period)
        distinct = {(hours.first, hours.last): hours for hours in found if hours is not rest}
        return [hours for key, hours in distinct.items() if key != _WHOLE_DAY]

    def _rest_of_the_day(self) -> Hours | None:
        """Of two hours that make up a day the second: 8:00至18:00禁止通行,18:00至次日8:00恢复通行."""
        told = list({(h.first, h.last): h for h in self.frames.skeleton.hours.values()}.values())
        if len(told) != 2:
            return None
        one, other = told
        day = 24 * 60
        return other if other.first == one.last and other.last % day == one.first % day else None

    def _not_by_night(self, statement: Statement, period: Period) -> None:
        """Raise where a statement speaks of a part of the day, but no hours are told."""
        if (
            period.start is not None
            and period.end is not None
            and period.end - period.start <= timedelta(days=1)
        ):
            return
        own = statement.sentence
        others = (s for s in self.frames.sentences if s.role is Role.TIME or s.title)
        for sentence in (own, *others):
            found = _PART_OF_DAY.search(self.text, sentence.whole_at, sentence.end_at)
            if found is not None:
                raise LeftOpen(self.left_open("daily", *found.span(), "the hours of the day are not told"))

    def place_of(self, period: Period) -> int:
        """Where a period stands in the skeleton."""
        return next((at for at, p in self.frames.skeleton.periods.items() if p.at == period.at), -1)

    def _hours_beside(self, statement: Statement) -> list[Hours]:
        timed = self.frames.hours_in(statement.sentence)
        sharing = [s for s in self.frames.statements if s.sentence is statement.sentence]
        if len(sharing) <= 1 or not timed:
            return [hours for _, hours in timed]
        index = sharing.index(statement) if statement in sharing else 0
        if self._leads(sharing, [at for at, _ in timed]):
            return _leading(timed, [s.act for s in sharing], index)
        ceiling = sharing[index + 1].at if index + 1 < len(sharing) else statement.sentence.end_at
        return [h for at, h in timed if statement.act.at <= at < ceiling]

    def is_another_time(self, statement: Statement, spot: Spot, period: Period, hours: Hours) -> bool:
        """Whether a statement's own hours are those of a day whose other hours were told before."""
        sentence = statement.sentence
        stands = self.frames.sentence_at(spot.at) or sentence
        sentences = (sentence, stands)
        own = any(found is hours for s in sentences for _, found in self.frames.hours_in(s))
        told = sentence.at <= self.place_of(period) < sentence.end_at
        day = period.end - period.start < timedelta(days=1) if period.start and period.end else False
        return own and not told and day and hours.first < hours.last

    def that_day(self, period: Period, hours: Hours) -> Period:
        """Some hours of the day of a period."""
        if period.start is None:
            return period
        midnight = period.start.replace(hour=0, minute=0)
        start, end = (midnight + timedelta(minutes=clock) for clock in (hours.first, hours.last))
        return replace(period, at=hours.at, end_at=hours.end_at, start=start, end=end)

    def hold_to_its_phase(self, statement: Statement) -> None:
        """Raise where a statement is of one of several phases that have no times of their own."""
        frames, sentence = self.frames, statement.sentence
        phases = {s.sentence.phase for s in frames.statements if s.sentence.phase}
        timed = any(s.phase and (frames.periods_in(s) or frames.hours_in(s)) for s in frames.sentences)
        if sentence.phase and len(phases) > 1 and not timed:
            raise LeftOpen(
                self.left_open("start", statement.at, statement.end_at, "when this phase begins is not told")
            )


def _leading(timed: Sequence[tuple[int, _T]], acts: Sequence[Impact], index: int) -> list[_T]:
    """The times between what was done before and an act; else those of the act before it."""
    while True:
        floor = acts[index - 1].end_at if index else -1
        lead = [thing for at, thing in timed if floor <= at < acts[index].at]
        if lead or index == 0:
            return lead
        index -= 1


def _parts_of(periods: Sequence[Period]) -> list[Period]:
    """Leave out a whole time whose parts are told beside it, and what is told twice."""
    distinct = list({(p.start, p.end): p for p in periods}.values())

    def within(part: Period, whole: Period) -> bool:
        if None in (part.start, part.end, whole.start, whole.end) or part is whole:
            return False
        return whole.start <= part.start and part.end <= whole.end  # type: ignore[operator]  # none is None

    return [whole for whole in distinct if not any(within(part, whole) for part in distinct)]


def _wholes_of(periods: Sequence[Period]) -> list[Period]:
    """Leave out the parts of a whole time that is told beside them, and what is told twice."""
    parts = _parts_of(periods)
    if len(parts) == len({(p.start, p.end) for p in periods}):
        return parts
    distinct = list({(p.start, p.end): p for p in periods}.values())
    return [
        period
        for period in distinct
        if not any(period is not whole and _parts_of([whole, period]) == [period] for whole in distinct)
    ]
