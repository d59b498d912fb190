"""What a new plan changes against the one that people were told, and why."""

from collections.abc import Mapping
from dataclasses import dataclass

from juli.plan.account import fulfilment_seconds
from juli.plan.result import Plan, Run
from juli.solve.day import Day
from juli.solve.replan.aftermath import Aftermath


@dataclass(frozen=True)
class Change:
    """One operation that runs otherwise than told.

    Parameters
    ----------
    operation
        Its id.
    before, after
        The old run and the new one; None where it is new, or not done any more.
    cause
        ``broken``: an event left it no choice; ``settled``: it has begun and ends otherwise; ``follows``: an
        operation before it, or one that was given its machine time, moved; ``cheaper``: it saves more than
        moving it costs; ``new`` and ``withdrawn``: its order was.
    event
        The kind of the event that touched the operation itself; empty where none did.
    """

    operation: str
    before: Run | None
    after: Run | None
    cause: str
    event: str = ""


@dataclass(frozen=True)
class OrderChange:
    """One order whose promise is met at another time [h after the plan's start; late above 0]."""

    order: str
    before_hours: float | None
    after_hours: float | None
    late_hours: float


def changed_runs(plan: Plan, after: Plan, left: Aftermath) -> tuple[Change, ...]:
    """Lay two plans' runs side by side."""
    old = {run.operation: run for run in plan.runs}
    new = {run.operation: run for run in after.runs}
    found = []
    for name in sorted(old.keys() | new.keys()):
        one, other = old.get(name), new.get(name)
        if one == other:
            continue
        event = left.causes.get(name)
        cause = _cause(name, one, other, left, old, new)
        found.append(Change(name, one, other, cause, "" if event is None else event.kind))
    return tuple(sorted(found, key=lambda change: _first_slot(change)))


def _first_slot(change: Change) -> tuple[int, str]:
    runs = [run.start for run in (change.before, change.after) if run is not None]
    return min(runs), change.operation


def _cause(
    name: str,
    one: Run | None,
    other: Run | None,
    left: Aftermath,
    old: Mapping[str, Run],
    new: Mapping[str, Run],
) -> str:
    if other is None:
        return "withdrawn"
    if one is None:
        return "new"
    if name in left.settled:
        return "settled"
    if name in left.causes:
        return "broken"
    operation = left.work.by_id[name]
    pushed = any(new[before].end > one.start for before in operation.predecessors if before in new)
    taken = any(
        run.machine == one.machine
        and run.start < one.end
        and one.start < run.end
        and old.get(run.operation) != run
        for run in new.values()
        if run.operation != name
    )
    return "follows" if pushed or taken else "cheaper"


def changed_orders(day: Day, plan: Plan, after: Plan, left: Aftermath) -> tuple[OrderChange, ...]:
    """The orders whose promises are met at another time than told."""
    step = day.demand.schedule.step_seconds
    old = _met_hours(day, plan, left, before=True)
    new = _met_hours(left.day, after, left, before=False)
    found = []
    for name in sorted(old.keys() | new.keys()):
        one, other = old.get(name), new.get(name)
        if one is not None and other is not None and abs(one - other) * 3600 < step / 2:
            continue
        late = 0.0
        if other is not None:
            due = left.day.demand.order_by_id[name].due
            late = max(other - left.day.demand.schedule.seconds_of(due) / 3600, 0.0)
        found.append(OrderChange(name, one, other, late))
    return tuple(found)


def _met_hours(day: Day, plan: Plan, left: Aftermath, *, before: bool) -> dict[str, float]:
    from juli.plant.work import expand

    work = expand(day.plant, day.demand) if before else left.work
    met = fulfilment_seconds(day.demand, work, plan.runs, plan.trips)
    return {order: seconds / 3600 for order, seconds in met.items()}
