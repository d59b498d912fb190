"""Orders from CSV and Excel, each problem with its line or cell."""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

from juli.core.errors import Problem, Severity
from juli.plant.reading import read_folder

Edit = Callable[[str, str, str], None]
Problems = Callable[[], tuple[Problem, ...]]
HEADER = ["order", "product", "quantity", "release", "due", "site", "lateness_per_hour"]

ERRORS = {
    "an unknown product": ("SO-2,BOX", "SO-2,BOAT", "SO-2 asks for the unknown product BOAT"),
    "an unknown site": ("mill,60,\nSO-2", "moon,60,\nSO-2", "SO-1 goes to the unknown site moon"),
    "an id twice": ("SO-3", "SO-1", "SO-1 stands in orders.csv:2 already"),
    "an id with a space": ("SO-3", "SO 3", "'SO 3' is no order id"),
    "no id": ("SO-3", "", "'' is no order id"),
    "a quantity in words": ("CABINET,1", "CABINET,one", "quantity 'one' is no number"),
    "a quantity of nothing": ("CABINET,1", "CABINET,0", "quantity is 0"),
    "a quantity that is not a number": ("CABINET,1", "CABINET,nan", "quantity is nan"),
    "a negative price of lateness": ("pump-station,80", "pump-station,-80", "lateness_per_hour is -80"),
    "dates the wrong way round": (
        "2023-12-18,2023-12-20T12:00",
        "2023-12-20,2023-12-18T12:00",
        "SO-3 is due at 2023-12-18 12:00:00+08:00, not after its release at 2023-12-20 00:00:00+08:00",
    ),
    "a date that does not exist": ("2023-12-20T12:00", "2023-12-32", "due '2023-12-32' is no date"),
    "a year with a slip": ("2023-12-20T12:00", "0203-12-20", "due '0203-12-20' is in the year 203"),
    "a release after the plan": (
        "2023-12-18,2023-12-20T12:00",
        "2023-12-28,2023-12-30",
        "after the plan ends",
    ),
    "a bought part": ("SO-3,CABINET", "SO-3,BREAKER", "SO-3 asks for BREAKER, which no operation makes"),
    "more operations than can be planned": (
        "CABINET,1",
        "CABINET,1e6",
        "most of them SO-3: 3,500,000 for 1e+06",
    ),
    "a comma too many": (
        "pump-station,80,",
        "pump-station,80,today, if possible",
        "9 values below 8 columns",
    ),
}


@pytest.mark.parametrize("what", ERRORS)
def test_an_error_is_told_with_its_line(what: str, edit: Edit, problems: Problems) -> None:
    old, new, said = ERRORS[what]
    edit("orders.csv", old, new)
    found = [problem for problem in problems() if said in problem.message]
    assert [problem.severity for problem in found] == [Severity.ERROR], list(map(str, problems()))
    assert found[0].place in ("orders.csv:2", "orders.csv:3", "orders.csv:4")
    assert found[0].mend


HEADERS = {
    "a missing column": ("order,product,quantity,", "order,product,", "has no column quantity"),
    "a column with a slip": ("lateness_per_hour", "lateness", "has an unknown column lateness"),
    "a column twice": ("site,lateness_per_hour", "site,site", "has the column site twice"),
}


@pytest.mark.parametrize("what", HEADERS)
def test_a_wrong_first_row_is_told(what: str, edit: Edit, problems: Problems) -> None:
    old, new, said = HEADERS[what]
    edit("orders.csv", old, new)
    assert [problem.place for problem in problems() if said in problem.message] == ["orders.csv:1"]


def test_columns_between_semicolons_are_told_the_mend(folder: Path, problems: Problems) -> None:
    path = folder / "orders.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(",", ";"), encoding="utf-8")
    assert problems()[0].mend == "separate the columns with commas"


def test_a_first_row_alone_is_told(folder: Path, problems: Problems) -> None:
    (folder / "orders.csv").write_text(",".join(HEADER) + "\n", encoding="utf-8")
    assert "nothing below it" in problems()[0].message


def test_an_order_that_is_late_already_is_a_warning(edit: Edit, problems: Problems) -> None:
    edit("orders.csv", "2023-12-18,2023-12-20T12:00", "2023-12-10,2023-12-14")
    (problem,) = problems()
    assert (problem.place, problem.severity) == ("orders.csv:4", Severity.WARNING)


@pytest.mark.parametrize(
    "written", ["2023-12-20", "2023/12/20", "2023-12-20T23:59:59", "2023/12/20 23:59:59"]
)
def test_a_date_alone_promises_the_end_of_the_day(written: str, folder: Path, edit: Edit) -> None:
    edit("orders.csv", "2023-12-20T12:00", written)
    _, demand = read_folder(folder).require()
    assert demand.order_by_id["SO-3"].due.isoformat() == "2023-12-20T23:59:59+08:00"


def _workbook(folder: Path, rows: list[list[object]]) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "订单"
    for row in rows:
        sheet.append(row)
    book.save(folder / "orders.xlsx")
    (folder / "orders.csv").unlink(missing_ok=True)


def test_an_excel_file_gives_the_same_orders(folder: Path) -> None:
    _, by_csv = read_folder(folder).require()
    rows: list[list[object]] = [HEADER]
    for order in by_csv.orders:
        due: object = order.due.replace(tzinfo=None)
        if order.due.hour == 23:
            due = datetime.combine(order.due.date(), datetime.min.time())  # a date, as Excel keeps it
        release = order.release.replace(tzinfo=None)
        rows.append(
            [order.id, order.product, order.quantity, release, due, order.site, order.lateness_per_hour]
        )
    _workbook(folder, rows)
    _, by_excel = read_folder(folder).require()
    assert by_excel.orders == by_csv.orders


def test_a_problem_in_excel_is_told_with_sheet_and_cell(folder: Path, problems: Problems) -> None:
    _workbook(
        folder,
        [HEADER, ["A", "BOX", "many", None, date(2023, 12, 20)], ["B", "BOAT", 1, None, "tomorrow"], [None]],
    )
    assert [(problem.place, problem.message) for problem in problems()] == [
        ("orders.xlsx[订单!C2]", "quantity 'many' is no number"),
        ("orders.xlsx[订单!E3]", "due 'tomorrow' is no date"),
        ("orders.xlsx[订单!B3]", "B asks for the unknown product BOAT"),
    ]


def test_two_order_files_are_a_warning(folder: Path, problems: Problems) -> None:
    kept = (folder / "orders.csv").read_bytes()
    _workbook(folder, [HEADER, ["A", "BOX", 1, None, date(2023, 12, 20)]])
    (folder / "orders.csv").write_bytes(kept)
    (problem,) = problems()
    assert problem.message == "stands beside orders.csv, which is not read"


@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04 not a book", b"order,product,quantity,due\n", b"\xd0\xcf\x11\xe0"]
)
def test_what_is_no_excel_file_is_told(content: bytes, folder: Path, problems: Problems) -> None:
    (folder / "orders.xlsx").write_bytes(content)
    (folder / "orders.csv").unlink()
    (problem,) = problems()
    assert problem.place == "orders.xlsx"
    assert problem.message.startswith("can't be read as Excel")


def test_an_empty_sheet_is_told(folder: Path, problems: Problems) -> None:
    _workbook(folder, [])
    assert "is empty" in problems()[0].message
