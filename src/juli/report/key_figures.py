"""The few numbers that a plan is known by."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np

from juli.plan.account import LineEnergy, consumption_kw, line_energy
from juli.plan.result import Category, Plan
from juli.plant.demand import Demand
from juli.plant.factory import Plant
from juli.plant.work import Work
from juli.report.tables import LeadTimes, late_orders_table, lead_times, set_lead_times


@dataclass(frozen=True)
class KeyFigures:
    """A plan at a glance.

    Parameters
    ----------
    orders, late_orders, worst_late_hours
        How many orders there are, how many are late, and by how much the worst of them [h].
    lead_times
        Of the sets' parts; None when nothing is made.
    set_lead_times
        Of the sets from their first operation to their last, such as cut to test; None when nothing is made.
    lines
        Energy and sets of each line.
    consumption_kwh, import_kwh, export_kwh, solar_available_kwh, solar_used_kwh, discharged_kwh
        Energy over the plan [kWh].
    import_kwh_by_period
        Import by price period [kWh].
    peak_kw, peak_at
        Highest import of a settlement slot, and when it begins.
    self_consumption, self_sufficiency
        Share of the available solar energy that is used here, and share of the consumption that is not
        imported; None where there is no solar energy or no consumption.
    battery_cycles
        Discharged energy over the battery's size; None without a battery.
    co2_kg
        Of the imported energy, at the grid's emission factor; None where the plant names none.
    trips, km
        Trucks' rounds and their length.
    """

    orders: int
    late_orders: int
    worst_late_hours: float
    lead_times: LeadTimes | None
    set_lead_times: LeadTimes | None
    lines: tuple[LineEnergy, ...]
    consumption_kwh: float
    import_kwh: float
    export_kwh: float
    solar_available_kwh: float
    solar_used_kwh: float
    discharged_kwh: float
    import_kwh_by_period: dict[str, float]
    peak_kw: float
    peak_at: datetime
    self_consumption: float | None
    self_sufficiency: float | None
    battery_cycles: float | None
    co2_kg: float | None
    trips: int
    km: float


def key_figures(plant: Plant, demand: Demand, plan: Plan, work: Work) -> KeyFigures:
    """Add the key figures up from the plan."""
    hours = plan.settlement.step_hours
    dispatch = plan.dispatch
    late = late_orders_table(demand, plan, work)["hours_late"]
    import_kw = np.maximum(dispatch.grid_kw, 0.0)
    export_kw = np.maximum(-dispatch.grid_kw, 0.0)
    consumption_kwh = float(consumption_kw(plant, demand, plan.runs, work).sum() * hours)
    available_kwh = float(demand.forecast.solar_kw.sum() * hours)
    used_here_kwh = float(np.maximum(dispatch.solar_kw - export_kw, 0.0).sum() * hours)
    import_kwh = float(import_kw.sum() * hours)
    discharged_kwh = float(np.maximum(dispatch.battery_kw, 0.0).sum() * hours)
    factor = plant.grid.co2_kg_per_kwh
    size_kwh = plant.battery.energy_kwh if plant.battery else 0.0
    peak_slot = int(np.argmax(import_kw))
    return KeyFigures(
        orders=len(demand.orders),
        late_orders=len(late),
        worst_late_hours=float(late[0]) if len(late) else 0.0,
        lead_times=lead_times(demand, plan, work),
        set_lead_times=set_lead_times(demand, plan, work),
        lines=line_energy(plant, demand, work, plan.runs),
        consumption_kwh=consumption_kwh,
        import_kwh=import_kwh,
        export_kwh=float(export_kw.sum() * hours),
        solar_available_kwh=available_kwh,
        solar_used_kwh=float(dispatch.solar_kw.sum() * hours),
        discharged_kwh=discharged_kwh,
        import_kwh_by_period={
            line.item: line.quantity for line in plan.bill.lines if line.category is Category.ENERGY
        },
        peak_kw=float(import_kw[peak_slot]),
        peak_at=plan.settlement.time_of(peak_slot),
        self_consumption=used_here_kwh / available_kwh if available_kwh else None,
        self_sufficiency=max(1 - import_kwh / consumption_kwh, 0.0) if consumption_kwh else None,
        battery_cycles=discharged_kwh / size_kwh if size_kwh else None,
        co2_kg=None if factor is None else import_kwh * factor,
        trips=len(plan.trips),
        km=sum(line.quantity for line in plan.bill.lines if line.category is Category.TRANSPORT),
    )
