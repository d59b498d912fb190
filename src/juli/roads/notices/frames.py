"""What a notice says is done, and where: its statements, with what stands around them.

A statement is one thing that the works do. What it does not say itself stands near it: in its sentence, in
its item, in the sections above it, in the form's other fields, at last in the title. The nearest level that
says anything settles it.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final, TypeVar

from juli.roads.notices.acts import NOT_THE_ROAD, Impact, find_impacts
from juli.roads.notices.detours import Detour, find_detours
from juli.roads.notices.doubts import CHANGED_TO, is_over, reasons_in
from juli.roads.notices.place_words import BLANK
from juli.roads.notices.places import PLACE, Spot
from juli.roads.notices.skeleton import Skeleton
from juli.roads.notices.spots import find_spots, find_ways
from juli.roads.notices.times import Hours, Period
from juli.roads.notices.tree import Node, Role, Sentence, grow

_T = TypeVar("_T")

#: What lies between two places that one thing is done to.
_LISTED: Final = re.compile(
    r"(?:、|和|及|与|以及|,|及其|,以及|;)?(?:由[东南西北]向[东南西北]|[东南西北左右]侧?半?幅|双向|全线|路段|段|[东南西北]侧|沿线|\([^()\n]{0,12}\))?(?:、|和|及|与|以及|,|,以及)?"
)
#: 甲路改造工程, 往甲路方向: a road that is only mentioned.
_MENTIONED: Final = re.compile(
    rf"(?:仍|均)?(?:开放|不封闭|正常通行|保持(?:畅通|通行))|[^,。;:()\n{PLACE}\ue001-\ue003封禁占]{{0,14}}?(?:工程(?!施工期间)|项目)|(?:往|至)?[^,。;()\n{PLACE}禁封]{{0,6}}方向的?(?:过往|来往|行驶|机动|社会|小型|大型|货|客)*(?:车(?!道)|驾)"
    rf"|(?:[东南西北]行|(?:由|自|从)?[东南西北][往向至到][东南西北](?:方向)?)?的?(?:过往|来往|行驶|社会|小型|大型)*(?:机动车|货车|客车|车辆)(?=[^,。;\n]{{0,6}}(?:可|请|应|须|需|借|由|经|改|绕))|(?:周边|附近)的?{PLACE}|的?(?:匝道|引桥)?上?(?:跨|方)|施工期间(?={PLACE})"
)
_WORKED_ON: Final = re.compile(rf"[^,。;:()\n{PLACE}\ue001-\ue003封禁占]{{0,20}}?(?:工程|项目)")
_TOWARDS: Final = re.compile(
    "(?:沿线|周边|附近|前往|驶往|(?<!禁止)驶入|往|通往|开往|进入|返回|连接|衔接|横穿|上跨|下穿|借用|利用|经|经由|途经|途径|从|由|距离?|离)$"
)
_ENTERED: Final = re.compile("(?:驶出|驶入|进出|出入|进入|驶离)")
_FOOTWAY: Final = re.compile(r"(?:\([^()]*\))?[^,。;]{0,6}(?:人行道|非机动车道|侧分带|绿化带|路肩|公交)")
_CARRIAGEWAY: Final = re.compile("(?<!非)机动车道|车行道|半幅|半边|路面")
#: 途经甲路的车辆请注意,该路段将封闭
_THAT_PLACE: Final = re.compile("[,。;](?:该|此|上述)(?:路段|道路)[^。;]{0,24}$")
_ENDED: Final = re.compile("结束|解除|完工|通车|恢复|取消")
_WINDOW: Final = 24


@dataclass(eq=False)
class Statement:
    """One thing that is done, and the places that its sentence names for it."""

    sentence: Sentence
    act: Impact
    spots: list[Spot]
    at: int
    end_at: int
    headed: bool = False


@dataclass(eq=False)
class Frames:
    """The statements of a notice, and what stands around them."""

    skeleton: Skeleton
    sentences: list[Sentence] = field(init=False)

    def __post_init__(self) -> None:
        text = self.skeleton.text
        self.sentences = grow(text)
        self._starts = [sentence.whole_at for sentence in self.sentences]
        self.detours: list[Detour] = find_detours(self.skeleton, self.sentences)
        masked = overwritten(text, [(d.at, d.end_at) for d in self.detours], BLANK)
        self.reasons = sorted(reasons_in(masked, self.sentences))
        self._reason_starts = [at for at, _ in self.reasons]
        self.spots = find_spots(self.skeleton, masked)
        self.ways = find_ways(self.skeleton, masked)
        filled = overwritten(masked, self.reasons, BLANK)
        self.filled = overwritten(
            filled, [(s.at, s.end_at) for s in self.spots if not self.in_reason(s.at)], PLACE
        )
        # 绕行线路:…: the roads of the way round are no places
        self.spots = [
            s for s in self.spots if (on := self.sentence_at(s.at)) is None or on.role is not Role.DETOUR
        ]
        self._spots = self._by_sentence([(spot.at, spot) for spot in self.spots])
        self._periods = self._unchanged(self._by_sentence(self.skeleton.periods.items()))
        self._hours = self._unchanged(self._by_sentence(self.skeleton.hours.items()))
        self.over = {s.number for s in self.sentences if is_over(self.filled, s, self.periods_in(s))}
        self.statements = [s for each in self.sentences if not each.title for s in self._bound(each)]
        if not self.statements and not _ENDED.search(self.skeleton.text):
            # 甲路(乙路至丙路)封闭施工, above a form of times and ways round
            self.statements = [s for each in self.sentences if each.title for s in self._bound(each)]
        self._nodes_with_statements: set[Node] = set()
        self._own_nodes: set[Node] = set()
        for statement in self.statements:
            if statement.act.kind != "works":
                self._nodes_with_statements.update(statement.sentence.path)

        for sentence in self.sentences:
            if self.periods_in(sentence) and any(not self.mentioned(s) for s in self.spots_in(sentence)):
                self._own_nodes.update(sentence.path)

    # -- what stands where ---------------------------------------------------------------------------------

    def spots_in(self, sentence: Sentence) -> list[Spot]:
        """The places that a sentence names."""
        return [spot for _, spot in self._spots.get(sentence.number, ())]

    def periods_in(self, sentence: Sentence) -> Sequence[tuple[int, Period]]:
        """The periods of a sentence, with where they stand in the skeleton."""
        return self._periods.get(sentence.number, ())

    def hours_in(self, sentence: Sentence) -> Sequence[tuple[int, Hours]]:
        """The daily hours of a sentence, with where they stand in the skeleton."""
        return self._hours.get(sentence.number, ())

    def sentence_at(self, at: int) -> Sentence | None:
        """The sentence that a place of the skeleton belongs to."""
        number = bisect_right(self._starts, at) - 1
        inside = number >= 0 and at < self.sentences[number].end_at
        return self.sentences[number] if inside else None

    def in_reason(self, at: int) -> bool:
        """Whether a place of the skeleton only tells the reason for the works."""
        index = bisect_right(self._reason_starts, at) - 1
        return index >= 0 and at < self.reasons[index][1]

    def mentioned(self, spot: Spot) -> bool:
        """Whether a place is only spoken of: 甲路改造工程, 往甲路方向的车辆."""
        text = self.filled
        if text[spot.end_at : spot.end_at + 1] == "的" and text[spot.end_at + 1 : spot.end_at + 2] == PLACE:
            return True  # 甲公路的乙桥
        if _MENTIONED.match(text, spot.end_at) or _ENTERED.match(text, spot.end_at):
            return True
        led = _TOWARDS.search(text, max(0, spot.at - 4), spot.at)
        if led is not None and led[0] in ("沿线", "周边", "附近") and spot.stretch:
            return False
        return led is not None and not re.search("禁止[^,。;]{0,12}$", text[max(0, spot.at - 20) : spot.at])

    def worked_on(self, spot: Spot) -> bool:
        """Whether a place is spoken of as that of the works: 甲路改造工程."""
        return _WORKED_ON.match(self.filled, spot.end_at) is not None

    def _by_sentence(self, things: Iterable[tuple[int, _T]]) -> dict[int, list[tuple[int, _T]]]:
        found: dict[int, list[tuple[int, _T]]] = {}
        for at, thing in things:
            sentence = self.sentence_at(at)
            if sentence is not None:
                found.setdefault(sentence.number, []).append((at, thing))
        return found

    def _unchanged(self, timed: dict[int, list[tuple[int, _T]]]) -> dict[int, list[tuple[int, _T]]]:
        """Leave out the times of a sentence that it changes into later ones: 由4月1日调整为4月8日."""
        for number, found in timed.items():
            sentence = self.sentences[number]
            changed = CHANGED_TO.search(self.skeleton.text, sentence.at, sentence.end_at)
            if changed is not None and (later := [entry for entry in found if entry[0] >= changed.start()]):
                timed[number] = later
        return timed

    # -- binding -------------------------------------------------------------------------------------------

    def _bound(self, sentence: Sentence) -> Iterator[Statement]:
        """Bind what a sentence says is done to the places that it names."""
        if sentence.role is Role.DETOUR or sentence.number in self.over:
            return
        text = self.filled
        begin = sentence.whole_at if sentence.node.level == "field" else sentence.at
        acts = list(find_impacts(text, begin, sentence.end_at))
        spots = [s for s in self.spots_in(sentence) if not self.in_reason(s.at)]
        floor = sentence.at
        before: Statement | None = None
        for rank, act in enumerate(acts):
            act = self._with_way(act, floor)
            ceiling = acts[rank + 1].at if rank + 1 < len(acts) else sentence.end_at
            inside = [s for s in spots if act.at <= s.at < act.end_at]
            front = [s for s in spots if floor <= s.at and s.end_at <= act.at]
            behind = [s for s in spots if act.end_at <= s.at < ceiling]
            chosen = self._chosen(act, inside, front, behind)
            told = [s for s in self.spots_in(sentence) if floor <= s.at and s.end_at <= act.at]
            if not chosen and told and _THAT_PLACE.search(text[told[-1].end_at : act.at]):
                chosen = [told[-1]]
            if not chosen and before is not None and all(self.mentioned(s) for s in front):
                chosen = list(before.spots)
                # 出入口封闭,禁止车辆通行
                beside = before.act.kind == "lanes" or not before.spots
                if beside and before.act.trouble == NOT_THE_ROAD and not act.trouble:
                    act = replace(act, trouble=NOT_THE_ROAD)
            if chosen and act.kind in ("closed", "half_closed", "lanes") and self._beside_it(act, chosen[-1]):
                act = replace(act, trouble=act.trouble or NOT_THE_ROAD)
            statement = Statement(
                sentence,
                act,
                chosen,
                min([act.at, *(s.at for s in chosen if s.at >= floor)]),
                max([act.end_at, *(s.end_at for s in chosen)]),
            )
            floor = max([act.end_at, *(s.end_at for s in chosen if s.at >= act.at)])
            before = statement
            yield statement

    def _beside_it(self, act: Impact, spot: Spot) -> bool:
        """Whether it is the footway or the strip beside a place that is closed: 封闭甲路(…)人行道及侧分带."""
        if spot.at < act.at:
            return False
        words = re.compile(r"[^,。;\n]*").match(self.filled, spot.end_at)
        said = words[0] if words is not None else ""
        return _FOOTWAY.match(said) is not None and _CARRIAGEWAY.search(said) is None

    def _with_way(self, act: Impact, floor: int) -> Impact:
        """Give an act the way from road to road that stands before it: 甲路往乙路方向半幅封闭."""
        front = [
            (at, end) for at, end in self.ways if floor <= at and end <= act.end_at and act.at - end < _WINDOW
        ]
        if act.direction is not None or not front or act.kind == "movement":
            return act
        trouble = "" if "way" in act.trouble else act.trouble
        return replace(act, direction=self.skeleton.quoted(*front[-1]), trouble=trouble)

    def _chosen(
        self, act: Impact, inside: Sequence[Spot], front: Sequence[Spot], behind: Sequence[Spot]
    ) -> list[Spot]:
        """The places that something is done to: within its words, in front, or right behind them."""
        text = self.filled
        if act.kind == "movement":
            into = [s for s in behind if "," not in text[act.end_at : s.at] and s.at - act.end_at < _WINDOW]
            return [s for s in (*front, *inside, *into) if not s.stretch or s.roads][-3:]
        if behind and behind[0].at == act.end_at and text[act.end_at - 2 : act.end_at] in ("驶入", "进入"):
            return [behind[0], *_run_on(text, behind[0], behind[1:])]
        if inside:
            return [*inside, *_run_on(text, inside[-1], behind)]
        meant = [s for s in front if not self.mentioned(s)]
        right_behind = behind and act.takes_object and behind[0].at == act.end_at
        if meant and right_behind and "," in text[meant[-1].end_at : act.at]:
            return [behind[0], *_run_on(text, behind[0], behind[1:])]
        if meant:
            group = _last_group(text, meant)
            if behind and not behind[0].roads and group[-1].plain and text[act.end_at : behind[0].at] == "(":
                # 甲路…封闭外侧车道(K1+000至K2+000)
                return [replace(behind[0], roads=group[-1].roads, side=group[-1].side)]
            return group
        if behind and _is_object(text, act, behind[0]):
            return [behind[0], *_run_on(text, behind[0], behind[1:])]
        return []

    # -- what stands around --------------------------------------------------------------------------------

    def levels(self, sentence: Sentence, role: Role) -> Iterator[list[Sentence]]:
        """The sentences that may speak for another one, the nearest level first."""
        mine = sentence.path
        ranked: dict[int, list[Sentence]] = {}
        for other in self.sentences:
            if other is sentence or other.title:
                continue
            theirs = other.path
            shared = 0
            while shared < min(len(mine), len(theirs)) and mine[shared] is theirs[shared]:
                shared += 1
            out_of_phase = other.phase and sentence.phase and not set(other.phase) & set(sentence.phase)
            branch = theirs[shared:]
            if branch:
                fits = self._fits(branch, role)
            else:
                fits = shared < len(mine) or self._fits_beside(other, sentence, role)
            if fits and not out_of_phase:
                ranked.setdefault(len(mine) - shared, []).append(other)
        for distance in sorted(ranked):
            yield ranked[distance]

    def _fits(self, branch: Sequence[Node], role: Role) -> bool:
        """Whether what stands in a branch of the tree may speak for what stands beside the branch."""
        roles = {node.role for node in branch}
        if any(node.level == "record" for node in branch):
            return False
        if role in roles:
            return True
        of_its_own = role is Role.DETOUR and branch[0] in self._own_nodes
        return not (branch[0] in self._nodes_with_statements or of_its_own or roles & _FOREIGN[role])

    def _fits_beside(self, other: Sentence, sentence: Sentence, role: Role) -> bool:
        """Whether a sentence of the same node may speak for another one."""
        behind = other.number > sentence.number
        if role is Role.PLACE:
            return not behind
        # another paragraph may speak of works of its own
        stating = other.line != sentence.line and other.line in self._stating_lines
        return not stating or not (role is Role.DETOUR or (role is Role.TIME and behind))

    @cached_property
    def _stating_lines(self) -> set[int]:
        return {s.sentence.line for s in self.statements if s.act.kind != "works" and s.spots}

    @cached_property
    def titles(self) -> list[Sentence]:
        """The sentences of the title."""
        return [sentence for sentence in self.sentences if sentence.title]

    def unphased(self, sentence: Sentence, found: Sequence[Sentence]) -> list[Sentence]:
        """Of several sentences those of the same phase, if any are."""
        same = [s for s in found if sentence.phase and set(s.phase) & set(sentence.phase)]
        return same or list(found)


_FOREIGN: Final = {
    Role.TIME: {Role.OTHER},
    Role.PLACE: {Role.DETOUR, Role.OTHER, Role.TIME},
    Role.MEASURE: {Role.DETOUR, Role.OTHER},
    Role.DETOUR: {Role.OTHER, Role.TIME, Role.PLACE},
}


def _last_group(text: str, spots: Sequence[Spot]) -> list[Spot]:
    """The last of some places with those that are listed right in front of it."""
    group = [spots[-1]]
    for spot in reversed(spots[:-1]):
        between = text[spot.end_at : group[0].at]
        if spot.at == group[0].at or (_LISTED.fullmatch(between) and (between or not spot.plain)):
            group.insert(0, spot)
        else:
            break
    return group


def _run_on(text: str, first: Spot, behind: Sequence[Spot]) -> list[Spot]:
    """The places that are listed right behind one."""
    group: list[Spot] = []
    end_at = first.end_at
    for spot in behind:
        if spot.at < end_at or re.fullmatch(
            r"(?:\((?:全线|全段|双向)\)|[东南西北]侧?半?幅|路段|段|双向)?(?:、|和|及|与|以及)",
            text[end_at : spot.at],
        ):
            group.append(spot)
            end_at = spot.end_at
        else:
            break
    return group


_LIST_BELOW: Final = re.compile(r"[^,。;:\n\ue001]{0,10}(?:如下|路段|道路|路口|范围)?:")


def _is_object(text: str, act: Impact, spot: Spot) -> bool:
    """Whether a place is what something is done to: 封闭甲路, 禁止车辆在甲路通行."""
    between = text[act.end_at : spot.at]
    if between == ":" or _LIST_BELOW.fullmatch(between):
        return True
    return act.takes_object and len(between) <= _WINDOW and not set(between) & set(",。;:、")


def overwritten(text: str, spans: Sequence[tuple[int, int]], mark: str) -> str:
    """A text with some spans overwritten by a sign."""
    parts: list[str] = []
    at = 0
    for first, end in sorted(spans):
        first = max(first, at)
        if first < end:
            parts += (text[at:first], mark * (end - first))
            at = end
    return "".join(parts) + text[at:]
