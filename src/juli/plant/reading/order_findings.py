"""What is wrong with orders in the light of the plant: one function per rule, each problem with its place."""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from juli.core.errors import Problem, Severity
from juli.core.grid import TimeGrid
from juli.plant.product import Product
from juli.plant.reading.orders import LocatedOrder
from juli.plant.reading.plant_file import LocatedPlant
from juli.plant.work import Operation, Work, expand_orders

#: More operations than this fit into no computer's plan.
_MOST_OPERATIONS: Final = 200_000


@dataclass(frozen=True)
class Asked:
    """Orders, the plant that they are asked of, and the settlement grid of the plan, where it is known."""

    located: LocatedPlant
    orders: Sequence[LocatedOrder]
    grid: TimeGrid | None


def order_findings(asked: Asked) -> Iterator[Problem]:
    """Every problem of the orders with their plant."""
    for rule in RULES:
        yield from rule(asked)
    if asked.grid is not None and asked.located.sound:
        yield from work_findings(asked, asked.grid)


def products_known(asked: Asked) -> Iterator[Problem]:
    """An order asks for a product that exists."""
    plant = asked.located.plant
    for item in asked.orders:
        product = plant.product_by_id.get(item.order.product)
        place = item.row.place_of("product")
        if product is None:
            message = f"{item.order.id} asks for the unknown product {item.order.product}"
            yield Problem(place, message, "name a product of plant.yaml, or describe this one there")


def sites_known(asked: Asked) -> Iterator[Problem]:
    """An order goes to a site that exists."""
    transport = asked.located.plant.transport
    sites = {site.id for site in transport.sites} if transport else set()
    for item in asked.orders:
        if item.order.site is not None and item.order.site not in sites:
            message = f"{item.order.id} goes to the unknown site {item.order.site}"
            mend = "name a site of plant.yaml's transport.sites, or leave it empty"
            yield Problem(item.row.place_of("site"), message, mend)


def dates_in_plan(asked: Asked) -> Iterator[Problem]:
    """An order is released before the plan ends; one that is due before it begins is late already."""
    grid = asked.grid
    if grid is None:
        return
    for item in asked.orders:
        order = item.order
        if not item.sound:
            continue
        if order.due < grid.start:
            message = f"{order.id} is due at {order.due}, before the plan begins at {grid.start}"
            mend = "it will be late whatever is planned: correct the date, or take it out"
            yield Problem(item.row.place_of("due"), message, mend, Severity.WARNING)
        if order.release >= grid.end:
            message = f"{order.id} is released at {order.release}, after the plan ends at {grid.end}"
            mend = "plan more days, or take it out of this plan"
            yield Problem(item.row.place_of("release"), message, mend)


def fits_a_truck(asked: Asked) -> Iterator[Problem]:
    """An order goes on one truck."""
    plant = asked.located.plant
    if asked.located.stand_ins:
        return
    for item in asked.orders:
        order, product = item.order, plant.product_by_id.get(item.order.product)
        if plant.transport is None or product is None or order.site is None or not item.sound:
            continue
        weight_kg, volume_m3 = order.quantity * product.weight_kg, order.quantity * product.volume_m3
        trucks = plant.transport.trucks
        if not any(weight_kg <= truck.capacity_kg and volume_m3 <= truck.capacity_m3 for truck in trucks):
            largest = max(trucks, key=lambda truck: (truck.capacity_kg, truck.capacity_m3))
            message = (
                f"{order.id} has {weight_kg:g} kg and {volume_m3:g} m3, more than any truck carries: "
                f"{largest.id} takes {largest.capacity_kg:g} kg and {largest.capacity_m3:g} m3"
            )
            mend = "split the order, or add a truck; until then it is not delivered"
            yield Problem(item.row.place_of("quantity"), message, mend, Severity.WARNING)


RULES: Final[tuple[Callable[[Asked], Iterator[Problem]], ...]] = (
    products_known,
    sites_known,
    dates_in_plan,
    fits_a_truck,
)


def work_findings(asked: Asked, grid: TimeGrid) -> Iterator[Problem]:
    """What the orders' operations need is there; only of a plant that doesn't contradict itself."""
    plant = asked.located.plant
    orders = [item for item in asked.orders if item.sound and item.order.product in plant.product_by_id]
    miscounted = list(countable_operations(asked, orders))
    yield from miscounted
    if miscounted:
        return
    schedule = plant.schedule_grid(grid)
    work = expand_orders(plant, [item.order for item in orders], schedule)
    working = {
        machine.id: machine.working(plant.calendars[machine.calendar], schedule) for machine in plant.machines
    }
    impossible = list(operations_possible(asked, work, working, schedule.step_hours))
    impossible += batches_possible(asked, work)
    impossible += people_there(asked, work, working, schedule)
    yield from impossible
    if not impossible:
        yield from machines_not_overloaded(asked, work, working, schedule.step_hours)


def countable_operations(asked: Asked, orders: Sequence[LocatedOrder]) -> Iterator[Problem]:
    """Each order has something to make, and all together no more than can be planned."""
    of_product: dict[str, int] = {}

    def operations(product: Product) -> int:
        if product.id not in of_product:
            parts = (asked.located.plant.product_by_id[line.product] for line in product.bill_of_materials)
            of_product[product.id] = len(product.routing) + sum(operations(part) for part in parts)
        return of_product[product.id]

    counts: list[int] = []
    for item in orders:
        order, product = item.order, asked.located.plant.product_by_id[item.order.product]
        counts.append(operations(product) * math.ceil(order.quantity / (product.lot_size or order.quantity)))
        if not counts[-1]:
            message = f"{order.id} asks for {product.id}, which no operation makes"
            mend = "give it a routing in plant.yaml, or take the order out"
            yield Problem(item.row.place_of("product"), message, mend)
    if sum(counts) > _MOST_OPERATIONS:
        most = max(counts)
        worst = orders[counts.index(most)]
        message = (
            f"the orders have {sum(counts):,} operations, most of them {worst.order.id}: "
            f"{most:,} for {worst.order.quantity:g} {worst.order.product}"
        )
        mend = f"plan at most {_MOST_OPERATIONS:,} at once: fewer orders, or a larger lot_size"
        yield Problem(worst.row.place_of("quantity"), message, mend)


Working = dict[str, NDArray[np.bool_]]


def operations_possible(asked: Asked, work: Work, working: Working, step_hours: float) -> Iterator[Problem]:
    """Some machine works long enough for each operation: at one stretch where it can't pause."""
    stretch = {machine: _longest_stretch(slots) for machine, slots in working.items()}
    total = {machine: int(slots.sum()) for machine, slots in working.items()}
    told: set[tuple[str, str]] = set()
    for operation in work.operations:
        there_is = total if operation.pausable else stretch
        step = (operation.product, operation.step)
        if step in told or any(slots <= there_is[name] for name, slots in operation.slots_on.items()):
            continue
        told.add(step)
        machine = max(operation.slots_on, key=lambda name: there_is[name] / operation.slots_on[name])
        message = (
            f"{operation.product}/{operation.step} takes {operation.slots_on[machine] * step_hours:g} h "
            f"on {machine} for {operation.quantity:g} of {operation.order}"
        )
        if operation.pausable:
            message += f", which works {total[machine] * step_hours:g} h in the planned days"
            mend = "plan more days, or make smaller lots (lot_size)"
        else:
            message += (
                f" and can't pause, but that works at most {stretch[machine] * step_hours:g} h at a stretch"
            )
            mend = "make smaller lots (lot_size), let it pause (pausable: true), or work longer shifts"
        yield Problem(_step_place(asked, operation), message, mend)


def batches_possible(asked: Asked, work: Work) -> Iterator[Problem]:
    """Each lot fits into one of the batching machines that its step names, or into another machine."""
    machines = asked.located.plant.machine_by_id
    told: set[tuple[str, str]] = set()
    for operation in work.operations:
        batches = {name: machines[name].batch for name in operation.slots_on}
        capacity = {name: batch.capacity for name, batch in batches.items() if batch is not None}
        step = (operation.product, operation.step)
        if len(capacity) < len(batches) or step in told or operation.load <= max(capacity.values()) + 1e-9:
            continue
        told.add(step)
        machine = max(capacity, key=lambda name: capacity[name])
        message = (
            f"{operation.quantity:g} {operation.product} of {operation.order} have a load of "
            f"{operation.load:g} in {operation.step}, more than the {capacity[machine]:g} that {machine} "
            "takes"
        )
        yield Problem(_step_place(asked, operation), message, "make smaller lots (lot_size)")


def people_there(asked: Asked, work: Work, working: Working, schedule: TimeGrid) -> Iterator[Problem]:
    """While a machine that can do a step works long enough, enough of what the step needs is there, too."""
    plant = asked.located.plant
    there = {
        resource.id: resource.amount
        * (
            np.ones(schedule.slots, dtype=np.int64)
            if resource.calendar is None
            else plant.calendars[resource.calendar].working(schedule)
        )
        for resource in plant.resources
    }
    told: set[tuple[str, str]] = set()
    for operation in work.operations:
        step = (operation.product, operation.step)
        if not operation.needs or step in told:
            continue
        enough = np.ones(schedule.slots, dtype=np.bool_)
        for need, amount in operation.needs.items():
            able = [there[resource.id] for resource in plant.resources if resource.can(need)]
            enough &= np.sum(able, axis=0) >= amount
        # Work rests only while its machine does, so people may be away then, and at no other time.
        if any(
            slots <= _longest_run(working[name], enough, pausable=operation.pausable)
            for name, slots in operation.slots_on.items()
        ):
            continue
        told.add(step)
        names = ", ".join(f"{amount} {need}" for need, amount in operation.needs.items())
        message = (
            f"{operation.product}/{operation.step} needs {names}, and they are never there for as long as "
            f"{operation.quantity:g} of {operation.order} take while a machine for it works"
        )
        mend = "give the resources another calendar or more people, or make smaller lots (lot_size)"
        yield Problem(_step_place(asked, operation), message, mend)


def _longest_run(working: NDArray[np.bool_], enough: NDArray[np.bool_], *, pausable: bool) -> int:
    """The most working slots in a row in all of which enough people are there."""
    if pausable:
        return _longest_stretch(enough[working])
    return _longest_stretch(working & enough)


def machines_not_overloaded(
    asked: Asked, work: Work, working: Working, step_hours: float
) -> Iterator[Problem]:
    """No machine has more work that only it can do, even with full batches, than it has working hours."""
    capacity = {
        machine.id: machine.batch.capacity for machine in asked.located.plant.machines if machine.batch
    }
    needed: Counter[str] = Counter()
    shared: defaultdict[str, float] = defaultdict(float)
    for operation in work.operations:
        if len(operation.slots_on) != 1:
            continue
        ((machine_id, slots),) = operation.slots_on.items()
        if machine_id in capacity:
            shared[machine_id] += slots * operation.load / capacity[machine_id]
        else:
            needed[machine_id] += slots
    for machine_id, slots_shared in shared.items():
        needed[machine_id] = math.ceil(slots_shared - 1e-9)
    for index, machine in enumerate(asked.located.plant.machines):
        there_is = int(working[machine.id].sum())
        if needed[machine.id] > there_is:
            message = (
                f"{machine.id} has {needed[machine.id] * step_hours:g} h of work that only it can do, "
                f"but works {there_is * step_hours:g} h in the planned days"
            )
            mend = "plan more days, give it more shifts, or name other machines in the routings"
            yield Problem(asked.located.place_of("machines", index), message, mend)


def _step_place(asked: Asked, operation: Operation) -> str:
    products = asked.located.plant.products
    index = next(number for number, product in enumerate(products) if product.id == operation.product)
    steps = [step.operation for step in products[index].routing]
    return asked.located.place_of("products", index, "routing", steps.index(operation.step))


def _longest_stretch(working: NDArray[np.bool_]) -> int:
    edges = np.flatnonzero(np.diff(np.concatenate(([False], working, [False])).astype(np.int8)))
    return int((edges[1::2] - edges[::2]).max(initial=0))
