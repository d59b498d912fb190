"""The plan as an Excel file: one sheet each, filters and frozen heads, real dates."""

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl
from openpyxl import Workbook
from openpyxl.chart import LineChart, Reference
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
from juli.report.names import Names
from juli.report.sections import energy_figures, facts, headline, span
from juli.report.tables import (
    bill_table,
    dispatch_table,
    late_orders_table,
    runs_table,
    sets_table,
    trips_table,
)
from juli.report.words import word

_HEAD = Font(bold=True, color="FFFFFF")
_HEAD_FILL = PatternFill("solid", start_color="24505A")
_WIDEST = 48


def write_workbook(
    path: Path,
    plant: Plant,
    demand: Demand,
    plan: Plan,
    violations: Sequence[Violation],
    language: Language,
) -> None:
    """Write a plan's workbook; moments are local wall time, since Excel knows no zones."""
    work = expand(plant, demand)
    names = Names(plant, language)
    book = Workbook()
    summary = book.active
    assert isinstance(summary, Worksheet)
    summary.title = word("sheet_summary", language)
    _summary(summary, plant, demand, plan, work, violations, language)
    bill = bill_table(plan.bill)
    items = [names.item(row["category"], row["item"]) for row in bill.rows(named=True)]
    categories = [names.category(category) for category in bill["category"]]
    bill = bill.with_columns(pl.Series("category", categories), pl.Series("item", items))
    _sheet(book, "sheet_bill", bill, names)
    _sheet(book, "sheet_runs", runs_table(plant, plan, work), names)
    power = _sheet(book, "sheet_dispatch", dispatch_table(plant, demand, plan), names)
    _power_chart(power, plan.settlement.slots, language)
    _sheet(book, "sheet_trips", trips_table(demand, plan), names)
    _sheet(book, "sheet_late_orders", late_orders_table(demand, plan, work), names)
    _sheet(book, "sheet_sets", sets_table(demand, plan, work), names)
    content = io.BytesIO()
    book.save(content)
    write_bytes(path, content.getvalue())


def _summary(
    sheet: Worksheet,
    plant: Plant,
    demand: Demand,
    plan: Plan,
    work: Work,
    violations: Sequence[Violation],
    language: Language,
) -> None:
    """Fill the first sheet: what the plan is known by, and every broken rule."""
    figures = key_figures(plant, demand, plan, work)
    sheet.append([plant.name.in_language(language)])
    sheet.append([span(plan, language)])
    sheet.append([word("local_time_note", language, zone=plant.time_zone)])
    sheet.append([])
    for tile in headline(plant, plan, figures, language):
        sheet.append([tile["label"], f"{tile['value']} {tile['of']}".strip(), tile["note"]])
    for label, value in (*energy_figures(figures, language), *facts(plant, plan, language)):
        sheet.append([label, value])
    sheet.append([])
    if violations:
        sheet.append([word("rules_broken", language, count=len(violations))])
        for violation in violations:
            sheet.append([violation.rule, violation.subject, violation.message])
    else:
        sheet.append([word("no_rule_broken", language)])
    sheet["A1"].font = Font(bold=True, size=14)
    for column, width in (("A", 34), ("B", 34), ("C", 70)):
        sheet.column_dimensions[column].width = width


def _sheet(book: Workbook, key: str, table: pl.DataFrame, names: Names) -> Worksheet:
    """Add a sheet with a table: named, headed, filtered, its columns as wide as what stands in them."""
    sheet = book.create_sheet(word(key, names.language))
    shown = names.in_table(table)
    sheet.append(names.headers(shown))
    for row in shown.iter_rows():
        sheet.append([_cell(value) for value in row])
    for number, (column, kind) in enumerate(shown.schema.items(), start=1):
        letter = get_column_letter(number)
        head = sheet[f"{letter}1"]
        head.font, head.fill = _HEAD, _HEAD_FILL
        head.alignment = Alignment(wrap_text=True, vertical="top")
        is_moment = isinstance(kind, pl.Datetime)
        widest = max((_width(value) for value in shown[column].head(200)), default=0)
        sheet.column_dimensions[letter].width = 17 if is_moment else min(max(widest + 2, 11), _WIDEST)
        pattern = "yyyy-mm-dd hh:mm" if is_moment else "#,##0.00" if kind.is_float() else None
        if pattern is not None:
            for (cell,) in sheet.iter_rows(min_row=2, min_col=number, max_col=number):
                cell.number_format = pattern
    sheet.freeze_panes = "A2"
    if shown.height:
        sheet.auto_filter.ref = sheet.dimensions
    return sheet


def _cell(value: Any) -> Any:
    if isinstance(value, list):
        return ", ".join(str(item) for item in value)
    return value.replace(tzinfo=None) if getattr(value, "tzinfo", None) is not None else value


def _width(value: Any) -> int:
    """How many columns of print a value takes; a Chinese character takes two."""
    text = f"{value:,.2f}" if isinstance(value, float) else str(value)
    return sum(2 if character > "⺀" else 1 for character in text)


def _power_chart(sheet: Worksheet, slots: int, language: Language) -> None:
    """Draw consumption, grid, solar and battery beside the dispatch."""
    heads = [str(cell.value) for cell in sheet[1]]
    chart = LineChart()
    chart.title = word("electricity", language)
    chart.height, chart.width = 10, 30
    for key in ("consumption_kw", "grid_kw", "solar_kw", "battery_kw"):
        column = heads.index(word(f"column_{key}", language)) + 1
        chart.add_data(Reference(sheet, min_col=column, min_row=1, max_row=slots + 1), titles_from_data=True)
    chart.set_categories(Reference(sheet, min_col=1, min_row=2, max_row=slots + 1))
    for line in chart.series:
        line.smooth = False
        line.graphicalProperties.line.width = 12_000
    sheet.add_chart(chart, f"{get_column_letter(len(heads) + 2)}2")
