"""The rules of the electricity: balance, battery, solar and the connection to the grid."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from juli.core.grid import TimeGrid
from juli.core.units import ENERGY_TOLERANCE_KWH, POWER_TOLERANCE_KW, balance_error_kw
from juli.plan.account import consumption_kw
from juli.plan.checking.violation import Violation
from juli.plan.result import Dispatch, Run
from juli.plant.demand import Demand
from juli.plant.factory import Plant
from juli.plant.site import BatterySystem, GridConnection
from juli.plant.work import Work


def electricity_violations(
    plant: Plant, demand: Demand, work: Work, runs: tuple[Run, ...], dispatch: Dispatch
) -> Iterator[Violation]:
    """Every broken rule of the electricity."""
    slots = demand.settlement.slots
    shapes = {array.shape for array in (dispatch.grid_kw, dispatch.solar_kw, dispatch.battery_kw)}
    if shapes != {(slots,)} or dispatch.stored_kwh.shape != (slots + 1,):
        yield Violation("dispatch_shape", "dispatch", 1, f"the dispatch does not have {slots} slots")
        return
    yield from balance(demand.settlement, consumption_kw(plant, demand, runs, work), dispatch)
    yield from solar_available(demand, dispatch)
    yield from import_limit(demand.settlement, plant.grid, dispatch)
    yield from export_limit(demand.settlement, plant.grid, dispatch)
    if plant.battery is None:
        yield from no_battery(demand.settlement, dispatch)
    else:
        yield from battery_power(demand.settlement, plant.battery, dispatch)
        yield from battery_level(demand.settlement, plant.battery, dispatch)
        yield from battery_energy(demand.settlement, plant.battery, dispatch)
        yield from battery_ends(demand.settlement, plant.battery, dispatch)


def balance(grid: TimeGrid, load_kw: NDArray[np.float64], dispatch: Dispatch) -> Iterator[Violation]:
    """In every slot, grid, solar and battery together are what the plant draws."""
    error = np.abs(balance_error_kw(dispatch.grid_kw, dispatch.solar_kw, dispatch.battery_kw, load_kw))
    yield from _worst("balance", grid, error, POWER_TOLERANCE_KW, "kW is missing or too much")


def solar_available(demand: Demand, dispatch: Dispatch) -> Iterator[Violation]:
    """Solar power used is neither negative nor more than there is."""
    excess = np.maximum(dispatch.solar_kw - demand.forecast.solar_kw, -dispatch.solar_kw)
    yield from _worst(
        "solar_available", demand.settlement, excess, POWER_TOLERANCE_KW, "kW more solar than there is"
    )


def import_limit(grid: TimeGrid, connection: GridConnection, dispatch: Dispatch) -> Iterator[Violation]:
    """Import stays within the connection's limit."""
    if connection.import_limit_kw is not None:
        excess = dispatch.grid_kw - connection.import_limit_kw
        yield from _worst("import_limit", grid, excess, POWER_TOLERANCE_KW, "kW above the import limit")


def export_limit(grid: TimeGrid, connection: GridConnection, dispatch: Dispatch) -> Iterator[Violation]:
    """Export stays within the connection's limit."""
    if connection.export_limit_kw is not None:
        excess = -dispatch.grid_kw - connection.export_limit_kw
        yield from _worst("export_limit", grid, excess, POWER_TOLERANCE_KW, "kW above the export limit")


def no_battery(grid: TimeGrid, dispatch: Dispatch) -> Iterator[Violation]:
    """A plant without a battery draws nothing from one."""
    yield from _worst(
        "no_battery", grid, np.abs(dispatch.battery_kw), POWER_TOLERANCE_KW, "kW from no battery"
    )


def battery_power(grid: TimeGrid, battery: BatterySystem, dispatch: Dispatch) -> Iterator[Violation]:
    """The battery charges and discharges within its power."""
    excess = np.maximum(dispatch.battery_kw - battery.discharge_kw, -dispatch.battery_kw - battery.charge_kw)
    yield from _worst("battery_power", grid, excess, POWER_TOLERANCE_KW, "kW above the battery's power")


def battery_level(grid: TimeGrid, battery: BatterySystem, dispatch: Dispatch) -> Iterator[Violation]:
    """Stored energy stays between empty and full."""
    excess = np.maximum(-dispatch.stored_kwh, dispatch.stored_kwh - battery.energy_kwh)
    yield from _worst("battery_level", grid, excess, ENERGY_TOLERANCE_KWH, "kWh below empty or above full")


def battery_energy(grid: TimeGrid, battery: BatterySystem, dispatch: Dispatch) -> Iterator[Violation]:
    """Stored energy is what was stored before, less self-discharge, plus what came in or went out."""
    hours = grid.step_hours
    kept = dispatch.stored_kwh[:-1] * (1 - battery.self_discharge_per_hour) ** hours
    kept = np.maximum(kept - battery.standing_loss_kw * hours, 0.0)
    charged = np.maximum(-dispatch.battery_kw, 0.0) * hours * battery.charge_efficiency
    discharged = np.maximum(dispatch.battery_kw, 0.0) * hours / battery.discharge_efficiency
    error = np.abs(dispatch.stored_kwh[1:] - (kept + charged - discharged))
    yield from _worst(
        "battery_energy", grid, error, ENERGY_TOLERANCE_KWH, "kWh of stored energy from nowhere"
    )


def battery_ends(grid: TimeGrid, battery: BatterySystem, dispatch: Dispatch) -> Iterator[Violation]:
    """The battery begins with what it holds, and ends with what is to be left in it."""
    wrong_start = abs(float(dispatch.stored_kwh[0]) - battery.start_kwh)
    if wrong_start > ENERGY_TOLERANCE_KWH:
        yield Violation(
            "battery_ends",
            str(grid.start),
            wrong_start,
            f"the battery begins {wrong_start:g} kWh off its start_kwh",
        )
    missing = battery.end_kwh - float(dispatch.stored_kwh[-1])
    if missing > ENERGY_TOLERANCE_KWH:
        yield Violation(
            "battery_ends", str(grid.end), missing, f"the battery ends {missing:g} kWh below its end_kwh"
        )


def _worst(
    rule: str, grid: TimeGrid, excess: NDArray[np.float64], tolerance: float, what: str
) -> Iterator[Violation]:
    """One violation for all slots that break a rule, named by the worst; NaN breaks every rule."""
    broken = ~(excess <= tolerance)
    if broken.any():
        slot = int(np.argmax(np.where(np.isnan(excess), np.inf, excess)))
        amount = float(excess[slot])
        moment = grid.time_of(slot).isoformat()
        yield Violation(
            rule, moment, amount, f"at {moment} {amount:g} {what} ({int(broken.sum())} slots in all)"
        )
