"""The cost of energy within a deadline: mk06 under a three-price tariff, and shops under made tariffs.

One thread each; the deadline is 1.5 times the best known makespan; the peer is a plain CP-SAT model.
``python -m benchmarks.schedule_tariff [--quick] [--seconds S] [--seeds N] [NAME ...]``
"""

import json
import statistics

from benchmarks._constraint_peer import plain_model
from benchmarks._schedule_cases import (
    SHARED,
    arguments,
    best_known,
    made_shop,
    public_shop,
    with_made_prices,
)
from juli.workshop.formats import priced
from juli.workshop.problem import Objective, ShopProblem
from juli.workshop.scheduling import schedule

HEAD = (
    "| instance | Juli, median | of all seeds | bound | gap [%] | CP-SAT | CP-SAT / Juli |\n"
    "|---|---:|---|---:|---:|---:|---:|"
)


def row(name: str, shop: ShopProblem, seconds: float, seeds: int, *, peer: bool) -> None:
    """Print a row."""
    found = [schedule(shop, seconds=seconds, seed=seed) for seed in range(seeds)]
    costs = [answer.objective for answer in found if answer.objective is not None]
    bound = max(answer.bound or 0.0 for answer in found)
    median = statistics.median(costs)
    other = plain_model(shop, Objective.MONEY, seconds) if peer else None
    told = "– | –" if other is None else f"{other:,.1f} | {other / median:.3f}"
    print(
        f"| {name} | {median:,.1f} | {' '.join(f'{cost:.1f}' for cost in costs)} | {bound:,.1f} | "
        f"{100 * (median - bound) / median:.1f} | {told} |",
        flush=True,
    )


def tariff_shop() -> ShopProblem:
    """The public shop mk06 with power, three prices and a deadline of 85 quarter-hours."""
    case = json.loads((SHARED / "joint_mk06.json").read_text(encoding="utf-8"))
    shop = public_shop("mk06", case["deadline_slots"])
    return priced(shop, case["buy"], case["machine_kw"], case["slot_hours"])


def main() -> None:
    """Print the table."""
    asked = arguments(seconds=10.0)
    if asked.quick:
        print(HEAD)
        row("made, 5 x 4 on 3", with_made_prices(made_shop(5, 4, 3, 1), 1), 0.5, 1, peer=True)
        return
    if not SHARED.is_dir():
        print("the public instances are not beside the project")
        return
    known = best_known()
    print(f"{asked.seconds:g} s, {asked.seeds} seeds, one thread\n\n{HEAD}")
    for name in asked.names or ["tariff", "mk01", "mk04", "mk10"]:
        if name == "tariff":
            shop, told = tariff_shop(), "mk06, three prices"
        else:
            shop, told = (
                with_made_prices(public_shop(name, int(1.5 * known[name])), 1),
                f"{name}, made tariff",
            )
        row(told, shop, asked.seconds, asked.seeds, peer=not asked.no_peer)


if __name__ == "__main__":
    main()
