"""From a notice's statements to its zones, and what is left out because it is open or contradicts itself."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import time
from typing import Final

from juli.roads.notices.accounting import Accounting
from juli.roads.notices.agreement import Agreement, Draft
from juli.roads.notices.binding import Notice, Statement
from juli.roads.notices.detours import Detour
from juli.roads.notices.directions import ARM, OPPOSITE, SIDE, TRAVEL, travelled
from juli.roads.notices.impacts import Impact, clause_around, heading_impact, limits
from juli.roads.notices.outline import Section
from juli.roads.notices.place_words import SOME_LANES
from juli.roads.notices.places import Place
from juli.roads.notices.reading import Evidence, Reading, Unsure, Zone
from juli.roads.notices.scope import LeftOpen, Scope
from juli.roads.notices.times import Hours, Period

_ONLY_LIMITS: Final = re.compile("限[重载高]|吨|限行高度")
#: Which kind a statement is of that says several things, from the first to the last; ``!`` marks 全封闭.
_RANK: Final = ("ramp", "one_way", "half_closed", "closed!", "lanes", "closed", "works")
_STAYS_OPEN: Final = re.compile(
    "(?<!方向)(?:该?道路|该?路段|(?<!非)机动车|(?<!居民)(?<!单位)(?<!应急)(?<!救援)(?<!村民)车辆)[^,。;:\n非绕禁]{0,3}(?:保持|正常|不受影响|可以?)[^,。;:\n绕]{0,3}通行"
)
#: Behind a place, what is closed is some lanes: 甲路(乙路至丙路)北侧2条机动车道, 往甲方向外侧车道, 西行慢线.
_WAY: Final = (
    "(?:(?:由|自|从|往)?[东南西北一-鿿]{1,7}?(?:方向|向(?=内|外|慢|快)|行线?(?=内|外|慢|快|的|[一二三]))"
    f"|{TRAVEL.pattern})"
)
_LANES: Final = re.compile(
    f"(?:\\([^()]{{1,6}}段\\))?的?{_WAY}?的?(?:三线行车的?)?(?:其中)?的?(?:{SOME_LANES}"
    "|(?:最?[东南西北左右内外]{1,2}侧|[内外中]间?|[一二两三四\\d]条|部分|第[一二三四\\d])[^,。;:\n所全双]{0,4}?(?<!非)(?:机动车道|车道|行车线))"
)
#: 西向东车道封闭,车辆借用东向西车道双向通行: half of the road carries both ways.
_BORROWED: Final = re.compile(
    "(?:借用|利用|借道|通过|占用)[^,。;:\n]{0,16}(?:双向|对向|交替)[^,。;:\n]{0,6}(?:通行|行驶)|[东南西北另][^,。;:\n]{0,8}(?:车道|半幅|侧|幅)[^,。;:\n]{0,4}双向[^,。;:\n]{0,5}(?:通行|行驶)"
)
#: All the lanes of a side: 东侧机动车道, without a number of lanes.
_CARRIAGEWAY: Final = re.compile("(?:^|[^条个根]|侧)(?:机动车道|车行道)")
#: 东侧施工,西侧双向两车道通行,实行半封闭
_WORKS_AT_SIDE: Final = re.compile("([东南西北](?:侧|半幅|侧半幅))(?:先行|进行)?(?:施工|围挡|围蔽|作业)")
#: 封闭方向为由南往北, in a clause or a line of its own.
_WAY_TOLD: Final = re.compile(
    rf"(?:(?P<passes>通行|行驶|行车)|封闭|施工|管制|禁行|限行|占道|(?<=[,;\n]))方向[为是:](?:(?P<both>双向)|{TRAVEL.pattern})"
)
#: 往市区方向: a way that no compass tells.
_BOUND_FOR: Final = re.compile("((?:开往|驶往|往|[一-鿿]{2,5}[往至到去])[一-鿿]{2,7}?方向)")
_DONE_WITH: Final = re.compile("结束|完成|通车|恢复|解除|取消|开放")
_CARS_PASS: Final = re.compile(
    "(?<!非)(?<!其余.条)(?<!其余..条)(?<!其余)(?<!其他)(?<!剩余)机动车(?:道)?(?:可|仍可)?(?:正常通行|不受影响)"
)
_HALF_OF_IT: Final = re.compile("的?[东南西北左右]侧?半幅|的?[左右]幅")
_COMPASS_WORDS: Final = frozenset("由自从向往至东西南北左右双侧半幅转直行掉头、方")


@dataclass(frozen=True)
class _Doing:
    """What a statement says is done, as it makes one zone of each place."""

    impact: Impact
    kind: str
    direction: str | None


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
    agreement = Agreement(notice, zoning.scope)
    accounting = Accounting(notice, zoning.scope, agreement.among(drafts or preambles))
    kept = accounting.held()
    unsure += zoning.unsure
    unsure += accounting.unsure
    unsure += agreement.unsure
    if not kept and not unsure:
        unsure.append(_nothing(notice, zoning.scope))
    return Reading(tuple(draft.zone for draft in kept), tuple(dict.fromkeys(unsure)))


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
        halves = all(_HALF_OF_IT.match(notice.skeleton.text, place.end_at) for place in places)
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
        detours = self._clear(self.scope.detours(statement))
        doings = sorted(self._doings(statement, places), key=lambda doing: doing.impact.at)
        for doing in doings:
            for place in self._for_kind(statement, doing.kind, places):
                for period in self.scope.periods(statement, place):
                    hours: list[Hours | None] = [*self.scope.hours(statement, place, period)]
                    for each in hours or [None]:
                        yield self._draft(statement, place, doing, period, each, detours)

    def _clear(self, detours: Sequence[Detour]) -> Sequence[Detour]:
        """The ways round of a statement: none of them where one could be read in part only."""
        doubtful = [detour for detour in detours if detour.doubt]
        self.unsure += [self.scope.unsure("detours", d.at, d.end_at, d.doubt) for d in doubtful]
        return () if doubtful else detours

    # -- what ----------------------------------------------------------------------------------------------

    def _doings(self, statement: Statement, places: Sequence[Place]) -> Iterator[_Doing]:
        """What is done: each banned turn, the ban on trucks, and the one thing that is done to the road."""
        for impact in statement.impacts:
            if impact.kind == "movement":
                for turn in (impact.direction or "").split("、"):
                    yield _Doing(impact, "movement", _from_arm(turn, places) or None)
            elif impact.kind == "trucks_banned":
                yield _Doing(impact, "trucks_banned", impact.direction)
        general = [impact for impact in statement.impacts if impact.kind not in ("movement", "trucks_banned")]
        particular = len(general) < len(statement.impacts)
        general = [impact for impact in general if impact.kind != "works" or not particular]
        if not general:
            return
        best = min(general, key=lambda impact: _RANK.index(impact.kind + "!" * impact.strong))
        kind = "closed" if best.kind == "works" else best.kind
        if kind == "closed" and best.direction is None:
            sentence = statement.sentence
            open_too = _STAYS_OPEN.search(self.text, sentence.at, sentence.end_at)
            if open_too is not None:
                raise LeftOpen(
                    self.scope.unsure("impact", *open_too.span(), "the road is also said to stay open")
                )
        if particular and kind == "closed" and not best.strong:
            return  # 禁止货车通行 … 交通管制 is about trucks alone
        some_lanes = [place.lanes or _LANES.match(self.text, place.end_at) for place in places]
        if kind in ("closed", "half_closed") and any(some_lanes):
            kind = "lanes"
        if any(place.ramp for place in places) and kind in ("closed", "half_closed"):
            kind = "ramp"
        direction = best.direction
        if direction is None and kind != "one_way":
            direction = next((impact.direction for impact in general if impact.direction), None)
        if direction is None and kind == "one_way":
            raise LeftOpen(
                self.scope.unsure("direction", best.at, best.end_at, "which way stays open is not told")
            )
        if direction is None and len(places) == 1:
            place = places[0]
            # the side behind a place is told of another phase where the place is borrowed from it
            borrowed = bool(statement.sentence.phase) and place not in statement.places
            direction = place.side or (None if borrowed else self._side_behind(place))
            direction = None if direction == "双向" and kind != "closed" else direction
        if direction is None and kind in ("closed", "half_closed", "lanes"):
            direction = self._way_told(statement)
        if kind == "closed" and direction and _HALF_OF_IT.fullmatch(direction):
            kind = "half_closed"
        sentence = statement.sentence
        borrowed_side = kind in ("closed", "lanes") and _BORROWED.search(self.text, best.at, sentence.end_at)
        all_lanes = kind == "lanes" == best.kind and _CARRIAGEWAY.search(self.text, best.at, best.end_at)
        if direction and borrowed_side and (kind == "closed" or (all_lanes and direction[-1] == "侧")):
            # 东侧机动车道封闭,车辆借用西侧车道双向通行: all the lanes of that side
            kind = "half_closed"
        if kind == "half_closed" and direction is None:
            sides = {found[1] for found in _WORKS_AT_SIDE.finditer(self.text, sentence.at, sentence.end_at)}
            direction = sides.pop() if len(sides) == 1 else None
        arm = places[0].side if len(places) == 1 else None
        if arm and direction and arm[0] in OPPOSITE and arm[0] not in direction:
            raise LeftOpen(
                self.scope.unsure("direction", best.at, best.end_at, "two sides of the place are named")
            )
        if kind == "lanes" and (
            free := _CARS_PASS.search(self.text, statement.sentence.at, statement.sentence.end_at)
        ):
            raise LeftOpen(self.scope.unsure("impact", *free.span(), "motor traffic is said to pass"))
        yield _Doing(best, kind, direction)

    def _way_told(self, statement: Statement) -> str | None:
        """The way that a clause of its own tells: 封闭方向为由南往北; raises where it may be another's."""
        told = list(_WAY_TOLD.finditer(self.text)) if "方向" in self.text else []
        if not told:
            return None
        inside = [t for t in told if statement.sentence.at <= t.start() < statement.sentence.end_at]
        if inside and self.scope.followed(statement):
            inside = []
        mine = inside if inside else told if len(self.scope.statements) == 1 else []
        ways = {travelled(t) if t["both"] is None else "双向" for t in mine}
        if len(ways) != 1 or any(t["passes"] for t in mine):
            raise LeftOpen(self.scope.unsure("direction", *told[0].span(), "whose way this is is not told"))
        way = ways.pop()
        return way if way != "双向" else None

    def _side_behind(self, place: Place) -> str | None:
        """The side or way that stands right behind a place: 甲路(乙路至丙路)东侧."""
        end_at = place.end_at + self.text.startswith("的", place.end_at)
        if (side := SIDE.match(self.text, end_at)) is not None:
            return side[0] if side["both"] is None else "双向"
        if (travel := TRAVEL.match(self.text, end_at)) is not None:
            return travelled(travel)
        named = _BOUND_FOR.match(self.text, end_at)
        return named[1] if named is not None else None

    def _for_kind(self, statement: Statement, kind: str, places: Sequence[Place]) -> list[Place]:
        """Join plain roads that are closed alike into one place; make a turn's two roads a junction."""
        plain = [place for place in places if not (place.junction or place.stretch or place.ramp)]
        rest = [place for place in places if place not in plain]
        if kind == "movement":
            return [place for place in rest if place.junction] or [self._crossing(statement, plain)]
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
        return replace(plain[0], roads=roads, junction=(roads[0], roads[1]), end_at=plain[-1].end_at)

    def _limits(self, statement: Statement) -> tuple[float | None, float | None]:
        sentence = statement.sentence
        words = self.text[sentence.at : sentence.end_at]
        return limits(words) if _ONLY_LIMITS.search(words) else (None, None)

    # -- the zone ------------------------------------------------------------------------------------------

    def _draft(
        self,
        statement: Statement,
        place: Place,
        doing: _Doing,
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
        zone = Zone(
            roads=place.roads,
            junction=place.junction,
            stretch=place.stretch,
            direction=self._as_written(doing.direction, statement),
            impact=doing.kind,
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
        doing: _Doing,
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


def _from_arm(turn: str, places: Sequence[Place]) -> str:
    """Give a turn the arm of the junction that it begins at: 东进口左转 is 由东向西左转."""
    side = places[0].side if len(places) == 1 else None
    if not side or side[0] not in OPPOSITE or "向" in turn:
        return turn
    return f"由{side[0]}向{OPPOSITE[side[0]]}{turn}"


def _clock(minutes: int) -> time:
    hours, rest = divmod(minutes % (24 * 60), 60)
    return time(hours, rest)
