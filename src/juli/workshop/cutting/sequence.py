"""The third aim: the order of the promises. What is due first is cut first."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain, islice, pairwise, repeat
from typing import Final

import numpy as np

from juli.plan.cutting import CutBar
from juli.plant.cutting import CuttingMachine, CuttingTask
from juli.workshop.cutting.master import Pattern
from juli.workshop.cutting.problem import Merged

#: Orders of patterns that are tried at the most.
_MOST_TRIALS: Final = 400


@dataclass(frozen=True, eq=False)
class _Block:
    """The bars of one pattern, one after another."""

    number: int
    counts: tuple[tuple[int, int], ...]
    pieces: int
    bars: tuple[Pattern, ...]
    machines: tuple[int, ...]


def in_order(
    task: CuttingTask, merged: Merged, plan: list[Pattern], *, over: Callable[[], bool] = lambda: False
) -> tuple[CutBar, ...]:
    """Lay a plan's bars out on the machines.

    The bars of a pattern stay together; the order of the patterns is searched for the least lateness, then
    for early ends of what is due early. Pieces of one length are handed out to the earliest promise first.
    Once it is over, the best order so far is taken.
    """
    blocks = _blocks(task, merged, plan)
    order = sorted(range(len(blocks)), key=lambda at: (_urgency(task, merged, blocks[at]), at))
    best = _judge(task, merged, [blocks[at] for at in order])
    trials, moved = 0, True
    while moved and trials < _MOST_TRIALS and not over():
        moved = False
        for first, second in pairwise(range(len(order))):
            if over():
                break
            trials += 1
            order[first], order[second] = order[second], order[first]
            value = _judge(task, merged, [blocks[at] for at in order])
            if value < best:
                best, moved = value, True
            else:
                order[first], order[second] = order[second], order[first]
    laid = _lay_out(task, merged, [blocks[at] for at in order])
    machine_at = {machine.id: number for number, machine in enumerate(task.machines)}
    return tuple(sorted(laid, key=lambda bar: (machine_at[bar.machine], bar.begin_minutes, bar.pattern)))


def _blocks(task: CuttingTask, merged: Merged, plan: list[Pattern]) -> list[_Block]:
    """Gather the bars by what is cut from them and by the machines that take them."""
    grouped: dict[tuple[bytes, tuple[int, ...]], list[Pattern]] = {}
    for pattern in plan:
        length_mm = task.stock[merged.bars[pattern.bar][0]].length_mm
        able = tuple(at for at, machine in enumerate(task.machines) if machine.takes(length_mm))
        grouped.setdefault((pattern.counts.tobytes(), able), []).append(pattern)
    number_of: dict[bytes, int] = {}
    blocks = []
    for (shape, able), bars in grouped.items():
        counts = bars[0].counts
        held = tuple((int(kind), int(counts[kind])) for kind in np.flatnonzero(counts))
        number = number_of.setdefault(shape, len(number_of) + 1)
        blocks.append(_Block(number, held, int(counts.sum()), tuple(bars), able))
    return blocks


def _urgency(task: CuttingTask, merged: Merged, block: _Block) -> tuple[bool, float]:
    dues = [task.pieces[piece].due for kind, _ in block.counts for piece in merged.pieces[kind]]
    moments = [_seconds(due) for due in dues if due is not None]
    return not moments, min(moments, default=0.0)


def _judge(task: CuttingTask, merged: Merged, blocks: list[_Block]) -> tuple[float, float]:
    """Total lateness [min], and the ends weighted by how many other promises are later."""
    dues = sorted({_seconds(piece.due) for piece in task.pieces if piece.due is not None})
    if not dues:
        return 0.0, 0.0
    rank = {due: len(dues) - at for at, due in enumerate(dues)}
    due_of = {piece.id: piece.due for piece in task.pieces}
    late = early = 0.0
    for at, bar in enumerate(_lay_out(task, merged, blocks)):
        end = bar.end_minutes if _takes_time(task) else float(at)
        for piece in bar.pieces:
            due = due_of[piece]
            if due is not None:
                late += max(0.0, end - _minutes(task, due)) if task.start is not None else 0.0
                early += rank[_seconds(due)] * end
    return late, early


def _seconds(due: datetime) -> float:
    return (due if due.tzinfo else due.replace(tzinfo=UTC)).timestamp()


def _takes_time(task: CuttingTask) -> bool:
    return any(one.minutes_per_bar + one.minutes_per_cut + one.minutes_per_setup > 0 for one in task.machines)


def _minutes(task: CuttingTask, due: datetime) -> float:
    assert task.start is not None
    return (due - task.start).total_seconds() / 60


def _lay_out(task: CuttingTask, merged: Merged, blocks: list[_Block]) -> list[CutBar]:
    """Give each pattern to the machine that is done with it first, in this order."""
    queues = [
        deque(piece for piece in pieces for _ in range(task.pieces[piece].quantity))
        for pieces in merged.pieces
    ]
    # No more bars than the plan has are ever taken of a kind, however many lie in stock.
    most = sum(len(block.bars) for block in blocks)
    stock = [
        deque(islice(chain.from_iterable(repeat(at, _in_stock(task, at, most)) for at in numbers), most))
        for numbers in merged.bars
    ]
    free = [0.0] * len(task.machines)
    last: list[int | None] = [None] * len(task.machines)
    laid = []
    for block in blocks:
        minutes = {at: _block_minutes(task.machines[at], block, last[at]) for at in block.machines}
        chosen = min(block.machines, key=lambda at: (free[at] + minutes[at], at))
        machine = task.machines[chosen]
        for pattern in block.bars:
            setup = machine.minutes_per_setup if last[chosen] != block.number else 0.0
            end = free[chosen] + setup + _bar_minutes(machine, block)
            bar = task.stock[stock[pattern.bar].popleft()]
            pieces = [
                task.pieces[queues[kind].popleft()].id for kind, count in block.counts for _ in range(count)
            ]
            rest = merged.problem.rest(pattern.bar, pattern.used) if merged.problem.offcut_value > 0 else 0
            offcut_mm = round(rest * merged.problem.unit_mm, 1)
            laid.append(
                CutBar(
                    bar=bar.id,
                    length_mm=bar.length_mm,
                    pieces=tuple(pieces),
                    offcut_mm=offcut_mm,
                    machine=machine.id,
                    begin_minutes=free[chosen],
                    end_minutes=end,
                    pattern=block.number,
                )
            )
            free[chosen], last[chosen] = end, block.number
    return laid


def _in_stock(task: CuttingTask, at: int, most: int) -> int:
    quantity = task.stock[at].quantity
    return most if quantity == "unlimited" else int(quantity)


def _bar_minutes(machine: CuttingMachine, block: _Block) -> float:
    return machine.minutes_per_bar + machine.minutes_per_cut * block.pieces


def _block_minutes(machine: CuttingMachine, block: _Block, last: int | None) -> float:
    setup = machine.minutes_per_setup if last != block.number else 0.0
    return setup + len(block.bars) * _bar_minutes(machine, block)
