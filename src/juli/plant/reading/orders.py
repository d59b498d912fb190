"""The order list: ``orders.csv`` or ``orders.xlsx``, a row per order."""

from dataclasses import dataclass
from datetime import datetime, time
from math import isfinite
from pathlib import Path

from juli.core.errors import Problem
from juli.plant.demand import Order
from juli.plant.reading.moment import parse_moment
from juli.plant.reading.table_file import Row, read_table

REQUIRED = ("order", "product", "quantity", "due")
OPTIONAL = ("release", "site", "lateness_per_hour", "lead_price_per_hour", "remark")


@dataclass(frozen=True)
class LocatedOrder:
    """An order, the row that it was read from, and whether all of its values could be read."""

    order: Order
    row: Row
    sound: bool


def read_orders(path: Path, start: datetime, problems: list[Problem]) -> list[LocatedOrder]:
    """Read the orders; what can't be read of one is replaced, and the problem added.

    Parameters
    ----------
    path
        The table.
    start
        The plan's start: gives moments without a zone theirs, and is the release of orders without one.
    problems
        Gains what is wrong.
    """
    orders: list[LocatedOrder] = []
    first_row: dict[str, str] = {}
    for row in read_table(path, REQUIRED, OPTIONAL, problems):
        reader = RowReader(row, problems)
        order_id = reader.identifier("order")
        if order_id in first_row:
            reader.refuse(
                "order", f"{order_id} stands in {first_row[order_id]} already", "give it an id of its own"
            )
        first_row.setdefault(order_id, row.place)
        order = Order(
            id=order_id,
            product=row.values["product"],
            quantity=reader.number("quantity", least=0, above=True),
            release=reader.moment("release", start) if row.values.get("release") else start,
            due=reader.moment("due", start),
            site=row.values.get("site") or None,
            lateness_per_hour=reader.number("lateness_per_hour", least=0)
            if row.values.get("lateness_per_hour")
            else 0.0,
            lead_price_per_hour=reader.number("lead_price_per_hour", least=0)
            if row.values.get("lead_price_per_hour")
            else None,
        )
        if reader.sound and order.due <= order.release:
            message = f"{order_id} is due at {order.due}, not after its release at {order.release}"
            reader.refuse("due", message, "swap the two, or correct one")
        orders.append(LocatedOrder(order, row, reader.sound))
    return orders


class RowReader:
    """Reads one row's values; remembers whether all of them were sound."""

    def __init__(self, row: Row, problems: list[Problem]):
        self._row = row
        self._problems = problems
        self.sound = True

    def refuse(self, column: str, message: str, mend: str) -> None:
        """Add a problem at a column of the row."""
        self.sound = False
        self._problems.append(Problem(self._row.place_of(column), message, mend))

    def identifier(self, column: str) -> str:
        """Read an id."""
        value = self._row.values[column]
        if not value or any(character in value for character in " /#,"):
            self.refuse(column, f"{value!r} is no {column} id", "write one without space, / # ,")
        return value

    def number(self, column: str, least: float, *, above: bool = False) -> float:
        """Read a number that is not below (or, with ``above``, is above) the least one."""
        text = self._row.values[column]
        try:
            value = float(text)
        except ValueError:
            self.refuse(column, f"{column} {text!r} is no number", "write digits and a decimal point")
            return least
        if not (value > least if above else value >= least) or not isfinite(value):
            self.refuse(
                column,
                f"{column} is {text}",
                f"write a number {'above' if above else 'of at least'} {least:g}",
            )
        return value

    def moment(self, column: str, like: datetime) -> datetime:
        """Read an ISO moment; a bare date means the end of that day for a promise, else its beginning."""
        text = self._row.values[column]
        try:
            moment = parse_moment(text, time(23, 59, 59) if column == "due" else time(0))
        except ValueError as error:
            self.refuse(column, f"{column} {error}", "write 2023-12-22 or 2023-12-22T17:00")
            return like
        return moment if moment.tzinfo else moment.replace(tzinfo=like.tzinfo)
