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
    assert [labelled.as_label(zone) for zone in reading.zones] == labelled.labels(case)
    assert set(case.get("unsure", ())) <= {unsure.field for unsure in reading.unsure}


def test_what_is_quoted_as_evidence_stands_in_the_notice_where_it_says() -> None:
    for case in CASES:
        for zone in labelled.read(case).as_json()["zones"]:
            assert {"roads", "impact", "start", "end"} <= set(zone["evidence"])
            for found in zone["evidence"].values():
                assert case["text"][found["start"] : found["end"]] == found["text"]


@pytest.mark.parametrize("text", ["", "   \n", "今天天气很好。", "\x00\x01\x02", "路" * 5000, "路至" * 20000])
def test_a_text_that_is_no_notice_closes_nothing(text: str) -> None:
    reading = read_notice(text, date(2023, 12, 14))
    assert reading.zones == ()
    assert reading.unsure
