"""What stands around the statements of a notice, and how a rule abstains."""

import re
from collections.abc import Sequence
from typing import Final

from juli.roads.notices.binding import Notice, Statement
from juli.roads.notices.place_words import OVER
from juli.roads.notices.reading import Unsure
from juli.roads.notices.times import Period

_THROUGH: Final = re.compile(
    "(?=[过通无沿周辖附小本内居单住除村商仅只])(?:过境(?:车辆|机动车|车流|交通|社会车辆|小型)|通过性(?:车辆|交通|车流)|无关车辆"
    "|(?:沿线|周边|辖区|附近|小区|本地|内部)[^,。;:\n]{0,12}(?:居民|单位|住户|村民|商户|业主|企业)[^。;:\n]{0,16}(?:除外|出入(?!请|口)|进出(?!请|口)|凭证|通行证)"
    "|(?:小区|居民|住户|村民|商户)[^,。;:\n]{0,6}车辆?(?:仍|均)?可[^,。;:\n]{0,14}(?:出入|进出|驶入|驶出)"
    "|[仅只](?:允许|准许?|限)?[^,。;:\n]{0,12}(?:沿线|单位|居民|小区|住户|村民)[^,。;:\n]{0,8}(?:通行|进出|出入|驶入)"
    "|(?:居民|单位|住户)[^,。;:\n]{0,10}除外|除(?:沿线|周边|小区|辖区)[^,。;:\n]{0,20}外)"
)


class LeftOpen(Exception):  # noqa: N818 -- not an error: the way in which a rule abstains
    """A field of a statement can't be settled."""

    def __init__(self, unsure: Unsure):
        super().__init__(unsure.why)
        self.unsure = unsure


class Surroundings:
    """The statements of a notice, and which sentences stand around them."""

    def __init__(self, notice: Notice, statements: Sequence[Statement]):
        self.notice = notice
        self.statements = statements
        # 封闭期间,车辆绕行甲路 says nothing of its own
        saying = [s for s in statements if s.places or any(impact.kind != "works" for impact in s.impacts)]
        self.stated = {statement.sentence.number for statement in saying}
        self.paragraphs = {statement.sentence.paragraph for statement in saying}
        self._starts = sorted(statement.at for statement in statements)
        self._in_order = sorted(statements, key=lambda statement: statement.at)
        self._sharing: dict[int, list[Statement]] = {}
        self._rank: dict[Statement, int] = {}
        for statement in statements:
            sharing = self._sharing.setdefault(statement.sentence.number, [])
            self._rank[statement] = len(sharing)
            sharing.append(statement)
        self._timed = [s for s in notice.sentences if notice.periods_in(s) or notice.hours_in(s)]
        self._placed = [s for s in notice.sentences if notice.places_in(s)]
        self._through = [
            (sentence, found)
            for sentence in notice.sentences
            if (found := _THROUGH.search(notice.skeleton.text, sentence.at, sentence.end_at))
        ]
        self._subjects: dict[int, list[set[str]]] = {}
        for sentence in self._placed:
            for place in notice.places_in(sentence):
                if place.unclear != "mention" and not notice.in_reason(place):
                    self._subjects.setdefault(sentence.paragraph, []).append({*place.roads})
        self._detours = [
            (detour, stands)
            for detour in notice.detours
            if detour.chains and (stands := notice.sentence_at(detour.at)) is not None
        ]
        self._stretches: dict[tuple[str, ...], set[tuple[tuple[str, str], str | None]]] = {}
        for place in notice.places:
            # what a reason says of a bridge's approaches is no stretch of the bridge
            approach = notice.in_reason(place) and place.roads[-1].endswith(OVER)
            if place.stretch and not approach:
                self._stretches.setdefault(place.roads, set()).add((place.stretch, place.side))

    def unsure(self, about: str, at: int, end_at: int, why: str) -> Unsure:
        """What is left open in ``text[at:end_at]`` of the skeleton, quoted."""
        first, end = self.notice.skeleton.span(at, end_at)
        return Unsure(about, self.notice.skeleton.normal.original[first:end], why)

    def unsure_period(self, about: str, period: Period, why: str) -> Unsure:
        """What is left open in a period, quoted."""
        return Unsure(about, self._quoted_period(period), why)

    def _quoted_period(self, period: Period) -> str:
        first, end = self.notice.skeleton.normal.span(period.at, period.end_at)
        return self.notice.skeleton.normal.original[first:end]
