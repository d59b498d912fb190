"""How a field that a notice leaves open is told: with the words that it was not read from, and why."""

from juli.roads.notices.frames import Frames
from juli.roads.notices.reading import Unsure
from juli.roads.notices.times import Period


class LeftOpen(Exception):  # noqa: N818 -- not an error: the way in which a rule abstains
    """A field of a statement can't be settled."""

    def __init__(self, unsure: Unsure):
        super().__init__(unsure.why)
        self.unsure = unsure


class Abstaining:
    """What reads one notice, and can quote what it leaves open; ``unsure`` gathers that."""

    def __init__(self, frames: Frames):
        self.frames = frames
        self.text = frames.skeleton.text
        self.unsure: list[Unsure] = []

    def left_open(self, about: str, at: int, end_at: int, why: str) -> Unsure:
        """What is left open in ``text[at:end_at]`` of the skeleton, quoted."""
        first, end = self.frames.skeleton.span(at, end_at)
        return Unsure(about, self.frames.skeleton.normal.original[first:end], why)

    def left_open_when(self, about: str, period: Period, why: str) -> Unsure:
        """What is left open in a period, quoted."""
        first, end = self.frames.skeleton.normal.span(period.at, period.end_at)
        return Unsure(about, self.frames.skeleton.normal.original[first:end], why)
