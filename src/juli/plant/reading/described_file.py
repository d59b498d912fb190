"""A YAML file that one description stands for: read whole, and every slip told with its place."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from juli.core.errors import InputError, Problem
from juli.plant.model import Description
from juli.plant.reading.described import Path as KeyPath
from juli.plant.reading.described import described_problems
from juli.plant.reading.text_file import read_text
from juli.plant.reading.yaml_file import LocatedYaml, parse_yaml

Described = TypeVar("Described", bound=Description)


def read_described(
    path: Path,
    description: type[Described],
    keys: Callable[[Any, KeyPath], Sequence[str]],
    page: str,
) -> tuple[Described, LocatedYaml]:
    """Read a file, and keep where each of its values stands.

    Parameters
    ----------
    path
        The file.
    description
        What it holds.
    keys
        Gives the known keys of the mapping at a path of the document.
    page
        The page of the documentation that describes them.

    Raises
    ------
    InputError
        With everything that is wrong, by file and line.
    """
    problems: list[Problem] = []
    text = read_text(path, path.name, problems)
    document = parse_yaml(text, path.name, problems) if text is not None else None
    if document is None:
        raise InputError(problems)
    data = document.data
    try:
        described = description.model_validate(data)
    except ValidationError as error:
        problems += described_problems(
            error,
            data,
            place=lambda where: f"{path.name}:{document.line_of(where)}",
            keys=lambda where: keys(data, where),
            page=page,
        )
        raise InputError(problems) from None
    if problems:
        raise InputError(problems)
    return described, document
