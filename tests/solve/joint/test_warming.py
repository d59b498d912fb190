"""The best times to be at work are those that trying all of them finds."""

from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from juli.power.problem import Floats
from juli.solve.joint.warming import IDLING, WARMING, WORKING, Warming, most_earned, new_stretches

_SLOTS = 9


def _most_by_trying(machine: Warming, earned: Floats, fed: Floats, idling: Floats, warming: Floats) -> float:
    """The most that any choice of slots earns, each priced by the rules' words."""
    best = 0.0
    for chosen in product((False, True), repeat=_SLOTS):
        at_work = np.array(chosen)
        borders = np.flatnonzero(np.diff(np.concatenate(([False], at_work, [False]))))
        stretches = list(zip(borders[::2].tolist(), borders[1::2].tolist(), strict=True))
        if (at_work & ~machine.workable).any() or any(
            end - start < machine.shortest for start, end in stretches
        ):
            continue
        money = float(earned[at_work].sum())
        for slot in range(_SLOTS):
            if at_work[slot + 1 : slot + 1 + machine.reach].any():
                money += fed[slot]
        for (_, end), (start, _) in pairwise([(0, -machine.longest_pause - 1), *stretches]):
            if start - end <= machine.longest_pause:
                money -= float(idling[end:start].sum())
            else:
                money -= float(warming[max(start - machine.warm_up, 0) : start].sum())
        best = max(best, money)
    return best


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 100_000))
def test_no_other_times_to_be_at_work_earn_more(seed: int) -> None:
    chance = np.random.default_rng(seed)
    warm_up, reach = int(chance.integers(0, 3)), int(chance.integers(0, 7))
    machine = Warming(
        workable=chance.random(_SLOTS) < 0.85,
        shortest=int(chance.integers(1, 4)),
        longest_pause=warm_up + int(chance.integers(0, 4)),
        warm_up=warm_up,
        begun=-1,
        reach=reach,
    )
    earned, idling = chance.normal(1, 2, _SLOTS), chance.normal(0.6, 0.8, _SLOTS)
    warming, fed = chance.normal(1, 1, _SLOTS), chance.uniform(0, 2, _SLOTS) * (reach > 0)
    spent, served = np.zeros(_SLOTS, dtype=np.int8), np.zeros(_SLOTS)
    most = most_earned(machine, earned, fed, idling, warming, new_stretches(_SLOTS), spent, served)
    assert most == pytest.approx(_most_by_trying(machine, earned, fed, idling, warming), abs=1e-9)
    told = earned[spent == WORKING].sum() - idling[spent == IDLING].sum() - warming[spent == WARMING].sum()
    assert most == pytest.approx(told + fed @ served, abs=1e-9)


def test_a_machine_that_is_at_work_at_the_beginning_need_not_warm_up() -> None:
    machine = Warming(np.ones(_SLOTS, dtype=np.bool_), 1, 2, 2, begun=3, reach=0)
    earned = np.array([0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0])
    none, dear = np.zeros(_SLOTS), np.full(_SLOTS, 0.6)
    spent, served = np.zeros(_SLOTS, dtype=np.int8), np.zeros(_SLOTS)
    most = most_earned(machine, earned, none, dear / 2, dear, new_stretches(_SLOTS), spent, served)
    # It works on, as that costs nothing, and never goes cold.
    assert most == pytest.approx(2.0)
    assert set(spent.tolist()) == {WORKING}
