"""Orders taken apart into lots and operations: what there is to do, before anyone decides when.

An order is made in lots of at most the product's ``lot_size``. A lot is a tree: the product's own routing
at the root, below it those of its parts, each waiting for the last operations of what goes into it.
"""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from juli.core.grid import TimeGrid
from juli.plant.cutting import Cut
from juli.plant.demand import Demand, Order
from juli.plant.factory import Plant
from juli.plant.machine import SLOT_ROUNDING, whole_slots
from juli.plant.product import MachineChoice, Product, RoutingStep


@dataclass(frozen=True)
class Operation:
    """One lot of one product going through one step of its routing.

    Parameters
    ----------
    id
        ``order#lot/path/step``, for example ``SO-07#1/HV12/FRAME/weld``.
    order, lot
        Whose it is.
    product, step
        What is made, and which operation of the routing this is.
    quantity
        Units of the product.
    predecessors
        Operations that must have ended before it starts.
    slots_on
        Working slots that it takes on each machine that can do it.
    pausable
        Whether it may rest over breaks and nights.
    is_part
        Whether it makes a part rather than the set itself.
    family
        What its machine has to be set up for, and whose batches it can share; None: nothing.
    load
        Room that it takes in a batching machine, in the unit of its capacity.
    needs
        Resources and skills that it takes while it runs, and how many of each.
    least_wait_slots, most_wait_slots
        It starts so long after the end of each predecessor at the earliest, and at the latest (None: no
        limit); the way between lines is part of both.
    cuts
        What it cuts from bars; quantities are those of the whole operation.
    """

    id: str
    order: str
    lot: int
    product: str
    step: str
    quantity: float
    predecessors: tuple[str, ...]
    slots_on: Mapping[str, int]
    pausable: bool
    is_part: bool
    family: str | None = None
    load: float = 0.0
    needs: Mapping[str, int] = field(default_factory=dict)
    least_wait_slots: int = 0
    most_wait_slots: int | None = None
    cuts: tuple[Cut, ...] = ()

    @property
    def set_id(self) -> str:
        """The lot whose parts belong together: ``order#lot``."""
        return f"{self.order}#{self.lot}"


@dataclass(frozen=True)
class Work:
    """All operations of a demand; predecessors stand before their successors."""

    operations: tuple[Operation, ...]

    @cached_property
    def by_id(self) -> dict[str, Operation]:
        """The operations by their ids."""
        return {operation.id: operation for operation in self.operations}

    @cached_property
    def by_order(self) -> dict[str, tuple[Operation, ...]]:
        """The operations of each order."""
        grouped: dict[str, list[Operation]] = {}
        for operation in self.operations:
            grouped.setdefault(operation.order, []).append(operation)
        return {order: tuple(operations) for order, operations in grouped.items()}


def expand(plant: Plant, demand: Demand) -> Work:
    """Take every order apart into its operations, on the demand's schedule grid."""
    return expand_orders(plant, demand.orders, demand.schedule)


def expand_orders(plant: Plant, orders: Iterable[Order], schedule: TimeGrid) -> Work:
    """Take orders apart into their operations, on a schedule grid."""
    step_minutes = schedule.step_hours * 60
    operations: list[Operation] = []
    for order in orders:
        product = plant.product_by_id[order.product]
        for lot, quantity in enumerate(lots(order, product), start=1):
            maker = _LotExpansion(plant, order, lot, step_minutes)
            maker.make(product, quantity, f"{order.id}#{lot}/{product.id}", is_part=False)
            operations += maker.operations
    return Work(tuple(operations))


def lots(order: Order, product: Product) -> list[float]:
    """Split an order into lots as equal as whole units allow, none above the product's lot size.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> day = datetime(2023, 12, 18, tzinfo=UTC)
    >>> lots(Order("A", "P", 7, day, day), Product(id="P", lot_size=3))
    [3.0, 2.0, 2.0]
    """
    if product.lot_size is None or order.quantity <= product.lot_size:
        return [float(order.quantity)]
    whole_units = float(order.quantity).is_integer() and product.lot_size >= 1
    lot_size = math.floor(product.lot_size) if whole_units else product.lot_size
    count = math.ceil(order.quantity / lot_size - SLOT_ROUNDING)
    if not whole_units:
        return [order.quantity / count] * count
    smaller, extra = divmod(int(order.quantity), count)
    return [float(smaller + (lot < extra)) for lot in range(count)]


class _LotExpansion:
    """Collects the operations of one lot, parts before what they go into."""

    def __init__(self, plant: Plant, order: Order, lot: int, step_minutes: float):
        self._plant = plant
        self._order = order
        self._lot = lot
        self._step_minutes = step_minutes
        self.operations: list[Operation] = []

    def make(self, product: Product, quantity: float, path: str, *, is_part: bool) -> tuple[str, ...]:
        """Add what makes a product; give the operations that have to end before it is there."""
        ready: tuple[str, ...] = ()
        for component in product.bill_of_materials:
            part = self._plant.product_by_id[component.product]
            ready += self.make(part, quantity * component.quantity, f"{path}/{part.id}", is_part=True)
        for step in product.routing:
            operation = Operation(
                id=f"{path}/{step.operation}",
                order=self._order.id,
                lot=self._lot,
                product=product.id,
                step=step.operation,
                quantity=quantity,
                predecessors=ready,
                slots_on=dict(self._durations(step, quantity)),
                pausable=step.pausable,
                is_part=is_part,
                family=step.family,
                load=quantity * step.load_per_unit,
                needs=step.needs,
                least_wait_slots=whole_slots(step.least_wait_minutes, self._step_minutes),
                most_wait_slots=None
                if step.most_wait_minutes is None
                else math.floor(step.most_wait_minutes / self._step_minutes + SLOT_ROUNDING),
                cuts=tuple(
                    cut.model_copy(update={"quantity": math.ceil(cut.quantity * quantity - SLOT_ROUNDING)})
                    for cut in step.cuts
                ),
            )
            self.operations.append(operation)
            ready = (operation.id,)
        return ready

    def _durations(self, step: RoutingStep, quantity: float) -> Iterator[tuple[str, int]]:
        for choice in step.machines:
            minutes = self._minutes(step, choice, quantity)
            yield choice.machine, max(whole_slots(minutes, self._step_minutes), 1)

    def _minutes(self, step: RoutingStep, choice: MachineChoice, quantity: float) -> float:
        """Set-up, then each unit at the machine's speed, scrap made again; or one load of a batch."""
        machine = self._plant.machine_by_id[choice.machine]
        if machine.batch is not None and step.batch_minutes is not None:
            return step.batch_minutes / machine.speed
        per_unit = step.minutes_per_unit if choice.minutes_per_unit is None else choice.minutes_per_unit
        setup = step.setup_minutes if choice.setup_minutes is None else choice.setup_minutes
        return setup + quantity * per_unit / machine.speed / (1 - machine.scrap_rate)
