"""``juli cut``'s file: a cutting task in YAML, its bars and pieces in the file or in a CSV beside it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from juli.core.errors import InputError, Problem
from juli.plant.cutting import CuttingMachine, CuttingTask, Piece, StockBar
from juli.plant.reading.described import described_problems
from juli.plant.reading.table_file import Row, read_table
from juli.plant.reading.text_file import read_text
from juli.plant.reading.yaml_file import LocatedYaml, parse_yaml

#: Keys whose items may stand in a CSV file: its columns, the id's column first.
_TABLES: Final = {
    "stock": (("bar", "length_mm"), ("quantity",)),
    "pieces": (("piece", "length_mm"), ("quantity", "due")),
}
_KEYS: Final = {
    "": tuple(CuttingTask.model_fields),
    "stock": tuple(StockBar.model_fields),
    "pieces": tuple(Piece.model_fields),
    "machines": tuple(CuttingMachine.model_fields),
}


def read_cutting_task(path: Path) -> CuttingTask:
    """Read a cutting task.

    Parameters
    ----------
    path
        A YAML file with the keys of :class:`~juli.plant.cutting.CuttingTask`. ``stock`` and ``pieces`` are
        lists, or the name of a CSV file with the columns ``bar,length_mm,quantity`` and
        ``piece,length_mm,quantity,due``.

    Raises
    ------
    InputError
        With everything that is wrong, by file and line.
    """
    problems: list[Problem] = []
    name = path.name
    text = read_text(path, path.name, problems)
    document = parse_yaml(text, path.name, problems) if text is not None else None
    if document is not None and not isinstance(document.data, dict):
        problems.append(Problem(path.name, "holds no keys", "write 'stock:', 'pieces:' and so on"))
    if document is None or not isinstance(document.data, dict):
        raise InputError(problems)
    data = dict(document.data)
    rows: dict[str, list[Row]] = {}
    for key, (required, optional) in _TABLES.items():
        if isinstance(data.get(key), str):
            table = path.parent / data[key]
            rows[key] = list(read_table(table, required, optional, problems))
            data[key] = [_item(row, required[0]) for row in rows[key]]
    task = None
    try:
        task = CuttingTask.model_validate(data)
    except ValidationError as error:
        problems += described_problems(
            error,
            data,
            place=lambda path: _place(name, document, rows, path),
            keys=lambda path: _KEYS[str(path[0]) if path else ""],
            page="docs/cutting.md",
        )
    if task is None or problems:
        raise InputError(problems)
    wrong = list(_hopeless(task, path.name, document, rows))
    if wrong:
        raise InputError(wrong)
    return task


def _item(row: Row, name: str) -> dict[str, Any]:
    """One row of a CSV as the item of a list; numbers are read by the description."""
    item: dict[str, Any] = {key: value for key, value in row.values.items() if value and key != name}
    return item | {"id": row.values[name]}


def _hopeless(
    task: CuttingTask, name: str, document: LocatedYaml, rows: dict[str, list[Row]]
) -> Iterator[Problem]:
    """Name each piece that is longer than any bar, and bars that go into no machine at all."""
    taken = [bar.length_mm for bar in task.stock if any(each.takes(bar.length_mm) for each in task.machines)]
    longest = task.usable_mm(max(taken, default=0.0))
    for number, piece in enumerate(task.pieces):
        if piece.length_mm > longest:
            place = _place(name, document, rows, ("pieces", number, "length_mm"))
            message = (
                f"{piece.id} is {piece.length_mm:g} mm long, but at most {longest:g} mm of a bar can be used"
            )
            yield Problem(place, message, "add a longer bar, or correct the length")


def _place(name: str, document: LocatedYaml, rows: dict[str, list[Row]], path: tuple[str | int, ...]) -> str:
    if path and path[0] in rows and len(path) > 1 and isinstance(path[1], int):
        row = rows[str(path[0])][path[1]]
        column = str(path[2]) if len(path) > 2 else ""
        return row.place_of(_TABLES[str(path[0])][0][0] if column == "id" else column)
    return f"{name}:{document.line_of(path)}"
