"""Twenty generated factories, loose to tight, with one site or another: where joint planning pays.

Run with ``python -m benchmarks.joint_factories [--quick] [--seconds 12]``. Two days of quarter-hours, eight
machines, tariff of three levels; the two days bear their share of a month's demand charge. Sequential:
schedule by lateness and the tariff's prices, then the exact dispatch. Joint: one problem, in the same time.
Seconds are the process's own, so that a crowded machine counts the same as an empty one; lateness counts at
its price in both.
"""

import argparse
import statistics
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from benchmarks._schedule_cases import made_shop
from benchmarks.joint_small import ProcessClock
from juli.power import Battery, DispatchProblem, dispatch
from juli.solve.joint.problem import JointProblem
from juli.solve.joint.solving import load_joint_engines, plan_jointly
from juli.workshop.problem import Job, Mode, Operation, Run, ShopProblem
from juli.workshop.scheduling import schedule

SLOTS, MACHINES, STEP_HOURS, OPERATIONS = 192, 8, 0.25, 5
#: Share of the machines' time that the shortest ways to do everything take.
LOADS = (0.2, 0.35, 0.5, 0.65)
#: What stands behind the meter besides the tariff.
SITES = {
    "tariff only": (),
    "demand": ("demand",),
    "sun": ("sun",),
    "battery, demand": ("battery", "demand"),
    "battery, sun, demand": ("battery", "sun", "demand"),
}
BASE_KW, MOST_JOBS = 60.0, 120
#: Two days' share of 40 a kW and month.
DEMAND_PRICE = 40.0 * 2 / 30


def factory(load: float, has: Sequence[str], seed: int) -> JointProblem:
    """Draw a factory: so many jobs that the machines are busy for the given share of their time."""
    rng = np.random.default_rng(seed)
    power_kw = rng.uniform(5, 45, MACHINES).round(1)
    made = made_shop(MOST_JOBS, OPERATIONS, MACHINES, seed)
    jobs, taken = 0, 0.0
    while jobs < MOST_JOBS and taken < load * SLOTS * MACHINES:
        own = made.operations[OPERATIONS * jobs : OPERATIONS * (jobs + 1)]
        taken += sum(min(mode.duration for mode in operation.modes) for operation in own)
        jobs += 1
    hour = np.arange(SLOTS) * STEP_HOURS % 24
    buy = np.where(hour < 8, 0.3, np.where((hour >= 17) & (hour < 22), 1.1, 0.65))
    shop = ShopProblem(
        SLOTS,
        MACHINES,
        tuple(Job(due=float(rng.integers(SLOTS // 2, SLOTS)), late_price=10.0) for _ in range(jobs)),
        tuple(
            Operation(one.job, tuple(Mode(m.machine, m.duration, power_kw[m.machine]) for m in one.modes))
            for one in made.operations[: OPERATIONS * jobs]
        ),
        tuple(wait for wait in made.waits if wait.after < OPERATIONS * jobs),
        STEP_HOURS,
        energy_price=buy,
    )
    sun = np.maximum(np.sin((hour - 6) / 12 * np.pi), 0.0)
    battery = Battery(60, 60, 150, 0.95, 0.95, start_kwh=50, end_kwh=50, wear_per_kwh=0.02)
    site = DispatchProblem(
        step_hours=STEP_HOURS,
        consumption_kw=np.full(SLOTS, BASE_KW),
        solar_kw=150.0 * sun if "sun" in has else 0.0,
        buy=buy,
        sell=0.2,
        battery=battery if "battery" in has else None,
        demand_price=DEMAND_PRICE if "demand" in has else 0.0,
    )
    return JointProblem(shop, site)


def late_hours(problem: JointProblem, runs: Sequence[Run]) -> float:
    ends = np.zeros(len(problem.shop.jobs))
    for run in runs:
        job = problem.shop.operations[run.operation].job
        ends[job] = max(ends[job], run.end)
    due = np.array([job.due or 0.0 for job in problem.shop.jobs])
    return float(np.maximum(ends - due, 0.0).sum() * problem.shop.step_hours)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--seconds", type=float, default=12.0)
    parser.add_argument("--loads", type=float, nargs="*", choices=LOADS, default=LOADS)
    chosen = parser.parse_args()
    seconds = 0.5 if chosen.quick else chosen.seconds
    loads = LOADS[:1] if chosen.quick else chosen.loads
    sites = dict(list(SITES.items())[-2:]) if chosen.quick else SITES
    load_joint_engines()
    print(
        "| machines busy | jobs | behind the meter | sequential: electricity | late [h] ",
        end="",
    )
    print("| joint: electricity | late [h] | joint / sequential: electricity | all | gap to the bound |")
    print("|---:|---:|:---|" + "---:|" * 7)
    found: list[tuple[float, str, float]] = []
    for load in loads:
        for name, has in sites.items():
            problem = factory(load, has, LOADS.index(load))
            first = schedule(problem.shop, seconds=seconds, clock=ProcessClock())
            at_kw = problem.site.consumption_kw + problem.machines_kw(first.runs)
            electricity = dispatch(replace(problem.site, consumption_kw=at_kw)).cost
            whole = electricity + problem.other_money(first.runs)
            joint = plan_jointly(problem, seconds=seconds, clock=ProcessClock())
            ratio = joint.electricity_money / electricity
            found.append((load, name, joint.money / whole))
            print(
                f"| {load:.0%} | {len(problem.shop.jobs)} | {name} "
                f"| {electricity:.0f} | {late_hours(problem, first.runs):.1f} "
                f"| {joint.electricity_money:.0f} | {late_hours(problem, joint.runs):.1f} "
                f"| {ratio:.3f} | {joint.money / whole:.3f} | {1 - joint.bound / joint.money:.1%} |",
                flush=True,
            )
    print("\n| behind the meter | median joint / sequential |\n|:---|---:|")
    for name in sites:
        print(f"| {name} | {statistics.median(r for _, own, r in found if own == name):.3f} |")
    print("\n| machines busy | median joint / sequential |\n|---:|---:|")
    for load in loads:
        print(f"| {load:.0%} | {statistics.median(r for own, _, r in found if own == load):.3f} |")


if __name__ == "__main__":
    main()
