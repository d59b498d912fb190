"""What a schedule draws, in the solver's own arithmetic (the judge in ``juli.plan`` has its own)."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from juli.plan.result import Run
from juli.plant.demand import Demand
from juli.plant.factory import Plant
from juli.plant.machine import whole_slots
from juli.plant.work import Work, expand


class ConsumptionModel:
    """Turns runs into the plant's consumption by settlement slot.

    Parameters
    ----------
    plant, demand
        The machines' powers and calendars, and the base load.

    Attributes
    ----------
    working
        Which schedule slots each machine works in, shape ``(machines, schedule slots)``.
    extra_kw
        What a machine draws running beyond what it draws idle, shape ``(machines,)`` [kW].
    standing_kw
        Consumption with no run at all, shape ``(settlement slots,)`` [kW].
    """

    def __init__(self, plant: Plant, demand: Demand, work: Work | None = None):
        self._plant = plant
        self._step_minutes = demand.schedule.step_hours * 60
        operations = (work or expand(plant, demand)).operations
        self._family = {operation.id: operation.family for operation in operations}
        self._grid = demand.settlement
        self._index = {machine.id: number for number, machine in enumerate(plant.machines)}
        calendars = [plant.calendars[machine.calendar] for machine in plant.machines]
        self.working = np.stack(
            [
                machine.working(calendar, demand.schedule)
                for machine, calendar in zip(plant.machines, calendars, strict=True)
            ]
        )
        idle_kw = np.array([machine.power.idle_kw for machine in plant.machines])
        off_kw = np.array([machine.power.off_kw for machine in plant.machines])
        # What is switched on and off between its runs is counted from being off, the rest from idling.
        self._switched = np.array([machine.power.warm_up_minutes > 0 for machine in plant.machines])
        running_kw = np.array([machine.power.running_kw for machine in plant.machines])
        self.extra_kw = running_kw - np.where(self._switched, off_kw, idle_kw)
        idles = self.working & ~self._switched[:, np.newaxis]
        standing = idle_kw @ idles + off_kw @ ~idles
        self.standing_kw = self._grid.mean_over(standing) + demand.forecast.base_load_kw

    def machine_number(self, machine: str) -> int:
        """The row of a machine."""
        return self._index[machine]

    def consumption_kw(self, runs: tuple[Run, ...]) -> NDArray[np.float64]:
        """Consumption of a schedule, shape ``(settlement slots,)`` [kW]."""
        extra = np.zeros(self.working.shape[1])
        for name, start, end in {(run.machine, run.start, run.end) for run in runs}:
            machine = self._index[name]
            first, last = max(start, 0), max(end, 0)
            extra[first:last] += self.extra_kw[machine] * self.working[machine, first:last]
        for machine, slots in self.setup_slots(runs):
            extra[slots] += self._plant.machines[machine].power.setup_kw
        for number in np.flatnonzero(self._switched).tolist():
            self._add_pauses(extra, number, self._in_turn(runs, number))
        return self.standing_kw + self._grid.mean_over(extra)

    def setup_slots(self, runs: tuple[Run, ...]) -> Iterator[tuple[int, NDArray[np.int64]]]:
        """The machine and the slots of each change of family: its last working ones before the run."""
        for machine, described in enumerate(self._plant.machines):
            if described.setups is None:
                continue
            opened = np.flatnonzero(self.working[machine])
            before: str | None = None
            free_from = 0
            for run in self._in_turn(runs, machine):
                family = self._family[run.operation]
                if family is None:
                    continue
                minutes = described.setups.between(before, family)
                needed = whole_slots(minutes, self._step_minutes)
                last = int(np.searchsorted(opened, run.start))
                first = max(last - needed, int(np.searchsorted(opened, free_from)))
                if needed and run.start >= 0:
                    yield machine, opened[first:last]
                before, free_from = family, run.end

    def _add_pauses(self, extra: NDArray[np.float64], machine: int, runs: list[Run]) -> None:
        """Add what a machine draws idling through short pauses and warming up after long ones."""
        power = self._plant.machines[machine].power
        warm_up = power.warm_up_slots(self._step_minutes)
        longest = power.stays_warm_slots(self._step_minutes)
        free_from = -1
        for run in runs:
            start = max(run.start, 0)
            if free_from >= 0 and start - free_from <= longest:
                extra[free_from:start] += power.idle_kw - power.off_kw
            else:
                extra[max(start - warm_up, 0) : start] += power.warm_up_kw - power.off_kw
            free_from = run.end

    def _in_turn(self, runs: tuple[Run, ...], machine: int) -> list[Run]:
        """The runs of a machine in time, one for each batch."""
        name = self._plant.machines[machine].id
        own = {
            (run.start, run.end): run for run in runs if run.machine == name and run.end > max(run.start, 0)
        }
        return [own[key] for key in sorted(own)]


def machine_wages(plant: Plant, demand: Demand) -> NDArray[np.float64]:
    """Wages of a slot of work on each machine, shape ``(machines, schedule slots)`` [money/slot]."""
    rows = [
        np.maximum(plant.calendars[machine.calendar].wage(demand.schedule), 0.0) * machine.operators
        for machine in plant.machines
    ]
    return np.stack(rows) * demand.schedule.step_hours
