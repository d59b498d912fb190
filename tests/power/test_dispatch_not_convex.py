"""Where the cost is not convex: standing losses and dear sales with demand charges."""

import json
from dataclasses import asdict, replace
from typing import Any

import numpy as np
import pytest

from juli.core.errors import InputError
from juli.power import Battery, DispatchProblem, dispatch
from juli.power.branches import FEW_SLOTS


def works(slots: int, **changes: Any) -> DispatchProblem:
    """A works with solar and a 1 MW / 4 MWh battery that has a small standing loss."""
    rng = np.random.default_rng(1)
    hour = np.arange(slots) / 4 % 24
    given: dict[str, Any] = {
        "step_hours": 0.25,
        "consumption_kw": 900 + 300 * np.sin((hour - 6) / 12 * np.pi) + rng.normal(0, 80, slots),
        "solar_kw": np.maximum(np.sin((hour - 6) / 12 * np.pi), 0) * 1200 * rng.uniform(0.3, 1, slots),
        "buy": np.where(hour < 8, 0.3, np.where(hour < 17, 0.6, 0.9)) + rng.uniform(0, 0.2, slots),
        "sell": 0.2,
        "battery": Battery(
            1000, 1000, 4000, 0.95, 0.95, 5e-4, standing_loss_kw=0.029, wear_per_kwh=0.02, start_kwh=2000
        ),
        "demand_price": 40.0,
    }
    return DispatchProblem(**(given | changes))


@pytest.mark.parametrize("days", [7, 28])
def test_a_small_standing_loss_costs_no_more_than_its_energy(days: int) -> None:
    """It once cost a hundredth of the bill, because the caps were sought on one branch alone."""
    asked = works(96 * days)
    answer = dispatch(asked)
    without = dispatch(replace(asked, battery=replace(asked.battery, standing_loss_kw=0.0)))
    assert answer.exact
    assert without.cost <= answer.cost <= without.cost + 0.029 * 24 * days * 1.2 / 0.95


def test_a_large_standing_loss_is_bounded_closely() -> None:
    asked = works(96 * 7)
    answer = dispatch(replace(asked, battery=replace(asked.battery, standing_loss_kw=1.0)))
    assert np.isfinite(answer.bound)
    assert answer.cost - answer.bound <= 2e-4 * answer.cost


def test_several_charges_with_a_standing_loss_are_proven() -> None:
    asked = works(96 * 21, demand_period=np.arange(96 * 21) // 672, demand_price=[40.0, 3.0, 11.0])
    assert dispatch(asked).exact


def test_the_answer_can_be_written_as_json() -> None:
    asked = works(96 * 4, sell=-0.3, buy=np.tile(np.repeat([-0.2, 0.5], 48), 4))
    answer = dispatch(asked)
    series = {name: value.tolist() for name, value in asdict(answer).items() if hasattr(value, "tolist")}
    json.dumps(asdict(answer) | series, allow_nan=False)
    assert np.isfinite(answer.bound)


def dear_sale(seed: int, demand_price: float) -> DispatchProblem:
    """More slots than are handed to HiGHS, so that the proof has to stand on its own."""
    rng = np.random.default_rng(seed)
    slots = FEW_SLOTS + 24
    buy = np.round(rng.uniform(0.2, 1, slots), 2)
    sell = np.where(rng.random(slots) < 0.2, buy + 0.3, 0.1)
    return works(slots, buy=buy, sell=sell, demand_price=demand_price)


def test_a_dear_sale_without_demand_charges_is_exact() -> None:
    for seed in range(3):
        assert dispatch(dear_sale(seed, 0.0)).exact


def test_a_dear_sale_that_can_not_be_proven_is_refused_with_slot_and_values() -> None:
    asked = dear_sale(0, 20.0)
    slot = int(np.argmax(asked.sell > asked.buy))
    message = rf"sell\[{slot}\].*{asked.sell[slot]:g} is above buy = {asked.buy[slot]:g} in slot {slot}"
    with pytest.raises(InputError, match=message):
        dispatch(asked)
