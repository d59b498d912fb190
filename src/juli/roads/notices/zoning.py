"""From a notice's statements to its zones, and what is left out because it is open or contradicts itself."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import time
from typing import Final

from juli.roads.notices.accounting import Accounting
from juli.roads.notices.agreement import Agreement, Draft
from juli.roads.notices.binding import Notice, Statement
from juli.roads.notices.detours import Detour
from juli.roads.notices.directions import ARM, SIDE, TRAVEL, travelled
from juli.roads.notices.doings import HALF_OF_IT, Doing, Doings
from juli.roads.notices.impacts import Impact, clause_around, heading_impact, limits
from juli.roads.notices.outline import Section
from juli.roads.notices.place_reading import Place
from juli.roads.notices.reading import Evidence, Reading, Unsure, Zone
from juli.roads.notices.scope import Scope
from juli.roads.notices.surroundings import LeftOpen
from juli.roads.notices.times import Hours, Period

_ONLY_LIMITS: Final = re.compile("限[重载高]|吨|限行高度")
_DONE_WITH: Final = re.compile("结束|完成|通车|恢复|解除|取消|开放")
_COMPASS_WORDS: Final = frozenset("由自从向往至东西南北左右双侧半幅转直行掉头、方")


def zones_of(notice: Notice) -> Reading:
    """Turn a notice's statements into zones."""
    statements = notice.statements or list(_from_headings(notice))
    zoning = _Zoning(notice, Scope(notice, statements))
    drafts: list[Draft] = []
    preambles: list[Draft] = []
    unsure: list[Unsure] = []
    for statement in statements:
        try:
            found = list(zoning.drafts(statement))
        except LeftOpen as left_open:
            unsure.append(left_open.unsure)
            continue
        (preambles if statement.sentence.preamble else drafts).extend(found)
    # 封闭期间,… leaves the place and what is done to what the notice says elsewhere
    drafts = [draft for draft in drafts if not _says_nothing(draft.statement)] or drafts
    agreement = Agreement(notice, zoning.scope)
    accounting = Accounting(notice, zoning.scope, agreement.among(drafts or preambles))
    kept = accounting.held()
    unsure += zoning.unsure
    unsure += accounting.unsure
    unsure += agreement.unsure
    if not kept and not unsure:
        unsure.append(_nothing(notice, zoning.scope))
    return Reading(tuple(draft.zone for draft in kept), tuple(dict.fromkeys(unsure)))


def _says_nothing(statement: Statement) -> bool:
    return not statement.places and all(impact.kind == "works" for impact in statement.impacts)


def _nothing(notice: Notice, scope: Scope) -> Unsure:
    """Why a notice without a statement has no zone."""
    if notice.over:
        sentence = notice.sentences[min(notice.over)]
        return scope.unsure("impact", sentence.at, sentence.end_at, "the works are over")
    if not notice.places:
        return Unsure("roads", "", "no road could be made out")
    return Unsure("impact", "", "nothing is said to be closed")


def _from_headings(notice: Notice) -> Iterator[Statement]:
    """Without a sentence that says what is done, the headings (封闭路段) and the title may."""
    placed = any(s.section is Section.PLACE for s in notice.sentences)
    yield from _from_place_headings(notice) if placed else _from_title(notice)


def _from_title(notice: Notice) -> Iterator[Statement]:
    """A title that says what is done where, above a form that tells when: 甲路(乙路至丙路)封闭施工."""
    if not any(sentence.section is Section.TIME for sentence in notice.sentences):
        return
    for sentence in notice.sentences:
        places = notice.places_in(sentence) if sentence.title else []
        said = [i for i in notice.title_impacts if sentence.at <= i.at < sentence.end_at]
        if len(places) != 1 or len(said) != 1 or not (places[0].stretch or places[0].junction):
            continue
        impact = said[0]
        troubles = notice.doubts(sentence)
        if impact.trouble:
            troubles.append(("impact", impact.at, impact.end_at, impact.trouble))
        undone = _DONE_WITH.search(notice.skeleton.text, sentence.at, sentence.end_at)
        if impact.kind in ("closed", "half_closed") and undone is None:
            yield Statement(sentence, places[0].at, impact.end_at, places, [impact], troubles)


def _from_place_headings(notice: Notice) -> Iterator[Statement]:
    """The places below headings, closed as the headings or the title say."""
    said = [*notice.title_impacts, *filter(None, [notice.heading])]
    for sentence in notice.sentences if said else ():
        places = notice.places_in(sentence)
        if not places or sentence.section is not Section.PLACE:
            continue
        halves = all(HALF_OF_IT.match(notice.skeleton.text, place.end_at) for place in places)
        own = heading_impact(notice.filled, sentence.whole_at, sentence.at)
        own = own if own is not None and own.kind != "fenced" else said[0]
        impact = replace(said[0], kind="half_closed") if halves else own
        troubles = []
        if notice.some_trucks is not None and impact.kind in ("trucks_banned", "closed"):
            troubles.append(("impact", *notice.some_trucks.span(), "only some vehicles are kept out"))
        if notice.records is not None:
            troubles.append(("roads", sentence.at, sentence.end_at, "the notice is several forms in one"))
        if impact.kind != "fenced":
            yield Statement(sentence, places[0].at, places[-1].end_at, places, [impact], troubles)


class _Zoning:
    def __init__(self, notice: Notice, scope: Scope):
        self.notice = notice
        self.scope = scope
        self.text = notice.skeleton.text
        self.doings = Doings(notice, scope)
        self.unsure: list[Unsure] = []

    def drafts(self, statement: Statement) -> Iterator[Draft]:
        """Make the zones of a statement; raises where one of its fields is open."""
        places = self.scope.places(statement)
        if not places and all(impact.kind == "works" for impact in statement.impacts):
            return
        if statement.troubles:
            raise LeftOpen(self.scope.unsure(*statement.troubles[0]))
        if not places:
            raise LeftOpen(
                self.scope.unsure("roads", statement.at, statement.end_at, "where this holds is not told")
            )
        for place in places:
            if place.unclear:
                raise LeftOpen(self.scope.unsure("stretch", place.at, place.end_at, place.unclear))
        places = self.doings.with_sides(statement, places)
        detours = self._clear(self.scope.detours(statement))
        closed = {road for place in places for road in place.roads if not place.junction}
        for own in (d for d in detours if any({*chain} <= closed for chain in d.chains)):
            self.unsure.append(
                self.scope.unsure("detours", own.at, own.end_at, "this is the closed road itself")
            )
            detours = ()
        doings = sorted(self.doings.of(statement, places), key=lambda doing: doing.impact.at)
        for doing in doings:
            self.unsure += [*self._near(doing, places)]
            for place in self._for_kind(statement, doing.kind, places):
                for period in self.scope.periods(statement, place):
                    hours: list[Hours | None] = [*self.scope.hours(statement, place, period)]
                    for each in hours or [None]:
                        yield self._draft(statement, place, doing, period, each, detours)

    def _near(self, doing: Doing, places: Sequence[Place]) -> Iterator[Unsure]:
        """Doubt where lanes are closed near something; raises where it is the road that is closed."""
        for place in places:
            if place.near:
                why = "how far the works reach is not told"
                unsure = self.scope.unsure("stretch", place.at, place.end_at, why)
                if doing.kind != "lanes":
                    raise LeftOpen(unsure)
                yield unsure

    def _clear(self, detours: Sequence[Detour]) -> Sequence[Detour]:
        """The ways round of a statement: none of them where one could be read in part only."""
        doubtful = [detour for detour in detours if detour.doubt]
        self.unsure += [self.scope.unsure("detours", d.at, d.end_at, d.doubt) for d in doubtful]
        return () if doubtful else detours

    # -- what ----------------------------------------------------------------------------------------------

    def _for_kind(self, statement: Statement, kind: str, places: Sequence[Place]) -> list[Place]:
        """Join plain roads that are closed alike into one place; make a turn's two roads a junction."""
        plain = [place for place in places if not (place.junction or place.stretch or place.ramp)]
        rest = [place for place in places if place not in plain]
        if kind == "movement":
            crossed = [place for place in rest if place.junction]
            if not crossed and len(plain) == len(rest) == 1 and not rest[0].ramp:
                # 甲路(乙路至丙路)禁止左转进入丁路: the junction of the two roads
                plain = sorted(places, key=lambda place: place.at)
            return crossed or [self._crossing(statement, plain)]
        if len(plain) > 1 and not any(place.side for place in plain):
            roads = tuple(dict.fromkeys(road for place in plain for road in place.roads))
            plain = [replace(plain[0], roads=roads, end_at=plain[-1].end_at)]
        return sorted(plain + rest, key=lambda place: place.at)

    def _crossing(self, statement: Statement, plain: Sequence[Place]) -> Place:
        """The junction of the two roads that a turn leads from and into."""
        roads = tuple(dict.fromkeys(road for place in plain for road in place.roads))
        for place in self.notice.places_in(statement.sentence):
            if place.junction and not place.unclear and {*roads} <= {*place.junction}:
                return place
        crossings = {
            frozenset(place.junction): place
            for place in self.notice.places
            if place.junction and not place.unclear and {*roads} <= {*place.junction}
        }
        if len(crossings) == 1 and len(roads) == 1:
            # 禁止甲路由北往东左转, where the notice is about one junction
            return replace(next(iter(crossings.values())), side=None)
        if len(roads) != 2:
            raise LeftOpen(
                self.scope.unsure("junction", statement.at, statement.end_at, "at which junction is not told")
            )
        junction = (roads[0], roads[1])
        return replace(plain[0], roads=roads, junction=junction, stretch=None, end_at=plain[-1].end_at)

    def _limits(self, statement: Statement) -> tuple[float | None, float | None]:
        sentence = statement.sentence
        words = self.text[sentence.at : sentence.end_at]
        return limits(words) if _ONLY_LIMITS.search(words) else (None, None)

    # -- the zone ------------------------------------------------------------------------------------------

    def _draft(
        self,
        statement: Statement,
        place: Place,
        doing: Doing,
        period: Period,
        hours: Hours | None,
        detours: Sequence[Detour],
    ) -> Draft:
        if period.start is None or period.end is None:
            raise LeftOpen(self.scope.unsure_period(period.field or "end", period, period.why))
        trucks = doing.kind == "trucks_banned"
        through = None if trucks else self.scope.through(statement)
        weight, height = doing.impact.limits if trucks else (None, None)
        if (
            weight is None
            and height is None
            and not (
                # 半幅施工,禁止10吨以上货车通行: the limit is that of the trucks' own zone
                not trucks and any(impact.kind == "trucks_banned" for impact in statement.impacts)
            )
        ):
            weight, height = self._limits(statement)
        kind, direction = doing.kind, doing.direction
        if direction is None and place.side and not place.junction and kind not in ("movement", "one_way"):
            # one of several places, each with a way of its own
            direction = place.side
            kind = "half_closed" if kind == "closed" and HALF_OF_IT.fullmatch(direction) else kind
        kind = "ramp" if place.ramp and kind in ("closed", "half_closed") else kind
        zone = Zone(
            roads=place.roads,
            junction=place.junction,
            stretch=place.stretch,
            direction=self._as_written(direction, statement),
            impact=kind,
            applies_to="trucks" if trucks else "through" if through else "all",
            start=period.start,
            end=period.end,
            daily=(_clock(hours.first), _clock(hours.last)) if hours else None,
            detours=tuple(dict.fromkeys(chain for detour in detours for chain in detour.chains)),
            weight_t=weight,
            height_m=height,
            evidence=self._evidence(
                place,
                doing,
                period,
                hours,
                detours,
                through,
                limited=weight is not None or height is not None,
            ),
        )
        return Draft(zone, place, doing.impact.strong, statement.when is not None, statement, doing.impact.at)

    def _evidence(
        self,
        place: Place,
        doing: Doing,
        period: Period,
        hours: Hours | None,
        detours: Sequence[Detour],
        through: re.Match[str] | None,
        *,
        limited: bool,
    ) -> dict[str, Evidence]:
        """Quote, field by field, where a zone was read."""
        skeleton = self.notice.skeleton
        spans = {
            "roads": skeleton.span(place.at, place.end_at),
            "impact": skeleton.span(doing.impact.at, doing.impact.end_at),
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
        if through is not None:
            spans["applies_to"] = skeleton.span(*through.span())
        if place.side:
            spans["direction"] = spans["roads"]
        if doing.direction:
            spans["direction"] = skeleton.span(*self._direction_words(doing.impact, doing.direction, place))
        if limited:
            spans["limits"] = skeleton.span(*self._clause(doing.impact))
        original = skeleton.normal.original
        return {name: Evidence(*span, original[span[0] : span[1]]) for name, span in spans.items()}

    def _clause(self, impact: Impact) -> tuple[int, int]:
        return clause_around(self.text, impact.at, impact.end_at, 0, len(self.text))

    def _direction_words(self, impact: Impact, direction: str, place: Place) -> tuple[int, int]:
        """Where the words of a direction stand: in the impact's clause, else at the place."""
        at, end_at = self._clause(impact)
        if (literal := self.text.find(direction, at, end_at)) >= 0:
            return literal, literal + len(direction)
        for travel in TRAVEL.finditer(self.text, at, end_at):
            if travelled(travel) in direction:
                return travel.span()
        for arm in ARM.finditer(self.text, at, end_at):
            if arm["arm"] == direction[1:2]:
                return arm.span()
        behind = SIDE.match(self.text, place.end_at) or SIDE.search(self.text, at, end_at)
        return behind.span() if behind is not None else (place.at, place.end_at)

    def _as_written(self, direction: str | None, statement: Statement) -> str | None:
        """Quote a direction that names a town in the script of the notice."""
        if direction is None or not (set(direction) - _COMPASS_WORDS):
            return direction
        at = self.text.find(direction, statement.sentence.at, statement.sentence.end_at)
        return direction if at < 0 else self.notice.skeleton.quoted(at, at + len(direction))


def _clock(minutes: int) -> time:
    hours, rest = divmod(minutes % (24 * 60), 60)
    return time(hours, rest)
