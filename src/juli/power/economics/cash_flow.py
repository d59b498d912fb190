"""Measures of a row of yearly cash flows: the first is paid today, the others at the end of each year.

Formulas: R. A. Brealey, S. C. Myers, F. Allen, Principles of Corporate Finance, chapters 2 and 5.
"""

from collections.abc import Sequence

import numpy as np

from juli.core.errors import InputError, Problem

#: The bisection for the internal rate stops when the bracket is so narrow.
_NARROW = 1e-14
#: A total of less than this share of the flows is rounding.
_ROUNDING = 1e-12


def net_present_value(rate: float, flows_money: Sequence[float]) -> float:
    """Sum of ``flows_money[year] / (1 + rate) ** year`` [money].

    Raises
    ------
    InputError
        If the rate is not above -1, or a flow is not finite.

    Examples
    --------
    >>> round(net_present_value(0.1, [-100, 121]), 6)
    10.0
    """
    if not -1 < rate < np.inf:
        raise InputError([Problem("rate", f"{rate} is not above -1", "give a fraction, such as 0.06")])
    return float(_values(flows_money) @ (1 + rate) ** -np.arange(float(len(flows_money))))


def internal_rate_of_return(flows_money: Sequence[float]) -> float | None:
    """The one rate at which the flows are worth nothing; None where there is no such rate, or several.

    The value is a polynomial in ``1 / (1 + rate)``. With one change of sign among the flows it has exactly
    one positive root (Descartes' rule of signs), which is bracketed and bisected. With more changes of sign
    its roots are counted, and a return is only told where there is a single one.

    Examples
    --------
    >>> round(internal_rate_of_return([-100, 60, 60]), 6)
    0.130662
    >>> internal_rate_of_return([-100, 10, 10]) < 0
    True
    >>> internal_rate_of_return([100, 10]) is None
    True
    """
    flows = _values(flows_money)
    signs = np.sign(flows[flows != 0])
    changes = int(np.count_nonzero(signs[1:] != signs[:-1]))
    if changes == 0:
        return None
    if changes > 1:
        factors = _positive_roots(flows)
        if len(factors) != 1:
            return None
        low, high = 0.999 * factors[0], 1.001 * factors[0]
        if _polynomial(flows, low) * _polynomial(flows, high) > 0:
            return None  # it only touches nothing there
    else:
        low, high = 0.5, 2.0
        # Towards 0 the first flow has its way, towards infinity the last.
        while _polynomial(flows, low) * signs[0] < 0:
            low /= 2
        while _polynomial(flows, high) * signs[-1] < 0:
            high *= 2
    rising = _polynomial(flows, high) > _polynomial(flows, low)
    while high - low > _NARROW * high:
        middle = 0.5 * (low + high)
        if middle in (low, high):
            break
        if (_polynomial(flows, middle) > 0) == rising:
            high = middle
        else:
            low = middle
    return 2 / (low + high) - 1


def payback_years(flows_money: Sequence[float], rate: float = 0.0) -> float | None:
    """Years until the flows, discounted at ``rate``, have come to nothing for good; None if they never do.

    Within a year the flow is spread evenly. An outlay late in life puts the payback off until that is paid
    back too.

    Examples
    --------
    >>> payback_years([-100, 40, 40, 40])
    2.5
    >>> payback_years([-100, 40]) is None
    True
    """
    flows = _values(flows_money) * (1 + rate) ** -np.arange(float(len(flows_money)))
    total = np.cumsum(flows)
    # What is left of a sum that comes out even differs in its last digit from processor to processor.
    nothing = -_ROUNDING * float(np.abs(flows).sum())
    if total[-1] < nothing:
        return None
    short = np.flatnonzero(total < nothing)
    if len(short) == 0:
        return 0.0
    last = int(short[-1])
    return float(last - total[last] / flows[last + 1])


def _values(flows_money: Sequence[float]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    flows = np.asarray(flows_money, dtype=np.float64)
    if flows.ndim != 1 or len(flows) == 0 or not np.isfinite(flows).all():
        message = f"{flows_money!r} is no row of finite numbers"
        raise InputError([Problem("flows_money", message, "give one number a year")])
    return flows


def _polynomial(flows: np.ndarray[tuple[int], np.dtype[np.float64]], factor: float) -> float:
    value = 0.0
    for flow in flows[::-1]:
        value = value * factor + float(flow)
    return value


def _positive_roots(flows: np.ndarray[tuple[int], np.dtype[np.float64]]) -> list[float]:
    roots = np.roots(flows[::-1])
    real = roots[(np.abs(roots.imag) < 1e-7 * np.abs(roots)) & (roots.real > 0)].real
    return sorted(float(root) for root in real)
