"""The bars in stock: ``stock.csv``, a row per bar or per bars of one length, as they were measured."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from juli.core.errors import Problem, Severity
from juli.plant.cutting import MaterialBar
from juli.plant.demand import Demand
from juli.plant.factory import Plant
from juli.plant.reading.orders import RowReader
from juli.plant.reading.plant_file import LocatedPlant
from juli.plant.reading.table_file import read_table
from juli.plant.work import expand

REQUIRED: Final = ("bar", "material", "length_mm")
OPTIONAL: Final = ("quantity", "remark")


def read_stock(path: Path, located: LocatedPlant | None, problems: list[Problem]) -> tuple[MaterialBar, ...]:
    """Read the stock; there is none where the file is absent.

    Parameters
    ----------
    path
        The table.
    located
        The plant, whose materials the bars are held against; None where it can't be read.
    problems
        Gains what is wrong.
    """
    if not path.exists():
        return ()
    known = located is not None and located.knows("materials")
    materials = set(located.plant.material_by_id) if located is not None and known else None
    bars: list[MaterialBar] = []
    first: dict[str, str] = {}
    for row in read_table(path, REQUIRED, OPTIONAL, problems):
        reader = RowReader(row, problems)
        name = reader.identifier("bar")
        if name in first:
            reader.refuse("bar", f"{name} stands in {first[name]} already", "give it an id of its own")
        first.setdefault(name, row.place)
        material = row.values["material"]
        if materials is not None and material not in materials:
            told = ", ".join(sorted(materials)) or "none are described yet"
            reader.refuse(
                "material", f"{name} is of the unknown material {material!r}", f"name one of {told}"
            )
        length_mm = reader.number("length_mm", least=0, above=True)
        quantity: Any = row.values.get("quantity") or 1.0
        if isinstance(quantity, str) and quantity != "unlimited":
            quantity = reader.number("quantity", least=1)
        if not reader.sound:
            continue
        try:
            bars.append(MaterialBar(id=name, material=material, length_mm=length_mm, quantity=quantity))
        except ValidationError as error:
            detail = error.errors()[0]
            column = "quantity" if "quantity" in detail["loc"] else "length_mm"
            reader.refuse(column, detail["msg"].removeprefix("Value error, "), "correct it")
    return tuple(bars)


def short_stock(plant: Plant, demand: Demand) -> Iterator[Problem]:
    """Warn of materials of which the orders need more than the whole stock, scrap and kerf left out."""
    if not demand.stock:
        return
    wanted_mm: dict[str, float] = {}
    for operation in expand(plant, demand).operations:
        for cut in operation.cuts:
            length_mm = cut.length_mm * cut.quantity
            wanted_mm[cut.material] = wanted_mm.get(cut.material, 0.0) + length_mm
    for material, needed_mm in wanted_mm.items():
        own = [bar for bar in demand.stock if bar.material == material]
        if any(bar.quantity == "unlimited" for bar in own):
            continue
        there_mm = sum(bar.length_mm * int(bar.quantity) for bar in own)
        if needed_mm > there_mm:
            needed, there = f"{needed_mm / 1000:,.1f} m", f"{there_mm / 1000:,.1f} m"
            message = f"the orders need {needed} of {material}, and {there} are there"
            mend = "buy more and add it; until then the last orders' pieces are not cut"
            yield Problem("stock.csv", message, mend, Severity.WARNING)
