"""A mapping of a dispatch file, read key by key: what is wrong is collected with its file and line."""

import difflib
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Final

import numpy as np

from juli.core.errors import InputError, Problem
from juli.plant.reading.yaml_file import LocatedYaml
from juli.power.problem import Floats

Path = tuple[str | int, ...]
_ABSENT: Final = object()


class FileSection:
    """One mapping of the file.

    Parameters
    ----------
    file_name, document
        The file.
    path
        Where the mapping stands in it.
    known
        The keys that it may have.
    problems
        Gains what is wrong.
    columns
        The series file's columns by name: a series may name one.
    """

    def __init__(
        self,
        file_name: str,
        document: LocatedYaml,
        path: Path,
        known: Collection[str],
        problems: list[Problem],
        columns: Mapping[str, Floats] | None = None,
    ):
        self._file_name, self._document, self._path = file_name, document, path
        self._known, self._problems, self._columns = known, problems, columns or {}
        data: Any = document.data
        for step in path:
            data = data[step]
        self.data: dict[str, Any] = data if isinstance(data, dict) else {}
        if not isinstance(data, dict):
            self.complain("", f"{self._name('')} is {data!r}", f"write its keys below it: {', '.join(known)}")
        for key in self.data:
            if key not in known:
                near = difflib.get_close_matches(str(key), known, 1)
                mend = f"write {near[0]!r}" if near else f"the keys are {', '.join(known)}"
                self.complain(str(key), f"the key {key!r} is unknown", mend)

    def place(self, key: str | int = "") -> str:
        """The file and line of a key, or of the mapping itself."""
        path = (*self._path, key) if key != "" else self._path
        return f"{self._file_name}:{self._document.line_of(path)}"

    def complain(self, key: str, message: str, mend: str) -> None:
        """Add a problem at a key."""
        self._problems.append(Problem(self.place(key), message, mend))

    def adopt(self, error: InputError, key: str = "") -> None:
        """Take over the problems of something made from this mapping, each with its place here."""
        for each in error.problems:
            last = each.place.split(".")[-1].split("[")[0]
            place = self.place(last if last in self.data else key)
            self._problems.append(Problem(place, f"{each.place} {each.message}", each.mend, each.severity))
        if not error.problems:
            message, _, mend = str(error).partition(" -> ")
            last = message.split(":")[0].split(".")[-1]
            place = self.place(last if last in self.data else key)
            self._problems.append(Problem(place, message, mend or "correct it"))

    def section(self, key: str, known: Collection[str]) -> "FileSection | None":
        """The mapping below a key; None where there is none."""
        if self.data.get(key) is None:
            return None
        return FileSection(
            self._file_name, self._document, (*self._path, key), known, self._problems, self._columns
        )

    def sections(self, key: str, known: Collection[str]) -> list["FileSection"]:
        """The mappings of the list below a key."""
        listed = self.data.get(key) or []
        if not isinstance(listed, list):
            self.complain(key, f"{self._name(key)} is no list", "write each after '- '")
            return []
        rest = (known, self._problems, self._columns)
        return [
            FileSection(self._file_name, self._document, (*self._path, key, place), *rest)
            for place in range(len(listed))
        ]

    def require(self, *keys: str) -> bool:
        """Whether all these keys are there; complains where not."""
        missing = [key for key in keys if self.data.get(key) is None]
        if missing:
            self.complain("", f"{self._name('')} lacks {', '.join(missing)}", "give a value for each")
        return not missing

    def number(
        self, key: str, default: float = 0.0, *, least: float = -np.inf, most: float = np.inf
    ) -> float:
        """A finite number within bounds; the default where the key is absent or wrong."""
        value = self.data.get(key, _ABSENT)
        if value is _ABSENT or value is None:
            return default
        if isinstance(value, bool) or not isinstance(value, int | float) or not np.isfinite(value):
            self.complain(key, f"{self._name(key)} {value!r} is no number", "give a number")
        elif not least <= value <= most:
            between = f"of at least {least:g}" if np.isinf(most) else f"between {least:g} and {most:g}"
            self.complain(key, f"{self._name(key)} is {value}", f"give a number {between}")
        else:
            return float(value)
        return default

    def flag(self, key: str, default: bool | None = None) -> bool | None:
        """True or false; the default where the key is absent or wrong."""
        value = self.data.get(key, default)
        if value is not None and not isinstance(value, bool):
            self.complain(key, f"{self._name(key)} is {value!r}", "write true or false")
            return default
        return value

    def text(self, key: str, choices: Collection[str] = ()) -> str | None:
        """A word, one of the choices where some are given; None where the key is absent or wrong."""
        value = self.data.get(key)
        if value is None:
            return None
        if choices and value not in choices:
            near = difflib.get_close_matches(str(value), choices, 1)
            mend = f"write {near[0]!r}" if near else f"write one of {', '.join(choices)}"
            self.complain(key, f"{self._name(key)} {value!r} is unknown", mend)
            return None
        return str(value)

    def moment(self, key: str) -> datetime | None:
        """A date or a date and time; None where the key is absent or wrong."""
        value = self.data.get(key)
        if value is None:
            return None
        try:
            return datetime.fromisoformat(str(value))
        except ValueError:
            self.complain(
                key, f"{self._name(key)} {value!r} is no moment", "write 2025-07-01 or 2025-07-01T14:00"
            )
            return None

    def series(self, key: str, count: int, default: float, *, least: float = -np.inf) -> Floats | float:
        """A number, a list with one number per slot, or the name of a column of the series file."""
        value = self.data.get(key)
        if isinstance(value, str):
            if value in self._columns:
                return self._columns[value]
            had = ", ".join(self._columns) or "no series file is given"
            self.complain(key, f"{self._name(key)}: there is no column {value!r}", f"the columns are: {had}")
            return default
        if not isinstance(value, list):
            return self.number(key, default, least=least)
        for place, each in enumerate(value):
            wrong = isinstance(each, bool) or not isinstance(each, int | float) or not np.isfinite(each)
            if wrong or each < least:
                where = f"{self._file_name}:{self._document.line_of((*self._path, key, place))}"
                message = f"{self._name(key)}[{place}] is {each!r}"
                self._problems.append(
                    Problem(where, message, "give a number" if wrong else f"from {least:g}")
                )
                return default
        if len(value) != count:
            self.complain(
                key, f"{self._name(key)} has {len(value)} values for {count} slots", "give one per slot"
            )
            return default
        return np.array(value, dtype=np.float64)

    def _name(self, key: str) -> str:
        names = [f"[{step}]" if isinstance(step, int) else f".{step}" for step in self._path]
        return "".join([*names, f".{key}" if key else ""]).lstrip(".")
