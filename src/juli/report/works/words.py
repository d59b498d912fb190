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
    # what the terminal says
    "colon": ("：", ": "),
    "line_all": ("所有车辆", "everybody"),
    "line_through": ("过境车辆", "through traffic"),
    "line_trucks": ("货车", "trucks"),
    "line_closure": ("{id}：{period}，对象：{whom}", "{id}: {period}, for {whom}"),
    "line_too_large": (
        "即使没有施工，该车辆在此也无法通行：超重、超高或超宽",
        "this vehicle can't drive here even without the works: too heavy, high or wide",
    ),
    "line_like": ("，相近的有：{roads}", "; like it: {roads}"),
    "line_no_counts": (
        "时间不含排队：没有给出交通量",
        "the minutes hold no queues: no traffic counts were given",
    ),
    "line_only_back": ("，只有反方向可行", ", only in the other direction"),
    "line_no_announced": (
        "原 {km:.1f} 公里，沿公告道路不通{only}",
        "{km:.1f} km before, no way on the announced roads{only}",
    ),
    "line_announced": ("原 {km:.1f} 公里，绕行 {extra}", "{km:.1f} km before, {extra} on the detour"),
    "line_extra": ("{km:+.1f} 公里、{minutes:+.1f} 分钟", "{km:+.1f} km and {minutes:+.1f} min"),
    "line_no_legal_way": ("；没有任何合法路线", "; no legal way at all"),
    "line_better": ("；更优 {extra}，经 {roads}", "; better {extra} by {roads}"),
    "line_queue_unknown": ("；排队未知：{why}", "; queues unknown: {why}"),
    "line_queue_open": (
        "；排队 {low:.1f} 分钟以上（中位 {middle:.1f}）",
        "; queues {low:.1f} or more min (median {middle:.1f})",
    ),
    "line_queue": (
        "；排队 {low:.1f} 至 {high:.1f} 分钟（中位 {middle:.1f}）",
        "; queues {low:.1f} to {high:.1f} min (median {middle:.1f})",
    ),
    "line_drives": (
        "本厂 {count} 个行程中 {changed} 个改变，{name}最多：{most}",
        "of the plant's {count} drives {changed} change, most {name}: {most}",
    ),
    "line_stopped": ("施工期间 {site} 不能到达或离开", "{site} can't be reached, or left, during the works"),
    "line_nothing": ("没有读到任何封闭内容", "the notice closes nothing that could be read"),
    "line_page": ("{page}：地图与表格", "{page}: maps and tables"),
    "line_route": (
        "{km:.1f} 公里，{minutes:.0f} 分钟，{arrive:%Y-%m-%d %H:%M} 到达",
        "{km:.1f} km, {minutes:.0f} min, arrives {arrive:%Y-%m-%d %H:%M}",
    ),
    "line_no_way": (
        "该车辆此时不能从 {start} 到 {end}：{why}",
        "no way from {start} to {end} for this truck at this time: {why}",
    ),
    "no_way_too_large": (
        "对每条开放的路线都超重、超高或超宽",
        "it is too heavy, high or wide for every way that is open",
    ),
    "no_way_closed": ("施工封闭了所有路线", "the works close every way"),
    "no_way_too_large_or_closed": (
        "对一些路线超重、超高或超宽，其余路线因施工或标志封闭",
        "it is too heavy, high or wide for some ways, and the works or signs close the others",
    ),
    "no_way_unconnected": (
        "地图上没有此时开放的路线连接两处",
        "the map connects them in no way that is open at this time",
    ),
    "read_zones": ("{path}：{count} 处施工", "{path}: {count} zones"),
    "read_one_zone": ("{path}：1 处施工", "{path}: 1 zone"),
    "read_stretch": ("（{start} 至 {end}）", " from {start} to {end}"),
    "read_period": (
        "自 {start:%Y-%m-%d %H:%M} 至 {end:%Y-%m-%d %H:%M}",
        "from {start:%Y-%m-%d %H:%M} to {end:%Y-%m-%d %H:%M}",
    ),
    "read_daily": ("每日 {first} 至 {last}", "daily from {first} to {last}"),
    "read_detour": ("绕行：{roads}", "detour: {roads}"),
    "read_from": ("依据原文：{quotes}", "read from: {quotes}"),
    "read_unsure": ("未能读懂 {field}，原因：{why}{quoted}", "unsure of {field}, for {why}{quoted}"),
    "read_through": ("仅过境车辆", "through traffic only"),
    "read_weight_t": ("超过 {value:g} 吨", "over {value:g} t"),
    "read_height_m": ("超过 {value:g} 米高", "over {value:g} m high"),
    "impact_closed": ("封闭", "closed"),
    "impact_half_closed": ("半封闭", "half closed"),
    "impact_one_way": ("单向通行", "one way"),
    "impact_lanes": ("占用车道", "lanes"),
    "impact_movement": ("禁止转向", "movement"),
    "impact_ramp": ("匝道封闭", "ramp"),
    "impact_trucks_banned": ("禁止货车", "trucks banned"),
    "publish_feed": (
        "{file}：{zones} 处施工、{detours} 条绕行",
        "{file}: {zones} work zones and {detours} detours",
    ),
    "publish_cifs": (
        "{file}：{closed} 条封闭、{warned} 条提醒",
        "{file}: {closed} closures and {warned} warnings",
    ),
    "publish_turns": ("{file}：禁止的转向", "{file}: the banned turns"),
    "publish_not": ("未发布：{what}", "not published: {what}"),
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
