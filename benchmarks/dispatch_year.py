"""A dispatch against HiGHS on the same linear program: weeks to a year of quarter-hours, one thread.

HiGHS is timed in its solve alone (the better of simplex and interior point), Juli from problem to answer.
"""

import statistics
import sys
import time
from collections.abc import Callable

import numpy as np
from highspy._core import _Highs  # its public child prints a banner

from juli.power import Battery, DispatchProblem, dispatch
from juli.power.linear_program import formulate

REPEATS = 7


def site(slots: int, demand_price: float = 0.0, step_hours: float = 0.25, seed: int = 1) -> DispatchProblem:
    """A works with solar, a 1 MW / 4 MWh battery, time-of-use plus spot prices; twelve equal months."""
    rng = np.random.default_rng(seed)
    hours = np.arange(slots) * step_hours
    of_day = hours % 24
    spot = 0.35 + 0.15 * np.sin((np.arange(int(np.ceil(slots * step_hours))) % 24 - 9) / 12 * np.pi)
    spot = np.maximum(spot + rng.normal(0, 0.08, len(spot)), 0.02)[hours.astype(int)]
    time_of_use = np.where(of_day < 8, 0.15, np.where((of_day < 17) | (of_day >= 22), 0.3, 0.55))
    return DispatchProblem(
        step_hours=step_hours,
        consumption_kw=np.maximum(
            900 + 300 * np.sin((of_day - 6) / 12 * np.pi) + rng.normal(0, 80, slots), 50
        ),
        solar_kw=np.maximum(np.sin((of_day - 6) / 12 * np.pi), 0) * 1200 * rng.uniform(0.3, 1, slots),
        buy=time_of_use + spot + 0.1,
        sell=spot,
        battery=Battery(1000, 1000, 4000, 0.95, 0.95, wear_per_kwh=0.02, start_kwh=2000, end_kwh=2000),
        demand_price=demand_price,
        demand_period=np.minimum(hours * 12 // 8760, 11).astype(int),
    )


def seconds_of(run: Callable[[], object], times: int) -> float:
    """Median processor time of a run [s]."""
    seconds = []
    for _ in range(times):
        began = time.process_time()
        run()
        seconds.append(time.process_time() - began)
    return statistics.median(seconds)


def highs_seconds(problem: DispatchProblem, times: int) -> tuple[float, float, str]:
    """Median of HiGHS's better algorithm [s], its objective, its name."""
    model = formulate(problem).model()
    free = float(problem.demand_price @ problem.demand_free_kw)
    best = (np.inf, 0.0, "")
    for solver in ("simplex", "ipm"):
        seconds = []
        for _ in range(times):
            highs = _Highs()
            highs.setOptionValue("output_flag", False)
            highs.setOptionValue("threads", 1)
            highs.setOptionValue("solver", solver)
            highs.passModel(model)
            seconds.append(seconds_of(highs.run, 1))
        best = min(
            best, (statistics.median(seconds), highs.getInfo().objective_function_value - free, solver)
        )
    return best


def row(name: str, problem: DispatchProblem, peer_times: int) -> str:
    """A line of the table."""
    answer = dispatch(problem)
    ours = seconds_of(lambda: dispatch(problem), REPEATS)
    theirs, objective, solver = highs_seconds(problem, peer_times)
    difference = abs(answer.cost - objective) / abs(objective)
    times = f"{ours * 1e3:.2f} | {theirs * 1e3:.1f} ({solver}) | {theirs / ours:.0f}"
    return f"| {name} | {problem.slots} | {times} | {difference:.1e} |"


HEAD = (
    "| case | slots | Juli [ms] | HiGHS [ms] | ratio | relative difference |\n|---|---:|---:|---:|---:|---:|"
)


def main() -> None:
    """Print the table."""
    quick = "--quick" in sys.argv
    print(HEAD)
    print(row("a week", site(672), 1 if quick else REPEATS))
    if not quick:
        print(row("a quarter", site(8_760), REPEATS))
        print(row("a year", site(35_040), REPEATS))


if __name__ == "__main__":
    main()
