"""The places of a statement: its own, those of the list below it, or of the nearest level that names any."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from juli.roads.notices.abstaining import Abstaining, LeftOpen
from juli.roads.notices.frames import Statement
from juli.roads.notices.place_words import CORNER_ONLY, NOT_HOW_FAR, SOME_PART
from juli.roads.notices.places import Spot
from juli.roads.notices.times import Period
from juli.roads.notices.tree import Node, Role, Sentence

_LIST_BELOW: Final = re.compile("以下|下列|如下")
#: A part of a road that its stretch, told elsewhere, may tell.
_MENDABLE: Final = ("", SOME_PART, CORNER_ONLY, NOT_HOW_FAR)
_NUMBER: Final = re.compile(r"^[GSXY]\d+(?=[一-鿿]{2})")
#: Beside or over a road, these are no part of it.
_BESIDE: Final = re.compile("人行天桥|地下通道|人行地道")
_BRACKETS: Final = re.compile(r"\([^()]*\)")
_SHORT_CELL: Final = 14


class Where(Abstaining):
    """Finds the places of the statements of one notice."""

    def places(self, statement: Statement) -> list[Spot]:
        """The places of a statement: its own, else those of the nearest level that names any."""
        found = [self._known(statement, spot) for spot in statement.spots]
        found = found or self._below(statement) or self._outer(statement)
        unique: dict[object, Spot] = {}
        for spot in found:
            stands = self.frames.sentence_at(spot.at)
            timed = stands is not None and stands is not statement.sentence and self.frames.periods_in(stands)
            unique.setdefault((spot.key, spot.side, stands.number if timed and stands else -1), spot)
        return list(unique.values())

    def each_with_its_days(self, statement: Statement) -> bool:
        """Whether the list below a statement gives each of its places days of its own."""
        below = self._below(statement)
        stands = [self.frames.sentence_at(spot.at) for spot in below]
        return len(below) > 1 and all(s is not None and self.frames.periods_in(s) for s in stands)

    def _below(self, statement: Statement) -> list[Spot]:
        """The places of the list that a statement leads over to: 对以下路段禁止车辆通行:…."""
        frames, sentence = self.frames, statement.sentence
        ends_in_colon = (
            self.text[sentence.end_at - 1] == ":" or self.text[sentence.end_at : sentence.end_at + 2] == "\n("
        )
        if (
            not _LIST_BELOW.search(self.text, sentence.at, sentence.end_at)
            and not ends_in_colon
            and not self.stands_alone(statement)
        ):
            return []
        found: list[Spot] = []
        for other in frames.sentences[sentence.number + 1 :]:
            stated = any(s.sentence is other and s.act.kind != "works" for s in frames.statements)
            timed = frames.periods_in(other) or frames.hours_in(other)
            short = other.end_at - other.at <= 8 and not frames.spots_in(other) and not timed
            bare = other.number > sentence.number + 1 and short
            if bare or stated or other.role in (Role.DETOUR, Role.OTHER):
                break
            found += (
                self._meant(other) or [spot for spot in frames.spots_in(other) if frames.worked_on(spot)][:1]
            )
        return [self._known(statement, spot) for spot in found]

    def stands_alone(self, statement: Statement) -> bool:
        """Whether what is done is all of a line, as in a table's cell: 封闭交通."""
        sentence = statement.sentence
        words = _BRACKETS.sub("", self.text[sentence.at : sentence.end_at])
        line = (
            self.text[sentence.at - 1 : sentence.at] in ("\n", "")
            and words == self.text[statement.act.at : statement.act.end_at]
        )
        return line and any(
            self.frames.periods_in(s) and s.end_at - s.at <= _SHORT_CELL
            for s in self.frames.sentences[sentence.number + 1 : sentence.number + 3]
        )

    def over_it(self, statement: Statement, stands: Sentence) -> list[Period]:
        """The times of the line over a place in the list below a statement, as in a table's cells."""
        for other in reversed(self.frames.sentences[statement.sentence.number + 1 : stands.number]):
            if found := [period for _, period in self.frames.periods_in(other)]:
                return found
        return []

    def _outer(self, statement: Statement) -> list[Spot]:
        frames, sentence = self.frames, statement.sentence
        reason = [s for s in frames.spots_in(sentence) if frames.in_reason(s.at) and s.at < statement.act.at]
        for level in frames.levels(sentence, Role.PLACE):
            level = frames.unphased(sentence, level)
            posted = [s for s in level if s.role is Role.PLACE]
            found = [spot for s in posted for spot in self._meant(s)]
            if not found:
                before = [s for s in level if s.number < sentence.number and s.role is not Role.DETOUR]
                for near in reversed(before):
                    stating = any(s.sentence.line == near.line and s.spots for s in frames.statements)
                    if stating and near.line != sentence.line and sentence.node.level:
                        continue  # what another item of a list speaks of
                    found = self._meant(near)
                    if found:
                        # of a list all the entries
                        entries = [s for s in before if _beside_each_other(s.node, near.node)]
                        found = [spot for s in entries for spot in self._meant(s)] or found
                        break
            if found:
                posted_only = [spot for spot in found if not spot.roads]
                roaded = [spot for spot in found if spot.roads and not spot.junction]
                if (
                    posted_only
                    and len(roaded) == 1
                    and all(s.role is Role.PLACE for s in level if s in posted)
                ):
                    found = [
                        replace(spot, roads=roaded[0].roads, side=spot.side or roaded[0].side)
                        for spot in posted_only
                    ]
                return [self._known(statement, spot) for spot in found]
        if (
            any(s.spots for s in frames.statements if s.act.kind not in ("works", "movement"))
            and not statement.headed
        ):
            return []  # what leads over to the statements that name their places
        if reason:
            exact = [spot for spot in reason if not spot.plain]
            return [self._known(statement, spot) for spot in _distinct(exact or reason)]
        reasons = _distinct(
            spot
            for s in frames.sentences
            if not s.title
            for spot in frames.spots_in(s)
            if frames.in_reason(spot.at) and not frames.mentioned(spot)
        )
        titled = _distinct(
            spot for s in frames.titles for spot in frames.spots_in(s) if not frames.mentioned(spot)
        )
        for spots in (titled, reasons):
            exact = [spot for spot in spots if not spot.plain]
            if len(exact) == 1 or len(spots) == 1:
                return [self._known(statement, (exact or spots)[0])]
            if spots and len({spot.roads for spot in spots}) == 1:
                return [self._known(statement, spot) for spot in exact or spots[:1]]
            if spots and spots is titled:
                return [self._known(statement, spot) for spot in spots]
        worked_on = _distinct(
            spot for s in frames.sentences for spot in frames.spots_in(s) if frames.worked_on(spot)
        )
        exact = [spot for spot in worked_on if not spot.plain] or worked_on
        if len({spot.roads for spot in exact}) == 1:
            return [self._known(statement, spot) for spot in exact]
        return []

    def _meant(self, sentence: Sentence) -> list[Spot]:
        """The places of a sentence that are more than mentioned."""
        frames = self.frames
        own = [s for s in frames.spots_in(sentence) if not frames.in_reason(s.at)]
        stated = [s for st in frames.statements if st.sentence is sentence for s in st.spots]
        if stated and sentence.role is not Role.PLACE:
            own = [spot for spot in own if spot in stated]
        return [spot for spot in own if not frames.mentioned(spot)]

    def _known(self, statement: Statement, spot: Spot) -> Spot:
        """A place with what the notice says of it elsewhere: the road of a stretch, the stretch of a road."""
        if not spot.roads:
            spot = replace(spot, roads=self._road_of(statement, spot))
        if not spot.plain or statement.act.kind == "movement" or spot.part not in _MENDABLE:
            return spot
        stretches = {
            frozenset(other.stretch): other
            for other in self.frames.spots
            if other.stretch
            and _bare(other.roads) == _bare(spot.roads)
            and not (other.part and not _BESIDE.search(other.part))
        }
        if len(stretches) == 1:
            other = next(iter(stretches.values()))
            return replace(other, side=spot.side or other.side, part="")
        return spot

    def _road_of(self, statement: Statement, spot: Spot) -> tuple[str, ...]:
        """The road of a stretch that names none: the nearest that is named before it."""
        frames = self.frames
        ends = set(spot.stretch or ())
        stands = frames.sentence_at(spot.at) or statement.sentence

        def fitting(spots: Iterable[Spot]) -> list[tuple[str, ...]]:
            return [s.roads for s in spots if s.roads and not s.junction and not ends & set(s.roads)]

        same = [s for s in frames.spots_in(stands) if s.at < spot.at]
        if found := fitting(same):
            if len(set(found)) > 1 and re.search("[与和、]", self.text[same[-2].end_at : same[-1].at][:1]):
                raise LeftOpen(
                    self.left_open(
                        "stretch", spot.at, spot.end_at, "of which road this is a stretch is not told"
                    )
                )
            return found[-1]
        known = {
            s.roads
            for s in frames.spots
            if s.stretch and s.roads and set(s.stretch) & ends and not ends & set(s.roads)
        }
        if len(known) == 1:
            return known.pop()
        for level in frames.levels(stands, Role.PLACE):
            for near in sorted(level, key=lambda s: -s.number):
                if _beside_each_other(near.node, stands.node) and near.node is not stands.node:
                    continue
                if near.number < stands.number and (found := fitting(frames.spots_in(near))):
                    if len(set(found)) > 1:
                        break
                    return found[-1]
        named = {roads for s in frames.titles for roads in fitting(frames.spots_in(s))} or set(
            fitting(frames.spots)
        )
        if len(named) == 1:
            return named.pop()
        raise LeftOpen(
            self.left_open("stretch", spot.at, spot.end_at, "of which road this is a stretch is not told")
        )

    def crossing(self, statement: Statement, spots: Sequence[Spot]) -> Spot:
        """The junction of a banned turn: named whole, or of the two roads that it leads from and into."""
        crossed = [s for s in spots if s.junction]
        if crossed:
            return crossed[-1]
        roads = tuple(dict.fromkeys(road for spot in spots for road in spot.roads))
        known = {
            frozenset(s.junction): s for s in self.frames.spots if s.junction and {*roads} <= {*s.junction}
        }
        if len(known) == 1:
            return replace(next(iter(known.values())), side=None)
        if len(roads) == 2:
            return replace(spots[0], roads=roads, junction=(roads[0], roads[1]), stretch=None)
        raise LeftOpen(
            self.left_open("junction", statement.at, statement.end_at, "at which junction is not told")
        )


def _distinct(spots: Iterable[Spot]) -> list[Spot]:
    return list({(spot.key, spot.side): spot for spot in spots}.values())


def _beside_each_other(one: Node, other: Node) -> bool:
    """Whether two nodes are entries of one list."""
    return one.level not in ("", "field", "phase") and (one.level, one.parent) == (other.level, other.parent)


def _bare(roads: Sequence[str]) -> list[str]:
    """Roads without a number before their names and 公路 behind: G42沪蓉高速 and 沪蓉高速公路 are one."""
    return [_NUMBER.sub("", road.removesuffix("公路")) or road for road in roads]
