"""YAML with the line of every value, so that a problem can name its place.

YAML 1.1 reads ``08:00`` as 480 and ``no`` as false; here only null, true, false and plain numbers are
special, as in YAML 1.2, and everything else is text.
"""

import re
from typing import Any

import yaml

from juli.core.errors import Problem

Path = tuple[str | int, ...]


class _Loader(yaml.SafeLoader):
    """A safe loader with YAML 1.2's few special words."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 - PyYAML reads this class attribute


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
    loader = _Loader(text)
    try:
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
        line = mark.line + 1 if mark else 1
        problems.append(
            Problem(
                f"{place}:{line}",
                f"is not YAML: {error.problem}",
                "mend the punctuation or indentation there",
            )
        )
        return None
    except (yaml.YAMLError, ValueError) as error:
        problems.append(Problem(place, f"is not YAML: {error}", "mend the value that it names"))
        return None
    finally:
        loader.dispose()


def _note_lines(
    node: yaml.Node, path: Path, place: str, lines: dict[Path, int], problems: list[Problem]
) -> None:
    lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        seen: dict[str, int] = {}
        for key, value in node.value:
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
