"""Thirty small generated cases against one big mixed-integer program that proves their optimum (HiGHS).

Run with ``python -m benchmarks.joint_small [--quick] [--seconds 10]``. The search's seconds are the process's
own, so that a crowded machine counts the same as an empty one. The peer is the sequential way in the same
time: the schedule for the tariff's prices, then the exact dispatch.
"""

import argparse
import statistics
import time
from dataclasses import replace
from datetime import UTC, datetime

from tests.solve.joint.small_cases import least_money, small_case

from juli.power import dispatch
from juli.solve.joint.problem import JointProblem
from juli.solve.joint.solving import load_joint_engines, plan_jointly
from juli.workshop.scheduling import schedule

#: The first seed; the thirty cases are those of the slow test.
FIRST = 100


class ProcessClock:
    """Counts the seconds that this process has had a processor."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def elapsed_seconds(self) -> float:
        return time.process_time()


def sequential(problem: JointProblem, seconds: float, seed: int) -> float:
    found = schedule(problem.shop, seconds=seconds, seed=seed, clock=ProcessClock())
    load = problem.site.consumption_kw + problem.machines_kw(found.runs)
    priced = dispatch(replace(problem.site, consumption_kw=load))
    return priced.cost + problem.other_money(found.runs)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--cases", type=int, default=30)
    chosen = parser.parse_args()
    seconds, cases = (0.5, 2) if chosen.quick else (chosen.seconds, chosen.cases)
    load_joint_engines()
    print("| case | battery | sun | demand | optimum | sequential / optimum | joint / optimum ", end="")
    print("| last improvement [s] | bound / optimum | MILP [s] |")
    print("|---:|:---:|:---:|:---:|" + "---:|" * 6)
    reached, above = 0, 0
    ratios: list[tuple[float, float, float, float]] = []
    for seed in range(FIRST, FIRST + cases):
        problem = small_case(seed)
        began = time.process_time()
        optimum = least_money(problem)
        proof = time.process_time() - began
        last = [0.0]

        def hear(spent: float, money: float, last: list[float] = last) -> None:
            del money
            last[0] = spent

        found = plan_jointly(problem, seconds=seconds, seed=seed, clock=ProcessClock(), tell=hear)
        peer = sequential(problem, seconds, seed)
        slack = 1e-6 * abs(optimum)
        reached += found.money <= optimum + slack
        above += found.bound > optimum + slack
        ratios.append((peer / optimum, found.money / optimum, found.bound / optimum, last[0]))
        has = ["yes" if one else "" for one in _equipment(problem)]
        print(
            f"| {seed} | {has[0]} | {has[1]} | {has[2]} | {optimum:.2f} | {peer / optimum:.4f} "
            f"| {found.money / optimum:.4f} | {last[0]:.2f} | {found.bound / optimum:.4f} | {proof:.1f} |",
            flush=True,
        )
    medians = [statistics.median(column) for column in zip(*ratios, strict=True)]
    print(f"| median | | | | | {medians[0]:.4f} | {medians[1]:.4f} | {medians[3]:.2f} | {medians[2]:.4f} | |")
    print(f"\noptimum reached in {reached} of {cases} within {seconds:g} s; bound above it in {above}")


def _equipment(problem: JointProblem) -> tuple[bool, bool, bool]:
    site = problem.site
    return site.battery is not None, bool(site.solar_kw.any()), bool(site.demand_price.any())


if __name__ == "__main__":
    main()
