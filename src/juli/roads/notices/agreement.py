"""A notice's zones held against each other and its title: what is said twice, and what contradicts."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, pairwise
from typing import Final

from juli.roads.notices.binding import Notice, Statement
from juli.roads.notices.place_reading import Place
from juli.roads.notices.reading import Unsure, Zone
from juli.roads.notices.scope import Scope
from juli.roads.notices.times import Period

#: Of two impacts said of one place at one time, the one that stands further in front is kept.
_CHANGED: Final = re.compile("(?:改|调整|变更)[为成]|改(?:封闭|施工|占用|由)")
#: What is said of a whole time, and what may be said of its parts.
_PARTED: Final = {
    ("half_closed", "half_closed"),
    ("half_closed", "closed"),
    ("half_closed", "lanes"),
    ("closed", "closed"),
    ("lanes", "lanes"),
}
_RANK: Final = ("ramp", "one_way", "half_closed", "lanes", "closed")


@dataclass(frozen=True)
class Draft:
    """A zone before it is held against the others."""

    zone: Zone
    place: Place
    strong: bool
    listed: bool
    statement: Statement
    impact_at: int

    @property
    def roads(self) -> set[str]:
        """Every road of its place."""
        return {*self.place.roads, *(self.place.junction or ())}


class Agreement:
    """The drafts of one notice, and the reasons why some of them fall."""

    def __init__(self, notice: Notice, scope: Scope):
        self.notice = notice
        self.scope = scope
        self.unsure: list[Unsure] = []

    def among(self, drafts: Iterable[Draft]) -> list[Draft]:
        """Merge what is said twice; drop what is contradicted."""
        kept = _with_turns(_without_bare_turns(_in_parts(_merged(drafts))))
        dropped = {id(loser) for one, other in _neighbours(kept) for loser in self._losers(one, other)}
        kept = [draft for draft in kept if id(draft) not in dropped]
        periods = list(self._other_periods(kept))
        return [
            draft
            for draft in kept
            if not self._against_title(draft, kept)
            and not self._against_start(draft, kept)
            and not self._against_period(draft, kept, periods)
            and not self._against_change(draft)
        ]

    def _losers(self, one: Draft, other: Draft) -> list[Draft]:
        """Which of two drafts fall because of each other."""
        a, b = one.zone, other.zone
        if not (a.start < b.end and b.start < a.end):
            return []
        if "movement" in (a.impact, b.impact) or (a.impact == "trucks_banned") != (
            b.impact == "trucks_banned"
        ):
            return []
        if one.place.key != other.place.key:
            whole = [d for d in (one, other) if not (d.place.stretch or d.place.junction or d.place.ramp)]
            shared = len(whole) == 1 and whole[0].place.roads[0] in one.roads & other.roads
            return whole if shared else []
        apart = a.direction and b.direction and a.direction != b.direction
        if a.daily != b.daily or (apart and {a.impact, b.impact} != {"one_way", "half_closed"}):
            return []
        if _for_a_while(a, b) or _for_a_while(b, a):
            return []
        if (a.start, a.end, a.impact) == (b.start, b.end, b.impact) and (a.direction is None) != (
            b.direction is None
        ):
            return [one if a.direction is None else other]  # the way is told once, and holds for both
        if (a.start, a.end) != (b.start, b.end):
            self._disagree(one, other, "start" if a.start != b.start else "end")
            return [one, other]
        if {a.impact, b.impact} == {"closed", "half_closed"} and (one.strong or other.strong):
            self._disagree(one, other, "impact")
            return [one, other]
        if a.impact == b.impact or "trucks_banned" in (a.impact, b.impact):
            return []
        return [max(one, other, key=lambda draft: _RANK.index(draft.zone.impact))]

    def _disagree(self, one: Draft, other: Draft, about: str) -> None:
        why = f"of the same place the notice also says {other.zone.evidence[about].text}"
        self.unsure.append(Unsure(about, one.zone.evidence[about].text, why))

    def _against_title(self, draft: Draft, drafts: Sequence[Draft]) -> bool:
        """Whether the title says half closed of what the text closes, or the other way round."""
        zone = draft.zone
        for impact in self.notice.title_impacts:
            said = {other.zone.impact for other in drafts if other.roads & {*zone.roads}}
            differ = {impact.kind, zone.impact} == {"half_closed", "closed"} and impact.kind not in said
            if differ and (impact.kind == "half_closed" or impact.strong):
                why = "the title and the text disagree"
                self.unsure.append(self.scope.unsure("impact", impact.at, impact.end_at, why))
                return True
        return False

    def _against_start(self, draft: Draft, drafts: Sequence[Draft]) -> bool:
        """Whether the title gives a day of the start on which no zone of these roads starts."""
        for at, period in self.notice.skeleton.periods.items():
            sentence = self.notice.sentence_at(at)
            if sentence is None or not sentence.title or period.start is None or period.end is not None:
                continue
            named = {road for place in self.notice.places_in(sentence) for road in place.roads}
            days = {other.zone.start.date() for other in drafts if not named or named & other.roads}
            concerned = not named or named & draft.roads
            unsure = self.scope.unsure_period("start", period, "the title and the text disagree")
            if concerned and period.start.date() not in days and "月" in unsure.text:
                self.unsure.append(unsure)
                return True
        return False

    def _against_change(self, draft: Draft) -> bool:
        """Whether something else is to hold from a day within a zone's period: 3月20日起改为半封闭."""
        zone = draft.zone
        for at, period in self.notice.skeleton.periods.items():
            if period.start is None or period.end is not None or not zone.start < period.start < zone.end:
                continue
            sentence = self.notice.sentence_at(at)
            if sentence is None or not _CHANGED.search(self.notice.skeleton.text, at, sentence.end_at):
                continue
            named = {road for place in self.notice.places_in(sentence) for road in place.roads}
            if not named or named & draft.roads:
                why = "something else is to hold from this day on"
                self.unsure.append(self.scope.unsure_period("end", period, why))
                return True
        return False

    def _other_periods(self, drafts: Sequence[Draft]) -> Iterator[tuple[Period, set[str]]]:
        """The periods that no zone has, each with the roads that its sentence names."""
        used = {(draft.zone.start, draft.zone.end) for draft in drafts}
        if not used:
            return
        hull = (min(start for start, _ in used), max(end for _, end in used))
        for at, period in self.notice.skeleton.periods.items():
            if period.start is None or period.end is None or (period.start, period.end) in used | {hull}:
                continue
            sentence = self.notice.sentence_at(at)
            if sentence is not None and sentence.number not in self.notice.over:
                yield period, {road for place in self.notice.places_in(sentence) for road in place.roads}

    def _against_period(
        self, draft: Draft, drafts: Sequence[Draft], periods: Sequence[tuple[Period, set[str]]]
    ) -> bool:
        """Whether a period that no zone has, as in the title, gives the lie to a zone's."""
        if draft.listed:
            return False
        zone = draft.zone
        for period, roads in periods:
            if period.start is None or period.end is None or (roads and not roads & {*zone.roads}):
                continue
            around = period.start <= zone.start and zone.end <= period.end
            alone = len({(other.zone.start, other.zone.end) for other in drafts}) == 1 if around else True
            if alone and period.start < zone.end and zone.start < period.end:
                about = "start" if period.start != zone.start else "end"
                why = f"the notice also says {zone.evidence['start'].text}"
                self.unsure.append(self.scope.unsure_period(about, period, why))
                return True
        return False


def _for_a_while(all_along: Zone, within: Zone) -> bool:
    """Whether works that close a half close the whole for a part of their time."""
    inside = all_along.start <= within.start and within.end <= all_along.end
    shorter = within.end - within.start < (all_along.end - all_along.start) / 2
    return (all_along.impact, within.impact) == ("half_closed", "closed") and inside and shorter


def _merged(drafts: Iterable[Draft]) -> list[Draft]:
    """Join drafts that differ in nothing but their detours."""
    merged: dict[tuple[object, ...], Draft] = {}
    for draft in drafts:
        zone = draft.zone
        way = zone.direction if zone.direction != "双向" else None
        key = (draft.place.key, zone.impact, way, zone.start, zone.end, zone.daily)
        if (twin := merged.get(key)) is not None:
            detours = tuple(dict.fromkeys((*twin.zone.detours, *zone.detours)))
            draft = replace(twin, zone=replace(twin.zone, detours=detours))
        merged[key] = draft
    return list(merged.values())


def _in_parts(drafts: Sequence[Draft]) -> list[Draft]:
    """Leave out what is said of a whole time where its parts, one behind the other, are told more exactly.

    3月3日至9日半幅封闭,其中3月3日至5日封闭北半幅,6日至9日封闭南半幅.
    """
    wholes: dict[int, list[Draft]] = {}
    for draft in drafts:
        zone = draft.zone
        parts = [
            other
            for other in drafts
            if other is not draft
            and (other.place.key, other.zone.daily) == (draft.place.key, zone.daily)
            and (zone.impact, other.zone.impact) in _PARTED
            and other.zone.direction
        ]
        parts.sort(key=lambda part: part.zone.start)
        follows = len(parts) > 1 and all(one.zone.end == other.zone.start for one, other in pairwise(parts))
        if (
            not zone.direction
            and follows
            and (parts[0].zone.start, parts[-1].zone.end) == (zone.start, zone.end)
        ):
            wholes[id(draft)] = parts
    halves = {
        id(part)
        for draft in drafts
        if draft.zone.impact == "half_closed"
        for part in wholes.get(id(draft), ())
    }
    return [
        replace(draft, zone=replace(draft.zone, impact="half_closed")) if id(draft) in halves else draft
        for draft in drafts
        if id(draft) not in wholes
    ]


def _without_bare_turns(drafts: Sequence[Draft]) -> list[Draft]:
    """Leave out a turn told without its way, as in a headline, where the text tells the ways of it."""
    told = {
        (frozenset(draft.roads), draft.zone.direction[-2:], draft.zone.start, draft.zone.end)
        for draft in drafts
        if draft.zone.impact == "movement"
        and draft.zone.direction
        and len(draft.zone.direction) > len("左转")
    }
    return [
        draft
        for draft in drafts
        if draft.zone.impact != "movement"
        or (frozenset(draft.roads), draft.zone.direction, draft.zone.start, draft.zone.end) not in told
    ]


def _with_turns(drafts: Sequence[Draft]) -> list[Draft]:
    """Join the turns that a half-closed junction bars to its zone: 半封闭施工,禁止由南向北直行."""
    turns: dict[tuple[object, ...], list[Draft]] = {}
    halves = {_occasion(draft) for draft in drafts if _half_closes_a_junction(draft.zone)}
    for draft in drafts:
        if (
            draft.zone.impact == "movement"
            and "向" in (draft.zone.direction or "")
            and _occasion(draft) in halves
        ):
            turns.setdefault(_occasion(draft), []).append(draft)
    joined = {id(draft) for drafts_of_one in turns.values() for draft in drafts_of_one}
    return [
        _turning(draft, turns.get(_occasion(draft), [])) if _half_closes_a_junction(draft.zone) else draft
        for draft in drafts
        if id(draft) not in joined
    ]


def _occasion(draft: Draft) -> tuple[object, ...]:
    """Where and when."""
    zone = draft.zone
    return draft.place.key, zone.start, zone.end, zone.daily


def _half_closes_a_junction(zone: Zone) -> bool:
    return zone.impact == "half_closed" and zone.junction is not None and zone.direction is None


def _turning(draft: Draft, turns: Sequence[Draft]) -> Draft:
    if not turns:
        return draft
    zones = [turn.zone for turn in turns]
    evidence = {**draft.zone.evidence, **zones[0].evidence, "impact": draft.zone.evidence["impact"]}
    zone = replace(
        draft.zone,
        direction="、".join(dict.fromkeys(zone.direction or "" for zone in zones)),
        detours=tuple(dict.fromkeys(chain for zone in (draft.zone, *zones) for chain in zone.detours)),
        evidence=evidence,
    )
    return replace(draft, zone=zone)


def _neighbours(drafts: Sequence[Draft]) -> Iterator[tuple[Draft, Draft]]:
    """Pairs of drafts of which one's first road is a road of the other, each pair once."""
    by_road: dict[str, list[int]] = {}
    for index, draft in enumerate(drafts):
        for road in draft.roads:
            by_road.setdefault(road, []).append(index)
    pairs = {
        pair
        for road, indices in by_road.items()
        for pair in combinations(indices, 2)
        if road in (drafts[pair[0]].place.roads[0], drafts[pair[1]].place.roads[0])
    }
    for one, other in sorted(pairs):
        yield drafts[one], drafts[other]
