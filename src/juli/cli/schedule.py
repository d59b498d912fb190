"""``juli schedule``: a standard instance, for the makespan or for the cost of its energy."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from juli.core.errors import InputError, Problem

if TYPE_CHECKING:
    from juli.workshop.formats import Instance
    from juli.workshop.problem import ShopProblem
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
    as_json: bool,
) -> None:
    """Schedule a standard instance: a flexible, classic or assembly job shop.

    Without prices, the last operation is to end as early as it can. With --price and --power, the energy is
    to cost as little as it can, with all work done by the deadline.

    Exit status: 0 done; 2 bad input; 3 no schedule within the time limit, or none at all.
    """
    from juli.core.clock import SystemClock
    from juli.workshop.formats import Format, read_instance
    from juli.workshop.portfolio import load_engines
    from juli.workshop.problem import Objective
    from juli.workshop.scheduling import schedule

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
    if as_json:
        click.echo(json.dumps(_as_json(instance, found, spent), allow_nan=False))
    else:
        _show(instance, found, spent)
    if not found.runs:
        click.echo(f"juli: no schedule: {_reason(found, shop)}", err=True)
        sys.exit(EXIT_NO_PLAN)


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


def _show(instance: "Instance", found: "Schedule", seconds: float) -> None:
    """Few lines for people."""
    jobs = len({job for job, _, _ in instance.operations})
    click.echo(
        f"{instance.name}: {jobs} jobs, {len(instance.operations)} operations, {instance.machines} machines"
    )
    if found.objective is None:
        return
    click.echo(f"  {found.measure.value:<10} {found.objective:>12,.2f}   {found.status.value}")
    if found.bound is not None and found.gap is not None:
        click.echo(f"  {'bound':<10} {found.bound:>12,.2f}   gap {100 * found.gap:.2f} %")
    click.echo(f"  {'time':<10} {seconds:>12,.1f} s")


def _reason(found: "Schedule", shop: "ShopProblem") -> str:
    from juli.plan.result import Status

    if found.status is Status.INFEASIBLE:
        return f"proven that not all can end by slot {shop.slots}"
    return "none found in the time; give it more, or a later deadline"


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
