"""The levelised cost of storage."""

from collections.abc import Sequence

import numpy as np

from juli.core.errors import InputError, Problem


def levelised_cost_of_storage(
    rate: float,
    investment_money: float,
    yearly_money: Sequence[float],
    discharged_kwh: Sequence[float],
    *,
    disposal_money: float = 0.0,
) -> float | None:
    """Discounted cost per discounted kWh delivered [money/kWh]; None where nothing is delivered.

    ``(investment + sum of yearly / (1 + rate) ** year + disposal / (1 + rate) ** (years + 1))
    / sum of discharged / (1 + rate) ** year``: O. Schmidt, S. Melchior, A. Hawkes, I. Staffell, "Projecting
    the Future Levelized Cost of Electricity Storage Technologies", Joule 3 (2019) 81-100,
    doi:10.1016/j.joule.2018.12.008.

    Parameters
    ----------
    yearly_money
        Shape ``(years,)``: operation, reconditioning and the energy charged in each year [money].
    discharged_kwh
        Shape ``(years,)``: energy given at the plant's side in each year [kWh].
    disposal_money
        Cost (negative: worth) of the battery after its last year [money].

    Examples
    --------
    >>> levelised_cost_of_storage(0.0, 100, [10, 10], [60, 60])
    1.0
    """
    yearly = np.asarray(yearly_money, dtype=np.float64)
    energy = np.asarray(discharged_kwh, dtype=np.float64)
    if yearly.shape != energy.shape or yearly.ndim != 1:
        message = f"has {energy.size} years, but yearly_money has {yearly.size}"
        raise InputError([Problem("discharged_kwh", message, "give one number a year in both")])
    factor = (1 + rate) ** -np.arange(1.0, len(yearly) + 1)
    delivered = float(energy @ factor)
    if delivered <= 0:
        return None
    cost = investment_money + float(yearly @ factor) + disposal_money * (1 + rate) ** -(len(yearly) + 1.0)
    return float(cost / delivered)
