"""Sweeps over the map answer for many starts at once what a search for each start does."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from tests.roads.test_graph_search import (
    TRUCK,
    WEDNESDAY,
    PlainDijkstra,
    random_closures,
    random_map,
)

from juli.plant.road_map import AppliesTo
from juli.roads import sweep
from juli.roads.graph import MovementGraph, Size
from juli.roads.osm import read_osm


@pytest.fixture
def swept(monkeypatch):
    """For each sweep of a map, how many starts it had, and for how many something changed under way."""
    seen = []
    real = sweep.many_to_all

    def watched(sources, *others):
        answer = real(sources, *others)
        seen.append((len(sources), int(answer[2].sum())))
        return answer

    monkeypatch.setattr(sweep, "many_to_all", watched)
    return seen


def lasting(closures):
    """The same closures, in force the whole week, so that nothing changes under way."""
    days = timedelta(days=3)
    return [replace(c, start=WEDNESDAY - days, end=WEDNESDAY + days, daily=None) for c in closures]


def one_by_one(graph, sources, depart, vehicle):
    rows = [graph.matrix([source], None, depart, vehicle) for source in sources]
    return np.vstack([seconds for seconds, _ in rows]), np.vstack([km for _, km in rows])


@pytest.mark.parametrize("seed", range(10))
def test_many_starts_at_once_agree_with_plain_dijkstra_under_lasting_closures(seed, swept):
    rng = np.random.default_rng(300 + seed)
    road_map = random_map(rng, width=9, height=8)
    # Nobody has access to these works, so each start sees the same bans whatever its target.
    closures = [replace(c, zone_junctions=frozenset()) for c in lasting(random_closures(rng, road_map, 12))]
    road_map = replace(road_map, standing_closures=(), speed_profiles={"rush": (0.7,) * 24})
    graph, plain = MovementGraph(road_map, closures), PlainDijkstra(road_map, closures)
    junctions = list(road_map.junctions)
    sources = [str(j) for j in rng.choice(junctions, size=19, replace=False)]
    depart = WEDNESDAY + timedelta(seconds=int(rng.integers(0, 86400)))
    vehicle = TRUCK if seed % 2 else Size()
    seconds, _ = graph.matrix(sources, junctions, depart, vehicle)
    assert swept == [(19, 0)]
    depart_ms = int(depart.timestamp() * 1000)
    for row, source in enumerate(sources):
        reached = plain.arrivals(source, "nowhere", depart, vehicle)
        expected = [(reached[j] - depart_ms) / 1000 if j in reached else np.inf for j in junctions]
        assert seconds[row].tolist() == expected


@pytest.mark.parametrize("seed", range(15))
def test_many_starts_at_once_agree_with_single_ones_whatever_changes_under_way(seed):
    rng = np.random.default_rng(400 + seed)
    road_map = random_map(rng, width=9, height=8)
    graph = MovementGraph(road_map, random_closures(rng, road_map, 3))
    sources = [str(j) for j in rng.choice(list(road_map.junctions), size=20)]
    for _ in range(8):
        depart = WEDNESDAY + timedelta(minutes=int(rng.integers(0, 1440)))
        together, _ = graph.matrix(sources, None, depart, TRUCK)
        apart, _ = one_by_one(graph, sources, depart, TRUCK)
        np.testing.assert_array_equal(together, apart)


def test_starts_for_which_something_changes_under_way_are_searched_for(swept):
    road_map = random_map(np.random.default_rng(1), width=9, height=8)
    road_map = replace(road_map, standing_closures=(), speed_profiles={"rush": (1.0,) * 24})
    bans = random_closures(np.random.default_rng(2), road_map, 1)[0]
    graph = MovementGraph(road_map)
    sources = list(road_map.junctions)
    before_s, _ = graph.matrix(sources, None, WEDNESDAY)
    # The closure begins when about half of the starts have come to all that they reach.
    whole_s = np.where(np.isfinite(before_s), before_s, 0.0).max(axis=1)
    found = False
    for share in np.linspace(0.3, 1.0, 15):
        begin = WEDNESDAY + timedelta(seconds=float(np.quantile(whole_s, share)))
        ban = replace(
            bans,
            applies_to=AppliesTo.ALL,
            start=begin,
            end=begin + timedelta(days=1),
            daily=None,
            above_weight_t=None,
            zone_junctions=frozenset(),
        )
        graph.close(ban)
        swept.clear()
        seconds, _ = graph.matrix(sources, None, WEDNESDAY)
        found |= bool(swept) and 0 < swept[0][1] < swept[0][0]
        np.testing.assert_array_equal(seconds, one_by_one(graph, sources, WEDNESDAY, Size())[0])
        graph.reopen(ban.id)
    assert found


def test_of_equally_fast_ways_the_sweeps_take_the_shortest(swept):
    road_map = random_map(np.random.default_rng(5), width=9, height=8)
    # Every segment takes a minute, so there are many equally fast ways of different lengths.
    even = tuple(
        replace(s, speed_kmh=s.length_km * 60, speed_profile="", max_weight_t=None, max_height_m=None)
        for s in road_map.segments
    )
    graph = MovementGraph(replace(road_map, segments=even, standing_closures=()))
    sources = list(road_map.junctions)[:20]
    seconds, km = graph.matrix(sources, None, WEDNESDAY)
    assert swept == [(20, 0)]
    apart_s, apart_km = one_by_one(graph, sources, WEDNESDAY, Size())
    np.testing.assert_array_equal(seconds, apart_s)
    reached = np.isfinite(seconds)
    # Lengths are whole millimetres for each segment.
    assert (km[reached] <= apart_km[reached] + 1e-4).all()
    assert (km[reached] < apart_km[reached] - 1e-3).any()


def test_few_starts_and_starts_close_together_are_searched_for_one_by_one(swept):
    road_map = random_map(np.random.default_rng(3), width=9, height=8)
    graph = MovementGraph(road_map)
    junctions = list(road_map.junctions)
    graph.matrix(junctions[:3], None, WEDNESDAY)
    corner = ["0,0", "0,1", "1,0", "1,1"]
    graph.matrix(corner, corner, WEDNESDAY)
    assert swept == []


def test_a_city_is_swept_as_it_is_searched(shared_data, swept):
    graph = MovementGraph(read_osm(shared_data / "roads" / "shanghai_center.osm.pbf"))
    sources = [str(j) for j in np.random.default_rng(0).choice(graph.network.junction_ids, size=30)]
    for minutes in (0, 12 * 60, 12 * 60 + 50, 16 * 60 + 45):
        depart = WEDNESDAY + timedelta(minutes=minutes)
        seconds, km = graph.matrix(sources, None, depart, TRUCK)
        apart_s, apart_km = one_by_one(graph, sources, depart, TRUCK)
        np.testing.assert_array_equal(seconds, apart_s)
        reached = np.isfinite(seconds)
        np.testing.assert_allclose(km[reached], apart_km[reached], atol=1e-3)
    assert len(swept) >= 2
