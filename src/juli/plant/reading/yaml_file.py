"""YAML with the line of every value, so that a problem can name its place.

YAML 1.1 reads ``08:00`` as 480, ``010`` as 8 and ``no`` as false; here only null, true, false and plain
decimal numbers are special, as in YAML 1.2, and everything else is text.
"""

import re
from typing import Any, Final

import yaml

from juli.core.errors import Problem

Path = tuple[str | int, ...]


#: Nested deeper than this it is no description, but a slip or an attack on the parser's stack.
_DEEPEST: Final = 40


class _Loader(yaml.SafeLoader):
    """A safe loader with YAML 1.2's few special words, without aliases, and not endlessly deep."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 - PyYAML reads this class attribute
    _depth = 0

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        """Compose a value, unless it is an alias (its problems would have two places) or too deep."""
        event = self.peek_event()  # type: ignore[no-untyped-call]  # PyYAML has no types here
        if self.check_event(yaml.AliasEvent):
            raise yaml.MarkedYAMLError(
                problem="aliases (*name) are not read here", problem_mark=event.start_mark
            )
        if self._depth > _DEEPEST:
            raise yaml.MarkedYAMLError(problem="it is nested too deeply", problem_mark=event.start_mark)
        self._depth += 1
        node = super().compose_node(parent, index)
        self._depth -= 1
        return node


def _decimal(loader: _Loader, node: yaml.ScalarNode) -> int:
    return int(loader.construct_scalar(node))


_Loader.add_constructor("tag:yaml.org,2002:int", _decimal)

for _tag, _pattern, _first in (
    ("null", r"^(?:~|null|)$", ["~", "n", ""]),
    ("bool", r"^(?:true|false)$", list("tf")),
    ("int", r"^[-+]?[0-9]+$", list("-+0123456789")),
    (
        "float",
        r"^[-+]?(?:[0-9]+\.[0-9]*|\.[0-9]+|[0-9]+(?=[eE]))(?:[eE][-+]?[0-9]+)?$",
        list("-+.0123456789"),
    ),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(_pattern), _first)


class LocatedYaml:
    """A YAML document and where each of its values stands.

    Parameters
    ----------
    data
        The document as plain Python values.
    lines
        The line of each value by its path of keys and indices, counted from 1.
    """

    def __init__(self, data: Any, lines: dict[Path, int]):
        self.data = data
        self._lines = lines

    def line_of(self, path: Path) -> int:
        """The line of a value, or of the nearest enclosing one where it is absent."""
        while path and path not in self._lines:
            path = path[:-1]
        return self._lines.get(path, 1)


def parse_yaml(text: str, place: str, problems: list[Problem]) -> LocatedYaml | None:
    """Parse a document; add what is wrong to the problems and return None where nothing can be read."""
    try:
        loader = _Loader(text)
        root = loader.get_single_node()
        if root is None:
            problems.append(
                Problem(place, "holds no values", "describe the plant; 'juli init' writes an example")
            )
            return None
        lines: dict[Path, int] = {}
        _note_lines(root, (), place, lines, problems)
        return LocatedYaml(loader.construct_document(root), lines)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"{place}:{mark.line + 1}" if mark else place
        mend = "mend the punctuation or indentation there"
        problems.append(Problem(where, f"is not YAML: {error.problem}", mend))
    except yaml.reader.ReaderError as error:
        where = f"{place}:{text.count(chr(10), 0, error.position) + 1}"
        message = f"is not YAML: the character U+{error.character:04X} is not allowed"
        problems.append(Problem(where, message, "take it out"))
    except (yaml.YAMLError, ValueError, LookupError) as error:
        problems.append(Problem(place, f"is not YAML: {error}", "mend the value that it names"))
    return None


def _note_lines(
    node: yaml.Node, path: Path, place: str, lines: dict[Path, int], problems: list[Problem]
) -> None:
    lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        seen: dict[str, int] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                continue  # the constructor refuses it
            key.tag = "tag:yaml.org,2002:str"  # a key is text, whatever it looks like
            line = key.start_mark.line + 1
            if key.value in seen:
                message = f"the key {key.value!r} stands in line {seen[key.value]} already"
                problems.append(Problem(f"{place}:{line}", message, "keep one of the two"))
            seen[key.value] = line
            lines[(*path, key.value)] = line
            _note_lines(value, (*path, key.value), place, lines, problems)
    elif isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            _note_lines(item, (*path, index), place, lines, problems)
