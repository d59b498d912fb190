"""The Chinese power-factor adjustment: more to pay for a poor power factor, a little less for a good one.

《功率因数调整电费办法》, 水电财字〔83〕215号. The table was checked against one public transcription, which
agrees but for one entry: at a standard of 0.85 it gives 1.00 % for 0.94 and above, where the steps of the
table (and our memory of it) lead to 1.10 %. That the adjustment applies to the capacity part too is
remembered, not checked.
"""

from math import hypot
from typing import Final

#: From this power factor on the discount no longer grows, by standard [hundredths].
_BEST: Final = {90: 95, 85: 94, 80: 92}


def power_factor(active_kwh: float, reactive_kvarh: float) -> float:
    """The month's power factor, to two decimals as the table takes it.

    Examples
    --------
    >>> power_factor(3000, 4000)
    0.6
    """
    return round(active_kwh / hypot(active_kwh, reactive_kvarh), 2)


def adjustment(standard: float, factor: float) -> float:
    """The share of the bill that is added (or, negative, taken off) at a power factor.

    Parameters
    ----------
    standard
        0.90, 0.85 or 0.80.
    factor
        The month's power factor; the table has steps of 0.01.

    Examples
    --------
    >>> adjustment(0.90, 0.86), adjustment(0.90, 0.97)
    (0.02, -0.0075)
    """
    due, reached = round(standard * 100), round(factor * 100)
    percent = _discount_percent(due, reached) if reached >= due else _surcharge_percent(due - reached)
    return round(percent / 100, 6)


def _discount_percent(due: int, reached: int) -> float:
    """0.1 % per hundredth up to 0.90, 0.15 % per hundredth from there to the best that is rewarded."""
    plain = max(min(reached, 90) - due, 0)
    good = max(min(reached, _BEST[due]) - 90, 0)
    return -(0.1 * plain + 0.15 * good)


def _surcharge_percent(missing: int) -> float:
    """0.5 % for each of the first 20 hundredths, 1 % for the next five, 2 % for the rest."""
    return 0.5 * min(missing, 20) + 1.0 * min(max(missing - 20, 0), 5) + 2.0 * max(missing - 25, 0)
