"""The way of travel, or the side, that a statement closes at a place."""

import re
from collections.abc import Sequence
from typing import Final

from juli.roads.notices.abstaining import Abstaining, LeftOpen
from juli.roads.notices.acts import Impact, clause_around
from juli.roads.notices.directions import OPPOSITE, SIDE, TRAVEL, travelled
from juli.roads.notices.frames import Statement
from juli.roads.notices.places import Spot
from juli.roads.notices.ways import WAY, way_of

_WAY_TOLD: Final = re.compile(
    rf"(?:(?P<passes>通行|行驶|行车)|封闭|施工|管制|禁行|限行|占道|影响|(?<=[,;\n]))方向(?:[为是:])"
    rf"(?:(?P<both>双向)|{TRAVEL.pattern}|(?P<named>[^,。;:\n()]{{2,12}}(?=[,。;\n]|$)))"
)
_BOUND_FOR: Final = re.compile(
    "(?:的|[,(])?((?:开往|驶往|往|去往|[一-鿿]{2,5}[往至到去])[一-鿿]{2,7}?(?:方向|(?=行车线|車道|车道|[快慢]线))|(?<![一-鿿])[一-鿿]{2,4}方向)"
)
_ANY_WAY: Final = re.compile(WAY)
_ONE_WAY_ONLY: Final = re.compile("单向(?:临时)?(?:全)?封闭")
_ONE_WAY: Final = re.compile("单向(?![行通循交车双放管轮])")
_SEGMENT: Final = re.compile(r"(?:主线|主路)?(?:路?段|道路|路面)?的?(?:K\d+(?:\+\d+)?处?)?")
_TO_WHERE: Final = re.compile(r"\(([^()\n]{2,12})\)")
_COMPASS_WORDS: Final = frozenset("由自从向往至东南西北左右双侧半幅转直行掉头、方")


class WhichWay(Abstaining):
    """Finds the ways of the statements of one notice."""

    def directions(self, statement: Statement, spot: Spot, spots: Sequence[Spot]) -> list[str | None]:
        """The ways or sides that a statement closes at a place."""
        act = statement.act
        if act.kind == "movement":
            return [_from_arm(turn, spot) or None for turn in (act.direction or "").split("、")]
        side = spot.side if spot.side != "双向" or act.kind == "closed" else None
        if act.kind == "one_way":
            way = act.direction or self._way_told(statement)
            if way is None:
                raise LeftOpen(
                    self.left_open("direction", act.at, act.end_at, "which way stays open is not told")
                )
            return [way]
        if len(spots) > 1:
            own = [s.side or self._side_behind(s) for s in spots]
            if all(own) or (any(own[:-1]) and spot is not spots[-1]):
                return [own[list(spots).index(spot)]]
        if act.kind in ("trucks_banned", "limit"):
            return [act.direction or (side if statement.spots and spot.side else None)]
        stands = self.frames.sentence_at(spot.at)
        told = any(s.sentence is stands for s in self.frames.statements)
        reason = self.frames.in_reason(spot.at)
        borrowed = act.strong and told and spot not in statement.spots and not act.direction and not reason
        direction = act.direction or (None if borrowed else side or self._side_behind(spot))
        if direction is None and act.kind in ("closed", "half_closed", "lanes"):
            direction = self._before(statement) or self._way_told(statement)
        if (
            direction is None
            and act.kind == "closed"
            and (one := _ONE_WAY.search(self.text, statement.at, act.end_at + 1))
        ):
            bound = _TO_WHERE.match(self.text, one.end())
            if bound is None:
                raise LeftOpen(self.left_open("direction", *one.span(), "which way is closed is not told"))
            direction = _way(bound[1])
        one_way = _ONE_WAY_ONLY.search(self.text) if direction is None and act.kind == "closed" else None
        if one_way is not None:
            raise LeftOpen(self.left_open("direction", *one_way.span(), "which way is closed is not told"))
        return [direction]

    def _side_behind(self, spot: Spot) -> str | None:
        """The side or way that stands right behind a place: 甲路(乙路至丙路)东侧."""
        led = _SEGMENT.match(self.text, spot.end_at)
        end_at = led.end() if led is not None else spot.end_at
        if (side := SIDE.match(self.text, end_at)) is not None:
            return side[0] if side["both"] is None else "双向"
        if (travel := TRAVEL.match(self.text, end_at)) is not None:
            return travelled(travel)
        if (named := _BOUND_FOR.match(self.text, end_at)) is not None:
            return named[1]
        said = _ANY_WAY.match(self.text, end_at)
        return _way(said[0]) if said is not None else None

    def _before(self, statement: Statement) -> str | None:
        """The way told between the place and the words of closing: 甲路由东向西方向,…半幅封闭."""
        sentence = statement.sentence
        at = max([sentence.at, *(s.end_at for s in statement.spots if s.end_at <= statement.act.at)])
        others = [
            s.act.end_at
            for s in self.frames.statements
            if s.sentence is sentence and s.act.at < statement.act.at
        ]
        at = max([at, *others])
        ways = {travelled(t) for t in TRAVEL.finditer(self.text, at, statement.act.at)}
        if len(ways) == 1:
            return ways.pop()
        return None

    def _way_told(self, statement: Statement) -> str | None:
        """The way that a clause of its own tells: 封闭方向为由南往北."""
        told = list(_WAY_TOLD.finditer(self.text))
        inside = [t for t in told if statement.sentence.at <= t.start() < statement.sentence.end_at]
        passes = next((t for t in inside if t["passes"]), None)
        if passes is not None and statement.act.kind in ("closed", "half_closed"):
            raise LeftOpen(self.left_open("direction", *passes.span(), "whose way this is is not told"))
        told = [t for t in told if not t["passes"]]
        sharing = [s for s in self.frames.statements if s.sentence is statement.sentence]
        if inside and len(sharing) > 1 and statement is not sharing[-1]:
            raise LeftOpen(self.left_open("direction", *inside[0].span(), "whose way this is is not told"))
        mine = inside or told
        ways = {
            "双向" if t["both"] else way_of(t["named"]) or t["named"] if t["named"] else travelled(t)
            for t in mine
        }
        if len(ways) == 1:
            way = ways.pop()
            return way if way != "双向" else None
        return None

    def direction_words(self, act: Impact, direction: str, spot: Spot) -> tuple[int, int]:
        """Where the words of a direction stand: in the clause of what is done, else at the place."""
        at, end_at = self.clause(act)
        if (literal := self.text.find(direction, at, end_at)) >= 0:
            return literal, literal + len(direction)
        for travel in TRAVEL.finditer(self.text, at, end_at):
            if travelled(travel) in direction:
                return travel.span()
        behind = SIDE.match(self.text, spot.end_at) or SIDE.search(self.text, at, end_at)
        return behind.span() if behind is not None else (spot.at, spot.end_at)

    def as_written(self, direction: str | None, statement: Statement) -> str | None:
        """Quote a direction that names a town in the script of the notice."""
        if direction is None or not (set(direction) - _COMPASS_WORDS):
            return direction
        at = self.text.find(direction, statement.sentence.at, statement.sentence.end_at)
        return direction if at < 0 else self.frames.skeleton.quoted(at, at + len(direction))

    def clause(self, act: Impact) -> tuple[int, int]:
        """Where the clause stands in which an act is told."""
        return clause_around(self.text, act.at, act.end_at, 0, len(self.text))


def _from_arm(turn: str, spot: Spot) -> str:
    """Give a turn the arm of the junction that it begins at: 东进口左转 is 由东向西左转."""
    side = spot.side
    if not side or side[0] not in OPPOSITE or "向" in turn or "进口" in turn:
        return turn
    return f"由{side[0]}向{OPPOSITE[side[0]]}{turn}"


def _way(said: str) -> str:
    return way_of(said) or said
