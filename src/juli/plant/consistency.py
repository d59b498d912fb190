"""Where a plant's description contradicts itself: one function per rule, each finding with its place."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from itertools import combinations, pairwise
from typing import Final

from juli.core.errors import Severity
from juli.plant.factory import Plant
from juli.plant.machine import SLOT_ROUNDING, whole_slots
from juli.plant.product import Product, RoutingStep
from juli.plant.resource import interchangeable

Path = tuple[str | int, ...]

#: A motor above this many kW on one machine is more likely a figure in watts.
_SUSPICIOUS_MACHINE_KW: Final = 5000.0
#: A price above this is more likely per MWh than per kWh.
SUSPICIOUS_PRICE_PER_KWH: Final = 20.0
#: No switchgear, ship or aircraft is described deeper than this.
_DEEPEST_TREE: Final = 30
#: Which people can stand in for which is weighed for every set of skills: 2 to the power of this.
_MOST_NEEDS: Final = 8


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


def materials_known(plant: Plant) -> Iterator[Finding]:
    """What a step cuts is a material of the plant's, described once."""
    known = [material.id for material in plant.materials]
    for index, name in enumerate(known):
        if name in known[:index]:
            path: Path = ("materials", index, "id")
            yield Finding(path, f"the id {name} is given twice", "give it an id of its own")
    for index, product in enumerate(plant.products):
        for place, step in enumerate(product.routing):
            for number, cut in enumerate(step.cuts):
                if cut.material not in known:
                    path = ("products", index, "routing", place, "cuts", number, "material")
                    message = f"{product.id}/{step.operation} cuts the unknown material {cut.material}"
                    yield Finding(path, message, "describe it under `materials`, or correct the spelling")


def families_known(plant: Plant) -> Iterator[Finding]:
    """A step on a machine that is set up by family, or that takes batches, names its family."""
    for index, product in enumerate(plant.products):
        for place, step in enumerate(product.routing):
            able = [plant.machine_by_id.get(choice.machine) for choice in step.machines]
            by_family = [machine.id for machine in able if machine and (machine.setups or machine.batch)]
            if by_family and step.family is None:
                message = f"{product.id}/{step.operation} has no family, but {by_family[0]} works by families"
                mend = "add a family: its die, tool or colour"
                yield Finding(("products", index, "routing", place), message, mend)


def setups_for_families(plant: Plant) -> Iterator[Finding]:
    """The families that a machine's set-ups name are those of steps."""
    known = {step.family for product in plant.products for step in product.routing}
    for index, machine in enumerate(plant.machines):
        setups = machine.setups
        if setups is None:
            continue
        path: Path = ("machines", index, "setups")
        named = [(setups.initial, (*path, "initial"))] if setups.initial else []
        for before, row in setups.minutes.items():
            named.append((before, (*path, "minutes", before)))
            named += [(after, (*path, "minutes", before, after)) for after in row]
        for family, where in named:
            if family not in known:
                message = f"{machine.id} is set up for the family {family}, which no step has"
                yield Finding(where, message, "correct the spelling", Severity.WARNING)


def setups_by_the_shortest_way(plant: Plant) -> Iterator[Finding]:
    """No change of family takes longer than two changes by way of a third one."""
    for index, machine in enumerate(plant.machines):
        if machine.setups is None:
            continue
        known = plant.families_on(machine.id)
        takes = machine.setups.between
        for before in [None, *known]:
            ways = [
                (takes(before, by) + takes(by, after), by, after)
                for by in known
                for after in known
                if takes(before, by) + takes(by, after) < takes(before, after)
            ]
            if ways:
                least, by, after = min(ways)
                message = (
                    f"{machine.id} takes {takes(before, after):g} minutes from "
                    f"{before or 'the beginning'} to {after}, but by way of {by} only {least:g}"
                )
                yield Finding(("machines", index, "setups"), message, f"write at most {least:g}")


def batches_whole(plant: Plant) -> Iterator[Finding]:
    """A step that a batching machine does says how long a load takes, and does not pause in it."""
    for index, product in enumerate(plant.products):
        for place, step in enumerate(product.routing):
            able = [plant.machine_by_id.get(choice.machine) for choice in step.machines]
            batching = [machine.id for machine in able if machine and machine.batch]
            path: Path = ("products", index, "routing", place)
            name = f"{product.id}/{step.operation}"
            if batching and step.batch_minutes is None:
                message = f"{batching[0]} takes batches, but {name} does not say how long one takes"
                yield Finding(path, message, "add batch_minutes")
            if step.batch_minutes is not None and not batching:
                message = f"{name} has batch_minutes, but none of its machines takes batches"
                yield Finding((*path, "batch_minutes"), message, "take it out, or give a machine a batch")
            if batching and step.pausable:
                message = f"{name} may pause, but {batching[0]} takes batches, which can't"
                yield Finding((*path, "pausable"), message, "let it not pause")


def kept_warm_while_at_work(plant: Plant) -> Iterator[Finding]:
    """Work does not rest on a machine that has to be warmed up."""
    for index, product in enumerate(plant.products):
        for place, step in enumerate(product.routing):
            able = [plant.machine_by_id.get(choice.machine) for choice in step.machines]
            warm = [machine.id for machine in able if machine and machine.power.warm_up_minutes]
            if warm and step.pausable:
                message = f"{product.id}/{step.operation} may pause, but {warm[0]} has to be kept warm"
                path: Path = ("products", index, "routing", place, "pausable")
                yield Finding(path, message, "let it not pause")


def warm_ups_described(plant: Plant) -> Iterator[Finding]:
    """A machine stays warm for at least as long as it takes to warm up."""
    for index, machine in enumerate(plant.machines):
        power = machine.power
        path: Path = ("machines", index, "power")
        if power.stays_warm_minutes is not None and power.stays_warm_minutes < power.warm_up_minutes:
            message = (
                f"{machine.id} stays warm for {power.stays_warm_minutes:g} minutes, less than the "
                f"{power.warm_up_minutes:g} that it takes to warm up"
            )
            yield Finding((*path, "stays_warm_minutes"), message, "raise it, or take it out")
        if not power.warm_up_minutes and (power.warm_up_kw or power.stays_warm_minutes is not None):
            message = f"{machine.id} has figures for warming up, but no warm_up_minutes"
            yield Finding(path, message, "add warm_up_minutes", Severity.WARNING)


def needs_there(plant: Plant) -> Iterator[Finding]:
    """What a step needs is there: a resource or a skill, and enough of it."""
    for index, product in enumerate(plant.products):
        for place, step in enumerate(product.routing):
            for need, amount in step.needs.items():
                path: Path = ("products", index, "routing", place, "needs", need)
                there = sum(resource.amount for resource in plant.resources if resource.can(need))
                name = f"{product.id}/{step.operation}"
                if not there:
                    message = f"{name} needs {need}, which no resource is or can"
                    yield Finding(path, message, "describe it under `resources`, or correct the spelling")
                elif amount > there:
                    message = f"{name} needs {amount:g} {need}, and there are {there}"
                    yield Finding(path, message, "need fewer, or add some to `resources`")
            yield from _together_there(plant, index, place)


def _together_there(plant: Plant, index: int, place: int) -> Iterator[Finding]:
    """Somebody who has two skills serves one of them at a time (Hall's theorem)."""
    product = plant.products[index]
    step = product.routing[place]
    for group in interchangeable(plant.resources, step.needs):
        if not 1 < len(group) <= _MOST_NEEDS:
            continue
        for size in range(2, len(group) + 1):
            for needs in combinations(sorted(group), size):
                amount = sum(step.needs[need] for need in needs)
                able = [one for one in plant.resources if any(one.can(need) for need in needs)]
                there = sum(resource.amount for resource in able)
                each = (
                    step.needs[need] <= sum(one.amount for one in able if one.can(need)) for need in needs
                )
                if amount > there and all(each):
                    message = (
                        f"{product.id}/{step.operation} needs {amount} for {' and '.join(needs)}, "
                        f"and there are {there} who can do any of them"
                    )
                    path: Path = ("products", index, "routing", place, "needs")
                    yield Finding(path, message, "need fewer, or add some to `resources`")
                    return


def resources_described(plant: Plant) -> Iterator[Finding]:
    """Resources have ids of their own, calendars that exist, and not too many skills in common."""
    seen: set[str] = set()
    for index, resource in enumerate(plant.resources):
        path: Path = ("resources", index)
        if resource.id in seen:
            yield Finding((*path, "id"), f"the id {resource.id} is given twice", "give it an id of its own")
        seen.add(resource.id)
        if resource.calendar is not None and resource.calendar not in plant.calendars:
            message = f"{resource.id} is there by the calendar {resource.calendar}, which does not exist"
            yield Finding((*path, "calendar"), message, f"name one of {', '.join(plant.calendars)}")
    needed = {need for product in plant.products for step in product.routing for need in step.needs}
    for group in interchangeable(plant.resources, sorted(needed)):
        if len(group) > _MOST_NEEDS:
            message = f"{len(group)} skills are had by people in common: {', '.join(sorted(group))}"
            yield Finding(("resources",), message, f"tell at most {_MOST_NEEDS} of them apart")


def transfers_between_lines(plant: Plant) -> Iterator[Finding]:
    """Transfers run between lines that machines stand in."""
    lines = {machine.line for machine in plant.machines}
    for here, row in (plant.transfers.minutes if plant.transfers else {}).items():
        for line, path in [(here, (here,)), *((there, (here, there)) for there in row)]:
            if line not in lines:
                message = f"a transfer names the line {line}, in which no machine stands"
                yield Finding(
                    ("transfers", "minutes", *path), message, f"name one of {', '.join(sorted(lines))}"
                )


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
    """No product is made of itself, at any depth, and no tree of parts is endlessly deep."""
    index = {product.id: number for number, product in enumerate(plant.products)}
    parts = {product.id: {line.product for line in product.bill_of_materials} for product in plant.products}
    while True:
        try:
            order = list(TopologicalSorter(parts).static_order())
            break
        except CycleError as error:
            cycle = error.args[1][::-1]  # from a product to its parts
            first = min(range(len(cycle) - 1), key=lambda place: index[cycle[place]])
            cycle = [*cycle[first:-1], *cycle[:first], cycle[first]]
            message = f"a product is made of itself: {' > '.join(cycle)}"
            path: Path = ("products", index[cycle[0]], "bill_of_materials")
            yield Finding(path, message, "take one of these lines out")
            parts[cycle[0]] = parts[cycle[0]] - {cycle[1]}  # told: look for the next
    depth: dict[str, int] = {}
    for product in order:
        depth[product] = 1 + max((depth[part] for part in parts.get(product, ())), default=0)
        if depth[product] == _DEEPEST_TREE + 1:
            message = f"the parts of {product} are {depth[product]} levels deep"
            mend = f"describe at most {_DEEPEST_TREE} levels"
            yield Finding(("products", index[product], "bill_of_materials"), message, mend)


def shifts_in_order(plant: Plant) -> Iterator[Finding]:
    """Dates run forward, and breaks lie inside their shift."""
    day = plant.settlement_grid().start
    for name, calendar in plant.calendars.items():
        for number, shift in enumerate(calendar.shifts):
            path: Path = ("calendars", name, "shifts", number)
            if shift.first_day and shift.last_day and shift.last_day < shift.first_day:
                message = f"its last_day {shift.last_day} is before its first_day {shift.first_day}"
                yield Finding((*path, "last_day"), message, "swap the two, or correct one")
            begin, end = shift.on(day.date(), day)
            for place, pause in enumerate(shift.breaks):
                either_day = [pause.on(when.date(), day) for when in (begin, end)]
                if not any(begin <= first and last <= end for first, last in either_day):
                    message = f"the break from {pause.from_} to {pause.to} lies outside its shift"
                    mend = f"place it between {shift.from_} and {shift.to}; until then it is not made"
                    yield Finding((*path, "breaks", place), message, mend, Severity.WARNING)


def shifts_apart(plant: Plant) -> Iterator[Finding]:
    """No two shifts of a calendar are worked at once."""
    grid = plant.settlement_grid()
    for name, calendar in plant.calendars.items():
        worked = sorted(calendar.worked_hours(grid), key=lambda stretch: stretch[:2])
        for (_, end, shift), (begin, _, later) in pairwise(worked):
            if begin < end:
                message = f"at {begin} it has two shifts at once, from {shift.from_} and from {later.from_}"
                mend = "end one where the other begins; until then the one written last counts"
                yield Finding(("calendars", name), message, mend, Severity.WARNING)
                break


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


def prices_per_kwh(plant: Plant) -> Iterator[Finding]:
    """Prices are money per kWh, not per MWh."""
    prices = {("grid", "sell_per_kwh"): plant.grid.sell_per_kwh or 0.0}
    if plant.battery is not None:
        prices["battery", "wear_per_kwh"] = plant.battery.wear_per_kwh
    for path, price in prices.items():
        if price > SUSPICIOUS_PRICE_PER_KWH:
            message = f"{path[-1]} is {price:g} {plant.currency} per kWh"
            yield Finding(path, message, "divide a price per MWh by 1000", Severity.WARNING)


RULES: Final[tuple[Callable[[Plant], Iterator[Finding]], ...]] = (
    unique_ids,
    calendars_known,
    shifts_in_order,
    shifts_apart,
    powers_in_order,
    routings_possible,
    materials_known,
    families_known,
    setups_for_families,
    setups_by_the_shortest_way,
    batches_whole,
    kept_warm_while_at_work,
    warm_ups_described,
    needs_there,
    resources_described,
    transfers_between_lines,
    waits_in_order,
    waits_allow_transfers,
    bills_of_materials_known,
    no_cycles,
    machines_have_shifts,
    prices_per_kwh,
)
