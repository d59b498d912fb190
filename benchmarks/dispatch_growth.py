"""How a dispatch grows: slots to a year of minutes, and thousands of site-years in one process.

Site-years are a load of a real steel plant (or, where that is absent, a made one), scaled and noised, with
batteries of many sizes. They are a sample: the time of all is the sample's mean times their number.
"""

import csv
import resource
import statistics
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks.dispatch_year import seconds_of, site
from juli.power import dispatch

STEEL = Path(__file__).resolve().parent.parent.parent / "shared" / "data" / "steel_2018.csv"
SITE_YEARS = 10_000


def steel_kw() -> np.ndarray:
    """A year of quarter-hours."""
    if not STEEL.is_file():
        return site(35_040).consumption_kw / 10
    with STEEL.open(encoding="utf-8") as stream:
        return np.array([float(line["consumption_kw"]) for line in csv.DictReader(stream)])


def main() -> None:
    """Print both tables."""
    quick = "--quick" in sys.argv
    print("| slots | step [min] | time [ms] | segment steps a slot | peak memory [MB] |")
    print("|---:|---:|---:|---:|---:|")
    sizes = (
        [(672, 0.25), (8_760, 1.0)]
        if quick
        else [(672, 0.25), (8_760, 1.0), (35_040, 0.25), (525_600, 1 / 60)]
    )
    for slots, step in sizes:
        problem = site(slots, step_hours=step)
        answer = dispatch(problem)
        milliseconds = 1e3 * seconds_of(lambda problem=problem: dispatch(problem), 3)  # type: ignore[misc]
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        steps = answer.segment_steps / slots
        print(f"| {slots} | {step * 60:g} | {milliseconds:.2f} | {steps:.1f} | {memory:.0f} |")

    head = f"demand charge | sampled | a site-year, median [ms] | {SITE_YEARS:,} site-years [s]"
    print(f"\n| {head} | last / first tenth |")
    print("|---|---:|---:|---:|---:|")
    load = steel_kw()
    rng = np.random.default_rng(1)
    for demand_price, sample in ((0.0, 3 if quick else 200), (40.0, 2 if quick else 30)):
        base = site(35_040, demand_price)
        seconds = []
        for _ in range(sample):
            scale = rng.uniform(0.5, 5)
            size = rng.uniform(0.1, 2) * scale * 100
            battery = replace(
                base.battery, charge_kw=size, discharge_kw=size, energy_kwh=4 * size, start_kwh=0, end_kwh=0
            )
            noised = load * scale * rng.lognormal(0, 0.1, len(load))
            problem = replace(
                base, consumption_kw=noised, solar_kw=base.solar_kw * scale / 10, battery=battery
            )
            began = time.process_time()
            dispatch(problem)
            seconds.append(time.process_time() - began)
        tenth = max(1, sample // 10)
        growth = statistics.median(seconds[-tenth:]) / statistics.median(seconds[:tenth])
        median = 1e3 * statistics.median(seconds)
        total = statistics.mean(seconds) * SITE_YEARS
        charge = "monthly" if demand_price else "none"
        print(f"| {charge} | {sample} | {median:.1f} | {total:.0f} | {growth:.2f} |")


if __name__ == "__main__":
    main()
