"""The critical chain of an order: from its completion back, what binds each start."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from juli.plan.result import Plan, Run
from juli.plant.work import Work
from juli.solve.day import Day

Binding = Literal["predecessor", "machine", "closed", "release", "choice"]

#: A chain is followed back over at most so many operations.
_LONGEST: int = 200


@dataclass(frozen=True)
class Link:
    """One operation of a chain and what keeps it from beginning earlier.

    Parameters
    ----------
    run
        The operation, its machine and its slots.
    order
        Whose it is; a chain leads through other orders where these have the machine.
    binding
        ``predecessor``: it waits for a part; ``machine``: another operation has the machine; ``closed``: the
        machine is closed until it begins, and what it waited for before that ended in the closing or just
        at it; ``release``: its order is released then; ``choice``: nothing, beginning then is cheaper.
    by
        The operation that it waits for; empty for release and choice.
    closed_hours
        How long its machine was closed between what it waits for and its start [h].
    """

    run: Run
    order: str
    binding: Binding
    by: str
    closed_hours: float


def critical_chain(day: Day, work: Work, plan: Plan, order: str) -> tuple[Link, ...]:
    """Follow an order's completion back to where nothing binds any more.

    Parameters
    ----------
    day, work, plan
        The question, its operations, and the plan that answers it.
    order
        The order's id.

    Returns
    -------
    From the last operation to the first.
    """
    runs = {run.operation: run for run in plan.runs}
    own = [runs[operation.id] for operation in work.by_order[order]]
    working = {
        machine.id: machine.working(day.plant.calendars[machine.calendar], day.demand.schedule)
        for machine in day.plant.machines
    }
    by_machine: dict[str, list[Run]] = {}
    for run in plan.runs:
        by_machine.setdefault(run.machine, []).append(run)
    links: list[Link] = []
    at: Run | None = max(own, key=lambda one: (one.end, one.start))
    seen: set[str] = set()
    while at is not None and at.operation not in seen and len(links) < _LONGEST:
        seen.add(at.operation)
        link = _link(day, work, runs, by_machine[at.machine], working[at.machine], at)
        links.append(link)
        at = runs.get(link.by)
    return tuple(links)


def _link(
    day: Day,
    work: Work,
    runs: Mapping[str, Run],
    on_machine: list[Run],
    working: NDArray[np.bool_],
    run: Run,
) -> Link:
    operation = work.by_id[run.operation]
    grid = day.demand.schedule
    release = max(grid.first_slot_from(day.demand.order_by_id[operation.order].release), 0)
    parts = [runs[before] for before in operation.predecessors if before in runs]
    last_part = max(parts, key=lambda one: one.end, default=None)
    ready = max(release, last_part.end if last_part else 0)
    others = [one for one in on_machine if one.operation != run.operation and one.end <= run.start]
    booked = max(others, key=lambda one: one.end, default=None)
    free = max(ready, booked.end if booked else 0)
    closed_hours = float((~working[free : run.start]).sum()) * grid.step_hours

    def link(binding: Binding, by: str) -> Link:
        return Link(run, operation.order, binding, by, closed_hours)

    if working[free : run.start].any():
        return link("choice", "")
    if booked is not None and booked.end > ready:
        return link("machine" if not closed_hours else "closed", booked.operation)
    if last_part is not None and last_part.end >= release:
        return link("predecessor" if not closed_hours else "closed", last_part.operation)
    return link("release" if not closed_hours else "closed", "")
