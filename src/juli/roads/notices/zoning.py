"""From a notice's statements to its zones, and what is left out because it is open or contradicts itself."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import time
from itertools import combinations, pairwise
from typing import Final, TypeVar

from juli.roads.notices.binding import Notice, Statement
from juli.roads.notices.detours import Detour
from juli.roads.notices.impacts import Impact, limits
from juli.roads.notices.outline import Section, Sentence
from juli.roads.notices.periods import Hours, Period
from juli.roads.notices.places import Place
from juli.roads.notices.reading import Evidence, Reading, Unsure, Zone

_T = TypeVar("_T")

_BRIDGE: Final = ("桥", "橋", "隧道")
_THROUGH: Final = re.compile(
    "过境(?:车辆|机动车|车流|交通|社会车辆|小型)|通过性(?:车辆|交通|车流)|无关车辆"
    "|(?:沿线|周边|辖区|附近|小区|本地|内部)[^,。;:\n]{0,12}(?:居民|单位|住户|村民|商户|业主|企业)[^。;:\n]{0,16}(?:除外|出入|进出|凭证|通行证)"
    "|(?:居民|单位|住户)[^,。;:\n]{0,10}除外|除(?:沿线|周边|小区|辖区)[^,。;:\n]{0,20}外"
)
_ONLY_LIMITS: Final = re.compile("限[重载高]|吨|限行高度")
#: Which kind a statement is of that says several things, from the first to the last.
_RANK: Final = ("ramp", "one_way", "half_closed", "closed!", "lanes", "closed", "works")
_COMPASS_WORDS: Final = frozenset("由自从向往至东西南北左右双侧半幅转直行掉头、方")
_ALL_DAY: Final = (0, 24 * 60)


@dataclass(frozen=True)
class _Draft:
    """A zone before it is held against the others."""

    zone: Zone
    place: Place
    strong: bool
    listed: bool


class _Open(Exception):  # noqa: N818 -- not an error: the way in which a rule abstains
    """A field of a statement can't be settled."""

    def __init__(self, unsure: Unsure):
        super().__init__(unsure.why)
        self.unsure = unsure


def zones_of(notice: Notice) -> Reading:
    """Turn a notice's statements into zones."""
    return _Zoning(notice).reading()


class _Zoning:
    def __init__(self, notice: Notice):
        self.notice = notice
        self.text = notice.skeleton.text
        self.unsure: list[Unsure] = []
        self.statements = notice.statements or list(self._from_headings())
        self.stated = {statement.sentence for statement in self.statements}
        self.paragraphs = {statement.sentence.paragraph for statement in self.statements}
        self.stretched = _stretches(notice.places)

    def reading(self) -> Reading:
        drafts: list[_Draft] = []
        preambles: list[_Draft] = []
        for statement in self.statements:
            try:
                found = list(self._drafts(statement))
            except _Open as left_open:
                self.unsure.append(left_open.unsure)
                continue
            (preambles if statement.sentence.preamble else drafts).extend(found)
        drafts = self._agreeing(drafts or preambles, preambles if drafts else [])
        if not drafts and not self.unsure:
            self.unsure.append(self._nothing())
        return Reading(tuple(draft.zone for draft in drafts), tuple(dict.fromkeys(self.unsure)))

    def _nothing(self) -> Unsure:
        if self.notice.over:
            sentence = self.notice.over[0]
            return self._open("impact", sentence.at, sentence.end_at, "the works are over")
        if not self.notice.places:
            return Unsure("roads", "", "no road could be made out")
        return Unsure("impact", "", "nothing is said to be closed")

    def _from_headings(self) -> Iterator[Statement]:
        """Without a sentence that says what is done, the headings (封闭路段) and the title may."""
        said = [*self.notice.title_impacts, *filter(None, [self.notice.heading])]
        if not said:
            return
        for sentence in self.notice.sentences:
            places = self.notice.places_in(sentence)
            if places and sentence.section is Section.PLACE:
                yield Statement(sentence, places[0].at, places[-1].end_at, places, [said[0]])

    # -- one statement -------------------------------------------------------------------------------------

    def _drafts(self, statement: Statement) -> Iterator[_Draft]:
        places = self._places(statement)
        if not places and all(impact.kind == "works" for impact in statement.impacts):
            return
        if statement.troubles:
            raise _Open(self._open(*statement.troubles[0]))
        if not places:
            raise _Open(self._open("roads", statement.at, statement.end_at, "where this holds is not told"))
        for place in places:
            if place.unclear:
                raise _Open(self._open("stretch", place.at, place.end_at, place.unclear))
        kinds = list(self._kinds(statement, places))
        if not kinds:
            return
        detours = self._detours(statement)
        for impact, kind, direction in kinds:
            for place in self._for_kind(statement, kind, places):
                for period in self._periods(statement, [place]):
                    hours: list[Hours | None] = [*self._hours(statement, place, period)]
                    for each in hours or [None]:
                        yield self._draft(statement, place, impact, kind, direction, period, each, detours)

    def _for_kind(self, statement: Statement, kind: str, places: Sequence[Place]) -> list[Place]:
        """Join plain roads that are closed alike into one place; make a turn's two roads a junction."""
        plain = [place for place in places if not (place.junction or place.stretch or place.ramp)]
        rest = [place for place in places if place not in plain]
        if kind == "movement":
            crossings = [place for place in rest if place.junction]
            if crossings:
                return crossings
            roads = tuple(dict.fromkeys(road for place in plain for road in place.roads))
            known = [
                place
                for place in self.notice.places_in(statement.sentence)
                if place.junction and not place.unclear and set(roads) <= set(place.junction)
            ]
            if known:
                return known[:1]
            if len(roads) == 2:
                return [
                    replace(plain[0], roads=roads, junction=(roads[0], roads[1]), end_at=plain[-1].end_at)
                ]
            raise _Open(
                self._open("junction", statement.at, statement.end_at, "at which junction is not told")
            )
        if len(plain) > 1 and not any(place.side for place in plain):
            roads = tuple(dict.fromkeys(road for place in plain for road in place.roads))
            plain = [replace(plain[0], roads=roads, end_at=plain[-1].end_at)]
        return sorted(plain + rest, key=lambda place: place.at)

    def _draft(
        self,
        statement: Statement,
        place: Place,
        impact: Impact,
        kind: str,
        direction: str | None,
        period: Period,
        hours: Hours | None,
        detours: Sequence[Detour],
    ) -> _Draft:
        if period.start is None or period.end is None:
            where = self.notice.skeleton.normal.span(period.at, period.end_at)
            raise _Open(Unsure(period.field or "end", self._quoted(where), period.why))
        skeleton = self.notice.skeleton
        through = self._through(statement) if kind != "trucks_banned" else None
        applies_to = "trucks" if kind == "trucks_banned" else "through" if through else "all"
        weight, height = impact.limits if kind == "trucks_banned" else self._limits(statement)
        spans = {
            "roads": skeleton.span(place.at, place.end_at),
            "impact": skeleton.span(impact.at, impact.end_at),
            "start": skeleton.normal.span(period.at, period.end_at),
            "end": skeleton.normal.span(period.at, period.end_at),
        }
        if place.junction:
            spans["junction"] = spans["roads"]
        if place.stretch:
            spans["stretch"] = spans["roads"]
        if hours is not None:
            spans["daily"] = skeleton.normal.span(hours.at, hours.end_at)
        if detours:
            spans["detours"] = skeleton.span(detours[0].at, detours[-1].end_at)
        if through:
            spans["applies_to"] = skeleton.span(*through.span())
        zone = Zone(
            roads=place.roads,
            junction=place.junction,
            stretch=place.stretch,
            direction=self._as_written(direction, statement),
            impact=kind,
            applies_to=applies_to,
            start=period.start,
            end=period.end,
            daily=(_clock(hours.first), _clock(hours.last)) if hours else None,
            detours=tuple(dict.fromkeys(chain for detour in detours for chain in detour.chains)),
            weight_t=weight,
            height_m=height,
            evidence={name: Evidence(*span, self._quoted(span)) for name, span in spans.items()},
        )
        return _Draft(zone, place, impact.strong, statement.when is not None)

    def _as_written(self, direction: str | None, statement: Statement) -> str | None:
        """Quote a direction that names a town in the script of the notice."""
        if direction is None or not (set(direction) - _COMPASS_WORDS):
            return direction
        at = self.text.find(direction, statement.sentence.at, statement.sentence.end_at)
        return direction if at < 0 else self.notice.skeleton.quoted(at, at + len(direction))

    # -- where ---------------------------------------------------------------------------------------------

    def _places(self, statement: Statement) -> list[Place]:
        """The places of a statement: its own, else those that the text around it leads to."""
        ends = {
            end
            for sentence in self.notice.sentences
            if sentence.paragraph == statement.sentence.paragraph
            for place in self.notice.places_in(sentence)
            for end in place.stretch or ()
        }
        own = [place for place in statement.places if place.unclear != "mention"]
        own = (
            [p for p in own if p.stretch or p.junction or p.ramp or not ends & set(p.roads)]
            if len(own) == 1 or any(p.stretch for p in own)
            else own
        )
        return [self._refined(place) for place in own or self._context(statement)]

    def _context(self, statement: Statement) -> list[Place]:
        sentences = self.notice.sentences
        index = sentences.index(statement.sentence)
        around = [
            [s for s in sentences[:index] if s.paragraph == statement.sentence.paragraph],
            [s for s in sentences if s.section is Section.PLACE],
            [s for s in sentences[:index] if not s.title and s not in self.stated],
            [s for s in sentences if s.title],
            [s for s in sentences[:index] if not s.title],
        ]
        said_before = self.notice.refers_back(statement.sentence)
        for level, group in enumerate(around):
            for in_reason in (False, True):
                places = [
                    place
                    for sentence in group
                    for place in self.notice.places_in(sentence)
                    if self.notice.in_reason(place) == in_reason
                    and (not place.unclear or place.unclear == "mention")
                ]
                if in_reason or level >= 3:
                    places = [
                        p
                        for p in places
                        if p.junction or p.stretch or p.roads[-1].endswith(_BRIDGE) or level == 3
                    ]
                else:
                    places = [place for place in places if not place.unclear]
                distinct = list({place.key: place for place in map(self._refined, places)}.values())
                if len(distinct) == 1 or (
                    distinct and level <= 2 and not in_reason and (said_before or level <= 1)
                ):
                    return [replace(place, unclear="") for place in distinct]
        return []

    def _refined(self, place: Place) -> Place:
        """Give a road that stands alone the stretch that the notice names elsewhere, if it names just one."""
        if place.junction or place.stretch or place.ramp or place.unclear not in ("", "mention"):
            return place
        found = self.stretched.get(place.roads, set())
        return replace(place, stretch=next(iter(found))) if len(found) == 1 else place

    # -- what ----------------------------------------------------------------------------------------------

    def _kinds(
        self, statement: Statement, places: Sequence[Place]
    ) -> Iterator[tuple[Impact, str, str | None]]:
        """What is done, one entry for each zone that it makes of a place."""
        for impact in statement.impacts:
            if impact.kind == "movement":
                for turn in (impact.direction or "").split("、"):
                    yield impact, "movement", turn or None
            elif impact.kind == "trucks_banned":
                yield impact, "trucks_banned", impact.direction
        general = [impact for impact in statement.impacts if impact.kind not in ("movement", "trucks_banned")]
        particular = len(general) < len(statement.impacts)
        general = [impact for impact in general if impact.kind != "works" or not particular]
        if not general:
            return
        best = min(general, key=lambda impact: _RANK.index(impact.kind + "!" * impact.strong))
        kind = "closed" if best.kind == "works" else best.kind
        if particular and kind == "closed" and not best.strong:
            return  # 禁止货车通行 … 交通管制 is about trucks alone
        if any(place.ramp for place in places) and kind in ("closed", "half_closed"):
            kind = "ramp"
        direction = best.direction
        if direction is None and kind != "one_way":
            direction = next((impact.direction for impact in general if impact.direction), None)
        if direction is None and kind == "one_way":
            raise _Open(self._open("direction", best.at, best.end_at, "which way stays open is not told"))
        yield best, kind, direction or (places[0].side if len(places) == 1 else None)

    def _limits(self, statement: Statement) -> tuple[float | None, float | None]:
        sentence = statement.sentence
        words = self.text[sentence.at : sentence.end_at]
        return limits(words) if _ONLY_LIMITS.search(words) else (None, None)

    def _through(self, statement: Statement) -> re.Match[str] | None:
        """Whether only through traffic is kept out: said in the paragraph, or of the whole notice."""
        for sentence in self.notice.sentences:
            own = sentence.paragraph == statement.sentence.paragraph
            if own or len(self.paragraphs) == 1 or sentence.paragraph not in self.paragraphs:
                found = _THROUGH.search(self.text, sentence.at, sentence.end_at)
                if found is not None:
                    return found
        return None

    # -- when ----------------------------------------------------------------------------------------------

    def _periods(self, statement: Statement, places: Sequence[Place]) -> list[Period]:
        """The periods of a statement; raises where they are open."""
        own = self._beside(statement, self.notice.periods_in)
        if own:
            return self._settled(statement, own, several=True)
        roads = {road for place in places for road in place.roads}
        for sentences in self._levels(statement):
            found = [
                period
                for sentence in sentences
                if self._speaks_of(sentence, roads)
                for _, period in self.notice.periods_in(sentence)
            ]
            if found:
                return self._settled(statement, found, several=False)
        raise _Open(self._open("start", statement.at, statement.end_at, "when this holds is not told"))

    def _speaks_of(self, sentence: Sentence, roads: set[str]) -> bool:
        """Whether a sentence names none but these roads, if any."""
        named = [
            p
            for p in self.notice.places_in(sentence)
            if p.unclear != "mention" and not self.notice.in_reason(p)
        ]
        return not named or any(set(place.roads) & roads for place in named)

    def _levels(self, statement: Statement) -> Iterator[list[Sentence]]:
        """The sentences that may speak for a statement, the nearest first."""
        sentences = self.notice.sentences
        sentence = statement.sentence
        index = sentences.index(sentence)
        if statement.when is not None:
            yield [statement.when]
        if sentence.phase:
            yield [s for s in sentences if s.phase == sentence.phase and s is not sentence]
        mine = {place.key for place in statement.places}
        for s in reversed(sentences[:index]):
            if s.paragraph == sentence.paragraph and mine & {place.key for place in self.notice.places_in(s)}:
                yield [s]
        yield [s for s in sentences[:index] if s.paragraph == sentence.paragraph and s not in self.stated]
        yield [
            s for s in sentences if s.section is Section.TIME and (not s.phase or s.phase == sentence.phase)
        ]
        yield [
            s
            for s in sentences
            if not s.title and (s not in self.stated or s.preamble) and s not in self.notice.over
        ]
        yield [s for s in sentences[:index] if s.paragraph == sentence.paragraph]
        yield [s for s in sentences if not s.title]
        yield [s for s in sentences if s.title]

    def _settled(self, statement: Statement, found: Sequence[Period], *, several: bool) -> list[Period]:
        """Keep the periods that have both ends, if they leave no choice."""
        whole = [period for period in found if period.end is not None or period.why != "no end is given"]
        if not whole:
            closed = {
                (period.start, period.end): period
                for period in self.notice.skeleton.periods.values()
                if period.end is not None and period.start == found[0].start
            }
            if len(closed) == 1:
                return list(closed.values())
            return [found[0]]
        distinct = list({(period.start, period.end, period.why): period for period in whole}.values())
        broken = next((period for period in distinct if period.end is None), None)
        if broken is not None:
            return [broken]
        if len(distinct) > 1 and (not several or _overlapping(distinct)):
            span = self.notice.skeleton.normal.span(distinct[0].at, distinct[0].end_at)
            raise _Open(Unsure("start", self._quoted(span), f"{len(distinct)} periods could be meant"))
        return distinct

    def _hours(self, statement: Statement, place: Place, period: Period) -> list[Hours]:
        """The daily hours of a statement: none for the whole day."""
        found = self._beside(statement, self.notice.hours_in)
        if not found:
            for sentences in self._levels(statement):
                found = [
                    hours
                    for sentence in sentences
                    if self._speaks_of(sentence, {*place.roads})
                    and self._is_when(sentence, statement, period)
                    for _, hours in self.notice.hours_in(sentence)
                ]
                if found:
                    break
        distinct = {(hours.first, hours.last): hours for hours in found}
        return [hours for key, hours in distinct.items() if key != _ALL_DAY]

    def _is_when(self, sentence: Sentence, statement: Statement, period: Period) -> bool:
        """Whether hours in a sentence go with a period: no period stands between them, or this one does."""
        periods = self.notice.periods_in(sentence)
        if periods:
            return any((other.start, other.end) == (period.start, period.end) for _, other in periods)
        return sentence not in self.stated or sentence.paragraph == statement.sentence.paragraph

    def _beside(self, statement: Statement, times_in: Callable[[Sentence], list[tuple[int, _T]]]) -> list[_T]:
        """The times in a statement's sentence: its own where several statements share the sentence."""
        times = times_in(statement.sentence)
        sharing = [other for other in self.statements if other.sentence is statement.sentence]
        if len(sharing) == 1:
            return [time for _, time in times]
        index = sharing.index(statement)
        begin = sharing[index - 1].end_at if index else statement.sentence.whole_at
        own = [time for at, time in times if begin <= at < statement.end_at]
        return own or [time for at, time in times if at < sharing[0].end_at]

    # -- which way round -----------------------------------------------------------------------------------

    def _detours(self, statement: Statement) -> list[Detour]:
        """The detours of a statement: in its sentence, in its paragraph, else for the whole notice."""
        sentence = statement.sentence
        sharing = [other for other in self.statements if other.sentence is sentence]
        index = sharing.index(statement)
        end_at = sharing[index + 1].at if index + 1 < len(sharing) else sentence.end_at
        begin = statement.at if index else sentence.whole_at
        own = [detour for detour in self.notice.detours if begin <= detour.at < end_at and detour.chains]
        if own:
            return own
        nearby: list[Detour] = []
        common: list[Detour] = []
        for detour in self.notice.detours:
            at = next(s for s in self.notice.sentences if s.whole_at <= detour.at < s.end_at)
            if not detour.chains or at in self.stated or (at.phase and at.phase != sentence.phase):
                continue
            before = [other.sentence.paragraph for other in self.statements if other.at < detour.at]
            behind = any(other.at > detour.at for other in self.statements)
            if at.paragraph == sentence.paragraph:
                nearby += [detour] * (detour.at > statement.at)
            elif at.paragraph in self.paragraphs or self._has_subject(at.paragraph, statement):
                continue
            elif not (before and behind):
                common.append(detour)
            elif before[-1] == sentence.paragraph:
                nearby.append(detour)
        return nearby or common

    def _has_subject(self, paragraph: int, statement: Statement) -> bool:
        """Whether a paragraph without a statement speaks of other places than a statement."""
        mine = {road for place in statement.places for road in place.roads}
        return any(
            place.unclear != "mention" and not self.notice.in_reason(place) and not mine & set(place.roads)
            for sentence in self.notice.sentences
            if sentence.paragraph == paragraph
            for place in self.notice.places_in(sentence)
        )

    # -- all together --------------------------------------------------------------------------------------

    def _agreeing(self, drafts: list[_Draft], preambles: list[_Draft]) -> list[_Draft]:
        """Merge what is said twice; drop what is contradicted."""
        merged: dict[tuple[object, ...], _Draft] = {}
        for draft in drafts:
            zone = draft.zone
            key = (draft.place.key, zone.impact, zone.direction, zone.start, zone.end, zone.daily)
            if key in merged:
                detours = tuple(dict.fromkeys((*merged[key].zone.detours, *zone.detours)))
                merged[key] = replace(merged[key], zone=replace(merged[key].zone, detours=detours))
            else:
                merged[key] = draft
        kept = list(merged.values())
        dropped: set[int] = set()
        for one, other in combinations(kept, 2):
            for loser in self._disagreeing(one, other):
                dropped.add(id(loser))
        kept = [draft for draft in kept if id(draft) not in dropped]
        return [draft for draft in kept if not self._contradicted(draft, kept, preambles)]

    def _disagreeing(self, one: _Draft, other: _Draft) -> list[_Draft]:
        """Which of two drafts fall because of each other."""
        a, b = one.zone, other.zone
        if not (a.start < b.end and b.start < a.end) or not _same_roads(one, other):
            return []
        if "movement" in (a.impact, b.impact) or (a.impact == "trucks_banned") != (
            b.impact == "trucks_banned"
        ):
            return []
        if one.place.key == other.place.key:
            apart = a.direction and b.direction and a.direction != b.direction
            if a.daily != b.daily or (apart and {a.impact, b.impact} != {"one_way", "half_closed"}):
                return []
            if (a.start, a.end) != (b.start, b.end):
                self.unsure.append(self._differ(one, other, "start" if a.start != b.start else "end"))
                return [one, other]
            if {a.impact, b.impact} == {"closed", "half_closed"} and (one.strong or other.strong):
                self.unsure.append(self._differ(one, other, "impact"))
                return [one, other]
            return [max(one, other, key=lambda draft: _RANK.index(draft.zone.impact))]
        whole = [
            draft
            for draft in (one, other)
            if not (draft.place.stretch or draft.place.junction or draft.place.ramp)
        ]
        return whole if len(whole) == 1 and whole[0].place.roads[0] in _roads(one) & _roads(other) else []

    def _contradicted(self, draft: _Draft, drafts: Sequence[_Draft], preambles: Sequence[_Draft]) -> bool:
        """Whether a period that no zone has, as in the title, gives the lie to a zone's."""
        del preambles
        if draft.listed:
            return False
        zone = draft.zone
        for impact in self.notice.title_impacts:
            said = {draft.zone.impact for draft in drafts if _roads(draft) & {*zone.roads}}
            if {impact.kind, zone.impact} == {"half_closed", "closed"} and impact.kind not in said:
                if impact.kind == "half_closed" or impact.strong:
                    self.unsure.append(
                        self._open("impact", impact.at, impact.end_at, "the title and the text disagree")
                    )
                    return True
        used = {(other.zone.start, other.zone.end) for other in drafts}
        hull = (min(start for start, _ in used), max(end for _, end in used))
        for at, period in self.notice.skeleton.periods.items():
            if period.start is None or period.end is None or (period.start, period.end) in used | {hull}:
                continue
            sentence = next((s for s in self.notice.sentences if s.whole_at <= at < s.end_at), None)
            if sentence is None or sentence in self.notice.over:
                continue
            mine = {road for place in self.notice.places_in(sentence) for road in place.roads}
            if mine and not mine & set(zone.roads):
                continue
            within = period.start <= zone.start and zone.end <= period.end
            if period.start < zone.end and zone.start < period.end and (not within or len(used) == 1):
                self.unsure.append(self._differs(zone, period))
                return True
        return False

    def _differs(self, zone: Zone, period: Period) -> Unsure:
        quoted = self._quoted(self.notice.skeleton.normal.span(period.at, period.end_at))
        which = "start" if period.start != zone.start else "end"
        why = f"the notice also says {zone.evidence['start'].text}"
        return Unsure(which, quoted, why)

    def _differ(self, one: _Draft, other: _Draft, about: str) -> Unsure:
        why = f"of the same place the notice also says {other.zone.evidence[about].text}"
        return Unsure(about, one.zone.evidence[about].text, why)

    def _open(self, about: str, at: int, end_at: int, why: str) -> Unsure:
        return Unsure(about, self._quoted(self.notice.skeleton.span(at, end_at)), why)

    def _quoted(self, span: tuple[int, int]) -> str:
        return self.notice.skeleton.normal.original[span[0] : span[1]]


def _stretches(places: Sequence[Place]) -> dict[tuple[str, ...], set[tuple[str, str]]]:
    found: dict[tuple[str, ...], set[tuple[str, str]]] = {}
    for place in places:
        if place.stretch:
            found.setdefault(place.roads, set()).add(place.stretch)
    return found


def _overlapping(periods: Sequence[Period]) -> bool:
    ends = sorted((period.start, period.end) for period in periods if period.start and period.end)
    return any(second[0] < first[1] for first, second in pairwise(ends))


def _roads(draft: _Draft) -> set[str]:
    return {*draft.place.roads, *(draft.place.junction or ())}


def _same_roads(one: _Draft, other: _Draft) -> bool:
    return one.place.roads[0] in _roads(other) or other.place.roads[0] in _roads(one)


def _clock(minutes: int) -> time:
    hours, rest = divmod(minutes % (24 * 60), 60)
    return time(hours, rest)
