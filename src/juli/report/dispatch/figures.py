"""The figures of a dispatch: a week, the bill without and with the battery, the year's state of charge."""

from itertools import groupby
from typing import Any

import numpy as np
from numpy.typing import NDArray

from juli.core.money import format_money
from juli.core.units import POWER_TOLERANCE_KW
from juli.plant.model import Language
from juli.power.economics import Saving, saving_by_source
from juli.report.dispatch.outcome import DispatchOutcome
from juli.report.dispatch.words import said
from juli.report.figures.style import (
    ACCENT,
    ALARM,
    FLOW_COLOURS,
    HAIRLINE,
    INK,
    PERIOD_TINTS,
    blank_figure,
    go,
)
from juli.report.words import word

_HOURS_PER_DAY = 24
_WEEK_DAYS = 7

Floats = NDArray[np.float64]


def boundaries(outcome: DispatchOutcome) -> list[Any]:
    """The beginnings of all slots and the end: wall-clock texts, or hours where the file has no times."""
    grid, problem = outcome.asked.grid, outcome.operation.problem
    if grid is None:
        return [round(slot * problem.step_hours, 6) for slot in range(problem.slots + 1)]
    return [f"{grid.time_of(slot):%Y-%m-%d %H:%M:%S}" for slot in range(grid.slots + 1)]


def slots_before(outcome: DispatchOutcome) -> int:
    """Slots from midnight to the first slot."""
    grid = outcome.asked.grid
    if grid is None:
        return 0
    start = grid.start
    hours = start.hour + start.minute / 60 + start.second / 3600
    return round(hours / outcome.operation.problem.step_hours)


def shown_week(outcome: DispatchOutcome) -> slice:
    """The slots of the week, from a midnight on, that has the highest import without the battery."""
    problem = outcome.operation.problem
    per_day = max(round(_HOURS_PER_DAY / problem.step_hours), 1)
    if problem.slots <= _WEEK_DAYS * per_day:
        return slice(0, problem.slots)
    answer = outcome.operation.dispatch if outcome.before is None else outcome.before.dispatch
    peak = int(np.argmax(answer.grid_kw))
    offset = slots_before(outcome)
    day = (peak + offset) // per_day
    first = max((day - _WEEK_DAYS // 2) * per_day - offset, 0)
    first = min(first, problem.slots - _WEEK_DAYS * per_day)
    return slice(first, first + _WEEK_DAYS * per_day)


def week_figure(outcome: DispatchOutcome, language: Language) -> go.Figure:
    """Draw price, where consumption is met, and stored energy of a week."""
    problem, answer = outcome.operation.problem, outcome.operation.dispatch
    week = shown_week(outcome)
    at = boundaries(outcome)[week.start : week.stop + 1]
    figure = blank_figure(640, hovermode="x unified", hoversubplots="axis")
    currency = outcome.asked.currency
    axes: dict[str, dict[str, Any]] = {
        "yaxis": {"domain": [0.29, 0.8], "title": {"text": word("axis_power", language)}},
        "yaxis2": {
            "domain": [0.85, 1.0],
            "title": {"text": word("axis_price", language, currency=currency or "")},
            "nticks": 4,
        },
        "yaxis3": {
            "domain": [0.0, 0.22], "title": {"text": word("axis_stored", language)}, "rangemode": "tozero",
            "nticks": 4,
        },
    }  # fmt: skip
    for axis in axes.values():
        axis |= {"gridcolor": HAIRLINE, "zerolinecolor": "#94a3b8", "anchor": "x"}
    kind = "linear" if outcome.asked.grid is None else "date"
    ticks = {} if outcome.asked.grid is None else _day_ticks(language)
    figure.update_layout(**axes, xaxis={"type": kind, "anchor": "y3", "gridcolor": HAIRLINE, **ticks})
    flows = {
        "solar": answer.solar_kw,
        "discharge": np.maximum(answer.battery_kw, 0.0),
        "import": np.maximum(answer.grid_kw, 0.0),
        "charge": np.minimum(answer.battery_kw, 0.0),
        "export": np.minimum(answer.grid_kw, 0.0),
    }
    for name, values in flows.items():
        if np.abs(values[week]).max(initial=0.0) > POWER_TOLERANCE_KW:
            figure.add_trace(
                go.Scatter(
                    x=at,
                    y=_step(values[week]),
                    name=word(f"flow_{name}", language),
                    mode="lines",
                    line={"width": 0, "shape": "hv"},
                    fillcolor=FLOW_COLOURS[name],
                    stackgroup="out" if name in ("charge", "export") else "in",
                    hovertemplate="%{y:,.0f} kW",
                )
            )
    lines = (
        (word("flow_consumption", language), _step(problem.consumption_kw[week]), "y", INK, "hv", "kW"),
        (word("price", language), _step(problem.buy[week]), "y2", ALARM, "hv", f"{currency}/kWh"),
        (
            word("stored_energy", language), np.round(answer.stored_kwh[week.start : week.stop + 1], 2), "y3",
            ACCENT, "linear", "kWh",
        ),
    )  # fmt: skip
    for name, values, axis_name, colour, shape, unit in lines:
        figure.add_trace(
            go.Scatter(
                x=at,
                y=values,
                yaxis=axis_name,
                name=name,
                mode="lines",
                line={"width": 1.6, "color": colour, "shape": shape},
                hovertemplate=f"%{{y:,.4~r}} {unit}",
                showlegend=axis_name == "y",
            )
        )
    for tint in _tints(outcome, week, at):
        figure.add_shape(tint)
    return figure


def _step(values: Floats) -> Floats:
    """Carry the last slot's value to the end, so that its step is drawn."""
    return np.round(np.append(values, values[-1]), 4)


def _tints(outcome: DispatchOutcome, week: slice, at: list[Any]) -> list[dict[str, Any]]:
    """The background of each stretch of a price period."""
    terms = outcome.asked.tariff
    if terms is None:
        return []
    shapes: list[dict[str, Any]] = []
    slot = 0
    for period, stretch in groupby(terms.tariff.prices(terms.grid).period[week].tolist()):
        length = len(list(stretch))
        if period in PERIOD_TINTS:
            shapes.append({
                "type": "rect", "xref": "x", "yref": "paper", "x0": at[slot], "x1": at[slot + length],
                "y0": 0, "y1": 1, "fillcolor": PERIOD_TINTS[period], "line": {"width": 0}, "layer": "below",
            })  # fmt: skip
        slot += length
    return shapes


def saving_of(outcome: DispatchOutcome) -> Saving | None:
    """What the battery saves over the horizon, by source; None where the site needs it."""
    before, stacked = outcome.before, outcome.operation.stacked
    if before is None or outcome.operation.problem.battery is None:
        return None
    services = {
        "calls": stacked.call_income - before.call_income,
        "ramps": before.ramp_cost - stacked.ramp_cost,
        "regulation": stacked.regulation_income,
    }
    return saving_by_source(
        outcome.operation.problem, stacked.dispatch, without=before.dispatch, services=services
    )


def waterfall_figure(outcome: DispatchOutcome, language: Language) -> go.Figure | None:
    """Draw the way from the bill without the battery to the bill with it; None where there is no former."""
    saving, before = saving_of(outcome), outcome.before
    if saving is None or before is None:
        return None
    parts = {
        "energy_shifting": saving.energy_shifting,
        "solar_self_use": saving.solar_self_use,
        "demand": saving.demand,
        "deviation": saving.deviation,
        **saving.services,
    }
    cost = outcome.operation.stacked.cost
    parts["rest"] = before.cost - cost - sum(parts.values())
    steps = {name: -money for name, money in parts.items() if abs(money) > 0.005}
    names = ["without_battery", *steps, "with_battery"]
    moneys = [before.cost, *steps.values(), cost]
    currency = outcome.asked.currency
    figure = blank_figure(420, showlegend=False)
    figure.add_trace(
        go.Waterfall(
            orientation="v",
            measure=["absolute", *["relative"] * len(steps), "total"],
            x=[said(name, language) for name in names],
            y=moneys,
            text=[format_money(money, currency, 0) for money in moneys],
            textposition="outside",
            cliponaxis=False,
            increasing={"marker": {"color": FLOW_COLOURS["import"]}},
            decreasing={"marker": {"color": FLOW_COLOURS["discharge"]}},
            totals={"marker": {"color": ACCENT}},
            connector={"line": {"color": "#cbd5e1", "width": 1}},
            hovertemplate="%{x}: %{text}<extra></extra>",
            textfont={"color": INK, "size": 12},
        )
    )
    figure.update_yaxes(tickformat="~s", title={"text": said("money_heading", language, currency=currency)})
    figure.update_layout(margin={"l": 72, "r": 24, "t": 36, "b": 48})
    return figure


def heat_figure(outcome: DispatchOutcome, language: Language) -> go.Figure | None:
    """Draw the state of charge by day and hour; None without a battery."""
    problem, answer = outcome.operation.problem, outcome.operation.dispatch
    if problem.battery is None or problem.battery.energy_kwh <= 0:
        return None
    per_day = max(round(_HOURS_PER_DAY / problem.step_hours), 1)
    before = slots_before(outcome)
    days = -(-(before + problem.slots) // per_day)
    share = np.full(days * per_day, np.nan)
    share[before : before + problem.slots] = answer.stored_kwh[1:] / problem.battery.energy_kwh
    at = boundaries(outcome)
    first = at[0] if outcome.asked.grid is None else np.datetime64(at[0][:10])
    labels = [day if outcome.asked.grid is None else str(first + day) for day in range(days)]
    hours = [round((slot + 1) * problem.step_hours, 4) for slot in range(per_day)]
    rows = np.round(share.reshape(days, per_day).T, 3)
    figure = blank_figure(380)
    figure.add_trace(
        go.Heatmap(
            x=labels,
            y=hours,
            z=[[None if np.isnan(value) else float(value) for value in row] for row in rows],
            zmin=0,
            zmax=1,
            colorscale=[[0, "#f3f6f9"], [0.5, "#7cc4b8"], [1, "#0b4f52"]],
            colorbar={"tickformat": ".0%", "thickness": 12},
            hovertemplate="%{x} %{y:.2f} h: %{z:.0%}<extra></extra>",
        )
    )
    figure.update_yaxes(
        range=[0, _HOURS_PER_DAY], dtick=6, title={"text": said("axis_hour", language)}, showgrid=False
    )
    figure.update_xaxes(showgrid=False, **({} if outcome.asked.grid is None else _day_ticks(language)))
    return figure


def _day_ticks(language: Language) -> dict[str, Any]:
    """Days as a reader writes them; hours of the day where the axis is zoomed in."""
    day = word("axis_day_format", language)
    stops = [
        {"dtickrange": [None, 43_200_000], "value": f"%H:%M\n{day}"},
        {"dtickrange": [43_200_001, None], "value": day},
    ]
    return {"tickformatstops": stops, "hoverformat": f"{day} %H:%M"}
