"""Errors of a description, told as its author would see them: file, line, what is wrong, and the mend."""

import difflib
from collections.abc import Callable, Sequence
from typing import Any, Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from juli.core.errors import Problem
from juli.plant.reading.stand_ins import innermost, written_path

Path = tuple[str | int, ...]

_MENDS: Final = {
    "missing": "add it",
    "int_parsing": "write a whole number",
    "float_parsing": "write a number",
    "float_type": "write a number",
}


def described_problems(
    error: ValidationError,
    data: Any,
    *,
    place: Callable[[Path], str],
    keys: Callable[[Path], Sequence[str]],
    page: str,
) -> list[Problem]:
    """Turn a description's errors into problems, in the order of their lines.

    Parameters
    ----------
    error, data
        What is wrong, and with which document.
    place
        Gives file and line of a path.
    keys
        Gives the known keys of the mapping at a path.
    page
        The page of the documentation that describes the keys.
    """
    told = [_problem(detail, data, place, keys, page) for detail in innermost(error)]
    # A value that may be written in several ways is told once, not once a way.
    unique = {(one.place, one.message.partition(":")[0]): one for one in told}
    return sorted(unique.values(), key=lambda one: _line(one.place))


def _problem(
    detail: ErrorDetails,
    data: Any,
    place: Callable[[Path], str],
    keys: Callable[[Path], Sequence[str]],
    page: str,
) -> Problem:
    kind = detail["type"]
    path = written_path(data, _without_tags(data, detail["loc"]), missing=kind == "missing")
    said = detail["msg"].removeprefix("Value error, ")
    if kind == "extra_forbidden":
        key, known = str(path[-1]), keys(path[:-1])
        near = difflib.get_close_matches(key, known, 1)
        mend = f"write {near[0]!r}" if near else f"the keys are {', '.join(known)}"
        return Problem(place(path), f"the key {key!r} is unknown", mend)
    message = f"{_called(data, path)}: {said}"
    if kind not in ("missing", "value_error") and not isinstance(detail.get("input"), dict | list):
        message += f", not {detail.get('input')!r}"
    where = path or (said.partition(" ")[0],)
    return Problem(place(where), message, _MENDS.get(kind, f"correct the value; {page} describes the keys"))


def _without_tags(data: Any, location: Path) -> Path:
    """Leave out the names of a union's kinds, which stand in no document."""
    path: list[str | int] = []
    for at, part in enumerate(location):
        is_item = isinstance(data, list) and isinstance(part, int)
        if isinstance(data, dict) and part not in data and at + 1 < len(location):
            continue
        path.append(part)
        known = is_item and isinstance(part, int) and part < len(data)
        data = data[part] if known or (isinstance(data, dict) and part in data) else None
    return tuple(path)


def _called(data: Any, path: Path) -> str:
    """A path as its author would name it: items by their ids."""
    names = []
    for part in path:
        if isinstance(data, dict):
            names.append(str(part))
            data = data.get(part)
        elif isinstance(data, list) and isinstance(part, int) and part < len(data):
            data = data[part]
            own = data.get("id") if isinstance(data, dict) else None
            names.append(str(own) if own else f"number {part + 1}")
    return ".".join(names) or "the file"


def _line(place: str) -> tuple[str, int]:
    name, _, line = place.rpartition(":")
    return name, int(line) if line.isdigit() else 0
