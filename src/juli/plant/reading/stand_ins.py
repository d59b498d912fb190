"""A plant whose faulty values are replaced, so that the problems behind them are found as well."""

import copy
from typing import Any, Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from juli.plant.factory import Plant

Path = tuple[str | int, ...]

#: One of these, or the value as text, fits almost every key; what comes of it is not told.
_STAND_INS: Final[tuple[Any, ...]] = (
    None,
    1,
    0.5,
    "08:00",
    "2000-01-03",
    {"start": "2000-01-03", "end": "2000-01-04"},
    "stand-in",
)


def with_stand_ins(data: Any, error: ValidationError) -> tuple[Plant, frozenset[Path]] | None:
    """Replace every faulty value by something that passes.

    Parameters
    ----------
    data
        The document; it is not changed.
    error
        What is wrong with it.

    Returns
    -------
    The plant and the paths of the values that are not the author's, or None where nothing fits.
    """
    data = copy.deepcopy(data)
    faulty: set[Path] = set()
    pending = _paths(data, error, faulty)
    for attempt in range(len(_STAND_INS) + 1):
        if () in pending:
            return None
        faulty |= pending
        for path in pending:
            parent = _value_at(data, path[:-1])
            old = parent.get(path[-1]) if isinstance(parent, dict) else parent[path[-1]]
            parent[path[-1]] = str(old) if attempt == 0 else copy.deepcopy(_STAND_INS[attempt - 1])
        try:
            return Plant.model_validate(data), frozenset(faulty)
        except ValidationError as next_error:
            pending = _paths(data, next_error, faulty)
    return None


def _paths(data: Any, error: ValidationError, faulty: set[Path]) -> set[Path]:
    """Paths of the faulty values, inside no stand-in; keys that must not be there are taken out."""
    paths: set[Path] = set()
    for detail in innermost(error):
        path = written_path(data, detail["loc"], missing=detail["type"] == "missing")
        outer = next((path[:length] for length in range(len(path)) if path[:length] in faulty), None)
        if outer is not None:
            paths.add(outer)
        elif detail["type"] == "extra_forbidden":
            _value_at(data, path[:-1]).pop(path[-1], None)
        else:
            paths.add(path)
    return paths


def innermost(error: ValidationError) -> list[ErrorDetails]:
    """Leave out what is only said of a list or section because something inside it is wrong."""
    details = error.errors()
    inside = {detail["loc"][:length] for detail in details for length in range(len(detail["loc"]))}
    return [detail for detail in details if detail["loc"] not in inside]


def written_path(data: Any, location: Path, *, missing: bool = False) -> Path:
    """Give as much of an error's location as stands in the document, and the key that is missing."""
    path: Path = ()
    for part in location:
        known = (
            part in data if isinstance(data, dict) else isinstance(data, list) and part in range(len(data))
        )
        if not known:
            return (*path, part) if missing and isinstance(data, dict) else path
        data = data[part]
        path = (*path, part)
    return path


def _value_at(data: Any, path: Path) -> Any:
    for part in path:
        data = data[part]
    return data
