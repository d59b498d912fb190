"""Rules on bills of materials: parts that exist, and none made of itself."""

from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from typing import Final

from juli.plant.consistency.finding import Finding, Path
from juli.plant.factory import Plant

#: No switchgear, ship or aircraft is described deeper than this.
_DEEPEST_TREE: Final = 30


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
