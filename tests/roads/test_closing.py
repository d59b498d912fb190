"""A notice's zone closes exactly what it says, and nothing where that is not clear."""

from datetime import datetime, time
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from juli.core.errors import InputError, Severity
from juli.plant.road_map import AppliesTo, RoadMap, Segment
from juli.roads.closing import resolve
from juli.roads.notices.reading import Zone

ZONE = ZoneInfo("Asia/Shanghai")
START = datetime(2023, 12, 20, tzinfo=ZONE)
END = datetime(2024, 1, 21, tzinfo=ZONE)
EARLIER = datetime(2023, 12, 1, tzinfo=ZONE)


def zone(roads, junction=None, direction=None, **said):
    facts = {"stretch": None, "impact": "closed", "applies_to": "all", "start": START, "end": END} | said
    return Zone(roads, junction, direction=direction, **facts)


def town():
    """One road runs west–east over A, B, C, D; others cross it at A, B, D; only B leads to a yard."""
    places = {
        "A": (0, 0), "B": (1, 0), "C": (2, 0), "D": (3, 0),
        "An": (0, 1), "Bn": (1, 1), "Dn": (3, 1), "As": (0, -1), "yard": (1, -1), "Ds": (3, -1),
    }  # fmt: skip
    roads = [
        ("长扬路", "ABCD"), ("腾龙路", ("An", "A", "As")), ("锦华路", ("Bn", "B", "yard")),
        ("凤苑路", ("Dn", "D", "Ds")), ("北环路", ("An", "Bn", "Dn")),
        ("南环路", ("As", "Ds")), ("引水桥", ("C", "Ds")),
    ]  # fmt: skip
    segments = []
    for road, junctions in roads:
        for start, end in pairwise(junctions):
            for a, b in ((start, end), (end, start)):
                segments.append(Segment(f"{road}:{a}>{b}", road, a, b, length_km=1.0, speed_kmh=50.0))
    junctions = {name: (119.9 + 0.01 * x, 31.7 + 0.01 * y) for name, (x, y) in places.items()}
    return RoadMap("town", junctions, tuple(segments), road_aliases={"腾龙大道": "腾龙路"})


def closed(said):
    return resolve(said, town(), "notice.txt")


def refused(said, road_map=None):
    with pytest.raises(InputError) as caught:
        resolve(said, road_map or town(), "notice.txt")
    (problem,) = caught.value.problems
    assert "nothing is closed" in problem.message
    assert problem.place.startswith("notice.txt [")
    assert problem.mend
    return problem


def test_a_half_closed_junction_bans_every_turn_to_through_traffic():
    closure = closed(
        zone(("长扬路", "锦华路"), ("长扬路", "锦华路"), impact="half_closed", applies_to="through")
    )
    assert len(closure.movements) == 16
    assert ("长扬路:A>B", "长扬路:B>C") in closure.movements
    assert ("锦华路:yard>B", "长扬路:B>A") in closure.movements
    assert not closure.segments
    assert closure.applies_to is AppliesTo.THROUGH
    assert (closure.start, closure.end) == (
        datetime(2023, 12, 20, tzinfo=ZONE),
        datetime(2024, 1, 21, tzinfo=ZONE),
    )


def test_local_access_is_kept_for_the_junction_and_what_lies_behind_it_only():
    closure = closed(
        zone(("长扬路", "锦华路"), ("锦华路", "长扬路"), impact="half_closed", applies_to="through")
    )
    assert closure.zone_junctions == {"B", "yard"}


def test_a_closed_stretch_is_closed_both_ways_from_road_to_road():
    closure = closed(zone(("长扬路",), stretch=("锦华路", "凤苑路"), applies_to="through"))
    assert closure.segments == {"长扬路:B>C", "长扬路:C>D", "长扬路:D>C", "长扬路:C>B"}
    assert closure.zone_junctions == {"C"}
    assert not closure.movements


def test_a_direction_closes_one_carriageway_and_one_way_traffic_the_other():
    eastward = closed(zone(("长扬路",), stretch=("腾龙大道", "锦华路"), direction="由西向东"))
    assert eastward.segments == {"长扬路:A>B"}
    one_way = closed(zone(("长扬路",), stretch=("腾龙路", "锦华路"), direction="由西向东", impact="one_way"))
    assert one_way.segments == {"长扬路:B>A"}


@pytest.mark.parametrize(
    ("direction", "movement"),
    [
        ("由东向西左转", ("长扬路:C>B", "锦华路:B>yard")),
        ("由西向北", ("长扬路:A>B", "锦华路:B>Bn")),
        ("由南向北左转", ("锦华路:yard>B", "长扬路:B>A")),
        ("由南向北直行", ("锦华路:yard>B", "锦华路:B>Bn")),
    ],
)
def test_a_banned_turn_is_found_by_its_compass_directions(direction, movement):
    closure = closed(zone(("长扬路", "锦华路"), ("长扬路", "锦华路"), direction=direction, impact="movement"))
    assert closure.movements == {movement}


def test_a_turn_along_an_axis_is_banned_both_ways():
    axis = zone(("长扬路", "锦华路"), ("长扬路", "锦华路"), direction="南北方向直行", impact="movement")
    assert closed(axis).movements == {("锦华路:yard>B", "锦华路:B>Bn"), ("锦华路:Bn>B", "锦华路:B>yard")}


def test_a_half_closed_junction_bars_the_turns_that_it_names_alone():
    turns = "由南向北直行、由东向西左转"
    half = zone(("长扬路", "锦华路"), ("长扬路", "锦华路"), direction=turns, impact="half_closed")
    assert closed(half).movements == {
        ("锦华路:yard>B", "锦华路:B>Bn"),
        ("长扬路:C>B", "锦华路:B>yard"),
    }


def test_trucks_above_a_weight_are_kept_off_a_bridge_that_is_closed_whole():
    closure = closed(zone(("引水桥",), impact="trucks_banned", weight_t=10.0, daily=(time(7), time(21))))
    assert closure.segments == {"引水桥:C>Ds", "引水桥:Ds>C"}
    assert closure.applies_to is AppliesTo.TRUCKS
    assert closure.above_weight_t == 10.0
    assert closure.daily == (time(7), time(21))


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (zone(("文化路", "长扬路"), ("文化路", "长扬路")), "has no road 文化路"),
        (zone(("长扬路",), stretch=("白塘小学", "锦华路")), "has no road 白塘小学"),
        (zone(("北环路", "长扬路"), ("北环路", "长扬路")), "do not meet"),
        (zone(("长扬路",)), "which part of 长扬路 is closed is not told"),
        (zone(("长扬路",), stretch=("锦华路", "凤苑路"), direction="东半幅"), "东半幅"),
        (zone(("长扬路",), stretch=("锦华路", "凤苑路"), direction="由南向北"), "no carriageway"),
        (zone(("长扬路",), stretch=("锦华路", "凤苑路"), impact="one_way"), "which way stays open"),
        (zone(("长扬路", "锦华路"), ("长扬路", "锦华路"), impact="movement"), "which turn"),
        (zone(("长扬路",), ("长扬路", "锦华路"), "由东向西", impact="movement"), "straight on or"),
        (zone(("长扬路",), ("长扬路", "凤苑路"), "由东向西右转", impact="movement"), "no turn of"),
        (zone(("长扬路",), impact="movement"), "not at a junction"),
        (zone(("长扬路",), impact="ramp"), "does not name its ramps"),
        (zone(("长扬路",), stretch=("锦华路", "凤苑路"), end=EARLIER), "begins at"),
    ],
)  # fmt: skip
def test_what_is_not_clear_closes_nothing_and_is_told(said, words):
    assert words in refused(said).message


@pytest.mark.parametrize("impact", ["lanes", "half_closed"])
def test_a_narrowed_road_that_turns_nobody_away_is_only_a_warning(impact):
    narrowed = zone(("长扬路",), stretch=("锦华路", "凤苑路"), impact=impact)
    assert refused(narrowed).severity is Severity.WARNING


def test_roads_that_meet_twice_far_apart_are_ambiguous():
    road_map = town()
    loop = (
        Segment("腾龙路:A>Bn", "腾龙路", "A", "Bn", 1.0, 50.0),
        Segment("腾龙路:Bn>D", "腾龙路", "Bn", "D", 1.0, 50.0),
    )
    twice = RoadMap("loop", road_map.junctions, (*road_map.segments, *loop))
    twice_met = zone(("腾龙路", "长扬路"), ("腾龙路", "长扬路"))
    assert "meet in 2 places" in refused(twice_met, twice).message
