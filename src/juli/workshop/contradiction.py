"""Why nothing fits: the smallest set of a shop's rules that can't be kept together.

Rules are left out of the shop and CP-SAT is asked whether what is left can be done. A set is smallest when
each rule of it is needed: without any one of them there is a schedule. It is found by dividing (Junker,
QuickXplain, AAAI 2004): first the orders, then the rules that bind them, then the operations that matter.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from math import ceil
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from juli.core.clock import Clock, SystemClock
from juli.plan.result import Status
from juli.workshop.annealing import first_schedule
from juli.workshop.arrays import compile_shop
from juli.workshop.constraint import can_tell, model_size, solve_exactly
from juli.workshop.problem import Objective, Operation, ShopProblem, Wait
from juli.workshop.room import hopeless

_T = TypeVar("_T")

#: A question with a model beyond this size is not asked.
_LARGEST_MODEL = 200_000
#: Share of the time left that one question may take.
_QUESTION_SHARE = 0.25
#: Orders alone are asked about for so much of the time.
_ALONE_SHARE = 0.3
#: The plan's end is moved away by its own length at most so many times.
_MOST_LENGTHS = 12


class Kind(StrEnum):
    """The rules that can be left out one by one."""

    ORDER = "order"
    RELEASE = "release"
    EARLIEST = "earliest_start"
    LATEST = "latest_end"
    HORIZON = "horizon"
    CALENDAR = "calendar"
    MAINTENANCE = "maintenance"
    NO_PAUSE = "no_pause"
    LEAST_WAIT = "least_wait"
    LONGEST_WAIT = "most_wait"
    TRANSFER = "transfer"
    SETUPS = "setups"
    BATCH = "batch_capacity"
    RESOURCE = "resource"
    FIXED = "frozen"


_KINDS = tuple(Kind)


@dataclass(frozen=True)
class Rule:
    """One rule at one place.

    Parameters
    ----------
    kind
        What it says.
    number
        Of the job, machine, resource, operation or wait that it says it of; 0 for the shop as a whole.
    """

    kind: Kind
    number: int = 0


@dataclass(frozen=True)
class Contradiction:
    """Rules that no schedule keeps all of.

    Parameters
    ----------
    rules
        The set.
    operations
        The operations of its orders that matter.
    is_smallest
        Whether it is proven that none of the rules can be missed; the time may have run out before.
    """

    rules: tuple[Rule, ...]
    operations: tuple[int, ...]
    is_smallest: bool


def find_contradiction(
    problem: ShopProblem,
    *,
    seconds: float,
    calendar: NDArray[np.bool_] | None = None,
    period: int | None = None,
    clock: Clock | None = None,
) -> Contradiction | None:
    """Find a smallest set of rules that contradict each other; None if there is none, or none was found.

    Parameters
    ----------
    problem
        A shop into which not everything fits.
    seconds
        How long it may take, about [s].
    calendar
        When machines would work without their maintenance, shape ``(machines, slots)``; None: no
        maintenance is known of.
    period
        Slots after which calendars repeat beyond the horizon; None: the whole horizon.
    clock
        What time is read from; None: the machine's own.
    """
    search = _Search(problem, calendar, period, clock or SystemClock(), seconds)
    jobs = search.contradicting_jobs()
    if jobs is None:
        return None
    orders = [Rule(Kind.ORDER, job) for job in jobs]
    bonds = [rule for rule in rules_of(problem, calendar) if rule.kind is not Kind.ORDER]
    every = tuple(range(len(problem.operations)))
    orders = _smallest(lambda kept: search.contradicts([*kept, *bonds], every), orders)
    chosen = {rule.number for rule in orders}
    own = {number for number, operation in enumerate(problem.operations) if operation.job in chosen}
    bonds = [rule for rule in bonds if _binds(problem, rule, chosen, own)]
    kept = _smallest(lambda rules: search.contradicts([*orders, *rules], every), bonds)
    mattering = _smallest(lambda some: search.contradicts([*orders, *kept], some), sorted(own))
    operations = set(mattering)
    # What binds operations that don't matter any more binds nothing.
    kept = _smallest(lambda rules: search.contradicts([*orders, *rules], mattering), kept)
    told = sorted([*orders, *kept], key=lambda rule: (_KINDS.index(rule.kind), rule.number))
    return Contradiction(tuple(told), tuple(sorted(operations)), search.is_certain)


def rules_of(problem: ShopProblem, calendar: NDArray[np.bool_] | None = None) -> list[Rule]:
    """Every rule of a shop that can be left out; what machines do at a time, and order, always hold."""
    closing = problem.is_open if calendar is None else calendar
    found = [Rule(Kind.ORDER, job) for job in range(len(problem.jobs))]
    found += [Rule(Kind.RELEASE, number) for number, job in enumerate(problem.jobs) if job.release > 0]
    found.append(Rule(Kind.HORIZON))
    for machine in range(problem.machines):
        if not closing[machine].all():
            found.append(Rule(Kind.CALENDAR, machine))
        if (closing[machine] & ~problem.is_open[machine]).any():
            found.append(Rule(Kind.MAINTENANCE, machine))
    if problem.travel is not None:
        found.append(Rule(Kind.TRANSFER))
    found += [Rule(Kind.SETUPS, machine) for machine in problem.setups]
    found += [Rule(Kind.BATCH, machine) for machine in problem.batches]
    found += [
        Rule(Kind.RESOURCE, number)
        for number in range(0 if problem.resources is None else len(problem.resources))
    ]
    whole = {*problem.batches, *problem.warmth}
    for number, operation in enumerate(problem.operations):
        if operation.fixed is not None:
            found.append(Rule(Kind.FIXED, number))
            continue
        if operation.earliest > 0:
            found.append(Rule(Kind.EARLIEST, number))
        if operation.latest is not None:
            found.append(Rule(Kind.LATEST, number))
        able = {mode.machine for mode in operation.modes}
        if not operation.pausable and not able & whole and not problem.is_open[sorted(able)].all():
            found.append(Rule(Kind.NO_PAUSE, number))
    found += [Rule(Kind.LEAST_WAIT, number) for number, wait in enumerate(problem.waits) if wait.least > 0]
    found += [
        Rule(Kind.LONGEST_WAIT, number) for number, wait in enumerate(problem.waits) if wait.most is not None
    ]
    return found


def with_rules(
    problem: ShopProblem,
    rules: Iterable[Rule],
    operations: Iterable[int],
    calendar: NDArray[np.bool_] | None = None,
    period: int | None = None,
) -> ShopProblem:
    """The shop with some of its rules and operations; operations are counted anew, costs left out."""
    kept = frozenset(rules)
    jobs = tuple(
        replace(job, release=job.release if Rule(Kind.RELEASE, number) in kept else 0)
        for number, job in enumerate(problem.jobs)
    )
    chosen = [
        number
        for number in sorted(set(operations))
        if Rule(Kind.ORDER, problem.operations[number].job) in kept
    ]
    anew = {number: place for place, number in enumerate(chosen)}
    waits = []
    for number, wait in enumerate(problem.waits):
        if wait.before in anew and wait.after in anew:
            least = wait.least if Rule(Kind.LEAST_WAIT, number) in kept else 0
            most = wait.most if Rule(Kind.LONGEST_WAIT, number) in kept else None
            waits.append(Wait(anew[wait.before], anew[wait.after], least, most))
    posed = [_with_rules(problem, number, kept) for number in chosen]
    fixed = {number: one.fixed for number, one in zip(chosen, posed, strict=True)}
    posed = [
        one if (run := fixed[number]) is None else replace(one, fixed=replace(run, operation=anew[number]))
        for number, one in zip(chosen, posed, strict=True)
    ]
    opened, slots = _opened(problem, kept, calendar, period, chosen)
    loads = sum(operation.load for operation in problem.operations)
    return replace(
        problem.extended(slots, period),
        jobs=jobs,
        operations=tuple(posed),
        waits=tuple(waits),
        energy_price=None,
        machine_price=None,
        opened=opened,
        travel=problem.travel if Rule(Kind.TRANSFER) in kept else None,
        setups={m: setups for m, setups in problem.setups.items() if Rule(Kind.SETUPS, m) in kept},
        warmth={},
        batches={
            m: capacity if Rule(Kind.BATCH, m) in kept else max(capacity, ceil(loads))
            for m, capacity in problem.batches.items()
        },
    )


def _with_rules(problem: ShopProblem, number: int, kept: frozenset[Rule]) -> Operation:
    operation = problem.operations[number]
    able = {mode.machine for mode in operation.modes}
    may_rest = not able & {*problem.batches, *problem.warmth} and Rule(Kind.NO_PAUSE, number) not in kept
    return replace(
        operation,
        pausable=operation.pausable or may_rest,
        earliest=operation.earliest if Rule(Kind.EARLIEST, number) in kept else 0,
        latest=operation.latest if Rule(Kind.LATEST, number) in kept else None,
        fixed=operation.fixed if Rule(Kind.FIXED, number) in kept else None,
        needs=tuple(need for need in operation.needs if Rule(Kind.RESOURCE, need[0]) in kept),
    )


def _opened(
    problem: ShopProblem,
    kept: frozenset[Rule],
    calendar: NDArray[np.bool_] | None,
    period: int | None,
    chosen: Sequence[int],
) -> tuple[NDArray[np.bool_], int]:
    """When machines work, and over how many slots: the end is far enough away where it doesn't count."""
    working = problem.is_open if calendar is None else calendar
    slots = problem.slots
    if Rule(Kind.HORIZON) not in kept:
        longest = sum(max(mode.duration for mode in problem.operations[number].modes) for number in chosen)
        fewest = int(working.sum(axis=1)[working.any(axis=1)].min(initial=problem.slots))
        slots *= min(2 + ceil(longest / max(fewest, 1)), _MOST_LENGTHS)
    opened = replace(problem, opened=working).extended(slots, period).is_open.copy()
    stops = working & ~problem.is_open
    for machine in range(problem.machines):
        if Rule(Kind.CALENDAR, machine) not in kept:
            opened[machine] = True
        if Rule(Kind.MAINTENANCE, machine) in kept:
            opened[machine, : problem.slots] &= ~stops[machine]
    return opened, slots


def _binds(problem: ShopProblem, rule: Rule, jobs: set[int], operations: set[int]) -> bool:
    """Whether a rule says anything of some orders and their operations."""
    if rule.kind is Kind.RELEASE:
        return rule.number in jobs
    if rule.kind in (Kind.LEAST_WAIT, Kind.LONGEST_WAIT):
        return problem.waits[rule.number].after in operations
    if rule.kind in (Kind.CALENDAR, Kind.MAINTENANCE, Kind.SETUPS, Kind.BATCH):
        return any(
            mode.machine == rule.number for one in operations for mode in problem.operations[one].modes
        )
    if rule.kind is Kind.RESOURCE:
        return any(
            rule.number == resource for one in operations for resource, _ in problem.operations[one].needs
        )
    return rule.kind in (Kind.HORIZON, Kind.TRANSFER) or rule.number in operations


class _Search:
    """Asks whether rules contradict each other, as long as there is time."""

    def __init__(
        self,
        problem: ShopProblem,
        calendar: NDArray[np.bool_] | None,
        period: int | None,
        clock: Clock,
        seconds: float,
    ):
        self._problem = problem
        self._calendar = calendar
        self._period = period
        self._clock = clock
        self._seconds = seconds
        self._ends = clock.elapsed_seconds() + seconds
        self.is_certain = True

    @property
    def left(self) -> float:
        """Time to the end, 0 after it [s]."""
        return max(self._ends - self._clock.elapsed_seconds(), 0.0)

    def contradicts(self, rules: Iterable[Rule], operations: Iterable[int]) -> bool:
        """Whether it is proven that no schedule keeps some rules; not knowing it makes the answer unsure."""
        shop = with_rules(self._problem, rules, operations, self._calendar, self._period)
        if not shop.operations:
            return False
        if hopeless(shop):
            return True
        if (first_schedule(shop, compile_shop(shop)).places["mode"][: len(shop.operations)] >= 0).all():
            return False
        if not can_tell(shop) or model_size(shop, Objective.MAKESPAN) > _LARGEST_MODEL or self.left <= 0.0:
            self.is_certain = False
            return False
        answer = solve_exactly(shop, None, seconds=max(self.left * _QUESTION_SHARE, 0.05))
        self.is_certain &= answer.status in (Status.OPTIMAL, Status.FEASIBLE, Status.INFEASIBLE)
        return answer.status is Status.INFEASIBLE

    def contradicting_jobs(self) -> list[int] | None:
        """Orders that can't all be made: one alone, those of a machine with too much to do, or all."""
        bonds = [rule for rule in rules_of(self._problem, self._calendar) if rule.kind is not Kind.ORDER]
        of_job: dict[int, list[int]] = {}
        for number, operation in enumerate(self._problem.operations):
            of_job.setdefault(operation.job, []).append(number)

        def fail(jobs: Iterable[int]) -> bool:
            listed = list(jobs)
            own = [number for job in listed for number in of_job[job]]
            return self.contradicts([*bonds, *(Rule(Kind.ORDER, job) for job in listed)], own)

        for job in of_job:
            if self.left < (1 - _ALONE_SHARE) * self._seconds:
                break
            if fail([job]):
                self.is_certain = True
                return [job]
        alone: dict[int, set[int]] = {}
        for operation in self._problem.operations:
            if len(operation.modes) == 1:
                alone.setdefault(operation.modes[0].machine, set()).add(operation.job)
        groups = sorted((sorted(jobs) for jobs in alone.values() if len(jobs) < len(of_job)), key=len)
        for jobs in [*groups, sorted(of_job)]:
            if fail(jobs):
                self.is_certain = True
                return jobs
        return None


def _smallest(contradict: Callable[[list[_T]], bool], candidates: Sequence[_T]) -> list[_T]:
    """A smallest part of what contradicts itself together, each of which is needed."""

    def divide(background: list[_T], added: bool, left: list[_T]) -> list[_T]:
        if added and contradict(background):
            return []
        if len(left) == 1:
            return left
        half = len(left) // 2
        second = divide(background + left[:half], True, left[half:])
        first = divide(background + second, bool(second), left[:half])
        return first + second

    listed = list(candidates)
    return divide([], True, listed) if listed else []
