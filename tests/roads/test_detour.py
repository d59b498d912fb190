"""An announced detour is driven arm by arm: whether it leads round the works, and what it costs."""

from datetime import datetime, time
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from juli.core.errors import InputError
from juli.plant.road_map import RoadMap, Segment
from juli.roads.detour import check_zone, roads_of
from juli.roads.graph import MovementGraph, Size
from juli.roads.notices.reading import Zone
from juli.roads.road_index import RoadIndex

ZONE = ZoneInfo("Asia/Shanghai")
ROADS = {
    "长扬路": ("W", "w", "C", "e", "E"),
    "腾龙路": ("N", "n", "C", "s", "S"),
    "北环路": ("nw", "n", "ne"),
    "南环路": ("sw", "s", "se"),
    "西环路": ("nw", "w", "sw"),
    "东环路": ("ne", "e", "se"),
    "近路": ("w", "n"),
}
PLACES = {
    "W": (-2, 0), "w": (-1, 0), "C": (0, 0), "e": (1, 0), "E": (2, 0), "N": (0, 2), "n": (0, 1), "s": (0, -1),
    "S": (0, -2), "nw": (-1, 1), "ne": (1, 1), "sw": (-1, -1), "se": (1, -1),
}  # fmt: skip


def length_km(road):
    return 1.2 if road.endswith("环路") else 1.0


def town(**limits):
    """Two roads cross at C, a ring goes round it; a lane shortens the ring's north-western corner.

    Every piece is a kilometre at 60 km/h, 1.2 on the ring; limits are given by the road's name.
    """
    segments = [
        Segment(
            f"{road}:{a}>{b}", road, a, b, 1.2 if road.endswith("环路") else 1.0, 60.0, **limits.get(road, {})
        )
        for road, junctions in ROADS.items()
        for ends in pairwise(junctions)
        for a, b in (ends, ends[::-1])
    ]
    junctions = {name: (119.9 + 0.0105 * x, 31.7 + 0.009 * y) for name, (x, y) in PLACES.items()}
    return RoadMap("town", junctions, tuple(segments))


def works(*detours, **said):
    facts = {
        "impact": "half_closed",
        "applies_to": "through",
        "start": datetime(2023, 12, 20, tzinfo=ZONE),
        "end": datetime(2024, 1, 21, tzinfo=ZONE),
        "junction": ("长扬路", "腾龙路"),
        "stretch": None,
        "direction": None,
    } | said
    return Zone(("长扬路", "腾龙路"), detours=detours, **facts)


RING = ("北环路", "东环路", "南环路", "西环路")


def by_arms(detour):
    return {(str(way.from_arm), str(way.to_arm)): way for way in detour.ways}


def test_a_ring_leads_round_a_junction_from_every_arm_to_every_other():
    road_map = town()
    check = check_zone(works(RING), road_map, "notice.txt")
    (detour,) = check.detours
    assert detour.connects
    assert not detour.unknown
    assert not detour.gaps
    ways = by_arms(detour)
    straight = ways[("长扬路 west", "长扬路 east")]
    assert straight.before.km == pytest.approx(2)
    assert straight.announced.km == pytest.approx(4.8)
    assert roads_of(straight.announced, RoadIndex(road_map)) in (
        ["西环路", "北环路", "东环路"],
        ["西环路", "南环路", "东环路"],
    )
    assert ("长扬路 east", "长扬路 west") in ways
    assert ("腾龙路 north", "腾龙路 south") in ways
    # The lane makes one corner no longer than the junction was, so that nobody there is turned away.
    assert ("长扬路 west", "腾龙路 north") not in ways


def test_a_shorter_way_that_is_not_announced_is_told():
    check = check_zone(works(RING), town(), "notice.txt")
    way = by_arms(check.detours[0])[("长扬路 west", "长扬路 east")]
    assert way.better.km == pytest.approx(3.4)
    assert way.better.segments[0] == "近路:w>n"


def test_arms_that_the_chain_does_not_meet_are_told_beside_those_that_it_connects():
    check = check_zone(works(("北环路", "东环路")), town(), "notice.txt")
    (detour,) = check.detours
    assert detour.connects
    assert [str(arm) for arm in detour.missed_arms] == ["长扬路 west", "腾龙路 south"]
    ways = by_arms(detour)
    assert set(ways) == {("腾龙路 north", "长扬路 east"), ("长扬路 east", "腾龙路 north")}


def test_a_road_that_leads_to_one_arm_only_leads_no_way_round():
    detour = check_zone(works(("南环路",)), town(), "notice.txt").detours[0]
    assert not detour.connects
    assert detour.ways == ()


def test_a_detour_that_trucks_do_not_fit_under_does_not_connect_for_them():
    low = town(北环路={"max_height_m": 3.0})
    chain = ("西环路", "北环路", "东环路")
    car = check_zone(works(chain), low, "notice.txt").detours[0]
    truck = check_zone(works(chain), low, "notice.txt", Size(height_m=3.8)).detours[0]
    assert by_arms(car)[("长扬路 west", "长扬路 east")].announced is not None
    way = by_arms(truck)[("长扬路 west", "长扬路 east")]
    assert way.announced is None
    assert way.better.km == pytest.approx(4.8)


def test_unknown_roads_and_gaps_in_the_chain_are_told():
    detour = check_zone(works(("北环路", "南环路", "文化路")), town(), "notice.txt").detours[0]
    assert detour.unknown == ("文化路",)
    assert detour.gaps == (("北环路", "南环路"),)


def test_a_closed_stretch_is_driven_round_from_end_to_end():
    zone = works(RING, junction=None, stretch=("西环路", "东环路"), impact="closed", applies_to="all")
    check = check_zone(zone, town(), "notice.txt")
    assert set(by_arms(check.detours[0])) == {("长扬路 west", "长扬路 east"), ("长扬路 east", "长扬路 west")}
    assert check.detours[0].connects


def test_the_drives_are_made_while_the_closure_holds_and_leave_no_trace():
    road_map = town()
    graph = MovementGraph(road_map)
    night = works(RING, daily=(time(22), time(6)))
    check = check_zone(night, road_map, "notice.txt", graph=graph)
    assert check.closure.in_force(check.moment)
    assert by_arms(check.detours[0])
    assert graph.closures == ()
    assert check_zone(works(RING), road_map, "notice.txt").moment.hour == 10


def test_a_zone_that_is_not_clear_is_not_checked():
    check = check_zone(works(RING, junction=("长扬路", "文化路")), town(), "notice.txt")
    assert check.closure is None
    assert check.detours == ()
    assert "no road 文化路" in check.problems[0].message


def test_places_are_found_by_id_crossing_and_position():
    index = RoadIndex(town())
    assert index.place("C") == "C"
    assert index.place("长扬路×腾龙路") == index.place("腾龙路/长扬路") == "C"
    assert index.place("119.9001,31.7001") == "C"
    with pytest.raises(InputError, match="do not meet"):
        index.place("北环路×南环路")
    with pytest.raises(InputError, match="no place 文化路"):
        index.place("文化路")
