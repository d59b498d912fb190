"""Tabu search for the makespan, with the neighbourhood of Mastrolilli and Gambardella.

A schedule is one sequence of operations for each machine. ``head`` is the length of the longest path to
an operation, ``tail`` that of the longest path after it. A move takes an operation of a critical path
out and puts it back on one of its machines: after all operations whose path to the end is too long to
wait for it, before all that end too late for it to wait for them, which never makes a circle (Mastrolilli
and Gambardella 2000, doi:10.1002/(SICI)1099-1425(200001/02)3:1<3::AID-JOS32>3.0.CO;2-Y).
Precedence is any graph without a cycle.
"""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from juli.workshop.arrays import Ints, Shop
from juli.workshop.chance import Words, below

NODE = np.dtype(
    [
        ("mode", np.int64),
        ("machine", np.int64),
        ("duration", np.int64),
        ("at", np.int64),  # place in its machine's sequence
        ("head", np.int64),
        ("tail", np.int64),
        ("missing", np.int64),  # predecessors that are not yet in the order
    ]
)

MAKESPAN, BEST, ROUND, IDLE = range(4)


class Sequences(NamedTuple):
    """A schedule as one sequence for each machine, with the tabu list and scratch space."""

    nodes: NDArray[np.void]  # (operations,)
    sequence: NDArray[np.int32]  # (machines, operations)
    length: Ints  # (machines,)
    order: Ints  # (operations,) topological
    tabu_until: Ints  # (modes,) the round up to which an operation may not go back to a machine
    path: Ints  # (operations,) a critical path
    figures: Ints  # (4,) MAKESPAN, BEST, ROUND, IDLE rounds since the last improvement
    head: Ints  # (operations,) heads and tails of one machine's sequence without the operation that moves
    tail: Ints  # (operations,)
    best_mode: Ints  # (operations,)
    best_head: Ints  # (operations,)


def new_sequences(shop: Shop, mode: Ints, start: Ints) -> Sequences:
    """Begin from a schedule: the mode and the start of each operation."""
    count, machines = len(shop.operations), len(shop.always_open)
    nodes = np.zeros(count, dtype=NODE)
    nodes["mode"] = mode
    nodes["machine"] = shop.modes["machine"][mode]
    nodes["duration"] = shop.modes["duration"][mode]
    sequence = np.zeros((machines, count), dtype=np.int32)
    length = np.zeros(machines, dtype=np.int64)
    for operation in np.lexsort((shop.operations["turn"], start)):
        machine = nodes["machine"][operation]
        if machine >= 0:
            nodes["at"][operation] = length[machine]
            sequence[machine, length[machine]] = operation
            length[machine] += 1
    state = Sequences(
        nodes=nodes,
        sequence=sequence,
        length=length,
        order=np.zeros(count, dtype=np.int64),
        tabu_until=np.zeros(len(shop.modes), dtype=np.int64),
        path=np.zeros(count, dtype=np.int64),
        figures=np.zeros(4, dtype=np.int64),
        head=np.zeros(count, dtype=np.int64),
        tail=np.zeros(count, dtype=np.int64),
        best_mode=mode.copy(),
        best_head=start.copy(),
    )
    state.figures[BEST] = np.iinfo(np.int64).max
    _measure(shop, state)
    _remember(state)
    return state


@njit(cache=True, nogil=True)
def _measure(shop: Shop, state: Sequences) -> bool:
    """Compute all heads, tails and the makespan; False if the sequences make a circle."""
    nodes, order = state.nodes, state.order
    count, found = len(nodes), 0
    for i in range(count):
        row = shop.operations[i]
        nodes[i].missing = row.before_end - row.before
        nodes[i].head = row.earliest
        if nodes[i].machine >= 0 and nodes[i].at > 0:
            nodes[i].missing += 1
        if nodes[i].missing == 0:
            order[found] = i
            found += 1
    done, makespan = 0, 0
    while done < found:
        i = order[done]
        done += 1
        node, row = nodes[i], shop.operations[i]
        end = node.head + node.duration
        makespan = max(makespan, end)
        for at in range(row.after, row.after_end):
            link = shop.after[at]
            other = nodes[link.other]
            other.head = max(other.head, end + link.least)
            other.missing -= 1
            if other.missing == 0:
                order[found] = link.other
                found += 1
        if node.machine >= 0 and node.at + 1 < state.length[node.machine]:
            j = state.sequence[node.machine, node.at + 1]
            nodes[j].head = max(nodes[j].head, end)
            nodes[j].missing -= 1
            if nodes[j].missing == 0:
                order[found] = j
                found += 1
    for done in range(found - 1, -1, -1):
        i = order[done]
        node, row, tail = nodes[i], shop.operations[i], 0
        for at in range(row.after, row.after_end):
            link = shop.after[at]
            tail = max(tail, link.least + nodes[link.other].duration + nodes[link.other].tail)
        if node.machine >= 0 and node.at + 1 < state.length[node.machine]:
            j = state.sequence[node.machine, node.at + 1]
            tail = max(tail, nodes[j].duration + nodes[j].tail)
        node.tail = tail
    state.figures[MAKESPAN] = makespan
    return bool(found == count)


@njit(cache=True, nogil=True)
def _remember(state: Sequences) -> None:
    state.figures[BEST] = state.figures[MAKESPAN]
    state.figures[IDLE] = 0
    for i in range(len(state.nodes)):
        state.best_mode[i], state.best_head[i] = state.nodes[i].mode, state.nodes[i].head


@njit(cache=True, nogil=True)
def _critical_path(shop: Shop, state: Sequences, chance: Words) -> int:
    """Walk a critical path back from its end, taking a random branch at each turn; its length."""
    nodes, makespan = state.nodes, state.figures[MAKESPAN]
    seen, current, count = 0, -1, 0
    for i in range(len(nodes)):
        if nodes[i].head + nodes[i].duration == makespan and nodes[i].tail == 0:
            seen += 1
            if below(chance, seen) == 0:
                current = i
    while current >= 0:
        state.path[count] = current
        count += 1
        node, row = nodes[current], shop.operations[current]
        seen, found = 0, -1
        for at in range(row.before, row.before_end):
            link = shop.before[at]
            if nodes[link.other].head + nodes[link.other].duration + link.least == node.head:
                seen += 1
                if below(chance, seen) == 0:
                    found = link.other
        if node.machine >= 0 and node.at > 0:
            j = state.sequence[node.machine, node.at - 1]
            if nodes[j].head + nodes[j].duration == node.head:
                seen += 1
                if below(chance, seen) == 0:
                    found = j
        current = found
    return count


@njit(cache=True, nogil=True)
def _ready(shop: Shop, state: Sequences, i: int) -> int:
    """Earliest start of an operation by what it waits for, its machine left out."""
    row = shop.operations[i]
    ready = row.earliest
    for at in range(row.before, row.before_end):
        link = shop.before[at]
        ready = max(ready, state.nodes[link.other].head + state.nodes[link.other].duration + link.least)
    return int(ready)


@njit(cache=True, nogil=True)
def _rest(shop: Shop, state: Sequences, i: int) -> int:
    """Longest path after an operation by what waits for it, its machine left out."""
    row, rest = shop.operations[i], 0
    for at in range(row.after, row.after_end):
        link = shop.after[at]
        rest = max(rest, link.least + state.nodes[link.other].duration + state.nodes[link.other].tail)
    return int(rest)


@njit(cache=True, nogil=True)
def _take_from_row(state: Sequences, i: int) -> None:
    machine = state.nodes[i].machine
    row, last = state.sequence[machine], state.length[machine] - 1
    for at in range(state.nodes[i].at, last):
        row[at] = row[at + 1]
        state.nodes[row[at]].at = at
    state.length[machine] = last


@njit(cache=True, nogil=True)
def _put_into_row(shop: Shop, state: Sequences, i: int, mode: int, at: int) -> None:
    node, machine = state.nodes[i], shop.modes[mode].machine
    row = state.sequence[machine]
    for place in range(state.length[machine], at, -1):
        row[place] = row[place - 1]
        state.nodes[row[place]].at = place
    row[at] = i
    state.length[machine] += 1
    node.mode, node.machine, node.duration, node.at = mode, machine, shop.modes[mode].duration, at


@njit(cache=True, nogil=True)
def _rest_of_row(shop: Shop, state: Sequences, i: int, machine: int) -> int:
    """List heads and tails of a machine's sequence as if an operation were not in it; its length then."""
    nodes, row, count = state.nodes, state.sequence[machine], state.length[machine]
    if nodes[i].machine != machine:
        for at in range(count):
            state.head[at], state.tail[at] = nodes[row[at]].head, nodes[row[at]].tail
        return int(count)
    gone = nodes[i].at
    for at in range(gone):
        state.head[at] = nodes[row[at]].head
    for at in range(gone + 1, count):
        state.head[at - 1] = _ready(shop, state, row[at])
        if at >= 2:
            before = row[at - 1] if at - 1 > gone else row[at - 2]
            if at - 1 > gone or gone > 0:
                state.head[at - 1] = max(state.head[at - 1], state.head[at - 2] + nodes[before].duration)
        state.tail[at - 1] = nodes[row[at]].tail
    for at in range(gone - 1, -1, -1):
        state.tail[at] = _rest(shop, state, row[at])
        after = row[at + 1] if at + 1 < gone else (row[at + 2] if at + 2 < count else -1)
        if after >= 0:
            state.tail[at] = max(state.tail[at], state.tail[at + 1] + nodes[after].duration)
    return int(count - 1)


@njit(cache=True, nogil=True)
def search_makespan(
    shop: Shop, state: Sequences, chance: Words, rounds: int, patience: int, target: float
) -> int:
    """Move so many times, less where ``patience`` rounds bring nothing or the target is reached; how many."""
    nodes, figures = state.nodes, state.figures
    for done in range(rounds):
        if figures[IDLE] >= patience or figures[BEST] <= target:
            return done
        steps = _critical_path(shop, state, chance)
        best, ties, best_i, best_mode, best_at = np.iinfo(np.int64).max, 0, -1, -1, -1
        any_seen, any_i, any_mode, any_at = 0, -1, -1, -1
        for step in range(steps):
            i = state.path[step]
            if nodes[i].machine < 0:
                continue
            ready, rest, own = _ready(shop, state, i), _rest(shop, state, i), nodes[i].machine
            for mode in range(shop.operations[i].modes, shop.operations[i].modes_end):
                machine, duration = shop.modes[mode].machine, shop.modes[mode].duration
                count = _rest_of_row(shop, state, i, machine)
                row = state.sequence[machine]
                skip = nodes[i].at if machine == own else count
                first = count
                for at in range(count):
                    j = row[at] if at < skip else row[at + 1]
                    if state.head[at] + nodes[j].duration > ready:
                        first = at
                        break
                last = 0
                for at in range(count - 1, -1, -1):
                    j = row[at] if at < skip else row[at + 1]
                    if state.tail[at] + nodes[j].duration > rest:
                        last = at + 1
                        break
                tabu = state.tabu_until[mode] > figures[ROUND]
                for at in range(min(first, last), max(first, last) + 1):
                    if machine == own and at == nodes[i].at:
                        continue
                    length = duration
                    head, tail = ready, rest
                    if at > 0:
                        j = row[at - 1] if at - 1 < skip else row[at]
                        head = max(head, state.head[at - 1] + nodes[j].duration)
                    if at < count:
                        j = row[at] if at < skip else row[at + 1]
                        tail = max(tail, state.tail[at] + nodes[j].duration)
                    length += head + tail
                    any_seen += 1
                    if below(chance, any_seen) == 0:
                        any_i, any_mode, any_at = i, mode, at
                    if tabu and length >= figures[BEST]:
                        continue
                    if length < best:
                        best, ties = length, 0
                    if length == best:
                        ties += 1
                        if below(chance, ties) == 0:
                            best_i, best_mode, best_at = i, mode, at
        if best_i < 0:
            best_i, best_mode, best_at = any_i, any_mode, any_at
        if best_i < 0:
            return done
        state.tabu_until[nodes[best_i].mode] = figures[ROUND] + _tenure(shop, best_i, steps, chance)
        was_mode, was_at = nodes[best_i].mode, nodes[best_i].at
        _take_from_row(state, best_i)
        _put_into_row(shop, state, best_i, best_mode, best_at)
        figures[ROUND] += 1
        figures[IDLE] += 1
        if not _measure(shop, state):
            # Only where operations take no time can a move make a circle; it is taken back.
            _take_from_row(state, best_i)
            _put_into_row(shop, state, best_i, was_mode, was_at)
            _measure(shop, state)
            state.tabu_until[best_mode] = figures[ROUND] + _tenure(shop, best_i, steps, chance)
        if figures[MAKESPAN] < figures[BEST]:
            _remember(state)
    return rounds


@njit(cache=True, nogil=True)
def _tenure(shop: Shop, i: int, steps: int, chance: Words) -> int:
    alternatives = shop.operations[i].modes_end - shop.operations[i].modes
    return int(steps + alternatives + below(chance, 1 + steps // 2))
