"""The joint mk06 case: site cost after so many seconds of one processor, against the sequential way.

Run with ``python -m benchmarks.joint_mk06 [--quick]``. Time is the process's own, so that a crowded machine
counts the same as an empty one; compiling is not counted. The evaluations are those of the whole run, over
all of its time.
"""

import argparse
import statistics
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from juli.power import dispatch
from juli.solve.joint.case_file import read_case
from juli.solve.joint.problem import JointProblem
from juli.solve.joint.solving import load_joint_engines, plan_jointly
from juli.workshop.scheduling import schedule

CASE = Path(__file__).resolve().parents[2] / "shared" / "data" / "joint_mk06.json"


class ProcessClock:
    """Counts the seconds that this process has had a processor."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def elapsed_seconds(self) -> float:
        return time.process_time()


def sequential(problem: JointProblem, seconds: float, seed: int) -> float:
    found = schedule(problem.shop, seconds=seconds, seed=seed, clock=ProcessClock())
    load = problem.site.consumption_kw + problem.machines_kw(found.runs)
    return dispatch(replace(problem.site, consumption_kw=load)).cost


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--seconds", type=float, nargs="*", default=[5.0, 20.0, 60.0])
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--case", type=Path, default=CASE)
    chosen = parser.parse_args()
    if not chosen.case.is_file():
        print(f"skipped: {chosen.case.name} is not there")
        return
    problem = read_case(chosen.case)
    load_joint_engines()
    seconds, seeds = ([0.5], 1) if chosen.quick else (chosen.seconds, chosen.seeds)
    print("| time | sequential | joint, median | each seed | joint / sequential | evaluations/s | bound |")
    print("|---:|---:|---:|---:|---:|---:|---:|")
    for limit in seconds:
        peer = statistics.median(sequential(problem, limit, seed) for seed in range(min(seeds, 3)))
        found = [plan_jointly(problem, seconds=limit, seed=s, clock=ProcessClock()) for s in range(seeds)]
        money = [one.money for one in found]
        median = statistics.median(money)
        rate = statistics.median(one.evaluations for one in found) / limit
        each = " ".join(f"{one:.1f}" for one in money)
        print(
            f"| {limit:g} s | {peer:.1f} | {median:.1f} | {each} "
            f"| {median / peer:.3f} | {rate:,.0f} | {max(one.bound for one in found):.1f} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
