"""The state of a battery, and the trace of a run through the physical model."""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from juli.core.errors import InputError

Floats = NDArray[np.float64]


class Limit(IntEnum):
    """What kept the battery from doing as told in a slot."""

    NONE = 0
    POWER = 1
    FULL = 2
    EMPTY = 3
    PRESSURE = 4
    TEMPERATURE = 5
    VENTILATION = 6


@dataclass(frozen=True)
class State:
    """What a battery carries from one slot to the next.

    Parameters
    ----------
    charge
        Stored charge as a share of what the aged battery holds, in [0, 1].
    celsius
        Temperature of the cells [°C].
    hours
        Age [h].
    cycles
        Charge moved so far, in full cycles of the new battery.
    calendar_damage, cycle_damage
        Ageing by time and by cycles; the parameters turn them into lost capacity.
    lasting_growth, passing_growth
        Growth of the resistance as a share of the new battery's: for good, and until reconditioned.
    zero_bar
        The pressure of an empty vessel at 25 °C: the gauge's true zero [bar]; None: as built.
    gauge_zero_bar
        The zero that the gauge was last set to [bar]; None: as built.
    turns
        Turning points of the charge that still wait for their cycle to close.
    """

    charge: float = 0.5
    celsius: float = 25.0
    hours: float = 0.0
    cycles: float = 0.0
    calendar_damage: float = 0.0
    cycle_damage: float = 0.0
    lasting_growth: float = 0.0
    passing_growth: float = 0.0
    zero_bar: float | None = None
    gauge_zero_bar: float | None = None
    turns: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        if not 0 <= self.charge <= 1:
            raise InputError(
                f"state.charge: {self.charge} lies outside 0 to 1 -> give a share of the full charge"
            )


@dataclass(frozen=True, eq=False)
class Trace:
    """A run through the physical model; series of shape ``(slots,)``, levels of ``(slots + 1,)``.

    Parameters
    ----------
    battery_kw
        What the battery really gave (charge negative), at the plant's side [kW].
    auxiliary_kw
        What its fans, heating, cooling and control took from the plant beside that [kW].
    heat_kw
        Heat set free in cells and converter [kW].
    limit
        What kept the battery from doing as told, as :class:`Limit`.
    stored_kwh, capacity_kwh
        Reversible energy in store before the first slot and after each; what it could hold [kWh].
    celsius, hydrogen_bar
        Temperature of the cells [°C]; hydrogen pressure, 0 for a chemistry without [bar].
    end
        The state after the last slot.
    """

    battery_kw: Floats
    auxiliary_kw: Floats
    heat_kw: Floats
    limit: NDArray[np.int8]
    stored_kwh: Floats
    capacity_kwh: Floats
    celsius: Floats
    hydrogen_bar: Floats
    end: State
