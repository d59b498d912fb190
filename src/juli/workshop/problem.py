"""The shop as a scheduler sees it: numbers and slots, nothing of where they came from.

Time is counted in slots from 0; a run over ``[start, end)`` works in the open slots between the two. Every
object is frozen: engines compile it once and never write to it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
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
    family
        What its machine has to be set up for, and whose batches it can share; families count from 0.
    load
        Room that it takes in a batching machine.
    needs
        Pairs of a resource's number and how much of it the operation takes while it works.
    """

    job: int
    modes: tuple[Mode, ...]
    pausable: bool = False
    earliest: int = 0
    latest: int | None = None
    fixed: Run | None = None
    family: int = 0
    load: float = 0.0
    needs: tuple[tuple[int, float], ...] = ()


@dataclass(frozen=True)
class Wait:
    """``after`` starts between ``least`` and ``most`` slots after the end of ``before`` (None: no limit)."""

    before: int
    after: int
    least: int = 0
    most: int | None = None


@dataclass(frozen=True)
class Setups:
    """How long a machine takes from one family to another, in its open slots just before a run.

    Parameters
    ----------
    slots
        A row for each family before and one more, the last, for the beginning; a column for each after.
    kw
        Power on top of what the machine draws anyway [kW].
    """

    slots: tuple[tuple[int, ...], ...]
    kw: float = 0.0


@dataclass(frozen=True)
class Warmth:
    """A machine that is switched off where it would idle for long, and has to be warmed up after that.

    Powers are on top of what it draws switched off. It is off before its first run and after its last.

    Parameters
    ----------
    idle_kw
        Through a pause that is not long [kW].
    warm_up_kw, warm_up
        While it warms up, which is in so many slots just before a run [kW, slots].
    longest_pause
        The longest pause through which it idles, at least as long as warming up takes [slots].
    """

    idle_kw: float
    warm_up_kw: float
    warm_up: int
    longest_pause: int


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
    place, travel
        Where each machine stands, and how long the way from a place to another takes: slots that every
        wait takes at the least, counted in its longest time too. Shape ``(places, places)``; None: no way.
    setups, warmth
        By machine: how it is set up, and how it is switched on and off. Their money is no run's own.
    batches
        By machine: how much load it takes at once. Operations of one family that start and end together
        share a batch; its energy and wages are paid once, and nothing in it may pause.
    resources
        How much of each there is, shape ``(resources, slots)``; taken in the open slots of a run. None:
        there are none.

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
    place: tuple[int, ...] = ()
    travel: NDArray[np.int64] | None = None
    setups: Mapping[int, Setups] = field(default_factory=dict)
    warmth: Mapping[int, Warmth] = field(default_factory=dict)
    batches: Mapping[int, float] = field(default_factory=dict)
    resources: NDArray[np.float64] | None = None

    def __post_init__(self) -> None:
        problems = list(_wrong_shapes(self)) or [
            *_wrong_operations(self),
            *_wrong_waits(self),
            *_wrong_sharing(self),
        ]
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
            resources=None if self.resources is None else self.resources[:, columns],
        )

    @property
    def is_plain(self) -> bool:
        """Whether machines are all that operations share, with nothing between one run and the next."""
        return not (self.setups or self.warmth or self.batches) and not any(
            operation.needs for operation in self.operations
        )

    def way(self, before: int, after: int) -> int:
        """Slots from one machine to another."""
        return 0 if self.travel is None else int(self.travel[self.place[before], self.place[after]])

    def without_sharing(self) -> "ShopProblem":
        """A plain shop that nothing costs more in: set-ups, warming up, batches and resources left out.

        Energy and wages on a batching machine are free, as if others in the batch paid for them.
        """
        free = frozenset(self.batches)
        operations = tuple(
            replace(
                operation,
                needs=(),
                modes=tuple(
                    replace(mode, kw=0.0) if mode.machine in free else mode for mode in operation.modes
                ),
            )
            for operation in self.operations
        )
        wages = self.machine_price
        if wages is not None and free:
            wages = wages.copy()
            wages[sorted(free)] = 0.0
        return replace(
            self,
            operations=operations,
            machine_price=wages,
            setups={},
            warmth={},
            batches={},
            resources=None,
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


def _wrong_sharing(shop: ShopProblem) -> Iterator[Problem]:
    families = 1 + max((operation.family for operation in shop.operations), default=0)
    places = 0 if shop.travel is None else len(shop.travel)
    if shop.travel is not None and (
        shop.travel.shape != (places, places)
        or len(shop.place) != shop.machines
        or not all(0 <= place < places for place in shop.place)
    ):
        yield Problem("travel", "does not fit the machines' places", "give a square of all places")
    for machine in {*shop.setups, *shop.warmth, *shop.batches}:
        if not 0 <= machine < shop.machines:
            yield Problem(f"machine {machine}", "is none of the shop's", f"use 0 to {shop.machines - 1}")
    for machine, setups in shop.setups.items():
        rows = setups.slots
        if len(rows) < families + 1 or any(len(row) != len(rows) - 1 or min(row) < 0 for row in rows):
            yield Problem(
                f"setups of machine {machine}",
                f"{len(rows)} rows for {families} families",
                "give a row of numbers from 0 on for each family and one for the beginning",
            )
        elif detour := _detour(rows):
            before, by, after = detour
            yield Problem(
                f"setups of machine {machine}",
                f"from family {before} to {after} takes {rows[before][after]} slots, by way of {by} only "
                f"{rows[before][by] + rows[by][after]}",
                "let no change take longer than by way of a third family",
            )
    for machine, warmth in shop.warmth.items():
        if not 0 <= warmth.warm_up <= warmth.longest_pause:
            yield Problem(
                f"warmth of machine {machine}",
                f"warms up in {warmth.warm_up} slots, idles for {warmth.longest_pause}",
                "let it idle for at least as long as it takes to warm up",
            )
    for number, operation in enumerate(shop.operations):
        place = f"operation {number}"
        for mode in operation.modes:
            if operation.pausable and (mode.machine in shop.batches or mode.machine in shop.warmth):
                yield Problem(
                    place,
                    f"may pause, but {shop.machine_name(mode.machine)} takes batches or has to be kept warm",
                    "let it not pause",
                )
            if mode.duration == 0 and (mode.machine in shop.batches or mode.machine in shop.setups):
                yield Problem(
                    place,
                    f"takes no time on {shop.machine_name(mode.machine)}, which takes batches or is set up",
                    "let it take a slot",
                )
        for resource, amount in operation.needs:
            there = -1.0
            if shop.resources is not None and 0 <= resource < len(shop.resources):
                there = float(shop.resources[resource].max(initial=0.0))
            if operation.fixed is None and amount > there:
                yield Problem(
                    place,
                    f"takes {amount:g} of resource {resource}, of which there are {max(there, 0):g}",
                    "take less, or have more",
                )
        loads = [shop.batches.get(mode.machine, np.inf) for mode in operation.modes]
        if loads and operation.load > max(loads) and operation.fixed is None:
            yield Problem(place, f"its load {operation.load:g} fits into no machine", "make smaller lots")


def _detour(rows: Sequence[Sequence[int]]) -> tuple[int, int, int] | None:
    """A change that takes longer than two changes by way of a third family, if there is one."""
    table = np.array(rows, dtype=np.int64)
    by_way = table[:, :, None] + table[None, : table.shape[1], :]
    shorter = np.argwhere(by_way < table[:, None, :])
    return (int(shorter[0][0]), int(shorter[0][1]), int(shorter[0][2])) if len(shorter) else None
