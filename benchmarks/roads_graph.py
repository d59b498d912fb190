"""Routes on the movement graph: a real city, and grids of up to a million directed segments.

Run with ``python -m benchmarks.roads_graph [--quick]``. The city extract is looked for beside the project;
without it only the grids are measured. The peer is Dijkstra's algorithm in plain Python, on the same arrays.
"""

import argparse
import heapq
import statistics
import sys
import time
import tracemalloc
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np

from juli.plant.road_map import AppliesTo, Closure
from juli.roads.graph import MovementGraph
from juli.roads.network import RoadNetwork, milliseconds
from juli.roads.osm import read_osm

CITY = Path(__file__).resolve().parent.parent.parent / "shared" / "data" / "roads" / "shanghai_center.osm.pbf"
NOON = datetime(2023, 12, 20, 12, tzinfo=ZoneInfo("Asia/Shanghai"))


def grid(side: int, seed: int = 0) -> RoadNetwork:
    """A grid of side x side junctions, 200 m apart, with random speeds; 4 side (side - 1) segments."""
    rng = np.random.default_rng(seed)
    numbers = np.arange(side * side).reshape(side, side)
    pairs = np.concatenate(
        [
            np.stack((numbers[:, :-1].ravel(), numbers[:, 1:].ravel()), axis=1),
            np.stack((numbers[:-1].ravel(), numbers[1:].ravel()), axis=1),
        ]
    )
    tail = np.concatenate((pairs[:, 0], pairs[:, 1]))
    head = np.concatenate((pairs[:, 1], pairs[:, 0]))
    order = np.lexsort((head, tail))
    position = np.empty(len(order), dtype=np.int64)
    position[order] = np.arange(len(order))
    reverse = position[(order + len(pairs)) % len(order)]
    speed_kmh = np.tile(rng.choice([30.0, 40.0, 60.0], size=len(pairs)), 2)[order]
    length_m = np.full(len(order), 200.0)
    unlimited = np.full(len(order), np.inf)
    return RoadNetwork(
        name=f"grid of {len(order):,} segments",
        junction_ids=[str(number) for number in range(side * side)],
        lon=119.0 + (numbers % side).ravel() * 0.0021,
        lat=31.0 + (numbers // side).ravel() * 0.0018,
        tail=tail[order].astype(np.int32),
        head=head[order].astype(np.int32),
        length_m=length_m,
        drive_ms=milliseconds(length_m / speed_kmh * 3.6),
        reverse=reverse.astype(np.int32),
        road=np.zeros(len(order), dtype=np.int32),
        road_names=("",),
        profile=np.full(len(order), -1, dtype=np.int32),
        profiles=np.zeros((0, 24), dtype=np.int64),
        max_weight_t=unlimited,
        max_height_m=unlimited,
        max_width_m=unlimited,
        banned_turns=np.zeros((0, 2), dtype=np.int32),
    )


def median_ms(action: Callable[[int], object], repeats: int) -> float:
    """The median time of an action, called with 0, 1, …; its first call is not counted [ms]."""
    action(0)
    spent = []
    for number in range(repeats):
        begin = time.perf_counter()
        action(number)
        spent.append(time.perf_counter() - begin)
    return statistics.median(spent) * 1000


def closures(graph: MovementGraph, count: int) -> list[Closure]:
    """Bans of a single turn each, with daily hours, at junctions that are spread over the map."""
    network = graph.network
    rng = np.random.default_rng(1)
    bans = []
    for number in range(count):
        into = int(rng.integers(network.segments))
        junction = int(network.head[into])
        out = int(network.first_out[junction])
        bans.append(
            Closure(
                f"ban {number}",
                "benchmark",
                NOON - timedelta(days=1),
                NOON + timedelta(days=30),
                AppliesTo.THROUGH,
                movements=frozenset({(network.segment_id(into), network.segment_id(out))}),
                zone_junctions=frozenset({network.junction_ids[junction]}),
            )
        )
    return bans


def plain_dijkstra(network: RoadNetwork, source: int, target: int) -> int | None:
    """The peer: segment by segment in plain Python, no bans; the travel time [ms]."""
    head, drive, reverse = network.head.tolist(), network.drive_ms.tolist(), network.reverse.tolist()
    first = network.first_out.tolist()
    done: set[int] = set()
    heap = [(drive[s], s) for s in range(first[source], first[source + 1])]
    heapq.heapify(heap)
    while heap:
        now, segment = heapq.heappop(heap)
        if segment in done:
            continue
        done.add(segment)
        junction = head[segment]
        if junction == target:
            return now
        ways = range(first[junction], first[junction + 1])
        for way in ways:
            if way not in done and (way != reverse[segment] or len(ways) == 1):
                heapq.heappush(heap, (now + drive[way], way))
    return None


def measure(name: str, network: RoadNetwork, read_s: float, quick: bool) -> str:
    """One row of the table."""
    tracemalloc.start()
    begin = time.perf_counter()
    graph = MovementGraph(network)
    built_s = time.perf_counter() - begin
    network.junction_index  # noqa: B018 -- the first question builds it
    memory_mb = tracemalloc.get_traced_memory()[0] / 1e6
    tracemalloc.stop()
    rng = np.random.default_rng(2)
    count = 20 if quick else 200
    ends = rng.integers(len(network.junction_ids), size=(count, 2)).tolist()
    names = [(network.junction_ids[a], network.junction_ids[b]) for a, b in ends]
    route_ms = median_ms(lambda i: graph.route(*names[i % count], NOON), count)
    sources = [a for a, _ in names[:30]]
    large = network.segments > 200_000
    from_each = sources[:3] if large or quick else sources
    all_ms = median_ms(lambda i: graph.matrix(from_each, None, NOON), 1 if large or quick else 9)
    bans = closures(graph, 20)
    network.segment_index  # noqa: B018

    def ban_and_open(number: int) -> None:
        for ban in bans:
            graph.close(ban)
        for ban in bans:
            graph.reopen(ban.id)

    bans_ms = median_ms(ban_and_open, 5 if quick else 30)
    plain_ms = median_ms(lambda i: plain_dijkstra(network, *ends[i % count]), 1 if large or quick else 9)
    return (
        f"| {name} | {network.segments:,} | {read_s:.2f} | {built_s:.3f} | {memory_mb:.0f} | {route_ms:.3f} "
        f"| {all_ms / len(from_each):.2f} | {bans_ms:.3f} | {plain_ms:.0f} |"
    )


def main(arguments: list[str]) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="Routes on the movement graph.")
    parser.add_argument("--quick", action="store_true", help="small grids only")
    quick = parser.parse_args(arguments).quick
    print(
        "| map | segments | read s | build s | graph MB | route ms (median) | one-to-all ms per source "
        "| 20 bans in and out ms | plain Dijkstra route ms |"
    )
    print("|---|---|---|---|---|---|---|---|---|")
    if CITY.exists():
        begin = time.perf_counter()
        network = read_osm(CITY)
        print(measure("Shanghai centre", network, time.perf_counter() - begin, quick), flush=True)
    for side in (20, 50) if quick else (50, 159, 500):
        begin = time.perf_counter()
        network = grid(side)
        print(measure(f"grid {side} x {side}", network, time.perf_counter() - begin, quick), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
