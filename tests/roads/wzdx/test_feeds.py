"""Feeds hold to the official schemas, and closures survive being written and read."""

import json
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from juli.core.errors import InputError
from juli.plant.road_map import AppliesTo, Closure, RoadMap, Segment
from juli.roads.closing import resolve
from juli.roads.detour import check_zone
from juli.roads.graph import MovementGraph
from juli.roads.notices.reading import Zone
from juli.roads.wzdx import Publication, Work, feed_of
from juli.roads.wzdx.reading import closures_of

ZONE = ZoneInfo("Asia/Shanghai")
MOMENT = datetime(2023, 12, 14, 2, tzinfo=UTC)
BY = Publication("the works' office", MOMENT, datetime(2023, 12, 14, tzinfo=ZONE))
ROADS = {f"street {y}": [f"{x}{y}" for x in range(4)] for y in range(4)}
ROADS |= {f"avenue {x}": [f"{x}{y}" for y in range(4)] for x in range(4)}
JUNCTIONS = {f"{x}{y}": (119.9 + 0.0105 * x, 31.7 + 0.009 * y) for x in range(4) for y in range(4)}
SEGMENTS = tuple(
    Segment(f"{road}:{a}>{b}", road, a, b, 1.0 if road.startswith("street") else 1.2, 50.0)
    for road, junctions in ROADS.items()
    for ends in pairwise(junctions)
    for a, b in (ends, ends[::-1])
)
TOWN = RoadMap("town", JUNCTIONS, SEGMENTS, road_aliases={"the mall": "avenue 1"})
TURNS = [(a.id, b.id) for a in SEGMENTS for b in SEGMENTS if a.to_junction == b.from_junction]
MOMENTS = st.integers(0, 2 * 365 * 86400).map(
    lambda seconds: datetime(2023, 1, 1, tzinfo=ZONE) + timedelta(seconds=seconds)
)
CLOCKS = st.times().map(lambda clock: clock.replace(second=0, microsecond=0))


@st.composite
def works(draw, number=0):
    """Any closure at all on the town's map, and the notice's word for it."""
    start = draw(MOMENTS)
    closure = Closure(
        id=f"notice {number} {draw(st.text(max_size=8))}",
        source=draw(st.sampled_from(["one.txt#1", "one.txt#2", "two.txt#1"])),
        start=start,
        end=start + timedelta(minutes=draw(st.integers(1, 9 * 24 * 60))),
        applies_to=draw(st.sampled_from(AppliesTo)),
        segments=draw(st.frozensets(st.sampled_from([s.id for s in SEGMENTS]), max_size=6)),
        movements=draw(st.frozensets(st.sampled_from(TURNS), max_size=8)),
        zone_junctions=draw(st.frozensets(st.sampled_from(sorted(JUNCTIONS)), max_size=3)),
        daily=draw(st.none() | st.tuples(CLOCKS, CLOCKS)),
        above_weight_t=draw(st.none() | st.floats(0.5, 60)),
        above_height_m=draw(st.none() | st.floats(1, 5)),
    )
    impact = draw(st.sampled_from(["closed", "half_closed", "one_way", "movement", "trucks_banned"]))
    return Work(closure, impact, bars=draw(st.integers(0, 9)) > 0)


FEEDS = st.integers(0, 4).flatmap(lambda count: st.tuples(*(works(number) for number in range(count))))


def read_back(feed, side_file=None):
    text = json.dumps(feed, ensure_ascii=False, allow_nan=False)
    side_text = None if side_file is None else json.dumps(side_file, ensure_ascii=False, allow_nan=False)
    return closures_of(text, "feed", TOWN, side_text)


@given(FEEDS)
@settings(max_examples=200)
def test_every_feed_passes_the_official_schemas_and_comes_back_the_same(feed_problems, given_works):
    written = feed_of(given_works, TOWN, BY)
    assert feed_problems(written.feed) == []
    left_out = {problem.place for problem in written.left_out}
    expected = {w.closure.id: w.closure for w in given_works if w.bars and w.closure.id not in left_out}
    reading = read_back(written.feed, written.side_file)
    assert {closure.id: closure for closure in reading.closures} == expected


@given(FEEDS)
@settings(max_examples=100)
def test_without_its_side_file_a_feed_closes_no_more_than_it_should(given_works):
    written = feed_of(given_works, TOWN, BY)
    originals = [w.closure for w in given_works if w.bars]
    for closure in read_back(written.feed).closures:
        middle = closure.start + (closure.end - closure.start) / 2
        holding = [c for c in originals if c.in_force(middle)]
        for name in closure.segments:
            assert any(name in c.segments or name in {into for into, _ in c.movements} for c in holding)


def zone(**said):
    facts = {
        "roads": ("street 1",),
        "junction": None,
        "stretch": None,
        "direction": None,
        "impact": "closed",
        "applies_to": "through",
        "start": datetime(2023, 12, 20, tzinfo=ZONE),
        "end": datetime(2024, 1, 21, tzinfo=ZONE),
    }
    return Zone(**(facts | said))


PUBLISHED_ZONES = [
    zone(junction=("street 1", "avenue 1"), impact="half_closed"),
    zone(stretch=("avenue 0", "avenue 2"), applies_to="all"),
    zone(stretch=("avenue 0", "avenue 3")),
    zone(stretch=("avenue 1", "avenue 3"), direction="由东向西", applies_to="all"),
    zone(stretch=("avenue 1", "avenue 3"), impact="trucks_banned", applies_to="trucks", weight_t=5.0),
    zone(stretch=("avenue 1", "avenue 2"), applies_to="all", daily=(time(22), time(5))),
    zone(junction=("street 2", "avenue 2"), daily=(time(7), time(19))),
]


def test_a_closed_stretch_is_one_event_each_way_however_long_its_blocks():
    closure = resolve(zone(stretch=("avenue 0", "avenue 2"), applies_to="all"), TOWN, "notice.txt#1")
    events = feed_of([Work(closure)], TOWN, BY).feed["features"]
    assert sorted(len(event["geometry"]["coordinates"]) for event in events) == [3, 3]


@pytest.mark.parametrize("said", PUBLISHED_ZONES)
def test_a_feed_alone_sends_traffic_the_same_way_as_the_notice(said):
    closure = resolve(said, TOWN, "notice#1")
    written = feed_of([Work(closure, said.impact)], TOWN, BY)
    reading = read_back(written.feed)
    assert reading.unread == ()
    ours, theirs = MovementGraph(TOWN, [closure]), MovementGraph(TOWN, reading.closures)
    rng = np.random.default_rng(3)
    for _ in range(150):
        a, b = (str(j) for j in rng.choice(sorted(JUNCTIONS), size=2, replace=False))
        depart = datetime(2023, 12, 19, tzinfo=ZONE) + timedelta(minutes=int(rng.integers(0, 4000)))
        here, there = ours.route(a, b, depart), theirs.route(a, b, depart)
        assert (here and here.seconds) == (there and there.seconds)


def test_a_junction_becomes_one_event_for_each_approach_with_local_access_and_utc_times():
    closure = resolve(PUBLISHED_ZONES[0], TOWN, "notice#1")
    features = feed_of([Work(closure, "half_closed")], TOWN, BY).feed["features"]
    properties = [feature["properties"] for feature in features]
    assert sorted(p["core_details"]["direction"] for p in properties) == [
        "eastbound",
        "northbound",
        "southbound",
        "westbound",
    ]
    for told in properties:
        assert told["start_date"] == "2023-12-19T16:00:00Z"
        assert told["end_date"] == "2024-01-20T16:00:00Z"
        assert told["restrictions"] == [{"type": "local-access-only"}]
    assert {"avenue 1", "the mall"} <= {n for p in properties for n in p["core_details"]["road_names"]}


def test_announced_detours_are_linked_with_the_approaches_that_they_serve():
    ring = ("street 0", "avenue 0", "street 2", "avenue 2")
    crossing = ("street 1", "avenue 1")
    said = zone(roads=crossing, junction=crossing, impact="half_closed", detours=(ring,))
    checked = check_zone(said, TOWN, "notice#1")
    features = feed_of([Work(checked.closure, "half_closed", True, checked.detours)], TOWN, BY).feed[
        "features"
    ]
    kinds = {f["id"]: f["properties"]["core_details"]["event_type"] for f in features}
    assert list(kinds.values()).count("detour") > 0
    for feature in features:
        core = feature["properties"]["core_details"]
        for related in core["related_road_events"]:
            other = {"related-detour": "detour", "related-work-zone": "work-zone"}[related["type"]]
            assert kinds[related["id"]] == other


def test_daily_hours_become_one_event_for_each_night():
    said = PUBLISHED_ZONES[5]
    closure = resolve(said, TOWN, "notice#1")
    features = feed_of([Work(closure)], TOWN, BY).feed["features"]
    # 32 days: a night over the first midnight, 31 whole ones, one cut at the end; in two directions.
    assert len(features) == 2 * 33
    first = features[0]["properties"]
    assert (first["start_date"], first["end_date"]) == ("2023-12-19T16:00:00Z", "2023-12-19T21:00:00Z")
    assert first["core_details"]["related_road_events"][0]["type"] == "next-occurrence"


def test_works_that_bar_nobody_are_published_and_close_nothing():
    closure = resolve(zone(stretch=("avenue 0", "avenue 2"), applies_to="all"), TOWN, "notice#1")
    written = feed_of([Work(closure, "lanes", bars=False)], TOWN, BY)
    impacts = {f["properties"]["vehicle_impact"] for f in written.feed["features"]}
    assert impacts == {"some-lanes-closed"}
    reading = read_back(written.feed, written.side_file)
    assert reading.closures == ()
    assert "turns nobody away" in reading.unread[0].message


FEED = feed_of([Work(resolve(PUBLISHED_ZONES[1], TOWN, "notice#1"))], TOWN, BY)


def spoilt(change):
    feed = json.loads(json.dumps(FEED.feed))
    change(feed["features"][0])
    return feed


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda f: f["properties"].update(start_date="2023-12-20T00:00:00"), "no time zone"),
        (lambda f: f["properties"].update(end_date="2022-12-20T00:00:00Z"), "begins at"),
        (lambda f: f["properties"].update(start_date="tomorrow"), "start_date"),
        (lambda f: f.update(geometry=None), "geometry"),
        (lambda f: f["geometry"].update(coordinates=[[10.0, 50.0], [10.1, 50.0]]), "no segment of the map"),
        (lambda f: f["properties"].update(vehicle_impact="all-lanes-open"), "turns nobody away"),
        (
            lambda f: f["properties"].update(
                restrictions=[{"type": "reduced-weight", "value": 3, "unit": "feet"}]
            ),
            "can't be read",
        ),
    ],
)
def test_an_event_that_is_not_clear_closes_nothing_and_says_why(change, reason):
    reading = read_back(spoilt(change))
    (problem,) = reading.unread
    assert reason in problem.message
    assert "nothing is closed" in problem.message
    assert len(reading.closures) == 1


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "not JSON"),
        ("[1, 2]", "feed_info"),
        ("[" * 100_000, "JSON|deeply"),
        ('{"feed_info": {"version": "3.1"}, "features": []}', "version 3.1"),
        ('{"type": "FeatureCollection", "features": []}', "feed_info"),
    ],
)
def test_what_is_no_feed_is_refused(text, reason):
    with pytest.raises(InputError, match=reason):
        closures_of(text, "feed.json", TOWN)


def test_a_side_file_of_another_issue_or_another_map_is_refused():
    text = json.dumps(FEED.feed)
    other = FEED.side_file | {"feed_update_date": "2020-01-01T00:00:00Z"}
    with pytest.raises(InputError, match="not of 2023-12-14"):
        closures_of(text, "feed", TOWN, json.dumps(other))
    small = RoadMap("village", JUNCTIONS, SEGMENTS[:2])
    with pytest.raises(InputError, match="village has no segment"):
        closures_of(text, "feed", small, json.dumps(FEED.side_file))
    with pytest.raises(InputError, match="is no side file"):
        closures_of(text, "feed", TOWN, "{}")
