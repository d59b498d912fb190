"""A notice's outline: its sentences, which headed section and which paragraph each belongs to."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from juli.roads.notices.skeleton import HOURS, NAME, PERIOD


class Section(Enum):
    """What the heading above a sentence announces."""

    NONE = auto()
    TIME = auto()
    PLACE = auto()
    MEASURE = auto()
    DETOUR = auto()
    OTHER = auto()


@dataclass(frozen=True)
class Sentence:
    """One sentence ``text[at:end_at]`` of a skeleton, without its number and heading.

    Parameters
    ----------
    number
        Its place among the sentences.
    whole_at
        Where it begins with its number and heading.
    section
        The section that it stands in.
    paragraph
        Sentences of one line or list item share a number.
    phase
        The numeral of 第一阶段 or 一期, where it stands in one; several numerals for 一、二期.
    title
        Whether it is (part of) the notice's title.
    preamble
        Whether it only leads over to a list: ``…通告如下``.
    """

    number: int
    at: int
    end_at: int
    whole_at: int
    section: Section
    paragraph: int
    phase: str
    title: bool
    preamble: bool


_SENTENCE: Final = re.compile(
    r"[^。;!?\n]+?(?:如下[:,]|[,:](?=第[一二三四五六]阶段|第?[一二三四]期[(:])|(?=[。;!?\n])|$)"
)
_MARK: Final = re.compile(
    r"(?P<chinese>[一二三四五六七八九十]{1,3}[、.](?!第?[二三四五六](?:期|阶段|、)))|(?P<bracketed>\([一二三四五六七八九十]{1,3}\))"
    r"|(?P<arabic>\d{1,2}[、.](?!\d))|(?P<half>\(?\d{1,2}\))|(?P<circle>[①-⑳])"
)
_LEVELS: Final = ("chinese", "bracketed", "arabic", "half", "circle")
_UNMARKED: Final = len(_LEVELS)
_PHASE: Final = re.compile(r"(?:施工)?(第[一二三四五六]阶段|[一二三四]期|第[一二三四五六]期)(?:施工)?[:,(]?")
#: 一、二期施工期间, 第一、第二阶段: what follows holds for each of them.
_PHASES: Final = re.compile(
    "第?([一二三四五六])(?:期|阶段)?[、和及]第?(?:([一二三四五六])(?:期|阶段)?[、和及]第?)?([一二三四五六])(?:期|阶段)"
)
_ALL_ALONG: Final = re.compile("(?:整个|上述|以上|各阶段)?施工期间|(?:两个|各|上述)阶段|全?工程期间")
_HEADING: Final = re.compile(
    rf"(?P<heading>[^,。;:\n\ue000-\ue003]{{0,14}}?(?:时间|时段|期限|工期|日期|情况|桩号|路段|地点|范围|位置|区域|区段|道路(?:名称)?|桥梁(?:名称)?|路名|路口|路线|线路|方案|方式|措施|内容|"
    rf"组织|形式|车型|类型|对象|绕行|改道|分流|要求|建议|指引|事项|原因|提示|单位)(?:及[^:,{NAME}]{{2,8}})?)(?::|$)"
)
_KINDS: Final = (
    (Section.DETOUR, re.compile("绕行|改道|分流|替代|绕道")),
    (Section.TIME, re.compile("时间|时段|期限|工期|日期")),
    (
        Section.PLACE,
        re.compile(
            "路段|地点|范围|位置|区域|区段|道路(?:名称)?$|桥梁(?:名称)?$|路名|路口$|^(?:管制|封闭|施工|公路)?(?:线路|路线)$|桩号$"
        ),
    ),
    (Section.MEASURE, re.compile("方式|措施|内容|组织|方案|形式|类型|车型|对象|交通路线|通行情况|交通情况")),
)
_TITLE: Final = re.compile("通告$|公告$|通知$|提示$|通报$|^关于|公示$|告示$|启事$")
_PREAMBLE: Final = re.compile(r"(?:如下|[下列以]{2}[^,。;]{0,12}措施)(?:措施|事项|安排)?[:,]?$|措施[:,]?$")
_CLOSING: Final = re.compile("特此|请广大|敬请|请过往|不便之处")


def outline(text: str) -> list[Sentence]:
    """Cut a skeleton's text into its sentences."""
    sentences: list[Sentence] = []
    section, level, phase, paragraph = Section.NONE, _UNMARKED, "", 0
    listed = _UNMARKED  # the level of a list that runs on in the line of its heading
    joined = False  # whether only a comma parts the phase from the one before, so that a full stop ends both
    in_line = False  # whether the phase began within a line, so that the line goes on behind it
    titles = _title_end(text)
    for whole in _SENTENCE.finditer(text):
        at, end_at = whole.span()
        line_start = at == 0 or text[at - 1] == "\n"
        mark_level, at = _behind_marks(text, at, end_at)
        listed = _UNMARKED if line_start else listed
        paragraph += line_start or mark_level < listed
        if mark_level <= level and mark_level < _UNMARKED:
            section, phase = Section.NONE, ""
        heading = _HEADING.match(text, at, end_at)
        if heading is not None:
            paragraph += bool(phase) and not line_start  # what follows the phases holds for all of them
            section, level, phase = _kind(heading["heading"]), mark_level, ""
            at = heading.end()
            if mark_level == _UNMARKED and (inner := _MARK.match(text, at + (text[at : at + 1] == "\n"))):
                listed = _LEVELS.index(str(inner.lastgroup))
                level = listed - 1
        elif _CLOSING.match(text, at) or (
            line_start and level == _UNMARKED and PERIOD in text[at:end_at] and section is not Section.TIME
        ):
            section = Section.NONE
        if phase and joined and text[whole.start() - 1] == "。":
            phase, joined = "", False
            paragraph += 1
        if phase and in_line and _ALL_ALONG.match(text, at, end_at):
            phase = ""
            paragraph += 1
        if (together := _PHASES.match(text, at, end_at)) is not None:
            phase, in_line = "".join(filter(None, together.groups())), not line_start
            paragraph += not line_start
        elif (named := _PHASE.match(text, at, end_at)) is not None:
            joined = bool(phase) and not line_start and text[whole.start() - 1] in ",;"
            phase, in_line = named[1].strip("第阶段期"), not line_start
            at = named.end()
            paragraph += not line_start
        elif line_start and section is Section.NONE:
            phase = ""
        title = whole.start() < titles
        preamble = text[end_at : end_at + 1] != ";" and _PREAMBLE.search(text, at, end_at) is not None
        sentences.append(
            Sentence(len(sentences), at, end_at, whole.start(), section, paragraph, phase, title, preamble)
        )
    return sentences


def _behind_marks(text: str, at: int, end_at: int) -> tuple[int, int]:
    """The level of the number in front of a sentence, and where the sentence goes on."""
    mark = _MARK.match(text, at, end_at)
    if mark is None:
        return _UNMARKED, at
    return _LEVELS.index(str(mark.lastgroup)), mark.end()


def _kind(heading: str) -> Section:
    kinds = [section for section, words in _KINDS if words.search(heading)]
    if kinds[:2] == [Section.TIME, Section.PLACE]:
        return Section.PLACE  # 封闭路段及时间: each place has its own times behind it
    return kinds[0] if kinds else Section.OTHER


def _title_end(text: str) -> int:
    """Where the title ends: the lines before the first that ends in a mark, but for a text of one line."""
    end = 0
    for line in _lines(text):
        content = text[line[0] : line[1]]
        if not content:
            continue
        if (
            line[1] >= len(text)
            or content[-1] in "。;:,、!?"
            or _MARK.match(content)
            or _HEADING.match(content)
        ):
            break
        if content[0] in (HOURS, PERIOD) and ":" in content:
            break  # 7:00-9:00封闭:甲路
        if content[0] == PERIOD and text[line[1] :].lstrip("\n")[:1] == PERIOD:
            break  # entries that each begin with their days
        row = content.count(",") > 1 and {PERIOD, NAME} <= set(content)
        if (row or {PERIOD, HOURS, NAME} <= set(content)) and not _TITLE.search(content):
            break
        if len(content) > 40 and not _TITLE.search(content):
            break
        end = line[1]
    return end if end < len(text.rstrip()) else 0


def _lines(text: str) -> Iterator[tuple[int, int]]:
    at = 0
    while at <= len(text):
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        yield at, end
        at = end + 1
