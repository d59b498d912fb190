"""Forecasters know nothing early; the learned one is better than the naive one where there is a pattern."""

import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from juli.core.errors import InputError, MissingExtraError
from juli.power.forecast import SeasonalNaive, forecasters_of, mean_absolute_error


def works(days: int, seed: int = 0) -> np.ndarray:
    """Hourly load: shifts, weekends, and a level that lasts for ten days."""
    rng = np.random.default_rng(seed)
    hour = np.arange(24 * days)
    busy = (hour % 24 >= 6) & (hour % 24 < 22) & (hour // 24 % 7 < 5)
    level = np.repeat(rng.uniform(0.6, 1.4, days // 10 + 1), 240)[: len(hour)]
    return (100 + 300 * busy * level) + rng.normal(0, 10, len(hour))


def learned(actual: np.ndarray, **options):
    pytest.importorskip("sklearn", reason="the forecaster needs scikit-learn, which is not installed")
    from juli.power.forecast_learned import LearnedForecast

    return LearnedForecast(actual, 1.0, count=24, **options)


class TestSeasonalNaive:
    def test_the_longest_season_that_the_past_holds_counts(self):
        actual = np.arange(24.0 * 15)
        naive = SeasonalNaive(actual, 1.0)
        assert naive.expect(24 * 8, 3).tolist() == [24, 25, 26]
        assert naive.expect(24 * 3, 3).tolist() == [48, 49, 50]
        assert naive.expect(5, 2).tolist() == [4, 4]
        assert naive.expect(0, 2).tolist() == [0, 0]

    def test_a_horizon_longer_than_the_season_looks_further_back(self):
        actual = np.arange(24.0 * 5)
        naive = SeasonalNaive(actual, 1.0, (1,))
        assert naive.expect(48, 30)[24:].tolist() == [24, 25, 26, 27, 28, 29]

    @given(slot=st.integers(0, 300), count=st.integers(1, 80))
    def test_it_knows_nothing_early(self, slot, count):
        actual = works(14)
        other = np.where(np.arange(len(actual)) >= max(slot, 1), -1.0, actual)
        for seasons in ((7, 1), (1,)):
            one, two = (SeasonalNaive(each, 1.0, seasons).expect(slot, count) for each in (actual, other))
            assert one.tolist() == two.tolist()


class TestLearned:
    def test_it_is_better_than_the_naive_one_where_levels_last(self):
        actual = works(70)
        issues = range(24 * 42, 24 * 69, 5)
        naive, _ = mean_absolute_error(SeasonalNaive(actual, 1.0), actual, issues, 24)
        better, _ = mean_absolute_error(learned(actual, every=5), actual, issues, 24)
        assert better < 0.95 * naive

    def test_it_knows_nothing_early(self):
        actual = works(35)
        at = 24 * 30 + 7
        other = np.where(np.arange(len(actual)) >= at, 0.0, actual)
        one, two = (learned(each).expect(at, 24) for each in (actual, other))
        assert one.tolist() == two.tolist()
        earlier = [learned(each).expect(at - 3, 24).tolist() for each in (actual, other)]
        assert earlier[0] == earlier[1]

    def test_it_is_naive_until_two_weeks_have_passed(self):
        actual = works(20)
        naive = SeasonalNaive(actual, 1.0).expect(24 * 13, 24)
        assert learned(actual).expect(24 * 13, 24).tolist() == naive.tolist()

    def test_plans_between_its_own_are_answered_too_and_the_same_seed_says_the_same(self):
        actual = works(20)
        forecaster = learned(actual, every=6)
        assert len(forecaster.expect(24 * 15 + 1, 24)) == 24
        assert len(forecaster.expect(len(actual) - 5, 24)) == 5
        again = learned(actual, every=6).expect(24 * 15 + 1, 24)
        assert again.tolist() == forecaster.expect(24 * 15 + 1, 24).tolist()

    def test_without_scikit_learn_it_names_the_extra(self, monkeypatch):
        monkeypatch.setitem(sys.modules, "sklearn.ensemble", None)
        monkeypatch.delitem(sys.modules, "juli.power.forecast_learned", raising=False)
        with pytest.raises(MissingExtraError, match=r"juli\[forecast\]"):
            forecasters_of({"consumption_kw": works(2)}, {}, "learned", 1.0)


def test_an_unknown_forecaster_is_refused():
    with pytest.raises(InputError, match="no forecaster 'oracle'"):
        forecasters_of({}, {}, "oracle", 1.0)
