"""The whole program by the number of orders: files in, a judged plan out, with the time of each stage.

The works are those of ``benchmarks._generated_folder``: a folder is read, planned by ``solve_day`` (shop,
battery, sun, demand charge, deliveries, cutting plans) and judged. The peer is the program's own sequential
plan in the same time. Bill and check are measured once more by themselves. Each size runs in a process of
its own, so that memory is its own; the engines are compiled before.

    python -m benchmarks.joint_week [--quick] [--seconds 120] [--threads 2] [--orders 125 250 500 1000 2000]
    python -m benchmarks.joint_week --seconds 10 --only joint   # the first joint plan

With ``--processor`` the limit counts seconds of the processor, so that a crowded machine tells the same as an
empty one; with more threads than one each of them counts.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks._generated_folder import write_folder
from juli.core.clock import Clock, SystemClock
from juli.plan.account import lateness_hours
from juli.plan.billing import add_up
from juli.plan.checking import check
from juli.plan.result import Category
from juli.solve.completion import Step
from juli.solve.day import Day, load
from juli.solve.engines import load_day_engines
from juli.solve.week import Effort, Method, solve_day

ELECTRICITY = (Category.ENERGY, Category.EXPORT, Category.DEMAND, Category.WEAR)
CLOCK = SystemClock()


class ProcessorClock(SystemClock):
    """Counts the seconds that this process has had a processor."""

    def elapsed_seconds(self) -> float:
        return time.process_time()


class Watch:
    """Adds up the seconds on the clock and of the processor that each stage takes."""

    def __init__(self) -> None:
        self.stages: dict[str, list[float]] = {}
        self.begin("")

    def begin(self, stage: str) -> None:
        """Close the stage that runs and open another."""
        now = (CLOCK.elapsed_seconds(), time.process_time())
        if getattr(self, "_stage", ""):
            spent = self.stages.setdefault(self._stage, [0.0, 0.0])
            for at, (was, is_now) in enumerate(zip(self._since, now, strict=True)):
                spent[at] += is_now - was
        self._stage, self._since = stage, now

    def hear(self, step: Step) -> None:
        """Follow a solve."""
        if step.search is None and step.stage != self._stage:
            self.begin(step.stage)


def planned(day: Day, method: Method, effort: Effort, clock: Clock = CLOCK) -> dict[str, Any]:
    """Plan a day; the figures of its plan and of its stages."""
    watch = Watch()
    began, begun = CLOCK.elapsed_seconds(), time.process_time()
    outcome = solve_day(day, effort, method=method, on_step=watch.hear, clock=clock)
    wall = CLOCK.elapsed_seconds() - began - watch.stages["compile"][0]
    processor = time.process_time() - begun - watch.stages["compile"][1]
    watch.begin("")
    plan = outcome.plan
    found: dict[str, Any] = {
        "wall": wall,
        "processor": processor,
        "stages": watch.stages,
        "reason": outcome.reason,
    }
    if plan is None:
        return found
    for name, judge in (
        ("bill", lambda: add_up(day.plant, day.demand, outcome.work, plan.runs, plan.dispatch, plan.trips)),
        ("check", lambda: check(day.plant, day.demand, plan, outcome.work)),
    ):
        watch.begin(name)
        judge()
    watch.begin("")
    parts = plan.bill.parts()
    late = lateness_hours(day.demand, outcome.work, plan.runs, plan.trips)
    return found | {
        "electricity": sum(parts[one] for one in ELECTRICITY),
        "total": plan.bill.total_money,
        "late": sum(late.values()),
        "late_money": parts[Category.LATENESS],
        "violations": len(outcome.violations),
        "gap": plan.gap,
        "operations": len(outcome.work.operations),
        "trips": len(plan.trips),
    }


def one_size(
    orders: int, methods: list[Method], effort: Effort, clock: Clock = CLOCK
) -> dict[str, dict[str, Any]]:
    """Read a works of a size and plan it."""
    with tempfile.TemporaryDirectory() as folder:
        write_folder(Path(folder), orders, 1)
        began = CLOCK.elapsed_seconds()
        day = load(folder)
        reading = CLOCK.elapsed_seconds() - began
    load_day_engines(day)
    found = {method.value: planned(day, method, effort, clock) for method in methods}
    memory_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return found | {"all": {"reading": reading, "memory_mb": memory_mb}}


def main() -> None:
    """Print a table of the plans and one of their stages."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--seconds", type=float, default=120.0)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--orders", type=int, nargs="*", default=[125, 250, 500, 1000, 2000])
    parser.add_argument("--only", choices=[Method.JOINT.value, Method.SEQUENTIAL.value])
    parser.add_argument(
        "--processor", action="store_true", help="limit the processor's seconds, not the clock's"
    )
    parser.add_argument("--here", action="store_true", help="one size in this process, as JSON")
    chosen = parser.parse_args()
    sizes, seconds = ([12], 2.0) if chosen.quick else (chosen.orders, chosen.seconds)
    methods = [Method(chosen.only)] if chosen.only else [Method.SEQUENTIAL, Method.JOINT]
    effort = Effort(seconds=seconds, seed=1, threads=chosen.threads)
    if chosen.here:
        clock = ProcessorClock() if chosen.processor else CLOCK
        print(json.dumps(one_size(sizes[0], methods, effort, clock)))
        return
    print(
        "| orders | operations | method | reading [s] | whole solve [s] | processor [s] | electricity ",
        end="",
    )
    print("| ratio | late [h] | lateness, money | total | gap [%] | rules broken | memory [MB] |")
    print("|---:|---:|:---|" + "---:|" * 11)
    stages = []
    for orders in sizes:
        if chosen.quick:
            found = one_size(orders, methods, effort)
        else:
            order = [sys.executable, "-m", "benchmarks.joint_week", "--here", "--orders", str(orders)]
            order += ["--seconds", str(seconds), "--threads", str(chosen.threads)]
            order += ["--only", chosen.only] if chosen.only else []
            order += ["--processor"] if chosen.processor else []
            answer = subprocess.run(order, capture_output=True, text=True, check=True)
            found = json.loads(answer.stdout.splitlines()[-1])
        both = found.pop("all")
        peer = found[methods[0].value].get("electricity")
        for method, row in found.items():
            stages.append((orders, method, row["stages"]))
            if "electricity" not in row:
                print(
                    f"| {orders} | | {method} | {both['reading']:.1f} | {row['wall']:.1f} | {row['reason']} |"
                )
                continue
            print(
                f"| {orders} | {row['operations']} | {method} | {both['reading']:.1f} | {row['wall']:.1f} "
                f"| {row['processor']:.1f} | {row['electricity']:,.0f} | {row['electricity'] / peer:.3f} "
                f"| {row['late']:.0f} | {row['late_money']:,.0f} | {row['total']:,.0f} "
                f"| {100 * row['gap']:.1f} | {row['violations']} | {both['memory_mb']:.0f} |",
                flush=True,
            )
    names = list(dict.fromkeys(name for _, _, own in stages for name in own if name != "compile"))
    print("\nSeconds on the clock / of the processor by stage:\n")
    print("| orders | method | " + " | ".join(names) + " |")
    print("|---:|:---|" + "---:|" * len(names))
    for orders, method, own in stages:
        cells = [f"{own[name][0]:.1f} / {own[name][1]:.1f}" if name in own else "" for name in names]
        print(f"| {orders} | {method} | " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main()
