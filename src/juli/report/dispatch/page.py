"""The dispatch's page for a browser: one file, no request to anywhere."""

import json
from functools import partial
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any

from juli.core.errors import MissingExtraError
from juli.core.files import write_text
from juli.core.money import format_money
from juli.plant.model import Language
from juli.report.dispatch.figures import heat_figure, waterfall_figure, week_figure
from juli.report.dispatch.outcome import DispatchOutcome
from juli.report.dispatch.words import said
from juli.report.formats import number, percent
from juli.report.page import in_script, plotly_locale, resource
from juli.report.words import word

try:
    from jinja2 import Environment, StrictUndefined
    from markupsafe import Markup
    from plotly.offline import get_plotlyjs
except ImportError as error:
    raise MissingExtraError("report", "writing the report") from error


def write_page(path: Path, outcome: DispatchOutcome, name: str, language: Language) -> None:
    """Write a dispatch's page as one self-contained HTML file."""
    write_text(path, page(outcome, name, language))


def page(outcome: DispatchOutcome, name: str, language: Language) -> str:
    """Compose a dispatch's page as one self-contained HTML text."""
    drawings = {
        "week-figure": week_figure(outcome, language),
        "bill-figure": waterfall_figure(outcome, language),
        "charge-figure": heat_figure(outcome, language),
    }
    figures = {key: json.loads(drawing.to_json()) for key, drawing in drawings.items() if drawing is not None}
    tables = [table for make in _TABLES if (table := make(outcome, language)) is not None]
    sections = [("week", "week"), ("bill", "bill"), ("charge", "year")]
    said_sections = [(id_, said(key, language)) for id_, key in sections if f"{id_}-figure" in figures]
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    template = files("juli.report.dispatch").joinpath("page.html.j2").read_text(encoding="utf-8")
    fixed = 0.0 if outcome.asked.tariff is None else outcome.asked.tariff.fixed_money
    fixed_note = said("fixed_note", language, money=_money(outcome, fixed)) if fixed else ""
    return environment.from_string(template).render(
        s=partial(_said, language),
        language=language,
        name=name,
        span=_span(outcome),
        contents=word("contents", language),
        sections=[*said_sections, *((table["id"], table["title"]) for table in tables)],
        tiles=_tiles(outcome, language),
        has_bill="bill-figure" in figures,
        has_heat="charge-figure" in figures,
        bill_caption=said("waterfall_caption", language, fixed=fixed_note),
        tables=tables,
        notes=[f"{note.message} → {note.mend}" for note in outcome.notes],
        footer=f"Juli {version('juli')}",
        css=Markup(resource("page.css")),
        plotly_js=Markup(get_plotlyjs()),
        figures_json=in_script(figures),
        locale_json=in_script(plotly_locale(language)),
    )


def _said(language: Language, key: str) -> str:
    return said(key, language)


def _money(outcome: DispatchOutcome, amount: float, decimals: int = 0) -> str:
    currency = outcome.asked.currency
    return format_money(amount, currency, decimals) if currency else number(amount, decimals)


def _span(outcome: DispatchOutcome) -> str:
    grid, problem = outcome.asked.grid, outcome.operation.problem
    if grid is None:
        return f"{problem.slots} × {problem.step_hours:g} h"
    return f"{grid.start:%Y-%m-%d} – {grid.time_of(grid.slots - 1):%Y-%m-%d}"


def _tiles(outcome: DispatchOutcome, language: Language) -> list[dict[str, str]]:
    problem, answer, before = outcome.operation.problem, outcome.operation.dispatch, outcome.before
    cost, saved = outcome.operation.stacked.cost, outcome.saved_money
    if saved is None or before is None:
        saving_note, peak_note = said("needs_battery", language), ""
    else:
        texts = {"without": _money(outcome, before.cost), "with_battery": _money(outcome, cost)}
        saving_note = said("saved_note", language, **texts)
        without_kw = f"{number(max(float(before.dispatch.grid_kw.max()), 0.0))} kW"
        peak_note = said("peak_note", language, without=without_kw)
    tiles = [
        ("saved", "–" if saved is None else _money(outcome, saved), saving_note),
        ("peak", f"{number(max(float(answer.grid_kw.max()), 0.0))} kW", peak_note),
    ]
    battery = problem.battery
    if battery is not None and battery.energy_kwh > 0:
        given_kwh = float(answer.battery_kw.clip(min=0).sum()) * problem.step_hours
        cycles = given_kwh / battery.discharge_efficiency / battery.energy_kwh
        days = number(problem.slots * problem.step_hours / 24, 1)
        note = said("cycles_note", language, energy=number(battery.energy_kwh), days=days)
        tiles.append(("cycles", number(cycles, 1), note))
    # What services pay is settled: how far the whole can be from the best is the dispatch's own gap.
    least = _money(outcome, cost - (answer.cost - answer.bound))
    bound = said("bound_note", language, bound=least)
    tiles.append(("exact", said("yes" if answer.exact else "no", language), bound))
    return [{"label": said(key, language), "value": value, "note": note} for key, value, note in tiles]


def _worth_table(outcome: DispatchOutcome, language: Language) -> dict[str, Any] | None:
    if not outcome.worths:
        return None
    return {
        "id": "worth",
        "title": said("worth", language),
        "caption": said("worth_caption", language),
        "strip": [],
        "heads": [said(key, language) for key in ("source", "alone", "left_out")],
        "rows": [
            {
                "name": said(name, language),
                "cells": [_money(outcome, worth.alone), _money(outcome, worth.left_out)],
                "total": name == "stack",
            }
            for name, worth in outcome.worths.items()
        ],
    }


def _physics_table(outcome: DispatchOutcome, language: Language) -> dict[str, Any] | None:
    followed, physical = outcome.operation.followed, outcome.asked.physical
    if followed is None or physical is None:
        return None
    trace = followed.trace
    helped_kwh = float(trace.auxiliary_kw.sum()) * outcome.operation.problem.step_hours
    strip = [
        ("physics_repairs", str(followed.repairs)),
        ("physics_money", _money(outcome, outcome.operation.money_difference)),
        ("physics_auxiliary", f"{number(helped_kwh)} kWh"),
        ("physics_missing", f"{number(max(followed.missing_kwh, 0.0), 1)} kWh"),
        ("physics_celsius", f"{trace.celsius.min():.0f} – {trace.celsius.max():.0f} °C"),
    ]
    if trace.hydrogen_bar.max() > 0:
        limit = physical.chemistry.pressure_limit_bar
        strip.append(("physics_bar", f"{trace.hydrogen_bar.max():.1f} / {limit:.0f} bar"))
    name = said(physical.chemistry.name, language)
    return _strip("physics", language, strip, said("physics_caption", language, name=name))


def _rolling_table(outcome: DispatchOutcome, language: Language) -> dict[str, Any] | None:
    rolling, before = outcome.rolling, outcome.before
    if rolling is None:
        return None
    strip = [
        ("rolling_cost", _money(outcome, rolling.rolled.cost)),
        ("rolling_perfect", _money(outcome, rolling.perfect_cost)),
        ("rolling_regret", _money(outcome, rolling.regret)),
    ]
    if before is not None and before.cost > rolling.perfect_cost:
        kept = (before.cost - rolling.rolled.cost) / (before.cost - rolling.perfect_cost)
        strip.append(("rolling_kept", percent(kept, 1)))
    hours = f"{rolling.every_hours:g}"
    return _strip("rolling", language, strip, said("rolling_caption", language, hours=hours))


def _strip(name: str, language: Language, strip: list[tuple[str, str]], caption: str) -> dict[str, Any]:
    return {
        "id": name,
        "title": said(name, language),
        "caption": caption,
        "strip": [(said(key, language), value) for key, value in strip],
        "heads": [],
        "rows": [],
    }


def _years_table(outcome: DispatchOutcome, language: Language) -> dict[str, Any] | None:
    economics = outcome.economics
    if economics is None:
        return None
    none = said("none", language)
    irr, payback, lcos = economics.irr, economics.payback_years, economics.lcos_money_per_kwh
    strip = [
        ("years_npv", _money(outcome, economics.npv_money)),
        ("years_irr", none if irr is None else percent(irr, 1)),
        ("years_payback", none if payback is None else number(payback, 1)),
        ("years_lcos", none if lcos is None else f"{lcos:.3f} {outcome.asked.currency}/kWh"),
    ]
    years = str(len(economics.years))
    rate = percent(economics.discount_rate, 1)
    table = _strip("years", language, strip, said("years_caption", language, years=years, rate=rate))
    heads = ("column_year", "column_capacity", "column_saving", "column_outlay")
    rows = [
        {
            "name": str(year.year),
            "cells": [
                number(year.battery.energy_kwh),
                _money(outcome, year.saving.total),
                _money(outcome, year.outlay_money),
            ],
            "total": False,
        }
        for year in economics.years
    ]
    first = {"name": "0", "cells": ["", "", _money(outcome, -economics.cash_flow_money[0])], "total": False}
    return table | {"heads": [said(head, language) for head in heads], "rows": [first, *rows]}


_TABLES = (_worth_table, _physics_table, _rolling_table, _years_table)
