"""A notice's file is read in whichever usual encoding it was saved."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from juli.plant.reading.notice_text import decoded

SIMPLIFIED = "自2024年5月1日至5月31日,人民路(学府街至书院街)全封闭施工,过往车辆请绕行建设路。"
TRADITIONAL = "自2024年5月1日至5月31日,人民路(學府街至書院街)全面封閉施工,過往車輛請繞行建設路。"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_simplified_chinese_is_read_in_the_usual_encodings(encoding: str) -> None:
    assert decoded(SIMPLIFIED.encode(encoding)) == SIMPLIFIED


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "big5", "gb18030"])
def test_traditional_chinese_is_read_in_the_usual_encodings(encoding: str) -> None:
    assert decoded(TRADITIONAL.encode(encoding)) == TRADITIONAL


def test_a_picture_is_no_notice() -> None:
    assert decoded(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4) is None


@given(st.binary(max_size=200))
def test_any_bytes_are_decoded_or_refused(raw: bytes) -> None:
    text = decoded(raw)
    assert text is None or isinstance(text, str)
