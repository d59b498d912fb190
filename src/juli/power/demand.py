"""Demand charges: the caps on import that are worth their price.

For given caps the dispatch is exact, and its duals say what a kW less of each cap would cost: the least cost
is a convex function of the caps, and every evaluation gives a tangent.

One cap is found by crossing the two nearest tangents. Several are found by cutting the horizon where no
billing period is under way: every stretch gives a tangent of its own in its caps and in the stored energy at
its two ends, and a small linear program holds them together.
"""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from juli.power.exact import Work, evaluate
from juli.power.highs import quiet_highs
from juli.power.problem import Floats
from juli.power.slot_cost import Site

#: Caps are improved until the cost is proven least to this fraction of it.
TOLERANCE = 1e-8
MOST_ROUNDS = 200


class Solved(NamedTuple):
    """A path of stored energy, its prices, and how good it is; ``failed`` is a slot, or -1."""

    failed: int
    stored_kwh: Floats
    price: Floats
    cap_kw: Floats
    money: float
    bound: float
    steps: int
    evaluations: int


@njit(cache=True, nogil=True, error_model="numpy")
def solve_one_cap(
    site: Site,
    consumption_kw: Floats,
    free_kw: float,
    period: int,
    cap_kw: Floats,
    work: Work,
    scratch: Floats,
) -> tuple[int, float, float, int, int]:
    """Find the one cap that pays; all other caps are infinite.

    The next cap is where the tangents on both sides of the least cost cross; a convex piecewise-linear
    function has its least value found so after a few of them.

    Parameters
    ----------
    free_kw
        Import that costs no demand charge [kW].
    period
        The billing period that pays; -1 where none does.
    cap_kw
        Shape ``(periods,)``; written: the cap.
    work
        Written: the best path in ``stored_kwh`` and its prices in ``price``.
    scratch
        Shape ``(3, slots + 1)``: room for the tangents' prices and the best path.

    Returns
    -------
    (failed, money, bound, steps, evaluations)
        The slot in which nothing is feasible (-1: none); the cost with the demand charge, and a lower bound
        on it; segments passed; dispatches made.
    """
    slots = len(consumption_kw)
    demand_price = site.demand_price[period] if period >= 0 else 0.0
    low_price, high_price, best_stored = scratch[0], scratch[1], scratch[2]
    excess = np.empty(len(cap_kw))
    cap_kw[:] = np.inf
    failed, free_money, steps = evaluate(site, consumption_kw, cap_kw, work, excess)
    if failed >= 0 or period < 0:
        return failed, free_money, free_money, steps, 1
    low, high = cap_range(site, consumption_kw, period, free_kw, work)
    if high <= free_kw or demand_price == 0.0:
        return -1, free_money, free_money, steps, 1
    best_stored[:] = work.stored_kwh
    high_price[:slots] = work.price
    best_cap = high
    best = high_value = free_money + demand_price * (high - free_kw)
    high_slope = demand_price
    low_value, low_slope = 0.0, -np.inf
    trial = 0.5 * (low + high)
    negligible = 1e-12 * (abs(free_money) + demand_price * high)
    bound = -np.inf
    evaluations = 1
    while evaluations < MOST_ROUNDS:
        cap_kw[period] = trial
        _, money, more = evaluate(site, consumption_kw, cap_kw, work, excess)
        steps += more
        evaluations += 1
        value = money + demand_price * (trial - free_kw)
        slope = demand_price - excess[period]
        if abs(slope) <= 1e-12 * demand_price:
            slope = 0.0
        if value <= best:
            best, best_cap = value, trial
            best_stored[:] = work.stored_kwh
        if slope >= 0.0:
            high, high_value, high_slope = trial, value, slope
            high_price[:slots] = work.price
            if trial == low or slope == 0.0:
                low_price[:] = high_price
                bound = value
                break
            if low_slope == -np.inf:
                trial = low if evaluations > 2 else 0.5 * (low + trial)
                continue
        else:
            low, low_value, low_slope = trial, value, slope
            low_price[:slots] = work.price
        share = high_slope / (high_slope - low_slope)
        trial = (low_value - high_value + high_slope * high - low_slope * low) / (high_slope - low_slope)
        trial = min(max(trial, low), high)
        bound = share * (low_value + low_slope * (trial - low)) + (1.0 - share) * (
            high_value + high_slope * (trial - high)
        )
        if best - bound <= negligible or trial in (low, high):
            break
    share = high_slope / (high_slope - low_slope)
    for slot in range(slots):
        work.price[slot] = share * low_price[slot] + (1.0 - share) * high_price[slot]
    work.stored_kwh[:] = best_stored
    cap_kw[period] = best_cap
    return -1, best, min(best, bound), steps, evaluations


@njit(cache=True, nogil=True, error_model="numpy")
def cap_range(
    site: Site, consumption_kw: Floats, period: int, free_kw: float, work: Work
) -> tuple[float, float]:
    """A cap that lies a little below all that can pay, and the highest import along ``work.stored_kwh`` [kW].

    Below the import that nothing can avoid a cap only costs. The tangent at such a cap says so: a bound on
    the cap would leave its worth out of the prices.
    """
    low, high = free_kw, 0.0
    first, last = len(consumption_kw), -1
    for slot in range(len(consumption_kw)):
        if site.period[slot] == period:
            first, last = min(first, slot), slot
            change = work.stored_kwh[slot + 1] - max(work.stored_kwh[slot] * site.kept - site.loss_kwh, 0.0)
            power = -change * site.discharge_efficiency
            if change > 0.0:
                power = -change / site.charge_efficiency
            # Where importing earns, the solar stays unused.
            sun = site.solar_kw[slot] if site.buy[slot] >= 0.0 and len(site.band_low_kw) == 0 else 0.0
            high = max(
                high, min(consumption_kw[slot] - power / site.step_hours - sun, site.import_limit_kw[slot])
            )
    above = max(high, free_kw)
    for _ in range(12):
        trial = 0.5 * (low + above)
        if can_hold(site, consumption_kw, period, trial, first, last):
            above = trial
        else:
            low = trial
    return low, high


@njit(cache=True, nogil=True, error_model="numpy")
def can_hold(site: Site, consumption_kw: Floats, period: int, cap_kw: float, first: int, last: int) -> bool:
    """Whether a battery, full before slot ``first`` and charging all it can, keeps a cap until ``last``."""
    stored = site.stored_high[first]
    for slot in range(first, last + 1):
        most_kw = site.import_limit_kw[slot]
        if site.period[slot] == period:
            most_kw = min(most_kw, cap_kw)
        power = max(consumption_kw[slot] - site.solar_kw[slot] - most_kw, site.low_kw[slot])
        if power > site.high_kw[slot] + site.tiny_kw:
            return False
        energy = power * site.step_hours
        energy = energy / site.discharge_efficiency if energy > 0.0 else energy * site.charge_efficiency
        stored = min(max(stored * site.kept - site.loss_kwh, 0.0) - energy, site.stored_high[slot + 1])
        if stored < site.stored_low[slot + 1] - site.tiny_kwh:
            return False
    return True


def solve_caps(site: Site, consumption_kw: Floats, free_kw: Floats, work: Work) -> Solved:
    """Dispatch with all demand charges.

    Parameters
    ----------
    consumption_kw
        Shape ``(slots,)`` [kW].
    free_kw
        Shape ``(periods,)``: import that costs no demand charge [kW].
    """
    cap_kw = np.full(len(free_kw), np.inf)
    paying = np.flatnonzero(site.demand_price > 0)
    if len(paying) == 0:
        excess = np.zeros(len(free_kw))
        failed, money, steps = evaluate(site, consumption_kw, cap_kw, work, excess)
        return Solved(failed, work.stored_kwh, work.price, cap_kw, money, money, steps, 1)
    if len(paying) == 1:
        period = int(paying[0])
        scratch = np.empty((3, len(consumption_kw) + 1))
        failed, money, bound, steps, evaluations = solve_one_cap(
            site, consumption_kw, float(free_kw[period]), period, cap_kw, work, scratch
        )
        return Solved(failed, work.stored_kwh, work.price, cap_kw, money, bound, steps, evaluations)
    return _solve_many_caps(site, consumption_kw, free_kw, paying, work)


def _solve_many_caps(
    site: Site, consumption_kw: Floats, free_kw: Floats, paying: NDArray[np.int64], work: Work
) -> Solved:
    cap_kw = np.full(len(free_kw), np.inf)
    excess = np.zeros(len(free_kw))
    failed, money, steps = evaluate(site, consumption_kw, cap_kw, work, excess)
    if failed >= 0:
        return Solved(failed, work.stored_kwh, work.price, cap_kw, 0.0, 0.0, steps, 1)
    lows, highs = np.zeros(len(free_kw)), np.zeros(len(free_kw))
    for period in paying:
        lows[period], highs[period] = cap_range(site, consumption_kw, period, free_kw[period], work)
    highs = np.maximum(highs, lows)
    cap_kw[paying] = highs[paying]
    most = np.maximum(_most_import_kw(site, consumption_kw, len(free_kw)), highs)
    master = _Master(site, paying, lows, highs, most)
    # The run without caps is the run at caps that don't bind.
    best, best_cap, best_stored = np.inf, cap_kw, work.stored_kwh
    rounds = 0
    while rounds < MOST_ROUNDS:
        if rounds > 0:
            _, money, more = evaluate(site, consumption_kw, cap_kw, work, excess)
            steps += more
        money += float(site.demand_price[paying] @ (cap_kw[paying] - free_kw[paying]))
        rounds += 1
        if money < best:
            best, best_cap, best_stored = money, cap_kw.copy(), work.stored_kwh.copy()
        master.add_tangents(cap_kw, excess, work)
        bound, wished_kw = master.solve()
        bound -= float(site.demand_price @ free_kw)
        moved = np.abs(work.slot_money).sum() + float(site.demand_price[paying] @ cap_kw[paying])
        last = rounds == MOST_ROUNDS
        while (last or best - bound <= TOLERANCE * max(abs(best), 0.01 * moved)) and master.widen(wished_kw):
            bound, wished_kw = master.solve()
            bound -= float(site.demand_price @ free_kw)
        if best - bound <= TOLERANCE * max(abs(best), 0.01 * moved):
            break
        # Half way from the best caps to the model's, which are wild while the model knows little.
        trust = 0.5 if best - bound > 1e-5 * max(abs(best), 0.01 * moved) else 1.0
        cap_kw = best_cap.copy()
        cap_kw[paying] += trust * (wished_kw - best_cap[paying])
    return Solved(-1, best_stored, master.price(), best_cap, best, bound, steps, rounds)


def _most_import_kw(site: Site, consumption_kw: Floats, periods: int) -> Floats:
    """A little more than the import of each period can ever be; shape ``(periods,)`` [kW].

    The peak of the run without demand charges is no such limit: energy that saves another period's peak is
    missing from this one, whose peak may have to rise.
    """
    most = np.zeros(periods)
    slot_most = np.minimum(consumption_kw - site.low_kw, site.import_limit_kw)
    inside = site.period >= 0
    np.maximum.at(most, site.period[inside], slot_most[inside])
    return 1.01 * most


class _Master:
    """The tangents of every stretch, and the linear program of the caps and levels that they leave least."""

    def __init__(
        self, site: Site, paying: NDArray[np.int64], low_kw: Floats, high_kw: Floats, most_kw: Floats
    ):
        self.site = site
        self.paying = paying
        self.starts, self.members = _stretches(site.period, paying)
        self.prices: list[Floats] = []
        self.highs = quiet_highs()
        inner = self.starts[1:]
        count = len(self.starts)
        low = [low_kw[paying], site.stored_low[inner], np.full(count, -np.inf)]
        self.low_kw, self.most_kw = low_kw[paying], most_kw[paying]
        # A little above the usual highest caps, so that tangents and no bounds hold an optimum below them.
        self.high_kw = 1.01 * high_kw[paying]
        high = [self.high_kw, site.stored_high[inner], np.full(count, np.inf)]
        cost = [site.demand_price[paying], np.zeros(len(inner)), np.ones(count)]
        for bounds in zip(np.concatenate(low), np.concatenate(high), strict=True):
            self.highs.addVar(*bounds)
        costs = np.concatenate(cost)
        self.highs.changeColsCost(len(costs), np.arange(len(costs), dtype=np.int32), costs)

    def add_tangents(self, cap_kw: Floats, excess: Floats, work: Work) -> None:
        """Add a tangent for each stretch at the caps and levels of the run that ``work`` holds."""
        money = np.add.reduceat(work.slot_money, self.starts)
        money[-1] -= self.site.end_value * work.stored_kwh[-1]
        caps, levels = len(self.paying), len(self.starts) - 1
        for stretch, start in enumerate(self.starts):
            columns, slopes, at = list(self.members[stretch]), [], []
            for column in columns:
                period = self.paying[column]
                slopes.append(-excess[period])
                at.append(cap_kw[period])
            if stretch > 0:
                columns.append(caps + stretch - 1)
                slopes.append(-work.stored_price[start] * self.site.kept)
                at.append(work.stored_kwh[start])
            if stretch < levels:
                end = self.starts[stretch + 1]
                columns.append(caps + stretch)
                slopes.append(work.stored_price[end - 1])
                at.append(work.stored_kwh[end])
            columns.append(caps + levels + stretch)
            value = money[stretch] - float(np.dot(slopes, at))
            coefficients = np.append(np.negative(slopes), 1.0)
            self.highs.addRow(value, np.inf, len(columns), np.array(columns, dtype=np.int32), coefficients)
        self.prices.append(work.price.copy())

    def solve(self) -> tuple[float, Floats]:
        """The model's least cost within the caps' upper bounds, and its caps [kW]."""
        self.highs.run()
        wished_kw = np.array(self.highs.getSolution().col_value)[: len(self.paying)]
        return float(self.highs.getInfo().objective_function_value), wished_kw

    def widen(self, wished_kw: Floats) -> bool:
        """Give up the upper bounds that hold the model's caps; false where none does.

        They keep a young model tame. While one holds, the model's cost is no bound on the problem's.
        """
        held = np.flatnonzero((wished_kw >= self.high_kw * (1 - 1e-9)) & (self.high_kw < self.most_kw))
        for column in held:
            self.high_kw[column] = self.most_kw[column]
            self.highs.changeColBounds(int(column), self.low_kw[column], self.most_kw[column])
        return len(held) > 0

    def price(self) -> Floats:
        """The price of consumption: the tangents' prices in the shares in which the bound uses them."""
        duals = np.array(self.highs.getSolution().row_dual).reshape(len(self.prices), len(self.starts))
        ends = [*self.starts[1:], len(self.site.buy)]
        price = np.zeros(len(self.site.buy))
        for shares, one in zip(duals, self.prices, strict=True):
            price += np.repeat(shares, np.subtract(ends, self.starts)) * one
        return price


def _stretches(period: NDArray[np.int64], paying: NDArray[np.int64]) -> tuple[list[int], list[list[int]]]:
    """Where the horizon can be cut so that every paying period lies in one stretch, and which lie in each.

    Examples
    --------
    >>> _stretches(np.array([0, 0, 1, 2, 1, 3]), np.array([0, 1, 2, 3]))
    ([0, 2, 5], [[0], [1, 2], [3]])
    """
    spans = []
    for column, number in enumerate(paying):
        slots = np.flatnonzero(period == number)
        spans.append((int(slots[0]), int(slots[-1]), column))
    spans.sort()
    starts: list[int] = []
    members: list[list[int]] = []
    end = -1
    for first, last, column in spans:
        if first > end:
            starts.append(first if starts else 0)
            members.append([])
        members[-1].append(column)
        end = max(end, last)
    return starts, members
