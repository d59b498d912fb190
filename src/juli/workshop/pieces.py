"""Small moves: take pieces of jobs out of a stretch of time, and put each back exactly.

A piece is a tree of operations of one job that all run within the stretch. What the job does before and
after stays where it is and bounds the piece, so its program is short and many more moves are made than with
whole jobs.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from juli.workshop.arrays import Floats, Ints, Shop
from juli.workshop.bookings import PLACE, Bookings, book, completion_money, run_money, unbook
from juli.workshop.chance import Words, below, uniform
from juli.workshop.compiling import compiled
from juli.workshop.insertion import insert_group

#: At most so many pieces are out at once; of batches that are emptied, as many as have room here.
MOST_PIECES = 6
_MOST_OUT = 24
#: How often a second batch is emptied with a first.
_ANOTHER = 0.5
#: Moves that are made to the end at first, to learn what a move costs.
_SOUNDINGS = 300

MOVES, SOUNDINGS, DEARER = range(3)


class Pieces(NamedTuple):
    """Where the operations stand in their groups, and what a move has taken out."""

    movable: Ints  # operations that may move
    batched: Ints  # those of them that may run in a batch
    spot: Ints  # (operations,) place in `part`; −1: it does not move
    below: Ints  # (operations,) how many operations go into it, itself counted
    stamp: Ints  # (operations,) the last move, and the piece in it, that took it out
    operation: Ints  # (operations,) what is out, piece by piece, roots last
    saved: NDArray[np.void]  # (operations,) where that was
    begins: Ints  # (most pieces + 1,) where each piece begins
    job: Ints  # (most pieces,)
    turn: Ints  # (most pieces,) in which order they are put back
    figures: Floats  # (3,) MOVES made, SOUNDINGS of them that cost more, DEARER by so much together


def new_pieces(shop: Shop) -> Pieces:
    """Lay out the scratch space for a shop."""
    count = len(shop.operations)
    spot = np.full(count, -1, dtype=np.int64)
    spot[shop.part] = np.arange(len(shop.part))
    size = np.ones(count, dtype=np.int64)
    for operation in shop.part:
        parent = shop.operations["parent"][operation]
        if parent >= 0:
            size[parent] += size[operation]
    batching = shop.sharing["batch"][shop.modes["machine"]] > 0.0
    batched = [
        operation
        for operation in shop.part
        for row in [shop.operations[operation]]
        if batching[row["modes"] : row["modes_end"]].any()
    ]
    return Pieces(
        movable=shop.part.copy(),
        batched=np.array(batched, dtype=np.int64),
        spot=spot,
        below=size,
        stamp=np.zeros(count, dtype=np.int64),
        operation=np.zeros(count, dtype=np.int64),
        saved=np.zeros(count, dtype=PLACE),
        begins=np.zeros(_MOST_OUT + 1, dtype=np.int64),
        job=np.zeros(_MOST_OUT, dtype=np.int64),
        turn=np.zeros(_MOST_OUT, dtype=np.int64),
        figures=np.zeros(3),
    )


@compiled
def move_pieces(
    shop: Shop, now: Bookings, pieces: Pieces, chance: Words, longest: int, threshold: float
) -> float:
    """Take a few pieces out and put them back; what it saves, or 0 where it was taken back.

    It stays where it costs at most ``threshold`` more than before.
    """
    count = choose_pieces(shop, now, pieces, chance, longest)
    if count == 0:
        return 0.0
    shared = now.shared[0]
    before, after, done = shared, 0.0, 0
    last = pieces.begins[count]
    for at in range(last):
        operation = pieces.operation[at]
        place = now.places[operation]
        before += operation_money(shop, operation, place.mode, place.start, place.end)
        pieces.saved[at] = place
        unbook(shop, now, operation)
    for k in range(count):
        piece = pieces.operation[pieces.begins[pieces.turn[k]] : pieces.begins[pieces.turn[k] + 1]]
        if not insert_group(shop, now, piece):
            break
        done += 1
        for operation in piece:
            place = now.places[operation]
            after += operation_money(shop, operation, place.mode, place.start, place.end)
        # What machines as a whole cost can still fall while pieces are out, so it is not counted yet.
        least = after + min(shared, now.shared[0])
        if least > before + threshold and pieces.figures[SOUNDINGS] >= _SOUNDINGS:
            break
    after += now.shared[0]
    if done == count and after > before and pieces.figures[SOUNDINGS] < _SOUNDINGS:
        pieces.figures[SOUNDINGS] += 1
        pieces.figures[DEARER] += after - before
    if done == count and after <= before + threshold:
        for k in range(count):
            job = pieces.job[k]
            for at in range(pieces.begins[k], pieces.begins[k + 1]):
                operation, was = pieces.operation[at], pieces.saved[at]
                place = now.places[operation]
                now.job_money[job] += operation_money(shop, operation, place.mode, place.start, place.end)
                now.job_money[job] -= operation_money(shop, operation, was.mode, was.start, was.end)
        return float(before - after)
    for k in range(done):
        for at in range(pieces.begins[pieces.turn[k]], pieces.begins[pieces.turn[k] + 1]):
            unbook(shop, now, pieces.operation[at])
    for at in range(last):
        was = pieces.saved[at]
        book(shop, now, pieces.operation[at], was.mode, was.start, was.end)
    now.shared[0] = shared
    return 0.0


@compiled
def operation_money(shop: Shop, operation: int, mode: int, start: int, end: int) -> float:
    """What an operation costs at a place: its run, and the end of its job if it is the last."""
    money = run_money(shop, mode, start, end)
    job = shop.operations[operation].job
    if shop.jobs[job].last == operation:
        money += completion_money(shop, job, end)
    return money


@compiled
def choose_pieces(shop: Shop, now: Bookings, pieces: Pieces, chance: Words, longest: int) -> int:
    """Choose a stretch of time and pieces of jobs in it that stand in each other's way; how many."""
    stamp = _next_stamp(pieces)
    seed = pieces.movable[below(chance, len(pieces.movable))]
    place = now.places[seed]
    if place.mode < 0:
        return 0
    own = place.end - place.start
    length = own + below(chance, max(longest, 1))
    first = place.start - below(chance, length - own + 1)
    until = first + length
    count = _take(shop, now, pieces, seed, first, until, stamp, 0)
    wanted = 1 + below(chance, MOST_PIECES)
    for _ in range(2 * wanted):
        if count >= wanted:
            break
        operation = pieces.operation[below(chance, pieces.begins[count])]
        row = shop.operations[operation]
        machine = shop.modes[row.modes + below(chance, row.modes_end - row.modes)].machine
        if machine < 0:
            continue
        slot = min(max(first + below(chance, length), 0), shop.slots - 1)
        slot = now.booked_from[machine, slot]
        if slot >= min(until, shop.slots):
            continue
        other = now.occupant[machine, slot]
        if pieces.spot[other] < 0 or pieces.stamp[other] >= stamp:
            continue
        fresh = True
        for k in range(count):
            fresh &= pieces.job[k] != shop.operations[other].job
        if fresh:
            count = _take(shop, now, pieces, other, first, until, stamp, count)
    _shuffle(pieces, count, chance)
    return count


@compiled
def choose_batches(shop: Shop, now: Bookings, pieces: Pieces, chance: Words, longest: int) -> int:
    """Choose a batch, or two near each other, with what their parts do before and after; how many pieces.

    What one part saves by leaving a batch is nothing, so a half-empty batch goes only as a whole.
    """
    stamp = _next_stamp(pieces)
    seed = pieces.batched[below(chance, len(pieces.batched))]
    place, row = now.places[seed], shop.operations[seed]
    if place.mode < 0:
        return 0
    before, after = below(chance, max(longest, 1)), below(chance, max(longest, 1))
    count = _take_batch(shop, now, pieces, seed, before, after, stamp, 0)
    if uniform(chance) < _ANOTHER:
        machine = shop.modes[row.modes + below(chance, row.modes_end - row.modes)].machine
        near = place.start + below(chance, 4 * longest + 1) - 2 * longest
        slot = now.booked_from[machine, min(max(near, 0), shop.slots - 1)]
        if machine >= 0 and shop.sharing[machine].batch > 0.0 and slot < shop.slots:
            count = _take_batch(shop, now, pieces, now.occupant[machine, slot], before, after, stamp, count)
    _shuffle(pieces, count, chance)
    return count


@compiled
def _take_batch(
    shop: Shop, now: Bookings, pieces: Pieces, seed: int, before: int, after: int, stamp: int, count: int
) -> int:
    """List the pieces around all that runs in a batch; how many pieces there are."""
    place = now.places[seed]
    machine = shop.modes[place.mode].machine
    member = seed
    if shop.sharing[machine].batch > 0.0 and 0 <= place.start < shop.slots:
        member = now.occupant[machine, place.start]
    while member >= 0 and count < len(pieces.job):
        following = now.batch_next[member]
        if pieces.spot[member] >= 0 and pieces.stamp[member] < stamp:
            count = _take(shop, now, pieces, member, place.start - before, place.end + after, stamp, count)
        member = following
    return count


@compiled
def _shuffle(pieces: Pieces, count: int, chance: Words) -> None:
    """Put the pieces back in any order."""
    for k in range(count):
        pieces.turn[k] = k
    for k in range(count - 1, 0, -1):
        swap = below(chance, k + 1)
        pieces.turn[k], pieces.turn[swap] = pieces.turn[swap], pieces.turn[k]


@compiled
def _take(
    shop: Shop, now: Bookings, pieces: Pieces, seed: int, first: int, until: int, stamp: int, count: int
) -> int:
    """List the operations around one that are in the stretch, the root last; how many pieces there are.

    Another piece of this move may have some of them already: it keeps them, and bounds this one.
    """
    root, own = seed, stamp + count
    while True:
        parent = shop.operations[root].parent
        if parent < 0 or pieces.spot[parent] < 0 or now.places[parent].end > until:
            break
        if pieces.stamp[parent] >= stamp:
            break
        root = parent
    begin = pieces.begins[count]
    end = begin + 1
    pieces.operation[begin] = root
    pieces.stamp[root] = own
    for at in range(pieces.spot[root] - 1, pieces.spot[root] - pieces.below[root], -1):
        operation = shop.part[at]
        parent = shop.operations[operation].parent
        if pieces.stamp[operation] >= stamp or now.places[operation].start < first:
            continue
        if pieces.stamp[parent] == own:
            pieces.stamp[operation] = own
            pieces.operation[end] = operation
            end += 1
    for k in range((end - begin) // 2):
        one, other = begin + k, end - 1 - k
        pieces.operation[one], pieces.operation[other] = pieces.operation[other], pieces.operation[one]
    pieces.job[count] = shop.operations[root].job
    pieces.begins[count + 1] = end
    return count + 1


@compiled
def _next_stamp(pieces: Pieces) -> int:
    """Begin a move: what its pieces take out has at least this stamp, and nothing else has."""
    pieces.figures[MOVES] += 1
    return int(pieces.figures[MOVES]) * (_MOST_OUT + 1)
