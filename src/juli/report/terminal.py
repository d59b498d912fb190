"""What ``juli plan`` and ``juli show`` say on the terminal."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from juli.core.money import format_money
from juli.plan.checking import Violation
from juli.plan.result import Bill, Plan
from juli.plant.demand import Demand
from juli.plant.factory import Plant
from juli.plant.model import Language
from juli.plant.work import Work
from juli.report.formats import hours, moment_text, number, percent
from juli.report.names import Names
from juli.report.tables import late_orders_table, lead_times, money_table
from juli.report.words import WORDS, word

#: How many late orders a terminal shows.
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
) -> None:
    """Print what a plan costs, what is late, how quickly sets are made, and where the rest stands."""
    console = Console(highlight=False)
    names = Names(plant, language)
    console.print(f"[bold]{plant.name.in_language(language)}[/bold]")
    console.print(_money(plan.bill, plant.currency, language))
    _print_late(console, demand, work, plan, names)
    lead = lead_times(demand, plan, work)
    if lead is not None:
        spread = word(
            "parts_range",
            language,
            shortest=hours(lead.shortest_hours, language),
            longest=hours(lead.longest_hours, language),
        )
        median = f"{hours(lead.median_hours, language)} ({word('parts_median', language)})"
        console.print(f"{word('parts_within', language)}: {median}; {spread}")
    bound = word("bound_note", language, bound=format_money(plan.bound_money, plant.currency))
    console.print(f"{word('distance_from_best', language)} {percent(plan.gap, 1)} ({bound})")
    if violations:
        console.print(f"[bold]{word('rules_broken', language, count=len(violations))}[/bold]")
        for violation in violations[:_WORST]:
            console.print(f"  {violation}", markup=False)
    else:
        console.print(word("no_rule_broken", language))
    console.print(word("plan_kept", language, id=plan_id))
    for path in files.values():
        console.print(f"{word('files_written', language)} {path}", markup=False, soft_wrap=True)


def show_bill(plant_name: str, currency: str, plan: Plan, language: Language) -> None:
    """Print the bill of a plan whose plant is not at hand."""
    console = Console(highlight=False)
    console.print(plant_name, style="bold", markup=False)
    console.print(
        f"{moment_text(plan.schedule.start, language)} – {moment_text(plan.schedule.end, language)}"
    )
    console.print(_money(plan.bill, currency, language))


def _money(bill: Bill, currency: str, language: Language) -> Table:
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column()
    table.add_column(justify="right")
    table.add_column(justify="right")
    for row in money_table(bill).rows(named=True):
        quantity = "" if row["quantity"] is None else f"{number(row['quantity'])} {row['unit']}"
        style = "bold" if row["category"] == "total" else None
        part = _part(row["category"], row["item"], language)
        table.add_row(part, quantity, format_money(row["money"], currency), style=style)
    return table


def _part(category: str, item: str, language: Language) -> str:
    if category != "energy":
        return word(f"category_{category}", language)
    period = word(f"period_{item}", language) if f"period_{item}" in WORDS else item
    return word("energy_in_period", language, period=period)


def _print_late(console: Console, demand: Demand, work: Work, plan: Plan, names: Names) -> None:
    late = late_orders_table(demand, plan, work)
    if not late.height:
        console.print(word("no_late_orders", names.language))
        return
    console.print(word("late_orders_caption", names.language, count=late.height))
    shown = names.in_table(late.head(_WORST))
    for row in shown.rows(named=True):
        by = hours(round(row["hours_late"], 1), names.language)
        money = format_money(row["money"], names.plant.currency)
        console.print(f"  {row['order']}  {row['product']}  {by}  {money}", markup=False)
    if late.height > _WORST:
        console.print(f"  {word('more_late', names.language, count=late.height - _WORST)}")
