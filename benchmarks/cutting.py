"""Cutting plans on generated stock: gap to the linear program's bound, time, and the peer in the same run.

A case is 200 pieces of 15 to 45 kinds. Half of the cases are cut from bars that are all measured, and all
different; half from a rack of measured bars and rests, to which offcuts return. The peer is first fit by
falling length, what a saw's own control does. Seconds are this process's CPU time.
"""

import statistics
import sys
import time

import numpy as np

from juli.core.clock import SystemClock
from juli.plant.cutting import CuttingTask, Piece, StockBar
from juli.workshop.cutting import cut
from juli.workshop.cutting.first_fit import first_fit
from juli.workshop.cutting.problem import merge

PIECES = 200


class ProcessClock(SystemClock):
    """Counts this process's own time, so that a busy machine changes nothing."""

    def elapsed_seconds(self) -> float:
        return time.process_time()


def case(seed: int, pieces: int = PIECES) -> CuttingTask:
    """Generate a case; even seeds: measured bars near 6 m, odd: a rack of 2.5 m to 12 m, offcuts return."""
    rng = np.random.default_rng(seed)
    kinds = int(rng.integers(15, 46))
    lengths = rng.choice(np.arange(250, 3200), kinds, replace=False)
    counts = rng.multinomial(pieces - kinds, np.ones(kinds) / kinds) + 1
    wanted = float((lengths * counts).sum())
    if seed % 2 == 0:
        bars = rng.integers(5600, 6200, int(wanted / 5900 * 1.25) + 6)
    else:
        bars = rng.integers(2500, 12_000, int(wanted / 7250 * 1.5) + 6)
    return CuttingTask(
        stock=tuple(StockBar(id=f"B{at}", length_mm=float(length)) for at, length in enumerate(bars)),
        pieces=tuple(
            Piece(id=f"P{at}", length_mm=float(length), quantity=int(count))
            for at, (length, count) in enumerate(zip(lengths, counts, strict=True))
        ),
        kerf_mm=3,
        end_trim_mm=20,
        least_offcut_mm=None if seed % 2 == 0 else 800,
    )


def first_fit_mm(task: CuttingTask) -> float:
    """What first fit by falling length takes [mm of full bar]; NaN where it runs out of bars."""
    problem = merge(task).problem
    costs = [
        sum(pattern.cost for pattern in plan) * problem.unit_mm
        for longest_first in (True, False)
        for plan in [first_fit(problem, problem.wanted, problem.available, longest_first=longest_first)]
        if (sum(pattern.counts for pattern in plan) >= problem.wanted).all()
    ]
    return min(costs, default=float("nan"))


def main() -> None:
    """Print a table by kind of stock."""
    quick = "--quick" in sys.argv
    cases = 4 if quick else 100
    cut(case(0, 50), seconds=0.5)  # compiles, before a clock runs
    print("| stock | cases | gap, median [%] | gap, worst [%] | CPU time, median [s] | CPU time, worst [s] "
          "| first fit takes more, median [%] | scrap, median [%] | scrap of first fit [%] |")  # fmt: skip
    print("|---|---:|---:|---:|---:|---:|---:|---:|---:|")
    for name, parity in (("measured bars near 6 m", 0), ("rack of 2.5 m to 12 m, offcuts return", 1)):
        gaps, seconds, more, scrap, peer_scrap = [], [], [], [], []
        for seed in range(parity, cases, 2):
            task = case(seed)
            answer = cut(task, seconds=0.8 if quick else 1.7, seed=seed, clock=ProcessClock())
            if answer.plan is None:
                raise SystemExit(f"case {seed}: {answer.reason}")
            wanted = sum(piece.length_mm * piece.quantity for piece in task.pieces)
            peer = first_fit_mm(task)
            gaps.append(100 * answer.plan.gap)
            seconds.append(answer.seconds)
            more.append(100 * (peer / answer.plan.cost_mm - 1))
            scrap.append(100 * (1 - wanted / answer.plan.cost_mm))
            peer_scrap.append(100 * (1 - wanted / peer))
        found = [one for one in more if one == one]
        peers = [one for one in peer_scrap if one == one]
        print(
            f"| {name} | {len(gaps)} | {statistics.median(gaps):.4f} | {max(gaps):.4f} "
            f"| {statistics.median(seconds):.2f} | {max(seconds):.2f} | {statistics.median(found):.2f} "
            f"| {statistics.median(scrap):.2f} | {statistics.median(peers):.2f} |"
        )


if __name__ == "__main__":
    main()
