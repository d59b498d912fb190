"""``juli schema``: the JSON Schemas, for editors and for other programs."""

import click


@click.command()
@click.option(
    "--what",
    type=click.Choice(["plant", "plan"]),
    default="plant",
    show_default=True,
    help="plant.yaml, which people write, or plan.json, which Juli writes.",
)
def command(what: str) -> None:
    """Print a JSON Schema: editors complete and check plant.yaml with it, programs read plan.json by it."""
    from juli.plan.document import PlanDocument
    from juli.plant.factory import Plant
    from juli.plant.schema import schema_text

    click.echo(schema_text(Plant if what == "plant" else PlanDocument), nl=False)
