"""Lines of numbers, each with its place in the file."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from juli.core.errors import InputError, Problem

#: No instance is longer: what is, is no instance.
_MOST_BYTES = 50_000_000


@dataclass(frozen=True)
class Line:
    """A line that holds numbers.

    Parameters
    ----------
    place
        ``file:line``, as an editor shows it.
    numbers
        Whole numbers as they stand there; a fraction is kept as a float.
    """

    place: str
    numbers: tuple[float, ...]

    @property
    def whole(self) -> bool:
        """Whether all its numbers are whole."""
        return all(number == int(number) for number in self.numbers)

    @property
    def values(self) -> tuple[int, ...]:
        """Its numbers, whole."""
        return tuple(int(number) for number in self.numbers)


def read_lines(file: Path) -> list[Line]:
    """Read the lines that hold numbers; empty lines, and those that begin with #, say nothing.

    Raises
    ------
    InputError
        If the file can't be read, holds no numbers, or a word where a number belongs.
    """
    lines, problems = [], []
    for number, text in enumerate(_text(file).splitlines(), start=1):
        words = text.replace(",", " ").split()
        if not words or words[0].startswith("#"):
            continue
        place = f"{file}:{number}"
        try:
            values = tuple(_number(word) for word in words)
        except ValueError as error:
            problems.append(Problem(place, str(error), "leave only numbers, or begin a remark with #"))
            continue
        lines.append(Line(place, values))
    if problems:
        raise InputError(_first(problems))
    if not lines:
        raise InputError([Problem(str(file), "holds no numbers", "give a file that holds an instance")])
    return lines


def _text(file: Path) -> str:
    try:
        if file.is_file() and file.stat().st_size > _MOST_BYTES:
            raise InputError([Problem(str(file), "is longer than 50 MB", "give a file of an instance")])
        return file.read_text(encoding="utf-8-sig")
    except OSError as error:
        reason = error.strerror or "can't be read"
        raise InputError([Problem(str(file), reason, "name a file that can be read")]) from error
    except UnicodeDecodeError as error:
        raise InputError([Problem(str(file), "is no text file", "give the instance as text")]) from error


def _number(word: str) -> float:
    try:
        number = float(word)
    except ValueError:
        number = math.nan
    if not abs(number) < 2**31:
        raise ValueError(f"{word[:30]!r} is no number that an instance can hold")
    return number


def _first(problems: Sequence[Problem], most: int = 20) -> list[Problem]:
    """The first of many problems: a file of another kind would have one on each line."""
    return list(problems[:most])
