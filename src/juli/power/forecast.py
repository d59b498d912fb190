"""What a plan expects of load and sun: given, or the same hour of the last week."""

from collections.abc import Mapping
from typing import Final, Protocol

import numpy as np

from juli.core.errors import InputError
from juli.power.problem import Floats

HOURS_PER_DAY: Final = 24
DAYS_PER_WEEK: Final = 7


class Forecaster(Protocol):
    """What a rolling plan asks for the future of one series."""

    def expect(self, slot: int, count: int) -> Floats:
        """The values expected for ``count`` slots from ``slot`` on, knowing only what was before ``slot``."""


class GivenForecast:
    """A forecast that the user has: one value per slot, whenever it is asked for.

    Parameters
    ----------
    expected
        Shape ``(slots,)``.
    """

    def __init__(self, expected: Floats):
        self._expected = expected

    def expect(self, slot: int, count: int) -> Floats:
        """The values given."""
        return self._expected[slot : slot + count]


class PerfectForecast(GivenForecast):
    """The future itself: what rolling operation could do at best."""


class SeasonalNaive:
    """The value of the same hour one season before.

    The longest season that the past holds counts; where the past holds none, the last value stands. Before
    the first slot nothing is known: the meter's first reading is taken.

    Parameters
    ----------
    actual
        Shape ``(slots,)``: what came; only what lies before the slot asked about is looked at.
    step_hours
        Length of a slot [h].
    season_days
        Seasons, the longest first [d].

    Examples
    --------
    >>> naive = SeasonalNaive(np.arange(48.0), step_hours=1, season_days=(1,))
    >>> naive.expect(24, 3).tolist(), naive.expect(30, 2).tolist(), naive.expect(3, 2).tolist()
    ([0.0, 1.0, 2.0], [6.0, 7.0], [2.0, 2.0])
    """

    def __init__(self, actual: Floats, step_hours: float, season_days: tuple[int, ...] = (DAYS_PER_WEEK, 1)):
        self._actual = actual
        self._seasons = [round(days * HOURS_PER_DAY / step_hours) for days in season_days]

    def expect(self, slot: int, count: int) -> Floats:
        """The values of a season before."""
        at = np.arange(slot, min(slot + count, len(self._actual)))
        expected = np.full(len(at), self._actual[max(slot - 1, 0)])
        for season in reversed(self._seasons):
            # So many whole seasons back that the source lies before the slot asked about.
            source = at - -(-(at - slot + 1) // season) * season
            known = source >= 0
            expected[known] = self._actual[source[known]]
        return expected


def mean_absolute_error(
    forecaster: Forecaster, actual: Floats, issues: range, count: int
) -> tuple[float, float]:
    """Mean absolute and root mean square error of forecasts for ``count`` slots, issued at some slots."""
    errors = np.concatenate([forecaster.expect(slot, count) - actual[slot : slot + count] for slot in issues])
    return float(np.abs(errors).mean()), float(np.sqrt((errors**2).mean()))


def forecasters_of(
    actual: Mapping[str, Floats],
    given: Mapping[str, Floats],
    kind: str,
    step_hours: float,
    *,
    every: int = 1,
    count: int = 96,
    calendar: Floats | None = None,
) -> dict[str, Forecaster]:
    """A forecaster for each series: the user's own where there is one, else one of the built-in ones.

    Parameters
    ----------
    actual
        What came, by name.
    given
        What the user expected, by name.
    kind
        ``naive`` or ``learned``: what is built in for the others.
    every, count, calendar
        For the learned one: how many slots lie between two plans, how far it is asked, and the local hour of
        the week of each slot, shape ``(slots,)``.

    Raises
    ------
    InputError
        If the kind is unknown.
    MissingExtraError
        If the learned one is asked for and scikit-learn is not installed.
    """
    if kind not in ("naive", "learned"):
        raise InputError(f"there is no forecaster {kind!r} -> naive or learned")
    found: dict[str, Forecaster] = {}
    for name, series in actual.items():
        seasons = (1,) if name == "solar_kw" else (DAYS_PER_WEEK, 1)
        if name in given:
            found[name] = GivenForecast(given[name])
        elif kind == "naive" or not np.any(series != series[0]):
            found[name] = SeasonalNaive(series, step_hours, seasons)
        else:
            from juli.power.forecast_learned import LearnedForecast

            found[name] = LearnedForecast(series, step_hours, every=every, count=count, calendar=calendar)
    return found
