"""Ways of travel and sides of a road, in the one form that zones use: 由东向西, 东半幅, 北侧, 双向."""

import re
from typing import Final

_COMPASS: Final = "东南西北"
OPPOSITE: Final = {"东": "西", "西": "东", "南": "北", "北": "南"}
TRAVEL: Final = re.compile(
    rf"(?<!非)(?:由|自|从)?(?P<from>[{_COMPASS}])(?:往|向|至)(?P<to>[{_COMPASS}])(?![{_COMPASS}侧路街大])"
    rf"|(?<![步运施进执举流通飞银发旅航绕同自直滑出单现推送各暂先试排])(?P<hk>[{_COMPASS}])行(?=线|主|路段|第|[快慢中]线|方向|车|[一两二三四]线|一条|两条|二条|三条|的|将|会|全|临|暂|封|需|于|\)|、|,|及|和|\ue004|往|\n|$)"
    rf"|往(?P<towards>[{_COMPASS}])方向|(?P<lane>[{_COMPASS}])向(?=车道|行车|所有|全部|内|外|主线|三|两|一)|(?P<south>南下)|(?P<north>北上)"
)
#: The arm of a junction that traffic comes from.
ARM: Final = re.compile(rf"(?P<arm>[{_COMPASS}])(?:侧?进口道?|(?=(?:[、和及][{_COMPASS}])+侧?进口))")
SIDE: Final = re.compile(
    rf"(?P<half>[上下]游侧?半?幅?|[{_COMPASS}左右]侧?半?幅|[内外]圈(?!方向)|[上下]行(?:线(?!路)|方向)|(?<!最)[左右]侧(?![^,。;]{{0,4}}车道)|[左右东南西北]洞(?!口)|[进出][城岛](?!方向)|(?<=[\ue004,;:])[东南西北左右]线(?=全?封闭|禁|实|采|半))|(?P<side>[{_COMPASS}]侧)|(?P<both>双向|双方向|双侧|两个方向)"
)


def travelled(travel: re.Match[str]) -> str:
    """A way of travel in one form: 由东向西."""
    if travel["from"]:
        return f"由{travel['from']}向{travel['to']}"
    towards = travel["hk"] or travel["towards"] or travel["lane"] or ("南" if travel["south"] else "北")
    return f"由{OPPOSITE[towards]}向{towards}"
