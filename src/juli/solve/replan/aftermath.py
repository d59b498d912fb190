"""What events leave of a plan: the question as it is now, what is settled, and what is still to be done."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType

import numpy as np

from juli.core.errors import InputError, Problem
from juli.plan.result import Plan, Run, Trip
from juli.plant.demand import Demand, Notice, Order
from juli.plant.factory import Plant
from juli.plant.machine import Maintenance, localised
from juli.plant.reading.notice_text import read_notice_text
from juli.plant.work import Operation, Work, expand
from juli.roads.announced import announced_closures
from juli.solve.day import Day
from juli.solve.replan.events import (
    Cancelled,
    Event,
    Events,
    LateMaterial,
    MachineStop,
    NewDue,
    PriceChange,
    RoadNotice,
    RunningLate,
    RushOrder,
)


@dataclass(frozen=True)
class Aftermath:
    """Where a plan stands after events.

    Parameters
    ----------
    day, work
        The question as it is now, and its operations.
    now_slot
        The first slot of the schedule grid that is not over.
    settled
        Runs that nothing changes any more, by operation: over, running or frozen.
    told
        The old plan's other runs, by operation, as people know them.
    earliest
        Slots before which an operation can't start, by operation.
    under_way
        Trips that have left.
    causes
        Why an operation could not stay, by operation; what it says of all others is left out.
    """

    day: Day
    work: Work
    now_slot: int
    settled: Mapping[str, Run]
    told: Mapping[str, Run]
    earliest: Mapping[str, int]
    under_way: tuple[Trip, ...]
    causes: Mapping[str, Event] = field(default_factory=lambda: MappingProxyType({}))


def aftermath(day: Day, plan: Plan, events: Events, freeze_hours: float | None = None) -> Aftermath:
    """Say what events leave of a plan.

    Parameters
    ----------
    day
        The question that the plan answers.
    plan
        What people were told.
    events
        What has happened.
    freeze_hours
        Overrides the event file's.

    Raises
    ------
    InputError
        With every event that names what there is not, or that contradicts what has happened.
    """
    reading = _Reading(day, plan, events)
    for number, event in enumerate(events.happenings.events):
        reading.take(number, event)
    if reading.problems:
        raise InputError(reading.problems)
    hours = events.happenings.freeze_hours if freeze_hours is None else freeze_hours
    return reading.aftermath(hours)


class _Reading:
    """Takes events one by one; collects what is wrong with them."""

    def __init__(self, day: Day, plan: Plan, events: Events):
        self.events = events
        self.problems: list[Problem] = []
        self.plant: Plant = day.plant
        self.demand: Demand = day.demand
        self._day = day
        self._plan = plan
        self._grid = day.demand.schedule
        if plan.schedule != self._grid:
            message = (
                f"the plan begins at {plan.schedule.start} with {plan.schedule.slots} slots, "
                f"the plant's files at {self._grid.start} with {self._grid.slots}"
            )
            raise InputError([Problem("--from", message, "give the plan's --start and --days")])
        now = self._moment(events.happenings.now)
        self.now_slot = self._grid.first_slot_from(now)
        if not 0 <= self.now_slot <= self._grid.slots:
            message = f"now is {now}, outside the plan from {self._grid.start} to {self._grid.end}"
            raise InputError([Problem(f"{events.name}:1", message, "correct it, or plan anew")])
        self._run_of = {run.operation: run for run in plan.runs}
        self._stops: list[tuple[MachineStop, int, int]] = []
        self._ends: dict[str, tuple[RunningLate, int]] = {}
        self._material: list[tuple[LateMaterial, int]] = []
        self._rush: set[str] = set()
        self._rush_event: dict[str, RushOrder] = {}

    def _moment(self, moment: datetime) -> datetime:
        return localised(moment, self._grid)

    def refuse(self, number: int, key: str, message: str, mend: str) -> None:
        self.problems.append(Problem(self.events.place(number, key), message, mend))

    def take(self, number: int, event: Event) -> None:
        """Take one event."""
        order = getattr(event, "order", None)
        if isinstance(order, str) and not isinstance(event, RushOrder) and order not in self._orders():
            self.refuse(number, "order", f"there is no order {order}", "correct its id")
            return
        if isinstance(event, MachineStop):
            self._machine_stop(number, event)
        elif isinstance(event, LateMaterial):
            self._late_material(number, event)
        elif isinstance(event, RunningLate):
            self._running_late(number, event)
        elif isinstance(event, RushOrder):
            self._rush_order(number, event)
        elif isinstance(event, Cancelled):
            self._cancelled(number, event)
        elif isinstance(event, NewDue):
            self._new_due(number, event)
        elif isinstance(event, PriceChange):
            self._price(number, event)
        else:
            self._road_notice(number, event)

    def _orders(self) -> dict[str, Order]:
        return {order.id: order for order in self.demand.orders}

    def _machine_stop(self, number: int, event: MachineStop) -> None:
        start = self._moment(event.start or self.events.happenings.now)
        until = self._moment(event.until)
        if event.machine not in self.plant.machine_by_id:
            self.refuse(number, "machine", f"there is no machine {event.machine}", "correct its id")
        elif until <= start:
            self.refuse(number, "until", f"ends at {until}, not after its start at {start}", "correct one")
        else:
            stop = Maintenance(start=start, end=until, reason=event.reason or "stopped")
            machines = tuple(
                machine.model_copy(update={"maintenance": (*machine.maintenance, stop)})
                if machine.id == event.machine
                else machine
                for machine in self.plant.machines
            )
            self.plant = self.plant.model_copy(update={"machines": machines})
            self.plant.__dict__.pop("machine_by_id", None)
            slots = max(self._grid.slot_of(start), 0), self._grid.first_slot_from(until)
            self._stops.append((event, *slots))

    def _late_material(self, number: int, event: LateMaterial) -> None:
        if event.product is not None and event.product not in self.plant.product_by_id:
            self.refuse(number, "product", f"there is no product {event.product}", "correct its id")
        self._material.append((event, self._grid.first_slot_from(self._moment(event.until))))

    def _running_late(self, number: int, event: RunningLate) -> None:
        run = self._run_of.get(event.operation)
        if run is None:
            self.refuse(number, "operation", f"the plan has no operation {event.operation}", "correct its id")
            return
        end = self._grid.first_slot_from(self._moment(event.until))
        if run.start >= self.now_slot or end <= run.start:
            began = self._grid.time_of(run.start)
            self.refuse(
                number, "until", f"{event.operation} begins at {began} by the plan", "give an end after now"
            )
        self._ends[event.operation] = (event, end)

    def _rush_order(self, number: int, event: RushOrder) -> None:
        if event.order in self._orders():
            self.refuse(number, "order", f"there is an order {event.order} already", "give it another id")
        if event.product not in self.plant.product_by_id:
            self.refuse(number, "product", f"there is no product {event.product}", "correct its id")
        sites = {site.id for site in self.plant.transport.sites} if self.plant.transport else set()
        if event.site is not None and event.site not in sites:
            self.refuse(number, "site", f"there is no site {event.site}", "correct its id")
        now, due = self._moment(self.events.happenings.now), self._moment(event.due)
        if due <= now:
            self.refuse(number, "due", f"is due at {due}, not after now", "correct it")
        order = Order(
            event.order, event.product, event.quantity, now, due, event.site, event.lateness_per_hour
        )
        self.demand = replace(self.demand, orders=(*self.demand.orders, order))
        self._rush_event[event.order] = event

    def _cancelled(self, number: int, event: Cancelled) -> None:
        if any(event.order in stop.orders for trip in self._under_way() for stop in trip.stops):
            self.refuse(number, "order", f"{event.order} has left the works", "take the event out")
        kept = tuple(order for order in self.demand.orders if order.id != event.order)
        self.demand = replace(self.demand, orders=kept)

    def _new_due(self, number: int, event: NewDue) -> None:
        due = self._moment(event.due)
        old = self._orders()[event.order]
        if due <= old.release:
            self.refuse(
                number, "due", f"is due at {due}, not after its release at {old.release}", "correct it"
            )
        orders = (replace(one, due=due) if one.id == event.order else one for one in self.demand.orders)
        self.demand = replace(self.demand, orders=tuple(orders))

    def _price(self, number: int, event: PriceChange) -> None:
        grid, now = self.demand.settlement, self.events.happenings.now
        first = max(grid.slot_of(self._moment(event.start or now)), 0)
        last = grid.slots if event.until is None else grid.first_slot_from(self._moment(event.until))
        if last <= first:
            self.refuse(number, "until", "ends before it begins", "correct one of the two")
        forecast = self.demand.forecast
        buy, sell = forecast.buy.copy(), forecast.sell.copy()
        if event.buy is not None:
            buy[first:last] = event.buy
        if event.sell is not None:
            sell[first:last] = event.sell
        self.demand = replace(self.demand, forecast=replace(forecast, buy=buy, sell=sell))

    def _road_notice(self, number: int, event: RoadNotice) -> None:
        path = self.events.folder / event.file
        if not path.is_file():
            self.refuse(number, "file", f"there is no file {event.file}", "put it beside the event file")
            return
        if self.demand.road_map is None:
            self.refuse(number, "file", "the plant has no road map", "take the event out")
            return
        problems: list[Problem] = []
        text = read_notice_text(path, event.file, problems)
        if text is None:
            self.refuse(number, "file", f"{event.file} {problems[0].message}", problems[0].mend)
            return
        notice = Notice(event.file, text, self._moment(event.published))
        closures, unread = announced_closures([notice], self.demand.road_map)
        if not closures:
            said = "; ".join(problem.message for problem in unread) or "nothing in it is on the map"
            self.refuse(number, "file", f"closes nothing that could be read: {said}", "enter it by hand")
        self.demand = replace(
            self.demand,
            notices=(*self.demand.notices, notice),
            closures=(*self.demand.closures, *closures),
        )

    # ---------------------------------------------------------------------------------- what is left

    def _under_way(self) -> tuple[Trip, ...]:
        now_seconds = self.now_slot * self._grid.step_seconds
        return tuple(trip for trip in self._plan.trips if trip.departure_seconds <= now_seconds)

    def aftermath(self, freeze_hours: float) -> Aftermath:
        """Settle what is over, running or frozen, and leave the rest to be planned."""
        work = expand(self.plant, self.demand)
        frozen_until = self.now_slot + round(freeze_hours / self._grid.step_hours)
        working = {
            machine.id: machine.working(self.plant.calendars[machine.calendar], self._grid)
            for machine in self.plant.machines
        }
        settled: dict[str, Run] = {}
        earliest: dict[str, int] = {}
        causes: dict[str, Event] = {}
        operations = []
        for operation in work.operations:
            run = self._run_of.get(operation.id)
            changed = operation
            for material, slot in self._material:
                mine = material.order == operation.order and material.product in (None, operation.product)
                if mine and (run is None or run.start >= self.now_slot):
                    earliest[operation.id] = max(earliest.get(operation.id, 0), slot)
                    causes[operation.id] = material
            if operation.order in self._rush_event:
                causes[operation.id] = self._rush_event[operation.order]
            if run is not None and run.start < frozen_until:
                kept = self._kept(operation, run, working[run.machine], causes)
                if kept is not None and self._may_stay(operation, kept, settled, earliest):
                    settled[operation.id] = kept
                    late = self._ends.get(operation.id)
                    if late is not None:
                        changed = _lasting(operation, kept, working[run.machine])
                        causes[operation.id] = late[0]
            if run is not None and operation.id not in settled:
                for stop, first, last in self._stops:
                    if run.machine == stop.machine and run.start < last and run.end > first:
                        causes.setdefault(operation.id, stop)
            operations.append(changed)
        known = {operation.id for operation in work.operations}
        return Aftermath(
            day=Day(self.plant, self.demand, self._day.folder, self._day.warnings),
            work=Work(tuple(operations)),
            now_slot=self.now_slot,
            settled=settled,
            told={
                run.operation: run
                for run in self._plan.runs
                if run.operation in known and run.operation not in settled
            },
            earliest=earliest,
            under_way=self._under_way(),
            causes=causes,
        )

    def _kept(
        self, operation: Operation, run: Run, working: np.ndarray, causes: dict[str, Event]
    ) -> Run | None:
        """The run as the stops and delays leave it; None where it is lost or can't begin."""
        late = self._ends.get(operation.id)
        end = run.end if late is None else late[1]
        for stop, first, last in self._stops:
            if run.machine != stop.machine or end <= first or run.start >= last:
                continue
            causes[operation.id] = stop
            if run.start >= first or not operation.pausable:
                return None
            if late is None:
                open_slots = np.flatnonzero(working[run.start :])
                needed = operation.slots_on[run.machine]
                if len(open_slots) < needed:
                    return None
                end = run.start + int(open_slots[needed - 1]) + 1
        return replace(run, end=end)

    def _may_stay(
        self, operation: Operation, run: Run, settled: Mapping[str, Run], earliest: Mapping[str, int]
    ) -> bool:
        """Whether a run has begun, or may begin as it is frozen: after its parts, material and machine."""
        if run.start < self.now_slot:
            return True
        if run.start < earliest.get(operation.id, 0):
            return False
        if any(one not in settled or settled[one].end > run.start for one in operation.predecessors):
            return False
        return not any(
            other.machine == run.machine and other.start < run.end and run.start < other.end
            for other in settled.values()
        )


def _lasting(operation: Operation, run: Run, working: np.ndarray) -> Operation:
    """The same operation with the duration that it turns out to have."""
    slots = int(working[run.start : run.end].sum()) if operation.pausable else run.end - run.start
    return replace(operation, slots_on={**operation.slots_on, run.machine: slots})
