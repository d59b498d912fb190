"""The report that opens in a browser: one file, no request to anywhere."""

import json
from collections.abc import Sequence
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import Any

from juli.core.errors import MissingExtraError
from juli.core.files import write_text
from juli.plan.checking import Violation
from juli.plan.result import Plan
from juli.plant.demand import Demand
from juli.plant.factory import Plant
from juli.plant.model import Language
from juli.plant.work import expand
from juli.report.bars import bars_section
from juli.report.changes import Changed, changes_section
from juli.report.choices import choices_section
from juli.report.figures import (
    comparison_figure,
    front_figure,
    gantt_figure,
    map_figure,
    money_figure,
    power_figure,
    scenarios_figure,
)
from juli.report.rules import broken_rule
from juli.report.sections import (
    deliveries_section,
    electricity_section,
    facts,
    money_section,
    overview_section,
    production_section,
    runs_section,
    span,
)
from juli.report.words import word
from juli.solve.choices.comparison import Comparison
from juli.solve.choices.hedge import Hedged

try:
    from jinja2 import Environment, StrictUndefined
    from markupsafe import Markup
    from plotly.offline import get_plotlyjs
except ImportError as error:
    raise MissingExtraError("report", "writing the report") from error

#: What plotly's own buttons and axes say, in Chinese; English is built in.
_PLOTLY_BUTTONS_ZH = {
    "Zoom": "缩放",
    "Pan": "平移",
    "Zoom in": "放大",
    "Zoom out": "缩小",
    "Reset axes": "恢复视图",
    "Download plot as a PNG": "保存为 PNG",
    "Download plot": "保存图片",
    "Double-click to zoom back out": "双击恢复",
}


def write_page(
    path: Path,
    plant: Plant,
    demand: Demand,
    plan: Plan,
    violations: Sequence[Violation],
    language: Language,
    laid: Comparison | Hedged | Changed | None = None,
) -> None:
    """Write a plan's report as one self-contained HTML file."""
    write_text(path, page(plant, demand, plan, violations, language, laid))


def page(
    plant: Plant,
    demand: Demand,
    plan: Plan,
    violations: Sequence[Violation],
    language: Language,
    laid: Comparison | Hedged | Changed | None = None,
) -> str:
    """Compose a plan's report as one self-contained HTML text; what was laid beside it has a section."""
    work = expand(plant, demand)
    figures = {
        "money-figure": money_figure(plant, plan.bill, language),
        "gantt-figure": gantt_figure(plant, demand, plan, work, language),
        "power-figure": power_figure(plant, demand, plan, language),
    }
    roads = map_figure(plant, demand, plan, language)
    if roads is not None:
        figures["map-figure"] = roads
    if isinstance(laid, Comparison):
        figures["compare-figure"] = comparison_figure(plant, laid, language)
        if len(laid.front) > 1:
            figures["front-figure"] = front_figure(plant, laid, language)
    elif isinstance(laid, Hedged):
        figures["scenarios-figure"] = scenarios_figure(plant, laid, language)
    overview = overview_section(plant, demand, plan, work, language)
    changed = laid if isinstance(laid, Changed) else None
    choices = choices_section(plant, None if isinstance(laid, Changed) else laid, language)
    if laid is not None:
        kind = "changes" if changed is not None else choices["choices_kind"]
        overview["sections"].insert(1 if changed is not None else 2, (kind, kind))
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.from_string(resource("page.html.j2")).render(
        w=partial(_word, language),
        language=language,
        plant_name=plant.name.in_language(language),
        currency=plant.currency,
        span=span(plan, language),
        zone=plant.time_zone,
        has_map=roads is not None,
        css=Markup(resource("page.css")),
        script=Markup(resource("page.js")),
        plotly_js=Markup(get_plotlyjs()),
        figures_json=in_script({key: json.loads(figure.to_json()) for key, figure in figures.items()}),
        locale_json=in_script(plotly_locale(language)),
        violations=[broken_rule(violation, language) for violation in violations],
        **overview,
        **choices,
        **changes_section(changed, language),
        **money_section(plan, language),
        **production_section(plant, demand, plan, work, language),
        **bars_section(plant, demand, plan, work, language),
        **electricity_section(plant, demand, plan, work, language),
        **deliveries_section(plant, demand, plan, language),
        **runs_section(plant, plan, work, language),
        facts=facts(plant, plan, language),
    )


def _word(language: Language, key: str, **values: object) -> str:
    return word(key, language, **values)


def resource(name: str) -> str:
    """Read a text file that stands beside this one."""
    return files("juli.report").joinpath(name).read_text(encoding="utf-8")


def in_script(content: Any) -> Markup:
    """Write JSON that no text in it can break out of its script element."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029"))


def plotly_locale(language: Language) -> dict[str, Any]:
    """Give plotly the names of days and months, as it registers a locale."""
    days = word("weekdays", language).split()
    days = [days[-1], *days[:-1]]  # plotly's week begins on Sunday
    months = word("months", language).split()
    return {
        "name": "zh-CN" if language == "zh" else "en-GB",
        "dictionary": _PLOTLY_BUTTONS_ZH if language == "zh" else {},
        "format": {
            "days": days,
            "shortDays": days,
            "months": months,
            "shortMonths": months,
            "date": "%Y-%m-%d",
            "decimal": ".",
            "thousands": ",",
        },
    }
