"""The shortest ways for a truck, by Juli and by Valhalla on the same extract.

Run with ``python -m benchmarks.roads_valhalla [--pairs N] [--quick]``; how to get Valhalla's programs stands
in ``benchmarks/_valhalla.py``. Speeds differ by each engine's own tables, so lengths are compared: both look
for the shortest way, and both ways are measured by the same ruler.

Two facts can't be expressed alike, so the copy of the extract that both read states them plainly: a private
road or gate is closed, as Juli takes it (Valhalla drives there at a price, and the shortest way has no
prices). And as the extract of Shanghai's centre has no turn restrictions, the copy gets some at random.
"""

import argparse
import statistics
import sys
import time
from collections import Counter
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np

from benchmarks._valhalla import FOLDER_VARIABLE, Valhalla, programs, serving
from juli.roads.graph import MovementGraph, Route, Size
from juli.roads.network import RoadNetwork
from juli.roads.osm import read_osm

CITY: Final = (
    Path(__file__).resolve().parent.parent.parent / "shared" / "data" / "roads" / "shanghai_center.osm.pbf"
)
NOON: Final = datetime(2023, 12, 20, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
TRUCK: Final = Size(gross_weight_t=21.77, height_m=4.11, width_m=2.6)
#: Valhalla's roads are whole metres long, so of ways that differ by less it may take the longer one.
_RELATIVE: Final = 0.0015
_LEAST_M: Final = 2.0
_SNAPPED_M: Final = 0.5
_EARTH_M: Final = 6_371_008.8


class Outcome(StrEnum):
    """How two answers stand to each other."""

    SAME = "same length"
    NO_WAY = "no way, both say"
    SNAPPED = "Valhalla begins or ends elsewhere: no truck may leave or reach that junction"
    SIGN_AT_END = "a limit on the first or last road, which Valhalla does not ask there"
    TURNED = "one turns back: Juli in dead ends only, Valhalla only where nothing else is left"
    LONGER = "Juli's is longer"
    SHORTER = "Juli's is shorter"
    ONLY_JULI = "only Juli finds a way"
    ONLY_VALHALLA = "only Valhalla finds a way"


DISAGREE: Final = (Outcome.LONGER, Outcome.SHORTER, Outcome.ONLY_JULI, Outcome.ONLY_VALHALLA)


def stated_plainly(extract: Path, copy: Path, restrictions: int, seed: int = 0) -> None:
    """Copy an extract; private becomes closed, and turn restrictions are put at random junctions."""
    import osmium

    ways: dict[int, list[int]] = {}
    with osmium.SimpleWriter(str(copy), overwrite=True) as writer:
        for entity in osmium.FileProcessor(str(extract)):
            tags = dict(entity.tags)
            plain = {
                key: "no" if value in ("private", "permit") and key in _ACCESS else value
                for key, value in tags.items()
            }
            writer.add(entity if plain == tags else entity.replace(tags=plain))
            if entity.is_way() and "highway" in tags:
                ways[entity.id] = [node.ref for node in entity.nodes]
        at_node: dict[int, list[int]] = {}
        for way, nodes in ways.items():
            for end in {nodes[0], nodes[-1]}:
                at_node.setdefault(end, []).append(way)
        crossings = [node for node, meeting in at_node.items() if len(meeting) >= 3]
        rng = np.random.default_rng(seed)
        signed: set[tuple[int, int]] = set()
        for number in range(restrictions):
            via = int(rng.choice(crossings))
            into, out = (int(way) for way in rng.choice(at_node[via], size=2, replace=False))
            if (into, via) in signed:  # two signs at one place might contradict each other
                continue
            signed.add((into, via))
            kind = "only_straight_on" if rng.random() < 0.2 else "no_left_turn"
            members = [("w", into, "from"), ("n", via, "via"), ("w", out, "to")]
            tags = {"type": "restriction", "restriction": kind}
            writer.add_relation(osmium.osm.mutable.Relation(id=number + 1, members=members, tags=tags))


_ACCESS: Final = ("access", "vehicle", "motor_vehicle", "hgv")


def by_length(network: RoadNetwork) -> MovementGraph:
    """A graph whose fastest ways are the shortest: every centimetre takes a millisecond."""
    centimetres = np.maximum(np.rint(network.length_m * 100), 1).astype(np.int64)
    no_hours = np.full(network.segments, -1, dtype=np.int32)
    return MovementGraph(replace(network, drive_ms=centimetres, profile=no_hours))


def length_m(points: list[tuple[float, float]]) -> float:
    """Great-circle length of a line of (longitude, latitude) [m]."""
    lon, lat = np.radians(np.array(points)).T
    half = np.sin(np.diff(lat) / 2) ** 2
    half += np.cos(lat[:-1]) * np.cos(lat[1:]) * np.sin(np.diff(lon) / 2) ** 2
    return float((2 * _EARTH_M * np.arcsin(np.sqrt(half))).sum())


def outcome(
    ours: Route | None,
    theirs: list[tuple[float, float]] | None,
    ends: tuple[tuple[float, float], tuple[float, float]],
    limited: bool,
    turned: bool,
) -> Outcome:
    """Hold two answers against each other.

    Parameters
    ----------
    ours, theirs
        The answers.
    ends
        The two junctions.
    limited
        Whether a road at one of them is signed against the truck.
    turned
        Whether Juli's way turns back somewhere.
    """
    if theirs is None:
        return Outcome.NO_WAY if ours is None else Outcome.ONLY_JULI
    if max(length_m([ends[0], theirs[0]]), length_m([ends[1], theirs[-1]])) > _SNAPPED_M:
        return Outcome.SNAPPED
    if ours is not None:
        longer_m = ours.km * 1000 - length_m(theirs)
        if abs(longer_m) <= max(_LEAST_M, _RELATIVE * length_m(theirs)):
            return Outcome.SAME
        turned |= any(before == after for before, after in zip(theirs, theirs[2:], strict=False))
        if turned:
            return Outcome.TURNED
        if longer_m < 0:
            return Outcome.SHORTER
    if limited:
        return Outcome.SIGN_AT_END
    return Outcome.ONLY_VALHALLA if ours is None else Outcome.LONGER


def compare(
    network: RoadNetwork, peer: Valhalla, pairs: int, seed: int = 5
) -> tuple[Counter[Outcome], list[float], list[float]]:
    """Ask both for the ways between random junctions: outcomes, and what each question took [s]."""
    graph = by_length(network)
    limited = (network.max_height_m < TRUCK.height_m) | (network.max_weight_t < TRUCK.gross_weight_t)
    ends_limited = set(network.tail[limited].tolist()) | set(network.head[limited].tolist())
    outcomes: Counter[Outcome] = Counter()
    ours_s, theirs_s = [], []
    rng = np.random.default_rng(seed)
    graph.route(network.junction_ids[0], network.junction_ids[1], NOON, TRUCK)  # compiled once
    for _ in range(pairs):
        a, b = rng.choice(len(network.junction_ids), size=2, replace=False).tolist()
        ends = (float(network.lon[a]), float(network.lat[a])), (float(network.lon[b]), float(network.lat[b]))
        begin = time.perf_counter()
        ours = graph.route(network.junction_ids[a], network.junction_ids[b], NOON, TRUCK)
        between = time.perf_counter()
        theirs = peer.shortest(ends, TRUCK)
        theirs_s.append(time.perf_counter() - between)
        ours_s.append(between - begin)
        driven = [network.segment_index[name] for name in ours.segments] if ours else []
        turned = any(network.reverse[into] == out for into, out in pairwise(driven))
        outcomes[outcome(ours, theirs, ends, bool({a, b} & ends_limited), turned)] += 1
    return outcomes, ours_s, theirs_s


def missing() -> str | None:
    """Why the comparison can't be made, None if it can."""
    if programs() is None:
        return (
            f"Valhalla's programs are not there: put them on the path or their folder into {FOLDER_VARIABLE}"
        )
    return None if CITY.exists() else f"no extract beside the project: {CITY.name}"


def main(arguments: list[str]) -> None:
    """Print the tables, or how to get Valhalla."""
    parser = argparse.ArgumentParser(description="Shortest ways for a truck, Juli and Valhalla.")
    parser.add_argument("--pairs", type=int, default=10_000)
    parser.add_argument("--restrictions", type=int, default=1500)
    parser.add_argument("--quick", action="store_true", help="200 pairs")
    asked = parser.parse_args(arguments)
    print("| turn restrictions | outcome | pairs |\n|---:|---|---:|")
    reason, folder = missing(), programs()
    if reason is not None or folder is None:
        print(f"| | skipped | - |\n\n| why |\n|---|\n| {reason} |")
        return
    pairs = 200 if asked.quick else asked.pairs
    times = []
    for restrictions in (0, asked.restrictions):
        with TemporaryDirectory() as place:
            copy = Path(place) / "town.osm.pbf"
            stated_plainly(CITY, copy, restrictions)
            network = read_osm(copy)
            with serving(copy, Path(place), folder) as peer:
                outcomes, ours_s, theirs_s = compare(network, peer, pairs)
        for kind, count in outcomes.most_common():
            print(f"| {restrictions} ({len(network.banned_turns)} turns) | {kind} | {count} |")
        times.append((statistics.median(ours_s) * 1e3, statistics.median(theirs_s) * 1e3))
    print(
        "\nOne question, median; Valhalla's goes over HTTP on this machine and finds its roads by position."
    )
    print("\n| Juli ms | Valhalla ms | ratio |\n|---:|---:|---:|")
    for ours_ms, theirs_ms in times:
        print(f"| {ours_ms:.2f} | {theirs_ms:.2f} | {theirs_ms / ours_ms:.0f} |")


if __name__ == "__main__":
    main(sys.argv[1:])
