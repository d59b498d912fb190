"""Demand charges over billing periods of every kind: short, unequal, many, of several years, interleaved."""

from typing import Any

import numpy as np
import pytest

from juli.power import Battery, DispatchProblem, dispatch
from juli.power.demand import solve_caps
from juli.power.exact import evaluate, make_work
from juli.power.slot_cost import site_of

YEAR = 35_040


def works(slots: int = YEAR, *, seed: int = 1, **changes: Any) -> DispatchProblem:
    """A works with solar and a battery of eight hours whose self-discharge magnifies rounding."""
    rng = np.random.default_rng(seed)
    hour = np.arange(slots) / 4 % 24
    given: dict[str, Any] = {
        "step_hours": 0.25,
        "consumption_kw": np.maximum(
            900 + 300 * np.sin((hour - 6) / 12 * np.pi) + rng.normal(0, 80, slots), 50
        ),
        "solar_kw": np.maximum(np.sin((hour - 6) / 12 * np.pi), 0) * 1200 * rng.uniform(0.3, 1, slots),
        "buy": np.where(hour < 8, 0.3, np.where(hour < 17, 0.6, 0.9)) + rng.uniform(0, 0.2, slots),
        "sell": 0.2,
        "battery": Battery(500, 500, 4000, 0.95, 0.95, self_discharge_per_hour=0.001, start_kwh=2000),
    }
    return DispatchProblem(**(given | changes))


def periods(kind: str) -> np.ndarray:
    """The billing period of each slot."""
    slot = np.arange(YEAR)
    month = slot * 12 // YEAR
    dear = (slot // 4 % 24 >= 14) & (slot // 4 % 24 < 22)
    return {
        "twelve and a short one": slot // 2880,
        "weeks": slot // 672,
        "unequal": np.searchsorted([500, 520, 9000, 9001, 20_000, 34_000], slot, side="right"),
        "dear hours apart, by month": 2 * month + dear,
        "two that take turns all year": dear.astype(np.int64),
        "dear hours alone": np.where(dear, month, -1),
    }[kind]


@pytest.mark.parametrize("price", [0.5, 3.0, 40.0])
@pytest.mark.parametrize(
    "kind",
    [
        "twelve and a short one",
        "weeks",
        "unequal",
        "dear hours apart, by month",
        "two that take turns all year",
        "dear hours alone",
    ],
)
def test_caps_are_proven_within_few_rounds(kind: str, price: float) -> None:
    """Rounding once made prices contradict each other: 200 rounds left a gap of cost and bound."""
    asked = works(demand_period=periods(kind), demand_price=price)
    site = site_of(asked)
    solved = solve_caps(site, np.array(asked.consumption_kw), asked.demand_free_kw, make_work(site))
    assert solved.bound == pytest.approx(solved.money, rel=2e-8)
    assert solved.evaluations <= 40


def test_several_years_are_solved_like_one() -> None:
    slots = 2 * YEAR
    rng = np.random.default_rng(2)
    answer = dispatch(
        works(
            slots,
            demand_period=np.arange(slots) * 24 // slots,
            demand_price=rng.uniform(1, 50, 24),
            demand_free_kw=rng.choice([0.0, 700.0], 24),
        )
    )
    assert answer.exact
    assert answer.cost == pytest.approx(answer.bound, rel=1e-7)


@pytest.mark.parametrize("self_discharge", [0.0, 0.001, 0.01, 0.2])
def test_the_worth_of_stored_energy_only_decays_between_the_bounds(self_discharge: float) -> None:
    """Consistent duals: every cut of the demand charge is built on them."""
    battery = Battery(500, 500, 4000, 0.95, 0.95, self_discharge_per_hour=self_discharge, start_kwh=2000)
    site = site_of(works(battery=battery, demand_price=3.0))
    work = make_work(site)
    load = np.array(works().consumption_kw)
    failed, _, _ = evaluate(site, load, np.full(1, 1410.0), work, np.zeros(1))
    assert failed == -1
    level = work.stored_kwh[1:-1]
    inside = level > site.stored_low[1:-1] + site.tiny_kwh
    inside &= level < site.stored_high[1:-1] - site.tiny_kwh
    jumps = np.abs(work.stored_price[:-1] - work.stored_price[1:] * site.kept)
    assert jumps[inside].max() <= 1e-12
    assert inside.any()
