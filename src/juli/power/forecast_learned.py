"""A forecaster that learns from the past: gradient-boosted trees on lags and the calendar (scikit-learn)."""

from functools import partial
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from juli.core.errors import MissingExtraError
from juli.power.forecast import DAYS_PER_WEEK, HOURS_PER_DAY, SeasonalNaive
from juli.power.problem import Floats

#: It learns for the first time after so many days, then again whenever so many more have passed.
_FIRST_DAYS: Final = 14
_AGAIN_DAYS: Final = 14
#: Examples looked at in one lesson, at most.
_MOST_EXAMPLES: Final = 40_000
#: Plans whose forecasts are made in one go.
_PLANS_AT_ONCE: Final = 96
#: The last days of the past on which trees are held against the naive forecast, at least.
_HELD_DAYS: Final = 4


class LearnedForecast:
    """Direct forecasts for every lead by one model that knows the lead.

    It learns only from what lies before the slot asked about, anew every two weeks; until two weeks have
    passed it answers as :class:`SeasonalNaive`. Features of a slot ``s`` asked about at ``t``: hour of the
    day and day of the week, the lead ``s - t``, the latest values one and two days and one and two weeks
    before ``s`` that lie before ``t``, their mean over the last week at the same hour, and the level of the
    last slot, hour and day before ``t``. The last fifth of the past tells how far the trees can be trusted:
    the answer is the mean of theirs and the naive one, weighted by what would have erred least there.

    Parameters
    ----------
    actual
        Shape ``(slots,)``: what came.
    step_hours
        Length of a slot [h].
    every
        Slots between two plans: forecasts are asked for at multiples of it.
    count
        How many slots are asked for at most.
    calendar
        Shape ``(slots,)``: local hour of the week of each slot, from Monday 0:00; None: from the first slot.
    seed
        Of the examples drawn and the trees.

    Raises
    ------
    MissingExtraError
        If scikit-learn is not installed.
    """

    def __init__(
        self,
        actual: Floats,
        step_hours: float,
        *,
        every: int = 1,
        count: int = 96,
        calendar: Floats | None = None,
        seed: int = 0,
    ):
        try:
            from sklearn.ensemble import HistGradientBoostingRegressor
            from threadpoolctl import threadpool_limits
        except ImportError as error:
            raise MissingExtraError("forecast", "the learned forecaster") from error
        self._regressor = HistGradientBoostingRegressor
        # Its parallel regions are tiny: threads that wait for one another cost more than they do.
        self._one_thread = partial(threadpool_limits, limits=1, user_api="openmp")
        self._actual = actual
        self._day = max(round(HOURS_PER_DAY / step_hours), 1)
        self._hour = max(round(1 / step_hours), 1)
        self._every, self._count, self._seed = every, count, seed
        week = DAYS_PER_WEEK * HOURS_PER_DAY
        self._calendar = np.arange(len(actual)) * step_hours % week if calendar is None else calendar
        self._naive = SeasonalNaive(actual, step_hours)
        self._sums = np.concatenate(([0.0], np.cumsum(actual)))
        self._trees: _Trees | None = None
        self._trust = 1.0
        self._learned_at = -1
        self._made: dict[int, Floats] = {}

    def expect(self, slot: int, count: int) -> Floats:
        """The values expected, knowing only what was before the slot."""
        count = min(count, len(self._actual) - slot)
        lesson = slot // (_AGAIN_DAYS * self._day) * (_AGAIN_DAYS * self._day)
        if lesson < _FIRST_DAYS * self._day:
            return self._naive.expect(slot, count)
        if lesson != self._learned_at:
            self._learn(lesson)
        if slot not in self._made or len(self._made[slot]) < count:
            self._forecast_from(slot, max(count, self._count), lesson + _AGAIN_DAYS * self._day)
        return self._made[slot][:count]

    def _learn(self, now: int) -> None:
        """Learn from everything before a slot, and how far the trees can be trusted from its last part."""
        rng = np.random.default_rng((self._seed, now))
        targets, issues = self._examples(rng, self._day, now)
        held = targets >= now - max(_HELD_DAYS * self._day, now // 5)
        trees = _Trees(self._fitted(targets[~held], issues[~held]), self._one_thread)
        checked, asked_at = targets[held], issues[held]
        # What was learned until then is asked at its own time, as it will be.
        naive, answers = self._nearest(checked, asked_at), trees.predict(self._features(checked, asked_at))
        shares = np.linspace(0, 1, 11)
        errors = [
            np.abs(share * answers + (1 - share) * naive - self._actual[checked]).mean() for share in shares
        ]
        self._trust = float(shares[int(np.argmin(errors))])
        self._trees = _Trees(self._fitted(targets, issues), self._one_thread)
        self._learned_at, self._made = now, {}

    def _examples(
        self, rng: np.random.Generator, first: int, now: int
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Slots to learn from, each with the slot at which it might have been asked about."""
        targets = np.repeat(np.arange(first, now), max(min(_MOST_EXAMPLES // (now - first), 4), 1))
        if len(targets) > _MOST_EXAMPLES:
            targets = rng.choice(targets, _MOST_EXAMPLES, replace=False)
        leads = rng.integers(0, min(self._count, now), len(targets))
        return targets, np.maximum(targets - leads, 1)

    def _fitted(self, targets: NDArray[np.int64], issues: NDArray[np.int64]) -> Any:
        features = self._features(targets, issues)
        # A column that knows nothing yet (two weeks before, say) can't be learned from.
        columns = np.flatnonzero(np.isfinite(features).any(axis=0))
        model = self._regressor(
            max_iter=100, learning_rate=0.08, max_leaf_nodes=8, min_samples_leaf=100, l2_regularization=1.0,
            early_stopping=False, random_state=self._seed,
        )  # fmt: skip
        with self._one_thread():
            model.fit(features[:, columns], self._actual[targets])
        return model, columns

    def _nearest(self, targets: NDArray[np.int64], issues: NDArray[np.int64]) -> Floats:
        """What the seasonal naive forecaster says."""
        expected = self._actual[np.maximum(issues - 1, 0)]
        for season in (self._day, DAYS_PER_WEEK * self._day):
            source = targets - -(-(targets - issues + 1) // season) * season
            expected = np.where(source >= 0, self._actual[np.maximum(source, 0)], expected)
        return expected

    def _forecast_from(self, slot: int, count: int, until: int) -> None:
        """Make the forecasts of this plan and the next ones; each only knows what was before its own slot."""
        last = min(until, len(self._actual), slot + _PLANS_AT_ONCE * self._every)
        issues = np.arange(slot, last, self._every)
        at = issues[:, None] + np.arange(count)[None, :]
        inside = at < len(self._actual)
        asked_at = np.broadcast_to(issues[:, None], at.shape)
        assert self._trees is not None
        low, high = self._actual[: self._learned_at].min(), self._actual[: self._learned_at].max()
        answers = self._trees.predict(self._features(at[inside], asked_at[inside])).clip(low, high)
        answers = self._trust * answers + (1 - self._trust) * self._nearest(at[inside], asked_at[inside])
        sizes = inside.sum(axis=1)
        self._made = dict(zip(issues.tolist(), np.split(answers, np.cumsum(sizes)[:-1]), strict=True))

    def _features(self, targets: NDArray[np.int64], issues: NDArray[np.int64]) -> Floats:
        """Shape ``(examples, features)``; what is not known is nan."""
        day, week = self._day, DAYS_PER_WEEK * self._day
        columns = [
            self._calendar[targets] % HOURS_PER_DAY,
            self._calendar[targets] // HOURS_PER_DAY,
            (targets - issues).astype(np.float64),
        ]
        for season in (day, week):
            back = -(-(targets - issues + 1) // season) * season
            columns += [self._at(targets - back), self._at(targets - back - season)]
        nearest = targets - -(-(targets - issues + 1) // day) * day
        lags = np.stack([self._at(nearest - days * day) for days in range(DAYS_PER_WEEK)])
        known = np.isfinite(lags)
        columns.append(np.where(known, lags, 0).sum(axis=0) / np.maximum(known.sum(axis=0), 1))
        columns.append(self._at(issues - 1))
        columns += [self._mean_before(issues, self._hour), self._mean_before(issues, day)]
        # How far the last hour lies from the same hour a week and a day before.
        for season in (day, week):
            columns.append(
                self._mean_before(issues, self._hour) - self._mean_before(issues - season, self._hour)
            )
        return np.stack(columns, axis=1)

    def _at(self, slots: NDArray[np.int64]) -> Floats:
        return np.where(slots >= 0, self._actual[np.maximum(slots, 0)], np.nan)

    def _mean_before(self, slots: NDArray[np.int64], length: int) -> Floats:
        first = slots - length
        mean = (self._sums[np.maximum(slots, 0)] - self._sums[np.maximum(first, 0)]) / length
        return np.where(first >= 0, mean, np.nan)


class _Trees:
    """Fitted trees and the columns that they know."""

    def __init__(self, fitted: Any, one_thread: Any):
        self._model, self._columns = fitted
        self._one_thread = one_thread

    def predict(self, features: Floats) -> Floats:
        """Shape ``(examples,)``."""
        with self._one_thread():
            answers: Floats = self._model.predict(features[:, self._columns])
        return answers
