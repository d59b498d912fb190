"""What a small move takes out: pieces that are whole, and batches with all that is in them."""

from collections.abc import Callable

import numpy as np
import pytest
from tests.workshop.shared_shops import shared_shop

from juli.workshop.annealing import first_schedule
from juli.workshop.arrays import Shop, compile_shop
from juli.workshop.bookings import Bookings
from juli.workshop.chance import Words, new_chance
from juli.workshop.pieces import Pieces, choose_batches, choose_pieces, new_pieces
from juli.workshop.problem import Job, Mode, Operation, ShopProblem, chain
from juli.workshop.scheduling import schedule

Choose = Callable[[Shop, Bookings, Pieces, Words, int], int]


def out(pieces: Pieces, count: int) -> list[list[int]]:
    """The operations that each piece takes out."""
    borders = zip(pieces.begins[:count], pieces.begins[1 : count + 1], strict=True)
    return [pieces.operation[first:end].tolist() for first, end in borders]


@pytest.mark.parametrize("choose", [choose_pieces, choose_batches])
@pytest.mark.parametrize("seed", range(60))
def test_no_operation_is_taken_out_twice_and_each_piece_is_a_tree_with_its_root_last(
    choose: Choose, seed: int
) -> None:
    problem = shared_shop(seed)
    start = schedule(problem, seconds=60.0, iterations=20, seed=seed).runs
    shop = compile_shop(problem)
    pieces, chance = new_pieces(shop), new_chance(seed)
    if not start or (choose is choose_batches and not len(pieces.batched)):
        pytest.skip("nothing fits into this shop, or none of its machines takes batches")
    now = first_schedule(problem, shop, start)
    for longest in np.random.default_rng(seed).integers(1, 80, 40).tolist():
        taken = out(pieces, choose(shop, now, pieces, chance, longest))
        everything = [operation for piece in taken for operation in piece]
        assert len(everything) == len(set(everything))
        for number, piece in enumerate(taken):
            assert {shop.operations["job"][operation] for operation in piece} == {pieces.job[number]}
            for at, operation in enumerate(piece[:-1]):
                assert shop.operations["parent"][operation] in piece[at + 1 :]
        assert sorted(pieces.turn[: len(taken)].tolist()) == list(range(len(taken)))


def test_a_batch_goes_as_a_whole_with_what_its_parts_do_before() -> None:
    jobs = 4
    operations = [
        one
        for job in range(jobs)
        for one in (Operation(job, (Mode(0, 1),)), Operation(job, (Mode(1, 3),), load=1.0))
    ]
    waits = [wait for job in range(jobs) for wait in chain((2 * job, 2 * job + 1))]
    problem = ShopProblem(
        60, 2, tuple(Job() for _ in range(jobs)), tuple(operations), tuple(waits), batches={1: 2.0}
    )
    shop = compile_shop(problem)
    start = schedule(problem, seconds=60.0, iterations=50, seed=1).runs
    now = first_schedule(problem, shop, start)
    pieces, chance = new_pieces(shop), new_chance(1)
    assert pieces.batched.tolist() == [1, 3, 5, 7]
    together: dict[int, set[int]] = {}
    for run in start:
        if run.machine == 1:
            together.setdefault(run.start, set()).add(run.operation)
    seen = set()
    for _ in range(200):
        taken = {
            operation
            for piece in out(pieces, choose_batches(shop, now, pieces, chance, 40))
            for operation in piece
        }
        cured = {operation for operation in taken if operation % 2}
        assert cured
        assert all(batch <= cured or not batch & cured for batch in together.values())
        seen |= taken
    assert seen == set(range(2 * jobs))
