"""Where the works are: every place that a notice names.

Every road name of a notice begins a spot, whatever is said of it: what a spot is to a closure, or whether it
is only mentioned, is for others to tell.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from juli.roads.notices.ends import in_one_form
from juli.roads.notices.names import MORE_THAN_A_NAME
from juli.roads.notices.place_forms import Forms
from juli.roads.notices.place_words import (
    BLANK,
    BOUND_FOR,
    BRIDGE,
    CORNER,
    CORNER_ONLY,
    HIGH,
    INTERCHANGE,
    LANDMARK,
    NO_END,
    OVER,
    POST_RANGE,
    SOME_PART,
    TO,
    WAY_ALONE,
)
from juli.roads.notices.places import Spot
from juli.roads.notices.skeleton import NAME as R
from juli.roads.notices.skeleton import Skeleton
from juli.roads.notices.ways import at_names, is_tube

_LANDMARK_RANGE: Final = re.compile(
    rf"(?<=[,:;。\n(、])(?P<one>{LANDMARK}{{2,10}}?){TO}(?P<other>{R}(?:{CORNER}|口)?|{LANDMARK}{{2,10}}?)(?P<tail>路?段|之间|(?=[双四六八]车道|全封闭|半封闭|半幅))"
)
#: Right behind a place these make of it something else.
_ANOTHER: Final = re.compile(
    rf"[一-鿿]{{0,6}}转{R}|(?:[一-鿿]{{2,4}}方向)?辅路[由自从]|(?:至{R}?|到{R}?)?(?:的?(?:下穿|上跨)|连接线|支路|引桥|引道|支线|便道|停车场|铁路道口|道口|地下通道|人行地道|人行天桥|[上下]层|[0-9一二两三四几][个处]?路口|公交专用|高架下|交{R}|至{R}|(?:至|到|-{{1,3}})[一-鿿]|(?<=\))(?:主线)?(?:高架桥?|隧道|地道))"
)
#: 甲高速乙至丙段丁收费站出口: not the stretch, but a gate in it
_GATE_BEHIND: Final = re.compile("的?[一-鿿]{2,8}(?:收费站|服务区|匝道)(?:[出入]口|匝道)?(?![至到])")
#: Behind a stretch or a junction these make less of it: a side road, a footway, a part.
_NARROWS: Final = re.compile(
    "的?(?:收费站|匝道|出口匝道|附近|(?:部分|局部)(?:路段|道路|路面)|[东南西北中]段(?![一二三四])|停车场|地下通道"
    "|公交站|引桥|(?:[东南西北两]侧)?(?:辅[路道]|人行道|非机动车道)(?![、和及与]))"
)
#: 东起甲路: the end of a stretch that could not be read
_AT_AN_END: Final = re.compile("[东南西北][起至到]$|[起止][于点][:为]?$")
#: 甲镇至乙村公路: a road that is called by its ends
_FROM_A_TOWN: Final = re.compile("[一-鿿]{2}[至到]")
_ITS_RAMP: Final = re.compile(rf"[^,。;:\n{R}]{{0,30}}匝道")
_BESIDE_CORNER: Final = re.compile("口[东南西北]{1,2}侧?的?$")
_LISTED_ROADS: Final = re.compile(rf"(?<=道路|路段|街道)\({R}(?:[、,和及]{R})+\)")
_LENGTH: Final = re.compile(
    rf"[^。;\n{R}]{{0,24}}(?:封闭|施工|围挡|占道)?(?:长度|全长|总长|长)约?\d+(?:\.\d+)?(?:米|公里|m)"
)
_BESIDE_ANOTHER: Final = "what two names beside each other mean is not clear"
_POSTED_TEXT: Final = re.compile("[Kk]|公里")
_FROM_ROAD: Final = re.compile(
    rf"{R}(?:路?口)?[往至到去]{R}(?:路?口)?方向|(?<=[(即])[一-鿿]{{2,8}}[往至到去]{R}(?:路?口)?方向(?=\)|[半单封])"
)


def find_spots(skeleton: Skeleton, masked: str) -> list[Spot]:
    """Find every place that a notice names, left to right, none overlapping another.

    Parameters
    ----------
    skeleton
        The notice.
    masked
        Its text with the detours blanked out, of the same length.
    """
    return _Finder(skeleton, masked).run()


def find_ways(skeleton: Skeleton, masked: str) -> list[tuple[int, int]]:
    """Find where ways of travel stand that lead from one road to another."""
    return _Finder(skeleton, masked).towards()


class _Finder:
    def __init__(self, skeleton: Skeleton, masked: str):
        self.skeleton = skeleton
        self.text, self.ways = at_names(masked)

    def run(self) -> list[Spot]:
        found: list[Spot] = []
        at = 0
        for begin, end in self.towards():
            self.text = self.text[:begin] + BLANK * (end - begin) + self.text[end:]
        self.forms = Forms(self.skeleton, self.text)
        while (at := self._next(at)) >= 0:
            spots = [self._narrowed(self._going(spot)) for spot in self.forms.read(at)]
            if not spots[0].roads or not self._within_brackets(at, spots[-1].end_at):
                found += [spot for spot in spots if spot.roads or spot.stretch]
            at = max([at + 1, *(spot.end_at for spot in spots)])
        found = self._sharing(found)
        found += list(self._landmark_ranges(found))
        found += list(self._posts_alone(found))
        return sorted(found, key=lambda spot: (spot.at, spot.end_at))

    def towards(self) -> list[tuple[int, int]]:
        """Where ways of travel stand that lead from a road to another: 甲路往乙路方向."""
        return [m.span() for m in _FROM_ROAD.finditer(self.text)]

    def _next(self, at: int) -> int:
        name = self.text.find(R, at)
        between = self.text.find("介", at, name if name >= 0 else len(self.text))
        return between if between >= 0 else name

    def _going(self, spot: Spot) -> Spot:
        going = self.ways.get(spot.at) or self.ways.get(spot.at + 1)
        return (
            replace(spot, side=going) if going is not None and (spot.side is None or is_tube(going)) else spot
        )

    def _within_brackets(self, at: int, end_at: int) -> bool:
        """Whether a name stands in brackets that no road before them explains."""
        opened = self.text.rfind("(", max(0, at - 40), at)
        if (
            opened < 0
            or _LISTED_ROADS.match(self.text, opened)
            or self.text[opened - 1 : opened] in ("\n", "")
        ):
            return False
        closed = self.text.find(")", opened, at + 40)
        return closed >= end_at - 1 and closed >= 0 and "\n" not in self.text[opened:closed] and closed > at

    def _narrowed(self, spot: Spot) -> Spot:
        """Doubt a place of which what stands around it makes another, or a part."""
        if spot.part:
            return spot
        if spot.plain and spot.roads and INTERCHANGE.search(spot.roads[0]):
            ramp = _ITS_RAMP.match(self.text, spot.end_at)
            if ramp is not None:
                towards = BOUND_FOR.search(ramp[0])
                side = towards[0] if towards else spot.side
                part = "which of the ramps are meant is not clear" if "、" in ramp[0] else ""
                return replace(spot, ramp=True, end_at=ramp.end(), side=side, part=part)
        if (
            spot.stretch
            and spot.roads
            and HIGH.search(spot.roads[0])
            and not _POSTED_TEXT.match(spot.stretch[0])
        ):
            gate = _GATE_BEHIND.match(self.text, spot.end_at)
            if gate is not None:
                return replace(spot, stretch=None, ramp=True, end_at=gate.end())
        behind = _ANOTHER.match(self.text, spot.end_at)
        if behind is not None:
            said = self.skeleton.quoted(spot.end_at, spot.end_at + len(behind[0]))
            return replace(spot, part=f"what is meant by {said} is not understood")
        narrows = _NARROWS.match(self.text, spot.end_at) if not spot.plain and spot.roads else None
        if narrows is not None:
            said = self.skeleton.quoted(*narrows.span())
            return replace(spot, part=f"what is meant by {said} is not understood")
        led = self.text[max(0, spot.at - 3) : spot.at]
        if spot.plain and _AT_AN_END.search(led):
            return replace(spot, part=SOME_PART)
        if spot.plain and spot.roads and spot.roads[0].endswith("公路") and _FROM_A_TOWN.fullmatch(led):
            return replace(spot, part=MORE_THAN_A_NAME)
        if spot.plain and self.text.endswith("一段", 0, spot.at):
            return replace(spot, part=SOME_PART)
        if spot.plain and _BESIDE_CORNER.search(self.text, max(0, spot.at - 6), spot.at):
            return replace(spot, part="which part of the road is meant is not told")
        if spot.plain and _LENGTH.match(self.text, spot.end_at):
            return replace(spot, part="which part of the road is meant is not told")
        return spot

    def _sharing(self, spots: Sequence[Spot]) -> list[Spot]:
        """Doubt whole roads for what stands beside them in a list, from its end on."""
        found: list[Spot] = []
        for index in reversed(range(len(spots))):
            spot = spots[index]
            if spot.plain and not spot.part:
                before = spots[index - 1] if index else None
                spot = replace(spot, part=self._shared(before, spot, found[-1] if found else None))
            found.append(spot)
        return found[::-1]

    def _shared(self, before: Spot | None, spot: Spot, following: Spot | None) -> str:
        """Why a whole road between two places may not be whole; empty where it is."""
        to_it = self.text[before.end_at : spot.at] if before is not None else None
        if before is not None and before.plain and before.roads:
            beside = to_it == "" and self.text[spot.at] == R and not OVER.search(spot.roads[0])
            if beside and not OVER.search(before.roads[0]):
                return _BESIDE_ANOTHER
            if to_it in ("至", "到") or (to_it == "与" and OVER.search(spot.roads[0])):
                return SOME_PART
        if following is None:
            return ""
        between = self.text[spot.end_at : following.at]
        # of 甲路、乙路(丙路至丁路) the stretch may be both's
        stretched = following.stretch is not None and self.text[following.at + 1 : following.at + 2] == "("
        alone = (
            self.text[spot.end_at - 1] != ")"
            and not spot.roads[-1].endswith(BRIDGE)
            and not (before is not None and before.stretch)
        )
        apart = following.stretch and {*spot.roads[:1], *following.roads[:1]} & {*following.stretch}
        if between in ("、", "和", "及", "与") and stretched and alone and not apart:
            return "whether the stretch of the next road is its own too is not told"
        if not following.plain:
            return ""
        if between in ("、", "和", "及", "与", "以及") and following.part in (SOME_PART, CORNER_ONLY):
            return following.part
        if between in ("至", "到"):
            return SOME_PART
        return _BESIDE_ANOTHER if between == "" and self.text[following.at] == R else ""

    def _landmark_ranges(self, found: list[Spot]) -> Iterator[Spot]:
        """Read 乙广场至丙路段, where the road is named elsewhere."""
        for match in _LANDMARK_RANGE.finditer(self.text):
            if any(spot.at < match.end() and match.start() < spot.end_at for spot in found):
                continue
            if NO_END.search(match["one"]) or NO_END.search(match["other"]):
                continue
            ends = (self.forms.end(*match.span("one"), ""), self.forms.end(*match.span("other"), ""))
            if all(ends):
                yield Spot(match.start(), match.end(), (), stretch=ends)

    def _posts_alone(self, found: list[Spot]) -> Iterator[Spot]:
        """Read K96+000-K99+500, where the road is named elsewhere."""
        if not _POSTED_TEXT.search(self.text):
            return
        for match in POST_RANGE.finditer(self.text):
            if any(spot.at <= match.start() < spot.end_at for spot in found):
                continue
            at = max(self.text.rfind(mark, 0, match.start()) for mark in ":;,。\n(") + 1
            said = self.text[at : match.start()]
            way = in_one_form(said) if said and WAY_ALONE.fullmatch(said) else None
            yield Spot(at if way else match.start(), match.end(), (), None, (match[1], match[2]), way)
