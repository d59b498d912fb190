"""Rules on waits between steps: none asks for what no slot or no way allows."""

import math
from collections.abc import Iterator

from juli.plant.consistency.finding import Finding, Path
from juli.plant.factory import Plant
from juli.plant.machine import SLOT_ROUNDING, whole_slots
from juli.plant.product import Product, RoutingStep


def waits_in_order(plant: Plant) -> Iterator[Finding]:
    """A step's longest wait is no shorter than its least one, in minutes and in whole slots."""
    step_minutes = plant.planning.step_minutes
    for index, product in enumerate(plant.products):
        for place, step in enumerate(product.routing):
            most = step.most_wait_minutes
            if most is None:
                continue
            name = f"{product.id}/{step.operation} waits at least {step.least_wait_minutes:g} "
            path: Path = ("products", index, "routing", place, "most_wait_minutes")
            if most < step.least_wait_minutes:
                message = f"{name}and at most {most:g} minutes"
                yield Finding(path, message, "raise it, or lower least_wait_minutes")
            elif whole_slots(step.least_wait_minutes, step_minutes) > _slots_within(most, step_minutes):
                message = (
                    f"{name}and at most {most:g} minutes, between which no slot of {step_minutes} begins"
                )
                yield Finding(path, message, "raise it to a whole slot, or lower step_minutes")


def waits_allow_transfers(plant: Plant) -> Iterator[Finding]:
    """A step's longest wait is long enough for the way from what goes into it to a machine of its own."""
    step_minutes = plant.planning.step_minutes
    for index, product in enumerate(plant.products):
        for place, step in enumerate(product.routing):
            most = step.most_wait_minutes
            if most is None or most < step.least_wait_minutes or plant.transfers is None:
                continue
            least = whole_slots(step.least_wait_minutes, step_minutes)
            for name, before in _steps_before(plant, product, place):
                ways = [
                    plant.transfer_minutes(one.machine, other.machine)
                    for one in before.machines
                    for other in step.machines
                    if one.machine in plant.machine_by_id and other.machine in plant.machine_by_id
                ]
                way = whole_slots(min(ways, default=0.0), step_minutes)
                if way and way + least > _slots_within(most, step_minutes):
                    message = (
                        f"{product.id}/{step.operation} starts at most {most:g} minutes after {name}, "
                        f"but the way alone takes {min(ways):g}"
                    )
                    if least:
                        message += f", and it waits for at least {step.least_wait_minutes:g} besides"
                    path: Path = ("products", index, "routing", place, "most_wait_minutes")
                    yield Finding(path, message, "raise it, or name machines of the same line")


def _steps_before(plant: Plant, product: Product, place: int) -> Iterator[tuple[str, RoutingStep]]:
    """What goes into a step: the step before, or the last steps of the parts."""
    if place:
        yield "the step before", product.routing[place - 1]
        return
    for component in product.bill_of_materials:
        part = plant.product_by_id.get(component.product)
        if part is not None and part.routing:
            yield f"{part.id}/{part.routing[-1].operation}", part.routing[-1]


def _slots_within(minutes: float, step_minutes: float) -> int:
    """How many whole slots a stretch of time holds."""
    return math.floor(minutes / step_minutes + SLOT_ROUNDING)
