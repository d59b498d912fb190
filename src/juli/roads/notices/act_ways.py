"""The direction, the side or the turn that is told of a thing done."""

import re
from typing import Final

from juli.roads.notices.directions import ARM, OPPOSITE, SIDE, TRAVEL, travelled
from juli.roads.notices.places import PLACE as P

#: No clause is longer, in characters; what is, is no writing.
LONGEST_CLAUSE: Final = 120
#: A direction that no compass tells: 渝沪向, 往合肥方向. It is kept in the notice's words.
_TOWARDS: Final = re.compile(
    f"{P}(?:的?一段)?的?((?![禁严不限段])[一-鿿]{{2,8}}?(?:方向|向))(?![东南西北导通])"
)
#: 汉口往武昌方向
_TOWN_TO_TOWN: Final = re.compile(
    "((?:由|从|自)?(?:(?![由从自桥路段线内时站]|[入出]口)[一-鿿]){2,6}[往至][一-鿿]{2,6}方向)"
)
#: 封闭往乌日方向外侧车道
_BOUND_FOR: Final = re.compile(
    "(?:的|封闭|占用|关闭|车道|采用|采取|(?<![一-鿿]))((?:开往|驶往|通往|往)[一-鿿]{2,7}?方向|[进出][城岛港]方向)(?!正常|保持|维持|不受)"
)
_DRIVEN: Final = re.compile(
    rf"(?P<said>(?:通行|行驶)方向[为是:]?)?(?:{TRAVEL.pattern})(?:方向)?(?:单向)?(?P<drives>行驶|通行|行车)?"
)
#: 改为单向行车(往高士德方向), 单行(南>北)
_IN_BRACKETS: Final = re.compile(
    r"(?:行车|行驶|通行|交通)?\((?:(?:由|自|从)?(?P<one>[东南西北])(?:往|向|至|>|-)(?P<other>[东南西北])(?:方向)?|(?P<bound>(?:由[^()东南西北,]{1,6})?往[^()东南西北,]{2,8}方向))\)"
)
#: Both ways along one of the roads of a junction.
_AXIS: Final = re.compile("(?:东西|南北)(?:方?向)(?!单)")
_WAY_OR_TURN: Final = re.compile(
    rf"(?P<turn>左转|右转|直行|掉头|调头)|(?P<axis>(?:东西|南北)双?(?:方向|向))|{ARM.pattern}|{TRAVEL.pattern}"
)
#: 单向通行,禁止机动车由东向西行驶
_BANNED: Final = re.compile("禁止[^,。;:\n]{0,8}$")
#: 先南侧后北侧, 左右幅交替
_ONE_THEN_OTHER: Final = re.compile("先[^,。;]{1,8}后|左右幅|[东南西北]{2}半?幅|(?:轮流|交替|分别|依次)")
#: One arm of a junction: 东进口, 西口.
_AN_ARM: Final = re.compile(
    "(?<![东南西北])([东南西北]{1,2})侧?(进口道?|出口(?!匝)|口(?=[,。;、全封半道因]))"
)


def direction_of(kind: str, text: str, at: int, end_at: int, match: re.Match[str]) -> str | None:
    """The direction or the side that an impact's own clause names."""
    if kind == "movement":
        return _turn(text, at, match)
    if kind == "half_closed" and _ONE_THEN_OTHER.search(text, at, end_at):
        return None
    if kind in ("closed", "half_closed", "lanes") and (arm := _AN_ARM.search(text, at, match.end())):
        return arm[1] + ("口" if arm[2] == "口" else arm[2][:2])
    travels = list(TRAVEL.finditer(text, at, end_at))
    if kind == "one_way":
        travels = [travel for travel in travels if not _BANNED.search(text, at, travel.start())]
    if kind == "lanes" and P in match[0] and (inside := TRAVEL.search(match[0])) is not None:
        return travelled(inside)
    if kind == "one_way" and (told := _IN_BRACKETS.match(text, match.end())) is not None:
        return told["bound"] or f"由{told['one']}向{told['other']}"
    if kind == "one_way" and not travels:
        driven = _DRIVEN.finditer(text, match.end(), match.end() + LONGEST_CLAUSE)
        travels = [
            travel
            for travel in driven
            if (travel["said"] or travel["drives"]) and not _BANNED.search(text, match.end(), travel.start())
        ]
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
