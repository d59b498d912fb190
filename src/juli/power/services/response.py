"""A regulation signal, second by second, and what the physical battery makes of it."""

from dataclasses import dataclass, replace

import numpy as np

from juli.core.errors import InputError
from juli.core.units import SECONDS_PER_HOUR
from juli.power.chemistry import Chemistry, State, Trace
from juli.power.problem import Floats
from juli.power.services.performance import PerformanceIndex, PjmScore, performance_index, pjm_score
from juli.power.services.regulation import Regulation


def illustrative_signal(
    hours: float, seed: int, *, step_seconds: int = 2, recall_seconds: float = 120.0, spread: float = 0.5
) -> Floats:
    """A made-up fast regulation signal in [-1, 1], up positive, that returns to zero.

    A mean-reverting walk; no market's signal, but of the kind that PJM sends to storage. For money, use a
    recorded one.

    Parameters
    ----------
    hours
        Length [h].
    seed
        Seed of the walk.
    step_seconds
        Length of a sample [s].
    recall_seconds
        Time constant with which it returns to zero [s].
    spread
        Standard deviation before clipping.
    """
    count = round(hours * SECONDS_PER_HOUR / step_seconds)
    kept = np.exp(-step_seconds / recall_seconds)
    shocks = spread * np.sqrt(1 - kept**2) * np.random.default_rng(seed).standard_normal(count)
    signal = np.empty(count)
    level = 0.0
    for place, shock in enumerate(shocks):
        level = kept * level + shock
        signal[place] = level
    return signal.clip(-1, 1)


@dataclass(frozen=True)
class SignalFigures:
    """What a signal does to a battery, per kW of capacity.

    Parameters
    ----------
    up_share, down_share
        Energy taken from and given to the battery in an hour.
    mileage_per_hour
        Sum of the signal's moves in an hour.
    """

    up_share: float
    down_share: float
    mileage_per_hour: float


def measure_signal(signal: Floats, step_seconds: float) -> SignalFigures:
    """Measure a signal in [-1, 1]."""
    hours = len(signal) * step_seconds / SECONDS_PER_HOUR
    return SignalFigures(
        up_share=float(signal.clip(min=0).mean()),
        down_share=float((-signal).clip(min=0).mean()),
        mileage_per_hour=float(np.abs(np.diff(signal)).sum() / hours),
    )


@dataclass(frozen=True, eq=False)
class Response:
    """What the battery gave for a signal, beside its set point; shape ``(samples,)`` [kW]."""

    request_kw: Floats
    response_kw: Floats
    trace: Trace


def respond(
    chemistry: Chemistry,
    state: State,
    signal: Floats,
    capacity_kw: float,
    *,
    set_point_kw: float = 0.0,
    step_seconds: float = 2.0,
    delay_seconds: float = 2.0,
    settling_seconds: float = 1.0,
    ambient_celsius: float = 20.0,
) -> Response:
    """Follow a signal with the physical battery.

    Parameters
    ----------
    chemistry, state
        The battery and how it begins.
    signal
        Shape ``(samples,)``, in [-1, 1], up positive.
    capacity_kw
        Regulation capacity [kW].
    set_point_kw
        What the battery gives at signal 0 [kW].
    delay_seconds
        Time from the signal to the converter's command [s].
    settling_seconds
        Time constant of the converter [s].
    """
    if np.abs(signal).max(initial=0.0) > 1:
        raise InputError(
            f"signal: {np.abs(signal).max():g} lies outside -1 to 1 -> give it per unit of the capacity"
        )
    request_kw = capacity_kw * signal
    late = round(delay_seconds / step_seconds)
    commanded = np.concatenate((np.zeros(late), request_kw))[: len(request_kw)]
    kept = np.exp(-step_seconds / settling_seconds) if settling_seconds > 0 else 0.0
    level = 0.0
    for place, command in enumerate(commanded):
        level = kept * level + (1 - kept) * command
        commanded[place] = level
    trace = chemistry.run(state, set_point_kw + commanded, step_seconds / SECONDS_PER_HOUR, ambient_celsius)
    return Response(request_kw, trace.battery_kw - set_point_kw, trace)


def expected_regulation(
    regulation: Regulation,
    chemistry: Chemistry,
    state: State,
    signal: Floats,
    capacity_kw: float,
    *,
    step_seconds: int = 2,
    ambient_celsius: float = 20.0,
) -> tuple[Regulation, list[PjmScore]]:
    """The offer with the energy shares of a signal and the score that the physical battery reaches on it.

    Returns
    -------
    The offer, and the PJM score of each whole hour of the signal.
    """
    answer = respond(
        chemistry, state, signal, capacity_kw, step_seconds=step_seconds, ambient_celsius=ambient_celsius
    )
    hour = SECONDS_PER_HOUR // step_seconds
    scores = [
        pjm_score(
            answer.request_kw[first : first + hour], answer.response_kw[first:], capacity_kw, step_seconds
        )
        for first in range(0, len(signal) - hour + 1, hour)
    ]
    if not scores:
        raise InputError(f"signal: {len(signal)} samples of {step_seconds} s are no whole hour -> give one")
    figures = measure_signal(signal, step_seconds)
    return replace(
        regulation,
        score=float(np.mean([each.score for each in scores])),
        up_share=figures.up_share,
        down_share=figures.down_share,
    ), scores


def follow_commands(
    chemistry: Chemistry,
    state: State,
    signal: Floats,
    capacity_kw: float,
    *,
    hold_seconds: float = 60.0,
    step_seconds: int = 2,
    ambient_celsius: float = 20.0,
) -> PerformanceIndex:
    """The index K of the physical battery's answer to step commands: the signal, held for a minute at a time.

    Parameters
    ----------
    chemistry, state, signal, capacity_kw, step_seconds
        As for :func:`respond`.
    hold_seconds
        How long each command stands [s].
    """
    each = max(round(hold_seconds / step_seconds), 1)
    commands = np.repeat(signal[::each], each)[: len(signal)]
    # A quiet minute first: the first command is a step too.
    commands = np.concatenate((np.zeros(each), commands))
    answer = respond(
        chemistry, state, commands, capacity_kw, step_seconds=step_seconds, ambient_celsius=ambient_celsius
    )
    return performance_index(answer.request_kw, answer.response_kw, capacity_kw, step_seconds)
