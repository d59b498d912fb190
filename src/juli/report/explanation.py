"""Why an order is met when it is, for people."""

from io import StringIO

from rich.console import Console
from rich.table import Table

from juli.plan.result import Plan
from juli.plant.factory import Plant
from juli.plant.model import Language
from juli.report.words import word
from juli.solve.explanation import Explanation
from juli.solve.explanation.chain import Link


def explanation_text(plant: Plant, plan: Plan, told: Explanation, language: Language) -> str:
    """Write the promise, the chain and the mends as text and tables for the terminal."""
    console = Console(file=StringIO(), width=120, highlight=False)
    key = "explain_late" if told.late_hours > 0 else "explain_punctual"
    console.print(
        word(
            key,
            language,
            order=told.order,
            due=_moment(plan, told.due_seconds),
            met=_moment(plan, told.met_seconds),
            hours=f"{told.late_hours:.1f}",
        )
    )
    if told.late_hours > 0:
        console.print(_where_late(plan, told, language))
    if told.punctuality_money is not None:
        money = f"{told.punctuality_money:,.2f} {plant.currency}"
        console.print(word("explain_punctuality", language, money=money))
    table = Table(title=word("explain_chain", language), title_justify="left")
    for column in ("operation", "machine", "start", "end", "binding"):
        table.add_column(word(f"column_{column}", language))
    for link in told.chain:
        start, end = (plan.schedule.time_of(slot) for slot in (link.run.start, link.run.end))
        table.add_row(
            link.run.operation,
            link.run.machine,
            f"{start:%m-%d %H:%M}",
            f"{end:%m-%d %H:%M}",
            _why(link, language),
        )
    console.print(table)
    if told.late_hours > 0 and not told.mends:
        console.print(word("explain_no_mend", language))
    if told.mends:
        table = Table(title=word("explain_mends", language), title_justify="left")
        table.add_column(word("column_mend", language))
        table.add_column(word("column_completed", language))
        table.add_column(word("column_late_after", language), justify="right")
        table.add_column(word("column_cost", language, currency=plant.currency), justify="right")
        table.add_column(word("column_saved", language, currency=plant.currency), justify="right")
        table.add_column(word("column_later", language))
        for mend in told.mends:
            table.add_row(
                word(f"mend_{mend.kind}", language, subject=mend.subject),
                f"{plan.schedule.time_of(mend.completed_slot):%m-%d %H:%M}",
                f"{mend.late_hours:.1f}",
                f"{mend.cost_money:,.2f}",
                f"{mend.saved_money:,.2f}",
                ", ".join(mend.later_orders),
            )
        console.print(table)
    assert isinstance(console.file, StringIO)
    return console.file.getvalue().rstrip()


def _where_late(plan: Plan, told: Explanation, language: Language) -> str:
    """Whether the works or the road made it late; for an order that is fetched, the works."""
    completed = _moment(plan, told.completed_seconds)
    stops = [(trip, stop) for trip in plan.trips for stop in trip.stops if told.order in stop.orders]
    if told.works_late_hours > 0 or not stops:
        return word("explain_works_late", language, completed=completed, hours=f"{told.works_late_hours:.1f}")
    trip, stop = stops[0]
    return word(
        "explain_road_late",
        language,
        completed=completed,
        truck=trip.truck,
        departure=_moment(plan, trip.departure_seconds),
        arrival=_moment(plan, stop.begin_seconds),
    )


def _why(link: Link, language: Language) -> str:
    if link.binding == "closed" and not link.by:
        return word("binding_closed_release", language, hours=f"{link.closed_hours:g}")
    return word(f"binding_{link.binding}", language, by=link.by, hours=f"{link.closed_hours:g}")


def _moment(plan: Plan, seconds: float) -> str:
    return f"{plan.schedule.at_seconds(seconds):%m-%d %H:%M}"
