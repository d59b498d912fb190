"""CIFS feeds close what is closed to everybody, warn of the rest, and say where and when."""

from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from tests.roads.wzdx.test_feeds import FEEDS, SEGMENTS, TOWN

from juli.plant.road_map import AppliesTo, Closure
from juli.roads.cifs import cifs_of
from juli.roads.wzdx import Publication, Work

ZONE = ZoneInfo("Asia/Shanghai")
BY = Publication("the works' office", datetime(2023, 12, 14, 2, tzinfo=UTC))
START, END = datetime(2023, 12, 20, tzinfo=ZONE), datetime(2024, 1, 21, tzinfo=ZONE)
STRETCH = ("street 1:01>11", "street 1:11>21")
TURN = ("street 1:01>11", "street 1:11>21")


def incidents(*works):
    root = ElementTree.fromstring(cifs_of(works, TOWN, BY).text)
    return [{"id": one.get("id"), **{field.tag: field.text for field in one}} for one in root]


def closed(**said):
    facts = {"id": "works", "source": "notice.txt#1", "start": START, "end": END, "applies_to": AppliesTo.ALL}
    return Closure(**(facts | {"segments": frozenset(STRETCH)} | said))


def test_a_road_closed_to_everybody_is_closed_along_its_line_at_local_times():
    (one,) = incidents(Work(closed()))
    assert (one["type"], one["subtype"]) == ("ROAD_CLOSED", "ROAD_CLOSED_CONSTRUCTION")
    assert one["street"] == "street 1"
    assert one["direction"] == "ONE_DIRECTION"
    assert (one["starttime"], one["endtime"]) == ("2023-12-20T00:00:00+08:00", "2024-01-21T00:00:00+08:00")
    numbers = [float(number) for number in one["polyline"].split()]
    line = list(zip(numbers[1::2], numbers[::2], strict=True))
    assert line == [pytest.approx(TOWN.junctions[j]) for j in ("01", "11", "21")]


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"applies_to": AppliesTo.THROUGH}, "open to traffic that begins or ends inside the works"),
        ({"applies_to": AppliesTo.TRUCKS}, "trucks only"),
        ({"above_weight_t": 5.0}, "over 5 t"),
        ({"above_height_m": 3.2}, "over 3.2 m high"),
        ({"segments": frozenset(), "movements": frozenset({TURN})}, "some turns are banned"),
    ],
)
def test_what_turns_only_some_away_warns_and_closes_nothing(said, words):
    found = incidents(Work(closed(**said)))
    assert {one["type"] for one in found} == {"HAZARD"}
    assert all(words in one["description"] for one in found)


def test_lanes_that_are_taken_warn():
    (one,) = incidents(Work(closed(), "lanes", bars=False))
    assert (one["type"], one["subtype"]) == ("HAZARD", "HAZARD_ON_ROAD_CONSTRUCTION")


def test_daily_hours_become_an_incident_a_day_with_ids_of_their_own():
    nights = incidents(Work(closed(end=START + timedelta(days=3), daily=(time(22), time(5)))))
    assert [one["starttime"] for one in nights] == [
        "2023-12-20T00:00:00+08:00",
        "2023-12-20T22:00:00+08:00",
        "2023-12-21T22:00:00+08:00",
        "2023-12-22T22:00:00+08:00",
    ]
    assert nights[0]["endtime"] == "2023-12-20T05:00:00+08:00"
    assert len({one["id"] for one in nights}) == 4
    assert nights[0]["id"] == incidents(Work(closed()))[0]["id"]


@given(FEEDS)
def test_every_incident_of_any_works_has_what_the_form_requires(given_works):
    feed = cifs_of(given_works, TOWN, BY)
    found = incidents(*given_works)
    assert len({one["id"] for one in found}) == len(found) == feed.closed + feed.warned
    ends = {segment.id: (segment.from_junction, segment.to_junction) for segment in SEGMENTS}
    may_close = {
        ends[name]
        for work in given_works
        if work.bars and work.closure.applies_to is AppliesTo.ALL
        for name in work.closure.segments
    }
    at = {f"{lat:.7f} {lon:.7f}": junction for junction, (lon, lat) in TOWN.junctions.items()}
    for one in found:
        begin, end = (datetime.fromisoformat(one[key]) for key in ("starttime", "endtime"))
        assert begin < end
        assert one["street"]
        numbers = one["polyline"].split()
        points = [" ".join(pair) for pair in zip(numbers[::2], numbers[1::2], strict=True)]
        assert len(points) >= 2
        if one["type"] == "ROAD_CLOSED":
            assert {(at[a], at[b]) for a, b in pairwise(points)} <= may_close
