"""A notice with its names and times each shrunk to one sign, so that the grammar can be short patterns.

``因甲路施工,自12月20日至1月20日,对乙路(丙路至丁路)全封闭`` becomes ``因R施工,自T,对R(R至R)全封闭``.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from juli.roads.notices.names import Lexicon, Name, find_names
from juli.roads.notices.normalise import NormalText
from juli.roads.notices.periods import read_times
from juli.roads.notices.times import Count, Hours, Period

#: One character of Unicode's private area for each kind of thing.
NAME: Final = "\ue000"
PERIOD: Final = "\ue001"
HOURS: Final = "\ue002"
COUNT: Final = "\ue003"
_VERB_WITHIN: Final = re.compile("(?:(?:全|半)?封闭|断[交路道行])(?=,?[至到]|施工,)")


@dataclass(frozen=True)
class Skeleton:
    """The shrunken text, and what its signs stand for.

    Parameters
    ----------
    normal
        The normalised notice.
    text
        The shrunken text.
    names, periods, hours
        By place in ``text``, what stands there.
    """

    normal: NormalText
    text: str
    names: dict[int, Name]
    periods: dict[int, Period]
    hours: dict[int, Hours]
    _starts: list[int]
    _places: list[int]

    def normal_at(self, at: int) -> int:
        """Where the sign at a place of ``text`` begins in the normalised text."""
        run = bisect_right(self._starts, at) - 1
        return self._places[run] + at - self._starts[run]

    def span(self, at: int, end_at: int) -> tuple[int, int]:
        """Where ``text[at:end_at]`` stands in the original."""
        last = end_at - 1
        thing = self.names.get(last) or self.periods.get(last) or self.hours.get(last)
        return self.normal.span(self.normal_at(at), thing.end_at if thing else self.normal_at(last) + 1)

    def quoted(self, at: int, end_at: int) -> str:
        """The words of ``text[at:end_at]`` as the notice writes them."""
        last = end_at - 1
        thing = self.names.get(last) or self.periods.get(last) or self.hours.get(last)
        end = thing.end_at if thing else self.normal_at(last) + 1
        return self.normal.verbatim[self.normal_at(at) : end]


def _around_its_verb(
    text: str, sign: str, when: Period | Hours | Count
) -> Iterator[tuple[int, int, str, Period | Hours | Count]]:
    """Leave the verb readable that stands within a range: 6月1日起封闭至6月3日."""
    verb = _VERB_WITHIN.search(text, when.at, when.end_at) if isinstance(when, Period) else None
    if verb is None:
        yield when.at, when.end_at, sign, when
    else:
        yield when.at, verb.start(), sign, when
        yield verb.end(), when.end_at, COUNT, when


def shrink(normal: NormalText, published: date, known: Lexicon) -> Skeleton:
    """Find the names and times of a normalised notice and shrink them."""
    times = read_times(normal.text, published)
    barriers = bytearray(len(normal.text))
    things: list[tuple[int, int, str, Name | Period | Hours | Count]] = []
    for sign, found in ((PERIOD, times.periods), (HOURS, times.hours), (COUNT, times.counts)):
        for when in found:
            if barriers.find(1, when.at, when.end_at) < 0:
                barriers[when.at : when.end_at] = b"\1" * (when.end_at - when.at)
                things += _around_its_verb(normal.text, sign, when)
    found_names = find_names(normal, known, bytes(barriers))
    things += [(name.at, name.end_at, NAME, name) for name in found_names]
    things.sort(key=lambda entry: entry[0])
    names: dict[int, Name] = {}
    periods: dict[int, Period] = {}
    hours: dict[int, Hours] = {}
    parts: list[str] = []
    starts, places = [0], [0]
    at = length = 0
    for first, end_at, sign, thing in things:
        parts += (normal.text[at:first], sign)
        length += first - at
        if isinstance(thing, Name):
            names[length] = thing
        elif isinstance(thing, Period) and sign == PERIOD:
            periods[length] = thing
        elif isinstance(thing, Hours):
            hours[length] = thing
        starts += (length, length + 1)
        places += (first, end_at)
        length += 1
        at = end_at
    parts.append(normal.text[at:])
    return Skeleton(normal, "".join(parts), names, periods, hours, starts, places)
