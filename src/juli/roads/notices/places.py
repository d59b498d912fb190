"""A place that a notice names."""

from dataclasses import dataclass
from typing import Final

#: Stands in a text for every character of a spot that was read.
PLACE: Final = "\ue004"


@dataclass(frozen=True)
class Spot:
    """A place that a notice names, read from ``text[at:end_at]`` of a skeleton.

    Parameters
    ----------
    roads, junction, stretch
        As in a zone; no roads where a stretch names none.
    side
        The arm, side or way of travel that stands in the name.
    ramp
        Whether it is a ramp of the roads.
    lanes
        Whether its name speaks of some lanes only: 甲道慢线(介乎乙道与丙道).
    part
        Why it is less than the road by an amount that is not told; empty where it is not.
    """

    at: int
    end_at: int
    roads: tuple[str, ...]
    junction: tuple[str, str] | None = None
    stretch: tuple[str, str] | None = None
    side: str | None = None
    ramp: bool = False
    lanes: bool = False
    part: str = ""

    @property
    def key(self) -> tuple[object, ...]:
        """What makes two readings the same place."""
        roads = frozenset(self.junction) if self.junction else self.roads
        stretch = frozenset(self.stretch) if self.stretch else None
        return roads, stretch, self.ramp

    @property
    def plain(self) -> bool:
        """Whether it is a whole road."""
        return not (self.junction or self.stretch or self.ramp)
