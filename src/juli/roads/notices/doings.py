"""What a statement says is done at its places: which of several impacts, which way, on which lanes."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from juli.roads.notices.binding import Notice, Statement
from juli.roads.notices.directions import OPPOSITE, SIDE, TRAVEL, travelled
from juli.roads.notices.impacts import Impact
from juli.roads.notices.outline import Section
from juli.roads.notices.place_reading import Place
from juli.roads.notices.place_words import SOME_LANES
from juli.roads.notices.scope import Scope
from juli.roads.notices.surroundings import LeftOpen
from juli.roads.notices.ways import way_of

#: Which kind a statement is of that says several things, from the first to the last; ``!`` marks 全封闭.
_RELATIVE: Final = ("左侧", "右侧", "最左侧", "最右侧")
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
    "|(?:最?[东南西北左右内外]{1,2}侧|[内外中]间?|[一二两三四\\d]条|部分|第[一二三四\\d])[^,。;:\n所全双]{0,4}?(?<!(?<!机)非)(?:机动车道|车道|行车线))"
)
#: 西向东车道封闭,车辆借用东向西车道双向通行: half of the road carries both ways.
_BORROWED: Final = re.compile(
    "(?:借用|利用|借道|通过|占用)[^,。;:\n]{0,16}(?:双向|对向|交替)[^,。;:\n]{0,6}(?:通行|行驶)|[东南西北另][^,。;:\n]{0,8}(?:车道|半幅|侧|幅)[^,。;:\n]{0,4}双向[^,。;:\n]{0,5}(?:通行|行驶)"
)
#: 路口封闭施工,仅保留南北方向直行通行: a junction is closed in part.
_WAYS_KEPT: Final = re.compile(
    "(?:保留|保证|维持|保持)[^,。;\n]{0,6}(?:[东南西北]{2}|直行|左转|右转|车道)[^,。;\n]{0,8}通行|[东南西北]{2}(?:方?向)?[^,。;\n]{0,4}(?:保留|保证|维持|保持)[^,。;\n]{0,8}(?:通行|车道)"
)
#: All the lanes of a side: 东侧机动车道, without a number of lanes.
_CARRIAGEWAY: Final = re.compile("(?:^|[^条个根]|侧)(?:机动车道|车行道)")
#: 东侧施工,西侧双向两车道通行,实行半封闭
_WORKS_AT_SIDE: Final = re.compile("([东南西北](?:侧|半幅|侧半幅))(?:先行|进行)?(?:施工|围挡|围蔽|作业)")
#: 封闭方向为由南往北, in a clause or a line of its own.
_WAY_TOLD: Final = re.compile(
    rf"(?:(?P<passes>通行|行驶|行车)|封闭|施工|管制|禁行|限行|占道|(?<=[,;\n]))方向[为是:]"
    rf"(?:(?P<both>双向)|{TRAVEL.pattern}|(?P<named>[^,。;:\n()]{{2,12}}(?=[,。;\n]|$)))"
)
#: 往市区方向: a way that no compass tells.
_BOUND_FOR: Final = re.compile("((?:开往|驶往|往|[一-鿿]{2,5}[往至到去])[一-鿿]{2,7}?方向)")
_CARS_PASS: Final = re.compile(
    "(?<!非)(?<!其余.条)(?<!其余..条)(?<!其余)(?<!其他)(?<!剩余)机动车(?:道)?(?:可|仍可)?(?:正常通行|不受影响)"
)
HALF_OF_IT: Final = re.compile("的?[东南西北左右](?:侧?半)?幅")


@dataclass(frozen=True)
class Doing:
    """What a statement says is done, as it makes one zone of each place."""

    impact: Impact
    kind: str
    direction: str | None


class Doings:
    """What the statements of a notice say is done."""

    def __init__(self, notice: Notice, scope: Scope):
        self.notice = notice
        self.scope = scope
        self.text = notice.skeleton.text

    def of(self, statement: Statement, places: Sequence[Place]) -> Iterator[Doing]:
        """What is done: each banned turn, the ban on trucks, and the one thing that is done to the road."""
        for impact in statement.impacts:
            if impact.kind == "movement":
                for turn in (impact.direction or "").split("、"):
                    yield Doing(impact, "movement", _from_arm(turn, places) or None)
            elif impact.kind == "trucks_banned":
                yield Doing(impact, "trucks_banned", impact.direction)
        limits = [impact for impact in statement.impacts if impact.kind == "limit"]
        if len(limits) == len(statement.impacts):
            # 大桥限载15吨: who is over it is kept out
            yield Doing(limits[0], "trucks_banned", limits[0].direction)
            return
        general = [
            impact
            for impact in statement.impacts
            if impact.kind not in ("movement", "trucks_banned", "limit")
        ]
        particular = len(general) < len(statement.impacts) - len(limits)
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
        if particular and kind == "closed" and not best.strong and best.direction is None:
            return  # 禁止货车通行 … 交通管制 is about trucks alone
        some_lanes = [place.lanes or _LANES.match(self.text, place.end_at) for place in places]
        if kind in ("closed", "half_closed") and any(some_lanes):
            kind = "lanes"
        sentence = statement.sentence
        kept = _WAYS_KEPT.search(self.text, sentence.at, sentence.end_at)
        if kind == "closed" and kept is not None and all(place.junction for place in places):
            kind = "half_closed"
        direction = best.direction
        if (direction or _RELATIVE[0]) in _RELATIVE and kind == "lanes" and len(places) == 1:
            # 甲路由西往东方向占用右侧车道: the way tells which side is the right one
            way = places[0].side or self._side_behind(places[0])
            direction = way if way not in (None, "双向") else direction
        sides = {place.side for place in places}
        if len(places) > 1 and None not in sides and kind != "one_way":
            yield Doing(best, kind, sides.pop() if len(sides) == 1 else None)  # each has its own
            return
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
            stands = self.notice.sentence_at(place.at)
            told = stands is not None and stands.number in self.scope.stated
            borrowed |= best.strong and told and place not in statement.places  # 全桥封闭
            side = None if best.strong and borrowed else place.side
            direction = side or (None if borrowed else self._side_behind(place))
            direction = None if direction == "双向" and kind != "closed" else direction
        if direction is None and kind in ("closed", "half_closed") and not statement.places:
            # 由东向西方向桥面更换伸缩缝,半幅封闭
            before = {travelled(travel) for travel in TRAVEL.finditer(self.text, sentence.at, best.at)}
            direction = before.pop() if len(before) == 1 else None
        if direction is None and kind in ("closed", "half_closed", "lanes"):
            direction = self._way_told(statement)
        if kind == "closed" and direction and HALF_OF_IT.fullmatch(direction):
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
        yield Doing(best, kind, direction)

    def with_sides(self, statement: Statement, places: Sequence[Place]) -> list[Place]:
        """Give each of several places the side behind it; one behind the last is that of all."""
        turns = any(impact.kind == "movement" for impact in statement.impacts)
        if len(places) == 1 or turns or any(place.junction for place in places):
            return list(places)
        own = [place in statement.places for place in places]
        sides = [
            place.side or (self._side_behind(place) if mine else None)
            for place, mine in zip(places, own, strict=True)
        ]
        if not any(sides[:-1]):
            in_brackets = self.text[places[-1].end_at - 1] == ")"
            return [place if in_brackets else replace(place, side=places[-1].side) for place in places]
        if None in sides:
            at, end_at = places[sides.index(None)].at, places[sides.index(None)].end_at
            raise LeftOpen(self.scope.unsure("direction", at, end_at, "whose side this is is not told"))
        return [replace(place, side=side) for place, side in zip(places, sides, strict=True)]

    def _way_told(self, statement: Statement) -> str | None:
        """The way that a clause of its own tells: 封闭方向为由南往北; raises where it may be another's."""
        told = list(_WAY_TOLD.finditer(self.text)) if "方向" in self.text else []
        if not told:
            return self._side_in_a_field(statement)
        inside = [t for t in told if statement.sentence.at <= t.start() < statement.sentence.end_at]
        if inside and self.scope.followed(statement):
            inside = []
        mine = inside if inside else told if len(self.scope.statements) == 1 else []
        ways = {"双向" if t["both"] else way_of(t["named"]) if t["named"] else travelled(t) for t in mine}
        if len(ways) != 1 or None in ways or any(t["passes"] for t in mine):
            raise LeftOpen(self.scope.unsure("direction", *told[0].span(), "whose way this is is not told"))
        way = ways.pop()
        return way if way != "双向" else None

    def _side_in_a_field(self, statement: Statement) -> str | None:
        """The side that another field of a form begins with: 占道范围:北侧机动车道."""
        fields = [
            side
            for sentence in self.notice.sentences
            if sentence.section in (Section.PLACE, Section.MEASURE)
            and sentence.at > sentence.whole_at
            and sentence is not statement.sentence
            and not self.notice.places_in(sentence)
            and (side := SIDE.match(self.text, sentence.at, sentence.end_at)) is not None
        ]
        if fields and (len(fields) > 1 or len(self.scope.statements) > 1 or fields[0]["both"]):
            raise LeftOpen(
                self.scope.unsure("direction", *fields[0].span(), "whose side this is is not told")
            )
        return fields[0][0] if fields else None

    def _side_behind(self, place: Place) -> str | None:
        """The side or way that stands right behind a place: 甲路(乙路至丙路)东侧."""
        end_at = place.end_at + self.text.startswith("的", place.end_at)
        if (side := SIDE.match(self.text, end_at)) is not None:
            return side[0] if side["both"] is None else "双向"
        if (travel := TRAVEL.match(self.text, end_at)) is not None:
            return travelled(travel)
        named = _BOUND_FOR.match(self.text, end_at)
        return named[1] if named is not None else None


def _from_arm(turn: str, places: Sequence[Place]) -> str:
    """Give a turn the arm of the junction that it begins at: 东进口左转 is 由东向西左转."""
    side = places[0].side if len(places) == 1 else None
    if not side or side[0] not in OPPOSITE or "向" in turn or "进口" in turn:
        return turn
    return f"由{side[0]}向{OPPOSITE[side[0]]}{turn}"
