"""What keeps a sentence from being acted on: reasons that only tell why, works that are over, and doubts."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from juli.roads.notices.places import PLACE
from juli.roads.notices.skeleton import NAME, PERIOD
from juli.roads.notices.times import Period
from juli.roads.notices.tree import Sentence

_REASON: Final = re.compile(
    r"(?:因(?!此)|由于|鉴于|为(?!期)|受(?!影响|限)|配合|随着|按照|根据|结合|经(?=[^,。]{0,12}(?:批准|研究|同意)))[^。;\n]*?"
    rf"(?=,|。|;|\n|自?从?{PERIOD}|(?:需要?|拟|将|现|决定)对|采(?=[(单])|需要?(?:进行|实施|实行)?(?:[全半]幅?)?封闭|决定|对{NAME}|[全半]幅?封闭(?:施工)?[。;\n]|$)"
)
_CLAUSE_END: Final = re.compile("[,:]")
_OVER: Final = re.compile(
    r"(?=[已现起日时予同解取])(?:(?:已|现已|已经)[^,。;]{0,14}(?:完工|竣工|完成|结束|通车)|(?:起|现|日|时)(?:全面|正式|将)?(?:恢复|开放)(?:正常)?(?:双向)?(?:通行|交通|通车)"
    r"|(?:予以|同时|现|起)(?:解除|取消)|(?:解除|取消)(?:上述|该|原)?[^,。;]{0,8}(?:管制|限制|封闭))"
)
_SOME_DAY: Final = re.compile("预计|计划|力争|届时|将于|拟于|结束后|完工后|期满|完成后")
#: 将于6月1日至6月10日封闭,6月11日恢复通行
_DAY: Final = re.compile(
    r"(\d{1,2})月(\d{1,2})日(?:零时|\d{1,2}时)?(?=恢复|零时|\d{1,2}时|$|起?恢复|全面|正式)"
)
_PUT_OFF: Final = re.compile(
    "推迟|延至(?!\ue001)|延后|提前(?:于|到)|延期(?!至\ue001)|延长(?!至\ue001)|暂缓|取消|提前至|(?<!遇雨)(?<!天气)(?<!相应)顺延至(?!\ue001)|(?:原定|原计划)(?=[^,。;\n]{0,6}\ue001)(?![^。;\n]*(?:延长|延期|顺延|延)至\ue001)"
)
#: 原定…,现调整为4月8日至5月12日
CHANGED_TO: Final = re.compile(
    f"(?:调整|变更|更改|改|顺延|推迟|延期|延后|缩短|延长|提前)(?:为|至|到)(?:自|从)?(?={PERIOD})"
)
_SOME_DAYS: Final = re.compile(
    "逢(?:星期|周|单|双)|每个?(?:周|星期)|(?:星期|周)[一二三四五六日天][、和及](?:星期|周)?[一二三四五六日天]|(?<![(])(?:星期|周)[一二三四五六日天]至(?:星期|周)?[一二三四五六日天]|日(?:\\([^()]*\\))?除外|\ue001[^,。;()]{0,4}除外|(?:周|星期)[一二三四五六日天][^,。;()]{0,4}除外|除[^,。;\n]{0,12}日[^,。;\n]{0,3}外|工作日|(?<![本这下])周末|双休日|公众假期|法定节假日|节假日除外|不含[^,。;\n()]{0,8}[日假周]|[雨雪]天[^,。;\n()]{0,4}除外|单号|双号|单日|双日"
)
_MAIN_LINE: Final = re.compile(f"{PLACE}(?:主线)?(?:高架|桥)")
_BY_THE_SIDE: Final = re.compile(
    "主[线道路][^。;\n]*辅[道路][^,。;\n]{0,8}(?:通行|行驶|绕行|开放)"
    "|(?:由|从|走|经|借用|利用)(?![^,。;\n]{0,6}(?:桥下|地面|高架))[^,。;\n]{0,8}辅[道路][^,。;\n]{0,4}(?:通行|行驶|绕行)"
)
_AREA: Final = re.compile(
    "合围|围合|所围|围成|(?<!封闭)(?<!施工)(?<!管制)(?<!作业)(?<!围挡)区域内|(?<!施工)(?<!封闭)(?<!管制)范围内(?:的)?(?:所有|全部)?(?:道路|路段)?|以[东南西北][、,][^。;]{0,40}以[东南西北]"
)
_DOUBTS: Final = (
    ("roads", re.compile(f"{PLACE}或者?{PLACE}"), "which of the roads is meant is not told"),
    ("roads", re.compile("不包括|不包含"), "which roads are left out is not clear"),
    ("daily", _SOME_DAYS, "the works are on some days of the week only"),
    ("roads", _AREA, "an area is closed, not a road"),
    ("stretch", re.compile("介[乎于]"), "between which roads could not be made out"),
    (
        "stretch",
        re.compile(rf"\({PLACE}+[^()]{{0,4}}[至到-]+{PLACE}+"),
        "which road the brackets belong to is not clear",
    ),
    (
        "impact",
        re.compile("每次(?:封闭|断行|中断|关闭)[^,。;\n]{0,8}(?:分钟|小时|时间|不超过)"),
        "which part is closed when is not told",
    ),
    ("impact", _BY_THE_SIDE, "the side roads of the road stay open"),
    (
        "start",
        re.compile("具体[^,。;\n]{0,8}以[^,。;\n]{0,12}(?:公告|通告|通知|发布)为准"),
        "the days are still to be told",
    ),
    (
        "impact",
        re.compile("征求意见|意见稿|谣言|辟谣|不属实|不实(?:信息|消息)|网传"),
        "what is said is denied",
    ),
    ("start", _PUT_OFF, "the dates have been changed"),
)


def some_days(sentence: Sentence, text: str) -> re.Match[str] | None:
    """Whether the works are on some days of the week only."""
    return _SOME_DAYS.search(text, sentence.whole_at, sentence.end_at)


def is_area(sentence: Sentence, text: str) -> bool:
    """Whether the roads of a sentence bound an area."""
    return _AREA.search(text, sentence.whole_at, sentence.end_at) is not None


def doubts_of(sentence: Sentence, text: str) -> Iterator[tuple[str, int, int, str]]:
    """What keeps all that a sentence says from being acted on."""
    for about, pattern, why in _DOUBTS:
        found = pattern.search(text, sentence.whole_at, sentence.end_at)
        if pattern is _PUT_OFF and CHANGED_TO.search(text, sentence.whole_at, sentence.end_at):
            continue
        main_line = pattern is _BY_THE_SIDE and _MAIN_LINE.search(text, sentence.at, sentence.end_at)
        if found is not None and not main_line:
            yield (about, *found.span(), why)


def reasons_in(text: str, sentences: Iterable[Sentence]) -> Iterator[tuple[int, int]]:
    """Find the clauses that only tell why."""
    for sentence in sentences:
        at = sentence.at
        while at < sentence.end_at:
            match = _REASON.match(text, at, sentence.end_at)
            if match is not None and match.end() > at:
                yield match.span()
            mark = _CLAUSE_END.search(text, at, sentence.end_at)
            at = mark.end() if mark is not None else sentence.end_at


def is_over(text: str, sentence: Sentence, periods: Sequence[tuple[int, Period]]) -> bool:
    """Whether a sentence says that the works are over, and not only when they will be."""
    found = _OVER.search(text, sentence.at, sentence.end_at)
    if found is None:
        return False
    clause = text[sentence.at : found.end()].rpartition(",")[2]
    if _SOME_DAY.search(clause):
        return False
    last = max((p.end for _, p in periods if p.end is not None), default=None)
    begun = [
        p.start for at, p in periods if p.end is None and p.start is not None and at == found.start() - 1
    ]
    if begun and last is not None and begun[0] >= last:
        return False  # 4月1日至4月28日…,5月1日起恢复通行
    day = _DAY.search(clause)
    ends = {(p.end.month, p.end.day) for _, p in periods if p.start is not None and p.end is not None}
    return day is None or (int(day[1]), int(day[2])) not in ends
