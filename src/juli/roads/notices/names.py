"""Road names in running text, found without a dictionary of words.

A name ends where 路, 街, 大道, 桥 … stands, which is easy; where it begins is not, for Chinese has no spaces.
A name of the map's own list settles it. Otherwise the name begins behind the nearest mark or word that can't
be part of one (对, 的, 绕行, 途经 …); a word that can be (和 in 和平路, 沿 in 沿江路) is taken as a word only
where enough of a name is left behind it.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from juli.roads.notices.normalise import NormalText, simplified

#: How far back from its ending a name may begin.
_LONGEST: Final = 12

_ENDING: Final = (
    "快速道路|快速路|高速公路|高架道路|高架路|高架桥|高架|高速路|高速|公路|马路|大马路|大道|大街|胡同|立交桥|立交|互通|枢纽|"
    "大桥|隧道|路|街|道|巷|弄|桥|环线"
)
_NUMBERED: Final = (
    r"(?<![A-Za-z\d])[GSXYCZ]\d{1,4}(?:(?:[一-鿿]{1,6}?)?(?:高速公路|高速|国道|省道|县道|公路))?(?![\d+])"
    r"|(?<!\d)\d{3}(?:国道|省道|县道|乡道)|(?:国道|省道|县道|台)\d{1,3}(?:号|[甲乙丙]?线)"
)
_NAME_END: Final = re.compile(
    rf"(?P<numbered>{_NUMBERED})|(?P<ending>{_ENDING})(?:[一二三四五六七八九十]段|\d{{1,4}}巷(?:\d{{1,3}}弄)?)?"
)

#: Words that no road name contains: a name begins behind the last of them.
_WORDS: Final = re.compile(
    ".*(?:施工|封闭|封锁|围蔽|围封|占用|关闭|实施|实行|采取|进行|限制|禁止|绕行|绕道|改道|改行|改走|改经|改沿|改由|分流|途经|行经|"
    "经过|经由|通过|通行|驶入|驶往|驶出|驶离|进入|转入|右转|左转|直行|进出|前往|往返|返回|来往|过往|选择|利用|借用|借道|走行|"
    "行驶|行至|行走|位于|涉及|包括|包含|其中|以及|或者|期间|时段|时间|路段|路线|路口|地点|范围|位置|沿线|周边|附近|相邻|两侧|"
    "其他|其它|部分|全线|上述|下列|以下|相关|有关|各|该|此|本市|我市|全市|市区|城区|辖区|境内|对于|关于|由于|根据|按照|为了|配合|"
    "因应|计划|决定|将于|将对|将在|届时|现对|拟对|需要|对|将|的|请|因|在|拟|需|或|从|把|被|与|及(?!第)|并|且|也|均|可|应|须|等|含|"
    "接驳|接(?!官)|连接|衔接|车辆|货车|客车|机动车|行人|方向|双向|单向|东侧|西侧|南侧|北侧|平面|主线|沿(?=[东西南北一-鿿]{2,}(?:路|街|道)))"
)
#: Words that begin some names too: taken as words only where two characters of a name remain.
_SOFT: Final = frozenset("和经至沿向由到往为于通过走原现近改起止自转上下续行")
_POSITIONS: Final = frozenset("东西南北中前后上下内外一二三四五六七八九十0123456789")
_DISTRICT: Final = re.compile(
    r".{1,}(?:自治区|省|市|区|县|镇|乡|街道|开发区|高新区|新区|园区|新城|工业园|片区)(?=.{2,})"
)
#: What looks like a name and is none.
_GENERIC: Final = re.compile(
    r"(?:道|公|马|铁|管|线|电|水|气|支|主|辅|岔|半|多|各|条|段|两|双|单|每|全|整|网|思|上|下|沿|一|迁|开|修|通|问|过|引|回|此|该|原|新|老|断|便|油|三岔|十字|丁字|交叉|公交)路"
    r"|(?:.*(?:车|人行|便|匝|辅|管|轨|渠|河|跑|航|频|赛|通|隧|街|绕|改|借|占|断|报|知|味|弯|过街通|慢行|快行|地|地下通|疏散通|出入通))道"
    r"|(?:大|小|街|老|新|快速|高架|高速|主|次|干)?(?:大街|大道|街道|街|道|巷|弄|桥|大桥|高架|高速|立交|互通|枢纽|隧道|公路|马路|高架路|快速路|胡同)"
    r"|.*(?:人行天|过街天|天|危|便|架|栈|钢便|桥)桥|.*(?:座|跨线)桥|\d+路|.*(?:道|公)路"
)
_STICKS: Final = re.compile(
    r"站|小学|中学|医院|小区|派出所|街道办|菜场|市场|广场|公园|大厦|商场|车站|地铁|中队|大队|社区|居委|村(?!路|街)"
)


@dataclass(frozen=True, slots=True)
class Name:
    """A road name where it stands: ``text[at:end_at]``, and as it is to be quoted."""

    at: int
    end_at: int
    name: str


def lexicon(names: Iterable[str]) -> dict[str, list[tuple[str, str]]]:
    """Index the map's names by their first two characters: each simplified, with the map's own form."""
    index: dict[str, list[tuple[str, str]]] = {}
    for name in names:
        key = simplified(name)
        if len(key) >= 2:
            index.setdefault(key[:2], []).append((key, name))
    for entries in index.values():
        entries.sort(key=lambda entry: -len(entry[0]))
    return index


def find_names(text: NormalText, known: Mapping[str, list[tuple[str, str]]], barriers: bytes) -> list[Name]:
    """Find the road names of a text, left to right, none overlapping another.

    Parameters
    ----------
    text
        The normalised notice.
    known
        The map's names, as :func:`lexicon` indexes them; empty where there is no map.
    barriers
        One byte for each character: not zero where it belongs to a date or an hour, which no name crosses.
    """
    found: list[Name] = []
    floor = 0
    for match in _NAME_END.finditer(text.text):
        if match.start() < floor:
            continue
        name = _known_at(text, known, floor, match) or _bounded(text, floor, match, barriers)
        if name is not None:
            found.append(name)
            floor = name.end_at
    return found


def _known_at(
    text: NormalText, known: Mapping[str, list[tuple[str, str]]], floor: int, match: re.Match[str]
) -> Name | None:
    """Find the longest of the map's names that covers an ending."""
    if not known:
        return None
    for at in range(max(floor, match.start() - _LONGEST), match.end()):
        for key, name in known.get(text.text[at : at + 2], ()):
            if match.start() < at + len(key) and text.text.startswith(key, at):
                return Name(at, at + len(key), name)
    return None


def _bounded(text: NormalText, floor: int, match: re.Match[str], barriers: bytes) -> Name | None:
    """Find where a name begins that no map knows: behind the last mark, date or word before it."""
    end = match.end()
    if _STICKS.match(text.text, end):  # 人民路小学 is a school
        return None
    if match["numbered"]:
        return Name(match.start(), end, text.verbatim[match.start() : end])
    at = match.start()
    while (
        at > floor
        and match.start() - at < _LONGEST
        and not barriers[at - 1]
        and ("一" <= text.text[at - 1] <= "鿿" or text.text[at - 1].isalnum())
    ):
        at -= 1
    body = text.text[at : match.start()]
    word = _WORDS.match(body)
    if word:
        at += word.end()
    while match.start() - at > 2 and text.text[at] in _SOFT:
        at += 1
    soft = next(
        (
            place
            for place in range(match.start() - 3, at, -1)
            if text.text[place] in "和与经至由" and match.start() - place - 1 >= 2
        ),
        None,
    )
    if soft is not None and soft - at >= 0:
        at = soft + 1
    district = _DISTRICT.match(text.text[at : match.start()])
    if district:
        at += district.end()
    name = text.text[at:end]
    if at == match.start() or _GENERIC.fullmatch(name) or (name[0] in _POSITIONS and len(name) == 2):
        return None
    return Name(at, end, text.verbatim[at:end])
