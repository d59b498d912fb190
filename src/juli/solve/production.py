"""From orders to a shop problem, and from its schedule back to runs."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from juli.plan.result import Run, in_time_order
from juli.plant.demand import Demand, Order
from juli.plant.factory import Plant
from juli.plant.work import Work
from juli.solve.consumption import ConsumptionModel, machine_wages
from juli.solve.deliveries import works_due_seconds
from juli.solve.sharing import Sharing
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
    family_of = {
        family: number for number, family in enumerate(dict.fromkeys(one.family for one in work.operations))
    }
    sharing = Sharing(plant, demand, work)
    return ShopProblem(
        slots=grid.slots,
        machines=len(plant.machines),
        jobs=tuple(_job(plant, demand, order, due_seconds[order.id]) for order in demand.orders),
        operations=tuple(
            Operation(
                job=job_of[operation.order],
                modes=tuple(
                    Mode(number, slots, float(consumption.extra_kw[number]))
                    for machine, slots in operation.slots_on.items()
                    for number in [consumption.machine_number(machine)]
                ),
                pausable=operation.pausable,
                family=family_of[operation.family],
                load=operation.load,
                needs=sharing.needs(operation.needs),
            )
            for operation in work.operations
        ),
        waits=tuple(
            Wait(
                number_of[earlier],
                number_of[operation.id],
                operation.least_wait_slots,
                operation.most_wait_slots,
            )
            for operation in work.operations
            for earlier in operation.predecessors
        ),
        step_hours=grid.step_hours,
        energy_price=np.repeat(price_per_kwh, grid.slots // demand.settlement.slots),
        machine_price=machine_wages(plant, demand),
        opened=consumption.working,
        machine_names=tuple(machine.id for machine in plant.machines),
        place=sharing.place,
        travel=sharing.travel,
        setups=sharing.setups(family_of),
        warmth=sharing.warmth,
        batches={
            number: machine.batch.capacity
            for number, machine in enumerate(plant.machines)
            if machine.batch is not None
        },
        resources=sharing.resources,
    )


def day_shop(plant: Plant, demand: Demand, work: Work, consumption: ConsumptionModel) -> ShopProblem:
    """Pose a day's orders at the day's prices, each to be complete in time for the drive to its site."""
    return shop_problem(
        plant,
        demand,
        work,
        consumption,
        due_seconds=works_due_seconds(plant, demand),
        price_per_kwh=demand.forecast.buy,
    )


def eager(shop: ShopProblem) -> ShopProblem:
    """The same shop where only time costs: what fits at all fits best when nobody waits for a cheap hour."""
    jobs = tuple(replace(job, lead_price=1.0) for job in shop.jobs)
    return replace(shop, jobs=jobs, energy_price=None, machine_price=None)


def _job(plant: Plant, demand: Demand, order: Order, due_seconds: float) -> Job:
    grid = demand.schedule
    return Job(
        release=max(grid.first_slot_from(order.release), 0),
        due=due_seconds / grid.step_seconds,
        late_price=order.lateness_per_hour * grid.step_hours,
        lead_price=plant.lead_price_per_hour(order) * grid.step_hours,
    )


def planned_runs(plant: Plant, work: Work, runs: tuple[ShopRun, ...]) -> tuple[Run, ...]:
    """Name the runs of a schedule by operation and machine."""
    return in_time_order(
        Run(work.operations[run.operation].id, plant.machines[run.machine].id, run.start, run.end)
        for run in runs
    )


def production_money(plant: Plant, demand: Demand, work: Work, runs: tuple[Run, ...]) -> float:
    """Wages of a schedule and the price of its lead times, in the solver's own arithmetic [money]."""
    wages, working = machine_wages(plant, demand), ConsumptionModel(plant, demand, work)
    total = 0.0
    for machine, start, end in {(run.machine, run.start, run.end) for run in runs}:
        number = working.machine_number(machine)
        paid = wages[number, start:end] * working.working[number, start:end]
        total += float(paid.sum())
    for number, slots in working.setup_slots(runs):
        total += float(wages[number, slots].sum())
    grid = demand.schedule
    order_of = {operation.id: operation.order for operation in work.operations}
    complete: dict[str, int] = {}
    for run in runs:
        complete[order_of[run.operation]] = max(complete.get(order_of[run.operation], 0), run.end)
    for order in demand.orders:
        if order.id in complete:
            job = _job(plant, demand, order, 0.0)
            total += job.lead_price * (complete[order.id] - max(grid.first_slot_from(order.release), 0))
    return total
