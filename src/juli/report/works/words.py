"""What the works' page says, in Chinese and in English."""

from typing import Final

from juli.plant.model import Language

_WORDS: Final[dict[str, tuple[str, str]]] = {
    "title": ("道路施工与绕行", "Road works and their detours"),
    "closed": ("封闭", "closed"),
    "before": ("原行驶路线", "before the works"),
    "announced": ("公告绕行", "announced detour"),
    "better": ("更快的合法路线", "faster legal way"),
    "during": ("施工期间", "during the works"),
    "schematic": ("示意图，非测绘", "schematic: not a survey"),
    "north": ("北侧", "north"),
    "north-east": ("东北侧", "north-east"),
    "east": ("东侧", "east"),
    "south-east": ("东南侧", "south-east"),
    "south": ("南侧", "south"),
    "south-west": ("西南侧", "south-west"),
    "west": ("西侧", "west"),
    "north-west": ("西北侧", "north-west"),
    "from_to": (
        "{start:%Y-%m-%d %H:%M} 至 {end:%Y-%m-%d %H:%M}",
        "{start:%Y-%m-%d %H:%M} to {end:%Y-%m-%d %H:%M}",
    ),
    "daily": ("每日 {first:%H:%M}–{last:%H:%M}", "daily {first:%H:%M}–{last:%H:%M}"),
    "all": ("所有车辆", "all vehicles"),
    "through": ("过境车辆；区内起讫的车辆可通行", "through traffic; local access is kept"),
    "trucks": ("货车", "trucks"),
    "connects": ("绕行连通", "leads round the works"),
    "broken": ("绕行不连通", "does NOT lead round the works"),
    "unmet": ("与被封闭的交通不相干", "meets no traffic that the works turn away"),
    "too_large": (
        "该车辆在此无法通行（限重、限高或限宽）",
        "this vehicle can't drive here even without the works",
    ),
    "no_detour": ("公告没有绕行路线", "no detour is announced"),
    "unknown": ("地图上没有 {road}{like}", "the map has no road {road}{like}"),
    "gap": ("{first} 与 {second} 在地图上不相交", "{first} and {second} do not meet on the map"),
    "missed": ("{arm} 不与任何绕行道路相接", "no announced road meets {arm} of the works"),
    "one_way": ("{way} 只有反方向可行", "{way} works in the other direction only"),
    "column_way": ("交通流向", "traffic"),
    "column_before": ("原", "before"),
    "column_announced": ("公告绕行增加", "announced detour adds"),
    "column_better": ("更快的合法路线增加", "a faster legal way adds"),
    "column_queue": ("排队再增加 [分钟]", "its own traffic adds [min]"),
    "extra": ("{km:+.1f} 公里，{minutes:+.1f} 分钟", "{km:+.1f} km, {minutes:+.1f} min"),
    "length": ("{km:.1f} 公里，{minutes:.1f} 分钟", "{km:.1f} km, {minutes:.1f} min"),
    "no_way": ("不通", "no way"),
    "range": ("{low:.1f} – {high:.1f}（中位 {middle:.1f}）", "{low:.1f} to {high:.1f} (median {middle:.1f})"),
    "open_range": ("{low:.1f} 以上（中位 {middle:.1f}）", "{low:.1f} or more (median {middle:.1f})"),
    "no_counts": ("未知：没有交通量数据", "not known: no traffic counts"),
    "queue_note": (
        "时间不含被分流车辆造成的排队；有交通量数据时另列其 5 %–95 % 范围。",
        "Minutes hold no queues of the turned-away traffic; where counts exist, their 5–95 % range is told.",
    ),
    "drives": (
        "本厂行程，施工前后（{when:%Y-%m-%d %H:%M}）",
        "The plant's drives before and after ({when:%Y-%m-%d %H:%M})",
    ),
    "unchanged": ("不变", "unchanged"),
    "there": ("去 {site}", "to {site}"),
    "back": ("自 {site} 返回", "back from {site}"),
    "plant": ("工厂", "plant"),
    "unsure": ("未能读懂：{what}", "unsure: {what}"),
    "unclear": ("没有封闭任何道路：{why}", "nothing is closed: {why}"),
}


def said(key: str, language: Language, **values: object) -> str:
    """One phrase in a language, its braces filled in.

    Examples
    --------
    >>> said("extra", "en", km=1.25, minutes=2.0)
    '+1.2 km, +2.0 min'
    """
    text = _WORDS[key][0 if language == "zh" else 1]
    return text.format(**values) if values else text
