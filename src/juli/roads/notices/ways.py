"""The way of travel or the side of a road that stands at its name: 往上海方向, 南下, 左幅, 东线."""

import re
from typing import Final

from juli.roads.notices.directions import OPPOSITE
from juli.roads.notices.skeleton import NAME

#: Stands for every character of a way between a road's name and what tells how much of it.
SAID: Final = "\ue011"

_COMPASS: Final = "东南西北"
_TOWN: Final = "(?:(?![车施封禁严占全半双各两单同反个的向驶段])[一-鿿]){2,6}?"
#: One tube of a tunnel, one carriageway of an expressway, one way round a ring road.
_TUBE: Final = (
    f"(?:[左右上下](?:行线|线|洞)|[{_COMPASS}](?:线|洞|孔)|[A-D]线|[内外](?:圈|环))(?![路街{_COMPASS}])"
)
_BY_COMPASS: Final = f"(?:由|自|从)?[{_COMPASS}](?:往|向|至)[{_COMPASS}](?:方向|走向)?"
_NAMED: Final = (
    f"往?[{_COMPASS}](?:行|向)(?:线(?!路)|方向)|[南北][下上](?:线|方向)?"
    f"|(?:(?:开往|驶往|通往|前往|往|去|至)?{_TOWN}[往至到])?(?:开往|驶往|通往|前往|往|去|至)?{_TOWN}方向"
)
_SIDE: Final = (
    f"[上下]游(?:半幅|侧|幅)|[左右上下](?:行|幅|半幅|侧半幅|侧幅)|[{_COMPASS}](?:侧半幅|侧幅|半幅|侧|幅)"
)
#: Any of them.
WAY: Final = f"(?:{_BY_COMPASS}|往?[{_COMPASS}](?:行|向)|往[{_COMPASS}](?!方向)|{_NAMED}|{_TUBE}|{_SIDE})"
_WAY: Final = re.compile(WAY)
#: In brackets behind a ring road these are its ways round.
_RINGS: Final = ("内侧", "外侧")
_AT_NAME: Final = re.compile(
    rf"(?<={NAME})(?:"
    rf"(?P<tube>{_TUBE})(?:\([^()\n]{{2,10}}方向\)|\({_BY_COMPASS}\))?"
    rf"|(?:主[路线])?\((?P<inside>[^()\n]{{2,14}})\)"
    rf"|(?:[一-鿿]{{2,5}}段)?(?P<bare>{WAY})(?:车道)?(?=[{NAME}(介近]|[内外]侧[^,。;()]{{0,3}}车道\(|K\d|\d+(?:K[\d+至到-]|公里))"
    ")",
    re.IGNORECASE,
)
_TRAVEL: Final = re.compile(f"(?:由|自|从)?([{_COMPASS}])(?:往|向|至)([{_COMPASS}])")
_BOUND: Final = re.compile(f"往?([{_COMPASS}])(?:行|向|方向|$)|([南北])[下上]")


def way_of(words: str) -> str | None:
    """Read words that are a way or a side and nothing else.

    Examples
    --------
    >>> [way_of(words) for words in ("由南向北方向", "南下", "往上海方向", "左幅", "东侧", "长约3公里")]
    ['由南向北', '由北向南', '往上海方向', '左幅', '东侧', None]
    """
    if _WAY.fullmatch(words) is None:
        return None
    if (travel := _TRAVEL.match(words)) is not None:
        return f"由{travel[1]}向{travel[2]}"
    if (bound := _BOUND.match(words)) is not None:
        towards = bound[1] or bound[2]
        return f"由{OPPOSITE[towards]}向{towards}"
    return words


def is_tube(way: str) -> bool:
    """Whether a way is one of two carriageways, which tells more than where it leads."""
    return re.fullmatch(_TUBE, way) is not None


def at_names(text: str) -> tuple[str, dict[int, str]]:
    """Mark the ways that stand at roads' names, and give them by the place of the name."""
    ways: dict[int, str] = {}
    parts: list[str] = []
    done = 0
    for match in _AT_NAME.finditer(text):
        said = match["tube"] or match["inside"] or match["bare"]
        way = said if said in _RINGS else way_of(said)
        if way is not None:
            ways[match.start() - 1] = way
            parts += (text[done : match.start()], SAID * len(match[0]))
            done = match.end()
    return ("".join(parts) + text[done:], ways) if ways else (text, ways)
