"""The forms in which a notice names a place: one pattern each, tried in turn where a road's name stands."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from juli.roads.notices.directions import OPPOSITE, TRAVEL, travelled
from juli.roads.notices.ends import Ends, in_one_form
from juli.roads.notices.names import is_more_than_a_name
from juli.roads.notices.place_words import (
    ADDED,
    AND,
    BLANK,
    BOUND_FOR,
    BRIDGE,
    CORNER,
    CORNER_ONLY,
    CROSSED,
    HIGH,
    INTERCHANGE,
    LANDMARK,
    LEAD,
    NO_END,
    NOT_HOW_FAR,
    OFF,
    OVER,
    POST,
    POST_RANGE,
    SOME_PART,
    TO,
    WAY_ALONE,
)
from juli.roads.notices.places import Spot
from juli.roads.notices.skeleton import NAME as R
from juli.roads.notices.ways import SAID, way_of

_S: Final = f"{SAID}*"
_ROAD: Final = f"{R}{_S}"
_END: Final = rf"(?:{CROSSED}|{POST}处?|{LANDMARK}{{1,12}}?)"
_SEGMENT: Final = r"(?:之间)?(?:的|之)?(?:全|沿线)?(?:(?:区间)?路?段|区间|区段|之间|一段|间(?![隔歇断]))"
_SOME_LANES: Final = (
    "(?:其中)?(?:[一二两三\\d]条)?(?:最?[快慢中内外左右]线(?:[及和、与][快慢中内外]线)?|行车线"
    "|(?:巴士)?专线(?:[及和、与][快慢中]线)+)"
)
_CROSS_STREETS: Final = re.compile(
    rf"{_ROAD}{AND}?{R}(?:{CORNER}|口)起?{TO}{R}{AND}?{R}(?:{CORNER}|口)(?:路?段)?"
)
_BETWEEN: Final = re.compile(
    rf"(?P<road>{_ROAD})(?P<bound>[东南西北]行)?线?(?P<lanes>的?{_SOME_LANES})?\(?(?:的)?介[乎于](?P<one>{R}|{LANDMARK}{{2,10}}?)(?:与|和|至|及)(?P<other>{R}|{LANDMARK}{{2,10}}?)(?:之间|间)?(?:的?一段|的?路段)?(?P<close>\)|(?=[,。;\n的将会须实]|$|[东南西北]行|\ue001))"
    rf"|(?:介[乎于])(?P<lm>{R}|{LANDMARK}{{2,10}}?)(?:与|和|至|及)(?P<lm2>{R}|{LANDMARK}{{2,10}}?)(?:之间)?的(?:一段)?(?P<lmof>{R})"
    rf"|(?:介[乎于])?(?P<from>{R})(?:路?口)?(?:与|和|及|{TO})(?P<to>{R}|{LANDMARK}{{2,6}}?(?=之间的一段))(?:路?口)?(?P<seg>(?:之间)?路?段?)的(?:一段)?(?P<of>{R})(?!{CORNER}|口)"
)
_BEYOND_ENDS: Final = re.compile(
    rf"(?P<one>{R})(?:路?口)?以(?P<behind>[东南西北])[、,至](?P<other>{R})(?:路?口)?以(?P<before>[东南西北])(?:路?段)?"
)
_START_END: Final = re.compile(
    rf"{_ROAD}[,:\n]?\(?(?:起点|起于|[东南西北]起)[:为是于自]?(?P<from>{CROSSED}|{LANDMARK}{{2,10}}?)[,、\n]?"
    rf"(?:止点|终点|止于|终于|[东南西北]?[至到接])[:为是于]?(?P<to>{CROSSED}|{LANDMARK}{{2,10}}?)(?P<close>\)|(?=[,。;\n]|$))"
)
_BRACKET: Final = re.compile(
    rf"(?P<road>{_ROAD})(?P<other>{R}{_S})?(?P<mid>[^,。;:()\n{R}\ue001-\ue003]{{0,10}}?)\((?P<inside>[^()\n]{{1,70}})\)"
)
_RUN: Final = re.compile(
    rf"(?P<road>{_ROAD})(?P<bracket>\((?:{R}|[^()\n{R}]{{1,8}})\))?(?P<lead>(?:的|主线|全线|路段|[一-鿿]{{2,4}}段(?={R})|,)?{LEAD}?:?(?:桩号:?)?)"
    rf"(?P<one>{_END})(?P<to>{TO}|[与和及])(?P<other>{_END})(?P<tail>{_SEGMENT}|(?=[,。;:()\n、全半封将实禁单双进由\ue001\ue002因拟于在需道采施交主]|[东南西北左右](?:侧|半|向|往|行)|往(?=[一-鿿]{{2,6}}方向)|[南北][下上]|$))"
)
_POSTED: Final = re.compile(
    rf"(?P<road>{_ROAD})(?:\((?:{R}|[^()\n]{{1,12}})\))?(?:(?P<towards>[^,。;()\n{R}]{{2,14}}方向)\([^()\n]{{1,6}}\))?(?P<said>[^,。;()\n{R}]{{0,16}}?)[(,]?(?:\n?(?:里程)?桩号:?)?\(?(?P<one>{POST})处?{TO}(?P<other>{POST})处?(?:之间)?(?:路?段)?\)?",
    re.IGNORECASE,
)
_MORE_POSTS: Final = re.compile(
    rf"[及和、](?P<one>{POST})处?{TO}(?P<other>{POST})处?(?:之间)?(?:路?段)?", re.IGNORECASE
)
_RANGE_ALONE: Final = re.compile(
    rf"(?P<one>{R}(?:{CORNER}|口)?{OFF})(?P<to>{TO})(?P<other>{R}(?:{CORNER}|口)?{OFF}|{LANDMARK}{{2,10}}?(?=路?段|之间|(?P<cell>[,\n]|$)))(?P<tail>{_SEGMENT}|(?=[,。;:()\n、全半封将实禁由]|[东南西北左右](?:侧|半)|\ue001|$))"
)
_BETWEEN_ALONE: Final = re.compile(
    rf"介[乎于](?P<one>{R})(?:与|和|及|至)(?P<other>{R})(?:之间|间)的?(?:一段|路?段)(?!{R})"
)
_JUNCTION: Final = re.compile(
    rf"(?:(?P<one>{_ROAD}){AND}(?P<two>{R})[东南西北]?{CORNER}|(?P<a>{_ROAD})(?:与|和|/|及)(?P<b>{R})口|(?P<x>{_ROAD})(?P<y>{R})(?:{CORNER}|口)"
    rf"|(?P<m>{_ROAD})\(与?(?P<n>{R})(?:{CORNER}|口)\))(?:(?:的)?(?P<leg>(?!东西|南北)[东南西北]{{1,2}})(?:侧(?!半)|进口道?|出口|口(?=[,。;、全封半道因\n]|$)|方向))?"
)
_THREE_WAYS: Final = re.compile(rf"{_ROAD}(?:、|与|和|及){R}(?:、|与|和|及){R}{CORNER}")
_RAMP: Final = re.compile(
    rf"{_ROAD}(?:\((?:{R}|[^()\n{R}]{{1,8}})\))?(?:[^{R},。;:\n()匝]{{0,12}}{R}){{0,2}}[^{R},。;:、()\n]{{0,14}}?(?:[A-Z][、和及])*[^{R},。;:、()\n]{{0,4}}匝道(?:[出入]口)?"
)
_RAMP_RANGE: Final = re.compile(
    rf"{_ROAD}(?P<from>{R}[^{R},。;:、\n]{{0,6}}?匝道){TO}(?P<to>{R}[^{R},。;:、\n]{{0,6}}?匝道)(?:之间)?(?:路?段)?"
)
_GATE: Final = re.compile(
    rf"{_ROAD}(?:[^{R},。;:、\n]{{0,10}}{R})?[^{R},。;:、\n]{{0,10}}?(?:收费站|互通|立交|枢纽|服务区)?[^{R},。;:、\n封禁]{{0,10}}?(?:(?:[上下]桥|[上下]高速|出入|进出|进|入|出)口|收费站(?=[,。;\n]|临时|全|将|封|关|暂)|收费站$)"
)
_NUMBERED: Final = re.compile(r"[A-Z]\d|.*[国省县]道|\d")
_IN_OR_OUT: Final = re.compile("[进出][城岛](?=匝道|方向)")
#: In brackets behind a road: its name there (白茅段), or a number.
_SECTION: Final = re.compile(r"\d|^[一-鿿]{1,4}段$")
#: 东起甲路,西至乙路: behind 东起
_AT_START: Final = re.compile("[东南西北]起$|起[于点][:为]?$")
_FROM_END_TO_END: Final = re.compile(
    rf"(?P<one>{R}(?:{CORNER}|口)?)[,、]?(?:[东南西北]?[至到止]于?|[终止]点[:为]?)(?P<other>{R}(?:{CORNER}|口)?)"
)
_AT_POST: Final = re.compile(rf"({POST})处?(?!{TO}|[\d+])", re.IGNORECASE)
_AT_ROAD: Final = re.compile(rf"[与和]?({R})(?:{CORNER}|口)?(?:附近|处)?")
_OTHERWISE: Final = re.compile("方向|绕行|除外|居民|单位|车辆|通行|长约|长度")
_NEAR: Final = re.compile(
    rf"(?:\([^()\n]{{1,6}}段\))?\(?近(?:{R}|[一-鿿]{{2,8}}?)\)?(?=的|[东南西北]行|往|[快慢中左右]线|[一二两三]条|[,。]|将)"
)
#: 甲街距离乙路口200米处
_SO_FAR_FROM: Final = re.compile(rf"距离?{R}(?:路?口)?约?\d+米处?")
_PART: Final = re.compile(
    rf"的?(?:部分|局部)(?!车道|{R}|半|全?封闭|围)|(?:的?一段(?!时间))|(?:靠?近|临近)(?![日期])|以(?:[东南西北]|{R})|[^,。;:()\n{R}\ue001-\ue003]{{0,12}}?(?:门口|门前|附近|旁|对面|段(?![时落]))"
)
_WHOLE: Final = re.compile("(?:全|整)(?:线|段|路段)|路段|该段|路?段(?=[,。;:实全半封禁])")
#: 甲路(乙广场门前)
_SPOT: Final = re.compile("(?:门前|门口|附近|旁边?|广场|小区|路口)$")
_TO_MID: Final = re.compile("匝道|收费站|[出入]口|服务区|工程|项目")
_LANDMARK_END: Final = re.compile(
    "(?:收费站|服务区|枢纽|互通|立交|广场|中心|公园|小区|学校|中学|小学|医院|村口|省界|市界|县界|门口|[一-鿿]{2}[村镇乡站桥])$"
)
_CHAINED: Final = re.compile(r"(?:-|>){1,3}[^,。;\n]")


class Forms(Ends):
    """Reads the place that begins at a road's name."""

    def read(self, at: int) -> list[Spot]:
        """Read the place that begins at a name, or the stretches of one road that do."""
        for read in (
            self._cross_streets,
            self._between,
            self._start_end,
            self._three_ways,
            self._ramp,
            self._bracketed,
            self._posted,
            self._junction,
            self._range_alone,
            self._run,
            self._gate,
        ):
            if spots := read(at):
                return [self.with_brackets(spot) for spot in spots]
        if self.text[at] != R:
            return [Spot(at, at + 1, ())]
        return [self._road(at)]

    def _cross_streets(self, at: int) -> list[Spot]:
        """Read 甲路与乙路交叉口至甲路与丙路交叉口: a stretch of 甲路."""
        match = _CROSS_STREETS.match(self.text, at)
        if match is None:
            return []
        names = [self.name(place) for place in range(at, match.end()) if self.text[place] == R]
        common = [name for name in names[:2] if name in names[2:]]
        if len(common) != 1:
            return []
        ends = [name for name in names if name != common[0]]
        return [Spot(at, match.end(), (common[0],), stretch=(ends[0], ends[1]))]

    def _between(self, at: int) -> list[Spot]:
        """Read 介乎甲街与乙街之间的一段丙路, and 丙路介乎甲街与乙街."""
        match = _BETWEEN.match(self.text, at)
        if match is None:
            return []
        if match["road"]:
            road = self.name(at)
            ends = [self.end(*match.span(part), road) for part in ("one", "other")]
        else:
            parts = ("lmof", "lm", "lm2") if match["lmof"] else ("of", "from", "to")
            road = self.name(match.start(parts[0]))
            ends = [self.end(*match.span(part), road) for part in parts[1:]]
        side = way_of(match["bound"]) if match["bound"] else None
        return [Spot(at, match.end(), (road,), None, (ends[0], ends[1]), side, lanes=bool(match["lanes"]))]

    def _start_end(self, at: int) -> list[Spot]:
        """Read 甲路,起点:乙路,止点:丙路, and 甲路(南起乙路,北至丙路)."""
        match = _START_END.match(self.text, at)
        if match is None:
            return []
        road = self.name(at)
        ends = [self.end(*match.span(part), road) for part in ("from", "to")]
        return [Spot(at, match.end(), (road,), stretch=(ends[0], ends[1]))] if all(ends) else []

    def _three_ways(self, at: int) -> list[Spot]:
        """Three roads at one junction are more than a zone can name."""
        match = _THREE_WAYS.match(self.text, at)
        if match is None:
            return []
        return [Spot(at, match.end(), (self.name(at),), part="three roads meet there")]

    def _ramp(self, at: int) -> list[Spot]:
        """Read 甲高架乙路下匝道: a ramp of 甲高架."""
        if (both := _RAMP_RANGE.match(self.text, at)) is not None:
            ends = self.skeleton.quoted(*both.span("from")), self.skeleton.quoted(*both.span("to"))
            return [Spot(at, both.end(), (self.name(at),), stretch=ends)]
        match = _RAMP.match(self.text, at)
        return [self._ramp_of(at, match)] if match is not None else []

    def _gate(self, at: int) -> list[Spot]:
        """Read 甲高速乙收费站入口: closed as a ramp is."""
        match = _GATE.match(self.text, at)
        if match is None or not HIGH.search(self.name(at)):
            return []
        return [self._ramp_of(at, match)]

    def _ramp_of(self, at: int, match: re.Match[str]) -> Spot:
        places = [place for place in range(at, match.end()) if self.text[place] == R]
        names = [self.name(p) for p in places if not self.text.startswith("方向", p + 1)]
        if not names:
            return Spot(
                at, match.end(), (self.name(at),), ramp=True, part="of which road this is a ramp is not told"
            )
        roads = [name for name in names if HIGH.search(name) and not INTERCHANGE.search(name)]
        if not roads:
            line = self.text.rfind("\n", 0, at) + 1
            before = [self.name(place) for place in range(line, at) if self.text[place] == R]
            roads = [name for name in before if HIGH.search(name) and not INTERCHANGE.search(name)][-1:]
        roads = roads[:1] or [name for name in names if not INTERCHANGE.search(name)][:1] or names[:1]
        if len(roads) == 1 and "转" in match[0]:
            high = [name for name in names if HIGH.search(name) and not INTERCHANGE.search(name)]
            roads = list(dict.fromkeys(high)) if len(high) == 2 else roads
        joined = re.compile(rf"(?P<one>{R})[与和](?P<two>{R})的?(?:连接)?匝道").search(
            self.text, at, match.end()
        )
        junction = None
        if joined is not None:
            junction = (self.name(joined.start("one")), self.name(joined.start("two")))
            roads = list(junction)
        part = "which ramps are meant is told elsewhere" if re.search("以下|下列|部分", match[0]) else ""
        if re.compile(r"(?:、|和|及)[^,。;:\n\ue000]{0,16}匝道").match(self.text, match.end()):
            part = "whether another ramp is meant too could not be made out"
        travel = TRAVEL.search(self.text, at, match.end() + 9)
        towards = BOUND_FOR.search(self.text, at, match.end())
        way = travelled(travel) if travel else self.skeleton.quoted(*towards.span()) if towards else None
        if way is None and (town := _IN_OR_OUT.search(match[0])) is not None:
            way = town[0]
        end_at = match.end()
        stretch = None
        brackets = re.compile(r"\(([^()\n]{1,40})\)").match(self.text, end_at)
        if brackets is not None:
            ends = self.range_of(*brackets.span(1), roads[0])
            if ends is not None and not WAY_ALONE.fullmatch(brackets[1]):
                stretch = ends
            elif WAY_ALONE.fullmatch(brackets[1]) or set(brackets[1]) == {BLANK}:
                way = way or in_one_form(self.skeleton.quoted(*brackets.span(1)))
            elif (beside := re.match("[东南西北]侧(?=匝道)", brackets[1])) is not None:
                way = way or beside[0]
            end_at = brackets.end()
        return Spot(at, end_at, tuple(roads), junction, stretch, side=way, ramp=stretch is None, part=part)

    def _bracketed(self, at: int) -> list[Spot]:
        """Read 甲路(乙路至丙路段), with several stretches in the brackets or one junction."""
        match = _BRACKET.match(self.text, at)
        if match is None:
            return []
        road, end_at = self.name(at), match.end()
        begin, end = match.span("inside")
        if match["other"] is not None:
            other = self.name(match.start("other"))
            if not (OVER.search(other) or _NUMBERED.match(other) or _NUMBERED.match(road)):
                return []
            road = other if other.endswith(BRIDGE) else road
        mid = match["mid"]
        if _TO_MID.search(mid) or (mid and re.search(TO, mid)):
            return []
        side = in_one_form(mid) if mid and WAY_ALONE.fullmatch(mid) else None
        lanes = mid.endswith(("车道", "行车线", "慢线", "快线", "中线"))
        if lanes and (travel := TRAVEL.search(mid)):
            side = travelled(travel)
        elif lanes and mid[0] in "东南西北" and mid[1:2] == "侧":
            side = mid[:2]
        beyond = _BEYOND_ENDS.fullmatch(self.text, begin, end)
        if beyond is not None and OPPOSITE[beyond["behind"]] == beyond["before"]:
            ends = (self.name(beyond.start("one")), self.name(beyond.start("other")))
            return [Spot(at, end_at, (road,), stretch=ends, side=side)]
        spots: list[Spot] = []
        unread = ""
        for first, last in _parts(self.text, begin, end):
            part = self.text[first:last]
            if part.startswith("位于") and road.endswith(BRIDGE):
                continue
            if "\ue001" in part or "\ue002" in part:
                continue
            if (going := WAY_ALONE.fullmatch(part)) and going[0] not in ("双侧",):
                side = side or in_one_form(self.skeleton.quoted(first, last))
            elif (told := self.range_of(first, last, road)) is not None:
                if not _OTHERWISE.search(part):
                    spots.append(Spot(at, end_at, (road,), stretch=told, lanes=lanes))
            elif (crossed := _AT_ROAD.fullmatch(part)) is not None and part != R:
                other = self.name(first + crossed.start(1))
                spots.append(Spot(at, end_at, (road, other), junction=(road, other)))
            elif _JUNCTION.fullmatch(part) is not None and part.count(R) == 2:
                names = [self.name(first + index) for index, sign in enumerate(part) if sign == R]
                spots.append(Spot(at, end_at, (names[0], names[1]), junction=(names[0], names[1])))
            elif not ADDED.fullmatch(part) and not _OTHERWISE.search(part) and not _SECTION.search(part):
                unread = self.skeleton.quoted(first, last)
        if spots:
            part = f"what is meant by {unread} is not understood" if unread else ""
            return [replace(spot, side=spot.side or side, part=part) for spot in spots]
        inside = match["inside"]
        if inside.startswith(("近", "靠近")):
            return [Spot(at, end_at, (road,), side=side, part=NOT_HOW_FAR)]
        if unread and not _OTHERWISE.search(inside) and R not in inside:
            return [Spot(at, end_at, (road,), part=f"what is meant by {unread} is not understood")]
        if mid and not WAY_ALONE.fullmatch(mid):
            return []
        if HIGH.search(road) and re.fullmatch(rf"{R}[上下]匝道(?:[出入]口)?", inside):
            return [Spot(at, end_at, (road,), ramp=True)]
        if inside == R and self.name(begin).endswith(BRIDGE):
            return [Spot(at, end_at, (self.name(begin),), side=side)]
        if side is not None:
            return [replace(self._road(at), end_at=end_at, side=side)]
        if inside == R and _NUMBERED.match(self.name(begin)):
            return []  # its number: what follows the brackets tells more
        if re.fullmatch(rf"(?:原|老|旧|又名|又称|即|现){R}线?", inside):
            return [Spot(at, end_at, (road,))]
        if (R in inside and not _OTHERWISE.search(inside)) or _SPOT.search(inside):
            return [Spot(at, end_at, (road,), part="what the brackets say of the road is not clear")]
        return []

    def _posted(self, at: int) -> list[Spot]:
        """Read 328国道K180+000-K183+450段, and the further ranges behind it."""
        match = _POSTED.match(self.text, at)
        if match is None or _TO_MID.search(match["said"]):
            return []
        said = match["said"] or match["towards"] or ""
        way = (
            next((in_one_form(found[0]) for found in WAY_ALONE.finditer(said) if found[0]), None)
            if said
            else None
        )
        way = way if way is None or not way.endswith("段") else None
        lanes = said.endswith(("车道", "行车线"))
        way = next((travelled(t) for t in TRAVEL.finditer(said)), way)
        spots = [
            Spot(at, match.end(), (self.name(at),), None, (match["one"], match["other"]), way, lanes=lanes)
        ]
        end_at = match.end()
        while (more := _MORE_POSTS.match(self.text, end_at)) is not None:
            end_at = more.end()
            spots.append(replace(spots[0], end_at=end_at, stretch=(more["one"], more["other"])))
        return spots

    def _junction(self, at: int) -> list[Spot]:
        """Read 甲路与乙路交叉口东侧, and 甲路乙路口."""
        match = _JUNCTION.match(self.text, at)
        if match is None:
            return []
        places = [place for place in range(at, match.end()) if self.text[place] == R]
        if len(places) < 2:
            return []
        if match["x"] and re.compile(rf"{TO}(?:{R}|{LANDMARK}{{2,8}}(?:段|之间))").match(
            self.text, match.end()
        ):
            return []  # 甲路乙路口至丙路口
        pair = (self.name(places[0]), self.name(places[1]))
        if pair[0] == pair[1]:
            return []
        side = f"{match['leg']}侧" if match["leg"] else None
        only = re.compile(f"的({R})").match(self.text, match.end())
        if only is not None and self.name(only.start(1)) in pair:
            return [Spot(at, only.end(), (self.name(only.start(1)),), junction=pair, side=side)]
        part = SOME_PART if side and re.compile("路?段").match(self.text, match.end()) else ""
        return [Spot(at, match.end(), pair, junction=pair, side=side, part=part)]

    def _run(self, at: int) -> list[Spot]:
        """Read 甲路乙路至丙路段, 甲路由乙广场至丙路, and 甲路:乙路至丙路."""
        match = _RUN.match(self.text, at)
        if match is None:
            return []
        one, other, to, lead = match["one"], match["other"], match["to"], match["lead"]
        if to in ("与", "和", "及") and not ("介" in lead or "间" in match["tail"]):
            return []
        if TRAVEL.search(one + to + other) or (TRAVEL.search(match[0][1:]) and R not in one + other):
            return []
        free = [part for part in (one, other) if R not in part and not POST_RANGE.match(part + "-" + part)]
        free = [part for part in free if not _LANDMARK_END.search(part)]
        listed = lead.endswith(":") and self.text[match.end() : match.end() + 1] in (
            "。",
            ";",
            "\n",
            "(",
            ",",
            "",
        )
        if free and not match["tail"] and not listed:
            return []
        if any(NO_END.search(part) for part in free) or one.startswith(("辅路", "辅道")):
            return []
        if lead.startswith(",") and not match["tail"]:
            return []
        road = self.name(at)
        if road.endswith(BRIDGE) and re.fullmatch("[东南西北]?(?:洞?口|端|桥头|引桥)", one):
            return []
        ends = (self.end(*match.span("one"), road), self.end(*match.span("other"), road))
        return [Spot(at, match.end(), (road,), stretch=ends)] if all(ends) else []

    def _range_alone(self, at: int) -> list[Spot]:
        """Read 乙路至丙路段: the stretch of a road that is named elsewhere."""
        between = _BETWEEN_ALONE.match(self.text, at)
        if between is not None:
            ends = (self.name(between.start("one")), self.name(between.start("other")))
            return [Spot(at, between.end(), (), stretch=ends)]
        ended = _FROM_END_TO_END.match(self.text, at)
        if ended is not None and _AT_START.search(self.text, max(0, at - 4), at):
            ends = (self.end(*ended.span("one"), ""), self.end(*ended.span("other"), ""))
            return [Spot(at, ended.end(), (), stretch=ends)] if all(ends) else []
        match = _RANGE_ALONE.match(self.text, at)
        if match is None:
            return []
        back = self.text[at - 1 : at]
        in_cell = back in (",", ":") and self.text.rfind("。", 0, at) < self.text.rfind("\n", 0, at)
        if match["cell"] is not None and (not in_cell or NO_END.search(match["other"])):
            return []
        bracketed = back == "(" and self.text[at - 2 : at - 1] in (
            "对",
            "将",
            "在",
            "、",
            ",",
            ":",
            "。",
            "\n",
        )
        if (back in (R, SAID, "(") and not bracketed) or (
            match["to"].startswith(("-", ">")) and _CHAINED.match(self.text, match.end())
        ):
            return []
        if match["to"].startswith(("-", ">")) and re.search(rf"{R}(?:-|>)$", self.text[max(0, at - 3) : at]):
            return []
        ends = (self.end(*match.span("one"), ""), self.end(*match.span("other"), ""))
        return [Spot(at, match.end(), (), stretch=ends)] if all(ends) else []

    def _road(self, at: int) -> Spot:
        """Read a name that stands alone, or a road and its bridge."""
        name, end_at = self.name(at), at + 1
        while self.text[end_at : end_at + 1] == SAID:
            end_at += 1
        behind = re.compile(
            rf"(?:\([^()\n]{{0,6}}K\d+\+\d+[^()\n]{{0,4}}\)|K\d+(?:\+\d+)?处?的?|[一-鿿]{{2,4}}段)?(?={R})"
        ).match(self.text, end_at)
        if behind is not None and not name.endswith(BRIDGE) and OVER.search(self.name(behind.end())):
            end_at = behind.end() + 1
            road, name = name, self.name(behind.end())
            if (segment := re.compile("路?段(?![0-9一二三四])").match(self.text, end_at)) is not None:
                return Spot(at, segment.end(), (road,), stretch=(name, name))
            while self.text[end_at : end_at + 1] == SAID:
                end_at += 1
        near = _NEAR.match(self.text, end_at) or _SO_FAR_FROM.match(self.text, end_at)
        if near is not None:
            return Spot(at, near.end(), (name,), part=NOT_HOW_FAR)
        if re.compile(rf"(?:[^,。;:、()\n{R}\ue001-\ue003的至到与和及]{{1,8}})?{CORNER}|口").match(
            self.text, end_at
        ):
            return Spot(at, end_at, (name,), part=CORNER_ONLY)
        if (post := _AT_POST.match(self.text, end_at)) is not None:
            return Spot(at, post.end(), (name,), stretch=(post[1], post[1]))
        if is_more_than_a_name(name):
            return Spot(at, end_at, (name,), part="whether this is a name alone is not clear")
        part = _PART.match(self.text, end_at)
        if part is not None and not _WHOLE.match(self.text, end_at):
            return Spot(at, end_at, (name,), part=SOME_PART)
        return Spot(at, end_at, (name,))


def _parts(text: str, begin: int, end: int) -> Iterator[tuple[int, int]]:
    """Cut the inside of brackets at its commas."""
    at = begin
    for mark in re.compile("[、,;]").finditer(text, begin, end):
        yield at, mark.start()
        at = mark.end()
    yield at, end
