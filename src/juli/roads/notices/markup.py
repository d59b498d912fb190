"""A notice saved from a web page: its text without tags, each character with its place in the original."""

import re
from html import unescape
from typing import Final

#: A tag, a comment, or a whole script; lengths are bounded so that a stray ``<`` costs nothing.
_MARKUP: Final = re.compile(
    r"(?P<hidden><(?P<kind>script|style)\b[^<>]{0,400}>.{0,20000}?</(?P=kind)>|<!--.{0,4000}?-->)"
    r"|(?P<tag></?(?P<name>[A-Za-z][A-Za-z0-9]{0,10})(?:\s[^<>]{0,1000})?/?>)"
    r"|(?P<entity>&(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z]{2,8}\d{0,2});)",
    re.DOTALL | re.IGNORECASE,
)
_BLOCK: Final = re.compile("p|br|div|li|ul|ol|tr|table|section|title|h[1-6]", re.IGNORECASE)
_CELL: Final = re.compile("td|th", re.IGNORECASE)


def without_markup(original: str) -> tuple[str, list[int] | None]:
    """Take HTML tags and entities out of a text.

    Returns
    -------
    text, offsets
        The text, and where each character of it stood; None where nothing was taken out.
    """
    if "<" not in original and "&" not in original:
        return original, None
    parts: list[str] = []
    offsets: list[int] = []
    at = 0
    # where tags make the lines, the line ends of the file are blanks
    lines = any(match["name"] and _BLOCK.fullmatch(match["name"]) for match in _MARKUP.finditer(original))
    plain = original.replace("\n", " ").replace("\r", " ") if lines else original
    for match in _MARKUP.finditer(original):
        put = unescape(match["entity"] or "")
        if match["name"] and _BLOCK.fullmatch(match["name"]):
            put = "\n"
        elif match["name"] and _CELL.fullmatch(match["name"]) and match["tag"].startswith("</"):
            put = ","
        parts += (plain[at : match.start()], put)
        offsets.extend(range(at, match.start()))
        offsets.extend([match.start()] * len(put))
        at = match.end()
    if not at:
        return original, None
    parts.append(plain[at:])
    offsets.extend(range(at, len(original)))
    return "".join(parts), offsets
