"""A second reading of each zone's clauses, which asks whether a word that could narrow it is left over.

The first reading looks for what it knows; this one looks for what remains. It goes over the words between a
zone's place and what is said to be done there, without the patterns that read them, and finds words for a
way, a part of the road, a lane, a date or another road that no field of the zone explains. Such a zone may
close more than the notice does, so it is not stated.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from juli.roads.notices.agreement import Draft
from juli.roads.notices.binding import Notice
from juli.roads.notices.place_reading import PLACE, STRETCH_OF_WHAT
from juli.roads.notices.reading import Unsure
from juli.roads.notices.scope import Scope
from juli.roads.notices.skeleton import NAME

#: A way of travel or a side of the road.
_WAY: Final = re.compile(
    "(?<![双各两反同回返])(?<!个)(?<!主要)方向(?!盘|性|分流)|[东南西北][往向至][东南西北]|[东南西北左右内外上下]侧?半?幅"
    "|(?<!最)[东南西北左右]侧(?!分)|[东南西北]半[边侧]|[内外]圈|[左右]洞|[进出][岛城](?!区)|[东南西北]行(?!街|路|$)|[东南西北]进口"
    "|[上下]游|(?<=口)[东南西北](?:口|侧)|[东南西北]向(?!阳)|单向(?![行通循交车双放管轮])|往[东南西北](?![路街大])|[上下左右A-D]行?线(?!路)|[上下]行(?!人)"
)
_SIDE: Final = re.compile("([东南西北])侧(?!分)")
#: Less than the whole road.
_PART: Final = re.compile(
    "(?<!全)部分(?!路段封)|局部|分段|逐段|轮流|(?<!主)辅[道路]|匝道|收费站|(?<!出)入口|出口(?!通道)|路肩|应急|停车|泊位|半边|(?<![全整])半|分[两二三四五六多\\d]个?(?:阶段|期|步)"
)
_LANE: Final = re.compile(
    "(?:[一二两三四\\d][条个根]|[快慢中外内]|第[一二三四\\d]|最?[左右内外东南西北]侧)[^,。;:\n]{0,4}?(?:车道|行车线)|[快慢中]线"
)
#: Right behind a place these make of it something else, or a part that is not told.
_BESIDE: Final = re.compile(
    "(?<!全)部分(?!路段封)|局部|(?<!主)辅[道路]|匝道|收费站|(?<!出)入口|出口(?!通道)|停车[场位]|泊位|公交站|人行道|非机动车道|慢车道"
    "|应急车道|地下通道|附近|引桥|隧道|高架|[东南西北中]段"
)
_BEHIND: Final = re.compile(f"[^,。;:\n\ue001\ue002{NAME}]*")
#: A clause that only says what stays open.
_OPEN: Final = re.compile(
    "(?:保持|正常|保留|维持|恢复|允许|仍可|可以?|双向|不受影响|开放)[^,。;:\n]{0,8}(?:通行|行驶|影响)?|不受影响|借用|借道"
)
_CLOSES: Final = re.compile("封|禁|断|占|围|关闭|中断|限行|不得|单[向行]")
#: A date that was not read; the day on which all is over is none.
_DATE: Final = re.compile(
    r"\d{1,2}月\d{1,2}[日号]?(?!起?(?:零时|\d{1,2}时|凌晨)?(?:全面|正式|起)?(?:恢复|通车|开放|解除))|[每逢](?:周|星期|月|逢|单|双)"
)
_RANGE_IN_BRACKETS: Final = re.compile(
    r"\((?![^()]*[东南西北][往向至到][东南西北]|[^()]*方向)[^()]{2,}(?:至|到|-)[^()]{2,}\)"
)
#: Half of the road, told behind the words of closing: 封闭由南往北半幅.
_HALF: Final = re.compile("半[幅边侧]")
#: Hours that are told of another closure: 11月6日至10日同一时段.
_SAME_HOURS: Final = re.compile("同一?(?:个)?时间?段|同一时间")
_TURN: Final = re.compile("左转|右转|直行|掉头")
_PIECES: Final = re.compile(f"其中[^。;\n]{{0,30}}?(?:\ue001|封闭|{NAME})")
#: Where each of some clauses begins and ends.
_Spans = Sequence[tuple[int, int]]
_CLAUSE: Final = re.compile("[^,。;:\n]+")


class Accounting:
    """What the clauses of a notice's zones leave over."""

    def __init__(self, notice: Notice, scope: Scope, drafts: Iterable[Draft]):
        self.notice = notice
        self.scope = scope
        self.drafts = list(drafts)
        self.unsure: list[Unsure] = []

    def held(self) -> list[Draft]:
        """The drafts of which nothing is left over; why the others fall stands in ``unsure``."""
        kept = []
        for draft in self.drafts:
            left = next(self._left_over(draft), None)
            if left is None:
                kept.append(draft)
            else:
                self.unsure.append(self.scope.unsure(*left))
        return kept

    def _left_over(self, draft: Draft) -> Iterator[tuple[str, int, int, str]]:
        clauses = list(self._clauses(draft))
        yield from self._ways(draft, clauses)
        yield from self._parts(draft, clauses)
        yield from self._pieces(draft)
        yield from self._turns(draft, clauses)
        yield from self._stretches(draft)
        yield from self._names(draft, clauses)
        yield from self._dates(draft, clauses)
        yield from self._brackets(draft, clauses)
        yield from self._ramps(draft, clauses)
        yield from self._behind(draft)
        yield from self._elsewhere(draft)

    def _clauses(self, draft: Draft) -> Iterator[tuple[int, int]]:
        """The clauses from the place to the words of what is done, but for those that keep something open."""
        text, statement = self.notice.filled, draft.statement
        at, end_at = statement.at, statement.end_at
        sentence = statement.sentence
        at = max(sentence.at, max(text.rfind(mark, sentence.at, at) for mark in ",:;。\n") + 1)
        if not statement.places and draft.zone.impact in ("closed", "half_closed", "lanes"):
            at = sentence.at  # 由东向西方向桥面更换伸缩缝,半幅封闭
        if draft.zone.impact == "trucks_banned":
            # 东半幅封闭,西半幅双向通行,货车禁止驶入: the first clauses speak of another zone
            at = max([at, *(other.end_at for other in statement.impacts if other.at < draft.impact_at)])
        stops = [stop for mark in ",;。\n" if (stop := text.find(mark, end_at, sentence.end_at)) >= 0]
        end_at = min(stops, default=sentence.end_at)
        for clause in _CLAUSE.finditer(text, at, end_at):
            if _CLOSES.search(clause[0]) or not _OPEN.search(clause[0]):
                yield clause.span()
        stands = self.notice.sentence_at(draft.place.at)
        if stands is not None and stands is not sentence and stands.number not in self.scope.stated:
            # 管制路段:甲路(乙路至丙路)往丁方向: what the form says behind the place
            behind = _CLAUSE.match(text, draft.place.end_at, stands.end_at)
            if behind is not None and not _OPEN.search(behind[0]):
                yield behind.span()

    def _behind(self, draft: Draft) -> Iterator[tuple[str, int, int, str]]:
        """What is said right behind the place, wherever it stands: in a reason, a form's field or a title."""
        place, zone, text = draft.place, draft.zone, self.notice.skeleton.text
        if zone.impact not in ("closed", "half_closed", "lanes"):
            return
        if place.side not in (None, "双向") and zone.direction is None:
            yield "direction", place.at, place.end_at, "which way or side is meant could not be made out"
        stands, own = self.notice.sentence_at(place.at), draft.statement.sentence
        if stands is not None and stands is not own and stands.number in self.scope.stated:
            return  # 甲桥西半幅封闭;3月15日全桥封闭: what stands there is said of another zone
        behind = _BEHIND.match(text, place.end_at)
        end_at = behind.end() if behind is not None else place.end_at
        end_at = draft.impact_at if place.end_at <= draft.impact_at < end_at else end_at
        way = _WAY.search(text, place.end_at, end_at)
        halves = zone.impact == "half_closed" and way is not None and way[0].endswith(("半", "幅"))
        if way is not None and zone.direction is None and not halves:
            yield "direction", *way.span(), "which way or side is meant could not be made out"
        beside = _BESIDE.search(text, place.end_at, end_at)
        if beside is not None and zone.impact != "lanes":
            yield "impact", *beside.span(), "whether the whole road is closed could not be made out"

    def _elsewhere(self, draft: Draft) -> Iterator[tuple[str, int, int, str]]:
        """The same stretch named once more with words behind it that are not understood: 甲路(…)隧道."""
        for place in self.notice.places:
            same = place.stretch is not None and place.stretch == draft.place.stretch
            if same and place.roads == draft.place.roads and place.unclear and place.unclear != "mention":
                stands = self.notice.sentence_at(place.at)
                if stands is not None and not stands.title and not self.notice.in_reason(place):
                    yield "stretch", place.at, place.end_at, place.unclear

    def _ways(self, draft: Draft, clauses: _Spans) -> Iterator[tuple[str, int, int, str]]:
        """A way or a side of which the zone says nothing."""
        text, direction = self.notice.filled, draft.zone.direction
        if draft.zone.impact == "one_way":
            return  # 南侧半幅封闭,北侧由东向西单行: the way that stays open is the zone's
        if direction is not None:
            for at, end_at in clauses:
                for side in _SIDE.finditer(text, at, end_at):
                    told = side[1] in direction or _keeps_open(text, side.end(), end_at)
                    if not told and text[side.end() : side.end() + 1] != PLACE:
                        yield "direction", *side.span(), "another side is named too"
            return
        for at, end_at in clauses:
            for way in _WAY.finditer(text, at, end_at):
                of_corner = text[way.start() - 1 : way.start()] == "口"  # 交叉口北侧甲路
                if text[way.end() : way.end() + 1] == PLACE and not of_corner:
                    continue
                if _keeps_open(text, way.end(), end_at):
                    continue
                if draft.zone.impact == "half_closed" and way[0].endswith(("半", "幅")):
                    continue
                yield "direction", *way.span(), "which way or side is meant could not be made out"

    def _parts(self, draft: Draft, clauses: _Spans) -> Iterator[tuple[str, int, int, str]]:
        """A part of the road, or lanes, in a zone that closes the whole."""
        if draft.zone.impact != "closed":
            return
        text = self.notice.filled
        for at, end_at in clauses:
            impact = draft.impact_at
            for part in (
                *_PART.finditer(text, at, min(end_at, impact)),
                *_LANE.finditer(text, at, min(end_at, impact)),
            ):
                yield "impact", *part.span(), "whether the whole road is closed could not be made out"
            half = _HALF.search(text, max(at, impact), end_at)
            if half is not None:
                yield "impact", *half.span(), "whether the whole road is closed could not be made out"

    def _pieces(self, draft: Draft) -> Iterator[tuple[str, int, int, str]]:
        """What is said of the parts of a whole: 其中6月20日至30日封闭甲路至乙路段."""
        text, sentence = self.notice.filled, draft.statement.sentence
        line_end = text.find("\n", sentence.end_at)
        found = _PIECES.search(text, draft.statement.end_at, line_end if line_end >= 0 else len(text))
        if found is not None:
            yield "stretch", *found.span(), "the parts are closed at times of their own"

    def _turns(self, draft: Draft, clauses: _Spans) -> Iterator[tuple[str, int, int, str]]:
        """A turn in the clauses of a banned turn that no zone of theirs bans."""
        if draft.zone.impact != "movement":
            return
        text = self.notice.filled
        told = "".join(d.zone.direction or "" for d in self.drafts if d.statement is draft.statement)
        for at, end_at in clauses:
            for turn in _TURN.finditer(text, at, min(end_at, draft.impact_at)):
                if turn[0] not in told:
                    yield "direction", *turn.span(), "which turns are banned could not be made out"

    def _stretches(self, draft: Draft) -> Iterator[tuple[str, int, int, str]]:
        """A whole road, where the notice also names a stretch of it knows not which road."""
        if draft.place.stretch or draft.place.junction or draft.place.ramp:
            return
        text = self.notice.skeleton.text
        for place in self.notice.places:
            bracketed = ")" in text[place.at : place.end_at] or text[place.end_at : place.end_at + 1] == "("
            own = bracketed and place.unclear not in ("", "mention") and place.roads == draft.place.roads
            if (own or place.unclear == STRETCH_OF_WHAT) and not self.notice.in_reason(place):
                yield "stretch", place.at, place.end_at, "whether this is the stretch is not told"

    def _names(self, draft: Draft, clauses: _Spans) -> Iterator[tuple[str, int, int, str]]:
        """A road between the place and what is done there that is in no zone."""
        text = self.notice.filled
        for at, end_at in clauses:
            name = text.find(NAME, at, end_at)
            if name >= 0:
                yield "roads", name, name + 1, "what the notice says of this road could not be made out"

    def _ramps(self, draft: Draft, clauses: _Spans) -> Iterator[tuple[str, int, int, str]]:
        """Another ramp in one list with the zone's: 甲高架乙路上匝道、往丙方向下匝道."""
        if not draft.place.ramp:
            return
        text = self.notice.filled
        for at, end_at in clauses:
            other = text.find("匝道", max(at, draft.place.end_at), end_at)
            if other >= 0:
                yield "roads", other, other + 2, "whether another ramp is meant too could not be made out"

    def _brackets(self, draft: Draft, clauses: _Spans) -> Iterator[tuple[str, int, int, str]]:
        """A range in brackets, where the zone has none."""
        if draft.place.stretch or draft.place.junction:
            return
        text = self.notice.filled
        for at, end_at in clauses:
            for found in _RANGE_IN_BRACKETS.finditer(text, at, end_at):
                yield "stretch", *found.span(), "what these brackets belong to could not be made out"

    def _dates(self, draft: Draft, clauses: _Spans) -> Iterator[tuple[str, int, int, str]]:
        """A date in the zone's own clauses, or hours in its sentence, that were not read."""
        text = self.notice.filled
        sentence = draft.statement.sentence
        same = _SAME_HOURS.search(text, sentence.at, sentence.end_at)
        if same is not None and draft.zone.daily is None:
            yield "daily", *same.span(), "the hours of the day are not told"
        for at, end_at in clauses:
            found = _DATE.search(text, at, end_at)
            # 原定于3月1日至4月30日: its end has been put off, and the later one is read
            if found is not None and "原" not in text[max(at, found.start() - 12) : found.start()]:
                yield "start", *found.span(), "this date could not be read"


def _keeps_open(text: str, at: int, end_at: int) -> bool:
    """Whether what follows in the clause stays open: 南半幅双向通行."""
    said = text[at:end_at]
    return _CLOSES.search(said) is None and _OPEN.search(said) is not None
