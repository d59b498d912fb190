"""``juli roads publish`` from the command line, and its feed used again."""

import json
import uuid
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner

from juli.cli import juli
from juli.core.errors import InputError

WEST, EAST = "长扬路×锦华路", "长扬路×禾香路"


def run(*arguments, status=0):
    result = CliRunner().invoke(juli, ["roads", *map(str, arguments)])
    assert result.exit_code == status, result.output
    return result.stdout


@pytest.fixture
def example(project):
    return project / "examples" / "switchgear"


@pytest.fixture
def notice(example):
    return next((example / "notices").glob("*.txt"))


def test_the_example_notice_is_published_with_its_side_file_and_closes_the_same_when_read(
    example, notice, tmp_path
):
    out = tmp_path / "works.geojson"
    told = json.loads(
        run("publish", notice, "--published", "2023-12-14", "--plant", example, "--out", out, "--json")
    )
    assert told == {
        "feed": str(out),
        "movements": str(tmp_path / "works.movements.json"),
        "work_zones": 4,
        "detours": 12,
        "left_out": [],
    }
    question = ("route", WEST, EAST, "--at", "2023-12-20T20:00", "--map", example / "roads.geojson", "--json")
    free = json.loads(run(*question))
    fed = json.loads(run(*question, "--feed", out))
    noticed = json.loads(run(*question[:5], "--plant", example, "--json"))
    assert free["km"] < fed["km"]
    assert fed == noticed


def test_without_out_the_feed_itself_is_printed(example, notice):
    feed = json.loads(run("publish", notice, "--published", "2023-12-14", "--plant", example, "--json"))
    assert feed["feed_info"]["version"] == "4.2"
    assert {f["properties"]["core_details"]["event_type"] for f in feed["features"]} == {
        "work-zone",
        "detour",
    }


def test_what_can_not_be_published_is_told_and_ends_with_status_1(example, tmp_path):
    unknown = tmp_path / "unknown.txt"
    text = "自2023年12月20日起至2024年1月20日止，文化路与和平路交叉口全封闭施工。"
    unknown.write_text(text, encoding="utf-8")
    out = tmp_path / "works.geojson"
    arguments = ("publish", unknown, "--published", "2023-12-14", "--plant", example, "--out", out, "--json")
    told = json.loads(run(*arguments, status=1))
    assert told["work_zones"] == 0
    assert "文化路" in told["left_out"][0]


def test_a_damaged_feed_is_bad_input(example, tmp_path):
    feed = tmp_path / "feed.geojson"
    feed.write_text('{"features": []', encoding="utf-8")
    question = ["roads", "route", WEST, EAST, "--at", "2023-12-20T20:00", "--plant", str(example)]
    result = CliRunner().invoke(juli, [*question, "--feed", str(feed)])
    assert isinstance(result.exception, InputError)
    assert "feed.geojson:1: error: not JSON" in str(result.exception)


def test_a_cifs_feed_is_written_or_printed(example, notice, tmp_path):
    out = tmp_path / "works.xml"
    asked = ("publish", notice, "--published", "2023-12-14", "--plant", example, "--form", "cifs")
    told = json.loads(run(*asked, "--out", out, "--json"))
    # The example's junction stays open to those who begin or end in the works, so nothing is closed whole.
    assert told == {"feed": str(out), "closed": 0, "warned": 4, "left_out": []}
    assert len(ElementTree.parse(out).getroot()) == 4
    assert len(ElementTree.fromstring(run(*asked))) == 4
    assert run(*asked, "--out", out, "--lang", "zh") == f"{out}：0 条封闭、4 条提醒\n"


def test_a_feed_without_events_names_its_publisher_as_its_source(example, tmp_path):
    unknown = tmp_path / "unknown.txt"
    unknown.write_text(
        "自2023年12月20日起至2024年1月20日止，文化路与和平路交叉口全封闭施工。", encoding="utf-8"
    )
    asked = ("publish", unknown, "--published", "2023-12-14", "--plant", example, "--publisher", "交警支队")
    feed = json.loads(run(*asked, status=1))
    (source,) = feed["feed_info"]["data_sources"]
    assert source["organization_name"] == "交警支队"
    assert uuid.UUID(source["data_source_id"])
