"""The ways round of a statement, and whether only through traffic is kept out."""

import re
from collections.abc import Sequence
from typing import Final

from juli.roads.notices.abstaining import Abstaining
from juli.roads.notices.acts import clause_around
from juli.roads.notices.detours import Detour
from juli.roads.notices.frames import Statement
from juli.roads.notices.places import Spot
from juli.roads.notices.tree import Role, Sentence

_THROUGH: Final = re.compile(
    "(?:过境(?:车辆|机动车|车流|交通|社会车辆|小型)|通过性(?:车辆|交通|车流)|无关车辆(?![^,。;\n]{0,14}(?:现场|工地|施工区|作业区))"
    "|(?:沿线|周边|辖区|附近|小区|本地|内部)[^,。;:\n]{0,12}(?:居民|单位|住户|村民|商户|业主|企业)[^。;:\n]{0,16}(?:除外|出入(?!请|口)|进出(?!请|口)|凭证|通行证)"
    "|(?:小区|居民|住户|村民|商户)[^,。;:\n]{0,6}车辆?(?:仍|均)?可[^,。;:\n]{0,14}(?:出入|进出|驶入|驶出)"
    "|[仅只](?:允许|准许?|限)?[^,。;:\n]{0,12}(?:沿线|单位|居民|小区|住户|村民)[^,。;:\n]{0,8}(?:通行|进出|出入|驶入)"
    "|驻区车辆|界内车辆|(?:居民|单位|住户)[^,。;:\n]{0,10}除外|除(?:沿线|周边|小区|辖区)[^,。;:\n]{0,20}外)"
)
_EVERYBODY: Final = re.compile(
    "(?:禁止|严禁|不允许|不准)(?:一切|所有|任何)(?:机动)?车辆?(?:通行|驶入|进入|行驶)"
)
_FOR_KIND: Final = re.compile("(?P<how>[全半])(?:幅|面|线)?封闭(?:施工)?(?:期间|时(?!间))")
_KINDS: Final = {"全": "closed", "半": "half_closed"}


class WayRound(Abstaining):
    """Finds the ways round of the statements of one notice."""

    def detours(self, statement: Statement, spot: Spot) -> list[Detour]:
        """The ways round of a statement: none of them where one could be read in part only."""
        detours = self._told(statement, spot)
        doubtful = [detour for detour in detours if detour.doubt]
        self.unsure += [self.left_open("detours", d.at, d.end_at, d.doubt) for d in doubtful]
        closed = set() if spot.junction else {*spot.roads}
        for own in (d for d in detours if any({*chain} <= closed for chain in d.chains)):
            self.unsure.append(
                self.left_open("detours", own.at, own.end_at, "this is the closed road itself")
            )
            return []
        return [] if doubtful else detours

    def _told(self, statement: Statement, spot: Spot) -> list[Detour]:
        frames, sentence = self.frames, statement.sentence
        mine = [d for d in frames.detours if d.chains and self._concerns(d, statement, spot)]
        stands = {id(d): frames.sentence_at(d.at) for d in mine}
        mine = [d for d in mine if self._for_kind(d, stands[id(d)]) in ("", statement.act.kind)]
        sharing = [s for s in frames.statements if s.sentence is sentence]
        inside = [d for d in mine if sentence.at <= d.at < sentence.end_at]
        if inside and len(sharing) > 1 and statement in sharing:
            index = sharing.index(statement)
            floor = statement.at if index else sentence.whole_at
            ceiling = sharing[index + 1].at if index + 1 < len(sharing) else sentence.end_at
            own = [d for d in inside if floor <= d.at < ceiling]
            last = sharing[-1]
            if not own and all(d.at > last.act.at for d in inside):
                own = inside if _same_spots(sharing) else []
            if own:
                return own
        elif inside:
            return inside + self._behind(statement, mine)
        if behind := self._behind(statement, mine):
            return behind
        for level in frames.levels(sentence, Role.DETOUR):
            level = frames.unphased(sentence, level)
            stated = {s.sentence.number for s in frames.statements if s.act.kind != "works"}
            numbers = {s.number for s in level if s.number not in stated}
            found = [
                d for d in mine if (told := frames.sentence_at(d.at)) is not None and told.number in numbers
            ]
            if found:
                return self._between(statement, found)
        return []

    def _for_kind(self, detour: Detour, stands: Sentence | None) -> str:
        """What is done while a way round is to be taken (全封闭期间请绕行甲路), if it is told."""
        if stands is None:
            return ""
        told = [match["how"] for match in _FOR_KIND.finditer(self.text, stands.whole_at, detour.at)]
        return _KINDS[told[-1]] if told else ""

    def _between(self, statement: Statement, found: Sequence[Detour]) -> list[Detour]:
        """Of ways round that stand between statements, each those behind it; else those that hold for all."""
        stating = [s for s in self.frames.statements if s.act.kind != "works" and s.spots]
        lines = {s.sentence.line for s in stating}
        if len(lines) < 2:
            return list(found)
        following = [s.at for s in stating if s.sentence.line > statement.sentence.line]
        own = [d for d in found if statement.at < d.at < min(following, default=len(self.text))]
        if own:
            return own
        first, last = stating[0].at, stating[-1].at
        return [d for d in found if not first < d.at < last]

    def _behind(self, statement: Statement, mine: Sequence[Detour]) -> list[Detour]:
        """The ways round behind a statement's sentence in its line, up to the next statement."""
        frames, sentence = self.frames, statement.sentence
        following = [
            s.at for s in frames.statements if s.sentence.number > sentence.number and s.act.kind != "works"
        ]
        ceiling = min(following, default=len(self.text))
        return [
            d
            for d in mine
            if sentence.end_at <= d.at < ceiling
            and (stands := frames.sentence_at(d.at)) is not None
            and sentence.node in stands.node.path()
            and stands.line == sentence.line
        ]

    def _concerns(self, detour: Detour, statement: Statement, spot: Spot) -> bool:
        """Whether a way round is for those whom a statement keeps out: one for trucks alone is theirs."""
        trucks = any(s.act.kind in ("trucks_banned", "limit") for s in self.frames.statements)
        frames = self.frames
        stands = frames.sentence_at(detour.at)
        if stands is not None:
            # 甲路过往车辆可由乙路绕行
            clause = max(self.text.rfind(mark, stands.at, detour.at) for mark in "。;") + 1
            told = {
                road
                for other in frames.spots_in(stands)
                if clause <= other.at and other.end_at <= detour.at and not frames.in_reason(other.at)
                for road in (*other.roads, *(other.junction or ()))
            }
            mine = {*spot.roads, *(spot.junction or ())}
            if told and not told & mine and told & self._closed_roads():
                return False
            earlier = [
                s
                for s in frames.statements
                if s.sentence.line == stands.line and s.spots and s.at < detour.at
            ]
            if (
                stands.line == statement.sentence.line
                and detour.at < statement.at
                and earlier
                and not any(s.sentence is statement.sentence for s in earlier)
            ):
                return False
        at, _ = clause_around(self.text, detour.at, detour.end_at, 0, len(self.text))
        for_trucks = re.search("货车|大型车|重型|载货", self.text[at : detour.end_at]) is not None
        return not (trucks and for_trucks and statement.act.kind not in ("trucks_banned", "limit"))

    def _closed_roads(self) -> set[str]:
        """The roads of the places that the statements and the fields of a form name."""
        frames = self.frames
        posted = [spot for s in frames.sentences if s.role is Role.PLACE for spot in frames.spots_in(s)]
        return {
            road
            for spot in (*posted, *(x for s in frames.statements for x in s.spots))
            for road in spot.roads
        }

    def through(self, statement: Statement) -> re.Match[str] | None:
        """Whether only through traffic is kept out: said in the item, or of the whole notice."""
        sentence = statement.sentence
        if _EVERYBODY.search(self.text, sentence.at, sentence.end_at):
            return None
        own = _THROUGH.search(self.text, sentence.at, sentence.end_at)
        if own is not None:
            return own
        for level in self.frames.levels(sentence, Role.DETOUR):
            for other in level:
                if (found := _THROUGH.search(self.text, other.at, other.end_at)) is not None:
                    return found
        return None


def _same_spots(statements: Sequence[Statement]) -> bool:
    """Whether some statements are of one place."""
    named = [{road for spot in s.spots for road in spot.roads} for s in statements]
    return all(not one or one == named[0] for one in named)
