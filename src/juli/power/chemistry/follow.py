"""Hold a dispatch against the physics: what the battery really does, and a plan that it can follow."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from juli.core.errors import InfeasibleError, InputError
from juli.power.chemistry.electrochemical import Chemistry
from juli.power.chemistry.linearise import linearise
from juli.power.chemistry.state import Floats, Limit, State, Trace
from juli.power.engines import dispatch
from juli.power.problem import Battery, Dispatch, DispatchProblem
from juli.power.settlement import settle, stored_after_losses

#: A slot is followed when it misses no more than this share of the rated power.
TOLERANCE_SHARE: Final = 0.01
_ROUNDS: Final = 12
#: Each repair after the first plans with efficiencies lower by this share than those measured.
_CAUTION: Final = 0.002


@dataclass(frozen=True, eq=False)
class Planned:
    """A dispatch to be held against the physics.

    Parameters
    ----------
    dispatch
        The plan.
    up_kw, down_kw
        Shape ``(slots,)``: mean power that a regulation signal takes from the battery, and gives to it,
        within each slot; their difference is part of the plan's ``battery_kw`` [kW].
    """

    dispatch: Dispatch
    up_kw: Floats | float = 0.0
    down_kw: Floats | float = 0.0


def plan_energy(problem: DispatchProblem) -> Planned:
    """Plan energy alone, by the exact dispatch."""
    return Planned(dispatch(problem))


@dataclass(frozen=True, eq=False)
class Followed:
    """A plan beside what the physical battery made of it.

    Parameters
    ----------
    problem
        What the plan answers, with the battery and the bounds that it was last planned with.
    plan
        The dispatch as planned.
    battery
        The linear battery that it was planned with.
    trace
        The physical battery's run.
    actual
        The plan as it really came: the same site, prices and penalties settled with the physical battery's
        power and auxiliaries. Its stored energy is the physical one.
    missing_kwh
        Planned discharge that the battery could not give [kWh].
    refused_kwh
        Planned charge that a guard refused [kWh].
    spared_kwh
        Planned charge that was not needed, the battery being full sooner than planned [kWh].
    auxiliary_cost
        The part of the actual cost that fans, heating, cooling and control cause [money].
    follows
        Whether the battery gave every planned discharge and no guard spoke. Charge that was spared is
        no failure.
    repairs
        How many plans were thrown away before this one.
    """

    problem: DispatchProblem
    plan: Dispatch
    battery: Battery
    trace: Trace
    actual: Dispatch
    missing_kwh: float
    refused_kwh: float
    spared_kwh: float
    auxiliary_cost: float
    follows: bool
    repairs: int = 0

    @property
    def money_difference(self) -> float:
        """What the plan really costs more than it said [money]."""
        return self.actual.cost - self.plan.cost

    @property
    def stored_difference_kwh(self) -> float:
        """Energy in store at the end beyond the plan's [kWh]."""
        return float(self.trace.stored_kwh[-1] - self.plan.stored_kwh[-1])


def follow(
    problem: DispatchProblem,
    plan: Dispatch | Planned,
    chemistry: Chemistry,
    ambient_celsius: ArrayLike,
    *,
    state: State | None = None,
) -> Followed:
    """Run a dispatch through the physical battery.

    Parameters
    ----------
    problem, plan
        What was asked and what was answered; the problem has a battery. Within a slot, a regulation
        signal's energy up and down is run one after the other, so that its losses are counted.
    chemistry
        The physical battery.
    ambient_celsius
        Shape ``(slots,)`` or one number: the air around it [°C].
    state
        How it begins; its charge is set to the plan's stored energy. None: new, at the first slot's
        ambient temperature.
    """
    if problem.battery is None:
        raise InputError("battery: the site has none, so there is nothing to follow -> give a battery")
    planned = plan if isinstance(plan, Planned) else Planned(plan)
    plan = planned.dispatch
    start = state or State(celsius=float(np.broadcast_to(ambient_celsius, (problem.slots,))[0]))
    start = chemistry.at_stored(start, float(plan.stored_kwh[0]))
    trace, moved_kwh = _run(chemistry, start, planned, problem.step_hours, ambient_celsius)
    short_kw = np.maximum(plan.battery_kw, 0) - np.maximum(trace.battery_kw, 0)
    undone_kw = np.maximum(-plan.battery_kw, 0) - np.maximum(-trace.battery_kw, 0)
    full = trace.limit == Limit.FULL
    allowed_kw = TOLERANCE_SHARE * chemistry.power_kw
    failed = (short_kw > allowed_kw) | ((undone_kw > allowed_kw) & ~full)
    bare = _settled(problem, trace.battery_kw, trace.stored_kwh, moved_kwh)
    actual = _settled(problem, trace.battery_kw - trace.auxiliary_kw, trace.stored_kwh, moved_kwh)
    return Followed(
        problem=problem,
        plan=plan,
        battery=problem.battery,
        trace=trace,
        actual=replace(actual, battery_kw=trace.battery_kw),
        missing_kwh=float(short_kw.sum() * problem.step_hours),
        refused_kwh=float(undone_kw[~full].sum() * problem.step_hours),
        spared_kwh=float(undone_kw[full].sum() * problem.step_hours),
        auxiliary_cost=actual.cost - bare.cost,
        follows=not failed.any(),
    )


def _run(
    chemistry: Chemistry, start: State, planned: Planned, step_hours: float, ambient_celsius: ArrayLike
) -> tuple[Trace, float]:
    """Run a plan; answers the trace by slots, and the energy that went into and out of the store [kWh]."""
    power_kw = planned.dispatch.battery_kw
    up_kw, down_kw = (np.broadcast_to(swing, power_kw.shape) for swing in (planned.up_kw, planned.down_kw))
    if not (up_kw.any() or down_kw.any()):
        trace = chemistry.run(start, power_kw, step_hours, ambient_celsius)
        return trace, float(np.abs(np.diff(trace.stored_kwh)).sum())
    # Half a slot gives what the signal takes, the other takes what it gives: the slot's mean is the plan's.
    still_kw = power_kw - up_kw + down_kw
    halves_kw = np.stack((still_kw + 2 * up_kw, still_kw - 2 * down_kw), axis=1).ravel()
    ambient = np.repeat(np.broadcast_to(ambient_celsius, power_kw.shape), 2)
    fine = chemistry.run(start, halves_kw, step_hours / 2, ambient)
    levels = ("stored_kwh", "capacity_kwh", "celsius", "hydrogen_bar")
    powers = ("battery_kw", "auxiliary_kw", "heat_kw")
    by_slot = {name: getattr(fine, name)[::2] for name in levels}
    by_slot |= {name: getattr(fine, name).reshape(-1, 2).mean(axis=1) for name in powers}
    limit = fine.limit.reshape(-1, 2).max(axis=1)
    return replace(fine, limit=limit, **by_slot), float(np.abs(np.diff(fine.stored_kwh)).sum())


def dispatch_followed(
    problem: DispatchProblem,
    chemistry: Chemistry,
    ambient_celsius: ArrayLike,
    *,
    state: State | None = None,
    replacement_money: float = 0.0,
    plan: Callable[[DispatchProblem], Planned] = plan_energy,
) -> Followed:
    """Find a dispatch that the physical battery can follow.

    The first plan is made with the linear battery of the mean ambient temperature (or with the problem's
    own). As long as the physics can't follow, the linear battery takes over the efficiencies and the
    capacity that the run showed, with a little more caution each time, and the slots in which a guard
    spoke keep to what it let pass.

    Parameters
    ----------
    problem
        The site; where it has no battery, the chemistry's own, half full at both ends, is planned with.
    chemistry, ambient_celsius, state
        As for :func:`follow`.
    replacement_money
        What a new battery costs, which prices the wear; only where the problem has no battery.
    plan
        Plans the problem and its repairs; services have a planner of their own.

    Raises
    ------
    InfeasibleError
        If no plan was found that the physics can follow.
    """
    ambient = np.broadcast_to(np.asarray(ambient_celsius, dtype=np.float64), (problem.slots,))
    if problem.battery is None:
        problem = replace(
            problem, battery=_half_full(chemistry, state, float(ambient.mean()), replacement_money)
        )
    for repairs in range(_ROUNDS):
        followed = follow(problem, plan(problem), chemistry, ambient, state=state)
        if followed.follows:
            return replace(followed, repairs=repairs)
        problem = _repaired(problem, followed, chemistry, _CAUTION * repairs)
    slot = int(np.argmax(np.abs(followed.plan.battery_kw - followed.trace.battery_kw)))
    raise InfeasibleError(
        f"after {_ROUNDS} plans the {chemistry.name} battery still can't follow: in slot {slot} it is asked "
        f"for {followed.plan.battery_kw[slot]:.0f} kW and gives {followed.trace.battery_kw[slot]:.0f} kW "
        f"({Limit(followed.trace.limit[slot]).name.lower()})"
    )


def _half_full(
    chemistry: Chemistry, state: State | None, celsius: float, replacement_money: float
) -> Battery:
    battery = linearise(
        chemistry, celsius, state=state, replacement_money=replacement_money, standing_loss=False
    )
    return replace(battery, start_kwh=battery.energy_kwh / 2, end_kwh=battery.energy_kwh / 2)


def _settled(problem: DispatchProblem, power_kw: Floats, stored_kwh: Floats, moved_kwh: float) -> Dispatch:
    """The site's account when the battery gives a power, whatever the plan said."""
    without = replace(
        problem, battery=None, consumption_kw=problem.consumption_kw - power_kw, end_value_per_kwh=0.0
    )
    account = settle(without, np.zeros_like(stored_kwh), np.zeros(problem.slots), "physics")
    wear_per_kwh = 0.0 if problem.battery is None else problem.battery.wear_per_kwh
    wear_cost = wear_per_kwh * moved_kwh
    end_value = float(problem.end_value_per_kwh * stored_kwh[-1])
    return replace(
        account,
        cost=account.cost + wear_cost - end_value,
        wear_cost=wear_cost,
        end_value=end_value,
        stored_kwh=stored_kwh,
        exact=False,
    )


def _repaired(
    problem: DispatchProblem, followed: Followed, chemistry: Chemistry, caution: float
) -> DispatchProblem:
    """The same site with a battery that promises no more than the run showed."""
    battery, trace, hours = followed.battery, followed.trace, problem.step_hours
    change = trace.stored_kwh[1:] - stored_after_losses(battery, trace.stored_kwh[:-1], hours)
    taken = -np.minimum(trace.battery_kw, 0) * hours
    given = np.maximum(trace.battery_kw, 0) * hours
    charge = _ratio(change[taken > 0].sum(), taken.sum(), battery.charge_efficiency)
    discharge = _ratio(given.sum(), -change[given > 0].sum(), battery.discharge_efficiency)
    capacity_kwh = np.minimum(trace.capacity_kwh[1:], problem.stored_max_kwh)
    guarded = np.isin(trace.limit, (Limit.PRESSURE, Limit.TEMPERATURE, Limit.VENTILATION))
    return replace(
        problem,
        battery=replace(
            battery,
            charge_kw=min(battery.charge_kw, chemistry.power_kw),
            discharge_kw=min(battery.discharge_kw, chemistry.power_kw),
            charge_efficiency=charge * (1 - caution),
            discharge_efficiency=discharge * (1 - caution),
            end_kwh=min(battery.end_kwh, float(capacity_kwh[-1])),
        ),
        stored_max_kwh=capacity_kwh,
        battery_min_kw=np.where(
            guarded & (trace.battery_kw <= 0) & (followed.plan.battery_kw < 0),
            np.maximum(problem.battery_min_kw, trace.battery_kw),
            problem.battery_min_kw,
        ),
        battery_max_kw=np.where(
            guarded & (trace.battery_kw >= 0) & (followed.plan.battery_kw > 0),
            np.minimum(problem.battery_max_kw, trace.battery_kw),
            problem.battery_max_kw,
        ),
    )


def _ratio(numerator: float, denominator: float, most: float) -> float:
    """An efficiency as measured, but never better than the one planned with."""
    return most if denominator <= 0 else min(max(numerator / denominator, 0.1), most)
