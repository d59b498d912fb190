"""Plans side by side, lateness against the bill, and a plan's cost in several forecasts."""

import numpy as np

from juli.plan.result import Category
from juli.plant.factory import Plant
from juli.plant.model import Language
from juli.report.choices import choice_name, scenario_name
from juli.report.figures.style import ACCENT, ALARM, FLOW_COLOURS, INK, MUTED, blank_figure, go
from juli.report.words import word
from juli.solve.choices.comparison import Comparison, FrontPoint
from juli.solve.choices.hedge import Hedged

_COLOURS = {
    Category.ENERGY: FLOW_COLOURS["import"],
    Category.EXPORT: FLOW_COLOURS["export"],
    Category.DEMAND: ACCENT,
    Category.WEAR: FLOW_COLOURS["discharge"],
    Category.LATENESS: ALARM,
    Category.LEAD: "#8a4fa3",
    Category.LABOUR: "#c9b48a",
    Category.TRANSPORT: "#5f6b7a",
}


def comparison_figure(plant: Plant, comparison: Comparison, language: Language) -> go.Figure:
    """Draw each plan's bill as a stacked bar; categories that cost no plan anything are left out."""
    names = [choice_name(one.choice, language) for one in comparison.variants]
    figure = blank_figure(150 + 44 * len(names), barmode="relative")
    for category in Category:
        money = [one.plan.bill.of(category) for one in comparison.variants]
        if not any(abs(amount) >= 0.005 for amount in money):
            continue
        figure.add_trace(
            go.Bar(
                orientation="h",
                y=names,
                x=money,
                name=word(f"category_{category}", language),
                marker={"color": _COLOURS[category]},
                hovertemplate=f"%{{y}}: %{{x:,.2f}} {plant.currency}<extra>%{{fullData.name}}</extra>",
            )
        )
    figure.update_yaxes(autorange="reversed", automargin=True, showgrid=False)
    figure.update_xaxes(tickformat="~s", automargin=True, title=plant.currency)
    return figure


def front_figure(plant: Plant, comparison: Comparison, language: Language) -> go.Figure:
    """Draw lateness against the rest of the bill; the efficient plans are joined."""
    figure = blank_figure(340)
    for efficient in (True, False):
        weights = _weights_by_place([point for point in comparison.front if point.efficient is efficient])
        if not weights:
            continue
        figure.add_trace(
            go.Scatter(
                x=[late_hours for late_hours, _ in weights],
                y=[money for _, money in weights],
                mode="lines+markers+text" if efficient else "markers+text",
                line={"color": ACCENT, "width": 1.5, "shape": "hv"},
                marker={
                    "size": 10,
                    "color": ACCENT if efficient else MUTED,
                    "symbol": "circle" if efficient else "circle-open",
                },
                text=[word("front_weight", language, weight=told) for told in weights.values()],
                textposition="top right",
                textfont={"color": INK, "size": 11},
                cliponaxis=False,
                name=word("front_efficient" if efficient else "front_beaten", language),
                hovertemplate="%{text}: %{x:,.1f} h, %{y:,.2f}<extra></extra>",
            )
        )
    money = [point.other_money for point in comparison.front]
    room = max(0.15 * (max(money) - min(money)), 1.0)
    latest = max(point.late_hours for point in comparison.front)
    figure.update_xaxes(
        title=word("front_axis_late", language), range=[-0.04 * max(latest, 1.0), 1.2 * max(latest, 1.0)]
    )
    figure.update_yaxes(
        title={"text": word("front_axis_money", language, currency=plant.currency), "standoff": 12},
        automargin=True,
        tickformat=",.0f",
        range=[min(money) - room, max(money) + room],
    )
    figure.update_layout(margin={"l": 72, "r": 40, "t": 40, "b": 52})
    return figure


def _weights_by_place(points: list[FrontPoint]) -> dict[tuple[float, float], str]:
    """The weights that led to each place of the picture, so that no two names lie over one another."""
    weights: dict[tuple[float, float], list[float]] = {}
    for point in points:
        place = round(point.late_hours, 2), round(point.other_money, 2)
        weights.setdefault(place, []).append(point.weight)
    return {place: ", ".join(f"{weight:g}" for weight in sorted(own)) for place, own in weights.items()}


def scenarios_figure(plant: Plant, hedged: Hedged, language: Language) -> go.Figure:
    """Draw what this plan and the one for the forecast cost beyond the cheapest plan in each scenario.

    Where the site can't serve a plan there is no bar.
    """
    assert hedged.chosen is not None
    names = [scenario_name(scenario.name, language) for scenario in hedged.scenarios]
    figure = blank_figure(320, barmode="group")
    plans = (
        ("column_this_plan", hedged.chosen.money, ACCENT),
        ("column_forecast_plan", hedged.candidates[0].money, FLOW_COLOURS["import"]),
    )
    for key, money, colour in plans:
        more = [
            float(own - best) if np.isfinite(own) else None
            for own, best in zip(money, hedged.best_money, strict=True)
        ]
        figure.add_trace(
            go.Bar(
                x=names,
                y=more,
                marker={"color": colour},
                name=word(key, language),
                hovertemplate=f"%{{x}}: +%{{y:,.2f}} {plant.currency}<extra>%{{fullData.name}}</extra>",
            )
        )
    figure.update_yaxes(title=plant.currency, automargin=True, rangemode="tozero")
    return figure
