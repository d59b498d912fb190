"""Minutes of queueing are told with their range, and not at all where nobody counted."""

from itertools import pairwise

import numpy as np
import pytest
from tests.roads.test_detour import ROADS, town, works

from juli.core.errors import InputError
from juli.roads.counts import Counts, read_counts
from juli.roads.delay import delays_of
from juli.roads.detour import check_zone
from juli.roads.road_index import RoadIndex

RING = ("北环路", "西环路", "南环路", "东环路")


def checked(road_map):
    check = check_zone(works(RING), road_map, "notice")
    (detour,) = check.detours
    return check, detour


def counted(vehicles, capacity, roads=ROADS):
    lengths = [
        f"{road}:{a}>{b}" for road in roads for ends in pairwise(ROADS[road]) for a, b in (ends, ends[::-1])
    ]
    return Counts({name: np.full(24, float(vehicles)) for name in lengths}, dict.fromkeys(lengths, capacity))


def delays(counts, seed=0):
    road_map = town()
    check, detour = checked(road_map)
    return delays_of(detour, check.closure, counts, RoadIndex(road_map), check.moment, seed)


def test_without_counts_there_are_no_minutes_but_a_reason():
    for delay in delays(Counts()):
        assert (delay.low_minutes, delay.minutes, delay.high_minutes) == (None, None, None)
        assert "nobody counted" in delay.why


def test_counts_on_the_works_alone_are_too_few():
    for delay in delays(counted(300, 1500, ["长扬路", "腾龙路"])):
        assert delay.minutes is None
        assert "counts cover" in delay.why


def test_with_counts_everywhere_a_range_is_told():
    told = delays(counted(300, 1500))
    assert told
    for delay in told:
        assert delay.covered == 1
        assert 0 < delay.low_minutes < delay.minutes < delay.high_minutes
        assert delay.why == ""


def test_the_same_seed_tells_the_same():
    assert delays(counted(300, 1500)) == delays(counted(300, 1500))
    assert delays(counted(300, 1500)) != delays(counted(300, 1500), seed=1)


def test_more_traffic_or_less_capacity_is_never_faster():
    light, heavy, narrow = (delays(counted(*numbers)) for numbers in ((150, 1500), (300, 1500), (300, 1200)))
    for a, b, c in zip(light, heavy, narrow, strict=True):
        assert a.minutes < b.minutes < c.minutes


def test_beyond_capacity_the_upper_end_stays_open():
    for delay in delays(counted(900, 1000)):
        assert delay.minutes > 0
        assert delay.high_minutes is None
        assert "beyond its capacity" in delay.why


def test_a_known_volume_gives_the_minutes_of_the_formula():
    # One arm's 400 vehicles on an empty ring with 1,000 an hour: between the least and the most that
    # 50 % to 100 % of them, split in any way and counted within a few per cent, can add.
    road_map = town()
    check, detour = checked(road_map)
    index = RoadIndex(road_map)
    counts = counted(0, 1000)
    approach = "长扬路:w>C"
    counts.vehicles_per_hour[approach][:] = 400
    told = delays_of(detour, check.closure, counts, index, check.moment)
    for way, delay in zip(detour.ways, told, strict=True):
        on_ring = sum(index.segments[name].drive_seconds for name in way.announced.segments) / 60
        assert 0 <= delay.low_minutes <= delay.high_minutes <= on_ring * 0.15 * (400 * 1.5 / 1000 / 0.7) ** 4


def table(tmp_path, *rows):
    path = tmp_path / "counts.csv"
    header = "road,from,to,vehicles_per_hour,capacity_per_hour,hour"
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


def test_counts_are_read_by_road_and_direction_and_hour(tmp_path):
    path = table(
        tmp_path, "长扬路,w,e,400,1500,8", "长扬路,w,e,200,1500,9", "腾龙路,北环路×腾龙路,s,100,900,"
    )
    counts = read_counts(path, RoadIndex(town()))
    assert counts.at("长扬路:w>C", 8) == counts.at("长扬路:C>e", 8) == 400
    assert counts.at("长扬路:w>C", 9) == 200
    assert counts.at("长扬路:w>C", 10) is None
    assert counts.at("长扬路:C>w", 8) is None
    assert counts.at("腾龙路:n>C", 3) == 100
    assert counts.capacity_per_hour["腾龙路:C>s"] == 900


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("文化路,w,e,400,1500,8", "no road 文化路"),
        ("长扬路,w,n,400,1500,8", "does not run from w to n"),
        ("长扬路,w,nowhere,400,1500,8", "no place nowhere"),
        ("长扬路,w,e,many,1500,8", "vehicles_per_hour is 'many'"),
        ("长扬路,w,e,400,0,8", "capacity_per_hour is '0'"),
        ("长扬路,w,e,400,1500,24", "hour is '24'"),
    ],
)
def test_a_count_that_can_not_be_is_told_with_its_line(tmp_path, row, message):
    with pytest.raises(InputError) as refused:
        read_counts(table(tmp_path, row), RoadIndex(town()))
    (problem,) = refused.value.problems
    assert problem.place.startswith("counts.csv:2")
    assert message in problem.message


def test_one_hour_counted_twice_is_told(tmp_path):
    rows = ("长扬路,w,C,400,1500,8", "长扬路,w,C,500,1500,")
    with pytest.raises(InputError, match="counted twice"):
        read_counts(table(tmp_path, *rows), RoadIndex(town()))
