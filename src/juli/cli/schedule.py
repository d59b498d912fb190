"""``juli schedule``: a standard instance, for the makespan or for the cost of its energy."""

import json
import math
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from juli.cli.plan import language_option
from juli.core.errors import InputError, Problem
from juli.plant.model import Language

if TYPE_CHECKING:
    from collections.abc import Sequence

    from juli.report.instance import InstanceLoad
    from juli.solve.joint.problem import JointProblem
    from juli.workshop.contradiction_wording import Explained
    from juli.workshop.formats import Instance
    from juli.workshop.problem import Run, ShopProblem
    from juli.workshop.result import Progress, Schedule

EXIT_NO_PLAN = 3


@click.command()
@click.argument("file", metavar="INSTANCE", type=click.Path(path_type=Path))
@click.option(
    "--format",
    "family",
    type=click.Choice(["fjsp", "fajsp", "jsp"]),
    help="Family of the file; told from its content otherwise.",
)
@click.option(
    "--time",
    "seconds",
    type=click.FloatRange(min=0.01, max=1e7),
    default=10.0,
    show_default=True,
    help="Time limit [s].",
)
@click.option("--seed", type=int, default=0, show_default=True, help="Where all chance comes from.")
@click.option(
    "--iterations", type=click.IntRange(min=0), help="Rounds of the search: the same schedule every time."
)
@click.option(
    "--threads",
    type=click.IntRange(min=1, max=256),
    default=1,
    show_default=True,
    help="Searches side by side.",
)
@click.option(
    "--price", type=click.Path(path_type=Path), help="CSV with the column price: a row for each slot."
)
@click.option("--power", type=click.Path(path_type=Path), help="CSV with the columns machine, kw.")
@click.option(
    "--deadline",
    type=click.IntRange(min=1, max=2**24),
    help="Slot border by which all ends; the prices' end otherwise.",
)
@click.option(
    "--step-hours",
    type=click.FloatRange(min=0, min_open=True, max=1e6),
    default=1.0,
    show_default=True,
    help="Length of a slot [h].",
)
@click.option(
    "--joint",
    type=click.Path(path_type=Path),
    help="JSON of the site: battery, solar, prices, demand charge, machine powers, deadline.",
)
@click.option(
    "--out", type=click.Path(path_type=Path), help="Write a page with its pictures here: FOLDER or FILE.html."
)
@language_option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else.")
def command(
    file: Path,
    family: str | None,
    seconds: float,
    seed: int,
    iterations: int | None,
    threads: int,
    price: Path | None,
    power: Path | None,
    deadline: int | None,
    step_hours: float,
    joint: Path | None,
    out: Path | None,
    language: Language,
    as_json: bool,
) -> None:
    """Schedule a standard instance: a flexible, classic or assembly job shop.

    Without prices, the last operation is to end as early as it can. With --price and --power, the energy is
    to cost as little as it can, with all work done by the deadline. With --joint, the site is to cost as
    little as it can, solar, battery, export and demand charge counted.

    Exit status: 0 done; 2 bad input; 3 no schedule within the time limit, or none at all.
    """
    from juli.core.clock import SystemClock
    from juli.workshop.formats import Format, read_instance
    from juli.workshop.portfolio import load_engines
    from juli.workshop.problem import Objective
    from juli.workshop.scheduling import schedule

    if joint is not None:
        if price is not None or power is not None or deadline is not None:
            raise InputError(
                [
                    Problem(
                        "--joint", "tells prices, powers and deadline itself", "leave the other options out"
                    )
                ]
            )
        _plan_jointly(file, family, joint, seconds, seed, iterations, threads, out, language, as_json)
        return
    instance = read_instance(file, None if family is None else Format(family))
    shop = _shop(instance, price, power, deadline, step_hours)
    clock = SystemClock()
    load_engines()
    with _Progress() as progress:
        began = clock.elapsed_seconds()
        found = schedule(
            shop,
            objective=Objective.MAKESPAN if price is None else Objective.MONEY,
            seconds=seconds,
            seed=seed,
            iterations=iterations,
            threads=threads,
            clock=clock,
            progress=progress,
        )
        spent = clock.elapsed_seconds() - began
    if out is not None and found.runs:
        load = _priced_load(shop, found.runs) if price is not None else None
        _write_page(out, instance, found, load, language)
    rules = None if found.objective is not None else _contradiction(instance, shop, seconds)
    if as_json:
        answer = _as_json(instance, found, spent)
        if rules is not None:
            answer |= {"contradiction": rules.as_json(), "contradiction_is_smallest": rules.is_smallest}
        click.echo(json.dumps(answer, allow_nan=False))
    else:
        _show(instance, found, spent, language)
    if found.objective is None:
        click.echo(f"juli: no schedule: {_reason(found, shop)}", err=True)
        if rules is not None:
            click.echo(f"juli: {rules}", err=True)
        sys.exit(EXIT_NO_PLAN)


def _plan_jointly(
    file: Path,
    family: str | None,
    joint: Path,
    seconds: float,
    seed: int,
    iterations: int | None,
    threads: int,
    out: Path | None,
    language: Language,
    as_json: bool,
) -> None:
    """Schedule an instance by what its load costs the site."""
    from juli.core.clock import SystemClock
    from juli.plan.result import Status
    from juli.solve.joint.case_file import read_case
    from juli.solve.joint.solving import load_joint_engines, plan_jointly
    from juli.workshop.formats import Format, read_instance
    from juli.workshop.problem import Objective
    from juli.workshop.result import Progress, Schedule

    wanted = None if family is None else Format(family)
    instance = read_instance(file, wanted)
    problem = read_case(joint, file, wanted)
    clock = SystemClock()
    load_joint_engines()
    with _Progress() as progress:
        began = clock.elapsed_seconds()
        found = plan_jointly(
            problem,
            seconds=seconds,
            seed=seed,
            iterations=iterations,
            threads=threads,
            clock=clock,
            tell=lambda spent, money: progress(Progress(spent, money, None, 0)),
        )
        spent = clock.elapsed_seconds() - began
    status = Status.INFEASIBLE if found.infeasible else Status.NO_PLAN
    money = None if not found.runs else found.money
    bound = found.bound if found.runs and math.isfinite(found.bound) else None
    if found.runs:
        status = Status.OPTIMAL if found.money <= found.bound + 1e-6 * abs(found.money) else Status.FEASIBLE
    answer = Schedule(status, found.runs, Objective.MONEY, money, bound, found.rounds)
    if out is not None and found.runs:
        _write_page(out, instance, answer, _joint_load(problem, found.runs), language)
    rules = None if found.runs else _contradiction(instance, problem.shop, seconds)
    if as_json:
        site: dict[str, Any] = {
            "site_cost": money,
            "peak_kw": found.peak_kw if found.runs else None,
            "evaluations": found.evaluations,
        }
        if rules is not None:
            site |= {"contradiction": rules.as_json(), "contradiction_is_smallest": rules.is_smallest}
        click.echo(json.dumps({**_as_json(instance, answer, spent), **site}, allow_nan=False))
    else:
        _show(instance, answer, spent, language)
        if found.runs:
            click.echo(f"  {'peak':<10} {found.peak_kw:>12,.1f} kW")
            click.echo(f"  {'loads':<10} {found.evaluations:>12,} judged by their true cost")
    if not found.runs:
        click.echo(f"juli: no schedule: {_reason(answer, problem.shop)}", err=True)
        if rules is not None:
            click.echo(f"juli: {rules}", err=True)
        sys.exit(EXIT_NO_PLAN)


def _priced_load(shop: "ShopProblem", runs: "Sequence[Run]") -> "InstanceLoad":
    """What a schedule draws, over its prices."""
    import numpy as np

    from juli.report.instance import InstanceLoad
    from juli.solve.joint.problem import mode_of

    load_kw = np.zeros(shop.slots)
    for run in runs:
        load_kw[run.start : run.end] += mode_of(shop, run).kw
    return InstanceLoad(shop.step_hours, load_kw, np.asarray(shop.energy_price, dtype=np.float64))


def _joint_load(problem: "JointProblem", runs: "Sequence[Run]") -> "InstanceLoad":
    """What a schedule draws, and where it comes from at the least cost."""
    from dataclasses import replace

    from juli.power import dispatch
    from juli.report.instance import InstanceLoad
    from juli.solve.electricity import as_planned

    load_kw = problem.site.consumption_kw + problem.machines_kw(runs)
    site = replace(problem.site, consumption_kw=load_kw)
    return InstanceLoad(site.step_hours, load_kw, site.buy, as_planned(dispatch(site)))


def _write_page(
    out: Path, instance: "Instance", found: "Schedule", load: "InstanceLoad | None", language: Language
) -> None:
    """Write the pictures: to a file that ends in .html, or into a folder."""
    from juli.core.files import write_text
    from juli.report.instance import InstanceRun, instance_page
    from juli.report.words import word

    file = out if out.suffix == ".html" else out / f"{instance.name}.html"
    runs = [
        InstanceRun(*instance.operations[run.operation][:2], run.machine, run.start, run.end)
        for run in found.runs
    ]
    status = word(f"status_{found.status.value}", language)
    facts = [("instance_status", status), ("instance_objective", f"{found.objective:,.2f}")]
    if found.bound is not None and found.gap is not None:
        facts += [("instance_bound", f"{found.bound:,.2f}"), ("instance_gap", f"{found.gap:.2%}")]
    write_text(file, instance_page(instance.name, runs, instance.machines, facts, load, language))


def _shop(
    instance: "Instance", price: Path | None, power: Path | None, deadline: int | None, step_hours: float
) -> "ShopProblem":
    """The instance with its prices, or the problems of the options."""
    from juli.workshop.formats import priced, read_power, read_prices, shop_of

    if price is None or power is None:
        if price is not None or power is not None:
            here, there = ("--price", "--power") if power is None else ("--power", "--price")
            raise InputError([Problem(here, f"needs {there}, too", f"give {there} FILE.csv")])
        return shop_of(instance, deadline)
    prices = read_prices(price)
    slots = deadline or len(prices)
    if len(prices) < slots or not prices:
        raise InputError(
            [
                Problem(
                    str(price),
                    f"holds {len(prices)} prices, and the deadline is slot {slots}",
                    "give a row for each slot, or an earlier --deadline",
                )
            ]
        )
    return priced(shop_of(instance, slots), prices, read_power(power, instance.machines), step_hours)


def _as_json(instance: "Instance", found: "Schedule", seconds: float) -> dict[str, Any]:
    """The JSON object of ``--json``; its keys are a contract. All numbers of things count from 0."""
    return {
        "status": found.status.value,
        "objective": found.objective,
        "bound": found.bound,
        "gap": found.gap,
        "seconds": round(seconds, 3),
        "runs": [
            {"job": job, "operation": number, "machine": run.machine, "start": run.start, "end": run.end}
            for run in found.runs
            for job, number, _ in [instance.operations[run.operation]]
        ],
    }


def _show(instance: "Instance", found: "Schedule", seconds: float, language: Language) -> None:
    """Few lines for people."""
    from rich.cells import cell_len

    from juli.report.words import word

    def line(key: str, value: str, remark: str) -> None:
        name = word(key, language)
        click.echo(f"  {name}{' ' * (10 - cell_len(name))} {value:>12} {remark}")

    jobs = len({job for job, _, _ in instance.operations})
    size = {"jobs": jobs, "operations": len(instance.operations), "machines": instance.machines}
    click.echo(word("instance_size", language, name=instance.name, **size))
    if found.objective is None:
        return
    status = word(f"status_{found.status.value}", language)
    line(f"instance_measure_{found.measure.value}", f"{found.objective:,.2f}", f"  {status}")
    if found.bound is not None and found.gap is not None:
        gap = word("instance_told_gap", language, gap=f"{100 * found.gap:.2f} %")
        line("instance_told_bound", f"{found.bound:,.2f}", f"  {gap}")
    line("instance_told_time", f"{seconds:,.1f}", word("instance_told_unit", language))


def _reason(found: "Schedule", shop: "ShopProblem") -> str:
    from juli.plan.result import Status

    if found.status is Status.INFEASIBLE:
        return f"proven that not all can end by slot {shop.slots}"
    return "none found in the time; give it more, or a later deadline"


def _contradiction(instance: "Instance", shop: "ShopProblem", seconds: float) -> "Explained | None":
    """The jobs that can't all end in time."""
    from juli.cli.plan import CONTRADICTION_SECONDS
    from juli.workshop.contradiction import find_contradiction
    from juli.workshop.contradiction_wording import Names, explained

    found = find_contradiction(shop, seconds=min(seconds, CONTRADICTION_SECONDS))
    names = Names(
        job=lambda number: f"job {number}",
        operation=lambda number: "operation {1} of job {0}".format(*instance.operations[number]),
        machine=shop.machine_name,
        resource=lambda number: f"resource {number}",
        moment=lambda slot: f"slot {slot}",
        length=lambda slots: f"{slots} slots",
    )
    return None if found is None else explained(shop, found, names)


class _Progress:
    """Tells each improvement on standard error: a live line on a terminal, a line a second elsewhere."""

    def __init__(self) -> None:
        from rich.console import Console

        self._console = Console(stderr=True, highlight=False)
        self._live = self._console.status("searching") if self._console.is_terminal else None
        self._told = -1.0

    def __enter__(self) -> "_Progress":
        if self._live is not None:
            self._live.start()
        return self

    def __exit__(self, *error: object) -> None:
        if self._live is not None:
            self._live.stop()

    def __call__(self, progress: "Progress") -> None:
        """Show an improvement."""
        text = f"{progress.seconds:6.1f} s"
        if progress.objective is not None:
            text += f"  objective {progress.objective:,.2f}"
        if progress.bound is not None:
            text += f"  bound {progress.bound:,.2f}"
        if progress.gap is not None:
            text += f"  gap {100 * progress.gap:.2f} %"
        if self._live is not None:
            self._live.update(text)
        elif progress.seconds >= self._told + 1.0:
            self._told = progress.seconds
            self._console.print(f"juli: {text}")
