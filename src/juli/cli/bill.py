"""``juli bill``: what a load costs on a tariff, line by line."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from rich.table import Table

    from juli.plant.tariffs import MonthBill, TariffBill, TariffLine

_MODES = ("transformer_capacity", "contract_demand", "measured_maximum")
#: Wide enough for a line with the money of each component; a narrower terminal wraps.
_WIDTH_WHERE_THERE_IS_NO_TERMINAL = 132


@click.command()
@click.argument("load", metavar="LOAD.csv", type=click.Path(path_type=Path))
@click.option(
    "--tariff", "tariff_name", required=True, help="A tariff's name, a YAML file or an OpenEI JSON rate."
)
@click.option(
    "--demand-mode", type=click.Choice(_MODES), help="How a two-part tariff's capacity part is paid."
)
@click.option("--capacity-kva", type=click.FloatRange(0, min_open=True), help="Capacity of the transformers.")
@click.option("--contract-kw", type=click.FloatRange(0, min_open=True), help="The contracted demand.")
@click.option("--load-column", default="consumption_kw", show_default=True, help="Consumption, mean kW.")
@click.option(
    "--solar-column", metavar="COLUMN", help="Solar power to subtract, mean kW; the surplus is sold."
)
@click.option("--reactive", "reactive_column", metavar="COLUMN", help="Reactive power, kvar: adjusts for it.")
@click.option("--time-zone", metavar="ZONE", help="Of times without an offset; the tariff's own otherwise.")
@click.option("--any-date", is_flag=True, help="Reckon even where the tariff is not in force.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else.")
def command(
    load: Path,
    tariff_name: str,
    demand_mode: str | None,
    capacity_kva: float | None,
    contract_kw: float | None,
    load_column: str,
    solar_column: str | None,
    reactive_column: str | None,
    time_zone: str | None,
    any_date: bool,
    as_json: bool,
) -> None:
    """Bill the load of a CSV file on a tariff, by month and price period.

    LOAD.csv has the columns time (beginnings of equal slots) and consumption_kw (mean power).
    """
    from juli.plant.tariffs import DemandContract, DemandMode, bill, load_tariff, read_series
    from juli.plant.tariffs.local_time import zone_of

    tariff = load_tariff(tariff_name, time_zone=time_zone)
    if any_date:
        tariff = tariff.undated()
    try:
        zone = zone_of(time_zone or tariff.time_zone)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--time-zone") from None
    columns = [column for column in (load_column, solar_column, reactive_column) if column]
    series = read_series(load, columns, zone)
    grid_kw = series.columns[load_column]
    if solar_column:
        grid_kw = grid_kw - series.columns[solar_column]
    contract = DemandContract(
        mode=DemandMode(demand_mode) if demand_mode else None,
        contract_kw=contract_kw,
        capacity_kva=capacity_kva,
    )
    reactive_kvar = series.columns[reactive_column] if reactive_column else None
    billed = bill(grid_kw, series.grid, tariff, contract, reactive_kvar)
    if as_json:
        click.echo(json.dumps(billed.as_json(), ensure_ascii=False))
    else:
        _show(billed)


def _show(billed: "TariffBill") -> None:
    from rich.console import Console

    console = Console(highlight=False)
    if not console.is_terminal:
        console = Console(highlight=False, width=_WIDTH_WHERE_THERE_IS_NO_TERMINAL)
    tariff = billed.tariff
    console.print(f"[bold]{tariff.title or tariff.name}[/bold]", tariff.source, sep="\n")
    for month in billed.months:
        console.print(_month_table(month, tariff.currency))
    console.print(_summary_table(billed))
    for what, how in tariff.known.items():
        console.print(f"[dim]{what}: {how}[/dim]")
    for warning in billed.warnings:
        click.echo(str(warning), err=True)


def _month_table(month: "MonthBill", currency: str) -> "Table":
    from rich.table import Table

    components = list(dict.fromkeys(name for line in month.lines for name in line.moneys))
    components = components if len(components) > 1 else []
    table = Table(title=month.month, title_justify="left", title_style="bold", show_footer=True)
    table.add_column("line", "total")
    for heading in ("quantity", "price", *components):
        table.add_column(heading, justify="right")
    table.add_column(currency, _money(month.money), justify="right")
    for line in month.lines:
        table.add_row(
            _name(line),
            f"{line.quantity:,.2f} {line.unit if line.unit != 'money' else currency}",
            f"{line.price:.5g}",
            *(_money(line.moneys[name]) if name in line.moneys else "" for name in components),
            _money(line.money),
        )
    return table


def _summary_table(billed: "TariffBill") -> "Table":
    from rich.table import Table

    table = Table(title="Sum", title_justify="left", title_style="bold", show_footer=True)
    table.add_column("month", "total")
    table.add_column(
        "import kWh", f"{sum(month.import_kwh for month in billed.months):,.0f}", justify="right"
    )
    table.add_column("peak kW", f"{max(month.peak_kw for month in billed.months):,.1f}", justify="right")
    for kind in billed.kinds:
        table.add_column(kind.replace("_", " "), _money(billed.money_of(kind)), justify="right")
    table.add_column(billed.tariff.currency, _money(billed.money), justify="right")
    for month in billed.months:
        table.add_row(
            month.month,
            f"{month.import_kwh:,.0f}",
            f"{month.peak_kw:,.1f}",
            *(_money(month.money_of(kind)) for kind in billed.kinds),
            _money(month.money),
        )
    return table


def _name(line: "TariffLine") -> str:
    name = line.name.replace("_", " ")
    return f"export, {name}" if line.kind == "export" else name


def _money(money: float) -> str:
    return f"{money:,.2f}"
