"""Before solving: what can't be done at all, and how long a horizon everything needs."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from juli.core.errors import InfeasibleError, Problem
from juli.workshop.problem import Mode, Operation, ShopProblem

#: A horizon is lengthened by its own length at most so many times.
_MOST_LENGTHS = 32


def hopeless(problem: ShopProblem) -> list[Problem]:
    """Every operation that fits on none of its machines, even if it had the shop to itself."""
    return [found for number in range(len(problem.operations)) for found in _hopeless(problem, number)]


def with_room(problem: ShopProblem, period: int | None = None) -> ShopProblem:
    """The same shop with a horizon that everything fits into, the shop's own where that is enough.

    Parameters
    ----------
    problem
        Its calendars and prices are continued as in its last ``period`` slots.
    period
        Slots after which they repeat, such as a week; None: the whole horizon.

    Raises
    ------
    InfeasibleError
        If an operation can't be done at all, or a lasting lack of room has another reason.
    """
    from juli.workshop.annealing import first_schedule
    from juli.workshop.arrays import compile_shop

    impossible = hopeless(problem.extended(2 * problem.slots, period))
    if impossible:
        raise InfeasibleError("\n".join(map(str, impossible)))
    longer = problem
    while True:
        places = first_schedule(longer, compile_shop(longer)).places
        if (places["mode"] >= 0).all():
            return longer
        if longer.slots >= _MOST_LENGTHS * problem.slots:
            left_out = int(np.flatnonzero(places["mode"] < 0)[0])
            raise InfeasibleError(
                f"there is no room for operation {left_out} within {longer.slots} slots: its waits, "
                "its latest end or frozen work leave none"
            )
        longer = problem.extended(2 * longer.slots, period)


def _hopeless(problem: ShopProblem, number: int) -> Iterator[Problem]:
    operation = problem.operations[number]
    if operation.fixed is not None:
        return
    begin = max(operation.earliest, problem.jobs[operation.job].release, 0)
    end = problem.slots if operation.latest is None else min(operation.latest, problem.slots)
    if any(_fits(problem, operation, mode, begin, end) for mode in operation.modes):
        return
    wanted = ", ".join(
        f"{mode.duration} slots on {problem.machine_name(mode.machine)}" for mode in operation.modes
    )
    longest = max(_longest_stretch(problem.is_open[mode.machine, begin:end]) for mode in operation.modes)
    there = "too few open slots" if operation.pausable else f"at most {longest} open slots in a row"
    yield Problem(
        f"operation {number}",
        f"needs {wanted}, but between slots {begin} and {end} there are {there}",
        "let it pause, split it, lengthen a shift, or give it more time",
    )


def _fits(problem: ShopProblem, operation: Operation, mode: Mode, begin: int, end: int) -> bool:
    opened = problem.is_open[mode.machine, begin:end]
    if operation.pausable:
        return int(opened.sum()) >= mode.duration
    return _longest_stretch(opened) >= mode.duration


def _longest_stretch(opened: NDArray[np.bool_]) -> int:
    closed = np.flatnonzero(np.concatenate(([True], ~opened, [True])))
    return int(np.diff(closed).max()) - 1
