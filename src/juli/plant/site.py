"""Where electricity comes from, and where the trucks go."""

from typing import Any

from pydantic import Field, model_validator

from juli.plant.calendar import WEEKDAYS, Hours, Weekday
from juli.plant.model import BilingualName, Description, Fraction, Identifier, NonNegative, Positive
from juli.plant.tariffs.demand_rules import DemandMode


class GridConnection(Description):
    """The contract with the grid: tariff, limits, and what this month has already cost."""

    tariff: str | dict[str, Any] = Field(description="a tariff's name, a file beside this one, or the tariff")
    sell_per_kwh: float | None = Field(None, description="paid for export, where the tariff doesn't say")
    import_limit_kw: Positive | None = None
    export_limit_kw: NonNegative | None = None
    peak_so_far_kw: NonNegative = Field(0.0, description="highest import of this billing month so far")
    demand_mode: DemandMode | None = Field(
        None, description="which of a two-part tariff's charges was chosen"
    )
    contract_kw: Positive | None = None
    capacity_kva: Positive | None = None
    co2_kg_per_kwh: NonNegative | None = Field(
        None, description="emission factor of the grid, for CO₂ of the import"
    )
    co2_year: int | None = Field(
        None, ge=1990, le=2100, description="the year that the emission factor is of; shown beside it"
    )


class SolarPlant(Description):
    """Photovoltaics behind the meter; its forecast is the column ``solar_kw``."""

    capacity_kw: Positive


class BatterySystem(Description):
    """A battery behind the meter.

    Charging 1 kWh stores ``charge_efficiency`` kWh; delivering 1 kWh takes ``1 / discharge_efficiency``
    kWh from the store. Over a slot stored energy first becomes
    ``(1 - self_discharge_per_hour) ** step_hours`` of itself less ``standing_loss_kw * step_hours``.
    """

    charge_kw: NonNegative = Field(description="highest charging power, on the plant's side of the losses")
    discharge_kw: NonNegative = Field(description="highest discharging power, on the plant's side")
    energy_kwh: NonNegative = Field(description="stored energy when full")
    charge_efficiency: Fraction = Field(1.0, gt=0)
    discharge_efficiency: Fraction = Field(1.0, gt=0)
    self_discharge_per_hour: Fraction = Field(0.0, lt=1)
    standing_loss_kw: NonNegative = 0.0
    wear_per_kwh: NonNegative = Field(0.0, description="money per kWh of change in stored energy, up or down")
    start_kwh: NonNegative = Field(0.0, description="stored energy when the plan begins")
    end_kwh: NonNegative = Field(0.0, description="stored energy that the plan leaves at least")

    @model_validator(mode="after")
    def _inside(self) -> "BatterySystem":
        for key, level_kwh in (("start_kwh", self.start_kwh), ("end_kwh", self.end_kwh)):
            if level_kwh > self.energy_kwh:
                raise ValueError(
                    f"{key} {level_kwh:g} is above the battery's size, energy_kwh {self.energy_kwh:g}"
                )
        return self


class Site(Description):
    """A customer's place, or any other that trucks go to."""

    id: Identifier
    name: BilingualName | None = None
    junction: str = Field(description="a junction of the road map")
    receives: Hours = Field(
        Hours.model_validate({"from": "08:00", "to": "18:00"}), description="unloading begins within"
    )
    receiving_days: tuple[Weekday, ...] = WEEKDAYS
    unload_minutes: NonNegative = 20.0


class Truck(Description):
    """A truck with its driver."""

    id: Identifier
    capacity_kg: Positive
    capacity_m3: Positive
    gross_weight_t: Positive = 12.0
    height_m: Positive = 3.8
    width_m: Positive = 2.5
    works: Hours = Hours.model_validate({"from": "07:00", "to": "18:00"})
    working_days: tuple[Weekday, ...] = WEEKDAYS[:6]
    cost_per_km: NonNegative = 0.0
    wage_per_hour: NonNegative = Field(0.0, description="driver's hour away from the plant")


class Transport(Description):
    """Deliveries: the road map, where the plant stands on it, the customers and the trucks."""

    roads: str = Field("roads.geojson", description="road map beside plant.yaml")
    home: str = Field(description="the junction at the plant's gate")
    loading_minutes: NonNegative = Field(
        20.0, description="between an order's completion and a truck's leaving"
    )
    sites: tuple[Site, ...] = Field(min_length=1)
    trucks: tuple[Truck, ...] = Field(min_length=1)
