"""A notice's text in one form: half-width digits and marks, simplified characters, no stray spaces.

Every character of the result knows where it stood, so that whatever is read can be quoted from the original.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from juli.roads.notices.markup import without_markup
from juli.roads.notices.simplified import SIMPLIFIED


def _same(shapes: str, mark: str) -> dict[int, str]:
    return dict.fromkeys(map(ord, shapes), mark)


#: Marks that come in several shapes; one character for one, so that offsets hold.
_MARKS: Final = (
    {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
    | _same("—–―‐‑‒─~～﹣﹘－〜∼", "-")
    | _same("→➡⇒➔►▶↔", ">")
    | _same("【「『〔［〈《〖", "(")
    | _same("】」』〕］〉》〗", ")")
    | _same("•●◆■★※▲|\u2028\u2029\x0b\x0c", "\n")
    | _same("︰∶", ":")
    | _same("﹐", ",")
    | _same("﹑､", "、")
    | {ord(shape): "①②③④⑤⑥⑦⑧⑨⑩"[index % 10] for index, shape in enumerate("❶❷❸❹❺❻❼❽❾❿➀➁➂➃➄➅➆➇➈➉➊➋➌➍➎➏➐➑➒➓")}
    | _same("○", "〇")
    # the signs of the skeleton must not come from outside
    | _same("".join(map(chr, range(0xE000, 0xE100))), "\ufffd")
)
#: Dropped without loss: Chinese is written without spaces.
_BLANKS: Final = frozenset(" \t\r\xa0\u3000\ufeff\xad*_\x00" + "".join(map(chr, range(0x2000, 0x2010))))
#: Pictures stand for no word.
_BLANK: Final = re.compile(
    f"[{''.join(sorted(_BLANKS))}\u20e3\u2300-\u23ff\u2600-\u27bf\u2b00-\u2bff\ufe0f\U0001f000-\U0001faff]"
)
#: The number of a row, parted from what follows by a blank alone; not one that a unit follows.
_ROW_NUMBER: Final = re.compile(
    r"^([ \t\u3000]*\d{1,2})[ \t\u3000]"
    r"(?=[ \t\u3000]*(?:[一-鿿](?<![月日号年时点分条个座处元天米吨人线期公至到])|\d{1,2}月))",
    re.MULTILINE,
)

#: 关于甲路封闭的公告 管制时间:…: a title and what follows it in one line.
_TITLE_GAP: Final = re.compile(r"(?m)(?<=[公通]告|通知)[ \u3000]+(?=[^\s:：]{2,8}[:：])")
#: The fields of a form in one line: 路段:甲路 时间:1日 方式:半封闭.
_FIELDS_IN_LINE: Final = re.compile(r"^(?:[ \u3000]*[一-鿿]{2,8}[:：][^:：\n]{1,60}){3,}.*$", re.MULTILINE)
_FIELD_GAP: Final = re.compile(r"(?<=\S)[ \u3000]+(?=[一-鿿]{2,8}[:：])")

#: 一、封闭时间 城东大桥:…: a numbered heading and what follows it in one line.
_HEADING_GAP: Final = re.compile(
    r"(?:(?<=[一二三四五六七八九十]、[一-鿿]{4})|(?<=[一二三四五六七八九十]、[一-鿿]{7}))[ \u3000]+(?=[^\s])"
)
#: The number of an item that stands in front of a date: 1.3月23日.
_ITEM_NUMBER: Final = re.compile(
    r"^([ \t\u3000]*\d{1,2})[.．](?=[ \t\u3000]*\d{1,2}月\d{1,2}日)", re.MULTILINE
)

#: A picture that begins a line begins an item.
_BULLET: Final = re.compile(r"^[ \t\u3000]*[➤➢➣▪◎☆◇□►▶✅✔🔹🔸📍]", re.MULTILINE)

_DIGIT: Final = {"O": "0", "o": "0", "l": "1", "I": "1"}
#: A letter between a digit and a digit or the mark of a date.
_SCANNED: Final = re.compile(
    r"(?<=[年月])[lI](?=[\d月日])|(?<=\d)(?:[Oo](?=[\dOo年月日时])|[lI](?=[\d年月日时]))|(?<=[一二三四五六七八九〇])[Oo](?=[一二三四五六七八九〇Oo年])"
)

#: A line that tabs or bars cut into three cells or more, what stands at its edges, and what between cells.
_ROW: Final = re.compile(
    r"^[^\n\t|｜]*(?:\t[^\n\t|｜]+){2,}\t?$|^[^\n|｜]*(?:[|｜][^\n|｜]+){2,}[|｜]?[ \t\r]*$", re.MULTILINE
)
_EDGE: Final = re.compile(r"^[ \t|｜]+|[ \t\r|｜]+$")
_CELL: Final = re.compile(r"[\t|｜]")
#: Stands for the comma between cells until lines have been joined: a row is a line of its own.
_CELL_END: Final = "\x1f"
#: 甲路至乙路口(不含): whether the corner belongs to the stretch.
_AT_ITS_END: Final = re.compile(r"(?<=[路口街道桥])\((?:均?不?含)\)")
#: A bracket that a table's narrow column has broken into lines.
_BROKEN_BRACKET: Final = re.compile(
    r"\([^()\n]{1,12}(?:\n+[^()\n]{1,12}){1,6}\)|(?<=[时分時点點]至)\n+(?=[清凌早上下晚中翌次\d])"
)
_DAY: Final = r"(?:\d{4}[年./-])?\d{1,2}[月./-]\d{1,2}[日号]?(?:\d{1,2}:\d\d)?"
#: Two cells beside each other that hold the first and the last day.
_FROM_AND_TO: Final = re.compile(
    rf"((?:^|{_CELL_END}){_DAY}){_CELL_END}(?={_DAY}(?:{_CELL_END}|$))", re.MULTILINE
)

_PARAGRAPH_END: Final = "。;:!?"
_LIST_MARK: Final = re.compile(
    r"[一二三四五六七八九十]{1,3}[、.]|\(?[\d一二三四五六七八九十]{1,2}[、.)]|[①-⑳]|第[一二三四五六]|特此|[一-鿿]{2,6}:"
)
#: Lines that all begin with a day are entries of a list.
_DAY_FIRST: Final = re.compile(r"(?:\d{4}年)?\d{1,2}月\d{1,2}日|\d{1,2}:\d\d")
_HANGING: Final = re.compile(r"[、,(至与和及从由经对在自]$|\d$")
_CONTINUING: Final = re.compile(r"[、,)。;至]|起至|[年月日时分]")
#: Columns: a longer line is no printed line but a whole paragraph.
#: By so many columns a printed line may fall short of the widest.
_RAGGED: Final = 10
_WIDEST_WRAPPED_LINE: Final = 120


@dataclass(frozen=True)
class NormalText:
    """A normalised text and its way back.

    Parameters
    ----------
    original
        The text as it came.
    verbatim
        As ``text``, in the script of the original: what names are quoted from.
    text
        The normalised text, in simplified characters.
    offsets
        For each character of ``text``, where it stands in ``original``.
    """

    original: str
    verbatim: str
    text: str
    offsets: Sequence[int]

    def span(self, first: int, end: int) -> tuple[int, int]:
        """Where ``text[first:end]`` stands in the original."""
        return self.offsets[first], self.offsets[end - 1] + 1


def simplified(name: str) -> str:
    """Write a name in the form in which names are compared."""
    return _BLANK.sub("", name.translate(_MARKS)).translate(SIMPLIFIED)


def normalise(original: str) -> NormalText:
    """Bring a text into the one form that the grammar reads."""
    text, unmarked = without_markup(original)
    celled = _TITLE_GAP.sub(_line_end, _with_cells(text))
    if " " in celled or "\u3000" in celled:
        celled = _FIELDS_IN_LINE.sub(lambda line: _FIELD_GAP.sub(_line_end, line[0]), celled)
    if " " in celled or "\u3000" in celled or "\t" in celled:
        celled = _ROW_NUMBER.sub(r"\1)", celled)
        celled = _HEADING_GAP.sub(_line_end, celled)
    celled = _BULLET.sub(lambda mark: "\n".rjust(len(mark[0])), celled)
    celled = _ITEM_NUMBER.sub(r"\1)", celled)
    verbatim = celled.translate(_MARKS)
    if "\n" not in verbatim:
        verbatim = verbatim.replace("\r", "\n")
    offsets: Sequence[int] = range(len(verbatim)) if unmarked is None else unmarked
    if _BLANK.search(verbatim):
        blanks = {match.start() for match in _BLANK.finditer(verbatim)}
        kept = [at for at in range(len(verbatim)) if at not in blanks]
        offsets = [offsets[at] for at in kept]
        verbatim = "".join([verbatim[at] for at in kept])
    left_out = {at for match in _AT_ITS_END.finditer(verbatim) for at in range(*match.span())}
    left_out |= {
        at
        for match in _BROKEN_BRACKET.finditer(verbatim)
        for at in range(*match.span())
        if verbatim[at] == "\n"
    }
    if left_out:
        kept = [at for at in range(len(verbatim)) if at not in left_out]
        offsets = [offsets[at] for at in kept]
        verbatim = "".join([verbatim[at] for at in kept])
    joints = _false_line_ends(verbatim) if "\n" in verbatim else set()
    if joints:
        kept = [at for at in range(len(verbatim)) if at not in joints]
        offsets = [offsets[at] for at in kept]
        verbatim = "".join([verbatim[at] for at in kept])
    if _CELL_END in verbatim:
        verbatim = _FROM_AND_TO.sub(r"\1至", verbatim).replace(_CELL_END, ",")
    return NormalText(original, verbatim, _with_digits(verbatim.translate(SIMPLIFIED)), offsets)


def _line_end(gap: re.Match[str]) -> str:
    return "\n".rjust(len(gap[0]))


def _with_cells(text: str) -> str:
    """Put a comma between the cells of a table's rows, which tabs or bars part."""
    if "\t" not in text and "|" not in text and "｜" not in text:
        return text
    return _ROW.sub(
        lambda row: _CELL.sub(_CELL_END, _EDGE.sub(lambda edge: " " * len(edge[0]), row[0])), text
    )


def _with_digits(text: str) -> str:
    """Mend letters that were scanned for digits: 2O2O年, 1l月."""
    if not any(letter in text for letter in _DIGIT) or not _SCANNED.search(text):
        return text
    return _SCANNED.sub(
        lambda found: _DIGIT[found[0]] if found[0] in "lI" or text[found.start() - 1].isascii() else "〇",
        text,
    )


def _width(line: str) -> int:
    """Columns that a line takes in print: a character of Chinese takes two."""
    return (len(line) + len(line.encode("utf-8", "replace"))) // 2


def _false_line_ends(text: str) -> set[int]:
    """Find the line ends that only wrap a paragraph, as in a text copied from paper."""
    lines = text.split("\n")
    widths = [_width(line) for line in lines]
    full = max(0.8 * max(widths), max(widths) - _RAGGED)
    wrapped = max(widths) <= _WIDEST_WRAPPED_LINE and sum(n >= full for n in widths) >= max(
        2, len(list(filter(None, widths))) / 2
    )
    joints = set()
    at = 0
    for line, width, following in zip(lines, widths, lines[1:], strict=False):
        at += len(line)
        if (
            _CELL_END not in line + following
            and line
            and following
            and line[-1] not in _PARAGRAPH_END
            and not _LIST_MARK.match(following)
            and not (_DAY_FIRST.match(line) and _DAY_FIRST.match(following))
        ):
            cut_number = _HANGING.search(line) and (not following[0].isdigit() or line[-1] in "至到")
            if (wrapped and width >= full) or cut_number or _CONTINUING.match(following):
                joints.add(at)
        at += 1
    return joints
