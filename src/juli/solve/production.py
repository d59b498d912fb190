"""From orders to a shop problem, and from its schedule back to runs."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from juli.plan.result import Run, in_time_order
from juli.plant.demand import Demand, Order
from juli.plant.factory import Plant
from juli.plant.work import Work
from juli.solve.consumption import ConsumptionModel, machine_wages
from juli.workshop.problem import Job, Mode, Operation, ShopProblem, Wait
from juli.workshop.problem import Run as ShopRun


def shop_problem(
    plant: Plant,
    demand: Demand,
    work: Work,
    consumption: ConsumptionModel,
    *,
    due_seconds: dict[str, float],
    price_per_kwh: NDArray[np.float64],
) -> ShopProblem:
    """Pose the orders as a shop: one job an order, one operation each of its operations.

    Parameters
    ----------
    plant, demand, work, consumption
        The orders, what they are made of, and the machines.
    due_seconds
        By when each order has to be complete so as to keep its promise [s after the plan's start].
    price_per_kwh
        What a kWh costs in each settlement slot, shape ``(settlement slots,)`` [money/kWh].
    """
    grid = demand.schedule
    job_of = {order.id: number for number, order in enumerate(demand.orders)}
    number_of = {operation.id: number for number, operation in enumerate(work.operations)}
    return ShopProblem(
        slots=grid.slots,
        machines=len(plant.machines),
        jobs=tuple(_job(demand, order, due_seconds[order.id]) for order in demand.orders),
        operations=tuple(
            Operation(
                job=job_of[operation.order],
                modes=tuple(
                    Mode(number, slots, float(consumption.extra_kw[number]))
                    for machine, slots in operation.slots_on.items()
                    for number in [consumption.machine_number(machine)]
                ),
                pausable=operation.pausable,
            )
            for operation in work.operations
        ),
        waits=tuple(
            Wait(number_of[earlier], number_of[operation.id])
            for operation in work.operations
            for earlier in operation.predecessors
        ),
        step_hours=grid.step_hours,
        energy_price=np.repeat(price_per_kwh, grid.slots // demand.settlement.slots),
        machine_price=machine_wages(plant, demand),
        opened=consumption.working,
        machine_names=tuple(machine.id for machine in plant.machines),
    )


def eager(shop: ShopProblem) -> ShopProblem:
    """The same shop where only time costs: what fits at all fits best when nobody waits for a cheap hour."""
    jobs = tuple(replace(job, lead_price=1.0) for job in shop.jobs)
    return replace(shop, jobs=jobs, energy_price=None, machine_price=None)


def _job(demand: Demand, order: Order, due_seconds: float) -> Job:
    grid = demand.schedule
    return Job(
        release=max(grid.first_slot_from(order.release), 0),
        due=due_seconds / grid.step_seconds,
        late_price=order.lateness_per_hour * grid.step_hours,
    )


def planned_runs(plant: Plant, work: Work, runs: tuple[ShopRun, ...]) -> tuple[Run, ...]:
    """Name the runs of a schedule by operation and machine."""
    return in_time_order(
        Run(work.operations[run.operation].id, plant.machines[run.machine].id, run.start, run.end)
        for run in runs
    )


def labour_money(consumption: ConsumptionModel, wages: NDArray[np.float64], runs: tuple[Run, ...]) -> float:
    """Wages of a schedule, in the solver's own arithmetic [money]."""
    total = 0.0
    for run in runs:
        machine = consumption.machine_number(run.machine)
        paid = wages[machine, run.start : run.end] * consumption.working[machine, run.start : run.end]
        total += float(paid.sum())
    return total
