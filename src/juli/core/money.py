"""Money: amounts are floats in the plant's currency, compared and shown in whole cents."""

from typing import Final

#: Two accounts of one plan agree when they differ by less than half a cent.
HALF_A_CENT: Final = 0.005

_SYMBOLS: Final = {"CNY": "¥", "USD": "$", "EUR": "€", "GBP": "£"}


def same_to_the_cent(one_money: float, other_money: float) -> bool:
    """Whether two accounts of the same thing agree to the cent.

    Examples
    --------
    >>> same_to_the_cent(10.001, 10.004), same_to_the_cent(10.00, 10.01)
    (True, False)
    """
    return abs(one_money - other_money) < HALF_A_CENT


def format_money(amount_money: float, currency: str, decimals: int = 2) -> str:
    """An amount as people write it in the currency.

    Examples
    --------
    >>> format_money(-1234.5, "CNY")
    '-¥1,234.50'
    >>> format_money(0.004, "CHF")
    'CHF 0.00'
    """
    symbol = _SYMBOLS.get(currency, f"{currency} ")
    shown = round(amount_money, decimals)
    sign = "-" if shown < 0 else ""
    return f"{sign}{symbol}{abs(shown):,.{decimals}f}"
