"""Prices of deliveries that no trip can undercut: column generation over trips, in its dual.

An order's price is what its delivery is worth at the least. Prices are right when for every trip that a truck
can make the prices of what it delivers add up to no more than the trip costs: then all plans together pay at
least the sum of the prices. The best prices are the dual of the linear program of choosing trips (Balinski
and Quandt, Operations Research 12, 1964, doi:10.1287/opre.12.2.300). Trips are found by labels over the
last order, the load and the sites that may not be seen again (Baldacci, Mingozzi and Roberti, Operations
Research 59, 2011, doi:10.1287/opre.1110.0975). A label's completion is bounded by a fractional knapsack.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numba import njit
from numpy.typing import NDArray

from juli.workshop.arrays import Floats, Ints

#: A trip that is cheaper than its orders' prices by less than this is no cheaper [money].
_TOLERANCE = 1e-7
#: Labels that a search for trips may make, and those it keeps of an order where any good trip will do.
_MOST_LABELS, _FEW = 400_000, 6
#: Sites nearest to a site that a trip remembers there, and sites that can be told apart at all.
_NEAR, _MOST_SITES = 12, 62
#: Columns of the table of what may still be gained by room left in a truck.
_TABLE = 64


@dataclass(frozen=True)
class Way:
    """What a kind of truck pays and carries, roads at their best.

    Parameters
    ----------
    there, back
        From home to each site with unloading there, and from each site home, shape ``(sites,)`` [money].
    between
        From a site (row) to another (column) with unloading there, shape ``(sites, sites)`` [money].
    capacity
        What it carries of each kind of load, shape ``(2,)`` [kg, m³].
    late
        What delivery by a truck that leaves in a stretch of time costs in lateness at the least, infinite
        where the order can't be aboard; shape ``(stretches, orders)`` [money].
    """

    there: Floats
    back: Floats
    between: Floats
    capacity: Floats
    late: Floats


@dataclass(frozen=True)
class Deliverable:
    """What may be delivered, and how.

    Parameters
    ----------
    site
        Where each order goes, in ascending order, shape ``(orders,)``.
    load
        Shape ``(orders, 2)`` [kg, m³].
    at_most
        What it costs not to deliver an order at all, shape ``(orders,)`` [money].
    ways
        One for each kind of truck.
    """

    site: Ints
    load: Floats
    at_most: Floats
    ways: tuple[Way, ...]


def never() -> bool:
    """Tell that there is time."""
    return False


def delivery_prices(
    problem: Deliverable, hurry: Callable[[], bool] = never, stop: Callable[[], bool] = never
) -> Floats:
    """Price each order so that no trip costs less than its orders' prices, shape ``(orders,)`` [money].

    Parameters
    ----------
    hurry
        Asked now and then; true ends the rise of the prices: it is only proven yet how high they may be.
    stop
        Asked now and then; true ends that, too. What is returned always holds.
    """
    if not len(problem.site):
        return np.zeros(0)
    best = _shares(problem)
    master = _Master(problem.at_most)
    near = [_near(way) for way in problem.ways]
    few = True
    while True:
        prices = np.minimum(master.prices(), problem.at_most)
        above, complete, fresh = 0.0, True, 0
        for way, masks in zip(problem.ways, near, strict=True):
            # No trip is cheaper than to the nearest site: so prices are too high by this share at the most.
            cheapest = float((way.there + way.back).min())
            if cheapest <= 0.0:
                return best
            above = max(above, _TOLERANCE / cheapest)
            for late in way.late:
                if stop():
                    return best
                found = _find_trips(problem, way, masks, prices, late, _FEW if few else _MOST_LABELS)
                complete &= found.complete
                for members, money in zip(found.members, found.money, strict=True):
                    fresh += master.add(members, money)
                    above = max(above, (float(prices[members].sum()) - money) / cheapest)
        if not few:
            held = prices / (1.0 + above) * (1.0 - 1e-9)
            if complete and held.sum() > best.sum():
                best = held
            if not complete or not fresh or hurry():
                return best
        few = not few if not fresh else not hurry()


def load_trip_engine() -> None:
    """Compile the engine, or read it from the cache."""
    one = np.ones(1)
    way = Way(one, one, np.zeros((1, 1)), np.ones(2), np.zeros((1, 1)))
    delivery_prices(Deliverable(np.zeros(1, dtype=np.int64), np.full((1, 2), 0.5), 9.0 * one, (way,)))


def _shares(problem: Deliverable) -> Floats:
    """Prices by what each order takes of a truck (Haimovich and Rinnooy Kan, doi:10.1287/moor.10.4.527)."""
    shares = np.stack(
        [
            (problem.load / way.capacity).mean(axis=1) * (way.there + way.back)[problem.site]
            for way in problem.ways
        ]
    )
    shares[np.isnan(shares)] = 0.0
    prices: Floats = np.minimum(shares.min(axis=0), problem.at_most)
    return prices


class _Master:
    """The dual program: prices as high as the known trips allow, none above what not delivering costs."""

    def __init__(self, at_most: Floats):
        import highspy
        from highspy._core import _Highs  # its public child prints a banner

        self._inf = highspy.kHighsInf
        self._known: set[tuple[bytes, float]] = set()
        self._solver = _Highs()
        self._solver.setOptionValue("output_flag", False)
        self._solver.setOptionValue("primal_feasibility_tolerance", 1e-9)
        # One scheduler serves the whole process: leave its number of threads to whoever came first.
        self._solver.setOptionValue("parallel", "off")
        for most in at_most.tolist():
            self._solver.addCol(-1.0, 0.0, most, 0, np.array([], np.int32), np.array([]))

    def add(self, members: Ints, money: float) -> bool:
        """Add a trip; whether it is new."""
        key = (members.tobytes(), round(money, 6))
        if key in self._known:
            return False
        self._known.add(key)
        # What a trip forgets it may see again: then it delivers an order twice.
        own, times = np.unique(members, return_counts=True)
        self._solver.addRow(-self._inf, money, len(own), own.astype(np.int32), times.astype(np.float64))
        return True

    def prices(self) -> Floats:
        self._solver.run()
        return np.maximum(np.array(self._solver.getSolution().col_value, dtype=np.float64), 0.0)


@dataclass(frozen=True)
class _Trips:
    """Trips that cost less than their orders' prices, and whether all labels were looked at."""

    members: list[Ints]
    money: list[float]
    complete: bool


def _near(way: Way) -> Ints:
    """The sites that are remembered at each site, a bit each; shape ``(sites,)``."""
    sites = len(way.there)
    masks = np.zeros(sites, dtype=np.int64)
    nearest = np.argsort(way.between + way.between.T, axis=1, kind="stable")
    for site in range(sites):
        kept = [int(other) for other in nearest[site] if other != site and other < _MOST_SITES][:_NEAR]
        for other in (*kept, *((site,) if site < _MOST_SITES else ())):
            masks[site] |= np.int64(1) << np.int64(other)
    return masks


def _find_trips(
    problem: Deliverable, way: Way, near: Ints, prices: Floats, late: Floats, keep: int
) -> _Trips:
    gain = prices - late
    able = np.flatnonzero((gain > 0.0) & (problem.load <= way.capacity * (1 + 1e-9)).all(axis=1))
    if not len(able):
        return _Trips([], [], complete=True)
    share = problem.load[able] / way.capacity
    room = np.stack([_room_value(gain[able], share[:, kind]) for kind in range(2)])
    ends, before, order, complete = _label(
        problem.site[able], share, gain[able], way.there, way.between, way.back, near, room, keep
    )
    members, money = [], []
    for end in ends.tolist():
        path = []
        at = end
        while at >= 0:
            path.append(int(order[at]))
            at = int(before[at])
        trip = able[np.array(path[::-1], dtype=np.int64)]
        sites = problem.site[trip]
        cost = float(way.there[sites[0]] + way.back[sites[-1]] + late[trip].sum())
        cost += sum(float(way.between[one, two]) for one, two in pairwise(sites) if one != two)
        members.append(trip)
        money.append(cost)
    return _Trips(members, money, bool(complete))


def _room_value(gain: Floats, share: Floats) -> Floats:
    """The most that can be gained with up to k of the table's parts of a truck left: fractions allowed."""
    order = np.argsort(-gain / np.maximum(share, 1e-12), kind="stable")
    taken = np.concatenate(([0.0], np.cumsum(share[order])))
    gained = np.concatenate(([0.0], np.cumsum(gain[order])))
    # Loads may be zero: of equal loads the highest gain counts.
    gained = np.maximum.accumulate(gained)
    parts = np.arange(_TABLE + 2) / _TABLE
    value: Floats = np.interp(parts, taken + 1e-12 * np.arange(len(taken)), gained)
    return value * (1.0 + 1e-6) + 1e-6


@njit(cache=True, nogil=True)
def _label(
    site: Ints,
    share: Floats,
    gain: Floats,
    there: Floats,
    between: Floats,
    back: Floats,
    near: Ints,
    room: Floats,
    keep: int,
) -> tuple[Ints, NDArray[np.int32], NDArray[np.int32], bool]:
    """Extend trips order by order; the best trip by its last order, and how to read them back."""
    orders, most = len(site), _MOST_LABELS
    size = min(most, 4096)
    last = np.empty(size, dtype=np.int32)
    before = np.empty(size, dtype=np.int32)
    following = np.empty(size, dtype=np.int32)
    beaten = np.zeros(size, dtype=np.bool_)
    seen = np.empty(size, dtype=np.int64)
    used = np.empty((size, 2))
    money = np.empty(size)
    first = np.full(orders, -1, dtype=np.int32)
    held = np.zeros(orders, dtype=np.int64)
    best = np.full(orders, -_TOLERANCE)
    ends = np.full(orders, -1, dtype=np.int64)
    complete, count, at = True, 0, -1
    while at < count:
        if at >= 0 and beaten[at]:
            at += 1
            continue
        here = -1 if at < 0 else site[last[at]]
        for order in range(orders):
            to = site[order]
            cost = -gain[order]
            one, two = share[order, 0], share[order, 1]
            mask = np.int64(0)
            if at >= 0:
                # Orders of one site come in turn, and a site that is remembered is not seen again.
                if to == here:
                    if order <= last[at]:
                        continue
                    mask = seen[at]
                else:
                    if to < 62 and seen[at] >> to & 1:
                        continue
                    cost += between[here, to]
                    mask = seen[at] & near[to]
                    if to < 62:
                        mask |= np.int64(1) << to
                cost += money[at]
                one += used[at, 0]
                two += used[at, 1]
            else:
                cost += there[to]
                if to < 62:
                    mask = np.int64(1) << to
            if one > 1.0 + 1e-9 or two > 1.0 + 1e-9:
                continue
            left = min(
                room[0, int(max(1.0 - one, 0.0) * _TABLE) + 1], room[1, int(max(1.0 - two, 0.0) * _TABLE) + 1]
            )
            if cost + back[to] - left >= -_TOLERANCE:
                continue
            dominated = False
            label = first[order]
            while label >= 0:
                if not beaten[label]:
                    if (
                        money[label] <= cost
                        and used[label, 0] <= one
                        and used[label, 1] <= two
                        and seen[label] & mask == seen[label]
                    ):
                        dominated = True
                        break
                    if (
                        cost <= money[label]
                        and one <= used[label, 0]
                        and two <= used[label, 1]
                        and mask & seen[label] == mask
                    ):
                        beaten[label] = True
                        held[order] -= 1
                label = following[label]
            if dominated or held[order] >= keep:
                continue
            if count >= most:
                return ends[ends >= 0], before, last, False
            if count == size:
                size = min(2 * size, most)
                last, before, following = _longer(last, size), _longer(before, size), _longer(following, size)
                more = np.zeros(size, dtype=np.bool_)
                more[:count] = beaten
                beaten = more
                wider = np.empty(size, dtype=np.int64)
                wider[:count] = seen
                seen = wider
                loads = np.empty((size, 2))
                loads[:count] = used
                used = loads
                sums = np.empty(size)
                sums[:count] = money
                money = sums
            last[count], before[count], following[count] = order, at, first[order]
            seen[count], money[count] = mask, cost
            used[count, 0], used[count, 1] = one, two
            first[order] = count
            held[order] += 1
            if cost + back[to] < best[order]:
                best[order], ends[order] = cost + back[to], count
            count += 1
        at += 1
    return ends[ends >= 0], before, last, complete


@njit(cache=True, nogil=True)
def _longer(old: NDArray[np.int32], size: int) -> NDArray[np.int32]:
    new = np.empty(size, dtype=np.int32)
    new[: len(old)] = old
    return new
