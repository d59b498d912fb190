"""A year's dispatch against PyPSA with HiGHS, model building included on both sides.

PyPSA is no dependency of Juli. Install it beside Juli in an environment that may be thrown away:

    python -m venv --system-site-packages /tmp/pypsa && /tmp/pypsa/bin/pip install pypsa
    PYTHONPATH=src /tmp/pypsa/bin/python -m benchmarks.dispatch_pypsa
"""

import importlib.util
import statistics
import sys
import time
from collections.abc import Callable

import numpy as np

from benchmarks.dispatch_year import REPEATS, site
from juli.power import DispatchProblem, dispatch

HOW = "pip install pypsa"


def pypsa_cost(problem: DispatchProblem) -> float:
    """Build and solve the site in PyPSA; the battery is a store between two links, as PyPSA advises."""
    import pandas as pd
    import pypsa

    battery = problem.battery
    network = pypsa.Network()
    network.set_snapshots(pd.RangeIndex(problem.slots))
    columns = network.snapshot_weightings.columns
    network.snapshot_weightings = pd.DataFrame(problem.step_hours, network.snapshots, columns)
    network.add("Bus", "site")
    network.add("Bus", "store")
    network.add("Load", "consumption", bus="site", p_set=pd.Series(problem.consumption_kw, network.snapshots))
    at_peak = max(problem.solar_kw.max(), 1e-9)
    network.add("Generator", "solar", bus="site", p_nom=at_peak, p_max_pu=problem.solar_kw / at_peak)
    network.add("Generator", "buy", bus="site", p_nom=1e5, marginal_cost=problem.buy)
    network.add(
        "Generator", "sell", bus="site", p_nom=1e5, p_min_pu=-1, p_max_pu=0, marginal_cost=problem.sell
    )
    into, out, wear = battery.charge_efficiency, battery.discharge_efficiency, battery.wear_per_kwh
    network.add(
        "Link",
        "charge",
        bus0="site",
        bus1="store",
        p_nom=battery.charge_kw,
        efficiency=into,
        marginal_cost=wear * into,
    )
    network.add(
        "Link",
        "discharge",
        bus0="store",
        bus1="site",
        p_nom=battery.discharge_kw / out,
        efficiency=out,
        marginal_cost=wear,
    )
    floor = np.zeros(problem.slots)
    floor[-1] = battery.end_kwh / battery.energy_kwh
    network.add(
        "Store",
        "battery",
        bus="store",
        e_nom=battery.energy_kwh,
        e_initial=battery.start_kwh,
        e_min_pu=floor,
        standing_loss=battery.self_discharge_per_hour,
    )
    status, condition = network.optimize(
        solver_name="highs",
        solver_options={"threads": 1, "output_flag": False},
        io_api="direct",
        log_to_console=False,
    )
    if status != "ok":
        raise RuntimeError(f"PyPSA: {status}, {condition}")
    return float(network.objective)


def seconds_of(run: Callable[[], float], times: int) -> tuple[float, float]:
    """Median processor time [s], and what the run answers."""
    seconds = []
    for _ in range(times):
        began = time.process_time()
        answer = run()
        seconds.append(time.process_time() - began)
    return statistics.median(seconds), answer


def main() -> None:
    """Print the table, or how to get PyPSA."""
    head = "| slots | Juli [ms] | PyPSA, building and solving [ms] | ratio | relative difference |"
    print(f"{head}\n|---:|---:|---:|---:|---:|")
    if importlib.util.find_spec("pypsa") is None:
        problem = site(672)
        dispatch(problem)
        mine, _ = seconds_of(lambda: dispatch(problem).cost, REPEATS)
        print(f"| 672 | {mine * 1e3:.2f} | not installed: `{HOW}` | - | - |")
        return
    import logging
    import warnings

    logging.disable(logging.WARNING)
    warnings.simplefilter("ignore")
    quick = "--quick" in sys.argv
    pypsa_cost(site(96))  # imports what PyPSA needs
    for slots in (672,) if quick else (672, 35_040):
        problem = site(slots)
        dispatch(problem)

        def ours(slots: int = slots) -> float:
            return dispatch(site(slots)).cost

        def theirs(slots: int = slots) -> float:
            return pypsa_cost(site(slots))

        mine, cost = seconds_of(ours, REPEATS)
        peer, objective = seconds_of(theirs, 1 if quick else 3)
        difference = abs(cost - objective) / abs(cost)
        print(f"| {slots} | {mine * 1e3:.2f} | {peer * 1e3:.0f} | {peer / mine:.0f} | {difference:.1e} |")


if __name__ == "__main__":
    main()
