"""Which of a notice's places a statement speaks of that names none itself."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from juli.roads.notices.binding import Statement
from juli.roads.notices.outline import Section, Sentence
from juli.roads.notices.place_reading import Place
from juli.roads.notices.place_words import POSTED
from juli.roads.notices.surroundings import Surroundings

_BRIDGE: Final = ("桥", "橋", "隧道")
_AS_SAID: Final = re.compile("上述|以上|该|前述|此|施工路段|管制路段|封闭路段|施工区域")
_THAT_ONE: Final = re.compile(
    "[该此](?:(?P<junction>路口|交叉路?口)|(?:座)?(?:大桥|桥梁?(?!东|西|南|北)|隧道))"
)


class PlaceScope(Surroundings):
    """Where each statement of a notice holds."""

    def places(self, statement: Statement) -> list[Place]:
        """The places of a statement: its own, else those that the text around it leads to."""
        own = [place for place in statement.places if place.unclear != "mention"]
        clear = {place.key for place in own if not place.unclear}
        exact = {place.roads for place in own if not place.unclear and (place.stretch or place.junction)}
        own = [
            place
            for place in own
            if not place.unclear or (place.key not in clear and place.roads not in exact)
        ]
        return [self.refined(place) for place in own or self._places_around(statement)]

    def refined(self, place: Place) -> Place:
        """Give a road that stands alone the stretch that the notice names elsewhere, if it names just one."""
        if place.junction or place.stretch or place.ramp or place.unclear not in ("", "mention"):
            return place
        found = self._stretches.get(place.roads, set())
        stretches = {stretch for stretch, _ in found}
        side = next(iter(found))[1] if len(found) == 1 else None
        whole = replace(place, side=place.side or side)
        return replace(whole, stretch=stretches.pop()) if len(stretches) == 1 else place

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
                distinct = _told_once({place.key: place for place in map(self.refined, found)}.values())
                several = (
                    level <= 2 and not in_reason and (level <= 1 or self._refers_back(statement, sentences))
                )
                if len(distinct) == 1 or (distinct and several):
                    return [replace(place, unclear="") for place in distinct]
        if all(impact.kind == "movement" for impact in statement.impacts):
            # 甲路由西向东方向机动车禁止左转, where the notice is about one junction
            named = [place for place in self.notice.places if place.junction and not place.unclear]
            junctions = {frozenset(place.junction or ()): place for place in named}
            if len(junctions) == 1:
                return [replace(junction, side=None) for junction in junctions.values()]
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


def _told_once(places: Iterable[Place]) -> list[Place]:
    """Leave out a stretch between villages where a form also tells the posts of that road: K1+200-K2+300."""
    kept = list(places)
    posted = {place.roads for place in kept if place.stretch and POSTED.match(place.stretch[0])}
    return [
        place
        for place in kept
        if place.roads not in posted or (place.stretch and POSTED.match(place.stretch[0]))
    ]
