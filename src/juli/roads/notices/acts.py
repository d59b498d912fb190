"""What the works do to traffic: closures, half closures, one-way traffic, lanes, turns and bans on trucks."""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from juli.roads.notices.act_ways import LONGEST_CLAUSE, direction_of
from juli.roads.notices.directions import SIDE, TRAVEL
from juli.roads.notices.impact_words import IMPACT
from juli.roads.notices.places import PLACE as P
from juli.roads.notices.skeleton import PERIOD

_NO: Final = "禁止|严禁|不准|不得|限制|暂停"
_TRUCKS: Final = re.compile(
    "货车|载货|货运|载重|重型|中型|重车|牵引车|挂车|渣土|工程车|大型车|大车|危化|危险|砂石|自卸|专项作业|大型货|吨|超高|超重|超限|高度|车高|限高|轴"
)
_STRONG: Final = re.compile("全|完|断|中断|封路|双向|交通|整段")
_TAKES_OBJECT: Final = re.compile(f"(?:临时性?|双向|全线?|全幅)封闭$|封闭|占|关闭|{_NO}|中断|围挡|半封闭$")
_MOTOR: Final = re.compile("车辆|机动车|汽车|车|一切|社会|任何|所有|各类|交通")
_ON_FOOT: Final = re.compile("非机动车(?!以外)|行人|电动车|自行车|摩托车|摩托")
_SOME_VEHICLES: Final = re.compile(
    "外地|外埠|外籍|非本[市地]|号牌|车牌|尾号|无牌|黄标|国[一二三四]|三轮|拖拉机|农用|低速|出租车|网约|客车|旅游|校车|燃油|共享|施工车"
)
#: Words that narrow a ban on trucks to some of them.
SOME_TRUCKS: Final = re.compile(
    "外地|外埠|外籍|非本[市地]|号牌|车牌|尾号|黄标(?!车[和及、])|国[一二三四]|柴油|燃油"
)
_ALL_VEHICLES: Final = re.compile("一切|所有|各类|任何|机动车、|、机动车|社会车辆")
_EXCEPTED: Final = re.compile(r"\([^()]*除外\)|除[^,。;]{0,16}外")
_OTHER_SUBJECT: Final = re.compile(
    "(?:两侧|两边|中央|中间|半侧|辅[道路]|人行道|附近|引桥|(?<![0-9一二三四五六七八九十])[东南西北中]段|公交站|收费站|非机动车道|绿化带|(?<!方向)管道|管线|阀门|匝道|出入口|入口|出口|(?<!隧)通道|大门|[东南西北]门|站点?|灯|商铺|店|市场|公园|停车[场位]|泊位|车位|路肩|航道|水域|河道|开口|护栏|隔离带|站台|电梯|天桥|地道|人行道口|栈道|步道|绿道|机慢?车(?:专用)?道(?<!动车道))"
    "(?:将|会|均|全部|临时|暂时|实施|实行|予以|进行)*$"
)
#: 对下列匝道实施封闭:
_RAMPS_BELOW: Final = re.compile("(?:下列|以下)匝道")
_EVERY_SIZE: Final = re.compile("大中小型|小型汽车|小汽车|轿车|大小车辆|大、中、小型")
_BUT_TRUCKS: Final = re.compile("除[^,。;]{0,10}货车[^,。;]{0,8}外|货车(?:等)?除外")
_INTO_THE_SITE: Final = re.compile("(?:到|在)?(?:施工|作业|封闭|管制|工地|现场|围|该?区域|高速公路上)")
_INSIDE_THE_SITE: Final = re.compile("(?:围挡|围蔽|围墙|作业|施工)[区场面域]*[内里中]$")
_ON_A_SIDE: Final = re.compile("占|[东南西北左右]侧")
_NOT_A_LANE: Final = re.compile(
    "(?:非机动车|人行|自行车|慢行|公交(?:专用)?车?|应急(?:停?车)?)道?(?:、?非机动车道)?"
)
_A_LANE: Final = re.compile("车道|行车|车行|占[道路]")
#: 机动车道全封闭, 封闭车行道: no lane of them is left out.
_WHOLE_CARRIAGEWAY: Final = re.compile(
    "(?:机动车道|车行道)[将会均]?(?:进行|实施|实行|临时)?全?(?:天|日)?(?:封闭|关闭|禁止)|(?:封闭|关闭)(?:机动车道|车行道)"
)
#: 封闭由东向西车道, where the other way is said to stay open: the whole of that way.
_WHOLE_WAY: Final = re.compile(
    f"全?封闭{P}*[东南西北]行(?:方向)?(?:车道|行车线)$|(?:封闭|关闭){P}*的?(?:由|自|从)?(?P<one>[东南西北])(?:往|向|至)(?P<other>[东南西北])(?:方向)?的?(?:机动)?(?:车道|行车线)"
)
_ALL_CLOSED: Final = re.compile("^(?:机动)?车道(?:将|实行|实施|进行)*全封闭$")
#: Why the closing of a gate or a footway closes no road.
NOT_THE_ROAD: Final = "what is closed is not the road itself"
_SOME_LANES: Final = re.compile(r"[一二两三四五六\d][条个根车]|部分|[内外]侧|中间")
#: 限制通行车辆请绕行
_AS_NOUN: Final = re.compile("的?(?:车辆|货车|机动车)")
_TWO_ARMS: Final = re.compile(
    f"{P}[、和及与][东南西北]侧?(?:进口|口)|[东南西北]侧?(?:进口道?|口)?[、和及与][东南西北]侧?(?:进口|口)"
)
_CLOSES_CYCLES: Final = re.compile("[^,。;:\n]{1,40}(?:机慢?车(?<!动车)专用道|机慢车道)")
#: 关闭甲方向入口, where no road is named
_CLOSES_GATE: Final = re.compile(f"[^,。;:\n{P}]{{1,20}}(?:入口|出口|出入口|收费站|匝道)(?:[、,。;\n]|$)")
_CARRIAGEWAY: Final = re.compile("车行道|(?<!非)机动车道")
_A_PART: Final = re.compile("了?(?:部分|局部)(?:路段|道路|路面)")
_FOR_EVER: Final = re.compile("永久性?(?:封闭|关闭)")
_BEFORE_NOW: Final = re.compile("曾(?:经|于)?|去年|此前|早前")
_BUS_LANE: Final = re.compile("(?:公交|巴士)(?:专用)?车?道|机慢?车(?:专用)?道(?<!动车道)")
#: 封闭由南往北半幅
_HALF_BEHIND: Final = re.compile(f"{P}*[^,。;:\n{P}]{{0,10}}(?:半幅|半边|半侧|半桥)")
#: Behind 封闭 these are what is closed, and not the road.
_CLOSES_OTHER: Final = re.compile(
    "(?:了|该|部分|[东南西北]侧|周边)?(?:人行|非机动|公交|地下通道|停车|站台|出入口|地铁|小区|车站|学校|公园|景区|管道|阀门|收费站(?!.{0,6}匝道)|绿道|步道|栈道|水域|航道|便道|路肩|应急)"
)
_SOME_WAY: Final = re.compile("(?<![双个各全该此回返])方向(?!性)")
_ALL_LANES: Final = re.compile("全车道|全部|所有|双向|双方向|全幅")
_UNDONE: Final = re.compile(
    "单向[^,。;]{0,6}(?:调整|改|变更)[为成]双向|恢复|解除|取消|不封闭|未封闭|无需封闭|不影响|正常通行|保持通行|可通行|保持双向|(?:已|现已)?(?:完工|竣工)|允许|不得擅自|擅自"
)
_NOT: Final = ("不", "未", "非", "免")
_AFTERWARDS: Final = re.compile(
    "(?<![至到])(?:施工|工程|改造|维修)[^,。;]{0,4}(?:结束|完工|完成|竣工)(?:之?后|,)"
)
_CONDITIONAL: Final = re.compile(
    "视情|或会|按[人车]流|视乎|视路况|视施工|视[^,。;]{1,8}(?:情况|状况|需要)|必要时|可能|如遇|如需|如有|若|随时|酌情|适时|择机|择日|或将|拟于近期|间歇性?"
)
_IF: Final = re.compile("(?:若(?!干)|如果|一旦|倘若|如[^,。;]{0,6}遇|假如)[^。;()]*$")
#: (如遇雨天顺延)
_ASIDE: Final = re.compile(r"\((?:如|若)?遇[^()]*\)")
_PIECEMEAL: Final = re.compile("部分封闭|轮流|逐[一个段]|分段|分批|分幅|分时|间断|局部|交替")
#: Why such works are not acted on, unless the entries of a list tell when which part is closed.
IN_TURN: Final = "which part is closed when is not told"
#: 先封闭往甲方向车道,…: one part behind the other.
_IN_TURN: Final = re.compile(
    "(?:^|[,:将拟])先行?(?:封闭|围挡|施工)|依次|先后(?:封闭|施工)|分左右幅|分东西|分南北"
)
#: 地面道路保持双向4车道通行: what stays open is another road.
_ELSEWHERE: Final = re.compile("半幅|[东南西北左右]侧|辅[道路]|地面|桥下|便[道桥]|另一|其[他它余]")
_CLAUSE: Final = re.compile("[,。;:\n]")


_NUMBER: Final = r"(\d{1,3}(?:\.\d{1,2})?)"
_WEIGHT: Final = re.compile(
    rf"(?:总重|重量|质量|限[重载]|载重|核载|荷载|重)(?:量|超过|超|在|为|不超过|大于|标准|级)*[^,。;:\d]{{0,6}}{_NUMBER}吨|{_NUMBER}吨(?:\(?含[\d吨]*\)?)?(?:级)?(?:及)?以上|超过{_NUMBER}吨"
)
_HEIGHT: Final = re.compile(
    rf"(?:限高|高度|车高|高于|高)(?:超过|超|在|为|不超过|大于|或[^,。;\d]{{0,6}})*[^,。;:\d]{{0,8}}{_NUMBER}(?:米|m|M)"
)


@dataclass(frozen=True)
class Impact:
    """One thing that the works do, said in ``text[at:end_at]`` of a skeleton.

    Parameters
    ----------
    kind
        As in a zone; ``works`` where only a heading or a half-sentence speaks of closing.
    strong
        Whether the words leave nothing open (全封闭).
    takes_object
        Whether the road may stand behind the words (封闭甲路).
    direction
        The direction or side in the same clause.
    trouble
        Why it can't be acted on.
    limits
        Weight [t] and height [m] above which vehicles are kept out.
    """

    at: int
    end_at: int
    kind: str
    strong: bool = False
    takes_object: bool = False
    direction: str | None = None
    trouble: str = ""
    limits: tuple[float | None, float | None] = (None, None)


def find_impacts(text: str, at: int, end_at: int) -> Iterator[Impact]:
    """Yield what a sentence says that the works do, without what it takes back."""
    last_end = at
    for match in IMPACT.finditer(text, at, end_at):
        clause_at, clause_end = clause_around(text, match.start(), match.end(), at, end_at)
        clause = text[clause_at:clause_end]
        clause_floor = max(at, match.start() - LONGEST_CLAUSE)
        kind = _kind(match, text, clause)
        if (
            kind is None
            or _UNDONE.search(_PARTED.sub("", _around(text, match, clause_at, clause_end)))
            or text[match.start() - 1 : match.start()] in _NOT
        ):
            continue
        if _AFTERWARDS.search(text, clause_floor, match.start()) or _BEFORE_NOW.search(clause):
            continue
        if re.search(r"\([^()]{0,4}(?:此|该)(?:路线|线路|路段)[^()]*$", text[clause_at : match.start()]):
            continue
        if kind == "limit" and re.search("便道|便桥|临时", clause):
            continue
        if match["whom"] is not None and match[0].startswith("限制") and _AS_NOUN.match(text, match.end()):
            continue
        if match["whom"] is not None and _BUS_LANE.search(text, clause_at, match.start()):
            continue
        if kind == "closed" and _HALF_BEHIND.match(text, match.end(), end_at):
            kind = "half_closed"
        if kind == "lanes" and _is_a_whole_way(match[0], text[match.end() : end_at]):
            kind = "closed"
        if kind == "lanes" and match[0][:1] in "保维" and _ELSEWHERE.search(clause):
            continue
        trouble = ""
        kept_out = _EXCEPTED.sub("", clause)
        if kind == "closed" and _SOME_VEHICLES.search(kept_out) and not _ALL_VEHICLES.search(kept_out):
            trouble = "only some vehicles are kept out"
        elif kind == "trucks_banned" and SOME_TRUCKS.search(kept_out):
            trouble = "only some trucks are kept out"
        elif (
            (match[0].endswith(("封闭", "关闭")) and _CLOSES_GATE.match(text, match.end(), end_at))
            or (match[0].endswith("封闭") and _CLOSES_CYCLES.match(text, match.end(), end_at))
            or (match[0].endswith(("封闭", "关闭")) and _CLOSES_OTHER.match(text, match.end(), end_at))
        ):
            trouble = NOT_THE_ROAD
        elif kind == "closed" and _SIDE_ROAD.search(text, clause_at, match.start()):
            kind = "lanes"
        elif (
            kind in ("closed", "works", "half_closed")
            and _OTHER_SUBJECT.search(text, clause_at, match.start())
            and not _RAMPS_BELOW.search(text, clause_at, match.start())
            and not (kind != "works" and _CARRIAGEWAY.search(text, clause_at, match.start()))
        ):
            trouble = NOT_THE_ROAD
        elif kind == "closed" and _BUT_TRUCKS.search(clause):
            trouble = "trucks are excepted"
        elif _CONDITIONAL.search(_ASIDE.sub("", clause)) or _IF.search(text, clause_floor, match.start()):
            trouble = "whether it comes to that is left open"
        elif kind in ("closed", "works") and _PIECEMEAL.search(clause):
            trouble = IN_TURN
        elif _IN_TURN.search(clause) and PERIOD not in text[at:end_at] and kind != "half_closed":
            trouble = "which part is closed when is not told"
        elif kind != "movement" and _TWO_ARMS.search(clause):
            trouble = "two sides of the place are named"
        elif match[0].endswith("封闭") and _A_PART.match(text, match.end(), end_at):
            trouble = "which part of the road is meant is not told"
        elif (kind == "closed" and _FOR_EVER.search(text, at, end_at)) or (
            kind in ("trucks_banned", "limit") and re.search("长期", text[at:end_at])
        ):
            trouble = "how long this holds is not told"
        words = match[0]
        nearer = TRAVEL.search(text, last_end, match.end()) or SIDE.search(text, last_end, match.end())
        way_at = last_end if nearer else clause_at
        last_end = match.end()
        direction = direction_of(kind, text, max(way_at, clause_at), clause_end, match)
        unread_way = direction is None and _SOME_WAY.search(text, clause_at, match.start())
        if not trouble and unread_way and kind in ("closed", "half_closed", "one_way", "lanes"):
            trouble = "which way is closed could not be made out"
        yield Impact(
            match.start(),
            match.end(),
            kind,
            strong=kind == "closed" and _STRONG.match(words) is not None,
            takes_object=_TAKES_OBJECT.match(words) is not None or (kind == "lanes" and P in words),
            direction=direction,
            trouble=trouble,
            limits=limits(clause),
        )


#: 主道封闭, 西侧辅道封闭: lanes beside the carriageway.
_SIDE_ROAD: Final = re.compile("(?<!地面)辅[道路](?:将|会|均|全部|临时|暂时|实施|实行|予以|进行)*$")
_PARTED: Final = re.compile(r"\([^()]*\)")


def _around(text: str, match: re.Match[str], at: int, end_at: int) -> str:
    """The part of a clause between its lesser marks in which something stands."""
    begin = max([at, *(mark.end() for mark in re.compile("[、(]").finditer(text, at, match.start()))])
    behind = re.compile("[、)]").search(text, match.end(), end_at)
    return text[begin : behind.start() if behind else end_at]


def clause_around(text: str, at: int, end_at: int, floor: int, ceiling: int) -> tuple[int, int]:
    """The clause between two commas in which something stands."""
    floor, ceiling = max(floor, at - LONGEST_CLAUSE), min(ceiling, end_at + LONGEST_CLAUSE)
    begin = floor
    for mark in _CLAUSE.finditer(text, floor, at):
        begin = mark.end()
    following = _CLAUSE.search(text, end_at, ceiling)
    return begin, following.start() if following else ceiling


def limits(clause: str) -> tuple[float | None, float | None]:
    """The weight [t] and the height [m] that a clause names as the limit."""
    weight, height = _WEIGHT.search(clause), _HEIGHT.search(clause)
    return (
        float(next(filter(None, weight.groups()))) if weight else None,
        float(height[1]) if height else None,
    )


def _kind(match: re.Match[str], text: str, clause: str) -> str | None:
    """Settle the kind of an impact, None where it does not concern motor traffic."""
    kind = str(match.lastgroup if match.lastgroup != "whom" else "ban")
    if kind == "movement":
        return "movement"
    if kind == "half":
        return "half_closed"
    if kind == "one_way":
        later = text[match.end() : match.end() + 12]
        return None if re.match("[^,。;]{0,7}(?:调整|改|变更|恢复)", later) else "one_way"
    if kind == "lanes":
        return _lanes(text[max(0, match.start() - 6) : match.end()])
    if kind == "ban":
        return _banned(match, text, clause)
    return kind


def _is_a_whole_way(words: str, behind: str) -> bool:
    """Whether the lanes of one way are closed, all of them, while the other way goes on."""
    way = _WHOLE_WAY.fullmatch(words)
    if way is None:
        return False
    if way["one"] is None:
        return (
            re.match(
                ",[东南西北]行(?:方向)?的?(?:车道|车辆|行车线)?[^,。;]{0,2}(?:维持|保持|正常|照常)", behind
            )
            is not None
        )
    opposite = f"(?:由|自|从)?{way['other']}(?:往|向|至){way['one']}"
    return (
        re.match(f",{opposite}(?:方向)?的?(?:车道|车辆|行车线)?[^,。;]{{0,2}}(?:维持|保持|正常|照常)", behind)
        is not None
    )


def _lanes(words: str) -> str | None:
    """Tell lanes of motor traffic from those of walkers and cyclists; all lanes together are the road."""
    motor = _NOT_A_LANE.sub("", words)
    if motor != words and not _A_LANE.search(motor):
        return None
    if _SOME_LANES.search(motor):
        return "lanes"
    if _ALL_CLOSED.search(motor):
        return "closed"
    whole = _WHOLE_CARRIAGEWAY.search(motor) is not None and not _ON_A_SIDE.search(words)
    return "closed" if whole or _ALL_LANES.search(motor) else "lanes"


def _banned(match: re.Match[str], text: str, clause: str) -> str | None:
    """Tell a ban on all traffic from one on trucks, and both from what stops walkers only."""
    whom = match["whom"]
    if whom is None:
        front = text[max(0, match.start() - 24) : match.start()]
        front = _CLAUSE.split(front)[-1]
        if _TRUCKS.search(front):
            return "trucks_banned"
        if match[0] == "限行":
            return None  # whom it limits is told elsewhere
        return "closed" if not _ON_FOOT.search(front) or _MOTOR.search(_ON_FOOT.sub("", front)) else None
    if _INTO_THE_SITE.match(text, match.end()) or re.search(
        "施工(?:区域|现场|范围)内?$|在.{0,6}(?:区域|现场)内?$", whom
    ):
        return None
    front = clause[: clause.find(match[0])]
    if _INSIDE_THE_SITE.search(front):
        return None
    if _EVERY_SIZE.search(whom):
        return "closed"
    if _TRUCKS.search(whom) or (_TRUCKS.search(front) and not _MOTOR.search(whom)):
        return "trucks_banned"
    into = P in whom and text[match.end() : match.end() + 1] == P and match[0].endswith(("驶入", "进入"))
    if into or f"由{P}" in whom or f"从{P}" in whom:
        return "movement"
    rest = _ON_FOOT.sub("", whom)
    if _MOTOR.search(rest) or not whom.strip("在对于的") or set(whom) <= {P, "在", "由", "向"}:
        return "closed"
    return "closed" if not _ON_FOOT.search(whom) and P in whom else None


_HEADING_IMPACT: Final = re.compile(
    "(?P<half>半封闭|半幅)(?:时间|路段|区域|范围|地点|道路)|(?P<ban>禁行|限行|禁止通行)(?:时间|路段|区域|范围|地点|车型|车辆|车种)"
    "|(?P<closed>封闭|围蔽|断道|封路|封桥|关闭)(?:时间|路段|区域|范围|地点|道路|位置|路口|桥梁)"
    "|(?P<fenced>围挡|打围|占道)(?:施工)?(?:时间|路段|区域|范围|地点|道路|位置)"
)


def heading_impact(text: str, at: int = 0, end_at: int = sys.maxsize) -> Impact | None:
    """What the headings say, where no sentence says more: 封闭路段; ``fenced`` leaves open how much."""
    match = _HEADING_IMPACT.search(text, at, end_at)
    if match is None:
        return None
    kind = {"half": "half_closed", "closed": "closed", "fenced": "fenced"}.get(str(match.lastgroup), "closed")
    if match["ban"]:
        kind = "trucks_banned" if _TRUCKS.search(text) else "closed"
    return Impact(*match.span(), kind, limits=limits(text) if match["ban"] else (None, None))
