"""``juli plans``: list the plans that were kept."""

import json
from typing import Any

import click

from juli.cli.plan import json_option, store_option


@click.command()
@click.option(
    "--limit", type=click.IntRange(min=1), default=20, show_default=True, help="How many, newest first."
)
@store_option
@json_option
def command(limit: int, store_url: str | None, as_json: bool) -> None:
    """List the plans that were kept, newest first."""
    from juli.store import PlanArchive, default_url

    with PlanArchive(store_url or default_url()) as archive:
        records = archive.records(limit)
    if as_json:
        rows: list[dict[str, Any]] = [
            {**vars(record), "made_at": record.made_at.isoformat()} for record in records
        ]
        click.echo(json.dumps({"plans": rows}, ensure_ascii=False))
        return
    if not records:
        click.echo("no plan has been kept yet; 'juli plan DIR' makes one")
        return
    from rich.console import Console
    from rich.table import Table

    from juli.core.money import format_money

    table = Table(box=None, pad_edge=False)
    for title in ("ID", "Made (UTC)", "Plant", "Status", "Inputs", "Seed"):
        table.add_column(title)
    table.add_column("Cost", justify="right")
    for record in records:
        table.add_row(
            str(record.id),
            f"{record.made_at:%Y-%m-%d %H:%M}",
            record.plant,
            record.status,
            record.inputs_fingerprint[:8],
            str(record.seed),
            format_money(record.cost_money, record.currency),
        )
    Console(highlight=False).print(table)
