"""The plant: everything that stays while orders and forecasts come and go."""

from datetime import datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, field_validator, model_validator

from juli.core.grid import TimeGrid
from juli.plant.calendar import Calendar
from juli.plant.cutting import Material
from juli.plant.demand import Order
from juli.plant.machine import Machine
from juli.plant.model import BilingualName, Description, Identifier, Moment, Positive
from juli.plant.product import Product
from juli.plant.resource import Resource, Transfers
from juli.plant.site import BatterySystem, GridConnection, SolarPlant, Transport


class Planning(Description):
    """The stretch of time that is planned, where the command doesn't say otherwise."""

    start: Moment = Field(description="local time where it has no zone")
    days: int = Field(7, ge=1, le=62)
    step_minutes: int = Field(5, ge=1, description="operations begin and end on this grid")
    settlement_minutes: int = Field(15, ge=1, description="the meter's interval: prices, peaks and dispatch")

    @model_validator(mode="after")
    def _divides(self) -> "Planning":
        if self.settlement_minutes % self.step_minutes or 1440 % self.settlement_minutes:
            raise ValueError(
                f"step_minutes {self.step_minutes} must divide settlement_minutes {self.settlement_minutes}, "
                "and that must divide a day of 1440"
            )
        return self


class Plant(Description):
    """A factory as its own people describe it in ``plant.yaml``."""

    name: BilingualName
    currency: str = Field("CNY", pattern=r"^[A-Z]{3}$", description="ISO 4217 code; every amount is in it")
    time_zone: str = "Asia/Shanghai"
    planning: Planning
    calendars: dict[Identifier, Calendar] = Field(min_length=1)
    machines: tuple[Machine, ...] = Field(min_length=1)
    products: tuple[Product, ...] = Field(min_length=1)
    resources: tuple[Resource, ...] = Field((), description="people and tools that operations share")
    materials: tuple[Material, ...] = Field((), description="what comes in bars and is cut to pieces")
    transfers: Transfers | None = Field(None, description="the way between lines; None: no time at all")
    grid: GridConnection
    solar: SolarPlant | None = None
    battery: BatterySystem | None = None
    transport: Transport | None = None
    largest_load_kw: Positive | None = Field(None, description="warn when a forecast is above it")

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise ValueError(f"no time zone is called {value!r}; an example is Asia/Shanghai") from error
        return value

    @cached_property
    def machine_by_id(self) -> dict[str, Machine]:
        """The machines by their ids."""
        return {machine.id: machine for machine in self.machines}

    @cached_property
    def product_by_id(self) -> dict[str, Product]:
        """The products by their ids."""
        return {product.id: product for product in self.products}

    @cached_property
    def material_by_id(self) -> dict[str, Material]:
        """The materials by their ids."""
        return {material.id: material for material in self.materials}

    def lead_price_per_hour(self, order: Order) -> float:
        """What an hour from an order's release to its completion costs [money/h]."""
        if order.lead_price_per_hour is not None:
            return order.lead_price_per_hour
        return self.product_by_id[order.product].lead_price_per_hour

    def families_on(self, machine: str) -> list[str]:
        """The families of all steps that a machine can do."""
        steps = (step for product in self.products for step in product.routing)
        able = (step for step in steps if any(choice.machine == machine for choice in step.machines))
        return sorted({step.family for step in able if step.family is not None})

    def transfer_minutes(self, before: str, after: str) -> float:
        """How long a part travels from one machine to another."""
        if self.transfers is None:
            return 0.0
        return self.transfers.between(self.machine_by_id[before].line, self.machine_by_id[after].line)

    def settlement_grid(self, start: datetime | None = None, days: int | None = None) -> TimeGrid:
        """The meter's intervals of a planned stretch; None takes the file's own start and length."""
        begin = self.planning.start if start is None else start
        zone = ZoneInfo(self.time_zone)
        first = begin.astimezone(zone) if begin.tzinfo else begin.replace(tzinfo=zone)
        step = timedelta(minutes=self.planning.settlement_minutes)
        last = first + timedelta(days=days or self.planning.days)  # wall-clock days, whatever the clock does
        return TimeGrid(first, step, round((last.timestamp() - first.timestamp()) / step.total_seconds()))

    def schedule_grid(self, settlement: TimeGrid) -> TimeGrid:
        """The finer grid that operations begin and end on."""
        return settlement.refined(timedelta(minutes=self.planning.step_minutes))
