"""The best times to be at work for a machine that has to be kept warm: a dynamic program. Compiled.

Being at work earns something by the slot, idling and warming up cost something; the rules of when a machine
idles and when it warms up are those of the shop (:class:`juli.workshop.problem.Warmth`).
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from juli.workshop.arrays import Floats, Ints
from juli.workshop.compiling import compiled

#: How a machine spends a slot.
OFF, WORKING, IDLING, WARMING = range(4)


class Warming(NamedTuple):
    """A machine that is warmed up before work.

    Parameters
    ----------
    workable
        Whether it can work, shape ``(slots,)``.
    shortest
        No stretch of work is shorter [slots].
    longest_pause
        The longest pause through which it idles [slots].
    warm_up
        How long it warms up before its first work and after any longer pause, in the slots just before,
        as far as they lie in the horizon [slots].
    begun
        It is at work at the beginning, until this slot border; −1: it is off.
    reach
        So many slots before a slot of work are fed by it.
    """

    workable: NDArray[np.bool_]
    shortest: int
    longest_pause: int
    warm_up: int
    begun: int
    reach: int = 0


class Stretches(NamedTuple):
    """Room for the program: what is known of a stretch of work that ends at each slot border."""

    money: Floats  # (slots + 1,) earned by then at the most
    start: Ints  # (slots + 1,) where the stretch begins
    origin: Ints  # (slots + 1,) the end of the stretch before it, or −1
    earned: Floats  # (slots + 1,) by working in all slots before a border
    fed: Floats  # (slots + 1,) what all slots before a border are fed
    idled: Floats  # (slots + 1,) what idling in all slots before a border costs
    warmed: Floats  # (slots + 1,) what warming up in all slots before a border costs


def new_stretches(slots: int) -> Stretches:
    """Allocate the room."""
    sums = [np.zeros(slots + 1) for _ in range(5)]
    numbers = [np.zeros(slots + 1, dtype=np.int64) for _ in range(2)]
    return Stretches(sums[0], numbers[0], numbers[1], sums[1], sums[2], sums[3], sums[4])


def load_warming() -> None:
    """Compile the engine, or read it from the cache."""
    one = np.ones(2)
    machine = Warming(one > 0, 1, 1, 1, -1, 1)
    most_earned(machine, one, one, one, one, new_stretches(2), np.zeros(2, dtype=np.int8), np.zeros(2))


@compiled
def most_earned(
    machine: Warming,
    earned: Floats,
    fed: Floats,
    idling: Floats,
    warming: Floats,
    known: Stretches,
    spent: NDArray[np.int8],
    served: Floats,
) -> float:
    """Choose when to work so as to earn the most, less the cost of idling and warming up [money].

    Parameters
    ----------
    earned, idling, warming
        What a slot of work earns, and what one of idling and one of warming up cost, shape ``(slots,)``
        [money].
    fed
        What a slot earns after which work comes within the machine's reach, shape ``(slots,)`` [money].
    known
        Room.
    spent
        How each slot is spent in the best way, shape ``(slots,)``: written.
    served
        Whether each slot earns what it is fed, shape ``(slots,)``: written.
    """
    slots, pause, reach, workable = len(earned), machine.longest_pause, machine.reach, machine.workable
    _add_up(machine, earned, fed, idling, warming, known)
    money = known.money
    money[:] = -np.inf
    if machine.begun >= 0:
        money[machine.begun] = known.earned[machine.begun] + known.fed[machine.begun - 1]
        known.start[machine.begun], known.origin[machine.begun] = 0, -1
    off, off_from = 0.0, -1
    open_until = 0
    for border in range(slots):
        far = max(border - reach, 0)
        # Of all ends before a long pause and out of reach the best is known; the others are few.
        known_end = min(far, border - pause - 1)
        if known_end >= 0 and money[known_end] > off:
            off, off_from = money[known_end], known_end
        begin, origin = off - known.fed[far], off_from
        for end in range(known_end + 1, border - pause):
            if money[end] - known.fed[max(far, end - 1)] > begin:
                begin, origin = money[end] - known.fed[max(far, end - 1)], end
        begin -= known.warmed[border] - known.warmed[max(border - machine.warm_up, 0)]
        for end in range(max(border - pause, 0), border + 1):
            total = money[end] + known.idled[end] - known.idled[border] - known.fed[max(far, end - 1)]
            if total > begin:
                begin, origin = total, end
        if border == 0 and machine.begun >= 0 and begin < 0.0:
            begin, origin = 0.0, -1
        open_until = max(open_until, border)
        while open_until < min(border + machine.shortest, slots) and workable[open_until]:
            open_until += 1
        end = border + machine.shortest
        if open_until >= end:
            total = begin + known.earned[end] - known.earned[border] + known.fed[end - 1]
            if total > money[end]:
                money[end], known.start[end], known.origin[end] = total, border, origin
        if workable[border] and money[border] > -np.inf:
            total = money[border] + earned[border] + known.fed[border] - known.fed[border - 1]
            if total > money[border + 1]:
                money[border + 1] = total
                known.start[border + 1], known.origin[border + 1] = known.start[border], known.origin[border]
    return _read_back(machine, known, spent, served)


@compiled
def _add_up(
    machine: Warming, earned: Floats, fed: Floats, idling: Floats, warming: Floats, known: Stretches
) -> None:
    known.earned[0], known.fed[0], known.idled[0], known.warmed[0] = 0.0, 0.0, 0.0, 0.0
    for slot in range(len(earned)):
        known.earned[slot + 1] = known.earned[slot] + (earned[slot] if machine.workable[slot] else 0.0)
        known.fed[slot + 1] = known.fed[slot] + fed[slot]
        known.idled[slot + 1] = known.idled[slot] + idling[slot]
        known.warmed[slot + 1] = known.warmed[slot] + warming[slot]


@compiled
def _read_back(machine: Warming, known: Stretches, spent: NDArray[np.int8], served: Floats) -> float:
    """Follow the best stretches back to the beginning; what they earn."""
    spent[:] = OFF
    served[:] = 0.0
    end, best = -1, 0.0
    for border in range(len(known.money)):
        if known.money[border] > best:
            end, best = border, known.money[border]
    while end >= 0:
        start, origin = known.start[end], known.origin[end]
        for slot in range(start, end):
            if machine.workable[slot]:
                spent[slot] = WORKING
        if origin >= 0 and start - origin <= machine.longest_pause:
            spent[origin:start] = IDLING
        elif start > 0 or machine.begun < 0:
            spent[max(start - machine.warm_up, 0) : start] = WARMING
        served[max(start - machine.reach, origin - 1, 0) : end - 1] = 1.0
        end = origin
    return best
