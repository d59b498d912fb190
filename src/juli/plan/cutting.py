"""A cutting plan: which pieces come from which bar, on which machine, in which order."""

from dataclasses import dataclass
from itertools import pairwise

from juli.plan.result import Status


@dataclass(frozen=True)
class CutBar:
    """One bar and what it is cut into.

    Parameters
    ----------
    bar
        The id of the stock that it is taken from.
    length_mm
        Its length [mm].
    pieces
        Ids of the pieces, in the order in which they are cut.
    offcut_mm
        What returns to stock; 0 where the rest is scrap [mm].
    machine
        The machine that cuts it.
    begin_minutes, end_minutes
        Working time after the start of cutting [min].
    pattern
        Number of the pattern; bars of one pattern are cut into pieces of the same lengths.
    """

    bar: str
    length_mm: float
    pieces: tuple[str, ...]
    offcut_mm: float
    machine: str
    begin_minutes: float
    end_minutes: float
    pattern: int


@dataclass(frozen=True)
class CuttingPlan:
    """Which bars are cut, and how good that is.

    Parameters
    ----------
    bars
        By machine, in the order in which they are cut.
    cost_mm
        Length of the bars taken, less the value of what returns to stock [mm of full bar].
    bound_mm
        No plan costs less [mm of full bar].
    """

    bars: tuple[CutBar, ...]
    cost_mm: float
    bound_mm: float

    @property
    def status(self) -> Status:
        """Whether the bound proves that no plan wastes less."""
        return Status.OPTIMAL if self.cost_mm - self.bound_mm < 1e-6 else Status.FEASIBLE

    @property
    def gap(self) -> float:
        """How far from the least cost the plan can be, as a share of its cost."""
        return max(self.cost_mm - self.bound_mm, 0.0) / max(self.cost_mm, 1e-9)

    @property
    def patterns(self) -> int:
        """How many different patterns are cut."""
        return len({bar.pattern for bar in self.bars})

    @property
    def setups(self) -> int:
        """How often a machine is set to a pattern, its first one counted."""
        by_machine: dict[str, list[int]] = {}
        for bar in self.bars:
            by_machine.setdefault(bar.machine, []).append(bar.pattern)
        return sum(1 + sum(one != other for one, other in pairwise(row)) for row in by_machine.values())
