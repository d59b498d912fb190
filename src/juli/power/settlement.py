"""Given what the battery does: the best use of grid and solar in each slot, and the cost of it all."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from juli.power.problem import Battery, Dispatch, DispatchProblem, Floats


def stored_after_losses(battery: Battery, stored_kwh: Floats, step_hours: float) -> Floats:
    """What is left of stored energy after a slot's self-discharge and standing loss, not below nothing."""
    kept = (1 - battery.self_discharge_per_hour) ** step_hours
    left: Floats = np.maximum(stored_kwh * kept - battery.standing_loss_kw * step_hours, 0.0)
    return left


def battery_power_kw(battery: Battery, change_kwh: Floats, step_hours: float) -> Floats:
    """Power on the plant's side that changes the stored energy by so much in a slot (discharge positive)."""
    given = np.minimum(change_kwh, 0.0) * -battery.discharge_efficiency
    taken = np.maximum(change_kwh, 0.0) / battery.charge_efficiency
    power: Floats = (given - taken) / step_hours
    return power


def settle(
    problem: DispatchProblem,
    stored_kwh: Floats,
    price_of_consumption: Floats,
    engine: str,
    *,
    further_kwh: Floats | None = None,
    bound: float | None = None,
    cap_kw: Floats | None = None,
    convex: bool = True,
    segment_steps: int = 0,
) -> Dispatch:
    """Account for a path of stored energy, or one of each battery.

    Parameters
    ----------
    stored_kwh
        Shape ``(slots + 1,)``: of ``problem.battery``; all zero where there is none.
    further_kwh
        Shape ``(further batteries, slots + 1)``: of ``problem.more_batteries``.
    bound
        A proven lower bound on the cost; None says that the path is proven optimal.
    cap_kw
        Shape ``(periods,)``: highest import that is worth its price; only matters where importing earns. A
        slot that earns more by a kW than the demand price goes beyond it.
    """
    paths = stored_kwh[None] if further_kwh is None else np.vstack((stored_kwh[None], further_kwh))
    powers = np.zeros((len(paths), problem.slots))
    wear_cost = 0.0
    if problem.battery is not None:
        for place, battery in enumerate((problem.battery, *problem.more_batteries)):
            path = paths[place]
            change = path[1:] - stored_after_losses(battery, path[:-1], problem.step_hours)
            powers[place] = battery_power_kw(battery, change, problem.step_hours)
            wear_cost += float(battery.wear_per_kwh * np.abs(change).sum())
    battery_kw = powers[0] if len(paths) == 1 else powers.sum(axis=0)
    stored_kwh = paths[0] if len(paths) == 1 else paths.sum(axis=0)
    period = problem.demand_period
    if cap_kw is None or not len(cap_kw):
        slot_cap, beyond_price = np.full(problem.slots, np.inf), np.zeros(problem.slots)
    else:
        worth = np.where(problem.demand_price > 0, cap_kw, np.inf)
        slot_cap = np.where(period >= 0, worth[period], np.inf)
        beyond_price = np.where(period >= 0, problem.demand_price[period], 0.0)
    declared = np.zeros(0) if problem.declared_kw is None else problem.declared_kw
    grid_kw, solar_kw, peak_kw, energy_money, deviation_money = _settle_slots(
        problem.step_hours,
        problem.consumption_kw - battery_kw,
        problem.solar_kw,
        problem.buy,
        problem.sell,
        problem.import_limit_kw,
        problem.export_limit_kw,
        declared,
        problem.declared_band_kw,
        problem.over_price,
        problem.under_price,
        slot_cap,
        beyond_price,
        period,
        len(problem.demand_price),
    )
    excess = np.maximum(peak_kw - problem.demand_free_kw, 0.0)
    demand_cost = float(excess @ problem.demand_price)
    end_value = float(problem.end_value_per_kwh * stored_kwh[-1])
    cost = energy_money + demand_cost + wear_cost + deviation_money - end_value
    moved = abs(energy_money) + demand_cost + wear_cost + deviation_money + abs(end_value)
    return Dispatch(
        cost=cost,
        energy_cost=energy_money,
        demand_cost=demand_cost,
        wear_cost=wear_cost,
        deviation_cost=deviation_money,
        end_value=end_value,
        battery_kw=battery_kw,
        stored_kwh=stored_kwh,
        solar_kw=solar_kw,
        grid_kw=grid_kw,
        peak_kw=peak_kw,
        price_of_consumption=price_of_consumption,
        engine=engine,
        exact=bound is None or cost - bound <= 1e-6 * max(1.0, moved),
        bound=cost if bound is None else min(bound, cost),
        convex=convex,
        segment_steps=segment_steps,
        each_battery_kw=powers if len(paths) > 1 else None,
        each_stored_kwh=paths if len(paths) > 1 else None,
    )


@njit(cache=True, nogil=True, error_model="numpy")
def _settle_slots(
    step_hours: float,
    need_kw: Floats,
    sun_kw: Floats,
    buy: Floats,
    sell: Floats,
    import_limit_kw: Floats,
    export_limit_kw: Floats,
    declared_kw: Floats,
    band_kw: Floats,
    over_price: Floats,
    under_price: Floats,
    cap_kw: Floats,
    beyond_price: Floats,
    period: NDArray[np.int64],
    periods: int,
) -> tuple[Floats, Floats, Floats, float, float]:
    """Choose the grid exchange between need − sun and need; every corner of its cost is tried."""
    slots = len(need_kw)
    grid_kw = np.empty(slots)
    solar_kw = np.empty(slots)
    peak_kw = np.zeros(periods)
    energy_money = 0.0
    deviation_money = 0.0
    corners = np.empty(6)
    for slot in range(slots):
        low = max(need_kw[slot] - sun_kw[slot], -export_limit_kw[slot])
        high = max(min(need_kw[slot], import_limit_kw[slot]), low)
        best_grid = low
        best_energy, best_deviation, least = np.inf, np.inf, np.inf
        count = 1
        corners[0] = low
        plain = len(declared_kw) == 0
        if not (plain and sell[slot] >= 0.0 and buy[slot] >= 0.0):
            corners[1] = min(max(cap_kw[slot], low), high)
            corners[2] = min(max(0.0, low), high)
            corners[3] = high
            count = 4
            if not plain:
                corners[4] = min(max(declared_kw[slot] - band_kw[slot], low), high)
                corners[5] = min(max(declared_kw[slot] + band_kw[slot], low), high)
                count = 6
        for corner in range(count):
            grid = corners[corner]
            energy = step_hours * grid * (buy[slot] if grid > 0.0 else sell[slot])
            deviation = 0.0
            if not plain:
                over = grid - declared_kw[slot] - band_kw[slot]
                under = declared_kw[slot] - band_kw[slot] - grid
                deviation = step_hours * (
                    max(over, 0.0) * over_price[slot] + max(under, 0.0) * under_price[slot]
                )
            money = energy + deviation
            if grid > cap_kw[slot]:
                money += beyond_price[slot] * (grid - cap_kw[slot])
            if money < least:
                best_grid, best_energy, best_deviation, least = grid, energy, deviation, money
        grid_kw[slot] = best_grid
        solar_kw[slot] = min(max(need_kw[slot] - best_grid, 0.0), sun_kw[slot])
        energy_money += best_energy
        deviation_money += best_deviation
        if period[slot] >= 0:
            peak_kw[period[slot]] = max(peak_kw[period[slot]], best_grid)
    return grid_kw, solar_kw, peak_kw, energy_money, deviation_money
