"""``plant.yaml``: parsed, validated and checked for contradictions, each problem with its line."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from juli.core.errors import Problem, Severity
from juli.plant.consistency import inconsistencies
from juli.plant.factory import Plant
from juli.plant.reading.stand_ins import innermost, with_stand_ins, written_path
from juli.plant.reading.text_file import read_text
from juli.plant.reading.yaml_file import LocatedYaml, parse_yaml

_MENDS: Final = {
    "extra_forbidden": "take it out, or correct its spelling; docs/plant-file.md lists the keys",
    "missing": "add it; docs/plant-file.md describes it",
    "string_type": "put it in quotes",
    "too_short": "name at least one; docs/plant-file.md describes it",
}
#: Lists that may not be empty, and what it means if they are.
_EMPTY: Final = {"machines": "no machine can do it"}
#: What items of a list are called by, for messages.
_NAMES: Final = ("id", "operation", "product", "machine")


@dataclass(frozen=True)
class LocatedPlant:
    """A plant and the file that it was read from.

    Parameters
    ----------
    plant
        The description.
    stand_ins
        The paths of values that are not the author's: they only keep a faulty file readable.
    sound
        Whether it is the author's alone and doesn't contradict itself.
    """

    plant: Plant
    stand_ins: frozenset[tuple[str | int, ...]]
    sound: bool
    _file: str
    _document: LocatedYaml

    def place_of(self, *path: str | int) -> str:
        """Give the file and line of a value by its path of keys and indices."""
        return f"{self._file}:{self._document.line_of(path)}"

    def knows(self, *keys: str) -> bool:
        """Whether these parts of the description are the author's alone."""
        return not any(path[0] in keys for path in self.stand_ins)


def read_plant(path: Path, problems: list[Problem]) -> LocatedPlant | None:
    """Read a plant's description; None where it can't be built, even with stand-ins for faulty values.

    Parameters
    ----------
    path
        The file.
    problems
        Gains everything that is wrong, warnings included.
    """
    before = len(problems)
    text = read_text(path, path.name, problems)
    document = parse_yaml(text, path.name, problems) if text is not None else None
    if document is None:
        return None
    stand_ins: frozenset[tuple[str | int, ...]] = frozenset()
    try:
        plant = Plant.model_validate(document.data)
    except ValidationError as error:
        told = [_problem(path.name, document, detail) for detail in innermost(error)]
        # A value that may be written in several ways is told once, not once a way.
        problems += {(one.place, one.message.partition(":")[0]): one for one in told}.values()
        repaired = with_stand_ins(document.data, error)
        if repaired is None:
            return None
        plant, stand_ins = repaired
    for found in inconsistencies(plant):
        of_stand_in = stand_ins and (found.severity is Severity.WARNING or found.path in stand_ins)
        if not of_stand_in:
            place = f"{path.name}:{document.line_of(found.path)}"
            problems.append(Problem(place, found.message, found.mend, found.severity))
    sound = not any(problem.severity is Severity.ERROR for problem in problems[before:])
    return LocatedPlant(plant, stand_ins, sound, path.name, document)


def _problem(name: str, document: LocatedYaml, detail: ErrorDetails) -> Problem:
    kind = detail["type"]
    value = detail.get("input")
    path = written_path(document.data, detail["loc"], missing=kind == "missing")
    where = ".".join(_written(document.data, path)) or "the file"
    said = detail["msg"].removeprefix("Value error, ")
    if kind == "too_short" and path:
        said = _EMPTY.get(str(path[-1]), "is empty")
    message = f"{where}: {said}"
    if kind == "greater_than_equal" and path and path[-1] == "amount":
        message = f"{where}: there are {value!r} of it, so nothing that needs it can be done"
    elif kind not in ("missing", "value_error") and not isinstance(value, dict | list):
        message += f", not {value!r}"
    mend = _MENDS.get(kind, "correct the value; docs/plant-file.md describes it")
    # What contradicts another key is told of both together, in words that begin with the key.
    line = document.line_of((*path, said.partition(" ")[0]))
    return Problem(f"{name}:{line}", message, mend)


def _written(data: Any, path: tuple[str | int, ...]) -> list[str]:
    """Name a path as its author would: items by their ids, and nothing that stands only in the schema."""
    names: list[str] = []
    for part in path:
        if isinstance(data, dict):
            names.append(str(part))
            data = data.get(part)
        elif isinstance(data, list) and isinstance(part, int) and part < len(data):
            data = data[part]
            called = [data[key] for key in _NAMES if key in data] if isinstance(data, dict) else []
            names.append(str(called[0]) if called else f"number {part + 1}")
    return names
