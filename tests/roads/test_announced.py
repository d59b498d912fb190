"""Notices and feeds beside a plant become closures on its map."""

import json
import shutil
from datetime import UTC, datetime

import pytest

from juli.roads.wzdx import Publication, Work, feed_of
from juli.solve.day import load


@pytest.fixture
def folder(project, tmp_path):
    """The example works, with the feed of its notice in the notice's place."""
    copied = tmp_path / "works"
    shutil.copytree(project / "examples" / "switchgear", copied)
    day = load(copied)
    by = Publication("us", datetime(2023, 12, 14, tzinfo=UTC))
    feed = feed_of([Work(closure) for closure in day.demand.closures], day.demand.road_map, by)
    for notice in (copied / "notices").glob("*.txt"):
        notice.unlink()
    for name, content in (("geojson", feed.feed), ("movements.json", feed.side_file)):
        text = json.dumps(content, ensure_ascii=False)
        (copied / "notices" / f"2023-12-14 feed.{name}").write_text(text, encoding="utf-8")
    return copied


def test_a_feed_with_its_side_file_closes_what_the_notice_closed(project, folder):
    noticed = load(project / "examples" / "switchgear")
    assert load(folder).demand.closures == noticed.demand.closures


def test_a_feed_alone_closes_the_approaches(folder):
    next((folder / "notices").glob("*.movements.json")).unlink()
    (closure,) = load(folder).demand.closures
    assert len(closure.segments) == 4
    assert closure.zone_junctions


def test_a_damaged_feed_is_a_warning_and_closes_nothing(folder):
    feed = next((folder / "notices").glob("*.geojson"))
    feed.write_text(feed.read_text(encoding="utf-8")[:-20], encoding="utf-8")
    day = load(folder)
    assert day.demand.closures == ()
    assert any("not JSON" in warning.message for warning in day.warnings)
