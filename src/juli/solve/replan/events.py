"""What happens to a plan: the kinds of events, and the file that they are told in."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from juli.plant.model import Description, Identifier, Moment, NonNegative, Positive
from juli.plant.reading.described_file import read_described
from juli.plant.reading.yaml_file import LocatedYaml


class MachineStop(Description):
    """A machine stands still. Work on it that may pause rests; other work that has begun is lost."""

    kind: Literal["machine_stop"]
    machine: Identifier
    start: Moment | None = Field(None, description="None: now")
    until: Moment
    reason: str = ""


class LateMaterial(Description):
    """What an order needs comes later; operations that have not begun wait for it."""

    kind: Literal["late_material"]
    order: Identifier
    product: Identifier | None = Field(None, description="only the operations that make this; None: all")
    until: Moment


class RunningLate(Description):
    """An operation that has begun will end at another time than planned."""

    kind: Literal["running_late"]
    operation: str = Field(description="its id in plan.json")
    until: Moment


class RushOrder(Description):
    """A new order."""

    kind: Literal["rush_order"]
    order: Identifier
    product: Identifier
    quantity: Positive
    due: Moment
    site: Identifier | None = None
    lateness_per_hour: NonNegative = 0.0


class Cancelled(Description):
    """An order is withdrawn; what has been made of it stays made."""

    kind: Literal["cancelled"]
    order: Identifier


class NewDue(Description):
    """An order is promised for another time."""

    kind: Literal["new_due"]
    order: Identifier
    due: Moment


class PriceChange(Description):
    """Electricity costs something else for a while."""

    kind: Literal["price"]
    start: Moment | None = Field(None, description="None: now")
    until: Moment | None = Field(None, description="None: to the end of the plan")
    buy: float | None = Field(None, description="price of import [money/kWh]; None: as forecast")
    sell: float | None = Field(None, description="price of export [money/kWh]; None: as forecast")

    @model_validator(mode="after")
    def _something(self) -> "PriceChange":
        if self.buy is None and self.sell is None:
            raise ValueError("neither buy nor sell is given; give the new price")
        return self


class RoadNotice(Description):
    """A public notice of road works."""

    kind: Literal["road_notice"]
    file: str = Field(description="a text file beside the event file")
    published: Moment


Event = Annotated[
    MachineStop | LateMaterial | RunningLate | RushOrder | Cancelled | NewDue | PriceChange | RoadNotice,
    Field(discriminator="kind"),
]


class Happenings(Description):
    """An event file: the time, what has happened by it, and how firm the old plan is."""

    now: Moment = Field(description="what began before this has happened as planned, but for the events")
    events: tuple[Event, ...] = ()
    freeze_hours: NonNegative = Field(0.0, description="what begins within so many hours stays")
    move_money: NonNegative = Field(
        10.0, description="what moving an operation that people were told costs, in the plant's currency"
    )


@dataclass(frozen=True)
class Events:
    """What has happened, and where it is written.

    Parameters
    ----------
    happenings
        The file's content.
    folder
        Where the files that it names stand.
    document, name
        For the places of problems; None where the events were not read from a file.
    """

    happenings: Happenings
    folder: Path
    document: LocatedYaml | None = None
    name: str = "events"

    def place(self, number: int, key: str) -> str:
        """Give the file and line of an event's key."""
        if self.document is None:
            return f"{self.name}[{number}].{key}"
        return f"{self.name}:{self.document.line_of(('events', number, key))}"


def read_events(path: Path) -> Events:
    """Read an event file.

    Raises
    ------
    InputError
        With everything that is wrong, by file and line.
    """
    happenings, document = read_described(path, Happenings, _keys, "docs/replanning.md")
    return Events(happenings, path.parent, document, path.name)


_KINDS: dict[str, type[Description]] = {
    "machine_stop": MachineStop,
    "late_material": LateMaterial,
    "running_late": RunningLate,
    "rush_order": RushOrder,
    "cancelled": Cancelled,
    "new_due": NewDue,
    "price": PriceChange,
    "road_notice": RoadNotice,
}


def _keys(data: object, path: tuple[str | int, ...]) -> tuple[str, ...]:
    if len(path) < 2 or not isinstance(data, dict) or not isinstance(path[1], int):
        return tuple(Happenings.model_fields)
    kind = str(data["events"][path[1]].get("kind"))
    return tuple(_KINDS[kind].model_fields) if kind in _KINDS else ("kind",)
