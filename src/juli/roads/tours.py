"""Delivery tours over several days: put together stop by stop, rearranged, and driven exactly.

Where shipments are few, tours are searched for on matrices as well, and the better ones are rearranged.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from math import inf
from typing import Final

import numpy as np

from juli.core.clock import Clock, SystemClock
from juli.core.grid import TimeGrid
from juli.plan.result import Trip
from juli.plant.site import Transport, Truck
from juli.roads.bundles import Bundle, bundled
from juli.roads.driving import Drive, Driver, Window, fits, lateness_money, windows
from juli.roads.estimates import Estimator
from juli.roads.graph import MovementGraph
from juli.roads.shipments import Shipment, Tours
from juli.roads.tour_search import Round, search_rounds

#: The share of the time that the search on matrices takes; the rest is for exact improvement.
_SEARCH_SHARE: Final = 0.7
#: How many iterations of the search on matrices are worth one exact rearrangement.
_ITERATIONS_PER_RUIN: Final = 10
#: Shifts that begin this close together are of one day [s].
_NEAR_S: Final = 12 * 3600.0
#: Of more shipments than these a search on matrices finds less than putting them in one after another.
_MOST_SEARCHED: Final = 100
#: How many shipments or stops change their places at once.
_MOST_MOVED: Final = 6
#: How many ways of putting a shipment in are driven exactly, and how much dearer than the best of them one
#: may be by the tables.
_MOST_DRIVEN: Final = 4
_MARGIN: Final = 0.05
#: How many shifts that have room are looked at once the time is up.
_SHIFTS_LOOKED_AT: Final = 40
#: A truck's rounds in one shift: which truck, and when the shift begins.
_Place = tuple[str, float]
_Loads = list[tuple[Shipment, ...]]


def plan_tours(
    transport: Transport,
    grid: TimeGrid,
    graph: MovementGraph,
    shipments: Sequence[Shipment],
    *,
    seed: int = 0,
    iterations: int = 2000,
    seconds: float | None = None,
    clock: Clock | None = None,
    like: Sequence[Trip] = (),
) -> Tours:
    """Plan which truck brings what, when and by which roads, at the least cost of transport and lateness.

    Parameters
    ----------
    transport
        The sites, the trucks, and the gate.
    grid
        The horizon that all seconds count from; nobody drives outside it.
    graph
        The roads, with the closures in force.
    shipments
        What is to be brought or fetched; each travels whole.
    seed, iterations, seconds
        The chance of the search, and when it stops: after so many iterations, or sooner when the time is
        up. A plan that the iterations end is the same every time.
    clock
        Where the time is read.
    like
        Trips of another plan for these shipments to begin from, as far as they can still be driven. No step
        from there makes the shipments later altogether, even where that is cheaper.
    """
    driver = Driver(transport, grid, graph)
    clock = clock or SystemClock()
    stop_s = clock.elapsed_seconds() + (float("inf") if seconds is None else seconds)

    def is_over() -> bool:
        return clock.elapsed_seconds() >= stop_s

    estimator = Estimator(driver, sorted({shipment.site for shipment in shipments}))
    schedule = _Schedule(driver, estimator)
    schedule.adopt(_rounds_of(driver, shipments, like))
    schedule.fill(shipments, is_over)
    if len(shipments) <= _MOST_SEARCHED and not is_over():
        searched_s = seconds and _SEARCH_SHARE * (stop_s - clock.elapsed_seconds())
        searched = _Schedule(driver, estimator)
        searched.adopt(search_rounds(driver, shipments, seed, iterations, searched_s, clock))
        searched.fill(shipments, is_over)
        schedule = min(
            (schedule, searched), key=lambda one: (-one.served, one.late_hours if like else 0.0, one.money)
        )
    for bundle in schedule.stops():
        if not is_over():
            schedule.rearrange([bundle], no_later=bool(like))
    rng = np.random.default_rng(seed)
    for _ in range(iterations // _ITERATIONS_PER_RUIN):
        if is_over():
            break
        schedule.rearrange(schedule.neighbours(rng), no_later=bool(like))
    return schedule.tours(shipments)


class _Schedule:
    """Every truck's rounds, shift by shift, driven exactly after each change."""

    def __init__(self, driver: Driver, estimator: Estimator):
        self.driver = driver
        self.estimator = estimator
        self.trucks: dict[str, Truck] = {truck.id: truck for truck in driver.transport.trucks}
        self._kinds = {name: truck.model_copy(update={"id": "alike"}) for name, truck in self.trucks.items()}
        self.shifts: dict[_Place, Window] = {
            (truck.id, shift[0]): shift
            for truck in driver.transport.trucks
            for shift in windows(truck.works, truck.working_days, driver.grid)
        }
        self.drives: dict[_Place, list[Drive]] = {place: [] for place in self.shifts}
        self.carried: dict[_Place, _Loads] = {place: [] for place in self.shifts}

    def loads(self) -> list[tuple[Shipment, ...]]:
        """The shipments of every round."""
        return [load for loads in self.carried.values() for load in loads]

    @property
    def served(self) -> int:
        """How many shipments are brought or fetched."""
        return sum(len(load) for load in self.loads())

    @property
    def money(self) -> float:
        """What all rounds cost."""
        return sum(drive.money for drives in self.drives.values() for drive in drives)

    @property
    def late_hours(self) -> float:
        """How late all that is served is together [h]."""
        return sum(drive.late_hours for drives in self.drives.values() for drive in drives)

    def fill(self, shipments: Sequence[Shipment], is_over: Callable[[], bool]) -> None:
        """Put in what is not there yet, by deadline: where it costs least; in haste, where it first fits."""
        there = {shipment.order for load in self.loads() for shipment in load}
        for bundle in bundled(self.driver, [one for one in shipments if one.order not in there]):
            put = self.append if is_over() else self.insert
            if not put(bundle):
                for shipment in bundle:
                    put((shipment,))

    def drive_all(self, place: _Place, loads: _Loads) -> list[Drive] | None:
        """Drive a truck's rounds of one shift one after another; None where they don't fit into it."""
        shift = self.shifts[place]
        # What comes before the first changed round stays as it is driven already.
        same = 0
        for load, known in zip(loads, self.carried[place], strict=False):
            if load != known:
                break
            same += 1
        drives = self.drives[place][:same]
        free_s = drives[-1].trip.return_seconds + self.driver.loading_s if drives else shift[0]
        for load in loads[same:]:
            drive = self.driver.drive(self.trucks[place[0]], shift, load, free_s)
            if drive is None:
                return None
            drives.append(drive)
            free_s = drive.trip.return_seconds + self.driver.loading_s
        return drives

    def adopt(self, rounds: Iterable[Round]) -> None:
        """Take searched rounds over, each as far as it fits when it is driven exactly."""
        for searched in rounds:
            place = (searched.truck.id, searched.shift[0])
            load = searched.shipments
            while load:
                drives = self.drive_all(place, [*self.carried[place], load])
                if drives is not None:
                    self.carried[place].append(load)
                    self.drives[place] = drives
                    break
                load = load[:-1]

    def insert(self, bundle: Bundle) -> bool:
        """Put shipments for one stop where they cost least; False where they fit nowhere.

        Every way is priced by the tables of driving times; the best few are driven exactly.
        """
        best: tuple[float, _Place, _Loads, list[Drive]] | None = None
        driven = 0
        ways = sorted(self._ways(bundle), key=lambda way: way[0])
        for estimate, place, changed in ways:
            if best is not None and (driven >= _MOST_DRIVEN or estimate > best[0] + _MARGIN * abs(best[0])):
                break
            drives = self.drive_all(place, changed)
            if drives is not None:
                driven += 1
                extra = sum(drive.money for drive in drives) - sum(one.money for one in self.drives[place])
                if best is None or extra < best[0] - 1e-9:
                    best = (extra, place, changed, drives)
        if best is None:
            return False
        _, place, self.carried[place], self.drives[place] = best
        return True

    def append(self, bundle: Bundle) -> bool:
        """Put shipments to their site's stop or to the end of an early shift; False where none has room."""
        late_money = self._by_lateness(bundle)
        ways: list[tuple[float, _Place, _Loads]] = []
        shifts = 0
        for place in sorted(late_money, key=lambda one: (late_money[one], one[1])):
            if shifts >= _SHIFTS_LOOKED_AT:
                break
            before = len(ways)
            for at, changed in _endings(self.carried[place], bundle, self.trucks[place[0]]):
                estimate = self._estimate(place, changed, at)
                if estimate is not None:
                    ways.append((estimate, place, changed))
            shifts += len(ways) > before
        for _, place, changed in sorted(ways, key=lambda way: way[0]):
            drives = self.drive_all(place, changed)
            if drives is not None:
                self.carried[place], self.drives[place] = changed, drives
                return True
        return False

    def _by_lateness(self, bundle: Bundle) -> dict[_Place, float]:
        """The shifts that can serve a bundle, with the least that it is late there, the least first.

        Of trucks that are alike and not used in a shift, one stands for all.
        """
        ready_s = max(one.ready_seconds for one in bundle)
        late_money: dict[_Place, float] = {}
        unused: set[tuple[Truck, Window]] = set()
        for place, shift in self.shifts.items():
            if shift[1] <= ready_s:
                continue
            if not self.carried[place]:
                kind = self._kinds[place[0]], shift
                if kind in unused:
                    continue
                unused.add(kind)
            begin_s = max(shift[0], ready_s)
            late_money[place] = sum(lateness_money(one, begin_s) for one in bundle)
        return {place: late_money[place] for place in sorted(late_money, key=lambda one: late_money[one])}

    def _ways(self, bundle: Bundle) -> Iterator[tuple[float, _Place, _Loads]]:
        """Every way of putting a bundle in that fits by the tables, with what it costs more."""
        least = inf
        for place, late_money in self._by_lateness(bundle).items():
            # A bundle's own lateness is the least that putting it in can cost.
            if late_money > least + _MARGIN * abs(least):
                break
            for at, changed in _insertions(self.carried[place], bundle, self.trucks[place[0]]):
                estimate = self._estimate(place, changed, at)
                if estimate is not None:
                    least = min(least, estimate)
                    yield estimate, place, changed

    def _estimate(self, place: _Place, changed: _Loads, at: int) -> float | None:
        """What rounds of one shift that differ from a round on cost more; None where they don't fit."""
        drives, shift, truck = self.drives[place], self.shifts[place], self.trucks[place[0]]
        free_s = drives[at - 1].trip.return_seconds + self.driver.loading_s if at else shift[0]
        before = sum(drive.money for drive in drives[at:])
        # Rounds after the changed one stay as they are from the first that needn't leave later.
        shifted = len(changed) - len(drives)
        money = 0.0
        for number in range(at, len(changed)):
            known = number - shifted
            if number > at and free_s <= drives[known].trip.departure_seconds:
                return money + sum(drive.money for drive in drives[known:]) - before
            found = self.estimator.round(truck, shift, changed[number], free_s)
            if found is None:
                return None
            money, free_s = money + found.money, found.free_s
            if money == inf:
                return inf
        return money - before

    def stops(self) -> list[Bundle]:
        """What each stop serves, the dearest lateness first."""
        found = [
            (sum(lateness_money(one, begin_s) for one in bundle), bundle[0].order, bundle)
            for place, loads in self.carried.items()
            for load, drive in zip(loads, self.drives[place], strict=True)
            for bundle, begin_s in zip(
                _by_stop(load), [stop.begin_seconds for stop in drive.trip.stops], strict=True
            )
        ]
        return [bundle for _, _, bundle in sorted(found, key=lambda one: (-one[0], one[1]))]

    def neighbours(self, rng: np.random.Generator) -> list[Bundle]:
        """Draw a few bundles that compete: of a round, and others of its truck's or its sites' day.

        They are whole stops or single shipments.
        """
        rounds = [(place, load) for place, loads in self.carried.items() for load in loads]
        if not rounds:
            return []
        apart = _by_stop if rng.integers(2) else _one_by_one
        place, load = rounds[int(rng.integers(len(rounds)))]
        own = apart(load)
        others = [
            bundle
            for other, loads in rounds
            if abs(other[1] - place[1]) < _NEAR_S and loads is not load
            for bundle in apart(loads)
        ]
        size = int(rng.integers(2, _MOST_MOVED + 1))
        drawn = [own[i] for i in rng.permutation(len(own)).tolist()][: int(rng.integers(1, size + 1))]
        return drawn + [others[i] for i in rng.permutation(len(others)).tolist()][: size - len(drawn)]

    def rearrange(self, bundles: Sequence[Bundle], *, no_later: bool) -> None:
        """Take bundles out and put each back where it costs least, if that is cheaper altogether.

        If it is to be no later, the hours of all that is late may not be more than before, either.
        """
        kept = dict(self.carried), dict(self.drives)
        before, late_hours = self.money, self.late_hours
        out = {shipment for bundle in bundles for shipment in bundle}
        for place, loads in kept[0].items():
            if any(shipment in out for load in loads for shipment in load):
                without = [tuple(s for s in load if s not in out) for load in loads]
                without = [load for load in without if load]
                drives = self.drive_all(place, without)
                if drives is None:
                    self.carried, self.drives = kept
                    return
                self.carried[place], self.drives[place] = without, drives
        put = all(self.insert(bundle) for bundle in bundles)
        worse = self.money > before - 1e-9 or (no_later and self.late_hours > late_hours + 1e-9)
        if not put or worse:
            self.carried, self.drives = kept

    def tours(self, shipments: Sequence[Shipment]) -> Tours:
        drives = [drive for some in self.drives.values() for drive in some]
        served = {shipment.order for load in self.loads() for shipment in load}
        left = {s.order: self._reason(s) for s in shipments if s.order not in served}
        late_money = sum(drive.lateness_money for drive in drives)
        late_money += sum(lateness_money(s, self.driver.horizon_s) for s in shipments if s.order in left)
        return Tours(
            trips=tuple(
                sorted(
                    (drive.trip for drive in drives), key=lambda trip: (trip.departure_seconds, trip.truck)
                )
            ),
            left=left,
            transport_money=sum(drive.transport_money for drive in drives),
            lateness_money=late_money,
        )

    def _reason(self, shipment: Shipment) -> str:
        trucks = self.driver.transport.trucks
        if all(shipment.weight_kg > t.capacity_kg or shipment.volume_m3 > t.capacity_m3 for t in trucks):
            return f"{shipment.weight_kg:g} kg and {shipment.volume_m3:g} m3 are more than any truck carries"
        if shipment.ready_seconds + self.driver.loading_s >= self.driver.horizon_s:
            return "it is not ready within the horizon"
        alone = replace(shipment, lateness_per_hour=0.0)
        for place, shift in self.shifts.items():
            if self.driver.drive(self.trucks[place[0]], shift, [alone], 0.0) is not None:
                return "the trucks' hours are taken by other orders"
        return f"no truck gets to {shipment.site} within its hours and back, once it is ready"


def _rounds_of(driver: Driver, shipments: Sequence[Shipment], trips: Sequence[Trip]) -> Iterator[Round]:
    """Trips as rounds, with what is to be brought or fetched now."""
    by_order = {shipment.order: shipment for shipment in shipments}
    for trip in sorted(trips, key=lambda one: one.departure_seconds):
        names = [name for stop in trip.stops for name in (*stop.orders, *stop.fetched)]
        yield Round(*driver.shift_of(trip), tuple(by_order[name] for name in names if name in by_order))


def _by_stop(load: tuple[Shipment, ...]) -> list[Bundle]:
    """The shipments of a round, stop by stop."""
    return [tuple(group) for _, group in groupby(load, key=lambda one: one.site)]


def _one_by_one(load: tuple[Shipment, ...]) -> list[Bundle]:
    """The shipments of a round, each for itself."""
    return [(shipment,) for shipment in load]


def _insertions(loads: _Loads, bundle: Bundle, truck: Truck) -> Iterator[tuple[int, _Loads]]:
    """Every way of putting a bundle into a truck's rounds, and the first round that it changes."""
    for at in range(len(loads) + 1):
        yield at, [*loads[:at], bundle, *loads[at:]]
    for number, load in enumerate(loads):
        # What is only brought lies on the truck from the gate on: the order of the stops doesn't matter.
        brought = not any(one.fetched for one in (*bundle, *load))
        if brought and not fits(truck, (*load, *bundle)):
            continue
        for at in range(len(load) + 1):
            fuller = (*load[:at], *bundle, *load[at:])
            if brought or fits(truck, fuller):
                yield number, [*loads[:number], fuller, *loads[number + 1 :]]


def _endings(loads: _Loads, bundle: Bundle, truck: Truck) -> Iterator[tuple[int, _Loads]]:
    """The few ways of putting a bundle in that hardly disturb: at its site's stops, and at the end."""
    for number, load in enumerate(loads):
        same = [at for at, one in enumerate(load) if one.site == bundle[0].site]
        if same or number == len(loads) - 1:
            at = same[-1] + 1 if same else len(load)
            fuller = (*load[:at], *bundle, *load[at:])
            if fits(truck, fuller):
                yield number, [*loads[:number], fuller, *loads[number + 1 :]]
    yield len(loads), [*loads, bundle]
