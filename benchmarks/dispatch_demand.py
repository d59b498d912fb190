"""Demand charges against HiGHS on the same linear program: one week with one charge, a year with twelve."""

import sys
from dataclasses import replace

import numpy as np

from benchmarks.dispatch_year import HEAD, REPEATS, row, seconds_of, site
from juli.power import dispatch


def main() -> None:
    """Print both tables."""
    quick = "--quick" in sys.argv
    # HiGHS needs ten seconds a year: the median of three runs, and of seven for Juli.
    peer_times = 1 if quick else 3
    print(HEAD)
    for price in (10.0,) if quick else (3.0, 10.0, 40.0):
        print(row(f"a week, one charge of {price:g}", site(672, demand_price=price), 1 if quick else REPEATS))
    if not quick:
        for price in (3.0, 7.0, 40.0):
            print(row(f"a year, twelve charges of {price:g}", site(35_040, demand_price=price), peer_times))

    print("\n| billing periods | charges | Juli [ms] | (cost - proven bound) / cost |\n|---|---:|---:|---:|")
    slots = 672 if quick else 35_040
    slot = np.arange(slots)
    dear = (slot // 4 % 24 >= 14) & (slot // 4 % 24 < 22)
    month = slot * 12 // slots
    kinds = {
        "thirty days and a short one": slot // 2880,
        "weeks": slot // 672,
        "three days": slot // 288,
        "months, dear hours apart": 2 * month + dear,
        "two that take turns all year": dear.astype(int),
    }
    base = site(slots)
    battery = replace(base.battery, self_discharge_per_hour=0.001)
    for name, period in kinds.items():
        count = int(period.max()) + 1
        asked = replace(
            base,
            battery=battery,
            demand_period=period,
            demand_price=np.full(count, 7.0),
            demand_free_kw=np.zeros(count),
        )
        answer = dispatch(asked)
        milliseconds = 1e3 * seconds_of(lambda asked=asked: dispatch(asked), 1 if quick else REPEATS)  # type: ignore[misc]
        gap = (answer.cost - answer.bound) / abs(answer.cost)
        print(f"| {name} | {count} | {milliseconds:.1f} | {gap:.1e} |")


if __name__ == "__main__":
    main()
