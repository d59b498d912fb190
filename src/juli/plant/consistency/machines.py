"""Rules on machines, their set-ups and their ways, and on ids and figures that look like slips."""

from collections.abc import Iterator
from typing import Final

from juli.core.errors import Severity
from juli.plant.consistency.finding import Finding, Path
from juli.plant.factory import Plant

#: A motor above this many kW on one machine is more likely a figure in watts.
_SUSPICIOUS_MACHINE_KW: Final = 5000.0
#: A price above this is more likely per MWh than per kWh.
SUSPICIOUS_PRICE_PER_KWH: Final = 20.0


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


def prices_per_kwh(plant: Plant) -> Iterator[Finding]:
    """Prices are money per kWh, not per MWh."""
    prices = {("grid", "sell_per_kwh"): plant.grid.sell_per_kwh or 0.0}
    if plant.battery is not None:
        prices["battery", "wear_per_kwh"] = plant.battery.wear_per_kwh
    for path, price in prices.items():
        if price > SUSPICIOUS_PRICE_PER_KWH:
            message = f"{path[-1]} is {price:g} {plant.currency} per kWh"
            yield Finding(path, message, "divide a price per MWh by 1000", Severity.WARNING)
