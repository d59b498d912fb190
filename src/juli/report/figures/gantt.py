"""What each machine makes, and when."""

from itertools import groupby
from typing import Any

import numpy as np
import polars as pl

from juli.core.grid import TimeGrid
from juli.plan.account import working_slots
from juli.plan.result import Plan
from juli.plant.demand import Demand
from juli.plant.factory import Plant
from juli.plant.machine import Machine
from juli.plant.model import Language
from juli.plant.work import Work
from juli.report.figures.style import ALARM, INK, blank_figure, go, local_times, order_colours
from juli.report.names import Names
from juli.report.tables import late_orders_table, moments, runs_table
from juli.report.words import word

_ROW_PIXELS = 21


def gantt_figure(plant: Plant, demand: Demand, plan: Plan, work: Work, language: Language) -> go.Figure:
    """Draw the runs by machine, coloured by order; late orders are outlined, hours off shift are grey.

    All runs are one trace, and all hours off shift another, so that thousands of runs stay quick.
    """
    names = Names(plant, language)
    rows, ticks = _rows(plant, plan, names)
    height = 106 + _ROW_PIXELS * (len(ticks) + 1)
    figure = blank_figure(
        height, barmode="overlay", bargap=0.0, showlegend=False, margin={"l": 64, "r": 24, "t": 60, "b": 8}
    )
    figure.add_trace(_off_shift(plant, demand, rows))
    figure.add_trace(_runs(plant, demand, plan, work, names, rows))
    figure.update_xaxes(
        type="date",
        range=local_times(moments(demand.schedule, [0.0, _seconds(demand.schedule)])),
        side="top",
        showgrid=False,
        ticks="outside",
        tickformatstops=_tick_formats(language),
    )
    for midnight in _midnights(demand.schedule):
        figure.add_vline(x=midnight, line={"width": 1, "color": "rgba(71,85,105,0.28)"})
    figure.update_yaxes(
        tickvals=list(ticks),
        ticktext=list(ticks.values()),
        range=[max(ticks, default=0) + 0.6, min(ticks, default=0) - 0.6],
        showgrid=False,
        zeroline=False,
        automargin=True,
        tickfont={"size": 11},
    )
    return figure


def _tick_formats(language: Language) -> list[dict[str, Any]]:
    day_format = word("axis_day_format", language)
    return [
        {"dtickrange": [None, 43_200_000], "value": f"%H:%M\n{day_format}"},
        {"dtickrange": [43_200_001, None], "value": day_format},
    ]


def _midnights(grid: TimeGrid) -> list[str]:
    start, end = (moments(grid, [0.0, _seconds(grid)])).dt.replace_time_zone(None)
    days = pl.datetime_range(start, end, "1d", eager=True).dt.truncate("1d")
    return days.dt.strftime("%Y-%m-%d %H:%M:%S").to_list()


def _rows(plant: Plant, plan: Plan, names: Names) -> tuple[dict[str, int], dict[int, str]]:
    """Give each machine a row, a heading above each line, and unknown machines the last rows."""
    rows: dict[str, int] = {}
    ticks: dict[int, str] = {}
    order = {line: index for index, line in enumerate(dict.fromkeys(m.line for m in plant.machines))}
    machines: list[Machine] = sorted(plant.machines, key=lambda machine: order[machine.line])
    for line, own in groupby(machines, key=lambda machine: machine.line):
        if line:
            ticks[len(ticks)] = f"<b>{line}</b>"
        for machine in own:
            rows[machine.id] = len(ticks)
            ticks[len(ticks)] = names.machines[machine.id]
    for unknown in sorted({run.machine for run in plan.runs} - rows.keys()):
        rows[unknown] = len(ticks)
        ticks[len(ticks)] = unknown
    return rows, ticks


def _seconds(grid: TimeGrid) -> float:
    return float(grid.slots * grid.step_seconds)


def _bars(start: pl.Series, end: pl.Series, rows: list[int]) -> dict[str, Any]:
    """Position bars by wall clock: lengths are differences of what the clock shows."""
    clock_start = start.dt.replace_time_zone(None)
    clock_end = end.dt.replace_time_zone(None)
    return {
        "base": local_times(start),
        "x": (clock_end - clock_start).dt.total_milliseconds().to_numpy(),
        "y": np.array(rows, dtype=np.int32),
        "orientation": "h",
    }


def _off_shift(plant: Plant, demand: Demand, rows: dict[str, int]) -> go.Bar:
    starts: list[float] = []
    ends: list[float] = []
    own_rows: list[int] = []
    for machine, working in working_slots(plant, demand).items():
        edges = np.flatnonzero(np.diff(np.concatenate(([True], working, [True])).astype(np.int8)))
        for begin, end in edges.reshape(-1, 2):
            starts.append(float(begin * demand.schedule.step_seconds))
            ends.append(float(end * demand.schedule.step_seconds))
            own_rows.append(rows[machine])
    bars = _bars(moments(demand.schedule, starts), moments(demand.schedule, ends), own_rows)
    return go.Bar(**bars, width=1.0, marker={"color": "#f0f2f5", "line": {"width": 0}}, hoverinfo="skip")


def _runs(plant: Plant, demand: Demand, plan: Plan, work: Work, names: Names, rows: dict[str, int]) -> go.Bar:
    table = runs_table(plant, plan, work)
    colours = order_colours([order.id for order in demand.orders])
    late = set(late_orders_table(demand, plan, work)["order"])
    shown = names.in_table(table)
    is_late = table["order"].is_in(list(late)).to_list()
    hover = (
        "<b>%{customdata[0]}</b> · %{customdata[1]}<br>%{customdata[2]} · %{customdata[3]}"
        "<br>%{customdata[4]} → %{customdata[5]}%{customdata[6]}<extra></extra>"
    )
    late_mark = f"<br>{word('order_is_late', names.language)}"
    custom = zip(
        table["order"],
        shown["product"],
        shown["operation"],
        shown["machine"],
        table["start"].dt.strftime("%m-%d %H:%M"),
        table["end"].dt.strftime("%m-%d %H:%M"),
        [late_mark if mark else "" for mark in is_late],
        strict=True,
    )
    return go.Bar(
        **_bars(table["start"], table["end"], [rows[machine] for machine in table["machine"]]),
        width=0.78,
        marker={
            "color": [colours.get(order, INK) for order in table["order"]],
            "line": {
                "width": [1.5 if mark else 0.5 for mark in is_late],
                "color": [ALARM if mark else "white" for mark in is_late],
            },
        },
        customdata=[list(row) for row in custom],
        hovertemplate=hover,
    )
