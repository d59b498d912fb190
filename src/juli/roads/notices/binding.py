"""The statements of a notice: what is done, at which places, and which times and detours stand where."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, TypeVar

from juli.roads.notices.detours import Detour, find_detours
from juli.roads.notices.doubts import doubts_of, is_over, reasons_in
from juli.roads.notices.impacts import IN_TURN, Impact, find_impacts, heading_impact
from juli.roads.notices.outline import Section, Sentence, outline
from juli.roads.notices.place_reading import PLACE, Place
from juli.roads.notices.places import find_places
from juli.roads.notices.skeleton import PERIOD, Skeleton
from juli.roads.notices.times import Hours, Period

_T = TypeVar("_T")

_BLANK: Final = "\ue010"
_SOME_TRUCKS: Final = re.compile(
    "(?:禁行|限行|限制|管控)(?:车辆|车型|对象|车种)[^:\n]{0,6}:[^。\n]{0,20}?(?:国[一二三四五六]|柴油|外地|外籍|危化|危险|黄标|渣土|空载|[\\d一二三四五六七八九十]轴)"
)
_NOTHING_SAID: Final = re.compile("的?(?:路段|段|处|全线|沿线|双向|[东南西北]侧)?")
_BELOW: Final = re.compile("下列|以下")
#: In front of what is done to the places behind a colon: 二、14时至23时封闭:甲路、乙路.
_HEAD: Final = re.compile(rf"(?:\(?[\d一二三四五六七八九十]{{1,2}}[、.)]|[①-⑳])?[^{PLACE},:]{{0,14}}")
_LIST_BELOW: Final = re.compile("(?:以下|下列)[^,。;:]{0,6}:?")
#: The longest heading that consists of what is done alone, in characters.
_BARE: Final = 8
_NEXT_TO: Final = 0
_WINDOW: Final = 6
"""How far behind the words of a closure its object may stand, in characters."""


@dataclass(eq=False)
class Statement:
    """What a sentence says is done at its places.

    ``places`` is empty where the sentence leaves the place to the text around it; ``when`` is the sentence
    that the period of a list's entry stands in.
    """

    sentence: Sentence
    at: int
    end_at: int
    places: list[Place]
    impacts: list[Impact]
    troubles: list[tuple[str, int, int, str]] = field(default_factory=list)
    when: Sentence | None = None


class Notice:
    """A notice cut into statements, and what stands in each of its sentences."""

    def __init__(self, skeleton: Skeleton):
        self.skeleton = skeleton
        self.sentences = outline(skeleton.text)
        self._starts = [sentence.whole_at for sentence in self.sentences]
        self.detours: list[Detour] = find_detours(skeleton, self.sentences)
        text = _overwritten(skeleton.text, [(detour.at, detour.end_at) for detour in self.detours], _BLANK)
        self.reasons = list(reasons_in(text, self.sentences))
        self._reason_starts = [at for at, _ in self.reasons]
        self.places = find_places(skeleton, text)
        self._places = self._by_sentence([(place.at, place) for place in self.places])
        self._periods = self._by_sentence(skeleton.periods.items())
        self._hours = self._by_sentence(skeleton.hours.items())
        filled = _overwritten(text, self.reasons, _BLANK)
        filled = _overwritten(
            filled, [(place.at, place.end_at) for place in self.places if not self.in_reason(place)], PLACE
        )
        self.filled = filled
        self.over = {s.number for s in self.sentences if is_over(filled, s, self.periods_in(s))}
        self.statements = list(self._with_lists(list(self._bound_sentences(filled)), filled))
        self.title_impacts = [
            impact
            for sentence in self.sentences
            if sentence.title
            for impact in find_impacts(filled, sentence.at, sentence.end_at)
        ]

    @property
    def heading(self) -> Impact | None:
        """What the headings say that the works do."""
        return heading_impact(self.filled)

    # -- what stands where ---------------------------------------------------------------------------------

    def places_in(self, sentence: Sentence) -> list[Place]:
        """The places that a sentence names."""
        return [place for _, place in self._places.get(sentence.number, ())]

    def periods_in(self, sentence: Sentence) -> Sequence[tuple[int, Period]]:
        """The periods of a sentence, with where they stand in the skeleton."""
        return self._periods.get(sentence.number, ())

    def hours_in(self, sentence: Sentence) -> Sequence[tuple[int, Hours]]:
        """The daily hours of a sentence, with where they stand in the skeleton."""
        return self._hours.get(sentence.number, ())

    def sentence_at(self, at: int) -> Sentence | None:
        """The sentence that a place of the skeleton belongs to."""
        number = bisect_right(self._starts, at) - 1
        inside = number >= 0 and at < self.sentences[number].end_at
        return self.sentences[number] if inside else None

    def in_reason(self, place: Place) -> bool:
        """Whether a place only stands in the reason for the works."""
        index = bisect_right(self._reason_starts, place.at) - 1
        return index >= 0 and place.at < self.reasons[index][1]

    def _by_sentence(self, things: Iterable[tuple[int, _T]]) -> dict[int, list[tuple[int, _T]]]:
        found: dict[int, list[tuple[int, _T]]] = {}
        for at, thing in things:
            sentence = self.sentence_at(at)
            if sentence is not None:
                found.setdefault(sentence.number, []).append((at, thing))
        return found

    # -- binding -------------------------------------------------------------------------------------------

    def _bound_sentences(self, text: str) -> Iterator[Statement]:
        """Bind each sentence's impacts to its places, but for titles, detours and what is over."""
        for sentence in self.sentences:
            if sentence.title or sentence.section is Section.DETOUR or sentence.number in self.over:
                continue
            impacts = list(find_impacts(text, sentence.at, sentence.end_at))
            places = [place for place in self.places_in(sentence) if not self.in_reason(place)]
            doubts = list(doubts_of(sentence, text)) if impacts else []
            if impacts and self.records is not None:
                why = "the notice is several forms in one"
                doubts.append(("roads", self.records.whole_at, self.records.end_at, why))
            if any(impact.kind == "trucks_banned" for impact in impacts) and (trucks := self.some_trucks):
                doubts.append(("impact", *trucks.span(), "only some trucks are kept out"))
            for statement in self._bound(sentence, places, impacts, text):
                statement.troubles += doubts
                statement.troubles += [
                    ("impact", impact.at, impact.end_at, impact.trouble)
                    for impact in statement.impacts
                    if impact.trouble
                ]
                yield statement

    def doubts(self, sentence: Sentence) -> list[tuple[str, int, int, str]]:
        """What keeps all that a sentence says from being acted on."""
        return list(doubts_of(sentence, self.filled))

    @cached_property
    def records(self) -> Sentence | None:
        """The second of two equal headings of a place, each with times of its own below it."""
        heads: dict[str, Sentence] = {}
        text = self.skeleton.text
        timed = sum(s.section is Section.TIME for s in self.sentences)
        for sentence in self.sentences:
            if sentence.section is Section.PLACE and sentence.at > sentence.whole_at and timed > 1:
                head = text[sentence.whole_at : sentence.at]
                if head in heads and not head[0].isdigit() and head[0] not in "一二三四五六七八九十(":
                    return sentence
                heads[head] = sentence
        return None

    @cached_property
    def some_trucks(self) -> re.Match[str] | None:
        """A heading that narrows a ban on trucks to some of them: 禁行车辆:国四及以下柴油货车."""
        return _SOME_TRUCKS.search(self.filled)

    def _bound(
        self, sentence: Sentence, places: Sequence[Place], impacts: Sequence[Impact], text: str
    ) -> Iterator[Statement]:
        """Bind the impacts of a sentence to its places, in the order of the words."""
        statement: Statement | None = None
        pending: list[Place] = []
        waiting: list[Impact] = []
        tokens: list[Place | Impact] = [*places, *impacts]
        tokens.sort(key=lambda token: (token.at, isinstance(token, Place)))
        following = _next_places(tokens)
        for index, token in enumerate(tokens):
            if isinstance(token, Place):
                if waiting:
                    if statement is not None:
                        yield statement
                    statement = Statement(sentence, waiting[0].at, token.end_at, [token], waiting)
                    waiting, pending = [], []
                elif statement is not None and (
                    _is_listed(text, statement.end_at, token.at) or _is_turned_into(text, statement, token)
                ):
                    statement.places.append(token)
                    statement.end_at = token.end_at
                else:
                    if statement is not None and token.at - statement.end_at <= _NEXT_TO:
                        why = "whether this is what is closed is not told"
                        statement.troubles.append(("roads", token.at, token.end_at, why))
                    pending.append(token)
                continue
            behind = following[index]
            if token.kind == "movement" and pending:
                behind = None  # 甲路禁止左转乙路: the junction is that of both
            if behind is not None and _is_object(text, token, behind) and not waiting:
                waiting = [token]
            elif waiting:
                waiting.append(token)
            elif pending or statement is None:
                if statement is not None:
                    yield statement
                pending = _last_subjects(text, pending)
                statement = Statement(
                    sentence, min([token.at, *(p.at for p in pending)]), token.end_at, pending, [token]
                )
                pending = []
            elif PERIOD in text[statement.end_at : token.at]:
                # 一期3月1日至4月10日封闭北半幅,二期4月11日至5月20日封闭南半幅
                yield statement
                statement = Statement(sentence, token.at, token.end_at, list(statement.places), [token])
            else:
                statement.impacts.append(token)
                statement.end_at = max(statement.end_at, token.end_at)
        if statement is not None:
            yield statement

    def _with_lists(self, statements: Iterable[Statement], text: str) -> Iterator[Statement]:
        """Bind the entries of lists to what is said above them: 下列路段禁止通行: … or a line 封闭交通."""
        of_sentence: dict[int, list[Statement]] = {}
        for statement in statements:
            of_sentence.setdefault(statement.sentence.number, []).append(statement)
        leading: Statement | None = None
        when: Sentence | None = None
        for sentence in self.sentences:
            own = of_sentence.get(sentence.number, [])
            if len(own) == 1 and not own[0].places and _BELOW.search(text, sentence.at, sentence.end_at):
                leading, when = own[0], sentence
            elif self._is_bare(sentence):
                leading, when = (own[0] if own else None), None
                continue
            elif own or leading is None or sentence.section is not Section.NONE:
                leading = None if own else leading
                yield from own
                continue
            places = [
                place
                for place in self.places_in(sentence)
                if place.unclear != "mention" and not self.in_reason(place)
            ]
            if places and (leading.sentence is not sentence or not own):
                when = sentence if self.periods_in(sentence) else when
                troubles = [
                    trouble
                    for trouble in leading.troubles
                    if trouble[-1] != IN_TURN or not self.periods_in(sentence)
                ]
                yield Statement(
                    sentence, places[0].at, places[-1].end_at, places, leading.impacts, troubles, when
                )
            elif self.periods_in(sentence):
                when = sentence

    def _is_bare(self, sentence: Sentence) -> bool:
        """Whether a line is a heading of one word: 封闭交通, 禁止停泊."""
        text = self.skeleton.text
        alone = sentence.whole_at == 0 or text[sentence.whole_at - 1] == "\n"
        return (
            alone
            and text[sentence.end_at : sentence.end_at + 1] in ("\n", ":", "")
            and sentence.end_at - sentence.at <= _BARE
            and ":" not in text[sentence.at : sentence.end_at]
            and not self.places_in(sentence)
            and not self.periods_in(sentence)
            and sentence.section is Section.NONE
            and not sentence.title
        )


def _last_subjects(text: str, places: list[Place]) -> list[Place]:
    """Leave out the places in front that a clause of their own has spoken of: 甲路保持通行,乙路封闭."""
    for index in range(len(places) - 1, 0, -1):
        said, comma, _ = text[places[index - 1].end_at : places[index].at].partition(",")
        if comma and not _NOTHING_SAID.fullmatch(said):
            return places[index:]
    return places


def _next_places(tokens: Sequence[Place | Impact]) -> list[Place | None]:
    """For each token the place that comes next behind it."""
    following: list[Place | None] = []
    behind: Place | None = None
    for token in reversed(tokens):
        following.append(behind)
        behind = token if isinstance(token, Place) else behind
    return following[::-1]


def _is_listed(text: str, end_at: int, at: int) -> bool:
    """Whether a place is the next of a list: 封闭甲路、乙路."""
    return text[end_at:at] in ("、", "和", "及", "与", "以及") and text[end_at - 1] == PLACE


def _is_turned_into(text: str, statement: Statement, place: Place) -> bool:
    """Whether a road is the one that a banned turn leads into: 禁止由甲路左转入乙路."""
    between = text[statement.end_at : place.at]
    return statement.impacts[-1].kind == "movement" and len(between) <= 2 * _WINDOW and "," not in between


def _is_listed_below(text: str, impact: Impact, between: str) -> bool:
    """Whether a list of places follows, as in 以下路口半封闭施工:甲路与乙路路口."""
    front = text[max(0, impact.at - 3 * _WINDOW) : impact.at]
    return between.endswith(":") and len(between) <= _WINDOW and _BELOW.search(front) is not None


def _is_object(text: str, impact: Impact, place: Place) -> bool:
    """Whether a place is what an impact closes: 封闭甲路, 禁止车辆在甲路通行."""
    if text[impact.end_at : place.at] == ":":
        line = max(text.rfind(mark, 0, impact.at) for mark in "\n。;") + 1
        if _HEAD.fullmatch(text, line, impact.at) is not None:
            return True
    if not impact.takes_object:
        return _is_listed_below(text, impact, text[impact.end_at : place.at])
    if place.at < impact.end_at:
        return True
    between = text[impact.end_at : place.at]
    if between == ":":
        return True  # 7:00-9:40封闭:甲路
    if _LIST_BELOW.fullmatch(between) or _is_listed_below(text, impact, between):
        return True
    return len(between) <= _WINDOW and not set(between) & set(",。;:、")


def _overwritten(text: str, spans: Sequence[tuple[int, int]], mark: str) -> str:
    parts: list[str] = []
    at = 0
    for first, end in sorted(spans):
        first = max(first, at)
        if first < end:
            parts += (text[at:first], mark * (end - first))
            at = end
    return "".join(parts) + text[at:]
