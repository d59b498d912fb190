"""A dispatch against HiGHS on the same linear program: weeks to a year of quarter-hours, one thread."""

import statistics
import sys
import time
from collections.abc import Callable

import numpy as np

from juli.power import Battery, Dispatch, DispatchProblem, dispatch
from juli.power.linear_program import solve_linear_program


def site(slots: int, demand_price: float) -> DispatchProblem:
    """A works with solar, a 1 MW / 4 MWh battery and a three-price tariff; months of 30 days."""
    rng = np.random.default_rng(1)
    hour = np.arange(slots) / 4 % 24
    return DispatchProblem(
        step_hours=0.25,
        consumption_kw=900 + 300 * np.sin((hour - 6) / 24 * 2 * np.pi) + rng.normal(0, 80, slots),
        solar_kw=np.maximum(np.sin((hour - 6) / 12 * np.pi), 0) * 1500 * rng.uniform(0.2, 1, slots),
        buy=np.where(hour < 8, 0.27, np.where((hour < 17) | (hour >= 22), 0.65, 1.12))
        + rng.uniform(0, 0.02, slots),
        sell=0.2,
        battery=Battery(1000, 1000, 4000, 0.95, 0.95, self_discharge_per_hour=0.001, wear_per_kwh=0.01),
        demand_price=demand_price,
        demand_period=np.arange(slots) // (30 * 96),
    )


def median_seconds(
    run: Callable[[DispatchProblem], Dispatch], problem: DispatchProblem, times: int
) -> tuple[float, float]:
    """Median time of a run, and its cost."""
    seconds = []
    for _ in range(times):
        began = time.perf_counter()
        cost = run(problem).cost
        seconds.append(time.perf_counter() - began)
    return statistics.median(seconds), cost


def main() -> None:
    """Print the table."""
    quick = "--quick" in sys.argv
    dispatch(site(96, 40.0))  # compiles, or reads the cache
    print("| slots | demand charge | Juli [ms] | HiGHS [ms] | ratio | relative difference |")
    print("|---:|---|---:|---:|---:|---:|")
    for slots in (96,) if quick else (672, 8_760, 35_040):
        for demand_price in (0.0, 40.0):
            problem = site(slots, demand_price)
            ours, cost = median_seconds(dispatch, problem, 7)
            peers, peer_cost = median_seconds(solve_linear_program, problem, 1 if slots > 10_000 else 3)
            difference = abs(cost - peer_cost) / abs(peer_cost)
            charge = "monthly" if demand_price else "none"
            times = f"{ours * 1e3:.2f} | {peers * 1e3:.1f} | {peers / ours:.0f}"
            print(f"| {slots} | {charge} | {times} | {difference:.1e} |")


if __name__ == "__main__":
    main()
