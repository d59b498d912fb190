"""The days that count as holidays, against the State Council's notices."""

from datetime import date, timedelta

import numpy as np
import pytest
from pydantic import ValidationError

from juli.core.errors import InputError
from juli.plant.tariffs import Tariff
from juli.plant.tariffs.holiday_days import HolidayRule


def stretch(first: str, last: str) -> set[date]:
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    return {start + timedelta(days=day) for day in range((end - start).days + 1)}


@pytest.mark.parametrize(
    ("year", "stretches"),
    [
        # 国办发明电〔2022〕16号, 〔2023〕7号, 〔2024〕12号, 〔2025〕7号; 2018: 〔2017〕12号
        (2018, [("02-15", "02-21"), ("04-29", "05-01"), ("10-01", "10-07")]),
        (2023, [("01-21", "01-27"), ("04-29", "05-03"), ("09-29", "10-06")]),
        (2024, [("02-10", "02-17"), ("05-01", "05-05"), ("10-01", "10-07")]),
        (2025, [("01-28", "02-04"), ("05-01", "05-05"), ("10-01", "10-08")]),
        (2026, [("02-15", "02-23"), ("05-01", "05-05"), ("10-01", "10-07")]),
    ],
)
def test_the_three_great_holidays_last_as_long_as_the_notice_says(
    jiangsu_2025: Tariff, year: int, stretches: list[tuple[str, str]]
) -> None:
    rule = jiangsu_2025.holidays
    assert rule is not None
    expected = set().union(*(stretch(f"{year}-{first}", f"{year}-{last}") for first, last in stretches))
    assert rule.days_in(range(year, year + 1)) == expected


def test_the_names_do_not_follow_the_machines_language(monkeypatch: pytest.MonkeyPatch) -> None:
    for language in ("en_US.UTF-8", "zh_CN.UTF-8", "C"):
        monkeypatch.setenv("LANG", language)
        monkeypatch.setenv("LC_ALL", language)
        assert date(2019, 10, 1) in HolidayRule(country="CN", names=("国庆节",)).days_in(range(2019, 2020))


def test_days_are_added_and_removed_by_hand() -> None:
    rule = HolidayRule(country="CN", names=("国庆节",), add=(date(2025, 9, 3),), remove=(date(2025, 10, 2),))
    days = rule.days_in(range(2025, 2026))
    assert {date(2025, 9, 3), date(2025, 10, 1)} <= days
    assert date(2025, 10, 2) not in days


def test_a_stretch_may_cross_the_turn_of_the_year() -> None:
    rule = HolidayRule(country="CN", names=("元旦",), whole_stretch=True)
    assert date(2022, 12, 31) in rule.days_in(range(2022, 2023))
    assert rule.is_holiday(np.asarray(["2022-12-30", "2022-12-31"], dtype="datetime64[D]")).tolist() == [
        False,
        True,
    ]


def test_a_name_that_no_holiday_has_is_refused_with_those_there_are() -> None:
    with pytest.raises(InputError, match=r"'双十一'; there are .*春节"):
        HolidayRule(country="CN", names=("双十一",)).days_in(range(2025, 2026))


def test_a_country_without_a_calendar_is_refused() -> None:
    with pytest.raises(ValidationError, match="no holiday calendar of 'XX'"):
        HolidayRule(country="XX")
