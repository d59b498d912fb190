"""Delivery tours of the example week before and after its notice, and on instances like Solomon's.

Run with ``python -m benchmarks.roads_tours [--quick]``. The week's orders are those of
``examples/switchgear`` with a site; when each is ready is drawn from a seed (2 to 40 hours before its
promise), so that no machine has to be scheduled first. The judge's delivery rules are asked of every plan,
but for the one on machines.

Of Solomon's own instances those stand here that are short enough to write down, against the published least
distance. The Solomon-like ones are generated: 100 customers, clustered (C1) or anywhere (R1) in a square
of 100, demands of 10 to 50 of 200, 90 or 10 of service, windows round a moment that can be met; distance
alone is paid. The peer is PyVRP itself on the same numbers, for as long, and for a long run.
"""

import argparse
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np

from benchmarks import _solomon
from juli.core.grid import TimeGrid
from juli.plan.checking.deliveries import delivery_violations
from juli.plant.road_map import Closure
from juli.plant.work import expand
from juli.roads import tours
from juli.roads.graph import MovementGraph
from juli.roads.shipments import Shipment, Tours
from juli.solve.day import Day, load

EXAMPLE = Path(__file__).resolve().parent.parent / "examples" / "switchgear"


def shipments_of(day: Day, seed: int) -> list[Shipment]:
    """The week's orders that go to a site, each ready some hours before its promise."""
    rng = np.random.default_rng(seed)
    found = []
    for order in day.demand.orders:
        if order.site is not None:
            product = day.plant.product_by_id[order.product]
            due_s = day.demand.schedule.seconds_of(order.due)
            ready_s = max(due_s - float(rng.uniform(2, 40)) * 3600, 0.0)
            weight_kg, volume_m3 = order.quantity * product.weight_kg, order.quantity * product.volume_m3
            found.append(
                Shipment(order.id, order.site, weight_kg, volume_m3, ready_s, due_s, order.lateness_per_hour)
            )
    return found


def planned(day: Day, closures: Sequence[Closure], iterations: int, seed: int) -> tuple[Tours, float]:
    """Tours of the week, and the processor's time that they took [s]."""
    transport, road_map = day.plant.transport, day.demand.road_map
    if transport is None or road_map is None:
        raise SystemExit("the example has no transport")
    graph = MovementGraph(road_map, closures)
    begin = time.process_time()
    found = tours.plan_tours(
        transport, day.demand.schedule, graph, shipments_of(day, seed), seed=seed, iterations=iterations
    )
    spent_s = time.process_time() - begin
    demand = replace(day.demand, closures=tuple(closures), pickups=())
    broken = delivery_violations(day.plant, demand, expand(day.plant, demand), (), found.trips)
    rules = {violation.rule for violation in broken} - {"completed_before_loading"}
    assert not rules, rules
    return found, spent_s


@dataclass(frozen=True)
class Instance:
    """Customers in a square, all in whole units: distance is time is money."""

    name: str
    places: np.ndarray
    demand: np.ndarray
    windows: np.ndarray
    service: int
    cut_off: bool = False  # distances end after one decimal


def solomon(family: str, count: int) -> Instance:
    """The first customers of one of Solomon's instances."""
    rows = _solomon.customers(family, count)
    places = np.concatenate(([_solomon.DEPOT[family]], rows[:, :2])).astype(float)
    name = f"{family}.{count}"
    return Instance(name, places, rows[:, 2], rows[:, 3:], _solomon.SERVICE[family], cut_off=True)


def solomon_like(kind: str, seed: int, customers: int = 100) -> Instance:
    """Customers in clusters (``C``) or anywhere (``R``), each with a window that a truck can meet."""
    rng = np.random.default_rng(seed)
    depot = np.array([[50, 50]])
    if kind == "C":
        centres = rng.integers(15, 86, size=(10, 2))
        spread = rng.normal(0, 4, size=(customers, 2))
        places = np.clip(np.rint(centres[np.arange(customers) % 10] + spread), 0, 100)
        service, closing, wide = 90, 1236, 60
    else:
        places = rng.integers(0, 101, size=(customers, 2)).astype(float)
        service, closing, wide = 10, 230, 20
    places = np.concatenate((depot, places))
    away = np.ceil(np.hypot(*(places - places[0]).T))
    latest = closing - away[1:] - service
    middle = rng.uniform(away[1:], np.maximum(latest, away[1:] + 1))
    opens = np.maximum(np.floor(middle - wide / 2), 0)
    windows = np.stack((opens, np.minimum(opens + wide, latest)), axis=1)
    demand = rng.integers(1, 6, size=customers) * 10
    return Instance(f"{kind}1-like {seed}", places, demand, windows.astype(int), service)


def matrix(instance: Instance) -> np.ndarray:
    """Distances in hundredths."""
    away = instance.places[:, None] - instance.places[None]
    far = np.hypot(away[..., 0], away[..., 1])
    if instance.cut_off:
        return np.floor(far * 10 + 1e-9).astype(np.int64) * 10
    return np.rint(far * 100).astype(np.int64)


def pyvrp_cost(instance: Instance, cpu_seconds: float, seed: int) -> float:
    """The distance that PyVRP alone finds in some processor time."""
    import pyvrp

    distances = matrix(instance)
    customers = range(len(instance.demand))
    data = pyvrp.ProblemData(
        locations=[pyvrp.Location(int(x), int(y)) for x, y in instance.places],
        clients=[
            pyvrp.Client(
                i + 1,
                delivery=[int(instance.demand[i])],
                service_duration=instance.service * 100,
                tw_early=int(instance.windows[i, 0]) * 100,
                tw_late=int(instance.windows[i, 1]) * 100,
            )
            for i in customers
        ],
        depots=[pyvrp.Depot(0)],
        vehicle_types=[pyvrp.VehicleType(25, capacity=[200], unit_distance_cost=1)],
        distance_matrices=[distances],
        duration_matrices=[distances],
    )
    stop_s = time.process_time() + cpu_seconds
    found = pyvrp.solve(
        data, lambda best: time.process_time() >= stop_s, seed=seed, collect_stats=False, display=False
    )
    return float(found.best.distance()) / 100 if found.is_feasible() else float("inf")


class ProcessorClock:
    """Counts the processor's seconds, so that a busy machine does not count."""

    def now(self) -> datetime:
        """Nothing here asks for the date."""
        return MONDAY

    def elapsed_seconds(self) -> float:
        """The processor's seconds."""
        return time.process_time()


MONDAY = datetime(2023, 12, 18, tzinfo=ZoneInfo("Asia/Shanghai"))


def juli_cost(instance: Instance, cpu_seconds: float, seed: int) -> tuple[float, int]:
    """The distance of Juli's tours in some processor time, and how many customers they leave.

    One unit of distance is a km and a minute: the square's map is a segment between every two places.
    """
    from juli.plant.road_map import RoadMap, Segment
    from juli.plant.site import Site, Transport, Truck

    km = matrix(instance) / 100
    ends = [(i, j) for i in range(len(km)) for j in range(len(km)) if i != j]
    segments = tuple(Segment(f"{i}>{j}", "", str(i), str(j), max(km[i, j], 1e-3), 60.0) for i, j in ends)
    places = {str(i): (119.0 + x * 0.01, 31.0 + y * 0.009) for i, (x, y) in enumerate(instance.places)}
    clocks = [
        {"from": f"{a // 60:02d}:{a % 60:02d}", "to": f"{b // 60:02d}:{b % 60:02d}"}
        for a, b in instance.windows
    ]
    sites = [
        Site.model_validate(
            {"id": f"s{i}", "junction": str(i + 1), "receives": hours, "unload_minutes": instance.service}
        )
        for i, hours in enumerate(clocks)
    ]
    day = {
        "works": {"from": "00:00", "to": "23:00"},
        "capacity_kg": 200,
        "capacity_m3": 1e6,
        "cost_per_km": 1,
    }
    trucks = [Truck.model_validate({"id": f"t{number}", **day}) for number in range(25)]
    transport = Transport(home="0", loading_minutes=0, sites=tuple(sites), trucks=tuple(trucks))
    grid_ = TimeGrid(MONDAY, timedelta(minutes=15), 96)
    shipments = [
        Shipment(f"o{i}", f"s{i}", float(kg), 1.0, 0.0, 86400.0, 1000.0)
        for i, kg in enumerate(instance.demand.tolist())
    ]
    found = tours.plan_tours(
        transport,
        grid_,
        MovementGraph(RoadMap("square", places, segments)),
        shipments,
        seed=seed,
        iterations=10**9,
        seconds=cpu_seconds,
        clock=ProcessorClock(),
    )
    return found.transport_money, len(found.left)


def published_table(quick: bool) -> None:
    """Juli's tours and PyVRP's against the least distances of the literature."""
    seconds = 1.0 if quick else 10.0
    print(f"\nSolomon's own, {seconds:g} s of processor time.\n")
    print("| instance | least, published | PyVRP | gap | Juli | gap | left |")
    print("|---|---|---|---|---|---|---|")
    for (family, count), least in _solomon.PUBLISHED.items():
        instance = solomon(family, count)
        alone = pyvrp_cost(instance, seconds, seed=1)
        ours, left = juli_cost(instance, seconds, seed=1)
        print(
            f"| {instance.name} | {least:.1f} | {alone:.1f} | {alone / least - 1:.2%} | {ours:.1f} "
            f"| {ours / least - 1:.2%} | {left} |",
            flush=True,
        )
        if quick:
            return


def solomon_table(quick: bool) -> None:
    """Juli's tours and PyVRP's on the same instances, against a long run of PyVRP."""
    short_s, long_s, customers = (1.0, 2.0, 25) if quick else (10.0, 40.0, 100)
    print()
    print(f"Solomon-like, {customers} customers, {short_s:g} s of processor time; the long run {long_s:g} s.")
    print()
    print("| instance | long run | PyVRP | gap | Juli | gap | left |")
    print("|---|---|---|---|---|---|---|")
    for kind in ("C", "R"):
        for seed in range(1) if quick else range(2):
            instance = solomon_like(kind, seed, customers)
            best = pyvrp_cost(instance, long_s, seed=99)
            alone = pyvrp_cost(instance, short_s, seed=1)
            ours, left = juli_cost(instance, short_s, seed=1)
            best = min(best, alone)
            print(
                f"| {instance.name} | {best:.1f} | {alone:.1f} | {alone / best - 1:.2%} | {ours:.1f} "
                f"| {ours / best - 1:.2%} | {left} |",
                flush=True,
            )


def main(arguments: list[str]) -> None:
    """Print the table: medians over the seeds."""
    parser = argparse.ArgumentParser(description="Delivery tours of the example week.")
    parser.add_argument("--quick", action="store_true", help="one seed, few iterations")
    quick = parser.parse_args(arguments).quick
    day = load(EXAMPLE)
    print("| closures | iterations | seeds | transport | lateness | trips | left | CPU s |")
    print("|---|---|---|---|---|---|---|---|")
    seeds = range(1) if quick else range(3)
    for name, closures in (("none", ()), ("the notice", day.demand.closures)):
        for iterations in (20,) if quick else (100, 1000, 3000):
            results = [planned(day, closures, iterations, seed) for seed in seeds]
            median = {
                what: statistics.median(values)
                for what, values in {
                    "transport": [found.transport_money for found, _ in results],
                    "lateness": [found.lateness_money for found, _ in results],
                    "trips": [len(found.trips) for found, _ in results],
                    "left": [len(found.left) for found, _ in results],
                    "cpu": [seconds for _, seconds in results],
                }.items()
            }
            print(
                f"| {name} | {iterations} | {len(seeds)} | {median['transport']:.0f} "
                f"| {median['lateness']:.0f} "
                f"| {median['trips']:.0f} | {median['left']:.0f} | {median['cpu']:.1f} |",
                flush=True,
            )
    published_table(quick)
    solomon_table(quick)


if __name__ == "__main__":
    main(sys.argv[1:])
