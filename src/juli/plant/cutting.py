"""What is to be cut from what: measured bars, pieces, the saw's kerf, and the machines that cut."""

from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from juli.plant.model import BilingualName, Description, Fraction, Identifier, Moment, NonNegative

#: Lengths are told to a tenth of a millimetre: finer than any saw cuts.
TENTHS_PER_MM: Final = 10
#: Longer than any bar that a truck brings [mm].
LONGEST_MM: Final = 100_000.0


def _tenths(value: float) -> float:
    if abs(value * TENTHS_PER_MM - round(value * TENTHS_PER_MM)) > 1e-6:
        raise ValueError(f"{value} mm is finer than a tenth of a millimetre")
    return round(value, 1)


Millimetres = Annotated[float, Field(ge=0, le=LONGEST_MM), AfterValidator(_tenths)]
Length = Annotated[float, Field(gt=0, le=LONGEST_MM), AfterValidator(_tenths)]


def _whole(value: Any) -> Any:
    if isinstance(value, float) and not value.is_integer():
        raise ValueError(f"{value} is no whole number")
    return value


Count = Annotated[int, BeforeValidator(_whole), Field(ge=1, le=100_000)]


class StockBar(Description):
    """A bar, or several of one length, that pieces can be cut from."""

    id: Identifier
    length_mm: Length
    quantity: Count | Literal["unlimited"] = Field(1, description="unlimited: as many as are wanted")


class Material(Description):
    """A section of steel, or a busbar, that comes in bars and is cut to pieces."""

    id: Identifier
    name: BilingualName | None = None
    kerf_mm: Millimetres = Field(0.0, description="width of a cut")
    end_trim_mm: Millimetres = Field(0.0, description="what a bar loses at its two ends together")
    least_offcut_mm: Length | None = Field(
        None, description="a rest of at least this length returns to stock; None: none does"
    )
    offcut_value: Fraction = Field(
        0.8, description="what a returned millimetre is worth, as a share of a new one"
    )


class MaterialBar(StockBar):
    """A bar of a material, or several of one length: a row of ``stock.csv``."""

    material: Identifier


class Cut(Description):
    """Pieces of one length that a step of a routing cuts from bars."""

    material: Identifier = Field(description="one of `materials`")
    length_mm: Length
    quantity: Count = Field(1, description="pieces for one unit that the step makes")


class Piece(Description):
    """Pieces of one length that are wanted together."""

    id: Identifier
    length_mm: Length
    quantity: Count = 1
    due: Moment | None = Field(None, description="when they are wanted; None: last")


class CuttingMachine(Description):
    """A machine that measures bars and cuts them."""

    id: Identifier
    longest_mm: Length | None = Field(None, description="the longest bar that it takes")
    minutes_per_bar: NonNegative = Field(0.0, description="to fetch a bar and measure it")
    minutes_per_cut: NonNegative = 0.0
    minutes_per_setup: NonNegative = Field(0.0, description="when the next bar is cut in another pattern")

    def takes(self, length_mm: float) -> bool:
        """Whether a bar of this length goes into it."""
        return self.longest_mm is None or length_mm <= self.longest_mm


class CuttingTask(Description):
    """Bars, pieces, and what a cut costs.

    A bar loses ``end_trim_mm`` at its ends altogether, and ``kerf_mm`` at each cut: between two pieces, and
    after the last one where anything is left. What is left returns to stock from ``least_offcut_mm`` on,
    worth ``offcut_value`` times as much as a full bar by the millimetre.
    """

    stock: tuple[StockBar, ...] = Field(min_length=1)
    pieces: tuple[Piece, ...] = Field(min_length=1)
    kerf_mm: Millimetres = 0.0
    end_trim_mm: Millimetres = 0.0
    least_offcut_mm: Length | None = Field(None, description="None: nothing returns to stock")
    offcut_value: Fraction = 0.8
    machines: tuple[CuttingMachine, ...] = Field((CuttingMachine(id="saw"),), min_length=1)
    start: Moment | None = Field(None, description="when cutting begins; local time without an offset")

    @model_validator(mode="after")
    def _names_once(self) -> "CuttingTask":
        for name, items in (("stock", self.stock), ("pieces", self.pieces), ("machines", self.machines)):
            ids = [item.id for item in items]
            twice = next((one for one in ids if ids.count(one) > 1), None)
            if twice is not None:
                raise ValueError(f"{name} holds the id {twice} twice; give each an id of its own")
        return self

    @model_validator(mode="after")
    def _one_zone(self) -> "CuttingTask":
        moments = [piece.due for piece in self.pieces if piece.due is not None]
        moments += [self.start] if self.start is not None else []
        if len({moment.tzinfo is None for moment in moments}) > 1:
            raise ValueError("some of start and due have a UTC offset and some have none; write all alike")
        return self

    def usable_mm(self, length_mm: float) -> float:
        """What is left of a bar when its ends are trimmed [mm]."""
        return max(length_mm - self.end_trim_mm, 0.0)
