"""Where a plant's description contradicts itself: one function per rule, each finding with its place."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from juli.core.errors import Severity
from juli.plant.factory import Plant

Path = tuple[str | int, ...]

#: A motor above this many kW on one machine is more likely a figure in watts.
_SUSPICIOUS_MACHINE_KW: Final = 5000.0


@dataclass(frozen=True)
class Finding:
    """A contradiction inside ``plant.yaml``: the path of the value, what is wrong, and the mend."""

    path: Path
    message: str
    mend: str
    severity: Severity = Severity.ERROR


def inconsistencies(plant: Plant) -> Iterator[Finding]:
    """Every contradiction in a plant's description."""
    for rule in RULES:
        yield from rule(plant)


def unique_ids(plant: Plant) -> Iterator[Finding]:
    """Ids are unique among machines, products, sites and trucks."""
    groups: list[tuple[Path, list[str]]] = [
        (("machines",), [machine.id for machine in plant.machines]),
        (("products",), [product.id for product in plant.products]),
    ]
    if plant.transport is not None:
        groups.append((("transport", "sites"), [site.id for site in plant.transport.sites]))
        groups.append((("transport", "trucks"), [truck.id for truck in plant.transport.trucks]))
    for path, ids in groups:
        first: dict[str, int] = {}
        for index, name in enumerate(ids):
            if name in first:
                message = f"the id {name} is that of {path[-1]} number {first[name] + 1} already"
                yield Finding((*path, index, "id"), message, "give it an id of its own")
            first.setdefault(name, index)


def calendars_known(plant: Plant) -> Iterator[Finding]:
    """A machine's calendar is one of the plant's."""
    for index, machine in enumerate(plant.machines):
        if machine.calendar not in plant.calendars:
            message = f"{machine.id} works by the calendar {machine.calendar}, which does not exist"
            yield Finding(
                ("machines", index, "calendar"), message, f"name one of {', '.join(plant.calendars)}"
            )


def powers_in_order(plant: Plant) -> Iterator[Finding]:
    """A machine draws no more idle than running, and figures are kilowatts."""
    for index, machine in enumerate(plant.machines):
        power = machine.power
        path: Path = ("machines", index, "power")
        if power.idle_kw > power.running_kw:
            message = (
                f"{machine.id} draws {power.idle_kw:g} kW idle, more than {power.running_kw:g} kW running"
            )
            yield Finding((*path, "idle_kw"), message, "check the two", Severity.WARNING)
        if power.running_kw > _SUSPICIOUS_MACHINE_KW:
            message = f"{machine.id} draws {power.running_kw:g} kW"
            yield Finding((*path, "running_kw"), message, "write kilowatts, not watts", Severity.WARNING)


def routings_possible(plant: Plant) -> Iterator[Finding]:
    """Every step of a routing is on machines that exist, and has a name of its own."""
    for index, product in enumerate(plant.products):
        steps: set[str] = set()
        for place, step in enumerate(product.routing):
            path: Path = ("products", index, "routing", place)
            if step.operation in steps:
                message = f"{product.id} has two operations called {step.operation}"
                yield Finding((*path, "operation"), message, "call one of them otherwise")
            steps.add(step.operation)
            for number, choice in enumerate(step.machines):
                if choice.machine not in plant.machine_by_id:
                    message = (
                        f"{product.id}/{step.operation} is done on {choice.machine}, which does not exist"
                    )
                    yield Finding((*path, "machines", number), message, "name a machine of `machines`")


def bills_of_materials_known(plant: Plant) -> Iterator[Finding]:
    """A bill of materials names products that exist, each once."""
    for index, product in enumerate(plant.products):
        seen: set[str] = set()
        for place, component in enumerate(product.bill_of_materials):
            path: Path = ("products", index, "bill_of_materials", place)
            if component.product not in plant.product_by_id:
                message = f"{product.id} is made of {component.product}, which does not exist"
                yield Finding((*path, "product"), message, "name a product of `products`")
            if component.product in seen:
                message = f"{component.product} stands twice in the bill of materials of {product.id}"
                yield Finding((*path, "product"), message, "add the quantities up")
            seen.add(component.product)


def no_cycles(plant: Plant) -> Iterator[Finding]:
    """No product is made of itself, at any depth."""
    parts = {product.id: [line.product for line in product.bill_of_materials] for product in plant.products}
    settled: set[str] = set()

    def cycle_from(product: str, trail: list[str]) -> list[str] | None:
        if product in trail:
            return [*trail[trail.index(product) :], product]
        if product in settled:
            return None
        for part in parts.get(product, []):
            found = cycle_from(part, [*trail, product])
            if found:
                return found
        settled.add(product)
        return None

    reported: set[frozenset[str]] = set()
    for index, product in enumerate(plant.products):
        cycle = cycle_from(product.id, [])
        if cycle and frozenset(cycle) not in reported:
            reported.add(frozenset(cycle))
            message = f"a product is made of itself: {' > '.join(cycle)}"
            yield Finding(("products", index, "bill_of_materials"), message, "take one of these lines out")


def machines_have_shifts(plant: Plant) -> Iterator[Finding]:
    """Every machine has a shift in the planned days."""
    grid = plant.schedule_grid(plant.settlement_grid())
    for index, machine in enumerate(plant.machines):
        calendar = plant.calendars.get(machine.calendar)
        if calendar is not None and not machine.working(calendar, grid).any():
            message = f"{machine.id} has no shift in the planned days"
            yield Finding(
                ("machines", index, "calendar"), message, "check the shifts' days", Severity.WARNING
            )


RULES: Final[tuple[Callable[[Plant], Iterator[Finding]], ...]] = (
    unique_ids,
    calendars_known,
    powers_in_order,
    routings_possible,
    bills_of_materials_known,
    no_cycles,
    machines_have_shifts,
)
