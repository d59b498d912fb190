"""The learned forecaster against two seasonal naive ones, on a real steel plant's year of quarter-hours.

Errors of forecasts for the next day, issued every hour; only what was before each issue is known. The ratio
is to the better naive one; times are processor times.
"""

import sys
import time
from pathlib import Path

import numpy as np

from juli.plant.tariffs.local_time import zone_of
from juli.plant.tariffs.series import read_series
from juli.power.forecast import Forecaster, SeasonalNaive, mean_absolute_error
from juli.power.forecast_learned import LearnedForecast

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "steel_2018.csv"
DAY = 96
HOUR = 4


def made_up_load(days: int) -> np.ndarray:
    """A works with two shifts, weekends and a level that wanders: for a run without anyone's data."""
    rng = np.random.default_rng(1)
    at = np.arange(days * DAY)
    busy = (at // HOUR % 24 >= 6) & (at // HOUR % 24 < 22) & (at // DAY % 7 < 5)
    level = 1 + np.cumsum(rng.normal(0, 0.002, len(at)))
    return np.maximum((100 + 300 * busy) * level + rng.normal(0, 20, len(at)), 0)


def row(name: str, actual: np.ndarray, first_day: int, every: int) -> list[str]:
    issues = range(first_day * DAY, len(actual) - DAY, every)
    forecasters: dict[str, Forecaster] = {
        "one day before": SeasonalNaive(actual, 0.25, (1,)),
        "one week before": SeasonalNaive(actual, 0.25),
        "learned": LearnedForecast(actual, 0.25, every=every, count=DAY),
    }
    errors, seconds = {}, {}
    for kind, forecaster in forecasters.items():
        began = time.process_time()
        errors[kind] = mean_absolute_error(forecaster, actual, issues, DAY)
        seconds[kind] = time.process_time() - began
    naive = min(absolute for kind, (absolute, _) in errors.items() if kind != "learned")
    return [
        f"| {name} | {kind} | {absolute:.2f} | {square:.2f} | {absolute / naive:.3f} | {seconds[kind]:.1f} |"
        for kind, (absolute, square) in errors.items()
    ]


def main() -> None:
    quick = "--quick" in sys.argv
    print("| series | forecaster | mean absolute error [kW] | root mean square [kW] | ratio | CPU [s] |")
    print("|---|---|---|---|---|---|")
    if quick or not DATA.is_file():
        if not DATA.is_file():
            print("| the steel plant's year is not beside the project: skipped | | | | | |")
        lines = row("made up", made_up_load(35 if quick else 120), 28, 24 if quick else HOUR)
    else:
        actual = read_series(DATA, ["consumption_kw"], zone_of("UTC")).columns["consumption_kw"]
        lines = row("steel 2018", actual, 28, HOUR)
    print("\n".join(lines))


if __name__ == "__main__":
    main()
