"""Replanning the generated week after a machine stops: time, what moves, and what a new search would move.

The week of benchmarks.generated_works is planned by search; then, at a given hour, the busiest machine of a
kind stops for eight hours. What has begun stays, and moving an operation that people were told costs money.
The peer plans what is left anew, without the plan that was told. Seconds are this process's CPU time.

    python -m benchmarks.replanning [--quick]
"""

import statistics
import sys
import time
from collections import Counter
from dataclasses import replace

from benchmarks.generated_works import DAY, MACHINES, generated_works
from juli.core.clock import SystemClock
from juli.workshop.annealing import Annealing
from juli.workshop.judge import broken_rules
from juli.workshop.problem import Run, ShopProblem
from juli.workshop.repair import Repaired, repair
from juli.workshop.stop import Stop

#: Each stop: the kind of the machine and the hour of the week.
STOPS = (("weld", 30.0), ("bend", 32.5), ("cut", 56.0), ("assemble", 34.0), ("coat", 80.0))
#: How long a machine stands still, and what it costs to move an operation.
HOURS, MOVE_MONEY = 8.0, 20.0
#: The time limit that `juli plan --from` gives the schedule by default [s].
SECONDS = 2.5


class ProcessClock(SystemClock):
    """Counts this process's own time, so that a busy machine changes nothing."""

    def elapsed_seconds(self) -> float:
        """CPU time of this process."""
        return time.process_time()


def told(problem: ShopProblem, seconds: float) -> tuple[Run, ...]:
    """Search a plan for the week."""
    clock = ProcessClock()
    search = Annealing(problem, 1)
    search.run(Stop(clock, clock.elapsed_seconds(), seconds))
    return search.runs()


def stopped(
    problem: ShopProblem, runs: tuple[Run, ...], kind: str, hour: float
) -> tuple[ShopProblem, dict[int, Run]]:
    """The shop after a stop, and the runs of the plan that are still to come."""
    now = round(hour * DAY / 24)
    until = now + round(HOURS * DAY / 24)
    busy = Counter(run.machine for run in runs if now <= run.start < until)
    machine = max((at for at, (own, _) in enumerate(MACHINES) if own == kind), key=lambda at: (busy[at], -at))
    opened = problem.is_open.copy()
    opened[machine, now:until] = False
    ahead = {}
    operations = list(problem.operations)
    for run in runs:
        one = operations[run.operation]
        cut_off = run.machine == machine and run.start < now < run.end
        if run.start >= now or cut_off:
            operations[run.operation] = replace(one, earliest=max(one.earliest, now))
            ahead[run.operation] = run
        else:
            operations[run.operation] = replace(one, fixed=run)
    return replace(problem, operations=tuple(operations), opened=opened), ahead


def anew(shop: ShopProblem, ahead: dict[int, Run], broken: frozenset[int]) -> float:
    """Share of the untouched operations that a new search of the same time moves."""
    fresh = told(shop, SECONDS)
    if not fresh:
        return float("nan")
    untouched = ahead.keys() - broken
    moved = sum(1 for run in fresh if run.operation in untouched and run != ahead[run.operation])
    return moved / max(len(untouched), 1)


def main() -> None:
    """Print a table by size of the works: medians and worst over the stops."""
    quick = "--quick" in sys.argv
    print(
        "| orders | operations | ahead, median | stops replanned | CPU time, median [s] | worst [s] ", end=""
    )
    print("| broken, median | untouched moved, median [%] | worst [%] | moved by a new search [%] |")
    print("|" + "---:|" * 10)
    clock = ProcessClock()
    for orders in [30] if quick else [125, 250, 500, 1000]:
        problem = generated_works(orders, 1)
        plan = told(problem, 0.5 if quick else 20.0)
        seconds, shares, broken, left, news = [], [], [], [], []
        for kind, hour in STOPS[:2] if quick else STOPS:
            shop, ahead = stopped(problem, plan, kind, hour)
            began = time.process_time()
            answer: Repaired = repair(
                shop, ahead, move_money=MOVE_MONEY, stop=Stop(clock, began, 0.3 if quick else SECONDS)
            )
            seconds.append(time.process_time() - began)
            if not answer.runs:
                continue
            assert not broken_rules(shop, answer.runs)
            untouched = len(ahead.keys() - answer.broken)
            shares.append(100 * len(answer.moved - answer.broken) / max(untouched, 1))
            broken.append(len(answer.broken))
            left.append(len(ahead))
            news.append(100 * anew(shop, ahead, answer.broken))
        print(
            f"| {orders} | {len(problem.operations)} | {statistics.median(left):.0f} "
            f"| {len(shares)} of {len(seconds)} "
            f"| {statistics.median(seconds):.2f} | {max(seconds):.2f} | {statistics.median(broken):.0f} "
            f"| {statistics.median(shares):.2f} | {max(shares):.2f} | {statistics.median(news):.0f} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
