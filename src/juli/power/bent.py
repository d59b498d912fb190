"""The exact dispatch where the cost is not convex.

That is: losses at negative prices, a selling price above the buying price, or a standing loss that
stops at an empty battery.

It is the dynamic program of :mod:`juli.power.exact` on piecewise-linear functions of any shape. Such a
function is a row of convex runs; the infimal convolution of two functions is the lower envelope of the
convolutions of their runs, each of which is a merge by slope. A function is held as its corners ``x`` (n + 1
of them), and the value at the left end ``y`` and the slope ``s`` of each of its n segments.
"""

import numpy as np
from numba import njit

from juli.power.problem import Floats
from juli.power.slot_cost import Site, exchange_cost

#: Slopes that differ by less, relative to the larger, are one slope.
SAME_SLOPE = 1e-12


@njit(cache=True, nogil=True, error_model="numpy")
def _append(x: Floats, y: Floats, s: Floats, count: int, end: float, value: float, slope: float) -> int:
    """Add a segment from ``x[count]`` to ``end``, or lengthen the last one if it only goes on."""
    if count > 0 and abs(slope - s[count - 1]) <= SAME_SLOPE * (abs(slope) + abs(s[count - 1])):
        gone_on = y[count - 1] + s[count - 1] * (x[count] - x[count - 1])
        if abs(gone_on - value) <= 1e-12 * (abs(value) + abs(gone_on)):
            x[count] = end
            return count
    y[count] = value
    s[count] = slope
    x[count + 1] = end
    return count + 1


@njit(cache=True, nogil=True, error_model="numpy")
def envelope(
    x1: Floats, y1: Floats, s1: Floats, x2: Floats, y2: Floats, s2: Floats
) -> tuple[Floats, Floats, Floats]:
    """The smaller of two functions wherever either is defined; their domains touch or overlap."""
    most = 2 * (len(s1) + len(s2)) + 2
    x, y, s = np.empty(most + 1), np.empty(most), np.empty(most)
    count = 0
    first = second = 0
    at = x[0] = min(x1[0], x2[0])
    while first < len(s1) or second < len(s2):
        on_first = first < len(s1) and x1[first] <= at
        on_second = second < len(s2) and x2[second] <= at
        end = np.inf
        if first < len(s1):
            end = x1[first + 1] if on_first else x1[first]
        if second < len(s2):
            end = min(end, x2[second + 1] if on_second else x2[second])
        if on_first and on_second:
            one = y1[first] + s1[first] * (at - x1[first])
            other = y2[second] + s2[second] * (at - x2[second])
            ahead = one - other
            ahead_later = ahead + (s1[first] - s2[second]) * (end - at)
            noise = 1e-13 * (abs(one) + abs(other))
            if ahead <= noise and ahead_later <= noise:
                count = _append(x, y, s, count, end, one, s1[first])
            elif ahead >= -noise and ahead_later >= -noise:
                count = _append(x, y, s, count, end, other, s2[second])
            else:
                turn = min(max(at + ahead / (s2[second] - s1[first]), at), end)
                meet = one + s1[first] * (turn - at)
                if ahead < 0.0:
                    count = _append(x, y, s, count, turn, one, s1[first])
                    count = _append(x, y, s, count, end, meet, s2[second])
                else:
                    count = _append(x, y, s, count, turn, other, s2[second])
                    count = _append(x, y, s, count, end, meet, s1[first])
        elif on_first:
            count = _append(x, y, s, count, end, y1[first] + s1[first] * (at - x1[first]), s1[first])
        elif on_second:
            count = _append(x, y, s, count, end, y2[second] + s2[second] * (at - x2[second]), s2[second])
        at = end
        while first < len(s1) and x1[first + 1] <= at:
            first += 1
        while second < len(s2) and x2[second + 1] <= at:
            second += 1
    return x[: count + 1].copy(), y[:count].copy(), s[:count].copy()


@njit(cache=True, nogil=True, error_model="numpy")
def _run_end(x: Floats, y: Floats, s: Floats, begin: int) -> int:
    """One past the last segment of the convex run that begins here."""
    end = begin + 1
    while end < len(s):
        if s[end] < s[end - 1] - SAME_SLOPE * abs(s[end]):
            break
        reached = y[end - 1] + s[end - 1] * (x[end] - x[end - 1])
        if abs(reached - y[end]) > 1e-9 * (abs(reached) + abs(y[end])) + 1e-12:
            break
        end += 1
    return end


@njit(cache=True, nogil=True, error_model="numpy")
def convolve(
    x1: Floats, y1: Floats, s1: Floats, x2: Floats, y2: Floats, s2: Floats
) -> tuple[Floats, Floats, Floats, int]:
    """The infimal convolution of two functions, and how many segments were merged for it."""
    x, y, s = np.empty(0), np.empty(0), np.empty(0)
    steps = 0
    begin1 = 0
    while begin1 < len(s1):
        end1 = _run_end(x1, y1, s1, begin1)
        begin2 = 0
        while begin2 < len(s2):
            end2 = _run_end(x2, y2, s2, begin2)
            most = end1 - begin1 + end2 - begin2
            merged_x, merged_y, merged_s = np.empty(most + 1), np.empty(most), np.empty(most)
            count = 0
            at = merged_x[0] = x1[begin1] + x2[begin2]
            value = y1[begin1] + y2[begin2]
            one, other = begin1, begin2
            while one < end1 or other < end2:
                if other == end2 or (one < end1 and s1[one] <= s2[other]):
                    length, slope = x1[one + 1] - x1[one], s1[one]
                    one += 1
                else:
                    length, slope = x2[other + 1] - x2[other], s2[other]
                    other += 1
                at += length
                count = _append(merged_x, merged_y, merged_s, count, at, value, slope)
                value += slope * length
            steps += most
            merged_x, merged_y, merged_s = merged_x[: count + 1], merged_y[:count], merged_s[:count]
            if len(s) == 0:
                x, y, s = merged_x, merged_y, merged_s
            else:
                steps += len(s) + count
                x, y, s = envelope(x, y, s, merged_x, merged_y, merged_s)
            begin2 = end2
        begin1 = end1
    return x, y, s, steps


@njit(cache=True, nogil=True, error_model="numpy")
def crop(x: Floats, y: Floats, s: Floats, low: float, high: float) -> tuple[Floats, Floats, Floats]:
    """The function between two bounds; a single point becomes a segment of no length."""
    low = min(max(low, x[0]), x[-1])
    high = max(min(high, x[-1]), low)
    begin, end = 0, len(s)
    while begin < end - 1 and x[begin + 1] <= low:
        begin += 1
    while end > begin + 1 and x[end - 1] >= high:
        end -= 1
    new_x, new_y, new_s = x[begin : end + 1].copy(), y[begin:end].copy(), s[begin:end].copy()
    new_y[0] += new_s[0] * (low - new_x[0])
    new_x[0] = low
    new_x[-1] = high
    return new_x, new_y, new_s


@njit(cache=True, nogil=True, error_model="numpy")
def change_cost(
    site: Site, slot: int, load_kw: float, cap_kw: float, extra: float
) -> tuple[Floats, Floats, Floats, bool]:
    """The slot's cost as a function of what is taken out of the store, and whether it is feasible."""
    sun, buy, sell = site.solar_kw[slot], site.buy[slot], site.sell[slot]
    low = max(load_kw - site.high_kw[slot], -site.export_limit_kw[slot])
    high = min(load_kw - site.low_kw[slot], site.import_limit_kw[slot] + sun)
    if low > high + site.tiny_kw:
        return np.empty(0), np.empty(0), np.empty(0), False
    high = max(low, high)
    # The exchange with the grid, corner by corner.
    band_low, band_high, under, over = 0.0, 0.0, 0.0, 0.0
    if len(site.band_low_kw) > 0:
        band_low, band_high = site.band_low_kw[slot], site.band_high_kw[slot]
        under, over = site.under_price[slot], site.over_price[slot]
    least = max(low - sun, -site.export_limit_kw[slot])
    most = max(min(high, site.import_limit_kw[slot]), least)
    inner = np.array([0.0, cap_kw if extra > 0.0 else 0.0, band_low, band_high])
    inner.sort()
    x, y, s = np.empty(6), np.empty(5), np.empty(5)
    count = 0
    x[0] = least
    for corner in range(5):
        end = inner[corner] if corner < 4 else most
        if end <= x[count] and (corner < 4 or count > 0):
            continue
        end = min(end, most)
        if end <= x[count] and count > 0:
            continue
        middle = 0.5 * (x[count] + end)
        slope = buy if middle > 0.0 else sell
        if extra > 0.0 and middle > cap_kw:
            slope += extra
        if over > 0.0 and middle > band_high:
            slope += over
        if under > 0.0 and middle < band_low:
            slope -= under
        y[count] = exchange_cost(
            x[count], site.step_hours, buy, sell, cap_kw, extra, band_low, band_high, under, over
        )
        s[count] = slope * site.step_hours
        x[count + 1] = end
        count += 1
    x, y, s = x[: count + 1].copy(), y[:count].copy(), s[:count].copy()
    if sun > 0.0:
        x, y, s, _ = convolve(x, y, s, np.array([0.0, sun]), np.zeros(1), np.zeros(1))
    x, y, s = crop(x, y, s, low, high)
    return _taken(site, load_kw, x, y, s)


@njit(cache=True, nogil=True, error_model="numpy")
def _taken(
    site: Site, load_kw: float, x: Floats, y: Floats, s: Floats
) -> tuple[Floats, Floats, Floats, bool]:
    """From a cost of need [kW] to a cost of what is taken out of the store [kWh]; wear added."""
    hours = site.step_hours
    most = len(s) + 1
    out_x, out_y, out_s = np.empty(most + 1), np.empty(most), np.empty(most)
    count = 0
    for segment in range(len(s) - 1, -1, -1):
        at, low = x[segment + 1], x[segment]
        while at > low or count == 0:
            # Above the load the battery charges: less than nothing is taken out.
            end = max(low, load_kw) if at > load_kw else low
            taken = (load_kw - at) * hours
            value = y[segment] + s[segment] * (at - x[segment])
            if at > load_kw or (at == load_kw and end == at and at > low):
                factor = site.charge_efficiency
                wear = -site.wear
            else:
                factor = 1.0 / site.discharge_efficiency
                wear = site.wear
            if count == 0:
                out_x[0] = taken * factor
            length = (at - end) * hours * factor
            slope = -s[segment] / (hours * factor) + wear
            value += site.wear * abs(taken * factor)
            count = _append(out_x, out_y, out_s, count, out_x[count] + length, value, slope)
            at = end
            if at <= low:
                break
    return out_x[: count + 1].copy(), out_y[:count].copy(), out_s[:count].copy(), True


@njit(cache=True, nogil=True, error_model="numpy")
def value_at(x: Floats, y: Floats, s: Floats, at: float) -> float:
    """The function's value; infinite outside its domain."""
    if at < x[0] - 1e-9 or at > x[-1] + 1e-9:
        return np.inf
    low, high = 0, len(s)
    while high - low > 1:
        middle = (low + high) // 2
        if x[middle] <= at:
            low = middle
        else:
            high = middle
    value = y[low] + s[low] * (at - x[low])
    if low > 0 and at == x[low]:
        value = min(value, y[low - 1] + s[low - 1] * (at - x[low - 1]))
    return float(value)


@njit(cache=True, nogil=True, error_model="numpy")
def solve_bent(
    site: Site, consumption_kw: Floats, cap_kw: Floats, buy_more: Floats, stored_kwh: Floats
) -> tuple[int, float, int]:
    """Dispatch for given caps, whatever the shape of the cost.

    Parameters
    ----------
    buy_more
        Shape ``(periods,)`` or so: price of a kWh above the cap in each period.
    stored_kwh
        Shape ``(slots + 1,)``; written: the best path.

    Returns
    -------
    (failed, money, steps)
        The slot in which nothing is feasible (-1: none), the least cost, segments merged.
    """
    slots = len(consumption_kw)
    begins = np.empty(slots + 2, np.int64)
    room = 64 * slots + 64
    kept_x, kept_y, kept_s = np.empty(room), np.empty(room), np.empty(room)
    used = 0
    steps = 0
    low, high = site.stored_low[slots], site.stored_high[slots]
    if low > high:
        return slots - 1, 0.0, 0
    x = np.array([low, high])
    y = np.array([-site.end_value * low])
    s = np.array([-site.end_value])
    begins[slots] = 0
    for slot in range(slots - 1, -1, -1):
        if used + len(x) > room:
            room *= 2
            bigger_x, bigger_y, bigger_s = np.empty(room), np.empty(room), np.empty(room)
            bigger_x[:used], bigger_y[:used], bigger_s[:used] = kept_x[:used], kept_y[:used], kept_s[:used]
            kept_x, kept_y, kept_s = bigger_x, bigger_y, bigger_s
        # Of slot t is kept what comes after it.
        kept_x[used : used + len(x)] = x
        kept_y[used : used + len(s)] = y
        kept_s[used : used + len(s)] = s
        begins[slot] = used
        used += len(x)
        cap, extra = np.inf, 0.0
        period = site.period[slot]
        if period >= 0 and cap_kw[period] < site.import_limit_kw[slot]:
            cap, extra = cap_kw[period], buy_more[period]
        cost_x, cost_y, cost_s, feasible = change_cost(site, slot, consumption_kw[slot], cap, extra)
        if not feasible:
            return slot, 0.0, steps
        x, y, s, more = convolve(x, y, s, cost_x, cost_y, cost_s)
        steps += more
        least, most = site.stored_low[slot], site.stored_high[slot]
        left_low, left_high = least * site.kept - site.loss_kwh, most * site.kept - site.loss_kwh
        if (
            least > most
            or x[0] > max(left_high, 0.0) + site.tiny_kwh
            or x[-1] < max(left_low, 0.0) - site.tiny_kwh
        ):
            return slot, 0.0, steps
        turn = site.loss_kwh / site.kept
        empties = site.loss_kwh > 0.0 and least < turn and x[0] <= site.tiny_kwh
        flat = value_at(x, y, s, max(0.0, x[0])) if empties else 0.0
        if empties and most <= turn:
            x, y, s = np.array([least, most]), np.array([flat]), np.zeros(1)
            continue
        x, y, s = crop(x, y, s, max(left_low, 0.0), left_high)
        x = (x + site.loss_kwh) / site.kept
        s = s * site.kept
        if empties:
            x, y, s = envelope(np.array([least, x[0]]), np.array([flat]), np.zeros(1), x, y, s)
    stored = site.stored_low[0]
    stored_kwh[0] = stored
    money = value_at(x, y, s, min(max(stored, x[0]), x[-1]))
    for slot in range(slots):
        begin = begins[slot]
        end = used if slot == 0 else begins[slot - 1]
        x, y, s = kept_x[begin:end], kept_y[begin : end - 1], kept_s[begin : end - 1]
        cap, extra = np.inf, 0.0
        period = site.period[slot]
        if period >= 0 and cap_kw[period] < site.import_limit_kw[slot]:
            cap, extra = cap_kw[period], buy_more[period]
        cost_x, cost_y, cost_s, _ = change_cost(site, slot, consumption_kw[slot], cap, extra)
        left = max(stored * site.kept - site.loss_kwh, 0.0)
        best, best_stored = np.inf, min(max(left - cost_x[0], x[0]), x[-1])
        for corner in range(len(cost_x)):
            after = left - cost_x[corner]
            if x[0] - site.tiny_kwh <= after <= x[-1] + site.tiny_kwh:
                after = min(max(after, x[0]), x[-1])
                value = value_at(cost_x, cost_y, cost_s, cost_x[corner]) + value_at(x, y, s, after)
                if value < best:
                    best, best_stored = value, after
        for corner in range(len(x)):
            taken = left - x[corner]
            if cost_x[0] <= taken <= cost_x[-1]:
                value = value_at(cost_x, cost_y, cost_s, taken) + value_at(x, y, s, x[corner])
                if value < best:
                    best, best_stored = value, x[corner]
        stored = best_stored
        stored_kwh[slot + 1] = stored
    return -1, money, steps
