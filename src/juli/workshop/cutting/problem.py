"""A cutting task as the search sees it: whole numbers of a unit, equal pieces and equal bars merged."""

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from juli.plant.cutting import TENTHS_PER_MM, CuttingTask

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class BarProblem:
    """Kinds of pieces and kinds of bars, in whole units of length.

    A piece weighs its length and one kerf; a bar takes its usable length and one kerf, since the last piece
    needs none where it ends with the bar. Pieces are sorted by falling weight, bars by rising length.

    Parameters
    ----------
    unit_mm
        Length of a unit [mm].
    weight, wanted
        Of each kind of piece, shape ``(kinds,)``.
    length, capacity, available
        Of each kind of bar, shape ``(bars,)``.
    kerf
        Width of a cut.
    least_offcut
        The shortest rest that returns to stock; beyond every bar where none does.
    offcut_value
        What a unit that returns is worth, as a share of one that is taken.
    """

    unit_mm: float
    weight: Ints
    wanted: Ints
    length: Ints
    capacity: Ints
    available: Ints
    kerf: int
    least_offcut: int
    offcut_value: float

    def cost(self, bar: int, used: int) -> float:
        """What it costs to cut pieces of a total weight from a bar [units]."""
        rest = self.rest(bar, used)
        return float(self.length[bar]) - (self.offcut_value * rest if rest else 0.0)

    def rest(self, bar: int, used: int) -> int:
        """What returns to stock of a bar, 0 where the rest is scrap."""
        rest = int(self.capacity[bar]) - self.kerf - used
        return rest if used and rest >= self.least_offcut else 0

    @cached_property
    def step(self) -> int:
        """The greatest common divisor of the weights: no other totals occur."""
        return math.gcd(*self.weight.tolist())

    @cached_property
    def everything(self) -> float:
        """The length of all bars together: no plan costs more."""
        return float((self.length * self.available).sum())


@dataclass(frozen=True, eq=False)
class Merged:
    """A problem, and which of the task's pieces and bars each kind stands for.

    Parameters
    ----------
    problem
        The problem.
    pieces
        For each kind the numbers of the task's pieces, the earliest due first.
    bars
        For each kind of bar the numbers of the task's stock.
    """

    problem: BarProblem
    pieces: tuple[tuple[int, ...], ...]
    bars: tuple[tuple[int, ...], ...]


def merge(task: CuttingTask) -> Merged:
    """Merge equal lengths; bars that no machine takes are left out."""
    lengths = [
        *(bar.length_mm for bar in task.stock),
        *(piece.length_mm for piece in task.pieces),
        task.kerf_mm,
        task.end_trim_mm,
        task.least_offcut_mm or 0.0,
    ]
    per_mm = 1 if all(float(length).is_integer() for length in lengths) else TENTHS_PER_MM

    def units(length_mm: float) -> int:
        return round(length_mm * per_mm)

    kerf = units(task.kerf_mm)
    pieces: dict[int, list[int]] = {}
    for number, piece in enumerate(task.pieces):
        pieces.setdefault(units(piece.length_mm) + kerf, []).append(number)
    bars: dict[int, list[int]] = {}
    for number, bar in enumerate(task.stock):
        if any(machine.takes(bar.length_mm) for machine in task.machines):
            bars.setdefault(units(bar.length_mm), []).append(number)
    weights, lengths_of = sorted(pieces, reverse=True), sorted(bars)
    wanted = [sum(task.pieces[number].quantity for number in pieces[weight]) for weight in weights]
    most = sum(wanted)
    available = [sum(_count(task, number, most) for number in bars[length]) for length in lengths_of]
    problem = BarProblem(
        unit_mm=1 / per_mm,
        weight=np.array(weights, dtype=np.int64),
        wanted=np.array(wanted, dtype=np.int64),
        length=np.array(lengths_of, dtype=np.int64),
        capacity=np.array(
            [max(length - units(task.end_trim_mm), 0) + kerf for length in lengths_of], dtype=np.int64
        ),
        available=np.minimum(np.array(available, dtype=np.int64), most),
        kerf=kerf,
        least_offcut=units(task.least_offcut_mm) if task.least_offcut_mm else max(lengths_of, default=0) + 1,
        offcut_value=task.offcut_value if task.least_offcut_mm else 0.0,
    )
    return Merged(
        problem,
        tuple(tuple(sorted(pieces[weight], key=lambda one: _when(task, one))) for weight in weights),
        tuple(tuple(bars[length]) for length in lengths_of),
    )


def _count(task: CuttingTask, number: int, most: int) -> int:
    quantity = task.stock[number].quantity
    return most if quantity == "unlimited" else quantity


def _when(task: CuttingTask, number: int) -> tuple[bool, str, int]:
    due = task.pieces[number].due
    return due is None, due.isoformat() if due else "", number
