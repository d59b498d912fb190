"""The exact dispatch for given demand caps: a dynamic program on convex piecewise-linear functions, compiled.

The least cost from a slot on is a convex piecewise-linear function of the stored energy: a list of segments
sorted by slope. One step back merges the slot's pieces (:mod:`juli.power.slot_cost`) into the list and
trims it to the bounds: an infimal convolution. Of each merge only the level is kept at which a piece
stops paying: "charge this piece until the store holds so much". So the way forward needs no lists, and memory
grows with the slots alone.

Self-discharge scales a whole list: that is one factor, not a pass over it.
"""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from juli.power.problem import Floats
from juli.power.slot_cost import (
    CORNER_ROOM,
    MOST_PIECES,
    PLAIN_PIECES,
    Site,
    add_pieces,
    need_cost,
    need_slopes,
)


class Work(NamedTuple):
    """Room for one run, to be used again: a slot's pieces lie in ``[first, first + count)``."""

    first: NDArray[np.int64]
    count: NDArray[np.int64]  # type: ignore[assignment]  # hides tuple.count, which nobody calls
    least_kwh: Floats
    piece_slope: Floats
    piece_kwh: Floats
    piece_level: Floats
    corner_kw: Floats
    need_slope: Floats
    stored_kwh: Floats
    low: Floats
    high: Floats
    stored_price: Floats
    price: Floats
    slot_money: Floats
    #: Where the standing loss may empty the battery: up to this level, before the slot, the value function is
    #: a chord, on which a kWh is worth so much.
    knee_kwh: Floats
    knee_worth: Floats
    #: The segments of one value function, in the middle of more room than they can ever take.
    segment_slope: Floats
    segment_kwh: Floats


@njit(cache=True, nogil=True, error_model="numpy")
def make_work(site: Site) -> Work:
    """Allocate the room for a site's runs."""
    slots = len(site.buy)
    most = MOST_PIECES if len(site.band_low_kw) > 0 else PLAIN_PIECES
    return Work(
        np.empty(slots, np.int64),
        np.empty(slots, np.int64),
        np.empty(slots),
        np.empty(slots * most),
        np.empty(slots * most),
        np.empty(slots * most),
        np.empty(CORNER_ROOM),
        np.empty(CORNER_ROOM),
        np.empty(slots + 1),
        np.empty(slots),
        np.empty(slots),
        np.empty(slots),
        np.empty(slots),
        np.empty(slots),
        np.empty(slots if site.loss_kwh > 0.0 else 0),
        np.empty(slots if site.loss_kwh > 0.0 else 0),
        np.empty(2 * slots * (most + 1) + 4),
        np.empty(2 * slots * (most + 1) + 4),
    )


@njit(cache=True, nogil=True, error_model="numpy")
def sweep_back(
    site: Site, consumption_kw: Floats, cap_kw: Floats, extra: Floats, work: Work
) -> tuple[int, int]:
    """Build the value functions from the last slot to the first.

    ``cap_kw`` and ``extra`` have one entry per period: the cap [kW] and the price of a kWh above it.

    Returns
    -------
    (failed, steps)
        The slot in which no stored energy is feasible (-1: none); how many segments were passed.
    """
    sun_kw, buy, sell = site.solar_kw, site.buy, site.sell
    import_limit_kw, export_limit_kw = site.import_limit_kw, site.export_limit_kw
    low_kw, high_kw, period = site.low_kw, site.high_kw, site.period
    stored_low, stored_high = site.stored_low, site.stored_high
    band_low_kw, band_high_kw, under, over = (
        site.band_low_kw,
        site.band_high_kw,
        site.under_price,
        site.over_price,
    )
    hours, tiny_kwh = site.step_hours, site.tiny_kwh
    kept, loss_kwh = site.kept, site.loss_kwh
    into, out, wear = site.charge_efficiency, site.discharge_efficiency, site.wear
    pieces_slope, pieces_kwh, pieces_level = work.piece_slope, work.piece_kwh, work.piece_level
    firsts, counts, leasts_kwh = work.first, work.count, work.least_kwh
    corner_kw, need_slope = work.corner_kw, work.need_slope
    declared = len(band_low_kw) > 0

    slots = len(consumption_kw)
    seg_slope, seg_kwh = work.segment_slope, work.segment_kwh
    middle = len(seg_slope) // 2
    head = tail = middle
    low, high = stored_low[slots], stored_high[slots]
    if low > high:
        return slots - 1, 0
    scale = 1.0
    if high > low:
        seg_slope[tail] = -site.end_value
        seg_kwh[tail] = high - low
        tail += 1
    steps = 0
    first = 0
    for slot in range(slots - 1, -1, -1):
        load = consumption_kw[slot]
        sun = sun_kw[slot]
        least_need = max(load - high_kw[slot], -export_limit_kw[slot])
        most_need = min(load - low_kw[slot], import_limit_kw[slot] + sun)
        if least_need > most_need:
            if least_need > most_need + site.tiny_kw:
                return slot, steps
            most_need = least_need
        cap, above = np.inf, 0.0
        if period[slot] >= 0 and cap_kw[period[slot]] < import_limit_kw[slot]:
            cap, above = cap_kw[period[slot]], extra[period[slot]]
        if declared:
            corners = need_slopes(
                sun,
                buy[slot],
                sell[slot],
                import_limit_kw[slot],
                export_limit_kw[slot],
                cap,
                above,
                band_low_kw[slot],
                band_high_kw[slot],
                under[slot],
                over[slot],
                corner_kw,
                need_slope,
            )
        else:
            corners = need_slopes(
                sun,
                buy[slot],
                sell[slot],
                import_limit_kw[slot],
                export_limit_kw[slot],
                cap,
                above,
                0.0,
                0.0,
                0.0,
                0.0,
                corner_kw,
                need_slope,
            )
        count = add_pieces(
            least_need,
            most_need,
            load,
            corners,
            corner_kw,
            need_slope,
            hours,
            into,
            out,
            wear,
            2.0 * tiny_kwh,
            pieces_slope,
            pieces_kwh,
            first,
        )
        change = (load - least_need) * hours
        least_kwh = -change / out if change > 0.0 else -change * into
        firsts[slot] = first
        counts[slot] = count
        leasts_kwh[slot] = least_kwh
        inserted = 0.0
        for piece in range(first + count - 1, first - 1, -1):
            slope = -pieces_slope[piece] * scale
            length = pieces_kwh[piece] / scale
            passed = 0.0
            if head == tail or slope <= seg_slope[(head + tail) >> 1]:
                at = head
                while at < tail and seg_slope[at] < slope:
                    passed += seg_kwh[at]
                    at += 1
                steps += at - head + 1
                pieces_level[piece] = min(low + max(passed - inserted, 0.0) * scale, high)
                if at < tail and seg_slope[at] == slope:
                    seg_kwh[at] += length
                else:
                    head -= 1
                    for moved in range(head, at - 1):
                        seg_slope[moved] = seg_slope[moved + 1]
                        seg_kwh[moved] = seg_kwh[moved + 1]
                    seg_slope[at - 1] = slope
                    seg_kwh[at - 1] = length
            else:
                at = tail
                while at > head and seg_slope[at - 1] > slope:
                    at -= 1
                    passed += seg_kwh[at]
                steps += tail - at + 1
                pieces_level[piece] = max(high - passed * scale, low)
                if at > head and seg_slope[at - 1] == slope:
                    seg_kwh[at - 1] += length
                else:
                    for moved in range(tail, at, -1):
                        seg_slope[moved] = seg_slope[moved - 1]
                        seg_kwh[moved] = seg_kwh[moved - 1]
                    seg_slope[at] = slope
                    seg_kwh[at] = length
                    tail += 1
            inserted += length
        first += count

        low -= least_kwh + inserted * scale
        high -= least_kwh
        left_low = max(stored_low[slot] * kept - loss_kwh, 0.0)
        left_high = max(stored_high[slot] * kept - loss_kwh, 0.0)
        if low > left_high + tiny_kwh or high < left_low - tiny_kwh:
            return slot, steps
        if low < left_low:
            cut = (left_low - low) / scale
            while head < tail:
                if seg_kwh[head] > cut:
                    seg_kwh[head] -= cut
                    break
                cut -= seg_kwh[head]
                head += 1
                steps += 1
            low = left_low
        if high > left_high:
            cut = (high - left_high) / scale
            while tail > head:
                if seg_kwh[tail - 1] > cut:
                    seg_kwh[tail - 1] -= cut
                    break
                cut -= seg_kwh[tail - 1]
                tail -= 1
                steps += 1
            high = left_high
        if low > high + tiny_kwh:
            return slot, steps
        if low > high:
            low = high = min(max(low, left_low), left_high)
            head = tail
        if loss_kwh > 0.0:
            flat = loss_kwh - stored_low[slot] * kept
            knee, worth = stored_low[slot], 0.0
            if flat > 0.0 and low <= tiny_kwh:
                # What is left of so little is nothing: the function goes on level to the left. That is not
                # convex where energy has a worth, so the chord below it takes its place.
                slope, length = 0.0, min(flat, (stored_high[slot] - stored_low[slot]) * kept) / scale
                if stored_high[slot] * kept <= loss_kwh:
                    head = tail = middle
                    high = stored_high[slot] * kept - loss_kwh
                while head < tail and seg_slope[head] < slope:
                    together = length + seg_kwh[head]
                    slope += (seg_slope[head] - slope) * (seg_kwh[head] / together)
                    length = together
                    head += 1
                    steps += 1
                low = -flat
                if length > 0.0:
                    head -= 1
                    seg_slope[head] = slope
                    seg_kwh[head] = length
                    knee = (loss_kwh - flat + length * scale) / kept
                    worth = -slope / scale * kept
            work.knee_kwh[slot] = knee
            work.knee_worth[slot] = worth
            low, high = low + loss_kwh, high + loss_kwh
        if kept < 1.0:
            low, high = low / kept, high / kept
            scale /= kept
        if scale > 2.0 or slot & 1023 == 0:
            # Rounding makes the segments' lengths drift from the bounds, and self-discharge magnifies it:
            # the sum is mended before it can be seen.
            together = 0.0
            for at in range(head, tail):
                seg_slope[at] /= scale
                seg_kwh[at] *= scale
                together += seg_kwh[at]
            scale = 1.0
            if tail > head:
                seg_kwh[tail - 1] = max(seg_kwh[tail - 1] + (high - low) - together, 0.0)
    return -1, steps


@njit(cache=True, nogil=True, error_model="numpy")
def sweep_forward(site: Site, work: Work) -> None:
    """Follow the optimum from the start; writes ``work.stored_kwh`` and each slot's interval of slopes.

    ``work.low`` and ``work.high`` bound the worth of stored energy at which the slot's charge is right.
    """
    stored_low, stored_high = site.stored_low, site.stored_high
    kept, loss_kwh, near = site.kept, site.loss_kwh, site.tiny_kwh
    firsts, counts, leasts_kwh = work.first, work.count, work.least_kwh
    pieces_slope, pieces_kwh, pieces_level = work.piece_slope, work.piece_kwh, work.piece_level
    stored_kwh, lows, highs = work.stored_kwh, work.low, work.high
    stored = stored_low[0]
    stored_kwh[0] = stored
    for slot in range(len(firsts)):
        stored = max(stored * kept - loss_kwh, 0.0) + leasts_kwh[slot]
        left, right = -np.inf, np.inf
        for piece in range(firsts[slot], firsts[slot] + counts[slot]):
            room = pieces_level[piece] - stored
            if room > near:
                left = pieces_slope[piece]
            if room >= pieces_kwh[piece] - near:
                stored += pieces_kwh[piece]
                continue
            stored += max(room, 0.0)
            right = pieces_slope[piece]
            break
        if abs(stored - stored_high[slot + 1]) <= near:
            stored = stored_high[slot + 1]
        elif abs(stored - stored_low[slot + 1]) <= near:
            stored = stored_low[slot + 1]
        stored_kwh[slot + 1] = stored
        lows[slot] = left
        highs[slot] = right


@njit(cache=True, nogil=True, error_model="numpy")
def price_stored(site: Site, work: Work) -> None:
    """Write ``work.stored_price``: the worth of a kWh more in store after each slot, consistently over time.

    Backward, the worths that the rest of the path allows; forward, carry the worth on and move it as little
    as the slot demands. Where the level is strictly inside its bounds the worth only decays.
    """
    stored_low, stored_high = site.stored_low, site.stored_high
    kept, near = site.kept, site.tiny_kwh
    losing = site.loss_kwh > 0.0
    knee_kwh, knee_worth = work.knee_kwh, work.knee_worth
    stored_kwh, lows, highs, stored_price = work.stored_kwh, work.low, work.high, work.stored_price
    slots = len(lows)
    low = high = site.end_value
    for slot in range(slots - 1, -1, -1):
        stored = stored_kwh[slot + 1]
        if stored <= stored_low[slot + 1] + near:
            high = np.inf
        if stored >= stored_high[slot + 1] - near:
            low = -np.inf
        low = max(low, lows[slot])
        high = min(high, highs[slot])
        if low > high:
            low = high = 0.5 * (low + high)
        lows[slot] = low
        highs[slot] = high
        low *= kept
        high *= kept
        if losing:
            stored, knee = stored_kwh[slot], knee_kwh[slot]
            if knee > stored_low[slot]:
                if stored < knee - near:
                    low = high = knee_worth[slot]
                elif stored <= knee + near:
                    high = max(low, knee_worth[slot])
    worth = _middle(lows[0], highs[0])
    for slot in range(slots):
        worth = min(max(worth, lows[slot]), highs[slot])
        stored_price[slot] = worth
        worth /= kept


@njit(cache=True, nogil=True, error_model="numpy")
def _middle(low: float, high: float) -> float:
    """A finite number of an interval."""
    if low == -np.inf:
        return 0.0 if high == np.inf else high
    return low if high == np.inf else 0.5 * (low + high)


@njit(cache=True, nogil=True, error_model="numpy")
def price_consumption(
    site: Site, consumption_kw: Floats, cap_kw: Floats, extra: Floats, work: Work, excess: Floats
) -> float:
    """Write ``work.price``, the price of consumption [money/kWh], and ``work.slot_money``; add up the cost.

    ``excess`` has shape ``(periods,)``: for each kW less of cap, so much more cost [money/kW].
    """
    sun_kw, buy, sell = site.solar_kw, site.buy, site.sell
    import_limit_kw, export_limit_kw = site.import_limit_kw, site.export_limit_kw
    low_kw, high_kw, period = site.low_kw, site.high_kw, site.period
    band_low_kw, band_high_kw, unders, overs = (
        site.band_low_kw,
        site.band_high_kw,
        site.under_price,
        site.over_price,
    )
    hours, tiny_kwh, kept, loss_kwh = site.step_hours, site.tiny_kwh, site.kept, site.loss_kwh
    into, out, wear = site.charge_efficiency, site.discharge_efficiency, site.wear
    corner_kw, need_slope = work.corner_kw, work.need_slope
    stored_kwh, stored_price, prices = work.stored_kwh, work.stored_price, work.price
    slot_money = work.slot_money
    near_kw = tiny_kwh / hours + site.tiny_kw
    declared = len(band_low_kw) > 0
    total = 0.0
    for slot in range(len(consumption_kw)):
        worth = stored_price[slot]
        change = stored_kwh[slot + 1] - max(stored_kwh[slot] * kept - loss_kwh, 0.0)
        power = -change / (into * hours) if change > 0.0 else -change * out / hours
        # What the battery says: it would pay so much to charge, and ask so much to discharge.
        low, high = -np.inf, np.inf
        if power > low_kw[slot] + near_kw:
            low = (worth - wear) * into if change > -tiny_kwh else (worth + wear) / out
        if power < high_kw[slot] - near_kw:
            high = (worth - wear) * into if change > tiny_kwh else (worth + wear) / out
        cap, above = np.inf, 0.0
        if period[slot] >= 0 and cap_kw[period[slot]] < import_limit_kw[slot]:
            cap, above = cap_kw[period[slot]], extra[period[slot]]
        band_low, band_high, under, over = 0.0, 0.0, 0.0, 0.0
        if declared:
            band_low, band_high = band_low_kw[slot], band_high_kw[slot]
            under, over = unders[slot], overs[slot]
        need = consumption_kw[slot] - power
        if low != high:
            # What grid and solar say.
            corners = need_slopes(
                sun_kw[slot],
                buy[slot],
                sell[slot],
                import_limit_kw[slot],
                export_limit_kw[slot],
                cap,
                above,
                band_low,
                band_high,
                under,
                over,
                corner_kw,
                need_slope,
            )
            least = most = need_slope[0]
            for corner in range(corners):
                if corner_kw[corner] < need - near_kw:
                    least = most = need_slope[corner + 1]
                elif corner_kw[corner] <= need + near_kw:
                    most = need_slope[corner + 1]
            if need <= -export_limit_kw[slot] + near_kw:
                least = -np.inf
            if need >= import_limit_kw[slot] + sun_kw[slot] - near_kw:
                most = np.inf
            low, high = max(low, least), min(high, most)
        price = _middle(low, high)
        prices[slot] = price
        if above > 0.0:
            below = buy[slot]
            if declared and cap <= band_low:
                below -= under
            elif declared and cap > band_high:
                below += over
            excess[period[slot]] += min(max(price - below, 0.0), above) * hours
        money = wear * abs(change) + need_cost(
            need,
            sun_kw[slot],
            hours,
            buy[slot],
            sell[slot],
            import_limit_kw[slot],
            export_limit_kw[slot],
            cap,
            above,
            band_low,
            band_high,
            under,
            over,
        )
        slot_money[slot] = money
        total += money
    left_money: float = site.end_value * stored_kwh[-1]
    return total - left_money


@njit(cache=True, nogil=True, error_model="numpy")
def evaluate(
    site: Site, consumption_kw: Floats, cap_kw: Floats, work: Work, excess: Floats
) -> tuple[int, float, int]:
    """Dispatch for given caps, excess over which costs the demand price in every slot.

    Writes the path to ``work.stored_kwh``, prices to ``work.price`` and ``work.stored_price``, and the
    caps' worth to ``excess`` [money/kW].

    Returns
    -------
    (failed, money, steps)
        The slot in which nothing is feasible (-1: none); the cost without the caps' own; the segments passed.
    """
    excess[:] = 0.0
    extra = site.demand_price / site.step_hours
    failed, steps = sweep_back(site, consumption_kw, cap_kw, extra, work)
    if failed >= 0:
        return failed, 0.0, steps
    sweep_forward(site, work)
    price_stored(site, work)
    money = price_consumption(site, consumption_kw, cap_kw, extra, work, excess)
    return -1, money, steps
