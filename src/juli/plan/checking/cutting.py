"""The rules of cutting. The judge counts in decimal millimetres, from task and plan alone."""

from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise

from juli.plan.checking.violation import Violation
from juli.plan.cutting import CutBar, CuttingPlan
from juli.plant.cutting import CuttingTask

#: What adding up a plan's cost in floating point may be off by [mm].
_ROUNDING_MM = 1e-3
#: The same for times [min].
_ROUNDING_MINUTES = 1e-6


def check_cutting(task: CuttingTask, plan: CuttingPlan) -> list[Violation]:
    """Find every rule that a cutting plan breaks; an empty list for one that can be carried out."""
    return [
        *pieces_once(task, plan),
        *bars_there(task, plan),
        *pieces_fit(task, plan),
        *machine_takes_bar(task, plan),
        *machine_time(task, plan),
        *cost_right(task, plan),
    ]


def pieces_once(task: CuttingTask, plan: CuttingPlan) -> Iterator[Violation]:
    """Every piece is cut as often as it is wanted."""
    counts = Counter(piece for bar in plan.bars for piece in bar.pieces)
    for piece in task.pieces:
        count = counts.pop(piece.id, 0)
        if count != piece.quantity:
            yield Violation(
                "pieces_once",
                piece.id,
                count - piece.quantity,
                f"{piece.id} is cut {count} times, not {piece.quantity}",
            )
    for unknown, count in counts.items():
        yield Violation("pieces_once", unknown, count, f"nobody asks for {unknown}")


def bars_there(task: CuttingTask, plan: CuttingPlan) -> Iterator[Violation]:
    """No bar is taken more often than it is there, and each at its measured length."""
    stock = {bar.id: bar for bar in task.stock}
    for name, count in Counter(bar.bar for bar in plan.bars).items():
        known = stock.get(name)
        if known is None:
            yield Violation("bars_there", name, count, f"there is no bar {name} in stock")
        elif known.quantity != "unlimited" and count > int(known.quantity):
            over = count - int(known.quantity)
            yield Violation(
                "bars_there", name, over, f"{name} is cut {count} times, but {known.quantity} are there"
            )
    for bar in plan.bars:
        if bar.bar in stock and _mm(bar.length_mm) != _mm(stock[bar.bar].length_mm):
            yield Violation(
                "bars_there",
                bar.bar,
                bar.length_mm - stock[bar.bar].length_mm,
                f"{bar.bar} is planned as {bar.length_mm} mm and measures {stock[bar.bar].length_mm} mm",
            )


def pieces_fit(task: CuttingTask, plan: CuttingPlan) -> Iterator[Violation]:
    """Pieces, cuts, trimmed ends and what returns to stock are together no longer than the bar."""
    length = _length_by_piece(task)
    for bar in plan.bars:
        short = _needed_mm(task, bar, length) - _mm(bar.length_mm)
        if short > 0:
            yield Violation(
                "pieces_fit",
                bar.bar,
                float(short),
                f"{bar.bar} is {short} mm too short for what it is cut into",
            )
        least = task.least_offcut_mm
        if bar.offcut_mm and (least is None or _mm(bar.offcut_mm) < _mm(least)):
            wanted = "nothing returns to stock" if least is None else f"{least} mm is the least that does"
            yield Violation(
                "pieces_fit",
                bar.bar,
                bar.offcut_mm,
                f"{bar.offcut_mm} mm of {bar.bar} return to stock: {wanted}",
            )


def machine_takes_bar(task: CuttingTask, plan: CuttingPlan) -> Iterator[Violation]:
    """A bar is cut on a machine that it goes into."""
    machines = {machine.id: machine for machine in task.machines}
    for bar in plan.bars:
        machine = machines.get(bar.machine)
        if machine is None or (machine.longest_mm is not None and bar.length_mm > machine.longest_mm):
            yield Violation("machine_takes_bar", bar.bar, 1, f"{bar.bar} does not go into {bar.machine}")


def machine_time(task: CuttingTask, plan: CuttingPlan) -> Iterator[Violation]:
    """A machine cuts one bar at a time, and takes its time for the bar, its cuts and a new pattern."""
    machines = {machine.id: machine for machine in task.machines}
    length = _length_by_piece(task)
    by_machine: dict[str, list[CutBar]] = {}
    for bar in plan.bars:
        by_machine.setdefault(bar.machine, []).append(bar)
    for name, own in by_machine.items():
        if name not in machines:
            continue
        rates = machines[name]
        own.sort(key=lambda bar: (bar.begin_minutes, bar.end_minutes))
        for before, after in pairwise([None, *own]):
            assert after is not None
            new = before is None or _lengths(before, length) != _lengths(after, length)
            needed = rates.minutes_per_bar + rates.minutes_per_cut * len(after.pieces)
            needed += rates.minutes_per_setup if new else 0.0
            short = needed - (after.end_minutes - after.begin_minutes)
            overlap = (before.end_minutes if before else 0.0) - after.begin_minutes
            if short > _ROUNDING_MINUTES or overlap > _ROUNDING_MINUTES:
                yield Violation(
                    "machine_time",
                    after.bar,
                    max(short, overlap),
                    f"{name} has {max(short, overlap):g} min too few for {after.bar}",
                )


def cost_right(task: CuttingTask, plan: CuttingPlan) -> Iterator[Violation]:
    """The cost is the length of the bars less the value of what returns to stock; the bound is below."""
    value = Decimal(str(task.offcut_value))
    cost = sum((_mm(bar.length_mm) - value * _mm(bar.offcut_mm) for bar in plan.bars), Decimal(0))
    off = plan.cost_mm - float(cost)
    if abs(off) > _ROUNDING_MM:
        yield Violation(
            "cost_right", "plan", off, f"the plan says {plan.cost_mm} mm, its bars add up to {cost} mm"
        )
    if plan.bound_mm > plan.cost_mm + _ROUNDING_MM:
        over = plan.bound_mm - plan.cost_mm
        yield Violation(
            "cost_right", "plan", over, f"the bound of {plan.bound_mm} mm is above the plan's cost"
        )


@lru_cache(maxsize=10_000)
def _mm(value: float) -> Decimal:
    return Decimal(f"{value:.1f}")


def _length_by_piece(task: CuttingTask) -> dict[str, Decimal]:
    return {piece.id: _mm(piece.length_mm) for piece in task.pieces}


def _lengths(bar: CutBar, length: Mapping[str, Decimal]) -> Counter[Decimal]:
    return Counter(length[piece] for piece in bar.pieces if piece in length)


def _needed_mm(task: CuttingTask, bar: CutBar, length: Mapping[str, Decimal]) -> Decimal:
    pieces = list(_lengths(bar, length).elements())
    cuts = max(len(pieces) - 1, 0)
    needed = sum(pieces, Decimal(0)) + cuts * _mm(task.kerf_mm) + _mm(task.end_trim_mm)
    if bar.offcut_mm:
        needed += _mm(task.kerf_mm) + _mm(bar.offcut_mm)
    return needed
