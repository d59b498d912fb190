"""What a schedule draws, in the solver's own arithmetic (the judge in ``juli.plan`` has its own)."""

import numpy as np
from numpy.typing import NDArray

from juli.plan.result import Run
from juli.plant.demand import Demand
from juli.plant.factory import Plant


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

    def __init__(self, plant: Plant, demand: Demand):
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
        self.extra_kw = np.array([machine.power.running_kw for machine in plant.machines]) - idle_kw
        standing = idle_kw @ self.working + off_kw @ ~self.working
        self.standing_kw = self._grid.mean_over(standing) + demand.forecast.base_load_kw

    def machine_number(self, machine: str) -> int:
        """The row of a machine."""
        return self._index[machine]

    def consumption_kw(self, runs: tuple[Run, ...]) -> NDArray[np.float64]:
        """Consumption of a schedule, shape ``(settlement slots,)`` [kW]."""
        extra = np.zeros(self.working.shape[1])
        for run in runs:
            machine = self._index[run.machine]
            extra[run.start : run.end] += self.extra_kw[machine] * self.working[machine, run.start : run.end]
        return self.standing_kw + self._grid.mean_over(extra)


def machine_wages(plant: Plant, demand: Demand) -> NDArray[np.float64]:
    """Wages of a slot of work on each machine, shape ``(machines, schedule slots)`` [money/slot]."""
    rows = [
        np.maximum(plant.calendars[machine.calendar].wage(demand.schedule), 0.0) * machine.operators
        for machine in plant.machines
    ]
    return np.stack(rows) * demand.schedule.step_hours
