"""Sentences find their Chinese by their words, not by the order in which they were written down."""

from juli.report.phrases import Phrasebook

BOOK = Phrasebook(
    {
        "{a} is not {b}": "{a}不是{b}",
        "{road} is not closed to {whom}": "{road}不限制{whom}",
        "trucks": "货车",
        "{road} (at 5 km/h)": "{road}（5 公里/时）",
    },
    {"whom": lambda whom: {"trucks": "货车"}.get(whom, whom)},
)


def test_of_several_patterns_the_one_with_most_words_of_its_own_counts():
    assert BOOK.chinese("甲路 is not closed to trucks") == "甲路不限制货车"
    assert BOOK.chinese("甲路 is not 乙路") == "甲路不是乙路"


def test_signs_in_a_sentence_are_no_patterns():
    assert BOOK.chinese("甲路 (at 5 km/h)") == "甲路（5 公里/时）"
    assert BOOK.chinese("甲路 [at 5 km/h]") == "甲路 [at 5 km/h]"


def test_a_value_may_go_over_lines_and_a_sentence_that_is_not_there_stays():
    assert BOOK.chinese("甲\n路 is not 乙路") == "甲\n路不是乙路"
    assert BOOK.chinese("something new") == "something new"
