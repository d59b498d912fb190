"""``juli dispatch``: the cheapest way to run one battery."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from juli.plant.model import Language

if TYPE_CHECKING:
    from juli.plant.tariffs import TariffBill
    from juli.power.dispatch_file import DispatchFile
    from juli.power.economics import Economics, Fade
    from juli.power.services.operation import Operation
    from juli.power.services.stacking import Stacked, Worth
    from juli.report.dispatch.outcome import RollingOutcome

EXIT_BROKEN_RULE = 1


@click.command()
@click.argument("file", metavar="FILE.yaml", type=click.Path(path_type=Path))
@click.option(
    "--worth/--no-worth",
    "with_worth",
    default=None,
    help="What each source earns alone and left out; by default where the file has services.",
)
@click.option(
    "--rolling",
    type=click.Choice(["slot", "hour", "day"]),
    help="Plan with forecasts, act on what comes, and plan anew each slot, hour or day.",
)
@click.option(
    "--forecaster",
    type=click.Choice(["naive", "learned"]),
    default="naive",
    show_default=True,
    help="For series without a forecast_ column: the season before, or learned trees (extra 'forecast').",
)
@click.option(
    "--horizon",
    "horizon_hours",
    type=click.FloatRange(min=1),
    default=48.0,
    show_default=True,
    help="How far a rolling plan looks [h].",
)
@click.option(
    "--years", type=click.IntRange(1, 100), help="What the battery comes to over so many years like this."
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    help="Write dispatch.html here: the week, the bill by source, the state of charge.",
)
@click.option(
    "--lang",
    "language",
    type=click.Choice(["zh", "en"]),
    default="en",
    show_default=True,
    help="Language shown.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else.")
def command(
    file: Path,
    with_worth: bool | None,
    rolling: str | None,
    forecaster: str,
    horizon_hours: float,
    years: int | None,
    out: Path | None,
    language: Language,
    as_json: bool,
) -> None:
    """Dispatch a battery behind one meter at the least cost.

    FILE.yaml has the keys step_hours, consumption_kw, solar_kw, buy, sell, battery (charge_kw, discharge_kw,
    energy_kwh, charge_efficiency, discharge_efficiency, start_kwh, end_kwh, ...), demand_price and so on:
    numbers, lists with one value per slot, or 'series: FILE.csv' with the columns time, consumption_kw,
    solar_kw, buy, sell. A battery may be given by its chemistry, prices by a tariff, and services beside:
    see docs/battery.md and docs/services.md.

    Exit status: 0 done; 1 rolling operation broke a limit of the grid; 2 bad input.
    """
    from juli.power.dispatch_file import DispatchFile
    from juli.power.services.operation import operate, without_battery
    from juli.report.dispatch.document import as_json as document
    from juli.report.dispatch.outcome import DispatchOutcome

    asked = DispatchFile(file)
    operation = operate(asked.problem, asked.services, asked.physical)
    before = without_battery(asked.problem, asked.services)
    economics, fade = _economics(asked, operation, years)
    outcome = DispatchOutcome(
        asked=asked,
        operation=operation,
        before=before,
        worths=_worths(asked, operation, with_worth),
        bills=_bills(asked, operation, before),
        economics=economics,
        fade=fade,
        rolling=_rolling(asked, operation, rolling, forecaster, horizon_hours),
        notes=tuple(asked.notes),
    )
    if out is not None:
        from juli.report.dispatch.page import write_page

        write_page(out / "dispatch.html", outcome, file.stem, language)
    if as_json:
        click.echo(json.dumps(document(outcome), allow_nan=False, ensure_ascii=False))
    else:
        from juli.report.dispatch.terminal import show

        show(outcome, language)
        if out is not None:
            from juli.report.dispatch.words import said

            click.echo(f"  {said('told_written', language, path=out / 'dispatch.html')}")
    if outcome.rolling is not None and not outcome.rolling.rolled.kept_limits:
        sys.exit(EXIT_BROKEN_RULE)


def _worths(asked: "DispatchFile", operation: "Operation", wanted: bool | None) -> "dict[str, Worth]":
    from juli.power.services.stacking import Services, worths

    if wanted is False or (wanted is None and asked.services is None) or operation.problem.battery is None:
        return {}
    # With the battery and the bounds that the physics could follow.
    return worths(operation.problem, asked.services or Services())


def _economics(
    asked: "DispatchFile", operation: "Operation", years: int | None
) -> "tuple[Economics | None, Fade | None]":
    from juli.core.errors import InputError, Problem
    from juli.power.services.aging import economics_of

    if years is None:
        return None, None
    if asked.outlook is None:
        mend = "give economics with cost_money, or price_per_kwh and price_per_kw"
        raise InputError([Problem(asked.place_of(), "--years needs the battery's price", mend)])
    return economics_of(operation, asked.outlook, years, asked.services, asked.physical)


def _bills(
    asked: "DispatchFile", operation: "Operation", before: "Stacked | None"
) -> "tuple[TariffBill | None, TariffBill] | None":
    if asked.tariff is None:
        return None
    without = None if before is None else asked.tariff.bill_of(before.dispatch)
    return without, asked.tariff.bill_of(operation.dispatch)


def _rolling(
    asked: "DispatchFile", operation: "Operation", every: str | None, forecaster: str, horizon_hours: float
) -> "RollingOutcome | None":
    """Run the site as it would have been run, knowing only forecasts."""
    if every is None:
        return None
    import numpy as np

    from juli.core.errors import InputError, Problem
    from juli.power.forecast import forecasters_of
    from juli.power.rolling import PhysicalStore, roll
    from juli.report.dispatch.outcome import RollingOutcome

    problem, services = operation.problem, asked.services
    if problem.battery is None:
        mend = "give a battery, or leave --rolling out"
        raise InputError([Problem(asked.place_of("battery"), "rolling needs a battery", mend)])
    if problem.more_batteries:
        message = "rolling knows one battery only"
        raise InputError([Problem(asked.place_of("more_batteries"), message, "keep one, or leave it out")])
    ramps = services and services.firming and np.isfinite(services.firming.ramp_kw_per_hour)
    if services is not None and (services.calls or services.regulation or ramps):
        message = "rolling runs energy and a declared schedule; calls, regulation and ramps it can't"
        mend = "leave them out, or leave --rolling out"
        raise InputError([Problem(asked.place_of("services"), message, mend)])
    hours = problem.step_hours
    every_slots = max(round({"slot": hours, "hour": 1.0, "day": 24.0}[every] / hours), 1)
    horizon_slots = max(round(horizon_hours / hours), every_slots)
    actual = {"consumption_kw": problem.consumption_kw, "solar_kw": problem.solar_kw}
    actual |= {name: getattr(problem, name) for name in asked.forecasts}
    forecasters = forecasters_of(
        actual,
        asked.forecasts,
        forecaster,
        hours,
        every=every_slots,
        count=horizon_slots,
        calendar=asked.hour_of_week(),
    )
    store = None
    if asked.physical is not None:
        chemistry, state = asked.physical.chemistry, asked.physical.state
        assert state is not None
        ambient = np.broadcast_to(np.asarray(asked.physical.ambient_celsius, dtype=float), (problem.slots,))
        store = PhysicalStore(
            chemistry, chemistry.at_stored(state, problem.battery.start_kwh), hours, ambient
        )
    rolled = roll(problem, forecasters, store, every_slots=every_slots, horizon_slots=horizon_slots)
    sources = {name: "given" if name in asked.forecasts else forecaster for name in forecasters}
    sources |= {name: "known" for name in ("buy", "sell") if name not in sources}
    return RollingOutcome(rolled, every_slots * hours, horizon_slots * hours, sources, operation.actual_cost)
