"""The bars that a schedule's cutting operations cut: which pieces come from which bar, in whose run."""

from dataclasses import dataclass


@dataclass(frozen=True)
class BarPiece:
    """One piece and the operation that it is for; its length in millimetres."""

    operation: str
    length_mm: float


@dataclass(frozen=True)
class BarCut:
    """One bar and what it is cut into.

    Parameters
    ----------
    bar
        The id of the stock that it is taken from, or of an offcut that an earlier cut left.
    material
        What it is made of.
    length_mm
        Its length [mm].
    operation, machine
        In the run of this operation it is cut, on this machine.
    pieces
        In the order in which they are cut; a piece may be cut ahead for a later operation.
    offcut_mm
        What returns to stock; 0 where the rest is scrap [mm].
    offcut
        The id under which it returns, as a bar of its own; empty where nothing does.
    """

    bar: str
    material: str
    length_mm: float
    operation: str
    machine: str
    pieces: tuple[BarPiece, ...]
    offcut_mm: float = 0.0
    offcut: str = ""
