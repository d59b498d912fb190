"""Routes on the movement graph are those of a plain Dijkstra that knows no tricks."""

import heapq
import math
from collections import defaultdict
from datetime import datetime, time, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from juli.plant.road_map import AppliesTo, Closure, RoadMap, Segment
from juli.roads.graph import MovementGraph, Size
from juli.roads.osm import read_osm

ZONE = ZoneInfo("Asia/Shanghai")
WEDNESDAY = datetime(2023, 12, 20, tzinfo=ZONE)
TRUCK = Size(gross_weight_t=12.0, height_m=3.8, width_m=2.5)


class PlainDijkstra:
    """Segment by segment, turn by turn, asking each closure itself; nothing is shared with the engine."""

    def __init__(self, road_map, closures):
        self.map = road_map
        self.by_id = {segment.id: segment for segment in road_map.segments}
        self.leaving = defaultdict(list)
        for segment in road_map.segments:
            self.leaving[segment.from_junction].append(segment)
        self.on_segment = defaultdict(list)
        self.on_movement = defaultdict(list)
        for closure in (*road_map.standing_closures, *closures):
            for segment in closure.segments:
                self.on_segment[segment].append(closure)
            for movement in closure.movements:
                self.on_movement[movement].append(closure)

    def leave_ms(self, segment, enter_ms):
        milliseconds = math.ceil(round(segment.drive_seconds * 1000, 6))
        if not segment.speed_profile:
            return enter_ms + milliseconds
        left, now = Fraction(milliseconds), Fraction(enter_ms)
        while True:
            local = now + 8 * 3_600_000
            hour = int(local // 3_600_000)
            share = Fraction(round(self.map.speed_profiles[segment.speed_profile][hour % 24] * 1000), 1000)
            in_this_hour = ((hour + 1) * 3_600_000 - local) * share
            if left <= in_this_hour:
                return math.ceil(now + left / share)
            left -= in_this_hour
            now += in_this_hour / share

    def is_u_turn(self, into, out):
        same = (into.road, into.length_km) == (out.road, out.length_km)
        back = into.from_junction == out.to_junction
        return same and back and len(self.leaving[into.to_junction]) > 1

    def arrivals(self, source, target, depart, vehicle):
        """Earliest arrivals at all junctions [ms], for a trip whose ends are source and target."""

        def stopped(closures, moment_ms):
            moment = datetime.fromtimestamp(moment_ms / 1000, ZONE)
            return any(
                c.in_force(moment) and c.keeps_out(source, target, vehicle.gross_weight_t, vehicle.height_m)
                for c in closures
            )

        def fits(segment):
            limits = (segment.max_weight_t, segment.max_height_m, segment.max_width_m)
            return all(limit is None or limit >= size for limit, size in zip(limits, vehicle, strict=True))

        depart_ms = int(depart.timestamp() * 1000)
        reached = {source: depart_ms}
        best = {}
        heap = []

        def enter(segment, moment_ms):
            if fits(segment) and not stopped(self.on_segment[segment.id], moment_ms):
                leave_ms = self.leave_ms(segment, moment_ms)
                if leave_ms < best.get(segment.id, math.inf):
                    best[segment.id] = leave_ms
                    heapq.heappush(heap, (leave_ms, segment.id))

        for segment in self.leaving[source]:
            enter(segment, depart_ms)
        while heap:
            moment_ms, name = heapq.heappop(heap)
            if best[name] != moment_ms:
                continue
            into = self.by_id[name]
            reached.setdefault(into.to_junction, moment_ms)
            for out in self.leaving[into.to_junction]:
                movement = (into.id, out.id)
                if movement in self.map.banned_movements or self.is_u_turn(into, out):
                    continue
                if not stopped(self.on_movement[movement], moment_ms):
                    enter(out, moment_ms)
        return reached


def random_map(rng, width=6, height=5):
    """A town of streets, some missing, some one-way, some low or slow at rush hours."""
    junctions = {
        f"{x},{y}": (119.9 + 0.01 * x + rng.uniform(-2e-3, 2e-3), 31.7 + 0.01 * y + rng.uniform(-2e-3, 2e-3))
        for x in range(width)
        for y in range(height)
    }
    segments = []
    for x in range(width):
        for y in range(height):
            for to_x, to_y, road in ((x + 1, y, f"street {y}"), (x, y + 1, f"avenue {x}")):
                if to_x == width or to_y == height or rng.random() < 0.12:
                    continue
                common = {
                    "road": road,
                    "length_km": float(rng.uniform(0.6, 1.6)),
                    "speed_kmh": float(rng.choice([20, 40, 60])),
                    "max_weight_t": 8.0 if rng.random() < 0.06 else None,
                    "max_height_m": 3.0 if rng.random() < 0.04 else None,
                    "speed_profile": "rush" if rng.random() < 0.5 else "",
                }
                ends = [f"{x},{y}", f"{to_x},{to_y}"]
                rng.shuffle(ends)
                segments.append(
                    Segment(f"{ends[0]}>{ends[1]}", from_junction=ends[0], to_junction=ends[1], **common)
                )
                if rng.random() < 0.8:
                    a, b = ends[::-1]
                    segments.append(Segment(f"{a}>{b}", from_junction=a, to_junction=b, **common))
    movements = movements_of(segments)
    never = rng.choice(len(movements), size=len(movements) // 15, replace=False)
    profile = tuple(float(f) for f in np.round(rng.uniform(0.2, 1.2, 24), 2))
    sign = Closure(
        "no trucks by day",
        "sign",
        datetime(1970, 1, 1, tzinfo=ZONE),
        datetime(9999, 1, 1, tzinfo=ZONE),
        AppliesTo.TRUCKS,
        segments=frozenset(str(s) for s in rng.choice([s.id for s in segments], size=2)),
        daily=(time(7), time(19)),
    )
    return RoadMap(
        "random town",
        junctions,
        tuple(segments),
        frozenset(movements[i] for i in never),
        speed_profiles={"rush": profile},
        standing_closures=(sign,),
    )


def movements_of(segments):
    leaving = defaultdict(list)
    for segment in segments:
        leaving[segment.from_junction].append(segment.id)
    return [(into.id, out) for into in segments for out in leaving[into.to_junction]]


def random_closures(rng, road_map, count):
    names = [segment.id for segment in road_map.segments]
    movements = movements_of(road_map.segments)
    junctions = list(road_map.junctions)
    closures = []
    for number in range(count):
        start = WEDNESDAY + timedelta(minutes=int(rng.integers(-600, 1500)))
        clock = [time(int(rng.integers(24)), int(rng.integers(60))) for _ in range(2)]
        closures.append(
            Closure(
                id=f"notice {number}",
                source="random",
                start=start,
                end=start + timedelta(minutes=int(rng.integers(5, 3000))),
                applies_to=AppliesTo(rng.choice(["all", "through", "trucks"])),
                segments=frozenset(str(s) for s in rng.choice(names, size=int(rng.integers(0, 4)))),
                movements=frozenset(
                    movements[i] for i in rng.integers(len(movements), size=int(rng.integers(0, 8)))
                ),
                zone_junctions=frozenset(str(j) for j in rng.choice(junctions, size=int(rng.integers(0, 4)))),
                daily=(clock[0], clock[1]) if rng.random() < 0.5 else None,
                above_weight_t=float(rng.choice([5.0, 20.0])) if rng.random() < 0.2 else None,
            )
        )
    return closures


def assert_same_answers(road_map, graph, closures, rng, searches, targets_each):
    """Compare one-to-one and one-to-all answers; how many were compared, and how many had no way."""
    plain = PlainDijkstra(road_map, closures)
    junctions = list(road_map.junctions)
    works = [closure for closure in closures if closure.applies_to is AppliesTo.THROUGH]
    no_way = 0
    for _ in range(searches):
        source, *targets = (str(j) for j in rng.choice(junctions, size=targets_each + 1, replace=False))
        depart = WEDNESDAY + timedelta(seconds=int(rng.integers(0, 86400)))
        vehicle = TRUCK if rng.random() < 0.7 else Size()
        seconds, _ = graph.matrix([source], targets, depart, vehicle)
        searched = {}
        for column, target in enumerate(targets):
            access = tuple(
                source in works_.zone_junctions or target in works_.zone_junctions for works_ in works
            )
            if access not in searched:
                searched[access] = plain.arrivals(source, target, depart, vehicle)
            arrival = searched[access].get(target)
            route = graph.route(source, target, depart, vehicle)
            if arrival is None:
                no_way += 1
                assert route is None
                assert np.isinf(seconds[0, column])
            else:
                expected_s = (arrival - int(depart.timestamp() * 1000)) / 1000
                assert route is not None
                assert route.seconds == expected_s == seconds[0, column]
    return searches * targets_each, no_way


@pytest.mark.parametrize("seed", range(12))
def test_random_towns_with_random_closures_are_crossed_as_plain_dijkstra_does(seed):
    rng = np.random.default_rng(seed)
    road_map = random_map(rng)
    closures = random_closures(rng, road_map, 20)
    graph = MovementGraph(road_map, closures, landmarks=seed % 5)
    compared, no_way = assert_same_answers(road_map, graph, closures, rng, searches=12, targets_each=6)
    assert no_way < compared


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_ten_thousand_queries_agree_with_plain_dijkstra():
    compared = 0
    for seed in range(100, 150):
        rng = np.random.default_rng(seed)
        road_map = random_map(rng, width=9, height=8)
        closures = random_closures(rng, road_map, 30)
        graph = MovementGraph(road_map, closures, landmarks=seed % 5)
        compared += assert_same_answers(road_map, graph, closures, rng, searches=20, targets_each=10)[0]
    assert compared == 10_000


@pytest.mark.parametrize("seed", range(8))
def test_each_route_can_be_driven_turn_by_turn_and_breaks_no_ban(seed):
    rng = np.random.default_rng(50 + seed)
    road_map = random_map(rng)
    closures = random_closures(rng, road_map, 20)
    graph = MovementGraph(road_map, closures)
    plain = PlainDijkstra(road_map, closures)
    for source, target in rng.choice(list(road_map.junctions), size=(30, 2)):
        depart = WEDNESDAY + timedelta(seconds=int(rng.integers(0, 86400)))
        route = graph.route(str(source), str(target), depart, TRUCK)
        if route is None or not route.segments:
            continue
        driven = [plain.by_id[name] for name in route.segments]
        assert driven[0].from_junction == source
        assert driven[-1].to_junction == target
        assert route.km == pytest.approx(sum(segment.length_km for segment in driven))
        ends = (*route.enter_seconds[1:], route.seconds)
        for position, (segment, enter_s, leave_s) in enumerate(
            zip(driven, route.enter_seconds, ends, strict=True)
        ):
            moment = depart + timedelta(seconds=enter_s)
            entered_ms = int(depart.timestamp() * 1000) + round(enter_s * 1000)
            assert round(leave_s * 1000) == plain.leave_ms(segment, entered_ms) - int(
                depart.timestamp() * 1000
            )
            bans = list(plain.on_segment[segment.id])
            if position:
                movement = (driven[position - 1].id, segment.id)
                assert driven[position - 1].to_junction == segment.from_junction
                assert movement not in road_map.banned_movements
                bans += plain.on_movement[movement]
            assert not any(c.in_force(moment) and c.keeps_out(source, target, 12.0, 3.8) for c in bans)


@pytest.mark.parametrize("seed", range(6))
def test_closures_taken_out_leave_no_trace(seed):
    rng = np.random.default_rng(70 + seed)
    road_map = random_map(rng)
    before = MovementGraph(road_map)
    graph = MovementGraph(road_map)
    closures = random_closures(rng, road_map, 100)
    for closure in closures:
        graph.close(closure)
    kept = [closures[i] for i in sorted(rng.choice(100, size=15, replace=False))]
    for i in rng.permutation(100):
        if closures[i] not in kept:
            graph.reopen(closures[i].id)
    assert graph.closures[1:] == tuple(kept)
    assert_same_answers(road_map, graph, kept, rng, searches=6, targets_each=6)
    for closure in kept:
        graph.reopen(closure.id)
    junctions = list(road_map.junctions)
    for vehicle in (TRUCK, Size()):
        here, there = (g.matrix(junctions, junctions, WEDNESDAY, vehicle) for g in (graph, before))
        np.testing.assert_array_equal(here, there)


def city(shared_data):
    return read_osm(shared_data / "roads" / "shanghai_center.osm.pbf").road_map()


def test_a_city_is_crossed_as_plain_dijkstra_does(shared_data):
    road_map = city(shared_data)
    rng = np.random.default_rng(0)
    closures = random_closures(rng, road_map, 20)
    for landmarks in (0, 6):
        graph = MovementGraph(road_map, closures, landmarks=landmarks)
        assert_same_answers(road_map, graph, closures, rng, searches=4, targets_each=20)


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_a_city_is_crossed_as_plain_dijkstra_does_ten_thousand_times(shared_data):
    road_map = city(shared_data)
    compared = 0
    for seed in range(10):
        rng = np.random.default_rng(200 + seed)
        closures = random_closures(rng, road_map, 20)
        graph = MovementGraph(road_map, closures, landmarks=seed % 2 * 8)
        compared += assert_same_answers(road_map, graph, closures, rng, searches=10, targets_each=100)[0]
    assert compared == 10_000
