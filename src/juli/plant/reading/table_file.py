"""Tables from CSV and Excel, each value with its place: a line of a CSV, a cell of a sheet."""

import csv
import io
import warnings
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, Final
from xml.etree.ElementTree import ParseError

from juli.core.errors import Problem
from juli.plant.reading.text_file import read_text

#: What openpyxl raises on files that are no Excel, or damaged ones.
_EXCEL_ERRORS: Final = (
    zipfile.BadZipFile,
    zlib.error,
    ParseError,
    OSError,
    EOFError,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    NotImplementedError,
    OverflowError,
)


@dataclass(frozen=True)
class Row:
    """One row of a table: its values by column name, as text, and where they stand."""

    values: dict[str, str]
    places: dict[str, str]
    place: str

    def place_of(self, column: str) -> str:
        """The place of a column's value in this row."""
        return self.places.get(column, self.place)


def read_table(
    path: Path, required: Sequence[str], optional: Sequence[str], problems: list[Problem]
) -> Iterator[Row]:
    """Yield the rows of a ``.csv`` or ``.xlsx`` file; what is wrong with its shape goes to the problems.

    Parameters
    ----------
    path
        The file; of an Excel file the first sheet is read.
    required, optional
        The columns that there must be, and those that there may be.
    problems
        Gains what is wrong; then there are no rows.
    """
    lines = list(_excel_lines(path, problems) if path.suffix == ".xlsx" else _csv_lines(path, problems))
    if not lines:
        return
    header = [value.strip() for value, _ in lines[0]]
    if not _header_is_sound(header, lines[0][0][1], required, optional, problems):
        return
    if len(lines) == 1:
        problems.append(Problem(path.name, "has a first row, but nothing below it", "add the rows"))
    for line in lines[1:]:
        spare = [(value, where) for value, where in line[len(header) :] if value.strip()]
        if spare:
            message = f"has {len(header) + len(spare)} values below {len(header)} columns: {spare[0][0]!r}"
            problems.append(Problem(spare[0][1], message, "put a value that holds a comma in quotes"))
        values = {name: value.strip() for name, (value, _) in zip(header, line, strict=False) if name}
        places = {name: where for name, (_, where) in zip(header, line, strict=False)}
        if any(values.values()):
            yield Row({name: values.get(name, "") for name in header if name}, places, line[0][1])


def _header_is_sound(
    header: list[str], place: str, required: Sequence[str], optional: Sequence[str], problems: list[Problem]
) -> bool:
    """Whether a first row names every column that there must be, and none twice or unknown."""
    before = len(problems)
    known = (*required, *optional)
    missing = [column for column in required if column not in header]
    unknown = [column for column in header if column and column not in known]
    twice = [column for column in known if header.count(column) > 1]
    if missing:
        mend = "add it to the first row"
        if len(header) == 1 and any(mark in header[0] for mark in ";\t"):
            mend = "separate the columns with commas"
        message = f"has no column {', '.join(missing)}; it has {', '.join(header)}"
        problems.append(Problem(place, message, mend))
    if unknown:
        message = f"has an unknown column {', '.join(unknown)}"
        problems.append(Problem(place, message, f"the columns are {', '.join(known)}"))
    if twice:
        problems.append(Problem(place, f"has the column {', '.join(twice)} twice", "keep one of the two"))
    return len(problems) == before


_Line = list[tuple[str, str]]


def _csv_lines(path: Path, problems: list[Problem]) -> Iterator[_Line]:
    text = read_text(path, path.name, problems)
    if text is None:
        return
    reader = csv.reader(io.StringIO(text))
    try:
        for values in reader:
            if values:
                yield [(value, f"{path.name}:{reader.line_num}") for value in values]
    except csv.Error as error:
        problems.append(
            Problem(f"{path.name}:{reader.line_num}", f"is not CSV: {error}", "mend the quotes there")
        )


def _excel_lines(path: Path, problems: list[Problem]) -> Iterator[_Line]:
    import openpyxl  # slow to import, and only needed for plants that live in Excel
    from openpyxl.utils import get_column_letter
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of drop-down lists and such that it doesn't keep
            sheet = openpyxl.load_workbook(path, data_only=True).worksheets[0]
            rows: list[tuple[Any, ...]] = list(sheet.iter_rows(values_only=True))
    except (InvalidFileException, *_EXCEL_ERRORS) as error:
        problems.append(Problem(path.name, f"can't be read as Excel: {error}", "save it as .xlsx again"))
        return
    found = False
    for number, values in enumerate(rows, start=1):
        if any(value is not None for value in values):
            found = True
            yield [
                (_as_text(value), f"{path.name}[{sheet.title}!{get_column_letter(column)}{number}]")
                for column, value in enumerate(values, start=1)
            ]
    if not found:
        problems.append(
            Problem(f"{path.name}[{sheet.title}]", "is empty", "write its rows on the first sheet")
        )


def _as_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime) and value.time() == time(0):
        return value.date().isoformat()  # Excel has no dates, only moments that show as dates
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
