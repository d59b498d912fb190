"""Several batteries behind one meter, held against one battery where the two must agree."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from juli.core.errors import InfeasibleError, InputError
from juli.power import Battery, DispatchEvaluator, DispatchProblem, dispatch
from juli.power.linear_program import formulate

Draw = Callable[..., DispatchProblem]


def problem(**changes: Any) -> DispatchProblem:
    """Two cheap hours, two dear ones."""
    given: dict[str, Any] = {
        "step_hours": 1,
        "consumption_kw": [100, 100, 100, 100],
        "buy": [0.2, 0.2, 1.0, 1.0],
        "sell": 0,
        "battery": Battery(50, 50, 50, 1, 1),
        "more_batteries": [Battery(20, 20, 40, 0.5, 1)],
    }
    return DispatchProblem(**(given | changes))


def halves(battery: Battery) -> tuple[Battery, Battery]:
    """Two batteries that together are one."""
    shares = {
        name: getattr(battery, name) / 2
        for name in ("charge_kw", "discharge_kw", "energy_kwh", "start_kwh", "end_kwh")
    }
    return (replace(battery, **shares),) * 2


def test_each_battery_does_what_pays_for_it() -> None:
    answer = dispatch(problem())
    assert answer.engine == "highs"
    assert answer.exact
    assert answer.each_battery_kw is not None
    assert answer.each_stored_kwh is not None
    assert answer.each_battery_kw.shape == (2, 4)
    assert answer.each_stored_kwh[1].max() == pytest.approx(20)
    assert answer.battery_kw == pytest.approx(answer.each_battery_kw.sum(axis=0))
    assert answer.stored_kwh == pytest.approx(answer.each_stored_kwh.sum(axis=0))
    assert answer.cost == pytest.approx(0.2 * 290 + 1.0 * 130)


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**9), negative=st.booleans())
def test_two_halves_are_worth_what_the_whole_is(random_problem: Draw, seed: int, negative: bool) -> None:
    """At negative prices they are worth more: one may charge while the other discharges."""
    whole = random_problem(seed, negative=negative, most_slots=16)
    if whole.battery is None:
        return
    free = np.full(whole.slots, np.inf)
    whole = replace(
        whole,
        battery_min_kw=-free,
        battery_max_kw=free,
        stored_min_kwh=np.zeros(whole.slots),
        stored_max_kwh=free,
    )
    one, other = halves(whole.battery)
    try:
        together = dispatch(replace(whole, battery=one, more_batteries=(other,)))
    except InfeasibleError:
        with pytest.raises(InfeasibleError):
            dispatch(whole)
        return
    assert together.exact
    try:
        alone = dispatch(whole).cost
    except InfeasibleError:
        assert negative or whole.export_limit_kw.min() < np.inf
        return
    scale = 1 + abs(together.energy_cost) + together.demand_cost + together.wear_cost
    if negative:
        assert together.cost <= alone + 1e-6 * scale
    else:
        assert together.cost == pytest.approx(alone, abs=1e-6 * scale)
    balance = together.grid_kw + together.solar_kw + together.battery_kw - whole.consumption_kw
    assert np.abs(balance).max() <= 1e-9


def test_no_battery_charges_and_discharges_at_once() -> None:
    answer = dispatch(
        problem(
            buy=-1.0,
            sell=-1.0,
            battery=Battery(50, 50, 50, 0.8, 0.8, start_kwh=50, end_kwh=50),
            more_batteries=[Battery(30, 30, 30, 0.9, 0.9, start_kwh=30, end_kwh=30)],
        )
    )
    assert answer.each_stored_kwh is not None
    assert answer.each_battery_kw is not None
    for battery, power, path in zip(
        (Battery(50, 50, 50, 0.8, 0.8), Battery(30, 30, 30, 0.9, 0.9)),
        answer.each_battery_kw,
        answer.each_stored_kwh,
        strict=True,
    ):
        moved = np.where(power > 0, -power / battery.discharge_efficiency, -power * battery.charge_efficiency)
        assert np.diff(path) == pytest.approx(moved)


def test_what_several_batteries_can_not_do_is_named() -> None:
    with pytest.raises(
        InfeasibleError, match=r"slot 3: consumption of 100 kW exceeds import limit 10 .* by 20"
    ):
        dispatch(problem(import_limit_kw=[500, 500, 500, 10]))
    with pytest.raises(InfeasibleError, match=r"more_batteries\[0\] must end with at least 40 kWh.*4 kWh"):
        dispatch(problem(more_batteries=[Battery(1, 20, 40, 1, 1, end_kwh=40)]))
    with pytest.raises(InfeasibleError, match="slot 0: consumption of -900 kW must export"):
        dispatch(problem(consumption_kw=-900, export_limit_kw=20))
    with pytest.raises(InputError, match=r"battery.*missing"):
        problem(battery=None)


def test_a_program_for_one_battery_refuses_several() -> None:
    with pytest.raises(InputError, match=r"more_batteries.*takes one battery"):
        formulate(problem())


def test_the_evaluator_answers_for_several_batteries() -> None:
    evaluator = DispatchEvaluator(problem())
    assert not evaluator.compiled
    assert evaluator.cost([100, 100, 100, 100]) == pytest.approx(dispatch(problem()).cost)
