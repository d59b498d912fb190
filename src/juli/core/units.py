"""Signs and units: the one place where Juli's conventions stand.

Signs
    consumption is positive; grid import is positive, export negative; battery discharge is positive,
    charge negative; solar is positive. So in every slot

        grid_kw + solar_kw + battery_kw = consumption_kw

Units
    A name carries its unit as a suffix: ``_kw`` mean power over a slot, ``_kwh`` energy, ``_hours``,
    ``_minutes``, ``_seconds`` durations, ``_km`` distance, ``_kg``, ``_m3``, ``_celsius``, ``_money`` an
    amount in the plant's currency. A price is money per the unit in its name (``wear_per_kwh``).
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

SECONDS_PER_HOUR: Final = 3600
MINUTES_PER_HOUR: Final = 60

#: Power differences below this are rounding, not a broken balance [kW].
POWER_TOLERANCE_KW: Final = 1e-6
#: Energy differences below this are rounding, not a broken balance [kWh].
ENERGY_TOLERANCE_KWH: Final = 1e-5


def balance_error_kw(
    grid_kw: NDArray[np.float64],
    solar_kw: NDArray[np.float64],
    battery_kw: NDArray[np.float64],
    consumption_kw: NDArray[np.float64],
) -> NDArray[np.float64]:
    """How far each slot is from ``grid + solar + battery = consumption``; shape ``(slots,)`` [kW].

    Examples
    --------
    >>> one = np.ones(1)
    >>> balance_error_kw(60 * one, 50 * one, -10 * one, 100 * one)
    array([0.])
    """
    return grid_kw + solar_kw + battery_kw - consumption_kw
