"""The figures of a plan, drawn with plotly (the extra ``report``); each takes the language of its words."""

from juli.report.figures.choices import comparison_figure, front_figure, scenarios_figure
from juli.report.figures.gantt import gantt_figure
from juli.report.figures.money import money_figure
from juli.report.figures.power import power_figure
from juli.report.figures.roads import map_figure

__all__ = [
    "comparison_figure",
    "front_figure",
    "gantt_figure",
    "map_figure",
    "money_figure",
    "power_figure",
    "scenarios_figure",
]
