"""The works' page: one file with the closure, the detours and the drives, in both languages."""

from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest
from tests.roads.test_detour import town, works

from juli.report.works import WorksZone, works_page
from juli.roads.delay import Delay
from juli.roads.detour import check_zone
from juli.roads.graph import Size

RING = ("北环路", "西环路", "南环路", "东环路")


def page(*detours, language="en", vehicle=None, road_map=None, delays=None):
    road_map = road_map or town()
    check = check_zone(works(*detours), road_map, "notice", vehicle or Size())
    given = delays(check) if delays else None
    return works_page("notice.txt", [WorksZone(check, given)], ["dates: two years (…)"], road_map, language)


def pictures(text):
    parts = text.split("<svg ")[1:]
    return [ElementTree.fromstring("<svg " + part.split("</svg>")[0] + "</svg>") for part in parts]


def colours(picture):
    return {element.get("stroke") for element in picture.iter() if element.get("stroke")}


def test_the_page_asks_nothing_of_the_network():
    text = page(RING)
    links = []

    class Links(HTMLParser):
        def handle_starttag(self, tag, attrs):
            links.extend(value for key, value in attrs if key in ("src", "href"))

    Links().feed(text)
    assert links == []
    assert "url(" not in text


def test_the_picture_shows_closure_traffic_detour_and_the_faster_way():
    (picture,) = pictures(page(RING))
    assert {"#c2372e", "#8a94a3", "#2563a8", "#1d8a5b"} <= colours(picture)
    names = [element.text for element in picture.iter() if element.tag.endswith("text")]
    assert {"长扬路", "北环路"} <= set(names)


def test_the_legend_shows_the_marks_of_the_map_and_stands_above_it():
    (picture,) = pictures(page(RING))
    top, height = (float(number) for number in picture.get("viewBox").split()[1::2])
    (legend,) = [element for element in picture.iter() if element.get("class") == "legend"]
    dashes = [element.get("stroke-dasharray") for element in legend.iter()]
    marks = [element.get("stroke") for element in legend.iter() if element.get("stroke") == "#c2372e"]
    assert len(marks) == 1  # the junction's cross; no road is closed along its length
    assert "3 4" not in dashes
    (strip,) = [element for element in legend if element.tag.endswith("rect")]
    assert top == -float(strip.get("height"))
    assert height == 620 - top
    assert legend.get("transform") == f"translate(0 {top:.0f})"


def test_every_way_has_a_row_and_no_queue_is_invented():
    text = page(RING)
    check = check_zone(works(RING), town(), "notice", Size())
    assert text.count("<tr>") == 1 + len(check.detours[0].ways)
    assert text.count("not known: no traffic counts") == len(check.detours[0].ways)


def test_queues_are_told_with_their_range():
    def known(check):
        return tuple(tuple(Delay(0.5, 1.0, 2.5, 1.0) for _ in detour.ways) for detour in check.detours)

    def open_ended(check):
        return tuple(tuple(Delay(3.0, 9.0, None, 1.0, "full") for _ in d.ways) for d in check.detours)

    assert "0.5 to 2.5 (median 1.0)" in page(RING, delays=known)
    assert "3.0 or more (median 9.0)" in page(RING, delays=open_ended)


@pytest.mark.parametrize(
    ("detour", "expected"),
    [
        (("北环路", "文化路"), "the map has no road 文化路"),
        (("北环路",), "no announced road meets"),
        (("西环路", "东环路"), "do not meet on the map"),
    ],
)
def test_what_is_wrong_with_a_detour_stands_on_the_page(detour, expected):
    assert expected in page(detour)


def test_a_vehicle_too_heavy_for_every_road_is_told_apart_from_a_detour_that_meets_nobody():
    limits = {road: {"max_weight_t": 3.0} for road in ("长扬路", "腾龙路", *RING, "近路")}
    text = page(RING, road_map=town(**limits), vehicle=Size(gross_weight_t=12.0))
    assert "drive here even without the works" in text


def test_the_chinese_page_speaks_chinese():
    text = page(RING, language="zh")
    assert "绕行连通" in text
    assert "过境车辆" in text
    assert "未能读懂" in text
    assert "west" not in text.split("</style>")[1]


def test_texts_from_notices_can_not_break_the_page():
    check = check_zone(works(("<script>alert(1)</script>",)), town(), "<b>notice</b>")
    text = works_page("<i>title</i>", [WorksZone(check)], ["<u>unsure</u>"], town(), "en")
    for tag in ("<script", "<b>notice", "<i>title", "<u>"):
        assert tag not in text
