"""From a notice's statements to drafts of its zones."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import time
from typing import Final

from juli.roads.notices.abstaining import Abstaining, LeftOpen
from juli.roads.notices.acts import IN_TURN, SOME_TRUCKS, heading_impact, limits
from juli.roads.notices.detours import Detour
from juli.roads.notices.doubts import doubts_of, is_area, some_days
from juli.roads.notices.frames import Frames, Statement
from juli.roads.notices.places import Spot
from juli.roads.notices.reading import Evidence, Zone
from juli.roads.notices.times import Hours, Period
from juli.roads.notices.tree import Role
from juli.roads.notices.way_round import WayRound
from juli.roads.notices.when import When
from juli.roads.notices.where import Where
from juli.roads.notices.which_way import WhichWay

_ONLY_LIMITS: Final = re.compile("限[重载高]|吨|限行高度")
#: Roads around an area.
#: 起止位置:, the field of a form
_ENDS: Final = re.compile("[^:]{0,4}(?:起止|区段|桩号)")
_BOUNDED: Final = re.compile("合围|围合|围成")
HALF_OF_IT: Final = re.compile("的?[东南西北左右上下](?:行|游)?(?:侧?半)?幅")
#: 路口封闭施工,仅保留南北方向直行通行: a junction is closed in part.
_WAYS_KEPT: Final = re.compile(
    "(?:保留|保证|维持|保持)[^,。;\n]{0,6}(?:[东南西北]{2}|直行|左转|右转|车道)[^,。;\n]{0,8}通行|[东南西北]{2}(?:方?向)?[^,。;\n]{0,4}(?:保留|保证|维持|保持)[^,。;\n]{0,8}(?:通行|车道)"
)
#: 西向东车道封闭,车辆借用东向西车道双向通行: half of the road carries both ways.
_BORROWED: Final = re.compile(
    "(?:借用|利用|借道|通过|占用)[^,。;:\n]{0,16}(?:双向|对向|交替)[^,。;:\n]{0,6}(?:通行|行驶)|[东南西北另][^,。;:\n]{0,8}(?:车道|半幅|侧|幅)[^,。;:\n]{0,4}双向[^,。;:\n]{0,5}(?:通行|行驶)"
)
_SOME_LANE: Final = re.compile(
    "(?:最[外内左右]侧|[外内]侧|[一二两三1-4]条|第[一二三四])[^,。;]{0,3}(?:车行道|(?:机动)?车道)"
)
_RAISED: Final = re.compile("高架|快速路|高速")
_ONE_SIDE: Final = re.compile("[东南西北左右]{1,2}(?:侧|进口|出口|口)|[上下]游侧?")
#: Behind a place, what is closed is some lanes: 甲路(乙路至丙路)北侧2条机动车道, 往甲方向外侧车道, 西行慢线.
LANES: Final = re.compile(
    "(?:\\([^()]{1,6}段\\))?的?(?:(?:由|自|从|往)?[东南西北一-鿿]{1,7}?(?:方向|向(?=内|外|慢|快)|行线?(?=内|外|慢|快|的|[一二三])))?的?(?:三线行车的?)?(?:其中)?的?"
    "(?:(?:其中)?(?:[一二两三\\d]条)?(?:最?[快慢中内外左右]线(?:[及和、与][快慢中内外]线)?|(?:巴士)?专线[及和][快慢中]线|行车线)"
    "|(?:最?[东南西北左右内外]{1,2}侧|[内外中]间?|[一二两三四\\d]条|部分|第[一二三四\\d])[^,。;:\n所全双非]{0,4}?(?<!(?<!机)非)(?:机动车道|车道|行车线))"
)


@dataclass(frozen=True)
class Draft:
    """A zone before it is held against the others."""

    zone: Zone
    spot: Spot
    statement: Statement

    @property
    def roads(self) -> set[str]:
        """Every road of its place."""
        return {*self.spot.roads, *(self.spot.junction or ())}


class Zoning(Abstaining):
    """Makes the drafts of one notice."""

    def __init__(self, frames: Frames):
        super().__init__(frames)
        self.where = Where(frames)
        self.which_way = WhichWay(frames)
        self.when = When(frames, self.where)
        self.way_round = WayRound(frames)
        self.way_round.unsure = self.unsure

    def drafts(self, statements: Iterable[Statement], *, quietly: bool = False) -> list[Draft]:
        """Make the zones of some statements; what is open goes to ``unsure``, unless quietly."""
        found: list[Draft] = []
        before = len(self.unsure)
        for statement in statements:
            try:
                found += list(self._of(statement))
            except LeftOpen as left_open:
                self.unsure.append(left_open.unsure)
        if quietly:
            del self.unsure[before:]
        return found

    def _of(self, statement: Statement) -> Iterator[Draft]:
        act = statement.act
        if act.trouble and not (act.trouble == IN_TURN and self.where.each_with_its_days(statement)):
            raise LeftOpen(self.left_open("impact", act.at, act.end_at, act.trouble))
        if _BOUNDED.search(self.text, statement.sentence.at, statement.sentence.end_at):
            raise LeftOpen(
                self.left_open("roads", statement.at, statement.end_at, "an area is closed, not a road")
            )
        for doubt in doubts_of(statement.sentence, self.frames.filled):
            raise LeftOpen(self.left_open(*doubt))
        spots = self.where.places(statement)
        if not spots:
            raise LeftOpen(
                self.left_open("roads", statement.at, statement.end_at, "where this holds is not told")
            )
        if act.kind == "movement":
            spots = [self.where.crossing(statement, spots)]
        trucks = self._some_trucks(statement) if act.kind == "trucks_banned" else None
        if trucks is not None:
            raise LeftOpen(self.left_open("impact", *trucks.span(), "only some trucks are kept out"))
        for spot in spots:
            try:
                yield from self._at(statement, spot, spots)
            except LeftOpen as left_open:
                self.unsure.append(left_open.unsure)

    def _at(self, statement: Statement, spot: Spot, spots: Sequence[Spot]) -> Iterator[Draft]:
        """The zones that a statement makes of one of its places."""
        if spot.part:
            unsure = self.left_open("stretch", spot.at, spot.end_at, spot.part)
            lanes = statement.act.kind == "lanes" or LANES.match(self.text, spot.end_at)
            if not lanes and statement.act.kind != "trucks_banned":
                raise LeftOpen(unsure)
            self.unsure.append(unsure)
        self._hold_to_its_ends(spot)
        self.when.hold_to_its_phase(statement)
        stands = self.frames.sentence_at(spot.at)
        if stands is not None and spot not in statement.spots and is_area(stands, self.frames.filled):
            raise LeftOpen(self.left_open("roads", spot.at, spot.end_at, "an area is closed, not a road"))
        detours = self.way_round.detours(statement, spot)
        for direction in self.which_way.directions(statement, spot, spots):
            for period in self.when.periods(statement, spot, spots):
                if period.start is None or period.end is None:
                    raise LeftOpen(self.left_open_when(period.field or "end", period, period.why))
                when = self.frames.sentence_at(self.when.place_of(period))
                some = some_days(when, self.frames.filled) if when is not None else None
                if some is not None:
                    raise LeftOpen(
                        self.left_open("daily", *some.span(), "the works are on some days of the week only")
                    )
                for hours in self.when.hours(statement, spot, period) or [None]:
                    if hours is not None and self.when.is_another_time(statement, spot, period, hours):
                        that_day = self.when.that_day(period, hours)
                        yield self._draft(statement, spot, direction, that_day, None, detours)
                    else:
                        yield self._draft(statement, spot, direction, period, hours, detours)

    def _hold_to_its_ends(self, spot: Spot) -> None:
        """Raise where a form tells the ends of a road's stretch in a field that could not be read."""
        frames = self.frames
        stands = frames.sentence_at(spot.at)
        if stands is None or not spot.plain:
            return
        for other in frames.sentences:
            beside = other.node is not stands.node and other.node.parent is stands.node.parent
            told = beside and other.role is Role.PLACE and not frames.spots_in(other)
            if told and _ENDS.match(self.text, other.whole_at, other.at):
                raise LeftOpen(
                    self.left_open(
                        "stretch", other.at, other.end_at, "between which roads could not be made out"
                    )
                )

    def _some_trucks(self, statement: Statement) -> re.Match[str] | None:
        """Words of a sentence, or of a field of the form, that narrow a ban on trucks to some of them."""
        text = self.frames.filled
        for sentence in self.frames.sentences:
            if sentence is not statement.sentence and sentence.role not in (Role.MEASURE, Role.PLACE):
                continue
            if (found := SOME_TRUCKS.search(text, sentence.whole_at, sentence.end_at)) is not None:
                return found
        return None

    def _limits(self, statement: Statement) -> tuple[float | None, float | None]:
        act, sentence = statement.act, statement.sentence
        if act.kind in ("trucks_banned", "limit") and any(act.limits):
            return act.limits
        if act.kind not in ("trucks_banned", "limit") and any(
            s.act.kind == "trucks_banned" and s.sentence is sentence for s in self.frames.statements
        ):
            return None, None
        words = self.text[sentence.at : sentence.end_at]
        return limits(words) if _ONLY_LIMITS.search(words) else (None, None)

    def _draft(
        self,
        statement: Statement,
        spot: Spot,
        direction: str | None,
        period: Period,
        hours: Hours | None,
        detours: Sequence[Detour],
    ) -> Draft:
        act = statement.act
        kind = "trucks_banned" if act.kind == "limit" else "closed" if act.kind == "works" else act.kind
        trucks = kind == "trucks_banned"
        through = None if trucks else self.way_round.through(statement)
        weight, height = self._limits(statement)
        if kind == "closed" and direction and HALF_OF_IT.fullmatch(direction):
            kind = "half_closed"
        one_side = direction is not None and _ONE_SIDE.fullmatch(direction) is not None
        if kind == "closed" and one_side and not act.strong and not spot.junction:
            # of a road its one side; of a road on pillars that is one of its two carriageways
            kind = "closed" if _RAISED.search(spot.roads[0]) else "half_closed"
        kind = self._as_told(statement, spot, kind, direction)
        if kind in ("closed", "half_closed") and (spot.lanes or LANES.match(self.text, spot.end_at)):
            kind = "lanes"
        kind = "ramp" if spot.ramp and kind in ("closed", "half_closed") else kind
        if direction == "双向" and kind != "closed":
            direction = None
        if period.start is None or period.end is None:
            raise LeftOpen(self.left_open_when("end", period, period.why))
        zone = Zone(
            roads=spot.roads,
            junction=spot.junction,
            stretch=spot.stretch,
            direction=self.which_way.as_written(direction, statement),
            impact=kind,
            applies_to="trucks" if trucks else "through" if through else "all",
            start=period.start,
            end=period.end,
            daily=(_clock(hours.first), _clock(hours.last)) if hours else None,
            detours=tuple(dict.fromkeys(chain for detour in detours for chain in detour.chains)),
            weight_t=weight,
            height_m=height,
            evidence=self._evidence(statement, spot, direction, period, hours, detours, through),
        )
        if weight is not None or height is not None:
            zone.evidence["limits"] = self._quoted(*self.which_way.clause(act))
        return Draft(zone, spot, statement)

    def _as_told(self, statement: Statement, spot: Spot, kind: str, direction: str | None) -> str:
        """A closure as other words of the sentence, or the heading of the place, tell it more exactly."""
        sentence, act = statement.sentence, statement.act
        if kind == "closed" and spot.junction and _WAYS_KEPT.search(self.text, sentence.at, sentence.end_at):
            return "half_closed"
        if kind == "closed" and direction and _BORROWED.search(self.text, act.at, sentence.end_at):
            return "half_closed"
        if kind == "lanes" and direction and "条" not in self.text[act.at : act.end_at]:
            other = _BORROWED.search(self.text, act.end_at, sentence.end_at)
            if other is not None and _ONE_SIDE.fullmatch(direction):
                return "half_closed"  # 南侧车道全封闭,车辆在北侧车道双向通行
        before = kind == "half_closed" and spot.end_at < act.at and sentence.at <= spot.at
        if before and _SOME_LANE.search(self.text, spot.end_at, act.at):
            return "lanes"
        if kind == "closed" and not act.strong and spot.end_at < act.at and sentence.at <= spot.at:
            others = [
                s.act.end_at for s in self.frames.statements if s.sentence is sentence and s.act.at < act.at
            ]
            if _SOME_LANE.search(self.text, max([spot.end_at, *others]), act.at):
                return "lanes"
        stands = self.frames.sentence_at(spot.at)
        if kind == "closed" and stands is not None and stands is not sentence and stands.role is Role.PLACE:
            headed = heading_impact(self.frames.filled, stands.whole_at, stands.at)
            if headed is not None and headed.kind == "half_closed":
                return "half_closed"
        return kind

    def _quoted(self, at: int, end_at: int) -> Evidence:
        first, end = self.frames.skeleton.span(at, end_at)
        return Evidence(first, end, self.frames.skeleton.normal.original[first:end])

    def _evidence(
        self,
        statement: Statement,
        spot: Spot,
        direction: str | None,
        period: Period,
        hours: Hours | None,
        detours: Sequence[Detour],
        through: re.Match[str] | None,
    ) -> dict[str, Evidence]:
        """Quote, field by field, where a zone was read."""
        normal = self.frames.skeleton.normal
        act = statement.act

        def timed(at: int, end_at: int) -> Evidence:
            first, end = normal.span(at, end_at)
            return Evidence(first, end, normal.original[first:end])

        place = self._quoted(spot.at, spot.end_at)
        found = {
            "roads": place,
            "impact": self._quoted(act.at, act.end_at),
            "start": timed(period.at, period.end_at),
            "end": timed(period.at, period.end_at),
        }
        if spot.junction:
            found["junction"] = place
        if spot.stretch:
            found["stretch"] = place
        if hours is not None:
            found["daily"] = timed(hours.at, hours.end_at)
        if detours:
            found["detours"] = self._quoted(detours[0].at, detours[-1].end_at)
        if through is not None:
            found["applies_to"] = self._quoted(*through.span())
        if direction:
            found["direction"] = self._quoted(*self.which_way.direction_words(act, direction, spot))
        return found


def _clock(minutes: int) -> time:
    hours, rest = divmod(minutes % (24 * 60), 60)
    return time(hours, rest)
