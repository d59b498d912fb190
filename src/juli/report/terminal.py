"""What ``juli plan`` and ``juli show`` print: readable without colour, within 80 columns."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from rich import box
from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from juli.core.money import format_money
from juli.plan.checking import Violation
from juli.plan.result import Bill, Plan, Status
from juli.plant.demand import Demand
from juli.plant.factory import Plant
from juli.plant.model import Language
from juli.plant.work import Work
from juli.report.choices import choices_section
from juli.report.formats import hours, moment_text, number, percent
from juli.report.names import part_name
from juli.report.rules import broken_rule
from juli.report.sections import span
from juli.report.tables import LeadTimes, late_orders_table, lead_times, money_table
from juli.report.words import word
from juli.solve.choices.comparison import Comparison
from juli.solve.choices.hedge import Hedged

_WORST = 10


def show_plan(
    plant: Plant,
    demand: Demand,
    work: Work,
    plan: Plan,
    violations: Sequence[Violation],
    language: Language,
    plan_id: int,
    files: Mapping[str, Path],
    console: Console | None = None,
) -> None:
    """Print a plan's money, late orders, lead times of sets, broken rules, and where it was written."""
    console = console or Console(highlight=False)
    for part in plan_parts(plant, demand, work, plan, violations, language, plan_id, files):
        console.print(part)


def show_bill(
    plant_name: str, currency: str, plan: Plan, language: Language, console: Console | None = None
) -> None:
    """Print the money of a plan whose plant is not at hand."""
    console = console or Console(highlight=False)
    console.print(Text(f"{plant_name} · {span(plan, language)}", style="bold"))
    console.print(_money(plan.bill, currency, language))
    console.print(_distance(plan, currency, language))


def show_choices(
    plant: Plant, laid: Comparison | Hedged, language: Language, console: Console | None = None
) -> None:
    """Print plans side by side, or a plan's cost in several forecasts."""
    console = console or Console(highlight=False)
    section = choices_section(plant, laid, language)
    table = _table(section["choices_caption"])
    table.add_column(section["choices_head"])
    for header in section["choices_headers"]:
        table.add_column(header, justify="right")
    for row in section["choices_rows"]:
        table.add_row(Text(row.label), *row.cells, style="bold" if row.total else None)
    console.print(table)
    for sentence in section["choices_sentences"]:
        console.print(Text(sentence))


def plan_parts(
    plant: Plant,
    demand: Demand,
    work: Work,
    plan: Plan,
    violations: Sequence[Violation],
    language: Language,
    plan_id: int,
    files: Mapping[str, Path],
) -> Iterator[RenderableType]:
    """Give what is printed of a plan, part by part."""
    yield Text(f"{plant.name.in_language(language)} · {span(plan, language)}", style="bold")
    yield _money(plan.bill, plant.currency, language)
    yield _distance(plan, plant.currency, language)
    late = late_orders_table(demand, plan, work)
    if late.is_empty():
        yield Text(word("no_late_orders", language), style="green")
    else:
        table = _table(word("late_orders_caption", language, count=late.height))
        table.add_column(word("column_order", language))
        table.add_column(word("column_due", language))
        table.add_column(word("column_hours_late", language), justify="right")
        table.add_column(plant.currency, justify="right")
        for row in late.head(_WORST).rows(named=True):
            due = moment_text(row["due"], language)
            table.add_row(row["order"], due, number(row["hours_late"], 1), number(row["money"], 2))
        yield table
        if late.height > _WORST:
            yield Text(word("more_late", language, count=late.height - _WORST))
    lead = lead_times(demand, plan, work)
    if lead is not None:
        yield Text(_lead_sentence(lead, language))
    yield from _verdict(violations, language)
    yield Text(word("plan_kept", language, id=plan_id))
    for path in files.values():
        yield Text(f"{word('files_written', language)} {path}", overflow="fold")


def _money(bill: Bill, currency: str, language: Language) -> Table:
    table = _table(word("money_caption", language))
    table.add_column(word("column_category", language))
    table.add_column(word("column_quantity", language), justify="right")
    table.add_column(currency, justify="right")
    table.add_column(word("column_share", language), justify="right")
    for row in money_table(bill).rows(named=True):
        is_total = row["category"] == "total"
        if is_total:
            table.add_section()
        table.add_row(
            part_name(row["category"], row["item"], language),
            "" if row["quantity"] is None else f"{number(row['quantity'])} {row['unit']}",
            number(row["money"], 2),
            percent(row["share"], 1),
            style="bold" if is_total else None,
        )
    return table


def _table(title: str) -> Table:
    return Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, pad_edge=False)


def _distance(plan: Plan, currency: str, language: Language) -> Text:
    if plan.status is Status.OPTIMAL:
        return Text(word("proved_best", language))
    bound = word("bound_note", language, bound=format_money(plan.bound_money, currency, 0))
    return Text(f"{word('distance_from_best', language)}: {percent(plan.gap, 1)} ({bound})")


def _lead_sentence(lead: LeadTimes, language: Language) -> str:
    median = f"{hours(lead.median_hours, language)} ({word('parts_median', language)})"
    shortest, longest = hours(lead.shortest_hours, language), hours(lead.longest_hours, language)
    ends = word("parts_range", language, shortest=shortest, longest=longest)
    return f"{word('parts_within', language)} {median}; {ends}"


def _verdict(violations: Sequence[Violation], language: Language) -> Iterator[Text]:
    if not violations:
        yield Text(word("no_rule_broken", language), style="green")
        return
    yield Text(word("rules_broken", language, count=len(violations)), style="bold red")
    for violation in violations:
        sentence, message = broken_rule(violation, language)
        yield Text(f"  {sentence}: {message}")
