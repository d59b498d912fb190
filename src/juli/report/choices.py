"""Plans side by side, and a plan in several forecasts: everything said and formatted, nothing marked up."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from juli.core.money import format_money
from juli.plan.result import Category, Plan
from juli.plant.factory import Plant
from juli.plant.model import Language
from juli.report.formats import number, percent
from juli.report.key_figures import KeyFigures, key_figures
from juli.report.names import period_name
from juli.report.tables import PERIOD_ORDER
from juli.report.words import WORDS, word
from juli.solve.choices.comparison import Choice, Comparison, late_hours
from juli.solve.choices.hedge import Hedged, Risk


@dataclass(frozen=True)
class Row:
    """A line of a table: what it is, a cell for each column, and whether it is a sum."""

    label: str
    cells: tuple[str, ...]
    total: bool = False


@dataclass(frozen=True)
class ComparisonTexts:
    """A comparison in a language.

    Parameters
    ----------
    plant, comparison, language
        What is said, and how.
    """

    plant: Plant
    comparison: Comparison
    language: Language

    @property
    def headers(self) -> list[str]:
        """The variants' names."""
        return [choice_name(one.choice, self.language) for one in self.comparison.variants]

    @cached_property
    def figures(self) -> list[KeyFigures]:
        """Key figures of each variant."""
        return [
            key_figures(one.day.plant, one.day.demand, one.plan, one.outcome.work)
            for one in self.comparison.variants
        ]

    @property
    def plans(self) -> list[Plan]:
        """The variants' plans."""
        return [one.plan for one in self.comparison.variants]

    def rows(self) -> Iterator[Row]:
        """Money by category, energy by price period, peak, CO₂, lateness; what all lack is left out."""
        for category in Category:
            money = [plan.bill.of(category) for plan in self.plans]
            if any(abs(amount) >= 0.005 for amount in money):
                yield self._row(self._word(f"category_{category}"), money)
        electricity = [plan.bill.electricity_money for plan in self.plans]
        totals = [plan.bill.total_money for plan in self.plans]
        yield self._row(self._word("category_total"), totals, total=True)
        yield self._row(self._word("compare_electricity"), electricity)
        sequential = self.comparison.of(Choice.SEQUENTIAL)
        if sequential is not None:
            start = sequential.plan.bill.total_money
            yield self._row(self._word("compare_against"), [total - start for total in totals])
        for period in sorted(self.figures[0].import_kwh_by_period, key=_place):
            label = self._word("compare_import_in", period=period_name(period, self.language))
            yield self._row(label, [one.import_kwh_by_period[period] for one in self.figures])
        yield self._row(self._word("compare_import"), [one.import_kwh for one in self.figures], total=True)
        yield self._row(self._word("compare_peak"), [one.peak_kw for one in self.figures])
        if all(one.co2_kg is not None for one in self.figures):
            tonnes = [(one.co2_kg or 0.0) / 1000 for one in self.figures]
            yield self._row(self._word("compare_co2"), tonnes, decimals=2)
        yield self._row(self._word("late_orders"), [one.late_orders for one in self.figures])
        late = [late_hours(one.day.demand, one.outcome.work, one.plan) for one in self.comparison.variants]
        yield self._row(self._word("compare_late_hours"), late, decimals=1)
        yield Row(self._word("compare_bound"), tuple(_or_none(one.bound_money) for one in self.plans))
        yield Row(self._word("compare_gap"), tuple(percent(one.gap, 1) for one in self.plans))
        seconds = [one.outcome.seconds for one in self.comparison.variants]
        yield self._row(self._word("compare_seconds"), seconds, decimals=1)

    def sentences(self) -> Iterator[str]:
        """What joint planning is worth, what the columns are, and by which factor CO₂ is counted."""
        sequential, joint = self.comparison.of(Choice.SEQUENTIAL), self.comparison.of(Choice.JOINT)
        if sequential is not None and joint is not None:
            before = sequential.plan.bill.electricity_money
            saved = before - joint.plan.bill.electricity_money
            yield self._word(
                "compare_worth",
                money=format_money(self.comparison.saved_money, self.plant.currency, 2),
                electricity=format_money(saved, self.plant.currency, 2),
                share=percent(saved / before if before > 0 else None, 1),
            )
        for choice, reason in self.comparison.missing.items():
            yield self._word("choice_missing", choice=choice_name(choice, self.language), reason=reason)
        yield self._word("compare_note")
        yield self._word("compare_bound_note")
        grid = self.plant.grid
        if grid.co2_kg_per_kwh is not None:
            year = str(grid.co2_year) if grid.co2_year else self._word("compare_no_year")
            yield self._word("compare_co2_note", factor=f"{grid.co2_kg_per_kwh:g}", year=year)

    def _row(self, label: str, values: list[Any], *, total: bool = False, decimals: int = 0) -> Row:
        return Row(label, tuple(number(float(value), decimals) for value in values), total)

    def _word(self, key: str, **values: object) -> str:
        return word(key, self.language, **values)


@dataclass(frozen=True)
class ScenarioTexts:
    """A plan in several forecasts, in a language.

    Parameters
    ----------
    plant, hedged, language
        What is said, and how.
    """

    plant: Plant
    hedged: Hedged
    language: Language

    @property
    def headers(self) -> list[str]:
        """The columns' names."""
        keys = ("column_weight", "column_this_plan", "column_forecast_plan", "column_best_plan")
        return [word(key, self.language) for key in keys]

    def rows(self) -> Iterator[Row]:
        """A row for each scenario, then mean and the mean of the dearest."""
        hedged = self.hedged
        assert hedged.chosen is not None
        columns = [hedged.chosen.money, hedged.candidates[0].money, hedged.best_money]
        for at, scenario in enumerate(hedged.scenarios):
            cells = (percent(scenario.weight), *(self._money(float(column[at])) for column in columns))
            yield Row(scenario_name(scenario.name, self.language), cells)
        for risk in Risk:
            figures = [hedged.weighed(column, risk) for column in columns]
            yield Row(self.risk_name(risk), ("", *map(self._money, figures)), total=risk is hedged.risk)

    def sentences(self) -> Iterator[str]:
        """How the plan was chosen, and what knowing the future would be worth."""
        hedged = self.hedged
        assert hedged.chosen is not None
        yield word(
            "scenarios_note",
            self.language,
            count=len(hedged.candidates),
            risk=self.risk_name(hedged.risk),
        )
        knowing = float((hedged.chosen.money - hedged.best_money) @ hedged.weights)
        if np.isfinite(knowing):
            money = format_money(knowing, self.plant.currency, 2)
            yield word("scenario_knowing", self.language, money=money)

    def risk_name(self, risk: Risk) -> str:
        """Name a criterion."""
        if risk is Risk.MEAN:
            return word("scenario_mean", self.language)
        return word("scenario_cvar", self.language, share=percent(1.0 - self.hedged.alpha))

    def _money(self, amount: float) -> str:
        return number(amount, 2) if np.isfinite(amount) else word("scenario_unserved", self.language)


def scenario_name(name: str, language: Language) -> str:
    """Name a scenario: Juli's own in the language, others as they are called in their file."""
    key = f"usual_{name}"
    return word(key, language) if key in WORDS else name


def _or_none(amount: float) -> str:
    return number(amount, 0) if np.isfinite(amount) else percent(None)


def _place(period: str) -> int:
    """Where a price period stands in a table; a tariff's own come last."""
    return PERIOD_ORDER.index(period) if period in PERIOD_ORDER else len(PERIOD_ORDER)


def choice_name(choice: Choice, language: Language) -> str:
    """Name a variant."""
    return word(f"choice_{choice}", language)


def choices_section(plant: Plant, laid: Comparison | Hedged | None, language: Language) -> dict[str, Any]:
    """Give the page's section; its kind is empty where nothing was laid side by side."""
    if laid is None:
        return {"choices_kind": ""}
    compared = isinstance(laid, Comparison)
    texts = (
        ComparisonTexts(plant, laid, language)
        if isinstance(laid, Comparison)
        else ScenarioTexts(plant, laid, language)
    )
    caption = "compare_caption" if compared else "scenarios_caption"
    return {
        "choices_kind": "compare" if compared else "scenarios",
        "choices_caption": word(caption, language, currency=plant.currency),
        "choices_head": "" if compared else word("column_scenario", language),
        "choices_headers": texts.headers,
        "choices_rows": list(texts.rows()),
        "choices_sentences": list(texts.sentences()),
        "choices_front": isinstance(laid, Comparison) and len(laid.front) > 1,
    }
