"""Whatever the text: no exception, every quotation stands in it, and nothing is closed from noise."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from juli.roads.notices import Reading, read_notice
from juli.roads.notices.reader import LONGEST

SETS = Path(__file__).resolve().parents[2] / "cases" / "notices"
CASES: list[dict[str, Any]] = [
    case for path in sorted(SETS.glob("*.yaml")) for case in yaml.safe_load(path.read_text(encoding="utf-8"))
]
IMPACTS = {"closed", "half_closed", "one_way", "lanes", "movement", "ramp", "trucks_banned"}
PUBLISHED = date(2024, 3, 5)
WORDS = (
    *(
        "人民路",
        "解放大道",
        "文化街",
        "G312",
        "国道",
        "高架",
        "大桥",
        "匝道",
        "交叉口",
        "路口",
        "路段",
        "车道",
        "K12+300",
    ),
    *(
        "与",
        "和",
        "至",
        "、",
        ",",
        "。",
        ";",
        "\n",
        "(",
        ")",
        ":",
        "一、",
        "(二)",
        "3.",
        "→",
        "经",
        "或",
        "因",
        "第一阶段",
    ),
    *(
        "自",
        "从",
        "起",
        "止",
        "2024年",
        "3月",
        "4月",
        "10日",
        "31日",
        "2月30日",
        "即日起",
        "次日",
        "每日",
        "夜间",
        "60天",
    ),
    *("22:00", "6时", "24时", "25时", "工期", "2016724日起", "26月21日", "A", "７", "\u3000", "臺", "號"),
    *(
        "全封闭",
        "半幅封闭",
        "封闭施工",
        "施工",
        "禁止",
        "货车",
        "车辆",
        "通行",
        "左转",
        "由东向西",
        "单向通行",
        "占用",
    ),
    *("限重", "10吨", "绕行", "改道", "过境", "沿线居民除外", "恢复", "取消", "<p>", "&nbsp;", "<br/>", "😀"),
    *("\ue000", "\ue001", "\ue004", "\ue010", "\ud800"),
)


def check(text: str, reading: Reading) -> None:
    """Hold a reading against what must be so of any text."""
    assert reading.zones or reading.unsure
    for zone in reading.as_json()["zones"]:
        assert zone["start"] < zone["end"]
        assert zone["impact"] in IMPACTS
        assert zone["roads"]
        assert {"roads", "impact", "start", "end"} <= zone["evidence"].keys()
        assert all(quoted and quoted in text for quoted in zone["evidence"].values())
    for read in reading.zones:
        for found in read.evidence.values():
            assert text[found.start : found.end] == found.text
    for unsure in reading.unsure:
        assert unsure.why
        assert unsure.text in text


@given(st.lists(st.sampled_from(WORDS), max_size=60).map("".join))
@example("自2024年3月10日至4月10日,人民路与文化街交叉口全封闭施工,")
def test_any_words_of_the_grammar_in_any_order_can_be_read(text: str) -> None:
    check(text, read_notice(text, PUBLISHED))


@given(st.text(max_size=300))
def test_any_text_can_be_read_and_noise_closes_nothing(text: str) -> None:
    reading = read_notice(text, PUBLISHED)
    check(text, reading)
    assert reading.zones == ()


@given(st.sampled_from(CASES), st.data())
def test_a_damaged_notice_can_be_read(case: dict[str, Any], data: st.DataObject) -> None:
    text = case["text"]
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(text)))
        length = data.draw(st.integers(0, 4))
        text = text[:at] + data.draw(st.sampled_from(("", "", *WORDS))) + text[at + length :]
    check(text, read_notice(text, case["published"]))


@given(st.sampled_from(CASES), st.data())
def test_a_notice_cut_off_anywhere_closes_no_road_that_it_does_not_name(
    case: dict[str, Any], data: st.DataObject
) -> None:
    text = case["text"][: data.draw(st.integers(0, len(case["text"])))]
    reading = read_notice(text, case["published"])
    check(text, reading)
    squeezed = re.sub(r"\s|<[^<>]*>", "", text)
    for zone in reading.zones:
        assert all(road in squeezed for road in zone.roads)


def worn(text: str) -> Iterator[tuple[str, str]]:
    """The ways in which a text is worn without losing a word."""
    yield "spaces", " ".join(text.replace("\n", "\n "))
    yield (
        "full width",
        text.translate({code: code + 0xFEE0 for code in range(0x21, 0x7F) if chr(code) not in "<>&;"}),
    )
    yield "carriage returns", text.replace("\n", "\r\n")
    yield "no-break spaces", text.replace("月", "\u00a0月\u00a0")
    yield "tags", "<div>" + text.replace("\n", "<br/>\n").replace("施工", "<b>施工</b>") + "</div>"


@pytest.mark.parametrize(
    "case", [case for case in CASES if "<" not in case["text"]], ids=lambda case: case["id"]
)
def test_a_notice_reads_the_same_with_spaces_full_width_signs_and_tags(case: dict[str, Any]) -> None:
    plain = read_notice(case["text"], case["published"]).zones
    for name, text in worn(case["text"]):
        assert read_notice(text, case["published"]).zones == plain, name


@given(st.sampled_from(CASES), st.integers(200, 3000))
def test_a_notice_of_long_ago_or_far_ahead_without_a_year_never_ends_before_it_starts(
    case: dict[str, Any], days: int
) -> None:
    check(case["text"], read_notice(case["text"], case["published"] + timedelta(days=days)))


@pytest.mark.parametrize(
    "text",
    ["", "   \n", "今天天气很好。", "\x00\x01\x02", "路" * 5000, "路至" * 9000, "(" * 9000, "封闭" * 9000],
)
def test_a_text_that_is_no_notice_closes_nothing(text: str) -> None:
    reading = read_notice(text, PUBLISHED)
    check(text, reading)
    assert reading.zones == ()


def test_a_text_longer_than_any_notice_is_refused_whole() -> None:
    text = CASES[0]["text"]
    assert read_notice(text, CASES[0]["published"]).zones
    reading = read_notice(text * (LONGEST // len(text) + 1), CASES[0]["published"])
    assert reading.zones == ()
    assert "cut it" in reading.unsure[0].why
