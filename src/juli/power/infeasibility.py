"""Why nothing keeps all limits: the first slot that can't be passed, and the values that rule it out."""

import numpy as np

from juli.power.problem import DispatchProblem
from juli.power.slot_cost import Site, site_of


def explain(problem: DispatchProblem, found_slot: int) -> str:
    """Say in which slot the limits leave nothing, and what they are.

    Going forward with the least and the most that can be stored, the first slot without a way on is named.
    ``found_slot`` is named where rounding hides it.
    """
    site = site_of(problem)
    least = most = site.stored_low[0]
    for slot in range(problem.slots):
        floor, ceiling = site.stored_low[slot + 1], site.stored_high[slot + 1]
        if floor > ceiling:
            return f"slot {slot}: stored energy must be at least {floor:g} and at most {ceiling:g} kWh"
        low_kw, high_kw = _power_range(problem, site, slot)
        if low_kw > high_kw + site.tiny_kw:
            return _explain_power(problem, site, slot)
        left_least = max(least * site.kept - site.loss_kwh, 0.0) + _stored(site, high_kw)
        left_most = max(most * site.kept - site.loss_kwh, 0.0) + _stored(site, low_kw)
        if left_most < floor - site.tiny_kwh or left_least > ceiling + site.tiny_kwh:
            return (
                f"slot {slot}: stored energy must end between {floor:g} and {ceiling:g} kWh, but can only "
                f"reach {left_least:g} to {left_most:g} kWh with battery power from {low_kw:g} to "
                f"{high_kw:g} kW"
            )
        least, most = max(left_least, floor), min(left_most, ceiling)
    return f"slot {found_slot}: the limits on grid, battery and stored energy leave nothing"


def _power_range(problem: DispatchProblem, site: Site, slot: int) -> tuple[float, float]:
    """The battery powers that keep the limits of grid and battery in a slot [kW]."""
    load = problem.consumption_kw[slot]
    low = max(site.low_kw[slot], load - site.import_limit_kw[slot] - site.solar_kw[slot])
    high = min(site.high_kw[slot], load + site.export_limit_kw[slot])
    return float(low), float(high)


def _stored(site: Site, power_kw: float) -> float:
    energy = -power_kw * site.step_hours
    return energy * site.charge_efficiency if energy > 0 else energy / site.discharge_efficiency


def _explain_power(problem: DispatchProblem, site: Site, slot: int) -> str:
    load, sun = problem.consumption_kw[slot], site.solar_kw[slot]
    low, high = site.low_kw[slot], site.high_kw[slot]
    if low > high:
        return f"slot {slot}: battery power must be at least {low:g} and at most {high:g} kW"
    if load - high > site.import_limit_kw[slot] + sun:
        return (
            f"slot {slot}: consumption of {load:g} kW exceeds import limit {site.import_limit_kw[slot]:g} + "
            f"solar {sun:g} + discharge {high:g} kW"
        )
    if np.isfinite(site.export_limit_kw[slot]) and load - low < -site.export_limit_kw[slot]:
        return (
            f"slot {slot}: consumption of {load:g} kW must export more than the limit of "
            f"{site.export_limit_kw[slot]:g} kW although the battery takes {-low:g} kW"
        )
    return f"slot {slot}: the limits on grid and battery leave nothing for a consumption of {load:g} kW"
