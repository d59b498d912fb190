"""A dispatch as a few lines and tables for people at the terminal."""

import click
import numpy as np
from rich.console import Console
from rich.table import Table

from juli.power.services.stacking import Stacked
from juli.report.dispatch.document import saving_parts
from juli.report.dispatch.outcome import DispatchOutcome

_WIDTH = 110
_SOURCES = {
    "arbitrage": "moving consumption to cheap hours",
    "demand": "shaving the demand charge",
    "firming": "keeping to the declared schedule",
    "calls": "peak-shaving calls",
    "regulation": "frequency regulation",
    "stack": "everything together",
}


def show(outcome: DispatchOutcome) -> None:
    """Print what it costs with the battery and without, and all that was asked beside it."""
    problem, answer = outcome.operation.problem, outcome.operation.dispatch
    unit = f" {outcome.asked.currency}" if outcome.asked.currency else ""
    click.echo(
        f"{problem.slots} slots of {problem.step_hours:g} h, {answer.engine}{unit and ', money in' + unit}"
    )
    _show_costs(outcome)
    if problem.battery is not None and problem.battery.energy_kwh > 0:
        given = answer.battery_kw.clip(min=0).sum() * problem.step_hours
        cycles = given / problem.battery.discharge_efficiency / problem.battery.energy_kwh
        click.echo(f"  {'full cycles':<18} {cycles:>14,.1f}")
    if not answer.exact:
        click.echo(f"  not proven least: no cheaper than {answer.bound:,.2f}")
    _show_physics(outcome)
    _show_services(outcome)
    _show_worths(outcome)
    _show_years(outcome)
    _show_rolling(outcome)
    for note in outcome.notes:
        click.echo(str(note), err=True)


def _show_costs(outcome: DispatchOutcome) -> None:
    stacked, before = outcome.operation.stacked, outcome.before

    def line(name: str, value: float, without: float | None) -> None:
        beside = "" if without is None else f"   without battery {without:>14,.2f}"
        click.echo(f"  {name:<18} {value:>14,.2f}{beside}")

    for name in ("energy_cost", "demand_cost", "wear_cost", "deviation_cost", "end_value"):
        value = getattr(stacked.dispatch, name)
        without = None if before is None else getattr(before.dispatch, name)
        if value or without or name == "energy_cost":
            line(name.replace("_", " "), value, without)
    for name, sign in (("ramp_cost", 1), ("call_income", -1), ("regulation_income", -1)):
        value, without = getattr(stacked, name), None if before is None else getattr(before, name)
        if value or without:
            line(name.replace("_", " "), sign * value, None if without is None else sign * without)
    line("cost", stacked.cost, None if before is None else before.cost)
    if outcome.saved_money is not None:
        line("saved", outcome.saved_money, None)
    peak = f"  {'highest import':<18} {_peak(stacked):>14,.1f} kW"
    if before is not None:
        peak += f" without battery {_peak(before):>11,.1f} kW"
    click.echo(peak)
    if outcome.bills is not None:
        without_bill, bill = outcome.bills
        money = None if without_bill is None else without_bill.money
        line("bill (as juli bill)", bill.money, money)


def _peak(stacked: Stacked) -> float:
    return float(max(stacked.dispatch.grid_kw.max(), 0.0))


def _show_physics(outcome: DispatchOutcome) -> None:
    followed, physical = outcome.operation.followed, outcome.asked.physical
    if followed is None or physical is None:
        return
    trace, hours = followed.trace, outcome.operation.problem.step_hours
    repaired = f", after {followed.repairs} repairs" if followed.repairs else ""
    click.echo(f"  the {physical.chemistry.name} battery follows the plan{repaired}:")
    helped_kwh = float(trace.auxiliary_kw.sum() * hours)
    lines = [
        f"it costs {outcome.operation.money_difference:+,.2f} more than planned, "
        f"{followed.auxiliary_cost:,.2f} of it for {helped_kwh:,.0f} kWh of fans, heating and control",
        f"discharge missing {max(followed.missing_kwh, 0.0):,.1f} kWh, charge not needed "
        f"{max(followed.spared_kwh, 0.0):,.1f} kWh, in store at the end "
        f"{followed.stored_difference_kwh:+,.1f} kWh",
        f"cells between {trace.celsius.min():.1f} and {trace.celsius.max():.1f} °C",
    ]
    if trace.hydrogen_bar.max() > 0:
        limit = physical.chemistry.pressure_limit_bar
        lines.append(f"hydrogen up to {trace.hydrogen_bar.max():.1f} bar of {limit:.0f} allowed")
    for text in lines:
        click.echo(f"    {text}")


def _show_services(outcome: DispatchOutcome) -> None:
    asked, stacked = outcome.asked.services, outcome.operation.stacked
    if asked is None:
        return
    for number, (call, took_part) in enumerate(zip(asked.calls, stacked.took_part, strict=True), 1):
        what = "takes part" if took_part else "is not worth taking part"
        window = f"slots {call.first_slot} to {call.last_slot}"
        if outcome.asked.grid is not None:
            first, last = (outcome.asked.grid.time_of(at) for at in (call.first_slot, call.last_slot + 1))
            window = f"{first:%Y-%m-%d %H:%M} to {last:%H:%M}"
        click.echo(f"  call {number}, {window}, {call.committed_kw:,.0f} kW: {what}")
    if asked.regulation is not None and len(stacked.regulation_kw):
        sold = stacked.regulation_kw
        click.echo(
            f"  regulation: {sold.mean():,.0f} kW sold on average, {(sold > 1e-6).sum()} of {len(sold)} hours"
        )
    measured = outcome.asked.measured
    if measured is not None:
        score = float(np.mean([each.score for each in measured.scores]))
        index = measured.index
        signal = "recorded" if measured.recorded else "made-up"
        click.echo(
            f"  measured on a {signal} signal: PJM score {score:.3f}, K1 {index.rate:.2f}, "
            f"K2 {index.precision:.2f}, K3 {index.response_time:.2f}, "
            f"K1·K2 {index.of_two:.2f}, K1·K2·K3 {index.of_three:.2f}"
        )


def _show_worths(outcome: DispatchOutcome) -> None:
    if not outcome.worths:
        return
    table = Table(title="What the battery earns by", title_justify="left", title_style="bold")
    table.add_column("source")
    table.add_column("alone", justify="right")
    table.add_column("lost if left out", justify="right")
    for name, worth in outcome.worths.items():
        if name == "stack":
            table.add_section()
        table.add_row(_SOURCES[name], f"{worth.alone:,.2f}", f"{worth.left_out:,.2f}")
    console = Console(highlight=False)
    if not console.is_terminal:
        console = Console(highlight=False, width=_WIDTH)
    console.print(table)
    click.echo("Sources share one battery: their worths do not add up to the whole.")


def _show_years(outcome: DispatchOutcome) -> None:
    economics = outcome.economics
    if economics is None:
        return
    first, last = economics.years[0], economics.years[-1]
    parts = ", ".join(
        f"{name.replace('_', ' ')} {money:,.0f}" for name, money in saving_parts(first.saving).items()
    )

    def told(value: float | None, form: str) -> str:
        return "none" if value is None else format(value, form)

    left = last.battery.energy_kwh / first.battery.energy_kwh
    click.echo(f"  {last.year} years like this one, discounted at {economics.discount_rate:.1%}:")
    for name, text in (
        ("invested", f"{-economics.cash_flow_money[0]:,.0f}"),
        ("saved in year 1", f"{first.saving.total:,.0f} ({parts})"),
        (f"saved in year {last.year}", f"{last.saving.total:,.0f}, with {left:.1%} of year 1's capacity"),
        ("net present value", f"{economics.npv_money:,.0f}"),
        ("internal return", told(economics.irr, ".2%")),
        ("payback", f"{told(economics.payback_years, '.1f')} years"),
        (
            "cost of storage",
            f"{told(economics.lcos_money_per_kwh, '.3f')} a kWh given, "
            f"{told(economics.lcos_without_charging_money_per_kwh, '.3f')} without the energy charged",
        ),
    ):
        click.echo(f"    {name:<18} {text}")


def _show_rolling(outcome: DispatchOutcome) -> None:
    rolling, before = outcome.rolling, outcome.before
    if rolling is None:
        return
    rolled = rolling.rolled
    sources = ", ".join(f"{name} {source}" for name, source in rolling.forecasts.items())
    click.echo(
        f"  rolling: {rolled.plans:,} plans, every {rolling.every_hours:g} h, "
        f"{rolling.horizon_hours:g} h ahead; forecasts: {sources}"
    )
    lines = [
        ("it pays", rolled.cost),
        ("perfect foresight", rolling.perfect_cost),
        ("regret", rolling.regret),
    ]
    for name, value in lines:
        click.echo(f"    {name:<18} {value:>12,.2f}")
    if before is not None and before.cost > rolling.perfect_cost:
        kept = (before.cost - rolled.cost) / (before.cost - rolling.perfect_cost)
        click.echo(f"    {'of the saving':<18} {kept:>12.1%}")
    click.echo(f"    {'forecasts off by':<18} {rolled.forecast_error_kw:>12,.1f} kW on average")
    if rolled.softened:
        click.echo(f"    {rolled.softened} plans could not keep every limit and gave one up for its price")
    if not rolled.kept_limits:
        click.echo(
            f"    beyond the limits: {rolled.import_excess_kwh:,.1f} kWh import "
            f"(up to {rolled.highest_import_excess_kw:,.1f} kW), {rolled.export_excess_kwh:,.1f} kWh export"
        )
    if rolled.end_missing_kwh > 1e-6:
        click.echo(f"    {rolled.end_missing_kwh:,.1f} kWh are missing at the end, counted in what it pays")
