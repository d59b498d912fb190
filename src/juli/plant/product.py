"""The products: what each is made of, and the operations that make it."""

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from juli.plant.model import BilingualName, Description, Identifier, NonNegative, Positive


class MachineChoice(Description):
    """One machine that can do a step, with times of its own where they differ from the step's."""

    machine: Identifier
    minutes_per_unit: NonNegative | None = None
    setup_minutes: NonNegative | None = None


def _by_name(value: Any) -> Any:
    return {"machine": value} if isinstance(value, str) else value


#: Written as a machine's id, or as ``{machine: ID, minutes_per_unit: …}``.
MachineChoiceOrId = Annotated[
    MachineChoice, BeforeValidator(_by_name, json_schema_input_type=str | MachineChoice)
]


class RoutingStep(Description):
    """One operation of a routing."""

    operation: Identifier = Field(description="unique in its routing: cut, bend, weld …")
    name: BilingualName | None = None
    machines: tuple[MachineChoiceOrId, ...] = Field(min_length=1, description="any one of them does it")
    minutes_per_unit: NonNegative = Field(description="work on one unit at speed 1")
    setup_minutes: NonNegative = Field(0.0, description="before the first unit of a lot")
    pausable: bool = Field(False, description="may rest over breaks and nights, and go on after")


class Component(Description):
    """A line of a bill of materials."""

    product: Identifier
    quantity: Positive = 1.0


class Product(Description):
    """Something that is made or bought: a set, a part of one, a raw material."""

    id: Identifier
    name: BilingualName | None = None
    bill_of_materials: tuple[Component, ...] = Field((), description="what one unit is assembled from")
    routing: tuple[RoutingStep, ...] = Field((), description="in this order; empty for bought parts")
    lot_size: Positive | None = Field(None, description="largest lot; None makes an order in one lot")
    weight_kg: NonNegative = 0.0
    volume_m3: NonNegative = 0.0
