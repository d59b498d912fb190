"""The text of a notice's file, in whichever of the usual Chinese encodings it was saved."""

import codecs
from pathlib import Path
from typing import Final

from juli.core.errors import Problem
from juli.plant.reading.text_file import read_bytes

#: Characters that hardly a notice does without, in both scripts.
_USUAL: Final = frozenset(
    "的路年月日至起施工道通行时時车車段交封闭閉全不口大一请請绕繞街人公区區市自中为為東东南西北期间間止及与與在或对對行"
    "告现現将將由半禁进進单單向。,、:()(),: \n\r0123456789"
)
#: Below this share of usual characters a text is no notice, but bytes read with the wrong table.
_LEAST_USUAL: Final = 0.35
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_TABLES: Final = ("gb18030", "big5hkscs")


def read_notice_text(path: Path, place: str, problems: list[Problem]) -> str | None:
    """Read a notice's file; where that fails, add the problem and return None.

    Parameters
    ----------
    path
        The file.
    place
        What to call it in a problem.
    problems
        Gains what is wrong.
    """
    raw = read_bytes(path, place, problems)
    if raw is None:
        return None
    text = decoded(raw)
    if text is None:
        message = "is in no encoding that is known: UTF-8, UTF-16, GB 18030, Big5"
        problems.append(Problem(place, message, "save it as UTF-8"))
        return None
    if not text.strip():
        problems.append(Problem(place, "is empty", "give the notice's text"))
        return None
    return text


def decoded(raw: bytes) -> str | None:
    """Decode a notice: UTF-8, UTF-16 with its mark, GB 18030 or Big5; None where it is none of them.

    GB 18030 and Big5 give some text for almost any bytes, so the one is taken that makes clearly more usual
    characters than the other.
    """
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            return _with(raw, encoding)
    if (text := _with(raw, "utf-8")) is not None:
        return text
    texts = sorted(
        ((_usual_share(text), text) for table in _TABLES if (text := _with(raw, table)) is not None),
        reverse=True,
    )
    if not texts or texts[0][0] < _LEAST_USUAL or (len(texts) > 1 and texts[0][0] < 2 * texts[1][0]):
        return None
    return texts[0][1]


def _with(raw: bytes, encoding: str) -> str | None:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError:
        return None


def _usual_share(text: str) -> float:
    return sum(mark in _USUAL for mark in text) / max(1, len(text))
