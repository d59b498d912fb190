"""Which truck brings what on which day and in which order: a vehicle routing problem for PyVRP.

Every order is a group of mutually exclusive visits, one for each receiving window that it could be served
in; the prizes of the visits differ by exactly what serving it then costs for lateness. Costs are whole
numbers of a small unit of money; durations are whole seconds after the horizon's start.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from juli.core.clock import Clock
from juli.plant.site import Truck
from juli.roads.driving import Driver, Window, lateness_money, windows
from juli.roads.shipments import Shipment

#: Cost units per unit of money: a wage of 1 money/h is 1 unit a second.
_UNITS: Final = 3600
#: A window after the promise is cut into pieces no longer than this, each with its mean lateness [s].
_PIECE_S: Final = 4 * 3600.0
#: How many windows after the first late one an order may be put off to.
_LATE_WINDOWS: Final = 4
#: What PyVRP takes before its first iteration for each pair of visits and fleet, as measured [s], and the
#: share of the time that it may take.
_START_S, _START_SHARE = 2.5e-8, 0.5
#: Stands for "no way" [s]: longer than any horizon, small enough to be added up.
_NEVER_S: Final = 10**8


@dataclass(frozen=True)
class Round:
    """A trip before it is driven: the truck, the shift, and the shipments in the order of their stops."""

    truck: Truck
    shift: Window
    shipments: tuple[Shipment, ...]


@dataclass(frozen=True)
class _Fleet:
    """Trucks that are alike, in one shift."""

    trucks: tuple[Truck, ...]
    shift: Window


@dataclass(frozen=True)
class _Visit:
    """One way of serving a shipment: in one window, at one price."""

    shipment: int
    window: Window
    lateness_money: float


def search_rounds(
    driver: Driver,
    shipments: Sequence[Shipment],
    seed: int,
    iterations: int,
    seconds: float | None,
    clock: Clock,
) -> list[Round]:
    """Search for the cheapest rounds; those of one truck and shift come in the order of their driving.

    Parameters
    ----------
    driver
        The trucks, sites and roads.
    shipments
        What is to be brought or fetched.
    seed, iterations, seconds
        Chance, and where to stop: the same rounds come out for the same seed when the iterations end the
        search and not the time. Where time is so short that the search could hardly begin, it looks at few
        windows of each shipment, or finds no rounds at all.
    clock
        Where the time is read.
    """
    import pyvrp
    from pyvrp.stop import MaxIterations, MultipleCriteria

    fleets = list(_fleets(driver))
    begun_s = clock.elapsed_seconds()
    visits: list[_Visit] = []
    for few in (False, True):
        visits = [v for number in range(len(shipments)) for v in _visits(driver, shipments, number, few)]
        start_s = _START_S * len(visits) ** 2 * len(fleets)
        if seconds is None or start_s <= _START_SHARE * seconds:
            break
    else:
        return []
    if not fleets or not visits:
        return []
    data = _problem(driver, shipments, fleets, visits)
    criteria: list[Any] = [MaxIterations(iterations)]
    if seconds is not None:
        stop_s = begun_s + seconds
        criteria.append(lambda best_cost: clock.elapsed_seconds() >= stop_s)
    params = pyvrp.SolveParams(penalty=pyvrp.PenaltyParams(max_penalty=1e7))
    found = pyvrp.solve(
        data, MultipleCriteria(criteria), seed=seed, collect_stats=False, display=False, params=params
    )
    return list(_rounds(found.best, shipments, fleets, visits))


def _fleets(driver: Driver) -> Iterator[_Fleet]:
    """Group the trucks that are alike, shift by shift."""
    alike: dict[Truck, list[Truck]] = {}
    for truck in driver.transport.trucks:
        alike.setdefault(truck.model_copy(update={"id": "alike"}), []).append(truck)
    for trucks in alike.values():
        for shift in windows(trucks[0].works, trucks[0].working_days, driver.grid):
            yield _Fleet(tuple(trucks), shift)


def _visits(driver: Driver, shipments: Sequence[Shipment], number: int, few: bool) -> Iterator[_Visit]:
    """Every window in which a shipment can be served, cut where its promise ends.

    Few are the first and the last before the promise, and the first piece after it.
    """
    visits = list(_every_visit(driver, shipments, number))
    if not few:
        yield from visits
        return
    on_time = [visit for visit in visits if visit.lateness_money == 0.0]
    late = [visit for visit in visits if visit.lateness_money > 0.0]
    yield from dict.fromkeys([*on_time[:1], *on_time[-1:], *late[:1]])


def _every_visit(driver: Driver, shipments: Sequence[Shipment], number: int) -> Iterator[_Visit]:
    shipment = shipments[number]
    earliest_s = shipment.ready_seconds if shipment.fetched else shipment.ready_seconds + driver.loading_s
    due_s = shipment.due_seconds
    late = 0
    for open_s, close_s in driver.opening[shipment.site]:
        begin_s = max(open_s, earliest_s)
        if begin_s >= close_s:
            continue
        if shipment.lateness_per_hour <= 0 or close_s <= due_s:
            yield _Visit(number, (begin_s, close_s), 0.0)
            continue
        if begin_s < due_s:
            yield _Visit(number, (begin_s, due_s), 0.0)
            begin_s = due_s
        late += 1
        if late > _LATE_WINDOWS:
            return
        pieces = max(1, round((close_s - begin_s) / _PIECE_S))
        cuts = np.linspace(begin_s, close_s, pieces + 1)
        for first_s, last_s in pairwise(cuts.tolist()):
            money = lateness_money(shipment, (first_s + last_s) / 2)
            yield _Visit(number, (first_s, last_s), money)


def _problem(
    driver: Driver, shipments: Sequence[Shipment], fleets: list[_Fleet], visits: list[_Visit]
) -> Any:
    import pyvrp

    transport = driver.transport
    sites = list(dict.fromkeys(shipment.site for shipment in shipments))
    row = {site: 1 + number for number, site in enumerate(sites)}
    junctions = [transport.home, *(driver.sites[site].junction for site in sites)]
    unload_s = np.array([0.0, *(driver.sites[site].unload_minutes * 60 for site in sites)])
    costs, durations = zip(*(_matrices(driver, fleet, junctions, unload_s) for fleet in fleets), strict=True)
    dearest = max(
        int(cost.max())
        + int(np.where(duration < _NEVER_S, duration, 0).max()) * fleet.trucks[0].wage_per_hour
        for cost, duration, fleet in zip(costs, durations, fleets, strict=True)
    )
    # Worth more than any detour, so that an order is left only where it can't be brought.
    base = round(4 * dearest) + 100 * _UNITS
    clients = []
    groups: dict[int, list[int]] = {}  # by shipment; one that no window can serve has none
    for number, visit in enumerate(visits):
        shipment = shipments[visit.shipment]
        load = [_ceil(shipment.weight_kg), _ceil(shipment.volume_m3 * 1000)]
        left_money = lateness_money(shipment, driver.horizon_s)
        members = groups.setdefault(visit.shipment, [])
        members.append(number)
        clients.append(
            pyvrp.Client(
                row[shipment.site],
                delivery=[0, 0] if shipment.fetched else load,
                pickup=load if shipment.fetched else [0, 0],
                tw_early=_ceil(visit.window[0]),
                tw_late=max(int(visit.window[1]), _ceil(visit.window[0])),
                release_time=0 if shipment.fetched else _ceil(shipment.ready_seconds),
                prize=base + max(round((left_money - visit.lateness_money) * _UNITS), 0),
                required=False,
                group=len(groups) - 1,
            )
        )
    return pyvrp.ProblemData(
        locations=[pyvrp.Location(0, 0) for _ in junctions],
        clients=clients,
        depots=[pyvrp.Depot(0)],
        vehicle_types=[
            pyvrp.VehicleType(
                num_available=len(fleet.trucks),
                capacity=[int(fleet.trucks[0].capacity_kg), int(fleet.trucks[0].capacity_m3 * 1000)],
                tw_early=max(_ceil(fleet.shift[0] - driver.loading_s), 0),
                tw_late=int(fleet.shift[1]),
                unit_distance_cost=1,
                unit_duration_cost=round(fleet.trucks[0].wage_per_hour),
                profile=number,
                reload_depots=[0],
            )
            for number, fleet in enumerate(fleets)
        ],
        distance_matrices=list(costs),
        duration_matrices=list(durations),
        groups=[pyvrp.ClientGroup(members, required=False) for members in groups.values()],
    )


def _matrices(
    driver: Driver, fleet: _Fleet, junctions: list[str], unload_s: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Costs of the km and durations between the gate and the sites in one shift.

    Loading stands on the drives from the gate and unloading on those from a site, so that neighbours of one
    site share it; the wage of loading, which the driver is not away for, is taken off again. Over the day the
    longest of three moments counts: what is planned can then be driven.
    """
    truck = fleet.trucks[0]
    moments = np.linspace(*fleet.shift, 5)[1:4]
    both = [driver.graph.matrix(junctions, junctions, driver.grid.at_seconds(m), truck) for m in moments]
    seconds = np.max([times for times, _ in both], axis=0)
    km = np.max([lengths for _, lengths in both], axis=0)
    same_place = np.eye(len(junctions), dtype=bool)
    before_s = unload_s.copy()
    before_s[0] = driver.loading_s
    total_s = np.where(same_place, 0.0, seconds + before_s[:, None])
    costs = km * truck.cost_per_km * _UNITS
    costs[0] = np.maximum(costs[0] - driver.loading_s * truck.wage_per_hour, 0.0)
    reachable = np.isfinite(total_s)
    return (
        np.where(reachable & ~same_place, costs, 0.0).round().astype(np.int64),
        np.where(reachable, np.ceil(np.where(reachable, total_s, 0.0)), _NEVER_S).astype(np.int64),
    )


def _rounds(
    solution: Any, shipments: Sequence[Shipment], fleets: list[_Fleet], visits: list[_Visit]
) -> Iterator[Round]:
    """Read the trips off a solution; trucks that are alike are taken in their order."""
    used: dict[int, int] = {}
    for route in solution.routes():
        kind = route.vehicle_type()
        fleet = fleets[kind]
        truck = fleet.trucks[used.setdefault(kind, 0)]
        used[kind] += 1
        trips: dict[int, list[Shipment]] = {}
        for activity in route.schedule():
            if activity.is_client():
                trips.setdefault(activity.trip, []).append(shipments[visits[activity.idx].shipment])
        yield from (Round(truck, fleet.shift, tuple(trip)) for _, trip in sorted(trips.items()))


def _ceil(value: float) -> int:
    return int(-(-value // 1))
