"""What a load costs the site, asked again and again for loads that differ little.

The least cost D(L, c) of a load L under a cap c on the billing period's import is convex in both, and every
dispatch gives a tangent plane of it. The two planes that hold the least cost over the caps at one load
are lower bounds at every other load as well: where they cross there is the first cap to try, and often
the crossing alone is dear enough to reject a load without a dispatch. The answer is exact all the same: the
search for the cap goes on until its bound meets the best dispatch.
"""

from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numba import njit

from juli.power.evaluation import DispatchEvaluator
from juli.power.exact import Work, evaluate, make_work
from juli.power.problem import DispatchProblem, Floats
from juli.power.slot_cost import Site
from juli.workshop.compiling import compiled

#: The cap is improved until the cost is proven least to this fraction of it.
_TOLERANCE = 1e-10
_MOST_ROUNDS = 60

CAP, VALUE, SLOPE = range(3)
#: In place of the billing period that pays.
NONE, SEVERAL = -1, -2


class Meter(NamedTuple):
    """A site and the demand charge on it, as the compiled search takes them."""

    site: Site
    period: int  # the one billing period that pays, or NONE, or SEVERAL
    free_kw: Floats  # (periods,) import that costs no demand charge


class Planes(NamedTuple):
    """Two tangent planes of D at a load, one falling and one rising with the cap, and what they say.

    With no demand charge, or with several, only the price counts.
    """

    load_kw: Floats  # (slots,) where they touch
    line: Floats  # (2, 3) CAP, VALUE there, SLOPE; a falling plane that is not known has the slope 0
    prices: Floats  # (2, slots) price of consumption of each plane
    price: Floats  # (slots,) the subgradient of the least cost
    cap_kw: Floats  # (periods,) the best caps


class Desk(NamedTuple):
    """Room for one valuation at a time; every thread has its own."""

    work: Work
    excess: Floats  # (periods,)
    counted: Floats  # (2,) loads that were dispatched, and how many dispatches these took


def is_convex(problem: DispatchProblem) -> bool:
    """Whether a site's least cost is convex in its load.

    It is not where selling can pay more than buying costs, nor where losses pay at negative prices.
    """
    free = replace(problem, demand_price=np.zeros_like(problem.demand_price))
    return DispatchEvaluator(free).compiled


def meter_of(problem: DispatchProblem) -> Meter:
    """Prepare a site for the search.

    Raises
    ------
    ValueError
        If its cost is not convex in the load (selling above the buying price, losses at negative prices).
    """
    if not is_convex(problem):
        raise ValueError("the site's cost is not convex in its load")
    evaluator = DispatchEvaluator(problem)
    paying = np.flatnonzero(evaluator.site.demand_price > 0)
    period = NONE if len(paying) == 0 else int(paying[0]) if len(paying) == 1 else SEVERAL
    return Meter(evaluator.site, period, np.asarray(problem.demand_free_kw, dtype=np.float64))


def new_planes(meter: Meter) -> Planes:
    """Room for the planes of one load."""
    slots, periods = len(meter.site.buy), len(meter.site.demand_price)
    return Planes(
        np.zeros(slots), np.zeros((2, 3)), np.zeros((2, slots)), np.zeros(slots), np.full(periods, np.inf)
    )


@njit(cache=True, nogil=True)
def make_desk(site: Site) -> Desk:
    """Allocate the room for valuations."""
    return Desk(make_work(site), np.empty(len(site.demand_price)), np.zeros(2))


@compiled
def copy_planes(source: Planes, target: Planes) -> None:
    """Keep planes where others are kept."""
    for k in range(2):
        for column in range(3):
            target.line[k, column] = source.line[k, column]
    for slot in range(len(source.load_kw)):
        target.load_kw[slot] = source.load_kw[slot]
        target.price[slot] = source.price[slot]
        target.prices[0, slot] = source.prices[0, slot]
        target.prices[1, slot] = source.prices[1, slot]
    _copy(source.cap_kw, target.cap_kw)


@compiled
def _copy(source: Floats, target: Floats) -> None:
    for at in range(len(source)):
        target[at] = source[at]


@compiled
def value_anew(meter: Meter, load_kw: Floats, desk: Desk, found: Planes) -> float:
    """Least cost of a load of which nothing is known; infinite where nothing is feasible.

    With several demand charges the cost under the caps in ``found.cap_kw``.
    """
    period, site = meter.period, meter.site
    _copy(load_kw, found.load_kw)
    if period < 0:
        return _value_at_caps(meter, load_kw, desk, found)
    desk.counted[0] += 1
    found.cap_kw[:] = np.inf
    money = _dispatch(meter, load_kw, desk, found.cap_kw)
    if money == np.inf:
        return np.inf
    highest = 0.0
    for slot in range(len(load_kw)):
        if site.period[slot] == period:
            most = load_kw[slot] - site.low_kw[slot]
            highest = max(highest, min(most, site.import_limit_kw[slot]))
    price, free = site.demand_price[period], meter.free_kw[period]
    highest = max(highest, free)
    found.line[0, :] = 0.0
    found.line[1, CAP], found.line[1, VALUE] = highest, money + price * (highest - free)
    found.line[1, SLOPE] = price
    _copy(desk.work.price, found.prices[1])
    return _close_in(meter, load_kw, desk, found, np.inf)


@compiled
def value_near(
    meter: Meter, load_kw: Floats, known: Planes, desk: Desk, found: Planes, threshold: float
) -> float:
    """Least cost of a load near one whose planes are known; infinite where that is above a threshold."""
    _copy(load_kw, found.load_kw)
    _copy(known.cap_kw, found.cap_kw)
    if meter.period < 0:
        return _value_at_caps(meter, load_kw, desk, found)
    hours = meter.site.step_hours
    for k in range(2):
        for column in range(3):
            found.line[k, column] = known.line[k, column]
        if found.line[k, SLOPE] != 0.0 or k == 1:
            change = 0.0
            for slot in range(len(load_kw)):
                change += known.prices[k, slot] * (load_kw[slot] - known.load_kw[slot])
                found.prices[k, slot] = known.prices[k, slot]
            found.line[k, VALUE] += hours * change
    dispatches = desk.counted[1]
    money = _close_in(meter, load_kw, desk, found, threshold)
    if desk.counted[1] > dispatches:
        desk.counted[0] += 1
    return money


@compiled
def _value_at_caps(meter: Meter, load_kw: Floats, desk: Desk, found: Planes) -> float:
    desk.counted[0] += 1
    money = _dispatch(meter, load_kw, desk, found.cap_kw)
    _copy(desk.work.price, found.price)
    for period in range(len(found.cap_kw)):
        if found.cap_kw[period] < np.inf:
            above = max(found.cap_kw[period] - meter.free_kw[period], 0.0)
            money += meter.site.demand_price[period] * above
    return money


@compiled
def _dispatch(meter: Meter, load_kw: Floats, desk: Desk, cap_kw: Floats) -> float:
    desk.counted[1] += 1
    failed, money, _ = evaluate(meter.site, load_kw, cap_kw, desk.work, desk.excess)
    return np.inf if failed >= 0 else money


@compiled
def _close_in(meter: Meter, load_kw: Floats, desk: Desk, found: Planes, threshold: float) -> float:
    """Cross the two planes, dispatch there, replace one of them, until bound and cost meet."""
    period, line = meter.period, found.line
    price, free = meter.site.demand_price[period], meter.free_kw[period]
    best, best_cap, last = np.inf, np.inf, np.nan
    at_free = False
    for _ in range(_MOST_ROUNDS):
        at_free = line[0, SLOPE] >= 0.0
        trial = free
        if not at_free:
            rise = line[1, SLOPE] - line[0, SLOPE]
            offset = line[0, VALUE] - line[0, SLOPE] * line[0, CAP]
            offset -= line[1, VALUE] - line[1, SLOPE] * line[1, CAP]
            trial = offset / rise
            if trial <= free:
                trial, at_free = free, True
        bound = line[1, VALUE] + line[1, SLOPE] * (trial - line[1, CAP])
        if bound > threshold:
            return np.inf
        if best < np.inf and best - bound <= _TOLERANCE * (abs(best) + price * best_cap):
            break
        if trial == last:
            break
        found.cap_kw[period] = trial
        money = _dispatch(meter, load_kw, desk, found.cap_kw)
        if money == np.inf:
            return np.inf
        value = money + price * (trial - free)
        if value < best:
            best, best_cap = value, trial
        slope = price - desk.excess[period]
        k = 0 if slope < 0.0 and abs(slope) > 1e-12 * price else 1
        line[k, CAP], line[k, VALUE], line[k, SLOPE] = trial, value, slope if k == 0 else max(slope, 0.0)
        _copy(desk.work.price, found.prices[k])
        last = trial
        if k == 1 and (line[1, SLOPE] <= 1e-12 * price or trial == free):
            at_free = True
            break
    share = 1.0
    if not at_free:
        share = -line[0, SLOPE] / (line[1, SLOPE] - line[0, SLOPE])
    for slot in range(len(load_kw)):
        found.price[slot] = share * found.prices[1, slot] + (1.0 - share) * found.prices[0, slot]
    found.cap_kw[period] = best_cap
    return best
