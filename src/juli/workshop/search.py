"""Large-neighbourhood search: take a few jobs out, put each back exactly, accept by annealing.

A job that there is no room for stays out and costs a penalty, so a schedule in which not all jobs fit yet
is improved like any other until they do.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from juli.workshop.arrays import Floats, Ints, Shop
from juli.workshop.bookings import PLACE, Bookings, book
from juli.workshop.chance import Words, below, uniform
from juli.workshop.compiling import compiled
from juli.workshop.insertion import insert_job, remove_job
from juli.workshop.pieces import Pieces, move_pieces

#: At most so many jobs are out at once.
MOST_REMOVED = 4

TOTAL, BEST, TEMPERATURE, PENALTY = range(4)


class Search(NamedTuple):
    """What the search remembers besides the bookings; written in place."""

    money: Floats  # (4,) TOTAL now, BEST so far, TEMPERATURE of annealing, PENALTY for a job left out
    best: NDArray[np.void]  # (operations,) where everything is in the best schedule
    saved: NDArray[np.void]  # (operations,) where the removed jobs were
    movable: Ints  # jobs that have something to move
    saved_money: Floats  # (MOST_REMOVED,)
    chosen: Ints  # (MOST_REMOVED,)
    out: NDArray[np.bool_]  # (jobs,) there was no room for it


def new_search(shop: Shop, now: Bookings, penalty: float) -> Search:
    """Begin from a schedule in which every job is placed or left out."""
    jobs = shop.jobs
    movable = np.flatnonzero(jobs["groups_end"] > jobs["groups"])
    out = np.zeros(len(jobs), dtype=np.bool_)
    first = shop.part[shop.group_from[jobs["groups"][movable]]]
    out[movable] = now.places["mode"][first] < 0
    now.job_money[out] = penalty
    total = float(now.job_money.sum() + now.shared[0])
    return Search(
        money=np.array([total, total, 0.0, penalty]),
        best=now.places.copy(),
        saved=np.zeros(len(now.places), dtype=PLACE),
        saved_money=np.zeros(MOST_REMOVED),
        movable=movable,
        chosen=np.zeros(MOST_REMOVED, dtype=np.int64),
        out=out,
    )


@compiled
def anneal(
    shop: Shop,
    now: Bookings,
    search: Search,
    pieces: Pieces,
    chance: Words,
    rounds: int,
    share: float,
    longest: int,
) -> None:
    """Move so many times: pieces of jobs in a stretch of up to ``longest`` slots, or else whole jobs."""
    money = search.money
    for _ in range(rounds):
        if uniform(chance) >= share:
            improve(shop, now, search, chance, 1)
            continue
        threshold = -money[TEMPERATURE] * np.log(1.0 - uniform(chance))
        money[TOTAL] -= move_pieces(shop, now, pieces, chance, longest, threshold)
        if money[TOTAL] < money[BEST] - 1e-9:
            money[BEST] = money[TOTAL]
            for operation in range(len(now.places)):
                search.best[operation] = now.places[operation]


@compiled
def improve(shop: Shop, now: Bookings, search: Search, chance: Words, rounds: int) -> int:
    """Remove and reinsert so many times; how many jobs were put back."""
    money, insertions = search.money, 0
    for _ in range(rounds):
        count = _choose_jobs(shop, now, search, chance)
        shared = now.shared[0]
        before, after = shared, 0.0
        for k in range(count):
            before += now.job_money[search.chosen[k]]
            _take_out(shop, now, search, search.chosen[k], k)
        for k in range(count):
            after += _put_back(shop, now, search, search.chosen[k])
        insertions += count
        after += now.shared[0]
        if after <= before - money[TEMPERATURE] * np.log(1.0 - uniform(chance)):
            money[TOTAL] += after - before
            if money[TOTAL] < money[BEST] - 1e-9:
                money[BEST] = money[TOTAL]
                for operation in range(len(now.places)):
                    search.best[operation] = now.places[operation]
        else:
            for k in range(count):
                if not search.out[search.chosen[k]]:
                    remove_job(shop, now, search.chosen[k])
            for k in range(count):
                _restore(shop, now, search, search.chosen[k], k)
            now.shared[0] = shared
    return insertions


@compiled
def _take_out(shop: Shop, now: Bookings, search: Search, job: int, k: int) -> None:
    row = shop.jobs[job]
    search.saved_money[k] = now.job_money[job]
    for at in range(shop.group_from[row.groups], shop.group_from[row.groups_end]):
        search.saved[shop.part[at]] = now.places[shop.part[at]]
    if not search.out[job]:
        remove_job(shop, now, job)


@compiled
def _put_back(shop: Shop, now: Bookings, search: Search, job: int) -> float:
    search.out[job] = not insert_job(shop, now, job)
    if search.out[job]:
        now.job_money[job] = search.money[PENALTY]
    return float(now.job_money[job])


@compiled
def _restore(shop: Shop, now: Bookings, search: Search, job: int, k: int) -> None:
    row = shop.jobs[job]
    now.job_money[job] = search.saved_money[k]
    for at in range(shop.group_from[row.groups], shop.group_from[row.groups_end]):
        place = search.saved[shop.part[at]]
        search.out[job] = place.mode < 0
        if place.mode >= 0:
            book(shop, now, shop.part[at], place.mode, place.start, place.end)


@compiled
def _choose_jobs(shop: Shop, now: Bookings, search: Search, chance: Words) -> int:
    """One job at random, and others that stand in its way, or in the way of those."""
    chosen = search.chosen
    chosen[0] = search.movable[below(chance, len(search.movable))]
    wanted, count = 1 + below(chance, MOST_REMOVED), 1
    for _ in range(3 * wanted):
        if count >= wanted:
            break
        other = neighbour(shop, now, chosen[below(chance, count)], chance)
        fresh = other >= 0
        for k in range(count):
            fresh &= chosen[k] != other
        if fresh:
            chosen[count] = other
            count += 1
    for k in range(count - 1, 0, -1):
        swap = below(chance, k + 1)
        chosen[k], chosen[swap] = chosen[swap], chosen[k]
    return count


@compiled
def neighbour(shop: Shop, now: Bookings, job: int, chance: Words) -> int:
    """Find a job that has a machine at about the time that this job wants it; −1 if none was met."""
    row = shop.jobs[job]
    first, last = shop.group_from[row.groups], shop.group_from[row.groups_end]
    operation = shop.part[first + below(chance, last - first)]
    limits, place = shop.operations[operation], now.places[operation]
    mode = limits.modes + below(chance, limits.modes_end - limits.modes)
    machine = shop.modes[mode].machine
    if machine < 0:
        return -1
    if place.mode < 0 or uniform(chance) < 0.5:
        slot = limits.earliest + below(chance, max(limits.latest - limits.earliest, 1))
    else:
        slot = place.start + int((uniform(chance) - 0.5) * 4 * shop.modes[mode].duration)
    slot = min(max(slot, 0), shop.slots - 1)
    slot = now.booked_from[machine, slot]
    if slot >= shop.slots:
        return -1
    other = shop.operations[now.occupant[machine, slot]].job
    has_part = shop.jobs[other].groups_end > shop.jobs[other].groups
    return other if has_part else -1
