"""OpenStreetMap extracts become networks with their names, limits, turns and hours."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from juli.core.errors import InputError
from juli.plant.road_map import AppliesTo
from juli.roads.graph import MovementGraph
from juli.roads.osm import read_osm

NOON = datetime(2023, 12, 20, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
NODES = {1: (0, 0), 2: (1, 0), 3: (2, 0), 4: (1, 1), 5: (1, -1), 6: (0, 0.5), 7: (0.5, 0)}
NODES |= {8: (2, -0.2), 9: (2, -0.4), 10: (1.5, -0.7)}


def extract(folder, *ways, turns=(), signs=None):
    """Write an extract.

    Ways are (id, nodes, tags), turns (kind, from way, via node, to way or ways, tags), signs nodes' tags.
    """

    def tagged(tags):
        return "".join(f'<tag k="{key}" v="{value}"/>' for key, value in tags.items())

    nodes = "".join(
        f'<node id="{n}" lon="{121.4 + 0.01 * x}" lat="{31.2 + 0.01 * y}">'
        f"{tagged((signs or {}).get(n, {}))}</node>"
        for n, (x, y) in NODES.items()
    )
    drawn = "".join(
        f'<way id="{way}">{"".join(f"""<nd ref="{n}"/>""" for n in refs)}{tagged(tags)}</way>'
        for way, refs, tags in ways
    )
    relations = "".join(
        f'<relation id="{number}"><member type="way" ref="{a}" role="from"/>'
        f'<member type="node" ref="{via}" role="via"/>'
        f"""{"".join(f'<member type="way" ref="{out}" role="to"/>' for out in np.atleast_1d(b))}"""
        f"{tagged({'type': 'restriction', 'restriction': kind} | more)}</relation>"
        for number, (kind, a, via, b, more) in enumerate(turns, start=1)
    )
    path = folder / "town.osm"
    path.write_text(f'<osm version="0.6">{nodes}{drawn}{relations}</osm>', encoding="utf-8")
    return path


MAIN = (10, (1, 7, 2, 3), {"highway": "primary", "name": "长扬路", "alt_name": "长扬大道;老路"})
CROSS = (20, (4, 2, 5), {"highway": "residential", "name": "腾龙路", "maxspeed": "20"})


def named(network):
    return {network.segment_id(s): network.road_names[network.road[s]] for s in range(network.segments)}


def test_ways_are_cut_where_they_meet_and_driven_both_ways(tmp_path):
    network = read_osm(extract(tmp_path, MAIN, CROSS))
    assert named(network) == {
        "10.0:1>2": "长扬路",
        "10.0:2>1": "长扬路",
        "10.1:2>3": "长扬路",
        "10.1:3>2": "长扬路",
        "20.0:4>2": "腾龙路",
        "20.0:2>4": "腾龙路",
        "20.1:2>5": "腾龙路",
        "20.1:5>2": "腾龙路",
    }
    described = network.road_map()
    assert described.road_aliases == {"长扬大道": "长扬路", "老路": "长扬路"}
    main = {segment.id: segment for segment in described.segments}
    assert main["10.0:1>2"].length_km == pytest.approx(0.951, abs=0.001)
    assert main["10.0:1>2"].shape == main["10.0:2>1"].shape[::-1]
    assert len(main["10.0:1>2"].shape) == 3
    assert main["10.0:1>2"].speed_kmh == pytest.approx(45, rel=1e-4)
    assert main["20.0:4>2"].speed_kmh == pytest.approx(20, rel=1e-4)


@pytest.mark.parametrize(
    ("tags", "driven"),
    [
        ({"oneway": "yes"}, {"10.0:1>2", "10.1:2>3"}),
        ({"oneway": "-1"}, {"10.0:2>1", "10.1:3>2"}),
        ({"junction": "roundabout"}, {"10.0:1>2", "10.1:2>3"}),
        ({"highway": "motorway"}, {"10.0:1>2", "10.1:2>3"}),
        ({"highway": "footway"}, set()),
        ({"motor_vehicle": "no"}, set()),
        ({"access": "private"}, set()),
        ({"access": "private", "motor_vehicle": "yes", "oneway": "yes"}, {"10.0:1>2", "10.1:2>3"}),
    ],
)
def test_direction_and_access_follow_the_tags(tmp_path, tags, driven):
    network = read_osm(extract(tmp_path, (*MAIN[:2], MAIN[2] | tags), CROSS))
    assert {name for name, road in named(network).items() if road == "长扬路"} == driven


def test_limits_of_trucks_are_read(tmp_path):
    limits = {"maxweight": "10 t", "maxheight": "3.2", "maxwidth": "default"}
    network = read_osm(extract(tmp_path, (*MAIN[:2], MAIN[2] | limits)))
    (segment, _) = network.road_map().segments
    assert (segment.max_weight_t, segment.max_height_m, segment.max_width_m) == (10.0, 3.2, None)


def test_banned_and_only_turns_are_kept(tmp_path):
    turns = [
        ("no_left_turn", 10, 2, 20, {"except": "psv"}),
        ("only_straight_on", 20, 2, 10, {"except": "hgv"}),
    ]
    network = read_osm(extract(tmp_path, MAIN, CROSS, turns=turns))
    banned = network.road_map().banned_movements
    assert banned == {(a, b) for a in ("10.0:1>2", "10.1:3>2") for b in ("20.0:2>4", "20.1:2>5")}
    split = [MAIN, (20, (4, 2), CROSS[2]), (21, (2, 5), CROSS[2])]
    only = read_osm(extract(tmp_path, *split, turns=[("only_straight_on", 20, 2, 21, {})]))
    assert only.road_map().banned_movements == {
        ("20.0:4>2", f"{b}") for b in ("10.0:2>1", "10.1:2>3", "20.0:2>4")
    }


def test_a_ban_on_turning_back_leaves_the_way_straight_on(tmp_path):
    network = read_osm(extract(tmp_path, MAIN, CROSS, turns=[("no_u_turn", 10, 2, 10, {})]))
    banned = network.road_map().banned_movements
    assert banned == {("10.0:1>2", "10.0:2>1"), ("10.1:3>2", "10.1:2>3")}


def test_a_ban_may_name_several_ways_out(tmp_path):
    split = [MAIN, (20, (4, 2), CROSS[2]), (21, (2, 5), CROSS[2])]
    network = read_osm(extract(tmp_path, *split, turns=[("no_exit", 10, 2, (20, 21), {})]))
    banned = network.road_map().banned_movements
    assert banned == {(a, b) for a in ("10.0:1>2", "10.1:3>2") for b in ("20.0:2>4", "21.0:2>5")}


@pytest.mark.parametrize(
    ("tags", "passes"),
    [
        ({"barrier": "bollard"}, False),
        ({"barrier": "bollard", "motor_vehicle": "yes"}, True),
        ({"barrier": "gate"}, True),
        ({"barrier": "gate", "access": "private"}, False),
        ({"barrier": "lift_gate", "hgv": "no"}, False),
        ({"highway": "crossing", "access": "no"}, True),
    ],
)
def test_nobody_drives_over_a_bollard_or_through_a_locked_gate(tmp_path, tags, passes):
    ring = (30, (1, 6, 4), {"highway": "tertiary", "name": "北环路"})
    graph = MovementGraph(read_osm(extract(tmp_path, MAIN, CROSS, ring, signs={7: tags})))
    through = graph.route("1", "2", NOON)
    assert ("30.0:1>4" not in through.segments) is passes
    if not passes:
        assert graph.route("1", "7", NOON).segments == ("10.0:1>7",)
        assert graph.route("7", "2", NOON).segments == ("10.1:7>2",)


def test_a_private_gate_opens_for_trips_to_what_lies_behind_it(tmp_path):
    ring = (30, (1, 6, 4), {"highway": "tertiary", "name": "北环路"})
    yard = (40, (3, 8, 9), {"highway": "residential", "name": "厂内路"})
    gate = {8: {"barrier": "gate", "access": "private"}}
    graph = MovementGraph(read_osm(extract(tmp_path, MAIN, CROSS, ring, yard, signs=gate)))
    assert graph.route("1", "9", NOON).segments[-1] == "40.1:8>9"
    assert graph.route("9", "1", NOON).segments[0] == "40.1:9>8"

    # With a second gate on the far side, nobody drives through from the one to the other.
    through = (41, (9, 10, 5), {"highway": "residential", "name": "厂内路"})
    gates = gate | {10: {"barrier": "lift_gate", "access": "private"}}
    graph = MovementGraph(read_osm(extract(tmp_path, MAIN, CROSS, ring, yard, through, signs=gates)))
    round_it = graph.route("3", "5", NOON)
    assert not any(name.startswith("4") for name in round_it.segments)
    assert graph.route("5", "9", NOON).km < round_it.km


def test_signs_become_standing_closures(tmp_path):
    path = extract(
        tmp_path,
        (*MAIN[:2], MAIN[2] | {"hgv:conditional": "no @ (Mo-Fr 07:00-09:30)"}),
        (*CROSS[:2], CROSS[2] | {"access": "destination"}),
        (30, (1, 6, 4), {"highway": "tertiary", "hgv": "no", "name": "北环路"}),
        turns=[("no_u_turn @ (22:00-06:00)", 10, 2, 20, {})],
    )
    network = read_osm(path)
    closures = {closure.id.partition(": ")[2]: closure for closure in network.standing_closures}
    by_day = closures["no trucks 07:00-09:30"]
    assert by_day.applies_to is AppliesTo.TRUCKS
    assert by_day.daily == (time(7), time(9, 30))
    assert "10.0:1>2" in by_day.segments
    assert closures["no trucks"].segments == {"30.0:1>4", "30.0:4>1"}
    local = next(closure for closure in closures.values() if closure.applies_to is AppliesTo.THROUGH)
    assert local.zone_junctions == {"2", "4", "5"}
    timed = next(closure for closure in closures.values() if closure.movements)
    assert timed.daily == (time(22), time(6))

    graph = MovementGraph(network)
    assert graph.route("1", "3", NOON).km == pytest.approx(1.9, abs=0.01)
    assert graph.route("1", "3", NOON.replace(hour=8)) is None


def test_rush_hours_slow_busy_roads_more_than_quiet_ones(tmp_path):
    graph = MovementGraph(read_osm(extract(tmp_path, MAIN, CROSS)))
    night, rush = NOON.replace(hour=3), NOON.replace(hour=17)
    busy = graph.route("1", "3", rush).seconds / graph.route("1", "3", night).seconds
    quiet = graph.route("4", "5", rush).seconds / graph.route("4", "5", night).seconds
    assert 1 < quiet < busy < 2


@pytest.mark.parametrize(
    ("content", "words"),
    [("<osm version='0.6'></osm>", "no drivable ways"), ("{}", "can't be read as an extract")],
)
def test_a_file_without_roads_is_refused(tmp_path, content, words):
    path = tmp_path / "town.osm"
    path.write_text(content)
    with pytest.raises(InputError, match=words):
        read_osm(path)
    with pytest.raises(InputError, match="absent"):
        read_osm(tmp_path / "absent.osm.pbf")


def test_a_city_is_read_whole(shared_data):
    network = read_osm(shared_data / "roads" / "shanghai_center.osm.pbf")
    assert network.segments == 9988
    assert len(network.junction_ids) == 4583
    assert "南京西路" in network.road_names
    assert (network.tail[1:] >= network.tail[:-1]).all()
    both = network.reverse >= 0
    assert (network.reverse[network.reverse[both]] == both.nonzero()[0]).all()
    assert sum(map(len, (c.segments for c in network.standing_closures))) == 52


def test_damaged_extracts_are_refused_or_read_but_never_break(tmp_path, shared_data):
    whole = (shared_data / "roads" / "shanghai_center.osm.pbf").read_bytes()
    rng = np.random.default_rng(0)
    damaged = [b"", whole[: len(whole) // 3], whole[:5], b"\x00" * 1000, rng.bytes(5000)]
    for _ in range(6):
        spoilt = bytearray(whole)
        for position in rng.integers(len(whole), size=3).tolist():
            spoilt[position] ^= 0xFF
        damaged.append(bytes(spoilt))
    refused, told = 0, []
    for number, content in enumerate(damaged):
        path = tmp_path / f"damaged{number}.osm.pbf"
        path.write_bytes(content)
        try:
            assert read_osm(path).segments > 0
        except InputError as error:
            refused += 1
            told += error.problems
    assert refused >= 5
    assert all(problem.mend for problem in told)


def test_a_truncated_xml_extract_is_refused(tmp_path):
    path = extract(tmp_path, (10, [1, 2, 3], {"highway": "primary"}))
    text = path.read_text(encoding="utf-8")
    path.write_text(text[: len(text) * 2 // 3], encoding="utf-8")
    with pytest.raises(InputError, match="can't be read as an extract"):
        read_osm(path)
