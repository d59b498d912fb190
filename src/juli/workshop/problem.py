"""The shop as a scheduler sees it: numbers and slots, nothing of where they came from.

Time is counted in slots from 0; a run over ``[start, end)`` works in the open slots between the two. Every
object is frozen: engines compile it once and never write to it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from juli.core.errors import InputError, Problem


class Objective(StrEnum):
    """What a schedule is to make small."""

    #: The slot at which the last operation ends.
    MAKESPAN = "makespan"
    #: Energy + wages + what runs cost by themselves + lateness + lead time.
    MONEY = "money"


@dataclass(frozen=True)
class Mode:
    """One machine that an operation can be done on.

    Parameters
    ----------
    machine
        Its number.
    duration
        Open slots of work.
    kw
        Power drawn in each slot of work [kW].
    money
        What the run costs by itself, such as a set-up [money].
    """

    machine: int
    duration: int
    kw: float = 0.0
    money: float = 0.0


@dataclass(frozen=True)
class Run:
    """An operation on a machine over the slots ``[start, end)``."""

    operation: int
    machine: int
    start: int
    end: int


@dataclass(frozen=True)
class Operation:
    """Something that one machine does once.

    Parameters
    ----------
    job
        The job that it belongs to.
    modes
        The machines that can do it, each at most once.
    pausable
        Whether it may rest while its machine is closed, and go on afterwards.
    earliest, latest
        It starts at ``earliest`` or later and ends at ``latest`` or earlier (None: the horizon).
    fixed
        Where it runs already or is frozen; no calendar and no wait applies to it any more, and it may
        have begun before slot 0.
    """

    job: int
    modes: tuple[Mode, ...]
    pausable: bool = False
    earliest: int = 0
    latest: int | None = None
    fixed: Run | None = None


@dataclass(frozen=True)
class Wait:
    """``after`` starts between ``least`` and ``most`` slots after the end of ``before`` (None: no limit)."""

    before: int
    after: int
    least: int = 0
    most: int | None = None


@dataclass(frozen=True)
class Job:
    """Operations that are complete together, when the last of them ends.

    Parameters
    ----------
    release
        None of them starts before this slot.
    due
        The promise, as a slot border; fractions are allowed. None: no promise.
    late_price
        What each slot between the promise and the completion costs [money/slot].
    lead_price
        What each slot between the release and the completion costs [money/slot].
    """

    release: int = 0
    due: float | None = None
    late_price: float = 0.0
    lead_price: float = 0.0


@dataclass(frozen=True, eq=False)
class ShopProblem:
    """A shop and its work.

    Parameters
    ----------
    slots
        The horizon: every operation that is not fixed ends by it.
    machines
        How many machines there are.
    jobs, operations, waits
        The work; precedence (the waits) is any graph without a cycle.
    step_hours
        Length of a slot [h].
    energy_price
        Price of electricity, shape ``(slots,)`` [money/kWh]; None: free.
    machine_price
        What a slot of work on a machine costs besides energy, such as wages, shape
        ``(machines, slots)`` [money/slot]; None: nothing.
    opened
        Which slots each machine works in, shape ``(machines, slots)``; None: all.
    machine_names
        What messages call them; empty: by their numbers.

    Raises
    ------
    InputError
        With every contradiction found.
    """

    slots: int
    machines: int
    jobs: tuple[Job, ...]
    operations: tuple[Operation, ...]
    waits: tuple[Wait, ...] = ()
    step_hours: float = 1.0
    energy_price: NDArray[np.float64] | None = None
    machine_price: NDArray[np.float64] | None = None
    opened: NDArray[np.bool_] | None = None
    machine_names: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        problems = list(_wrong_shapes(self)) or [*_wrong_operations(self), *_wrong_waits(self)]
        if problems:
            raise InputError(problems)

    @cached_property
    def topological(self) -> tuple[int, ...]:
        """The operations, each after all that it waits for."""
        order = _topological(len(self.operations), self.waits)
        if order is None:
            raise InputError("the waits between the operations go round in a circle")
        return order

    @cached_property
    def is_open(self) -> NDArray[np.bool_]:
        """Which slots each machine works in, shape ``(machines, slots)``."""
        return np.ones((self.machines, self.slots), dtype=np.bool_) if self.opened is None else self.opened

    def slot_money(self, machine: int, kw: float) -> NDArray[np.float64]:
        """Cost of one slot of work on a machine at a power; shape ``(slots,)`` [money]."""
        money = np.zeros(self.slots)
        if self.energy_price is not None:
            money += kw * self.step_hours * self.energy_price
        if self.machine_price is not None:
            money += self.machine_price[machine]
        return money

    def extended(self, slots: int, period: int | None = None) -> "ShopProblem":
        """The same work over a longer horizon; calendars and prices go on as in the last ``period`` slots."""
        if slots <= self.slots:
            return self
        back = min(period or self.slots, self.slots)
        columns = np.arange(slots)
        beyond = columns >= self.slots
        columns[beyond] = self.slots - back + (columns[beyond] - self.slots) % back
        return replace(
            self,
            slots=slots,
            energy_price=None if self.energy_price is None else self.energy_price[columns],
            machine_price=None if self.machine_price is None else self.machine_price[:, columns],
            opened=None if self.opened is None else self.opened[:, columns],
        )

    def machine_name(self, machine: int) -> str:
        """What messages call a machine."""
        return self.machine_names[machine] if self.machine_names else f"machine {machine}"


def chain(operations: Sequence[int]) -> tuple[Wait, ...]:
    """Waits that put operations one after another.

    Examples
    --------
    >>> chain([4, 5, 6])
    (Wait(before=4, after=5, least=0, most=None), Wait(before=5, after=6, least=0, most=None))
    """
    return tuple(Wait(before, after) for before, after in pairwise(operations))


def _topological(operations: int, waits: Sequence[Wait]) -> tuple[int, ...] | None:
    successors: list[list[int]] = [[] for _ in range(operations)]
    missing = [0] * operations
    for wait in waits:
        successors[wait.before].append(wait.after)
        missing[wait.after] += 1
    ready = [operation for operation in range(operations) if not missing[operation]]
    for operation in ready:
        for after in successors[operation]:
            missing[after] -= 1
            if not missing[after]:
                ready.append(after)
    return tuple(ready) if len(ready) == operations else None


def _wrong_shapes(shop: ShopProblem) -> list[Problem]:
    problems = []
    if shop.slots <= 0 or shop.machines <= 0 or not shop.step_hours > 0:
        problems.append(
            Problem(
                "shop",
                f"{shop.slots} slots of {shop.step_hours} h on {shop.machines} machines",
                "give positive numbers",
            )
        )
    for name, series, shape in (
        ("energy_price", shop.energy_price, (shop.slots,)),
        ("machine_price", shop.machine_price, (shop.machines, shop.slots)),
        ("opened", shop.opened, (shop.machines, shop.slots)),
    ):
        if series is not None and series.shape != shape:
            problems.append(Problem(name, f"has the shape {series.shape}", f"give it the shape {shape}"))
        elif series is not None and not np.all(np.isfinite(series)):
            problems.append(Problem(name, "holds a value that is no number", "give a number for each slot"))
    if shop.machine_names and len(shop.machine_names) != shop.machines:
        problems.append(
            Problem("machine_names", f"{len(shop.machine_names)} names", f"give {shop.machines} names")
        )
    return problems


def _wrong_operations(shop: ShopProblem) -> list[Problem]:
    problems = []
    for number, operation in enumerate(shop.operations):
        place = f"operation {number}"
        machines = [mode.machine for mode in operation.modes]
        if not 0 <= operation.job < len(shop.jobs):
            problems.append(Problem(place, f"belongs to job {operation.job}", "name a job that there is"))
        if not machines:
            problems.append(Problem(place, "no machine can do it", "give at least one mode"))
        if len(set(machines)) < len(machines):
            problems.append(Problem(place, f"names a machine twice: {machines}", "keep one mode for each"))
        for mode in operation.modes:
            if not 0 <= mode.machine < shop.machines:
                problems.append(
                    Problem(
                        place, f"names machine {mode.machine}", f"use a number from 0 to {shop.machines - 1}"
                    )
                )
            if mode.duration < 0:
                problems.append(Problem(place, f"takes {mode.duration} slots", "durations are 0 or longer"))
        if operation.fixed is not None and operation.fixed.machine not in machines:
            problems.append(
                Problem(
                    place,
                    f"is fixed on machine {operation.fixed.machine}, and can be done on {machines}",
                    "fix it on a machine that can do it",
                )
            )
    return problems


def _wrong_waits(shop: ShopProblem) -> list[Problem]:
    problems = []
    count = len(shop.operations)
    for wait in shop.waits:
        place = f"wait {wait.before} -> {wait.after}"
        if not (0 <= wait.before < count and 0 <= wait.after < count):
            problems.append(Problem(place, "names an operation that there is not", f"use 0 to {count - 1}"))
        elif wait.most is not None and wait.most < wait.least:
            problems.append(
                Problem(
                    place, f"at least {wait.least} and at most {wait.most} slots", "raise most or lower least"
                )
            )
    if not problems and _topological(count, shop.waits) is None:
        problems.append(
            Problem("waits", "the operations wait for one another in a circle", "remove a wait of the circle")
        )
    return problems
