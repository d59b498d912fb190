"""A generated works with all rules of the shop: how long a first plan takes, by the number of orders.

60 machines on three lines, a week of 5-minute slots, about eight operations an order: frames are cut, bent,
welded, pre-treated, coated by colour and cured in batches in ovens that are warmed up; some have panels that
are cut and bent beside them; then assembly, wiring by a short crew, and test. Parts travel between the
lines, coating follows pre-treatment within four hours, and curing follows coating within 90 minutes.
Durations are scaled so that the week is equally full whatever the number of orders (up to three times as
long, never below a slot; a load of the oven always takes 35 minutes). Everything is drawn.

    python -m benchmarks.generated_works [--quick] [--seconds 60]
"""

import resource
import sys
import time
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from juli.core.clock import SystemClock
from juli.workshop.annealing import Annealing, first_schedule
from juli.workshop.arrays import compile_shop
from juli.workshop.bounds import LagrangianBound
from juli.workshop.judge import broken_rules, cost
from juli.workshop.problem import Job, Mode, Objective, Operation, Run, Setups, ShopProblem, Wait, Warmth
from juli.workshop.stop import Stop

SLOTS, DAY, LINES, COLOURS = 2016, 288, 3, 4
#: Machines of each kind on each line, their power [kW], and a step's mean duration with 1,000 orders [slots].
KINDS = {
    "cut": (3, 28.0, 5.0),
    "bend": (3, 18.0, 5.0),
    "weld": (3, 14.0, 8.0),
    "pretreat": (1, 40.0, 2.0),
    "coat": (1, 36.0, 1.5),
    "cure": (1, 150.0, 7.0),
    "assemble": (4, 3.0, 8.0),
    "wire": (3, 1.5, 6.0),
    "test": (1, 12.0, 2.0),
}
MACHINES = [
    (kind, line) for line in range(LINES) for kind, (count, _, _) in KINDS.items() for _ in range(count)
]


def generated_works(orders: int, seed: int) -> ShopProblem:
    """Draw a works with so many orders."""
    rng = np.random.default_rng(seed)
    scale = min(1000 / orders, 3.0)
    hour = np.arange(SLOTS) % DAY / 12
    opened = np.ones((len(MACHINES), SLOTS), dtype=np.bool_)
    for number, (kind, _) in enumerate(MACHINES):
        if kind in ("assemble", "wire", "test"):
            opened[number] = (hour >= 6) & (hour < 22) & ~((hour >= 11) & (hour < 11.5))
    operations: list[Operation] = []
    waits: list[Wait] = []
    jobs: list[Job] = []
    for job in range(orders):
        home, colour = int(rng.integers(LINES)), int(rng.integers(COLOURS))
        frame = ["cut", "bend", "weld", "pretreat", "coat", "cure"]
        branches = [frame, ["cut", "bend"]] if rng.random() < 0.3 else [frame[: int(rng.choice([6, 6, 3]))]]
        ends = []
        for branch in branches:
            for place, kind in enumerate(branch):
                operations.append(_operation(rng, job, kind, home, colour, scale))
                if place:
                    most = {"coat": 48, "cure": 18}.get(kind)
                    waits.append(Wait(len(operations) - 2, len(operations) - 1, 0, most))
            ends.append(len(operations) - 1)
        for kind in ("assemble", "wire", "test"):
            operations.append(_operation(rng, job, kind, home, colour, scale))
            waits += [Wait(end, len(operations) - 1) for end in ends]
            ends = [len(operations) - 1]
        release = int(rng.integers(0, 3 * DAY))
        due = float(release + rng.integers(DAY, 4 * DAY))
        jobs.append(Job(release, due, float(rng.integers(5, 40)) / 12, 0.1))
    machines = {kind: [n for n, (own, _) in enumerate(MACHINES) if own == kind] for kind in KINDS}
    return ShopProblem(
        slots=SLOTS,
        machines=len(MACHINES),
        jobs=tuple(jobs),
        operations=tuple(operations),
        waits=tuple(waits),
        step_hours=1 / 12,
        energy_price=np.where(hour < 8, 0.3, np.where((hour >= 17) & (hour < 22), 1.1, 0.65)),
        opened=opened,
        place=tuple(line for _, line in MACHINES),
        travel=3 * (1 - np.eye(LINES, dtype=np.int64)),
        setups={machine: _colours() for machine in machines["coat"]},
        warmth={machine: Warmth(58.0, 168.0, 8, 23) for machine in machines["cure"]},
        batches=dict.fromkeys(machines["cure"], 8.0),
        resources=_crew(hour),
    )


def _operation(
    rng: np.random.Generator, job: int, kind: str, home: int, colour: int, scale: float
) -> Operation:
    _, kw, mean = KINDS[kind]
    slots = 7 if kind == "cure" else max(round(scale * mean * float(rng.uniform(0.5, 1.5))), 1)
    lines = {home} if rng.random() < 0.7 else {home, int(rng.integers(LINES))}
    return Operation(
        job,
        tuple(
            Mode(number, slots, kw)
            for number, (own, line) in enumerate(MACHINES)
            if own == kind and line in lines
        ),
        pausable=kind in ("assemble", "wire"),
        family=colour,
        load=float(rng.integers(1, 4)) / 2 if kind == "cure" else 0.0,
        needs=((0, 1.0),) if kind == "wire" else (),
    )


def _colours() -> Setups:
    rows = 2 - 2 * np.eye(COLOURS, dtype=np.int64)
    return Setups((*(tuple(row) for row in rows.tolist()), (0,) * COLOURS), 6.0)


def _crew(hour: NDArray[np.float64]) -> NDArray[np.float64]:
    """Wiremen: fewer than places to wire at, and fewer still in the evening."""
    return np.where(hour < 14, 8.0, 7.0)[np.newaxis]


def main() -> None:
    """Print the table."""
    quick = "--quick" in sys.argv
    seconds = float(sys.argv[sys.argv.index("--seconds") + 1]) if "--seconds" in sys.argv else 60.0
    Annealing(generated_works(4, 0), 0).load()
    print("| orders | operations | posed [s] | first plan [s] | left out | late then [h] | ", end="")
    print(f"late after {0.5 if quick else seconds:g} s [h] | cost then | cost after | bound | memory [MB] |")
    print("|" + "---:|" * 11)
    for orders in [40] if quick else [125, 250, 500, 1000, 2000]:
        began = time.process_time()
        problem = generated_works(orders, 1)
        posed = time.process_time()
        now = first_schedule(problem, compile_shop(problem))
        first = time.process_time() - posed
        left_out = len(
            {
                problem.operations[n].job
                for n in np.flatnonzero(now.places["mode"] < 0)
                if n < len(problem.operations)
            }
        )
        clock = SystemClock()
        search = Annealing(problem, 1)
        stop = Stop(clock, clock.elapsed_seconds(), 0.5 if quick else seconds)
        runs = search.runs()
        search.run(stop)
        better = search.runs() or runs
        bound = LagrangianBound(problem)
        bound.raise_towards(
            cost(problem, better, Objective.MONEY), Stop(clock, clock.elapsed_seconds(), seconds / 4)
        )
        assert not broken_rules(problem, better)
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        late = [f"{_late_hours(problem, plan):.0f}" if plan else "–" for plan in (runs, better)]
        money = [f"{cost(problem, plan, Objective.MONEY):.0f}" if plan else "–" for plan in (runs, better)]
        print(
            f"| {orders} | {len(problem.operations)} | {posed - began:.2f} | {first:.2f} | {left_out} "
            f"| {late[0]} | {late[1]} | {money[0]} | {money[1]} | {bound.bound:.0f} | {memory:.0f} |",
            flush=True,
        )


def _late_hours(problem: ShopProblem, runs: Sequence[Run]) -> float:
    end = np.zeros(len(problem.jobs))
    for run in runs:
        job = problem.operations[run.operation].job
        end[job] = max(end[job], run.end)
    due = np.array([np.inf if job.due is None else job.due for job in problem.jobs])
    return float(np.maximum(end - due, 0.0).sum() * problem.step_hours)


if __name__ == "__main__":
    main()
