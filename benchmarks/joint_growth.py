"""Joint planning by the number of orders: the generated works with solar, a battery and a demand charge.

The shop is that of ``benchmarks.generated_works``; behind its meter stand a base load, 1.5 MW of solar, a
battery of 1 MW and 4 MWh, three prices and a demand charge for the highest quarter of an hour. The peer is a
schedule at the tariff's prices in the same time, then the exact dispatch. Time is the process's own.

    python -m benchmarks.joint_growth [--quick] [--seconds 120] [--orders 125 250 500 1000 2000]
"""

import argparse
import resource
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np

from benchmarks.generated_works import SLOTS, generated_works
from juli.power import Battery, DispatchProblem, dispatch
from juli.solve.joint.problem import JointProblem
from juli.solve.joint.solving import load_joint_engines, search_jointly
from juli.workshop.annealing import Annealing
from juli.workshop.problem import Run
from juli.workshop.stop import Stop

#: Schedule slots in a quarter of an hour; the first temperature, as for a week's plan.
PER, HOTTEST = 3, 0.005


class ProcessClock:
    """Counts the seconds that this process has had a processor."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def elapsed_seconds(self) -> float:
        return time.process_time()


def generated_plant(orders: int, seed: int) -> JointProblem:
    """The generated works behind a meter."""
    shop = generated_works(orders, seed)
    rng = np.random.default_rng(seed)
    hour = np.arange(SLOTS // PER) % 96 / 4
    clouds = np.repeat(rng.uniform(0.3, 1.0, 7), 96)
    assert shop.energy_price is not None
    price = np.asarray(shop.energy_price).reshape(-1, PER).mean(axis=1)
    site = DispatchProblem(
        step_hours=0.25,
        consumption_kw=np.where((hour >= 6) & (hour < 22), 260.0, 180.0),
        solar_kw=1500.0 * np.maximum(np.sin((hour - 6) / 12 * np.pi), 0.0) * clouds,
        buy=price,
        sell=np.full(len(price), 0.2),
        battery=Battery(
            charge_kw=1000.0,
            discharge_kw=1000.0,
            energy_kwh=4000.0,
            charge_efficiency=0.95,
            discharge_efficiency=0.95,
            start_kwh=1200.0,
            end_kwh=1200.0,
        ),
        demand_price=np.array([51.2]),
        demand_period=np.zeros(len(price), dtype=np.int64),
        demand_free_kw=np.array([350.0]),
    )
    return JointProblem(shop, site)


def electricity(problem: JointProblem, runs: Sequence[Run]) -> float:
    load_kw = problem.site.consumption_kw + problem.machines_kw(runs)
    return dispatch(replace(problem.site, consumption_kw=load_kw)).cost


def late_hours(problem: JointProblem, runs: Sequence[Run]) -> float:
    shop = problem.shop
    end = np.zeros(len(shop.jobs))
    for run in runs:
        job = shop.operations[run.operation].job
        end[job] = max(end[job], run.end)
    due = np.array([np.inf if job.due is None else job.due for job in shop.jobs])
    return float(np.maximum(end - due, 0.0).sum() * shop.step_hours)


def row(orders: int, seconds: float, seed: int) -> None:
    """Print the row of a works."""
    clock = ProcessClock()
    problem = generated_plant(orders, seed)
    began = clock.elapsed_seconds()
    first = Annealing(problem.shop, seed)
    first.run(Stop(clock, began, 0.5 * seconds), until_complete=True)
    start = first.runs()
    if not start:
        print(f"| {orders} | {len(problem.shop.operations)} | no first plan | | | | | | |")
        return
    electricity(problem, start)
    first_seconds = clock.elapsed_seconds() - began

    peer = Annealing(problem.shop, seed, start)
    peer.run(Stop(clock, clock.elapsed_seconds(), seconds))
    middle = Annealing(problem.shop, seed, start)
    middle.run(Stop(clock, clock.elapsed_seconds(), 0.3 * seconds))
    stop = Stop(clock, clock.elapsed_seconds(), 0.7 * seconds)
    joint = search_jointly(problem, middle.runs() or start, stop, seed=seed, threads=1, hottest=HOTTEST)
    alone = peer.runs() or start
    costs = [electricity(problem, runs) for runs in (alone, joint)]
    totals = [cost + problem.other_money(runs) for cost, runs in zip(costs, (alone, joint), strict=True)]
    memory_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"| {orders} | {len(problem.shop.operations)} | {first_seconds:.1f} "
        f"| {costs[0]:,.0f} | {costs[1]:,.0f} "
        f"| {costs[1] / costs[0]:.3f} | {late_hours(problem, alone):.0f} | {late_hours(problem, joint):.0f} "
        f"| {totals[1] / totals[0]:.3f} | {memory_mb:.0f} |",
        flush=True,
    )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--seconds", type=float, default=120.0)
    parser.add_argument("--orders", type=int, nargs="*", default=[125, 250, 500, 1000, 2000])
    chosen = parser.parse_args()
    load_joint_engines()
    electricity(generated_plant(2, 0), ())
    print(
        "| orders | operations | first plan [s] | electricity, sequential | joint | joint / sequential ",
        end="",
    )
    print("| late, sequential [h] | joint [h] | totals' ratio | memory [MB] |")
    print("|" + "---:|" * 10)
    for orders in [25] if chosen.quick else chosen.orders:
        row(orders, 1.0 if chosen.quick else chosen.seconds, 1)


if __name__ == "__main__":
    main()
