"""A notice as a tree: its sections, list items, fields and phases, and the clauses that stand in them.

What is said in a node holds for what stands below it; what is said in one item of a list says nothing of the
next. Numbered marks nest in the order in which they first appear.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum, auto
from functools import cached_property
from itertools import pairwise
from typing import Final

from juli.roads.notices.skeleton import NAME, PERIOD


class Role(Enum):
    """What the heading of a node announces."""

    NONE = auto()
    TIME = auto()
    PLACE = auto()
    MEASURE = auto()
    DETOUR = auto()
    OTHER = auto()


@dataclass(eq=False)
class Node:
    """A section, item, field or phase of a notice.

    Parameters
    ----------
    level
        What kind of mark opens it; ``""`` for the whole notice.
    parent
        The node around it.
    role
        What its own heading announces.
    phase
        The numeral of 第一阶段 or 一期; several for 一、二期.
    at, head_end
        Where it begins with its mark and heading, and where its own words begin.
    filled
        Whether words of its own stand in the line that opens it.
    """

    level: str
    parent: "Node | None"
    role: Role = Role.NONE
    phase: str = ""
    at: int = 0
    head_end: int = 0
    filled: bool = False
    children: list["Node"] = field(default_factory=list)

    def path(self) -> tuple["Node", ...]:
        """The nodes from the notice down to this one."""
        return (*(self.parent.path() if self.parent else ()), self)


@dataclass(frozen=True, eq=False)
class Sentence:
    """One sentence ``text[at:end_at]`` of a skeleton, without its number and heading.

    Parameters
    ----------
    number
        Its place among the sentences.
    whole_at
        Where it begins with its number and heading.
    line
        Sentences of one line share a number.
    node
        The node that it stands in.
    title
        Whether it is (part of) the notice's title.
    """

    number: int
    at: int
    end_at: int
    whole_at: int
    line: int
    node: Node
    title: bool

    @cached_property
    def path(self) -> tuple[Node, ...]:
        """The nodes that it stands in, from the notice down."""
        return self.node.path()

    @cached_property
    def role(self) -> Role:
        """What the nearest heading above announces."""
        return next((n.role for n in reversed(self.path) if n.role is not Role.NONE), Role.NONE)

    @cached_property
    def phase(self) -> str:
        """The phase that it stands in, if any."""
        return next((n.phase for n in reversed(self.path) if n.phase), "")


_MARKS: Final = {
    "chinese": r"[一二三四五六七八九十]{1,3}[、.](?!第?[二三四五六](?:期|阶段|、))",
    "bracketed": r"\([一二三四五六七八九十]{1,3}\)[、.]?",
    "arabic": r"\d{1,2}[、.](?!\d)|\d{1,2}\)(?=[^,。])",
    "half": r"\(\d{1,2}\)[、.]?",
    "circle": r"[①-⑳][、.]?",
    "which": r"(?:其|第)[一二三四五六](?:[,、:](?!第?[一二三四五六]车道)|(?=\ue000))"
    r"|[一二三四五六]是(?=[一-鿿\ue000\ue001])",
}
_MARK: Final = re.compile("|".join(f"(?P<{level}>{marks})" for level, marks in _MARKS.items()))
_PHASE_NAME: Final = (
    r"(?:其中)?(?:本次)?(?:施工)?(?:第[一二三四五六]个?(?:阶段|施工段|施工阶段|步)|(?:阶段|步骤)[一二三四五六](?![一-鿿])"
    r"|[一二三四]期|第[一二三四五六]期|第\d阶段|第[一二三四五六]段)(?:工程|施工|管制)?(?=[:,(为自于是将\ue000\ue001封围半占]|[东南西北]侧|$)"
)
_PHASE: Final = re.compile(rf"(?P<phase>{_PHASE_NAME})(?:[:,为是自于](?:为|是|自)?)?")
_NUMERAL: Final = re.compile("[一二三四五六1-6]")
#: 一、二期施工期间, 第一、第二阶段: what follows holds for each of them.
_PHASES: Final = re.compile(
    "第?([一二三四五六])(?:期|阶段)?[、和及]第?(?:([一二三四五六])(?:期|阶段)?[、和及]第?)?([一二三四五六])(?:期|阶段)"
)
_NUMERALS: Final = str.maketrans("123456", "一二三四五六")
_HEAD: Final = (
    rf"(?!对[以下上]|将?(?:引入|采取|实施|实行)(?:以下|下列))[^,。;:\n\ue000-\ue003]{{0,14}}?(?:时间|时段|期间(?=:[^,。;\n]{{0,8}}{PERIOD})|期限|工期|施工期|日期|情况|桩号|路段(?:名称)?|地点|范围|位置|区域|区段|道路(?:名称)?|桥梁(?:名称)?|路名|路口|(?:路线|线路)(?:名称)?|方案|方式|措施|内容|"
    rf"组织|形式|车型|类型|类别|性质|对象|绕行|改道|分流|影响|起止|管制|占道|限行|要求|建议|指引|[禁限]行车辆|管制车辆|事项|原因|事由|提示|单位|电话|备注|说明|依据|主旨|主题|项目|工程|方向|车道)(?:及[^:,{NAME}]{{2,8}})?"
)
_HEADING: Final = re.compile(f"(?P<heading>{_HEAD})(?::|$)")
_KINDS: Final = (
    (Role.DETOUR, re.compile("绕行|改道|分流|替代|绕道")),
    (Role.TIME, re.compile("时间|时段|期间$|期限|工期|施工期|日期|起止")),
    (
        Role.PLACE,
        re.compile(
            "路段|地点|范围|位置|区域|区段|道路(?:名称)?$|桥梁(?:名称)?$|路名|路口$|^(?:管制|封闭|施工|公路)?(?:线路|路线)(?:名称)?$|桩号$|方向$"
        ),
    ),
    (
        Role.MEASURE,
        re.compile(
            "方式|措施|内容|组织|方案|形式|类型|车型|对象|交通路线|通行情况|交通情况|影响|管制|占道|[禁限]行|性质|车道"
        ),
    ),
)
_TITLE: Final = re.compile("通告$|公告$|通知$|提示$|通报$|^关于|公示$|告示$|启事$")
_BOUND: Final = re.compile(
    rf"(?<=[。;:!?])(?=(?:{'|'.join(_MARKS.values())})(?!\d))|(?<=[。;,!?)])(?={_HEAD}:)|(?<=[。;,:!?])(?={_PHASE_NAME})"
)
_SENTENCE: Final = re.compile("[^。;!?]+")
_DEEP: Final = 12


def grow(text: str) -> list[Sentence]:
    """Cut a skeleton's text into sentences, each in its node."""
    return _Grower(text).run()


class _Grower:
    def __init__(self, text: str):
        self.text = text
        self.root = Node("", None)
        self.stack = [self.root]
        self.sentences: list[Sentence] = []
        self.title_end = _title_end(text)

    def run(self) -> list[Sentence]:
        for number, (at, end_at) in enumerate(_lines(self.text)):
            if at < end_at:
                self._line(number, at, end_at)
        self._part_records(self.root)
        return self.sentences

    def _part_records(self, node: Node) -> None:
        """Put the fields of a form that is filled in several times into a node for each time."""
        fields = [child for child in node.children if child.level == "field"]
        heads = [self.text[child.at : child.head_end] for child in fields]
        first = next((head for head in heads if heads.count(head) > 1), None)
        if first is not None and any(child.role is Role.TIME for child in fields):
            record: Node | None = None
            for child, head in zip(fields, heads, strict=True):
                if head == first:
                    record = Node("record", node, at=child.at)
                    node.children.append(record)
                if record is not None:
                    child.parent = record
                    record.children.append(child)
        for child in list(node.children):
            if child.level != "record":
                self._part_records(child)

    def _line(self, number: int, at: int, end_at: int) -> None:
        cuts = [at, *(m.start() for m in _BOUND.finditer(self.text, at + 1, end_at)), end_at]
        depth = None
        for first, (begin, end) in enumerate(pairwise(cuts)):
            self._segment(number, begin, end, starts_line=first == 0, ends_line=end == end_at)
            if first == 0:
                depth = self.stack[-1]
        # what began within the line ends with it
        if depth is not None and depth in self.stack:
            inner = self.stack[self.stack.index(depth) + 1 :]
            if inner and all(node.level in ("phase", "field") and node.filled for node in inner):
                del self.stack[self.stack.index(depth) + 1 :]

    def _segment(self, number: int, at: int, end_at: int, *, starts_line: bool, ends_line: bool) -> None:
        text, begin = self.text, at
        mark = _MARK.match(text, at, end_at)
        if mark is not None and at < self.title_end:
            mark = None
        if mark is not None and starts_line:
            # a number begins no part of a field that is filled in already
            while self.stack[-1].level == "field" and self.stack[-1].filled:
                self.stack.pop()
        if mark is not None:
            self._open(str(mark.lastgroup), begin)
            at = mark.end()
        heading = _HEADING.match(text, at, end_at) if at >= self.title_end else None
        if heading is not None and heading.end() == end_at and heading[0][-1:] != ":" and mark is None:
            heading = heading if len(heading[0]) <= 8 else None
        phases = _PHASES.match(text, at, end_at)
        phase = _PHASE.match(text, at, end_at) if phases is None else None
        if mark is None and starts_line:
            self._close_items(field=heading is not None)
        if heading is not None:
            role = _kind(heading["heading"])
            if heading["heading"].endswith("方向") and any(n.role is Role.DETOUR for n in self.stack):
                role = Role.DETOUR  # 绕行线路: 甲方向:…
            if mark is None:
                if role is Role.DETOUR and not starts_line and self._is_the_only_way(begin):
                    while self.stack[-1].level == "phase":
                        self.stack.pop()
                self._open("field", begin)
            self.stack[-1].role = role
            at = heading.end()
            phase = _PHASE.match(text, at, end_at)
        if phases is not None or phase is not None:
            self._open("phase", begin)
            if phases is not None:
                self.stack[-1].phase = "".join(filter(None, phases.groups()))
            elif phase is not None:
                self.stack[-1].phase = "".join(_NUMERAL.findall(phase["phase"])).translate(_NUMERALS)
                at = phase.end()
        subject = heading is not None and _SUBJECT.match(heading["heading"]) is not None
        self.stack[-1].head_end = max(self.stack[-1].head_end, at)
        self.stack[-1].filled |= at < end_at
        for index, sentence in enumerate(_SENTENCE.finditer(text, at, end_at)):
            first, end = sentence.span()
            last = index and not starts_line and ends_line and self.stack[-1].level == "phase"
            if last and text[first - 1] == "。" and not _CLOSES.search(text, first, end):
                # 第一步…;第二步…。绕行甲路: what follows the phases of a line holds for all of them
                self.stack.pop()
            self.sentences.append(
                Sentence(
                    len(self.sentences),
                    first,
                    end,
                    begin if index == 0 else first,
                    number,
                    self.stack[-1],
                    first < self.title_end or (subject and self._says_more(end_at)),
                )
            )

    def _is_the_only_way(self, at: int) -> bool:
        """Whether a line tells of one way round, behind all its phases."""
        line = self.text[self.text.rfind("\n", 0, at) + 1 : self._line_end(at)]
        return self.text[at - 1] == "。" and line.count("绕行") == 1

    def _says_more(self, at: int) -> bool:
        """Whether the works are told behind the subject of a letter, so that it is a title."""
        return _DOES.search(self.text, at) is not None

    def _open(self, level: str, at: int) -> None:
        for index, node in enumerate(self.stack):
            if node.level == level:
                del self.stack[index:]
                break
        if len(self.stack) > _DEEP:
            del self.stack[_DEEP:]
        node = Node(level, self.stack[-1], at=at, head_end=at)
        self.stack[-1].children.append(node)
        self.stack.append(node)

    def _close_items(self, *, field: bool) -> None:
        """An unmarked line leaves the items that have words of their own in their lines."""
        while len(self.stack) > 1 and self.stack[-1].filled:
            if (
                field
                and self.stack[-1].role is not Role.NONE
                and self.stack[-1].level not in ("phase", "field")
            ):
                break  # 1.第一阶段路段:…, and its time below
            if (
                not field
                and self.stack[-1].level == "phase"
                and not _DOES.search(
                    self.text, self.stack[-1].head_end, self._line_end(self.stack[-1].head_end)
                )
            ):
                break
            if (
                not field
                and self.stack[-1].level not in ("phase", "field")
                and self._leads_on(self.stack[-1])
            ):
                break
            if (
                self.stack[-1].level not in ("phase", "field") and not self._is_head(self.stack[-1])
            ) or self.stack[-1].level in ("phase", "field"):
                self.stack.pop()
            else:
                break

    def _leads_on(self, node: Node) -> bool:
        """Whether an item's line ends in a colon: the lines below are its own."""
        return self.text[node.head_end : self._line_end(node.head_end)].endswith(":")

    def _is_head(self, node: Node) -> bool:
        """Whether an item's line only names what the lines below tell more of: 一、甲路(乙路至丙路)."""
        siblings = (
            [child for child in node.parent.children if child.level == node.level] if node.parent else []
        )
        before = siblings[-2] if len(siblings) > 1 else None
        if before is not None and len({s.line for s in self.sentences if before in s.node.path()}) == 1:
            return False  # the entries of its list have a line each
        words = self.text[node.head_end : self._line_end(node.head_end)]
        return (
            len(words) < 40 and not _DOES.search(words) and not words.endswith(("。", ";")) and NAME in words
        )

    def _line_end(self, at: int) -> int:
        end = self.text.find("\n", at)
        return end if end >= 0 else len(self.text)


_SUBJECT: Final = re.compile("主旨|主题|案由")
_CLOSES: Final = re.compile("封|禁|占|断[交路道行]|单[行向]|半[幅边]|围|限")
_DOES: Final = re.compile("封|禁|占|断[交路道行]|单[行向]|半[幅边]|围|绕|限")


def _kind(heading: str) -> Role:
    if "无出口" in heading:
        return Role.OTHER  # a dead end, that is what becomes of a road and nothing that is closed
    kinds = [role for role, words in _KINDS if words.search(heading)]
    if kinds[:2] == [Role.TIME, Role.PLACE]:
        return Role.PLACE  # 封闭路段及时间: each place has its own times behind it
    return kinds[0] if kinds else Role.OTHER


def _title_end(text: str) -> int:
    """Where the title ends: the lines before the first that ends in a mark, but for a text of one line."""
    end = 0
    for at, line_end in _lines(text):
        content = text[at:line_end]
        if not content:
            continue
        if (
            line_end >= len(text)
            or content[-1] in "。;:,、!?"
            or _MARK.match(content)
            or _HEADING.match(content)
            or (":" in content and PERIOD in content)
        ):
            break
        if content[0] == PERIOD and text[line_end:].lstrip("\n")[:1] == PERIOD:
            break
        row = content.count(",") > 1 and {PERIOD, NAME} <= set(content)
        if (row or ({PERIOD, NAME} <= set(content) and _DOES.search(content))) and not _TITLE.search(content):
            break
        if len(content) > 40 and not _TITLE.search(content):
            break
        end = line_end
    return end if end < len(text.rstrip()) else 0


def _lines(text: str) -> Iterator[tuple[int, int]]:
    at = 0
    while at <= len(text):
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        yield at, end
        at = end + 1
