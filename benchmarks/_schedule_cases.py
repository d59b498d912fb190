"""Instances that the scheduling benchmarks share, made or public, and how they are asked for."""

import argparse
import csv
from pathlib import Path

import numpy as np

from juli.workshop.formats import priced, read_instance, shop_of
from juli.workshop.problem import Job, Mode, Operation, ShopProblem, Wait, chain

SHARED = Path(__file__).resolve().parent.parent.parent / "shared" / "data"


def arguments(seconds: float) -> argparse.Namespace:
    """``--quick``, ``--seconds``, ``--seeds`` and the names of instances."""
    parser = argparse.ArgumentParser()
    parser.add_argument("names", nargs="*")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--seconds", type=float, default=seconds)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--no-peer", action="store_true")
    return parser.parse_args()


def made_shop(jobs: int, operations: int, machines: int, seed: int, *, assembly: bool = False) -> ShopProblem:
    """A random flexible shop; in an assembly, the last operation of a job waits for all others."""
    rng = np.random.default_rng(seed)
    work, waits = [], []
    for job in range(jobs):
        first = len(work)
        for _ in range(operations):
            chosen = rng.choice(machines, int(rng.integers(1, machines + 1)), replace=False)
            modes = tuple(Mode(int(m), int(rng.integers(1, 10))) for m in chosen)
            work.append(Operation(job, modes))
        numbers = range(first, first + operations)
        waits += [Wait(number, numbers[-1]) for number in numbers[:-1]] if assembly else chain(numbers)
    slots = sum(max(mode.duration for mode in operation.modes) for operation in work)
    return ShopProblem(slots, machines, (Job(),) * jobs, tuple(work), tuple(waits))


def public_shop(name: str, slots: int | None = None) -> ShopProblem:
    """A public instance that lies beside the project: a Brandimarte shop or an assembly."""
    folder = "fajsp" if name.startswith("DAFJS") else "fjsp"
    return shop_of(read_instance(SHARED / folder / f"{name}.txt"), slots)


def best_known() -> dict[str, int]:
    """Best known makespans of the public instances that are there."""
    known = dict(
        zip(
            (f"DAFJS{number:02}" for number in range(1, 11)),
            (257, 289, 576, 606, 384, 404, 505, 628, 460, 518),
            strict=True,
        )
    )
    file = SHARED / "fjsp" / "best_known.csv"
    if file.is_file():
        with file.open(encoding="utf-8") as stream:
            known |= {row["instance"]: int(row["upper_bound"]) for row in csv.DictReader(stream)}
    return known


def with_made_prices(shop: ShopProblem, seed: int) -> ShopProblem:
    """Random power for each machine, and six stretches at one of three prices."""
    rng = np.random.default_rng(seed)
    power_kw = rng.uniform(5, 45, shop.machines).round(1)
    levels = rng.choice([0.3, 0.65, 1.1], size=6)
    cuts = np.sort(rng.choice(np.arange(1, shop.slots), min(5, shop.slots - 1), replace=False))
    prices = levels[np.searchsorted(cuts, np.arange(shop.slots), side="right")]
    return priced(shop, prices.tolist(), power_kw.tolist(), 0.25)
