"""Random dispatch problems with every option on, and public sites to dispatch."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from juli.power import Battery, DispatchProblem

Draw = Callable[..., DispatchProblem]


def _random_problem(
    seed: int,
    *,
    negative: bool = False,
    dear_sale: bool = False,
    standing: bool = False,
    most_slots: int = 40,
) -> DispatchProblem:
    """A problem drawn with every option, each now and then at a value that degenerates it."""
    rng = np.random.default_rng(seed)
    slots = int(rng.integers(1, most_slots))

    def maybe(share: float) -> bool:
        return bool(rng.random() < share)

    def coarse(values: np.ndarray) -> np.ndarray:
        return np.round(values, 1) if maybe(0.5) else values

    buy = np.round(rng.uniform(-0.5 if negative else 0.0, 1, slots), int(rng.integers(1, 4)))
    sell = np.round(buy - rng.uniform(0, 0.5, slots) * (rng.random(slots) < 0.8), 3)
    if not negative:
        sell = np.maximum(sell, 0)
    if dear_sale:
        sell = np.where(rng.random(slots) < 0.3, buy + 0.2, sell)
    energy = float(rng.choice([0, 10, 100, 400]))
    lossless = maybe(0.3)
    battery = Battery(
        charge_kw=float(rng.choice([0, 20, 100])),
        discharge_kw=float(rng.choice([0, 20, 100])),
        energy_kwh=energy,
        charge_efficiency=1 if lossless else float(rng.uniform(0.8, 1)),
        discharge_efficiency=1 if lossless else float(rng.uniform(0.8, 1)),
        self_discharge_per_hour=float(rng.choice([0, 0, 0.01, 0.2])),
        standing_loss_kw=float(rng.choice([0.5, 5])) if standing else 0.0,
        wear_per_kwh=float(rng.choice([0, 0.01, 0.1])),
        start_kwh=float(rng.choice([0, 0.5, 1, rng.random()])) * energy,
        end_kwh=float(rng.choice([0, 0, 0.5, rng.random()])) * energy,
    )
    options: dict[str, Any] = {}
    if maybe(0.5):
        periods = int(rng.integers(1, 4))
        period = rng.integers(-1, periods, slots)
        options["demand_period"] = np.sort(period) if maybe(0.6) else period
        options["demand_price"] = float(rng.choice([0.5, 3, 10]))
        options["demand_free_kw"] = float(rng.choice([0, 0, 50]))
    if maybe(0.3):
        options["import_limit_kw"] = rng.uniform(50, 200, slots) if maybe(0.5) else 120.0
    if maybe(0.3):
        options["export_limit_kw"] = rng.uniform(0, 50, slots) if maybe(0.5) else 0.0
    if maybe(0.2):
        options["battery_min_kw"] = rng.uniform(-50, 5, slots)
    if maybe(0.2):
        options["battery_max_kw"] = rng.uniform(-2, 50, slots)
    if maybe(0.2):
        options["stored_max_kwh"] = rng.uniform(0.5, 1, slots) * energy
    if maybe(0.2):
        options["stored_min_kwh"] = rng.uniform(0, 0.3, slots) * energy
    if maybe(0.25):
        options["declared_kw"] = coarse(rng.uniform(-50, 150, slots))
        options["declared_band_kw"] = float(rng.choice([0, 10]))
        options["over_price"] = float(rng.choice([0, 0.3]))
        options["under_price"] = float(rng.choice([0, 0.2])) if negative else 0.0
    if maybe(0.2):
        options["end_value_per_kwh"] = float(rng.uniform(0, 0.6))
    return DispatchProblem(
        step_hours=float(rng.choice([0.25, 0.5, 1])),
        consumption_kw=coarse(rng.uniform(-50 if maybe(0.2) else 0, 200, slots)),
        solar_kw=coarse(rng.uniform(0, 200, slots)) * (rng.random(slots) < 0.6),
        buy=buy,
        sell=sell,
        battery=None if maybe(0.03) else battery,
        **options,
    )


@pytest.fixture(scope="session")
def random_problem() -> Draw:
    """``random_problem(seed, negative=..., dear_sale=..., standing=..., most_slots=...)``."""
    return _random_problem


@pytest.fixture(scope="session")
def workshop_site(shared_data: Path) -> Callable[..., DispatchProblem]:
    """The site of the joint benchmark: 85 quarter-hours, solar, battery, one demand charge."""
    data = json.loads((shared_data / "joint_mk06.json").read_text(encoding="utf-8"))

    def site(consumption_kw: Any = 0.0, **options: Any) -> DispatchProblem:
        given = {"demand_price": data["demand_price"], **options}
        return DispatchProblem(
            step_hours=data["slot_hours"],
            consumption_kw=consumption_kw,
            solar_kw=data["solar_kw"],
            buy=data["buy"],
            sell=data["sell"],
            battery=Battery(**data["battery"]),
            **given,
        )

    return site
