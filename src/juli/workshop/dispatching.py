"""Random first schedules for the makespan: operations one by one, each on the machine that ends it first."""

import numpy as np
from numba import njit

from juli.workshop.arrays import Ints, Shop
from juli.workshop.chance import Words, below, uniform


@njit(cache=True, nogil=True)
def dispatch(shop: Shop, chance: Words) -> tuple[Ints, Ints]:
    """Schedule by a priority between earliest start and longest rest that is drawn anew each time.

    Returns
    -------
    The mode and the start of each operation, both of shape ``(operations,)``.
    """
    count = len(shop.operations)
    mode, start = np.zeros(count, dtype=np.int64), np.zeros(count, dtype=np.int64)
    ready_at, missing = shop.operations["earliest"].copy(), np.zeros(count, dtype=np.int64)
    free_at = np.zeros(len(shop.always_open), dtype=np.int64)
    waiting, many = np.zeros(count, dtype=np.int64), 0
    for i in range(count):
        missing[i] = shop.operations[i].before_end - shop.operations[i].before
        if missing[i] == 0:
            waiting[many] = i
            many += 1
    weight, noise = uniform(chance), 0.1 * uniform(chance)
    while many > 0:
        best, at = np.inf, 0
        for k in range(many):
            row = shop.operations[waiting[k]]
            urgency = weight * (row.tail + row.shortest) - (1.0 - weight) * ready_at[waiting[k]]
            urgency *= 1.0 + noise * uniform(chance)
            if -urgency < best:
                best, at = -urgency, k
        i = waiting[at]
        many -= 1
        waiting[at] = waiting[many]
        row, end, ties = shop.operations[i], np.iinfo(np.int64).max, 0
        for candidate in range(row.modes, row.modes_end):
            machine = shop.modes[candidate].machine
            free = free_at[machine] if machine >= 0 else 0
            begin = max(ready_at[i], free)
            done = begin + shop.modes[candidate].duration
            ties = ties + 1 if done == end else 1
            if done < end or (done == end and below(chance, ties) == 0):
                end, start[i], mode[i] = done, begin, candidate
        if shop.modes[mode[i]].machine >= 0:
            free_at[shop.modes[mode[i]].machine] = end
        for link_at in range(row.after, row.after_end):
            link = shop.after[link_at]
            ready_at[link.other] = max(ready_at[link.other], end + link.least)
            missing[link.other] -= 1
            if missing[link.other] == 0:
                waiting[many] = link.other
                many += 1
    return mode, start
