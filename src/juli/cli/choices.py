"""``juli plan --compare`` and ``--scenarios``: plans side by side, and a plan in several forecasts."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import numpy as np

from juli.cli.plan import EXIT_BROKEN_RULE, EXIT_NO_PLAN, keep_plan, report_plan, summary, tell_no_plan
from juli.cli.progress import SolveProgress
from juli.plant.model import Language
from juli.solve.choices.comparison import Choice, Comparison, FrontPoint, Variant, late_hours
from juli.solve.choices.hedge import Hedged, Risk

if TYPE_CHECKING:
    from juli.plant.factory import Plant
    from juli.solve.completion import Effort, Outcome
    from juli.solve.day import Day

#: What stands for the scenarios that Juli makes from the plant's own forecast.
USUAL = "usual"


def compare_day(
    day: "Day", effort: "Effort", out: Path | None, language: Language, store_url: str | None, as_json: bool
) -> int:
    """Compare, keep and show the joint plan and the table; give the exit status."""
    from juli.solve.choices.comparing import compare

    with SolveProgress() as progress:
        comparison = compare(day, effort, on_step=progress)
    joint = comparison.of(Choice.JOINT)
    if joint is None:
        click.echo(f"juli: no plan: {comparison.missing.get(Choice.JOINT, '')}", err=True)
        if as_json:
            click.echo(json.dumps({"status": "no_plan", "reason": comparison.missing[Choice.JOINT]}))
        return EXIT_NO_PLAN
    told = {"comparison": comparison_as_json(day.plant, comparison)}
    return _show(day, joint.outcome, comparison, told, out, language, store_url, as_json)


def plan_scenarios(
    day: "Day",
    told: str,
    risk: str,
    alpha: float,
    effort: "Effort",
    out: Path | None,
    language: Language,
    store_url: str | None,
    as_json: bool,
) -> int:
    """Plan against scenarios, keep and show the plan and its cost in each; give the exit status."""
    from juli.solve.choices.hedging import plan_for_scenarios
    from juli.solve.choices.scenarios import read_scenarios, usual_scenarios

    path = Path(told)
    usual = told == USUAL and not path.exists()
    scenarios = usual_scenarios(day) if usual else read_scenarios(path, day)
    with SolveProgress() as progress:
        hedged = plan_for_scenarios(day, scenarios, effort, risk=Risk(risk), alpha=alpha, on_step=progress)
    if hedged.chosen is None:
        tell_no_plan(hedged.outcome, as_json)
        return EXIT_NO_PLAN
    content = {"scenarios": scenarios_as_json(hedged)}
    return _show(day, hedged.outcome, hedged, content, out, language, store_url, as_json)


def _show(
    day: "Day",
    outcome: "Outcome",
    laid: Comparison | Hedged,
    told: dict[str, Any],
    out: Path | None,
    language: Language,
    store_url: str | None,
    as_json: bool,
) -> int:
    kept = keep_plan(day, outcome, store_url)
    files = report_plan(day, outcome, out, language, laid)
    if as_json:
        content = summary(day, outcome, kept, files) | told
        click.echo(json.dumps(content, ensure_ascii=False, allow_nan=False))
    else:
        from juli.report.terminal import show_choices, show_plan

        assert outcome.plan is not None
        show_plan(
            day.plant, day.demand, outcome.work, outcome.plan, outcome.violations, language, kept, files
        )
        show_choices(day.plant, laid, language)
    return EXIT_BROKEN_RULE if outcome.violations else 0


def comparison_as_json(plant: "Plant", comparison: Comparison) -> dict[str, Any]:
    """Give a comparison's JSON; its keys are a contract."""
    return {
        "saved": comparison.saved_money,
        "co2_kg_per_kwh": plant.grid.co2_kg_per_kwh,
        "co2_year": plant.grid.co2_year,
        "variants": [_variant(one) for one in comparison.variants],
        "missing": {choice.value: reason for choice, reason in comparison.missing.items()},
        "front": [_point(point) for point in comparison.front],
    }


def _variant(variant: Variant) -> dict[str, Any]:
    from juli.report.key_figures import key_figures

    day, plan, work = variant.day, variant.plan, variant.outcome.work
    figures = key_figures(day.plant, day.demand, plan, work)
    return {
        "choice": variant.choice.value,
        "cost": {"total": plan.bill.total_money, **plan.bill.parts()},
        "electricity": plan.bill.electricity_money,
        "import_kwh": figures.import_kwh,
        "import_kwh_by_period": figures.import_kwh_by_period,
        "peak_kw": figures.peak_kw,
        "co2_kg": figures.co2_kg,
        "late_orders": figures.late_orders,
        "late_hours": late_hours(day.demand, work, plan),
        "bound": _finite(plan.bound_money),
        "gap": None if plan.gap is None else _finite(plan.gap),
        "seconds": round(variant.outcome.seconds, 3),
        "violations": [vars(violation) for violation in variant.outcome.violations],
    }


def _point(point: FrontPoint) -> dict[str, Any]:
    return {
        "weight": point.weight,
        "late_hours": point.late_hours,
        "lateness": point.lateness_money,
        "other": point.other_money,
        "efficient": point.efficient,
    }


def scenarios_as_json(hedged: Hedged) -> dict[str, Any]:
    """Give the JSON of a plan in several forecasts; null is a scenario that the site can't serve."""
    assert hedged.chosen is not None
    return {
        "risk": hedged.risk.value,
        "alpha": hedged.alpha,
        "mean": _finite(hedged.weighed(hedged.chosen.money, Risk.MEAN)),
        "cvar": _finite(hedged.weighed(hedged.chosen.money, Risk.CVAR)),
        "chosen": hedged.chosen.origin,
        "each": [
            {
                "name": scenario.name,
                "weight": scenario.weight,
                "cost": _finite(float(hedged.chosen.money[at])),
                "best": _finite(float(hedged.best_money[at])),
            }
            for at, scenario in enumerate(hedged.scenarios)
        ],
        "candidates": [
            {
                "origin": one.origin,
                "criterion": _finite(one.criterion),
                "cost": _finite(one.total_money),
                "in_each": [_finite(float(money)) for money in one.money],
            }
            for one in hedged.candidates
        ],
    }


def _finite(money: float) -> float | None:
    return money if np.isfinite(money) else None
