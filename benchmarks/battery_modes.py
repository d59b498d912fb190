"""What a 500 kW / 2 MWh battery really saves in each demand mode, and what not knowing the future costs.

A real steel plant's year of quarter-hours (2018) on the Jiangsu tariff of June 2025, 20 °C all year, every
plan held against the physics. The ratio is to lithium in the same mode. Rolling: a plan each hour, 48 h
ahead. Regret is against perfect foresight with the same physical battery.
"""

import sys
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np

from benchmarks.forecast import DATA, made_up_load
from juli.power.dispatch_file import DispatchFile
from juli.power.forecast import Forecaster, forecasters_of
from juli.power.rolling import PhysicalStore, roll
from juli.power.services.operation import operate, without_battery

MODES = {
    "transformer capacity": "demand_mode: transformer_capacity\ncapacity_kva: 1250\n",
    "contract demand": "demand_mode: contract_demand\ncontract_kw: 800\ncapacity_kva: 1250\n",
    "measured maximum": "demand_mode: measured_maximum\ncapacity_kva: 1250\n",
}


def asked(folder: Path, series: Path, chemistry: str, mode: str) -> DispatchFile:
    (folder / "site.yaml").write_text(
        f"series: {series}\ntime_zone: Asia/Shanghai\nany_date: true\n"
        f"tariff: jiangsu-2025-06-two-part-1-10kv\n{MODES[mode]}"
        f"battery: {{chemistry: {chemistry}, energy_kwh: 2000, power_kw: 500, temperature_celsius: 20}}\n",
        encoding="utf-8",
    )
    return DispatchFile(folder / "site.yaml")


def modes(folder: Path, series: Path) -> None:
    heads = ("mode", "chemistry", "bill without", "saved by plan", "saved really", "ratio", "repairs")
    print(f"| {' | '.join(heads)} | peak kW | CPU [s] |")
    print("|---|---|---|---|---|---|---|---|---|")
    for mode in MODES:
        saved = {}
        for chemistry in ("lithium_iron_phosphate", "nickel_hydrogen"):
            began = time.process_time()
            site = asked(folder, series, chemistry, mode)
            operation = operate(site.problem, None, site.physical)
            before = without_battery(site.problem)
            fixed = site.tariff.fixed_money
            saved[chemistry] = before.cost - operation.actual_cost
            ratio = saved[chemistry] / saved["lithium_iron_phosphate"]
            print(
                f"| {mode} | {chemistry.replace('_', ' ')} | {before.cost + fixed:,.0f} "
                f"| {before.cost - operation.stacked.cost:,.0f} | {saved[chemistry]:,.0f} | {ratio:.3f} "
                f"| {operation.followed.repairs} | {operation.dispatch.grid_kw.max():,.0f} "
                f"| {time.process_time() - began:.1f} |"
            )


def rolling(folder: Path, series: Path) -> None:
    site = asked(folder, series, "nickel_hydrogen", "measured maximum")
    operation = operate(site.problem, None, site.physical)
    problem, before = operation.problem, without_battery(site.problem)
    print("\n| forecasts | it pays | perfect foresight | regret | of the saving | off by kW | CPU [s] |")
    print("|---|---|---|---|---|---|---|")
    actual = {"consumption_kw": problem.consumption_kw, "solar_kw": problem.solar_kw}
    for kind in ("naive", "learned"):
        began = time.process_time()
        forecasters: dict[str, Forecaster] = forecasters_of(
            actual, {}, kind, 0.25, every=4, count=192, calendar=site.hour_of_week()
        )
        chemistry = site.physical.chemistry
        state = chemistry.at_stored(site.physical.state, problem.battery.start_kwh)
        store = PhysicalStore(chemistry, state, 0.25, np.full(problem.slots, 20.0))
        rolled = roll(problem, forecasters, store, every_slots=4)
        kept = (before.cost - rolled.cost) / (before.cost - operation.actual_cost)
        print(
            f"| {kind} | {rolled.cost:,.0f} | {operation.actual_cost:,.0f} "
            f"| {rolled.cost - operation.actual_cost:,.0f} | {kept:.1%} | {rolled.forecast_error_kw:.1f} "
            f"| {time.process_time() - began:.1f} |"
        )


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        series = DATA
        if "--quick" in sys.argv or not DATA.is_file():
            load = made_up_load(16)
            start = datetime(2025, 7, 1)  # noqa: DTZ001 - wall-clock time of the file
            rows = [
                f"{start + k * timedelta(minutes=15):%Y-%m-%dT%H:%M},{kw:.1f}" for k, kw in enumerate(load)
            ]
            series = folder / "load.csv"
            series.write_text("time,consumption_kw\n" + "\n".join(rows), encoding="utf-8")
            print("made-up load: the steel plant's year is not asked for, or not beside the project\n")
        modes(folder, series)
        rolling(folder, series)


if __name__ == "__main__":
    main()
