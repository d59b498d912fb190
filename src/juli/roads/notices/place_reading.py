"""A place of works as it is read, and the small readings that all the patterns of places share."""

from dataclasses import dataclass
from typing import Final

from juli.roads.notices import place_words as words
from juli.roads.notices.directions import TRAVEL, travelled
from juli.roads.notices.qualifiers import PART, TOWARDS, WORKS_ON
from juli.roads.notices.skeleton import NAME as R
from juli.roads.notices.skeleton import Skeleton
from juli.roads.notices.ways import SAID, way_of

#: Stands in a text for every character of a place that was read.
PLACE: Final = "\ue004"


STRETCH_OF_WHAT: Final = "of which road this is a stretch is not told"


@dataclass(frozen=True)
class Place:
    """A place of works, read from ``text[at:end_at]`` of a skeleton.

    Parameters
    ----------
    roads, junction, stretch
        As in a zone.
    side
        The arm of the junction or the side that stands in the name.
    ramp
        Whether it is a ramp of the roads.
    lanes
        Whether its name speaks of some lanes only: 甲道慢线(介乎乙道与丙道).
    near
        Whether it is only told near what it is: 甲道近乙道的慢线.
    unclear
        Why no more than a mention is to be made of it; empty where it is clear.
    """

    at: int
    end_at: int
    roads: tuple[str, ...]
    junction: tuple[str, str] | None = None
    stretch: tuple[str, str] | None = None
    side: str | None = None
    ramp: bool = False
    lanes: bool = False
    near: bool = False
    unclear: str = ""

    @property
    def key(self) -> tuple[object, ...]:
        """What makes two readings the same place."""
        roads = frozenset(self.junction) if self.junction else self.roads
        return roads, self.stretch, self.ramp, self.side


def name_at(skeleton: Skeleton, at: int) -> str:
    """The road name that stands at a place."""
    return skeleton.names[at].name


def way_in(said: str) -> str:
    """A side as it stands, or a way of travel in its one form."""
    if (way := way_of(said)) is not None:
        return way
    travel = TRAVEL.search(said)
    return travelled(travel) if travel is not None else said


def end_of(skeleton: Skeleton, at: int, end_at: int, road: str = "") -> str:
    """Name the end of a stretch: a road, or the landmark as it is written."""
    while (lead := words.LEAD.match(skeleton.text, at, end_at)) is not None:
        at = lead.end()
    while (tail := words.TAIL.search(skeleton.text, at, end_at)) is not None:
        end_at = tail.start()
    if (crossing := words.CROSSING_END.fullmatch(skeleton.text, at, end_at)) is not None:
        names = [name_at(skeleton, place) for place in range(*crossing.span()) if skeleton.text[place] == R]
        others = [name for name in names if name != road] or names
        if len(others) == 1:
            return others[0]
    return skeleton.quoted(at, end_at) if at < end_at else ""


def road_at(skeleton: Skeleton, text: str, at: int) -> Place:
    """Read a name that stands alone, or a road and its bridge."""
    name = name_at(skeleton, at)
    end_at = at + 1
    while text[end_at : end_at + 1] == SAID:
        end_at += 1
    roads: tuple[str, ...] = (name,)
    if (near := words.NEAR.match(text, end_at)) is not None:
        return Place(at, near.end(), roads, near=True)
    posted = words.POST_BEFORE_BRIDGE.match(text, end_at)
    if posted is not None and name_at(skeleton, posted.end()).endswith(words.BRIDGE):
        end_at = posted.end()
    double = name.endswith(words.BRIDGE)
    if not double and text[end_at : end_at + 1] == R and name_at(skeleton, end_at).endswith(words.OVER):
        # of the road, the bridge alone
        bridge = name_at(skeleton, end_at)
        roads = (bridge,)
        end_at += 1
        while text[end_at : end_at + 1] == SAID:
            end_at += 1
        if (segment := words.AT_BRIDGE.match(text, end_at)) is not None:
            return Place(at, segment.end(), (name,), stretch=(bridge, bridge))
    if WORKS_ON.match(text, end_at) or TOWARDS.search(text, max(0, at - 2), at):
        return Place(at, end_at, roads, unclear="mention")
    if words.ONE_ROAD_CORNER.match(text, end_at):
        return Place(at, end_at, roads, unclear="at which other road is not told")
    if text[end_at : end_at + 1] == R:
        return Place(at, end_at + 1, roads, unclear="what two names beside each other mean is not clear")
    part = PART.match(text, end_at)
    unclear = "which part of the road is meant is not told" if part is not None else ""
    if part is not None and text[part.end() : part.end() + 1] == R:
        end_at = part.end() + 1
    return Place(at, end_at, roads, unclear=unclear)
