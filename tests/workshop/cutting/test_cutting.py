"""Rules of cutting on random tasks: the judge finds nothing, and no bound is above an enumerated optimum."""

from datetime import datetime, timedelta

import numpy as np
import pytest
from benchmarks.cutting import case
from hypothesis import given, settings
from hypothesis import strategies as st

from juli.plan.checking.cutting import check_cutting
from juli.plan.result import Status
from juli.plant.cutting import CuttingMachine, CuttingTask, Piece, StockBar
from juli.workshop.cutting import cut
from juli.workshop.cutting.knapsack import Pricing


@st.composite
def small_tasks(draw: st.DrawFn) -> CuttingTask:
    stock = draw(st.lists(st.integers(20, 60), min_size=1, max_size=4))
    pieces = draw(st.lists(st.integers(5, 30), min_size=1, max_size=5))
    return CuttingTask(
        stock=tuple(StockBar(id=f"s{at}", length_mm=length) for at, length in enumerate(stock)),
        pieces=tuple(Piece(id=f"p{at}", length_mm=length) for at, length in enumerate(pieces)),
        kerf_mm=draw(st.integers(0, 3)),
        end_trim_mm=draw(st.integers(0, 4)),
        least_offcut_mm=draw(st.sampled_from([None, 6, 15])),
        offcut_value=draw(st.sampled_from([0.0, 0.5, 1.0])),
    )


def enumerated(task: CuttingTask) -> float | None:
    """The least cost over every assignment of pieces to bars; None where there is none."""
    best: list[float] = []

    def cost(bar: StockBar, held: list[float]) -> float | None:
        if not held:
            return 0.0
        pieces = sum(held) + task.kerf_mm * (len(held) - 1) + task.end_trim_mm
        if pieces > bar.length_mm:
            return None
        rest = bar.length_mm - pieces - task.kerf_mm
        returns = task.least_offcut_mm is not None and rest >= task.least_offcut_mm
        return bar.length_mm - (task.offcut_value * rest if returns else 0.0)

    def place(at: int, held: list[list[float]]) -> None:
        if at == len(task.pieces):
            costs = [cost(bar, row) for bar, row in zip(task.stock, held, strict=True)]
            if None not in costs:
                best.append(sum(one for one in costs if one is not None))
            return
        for row in held:
            row.append(task.pieces[at].length_mm)
            place(at + 1, held)
            row.pop()

    place(0, [[] for _ in task.stock])
    return min(best, default=None)


@settings(max_examples=40)
@given(small_tasks())
def test_bound_optimum_and_plan_stand_in_this_order(task: CuttingTask) -> None:
    optimum = enumerated(task)
    answer = cut(task, seconds=5, rounds=6)
    if optimum is None:
        assert answer.plan is None
        return
    assert answer.plan is not None
    assert check_cutting(task, answer.plan) == []
    assert answer.plan.bound_mm <= optimum + 1e-6
    assert answer.plan.cost_mm >= optimum - 1e-6
    assert answer.plan.cost_mm == pytest.approx(optimum)


@settings(max_examples=40)
@given(
    st.lists(st.tuples(st.integers(2, 12), st.integers(1, 4), st.integers(0, 20)), min_size=1, max_size=4),
    st.integers(5, 40),
)
def test_the_knapsack_is_worth_as_much_as_the_best_of_all_fillings(
    kinds: list[tuple[int, int, int]], capacity: int
) -> None:
    weight, copies, price = (np.array(column, dtype=np.int64) for column in zip(*kinds, strict=True))
    pricing = Pricing(weight, copies, capacity, 1)
    best = pricing.solve(price.astype(np.float64))
    fillings = np.stack(np.meshgrid(*[np.arange(count + 1) for count in copies]), -1).reshape(-1, len(copies))
    for room in range(1, capacity + 1):
        fitting = fillings[fillings @ weight <= room]
        assert best[room] == pytest.approx((fitting @ price).max())
    counts, used = pricing.pattern(capacity)
    assert counts @ weight == used <= capacity
    assert counts @ price == pytest.approx(best[capacity])


@pytest.mark.parametrize("seed", range(2))
def test_200_pieces_of_measured_bars_come_within_a_hundredth_of_the_bound(seed: int) -> None:
    answer = cut(case(seed), seconds=60, rounds=12, seed=seed)
    assert answer.plan is not None
    assert answer.plan.gap < 0.01


def test_equal_seeds_cut_the_same_material() -> None:
    first, second = (cut(case(2, 60), seconds=60, rounds=8, seed=3).plan for _ in range(2))
    assert first is not None
    assert second is not None
    assert first == second


def test_a_rest_that_is_long_enough_returns_to_stock_and_is_worth_its_value() -> None:
    task = CuttingTask(
        stock=(StockBar(id="bar", length_mm=6000),),
        pieces=(Piece(id="leg", length_mm=2000, quantity=2),),
        kerf_mm=5,
        end_trim_mm=10,
        least_offcut_mm=1000,
        offcut_value=0.5,
    )
    plan = cut(task, seconds=5).plan
    assert plan is not None
    assert plan.bars[0].offcut_mm == 6000 - 10 - 2 * (2000 + 5)
    assert plan.cost_mm == 6000 - 0.5 * 1980


def test_the_last_cut_is_spared_where_the_pieces_end_with_the_bar() -> None:
    stock, pieces = (StockBar(id="bar", length_mm=1000),), (Piece(id="half", length_mm=498, quantity=2),)
    assert cut(CuttingTask(stock=stock, pieces=pieces, kerf_mm=4), seconds=5).plan is not None
    assert cut(CuttingTask(stock=stock, pieces=pieces, kerf_mm=4.1), seconds=5).status is Status.INFEASIBLE


def test_what_is_due_first_is_cut_first() -> None:
    start = datetime(2023, 12, 18, 6)  # noqa: DTZ001 - local time, as a task may have it
    dues = {"monday": 1, "tuesday": 2, "wednesday": 3}
    task = CuttingTask(
        stock=(StockBar(id="bar", length_mm=1000, quantity="unlimited"),),
        pieces=tuple(
            Piece(id=name, length_mm=length, quantity=2, due=start + timedelta(hours=dues[name]))
            for name, length in (("wednesday", 900), ("monday", 800), ("tuesday", 850))
        ),
        machines=(CuttingMachine(id="saw", minutes_per_cut=25, minutes_per_setup=5),),
        start=start,
    )
    plan = cut(task, seconds=5).plan
    assert plan is not None
    assert [bar.pieces[0] for bar in plan.bars] == ["monday"] * 2 + ["tuesday"] * 2 + ["wednesday"] * 2
    assert plan.setups == 3


def test_pieces_of_one_length_are_handed_out_to_the_earliest_promise_first() -> None:
    start = datetime(2023, 12, 18, 6)  # noqa: DTZ001 - local time
    task = CuttingTask(
        stock=(StockBar(id="bar", length_mm=1000, quantity="unlimited"),),
        pieces=(
            Piece(id="later", length_mm=900, due=start + timedelta(hours=2)),
            Piece(id="sooner", length_mm=900, due=start + timedelta(hours=1)),
        ),
        start=start,
    )
    plan = cut(task, seconds=5).plan
    assert plan is not None
    assert [bar.pieces for bar in plan.bars] == [("sooner",), ("later",)]


def test_a_long_bar_goes_only_to_the_machine_that_takes_it() -> None:
    task = CuttingTask(
        stock=(StockBar(id="long", length_mm=9000), StockBar(id="short", length_mm=5000)),
        pieces=(Piece(id="beam", length_mm=8000), Piece(id="post", length_mm=4500)),
        machines=(
            CuttingMachine(id="small", longest_mm=6000, minutes_per_cut=1),
            CuttingMachine(id="large", minutes_per_cut=10),
        ),
    )
    plan = cut(task, seconds=5).plan
    assert plan is not None
    assert {bar.bar: bar.machine for bar in plan.bars} == {"long": "large", "short": "small"}


def test_too_few_bars_are_told_with_both_lengths() -> None:
    task = CuttingTask(
        stock=(StockBar(id="bar", length_mm=1000, quantity=2),),
        pieces=(Piece(id="half", length_mm=500, quantity=5),),
    )
    answer = cut(task, seconds=5)
    assert answer.status is Status.INFEASIBLE
    assert "2500 mm of pieces, 2000 mm of usable bars" in answer.reason
