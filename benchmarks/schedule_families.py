"""The makespan of shops made like the public families, small and large, against a plain CP-SAT model.

One thread each, the same time and run. ``python -m benchmarks.schedule_families [--quick] [--seconds S]
[--seeds N] [NAME ...]``; a name is a family and its sizes, such as ``behnke-100x60``.

The instances are made here by the families' published recipes; their names only say whose recipe it was:
classic job shops (Taillard 1993, doi:10.1016/0377-2217(93)90182-M); edata, rdata and vdata, which let the
operations of a classic shop run on further machines (Hurink, Jurisch and Thole 1994, doi:10.1007/BF01719451);
bottleneck machines that are there twice (Barnes and Chambers 1996); long jobs with unlike durations
(Dauzère-Pérès and Paulli 1997, doi:10.1023/A:1018930406487); many machines and short jobs (Behnke and Geiger
2012).
"""

from collections.abc import Iterator

import numpy as np

from benchmarks._schedule_cases import arguments
from benchmarks.schedule_makespan import HEAD, row
from juli.workshop.formats import Format, Instance, shop_of
from juli.workshop.problem import Mode, ShopProblem, Wait, chain

NAMES = (
    "jsp-10x10",
    "jsp-20x5",
    "jsp-50x15",
    "jsp-100x20",
    "edata-15x10",
    "rdata-15x10",
    "vdata-15x10",
    "vdata-30x10",
    "barnes-15x10",
    "dauzere-10x5",
    "dauzere-20x10",
    "behnke-20x20",
    "behnke-50x60",
    "behnke-100x60",
)


def _modes(family: str, machine: int, machines: int, rng: np.random.Generator) -> tuple[Mode, ...]:
    """The machines of an operation that a classic shop would do on one machine."""
    duration = int(rng.integers(1, 100))
    if family == "jsp":
        chosen = [machine]
    elif family in ("edata", "rdata", "vdata"):
        more = {"edata": 0.15, "rdata": 1.0, "vdata": machines / 2 - 1}[family]
        others = [other for other in range(machines) if other != machine]
        count = min(int(rng.poisson(more)), len(others))
        chosen = [machine, *rng.choice(others, count, replace=False).tolist()]
    elif family == "barnes":
        twins = [machine + machines] if machine < 2 else []
        chosen = [machine, *twins]
    else:
        most = max(machines // (4 if family == "behnke" else 2), 2)
        count = int(rng.integers(1, most + 1))
        chosen = rng.choice(machines, count, replace=False).tolist()
        low, high = (10, 51) if family == "behnke" else (10, 101)
        base = int(rng.integers(low, high))
        return tuple(Mode(one, max(round(base * rng.uniform(0.8, 1.2)), 1)) for one in chosen)
    return tuple(Mode(one, duration) for one in chosen)


def _work(
    family: str, jobs: int, machines: int, rng: np.random.Generator
) -> Iterator[list[tuple[Mode, ...]]]:
    """The operations of each job."""
    for _ in range(jobs):
        if family == "behnke":
            order = rng.choice(machines, 5, replace=False)
        elif family == "dauzere":
            order = rng.integers(0, machines, int(rng.integers(15, 26)))
        else:
            order = rng.permutation(machines)
        yield [_modes(family, int(machine), machines, rng) for machine in order]


def made_family(name: str, seed: int = 1) -> ShopProblem:
    """Make a shop by the recipe of a family: its name, a hyphen, jobs x machines."""
    family, _, sizes = name.partition("-")
    jobs, machines = (int(size) for size in sizes.split("x"))
    rng = np.random.default_rng(seed)
    operations: list[tuple[int, int, tuple[Mode, ...]]] = []
    arcs: list[Wait] = []
    for job, work in enumerate(_work(family, jobs, machines, rng)):
        arcs += chain(range(len(operations), len(operations) + len(work)))
        operations += [(job, number, modes) for number, modes in enumerate(work)]
    doubled = machines + 2 if family == "barnes" else machines
    return shop_of(Instance(name, Format.FJSP, doubled, tuple(operations), tuple(arcs)))


def main() -> None:
    """Print the table."""
    asked = arguments(seconds=10.0)
    names = asked.names or NAMES
    if asked.quick:
        names, asked.seconds, asked.seeds = ["rdata-4x3"], 0.5, 1
    print(f"{asked.seconds:g} s, {asked.seeds} seeds, one thread; best known: the best of this run\n\n{HEAD}")
    for name in names:
        row(name, made_family(name), None, asked.seconds, asked.seeds, peer=not asked.no_peer)


if __name__ == "__main__":
    main()
