"""What stands in each section of the page: everything said and formatted, nothing marked up."""

from collections.abc import Sequence
from importlib.metadata import version
from itertools import groupby
from typing import Any

import polars as pl

from juli.core.money import format_money
from juli.plan.result import Category, Plan, Status
from juli.plant.demand import Demand
from juli.plant.factory import Plant
from juli.plant.model import Language
from juli.plant.road_map import Closure
from juli.plant.work import Work
from juli.report.formats import day, hours, moment_text, number, percent
from juli.report.key_figures import KeyFigures, key_figures
from juli.report.names import Names, part_name
from juli.report.tables import (
    late_orders_table,
    machines_table,
    money_table,
    runs_table,
    sets_table,
    trips_table,
)
from juli.report.words import word

_LATE = ("order", "product", "quantity", "site", "due", "met", "hours_late", "money")
_SETS = ("set", "product", "start", "end", "parts_hours")
_RUNS = ("order", "product", "operation", "quantity", "machine", "line", "start", "end")


def span(plan: Plan, language: Language) -> str:
    """Name the days of a plan, the first and the last."""
    last = plan.schedule.time_of(plan.schedule.slots - 1)
    first_day, last_day = day(plan.schedule.start, language), day(last, language)
    return f"{plan.schedule.start:%Y} · {first_day}" + (f" – {last_day}" if last_day != first_day else "")


def overview_section(
    plant: Plant, demand: Demand, plan: Plan, work: Work, language: Language
) -> dict[str, Any]:
    """Give the headline: cost, late orders, lead times of sets, distance from the best."""
    figures = key_figures(plant, demand, plan, work)
    sections = [("overview", "overview"), ("money", "money"), ("production", "production")]
    sections.append(("electricity", "electricity"))
    if demand.road_map is not None and plant.transport is not None:
        sections.append(("deliveries", "deliveries"))
    if demand.stock:
        sections.insert(3, ("bars", "bars"))
    return {
        "sections": [*sections, ("checks", "checks"), ("runs", "all_runs")],
        "tiles": headline(plant, plan, figures, language),
    }


def headline(plant: Plant, plan: Plan, figures: KeyFigures, language: Language) -> list[dict[str, Any]]:
    """Say in four tiles what a plan is worth: each a label, a value, what it is of, and a note."""
    bill = plan.bill

    def money(amount: float) -> str:
        return format_money(amount, plant.currency, 0)

    cost_note = word(
        "cost_note",
        language,
        electricity=money(bill.electricity_money),
        labour=money(bill.of(Category.LABOUR)),
        transport=money(bill.of(Category.TRANSPORT)),
        lateness=money(bill.of(Category.LATENESS)),
    )
    late_note = word("no_late_orders", language)
    if figures.late_orders:
        worst = hours(figures.worst_late_hours, language)
        late_note = word("worst_late", language, hours=worst, money=money(bill.of(Category.LATENESS)))
    lead = figures.lead_times
    return [
        _tile("total_cost", language, money(bill.total_money), cost_note),
        _tile(
            "late_orders",
            language,
            str(figures.late_orders),
            late_note,
            of=word("of_orders", language, count=figures.orders),
            alarm=figures.late_orders > 0,
        ),
        _tile(
            "parts_within",
            language,
            hours(lead.median_hours, language) if lead else "–",
            word(
                "parts_range",
                language,
                shortest=hours(lead.shortest_hours, language),
                longest=hours(lead.longest_hours, language),
            )
            if lead
            else word("nothing_made", language),
            of=word("parts_median", language) if lead else "",
        ),
        _tile(
            "distance_from_best",
            language,
            percent(plan.gap, 1),
            word("proved_best", language)
            if plan.status is Status.OPTIMAL
            else word("bound_note", language, bound=money(plan.bound_money)),
        ),
    ]


def _tile(
    key: str, language: Language, value: str, note: str, *, of: str = "", alarm: bool = False
) -> dict[str, Any]:
    return {"label": word(key, language), "value": value, "of": of, "note": note, "alarm": alarm}


def money_section(plan: Plan, language: Language) -> dict[str, Any]:
    """Give the table of money."""
    return {
        "money": [
            {
                "part": part_name(row["category"], row["item"], language),
                "quantity": "" if row["quantity"] is None else f"{number(row['quantity'])} {row['unit']}",
                "money": number(row["money"], 2),
                "share": percent(row["share"], 1),
                "total": row["category"] == "total",
            }
            for row in money_table(plan.bill).rows(named=True)
        ]
    }


def production_section(
    plant: Plant, demand: Demand, plan: Plan, work: Work, language: Language
) -> dict[str, Any]:
    """Give late orders, machines by line and sets by lead time."""
    names = Names(plant, language)
    machines = names.in_table(machines_table(plant, demand, plan))
    groups = []
    for (line,), table in machines.group_by("line", maintain_order=True):
        own = table.rows(named=True)
        groups.append(
            {
                "line": line,
                "energy": number(sum(row["energy_kwh"] for row in own)),
                "rows": [
                    {
                        "machine": row["machine"],
                        "width": round(100 * (row["allocation_efficiency"] or 0.0)),
                        "efficiency": percent(row["allocation_efficiency"]),
                        "busy": number(row["busy_hours"], 1),
                        "runs": row["runs"],
                        "energy": number(row["energy_kwh"]),
                    }
                    for row in own
                ],
            }
        )
    sets = sets_table(demand, plan, work).sort("parts_hours", descending=True)
    return {
        "orders": [order.id for order in demand.orders],
        "machine_groups": groups,
        "made": made_figures(key_figures(plant, demand, plan, work), language),
        **_written("late", late_orders_table(demand, plan, work), _LATE, names),
        **_written("sets", sets, _SETS, names),
    }


def made_figures(figures: KeyFigures, language: Language) -> list[tuple[str, str]]:
    """Say how long a set takes and what it draws on each line, label and value."""
    said = []
    if figures.set_lead_times is not None:
        value = word(
            "set_lead_value",
            language,
            median=hours(figures.set_lead_times.median_hours, language),
            shortest=hours(figures.set_lead_times.shortest_hours, language),
            longest=hours(figures.set_lead_times.longest_hours, language),
        )
        said.append((word("set_lead", language), value))
    for line in figures.lines:
        if line.kwh_per_set is not None:
            label = (
                word("energy_per_set", language, line=line.line)
                if line.line
                else word("energy_a_set", language)
            )
            said.append((label, f"{number(line.kwh_per_set, 1)} kWh"))
    return said


def electricity_section(
    plant: Plant, demand: Demand, plan: Plan, work: Work, language: Language
) -> dict[str, Any]:
    """Give the electricity's key figures."""
    return {"energy": energy_figures(key_figures(plant, demand, plan, work), language)}


def energy_figures(figures: KeyFigures, language: Language) -> list[tuple[str, str]]:
    """Say the electricity's key figures, label and value; what a plant does not have is left out."""
    peak_at = moment_text(figures.peak_at, language)
    said = [
        (word("energy_peak", language, moment=peak_at), f"{number(figures.peak_kw)} kW"),
        (word("energy_consumption", language), f"{number(figures.consumption_kwh)} kWh"),
        (word("energy_import", language), f"{number(figures.import_kwh)} kWh"),
    ]
    if figures.self_consumption is not None:
        said.append((word("energy_self_consumption", language), percent(figures.self_consumption)))
    if figures.self_sufficiency is not None:
        said.append((word("energy_self_sufficiency", language), percent(figures.self_sufficiency)))
    if figures.battery_cycles is not None:
        said.append((word("energy_cycles", language), number(figures.battery_cycles, 1)))
    if figures.co2_kg is not None:
        said.append((word("energy_co2", language), f"{number(figures.co2_kg / 1000, 1)} t"))
    return said


def deliveries_section(plant: Plant, demand: Demand, plan: Plan, language: Language) -> dict[str, Any]:
    """Give closures, notices and trips."""
    named = Names(plant, language).in_table(trips_table(demand, plan))
    return {
        "schematic": demand.road_map is not None and demand.road_map.schematic,
        "closures": [
            {
                "what": closure_place(demand, closure),
                "label": closure_label(closure, language),
                "source": closure.source,
            }
            for closure in demand.closures
        ],
        "notices": [
            {"file": notice.file, "published": f"{notice.published:%Y-%m-%d}", "text": notice.text.strip()}
            for notice in demand.notices
            if notice.file.endswith(".txt")
        ],
        "trips": [
            _trip(list(legs), language)
            for _, legs in groupby(named.rows(named=True), key=lambda leg: (leg["truck"], leg["trip"]))
        ],
    }


def _trip(legs: list[dict[str, Any]], language: Language) -> dict[str, Any]:
    head = word(
        "trip_head",
        language,
        truck=legs[0]["truck"],
        day=day(legs[0]["departure"], language),
        departure=f"{legs[0]['departure']:%H:%M}",
        back=f"{legs[-1]['arrival']:%H:%M}",
    )
    return {
        "head": head,
        "km": number(sum(leg["km"] for leg in legs), 1),
        "legs": [
            {
                "to": leg["to"],
                "departure": f"{leg['departure']:%H:%M}",
                "arrival": f"{leg['arrival']:%H:%M}",
                "unloaded": f"{leg['unloaded']:%H:%M}" if leg["unloaded"] else "",
                "orders": leg["orders"].split(", ") if leg["orders"] else [],
                "km": number(leg["km"], 1),
                "roads": leg["roads"],
            }
            for leg in legs
        ],
    }


def runs_section(plant: Plant, plan: Plan, work: Work, language: Language) -> dict[str, Any]:
    """Give every run."""
    return _written("runs", runs_table(plant, plan, work), _RUNS, Names(plant, language))


def facts(plant: Plant, plan: Plan, language: Language) -> list[tuple[str, str]]:
    """Say how the plan came about: status, bound, gap, seed, grids, version."""
    grids = word(
        "slots_value",
        language,
        schedule=number(plan.schedule.step_hours * 60),
        settlement=number(plan.settlement.step_hours * 60),
    )
    return [
        (word("status", language), word(f"status_{plan.status.value}", language)),
        (word("bound", language), format_money(plan.bound_money, plant.currency)),
        (word("gap", language), percent(plan.gap, 2)),
        (word("seed", language), str(plan.seed)),
        (word("slots", language), grids),
        (word("time_zone", language), plant.time_zone),
        (word("version", language), version("juli")),
    ]


def closure_place(demand: Demand, closure: Closure) -> str:
    """Name the roads of a closure, or of the turns that it bans."""
    roads = {} if demand.road_map is None else {road.id: road.road for road in demand.road_map.segments}
    closed = [*sorted(closure.segments), *(segment for turn in sorted(closure.movements) for segment in turn)]
    return " / ".join(dict.fromkeys(roads.get(segment) or segment for segment in closed)) or closure.id


def closure_label(closure: Closure, language: Language) -> str:
    """Say in one line what a closure is and from when to when."""
    return word(
        "closure_label",
        language,
        kind=word(f"closed_to_{closure.applies_to.value}", language),
        start=f"{closure.start:%Y-%m-%d %H:%M}",
        end=f"{closure.end:%Y-%m-%d %H:%M}",
    )


def _written(key: str, table: pl.DataFrame, columns: Sequence[str], names: Names) -> dict[str, Any]:
    """Write some columns of a table as text, with heads and kinds: n for numbers, o for orders, else t."""
    chosen = names.in_table(table).select(columns)
    kinds = {
        column: "n" if kind.is_numeric() else "o" if column == "order" else "t"
        for column, kind in chosen.schema.items()
    }
    written = [
        [_cell(column, value, names) for column, value in row.items()] for row in chosen.rows(named=True)
    ]
    return {key: written, f"{key}_headers": names.headers(chosen), f"{key}_kinds": "".join(kinds.values())}


def _cell(column: str, value: Any, names: Names) -> str:
    if value is None:
        return ""
    if column == "money":
        return number(value, 2)
    if column in ("hours_late", "parts_hours"):
        return number(value, 1)
    if isinstance(value, float):
        return number(value, 0 if value.is_integer() else 1)
    return moment_text(value, names.language) if hasattr(value, "tzinfo") else str(value)
