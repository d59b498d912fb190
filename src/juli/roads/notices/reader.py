"""From a notice's text to its work zones: what is said of which place, when, and which way round.

The way through the room: a text is brought into one form (``normalise``), and its names and times shrink
to a sign each (``skeleton``). It grows into a tree of items, fields and phases (``tree``). Places
(``spots``) and what the works do (``acts``) are bound to statements (``frames``), which become drafts of
zones (``zones``, with ``where``, ``when``, ``which_way`` and ``way_round`` for what a statement does not
say itself); the drafts are held against each other (``verdicts``). Whatever is left open, or said twice
and differently, is not guessed: the zone is left out, and the reason stands in ``unsure``.
"""

from collections.abc import Iterable
from datetime import date
from typing import Final

from juli.roads.notices.frames import Frames
from juli.roads.notices.names import lexicon
from juli.roads.notices.normalise import normalise
from juli.roads.notices.reading import Reading, Unsure
from juli.roads.notices.skeleton import shrink
from juli.roads.notices.verdicts import read

#: No notice is longer; a longer text is something else, and is not searched for closures.
LONGEST: Final = 20_000


def read_notice(text: str, published: date, road_names: Iterable[str] | None = None) -> Reading:
    """Read a public notice of road works.

    Parameters
    ----------
    text
        The notice, in simplified or traditional Chinese, as it came.
    published
        The day that it was published on: dates without a year, and 即日起, are anchored on it.
    road_names
        The names that the map knows; None reads names by their endings and neighbours alone.

    Examples
    --------
    >>> from datetime import date
    >>> text = "自12月20日至1月20日,长扬路与腾龙路交叉口半封闭施工,过境车辆请绕行长顺路、禾香路。"
    >>> (zone,) = read_notice(text, date(2023, 12, 13)).zones
    >>> zone.junction, zone.impact, zone.applies_to, zone.end.isoformat(), zone.detours
    (('长扬路', '腾龙路'), 'half_closed', 'through', '2024-01-21T00:00:00+08:00', (('长顺路', '禾香路'),))
    """
    if not text.strip():
        return Reading((), (Unsure("text", "", "the notice is empty"),))
    if len(text) > LONGEST:
        return Reading(
            (), (Unsure("text", "", f"{len(text)} characters are more than one notice: cut it up"),)
        )
    known = lexicon(tuple(road_names or ()))
    return read(Frames(shrink(normalise(text), published, known)))
