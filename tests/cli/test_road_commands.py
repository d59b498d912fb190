"""``juli roads check`` and ``juli roads route`` from the command line."""

import json
import re
from pathlib import Path
from string import Formatter

import pytest
from click.testing import CliRunner

from juli.cli import juli
from juli.plant.reading import read_folder
from juli.report.works.words import _WORDS
from juli.roads.map_files import read_map
from juli.roads.road_index import RoadIndex

WEST, EAST = "长扬路×锦华路", "长扬路×禾香路"


@pytest.fixture
def plant(project):
    return str(project / "examples" / "switchgear")


def run(*arguments, status=0):
    result = CliRunner().invoke(juli, ["roads", *map(str, arguments)])
    assert result.exit_code == status, result.output
    return result.stdout


@pytest.fixture
def notice(project):
    return next((project / "examples" / "switchgear" / "notices").glob("*.txt"))


def test_the_example_notice_announces_a_detour_that_connects(plant, notice):
    told = json.loads(
        run("check", notice, "--published", "2023-12-14", "--plant", plant, "--truck", "truck-1", "--json")
    )
    (zone,) = told["zones"]
    assert zone["start"] == "2023-12-20T00:00:00+08:00"
    (detour,) = zone["detours"]
    assert detour["connects"]
    assert detour["unknown"] == []
    assert len(detour["ways"]) == 12
    for way in detour["ways"]:
        assert way["announced"]["minutes"] == pytest.approx(
            way["before"]["minutes"] + way["announced"]["extra_minutes"], abs=0.02
        )
    assert told["unsure"] == []
    text = run("check", notice, "--published", "2023-12-14", "--plant", plant)
    assert "leads round the works" in text
    assert "min on the detour" in text


def test_a_notice_in_gb_18030_is_checked_too(plant, notice, tmp_path):
    copied = tmp_path / notice.name
    copied.write_bytes(notice.read_text(encoding="utf-8").encode("gb18030"))
    options = ("--published", "2023-12-14", "--plant", plant, "--json")
    assert run("check", copied, *options) == run("check", notice, *options)


def test_lanes_that_turn_nobody_away_are_no_fault(plant, tmp_path):
    notice = tmp_path / "lanes.txt"
    notice.write_text("12月20日至1月20日,长扬路与腾龙路交叉口占用东侧一条机动车道施工。", encoding="utf-8")
    assert "expect queues" in run("check", notice, "--published", "2023-12-14", "--plant", plant)


def test_a_detour_over_roads_that_the_map_does_not_have_ends_with_status_1(plant, notice, tmp_path):
    changed = tmp_path / "notice.txt"
    text = notice.read_text(encoding="utf-8").replace("禾香路", "文化路")
    changed.write_text(text, encoding="utf-8")
    told = run("check", changed, "--published", "2023-12-14", "--plant", plant, status=1)
    assert "the map has no road 文化路" in told


def test_a_route_goes_round_the_closed_junction_from_its_first_day_on(plant):
    before = json.loads(run("route", WEST, EAST, "--at", "2023-12-19T20:00", "--plant", plant, "--json"))
    after = json.loads(run("route", WEST, EAST, "--at", "2023-12-20T20:00", "--plant", plant, "--json"))
    assert before["roads"] == ["长扬路"]
    assert "长扬路" not in after["roads"]
    assert after["km"] > before["km"]
    assert after["depart"] == "2023-12-20T20:00:00+08:00"
    assert "km" in run("route", WEST, EAST, "--at", "2023-12-20T20:00", "--plant", plant)


def test_a_truck_that_no_road_carries_finds_no_way(project, tmp_path):
    roads = json.loads((project / "examples" / "tiny" / "roads.geojson").read_text(encoding="utf-8"))
    points = [f["properties"]["junction"] for f in roads["features"] if "junction" in f["properties"]]
    for feature in roads["features"]:
        if "road" in feature["properties"]:
            feature["properties"]["max_weight_t"] = 5
    path = tmp_path / "roads.geojson"
    path.write_text(json.dumps(roads), encoding="utf-8")
    asked = ("route", points[0], points[-1], "--at", "2023-12-19T20:00", "--map", path)
    assert json.loads(run(*asked, "--json"))["status"] == "found"
    assert json.loads(run(*asked, "--weight-t", 12, "--json", status=1))["status"] == "no_way"
    assert "no way from" in run(*asked, "--weight-t", 12, status=1)
    told = run(*asked, "--weight-t", 12, "--lang", "zh", status=1)
    assert told == f"该车辆此时不能从 {points[0]} 到 {points[-1]}：对每条开放的路线都超重、超高或超宽\n"
    in_json = json.loads(run(*asked, "--weight-t", 12, "--lang", "zh", "--json", status=1))
    assert "too heavy" in in_json["reason"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("route", "A", "B", "--at", "2023-12-19T08:00"), "no map"),
        (("route", "A", "B", "--at", "2023-12-19T08:00", "--map", "roads.png"), "no kind of map"),
        (("route", "A", "B", "--at", "2023-12-19T08:00", "--map", "roads.geojson"), "there is no such file"),
        (("route", "A", "B", "--at", "2023-12-19T08:00", "--truck", "t", "--map", "x.osm"), "--plant DIR"),
        (("check", "absent.txt", "--published", "2023-12-14", "--map", "x.osm"), "x.osm"),
    ],
)
def test_what_is_wrong_with_the_question_is_told(arguments, words):
    result = CliRunner().invoke(juli, ["roads", *arguments])
    assert words in str(result.exception)


def test_a_truck_that_the_plant_does_not_have_is_told_with_those_that_it_has(plant):
    asked = ["roads", "route", WEST, EAST, "--at", "2023-12-19T08:00", "--plant", plant, "--truck", "lorry"]
    result = CliRunner().invoke(juli, asked)
    assert "no truck lorry: its trucks are truck-1" in str(result.exception)


def test_why_there_is_no_way_is_told(plant, tmp_path):
    roads = json.loads((Path(plant) / "roads.geojson").read_text(encoding="utf-8"))
    for feature in roads["features"]:
        if "road" in feature["properties"]:
            feature["properties"]["max_weight_t"] = 5
    path = tmp_path / "roads.geojson"
    path.write_text(json.dumps(roads), encoding="utf-8")
    asked = ("route", WEST, EAST, "--at", "2023-12-19T20:00", "--map", path, "--weight-t", 12)
    assert "too heavy, high or wide for every way" in run(*asked, status=1)


def test_a_junction_that_the_map_does_not_have_is_answered_with_those_like_it(plant):
    asked = ["roads", "route", "长杨路×锦华路", EAST, "--at", "2023-12-19T08:00", "--plant", plant]
    told = str(CliRunner().invoke(juli, asked).exception)
    assert "has no place 长杨路×锦华路; like it are" in told
    assert "长扬路" in told


@pytest.mark.parametrize(
    "crossing",
    [
        "长扬路 × 腾龙路",
        "长扬路x腾龙路",
        "长扬路与腾龙路",
        "长扬路和腾龙路交叉口",
        "腾龙路长扬路口",
        "腾龙路/长扬路",
    ],
)
def test_a_crossing_may_be_written_as_dispatchers_write_it(plant, crossing):
    asked = ("--at", "2023-12-19T20:00", "--plant", plant, "--json")
    assert run("route", crossing, EAST, *asked) == run("route", "长扬路×腾龙路", EAST, *asked)


def test_a_site_of_the_plant_may_be_named_by_its_id_or_its_name(plant):
    site = read_folder(Path(plant)).plant.transport.sites[0]
    asked = (EAST, "--at", "2023-12-19T20:00", "--plant", plant, "--json")
    assert run("route", site.id, *asked) == run("route", site.junction, *asked)
    assert run("route", site.name.zh, *asked) == run("route", site.junction, *asked)


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ("31.70,119.95", "longitude,latitude, in this order"),
        ("121.47,31.23", "km from the nearest junction"),
        ("长扬路", "is a whole road: give the crossing"),
    ],
)
def test_a_place_that_is_none_is_told_with_the_mend(plant, place, words):
    asked = ["roads", "route", place, EAST, "--at", "2023-12-19T20:00", "--plant", str(plant)]
    assert words in str(CliRunner().invoke(juli, asked).exception)


def test_a_truck_is_routed_through_a_city_by_positions_and_by_crossings(shared_data):
    city = shared_data / "roads" / "shanghai_center.osm.pbf"
    index = RoadIndex(read_map(city))
    pairs = ((a, b) for a in ("西藏中路", "黄陂北路") for b in ("北京西路", "北京东路", "南京西路"))
    crossing = next(f"{a}×{b}" for a, b in pairs if index.road(a) and index.road(b) and is_place(index, a, b))
    west = min(index.road_map.junctions.values())
    asked = ("--map", city, "--weight-t", 5, "--height-m", 2.8)
    there = json.loads(
        run("route", f"{west[0]},{west[1]}", crossing, "--at", "2025-08-06T10:00", *asked, "--json")
    )
    assert there["km"] > 0.2
    assert there["roads"]


def is_place(index, a, b):
    meeting = index.meeting(a, b)
    return bool(meeting) and index.is_one_place(meeting)


def test_counts_beside_the_map_give_the_queues_their_range(plant, notice, tmp_path):
    path = tmp_path / "counts.csv"
    header = "road,from,to,vehicles_per_hour,capacity_per_hour"
    roads = json.loads((Path(plant) / "roads.geojson").read_text(encoding="utf-8"))
    rows = [
        f"{p['road']},{a},{b},600,1800"
        for p in (feature["properties"] for feature in roads["features"])
        if "road" in p
        for a, b in ((p["from"], p["to"]), (p["to"], p["from"]))
        if (a, b) == (p["from"], p["to"]) or not p.get("oneway")
    ]
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    asked = ("check", notice, "--published", "2023-12-14", "--plant", plant)
    without = json.loads(run(*asked, "--json"))
    counted = json.loads(run(*asked, "--counts", path, "--out", tmp_path / "out", "--json"))
    for way in without["zones"][0]["detours"][0]["ways"]:
        assert way["queue"]["minutes_50"] is None
    for way in counted["zones"][0]["detours"][0]["ways"]:
        assert 0 <= way["queue"]["minutes_5"] < way["queue"]["minutes_50"] < way["queue"]["minutes_95"]
    assert "<svg" in (tmp_path / "out" / "works.html").read_text(encoding="utf-8")
    assert "median" in run(*asked, "--counts", path)
    assert any(drive["changed"] for drive in counted["zones"][0]["drives"])


def test_check_and_route_speak_chinese_when_asked(plant, notice):
    told = run("check", notice, "--published", "2023-12-14", "--plant", plant, "--lang", "zh")
    english = run("check", notice, "--published", "2023-12-14", "--plant", plant)
    assert "绕行连通" in told
    assert "时间不含排队：没有给出交通量" in told
    assert len(told.splitlines()) == len(english.splitlines())
    # Road and file names, kilometres and hours stay; of English there is nothing left.
    assert not re.search(r"[a-z]{3,}", re.sub(r"\S*\.txt\S*", "", told))
    way = run("route", WEST, EAST, "--at", "2023-12-20T20:00", "--plant", plant, "--lang", "zh")
    assert re.search(r"公里，\d+ 分钟，2023-12-20 \d\d:\d\d 到达", way)


def test_the_words_of_the_terminal_take_the_same_values_in_both_languages():
    for chinese, english in _WORDS.values():
        fields = [{name for _, name, _, _ in Formatter().parse(text) if name} for text in (chinese, english)]
        assert fields[0] == fields[1]


def test_read_and_publish_speak_chinese_when_asked(plant, notice, tmp_path):
    asked = (notice, "--published", "2023-12-14", "--lang", "zh")
    told = run("read", *asked)
    assert "1 处施工" in told
    assert "长扬路 × 腾龙路：半封闭，仅过境车辆" in told or "腾龙路 × 长扬路：半封闭，仅过境车辆" in told
    assert not re.search(r"[a-z]{3,}", told.replace(str(notice), ""))
    feed = tmp_path / "works.geojson"
    told = run("publish", *asked, "--plant", plant, "--out", feed)
    assert "处施工、" in told
    assert "禁止的转向" in told


def test_what_is_not_clear_is_told_in_chinese_too(plant, tmp_path):
    vague = tmp_path / "vague.txt"
    vague.write_text("近期长扬路（锦华路至禾香路段）全封闭施工。", encoding="utf-8")
    asked = (vague, "--published", "2023-12-14", "--lang", "zh")
    told = run("read", *asked)
    assert "未能读懂 开始时间，原因：" in told
    assert not re.search(r"[a-z]{3,}", told.replace(str(vague), ""))
    checked = run("check", *asked, "--plant", plant, status=1)
    assert not re.search(r"[a-z]{3,}", checked)

    unknown = tmp_path / "unknown.txt"
    unknown.write_text(
        "自2023年12月20日起至2024年1月20日止，文化路与和平路交叉口全封闭施工。", encoding="utf-8"
    )
    asked = (unknown, "--published", "2023-12-14", "--plant", plant, "--lang", "zh")
    told = run("check", *asked, status=1)
    assert "错误：地图“" in told
    assert "上没有文化路；没有封闭任何道路 → 请在地图文件中补上该路或其别名" in told
    result = CliRunner().invoke(juli, ["roads", "publish", *map(str, asked)])
    assert "未发布：" in result.stderr
    assert "没有文化路" in result.stderr
