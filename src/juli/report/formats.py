"""How numbers and moments are written in each language."""

from datetime import datetime

from juli.plant.model import Language
from juli.report.words import word


def number(value: float, decimals: int = 0) -> str:
    """Write a number with thousands separated.

    Examples
    --------
    >>> number(12345.6), number(0.25, 2)
    ('12,346', '0.25')
    """
    return f"{round(value, decimals) + 0.0:,.{decimals}f}"  # adding zero turns -0 into 0


def percent(share: float | None, decimals: int = 0) -> str:
    """Write a share as a percentage; a dash where there is none.

    Examples
    --------
    >>> percent(0.256), percent(None)
    ('26 %', '–')
    """
    return "–" if share is None else f"{number(100 * share, decimals)} %"


def hours(value: float, language: Language) -> str:
    """Write a length of time.

    Examples
    --------
    >>> hours(26.5, "en"), hours(4.0, "zh")
    ('26.5 h', '4 小时')
    """
    decimals = 0 if round(value, 1).is_integer() else 1
    return word("hours_value", language, value=number(value, decimals))


def day(moment: datetime, language: Language) -> str:
    """Write a day with its weekday.

    Examples
    --------
    >>> day(datetime(2023, 12, 20), "en"), day(datetime(2023, 12, 20), "zh")
    ('Wed 20 Dec', '12月20日 周三')
    """
    weekday = word("weekdays", language).split()[moment.weekday()]
    month = word("months", language).split()[moment.month - 1]
    return word("day_value", language, weekday=weekday, month=month, day=moment.day)


def moment_text(moment: datetime, language: Language) -> str:
    """Write a moment to the minute.

    Examples
    --------
    >>> moment_text(datetime(2023, 12, 20, 9, 5), "en")
    'Wed 20 Dec 09:05'
    """
    return f"{day(moment, language)} {moment:%H:%M}"
