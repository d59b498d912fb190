"""Prices by slot and power by machine, from CSV files."""

import csv
import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from juli.core.errors import InputError, Problem
from juli.workshop.problem import ShopProblem


def read_prices(file: Path) -> list[float]:
    """Read the column ``price``: what electricity costs in each slot [money/kWh].

    Raises
    ------
    InputError
        With every line that is wrong.
    """
    prices, problems = [], []
    for place, row in _rows(file, ("price",)):
        price = _number(row["price"])
        if price is None:
            problems.append(Problem(place, f"price {row['price']!r} is no number", "give a price"))
        prices.append(price or 0.0)
    if problems:
        raise InputError(problems)
    return prices


def read_power(file: Path, machines: int) -> list[float]:
    """Read the columns ``machine`` (from 0) and ``kw``: power of each machine at work, ``(machines,)`` [kW].

    Raises
    ------
    InputError
        With every line that is wrong, and every machine without a line.
    """
    power: dict[int, float] = {}
    problems = []
    for place, row in _rows(file, ("machine", "kw")):
        machine, kw = _number(row["machine"]), _number(row["kw"])
        if machine is None or machine != int(machine) or not 0 <= machine < machines:
            problems.append(
                Problem(place, f"machine {row['machine']!r}", f"machines count from 0 to {machines - 1}")
            )
        elif int(machine) in power:
            problems.append(Problem(place, f"machine {int(machine)} stands here twice", "keep one line"))
        elif kw is None or kw < 0:
            problems.append(Problem(place, f"kw {row['kw']!r}", "give a power of 0 or more"))
        else:
            power[int(machine)] = kw
    missing = [machine for machine in range(machines) if machine not in power]
    if missing and not problems:
        told = ", ".join(map(str, missing[:10])) + (" ..." if len(missing) > 10 else "")
        problems.append(Problem(str(file), f"no power for machine {told}", "give each machine a line"))
    if problems:
        raise InputError(problems)
    return [power[machine] for machine in range(machines)]


def priced(
    shop: ShopProblem, prices: Sequence[float], power_kw: Sequence[float], step_hours: float
) -> ShopProblem:
    """Give a shop the price of each of its slots [money/kWh] and the power of each machine [kW]."""
    operations = tuple(
        replace(operation, modes=tuple(replace(mode, kw=power_kw[mode.machine]) for mode in operation.modes))
        for operation in shop.operations
    )
    price = np.asarray(prices, dtype=np.float64)[: shop.slots]
    return replace(shop, operations=operations, energy_price=price, step_hours=step_hours)


def _rows(file: Path, columns: Sequence[str]) -> list[tuple[str, dict[str, str]]]:
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "is no text file"
        raise InputError([Problem(str(file), reason, "name a CSV file that can be read")]) from error
    rows = csv.reader(text.splitlines())
    head = [name.strip().lower() for name in next(rows, [])]
    missing = [column for column in columns if column not in head]
    if missing:
        raise InputError(
            [
                Problem(
                    f"{file}:1",
                    f"the columns are {', '.join(head) or 'none'}; {', '.join(missing)} is missing",
                    f"begin with the line '{','.join(columns)}'",
                )
            ]
        )
    at = {column: head.index(column) for column in columns}
    return [
        (f"{file}:{rows.line_num}", {c: row[k].strip() if k < len(row) else "" for c, k in at.items()})
        for row in rows
        if any(cell.strip() for cell in row)
    ]


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None
