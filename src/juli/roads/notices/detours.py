"""The ways round: chains of roads that a notice sends traffic over."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Final

from juli.roads.notices.names import MORE_THAN_A_NAME, is_more_than_a_name
from juli.roads.notices.place_words import BRIDGE
from juli.roads.notices.skeleton import NAME, Skeleton
from juli.roads.notices.tree import Role, Sentence

_VERB: Final = (
    "(?:绕行(?!公告|通告|通知|提示|信息|标志|指示|牌)|绕道|绕走|绕开|替代道路"
    "|改道|改走|改行|改经|改沿|改由|改驶|改用|(?<!雨污)(?<!污水)(?<!清污)(?<!雨水)(?<!清水)分流(?![道点]))"
)
_INTERCHANGE: Final = "(?<=[、及和与>-])[一-鿿]{2,5}(?:交汇处|交流道|回旋处|收费站|互通|转盘)"
#: Between the signs of a list even an unusual name is one: 甲路、平江里弄、乙路.
_ITEM: Final = "(?!周边|其他|其它|附近|地面|相邻|相关)[一-鿿]{2,6}"
_STEP: Final = (
    rf"(?:\([^()\n]{{0,12}}\)|辅[路道]|平面(?:车道|道路)|地面道路|延伸段|路?段|[东南西北]段)?(?:、(?:{_ITEM}、)?|[>/-]{{1,3}}(?:{_ITEM}[>-]{{1,3}})?|以?及|和|与"
    r"|,?(?:再|后|然后)?(?:续行|接|转|经|至|到|右转|左转|进入|驶入|转入|折向|沿|上|往|走|回到|返回|驶回)(?:至|入|到|进入)?){1,2}"
)
#: A bridge or tunnel may stand behind its road's name: 应天大街长江隧道.
_CHAIN_END: Final = (
    rf"(?:(?:、|及|和|与|>){_INTERCHANGE}(?=[,。;\n]|$)|、{_ITEM}(?=等)"
    rf"|辅[路道]|[>-]{{1,3}}{_ITEM}?(?=绕行|[,。;\n]|$))?"
)
_CHAIN: Final = f"{NAME}{{1,2}}(?:{_STEP}{NAME}{{1,2}})*{_CHAIN_END}"
_EITHER: Final = (
    "(?:等路?段?)?,?(?:或者|或是|或)(?:可?由|经由|经|从|沿|走|绕行|绕道|右转绕道|左转绕道|改道|改走)?"
)
_CHAINS: Final = re.compile(f"{_CHAIN}(?:(?:{_EITHER}|[、;,]?[②-⑳]){_CHAIN})*")
_LINK: Final = re.compile(rf"{NAME}{{1,2}}|{_INTERCHANGE}|(?<=[、>-]){_ITEM}(?=[、>-]|$)")
_SIDE_ROAD: Final = re.compile("辅[路道]")
_CUT: Final = re.compile("或者|或是|或|[②-⑳]")

#: What stands in front of a chain that is a way round, and behind one.
_SENT_OVER: Final = re.compile(
    rf"{_VERB}(?:路线|线路)[^,。;\n{NAME}]{{0,4}},(?:仍|均|还是)?(?:然?为|是)$|{_VERB}[^,。;\n{NAME}]{{0,10}}$|(?<!环)绕$"
)
_ASKED_OVER: Final = re.compile(
    rf"(?:可|请|建议|应|改)[^,。;:\n{NAME}]{{0,12}}?(?:由|从|经|走|沿|选择|通过|利用|前行至|行驶至)$"
)
_GOES_ROUND: Final = re.compile(rf"[^,。;:\n车的半{NAME}]{{0,14}}?{_VERB}(?![^,。;\n{NAME}]{{0,4}}{NAME})")
_DRIVES: Final = re.compile(
    rf"[^,。;:\n半{NAME}]{{0,12}}?(?:通行|行驶|出行|进出|前往|为替代道路)|(?=[,。;\n]|等|$)"
)
_OF_RESIDENTS: Final = re.compile("(?:居民|住户|单位|小区|商户|村民|凭)[^。;]*$")
#: 甲路施工改道通知
_TITLED: Final = re.compile("(?:的?(?:通知|通告|公告|提示|信息|方案)|期间|施工)")
_LEADS_ON: Final = re.compile("(?:前往|返回|驶回|到达|抵达|往返)")
#: Behind a chain these tell that it is where the traffic comes from.
_COMES_FROM: Final = re.compile(
    rf"[^,。;\n{NAME}]{{0,6}}(?:通行|行驶)的|(?:及{NAME})*(?:[^,。;\n{NAME}]{{0,4}}的|方向|路段)?(?:过往|途经|来往|原|过境|通行)*(?:机动车|货车|车)"
    rf"|(?:[东南西北]侧|[东南西北]{{1,2}}[行向段]|(?:由|自|从)?[东南西北][往向至][东南西北]|[东南西北]?进口道?|两侧|沿线)(?:方向)?的?[^,。;\n{NAME}]{{0,6}}?(?:车|司机|驾驶)"
)
#: 右转至甲路绕行乙路: what stands between two chains that are one way round.
_ON_THE_WAY: Final = re.compile(f",?(?:后|再)?{_VERB}(?:至|到)?")
_LED: Final = ("转", "至", "入", "到", "由", "从", "经", "沿", "走")
#: How far from a chain the words that make it a way round may stand, in characters.
_FRONT: Final = 24

#: 由东向西车辆经甲路-乙路-丙路通行
_PASSES: Final = re.compile("通行|行驶|绕行")
_ON_FOOT: Final = re.compile("非机动车|行人")
_BY_BUS: Final = re.compile(
    "(?:公交|公车|巴士|客运|大众运输|班线|校车|[一-鿿A-Z]?\\d+路|线路)(?:车辆?|线路)?"
)
_BY_CAR: Final = re.compile("机动车|车辆|货车|客车|司机|驾驶|车流|用路人")
_CLAUSE_START: Final = re.compile(r"[,。;:\n]")


#: Between two roads, a village is a place on the way and no road.
_VILLAGE: Final = ("村", "镇", "鎮", "乡", "鄉")
_WHOLE: Final = re.compile(rf"{NAME}{{1,2}}(?:[>-]{{1,3}}{NAME}{{1,2}})+(?:绕行|通行)?")
#: The head of a list of ways round, and an entry of it: 北往南:甲路-乙路-丙路.
_LIST_HEAD: Final = re.compile(rf"{_VERB}[^,。;:\n{NAME}]{{0,8}}:$")
_LISTED_WAY: Final = re.compile(
    rf"(?:[^,。;\n{NAME}]{{0,18}}[:>])?[^,。;:\n{NAME}]{{0,4}}{_CHAIN}[^,。;:\n{NAME}]{{0,6}}"
)
#: What lies between two ways round in one sentence: another direction, other vehicles, another choice.
_ANOTHER: Final = re.compile(f"或|[;:]|[车者]|方向|{_VERB}")
#: A link of a chain that is no name: 绕行江边、甲路.
_UNREAD_IN_FRONT: Final = re.compile("[、>](?![^、>]*(?:[由从经沿走]|绕行|改道|车辆))")
_UNREAD_BEHIND: Final = re.compile(
    rf"[东南西北](?=[,、])|,?再(?:行驶|行|经|走|由|沿|从|转)|(?:路段|段|路?口)?(?:[、>/-]|[和及与或](?!周边|其[他它余]|附近|相邻|地面))(?![,。;\n]|周边|其[他它余]|附近|相邻|相关|以[东南西北])|[^,。;\n]{{0,6}}{NAME}"
)


@dataclass(frozen=True)
class Detour:
    """The chains of roads in ``text[at:end_at]``, and why they may not be all that is said."""

    at: int
    end_at: int
    chains: tuple[tuple[str, ...], ...]
    doubt: str = ""


def find_detours(skeleton: Skeleton, sentences: list[Sentence]) -> list[Detour]:
    """Find every way round, in the order of the text."""
    found: list[Detour] = []
    text = skeleton.text
    told = -1  # where the last sentence ended that told a way round
    listing = False  # whether a list of ways round is open: 请按以下路线绕行:
    for sentence in sentences:
        opens = _LIST_HEAD.search(text, sentence.at, sentence.end_at) is not None
        leads = listing or sentence.role is Role.DETOUR
        listing = opens or (leads and _LISTED_WAY.fullmatch(text, sentence.at, sentence.end_at) is not None)
        if sentence.title or text.find(NAME, sentence.at, sentence.end_at) < 0:
            continue
        listed = (listing and not opens) or sentence.role is Role.DETOUR
        spans = list(_spans(text, sentence, listed=listed))
        goes_on = told == sentence.whole_at - 1 and text[told : told + 1] == ";"
        if not spans and goes_on and _WHOLE.fullmatch(text, sentence.at, sentence.end_at):
            spans = [(sentence.at, sentence.end_at, sentence.at)]
        floor = sentence.at
        for index, (at, end_at, first) in enumerate(spans):
            if _only_on_foot(text, sentence.at, at):
                found.append(Detour(at, end_at, ()))
                continue
            beyond = spans[index + 1][0] if index + 1 < len(spans) else sentence.end_at
            doubt = _doubt(skeleton, at, first, end_at, beyond)
            if index and not _ANOTHER.search(text, floor, first):
                doubt = doubt or "how the ways round hang together could not be made out"
            found.append(Detour(at, end_at, tuple(_chains(skeleton, first, end_at)), doubt))
            floor = end_at
        if spans:
            told = sentence.end_at
    return found


def _doubt(skeleton: Skeleton, at: int, first: int, end_at: int, beyond: int) -> str:
    """Why what was read of a way round may not be all of it; empty where nothing is left over."""
    text = skeleton.text
    if text[first - 1] in "->、" and not text[max(0, at - 4) : first].rstrip("->").endswith(("方向", "车")):
        return "a part of the way round could not be read"
    if "/" in text[first:end_at] and re.search("[->]", text[first:end_at]):
        return "how the ways round hang together could not be made out"  # 甲路-乙路/丙路-丁路: a choice
    if any(is_more_than_a_name(skeleton.names[at].name) for at in range(first, end_at) if text[at] == NAME):
        return MORE_THAN_A_NAME
    for place in range(first, end_at - 1):
        if text[place : place + 2] == 2 * NAME and not skeleton.names[place + 1].name.endswith(BRIDGE):
            return "what two names beside each other mean is not clear"
    if _UNREAD_IN_FRONT.search(text, at, first) or _UNREAD_BEHIND.match(text, end_at, beyond):
        return "a part of the way round could not be read"
    return ""


def _spans(text: str, sentence: Sentence, *, listed: bool) -> Iterator[tuple[int, int, int]]:
    """Yield where a detour stands with its words, and where its chains begin.

    In a list of ways round a chain is one without a word that says so.
    """
    way: tuple[int, int, int] | None = None
    floor = sentence.at
    for match in _CHAINS.finditer(text, sentence.at, sentence.end_at):
        first, end_at = match.span()
        if text[first - 1] == "(" and text[first - 2 : first - 1] == NAME:
            continue  # 甲路(乙路)
        if way is None and text[first - 1] in _LED:
            following = _CHAINS.search(text, end_at, sentence.end_at)
            if following and _ON_THE_WAY.fullmatch(text, end_at, following.start()):
                way = (first, end_at, first)
                continue
        if way is not None:
            yield way[0], end_at, way[2]
            way, floor = None, end_at
            continue
        found = _way_round(text, max(floor, first - _FRONT), first, end_at, sentence.end_at)
        whole = text[first - 1] in "经由走沿" and _PASSES.match(text, end_at) and match[0].count("-") > 1
        if found is None and (match[0].count(">") > 1 or whole):
            found = (first, end_at)
        if found is None and listed and not _COMES_FROM.match(text, end_at, sentence.end_at):
            found = (first, end_at)
        if found is not None:
            yield found[0], found[1], first
            floor = found[1]


def _way_round(text: str, floor: int, first: int, end_at: int, ceiling: int) -> tuple[int, int] | None:
    """Where a chain stands with the words that make it a way round; None where none do."""
    front = text[floor:first]
    sent = _SENT_OVER.search(front)
    if sent is not None and not _COMES_FROM.match(text, end_at, ceiling):
        return floor + sent.start(), end_at
    round_it = _GOES_ROUND.match(text, end_at, ceiling)
    if round_it is not None and _TITLED.match(text, round_it.end()):
        round_it = None
    if round_it is not None and text[first - 1] not in "在于":
        return first, end_at
    if text[first - 1] in "经由从沿" and text[first - 2] == "," and _LEADS_ON.match(text, end_at, ceiling):
        return first - 1, end_at  # 车辆可前行至甲互通,经乙路、丙路前往
    asked = _ASKED_OVER.search(front)
    if asked is not None and _OF_RESIDENTS.search(front):
        return None  # 沿线居民车辆可从甲路路口进出: how they get in
    if asked is not None and _DRIVES.match(text, end_at, ceiling):
        return floor + asked.start(), end_at
    return None


def _chains(skeleton: Skeleton, at: int, end_at: int) -> Iterator[tuple[str, ...]]:
    """Cut at each 或 into chains."""
    text = skeleton.text
    cuts = [at, *(match.end() for match in _CUT.finditer(text, at, end_at)), end_at]
    if len(re.findall(f"{NAME}[^{NAME}]*[>-][^{NAME}]*(?={NAME})", text[at:end_at])) > 1:
        # 甲路-乙路、丙路-丁路: two ways
        cuts = sorted({*cuts, *(at + m.end() for m in re.finditer("、", text[at:end_at]))})
    for first, last in pairwise(cuts):
        links = _LINK.finditer(skeleton.text, first, last)
        # 205国道(甲公路): another name of the same road
        named = (
            link
            for link in links
            if text.count("(", first, link.start()) <= text.count(")", first, link.start())
        )
        chain = [name for link in named for name in _link(skeleton, link)]
        if chain:
            yield tuple(name for name, _ in groupby(chain))


def _link(skeleton: Skeleton, link: re.Match[str]) -> Iterator[str]:
    """The name or names of a link: a bridge or tunnel behind its road's name is one with it."""
    if NAME not in link[0]:
        item = skeleton.quoted(*link.span())
        if not item.endswith(_VILLAGE):
            yield item
        return
    names = [skeleton.names[at].name for at in range(*link.span())]
    if (side := _SIDE_ROAD.match(skeleton.text, link.end())) is not None:
        names[-1] += side[0]
    if len(names) == 2 and names[1].endswith(BRIDGE):
        yield names[0] + names[1]
    else:
        yield from names


def _only_on_foot(text: str, floor: int, at: int) -> bool:
    """Whether the clause in front speaks of walkers and cyclists only."""
    start = floor
    for mark in _CLAUSE_START.finditer(text, floor, at):
        start = mark.end()
    clause = text[start:at]
    if _BY_BUS.search(clause) is not None and not _BY_CAR.search(_BY_BUS.sub("", clause)):
        return True
    return _ON_FOOT.search(clause) is not None and not _BY_CAR.search(clause.replace("非机动车", ""))
