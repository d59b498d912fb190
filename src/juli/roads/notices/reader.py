"""The grammar: from a notice's clauses to its work zones.

Whatever a clause leaves open is not guessed: the zone is left out and the reason stands in ``unsure``. A
place is a junction (``A路与B路交叉口``) or a stretch (``A路(B路至C路)``); its period, impact and detours are
those of its own clause, else those that the notice states once for all its places.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, time
from itertools import zip_longest
from typing import Final

from juli.roads.notices.names import Name, find_names, lexicon
from juli.roads.notices.normalise import NormalText, normalise
from juli.roads.notices.periods import Hours, Period, Times, read_times
from juli.roads.notices.reading import Evidence, Reading, Unsure, Zone

_DETOUR: Final = re.compile("绕行|绕道|改道|改走|改行|分流|替代路线|绕行路线")
_JUNCTION_END: Final = re.compile(
    "(?:平面)?(?:十字|丁字|三岔)?(?:交叉路口|交叉口|路口|交汇处|交汇口|交叉处|交会处|口(?!袋))"
)
_BETWEEN_JUNCTION: Final = frozenset(("", "与", "和", "、", "-", "/", "及", "同"))
_BETWEEN_STRETCH: Final = re.compile("(?:以[东西南北])?(?:至|到|-|~)$")
_STRETCH_START: Final = re.compile(r"^(?:\(|的|,|自|由|从|:)*$")
_SENTENCE: Final = re.compile(r"[^。;\n]+")

#: Impacts in the order in which they win over each other, with the words that announce them.
_IMPACTS: Final = (
    ("half_closed", re.compile("半封闭|半幅(?:路面)?(?:封闭|施工|通行)|封闭半幅|占(?:用)?半幅")),
    (
        "closed",
        re.compile(
            "全封闭|全线封闭|全幅封闭|封闭交通|封闭施工|禁止(?:一切|所有|各类|机动)?(?:车辆|机动车|车)(?:和行人)?(?:通行|驶入)|断路施工|封路|封闭"
        ),
    ),
    ("lanes", re.compile("占(?:用)?.{0,4}车道|占道施工")),
)
#: Words that this grammar does not read: a zone that leans on them is left out.
_UNREAD: Final = re.compile(
    "匝道|单向|单行|[左右]转|掉头|分阶段|第[一二三]阶段|限高|限重|货车|半幅双向|车道|侧|除外|[(]?除.{1,12}外|沿线.{0,8}(?:进出|通行证)"
)
_THROUGH: Final = re.compile("过境车辆|过境机动车|过境交通")


@dataclass(frozen=True)
class _Place:
    """A junction or a stretch where it stands: ``text[at:end_at]``."""

    at: int
    end_at: int
    roads: tuple[str, ...]
    junction: tuple[str, str] | None
    stretch: tuple[str, str] | None


def read_notice(text: str, published: date, road_names: Iterable[str] | None = None) -> Reading:
    """Read a public notice of road works.

    Parameters
    ----------
    text
        The notice, in simplified or traditional Chinese, as it came.
    published
        The day that it was published on: dates without a year are anchored on it.
    road_names
        The names that the map knows; None reads names by their endings alone.
    """
    if not text.strip():
        return Reading((), (Unsure("text", "", "the notice is empty"),))
    return _Grammar(normalise(text), published, road_names or ()).reading()


class _Grammar:
    """One notice on its way from text to zones."""

    def __init__(self, text: NormalText, published: date, road_names: Iterable[str]):
        self.text = text
        self.times: Times = read_times(text.text, published)
        barriers = bytearray(len(text.text))
        spans = [
            *((period.at, period.end_at) for period in self.times.periods),
            *((hours.at, hours.end_at) for hours in self.times.hours),
            *((count.at, count.end_at) for count in self.times.counts),
        ]
        for at, end_at in spans:
            barriers[at:end_at] = b"\1" * (end_at - at)
        self.names = find_names(text, lexicon(road_names), bytes(barriers))
        self.sentences = [(match.start(), match.end()) for match in _SENTENCE.finditer(text.text)]

    def reading(self) -> Reading:
        zones: list[Zone] = []
        unsure: list[Unsure] = []
        unread = _UNREAD.search(self.text.text)
        places = _distinct(self._places())
        for place in places:
            if _touches_another(place, places):
                unsure.append(
                    self._unsure("junction", place.at, place.end_at, "two junctions share a road here")
                )
                continue
            zone = self._zone(place, alone=len(places) == 1)
            if isinstance(zone, Unsure):
                unsure.append(zone)
            elif unread:
                unsure.append(
                    self._unsure("impact", unread.start(), unread.end(), "this kind of works is not read yet")
                )
            else:
                zones.append(zone)
        if not places:
            unsure.append(Unsure("roads", "", "no junction and no stretch of a road could be made out"))
        return Reading(tuple(zones), tuple(dict.fromkeys(unsure)))

    # -- places --------------------------------------------------------------------------------------------

    def _places(self) -> Iterator[_Place]:
        for begin, end in self.sentences:
            names = [
                name for name in self.names if begin <= name.at < end and not self._is_detour(name, begin)
            ]
            for index, name in enumerate(names):
                following = names[index + 1 : index + 3]
                place = self._junction(name, following) or self._stretch(name, following)
                if place is not None:
                    yield place

    def _junction(self, name: Name, following: Sequence[Name]) -> _Place | None:
        if not following:
            return None
        other = following[0]
        ending = _JUNCTION_END.match(self.text.text, other.end_at)
        if ending is None or self.text.text[name.end_at : other.at] not in _BETWEEN_JUNCTION:
            return None
        pair = (name.name, other.name)
        return _Place(name.at, ending.end(), pair, pair, None)

    def _stretch(self, name: Name, following: Sequence[Name]) -> _Place | None:
        if len(following) < 2:
            return None
        first, last = following
        opened = _STRETCH_START.match(self.text.text[name.end_at : first.at])
        if opened and _BETWEEN_STRETCH.fullmatch(self.text.text[first.end_at : last.at]):
            return _Place(name.at, last.end_at, (name.name,), None, (first.name, last.name))
        return None

    def _is_detour(self, name: Name, begin: int) -> bool:
        """Whether a name stands in a clause that sends traffic round the works."""
        return any(
            first <= name.at < last
            for first, last in self._detour_clauses()
            if first >= begin or last > begin
        )

    def _detour_clauses(self) -> list[tuple[int, int]]:
        """The stretches of text that speak of a detour: from the comma before it to the sentence's end."""
        clauses = []
        for begin, end in self.sentences:
            found = _DETOUR.search(self.text.text, begin, end)
            if found:
                comma = self.text.text.rfind(",", begin, found.start())
                clauses.append((max(begin, comma + 1), end))
        return clauses

    # -- zones ---------------------------------------------------------------------------------------------

    def _zone(self, place: _Place, *, alone: bool) -> Zone | Unsure:
        period = self._period(place, alone=alone)
        if isinstance(period, Unsure):
            return period
        if period.start is None or period.end is None:
            return self._unsure(
                period.field or "end", period.at, period.end_at, period.why or "the period is unclear"
            )
        impact = self._impact(place, alone=alone)
        if impact is None:
            return self._unsure("impact", place.at, place.end_at, "what is closed here could not be made out")
        kind, at, end_at = impact
        through = _THROUGH.search(self.text.text)
        daily = self._daily(place)
        zone = Zone(
            roads=place.roads,
            junction=place.junction,
            stretch=place.stretch,
            direction=None,
            impact=kind,
            applies_to="through" if through and kind == "half_closed" else "all",
            start=period.start,
            end=period.end,
            daily=daily,
            detours=tuple(self._detours(place, alone=alone)),
            evidence={
                "junction" if place.junction else "stretch": self._evidence(place.at, place.end_at),
                "period": self._evidence(period.at, period.end_at),
                "impact": self._evidence(at, end_at),
            },
        )
        if through and zone.applies_to == "through":
            evidence = {**zone.evidence, "applies_to": self._evidence(*through.span())}
            zone = replace(zone, evidence=evidence)
        return zone

    def _sentence_of(self, at: int) -> tuple[int, int]:
        return next((begin, end) for begin, end in self.sentences if begin <= at < end)

    def _period(self, place: _Place, *, alone: bool) -> Period | Unsure:
        """The period of the place's own sentence, else the only one of the notice."""
        begin, end = self._sentence_of(place.at)
        periods = list(_not_signature(self.times.periods))
        own = [period for period in periods if begin <= period.at < end]
        if len(own) == 1:
            return own[0]
        distinct = {(period.start, period.end): period for period in own or periods}
        if len(distinct) == 1 and (alone or not own):
            return next(iter(distinct.values()))
        why = "no period could be made out" if not distinct else f"{len(distinct)} periods could be meant"
        return self._unsure("start", place.at, place.end_at, why)

    def _impact(self, place: _Place, *, alone: bool) -> tuple[str, int, int] | None:
        begin, end = self._sentence_of(place.at)
        spans = [(begin, end), (0, len(self.text.text))] if alone else [(begin, end)]
        for first, last in spans:
            for kind, pattern in _IMPACTS:
                found = pattern.search(self.text.text, first, last)
                if found:
                    return kind, found.start(), found.end()
        return None

    def _daily(self, place: _Place) -> tuple[time, time] | None:
        begin, end = self._sentence_of(place.at)
        own: list[Hours] = [hours for hours in self.times.hours if begin <= hours.at < end] or list(
            self.times.hours
        )
        if len(own) != 1:
            return None
        return _clock(own[0].first), _clock(own[0].last)

    def _detours(self, place: _Place, *, alone: bool) -> Iterator[tuple[str, ...]]:
        begin, end = self._sentence_of(place.at)
        for first, last in self._detour_clauses():
            if alone or begin <= first < end:
                yield from self._chains([name for name in self.names if first <= name.at < last])

    def _chains(self, names: Sequence[Name]) -> Iterator[tuple[str, ...]]:
        """Chains of roads: a comma ends the list, 或 begins another one."""
        chain: list[str] = []
        for name, following in zip_longest(names, names[1:]):
            chain.append(name.name)
            gap = self.text.text[name.end_at : following.at] if following else ","
            if "," in gap or "或" in gap:
                yield tuple(chain)
                chain = []
            if "," in gap:
                return

    def _evidence(self, at: int, end_at: int) -> Evidence:
        start, end = self.text.span(at, end_at)
        return Evidence(start, end, self.text.original[start:end])

    def _unsure(self, field: str, at: int, end_at: int, why: str) -> Unsure:
        return Unsure(field, self._evidence(at, end_at).text, why)


def _distinct(places: Iterable[_Place]) -> list[_Place]:
    """Each place once: a title names the same place as the text."""
    found: dict[tuple[frozenset[str], tuple[str, str] | None], _Place] = {}
    for place in places:
        found[(frozenset(place.roads), place.stretch)] = place
    return list(found.values())


def _touches_another(place: _Place, places: Sequence[_Place]) -> bool:
    """Whether a junction shares a road with another one: then both may be the ends of a stretch."""
    return place.junction is not None and any(
        other is not place and other.junction is not None and set(place.roads) & set(other.roads)
        for other in places
    )


def _not_signature(periods: Iterable[Period]) -> Iterator[Period]:
    """Periods but for a lone date that has no end."""
    return (
        period for period in periods if period.start is not None or period.end is not None or period.field
    )


def _clock(minutes: int) -> time:
    hours, rest = divmod(minutes % (24 * 60), 60)
    return time(hours, rest)
