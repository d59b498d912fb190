"""What one slot costs as a function of the battery's charge: convex, piecewise linear, compiled.

Let ``need`` be what grid and solar must give, consumption less the battery's power [kW]. Its cost has a
corner where export turns to import, at the cap of the demand charge and at the edges of the declared band;
solar that is not worth using is left, so the cost's slope passes through zero over a stretch as long as the
solar. With the battery's efficiencies and wear this becomes a cost of the change in stored energy, in pieces
of constant slope.
"""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from juli.power.problem import Battery, DispatchProblem, Floats

#: A slot has at most so many pieces with a declared schedule, and without one.
MOST_PIECES = 12
PLAIN_PIECES = 8
#: Room for a slot's corners, and behind them for the four that are being sorted: nothing is allocated here.
CORNER_ROOM = MOST_PIECES + 4


class Site(NamedTuple):
    """A dispatch problem as the compiled programs take it: all but the consumption.

    Series have shape ``(slots,)``; ``stored_low`` and ``stored_high`` have shape ``(slots + 1,)``: the bounds
    before each slot and after the last. ``band_low_kw`` and its companions are empty where there is no
    declared schedule.
    """

    step_hours: float
    solar_kw: Floats
    buy: Floats
    sell: Floats
    import_limit_kw: Floats
    export_limit_kw: Floats
    low_kw: Floats
    high_kw: Floats
    stored_low: Floats
    stored_high: Floats
    band_low_kw: Floats
    band_high_kw: Floats
    over_price: Floats
    under_price: Floats
    period: NDArray[np.int64]
    demand_price: Floats
    kept: float
    loss_kwh: float
    charge_efficiency: float
    discharge_efficiency: float
    wear: float
    end_value: float
    #: Levels and powers that differ by less are the same but for rounding. A level that near to a kink is
    #: at the kink, or the duals contradict each other.
    tiny_kwh: float
    tiny_kw: float


def site_of(problem: DispatchProblem) -> Site:
    """Prepare a problem for the compiled programs."""
    battery = problem.battery or Battery(0, 0, 0, 1, 1)
    low = np.maximum(problem.battery_min_kw, -battery.charge_kw)
    high = np.minimum(problem.battery_max_kw, battery.discharge_kw)
    stored_low = np.empty(problem.slots + 1)
    stored_high = np.empty(problem.slots + 1)
    stored_low[0] = stored_high[0] = battery.start_kwh
    np.maximum(problem.stored_min_kwh, 0.0, out=stored_low[1:])
    np.minimum(problem.stored_max_kwh, battery.energy_kwh, out=stored_high[1:])
    stored_low[-1] = max(stored_low[-1], battery.end_kwh)
    nothing = np.zeros(0)
    if problem.declared_kw is None:
        band_low, band_high, over, under = nothing, nothing, nothing, nothing
    else:
        band_low = problem.declared_kw - problem.declared_band_kw
        band_high = problem.declared_kw + problem.declared_band_kw
        over, under = problem.over_price, problem.under_price
    whole = battery.energy_kwh + (battery.charge_kw + battery.discharge_kw) * problem.step_hours
    power = float(np.abs(problem.consumption_kw).max()) + float(problem.solar_kw.max())
    buy, sell = problem.buy, problem.sell
    if np.any(sell > buy):
        # Where only import or only export can be reached, the other's price is put out of the way.
        imports = problem.consumption_kw - high - problem.solar_kw >= 0
        imports |= problem.export_limit_kw == 0
        exports = (problem.consumption_kw - low <= 0) | (problem.import_limit_kw == 0)
        sell = np.where(imports, np.minimum(sell, buy), sell)
        buy = np.where(exports & ~imports, np.maximum(sell, buy), buy)
    prepared = Site(
        step_hours=problem.step_hours,
        solar_kw=problem.solar_kw,
        buy=buy,
        sell=sell,
        import_limit_kw=problem.import_limit_kw,
        export_limit_kw=problem.export_limit_kw,
        low_kw=low,
        high_kw=high,
        stored_low=stored_low,
        stored_high=stored_high,
        band_low_kw=band_low,
        band_high_kw=band_high,
        over_price=over,
        under_price=under,
        period=problem.demand_period,
        demand_price=problem.demand_price,
        kept=(1 - battery.self_discharge_per_hour) ** problem.step_hours,
        loss_kwh=battery.standing_loss_kw * problem.step_hours,
        charge_efficiency=battery.charge_efficiency,
        discharge_efficiency=battery.discharge_efficiency,
        wear=battery.wear_per_kwh,
        end_value=problem.end_value_per_kwh,
        tiny_kwh=1e-11 * whole,
        tiny_kw=1e-11 * (battery.charge_kw + battery.discharge_kw + power),
    )
    for member in prepared:
        if isinstance(member, np.ndarray):
            # One kind of array (read-only) is one compiled program.
            member.flags.writeable = False
    return prepared


def bent_slots(site: Site, consumption_kw: Floats | None = None) -> NDArray[np.bool_]:
    """Slots whose cost is not convex in the change of stored energy.

    Either selling pays more than buying costs, and both can be reached; or a need more is paid for so well
    that losing energy pays: then doing nothing costs more than charging a little and discharging a
    little do on average.

    Parameters
    ----------
    consumption_kw
        Shape ``(slots,)`` [kW]; without it, slots that are bent for some consumption.
    """
    bent: NDArray[np.bool_] = site.sell > site.buy
    lost = 1 / site.charge_efficiency - site.discharge_efficiency
    if lost > 0 and (len(site.band_low_kw) > 0 or min(site.buy.min(), site.sell.min()) < 0):
        slope = np.minimum(site.buy, site.sell)
        if consumption_kw is not None:
            slope = np.where(consumption_kw > 0, site.buy, slope)
        if len(site.band_low_kw) > 0:
            slope = slope - site.under_price
        free = (site.low_kw < 0) & (site.high_kw > 0)
        bent = bent | (free & (-slope * lost > 2 * site.wear))
    return bent


@njit(cache=True, nogil=True, error_model="numpy")
def exchange_cost(
    grid_kw: float,
    hours: float,
    buy: float,
    sell: float,
    cap_kw: float,
    extra: float,
    band_low_kw: float,
    band_high_kw: float,
    under: float,
    over: float,
) -> float:
    """Cost of a grid exchange: energy, excess over the cap, deviation from the declared band [money]."""
    price = grid_kw * (buy if grid_kw > 0.0 else sell)
    if extra > 0.0:
        price += max(grid_kw - cap_kw, 0.0) * extra
    if over > 0.0:
        price += max(grid_kw - band_high_kw, 0.0) * over
    if under > 0.0:
        price += max(band_low_kw - grid_kw, 0.0) * under
    return price * hours


@njit(cache=True, nogil=True, error_model="numpy")
def need_cost(
    need_kw: float,
    sun_kw: float,
    hours: float,
    buy: float,
    sell: float,
    import_limit_kw: float,
    export_limit_kw: float,
    cap_kw: float,
    extra: float,
    band_low_kw: float,
    band_high_kw: float,
    under: float,
    over: float,
) -> float:
    """Cost of a need with the best use of the solar [money]."""
    low = max(need_kw - sun_kw, -export_limit_kw)
    if under == 0.0 and over == 0.0 and sell >= 0.0 and buy >= 0.0:
        if low <= 0.0:
            return low * sell * hours
        return (low * buy + max(low - cap_kw, 0.0) * extra) * hours
    high = max(min(need_kw, import_limit_kw), low)
    least = np.inf
    for grid in (low, high, 0.0, cap_kw, band_low_kw, band_high_kw):
        inside = min(max(grid, low), high)
        least = min(
            least,
            exchange_cost(inside, hours, buy, sell, cap_kw, extra, band_low_kw, band_high_kw, under, over),
        )
    return least


@njit(cache=True, nogil=True, error_model="numpy")
def need_slopes(
    sun_kw: float,
    buy: float,
    sell: float,
    import_limit_kw: float,
    export_limit_kw: float,
    cap_kw: float,
    extra: float,
    band_low_kw: float,
    band_high_kw: float,
    under: float,
    over: float,
    corner_kw: Floats,
    slope: Floats,
) -> int:
    """Write the corners of the cost of a need, and its slopes from left to right [money/kWh].

    ``extra`` is the price of a kWh above the cap (0: no cap). Returns the number of corners; ``slope`` has
    one entry more. Selling must not pay more than buying costs where both can be reached.
    """
    if under == 0.0 and over == 0.0 and sell >= 0.0 and buy >= 0.0:
        count = 0
        slope[0] = 0.0
        if export_limit_kw < np.inf:
            corner_kw[0] = sun_kw - export_limit_kw
            count = 1
        slope[count] = sell
        corner_kw[count] = sun_kw
        count += 1
        slope[count] = buy
        if extra > 0.0:
            corner_kw[count] = cap_kw + sun_kw
            count += 1
            slope[count] = buy + extra
        return count
    return _slopes_in_general(
        sun_kw,
        buy,
        sell,
        import_limit_kw,
        export_limit_kw,
        cap_kw,
        extra,
        band_low_kw,
        band_high_kw,
        under,
        over,
        corner_kw,
        slope,
    )


@njit(cache=True, nogil=True, error_model="numpy")
def _slopes_in_general(
    sun_kw: float,
    buy: float,
    sell: float,
    import_limit_kw: float,
    limit_kw: float,
    cap_kw: float,
    extra: float,
    band_low_kw: float,
    band_high_kw: float,
    under: float,
    over: float,
    corner_kw: Floats,
    slope: Floats,
) -> int:
    """Corners of the exchange's cost in order; those with a positive slope lie the solar further right."""
    at, rise = corner_kw[MOST_PIECES:CORNER_ROOM], slope[MOST_PIECES:CORNER_ROOM]
    corners = 0
    for kw, step in ((0.0, buy - sell), (cap_kw, extra), (band_low_kw, under), (band_high_kw, over)):
        if step == 0.0:
            continue
        place = corners
        while place > 0 and at[place - 1] > kw:
            at[place], rise[place] = at[place - 1], rise[place - 1]
            place -= 1
        at[place], rise[place] = kw, step
        corners += 1
    left = sell - under
    corner = 0
    while corner < corners and at[corner] <= -limit_kw:
        left += rise[corner]
        corner += 1
    count = 0
    slope[0] = left
    if left > 0.0 and limit_kw < np.inf:
        corner_kw[0] = sun_kw - limit_kw
        slope[0], slope[1] = 0.0, left
        count = 1
    while corner < corners and at[corner] < import_limit_kw:
        right = left + rise[corner]
        if left < 0.0:
            corner_kw[count] = at[corner]
            count += 1
            slope[count] = min(right, 0.0)
        if right > 0.0:
            corner_kw[count] = at[corner] + sun_kw
            count += 1
            slope[count] = right
        left = right
        corner += 1
    if left < 0.0 and import_limit_kw < np.inf:
        # Import earns but can't grow: more need is met by the solar that was left.
        corner_kw[count] = import_limit_kw
        count += 1
        slope[count] = 0.0
    return count


@njit(cache=True, nogil=True, error_model="numpy")
def add_pieces(
    low_kw: float,
    high_kw: float,
    consumption_kw: float,
    corners: int,
    corner_kw: Floats,
    need_slope: Floats,
    hours: float,
    charge_efficiency: float,
    discharge_efficiency: float,
    wear: float,
    tiny_kwh: float,
    piece_slope: Floats,
    piece_kwh: Floats,
    first: int,
) -> int:
    """Write the slot's pieces from ``first`` on, slopes rising; returns how many.

    Pieces of the same slope, or out of order by rounding, become one.
    """
    last = first
    at = low_kw
    for corner in range(corners + 1):
        end = high_kw
        if corner < corners and corner_kw[corner] < high_kw:
            end = corner_kw[corner]
        while at < end:
            if at < consumption_kw:
                upto = min(end, consumption_kw)
                energy = (upto - at) * hours / discharge_efficiency
                slope = need_slope[corner] * discharge_efficiency - wear
            else:
                upto = end
                energy = (upto - at) * hours * charge_efficiency
                slope = need_slope[corner] / charge_efficiency + wear
            at = upto
            if energy <= tiny_kwh:
                continue
            while last > first and slope <= piece_slope[last - 1]:
                last -= 1
                together = energy + piece_kwh[last]
                slope += (piece_slope[last] - slope) * (piece_kwh[last] / together)
                energy = together
            piece_slope[last] = slope
            piece_kwh[last] = energy
            last += 1
    return last - first
