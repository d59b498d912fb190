"""``juli dispatch``: the cheapest way to run one battery."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from juli.power.dispatch_file import DispatchFile
    from juli.power.problem import Dispatch


@click.command()
@click.argument("file", metavar="FILE.yaml", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else.")
def command(file: Path, as_json: bool) -> None:
    """Dispatch a battery behind one meter at the least cost.

    FILE.yaml has the keys step_hours, consumption_kw, solar_kw, buy, sell, battery (charge_kw, discharge_kw,
    energy_kwh, charge_efficiency, discharge_efficiency, start_kwh, end_kwh, ...), demand_price and so on:
    numbers, lists with one value per slot, or 'series: FILE.csv' with the columns time, consumption_kw,
    solar_kw, buy, sell.
    """
    from juli.power.dispatch_file import DispatchFile
    from juli.power.engines import dispatch

    asked = DispatchFile(file)
    answer = dispatch(asked.problem)
    if as_json:
        click.echo(json.dumps(_as_json(answer), allow_nan=False))
    else:
        _show(asked, answer)


def _as_json(answer: "Dispatch") -> dict[str, Any]:
    """The dispatch's own keys; series as lists."""
    import numpy as np

    return {
        key: value.tolist() if isinstance(value, (np.ndarray, np.generic)) else value
        for key, value in vars(answer).items()
    }


def _show(asked: "DispatchFile", answer: "Dispatch") -> None:
    """A few lines for people: what it costs with the battery and without, peaks and cycles."""
    from dataclasses import replace

    from juli.core.errors import InfeasibleError
    from juli.power.engines import dispatch

    problem = asked.problem
    try:
        before = dispatch(replace(problem, battery=None))
    except InfeasibleError:
        before = None
    click.echo(f"{problem.slots} slots of {problem.step_hours:g} h, {answer.engine}")
    for name in ("energy_cost", "demand_cost", "wear_cost", "deviation_cost", "end_value", "cost"):
        value = getattr(answer, name)
        if value or name in ("energy_cost", "cost"):
            without = "" if before is None else f"   without battery {getattr(before, name):>14,.2f}"
            click.echo(f"  {name.replace('_', ' '):<14} {value:>14,.2f}{without}")
    if before is not None:
        click.echo(f"  {'saved':<14} {before.cost - answer.cost:>14,.2f}")
    peak = f"  {'highest import':<14} {max(answer.grid_kw.max(), 0):>14,.1f} kW"
    if before is not None:
        peak += f" without battery {max(before.grid_kw.max(), 0):>11,.1f} kW"
    click.echo(peak)
    if problem.battery is not None and problem.battery.energy_kwh > 0:
        given = answer.battery_kw.clip(min=0).sum() * problem.step_hours
        cycles = given / problem.battery.discharge_efficiency / problem.battery.energy_kwh
        click.echo(f"  {'full cycles':<14} {cycles:>14,.1f}")
    if not answer.exact:
        click.echo(f"  not proven least: no cheaper than {answer.bound:,.2f}")
