"""Tables from CSV and Excel, each value with its place: a line of a CSV, a cell of a sheet."""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from juli.core.errors import Problem
from juli.plant.reading.text_file import read_text


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
    place = lines[0][0][1] if lines[0] else path.name
    missing = [column for column in required if column not in header]
    unknown = [column for column in header if column and column not in (*required, *optional)]
    if missing:
        problems.append(
            Problem(
                place,
                f"has no column {', '.join(missing)}; it has {', '.join(header)}",
                "add it to the first row",
            )
        )
    if unknown:
        known = ", ".join((*required, *optional))
        problems.append(
            Problem(place, f"has an unknown column {', '.join(unknown)}", f"the columns are {known}")
        )
    if missing or unknown:
        return
    if len(lines) == 1:
        problems.append(Problem(path.name, "has a first row, but nothing below it", "add the rows"))
    for line in lines[1:]:
        values = {name: value.strip() for name, (value, _) in zip(header, line, strict=False)}
        places = {name: where for name, (_, where) in zip(header, line, strict=False)}
        if any(values.values()):
            yield Row({name: values.get(name, "") for name in header}, places, line[0][1])


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
        book = openpyxl.load_workbook(path, data_only=True)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, OSError, ValueError) as error:
        problems.append(Problem(path.name, f"can't be read as Excel: {error}", "save it as .xlsx"))
        return
    sheet = book.worksheets[0]
    rows: Iterable[tuple[Any, ...]] = sheet.iter_rows(values_only=True)
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
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
