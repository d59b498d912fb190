"""What the movement graph promises of closures, vehicles and turns, shown on maps small enough to see."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from juli.core.errors import InputError
from juli.plant.road_map import AppliesTo, Closure, RoadMap, Segment
from juli.roads.graph import MovementGraph, Size

ZONE = ZoneInfo("Asia/Shanghai")
NOON = datetime(2023, 12, 20, 12, tzinfo=ZONE)


def both_ways(road, start, end, **given):
    facts = {"length_km": 1.0, "speed_kmh": 60.0} | given
    return [
        Segment(f"{road}:{a}>{b}", road, from_junction=a, to_junction=b, **facts)
        for a, b in ((start, end), (end, start))
    ]


def crossing(**given):
    """West–centre–east and south–centre–north cross; a ring road takes three times as long."""
    places = {"W": (0, 1), "C": (1, 1), "E": (2, 1), "S": (1, 0), "N": (1, 2)}
    segments = []
    for road, ends in {"main": "WCE", "cross": "SCN"}.items():
        for start, end in pairwise(ends):
            segments += both_ways(road, start, end)
    for start, end in zip("WNES", "NESW", strict=True):
        segments += both_ways("ring", start, end, length_km=3.0)
    junctions = {name: (119.9 + 0.01 * x, 31.7 + 0.01 * y) for name, (x, y) in places.items()}
    return RoadMap("crossing", junctions, tuple(segments), **given)


def through_ban(road_map, junction="C", **given):
    into = [s.id for s in road_map.segments if s.to_junction == junction]
    out = [s.id for s in road_map.segments if s.from_junction == junction]
    facts = {
        "id": "works",
        "source": "notice.txt",
        "start": NOON,
        "end": NOON + timedelta(days=31),
        "applies_to": AppliesTo.THROUGH,
        "movements": frozenset((a, b) for a in into for b in out),
        "zone_junctions": frozenset({junction}),
    }
    return Closure(**(facts | given))


def minutes(graph, start, end, depart=NOON, vehicle=None):
    route = graph.route(start, end, depart, vehicle or Size())
    return None if route is None else route.seconds / 60


def test_a_half_closed_junction_turns_through_traffic_away_and_lets_local_traffic_in():
    road_map = crossing()
    graph = MovementGraph(road_map, [through_ban(road_map)])
    assert minutes(graph, "W", "E") == 6.0
    assert minutes(graph, "W", "C") == 1.0
    assert minutes(graph, "C", "E") == 1.0
    assert minutes(graph, "W", "E", NOON - timedelta(minutes=5)) == 2.0


def test_a_trip_that_ends_in_the_works_may_cross_them_again():
    road_map = crossing()
    works = through_ban(road_map, zone_junctions=frozenset({"C", "E"}))
    graph = MovementGraph(road_map, [works])
    assert minutes(graph, "W", "E") == 2.0
    assert minutes(graph, "W", "N") == 3.0
    seconds, km = graph.matrix(["W", "S"], ["E", "N", "C"], NOON)
    np.testing.assert_array_equal(seconds / 60, [[2, 3, 1], [2, 6, 1]])
    np.testing.assert_array_equal(km, [[2, 3, 1], [2, 6, 1]])


def test_a_ban_counts_from_the_moment_of_the_turn_up_to_its_end():
    road_map = crossing()
    graph = MovementGraph(road_map, [through_ban(road_map, end=NOON + timedelta(hours=1))])
    a_minute, a_millisecond = timedelta(minutes=1), timedelta(milliseconds=1)
    assert minutes(graph, "W", "E", NOON - a_minute - a_millisecond) == 2.0
    assert minutes(graph, "W", "E", NOON - a_minute) == 6.0
    reopened = NOON + timedelta(hours=1)
    # By way of N it comes back to the junction after the reopening.
    assert minutes(graph, "W", "E", reopened - a_minute - a_millisecond) == 5.0
    assert minutes(graph, "W", "E", reopened - a_minute) == 2.0


def test_daily_hours_are_those_of_the_works_own_time_zone():
    road_map = crossing()
    graph = MovementGraph(road_map, [through_ban(road_map, daily=(time(22), time(6)))])
    night = datetime(2023, 12, 21, 22, 30, tzinfo=ZONE)
    assert minutes(graph, "W", "E", night) == 6.0
    assert minutes(graph, "W", "E", night.astimezone(UTC)) == 6.0
    assert minutes(graph, "W", "E", night + timedelta(hours=8)) == 2.0


def test_a_segment_may_not_be_entered_but_may_be_left():
    road_map = crossing()
    shut = replace(through_ban(road_map), movements=frozenset(), segments=frozenset({"main:C>E"}))
    graph = MovementGraph(road_map, [replace(shut, applies_to=AppliesTo.ALL)])
    assert minutes(graph, "W", "E") == 5.0
    assert minutes(graph, "E", "W") == 2.0
    assert minutes(graph, "C", "E") == 4.0
    assert minutes(graph, "C", "E", NOON - timedelta(seconds=1)) == 1.0


def test_heavy_high_and_wide_vehicles_go_round_their_limits():
    limits = {"max_weight_t": 10.0, "max_height_m": 3.5, "max_width_m": 2.4}
    segments = [
        replace(segment, **limits) if segment.road == "main" else segment for segment in crossing().segments
    ]
    graph = MovementGraph(replace(crossing(), segments=tuple(segments)))
    assert minutes(graph, "W", "E", vehicle=Size(10.0, 3.5, 2.4)) == 2.0
    for size in (Size(10.1, 3, 2), Size(9, 3.6, 2), Size(9, 3, 2.5)):
        assert minutes(graph, "W", "E", vehicle=size) == 6.0


def test_a_closure_above_a_weight_lets_lighter_trucks_pass():
    road_map = crossing()
    works = through_ban(road_map, applies_to=AppliesTo.TRUCKS, above_weight_t=10.0)
    graph = MovementGraph(road_map, [works])
    assert minutes(graph, "W", "E", vehicle=Size(gross_weight_t=10.0)) == 2.0
    assert minutes(graph, "W", "E", vehicle=Size(gross_weight_t=12.0)) == 6.0


def test_u_turns_are_made_at_dead_ends_only():
    dead_end = both_ways("lane", "E", "D")
    no_left = ("main:W>C", "cross:C>N")
    road_map = crossing(banned_movements=frozenset({no_left}))
    # Going past and coming back would take 4 minutes, were it allowed at E.
    assert minutes(MovementGraph(road_map), "W", "N") == 3.0
    no_ring = [segment for segment in road_map.segments if segment.road != "ring"]
    places = dict(road_map.junctions) | {"D": (119.93, 31.71)}
    with_lane = replace(road_map, junctions=places, segments=(*no_ring, *dead_end))
    assert minutes(MovementGraph(with_lane), "W", "N") == 4.0
    beyond = replace(with_lane, segments=(*no_ring, *both_ways("lane", "C", "D")))
    assert minutes(MovementGraph(beyond), "W", "N") == 4.0


def test_rush_hours_slow_the_part_of_the_drive_that_lies_in_them():
    profile = tuple(0.5 if hour == 17 else 1.0 for hour in range(24))
    road = Segment("a:1>2", "a", "1", "2", length_km=30.0, speed_kmh=60.0, speed_profile="rush")
    road_map = RoadMap(
        "one", {"1": (119.9, 31.7), "2": (120.2, 31.7)}, (road,), speed_profiles={"rush": profile}
    )
    graph = MovementGraph(road_map)
    at = datetime(2023, 12, 20, tzinfo=ZONE)
    assert minutes(graph, "1", "2", at + timedelta(hours=16)) == 30.0
    assert minutes(graph, "1", "2", at + timedelta(hours=16, minutes=50)) == 50.0
    assert minutes(graph, "1", "2", at + timedelta(hours=17)) == 60.0
    assert minutes(graph, "1", "2", at + timedelta(hours=17, minutes=40)) == 40.0


def test_no_way_is_none_and_the_same_place_needs_no_drive():
    road_map = crossing()
    island = replace(road_map, junctions=dict(road_map.junctions) | {"X": (120.0, 31.0)})
    graph = MovementGraph(island)
    assert graph.route("W", "X", NOON) is None
    assert graph.route("W", "W", NOON).segments == ()
    assert np.isinf(graph.matrix(["W"], ["X"], NOON)[0][0, 0])
    assert MovementGraph(road_map, horizon_hours=0.01).route("W", "E", NOON) is None


def test_what_the_map_does_not_have_is_told():
    road_map = crossing()
    graph = MovementGraph(road_map, [through_ban(road_map)])
    with pytest.raises(InputError, match="crossing has no junction Q"):
        graph.route("W", "Q", NOON)
    with pytest.raises(InputError, match="no segment main:C>Q"):
        graph.close(through_ban(road_map, id="other", segments=frozenset({"main:C>Q"})))
    with pytest.raises(InputError, match="cross:S>C does not begin where main:W>C ends"):
        graph.close(through_ban(road_map, id="other", movements=frozenset({("main:W>C", "cross:S>C")})))
    with pytest.raises(InputError, match="works is in force already"):
        graph.close(through_ban(road_map))
    with pytest.raises(InputError, match="no closure other"):
        graph.reopen("other")
    with pytest.raises(InputError, match="time zone"):
        graph.route("W", "E", NOON.replace(tzinfo=None))
    assert [closure.id for closure in graph.closures] == ["works"]


def test_arrays_describe_the_same_map():
    road_map = crossing(banned_movements=frozenset({("main:W>C", "cross:C>N")}))
    described = MovementGraph(road_map).network.road_map()
    assert set(described.segments) == set(road_map.segments)
    assert described.banned_movements == road_map.banned_movements
    assert described.junctions == road_map.junctions
