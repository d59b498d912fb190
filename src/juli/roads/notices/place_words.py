"""What the patterns of places are made of: joints, corners, kilometre posts and landmarks."""

import re
from typing import Final

from juli.roads.notices.skeleton import NAME as R

#: Why a place is less than its road.
CORNER_ONLY: Final = "at which other road is not told"
NOT_HOW_FAR: Final = "how far the works reach is not told"
#: Stands in a text for every character of what was read already.
BLANK: Final = "\ue010"
TO: Final = r"(?:至|到|-{1,3}|>)"
AND: Final = r"(?:与|和|、|/|-|及|跟|同|交)"
#: A kilometre post: K12+300, K12, 12K+300 as in Taiwan, 12公里.
POST: Final = (
    r"(?:[A-Z]{0,2}K\d+(?:\+\d+(?:\.\d+)?)?M?|(?<![\d.])\d{1,4}(?:\.\d+)?K(?:\+\d+)?"
    r"|(?<![\d.])\d{1,4}公里(?:\+?\d{1,3}米)?|(?<![\d.])\d{1,4}(?:\.\d)?k(?:m)?)(?![\d+])"
)
CORNER: Final = (
    r"(?:的?(?:平面|环形|红绿灯|信号灯)?(?:十字|丁字|[Tt]字|三岔|四岔)?(?:型|形)?"
    r"(?:交叉路?口|十字口|十字(?!路口|街)|路口|交(?:[汇会界叉接](?:路?口|处|点)?|口)|相交(?:路?口|处)?|转盘|环岛))"
)
OFF: Final = (
    r"(?:(?:以|往|向)?[东南西北]{1,2}(?:侧|面|方向)?约?\d+(?:\.\d+)?(?:米|公里|m)(?:处)?"
    r"|处|附近|以[东南西北]|[东南西北]{1,2}(?:侧|端)|桥头|门口)?"
)
CROSSED: Final = rf"{R}(?:{AND}?{R})?(?:{CORNER}|口)?(?:[东南西北]{{1,2}}[侧角])?{OFF}"
LANDMARK: Final = rf"[^,()。;:、\n{R}\ue001-\ue003至到>-]"
LEAD: Final = r"(?:起点|起于|自|从|由|位于|介[乎于]|[东南西北]起|即|为|是|:)"
POST_RANGE: Final = re.compile(rf"(?:桩号:?)?({POST})处?{TO}({POST})处?(?:路?段|之间)?", re.IGNORECASE)
HIGH: Final = re.compile(
    "高架|快速路|快速通道|快速道路|高速|环线|[国国]道|^[GS]\\d|大桥|连接线|隧道|通道|环路|^.环"
)
INTERCHANGE: Final = re.compile("(?:互通|立交|立交桥|枢纽|收费站)$")
OVER: Final = re.compile("(?:桥|橋|隧道|隧|立交|互通|枢纽)$")
BRIDGE: Final = ("桥", "橋", "隧道")
BOUND_FOR: Final = re.compile("(?:往|去|至)?(?![禁严]|[一-鿿]{0,6}站[往去至])[一-鿿]{2,8}方向")
ADDED: Final = re.compile(
    r"(?:全长|长度?|总长|宽|约|共|含|包括|包含|不含|全线|沿线|主线|双向|详见|见|原|又名|以下|如|即)[^()]*|[^()]{0,6}\d[^()]{0,4}(?:公里|千米|米|km|m)"
)
SOME_PART: Final = "which part of the road is meant is not told"
WAY_ALONE: Final = re.compile(
    "往[东南西北]|(?:往|去|至|由|从)?[^()、,;至到-]{1,8}方向|(?:[东南西北左右上下内外]|进城|出城)(?:侧|半?幅|侧半幅|行线?)|(?:由|从|自)?[东南西北][往向至][东南西北](?:方向)?|[东南西北]行|双向|双侧|内圈|外圈|内环|外环|南下|北上|[左右]幅|(?:由|从|自)?[一-鿿]{2,6}往[一-鿿]{2,6}(?:方向)?|(?:由|从|自)?[一-鿿]{2,6}[至到][一-鿿]{2,6}方向"
)
NO_END: Final = re.compile(
    "[,。;]|施工|封闭|通行|车辆|方向|禁止|绕行|期间|路段|进行|实施|管制|\ue001|\ue002|^[东南西北]$|车道|时"
)
