"""What stands right behind a place narrows the zone or silences it: it is never passed over."""

from datetime import date

import pytest

from juli.roads.notices import read_notice

NOTICES = {
    "prose": "自2024年6月1日至6月10日，对人民路（文化路至建设路）{}实施全封闭施工。",
    "half": "自2024年6月1日至6月10日，对人民路（文化路至建设路）{}实行半幅封闭施工。",
    "form": "施工地点：人民路（文化路至建设路）{}\n施工时间：2024年6月1日至6月10日\n施工方式：全封闭",
    "posts": "2024年6月1日至6月10日，G312国道K12+300至K15+800{}封闭施工。",
    "junction": "2024年6月1日至6月10日，人民路与文化路交叉口{}、人民路与建设路交叉口全封闭施工。",
    "reason": "因人民路（文化路至建设路）{}管线改造，自2024年6月1日至6月10日全封闭施工。",
}
WAYS = [
    "往北",
    "往上海方向",
    "由东向西方向",
    "南侧",
    "左幅",
    "下行线",
    "西行线",
    "外圈",
    "A线",
    "（东侧）",
    "（北向南）",
]
PARTS = [
    "匝道",
    "出口匝道",
    "收费站",
    "辅路",
    "附近",
    "人行道",
    "部分路段",
    "南段",
    "停车场出入口",
    "地下通道",
]


def said(form: str, words: str) -> list[tuple[object, ...]]:
    zones = read_notice(NOTICES[form].format(words), date(2024, 5, 25)).zones
    return [(zone.roads, zone.junction, zone.stretch, zone.direction, zone.impact) for zone in zones]


@pytest.mark.parametrize("form", NOTICES)
def test_a_notice_is_read_without_them(form: str) -> None:
    assert said(form, "")


@pytest.mark.parametrize("words", WAYS + PARTS)
@pytest.mark.parametrize("form", NOTICES)
def test_they_are_not_passed_over(form: str, words: str) -> None:
    half = form == "half" and words.endswith(("幅", "侧", "侧）"))
    assert half or said(form, words)[:1] != said(form, "")[:1]


@pytest.mark.parametrize("words", ["往北", "往上海方向", "由东向西", "南半幅", "下行线", "内圈"])
def test_nor_are_they_between_a_road_and_its_brackets(words: str) -> None:
    text = f"自2024年6月1日至6月10日，对人民路{words}（文化路至建设路段）实施全封闭施工。"
    assert all(zone.direction for zone in read_notice(text, date(2024, 5, 25)).zones)


@pytest.mark.parametrize("what", ["附近", "引桥", "南段", "公交站", "收费站", "非机动车道", "人行道"])
@pytest.mark.parametrize("how", ["全封闭", "半封闭"])
def test_nor_is_what_is_closed_there(what: str, how: str) -> None:
    text = f"自2024年6月1日至6月10日，对人民路（文化路至建设路）实施{what}{how}施工。"
    assert read_notice(text, date(2024, 5, 25)).zones == ()
