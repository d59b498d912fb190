"""``juli show``: open a plan that was kept."""

from pathlib import Path

import click

from juli.cli.plan import json_option, language_option, store_option
from juli.plant.model import Language


@click.command()
@click.argument("plan_id", metavar="ID", type=int)
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="Write its report here again.")
@language_option
@store_option
@json_option
def command(plan_id: int, out: Path | None, language: Language, store_url: str | None, as_json: bool) -> None:
    """Show the kept plan ID: its bill, or with --json the whole of it.

    A report (--out) needs the plant's folder as it was when the plan was made.
    """
    from juli.core.errors import InputError
    from juli.plan.document import to_document
    from juli.store import PlanArchive, default_url, fingerprint

    with PlanArchive(store_url or default_url()) as archive:
        record, plan = archive.find(plan_id)
    if as_json:
        click.echo(to_document(plan).model_dump_json())
        return
    from juli.report.terminal import show_bill

    show_bill(record.plant, record.currency, plan, language)
    if out is not None:
        from juli.plan.checking import check
        from juli.report.files import write_report
        from juli.solve.day import load

        days = (plan.schedule.end - plan.schedule.start).days
        day = load(record.folder, plan.schedule.start, days)
        if fingerprint(day.plant, day.demand) != record.inputs_fingerprint:
            raise InputError(
                f"the files in {record.folder} have changed since plan {plan_id} was made; "
                "plan again, or bring them back"
            )
        files = write_report(out, day.plant, day.demand, plan, check(day.plant, day.demand, plan), language)
        for path in files.values():
            click.echo(str(path))
