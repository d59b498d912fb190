"""``plant.yaml``: parsed, validated and checked for contradictions, each problem with its line."""

from pathlib import Path

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from juli.core.errors import Problem
from juli.plant.consistency import inconsistencies
from juli.plant.factory import Plant
from juli.plant.reading.text_file import read_text
from juli.plant.reading.yaml_file import LocatedYaml, parse_yaml

_MENDS = {
    "extra_forbidden": "take it out, or correct its spelling; 'juli schema' lists the keys",
    "missing": "add it",
}


def read_plant(path: Path, problems: list[Problem]) -> Plant | None:
    """Read a plant's description; None where a problem keeps it from being built.

    Parameters
    ----------
    path
        The file.
    problems
        Gains everything that is wrong, warnings included.
    """
    text = read_text(path, path.name, problems)
    document = parse_yaml(text, path.name, problems) if text is not None else None
    if document is None:
        return None
    try:
        plant = Plant.model_validate(document.data)
    except ValidationError as error:
        problems += [_problem(path.name, document, detail) for detail in error.errors()]
        return None
    problems += [
        Problem(f"{path.name}:{document.line_of(found.path)}", found.message, found.mend, found.severity)
        for found in inconsistencies(plant)
    ]
    return plant


def _problem(name: str, document: LocatedYaml, detail: ErrorDetails) -> Problem:
    path = detail["loc"]
    kind = detail["type"]
    value = detail.get("input")
    where = ".".join(str(part) for part in path) or "the file"
    said = detail["msg"].removeprefix("Value error, ")
    message = f"{where}: {said}"
    if kind not in ("missing", "value_error") and not isinstance(value, dict | list):
        message += f", not {value!r}"
    mend = _MENDS.get(kind, "correct the value; 'juli schema' describes it")
    return Problem(f"{name}:{document.line_of(path)}", message, mend)
