"""The products: what each is made of, and the operations that make it."""

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from juli.plant.cutting import Cut
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
    minutes_per_unit: NonNegative = Field(
        description="work on one unit at speed 1; 0 where batch_minutes says it all"
    )
    setup_minutes: NonNegative = Field(0.0, description="before the first unit of a lot")
    pausable: bool = Field(False, description="may rest over breaks and nights, and go on after")
    family: Identifier | None = Field(
        None, description="die, tool or colour: what machines are set up for, and what shares a batch"
    )
    batch_minutes: NonNegative | None = Field(
        None, description="one load of a batching machine, however full; then minutes_per_unit is not used"
    )
    load_per_unit: NonNegative = Field(1.0, description="room that one unit takes in a batching machine")
    cuts: tuple[Cut, ...] = Field(
        (), description="what it cuts from bars for one unit; planned where there is a `stock.csv`"
    )
    needs: dict[Identifier, Annotated[int, Field(ge=1, le=1_000_000)]] = Field(
        default_factory=dict, description="resource or skill: how many while it runs"
    )
    least_wait_minutes: NonNegative = Field(0.0, description="after the end of what goes into it: drying")
    most_wait_minutes: NonNegative | None = Field(
        None, description="it starts no longer than so after the end of each thing that goes into it"
    )


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
    lead_price_per_hour: NonNegative = Field(
        0.0, description="what an hour from an order's release to its completion costs"
    )
    weight_kg: NonNegative = 0.0
    volume_m3: NonNegative = 0.0
