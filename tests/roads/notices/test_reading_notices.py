"""The notice reader closes what is written, and stays silent where it isn't sure."""

import importlib.util
import sys
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from juli.roads.notices import read_notice


def _beside(name: str) -> ModuleType:
    """Import a module that lies beside this one: test folders are no packages."""
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


labelled = _beside("labelled")
CASES = [case for name in labelled.names() for case in labelled.notices(name)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_a_notice_is_read_as_a_careful_reader_reads_it(case: dict[str, Any]) -> None:
    reading = labelled.read(case)
    allowed = labelled.labels(case, "also")
    read = [label for label in map(labelled.as_label, reading.zones) if label not in allowed]
    wanted = labelled.labels(case)
    if case.get("missed"):
        # more than the grammar can read yet: it may be silent there, but not wrong
        assert [zone for zone in read if zone not in wanted] == []
    else:
        assert read == wanted
    assert set(case.get("unsure", ())) <= {unsure.field for unsure in reading.unsure}


def test_what_is_quoted_as_evidence_stands_in_the_notice_where_it_says() -> None:
    for case in CASES:
        for zone in labelled.read(case).zones:
            assert {"roads", "impact", "start", "end"} <= set(zone.evidence)
            for found in zone.evidence.values():
                assert case["text"][found.start : found.end] == found.text


def test_the_json_of_a_zone_has_the_keys_that_scripts_depend_on() -> None:
    case = labelled.notice("night-market-street")
    written = labelled.read(case).as_json()
    assert set(written) == {"zones", "unsure"}
    (zone,) = written["zones"]
    assert zone == {
        "roads": ["步行街"],
        "junction": None,
        "stretch": {"from": "南门街", "to": "北门街"},
        "direction": None,
        "impact": "closed",
        "applies_to": "all",
        "start": "2024-05-01T00:00:00+08:00",
        "end": "2024-11-01T00:00:00+08:00",
        "daily": {"from": "18:00", "to": "24:00"},
        "detours": [["环城路"]],
        "limits": None,
        "evidence": {
            "roads": "步行街(南门街至北门街)",
            "stretch": "步行街(南门街至北门街)",
            "impact": "禁止机动车驶入",
            "start": "2024年5月1日至2024年10月31日",
            "end": "2024年5月1日至2024年10月31日",
            "daily": "18:00至24:00",
            "detours": "绕行环城路",
        },
    }


@pytest.mark.parametrize(
    ("names", "road"),
    [
        (("经十路",), "经十路"),
        (("人民路",), "新人民路"),  # another road than the map's: not shortened to it
        (("新人民路", "人民路"), "新人民路"),
        (("天元西路",), "天元西路"),
    ],
)
def test_the_names_of_the_map_settle_where_a_name_begins(names: tuple[str, ...], road: str) -> None:
    text = f"自2024年5月1日至5月31日,江宁开发区{road}(学府街至书院街)全封闭施工。"
    (zone,) = read_notice(text, date(2024, 4, 20), names).zones
    assert zone.roads == (road,)


def test_the_fields_of_a_form_may_share_a_line_where_blanks_part_them() -> None:
    text = (
        "路段名称：G30连霍高速 桩号：K602+300-K605+100 方向：西安方向 占用车道：第二、三车道 "
        "开始时间：2024-05-12 07:00 结束时间：2024-05-20 19:00 事由：养护施工"
    )
    (zone,) = read_notice(text, date(2024, 5, 10)).zones
    assert (zone.roads, zone.stretch) == (("G30连霍高速",), ("K602+300", "K605+100"))
    assert (zone.direction, zone.impact) == ("西安方向", "lanes")
    assert (zone.start.isoformat(), zone.end.isoformat()) == (
        "2024-05-12T07:00:00+08:00",
        "2024-05-20T19:00:00+08:00",
    )


def test_each_line_of_fields_is_a_record_of_its_own() -> None:
    text = (
        "线路：S58沪常高速；区段：常州方向K96+000—K99+500；时间：5月12日8:00至5月19日18:00；占道：超车道。\n"
        "线路：G2京沪高速；区段：北京方向K1071—K1075；时间：5月13日8:00至5月18日18:00；占道：第三车道。"
    )
    first, second = read_notice(text, date(2024, 5, 10)).zones
    assert (first.roads, first.stretch, first.direction) == (
        ("S58沪常高速",),
        ("K96+000", "K99+500"),
        "常州方向",
    )
    assert (second.roads, second.stretch, second.direction) == (
        ("G2京沪高速",),
        ("K1071", "K1075"),
        "北京方向",
    )
    assert [(zone.impact, zone.start.day, zone.end.day) for zone in (first, second)] == [
        ("lanes", 12, 19),
        ("lanes", 13, 18),
    ]
