"""The days and hours of a notice, in the ways in which people write them."""

from datetime import date

import pytest

from juli.roads.notices import read_notice

CLOSED = "人民路(文化路至建设路)封闭施工"
DAYS = ("06-01T00:00", "06-11T00:00", None)


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("6月1日至6月10日", DAYS),
        ("6月1日—10日", DAYS),
        ("2024.6.1-6.10", DAYS),
        ("2024/06/01-2024/06/10", DAYS),
        ("24年6月1日至24年6月10日", DAYS),
        ("二〇二四年六月一日至十日", DAYS),
        ("民國113年6月1日至6月10日", DAYS),
        ("6月1日至6月10日(共10天)", DAYS),
        ("6月1日(周六)至6月10日(周一)", DAYS),
        ("下周六(6月1日)至6月10日", DAYS),
        ("201661日起2016610", None),  # eight years before the publication
        ("202461日起2024610", DAYS),
        ("2024年5月31日24时至6月10日24时", DAYS),
        ("6月1日8:00-6月10日18:00", ("06-01T08:00", "06-10T18:00", None)),
        ("2024年6月1日08:00至18:00", ("06-01T08:00", "06-01T18:00", None)),
        ("6月1日夜22时至次日凌晨5时", ("06-01T22:00", "06-02T05:00", None)),
        ("6月1日0-6时", ("06-01T00:00", "06-01T06:00", None)),
        ("6月1日至6月10日,23:00-5:00", (*DAYS[:2], ("23:00", "05:00"))),
        ("6月1日至6月10日每日18时至24时", (*DAYS[:2], ("18:00", "24:00"))),
        ("6月1日至6月10日,每晚11时30分至翌日早上6时", (*DAYS[:2], ("23:30", "06:00"))),
        ("6月1日至6月10日(工期30天)", None),
        ("6月1日至6月31日", None),
        ("6月10日至2024年6月1日", None),
        ("6月1日(周日)至6月10日", None),
        ("6月1日起", None),
        ("6月1日至完工", None),
        ("6月1日至7月中旬", None),
        ("6月1日起约两个月", None),
        ("6月1日至6月10日每天22时开始", None),
        ("6月1日至6月10日(6月5日除外)", None),
        ("6月1日至6月10日逢周六、周日", None),
        ("2023年12月1日至2023年12月10日", None),
    ],
)
def test_a_period_is_read_as_it_is_written_or_not_at_all(
    words: str, wanted: tuple[str, str, tuple[str, str] | None] | None
) -> None:
    reading = read_notice(f"{words},{CLOSED}。", date(2024, 5, 25))
    read = [
        (
            zone["start"][5:16],
            zone["end"][5:16],
            (zone["daily"]["from"], zone["daily"]["to"]) if zone["daily"] else None,
        )
        for zone in reading.as_json()["zones"]
    ]
    assert read == ([wanted] if wanted else [])
    assert wanted or reading.unsure


def test_the_day_on_which_a_road_opens_again_is_not_the_end_of_works_that_are_over() -> None:
    (zone,) = read_notice(
        "人民路(文化路至建设路)将于6月1日至6月10日封闭,6月11日恢复通行。", date(2024, 5, 25)
    ).zones
    assert (zone.start.day, zone.end.day) == (1, 11)
