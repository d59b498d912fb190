"""Delivery tours over several days: searched on matrices, driven exactly, mended where the two differ."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from math import inf
from typing import Final

import numpy as np

from juli.core.clock import Clock, SystemClock
from juli.core.grid import TimeGrid
from juli.plant.site import Transport, Truck
from juli.roads.driving import Drive, Driver, Window, fits, lateness_money, windows
from juli.roads.estimates import Estimator
from juli.roads.graph import MovementGraph
from juli.roads.shipments import Shipment, Tours
from juli.roads.tour_search import Round, search_rounds

#: The share of the time that the search on matrices takes; the rest is for exact improvement.
_SEARCH_SHARE: Final = 0.7
#: How many iterations of the search on matrices are worth one exact rearrangement.
_ITERATIONS_PER_RUIN: Final = 20
#: Shifts that begin this close together are of one day [s].
_NEAR_S: Final = 12 * 3600.0
#: How many shipments change their places at once.
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
    """
    driver = Driver(transport, grid, graph)
    clock = clock or SystemClock()
    stop_s = clock.elapsed_seconds() + (float("inf") if seconds is None else seconds)
    rounds = search_rounds(driver, shipments, seed, iterations, seconds and seconds * _SEARCH_SHARE, clock)
    schedule = _Schedule(driver, shipments)
    loose = schedule.adopt(rounds)
    served = {shipment.order for load in schedule.loads() for shipment in load}
    loose += [s for s in shipments if s.order not in served and s not in loose]
    for shipment in sorted(loose, key=lambda s: (-s.lateness_per_hour, s.due_seconds, s.order)):
        if clock.elapsed_seconds() < stop_s:
            schedule.insert(shipment)
        else:
            schedule.append(shipment)
    for shipment in sorted(shipments, key=lambda s: s.order):
        if clock.elapsed_seconds() < stop_s:
            schedule.rearrange([shipment])
    rng = np.random.default_rng(seed)
    for _ in range(iterations // _ITERATIONS_PER_RUIN):
        if clock.elapsed_seconds() >= stop_s:
            break
        schedule.rearrange(schedule.neighbours(rng))
    return schedule.tours(shipments)


class _Schedule:
    """Every truck's rounds, shift by shift, driven exactly after each change."""

    def __init__(self, driver: Driver, shipments: Sequence[Shipment]):
        self.driver = driver
        self.estimator = Estimator(driver, sorted({shipment.site for shipment in shipments}))
        self.trucks: dict[str, Truck] = {truck.id: truck for truck in driver.transport.trucks}
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
    def money(self) -> float:
        """What all rounds cost."""
        return sum(drive.money for drives in self.drives.values() for drive in drives)

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

    def adopt(self, rounds: list[Round]) -> list[Shipment]:
        """Take the searched rounds over; what does not fit when it is driven exactly is given back."""
        loose: list[Shipment] = []
        for searched in rounds:
            place = (searched.truck.id, searched.shift[0])
            load = searched.shipments
            while load:
                drives = self.drive_all(place, [*self.carried[place], load])
                if drives is not None:
                    self.carried[place].append(load)
                    self.drives[place] = drives
                    break
                loose.append(load[-1])
                load = load[:-1]
        return loose

    def insert(self, shipment: Shipment) -> bool:
        """Put a shipment where it costs least; False where it fits nowhere.

        Every way is priced by the tables of driving times; the best few are driven exactly.
        """
        best: tuple[float, _Place, _Loads, list[Drive]] | None = None
        driven = 0
        ways = sorted(self._ways(shipment), key=lambda way: way[0])
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

    def append(self, shipment: Shipment) -> bool:
        """Put a shipment to its site's stop or to the end of an early shift; False where none has room."""
        late_money = self._by_lateness(shipment)
        ways: list[tuple[float, _Place, _Loads]] = []
        shifts = 0
        for place in sorted(late_money, key=lambda one: (late_money[one], one[1])):
            if shifts >= _SHIFTS_LOOKED_AT:
                break
            before = len(ways)
            for at, changed in _endings(self.carried[place], shipment, self.trucks[place[0]]):
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

    def _by_lateness(self, shipment: Shipment) -> dict[_Place, float]:
        """The shifts that can serve a shipment, with the least that it is late there, the least first."""
        late_money = {
            place: lateness_money(shipment, max(shift[0], shipment.ready_seconds))
            for place, shift in self.shifts.items()
            if shift[1] > shipment.ready_seconds
        }
        return {place: late_money[place] for place in sorted(late_money, key=lambda one: late_money[one])}

    def _ways(self, shipment: Shipment) -> Iterator[tuple[float, _Place, _Loads]]:
        """Every way of putting a shipment in that fits by the tables, with what it costs more."""
        least = inf
        for place, late_money in self._by_lateness(shipment).items():
            # A shipment's own lateness is the least that putting it in can cost.
            if late_money > least + _MARGIN * abs(least):
                break
            for at, changed in _insertions(self.carried[place], shipment, self.trucks[place[0]]):
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

    def neighbours(self, rng: np.random.Generator) -> list[Shipment]:
        """Draw a few shipments that compete: a round, and others of its truck's or its sites' day."""
        rounds = [(place, load) for place, loads in self.carried.items() for load in loads]
        if not rounds:
            return []
        place, load = rounds[int(rng.integers(len(rounds)))]
        same_day = [s for other, loads in rounds if abs(other[1] - place[1]) < _NEAR_S for s in loads]
        others = [same_day[i] for i in rng.permutation(len(same_day)).tolist() if same_day[i] not in load]
        size = int(rng.integers(2, _MOST_MOVED + 1))
        drawn = [load[i] for i in rng.permutation(len(load)).tolist()][: int(rng.integers(1, size + 1))]
        return drawn + others[: size - len(drawn)]

    def rearrange(self, shipments: Sequence[Shipment]) -> None:
        """Take shipments out and put each back where it costs least, if that is cheaper altogether."""
        kept = dict(self.carried), dict(self.drives)
        before = self.money
        out = set(shipments)
        for place, loads in kept[0].items():
            if any(shipment in out for load in loads for shipment in load):
                without = [tuple(s for s in load if s not in out) for load in loads]
                without = [load for load in without if load]
                drives = self.drive_all(place, without)
                if drives is None:
                    self.carried, self.drives = kept
                    return
                self.carried[place], self.drives[place] = without, drives
        if not all(self.insert(shipment) for shipment in shipments) or self.money > before - 1e-9:
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


def _insertions(loads: _Loads, shipment: Shipment, truck: Truck) -> Iterator[tuple[int, _Loads]]:
    """Every way of putting a shipment into a truck's rounds, and the first round that it changes."""
    for at in range(len(loads) + 1):
        yield at, [*loads[:at], (shipment,), *loads[at:]]
    for number, load in enumerate(loads):
        # What is only brought lies on the truck from the gate on: the order of the stops doesn't matter.
        brought = not any(one.fetched for one in (shipment, *load))
        if brought and not fits(truck, (*load, shipment)):
            continue
        for at in range(len(load) + 1):
            fuller = (*load[:at], shipment, *load[at:])
            if brought or fits(truck, fuller):
                yield number, [*loads[:number], fuller, *loads[number + 1 :]]


def _endings(loads: _Loads, shipment: Shipment, truck: Truck) -> Iterator[tuple[int, _Loads]]:
    """The few ways of putting a shipment in that hardly disturb: at its site's stops, and at the end."""
    for number, load in enumerate(loads):
        same = [at for at, one in enumerate(load) if one.site == shipment.site]
        if same or number == len(loads) - 1:
            at = same[-1] + 1 if same else len(load)
            fuller = (*load[:at], shipment, *load[at:])
            if fits(truck, fuller):
                yield number, [*loads[:number], fuller, *loads[number + 1 :]]
    yield len(loads), [*loads, (shipment,)]
