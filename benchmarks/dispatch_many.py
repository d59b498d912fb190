"""Ten thousand site-years in one process: how long they take, and whether time or memory grows on the way.

The load is a real steel plant's year (or, where that is absent, a made one), scaled and noised, each with a
battery of another size. Times are the process's processor time; the noise is drawn outside them.
"""

import csv
import resource
import statistics
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks.dispatch_year import site
from juli.power import DispatchProblem, dispatch

STEEL = Path(__file__).resolve().parent.parent.parent / "shared" / "data" / "steel_2018.csv"


def steel_kw() -> np.ndarray:
    """A year of quarter-hours."""
    if not STEEL.is_file():
        return site(35_040).consumption_kw / 10
    with STEEL.open(encoding="utf-8") as stream:
        return np.array([float(line["consumption_kw"]) for line in csv.DictReader(stream)])


def draw(base: DispatchProblem, load_kw: np.ndarray, rng: np.random.Generator) -> DispatchProblem:
    """Another site: half to five times as large, noised by a tenth, with a battery of its own size."""
    scale = rng.uniform(0.5, 5)
    size_kw = rng.uniform(0.1, 2) * scale * 100
    battery = replace(
        base.battery,
        charge_kw=size_kw,
        discharge_kw=size_kw,
        energy_kwh=rng.uniform(1, 8) * size_kw,
        start_kwh=0,
        end_kwh=0,
    )
    noised = load_kw * scale * rng.lognormal(0, 0.1, len(load_kw))
    return replace(base, consumption_kw=noised, solar_kw=base.solar_kw * scale / 10, battery=battery)


def main() -> None:
    """Print the table."""
    quick = "--quick" in sys.argv
    load = steel_kw()
    head = "demand charges | site-years | one [ms] | all [s] | all / (number x one) | last / first tenth"
    print(f"| {head} | memory grown [MB] |\n|---|---:|---:|---:|---:|---:|---:|")
    for price, many in ((0.0, 5 if quick else 10_000), (40.0, 2 if quick else 200)):
        base = site(35_040, demand_price=price)
        rng = np.random.default_rng(1)
        dispatch(draw(base, load, rng))  # compiles, or reads what was compiled
        seconds = []
        memory = 0.0
        for number in range(many):
            problem = draw(base, load, rng)
            began = time.process_time()
            dispatch(problem)
            seconds.append(time.process_time() - began)
            if number == many // 10:
                memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        tenth = max(1, many // 10)
        one = statistics.median(seconds[:tenth])
        growth = statistics.median(seconds[-tenth:]) / one
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 - memory
        total = sum(seconds)
        times = f"{1e3 * one:.1f} | {total:.1f} | {total / (many * one):.2f} | {growth:.2f}"
        print(f"| {'twelve' if price else 'none'} | {many} | {times} | {grown:.0f} |")


if __name__ == "__main__":
    main()
