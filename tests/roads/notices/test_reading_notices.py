"""The notice reader closes what is written, and stays silent where it isn't sure."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from juli.roads.notices import read_notice

CASES = Path(__file__).resolve().parents[2] / "cases" / "notices"


def labelled(name: str) -> Iterator[dict[str, Any]]:
    yield from yaml.safe_load((CASES / f"{name}.yaml").read_text(encoding="utf-8"))


def label(zone: dict[str, Any]) -> tuple[Any, ...]:
    return (
        frozenset(zone.get("junction") or ()),
        tuple(zone.get("stretch") or ()),
        zone["impact"],
        str(zone["start"])[:16].replace(" ", "T"),
        str(zone["end"])[:16].replace(" ", "T"),
    )


def read(notice: dict[str, Any]) -> list[tuple[Any, ...]]:
    reading = read_notice(notice["text"], notice["published"])
    zones = [zone.as_json() for zone in reading.zones]
    for zone in zones:
        zone["stretch"] = zone["stretch"] and (zone["stretch"]["from"], zone["stretch"]["to"])
    return [label(zone) for zone in zones]


@pytest.mark.parametrize(
    "name", ["pipes-junction-formal", "pipes-junction-sections", "pipes-junction-newspaper"]
)
def test_the_half_closed_junction_is_read_from_three_wordings(name: str) -> None:
    notice = next(case for case in labelled("tuned") if case["id"] == name)
    reading = read_notice(notice["text"], notice["published"])
    (zone,) = reading.zones
    written = zone.as_json()
    assert frozenset(written["junction"]) == {"长扬路", "腾龙路"}
    assert (written["impact"], written["applies_to"]) == ("half_closed", "through")
    assert (written["start"], written["end"]) == ("2023-12-20T00:00:00+08:00", "2024-01-21T00:00:00+08:00")
    assert written["detours"] == [["长顺路", "禾香路", "延政西路", "锦华路", "西太湖大道", "凤苑路"]]
    evidence = written["evidence"]["junction"]
    assert notice["text"][evidence["start"] : evidence["end"]] == evidence["text"]


def test_most_notices_are_still_read_in_silence_and_few_zones_are_wrong() -> None:
    # A first reader: it abstains from what it has no grammar for. These counts may only get better.
    right = wrong = 0
    for name in ("tuned", "heldout"):
        for notice in labelled(name):
            wanted = [label(zone) for zone in notice["zones"]]
            for zone in read(notice):
                right, wrong = (right + 1, wrong) if zone in wanted else (right, wrong + 1)
    assert right >= 20
    assert wrong <= 2


@pytest.mark.parametrize("name", ["impossible-date", "end-before-start"])
def test_dates_that_cannot_be_close_nothing_and_say_why(name: str) -> None:
    notice = next(case for case in labelled("tuned") if case["id"] == name)
    reading = read_notice(notice["text"], notice["published"])
    assert reading.zones == ()
    assert reading.unsure


@pytest.mark.parametrize("text", ["", "   \n", "今天天气很好。", "\x00\x01\x02", "路" * 5000])
def test_a_text_that_is_no_notice_closes_nothing(text: str) -> None:
    reading = read_notice(text, date(2023, 12, 14))
    assert reading.zones == ()
    assert reading.unsure
