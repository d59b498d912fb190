"""Rules on the steps of routings: machines, materials and families that exist, and batches."""

from collections.abc import Iterator

from juli.plant.consistency.finding import Finding, Path
from juli.plant.factory import Plant


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
