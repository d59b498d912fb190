"""The example week: what planning as one problem is worth against one after the other.

The peer is the sequential plan of the same program: a schedule by lateness, then by lateness, wages and the
tariff's prices with all the time that the joint plan has, then the exact dispatch. Time is the process's own,
shared out to its threads, so that a crowded machine counts about the same as an empty one.

    python -m benchmarks.joint_switchgear [--quick] [--seconds 60] [--seeds 3] [--threads 2]
"""

import argparse
import time
from datetime import UTC, datetime
from pathlib import Path

from juli.plan.account import lateness_hours
from juli.plan.result import Category
from juli.solve.day import Day, load
from juli.solve.week import Effort, Method, solve_day

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
ELECTRICITY = (Category.ENERGY, Category.EXPORT, Category.DEMAND, Category.WEAR)


class SharedClock:
    """Counts the seconds that each of a process's threads has had a processor, if all work all the time."""

    def __init__(self, threads: int):
        self._threads = threads

    def now(self) -> datetime:
        return datetime.now(UTC)

    def elapsed_seconds(self) -> float:
        return time.process_time() / self._threads


def planned(day: Day, method: Method, seconds: float, seed: int, threads: int) -> float:
    """Print a plan's row; its electricity [money]."""
    effort = Effort(seconds=seconds, seed=seed, threads=threads)
    outcome = solve_day(day, effort, method=method, clock=SharedClock(threads))
    plan = outcome.plan
    assert plan is not None, outcome.reason
    assert not outcome.violations
    parts = plan.bill.parts()
    electricity = sum(parts[one] for one in ELECTRICITY)
    late = lateness_hours(day.demand, outcome.work, plan.runs, plan.trips)
    print(
        f"| {seed} | {method.value} | {plan.bill.total_money:,.0f} | {electricity:,.0f} | {len(late)} "
        f"| {sum(late.values()):.1f} | {parts[Category.LABOUR]:,.0f} | {plan.bound_money:,.0f} "
        f"| {100 * plan.gap:.1f} | {plan.dispatch.grid_kw.max():.0f} |",
        flush=True,
    )
    return electricity


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    chosen = parser.parse_args()
    day = load(EXAMPLES / ("tiny" if chosen.quick else "switchgear"))
    seconds, seeds = (1.0, 1) if chosen.quick else (chosen.seconds, chosen.seeds)
    print("| seed | method | total | electricity | late | late [h] | labour | bound | gap [%] | peak [kW] |")
    print("|---:|---|" + "---:|" * 8)
    for seed in range(1, seeds + 1):
        peer, joint = (
            planned(day, method, seconds, seed, chosen.threads)
            for method in (Method.SEQUENTIAL, Method.JOINT)
        )
        print(f"| {seed} | joint / sequential | | {joint / peer:.3f} | | | | | | |", flush=True)


if __name__ == "__main__":
    main()
