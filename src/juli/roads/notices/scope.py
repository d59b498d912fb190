"""Which of a notice's places, times and detours hold for a statement that names none itself.

What stands in the statement's own sentence comes first, then its phase, its paragraph and its list, then what
the notice says once for all. The first level that says anything settles it; a level that says two things
settles nothing.
"""

import re
from bisect import bisect_left
from collections.abc import Sequence
from typing import Final

from juli.roads.notices.binding import Statement
from juli.roads.notices.detours import Detour
from juli.roads.notices.place_scope import PlaceScope
from juli.roads.notices.time_scope import TimeScope

#: 禁止一切车辆通行
_EVERYBODY: Final = re.compile(
    "(?:禁止|严禁|不允许|不准)(?:一切|所有|任何)(?:机动)?车辆?(?:通行|驶入|进入|行驶)"
)
_FOR_KIND: Final = re.compile("(?P<how>[全半])(?:幅|面|线)?封闭(?:施工)?(?:期间|时(?!间))")
_KINDS: Final = {"全": "closed", "半": "half_closed"}


class Scope(PlaceScope, TimeScope):
    """What holds for each statement of a notice: where, when, and which way round."""

    def detours(self, statement: Statement) -> list[Detour]:
        """The detours of a statement: in its sentence, in its paragraph, else for the whole notice."""
        sentence = statement.sentence
        sharing = self._sharing[sentence.number]
        index = self._rank[statement]
        end_at = sharing[index + 1].at if index + 1 < len(sharing) else sentence.end_at
        begin = statement.at if index else sentence.whole_at
        own = [detour for detour, _ in self._detours if begin <= detour.at < end_at]
        if not own and index + 1 < len(sharing):
            own = self._shared(sharing)
        if own:
            return own + self._carried_on(statement)
        nearby: list[Detour] = []
        common: list[Detour] = []
        for detour, stands in self._detours:
            if stands.number in self.stated:
                continue
            if stands.phase and (not sentence.phase or sentence.phase not in stands.phase):
                continue
            if len(stands.phase) > 1:
                common.append(detour)
                continue
            during = _FOR_KIND.search(self.notice.skeleton.text, stands.whole_at, detour.at)
            if during and _KINDS[during["how"]] not in {impact.kind for impact in statement.impacts}:
                continue
            if stands.paragraph == sentence.paragraph:
                nearby += [detour] * (detour.at > statement.at)
            elif stands.paragraph in self.paragraphs or self._has_subject(stands.paragraph, statement):
                continue
            else:
                before = bisect_left(self._starts, detour.at)
                if 0 < before < len(self._starts):
                    last = self._in_order[before - 1].sentence.paragraph
                    nearby += [detour] * (last == sentence.paragraph)
                else:
                    common.append(detour)
        if len(self.paragraphs) == 1:
            return sorted(nearby + common, key=lambda detour: detour.at)
        return nearby or common

    def followed(self, statement: Statement) -> bool:
        """Whether another statement comes behind one in its sentence."""
        return self._rank[statement] + 1 < len(self._sharing[statement.sentence.number])

    def _shared(self, sharing: Sequence[Statement]) -> list[Detour]:
        """The ways round that stand once behind all that a sentence does at one place."""
        first, last = sharing[0], sharing[-1]
        roads = [{road for place in each.places for road in place.roads} for each in sharing]
        if any(one and one != roads[0] for one in roads):
            return []
        inside = [d for d, _ in self._detours if first.at <= d.at < last.sentence.end_at]
        return inside if all(detour.at > last.at for detour in inside) else []

    def _carried_on(self, statement: Statement) -> list[Detour]:
        """The detours behind a statement's sentence, up to the next one: …绕行甲路;南北向车辆绕行乙路."""
        sentence = statement.sentence
        return [
            detour
            for detour, stands in self._detours
            if stands.number > sentence.number
            and stands.paragraph == sentence.paragraph
            and not stands.phase
            and self._in_order[bisect_left(self._starts, detour.at) - 1].sentence is sentence
        ]

    def _has_subject(self, paragraph: int, statement: Statement) -> bool:
        """Whether a paragraph without a statement speaks of other places than a statement."""
        mine = {road for place in statement.places for road in place.roads}
        return any(not mine & roads for roads in self._subjects.get(paragraph, ()))

    def through(self, statement: Statement) -> re.Match[str] | None:
        """Whether only through traffic is kept out: said in the paragraph, or of the whole notice.

        A way round for it alone says so no more where the statement itself keeps everybody out.
        """
        sentence = statement.sentence
        if _EVERYBODY.search(self.notice.skeleton.text, sentence.at, sentence.end_at):
            return None
        for sentence, found in self._through:
            own = sentence.paragraph == statement.sentence.paragraph
            if own or len(self.paragraphs) == 1 or sentence.paragraph not in self.paragraphs:
                return found
        return None
