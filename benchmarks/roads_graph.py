"""Routes on the movement graph: a real city, and grids of up to a million directed segments.

Run with ``python -m benchmarks.roads_graph [--quick]``. The city extract is looked for beside the project;
without it only the grids are measured. Times are the processor's, so that a busy machine does not count.
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
    """The median processor time of an action, called with 0, 1, …; its first call is not counted [ms]."""
    action(0)
    spent = []
    for number in range(repeats):
        begin = time.process_time()
        action(number)
        spent.append(time.process_time() - begin)
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


def scipy_ms(network: RoadNetwork, sources: list[int], repeats: int) -> float:
    """The other peer: one-to-all from all sources by SciPy's compiled Dijkstra, which knows no turns [ms]."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import dijkstra

    junctions = len(network.junction_ids)
    weights = network.drive_ms.astype(float)
    graph = csr_array((weights, network.head, network.first_out), shape=(junctions, junctions))
    return median_ms(lambda i: dijkstra(graph, indices=sources), repeats)


def measure(name: str, network: RoadNetwork, read_s: float, quick: bool) -> tuple[str, str]:
    """A row of each table."""
    tracemalloc.start()
    graph = MovementGraph(network)
    network.junction_index  # noqa: B018 -- the first question builds it
    memory_mb = tracemalloc.get_traced_memory()[0] / 1e6
    tracemalloc.stop()
    built_ms = median_ms(lambda i: MovementGraph(network), 1 if quick else 3)
    large = network.segments > 200_000
    rng = np.random.default_rng(2)
    count = 20 if quick else 100 if large else 400
    ends = rng.integers(len(network.junction_ids), size=(count, 2)).tolist()
    names = [(network.junction_ids[a], network.junction_ids[b]) for a, b in ends]
    route_ms = median_ms(lambda i: graph.route(*names[i % count], NOON), count)
    MovementGraph(network, landmarks=1)  # compiled once
    begin = time.process_time()
    guided = MovementGraph(network, landmarks=16)
    landmarks_s = time.process_time() - begin - built_ms / 1000
    guided_ms = median_ms(lambda i: guided.route(*names[i % count], NOON), count)
    assert all(_same(graph, guided, *pair) for pair in names[:20])
    sources = [a for a, _ in ends[:30]]
    from_each = sources[:5] if quick else sources
    repeats = 1 if quick else 3 if large else 11
    all_ms = median_ms(
        lambda i: graph.matrix([network.junction_ids[a] for a in from_each], None, NOON), repeats
    )
    one_by_one_ms = median_ms(
        lambda i: [graph.matrix([network.junction_ids[a]], None, NOON) for a in from_each],
        1 if large or quick else 5,
    )
    peer_all_ms = scipy_ms(network, from_each, repeats)
    plain_ms = median_ms(lambda i: plain_dijkstra(network, *ends[i % count]), 1 if large or quick else 9)
    bans = closures(graph, 20)
    network.segment_index  # noqa: B018

    def put_in(number: int) -> float:
        begin = time.process_time()
        for ban in bans:
            graph.close(ban)
        spent = time.process_time() - begin
        for ban in bans:
            graph.reopen(ban.id)
        return spent * 1000

    bans_ms = statistics.median(put_in(number) for number in range(5 if quick else 51))
    each = len(from_each)
    return (
        f"| {name} | {network.segments:,} | {read_s:.2f} | {built_ms:.1f} | {memory_mb:.0f} | {bans_ms:.3f} "
        f"| {all_ms:.1f} for {each} | {one_by_one_ms:.1f} | {peer_all_ms:.1f} | {all_ms / peer_all_ms:.2f} |",
        f"| {name} | {route_ms:.3f} | {landmarks_s:.2f} | {guided_ms:.3f} | {plain_ms:.1f} "
        f"| {plain_ms / route_ms:.0f} | {plain_ms / guided_ms:.0f} |",
    )


def _same(graph: MovementGraph, guided: MovementGraph, start: str, end: str) -> bool:
    first, second = graph.route(start, end, NOON), guided.route(start, end, NOON)
    return (first and first.seconds) == (second and second.seconds)


def main(arguments: list[str]) -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description="Routes on the movement graph.")
    parser.add_argument("--quick", action="store_true", help="small grids only")
    quick = parser.parse_args(arguments).quick
    rows: list[tuple[str, str]] = []
    if CITY.exists() and not quick:
        read_s = median_ms(lambda i: read_osm(CITY), 3) / 1000
        rows.append(measure("Shanghai centre", read_osm(CITY), read_s, quick))
    for side in (20, 50) if quick else (50, 159, 501):
        rows.append(measure(f"grid {side} x {side}", grid(side), 0.0, quick))
    print("Processor time, medians; the peer for one-to-all is SciPy's compiled Dijkstra without turns.")
    print()
    print(
        "| map | segments | read s | build ms | graph MB | 20 bans in ms | one-to-all ms | one by one ms "
        "| SciPy ms | ratio |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|")
    print("\n".join(first for first, _ in rows))
    print()
    print("One route, median; the peer is Dijkstra's algorithm in plain Python on the same arrays.")
    print()
    print("| map | route ms | 16 landmarks, build s | route ms with them | plain ms | faster | with them |")
    print("|---|---|---|---|---|---|---|")
    print("\n".join(second for _, second in rows))


if __name__ == "__main__":
    main(sys.argv[1:])
