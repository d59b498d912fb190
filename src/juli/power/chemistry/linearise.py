"""From physics to the linear battery that a dispatch plans with."""

from dataclasses import replace
from typing import Final

import numpy as np

from juli.core.errors import InputError
from juli.power.chemistry import cell
from juli.power.chemistry.electrochemical import Chemistry
from juli.power.chemistry.state import State
from juli.power.problem import Battery

#: Charge is walked from end to end in about so many steps to measure the efficiencies.
_STEPS: Final = 400


def linearise(
    chemistry: Chemistry,
    temperature_celsius: float,
    *,
    state: State | None = None,
    power_share: float = 0.6,
    replacement_money: float = 0.0,
    standing_loss: bool = True,
    start_kwh: float = 0.0,
    end_kwh: float = 0.0,
) -> Battery:
    """The linear battery that behaves like the physical one at a temperature.

    Efficiencies are those of one full charge and one full discharge at constant temperature and power,
    without self-discharge; self-discharge is the line through its values at empty and full, which is
    exact where it is proportional to the hydrogen pressure and the voltage is flat.

    Parameters
    ----------
    chemistry
        The physical battery.
    temperature_celsius
        Temperature of its cells [°C].
    state
        How far it has aged; None: new.
    power_share
        Share of the rated power at which the efficiencies are measured, in (0, 1].
    replacement_money
        What a new battery costs; spread over the full cycles that end its life, it prices the wear.
    standing_loss
        Whether the little that even an empty vessel's gas would discharge is a loss of its own. Without it
        self-discharge is the line through nothing and the value at full, which differs by a twentieth of the
        self-discharge at most, and dispatches much faster, since a loss that ends at empty is not convex.
    start_kwh, end_kwh
        Stored energy at the beginning and least stored energy at the end [kWh].

    Raises
    ------
    InputError
        If the battery may not run at this temperature.
    """
    coldest = max(chemistry.coldest_celsius, chemistry.coldest_charge_celsius)
    if not coldest <= temperature_celsius <= chemistry.hottest_celsius:
        raise InputError(
            f"temperature_celsius: {temperature_celsius} °C lies outside {coldest} to "
            f"{chemistry.hottest_celsius} °C, where {chemistry.name} charges -> choose one inside"
        )
    aged = replace(state or State(), celsius=temperature_celsius, turns=())
    capacity = chemistry.capacity_share(aged)
    energy_kwh = capacity * chemistry.energy_kwh
    # What ages during the two passes would count as a loss of theirs.
    calm = replace(
        chemistry,
        self_discharge_per_hour=0.0,
        heat_capacity_kwh_per_k=1e9,
        calendar_loss_per_year=0.0,
        cycle_loss=0.0,
    )
    stored_per_taken = _stored_per_exchanged(calm, replace(aged, charge=0.0), -power_share)
    stored_per_given = _stored_per_exchanged(calm, replace(aged, charge=1.0), power_share)
    numbers = chemistry.numbers()
    zero_bar = chemistry.precharge_bar if aged.zero_bar is None else aged.zero_bar
    empty_kw, full_kw = (
        cell.self_discharge_per_hour(charge, capacity, temperature_celsius, zero_bar, numbers)
        * chemistry.energy_kwh
        for charge in (0.0, 1.0)
    )
    if not standing_loss:
        empty_kw = 0.0
    return Battery(
        charge_kw=chemistry.power_kw,
        discharge_kw=chemistry.power_kw,
        energy_kwh=energy_kwh,
        charge_efficiency=stored_per_taken,
        discharge_efficiency=1 / stored_per_given,
        self_discharge_per_hour=(full_kw - empty_kw) / energy_kwh,
        standing_loss_kw=empty_kw,
        wear_per_kwh=wear_per_kwh(chemistry, replacement_money),
        start_kwh=start_kwh,
        end_kwh=end_kwh,
    )


def wear_per_kwh(chemistry: Chemistry, replacement_money: float, depth: float = 1.0) -> float:
    """Money per kWh of change in stored energy that cycles of a depth wear off the battery.

    A battery that only cycles reaches the end of its life after so many of them; each moves its
    depth up and down once. Ageing by time costs the same whatever is dispatched, so it is no wear.
    """
    loss = 1 - chemistry.end_of_life_share
    lifetime_cycles: float = (loss / chemistry.cycle_loss) ** (1 / chemistry.cycle_exponent)
    lifetime_cycles /= depth**chemistry.cycle_depth_exponent
    return replacement_money / (lifetime_cycles * 2 * depth * chemistry.energy_kwh)


def _stored_per_exchanged(chemistry: Chemistry, state: State, power_share: float) -> float:
    """Change of stored energy per energy exchanged at the plant's side, from one end to the other."""
    power_kw = power_share * chemistry.power_kw
    hours = chemistry.energy_kwh / abs(power_kw) / _STEPS
    trace = chemistry.run(state, np.full(2 * _STEPS, power_kw), hours, state.celsius)
    changed_kwh = trace.stored_kwh[-1] - trace.stored_kwh[0]
    return float(-changed_kwh / (trace.battery_kw.sum() * hours))
