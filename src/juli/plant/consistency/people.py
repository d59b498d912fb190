"""Rules on what steps need besides a machine: people, tools, and enough of them."""

from collections.abc import Iterator
from itertools import combinations
from typing import Final

from juli.plant.consistency.finding import Finding, Path
from juli.plant.factory import Plant
from juli.plant.resource import interchangeable

#: Which people can stand in for which is weighed for every set of skills: 2 to the power of this.
_MOST_NEEDS: Final = 8


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
