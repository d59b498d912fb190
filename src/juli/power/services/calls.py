"""Peak-shaving calls: the grid asks for less import in a window, pays for it, and fines a shortfall."""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from juli.core.errors import InputError
from juli.power.linear_program import Columns
from juli.power.problem import DispatchProblem, Floats


@dataclass(frozen=True, eq=False)
class PeakShavingCall:
    """One call.

    In every slot of the window the reduction is the baseline less the grid exchange, at most what was
    committed. It earns ``pay_per_kwh`` (a rise above the baseline is a negative reduction and costs as
    much); what lacks to the commitment costs ``penalty_per_kwh``.

    Parameters
    ----------
    first_slot, last_slot
        The window, both slots included.
    committed_kw
        The reduction committed to [kW].
    baseline_kw
        Shape ``(slots of the window,)`` or one number: the exchange it is measured against [kW].
    pay_per_kwh, penalty_per_kwh
        Money per kWh of reduction, and of shortfall.
    take_part
        None: decide by what it is worth; True or False: decided already.
    """

    first_slot: int
    last_slot: int
    committed_kw: float
    baseline_kw: Floats | float
    pay_per_kwh: float
    penalty_per_kwh: float = 0.0
    take_part: bool | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.first_slot <= self.last_slot:
            raise InputError(
                f"call: the window from slot {self.first_slot} to {self.last_slot} is none -> "
                "give a first slot that is not after the last"
            )
        for name in ("committed_kw", "pay_per_kwh", "penalty_per_kwh"):
            if not getattr(self, name) >= 0:
                raise InputError(f"call.{name}: {getattr(self, name)} is negative -> give a number from 0 on")

    @property
    def window(self) -> slice:
        """The slots of the window."""
        return slice(self.first_slot, self.last_slot + 1)


def average_baseline_kw(
    load_kw: Floats, day: int, slots_per_day: int, days: int = 5, excluded_days: Collection[int] = ()
) -> Floats:
    """The mean of the latest days before the call's day, slot by slot; shape ``(slots_per_day,)`` [kW].

    Parameters
    ----------
    load_kw
        Metered exchange from day 0 on [kW].
    day
        The call's day.
    days
        How many days the mean is of.
    excluded_days
        Days that don't count: holidays, weekends, days with a call.
    """
    counted = [each for each in range(day) if each not in excluded_days][-days:]
    if len(counted) < days:
        raise InputError(
            f"baseline: only {len(counted)} of {days} days before day {day} count -> give more history"
        )
    profile = load_kw[: day * slots_per_day].reshape(day, slots_per_day)
    mean: Floats = profile[counted].mean(axis=0)
    return mean


def call_pay(call: PeakShavingCall, grid_kw: Floats, step_hours: float) -> float:
    """What a call pays less its penalties, for the grid exchange that came of it [money]."""
    reduction_kw = np.minimum(call.baseline_kw - grid_kw[call.window], call.committed_kw)
    shortfall_kw = call.committed_kw - reduction_kw
    return float(step_hours * (call.pay_per_kwh * reduction_kw - call.penalty_per_kwh * shortfall_kw).sum())


def answer_call(lp: Columns, problem: DispatchProblem, call: PeakShavingCall, name: str) -> None:
    """Let the program earn a call, and decide by a binary whether to take part."""
    if call.last_slot >= problem.slots:
        raise InputError(
            f"call: its last slot {call.last_slot} is beyond the {problem.slots} slots planned -> plan longer"
        )
    if call.take_part is False:
        return
    at = np.arange(call.first_slot, call.last_slot + 1)
    count, hours = len(at), problem.step_hours
    baseline = np.broadcast_to(np.asarray(call.baseline_kw, dtype=np.float64), (count,))
    charge_kw = 0.0 if problem.battery is None else problem.battery.charge_kw
    most_kw = np.minimum(problem.consumption_kw[at].clip(0) + charge_kw, problem.import_limit_kw[at])
    rise_kw = np.maximum(most_kw - baseline, 0.0)
    lp.add(name, -rise_kw, call.committed_kw, -hours * call.pay_per_kwh, count)
    lp.add(f"{name} shortfall", 0, np.inf, hours * call.penalty_per_kwh, count)
    reduction, shortfall = (lp.at(block, np.arange(count)) for block in (name, f"{name} shortfall"))
    exchange = ((lp.at("grid_in", at), 1.0), (lp.at("grid_out", at), -1.0))
    if call.take_part:
        lp.row(-np.inf, baseline, (reduction, 1.0), *exchange)
        lp.row(call.committed_kw, np.inf, (reduction, 1.0), (shortfall, 1.0))
        return
    lp.add(f"{name} taken", 0, 1, 0, 1)
    taken = np.full(count, lp.first[f"{name} taken"])
    lp.integers.append(int(taken[0]))
    lp.row(-np.inf, baseline + rise_kw, (reduction, 1.0), *exchange, (taken, rise_kw))
    lp.row(-np.inf, 0, (reduction, 1.0), (taken, -call.committed_kw))
    lp.row(0, np.inf, (reduction, 1.0), (taken, rise_kw))
    lp.row(0, np.inf, (reduction, 1.0), (shortfall, 1.0), (taken, -call.committed_kw))
