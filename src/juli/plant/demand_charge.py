"""The demand charge of a billing month, as solver and judge both read it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class DemandTerms:
    """What a billing month's highest import costs: ``price * max(0, peak - free_kw)``.

    Parameters
    ----------
    month
        The billing month, ``2023-12``.
    price
        Money per kW above ``free_kw``.
    free_kw
        Import that costs no more: a peak already set, or a contracted demand with its margin [kW].
    fixed_money
        What is due whatever the peak; no plan changes it, so no plan's bill counts it.
    """

    month: str
    price: float
    free_kw: float = 0.0
    fixed_money: float = 0.0
