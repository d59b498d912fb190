"""The makespan of Brandimarte's flexible job shops against the best known and a plain CP-SAT model.

One thread each. ``python -m benchmarks.schedule_makespan [--quick] [--seconds S] [--seeds N] [NAME ...]``
"""

import statistics

from benchmarks._constraint_peer import plain_model
from benchmarks._schedule_cases import SHARED, arguments, best_known, made_shop, public_shop
from juli.workshop.problem import Objective, ShopProblem
from juli.workshop.scheduling import schedule

HEAD = (
    "| instance | best known | Juli, median | of all seeds | gap [%] | bound | CP-SAT | gap [%] |\n"
    "|---|---:|---:|---|---:|---:|---:|---:|"
)


def row(
    name: str, shop: ShopProblem, known: float | None, seconds: float, seeds: int, *, peer: bool
) -> tuple[float, float | None]:
    """Print a row; the gaps of Juli's median and of the peer to the best known [%]."""
    found = [
        schedule(shop, objective=Objective.MAKESPAN, seconds=seconds, seed=seed) for seed in range(seeds)
    ]
    ends = [int(answer.objective or shop.slots) for answer in found]
    median = statistics.median(ends)
    other = plain_model(shop, Objective.MAKESPAN, seconds) if peer else None
    base = known or min([*ends, other or ends[0]])
    gap, other_gap = 100 * (median / base - 1), None if other is None else 100 * (other / base - 1)
    bound = max(answer.bound or 0 for answer in found)
    told = "– | –" if other is None or other_gap is None else f"{other:g} | {other_gap:.2f}"
    print(
        f"| {name} | {base:g} | {median:g} | {' '.join(map(str, ends))} | {gap:.2f} | {bound:g} | {told} |",
        flush=True,
    )
    return gap, other_gap


def table(names: list[str], seconds: float, seeds: int, *, peer: bool) -> None:
    """Print a table and the mean gaps."""
    known = best_known()
    print(f"{seconds:g} s, {seeds} seeds, one thread\n\n{HEAD}")
    gaps = [row(name, public_shop(name), known[name], seconds, seeds, peer=peer) for name in names]
    mean = statistics.mean(gap for gap, _ in gaps)
    solved = [(own, gap) for own, gap in gaps if gap is not None]
    told = f"{statistics.mean(gap for _, gap in solved):.2f}" if solved else "–"
    print(f"| mean | | | | {mean:.2f} | | | {told} |")
    if 0 < len(solved) < len(gaps):
        own = statistics.mean(own for own, _ in solved)
        print(
            f"\nCP-SAT found a schedule for {len(solved)} of {len(gaps)}; its mean is over these alone, "
            f"where Juli's is {own:.2f}."
        )


def main() -> None:
    """Print the table."""
    asked = arguments(seconds=60.0)
    if asked.quick:
        print(HEAD)
        row("made, 5 x 4 on 3", made_shop(5, 4, 3, 1), None, 0.5, 1, peer=True)
        return
    if not SHARED.is_dir():
        print("the public instances are not beside the project")
        return
    names = asked.names or [f"mk{number:02}" for number in range(1, 11)]
    table(names, asked.seconds, asked.seeds, peer=not asked.no_peer)


if __name__ == "__main__":
    main()
