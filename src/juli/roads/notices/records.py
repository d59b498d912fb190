"""A form that is filled in several times in one text, cut into its records.

Each record is read alone: a time of one must not be taken for the other's. The others are blanked out and not
cut off, so that what is read can be quoted from the notice as it came.
"""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

#: A line, or a part of one behind a semicolon or a tag, that begins with the name of a field.
_FIELD: Final = re.compile(
    r"(?:^|[;\uff1b>])[ \t\u3000]*((?:[\u4e00-\u9fff][ \t\u3000]*){2,8})[:\uff1a]", re.MULTILINE
)
_FIELD_END: Final = re.compile(r"[\n;\uff1b]")
_PLACE: Final = re.compile("路段|地点|地點|位置|道路|路名|路口|线路|線路|路线|路線|区段")
_TIME: Final = re.compile("时间|時間|日期|工期|时段|時段|期限")
#: Behind the last record, these would hold for all of them.
_FOR_ALL: Final = re.compile("绕|繞|改道|封|禁|限|通行|以上|上述|各|均|每|全部|\\d")
_WRITTEN: Final = re.compile(r"[^\n]")
#: A form of two fields takes so many ends of a field to be filled in twice.
_FEWEST_ENDS: Final = 3


def records(text: str) -> list[str]:
    r"""Cut a notice into its records; a text that is no such form comes back whole.

    Examples
    --------
    >>> [record.split() for record in records("路段:甲路\n时间:1日\n路段:乙路\n时间:2日")]
    [['路段:甲路', '时间:1日'], ['路段:乙路', '时间:2日']]
    """
    if len(_FIELD_END.findall(text)) < _FEWEST_ENDS:
        return [text]
    fields = [("".join(match[1].split()), match.start(1)) for match in _FIELD.finditer(text)]
    heads = [head for head, _ in fields]
    first = next((head for head in heads if heads.count(head) > 1), None)
    if first is None:
        return [text]
    bounds = [*(at for head, at in fields if head == first), len(text)]
    shapes = [[head for head, at in fields if begin <= at < end] for begin, end in pairwise(bounds)]
    alike = all(shape == shapes[0] for shape in shapes)
    filled = any(map(_PLACE.search, shapes[0])) and any(map(_TIME.search, shapes[0]))
    _, _, behind = text[fields[-1][1] :].partition("\n")
    if not alike or not filled or _FOR_ALL.search(behind):
        return [text]
    return list(_each_alone(text, bounds))


def _each_alone(text: str, bounds: list[int]) -> Iterator[str]:
    head = text[: bounds[0]]
    for begin, end in pairwise(bounds):
        before, behind = (_WRITTEN.sub(" ", part) for part in (text[bounds[0] : begin], text[end:]))
        yield head + before + text[begin:end] + behind
