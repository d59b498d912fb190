"""A dispatch as a few lines and tables for people at the terminal."""

from dataclasses import dataclass

import click
import numpy as np
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table

from juli.plant.model import Language
from juli.power.services.stacking import Stacked
from juli.report.dispatch.document import saving_parts
from juli.report.dispatch.outcome import DispatchOutcome
from juli.report.dispatch.words import said

_WIDTH = 110
#: Width of the names that figures stand behind; a Chinese character takes two of it.
_NAME = 20


def show(outcome: DispatchOutcome, language: Language) -> None:
    """Print what it costs with the battery and without, and all that was asked beside it."""
    _Lines(outcome, language).show()
    for note in outcome.notes:
        click.echo(str(note), err=True)


@dataclass(frozen=True)
class _Lines:
    """A dispatch's lines in a language."""

    outcome: DispatchOutcome
    language: Language

    def show(self) -> None:
        """Print all of them."""
        problem, answer = self.outcome.operation.problem, self.outcome.operation.dispatch
        currency = self.outcome.asked.currency
        unit = self._said("told_unit", currency=currency) if currency else ""
        size = self._said(
            "told_slots",
            slots=problem.slots,
            hours=f"{problem.step_hours:g}",
            engine=self._said(answer.engine),
        )
        click.echo(size + unit)
        self._show_costs()
        if problem.battery is not None and problem.battery.energy_kwh > 0:
            given = answer.battery_kw.clip(min=0).sum() * problem.step_hours
            cycles = given / problem.battery.discharge_efficiency / problem.battery.energy_kwh
            click.echo(f"  {self._name('told_cycles')} {cycles:>14,.1f}")
        if not answer.exact:
            click.echo(f"  {self._said('told_not_exact', bound=f'{answer.bound:,.2f}')}")
        self._show_physics()
        self._show_services()
        self._show_worths()
        self._show_years()
        self._show_rolling()

    def _said(self, key: str, **values: object) -> str:
        return said(key, self.language, **values)

    def _name(self, key: str, **values: object) -> str:
        """A name, as wide as all the others."""
        text = self._said(key, **values)
        return text + " " * (_NAME - cell_len(text))

    def _show_costs(self) -> None:
        outcome = self.outcome
        stacked, before = outcome.operation.stacked, outcome.before
        without_battery = self._said("without_battery")

        def line(name: str, value: float, without: float | None) -> None:
            beside = "" if without is None else f"   {without_battery} {without:>14,.2f}"
            click.echo(f"  {self._name(f'told_{name}')} {value:>14,.2f}{beside}")

        for name in ("energy_cost", "demand_cost", "wear_cost", "deviation_cost", "end_value"):
            value = getattr(stacked.dispatch, name)
            without = None if before is None else getattr(before.dispatch, name)
            if value or without or name == "energy_cost":
                line(name, value, without)
        for name, sign in (("ramp_cost", 1), ("call_income", -1), ("regulation_income", -1)):
            value, without = getattr(stacked, name), None if before is None else getattr(before, name)
            if value or without:
                line(name, sign * value, None if without is None else sign * without + 0.0)
        line("cost", stacked.cost, None if before is None else before.cost)
        if outcome.saved_money is not None:
            line("saved", outcome.saved_money, None)
        peak = f"  {self._name('told_peak')} {_peak(stacked):>14,.1f} kW"
        if before is not None:
            peak += f" {without_battery} {_peak(before):>11,.1f} kW"
        click.echo(peak)
        if outcome.bills is not None:
            without_bill, bill = outcome.bills
            line("bill", bill.money, None if without_bill is None else without_bill.money)

    def _show_physics(self) -> None:
        followed, physical = self.outcome.operation.followed, self.outcome.asked.physical
        if followed is None or physical is None:
            return
        trace, hours = followed.trace, self.outcome.operation.problem.step_hours
        repaired = self._said("told_repairs", count=followed.repairs) if followed.repairs else ""
        name = self._said(physical.chemistry.name)
        click.echo(f"  {self._said('told_physics', name=name, repaired=repaired)}")
        lines = [
            self._said(
                "told_physics_money",
                money=f"{self.outcome.operation.money_difference:+,.2f}",
                auxiliary=f"{followed.auxiliary_cost:,.2f}",
                energy=f"{float(trace.auxiliary_kw.sum() * hours):,.0f}",
            ),
            self._said(
                "told_physics_energy",
                missing=f"{max(followed.missing_kwh, 0.0):,.1f}",
                spared=f"{max(followed.spared_kwh, 0.0):,.1f}",
                stored=f"{followed.stored_difference_kwh:+,.1f}",
            ),
            self._said(
                "told_physics_cells", low=f"{trace.celsius.min():.1f}", high=f"{trace.celsius.max():.1f}"
            ),
        ]
        if trace.hydrogen_bar.max() > 0:
            bar, limit = f"{trace.hydrogen_bar.max():.1f}", f"{physical.chemistry.pressure_limit_bar:.0f}"
            lines.append(self._said("told_physics_bar", bar=bar, limit=limit))
        for text in lines:
            click.echo(f"    {text}")

    def _show_services(self) -> None:
        asked, stacked = self.outcome.asked.services, self.outcome.operation.stacked
        if asked is None:
            return
        grid = self.outcome.asked.grid
        for number, (call, took_part) in enumerate(zip(asked.calls, stacked.took_part, strict=True), 1):
            window = self._said("told_window_slots", first=call.first_slot, last=call.last_slot)
            if grid is not None:
                first, last = (grid.time_of(at) for at in (call.first_slot, call.last_slot + 1))
                window = self._said("told_window", first=f"{first:%Y-%m-%d %H:%M}", last=f"{last:%H:%M}")
            what = self._said("told_takes_part" if took_part else "told_stays_out")
            kw = f"{call.committed_kw:,.0f}"
            click.echo(f"  {self._said('told_call', number=number, window=window, kw=kw, what=what)}")
        if asked.regulation is not None and len(stacked.regulation_kw):
            sold = stacked.regulation_kw
            hours = {"sold": int((sold > 1e-6).sum()), "hours": len(sold)}
            click.echo(f"  {self._said('told_regulation', kw=f'{sold.mean():,.0f}', **hours)}")
        measured = self.outcome.asked.measured
        if measured is not None:
            score = float(np.mean([each.score for each in measured.scores]))
            index = measured.index
            indices = (
                f"K1 {index.rate:.2f}, K2 {index.precision:.2f}, K3 {index.response_time:.2f}, "
                f"K1·K2 {index.of_two:.2f}, K1·K2·K3 {index.of_three:.2f}"
            )
            signal = self._said("told_recorded" if measured.recorded else "told_made_up")
            text = self._said("told_measured", signal=signal, score=f"{score:.3f}", indices=indices)
            click.echo(f"  {text}")

    def _show_worths(self) -> None:
        worths = self.outcome.worths
        if not worths:
            return
        table = Table(title=self._said("worth"), title_justify="left", title_style="bold")
        table.add_column(self._said("source"))
        table.add_column(self._said("alone"), justify="right")
        table.add_column(self._said("left_out"), justify="right")
        for name, worth in worths.items():
            if name == "stack":
                table.add_section()
            table.add_row(self._said(name), f"{worth.alone:,.2f}", f"{worth.left_out:,.2f}")
        console = Console(highlight=False)
        if not console.is_terminal:
            console = Console(highlight=False, width=_WIDTH)
        console.print(table)
        click.echo(self._said("worth_caption"))

    def _show_years(self) -> None:
        economics = self.outcome.economics
        if economics is None:
            return
        first, last = economics.years[0], economics.years[-1]
        parts = ", ".join(
            f"{self._said(name)} {money:,.0f}" for name, money in saving_parts(first.saving).items()
        )

        def told(value: float | None, form: str) -> str:
            return self._said("none") if value is None else format(value, form)

        left = f"{last.battery.energy_kwh / first.battery.energy_kwh:.1%}"
        rate = f"{economics.discount_rate:.1%}"
        click.echo(f"  {self._said('told_years', years=last.year, rate=rate)}")
        saved = self._said("told_capacity_left", saved=f"{last.saving.total:,.0f}", share=left)
        lcos = self._said(
            "told_lcos_value",
            all=told(economics.lcos_money_per_kwh, ".3f"),
            without=told(economics.lcos_without_charging_money_per_kwh, ".3f"),
        )
        payback = self._said("told_payback_years", years=told(economics.payback_years, ".1f"))
        for name, text in (
            (self._name("told_invested"), f"{-economics.cash_flow_money[0]:,.0f}"),
            (self._name("told_saved_in", year=1), f"{first.saving.total:,.0f} ({parts})"),
            (self._name("told_saved_in", year=last.year), saved),
            (self._name("told_npv"), f"{economics.npv_money:,.0f}"),
            (self._name("told_irr"), told(economics.irr, ".2%")),
            (self._name("told_payback"), payback),
            (self._name("told_lcos"), lcos),
        ):
            click.echo(f"    {name} {text}")

    def _show_rolling(self) -> None:
        rolling, before = self.outcome.rolling, self.outcome.before
        if rolling is None:
            return
        rolled = rolling.rolled
        text = self._said(
            "told_rolling",
            plans=f"{rolled.plans:,}",
            every=f"{rolling.every_hours:g}",
            ahead=f"{rolling.horizon_hours:g}",
            sources=", ".join(f"{name} {source}" for name, source in rolling.forecasts.items()),
        )
        click.echo(f"  {text}")
        for key, value in (
            ("rolling_cost", rolled.cost),
            ("rolling_perfect", rolling.perfect_cost),
            ("rolling_regret", rolling.regret),
        ):
            click.echo(f"    {self._name(key)} {value:>12,.2f}")
        if before is not None and before.cost > rolling.perfect_cost:
            kept = (before.cost - rolled.cost) / (before.cost - rolling.perfect_cost)
            click.echo(f"    {self._name('rolling_kept')} {kept:>12.1%}")
        error = self._said("told_on_average", kw=f"{rolled.forecast_error_kw:>12,.1f}")
        click.echo(f"    {self._name('told_errors')} {error}")
        if rolled.softened:
            click.echo(f"    {self._said('told_softened', count=rolled.softened)}")
        if not rolled.kept_limits:
            beyond = {
                "imported": f"{rolled.import_excess_kwh:,.1f}",
                "kw": f"{rolled.highest_import_excess_kw:,.1f}",
                "exported": f"{rolled.export_excess_kwh:,.1f}",
            }
            click.echo(f"    {self._said('told_beyond', **beyond)}")
        if rolled.end_missing_kwh > 1e-6:
            click.echo(f"    {self._said('told_missing', energy=f'{rolled.end_missing_kwh:,.1f}')}")


def _peak(stacked: Stacked) -> float:
    return float(max(stacked.dispatch.grid_kw.max(), 0.0))
