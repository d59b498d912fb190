"""The patterns of places over a skeleton: stretches, junctions, ramps, posts, and what brackets say."""

import re
from typing import Final

from juli.roads.notices.skeleton import NAME as R
from juli.roads.notices.ways import SAID

#: A road, with the way that may stand at its name.
ROAD: Final = f"{R}{SAID}*"
TO: Final = r"(?:至|到|-{1,3}|>)"
#: A kilometre post: K12+300, K12, 12K+300 as in Taiwan, 12公里.
POST: Final = (
    r"(?:K\d+(?:\+\d+(?:\.\d+)?)?M?|(?<!\d)\d{1,4}K(?:\+\d+)?|(?<![\d.])\d{1,4}公里(?:\d{1,3}米)?)(?![\d+])"
)
CORNER: Final = (
    r"(?:的?(?:平面)?(?:十字|丁字|[Tt]字|三岔)?(?:型|形)?"
    r"(?:交叉路?口|十字口|十字(?!路口|街)|路口|交[汇会界叉接](?:路?口|处)?|相交(?:路?口|处)?))"
)
AND: Final = r"(?:与|和|、|/|-|及|跟|同)"
SEGMENT_END: Final = r"(?:之间)?的?(?:路?段|区间|之间|间(?![隔歇断]))"
LEG: Final = r"(?:的?(?P<leg>(?!东西|南北)[东南西北]{1,2})(?:侧(?!半)|进口|出口|口|方向))?"
LANDMARK: Final = rf"[^,()。;:、\n{R}\ue001-\ue003至到>-]"

#: 慢线, 快线及中线: some of the lanes, as in Hong Kong.
SOME_LANES: Final = (
    "(?:其中)?(?:[一二两三\\d]条)?(?:最?[快慢中内外左右]线(?:[及和、与][快慢中内外]线)?|行车线"
    "|(?:巴士)?专线(?:[及和、与][快慢中]线)+)"
)

CROSS_STREETS: Final = re.compile(
    rf"{ROAD}{AND}?{R}(?:{CORNER}|口)起?{TO}{R}{AND}?{R}(?:{CORNER}|口)(?:路?段)?"
)
RANGE_ALONE: Final = re.compile(
    rf"{R}(?:路?口|交叉口)?{TO}(?P<to>{R})(?:路?口|交叉口)?(?:(?:路?段|之间)|(?=[,。;()\n\ue001-\ue003全半封将、]|$))"
)
#: The fields of a form: 路线编号:甲线 above 起止桩号:K1+200-K2+300, 道路名称:甲路 above 施工路段:乙路至丙路.
ROAD_FIELD: Final = re.compile(
    rf"^[^:\n{R}]{{0,8}}(?:路线|线路|道路|公路|路名|路段|名称|编号|地点)[^:\n{R}]{{0,5}}:\n?(?P<road>{R})(?:\({R}\)|{R})?[,。;]?$",
    re.MULTILINE,
)
STRETCH_FIELD: Final = re.compile(
    rf"[^:\n{R}]{{0,8}}(?:桩号|起止|起讫|路段|范围|区间|位置|里程|地点)[^:\n{R}]{{0,5}}:"
)
BRACKETED: Final = re.compile(
    rf"{ROAD}(?P<part>{R})?(?:[东南西北]口|主线桥?|的?部分路段|部分道路|路段|道路|全线|沿线|主线|全程|[东南西北中]?段|[一-鿿]{{2,3}}段)?"
    rf"(?P<both>双向)?(?P<lanes>的?(?:最?[内外左右东南西北中]侧|[一二两三\d]条|[快慢])[^,。;()\n]{{0,3}}车道)?\((?P<inside>[^()\n]{{1,60}})\)"
)
#: 甲路(乙路以西、丙路以东): between the two.
BEYOND_ENDS: Final = re.compile(
    rf"(?P<one>{R})(?:路?口)?以(?P<behind>[东南西北])[、,至](?P<other>{R})(?:路?口)?以(?P<before>[东南西北])(?:路?段)?"
)
LISTED_ROADS: Final = re.compile(rf"(?<=道路|路段|街道)\({R}(?:[、,和及]{R})+\)")
#: 甲桥(老乙国道): another name of the same road.
FORMER: Final = re.compile(rf"(?:原|老|旧|又名|又称|即|现){R}线?")
MOUTH: Final = re.compile("[东南西北]?(?:洞?口|端|桥头|引桥)")
BETWEEN: Final = re.compile(
    rf"(?P<road>{ROAD})(?P<bound>[东南西北]行)?线?(?P<lanes>的?{SOME_LANES})?\(?介[乎于](?P<one>{R})(?:与|和|至|及)(?P<other>{R})(?:之间)?(?:的?一段|的?路段)?\)?"
    rf"|(?:介[乎于])?(?P<from>{R})(?:与|和|至|及)(?P<to>{R})(?:之间)?的(?:一段)?(?P<of>{R})(?!{CORNER}|口)"
)
STRETCH: Final = re.compile(
    rf"{ROAD}(?:\({R}\))?(?:的|,)?(?:自|从|由)?(?:[东南西北]起)?(?:[^,。;:()\n{R}与和及]{{0,4}}(?={R}))?(?P<from>{R})(?:路?口|交叉口|交叉路口)?{TO}"
    rf"(?:[东南西北]至)?(?:(?P<to>{R})(?:路?口|交叉口|交叉路口)?(?:{SEGMENT_END})?|(?P<mark>{LANDMARK}{{1,10}}?){SEGMENT_END})"
    rf"|{ROAD}(?:的|自|从|由)?(?P<first>{LANDMARK}{{2,10}}?){TO}(?:(?P<last>{R})(?:路?口)?|(?P<end>{LANDMARK}{{2,10}}?)){SEGMENT_END}"
)
#: An item of a list: 甲路:乙路至丙广场.
LISTED_RANGE: Final = re.compile(
    rf"{ROAD}(?:\({R}\))?[:,](?:自|从|由)?(?P<from>{R}(?:路?口)?|{LANDMARK}{{2,10}}?){TO}"
    rf"(?P<to>{R}(?:路?口)?|{LANDMARK}{{2,10}}?)(?:{SEGMENT_END})?(?=[;。\n(]|$)"
)
LISTED: Final = re.compile(r"(?:^|\n|;)(?:\(?[\d一二三四五六七八九十]{1,2}[、.)]|[①-⑳])?$")
JUNCTION: Final = re.compile(
    rf"(?:{ROAD}{AND}{R}{CORNER}|{ROAD}(?:与|和|/|及){R}口|{ROAD}{R}(?:{CORNER}|口)(?!{TO}{R})){LEG}"
)
ON_ONE_ROAD: Final = re.compile(rf"的({R})")
FROM_CORNER: Final = re.compile(
    r"[东南西北]{1,2}角|(?:处)?(?:往|向|以)[东南西北]{1,2}(?:侧|方向)?[^,。;\n]{0,4}\d"
)
POSTS: Final = re.compile(
    rf"(?:{ROAD}(?:\((?:{R}|[^()\n]{{1,8}}段)\))?(?P<said>[^{R},。;()\n]{{0,14}}?)\(?(?:\n桩号:?)?|[及和、])(?P<from>{POST})处?{TO}(?P<to>{POST})处?(?:之间)?(?:路?段)?\)?"
    r"(?:\((?P<towards>[^()\n]{1,10}(?:方向|侧|幅|[东南西北]行))\))?",
    re.IGNORECASE,
)
#: Between a road and its posts, lanes: 北上内侧车道(168K至165K).
LANES_BEFORE_POSTS: Final = re.compile("最?[内外]侧[^,。;()]{0,3}车道")
#: Between a road and its posts: 临河段, 桩号, 主线.
BEFORE_POSTS: Final = re.compile(
    r"(?:[^,。;:()\n]{1,7}段|[^,。;:()\n至到-]{2,7}[至到-][^,。;:()\n至到-]{2,7}?(?:路?段)?|(?:一般)?(?:公路|道路|高速|线路|路线)?,?(?:主线)?(?:的?(?:里程)?(?:桩号|段|里程)?)[:为]?|\n?桩号:?|的|位于)?"
)
POSTS_ALONE: Final = re.compile(rf"(?<![\d+])({POST})处?{TO}({POST})处?(?:路?段)?", re.IGNORECASE)
START_END: Final = re.compile(
    rf"{ROAD}[,:\n]?\(?(?:起点|[东南西北]起)[:为是于]?(?P<from>{R}?{R}(?:路?口)?|{LANDMARK}{{2,10}})[,、\n]?"
    rf"(?:止点|终点|[东南西北]?[至到])[:为是于]?(?P<to>{R}?{R}(?:路?口)?|{LANDMARK}{{2,10}})\)?"
)
RAMP: Final = re.compile(
    rf"{ROAD}(?:[^{R},。;:\n]{{0,10}}{R}){{0,2}}[^{R},。;:、\n]{{0,12}}?(?:[A-Z][、和及])*[^{R},。;:、\n]{{0,2}}匝道(?:[出入]口)?"
)
#: 甲高架乙路上匝道至丙路下匝道段: the road from one ramp to the other.
RAMP_RANGE: Final = re.compile(
    rf"{ROAD}(?P<from>{R}[^{R},。;:、\n]{{0,6}}?匝道){TO}(?P<to>{R}[^{R},。;:、\n]{{0,6}}?匝道)(?:之间)?(?:路?段)?"
)
HIGH_ROAD_GATE: Final = re.compile(
    rf"{ROAD}(?:[^{R},。;:、\n]{{0,8}}{R})?(?:[东南西北][往向至][东南西北])?(?:[上下]桥?口|出入口|入口|出口)"
)
#: 往岛外方向, 宁波方向: where a ramp leads or traffic goes.
BOUND_FOR: Final = re.compile("(?:往|去|至)?(?![禁严]|[一-鿿]{0,6}站[往去至])[一-鿿]{2,8}方向")
WAY_ALONE: Final = re.compile(
    "(?:往|去|至|由|从)?[^()、,;至到-]{1,8}方向|(?:[东南西北左右上下内外]|进城|出城)(?:侧|半?幅|侧半幅)|(?:由|从|自)?[东南西北][往向至][东南西北](?:方向)?|[东南西北]行"
)
#: 出城匝道
IN_OR_OUT: Final = re.compile("[进出][城岛](?=匝道|方向)")
BELOW: Final = re.compile("以下|下列|部分")
BRACKETS: Final = re.compile(r"\((?P<inside>[^()\n]{1,40})\)")
HIGH: Final = (
    "高架",
    "高架路",
    "高架道路",
    "高架桥",
    "快速路",
    "快速通道",
    "快速道路",
    "快速道路",
    "高速",
    "高速公路",
    "高速路",
    "环线",
)
INTERCHANGE: Final = ("互通", "立交", "立交桥", "枢纽")
BRIDGE: Final = ("桥", "橋", "隧道")
#: What stands behind its road's name is of the road the part that it names.
OVER: Final = (*BRIDGE, "立交", "互通", "枢纽")

#: 甲路乙桥段: only the bridge and its approaches.
AT_BRIDGE: Final = re.compile(r"路?段(?![0-9一二三四])")
#: G345国道(K698+300)红旗大桥, G328国道K86+500处红旗桥
POST_BEFORE_BRIDGE: Final = re.compile(
    rf"(?:\([^()\n]{{0,6}}K\d+\+\d+[^()\n]{{0,4}}\)|K\d+(?:\+\d+)?处?的?)(?={R})", re.IGNORECASE
)
#: 近乙道的, (近丙广场): about where on the road, as in Hong Kong.
NEAR: Final = re.compile(
    rf"(?:\([^()\n]{{1,6}}段\))?\(?近(?:{R}|[一-鿿]{{2,8}}?)\)?(?=的|[东南西北]行|往|[快慢中]线|[一二两三]条)"
)
ONE_ROAD_CORNER: Final = re.compile(f"{CORNER}|口")
LEAD: Final = re.compile("即[^,]*,|自|从|由|[东南西北]起|[东南西北]至|起点[:为]?|止点[:为]?|终点[:为]?")
TAIL: Final = re.compile("(?:的|[上下]?匝道|以[东南西北]|路段|区间|之?间|路?段|处|止)$")
CROSSING_END: Final = re.compile(rf"(?:{R}?{AND}?)?{R}(?:{CORNER}|口)?(?:[东南西北]侧)?")
INSIDE_RANGE: Final = re.compile(TO)
POSTED: Final = re.compile(POST, re.IGNORECASE)
POST_RANGE: Final = re.compile(rf"({POST})处?{TO}({POST})处?(?:路?段)?", re.IGNORECASE)
BRACKETED_ENDS: Final = re.compile(
    rf"(?:介[乎于])?(?P<one>{R})(?:与|和|及|至)(?P<other>{R})(?:之?间)?(?:的?(?:一段|路?段))?"
)
BRACKETED_RAMP: Final = re.compile(
    rf"(?:由?[东南西北][往向至][东南西北](?:方向)?)?{R}(?:由?[东南西北][往向至][东南西北](?:方向)?)?(?:[上下]|出口|入口)匝道"
)
AT_ROAD: Final = re.compile(rf"与?{R}(?:{CORNER}|口)")
#: What brackets may add to a place without changing it: 全长约3公里, 含乙路口, 全线.
ADDED: Final = re.compile(
    "(?:全长|长度?|总长|宽|约|共|含|包括|包含|不含|全线|沿线|主线|双向|详见|见|原|又名|以下|如|即)[^()]*|[^()]{0,6}\\d[^()]{0,4}(?:公里|千米|米|km|m)"
)
#: 甲路(乙广场门前)
SPOT: Final = re.compile("(?:门前|门口|附近|旁边?|广场|小区|路口)$")
#: 甲路(G312): another name of the same road.
NUMBERED: Final = re.compile(r"[A-Z]\d|.*[国省县]道|\d")
AWAY: Final = re.compile("方向|绕行|除外|居民|单位|车辆|通行|长约|长度")
