"""The plan as an Excel workbook: one sheet for each table, with real moments and numbers.

Excel knows no time zones: every moment is the plant's wall clock, and the summary sheet says so.
"""

import io
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import polars as pl
from openpyxl import Workbook
from openpyxl.chart import LineChart, Reference
from openpyxl.chart.axis import TextAxis
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from juli.core.files import write_bytes
from juli.plan.checking import Violation
from juli.plan.result import Plan
from juli.plant.demand import Demand
from juli.plant.factory import Plant
from juli.plant.model import Language
from juli.plant.work import Work, expand
from juli.report.key_figures import key_figures
from juli.report.names import Names, item_name, part_name
from juli.report.rules import broken_rule
from juli.report.sections import energy_figures, facts, headline, span
from juli.report.tables import (
    bill_table,
    dispatch_table,
    late_orders_table,
    money_table,
    runs_table,
    sets_table,
    trips_table,
)
from juli.report.words import word

_HEAD_FILL: Final = PatternFill("solid", fgColor="E6EFEF")
_BOLD: Final = Font(bold=True)
_FORMATS: Final = {"money": "#,##0.00", "share": "0.0%", "buy_per_kwh": "0.0000", "sell_per_kwh": "0.0000"}
_MOMENT_FORMAT: Final = "yyyy-mm-dd hh:mm"
_NUMBER_FORMAT: Final = "#,##0.##"
_WIDEST: Final = 48


def write_workbook(
    path: Path,
    plant: Plant,
    demand: Demand,
    plan: Plan,
    violations: Sequence[Violation],
    language: Language,
) -> None:
    """Write the workbook; the file appears whole or not at all."""
    stream = io.BytesIO()
    workbook(plant, demand, plan, violations, language).save(stream)
    write_bytes(path, stream.getvalue())


def workbook(
    plant: Plant, demand: Demand, plan: Plan, violations: Sequence[Violation], language: Language
) -> Workbook:
    """Compose the workbook."""
    work = expand(plant, demand)
    names = Names(plant, language)
    book = Workbook()
    summary = book.active
    if not isinstance(summary, Worksheet):
        raise TypeError("a new workbook begins with a worksheet")
    summary.title = word("sheet_summary", language)
    _summarise(summary, plant, demand, plan, work, violations, names)
    dispatch = dispatch_table(plant, demand, plan)
    for sheet, table in (
        ("bill", _with_item_names(bill_table(plan.bill), names)),
        ("runs", runs_table(plant, plan, work)),
        ("dispatch", dispatch),
        ("trips", trips_table(demand, plan)),
        ("late_orders", late_orders_table(demand, plan, work)),
        ("sets", sets_table(demand, plan, work)),
    ):
        _write_table(book.create_sheet(word(f"sheet_{sheet}", language)), table, names)
    _draw_power(book[word("sheet_dispatch", language)], dispatch, plan.settlement.step_hours, language)
    return book


def _summarise(
    sheet: Worksheet,
    plant: Plant,
    demand: Demand,
    plan: Plan,
    work: Work,
    violations: Sequence[Violation],
    names: Names,
) -> None:
    """Write the headline, the money and how the plan came about, one under the other."""
    language = names.language
    figures = key_figures(plant, demand, plan, work)
    sheet.append([plant.name.in_language(language)])
    sheet["A1"].font = Font(bold=True, size=16)
    sheet.append([f"{word('plan_of', language)} · {span(plan, language)}"])
    sheet.append([word("local_time_note", language, zone=plant.time_zone)])
    verdict = word("rules_broken", language, count=len(violations)) if violations else ""
    sheet.append([verdict or word("no_rule_broken", language)])
    for violation in violations:
        _append(sheet, list(broken_rule(violation, language)))
    sheet.append([])
    for tile in headline(plant, plan, figures, language):
        _append(sheet, [tile["label"], f"{tile['value']} {tile['of']}".strip(), tile["note"]])
    sheet.append([])
    money = money_table(plan.bill)
    sheet.append(names.headers(money.select("category", "money", "share", "quantity", "unit")))
    _emphasise(sheet, sheet.max_row)
    for row in money.rows(named=True):
        part = part_name(row["category"], row["item"], language)
        _append(sheet, [part, row["money"], row["share"], row["quantity"], row["unit"]])
        for cell, kind in zip(sheet[sheet.max_row][1:4], ("money", "share", "quantity"), strict=True):
            cell.number_format = _FORMATS.get(kind, _NUMBER_FORMAT)
    sheet.append([])
    for label, value in [*energy_figures(figures, language), *facts(plant, plan, language)]:
        _append(sheet, [label, value])
    sheet.append([])
    sheet.append([word("signs_note", language)])
    sheet.append([word("illustrative_note", language)])
    for column, width in zip("ABCDE", (36, 22, 22, 14, 8), strict=True):
        sheet.column_dimensions[column].width = width


def _write_table(sheet: Worksheet, table: pl.DataFrame, names: Names) -> None:
    """Write a table with its head frozen, filters, widths and number formats."""
    named = names.in_table(table)
    sheet.append(names.headers(table))
    _emphasise(sheet, 1)
    for row in named.rows():
        _append(sheet, [_value(cell, names.language) for cell in row])
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(table.width)}{max(table.height + 1, 2)}"
    for index, (column, kind) in enumerate(table.schema.items(), start=1):
        letter = get_column_letter(index)
        is_moment = isinstance(kind, pl.Datetime)
        shown = _FORMATS.get(column, _NUMBER_FORMAT) if kind.is_numeric() else None
        for (cell,) in sheet.iter_rows(min_row=2, min_col=index, max_col=index):
            if is_moment:
                cell.number_format = _MOMENT_FORMAT
            elif shown:
                cell.number_format = shown
        texts = [str(sheet[f"{letter}1"].value), *map(str, named[column].head(200))]
        width = 17 if is_moment else max(map(_text_width, texts if not shown else texts[:1])) + 3
        sheet.column_dimensions[letter].width = min(max(width, 9), _WIDEST)


def _value(cell: Any, language: Language) -> Any:
    if isinstance(cell, datetime):
        return cell.replace(tzinfo=None)
    if isinstance(cell, bool):
        return word("yes" if cell else "no", language)
    return cell


def _append(sheet: Worksheet, row: list[Any]) -> None:
    """Append a row; text stays text even where it begins like a formula."""
    sheet.append(row)
    for cell in sheet[sheet.max_row]:
        if isinstance(cell.value, str):
            cell.data_type = "s"


def _emphasise(sheet: Worksheet, row: int) -> None:
    for cell in sheet[row]:
        cell.font = _BOLD
        cell.fill = _HEAD_FILL
        cell.alignment = Alignment(wrap_text=True, vertical="top")


def _text_width(text: str) -> int:
    """Width in Excel's units: a Chinese character takes two."""
    return sum(2 if ord(character) > 0x2E80 else 1 for character in text)


def _with_item_names(bill: pl.DataFrame, names: Names) -> pl.DataFrame:
    pairs = list(zip(bill["category"], bill["item"], strict=True))
    return bill.with_columns(
        pl.Series(
            "category",
            [word(f"category_{category}", names.language) for category, _ in pairs],
            dtype=pl.String,
        ),
        pl.Series(
            "item", [item_name(category, item, names.language) for category, item in pairs], dtype=pl.String
        ),
    )


def _draw_power(sheet: Worksheet, dispatch: pl.DataFrame, step_hours: float, language: Language) -> None:
    """Draw consumption, grid, solar and battery beside the dispatch table, as Excel's own chart."""
    chart = LineChart()
    chart.title = word("electricity", language)
    chart.y_axis.title = word("axis_power", language)
    chart.height, chart.width = 11, 30
    for column in ("consumption_kw", "grid_kw", "solar_kw", "battery_kw"):
        index = dispatch.get_column_index(column) + 1
        chart.add_data(
            Reference(sheet, min_col=index, min_row=1, max_row=dispatch.height + 1), titles_from_data=True
        )
    chart.set_categories(Reference(sheet, min_col=1, min_row=2, max_row=dispatch.height + 1))
    for series in chart.series:
        series.smooth = False
        series.graphicalProperties.line.width = 15_000
    slots_a_day = round(24 / step_hours)
    chart.x_axis = TextAxis(tickLblSkip=slots_a_day, tickMarkSkip=slots_a_day)
    chart.x_axis.number_format = "mm-dd"
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.x_axis.tickLblPos = "low"
    sheet.add_chart(chart, f"{get_column_letter(dispatch.width + 2)}2")
