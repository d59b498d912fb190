"""What the works do to traffic: closures, half closures, one-way traffic, lanes, turns and bans on trucks."""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from juli.roads.notices.directions import ARM, OPPOSITE, SIDE, TRAVEL, travelled
from juli.roads.notices.impact_words import IMPACT
from juli.roads.notices.place_reading import PLACE as P
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
_SOME_TRUCKS: Final = re.compile(
    "外地|外埠|外籍|非本[市地]|号牌|车牌|尾号|黄标(?!车[和及、])|国[一二三四]|柴油|燃油"
)
_ALL_VEHICLES: Final = re.compile("一切|所有|各类|任何|机动车、|、机动车|社会车辆")
_EXCEPTED: Final = re.compile(r"\([^()]*除外\)|除[^,。;]{0,16}外")
_OTHER_SUBJECT: Final = re.compile(
    "(?:两侧|两边|中央|中间|半侧|辅[道路]|人行道|附近|引桥|(?<![0-9一二三四五六七八九十])[东南西北中]段|公交站|收费站|非机动车道|绿化带|管道|管线|阀门|出入口|入口|出口|(?<!隧)通道|大门|[东南西北]门|站点?|灯|商铺|店|市场|公园|停车[场位]|泊位|车位|路肩|航道|水域|河道|开口|护栏|隔离带|站台|电梯|天桥)"
    "(?:将|会|均|全部|临时|暂时|实施|实行|予以|进行)*$"
)
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
    f"(?:封闭|关闭){P}*的?(?:由|自|从)?(?P<one>[东南西北])(?:往|向|至)(?P<other>[东南西北])(?:方向)?的?(?:机动)?(?:车道|行车线)"
)
_SOME_LANES: Final = re.compile(r"[一二两三四五六\d][条个根车]|部分|[内外]侧|中间")
#: A direction that no compass tells: 渝沪向, 往合肥方向. It is kept in the notice's words.
_TOWARDS: Final = re.compile(
    f"{P}(?:的?一段)?的?((?![禁严不限段])[一-鿿]{{2,8}}?(?:方向|向))(?![东南西北导通])"
)
#: 汉口往武昌方向
_TOWN_TO_TOWN: Final = re.compile(
    "((?:由|从|自)?(?:(?![由从自桥路段线内])[一-鿿]){2,6}[往至][一-鿿]{2,6}方向)"
)
#: 封闭往乌日方向外侧车道
_BOUND_FOR: Final = re.compile(
    "(?:的|封闭|占用|关闭|车道|,|:|^)((?:开往|驶往|通往|往)[一-鿿]{2,7}?方向|[进出][城岛港]方向)"
)
_DRIVEN: Final = re.compile(
    rf"(?P<said>(?:通行|行驶)方向[为是:]?)?(?:{TRAVEL.pattern})(?:方向)?(?:单向)?(?P<drives>行驶|通行|行车)?"
)
#: 改为单向行车(往高士德方向), 单行(南>北)
_IN_BRACKETS: Final = re.compile(
    r"(?:行车|行驶|通行|交通)?\((?:(?:由|自|从)?(?P<one>[东南西北])(?:往|向|至|>|-)(?P<other>[东南西北])(?:方向)?|(?P<bound>(?:由[^()东南西北,]{1,6})?往[^()东南西北,]{2,8}方向))\)"
)
#: What may stand behind 封闭 without making it the closing of something else than the road.
_CLOSES_ROAD: Final = re.compile(
    rf"[,。;:、\n()!?{P}\ue000-\ue010]|$|\d+[天日时小个]|[一二三四五六七八九十两]+[个天日周]"
    "|施|交通|围|管|维|养|检|改|作业|运行|道路|路段|路面|路口|大桥|桥梁|该|此|上述|以下|下列|期|时|至|到|后|前|通行|的|以|并|进|现场|措施|状态"
    "|区域|范围|方式|工期|约|直|不|禁|且|和|及|与|或|式|处理|抢|修|大修|[左右东南西北][洞线]|[进出][城岛港]|[东南西北左右]侧|往[一-鿿]{2,5}方向|[东南西北]行(?:方向|车道|线)|(?:由|自|从)?[东南西北][向往至][东南西北]|翻|整|起|共|为|单|双|半|全|对|在|于|由|从|自|请|需|沥|铺|拆|架|吊|加|更|换|清|摊|铣|安|浇|挖|开挖|建|升|重"
)
#: Both ways along one of the roads of a junction.
_AXIS: Final = re.compile("(?:东西|南北)(?:方?向)(?!单)")
_SOME_WAY: Final = re.compile("(?<![双个各全该此回返])方向(?!性)")
_ALL_LANES: Final = re.compile("全部|所有|双向|双方向|全幅")
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
_PIECEMEAL: Final = re.compile("轮流|逐[一个段]|分段|分批|分幅|分时|间断|局部|交替")
#: Why such works are not acted on, unless the entries of a list tell when which part is closed.
IN_TURN: Final = "which part is closed when is not told"
#: 先封闭往甲方向车道,…: one part behind the other.
_IN_TURN: Final = re.compile(
    "(?:^|[,:将拟])先行?(?:封闭|围挡|施工)|依次|先后(?:封闭|施工)|分左右幅|分东西|分南北"
)
#: 地面道路保持双向4车道通行: what stays open is another road.
_ELSEWHERE: Final = re.compile("半幅|[东南西北左右]侧|辅[道路]|地面|桥下|便[道桥]|另一|其[他它余]")
#: No clause is longer, in characters; what is, is no writing.
_LONGEST_CLAUSE: Final = 120
_CLAUSE: Final = re.compile("[,。;:\n]")

_WAY_OR_TURN: Final = re.compile(
    rf"(?P<turn>左转|右转|直行|掉头|调头)|(?P<axis>(?:东西|南北)双?(?:方向|向))|{ARM.pattern}|{TRAVEL.pattern}"
)

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
        clause_floor = max(at, match.start() - _LONGEST_CLAUSE)
        kind = _kind(match, text, clause)
        if kind is None or _UNDONE.search(clause) or text[match.start() - 1 : match.start()] in _NOT:
            continue
        if _AFTERWARDS.search(text, clause_floor, match.start()):
            continue
        if kind == "lanes" and _is_a_whole_way(match[0], text[match.end() : end_at]):
            kind = "closed"
        if kind == "lanes" and match[0][:1] in "保维" and _ELSEWHERE.search(clause):
            continue
        trouble = ""
        kept_out = _EXCEPTED.sub("", clause)
        if kind == "closed" and _SOME_VEHICLES.search(kept_out) and not _ALL_VEHICLES.search(kept_out):
            trouble = "only some vehicles are kept out"
        elif kind == "trucks_banned" and _SOME_TRUCKS.search(kept_out):
            trouble = "only some trucks are kept out"
        elif match[0].endswith(("封闭", "关闭")) and not _CLOSES_ROAD.match(text, match.end(), end_at):
            trouble = "what is closed is not understood"
        elif kind in ("closed", "works", "half_closed") and _OTHER_SUBJECT.search(
            text, clause_at, match.start()
        ):
            trouble = "what is closed is not the road itself"
        elif kind == "closed" and _BUT_TRUCKS.search(clause):
            trouble = "trucks are excepted"
        elif _CONDITIONAL.search(_ASIDE.sub("", clause)) or _IF.search(text, clause_floor, match.start()):
            trouble = "whether it comes to that is left open"
        elif kind in ("closed", "works") and _PIECEMEAL.search(clause):
            trouble = IN_TURN
        elif _IN_TURN.search(clause) and PERIOD not in clause:
            trouble = "which part is closed when is not told"
        words = match[0]
        way_at = last_end if TRAVEL.search(text, last_end, match.end()) else clause_at
        last_end = match.end()
        direction = _direction(kind, text, max(way_at, clause_at), clause_end, match)
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


def clause_around(text: str, at: int, end_at: int, floor: int, ceiling: int) -> tuple[int, int]:
    """The clause between two commas in which something stands."""
    floor, ceiling = max(floor, at - _LONGEST_CLAUSE), min(ceiling, end_at + _LONGEST_CLAUSE)
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
    if _TRUCKS.search(whom) or (_TRUCKS.search(front) and not _MOTOR.search(whom)):
        return "trucks_banned"
    into = P in whom and text[match.end() : match.end() + 1] == P and match[0].endswith(("驶入", "进入"))
    if into or f"由{P}" in whom or f"从{P}" in whom:
        return "movement"
    rest = _ON_FOOT.sub("", whom)
    if _MOTOR.search(rest) or not whom.strip("在对于的") or set(whom) <= {P, "在", "由", "向"}:
        return "closed"
    return "closed" if not _ON_FOOT.search(whom) and P in whom else None


def _direction(kind: str, text: str, at: int, end_at: int, match: re.Match[str]) -> str | None:
    """The direction or the side that an impact's own clause names."""
    if kind == "movement":
        return _turn(text, at, match)
    travels = list(TRAVEL.finditer(text, at, end_at))
    if kind == "lanes" and P in match[0] and (inside := TRAVEL.search(match[0])) is not None:
        return travelled(inside)
    if kind == "one_way" and (told := _IN_BRACKETS.match(text, match.end())) is not None:
        return told["bound"] or f"由{told['one']}向{told['other']}"
    if kind == "one_way" and not travels:
        driven = _DRIVEN.finditer(text, match.end(), match.end() + _LONGEST_CLAUSE)
        travels = [travel for travel in driven if travel["said"] or travel["drives"]]
        return travelled(travels[0]) if len({travelled(t) for t in travels}) == 1 else None
    if kind == "closed" and len({travelled(t) for t in travels if t.end() <= match.start()}) > 1:
        return "双向"
    if travels:
        return travelled(
            travels[-1] if kind == "one_way" and travels[-1].end() <= match.end() else travels[0]
        )
    if kind == "closed" and (axis := _AXIS.search(text, at, match.end())) is not None:
        return axis[0]
    side = next((s for s in SIDE.finditer(text, at, end_at) if not _tells_where(s, text, at)), None)
    if kind == "one_way":
        return None
    if side is None:
        towards = (
            _TOWARDS.search(text, at, end_at)
            or _TOWN_TO_TOWN.search(text, at, match.start())
            or _BOUND_FOR.search(text, at, end_at)
        )
        return towards[1] if towards else None
    if side["both"] is not None:
        return "双向" if kind == "closed" else None
    return side[0]


def _tells_where(side: re.Match[str], text: str, at: int) -> bool:
    """Whether a side is that of a landmark, beside which the road lies: 人民公园东侧甲路."""
    front = text[max(at, side.start() - 4) : side.start()]
    beside = text[side.end() : side.end() + 1] == P and re.search("[一-鿿]{2}$", front) is not None
    return beside and re.search("(?:封闭|占用|关闭|围挡|[将对把])$", front) is None


def _turn(text: str, at: int, match: re.Match[str]) -> str | None:
    """The turn that is banned: 由东向西左转."""
    found = _ways_and_turns(text[at : match.end()].replace("禁左", "左转"))
    if not any(way for way, _ in found):
        before = re.split("[。;\n]", text[max(0, at - 24) : at])[-1]
        ways = [travelled(travel) for travel in TRAVEL.finditer(before)][-1:]
        found = [(way, turn) for way in ways or [""] for _, turn in found]
    return "、".join(dict.fromkeys(f"{way}{turn.replace('调', '掉')}" for way, turn in found)) or None


def _ways_and_turns(words: str) -> list[tuple[str, str]]:
    """Pair each turn with the ways of travel before it: 由南向北、由东向西左转 are two."""
    found: list[tuple[str, str]] = []
    ways: list[str] = []
    arms: dict[str, str] = {}
    turned = False
    for match in _WAY_OR_TURN.finditer(words):
        if match["turn"]:
            back = match["turn"] in ("掉头", "调头")
            found += [(arms.get(way, way) if back else way, match["turn"]) for way in ways or [""]]
            turned = True
        else:
            ways = [] if turned else ways
            arm = match["arm"]
            way = f"由{arm}向{OPPOSITE[arm]}" if arm else match["axis"] or travelled(match)
            ways.append(way)
            if arm:
                arms[way] = f"{arm}进口"  # 东进口掉头 leads back to the east
            turned = False
    return found or [(way, "") for way in ways]


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
