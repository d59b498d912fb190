"""Delivery tours of the example week, before and after its notice, by how long the search may take.

Run with ``python -m benchmarks.roads_tours [--quick]``. The orders are those of ``examples/switchgear`` with
a site; when each is ready is drawn from a seed (2 to 40 hours before its promise), so that no machine has to
be scheduled first.
"""

import argparse
import statistics
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from juli.plant.road_map import Closure
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
    return found, time.process_time() - begin


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


if __name__ == "__main__":
    main(sys.argv[1:])
