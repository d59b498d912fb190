"""Published cutting-stock instances, with their published optima."""

import itertools

import numpy as np
import pytest

from juli.plan.result import Status
from juli.plant.cutting import CuttingTask, Piece, StockBar
from juli.workshop.cutting import cut

#: A paper machine's rolls of 5600 mm, 13 widths: 73 rolls are the least, 10 patterns the fewest then. The
#: example of the encyclopaedia article "Cutting stock problem" (en.wikipedia.org), total width 407,160 mm.
MILL = (
    5600,
    {
        1380: 22, 1520: 25, 1560: 12, 1710: 14, 1820: 18, 1880: 18, 1930: 20,
        2000: 10, 2050: 12, 2100: 14, 2140: 16, 2150: 18, 2200: 20,
    },
    73,
)  # fmt: skip
#: V. Chvátal, Linear Programming (1983), chapter 13: the program's optimum is 452.25, so 453 rolls.
CHVATAL = (100, {45: 97, 36: 610, 31: 395, 14: 211}, 453)
#: Fourer, Gay and Kernighan, AMPL (2nd ed., 2003), section 15.3: the program's optimum is 46.25, so 47 rolls.
AMPL = (110, {20: 48, 45: 35, 50: 24, 55: 10, 75: 8}, 47)


def task_of(length: int, wanted: dict[int, int]) -> CuttingTask:
    return CuttingTask(
        stock=(StockBar(id="roll", length_mm=length, quantity="unlimited"),),
        pieces=tuple(
            Piece(id=f"w{width}", length_mm=width, quantity=count) for width, count in wanted.items()
        ),
    )


@pytest.mark.parametrize(
    ("length", "wanted", "rolls"), [MILL, CHVATAL, AMPL], ids=["mill", "chvatal", "ampl"]
)
def test_a_classic_instance_takes_its_published_number_of_rolls_and_proves_it(
    length: int, wanted: dict[int, int], rolls: int
) -> None:
    answer = cut(task_of(length, wanted), seconds=60, rounds=40)
    assert answer.status is Status.OPTIMAL
    assert answer.plan is not None
    assert len(answer.plan.bars) == rolls
    assert answer.plan.bound_mm == rolls * length


@pytest.mark.slow
def test_the_mill_is_cut_in_the_fewest_patterns_known() -> None:
    answer = cut(task_of(MILL[0], MILL[1]), seconds=120)
    assert answer.plan is not None
    assert len(answer.plan.bars) == 73
    assert answer.plan.patterns == 10


@pytest.mark.parametrize("seed", range(4))
def test_triplets_fill_every_bar_to_the_last_millimetre(seed: int) -> None:
    """E. Falkenauer's triplets (Journal of Heuristics 2, 1996): three pieces a bar, no waste."""
    rng = np.random.default_rng(seed)
    lengths = []
    for _ in range(20):
        first = int(rng.integers(380, 490))
        second = int(rng.integers(250, (1000 - first) // 2))
        lengths += [first, second, 1000 - first - second]
    pieces = tuple(Piece(id=f"p{at}", length_mm=length) for at, length in enumerate(lengths))
    stock = (StockBar(id="bar", length_mm=1000, quantity="unlimited"),)
    answer = cut(CuttingTask(stock=stock, pieces=pieces), seconds=20)
    assert answer.plan is not None
    assert len(answer.plan.bars) == 20
    assert answer.plan.gap == 0


def test_stock_of_several_lengths_is_chosen_as_a_full_enumeration_chooses_it() -> None:
    wanted = [700, 700, 650, 450, 300, 300]
    stock = {1000: 2, 1400: 1, 1500: 1, 2100: 1}
    answer = cut(
        CuttingTask(
            stock=tuple(
                StockBar(id=f"s{length}", length_mm=length, quantity=n) for length, n in stock.items()
            ),
            pieces=tuple(Piece(id=f"p{at}", length_mm=length) for at, length in enumerate(wanted)),
        ),
        seconds=10,
    )
    bars = [length for length, count in stock.items() for _ in range(count)]
    best = min(
        sum(chosen)
        for size in range(1, len(bars) + 1)
        for chosen in itertools.combinations(bars, size)
        if _holds(chosen, wanted)
    )
    assert answer.plan is not None
    assert answer.plan.cost_mm == best


def _holds(bars: tuple[int, ...], pieces: list[int]) -> bool:
    """Whether the pieces go into these bars, by trying every assignment."""
    for where in itertools.product(range(len(bars)), repeat=len(pieces)):
        room = list(bars)
        for piece, bar in zip(pieces, where, strict=True):
            room[bar] -= piece
        if min(room) >= 0:
            return True
    return False
