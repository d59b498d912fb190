"""Which of a notice's places, times and detours hold for a statement that names none itself.

What stands in the statement's own sentence comes first, then its phase, its paragraph and its list, then what
the notice says once for all. The first level that says anything settles it; a level that says two things
settles nothing.
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import Final, TypeVar

from juli.roads.notices.binding import Notice, Statement
from juli.roads.notices.detours import Detour
from juli.roads.notices.outline import Section, Sentence
from juli.roads.notices.places import Place
from juli.roads.notices.reading import Unsure
from juli.roads.notices.times import Hours, Period

_T = TypeVar("_T")

_BRIDGE: Final = ("桥", "橋", "隧道")
_AS_SAID: Final = re.compile("上述|以上|该|前述|此|施工路段|管制路段|封闭路段|施工区域")
_THAT_ONE: Final = re.compile(
    "[该此](?:(?P<junction>路口|交叉路?口)|(?:座)?(?:大桥|桥梁?(?!东|西|南|北)|隧道))"
)
_THROUGH: Final = re.compile(
    "(?=[过通无沿周辖附小本内居单住除])(?:过境(?:车辆|机动车|车流|交通|社会车辆|小型)|通过性(?:车辆|交通|车流)|无关车辆"
    "|(?:沿线|周边|辖区|附近|小区|本地|内部)[^,。;:\n]{0,12}(?:居民|单位|住户|村民|商户|业主|企业)[^。;:\n]{0,16}(?:除外|出入(?!请|口)|进出(?!请|口)|凭证|通行证)"
    "|(?:小区|居民|住户|村民|商户)[^,。;:\n]{0,6}车辆?(?:仍|均)?可[^,。;:\n]{0,14}(?:出入|进出|驶入|驶出)"
    "|(?:居民|单位|住户)[^,。;:\n]{0,10}除外|除(?:沿线|周边|小区|辖区)[^,。;:\n]{0,20}外)"
)
#: What stands in front of a list holds for all its entries.
_LIST_HEAD: Final = re.compile("(?:下列|以下)[^。;:\n]*:")
_FOR_KIND: Final = re.compile("(?P<how>[全半])(?:幅|面|线)?封闭(?:施工)?(?:期间|时(?!间))")
_KINDS: Final = {"全": "closed", "半": "half_closed"}
_PART_OF_DAY: Final = re.compile(
    "夜间|晚间|每晚|夜晚|白天(?!照常施工)|日间|高峰(?:期|时)|[早晚]高峰|上下班|上下学"
    r"|\d{1,2}(?:时(?![间段刻])|点(?![位多])|:\d\d)|每[日天][^,。;\n]{0,8}\d+个?小时"
)
_ALL_DAY: Final = re.compile("全天(?!候)|全日(?!制)|24小时")
_OPENING: Final = re.compile("(?:开放|放行|恢复|通行)时[间段][:为]")
_A_DAY: Final = timedelta(days=1)
_WHOLE_DAY: Final = (0, 24 * 60)


class LeftOpen(Exception):  # noqa: N818 -- not an error: the way in which a rule abstains
    """A field of a statement can't be settled."""

    def __init__(self, unsure: Unsure):
        super().__init__(unsure.why)
        self.unsure = unsure


class Scope:
    """What holds for each statement of a notice."""

    def __init__(self, notice: Notice, statements: Sequence[Statement]):
        self.notice = notice
        self.statements = statements
        self.stated = {statement.sentence.number for statement in statements}
        self.paragraphs = {
            statement.sentence.paragraph
            for statement in statements
            if statement.places or any(impact.kind != "works" for impact in statement.impacts)
        }
        self._starts = sorted(statement.at for statement in statements)
        self._in_order = sorted(statements, key=lambda statement: statement.at)
        self._sharing: dict[int, list[Statement]] = {}
        self._rank: dict[Statement, int] = {}
        for statement in statements:
            sharing = self._sharing.setdefault(statement.sentence.number, [])
            self._rank[statement] = len(sharing)
            sharing.append(statement)
        self._timed = [s for s in notice.sentences if notice.periods_in(s) or notice.hours_in(s)]
        self._placed = [s for s in notice.sentences if notice.places_in(s)]
        self._through = [
            (sentence, found)
            for sentence in notice.sentences
            if (found := _THROUGH.search(notice.skeleton.text, sentence.at, sentence.end_at))
        ]
        self._subjects: dict[int, list[set[str]]] = {}
        for sentence in self._placed:
            for place in notice.places_in(sentence):
                if place.unclear != "mention" and not notice.in_reason(place):
                    self._subjects.setdefault(sentence.paragraph, []).append({*place.roads})
        self._detours = [
            (detour, stands)
            for detour in notice.detours
            if detour.chains and (stands := notice.sentence_at(detour.at)) is not None
        ]
        self._stretches: dict[tuple[str, ...], set[tuple[str, str]]] = {}
        for place in notice.places:
            if place.stretch:
                self._stretches.setdefault(place.roads, set()).add(place.stretch)

    # -- where ---------------------------------------------------------------------------------------------

    def places(self, statement: Statement) -> list[Place]:
        """The places of a statement: its own, else those that the text around it leads to."""
        own = [place for place in statement.places if place.unclear != "mention"]
        clear = {place.key for place in own if not place.unclear}
        own = [place for place in own if not place.unclear or place.key not in clear]
        return [self.refined(place) for place in own or self._places_around(statement)]

    def refined(self, place: Place) -> Place:
        """Give a road that stands alone the stretch that the notice names elsewhere, if it names just one."""
        if place.junction or place.stretch or place.ramp or place.unclear not in ("", "mention"):
            return place
        found = self._stretches.get(place.roads, set())
        return replace(place, stretch=next(iter(found))) if len(found) == 1 else place

    def _referred_to(self, statement: Statement, before: Sequence[Sentence]) -> list[Place]:
        """The junction or bridge that 该路口 or 该桥 means: the last that was named, if it is one."""
        sentence = statement.sentence
        said = _THAT_ONE.search(self.notice.skeleton.text, sentence.at, sentence.end_at)
        for earlier in reversed(before) if said is not None else ():
            named = self.notice.places_in(earlier)
            if said is not None and said["junction"]:
                fitting = [place for place in named if place.junction and not place.unclear]
            else:
                fitting = [
                    place
                    for place in named
                    if len(place.roads) == 1 and place.roads[0].endswith(_BRIDGE) and not place.stretch
                ]
            distinct = {place.key: place for place in fitting}
            if distinct:
                return (
                    [replace(place, unclear="") for place in distinct.values()] if len(distinct) == 1 else []
                )
        return []

    def _places_around(self, statement: Statement) -> list[Place]:
        number, paragraph = statement.sentence.number, statement.sentence.paragraph
        before = [s for s in self._placed if s.number < number and s.section is not Section.OTHER]
        if referred := self._referred_to(statement, before):
            return referred
        around = (
            [s for s in before if s.paragraph == paragraph],
            [s for s in self._placed if s.section is Section.PLACE],
            [s for s in before if not s.title and s.number not in self.stated],
            [s for s in self._placed if s.title],
            [s for s in before if not s.title],
        )
        for level, sentences in enumerate(around):
            for in_reason in (False, True):
                own = [statement.sentence] if in_reason and level == 0 else []
                found = self._named_in([*sentences, *own], level, in_reason=in_reason)
                distinct = list({place.key: place for place in map(self.refined, found)}.values())
                several = (
                    level <= 2 and not in_reason and (level <= 1 or self._refers_back(statement, sentences))
                )
                if len(distinct) == 1 or (distinct and several):
                    return [replace(place, unclear="") for place in distinct]
        return []

    def _named_in(self, sentences: Iterable[Sentence], level: int, *, in_reason: bool) -> list[Place]:
        """The places of a level: in a reason, or far from the statement, only unmistakable ones count."""
        places = [
            place
            for sentence in sentences
            for place in self.notice.places_in(sentence)
            if self.notice.in_reason(place) == in_reason and place.unclear in ("", "mention")
        ]
        if in_reason or level >= 3:
            return [
                p for p in places if p.junction or p.stretch or p.roads[-1].endswith(_BRIDGE) or level == 3
            ]
        return [place for place in places if not place.unclear]

    def _refers_back(self, statement: Statement, named: Sequence[Sentence]) -> bool:
        """Whether a statement speaks of the places before it: 上述路段, or 管制期间 behind a list."""
        sentence = statement.sentence
        listed = all(s.at > s.whole_at for s in named if self.notice.places_in(s))
        if listed and "期间" in self.notice.skeleton.text[sentence.at : statement.end_at]:
            return True
        return _AS_SAID.search(self.notice.skeleton.text, sentence.at, sentence.end_at) is not None

    # -- when ----------------------------------------------------------------------------------------------

    def periods(self, statement: Statement, place: Place) -> list[Period]:
        """The periods of a statement; raises where they are open."""
        stands = self.notice.sentence_at(place.at)
        if stands is not None and stands is not statement.sentence and stands.number not in self.stated:
            # the entry of a list that has times of its own
            listed = [period for _, period in self.notice.periods_in(stands)]
            if listed and place not in statement.places:
                return self._settled(listed, several=True)
        own = self._beside(statement, self.notice.periods_in)
        if not own and (leading := self._leading(statement)) is not None:
            own = [period for _, period in self.notice.periods_in(leading)]
        if own:
            return self._settled(own, several=True)
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

    # -- which way round, and for whom -----------------------------------------------------------------------

    def detours(self, statement: Statement) -> list[Detour]:
        """The detours of a statement: in its sentence, in its paragraph, else for the whole notice."""
        sentence = statement.sentence
        sharing = self._sharing[sentence.number]
        index = self._rank[statement]
        end_at = sharing[index + 1].at if index + 1 < len(sharing) else sentence.end_at
        begin = statement.at if index else sentence.whole_at
        own = [detour for detour, _ in self._detours if begin <= detour.at < end_at]
        if not own and index + 1 < len(sharing):
            own = self._shared(sharing)
        if own:
            return own + self._carried_on(statement)
        nearby: list[Detour] = []
        common: list[Detour] = []
        for detour, stands in self._detours:
            if stands.number in self.stated:
                continue
            if stands.phase and (not sentence.phase or sentence.phase not in stands.phase):
                continue
            if len(stands.phase) > 1:
                common.append(detour)
                continue
            during = _FOR_KIND.search(self.notice.skeleton.text, stands.whole_at, detour.at)
            if during and _KINDS[during["how"]] not in {impact.kind for impact in statement.impacts}:
                continue
            if stands.paragraph == sentence.paragraph:
                nearby += [detour] * (detour.at > statement.at)
            elif stands.paragraph in self.paragraphs or self._has_subject(stands.paragraph, statement):
                continue
            else:
                before = bisect_left(self._starts, detour.at)
                if 0 < before < len(self._starts):
                    last = self._in_order[before - 1].sentence.paragraph
                    nearby += [detour] * (last == sentence.paragraph)
                else:
                    common.append(detour)
        return nearby or common

    def followed(self, statement: Statement) -> bool:
        """Whether another statement comes behind one in its sentence."""
        return self._rank[statement] + 1 < len(self._sharing[statement.sentence.number])

    def _shared(self, sharing: Sequence[Statement]) -> list[Detour]:
        """The ways round that stand once behind all that a sentence does at one place."""
        first, last = sharing[0], sharing[-1]
        roads = [{road for place in each.places for road in place.roads} for each in sharing]
        if any(one and one != roads[0] for one in roads):
            return []
        inside = [d for d, _ in self._detours if first.at <= d.at < last.sentence.end_at]
        return inside if all(detour.at > last.at for detour in inside) else []

    def _carried_on(self, statement: Statement) -> list[Detour]:
        """The detours behind a statement's sentence, up to the next one: …绕行甲路;南北向车辆绕行乙路."""
        sentence = statement.sentence
        return [
            detour
            for detour, stands in self._detours
            if stands.number > sentence.number
            and stands.paragraph == sentence.paragraph
            and not stands.phase
            and self._in_order[bisect_left(self._starts, detour.at) - 1].sentence is sentence
        ]

    def _has_subject(self, paragraph: int, statement: Statement) -> bool:
        """Whether a paragraph without a statement speaks of other places than a statement."""
        mine = {road for place in statement.places for road in place.roads}
        return any(not mine & roads for roads in self._subjects.get(paragraph, ()))

    def through(self, statement: Statement) -> re.Match[str] | None:
        """Whether only through traffic is kept out: said in the paragraph, or of the whole notice."""
        for sentence, found in self._through:
            own = sentence.paragraph == statement.sentence.paragraph
            if own or len(self.paragraphs) == 1 or sentence.paragraph not in self.paragraphs:
                return found
        return None

    # -- quoting -------------------------------------------------------------------------------------------

    def unsure(self, about: str, at: int, end_at: int, why: str) -> Unsure:
        """What is left open in ``text[at:end_at]`` of the skeleton, quoted."""
        first, end = self.notice.skeleton.span(at, end_at)
        return Unsure(about, self.notice.skeleton.normal.original[first:end], why)

    def unsure_period(self, about: str, period: Period, why: str) -> Unsure:
        """What is left open in a period, quoted."""
        return Unsure(about, self._quoted_period(period), why)

    def _quoted_period(self, period: Period) -> str:
        first, end = self.notice.skeleton.normal.span(period.at, period.end_at)
        return self.notice.skeleton.normal.original[first:end]


def _overlapping(periods: Sequence[Period]) -> bool:
    ends = sorted((period.start, period.end) for period in periods if period.start and period.end)
    return any(second[0] < first[1] for first, second in pairwise(ends))
