"""Several annealings in one search: how many, where the last begins, and that the account stays right."""

from datetime import UTC, datetime
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.workshop.small_shops import random_shop

from juli.core.clock import ManualClock
from juli.workshop import annealing
from juli.workshop.annealing import Annealing
from juli.workshop.chains import LEAST, NOW
from juli.workshop.judge import broken_rules, cost
from juli.workshop.problem import Objective, ShopProblem
from juli.workshop.search import BEST, TOTAL
from juli.workshop.stop import Stop


def rounds(count: int) -> Stop:
    return Stop(ManualClock(datetime(2024, 1, 1, tzinfo=UTC)), 0.0, 100.0, count)


def a_shop(seed: int, *, chains: bool) -> ShopProblem:
    return random_shop(
        seed, slots=60, jobs=5, operations=4, trees=not chains, calendars=not chains, most_waits=False
    )


@given(st.integers(0, 2**32 - 1), st.booleans())
@settings(max_examples=20, deadline=None)
def test_the_account_is_the_judges_after_many_annealings(seed: int, chains: bool) -> None:
    problem = a_shop(seed, chains=chains)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(annealing, "_MOVES_AN_OPERATION", 10)
        search = Annealing(problem, 1)
        search.run(rounds(3000))
    if search.runs():
        assert broken_rules(problem, search.runs()) == []
        assert search.least_money == pytest.approx(cost(problem, search.runs(), Objective.MONEY))


@pytest.mark.parametrize("chains", [True, False])
def test_going_back_to_the_best_puts_everything_where_it_was(chains: bool) -> None:
    problem = a_shop(7, chains=chains)
    search = Annealing(problem, 1)
    search.run(rounds(400))
    search._set_temperature(1e6)
    search._anneal(200)
    best = search.runs()
    search._return_to_best()
    assert search.runs() == best
    if search._chains is not None:
        assert chains
        assert (search._chains.run == search._chains.best).all()
        assert search._chains.figure[NOW] == search._chains.figure[LEAST]
    else:
        assert not chains
        for name in ("mode", "start", "end"):
            assert (search._now.places[name] == search._search.best[name]).all()
        assert search._search.money[TOTAL] == pytest.approx(search._search.money[BEST])
    search._set_temperature(0.0)
    before = search.least_money
    search._anneal(300)
    assert search.least_money <= before
    assert search.least_money == pytest.approx(cost(problem, search.runs(), Objective.MONEY))


def test_more_moves_than_one_annealing_needs_make_several_and_the_last_is_milder(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    problem = a_shop(7, chains=True)
    monkeypatch.setattr(annealing, "_MOVES_AN_OPERATION", 10)
    operations = len(problem.operations)

    def temperatures(count: int) -> list[float]:
        search = Annealing(problem, 1)
        told = []
        for share in np.linspace(0.0, 0.999, 1000):
            search.rounds = round(share * count)
            told.append(search._cooled(share))
        return told

    def begins(told: list[float]) -> list[float]:
        return [told[0], *(b for a, b in pairwise(told) if b > a)]

    one, four = temperatures(15 * operations), temperatures(45 * operations)
    assert begins(one) == [1.0]
    assert len(begins(four)) == 4
    assert begins(four)[:3] == pytest.approx([1.0, 1.0, 1.0], rel=0.05)
    assert begins(four)[3] == pytest.approx(annealing._REHEATED, rel=0.05)
    assert one[-1] == pytest.approx(annealing._COOLED, rel=0.05)
    assert four[-1] == pytest.approx(annealing._COOLED, rel=0.05)
