"""Which of a notice's periods and hours a statement has that names none itself."""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from itertools import pairwise
from typing import Final, TypeVar

from juli.roads.notices.binding import Statement
from juli.roads.notices.outline import Section, Sentence
from juli.roads.notices.place_reading import Place
from juli.roads.notices.reading import Unsure
from juli.roads.notices.skeleton import HOURS
from juli.roads.notices.surroundings import LeftOpen, Surroundings
from juli.roads.notices.times import Hours, Period

_T = TypeVar("_T")

#: What stands in front of a list holds for all its entries.
_LIST_HEAD: Final = re.compile("(?:下列|以下)[^。;:\n]*:")
_PART_OF_DAY: Final = re.compile(
    "夜间|晚间|每晚|夜晚|白天(?!照常施工)|日间|高峰(?:期|时)|[早晚]高峰|上下班|上下学"
    r"|\d{1,2}(?:时(?![间段刻])|点(?![位多])|:\d\d)|每[日天][^,。;\n]{0,8}\d+个?小时"
)
_ALL_DAY: Final = re.compile("全天(?!候)|全日(?!制)|24小时")
_OPENING: Final = re.compile(
    f"(?:开放|放行|恢复|通行)时[间段][:为]|{HOURS}[^,。;\n]{{0,6}}(?:停止施工|暂停施工|不施工|恢复|放行|开放|正常通行|允许)"
)
_A_DAY: Final = timedelta(days=1)
_WHOLE_DAY: Final = (0, 24 * 60)


class TimeScope(Surroundings):
    """When each statement of a notice holds."""

    def periods(self, statement: Statement, place: Place) -> list[Period]:
        """The periods of a statement; raises where they are open."""
        stands = self.notice.sentence_at(place.at)
        if stands is not None and stands is not statement.sentence and stands.number not in self.stated:
            # the entry of a list that has times of its own
            listed = [period for _, period in self.notice.periods_in(stands)]
            if listed and place not in statement.places and not self.notice.periods_in(statement.sentence):
                return self._settled(listed, several=True)
        own = self._beside(statement, self.notice.periods_in)
        if not own and (leading := self._leading(statement)) is not None:
            own = [period for _, period in self.notice.periods_in(leading)]
        if own:
            return self._settled(self._after_the_whole(statement, own), several=True)
        for sentences in self._levels(statement):
            found = [
                period
                for sentence in sentences
                if self._speaks_of(sentence, {*place.roads})
                for _, period in self.notice.periods_in(sentence)
            ]
            if found:
                return self._settled(found, several=False)
        raise LeftOpen(self.unsure("start", statement.at, statement.end_at, "when this holds is not told"))

    def _after_the_whole(self, statement: Statement, own: Sequence[Period]) -> Sequence[Period]:
        """Leave out a whole time that the sentence parts behind a colon (至4月20日分两段施工:2月20日至…)."""
        sentence = statement.sentence
        text = self.notice.skeleton.text
        colon = max(text.rfind(mark, sentence.at, statement.end_at) for mark in (":", "其中", "第一步"))
        parts = [period for at, period in self.notice.periods_in(sentence) if at > colon and period in own]
        whole = [period for period in own if period not in parts]
        around = len(whole) == 1 and all(_within(part, whole[0]) for part in parts)
        return parts if parts and around else own

    def hours(self, statement: Statement, place: Place, period: Period) -> list[Hours]:
        """The daily hours of a statement: none for the whole day."""
        found = self._beside(statement, self.notice.hours_in)
        if self._is_all_day(statement):
            return []
        if self.notice.skeleton.hours and (opens := _OPENING.search(self.notice.skeleton.text)) is not None:
            raise LeftOpen(self.unsure("daily", *opens.span(), "some hours are those of passage"))
        if not found and (leading := self._leading(statement)) is not None:
            found = [hours for _, hours in self.notice.hours_in(leading)]
        levels = iter(() if found or not self.notice.skeleton.hours else self._levels(statement))
        while not found and (sentences := next(levels, None)) is not None:
            found = [
                hours
                for sentence in sentences
                if self._goes_with(sentence, statement, period) and self._speaks_of(sentence, {*place.roads})
                for _, hours in self.notice.hours_in(sentence)
            ]
        if not found:
            self._all_day(statement, period)
        distinct = {(hours.first, hours.last): hours for hours in found}
        return [hours for key, hours in distinct.items() if key != _WHOLE_DAY]

    def _is_all_day(self, statement: Statement) -> bool:
        """Whether a statement's own words say 全天; raises where they name hours as well."""
        text, sentence = self.notice.skeleton.text, statement.sentence
        if _ALL_DAY.search(text, sentence.at, statement.end_at) is None:
            return False
        at = max(sentence.at, 1 + max(text.rfind(mark, sentence.at, statement.at) for mark in ",;:"))
        said = _ALL_DAY.search(text, at, statement.end_at)
        if said is None:
            return False
        if any(at <= hour < statement.end_at for hour, _ in self.notice.hours_in(sentence)):
            raise LeftOpen(self.unsure("daily", *said.span(), "all day and hours are both told"))
        if any(s.section is Section.TIME and self.notice.hours_in(s) for s in self.notice.sentences):
            raise LeftOpen(self.unsure("daily", *said.span(), "all day and hours are both told"))
        return True

    def _all_day(self, statement: Statement, period: Period) -> None:
        """Raise where a statement speaks of a part of the day, but no hours are told."""
        if period.start is not None and period.end is not None and period.end - period.start <= _A_DAY:
            return
        own = statement.sentence
        others = (s for s in self.notice.sentences if s.section is Section.TIME or s.title)
        for sentence in (own, *others):
            found = _PART_OF_DAY.search(self.notice.skeleton.text, sentence.whole_at, sentence.end_at)
            if found is not None:
                raise LeftOpen(self.unsure("daily", *found.span(), "the hours of the day are not told"))

    def _levels(self, statement: Statement) -> Iterator[list[Sentence]]:
        """The sentences with times that may speak for a statement, the nearest first."""
        mine = statement.sentence
        # a phase has no part in the times of another
        timed = [s for s in self._timed if not (s.phase and mine.phase) or mine.phase in s.phase]
        stated = self.stated
        before = [s for s in timed if s.number < mine.number and s.paragraph == mine.paragraph]
        if statement.when is not None:
            yield [statement.when]
        if mine.phase:
            yield [s for s in timed if s.phase == mine.phase and s is not mine]
        keys = {place.key for place in statement.places}
        for sentence in reversed(before):
            if keys & {place.key for place in self.notice.places_in(sentence)}:
                yield [sentence]
        yield [s for s in before if s.number not in stated]
        yield [s for s in timed if s.section is Section.TIME and (not s.phase or s.phase == mine.phase)]
        yield [
            s
            for s in timed
            if not s.title and (s.number not in stated or s.preamble) and s.number not in self.notice.over
        ]
        yield before
        yield [s for s in timed if not s.title]
        yield [s for s in timed if s.title]

    def _leading(self, statement: Statement) -> Sentence | None:
        """The sentence whose times hold for the whole line: 4月5日8时至18时,甲路封闭;乙路禁止货车通行."""
        text, sentences = self.notice.skeleton.text, self.notice.sentences
        here = statement.sentence
        while here.number and here.whole_at == here.at and text[here.whole_at - 1] == ";":
            if self.notice.periods_in(here) or self.notice.hours_in(here):
                return None
            here = sentences[here.number - 1]
        times = [at for at, _ in (*self.notice.periods_in(here), *self.notice.hours_in(here))]
        named = [place.at for place in self.notice.places_in(here)]
        fits = here is not statement.sentence and times and named and max(times) < min(named)
        return here if fits else None

    def _speaks_of(self, sentence: Sentence, roads: set[str]) -> bool:
        """Whether a sentence names none but these roads, if any."""
        head = _LIST_HEAD.search(self.notice.skeleton.text, sentence.at, sentence.end_at)
        named = [
            place
            for place in self.notice.places_in(sentence)
            if place.unclear != "mention" and not self.notice.in_reason(place)
            if head is None or place.at < head.start()
        ]
        return not named or any(roads & {*place.roads} for place in named)

    def _goes_with(self, sentence: Sentence, statement: Statement, period: Period) -> bool:
        """Whether hours in a sentence go with a period: the sentence has none, or this one."""
        periods = self.notice.periods_in(sentence)
        if periods:
            return any((other.start, other.end) == (period.start, period.end) for _, other in periods)
        return sentence.number not in self.stated or sentence.paragraph == statement.sentence.paragraph

    def _settled(self, found: Sequence[Period], *, several: bool) -> list[Period]:
        """Keep the periods that have both ends, if they leave no choice."""
        whole = [period for period in found if period.end is not None or period.why != "no end is given"]
        if not whole:
            closed = {
                (period.start, period.end): period
                for period in self.notice.skeleton.periods.values()
                if period.end is not None and period.start == found[0].start
            }
            return list(closed.values()) if len(closed) == 1 else [found[0]]
        distinct = list({(period.start, period.end, period.why): period for period in whole}.values())
        broken = next((period for period in distinct if period.end is None), None)
        if broken is not None:
            return [broken]
        if len(distinct) > 1 and not several:
            # 3月3日至9日…,其中3日至5日…,6日至9日…: what is said of all of it holds all along
            first = min(period.start for period in distinct if period.start is not None)
            last = max(period.end for period in distinct if period.end is not None)
            hull = [period for period in distinct if (period.start, period.end) == (first, last)]
            distinct = hull or distinct
        if len(distinct) > 1 and (not several or _overlapping(distinct)):
            quoted = self._quoted_period(distinct[0])
            raise LeftOpen(Unsure("start", quoted, f"{len(distinct)} periods could be meant"))
        return distinct

    def _beside(
        self, statement: Statement, times_in: Callable[[Sentence], Sequence[tuple[int, _T]]]
    ) -> list[_T]:
        """The times in a statement's sentence: its own where several statements share the sentence."""
        times = times_in(statement.sentence)
        sharing = self._sharing[statement.sentence.number]
        if len(sharing) == 1:
            return [time for _, time in times]
        index = self._rank[statement]
        begin = sharing[index - 1].end_at if index else statement.sentence.whole_at
        own = [time for at, time in times if begin <= at < statement.end_at]
        return own or [time for at, time in times if at < sharing[0].end_at]


def _within(part: Period, whole: Period) -> bool:
    if part.start is None or part.end is None or whole.start is None or whole.end is None:
        return False
    return whole.start <= part.start and part.end <= whole.end


def _overlapping(periods: Sequence[Period]) -> bool:
    ends = sorted((period.start, period.end) for period in periods if period.start and period.end)
    return any(second[0] < first[1] for first, second in pairwise(ends))
