"""``juli plan``: plan a folder's days, judge the plan, keep it, report it."""

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from juli.core.errors import InputError
from juli.plant.model import Language

if TYPE_CHECKING:
    from juli.report.changes import Changed
    from juli.solve.choices.comparison import Comparison
    from juli.solve.choices.hedge import Hedged
    from juli.solve.day import Day
    from juli.solve.week import Outcome
    from juli.workshop.contradiction_wording import Explained

EXIT_BROKEN_RULE = 1
EXIT_NO_PLAN = 3

#: Rules that contradict each other are looked for no longer than this [s].
CONTRADICTION_SECONDS = 20.0

#: Time limit of replanning where none is told [s].
REPLAN_SECONDS = 5.0


class Moment(click.ParamType[datetime]):
    """A date or a date and time in ISO 8601."""

    name = "ISO"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Read the text, or say how it is written."""
        if isinstance(value, datetime):
            return value
        try:
            return datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is no moment; write 2023-12-18 or 2023-12-18T06:00", param, ctx)


language_option = click.option(
    "--lang",
    "language",
    type=click.Choice(["zh", "en"]),
    default="en",
    show_default=True,
    help="Language shown.",
)
store_option = click.option(
    "--store",
    "store_url",
    metavar="URL",
    help="Database of plans; $JULI_STORE or ~/.juli/plans.sqlite otherwise.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else.")


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--start", type=Moment(), help="First moment planned; local time without an offset.")
@click.option("--days", type=click.IntRange(1, 62), help="How many days to plan.")
@click.option(
    "--time",
    "seconds",
    type=click.FloatRange(min=0.1),
    default=60.0,
    show_default=True,
    help="Time limit [s].",
)
@click.option(
    "--iterations", type=click.IntRange(min=0), help="Rounds of each search: the same plan every time."
)
@click.option("--seed", type=int, default=0, show_default=True, help="Where all chance comes from.")
@click.option(
    "--threads", type=click.IntRange(min=1), default=2, show_default=True, help="Searches side by side."
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    help="Write report.html, plan.xlsx, plan.json here.",
)
@click.option(
    "--from",
    "told",
    metavar="PLAN",
    help="Replan from this plan: a plan.json, or the number of a kept plan.",
)
@click.option(
    "--event", type=click.Path(path_type=Path), help="What has happened since; needs --from. A YAML file."
)
@click.option(
    "--freeze", "freeze_hours", type=click.FloatRange(min=0), help="Hours from now on in which nothing moves."
)
@click.option("--compare", is_flag=True, help="Lay the sequential plan and plans with less beside the joint.")
@click.option(
    "--scenarios",
    metavar="FILE",
    help="Plan against several forecasts: a YAML file, or 'usual' for a spread of the plant's own.",
)
@click.option(
    "--risk",
    type=click.Choice(["mean", "cvar"]),
    default="mean",
    show_default=True,
    help="With --scenarios: good on average, or over the dearest part of them.",
)
@click.option(
    "--alpha",
    type=click.FloatRange(0.0, 1.0, max_open=True),
    default=0.8,
    show_default=True,
    help="With --risk cvar: the dearest part is 1 - alpha.",
)
@language_option
@store_option
@json_option
def command(
    folder: Path,
    start: datetime | None,
    days: int | None,
    seconds: float,
    iterations: int | None,
    seed: int,
    threads: int,
    out: Path | None,
    told: str | None,
    event: Path | None,
    freeze_hours: float | None,
    compare: bool,
    scenarios: str | None,
    risk: str,
    alpha: float,
    language: Language,
    store_url: str | None,
    as_json: bool,
) -> None:
    """Plan the days of the plant in DIR; with --from and --event, plan again after what has happened.

    With --scenarios the time limit is for all plans together; with --compare it is the joint plan's, and the
    plans beside it take about twice as long again.

    Exit status: 0 done; 1 the plan breaks a rule; 2 bad input; 3 no plan within the time limit.
    """
    from juli.cli.progress import SolveProgress
    from juli.solve.day import load
    from juli.solve.week import Effort, solve_day

    if (compare and scenarios is not None) or ((event or told) and (compare or scenarios is not None)):
        raise click.UsageError("--compare, --scenarios and --event are asked for one at a time")
    if event is not None or told is not None:
        from juli.cli.replanning import replan_folder

        if event is None or told is None:
            raise click.UsageError("--from PLAN and --event FILE go together")
        source = click.get_current_context().get_parameter_source("seconds")
        quick = REPLAN_SECONDS if source is click.core.ParameterSource.DEFAULT else seconds
        effort = Effort(seconds=quick, iterations=iterations, seed=seed, threads=threads)
        sys.exit(replan_folder(folder, told, event, freeze_hours, effort, out, language, store_url, as_json))
    day = load(folder, start, days)
    for warning in day.warnings:
        click.echo(str(warning), err=True)
    effort = Effort(seconds=seconds, iterations=iterations, seed=seed, threads=threads)
    if compare or scenarios is not None:
        from juli.cli.choices import compare_day, plan_scenarios

        if scenarios is None:
            sys.exit(compare_day(day, effort, out, language, store_url, as_json))
        sys.exit(plan_scenarios(day, scenarios, risk, alpha, effort, out, language, store_url, as_json))
    with SolveProgress() as progress:
        outcome = solve_day(day, effort, on_step=progress)
    if outcome.plan is None:
        tell_no_plan(outcome, as_json, _contradiction(day, seconds))
        sys.exit(EXIT_NO_PLAN)
    kept = keep_plan(day, outcome, store_url)
    files = report_plan(day, outcome, out, language)
    if as_json:
        click.echo(json.dumps(summary(day, outcome, kept, files), ensure_ascii=False))
    else:
        from juli.report.terminal import show_plan

        show_plan(
            day.plant, day.demand, outcome.work, outcome.plan, outcome.violations, language, kept, files
        )
    sys.exit(EXIT_BROKEN_RULE if outcome.violations else 0)


def _contradiction(day: "Day", seconds: float) -> "Explained | None":
    """The rules that contradict each other, looked for no longer than for the plan."""
    from juli.solve.contradiction import contradiction

    return contradiction(day, seconds=min(seconds, CONTRADICTION_SECONDS))


def tell_no_plan(outcome: "Outcome", as_json: bool, rules: "Explained | None" = None) -> None:
    """Say why there is no plan."""
    if as_json:
        content: dict[str, Any] = {
            "status": "infeasible" if rules else outcome.status.value,
            "reason": outcome.reason,
            "seconds": round(outcome.seconds, 3),
        }
        if rules is not None:
            content |= {"contradiction": rules.as_json(), "contradiction_is_smallest": rules.is_smallest}
        click.echo(json.dumps(content, ensure_ascii=False))
    click.echo(f"juli: no plan: {outcome.reason if rules is None else rules}", err=True)


def keep_plan(day: "Day", outcome: "Outcome", store_url: str | None) -> int:
    """Keep the plan, and give its number."""
    from juli.core.clock import SystemClock
    from juli.core.versions import versions
    from juli.store import PlanArchive, default_url, fingerprint

    assert outcome.plan is not None
    with PlanArchive(store_url or default_url()) as archive:
        return archive.keep(
            outcome.plan,
            made_at=SystemClock().now(),
            plant=day.plant.name.zh,
            folder=str(Path(day.folder).resolve()),
            inputs_fingerprint=fingerprint(day.plant, day.demand),
            versions=versions(),
            currency=day.plant.currency,
        )


def report_plan(
    day: "Day",
    outcome: "Outcome",
    out: Path | None,
    language: Language,
    laid: "Comparison | Hedged | Changed | None" = None,
) -> dict[str, Path]:
    """Write the report where one is asked for, with what was laid beside the plan; the files by kind."""
    if out is None:
        return {}
    if out.exists() and not out.is_dir():
        raise InputError(f"--out {out} is a file; name a folder")

    from juli.report.files import write_report

    assert outcome.plan is not None
    return write_report(out, day.plant, day.demand, outcome.plan, outcome.violations, language, laid)


def summary(day: "Day", outcome: "Outcome", kept: int, files: dict[str, Path]) -> dict[str, Any]:
    """Give the JSON object of ``--json``; its keys are a contract."""
    from juli.plan.account import lateness_hours, line_energy
    from juli.report.tables import lead_times, set_lead_times

    plan = outcome.plan
    assert plan is not None
    parts, sets = (find(day.demand, plan, outcome.work) for find in (lead_times, set_lead_times))
    lines = line_energy(day.plant, day.demand, outcome.work, plan.runs)
    late = lateness_hours(day.demand, outcome.work, plan.runs, plan.trips)
    return {
        "status": plan.status.value,
        "cost": {"total": plan.bill.total_money, **plan.bill.parts()},
        "currency": day.plant.currency,
        "bound": plan.bound_money,
        "gap": plan.gap,
        "violations": [vars(violation) for violation in outcome.violations],
        "late_orders": [{"order": order, "hours": hours} for order, hours in late.items()],
        "key_figures": {
            "set_lead_hours": None if sets is None else vars(sets),
            "parts_lead_hours": None if parts is None else vars(parts),
            "lines": [vars(line) | {"kwh_per_set": line.kwh_per_set} for line in lines],
        },
        "seconds": round(outcome.seconds, 3),
        "seed": plan.seed,
        "id": kept,
        "plan": str(files["plan"]) if "plan" in files else None,
        "warnings": [str(warning) for warning in day.warnings],
    }
