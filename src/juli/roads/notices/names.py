"""Road names in running text, found without a dictionary of words.

A name ends where 路, 街, 大道, 桥 … stands, which is easy; where it begins is not, for Chinese has no spaces.
A name of the map's own list settles it. Otherwise the name begins behind the nearest mark or word that can't
be part of one (对, 的, 绕行, 途经 …); a word that can be (和 in 和平路, 沿 in 沿江路) is taken as a word only
where enough of a name is left behind it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from juli.roads.notices.normalise import NormalText, simplified

#: How far back from its ending a name may begin.
_LONGEST: Final = 12
#: A name of up to so many characters is one name.
_USUAL: Final = 5

_ENDING: Final = (
    "(?:大道|路|街)快速路|[内外中一二三四五六]环(?=[、,。;()至到与和及段-]|绕|辅|$)|(?:高速公路|高速|大道|路)(?:连接线|复线|延长线)|(?<=[区龙])走廊|绕道(?=[东南西北]行|往[一-鿿]{2,5}方向|介[乎于]|\\((?:往|近))|道天桥|(?:快速|大)通道|(?<=皇后)大道[东西中]|大道[东南西北中](?=[()。;\\n]|$|交叉|路口|至(?=[一-鿿])(?![东南西北][侧段端]))|(?:路|街|大道)(?:下穿|地下|过江|湖底|江底|过街|下立交)?(?:隧道|通道|地道)(?=[、,。;:()至到>-]|[因受改积维检养清施]|及|和|与|将|于|自|进|实|封|全|机|禁|由|[东南西北双]|内|$|\n)|(?:路|街)(?:大桥|立交桥|立交|隧道|桥(?![梁面头下巷台墩体区建工公集涵]))(?![路街])|(?:路|大道|街)高架(?:桥|道路|路)?|快速道路|快速路(?:高架(?:桥|道路|路)?)?|高速公路(?!局|公司|有限|管理|交警|警察|支队)|高架道路|高架路|高架桥|(?<!限)高架|高速路|高速(?!公路局)|公路(?!大?桥|局|段|处|站|管理|事业|养护|中心|建设|发展|部门|路政|分局|工程|集团)|大马路|马路|大道(?![东西南北中]路)|大街|胡同|枢纽互通|枢纽立交|立交桥|立交|互通|枢纽|"
    "大桥(?!路|街|[东西南北中][路街])|隧道(?!公路|大?路)|路(?!线|面|灯|网|政|况|基|障|牌|肩|缘|局|人(?![行民])|跑|演|况)|街(?!道|路(?![口段]))|(?<![大改绕便人车匝街])道(?:[南北](?=[(至与和及、,。;介])|[东西中])(?=[、,。;:()的及与和至由将于近交之介往慢快]|路口|[东西]行|$)|道(?!路(?!口)|公路|(?<=大道)[东西南北中]路|[一二三四五六七八九十]+[路街])|巷(?![东西南北中]路|街道|镇|村|社区)|弄|桥(?!隧道|立交|互通|枢纽|收费站|服务区|大道|大街|街道|镇|村|社区|[梁面头下路街巷弄台墩体区]|[东西南北中][一二三四五六七八九十]?[路街])|环线"
)
_NUMBERED: Final = (
    r"(?:国道|省道|县道|乡道|村道|专用公路)[GSXYCZ]\d{1,4}线?(?![\d+])"
    r"|(?<![A-Za-z\d])(?<!交通)(?<!地铁)(?<!轻轨)[GSXYCZ]\d{1,4}(?:线(?!路)|(?:[一-鿿]{1,6}?)?(?:高速公路|高速|国道|省道|县道|乡道|村道|公路))?(?![\d+]|[A-Z]-)"
    r"|\d{3}(?:国道|省道|县道|乡道)|(?:国道|省道|县道|乡道)\d{1,4}[号线]?|台\d{1,3}[甲乙丙]?线(?:快速(?:道路|公路))?"
)
#: 里, 坊 and 浜 end too many other words: they are names only between the marks of a list or before a verb.
_LANE: Final = (
    r"(?<=[、,(:对及和\n行>])(?!介)[一-鿿]{1,4}(?:(?<![公这那哪城家区村千万])里|坊|浜|堤)"
    r"(?=[、,(等]|将|实施|实行|临时|封闭|全|半|于|及|和|的)"
    #: 工业径, 水坑尾里: between two of them, and of a place between two
    r"|(?<=[、,(:对及和与乎于])(?:(?![和及与介])[一-鿿]){2,4}[径徑里](?=之间|与|和)|(?<=之间的)(?:(?![和及与])[一-鿿]){1,4}[里坊径徑]|(?<=[经及、和])(?:(?![和及与])[一-鿿]){2,4}[径徑](?=[前、,。往及和])"
)
#: 吴金线: roads of the counties that are called a line.
_LINE: Final = (
    r"(?<=[、,(:对在由经行>沿至因])[一-鿿]{2}(?<![行这那沿主支公路热管电光曲直干号专车标红黄虚实一岸防压视全前产界快慢心停警戒无航连引])线"
    r"(?=K\d|\(|[、,。;)>至]|段|路段|等|全|半|封|实|绕|施|通行|$)"
)
_NAME_END: Final = re.compile(
    r"(?P<opening>(?=\()(?<=[一-鿿])(?=\((?:[^()\n至到-]{1,20})(?:至|到|-{1,3})[^()\n]{1,24}?\)))"
    rf"|(?=[GSXYCZ\d国省县乡村专台])(?P<numbered>{_NUMBERED})"
    rf"|(?<=[、,(:对及和\n在由经行>沿至因与乎于的])(?P<lane>{_LANE}|{_LINE})"
    rf"|(?=[路大街快高公马胡枢立互隧道巷弄桥环走绕内外中一二三四五六])(?:{_ENDING})(?:[一二三四五六七八九十\d]段|[东南西北中]段(?=\()|\d{{1,4}}巷(?:\d{{1,3}}弄)?)?"
)

#: Words that no road name contains: a name begins behind the last of them.
_WORD_LIST: Final = (
    "办理|推进|针对|收费站|服务区|施工|封闭|封锁|围蔽|围封|占用|关闭|实施|实行|采取|进行|限制|禁止|限行|禁行|管制|计划|决定|届时|需要|提前|配合|结合|因应",
    "绕行|绕道|改道|改行|改走|改经|改沿|改由|改用|分流(?!道)|途经|(?<!绕)行经|后[经由从沿走转至到]|再[经由从沿走转至到]|经过|经由|通过|通行",
    "驶入|驶往|驶回|回到|驶出|驶离|进入|转入|右转|左转|直行|进出|前往|往返|返回|来往|过往|选择|利用|借用|借道|走行|行驶|行至|行走",
    "位于|涉及|包括|包含|其中|以及|或者|期间|时段|时间|路段|路线|线路|路口|地点|范围|位置|沿线|周边|附近|相邻|两侧|地面|桥下|半幅|平面",
    "其他|其它|其余|反映|增加|增设|新增|[主辅]路[由自从]|部分|全线|上述|下列|以下|相关|有关|本市|我市|全市|市区|城区|辖区|境内|对于|关于|由于|根据|按照|为了|出口|入口|主线",
    "[东南西北]向(?![东南西北阳])(?=.{3})|[安理通输设]局(?=.{2})|[由自从][东南西北][向往至][东南西北](?:方向)?(?=.{2})|[东南西北][向往][东南西北](?:方向)?(?=.{2})|(?:通告|公告|通知)(?=.{2})",
    "其间|其中|[一二三四五]是|同时|此外|另外|开始|即将|正在|目前|今天|昨天|明天|举办|举行|开展|保障|保证|确保|加快|加强|完善|改善|提升|缓解|消除|组织|方便|优化|满足",
    "[我本][村镇乡市县区](?=.{2})|维修|检修|交警|公安|部门(?!路)|提醒|路过|市民(?!路)|要求|全桥|提高|畅通|打通|距离?|下穿(?=.)|上跨|施工单位|建设单位|有限公司|集团|受|主干道|次干道|型车|接驳|连接|衔接|车辆|货车|客车|机动车|行人(?!民)|方向|双向|单向|[东南西北][起至到]|介[乎于]|之间|一段",
    "对|的|以|即(?!墨)|与|或|在|请|拟|把|且",
)
#: The characters that they begin with: most of a text is skipped at once.
_WORD_STARTS: Final = (
    "".join({word[0] for words in _WORD_LIST for word in words.split("|")} - {"(", "["})
    + "行东南西北由自从一二三四五主辅我本"
)
_WORDS: Final = re.compile(f".*(?:(?=[{_WORD_STARTS}])(?:{'|'.join(_WORD_LIST)})|(?<=[一-鿿]侧))")
#: Single characters that some names contain: words only where two characters of a name remain.
_PARTICLES: Final = re.compile(
    ".*(?:将(?!军)|及|因|需|从|被|并|也|均|可|应(?!天)|须|等|含|各|该|此|为|原)(?=.{2,})"
)
#: 至 and 到 are words where as much stands before them as a name needs.
_RANGED: Final = re.compile(".{2,}[至到](?=.)")
#: The same, at the front of a name only.
_SOFT: Final = frozenset("绕当交而和经至沿向由到往于通过走现近改起自转行")
_LISTING: Final = frozenset("、(>-/")
#: Behind these a 由 or 经 is a word, even before a short name.
_ASKING: Final = (
    "选择",
    "绕行",
    "绕道",
    "改道",
    "改走",
    "可",
    "以",
    "请",
    "应",
    "须",
    "需",
    "车",
    "车辆",
    "人",
)
#: 经十路, 纬三路: the roads of a grid.
_GRID: Final = re.compile("[经纬](?:[一二三四五六七八九]|[一二三]?十[一二三四五六七八九]?)")
_OF_A_TOWN: Final = re.compile("[镇村乡县]路段")
_OF_COUNTY: Final = re.compile("[一-鿿]{2,3}[区县市镇](?=.$)")
_RAISED: Final = re.compile("(?:高架|高速|快速路|立交)$")
#: What joins a name to the one right before it.
_JOINT: Final = re.compile("(?:路?口|交叉口|路?段|[东南西北]行线?)?(?:[至到转接与近](?=.)|[和及自从](?=..))?")
_POSITIONS: Final = frozenset("东西南北中前后上下内外一二三四五六七八九十0123456789")
_DISTRICT: Final = re.compile(
    r".+(?:自治区|省|市|区|县|(?<=.{2})(?<!镇)镇|(?<=.{2})乡|街道|开发区|高新区|新区|园区|新城|工业园|片区|景区|(?<!.段)(?<!大)段|火车站|高铁站|客运站|汽车站|体育场|广场|小区|工业区|自治州|[一-鿿]{2}市区|村委会)(?=.{2,})"
)
#: What looks like a name and is none.
_GENERIC: Final = re.compile(
    r"(?:由|自|从)?[东南西北][向往至][东南西北].{0,6}|.*(?<!自)修路|.*[上下]高速|[封堵道公马铁管电水气支主辅岔半多各条段两双单每全整网思上下沿一迁开修通问过引回原新老断便油]路"
    r"|(?:三岔|十字|丁字|交叉|公交|红绿灯)路|.*[此该本]路|(?:.*[行工交条该各原通乘])?线路|等路|其余路|公交.*路|[这那此以下上述]*[\d一二两三四五六七八九十多各几]+[处条个]路|K?[\d+]+K?路|.*(?:道|公)路(?<!大道路)(?<!高架道路)(?<!速道路)(?<!..公路)"
    r"|.*铁路?道|.*(?:车|(?<!公)主|人行|便|干|匝|辅|管|轨|渠|河|跑|航|频|赛|(?<![大速路街])通|街|绕|改|借|占|断|报|知|味|弯|单行|慢行|快行|栈|步|绿|地|出入|专用|择|进口|出口|车行|行车)道"
    r"|[因对在为经由从沿将及与和该此]?(?:大|小|街|老|新|快速|高架|高速|主|次|干|支|上|下)?"
    r"(?:大街|大道|街道|街|道|巷|弄|桥|大桥|高架|高速|立交|互通|枢纽|隧道|公路|马路|高架路|高架桥|快速路|胡同)"
    r"|.*(?<!道)天桥|.*(?:[全该此本危便栈座上下过出进引]|(?<!高)架)桥|.*跨线桥|铁路桥"
    r"|.*(?:电力|电缆|管廊|[输引排供]水|热力|通信|地铁|盾构|区间|铁路|轨道|雨水|污水|燃气)(?:隧道|通道)|(?:下穿|地下|过街|人行)(?:隧道|通道)"
    r"|(?:由|自|从)?[东南西北][向往至][东南西北](?:方向)?(?:隧道|大?桥|高架|主线)"
    r"|.*过街|.*(?:这些|这几|哪些|几)路|处路|[新旧老]桥|.{2,}段(?:高速(?:公路)?|公路|高架)|.*\d年.*|[主辅]路[及和、][主辅]路|\d+条路街|[这那]段路|钢铁路路|市(?:隧道|大桥)|.{2,}(?:(?<!中)市|区|县|镇)路|.*过路|.*[一-鿿]{2}(?<!钢)铁路|.*封路|破路|.*廊道|.*(?:地道|涵洞|涵)桥|[一-鿿]{4,}路桥"
    r"|[一二三四五][级类](?:公路|大?桥)|干线公路|.*[排下污]水道|.*转接道|\d+道|.*建桥|.*[上下]行路|.{3,}线路|.*游道|.*区间路|[A-Z]道|交[会汇叉]路|[东南西北左右上下]幅桥|.*断交路|封[街桥道巷]|主[道路线]高架[桥路]?|(?:.*[往向至][东南西北])?主道|[上下东南西北左右]行?线|[内外][圈环]|[由从走沿经]辅路|.*[东南西北左右半单一]幅路|国道|省道|县道|乡道|村道|[单双]道|[东南西北左右]桥|.*匝道.*"
)
#: Behind a number these are the same road's name: 台9线北宜公路.
_OF_NUMBER: Final = ("公路", "快速道路", "快速路", "高速", "线", "線")
#: 超市门口路段: a stretch that ends at a landmark
_AT_LANDMARK: Final = re.compile(
    "(?:[区市县镇][二三四五六七八九十几]|门口|出口|入口|小学|中学|学校|医院|超市|公司|酒店|小区|大楼|市场|公园|广场|[一-鿿]{2}[厂村苑桥])路$"
)
_A_SEGMENT: Final = re.compile("路段(?![0-9一二三四])")
#: K86+500处红旗桥: what is left of a kilometre post in front of a name.
_POST_END: Final = re.compile(r"\d{1,4}(?:处|的)?(?=.)")
#: Such roads have a number, which may stand behind the name.
_NUMBERED_TOO: Final = ("高速", "高速公路", "国道", "省道", "县道", "公路", "快速路")
_NUMBER_ALONE: Final = re.compile(r"[GSXY]\d{1,4}")
_A_STRETCH: Final = re.compile("(?:[由自从]|介[乎于])[^,。;\n]{2,10}(?<!段)[至到与和]$")
#: Behind a road's name, these make it the name of something else.
_STICKS: Final = re.compile(
    "交警|交通警察|运营|经营|发展|桥?(?:市政|养护)?(?:建设|工程|集团|实业|建筑)*(?:有限|公司|集团)|站|管理(?!处|局|所)|事业|养护中心|模式|[东南西北]?(?:收费站|服务区|枢纽|互通)|小学|中学|医院|小区|派出所|菜场|市场|广场|公园|大厦|商场|车站|地铁|中队|大队|社区|居委|村(?![路街])"
)


#: In a name these tell that more than the name was taken for it: 大型车经中原大道, 公安局高速公路.
_NO_PART: Final = re.compile(
    "车(?![站城墩马东西南北])|记者|获悉|或|汛期|驶|请|禁|绕(?!城)|方向|施工|封闭|保障|确保|公安|交警|公司|^[由走对因被把]"
    "|.往(?=.)|进(?=[A-Z])|[东南西北][向往至][东南西北]|[上下]行线|[月日号]起|期间|路段|路口"
)
MORE_THAN_A_NAME: Final = "whether this is a name alone is not clear"


def is_more_than_a_name(name: str) -> bool:
    """Whether what was taken for a road's name has a word in it that no name has."""
    return _NO_PART.search(simplified(name)) is not None


#: Words that brackets follow and that are no road.
_NO_ROAD: Final = re.compile(
    "方案|措施|不变|线路|路线|^[上下]行线?$|^往[东南西北]$|[内外][圈环]$|[左右上下东南西北A-D][线洞幅]$|^[东南西北]行$|^[东南西北][往向至][东南西北]$|[段道侧向口点时间区域内外处日天]$|工程|项目|阶段|部分|一期|二期|公司|单位|车|施工|站|年|月"
)

#: The map's names by their first two characters: each in simplified form, and as the map writes it.
Lexicon = Mapping[str, list[tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class Name:
    """A road name where it stands: ``text[at:end_at]``, and as it is to be quoted."""

    at: int
    end_at: int
    name: str


@lru_cache(maxsize=8)
def lexicon(names: tuple[str, ...]) -> Lexicon:
    """Index the map's names by their first two characters: each simplified, with the map's own form."""
    index: dict[str, list[tuple[str, str]]] = {}
    for name in names:
        key = simplified(name)
        if len(key) >= 2:
            index.setdefault(key[:2], []).append((key, name))
    for entries in index.values():
        entries.sort(key=lambda entry: -len(entry[0]))
    return index


def find_names(text: NormalText, known: Lexicon, barriers: bytes) -> list[Name]:
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
    numbered = False
    for match in _NAME_END.finditer(text.text):
        if match.start() < floor or barriers.find(1, match.start(), match.end()) >= 0:
            continue
        name = _bounded(text, floor, match, barriers)
        if known:
            name = _settled(_known_at(text, known, floor, match), name)
        if name is not None:
            if text.text[name.end_at - 2 : name.end_at] == "一段" and _A_STRETCH.search(
                text.text, 0, name.at
            ):
                # 甲路由乙路至丙街一段: a stretch, not the first section of 丙街
                name = Name(name.at, name.end_at - 2, name.name[:-2])
            at_landmark = _AT_LANDMARK.search(name.name) is not None or name.name.endswith(("全路", "分路"))
            if (
                at_landmark
                and text.text.startswith("段", name.end_at)
                and not _named_elsewhere(text.text, name)
            ):
                continue
            if found and name.at == floor and _A_SEGMENT.match(text.text, name.end_at - 1):
                continue  # 甲路乙宾馆路段: a stretch at a landmark
            if numbered and name.at == floor and name.name.endswith(_OF_NUMBER):
                # 台9线北宜公路 is one road
                name = Name(found[-1].at, name.end_at, found.pop().name + name.name)
            joins = found and name.at == floor and found[-1].name.endswith(_NUMBERED_TOO)
            if joins and not numbered and _NUMBER_ALONE.fullmatch(name.name):
                # 银昆高速G85: its number adds nothing to the name
                name = Name(found[-1].at, name.end_at, found.pop().name)
            found.append(name)
            floor = name.end_at
            numbered = match["numbered"] is not None
    return _without_towns(found)


def _named_elsewhere(text: str, name: Name) -> bool:
    """Whether a notice speaks of a road also where it can't be a stretch at a landmark (公园路段)."""
    words = text[name.at : name.end_at]
    return text.count(words) > text.count(words + "段")


def _without_towns(names: list[Name]) -> list[Name]:
    """Call a road by its own name where the text names it with its town too: 济南山大北路, 山大北路."""
    plain = {
        name.name
        for before, name in zip((None, *names), names, strict=False)
        if not (before is not None and before.end_at == name.at)
        and not name.name.endswith(("桥", "橋", "隧道"))
    }
    result = []
    for name in names:
        shorter = [
            name.name[cut:]
            for cut in (2, 3)
            if name.name[cut:] in plain
            and len(name.name) - cut >= 3
            and name.name[:cut].isalpha()
            and not name.name[:cut].isascii()
            and not re.search(r"\d", name.name[:cut])
        ]
        cut = len(name.name) - len(shorter[0]) if shorter else 0
        fits = cut and name.end_at - name.at == len(name.name)
        result.append(Name(name.at + cut, name.end_at, shorter[0]) if fits else name)
    return result


def _settled(known: Name | None, bounded: Name | None) -> Name | None:
    """Choose between the map's name at an ending and the one that the words around it bound.

    A name of usual length that ends in the map's own, as 新人民路 does in 人民路, is another road.
    """
    if known is None or bounded is None:
        return known or bounded
    longer = bounded.at < known.at and bounded.end_at == known.end_at
    return bounded if longer and bounded.end_at - bounded.at <= _USUAL else known


def _known_at(text: NormalText, known: Lexicon, floor: int, match: re.Match[str]) -> Name | None:
    """Find the longest of the map's names that covers an ending."""
    for at in range(max(floor, match.start() - _LONGEST), match.end()):
        for key, name in known.get(text.text[at : at + 2], ()):
            if match.start() < at + len(key) and text.text.startswith(key, at):
                return Name(at, at + len(key), name)
    return None


def _bounded(text: NormalText, floor: int, match: re.Match[str], barriers: bytes) -> Name | None:
    """Find where the name before an ending begins, by the words and marks around it."""
    words_of, end_at = text.text, match.end()
    if _STICKS.match(words_of, end_at):
        return None
    if match.lastgroup in ("numbered", "lane"):
        return Name(match.start(), end_at, text.verbatim[match.start() : end_at])
    at = match.start()
    lowest = max(floor, at - _LONGEST)
    # a character can be part of a name if it is a letter: a circled number is none
    while (
        at > lowest and not barriers[at - 1] and (words_of[at - 1].isalpha() or words_of[at - 1].isdecimal())
    ):
        at -= 1
    head = words_of[at : match.start()]
    joined = _JOINT.match(head) if at == floor > 0 else None
    if at == floor and head[:1] in ("上", "下") and len(head) > 2 and _RAISED.search(words_of, 0, at):
        head = head[1:]  # 甲高架上乙高架匝道
    if joined is not None:
        head = head[joined.end() :]
    if at > 0 and barriers[at - 1] and head[:1] in ("起", "止"):
        head = head[1:]  # 7月10日起至12月31日止甲大道
    word = _WORDS.match(head)
    head = head[word.end() :] if word is not None else head
    if (ranged := _RANGED.match(head)) is not None:
        head = head[ranged.end() :]
    for words in (_PARTICLES, _DISTRICT):
        found = words.match(head)
        if found is not None:
            head = head[found.end() :]
            word = found if words is _PARTICLES else word
    if match[0].startswith("马路") and (of_county := _OF_COUNTY.match(head)) is not None:
        head = head[of_county.end() :]  # 通州区黄马路
    at = match.start() - len(head)
    if text.text[at - 1 : at] in ("+", "K") and (post := _POST_END.match(head)) is not None:
        head = head[post.end() :]
        at = match.start() - len(head)
    if text.text[at - 1 : at] == ">" and head[:1] in ("经", "由") and _is_name(head[1:]):
        head = head[1:]
    if text.text[at - 1 : at] == "(" and head[:1] in ("近", "靠", "由", "自") and len(head) > 2:
        head = head[1:]
    if text.text[at - 1 : at] not in _LISTING:
        asked = word is not None and word[0].endswith(_ASKING) and head[:1] in ("由", "从", "经")
        if (
            asked
            and not _GRID.fullmatch(head)
            and (len(head) > 2 or head[1:] in ("东", "西", "南", "北", "中"))
        ):
            head = head[1:]
        while head and head[0] in _SOFT and _is_name(head[1:]) and not head.startswith("自由"):
            head = head[1:]
    at = match.start() - len(head)
    if not head or head in ("至", "到") or _GENERIC.fullmatch(text.text, at, end_at):
        return None
    if _OF_A_TOWN.match(words_of, match.start() - 1) and len(head) > 1:
        return None  # 昌平镇路段: a stretch at a town
    if match.lastgroup == "opening" and text.text[at - 1 : at] in ("至", "到", "-"):
        return None  # 甲线乙村至丙山(K1+000-K2+000): the end of a stretch
    if match.lastgroup == "opening" and not _is_opened(text.text[at:end_at], barriers, end_at):
        return None
    return Name(at, end_at, text.verbatim[at:end_at])


def _is_opened(name: str, barriers: bytes, end_at: int) -> bool:
    """Whether what stands before the brackets of a stretch is a road too: 十里芳堤(甲路至乙路)."""
    return 2 <= len(name) <= 8 and not barriers[end_at + 1] and _NO_ROAD.search(name) is None


def _is_name(head: str) -> bool:
    """Whether enough of a name is left: two characters that are more than a position, or 北直, 中山."""
    placed = len(head) >= 2 and head[0] in _POSITIONS
    return sum(mark not in _POSITIONS for mark in head) >= 2 or (
        placed and (head[0] in "东西南北" or head[1] not in _POSITIONS)
    )
