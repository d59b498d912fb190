"""``juli dispatch``: the cheapest way to run one battery."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from juli.plant.tariffs import TariffBill
    from juli.power.dispatch_file import DispatchFile
    from juli.power.services.operation import Operation
    from juli.power.services.stacking import Stacked, Worth


@click.command()
@click.argument("file", metavar="FILE.yaml", type=click.Path(path_type=Path))
@click.option(
    "--worth/--no-worth",
    "with_worth",
    default=None,
    help="What each source earns alone and left out; by default where the file has services.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else.")
def command(file: Path, with_worth: bool | None, as_json: bool) -> None:
    """Dispatch a battery behind one meter at the least cost.

    FILE.yaml has the keys step_hours, consumption_kw, solar_kw, buy, sell, battery (charge_kw, discharge_kw,
    energy_kwh, charge_efficiency, discharge_efficiency, start_kwh, end_kwh, ...), demand_price and so on:
    numbers, lists with one value per slot, or 'series: FILE.csv' with the columns time, consumption_kw,
    solar_kw, buy, sell. A battery may be given by its chemistry, prices by a tariff, and services beside:
    see docs/battery.md and docs/services.md.
    """
    from juli.power.dispatch_file import DispatchFile
    from juli.power.services.operation import operate, without_battery
    from juli.report.dispatch.document import as_json as document
    from juli.report.dispatch.outcome import DispatchOutcome

    asked = DispatchFile(file)
    operation = operate(asked.problem, asked.services, asked.physical)
    before = without_battery(asked.problem, asked.services)
    outcome = DispatchOutcome(
        asked=asked,
        operation=operation,
        before=before,
        worths=_worths(asked, operation, with_worth),
        bills=_bills(asked, operation, before),
        notes=tuple(asked.notes),
    )
    if as_json:
        click.echo(json.dumps(document(outcome), allow_nan=False, ensure_ascii=False))
    else:
        from juli.report.dispatch.terminal import show

        show(outcome)


def _worths(asked: "DispatchFile", operation: "Operation", wanted: bool | None) -> "dict[str, Worth]":
    from juli.power.services.stacking import Services, worths

    if wanted is False or (wanted is None and asked.services is None) or operation.problem.battery is None:
        return {}
    # With the battery and the bounds that the physics could follow.
    return worths(operation.problem, asked.services or Services())


def _bills(
    asked: "DispatchFile", operation: "Operation", before: "Stacked | None"
) -> "tuple[TariffBill | None, TariffBill] | None":
    if asked.tariff is None:
        return None
    without = None if before is None else asked.tariff.bill_of(before.dispatch)
    return without, asked.tariff.bill_of(operation.dispatch)
