"""``juli explain``: why an order is late and what would mend it, or what its punctuality costs."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from juli.cli.plan import json_option, language_option, store_option
from juli.plant.model import Language

if TYPE_CHECKING:
    from juli.plan.result import Plan
    from juli.solve.day import Day
    from juli.solve.explanation import Explanation


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.argument("order", metavar="ORDER")
@click.option(
    "--plan", "told", metavar="PLAN", help="A plan.json, or a kept plan's number; else it is planned now."
)
@click.option(
    "--time",
    "seconds",
    type=click.FloatRange(min=0.1),
    default=10.0,
    show_default=True,
    help="Time limit [s].",
)
@click.option("--iterations", type=click.IntRange(min=1), help="Rounds of each search: the same every time.")
@click.option("--seed", type=int, default=0, show_default=True, help="Where all chance comes from.")
@language_option
@store_option
@json_option
def command(
    folder: Path,
    order: str,
    told: str | None,
    seconds: float,
    iterations: int | None,
    seed: int,
    language: Language,
    store_url: str | None,
    as_json: bool,
) -> None:
    """Say why ORDER of the plant in DIR is met when it is.

    For a late order: the chain of operations, machines and rules behind it, and what would mend it, each mend
    found by solving again. For a punctual one: what its punctuality costs.

    Exit status: 0 done; 2 bad input; 3 there is no plan to explain within the time limit.
    """
    import sys

    from juli.cli.plan import EXIT_NO_PLAN, tell_no_plan
    from juli.cli.replanning import planned_days, told_plan
    from juli.report.explanation import explanation_text
    from juli.solve.completion import Effort
    from juli.solve.day import load
    from juli.solve.explanation import explain
    from juli.solve.week import solve_day

    effort = Effort(seconds=seconds, iterations=iterations, seed=seed)
    if told is not None:
        plan = told_plan(told, store_url)
        day = load(folder, plan.schedule.start, planned_days(plan))
    else:
        day = load(folder)
        outcome = solve_day(day, effort)
        if outcome.plan is None:
            tell_no_plan(outcome, as_json)
            sys.exit(EXIT_NO_PLAN)
        plan = outcome.plan
    answer = explain(day, plan, order, effort)
    if as_json:
        click.echo(json.dumps(_as_json(day, plan, answer), ensure_ascii=False, allow_nan=False))
    else:
        click.echo(explanation_text(day.plant, plan, answer, language))


def _as_json(day: "Day", plan: "Plan", answer: "Explanation") -> dict[str, Any]:
    """Give the JSON object of ``--json``; its keys are a contract. Moments are in ISO 8601."""
    grid = plan.schedule
    return {
        "order": answer.order,
        "currency": day.plant.currency,
        "due": grid.at_seconds(answer.due_seconds).isoformat(),
        "completed": grid.at_seconds(answer.completed_seconds).isoformat(),
        "met": grid.at_seconds(answer.met_seconds).isoformat(),
        "late_hours": answer.late_hours,
        "works_late_hours": answer.works_late_hours,
        "punctuality_money": answer.punctuality_money,
        "chain": [
            {
                "operation": link.run.operation,
                "order": link.order,
                "machine": link.run.machine,
                "start": grid.time_of(link.run.start).isoformat(),
                "end": grid.time_of(link.run.end).isoformat(),
                "binding": link.binding,
                "by": link.by or None,
                "closed_hours": link.closed_hours,
            }
            for link in answer.chain
        ],
        "mends": [
            {
                "kind": mend.kind,
                "subject": mend.subject or None,
                "completed": grid.time_of(mend.completed_slot).isoformat(),
                "late_hours": mend.late_hours,
                "cost_money": mend.cost_money,
                "saved_money": mend.saved_money,
                "later_orders": list(mend.later_orders),
            }
            for mend in answer.mends
        ],
    }
