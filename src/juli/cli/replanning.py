"""``juli plan --from PLAN --event FILE``: a plan again, after what has happened."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from juli.core.errors import InputError, Problem
from juli.plant.model import Language

if TYPE_CHECKING:
    from juli.plan.result import Plan
    from juli.solve.completion import Effort
    from juli.solve.replan import Replanned


def replan_folder(
    folder: Path,
    told: str,
    event: Path,
    freeze_hours: float | None,
    effort: "Effort",
    out: Path | None,
    language: Language,
    store_url: str | None,
    as_json: bool,
) -> int:
    """Replan, keep and show the new plan and what it changes; give the exit status."""
    from juli.cli.plan import EXIT_BROKEN_RULE, EXIT_NO_PLAN, keep_plan, report_plan, summary, tell_no_plan
    from juli.cli.progress import SolveProgress
    from juli.report.changes import Changed, changes_text
    from juli.solve.day import load
    from juli.solve.replan import read_events, replan

    plan = told_plan(told, store_url)
    day = load(folder, plan.schedule.start, planned_days(plan))
    events = read_events(event)
    with SolveProgress() as progress:
        answer = replan(day, plan, events, effort, freeze_hours=freeze_hours, on_step=progress)
    outcome = answer.outcome
    if outcome.plan is None:
        tell_no_plan(outcome, as_json, answer.rules)
        return EXIT_NO_PLAN
    kept = keep_plan(answer.day, outcome, store_url)
    files = report_plan(answer.day, outcome, out, language, Changed(answer, plan))
    if as_json:
        content = summary(answer.day, outcome, kept, files) | _as_json(answer)
        click.echo(json.dumps(content, ensure_ascii=False, allow_nan=False))
    else:
        from juli.report.terminal import show_plan

        show_plan(
            answer.day.plant,
            answer.day.demand,
            outcome.work,
            outcome.plan,
            outcome.violations,
            language,
            kept,
            files,
        )
        click.echo(changes_text(answer, plan, language))
    return EXIT_BROKEN_RULE if outcome.violations else 0


def told_plan(told: str, store_url: str | None) -> "Plan":
    """Find a plan by its file or by its number in the store."""
    path = Path(told)
    if told.isdigit() and not path.exists():
        from juli.store import PlanArchive, default_url

        with PlanArchive(store_url or default_url()) as archive:
            return archive.find(int(told))[1]
    from juli.plan.document import read_plan

    try:
        return read_plan(path)
    except OSError as error:
        raise InputError([Problem(told, f"can't be read: {error.strerror}", "name a plan.json")]) from error
    except ValueError as error:
        raise InputError([Problem(told, "is no plan of Juli's", "name a plan.json that it wrote")]) from error


def planned_days(plan: "Plan") -> int:
    """How many days of the wall clock a plan covers."""
    return (plan.schedule.end.date() - plan.schedule.start.date()).days


def _as_json(answer: "Replanned") -> dict[str, Any]:
    """What changed; moments in ISO 8601."""
    grid = answer.day.demand.schedule

    def run(one: Any) -> dict[str, Any] | None:
        if one is None:
            return None
        start, end = grid.time_of(one.start).isoformat(), grid.time_of(one.end).isoformat()
        return {"machine": one.machine, "start": start, "end": end}

    return {
        "told": answer.told,
        "untouched": answer.untouched,
        "moved_untouched": answer.moved_untouched,
        "changes": [
            {
                "operation": change.operation,
                "before": run(change.before),
                "after": run(change.after),
                "cause": change.cause,
                "event": change.event or None,
            }
            for change in answer.changes
        ],
        "orders": [vars(order) for order in answer.orders],
    }
