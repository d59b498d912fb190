"""The search for money where every job is a chain and no machine closes: the same moves, many more a second.

It makes the moves of :mod:`juli.workshop.pieces` on packed arrays, one for all whole numbers of the
operations, one for their machines and so on, which spares most of what the general program spends around its
loops. The program remembers the choice behind each least cost, so that it is read back without searching.
"""

from typing import NamedTuple

import numpy as np
from numba import njit

from juli.workshop.arrays import Floats, Ints, Shop
from juli.workshop.bookings import Bookings
from juli.workshop.chance import Words, below, uniform
from juli.workshop.problem import ShopProblem

#: At most so many pieces are out at once, and so many whole jobs.
MOST_PIECES, MOST_JOBS = 6, 4
#: A piece is put back at most so far from where it was [slots].
_REACH = 256
#: Moves that are made to the end at first, to learn what a move costs.
_SOUNDINGS = 300

# Columns of `operation`: limits, machines, neighbours in the chain and the waits to them, the job.
_EARLIEST, _LATEST, _SHORTEST, _MODES, _MODES_END, _BEFORE, _GAP_BEFORE, _AFTER, _GAP_AFTER, _JOB = range(10)
# Columns of `mode` and of `rate`.
MACHINE, DURATION = range(2)
KW, MONEY = range(2)
# Columns of `run`.
MODE, START, END = range(3)
# Columns of `promise`, by operation: what its end costs; nothing but at the last one of a chain.
RELEASE, DUE, LATE, LEAD = range(4)
# Rows of `figure`.
NOW, LEAST, TEMPERATURE, SOUNDINGS, DEARER = range(5)


class Chains(NamedTuple):
    """The shop, where everything runs, and scratch space."""

    operation: Ints  # (operations, 10)
    mode: Ints  # (modes, 2)
    rate: Floats  # (modes, 2)
    price: Floats  # (2, machines, slots + 1) energy and wages of all slots before a border
    promise: Floats  # (operations, 4)
    run: Ints  # (operations, 3) where everything is
    best: Ints  # (operations, 3) where everything is in the cheapest schedule
    was: Ints  # (operations, 3) where what is out was
    booked: Ints  # (2, machines, slots + 1) the next booked slot from a slot on, or `slots`; its operation
    cost: Floats  # (2, operations, slots + 1) least cost by end, and by end or earlier
    choice: Ints  # (2, operations, slots + 1) mode behind the first, end behind the second
    piece: (
        Ints  # (3, operations) what is out, piece by piece; where pieces begin; in which order they go back
    )
    figure: Floats  # (5,)


def suits_chains(problem: ShopProblem, shop: Shop) -> bool:
    """Whether jobs are chains without upper limits or frozen work, and machines never close."""
    operations = shop.operations
    return (
        len(operations) == len(problem.operations) > 0
        and problem.is_plain
        and problem.travel is None
        and bool(shop.always_open.all())
        and not operations["fixed"].any()
        and bool((operations["before_end"] - operations["before"] <= 1).all())
        and bool((operations["after_end"] - operations["after"] <= 1).all())
        and all(
            wait.most is None and problem.operations[wait.before].job == problem.operations[wait.after].job
            for wait in problem.waits
        )
        and len(operations) * problem.slots * 4 * 8 < 2**29
    )


def new_chains(shop: Shop, now: Bookings) -> Chains:
    """Begin from a schedule in which everything is placed."""
    rows, count, slots = shop.operations, len(shop.operations), shop.slots
    operation = np.zeros((count, 10), dtype=np.int64)
    for column, name in (
        (_EARLIEST, "earliest"),
        (_LATEST, "latest"),
        (_SHORTEST, "shortest"),
        (_MODES, "modes"),
        (_MODES_END, "modes_end"),
        (_JOB, "job"),
    ):
        operation[:, column] = rows[name]
    for column, links, name in ((_BEFORE, shop.before, "before"), (_AFTER, shop.after, "after")):
        operation[:, column] = -1
        linked = rows[f"{name}_end"] > rows[name]
        operation[linked, column] = links["other"][rows[name][linked]]
        operation[linked, column + 1] = links["least"][rows[name][linked]]
    promise = np.zeros((count, 4))
    last = operation[:, _AFTER] < 0
    for column, name in ((RELEASE, "release"), (DUE, "due"), (LATE, "late_price"), (LEAD, "lead_price")):
        promise[last, column] = shop.jobs[name][rows["job"][last]]
    run = np.stack([now.places[name] for name in ("mode", "start", "end")], axis=1).astype(np.int64)
    machines = len(shop.always_open)
    booked = np.full((2, machines, slots + 1), slots, dtype=np.int64)
    booked[0] = now.booked_from
    booked[1, :, :slots] = now.occupant
    money = float(now.job_money.sum())
    return Chains(
        operation=operation,
        mode=np.stack([shop.modes["machine"], shop.modes["duration"]], axis=1).astype(np.int64),
        rate=np.stack([shop.modes["kw"], shop.modes["money"]], axis=1).astype(np.float64),
        price=np.stack([shop.energy, shop.wages]),
        promise=promise,
        run=run,
        best=run.copy(),
        was=run.copy(),
        booked=booked,
        cost=np.zeros((2, count, slots + 1)),
        choice=np.zeros((2, count, slots + 1), dtype=np.int64),
        piece=np.zeros((3, count + 1), dtype=np.int64),
        figure=np.array([money, money, 0.0, 0.0, 0.0]),
    )


@njit(cache=True, nogil=True)
def anneal_chains(chains: Chains, chance: Words, rounds: int, share: float, longest: int) -> None:
    """Move so many times: pieces of jobs in a stretch of up to ``longest`` slots, or else whole jobs."""
    operation, mode, rate, price, promise = (
        chains.operation,
        chains.mode,
        chains.rate,
        chains.price,
        chains.promise,
    )
    run, best, was, booked = chains.run, chains.best, chains.was, chains.booked
    cost, choice, piece, figure = chains.cost, chains.choice, chains.piece, chains.figure
    for _ in range(rounds):
        whole = uniform(chance) >= share
        most = MOST_JOBS if whole else MOST_PIECES
        count = choose_runs(operation, mode, run, booked, piece, chance, longest, whole, most)
        last, before, after = piece[1, count], 0.0, 0.0
        for at in range(last):
            i = piece[0, at]
            was[i, MODE], was[i, START], was[i, END] = run[i, MODE], run[i, START], run[i, END]
            before += _money(mode, rate, price, promise, run, i)
            unbook_run(mode, run, booked, i)
        limit = before - figure[TEMPERATURE] * np.log(1.0 - uniform(chance))
        done = 0
        for k in range(count):
            first, end = piece[1, piece[2, k]], piece[1, piece[2, k] + 1]
            added = place_runs(
                operation, mode, rate, price, promise, run, was, booked, cost, choice, piece, first, end
            )
            if added == np.inf:
                break
            after += added
            done += 1
            if after > limit and (whole or figure[SOUNDINGS] >= _SOUNDINGS):
                break
        if done == count and after > before + 1e-9 and not whole and figure[SOUNDINGS] < _SOUNDINGS:
            figure[SOUNDINGS] += 1
            figure[DEARER] += after - before
        if done == count and after <= limit:
            figure[NOW] += after - before
            if figure[NOW] < figure[LEAST] - 1e-9:
                figure[LEAST] = figure[NOW]
                best[:] = run
            continue
        for k in range(done):
            for at in range(piece[1, piece[2, k]], piece[1, piece[2, k] + 1]):
                unbook_run(mode, run, booked, piece[0, at])
        for at in range(last):
            i = piece[0, at]
            book_run(mode, run, booked, i, was[i, MODE], was[i, START])


def return_to_best(chains: Chains) -> None:
    """Put everything where it is in the cheapest schedule so far."""
    for i in range(len(chains.run)):
        unbook_run(chains.mode, chains.run, chains.booked, i)
    for i, (mode, start, _) in enumerate(chains.best):
        book_run(chains.mode, chains.run, chains.booked, i, mode, start)
    chains.figure[NOW] = chains.figure[LEAST]


@njit(cache=True, nogil=True)
def _money(mode: Ints, rate: Floats, price: Floats, promise: Floats, run: Ints, i: int) -> float:
    m, start, end = run[i, MODE], run[i, START], run[i, END]
    machine = mode[m, MACHINE]
    energy = price[0, machine, end] - price[0, machine, start]
    wages = price[1, machine, end] - price[1, machine, start]
    late = promise[i, LATE] * max(0.0, end - promise[i, DUE])
    lead = promise[i, LEAD] * (end - promise[i, RELEASE])
    return float(rate[m, KW] * energy + wages + rate[m, MONEY] + late + lead)


@njit(cache=True, nogil=True)
def book_run(mode: Ints, run: Ints, booked: Ints, i: int, m: int, start: int) -> None:
    """Place an operation in a mode; there must be room for it."""
    machine, end = mode[m, MACHINE], start + mode[m, DURATION]
    run[i, MODE], run[i, START], run[i, END] = m, start, end
    if start == end:
        return
    for slot in range(start, end):
        booked[0, machine, slot] = slot
        booked[1, machine, slot] = i
    slot = start - 1
    while slot >= 0 and booked[0, machine, slot] > start:
        booked[0, machine, slot] = start
        slot -= 1


@njit(cache=True, nogil=True)
def unbook_run(mode: Ints, run: Ints, booked: Ints, i: int) -> None:
    """Take an operation out."""
    machine, start, end = mode[run[i, MODE], MACHINE], run[i, START], run[i, END]
    if start == end:
        return
    following = booked[0, machine, end]
    for slot in range(start, end):
        booked[0, machine, slot] = following
    slot = start - 1
    while slot >= 0 and booked[0, machine, slot] == start:
        booked[0, machine, slot] = following
        slot -= 1


@njit(cache=True, nogil=True)
def choose_runs(
    operation: Ints,
    mode: Ints,
    run: Ints,
    booked: Ints,
    piece: Ints,
    chance: Words,
    longest: int,
    whole: bool,
    most: int,
) -> int:
    """Choose a stretch of time and pieces of jobs in it that stand in each other's way; how many."""
    slots = booked.shape[2] - 1
    seed = below(chance, len(operation))
    own = run[seed, END] - run[seed, START]
    length = slots if whole else own + below(chance, max(longest, 1))
    first = 0 if whole else run[seed, START] - below(chance, length - own + 1)
    until = first + length
    count = _take(operation, run, piece, seed, first, until, 0)
    wanted = 1 + below(chance, most)
    for _ in range(2 * wanted):
        if count >= wanted:
            break
        i = piece[0, below(chance, piece[1, count])]
        m = operation[i, _MODES] + below(chance, operation[i, _MODES_END] - operation[i, _MODES])
        machine = mode[m, MACHINE]
        if whole and uniform(chance) < 0.5:
            slot = run[i, START] + int((uniform(chance) - 0.5) * 4 * mode[m, DURATION])
        else:
            slot = first + below(chance, length)
        slot = booked[0, machine, min(max(slot, 0), slots - 1)]
        if slot >= min(until, slots):
            continue
        other = booked[1, machine, slot]
        fresh = True
        for k in range(count):
            fresh &= operation[piece[0, piece[1, k]], _JOB] != operation[other, _JOB]
        if fresh:
            count = _take(operation, run, piece, other, first, until, count)
    for k in range(count):
        piece[2, k] = k
    for k in range(count - 1, 0, -1):
        swap = below(chance, k + 1)
        piece[2, k], piece[2, swap] = piece[2, swap], piece[2, k]
    return count


@njit(cache=True, nogil=True)
def _take(operation: Ints, run: Ints, piece: Ints, seed: int, first: int, until: int, count: int) -> int:
    """List the operations around one that are in the stretch, in their order; how many pieces there are."""
    i = seed
    while operation[i, _BEFORE] >= 0 and run[operation[i, _BEFORE], START] >= first:
        i = operation[i, _BEFORE]
    end = piece[1, count]
    piece[0, end] = i
    end += 1
    passed = i == seed
    while operation[i, _AFTER] >= 0:
        i = operation[i, _AFTER]
        if passed and run[i, END] > until:
            break
        passed |= i == seed
        piece[0, end] = i
        end += 1
    piece[1, count + 1] = end
    return count + 1


@njit(cache=True, nogil=True)
def place_runs(
    operation: Ints,
    mode: Ints,
    rate: Floats,
    price: Floats,
    promise: Floats,
    run: Ints,
    was: Ints,
    booked: Ints,
    cost: Floats,
    choice: Ints,
    piece: Ints,
    first: int,
    end: int,
) -> float:
    """Put a piece back at the least cost, which is answered; infinite, and nothing placed, without room."""
    slots = booked.shape[2] - 1
    count = end - first
    head, tail = piece[0, first], piece[0, end - 1]
    low = max(operation[head, _EARLIEST], was[head, START] - _REACH)
    if operation[head, _BEFORE] >= 0:
        low = max(low, run[operation[head, _BEFORE], END] + operation[head, _GAP_BEFORE])
    high = min(min(operation[tail, _LATEST], slots), was[tail, END] + _REACH)
    if operation[tail, _AFTER] >= 0:
        high = min(high, run[operation[tail, _AFTER], START] - operation[tail, _GAP_AFTER])
    rest = 0
    for k in range(1, count):
        i = piece[0, first + k]
        rest += operation[i, _SHORTEST] + operation[i, _GAP_BEFORE]
    for k in range(count):
        i = piece[0, first + k]
        if k > 0:
            low = max(low + operation[i, _GAP_BEFORE], operation[i, _EARLIEST])
            rest -= operation[i, _SHORTEST] + operation[i, _GAP_BEFORE]
        until = min(high - rest, operation[i, _LATEST])
        for e in range(low, until + 1):
            cost[0, k, e] = np.inf
        gap = operation[i, _GAP_BEFORE]
        for m in range(operation[i, _MODES], operation[i, _MODES_END]):
            machine, duration = mode[m, MACHINE], mode[m, DURATION]
            kw, money = rate[m, KW], rate[m, MONEY]
            slot, latest = low, until - duration
            while slot <= latest:
                free = latest if duration == 0 else min(latest, booked[0, machine, slot] - duration)
                for s in range(slot, free + 1):
                    e = s + duration
                    added = kw * (price[0, machine, e] - price[0, machine, s])
                    added += price[1, machine, e] - price[1, machine, s] + money
                    if k > 0:
                        added += cost[1, k - 1, s - gap]
                    if added < cost[0, k, e]:
                        cost[0, k, e] = added
                        choice[0, k, e] = m
                slot = max(slot, free + 1)
                if slot <= latest:
                    slot = run[booked[1, machine, booked[0, machine, slot]], END]
        low += operation[i, _SHORTEST]
        if k < count - 1:
            least, found = np.inf, low
            for e in range(low, until + 1):
                if cost[0, k, e] < least:
                    least, found = cost[0, k, e], e
                cost[1, k, e] = least
                choice[1, k, e] = found
    least, found = np.inf, -1
    for e in range(low, high + 1):
        added = cost[0, count - 1, e] + promise[tail, LATE] * max(0.0, e - promise[tail, DUE])
        added += promise[tail, LEAD] * (e - promise[tail, RELEASE])
        if added < least:
            least, found = added, e
    if found < 0:
        return np.inf
    for k in range(count - 1, -1, -1):
        i = piece[0, first + k]
        m = choice[0, k, found]
        start = found - mode[m, DURATION]
        book_run(mode, run, booked, i, m, start)
        if k > 0:
            found = choice[1, k - 1, start - operation[i, _GAP_BEFORE]]
    return least
