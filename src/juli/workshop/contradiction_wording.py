"""A contradiction in plain words: what each of its rules says, where, and what would mend it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from juli.workshop.contradiction import Contradiction, Kind, Rule
from juli.workshop.problem import ShopProblem

#: So many operations of an order are named, the others counted.
_MOST_NAMED = 4


@dataclass(frozen=True)
class Names:
    """What a shop's numbers are called.

    Parameters
    ----------
    job, operation, machine, resource
        From its number.
    moment
        A border between slots.
    length
        So many slots.
    """

    job: Callable[[int], str]
    operation: Callable[[int], str]
    machine: Callable[[int], str]
    resource: Callable[[int], str]
    moment: Callable[[int], str]
    length: Callable[[int], str]


@dataclass(frozen=True)
class Conflict:
    """One of the rules that contradict each other.

    Parameters
    ----------
    rule
        Its name.
    place
        Of what it is said.
    message
        What it says.
    mend
        What could be done about it.
    """

    rule: str
    place: str
    message: str
    mend: str

    def __str__(self) -> str:
        return f"{self.place}: {self.message} -> {self.mend}"


@dataclass(frozen=True)
class Explained:
    """A contradiction in words.

    Parameters
    ----------
    conflicts
        Its rules.
    is_smallest
        Whether none of them can be left out, for certain.
    """

    conflicts: tuple[Conflict, ...]
    is_smallest: bool

    def __str__(self) -> str:
        sure = "these rules contradict each other, and without any one of them there is a plan"
        unsure = "these rules contradict each other; perhaps not all of them are needed for that"
        head = sure if self.is_smallest else unsure
        return "\n".join([f"{head}:", *(f"  {conflict}" for conflict in self.conflicts)])

    def as_json(self) -> list[dict[str, str]]:
        """The rules as JSON tells them."""
        return [vars(conflict) for conflict in self.conflicts]


def explained(
    problem: ShopProblem,
    found: Contradiction,
    names: Names,
    calendar: NDArray[np.bool_] | None = None,
) -> Explained:
    """Put a contradiction into words; ``calendar`` as in the search for it."""
    told = [Conflict(rule.kind.value, *_words(problem, rule, found, names, calendar)) for rule in found.rules]
    return Explained(tuple(told), found.is_smallest)


def _words(
    problem: ShopProblem,
    rule: Rule,
    found: Contradiction,
    names: Names,
    calendar: NDArray[np.bool_] | None,
) -> tuple[str, str, str]:
    """Place, message and mend of a rule."""
    number, length = rule.number, names.length
    match rule.kind:
        case Kind.ORDER:
            return (
                names.job(number),
                f"is to be made: {_work(problem, found, names, number)}",
                "take it out of this plan, or ask for less of it",
            )
        case Kind.RELEASE:
            release = names.moment(problem.jobs[number].release)
            return names.job(number), f"is released at {release}", "release it earlier"
        case Kind.HORIZON:
            return (
                "plan",
                f"ends at {names.moment(problem.slots)}",
                "let it end later: more days, or a later deadline",
            )
        case Kind.CALENDAR:
            working = (problem.is_open if calendar is None else calendar)[number]
            return (
                names.machine(number),
                f"works {length(int(working.sum()))} in all, "
                f"and at most {length(_longest_stretch(working))} at a stretch",
                "give it more or longer shifts, or name other machines",
            )
        case Kind.MAINTENANCE:
            working = problem.is_open[number] if calendar is None else calendar[number]
            stopped = np.flatnonzero(working & ~problem.is_open[number])
            first, last = int(stopped[0]), int(stopped[-1]) + 1
            return (
                names.machine(number),
                f"stands for maintenance in {length(len(stopped))} of its shifts, "
                f"between {names.moment(first)} and {names.moment(last)}",
                "move the maintenance",
            )
        case Kind.TRANSFER:
            most = 0 if problem.travel is None else int(problem.travel.max(initial=0))
            return "transfers", f"take up to {length(most)} between lines", "name machines of the same line"
        case Kind.SETUPS:
            most = max(max(row) for row in problem.setups[number].slots)
            return names.machine(number), f"is set up for up to {length(most)}", "shorten its set-ups"
        case Kind.BATCH:
            return (
                names.machine(number),
                f"takes a load of {problem.batches[number]:g} at once",
                "make smaller lots, or name other machines",
            )
        case Kind.RESOURCE:
            there = 0.0 if problem.resources is None else float(problem.resources[number].max(initial=0.0))
            return (
                names.resource(number),
                f"is there {there:g} times at once at the most",
                "have more of it, or at other times",
            )
        case _:
            return _words_of_work(problem, rule, names)


def _words_of_work(problem: ShopProblem, rule: Rule, names: Names) -> tuple[str, str, str]:
    """Place, message and mend of a rule of an operation or a wait."""
    number, length = rule.number, names.length
    if rule.kind in (Kind.LEAST_WAIT, Kind.LONGEST_WAIT):
        wait = problem.waits[number]
        before, after = names.operation(wait.before), names.operation(wait.after)
        if rule.kind is Kind.LEAST_WAIT:
            return after, f"starts at least {length(wait.least)} after {before}", "lower its least wait"
        most = length(wait.most or 0)
        return after, f"starts at most {most} after the end of {before}", "raise its longest wait"
    operation, place = problem.operations[number], names.operation(number)
    if rule.kind is Kind.FIXED and operation.fixed is not None:
        run = operation.fixed
        message = f"is frozen on {names.machine(run.machine)} from {names.moment(run.start)} to "
        return place, message + names.moment(run.end), "let it move"
    if rule.kind is Kind.EARLIEST:
        return place, f"starts at {names.moment(operation.earliest)} at the earliest", "let it start earlier"
    if rule.kind is Kind.LATEST:
        latest = problem.slots if operation.latest is None else operation.latest
        return place, f"ends by {names.moment(latest)}", "allow a later end"
    takes = " or ".join(
        f"{length(mode.duration)} on {names.machine(mode.machine)}" for mode in operation.modes
    )
    return place, f"lasts {takes} and may not pause", "let it pause (pausable: true), or make smaller lots"


def _work(problem: ShopProblem, found: Contradiction, names: Names, job: int) -> str:
    """The operations of an order that matter."""
    own = [number for number in found.operations if problem.operations[number].job == job]
    told = list(_operations(problem, own[:_MOST_NAMED], names))
    if len(own) > _MOST_NAMED:
        told.append(f"and {len(own) - _MOST_NAMED} operations more")
    return ", ".join(told)


def _operations(problem: ShopProblem, numbers: list[int], names: Names) -> Iterator[str]:
    for number in numbers:
        quickest = min(problem.operations[number].modes, key=lambda mode: mode.duration)
        yield f"{names.operation(number)} ({names.length(quickest.duration)})"


def _longest_stretch(working: NDArray[np.bool_]) -> int:
    edges = np.flatnonzero(np.diff(np.concatenate(([False], working, [False])).astype(np.int8)))
    return int((edges[1::2] - edges[::2]).max(initial=0))
