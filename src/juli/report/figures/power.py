"""Where the electricity comes from, what it costs, and what is in the battery."""

from itertools import groupby
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from juli.core.units import POWER_TOLERANCE_KW
from juli.plan.result import Plan
from juli.plant.demand import Demand
from juli.plant.factory import Plant
from juli.plant.model import Language
from juli.report.figures.style import (
    ACCENT,
    ALARM,
    FLOW_COLOURS,
    HAIRLINE,
    INK,
    PERIOD_TINTS,
    blank_figure,
    go,
    local_times,
)
from juli.report.formats import number
from juli.report.names import period_name
from juli.report.tables import dispatch_table, moments
from juli.report.words import word


def power_figure(plant: Plant, demand: Demand, plan: Plan, language: Language) -> go.Figure:
    """Draw the price, where consumption is met, and the stored energy, one above the other.

    Above zero stands what supplies the plant, below zero what charges the battery or is sold; the line is
    what the plant consumes. The background is tinted by price period.
    """
    table = dispatch_table(plant, demand, plan)
    boundaries = local_times(
        moments(plan.settlement, np.arange(plan.settlement.slots + 1) * float(plan.settlement.step_seconds))
    )
    has_battery = plant.battery is not None
    figure = blank_figure(640 if has_battery else 500, hovermode="x unified", hoversubplots="axis")
    _lay_out(figure, plant, has_battery, language)
    for trace in _flows(table, boundaries, language):
        figure.add_trace(trace)
    figure.add_trace(_price(table, boundaries, plant, language))
    if plant.battery is not None:
        figure.add_trace(_stored(plan, boundaries, language))
    for shape in _period_shapes(table, boundaries):
        figure.add_shape(shape)
    for period in [period for period in PERIOD_TINTS if period in table["period"].unique()]:
        figure.add_trace(_period_legend(period_name(period, language), PERIOD_TINTS[period]))
    _mark_peak(figure, table, boundaries, language)
    return figure


def _lay_out(figure: go.Figure, plant: Plant, has_battery: bool, language: Language) -> None:
    power_from = 0.29 if has_battery else 0.0
    axes: dict[str, dict[str, Any]] = {
        "yaxis": {"domain": [power_from, 0.8], "title": {"text": word("axis_power", language)}},
        "yaxis2": {
            "domain": [0.85, 1.0],
            "title": {"text": word("axis_price", language, currency=plant.currency)},
            "rangemode": "tozero",
            "nticks": 4,
        },
    }
    if plant.battery is not None:
        axes["yaxis3"] = {
            "domain": [0.0, 0.22],
            "title": {"text": word("axis_stored", language)},
            "range": [0, plant.battery.energy_kwh * 1.05],
            "nticks": 4,
        }
    for axis in axes.values():
        axis |= {"gridcolor": HAIRLINE, "zerolinecolor": "#94a3b8", "anchor": "x"}
        axis["title"] |= {"font": {"size": 11}, "standoff": 8}
    day_format = word("axis_day_format", language)
    figure.update_layout(
        **axes,
        xaxis={
            "type": "date",
            "anchor": "y3" if has_battery else "y",
            "hoverformat": f"{day_format} %H:%M",
            "tickformatstops": [
                {"dtickrange": [None, 43_200_000], "value": f"%H:%M\n{day_format}"},
                {"dtickrange": [43_200_001, None], "value": day_format},
            ],
            "gridcolor": HAIRLINE,
        },
    )


def _step(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Carry the last slot's value to the grid's end, so that its step is drawn; kept to the tenth."""
    return np.round(np.append(values, values[-1]), 4)


def _flows(table: pl.DataFrame, boundaries: list[str], language: Language) -> list[go.Scatter]:
    grid = table["grid_kw"].to_numpy()
    battery = table["battery_kw"].to_numpy()
    flows = {
        "solar": table["solar_kw"].to_numpy(),
        "discharge": np.maximum(battery, 0.0),
        "import": np.maximum(grid, 0.0),
        "charge": np.minimum(battery, 0.0),
        "export": np.minimum(grid, 0.0),
    }
    traces = [
        go.Scatter(
            x=boundaries,
            y=_step(values),
            name=word(f"flow_{name}", language),
            mode="lines",
            line={"width": 0, "shape": "hv"},
            fillcolor=FLOW_COLOURS[name],
            stackgroup="out" if name in ("charge", "export") else "in",
            hovertemplate="%{y:,.0f} kW",
        )
        for name, values in flows.items()
        if np.abs(values).max(initial=0.0) > POWER_TOLERANCE_KW
    ]
    consumption = go.Scatter(
        x=boundaries,
        y=_step(table["consumption_kw"].to_numpy()),
        name=word("flow_consumption", language),
        mode="lines",
        line={"width": 1.6, "color": INK, "shape": "hv"},
        hovertemplate="%{y:,.0f} kW",
    )
    return [*traces, consumption]


def _price(table: pl.DataFrame, boundaries: list[str], plant: Plant, language: Language) -> go.Scatter:
    return go.Scatter(
        x=boundaries,
        y=_step(table["buy_per_kwh"].to_numpy()),
        yaxis="y2",
        name=word("price", language),
        mode="lines",
        line={"width": 1.6, "color": ALARM, "shape": "hv"},
        hovertemplate=f"%{{y:.3f}} {plant.currency}/kWh",
        showlegend=False,
    )


def _stored(plan: Plan, boundaries: list[str], language: Language) -> go.Scatter:
    return go.Scatter(
        x=boundaries,
        y=np.round(plan.dispatch.stored_kwh, 4),
        yaxis="y3",
        name=word("stored_energy", language),
        mode="lines",
        line={"width": 1.6, "color": ACCENT},
        fill="tozeroy",
        fillcolor="rgba(47,158,143,0.18)",
        hovertemplate="%{y:,.0f} kWh",
        showlegend=False,
    )


def _period_shapes(table: pl.DataFrame, boundaries: list[str]) -> list[dict[str, Any]]:
    """Tint each unbroken stretch of a price period, behind all axes."""
    shapes: list[dict[str, Any]] = []
    slot = 0
    for period, stretch in groupby(table["period"]):
        length = len(list(stretch))
        if period in PERIOD_TINTS:
            shapes.append(
                {
                    "type": "rect",
                    "xref": "x",
                    "yref": "paper",
                    "x0": boundaries[slot],
                    "x1": boundaries[slot + length],
                    "y0": 0,
                    "y1": 1,
                    "fillcolor": PERIOD_TINTS[period],
                    "line": {"width": 0},
                    "layer": "below",
                }
            )
        slot += length
    return shapes


def _period_legend(name: str, tint: str) -> go.Scatter:
    marker = {"symbol": "square", "size": 12, "color": tint, "line": {"width": 1, "color": "#cbd5e1"}}
    return go.Scatter(x=[None], y=[None], mode="markers", marker=marker, name=name, hoverinfo="skip")


def _mark_peak(figure: go.Figure, table: pl.DataFrame, boundaries: list[str], language: Language) -> None:
    """Point at the highest import: it is what the demand charge is paid on."""
    grid = table["grid_kw"].to_numpy()
    slot = int(np.argmax(grid))
    if grid[slot] <= 0:
        return
    figure.add_annotation(
        x=boundaries[slot],
        y=float(grid[slot] + table["solar_kw"][slot] + max(table["battery_kw"][slot], 0.0)),
        text=word("peak_label", language, peak=number(float(grid[slot]))),
        showarrow=True,
        arrowhead=2,
        arrowsize=0.8,
        arrowcolor=INK,
        ax=0,
        ay=-26,
        font={"size": 11},
        bgcolor="rgba(255,255,255,0.85)",
    )
