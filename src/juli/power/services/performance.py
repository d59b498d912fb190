"""How well a response followed its signal: the PJM performance score and the Chinese index K."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from juli.core.errors import InputError
from juli.power.problem import Floats

_SAMPLE_SECONDS: Final = 10
_WINDOW_SAMPLES: Final = 30  # five minutes
_HOUR_SAMPLES: Final = 360
_LONGEST_LAG: Final = 30  # samples: 300 s
#: A signal that varies by less than this share of the capacity is near-constant: no correlation is defined.
_CONSTANT: Final = 1e-3


@dataclass(frozen=True)
class PjmScore:
    """The parts of an hour's PJM performance score, each in [0, 1], and their mean."""

    correlation: float
    delay: float
    precision: float

    @property
    def score(self) -> float:
        """The hour's score."""
        return (self.correlation + self.delay + self.precision) / 3


def pjm_score(request_kw: Floats, response_kw: Floats, capacity_kw: float, step_seconds: int) -> PjmScore:
    """Score one hour as PJM does (as QuESt documents it).

    Of 10-second samples, each of twelve 5-minute windows finds the lag, from 0 to 300 s, at which the
    response is most correlated with the request: correlation is that Pearson r (not below 0), delay is
    |lag - 300| / 300. Where the request is near-constant, correlation is max(0, 1 - |difference of slopes|),
    slopes in capacity per window, and delay is that of lag 0. Precision is
    max(0, 1 - mean|response - request| / mean|request|) over the hour.

    Parameters
    ----------
    request_kw, response_kw
        Regulation asked for and given, without the set point; one hour at least. What the response holds
        beyond the hour serves the lags of the last window.
    capacity_kw
        Regulation capacity sold [kW].
    step_seconds
        Length of a sample; divides 10 s [s].
    """
    if _SAMPLE_SECONDS % step_seconds:
        raise InputError(
            f"step_seconds: samples of {step_seconds} s do not divide 10 s -> give 1, 2, 5 or 10 s"
        )
    request, response = (_sampled(series, step_seconds) / capacity_kw for series in (request_kw, response_kw))
    if len(request) < _HOUR_SAMPLES or len(response) < _HOUR_SAMPLES:
        raise InputError(
            f"an hour has {_HOUR_SAMPLES} samples of 10 s, these have {len(request)} -> give a whole hour"
        )
    correlations, delays = [], []
    for first in range(0, _HOUR_SAMPLES, _WINDOW_SAMPLES):
        correlation, lag = _best_lag(request[first : first + _WINDOW_SAMPLES], response[first:])
        correlations.append(correlation)
        delays.append(abs(lag - _LONGEST_LAG) / _LONGEST_LAG)
    request, response = request[:_HOUR_SAMPLES], response[:_HOUR_SAMPLES]
    asked = np.abs(request).mean()
    missed = np.abs(response - request).mean()
    precision = max(0.0, 1 - missed / asked) if asked > 0 else float(missed == 0)
    return PjmScore(float(np.mean(correlations)), float(np.mean(delays)), float(precision))


def pjm_credit(
    capacity_mw: float,
    score: float,
    capability_price: float,
    performance_price: float,
    mileage_ratio: float,
    least_score: float = 0.25,
) -> float:
    """MW · score · (capability + mileage ratio · performance) for an hour; nothing under 0.25 [money]."""
    if score < least_score:
        return 0.0
    return capacity_mw * score * (capability_price + mileage_ratio * performance_price)


def _sampled(series_kw: Floats, step_seconds: int) -> Floats:
    each = _SAMPLE_SECONDS // step_seconds
    whole = len(series_kw) // each * each
    means: Floats = series_kw[:whole].reshape(-1, each).mean(axis=1)
    return means


def _best_lag(request: Floats, response: Floats) -> tuple[float, int]:
    """The highest correlation, not below 0, and its lag in samples."""
    if np.ptp(request) < _CONSTANT:
        steps = np.arange(len(request)) / len(request)
        slopes = [np.polyfit(steps, series, 1)[0] for series in (request, response[: len(request)])]
        return max(0.0, 1 - abs(float(slopes[0] - slopes[1]))), 0
    last = min(_LONGEST_LAG, len(response) - len(request))
    windows = np.lib.stride_tricks.sliding_window_view(response, len(request))[: last + 1]
    centred = windows - windows.mean(axis=1, keepdims=True)
    asked = request - request.mean()
    size = np.sqrt((centred**2).sum(axis=1) * (asked**2).sum())
    correlations = np.divide(centred @ asked, size, out=np.zeros(len(size)), where=size > 1e-12)
    lag = int(np.argmax(correlations))
    if correlations[lag] <= 0:
        return 0.0, _LONGEST_LAG
    return float(correlations[lag]), lag


@dataclass(frozen=True)
class IndexRules:
    """The standards that the index K measures a unit against; all remembered [R], they differ by province.

    Parameters
    ----------
    standard_rate_per_minute
        Rate of change expected of a unit, as a share of its capacity a minute.
    allowed_error_share
        Error allowed after arrival, as a share of the capacity.
    allowed_seconds
        Time allowed until the unit begins to move [s].
    dead_band_share
        How near to start and target counts as there, as a share of the capacity.
    """

    standard_rate_per_minute: float = 0.015
    allowed_error_share: float = 0.01
    allowed_seconds: float = 60.0
    dead_band_share: float = 0.02


@dataclass(frozen=True)
class PerformanceIndex:
    """K1 (rate), K2 (precision) and K3 (response time), means over the commands; each about 0.1 to 2."""

    rate: float
    precision: float
    response_time: float
    commands: int

    @property
    def of_two(self) -> float:
        """K = K1·K2, as in the Jiangsu trial."""
        return self.rate * self.precision

    @property
    def of_three(self) -> float:
        """K = K1·K2·K3, as in other provinces."""
        return self.of_two * self.response_time


def performance_index(
    command_kw: Floats,
    response_kw: Floats,
    capacity_kw: float,
    step_seconds: float,
    rules: IndexRules | None = None,
) -> PerformanceIndex:
    """The index K of a response to step commands.

    For each command that moves the set point by more than twice the dead band: K1 = 2 - standard rate / rate,
    K2 = 2 - mean error after arrival / allowed error, K3 = 2 - time until the unit moves / allowed time,
    none below 0.1 (the form of the North China rules, remembered [R]). A command never reached has
    K1 = K2 = 0.1.
    """
    rules = rules or IndexRules()
    band = rules.dead_band_share * capacity_kw
    starts = np.flatnonzero(np.abs(np.diff(command_kw)) > 0) + 1
    scores = []
    for place, start in enumerate(starts):
        end = starts[place + 1] if place + 1 < len(starts) else len(command_kw)
        before, target = response_kw[start - 1], command_kw[start]
        if abs(target - before) <= 2 * band:
            continue
        scores.append(
            _one_command(response_kw[start:end], before, target, band, capacity_kw, step_seconds, rules)
        )
    if not scores:
        raise InputError(
            "no command moves the set point by more than twice the dead band -> give step commands"
        )
    rate, precision, response_time = np.mean(scores, axis=0)
    return PerformanceIndex(float(rate), float(precision), float(response_time), len(scores))


def _one_command(
    response_kw: Floats,
    before_kw: float,
    target_kw: float,
    band_kw: float,
    capacity_kw: float,
    step_seconds: float,
    rules: IndexRules,
) -> tuple[float, float, float]:
    towards = np.sign(target_kw - before_kw)
    moved = np.flatnonzero(towards * (response_kw - before_kw) > band_kw)
    arrived = np.flatnonzero(towards * (response_kw - target_kw) > -band_kw)
    worst = 0.1
    if not len(moved):
        return worst, worst, worst
    response_time = 2 - step_seconds * moved[0] / rules.allowed_seconds
    if not len(arrived):
        return worst, worst, max(worst, response_time)
    # From the sample before the move to arrival: a unit that is there within one sample took one sample.
    minutes = step_seconds * (arrived[0] - moved[0] + 1) / 60
    rate = abs(response_kw[arrived[0]] - before_kw) / capacity_kw / minutes
    error = np.abs(response_kw[arrived[0] :] - target_kw).mean() / capacity_kw
    return (
        max(worst, 2 - rules.standard_rate_per_minute / rate),
        max(worst, 2 - error / rules.allowed_error_share),
        max(worst, response_time),
    )
