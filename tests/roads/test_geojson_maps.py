"""Road maps come from GeoJSON, and every problem in one is told at once."""

import json
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from juli.core.errors import InputError
from juli.plant.datum import gcj02_from_wgs84, wgs84_from_gcj02
from juli.plant.road_map_file import line_length_km, read_road_map, write_road_map


def junction(name, lon, lat):
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [lon, lat]},
        "properties": {"junction": name},
    }


def road(name, start, end, line, **properties):
    given = {"road": name, "from": start, "to": end, "speed_kmh": 36} | properties
    return {"type": "Feature", "geometry": {"type": "LineString", "coordinates": line}, "properties": given}


def written(folder: Path, *features, **members) -> Path:
    path = folder / "roads.geojson"
    path.write_text(
        json.dumps({"type": "FeatureCollection", "features": features} | members), encoding="utf-8"
    )
    return path


def two_roads(**properties):
    return (
        junction("J1", 119.90, 31.70),
        junction("J2", 119.91, 31.70),
        junction("J3", 119.91, 31.71),
        road("长扬路", "J1", "J2", [[119.90, 31.70], [119.91, 31.70]], **properties),
        road("腾龙路", "J2", "J3", [[119.91, 31.70], [119.91, 31.71]], oneway=True, length_km=1.5),
    )


def test_a_road_is_a_segment_each_way_unless_it_is_one_way(tmp_path):
    road_map = read_road_map(written(tmp_path, *two_roads(), name="drawn", schematic=True))
    assert [segment.id for segment in road_map.segments] == ["长扬路:J1>J2", "长扬路:J2>J1", "腾龙路:J2>J3"]
    assert road_map.name == "drawn"
    assert road_map.schematic
    first, back, one_way = road_map.segments
    assert first.length_km == back.length_km == pytest.approx(0.946, abs=0.001)
    assert first.shape == back.shape[::-1]
    assert one_way.length_km == 1.5
    assert one_way.drive_seconds == pytest.approx(150)


def test_signs_and_speeds_by_the_hour_are_kept(tmp_path):
    signs = {"max_weight_t": 8, "trucks_banned": {"from": "07:00", "to": "19:00"}, "speed_profile": "town"}
    path = written(
        tmp_path,
        *two_roads(**signs),
        speed_profiles={"town": [1.0] * 7 + [0.5] * 17},
        banned_movements=[["长扬路:J1>J2", "腾龙路:J2>J3"]],
        road_aliases={"腾龙大道": "腾龙路"},
    )
    road_map = read_road_map(path)
    (ban,) = road_map.standing_closures
    assert ban.segments == {"长扬路:J1>J2", "长扬路:J2>J1"}
    zone = ZoneInfo("Asia/Shanghai")
    assert ban.in_force(datetime(2023, 12, 20, 7, tzinfo=zone))
    assert not ban.in_force(datetime(2023, 12, 20, 19, tzinfo=zone))
    assert road_map.segments[0].max_weight_t == 8
    assert road_map.speed_profiles["town"][6:8] == (1.0, 0.5)
    assert road_map.banned_movements == {("长扬路:J1>J2", "腾龙路:J2>J3")}

    again = tmp_path / "again.geojson"
    write_road_map(road_map, again)
    copy = read_road_map(again)
    assert copy.road_aliases == road_map.road_aliases == {"腾龙大道": "腾龙路"}
    assert copy.segments == road_map.segments
    assert copy.banned_movements == road_map.banned_movements
    assert sorted(s for c in copy.standing_closures for s in c.segments) == sorted(ban.segments)


def test_every_problem_is_told_at_once_with_its_feature(tmp_path):
    path = written(
        tmp_path,
        junction("J1", 119.9, 31.7),
        junction("J1", 119.9, 31.7),
        junction("J2", 31.7, 119.9),
        road("长扬路", "J1", "J9", [[119.9, 31.7], [119.91, 31.7]]),
        road("腾龙路", "J1", "J1", [[119.9, 31.7], [119.95, 31.7]]),
        road("锦华路", "J1", "J1", [[119.9, 31.7], [119.9, 31.7]], speed_kmh=-5, lanes=2),
        {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": []}, "properties": {}},
        banned_movements=[["a", "b"]],
        road_aliases={"东方大道": "东方路"},
        crs={"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::3857"}},
    )
    with pytest.raises(InputError) as caught:
        read_road_map(path)
    told = [str(problem) for problem in caught.value.problems]
    for place, words in [
        ("roads.geojson:", "3857 can't be converted"),
        ("roads.geojson:", "东方路, which is no road here"),
        ("roads.geojson[feature 1]", "junction J1 stands twice"),
        ("roads.geojson[feature 2]", "is no position"),
        ("roads.geojson[feature 3]", "J9, which has no point"),
        ("roads.geojson[feature 4]", "ends 4.73 km from its junction J1"),
        ("roads.geojson[feature 5]", "speed_kmh"),
        ("roads.geojson[feature 5]", "lanes"),
        ("roads.geojson[feature 6]", "Polygon"),
        ("roads.geojson[banned_movements 0]", "no turn"),
    ]:
        assert any(line.startswith(place) and words in line for line in told), (place, words, told)
    assert all(problem.mend for problem in caught.value.problems)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "not JSON"),
        (b'{"type": "FeatureCollection",\n "features": [}', "roads.geojson:2: error: not JSON"),
        (b"[]", "not a GeoJSON FeatureCollection"),
        ('{"name": "长"}'.encode("gb18030"), "byte 10 is not UTF-8"),
        (b'{"type": "FeatureCollection", "features": []}', "the map has no roads"),
    ],
)
def test_a_file_that_is_no_map_is_refused_with_the_reason(tmp_path, content, words):
    path = tmp_path / "roads.geojson"
    path.write_bytes(content)
    with pytest.raises(InputError, match=words.replace("[", r"\[")):
        read_road_map(path)


def test_two_roads_of_one_name_between_two_junctions_need_names_of_their_own(tmp_path):
    twice = road("长扬路", "J1", "J2", [[119.90, 31.70], [119.905, 31.705], [119.91, 31.70]])
    with pytest.raises(InputError, match="2 segments are called 长扬路:J1>J2"):
        read_road_map(written(tmp_path, *two_roads(), twice))
    twice["properties"]["id"] = "长扬路辅路"
    assert len(read_road_map(written(tmp_path, *two_roads(), twice)).segments) == 5


def test_shifted_coordinates_are_moved_back_where_they_are_declared(tmp_path):
    true = read_road_map(written(tmp_path, *two_roads()))
    shifted = json.loads(json.dumps(two_roads()))
    for feature in shifted:
        at = feature["geometry"]["coordinates"]
        moved = [list(gcj02_from_wgs84(*point)) for point in (at if isinstance(at[0], list) else [at])]
        feature["geometry"]["coordinates"] = moved if isinstance(at[0], list) else moved[0]
    restored = read_road_map(written(tmp_path, *shifted, datum="GCJ-02"))
    for name, at in true.junctions.items():
        assert line_length_km((at, restored.junctions[name])) < 1e-5
    undeclared = read_road_map(written(tmp_path, *shifted))
    assert line_length_km((true.junctions["J1"], undeclared.junctions["J1"])) > 0.3


@given(st.floats(74, 134), st.floats(18, 53))
def test_the_way_back_from_gcj02_is_exact_to_a_centimetre(lon, lat):
    back = wgs84_from_gcj02(*gcj02_from_wgs84(lon, lat))
    assert line_length_km(((lon, lat), back)) < 1e-5


@pytest.mark.parametrize(
    "origin", [{"attribution": "© 高德地图"}, {"generator": "amap export"}, {"source": "map.baidu.com"}]
)
def test_a_map_from_a_shifting_web_map_must_state_its_datum(tmp_path, origin):
    with pytest.raises(InputError, match="states no datum"):
        read_road_map(written(tmp_path, *two_roads(), **origin))
    assert read_road_map(written(tmp_path, *two_roads(), **origin, datum="GCJ-02")).segments
    assert read_road_map(written(tmp_path, *two_roads(), **origin, datum="WGS-84")).segments
