"""All services in one dispatch, and what each is worth."""

from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from juli.power.engines import dispatch
from juli.power.linear_program import Columns, cheating_slots, formulate, run
from juli.power.problem import Dispatch, DispatchProblem, Floats
from juli.power.services.calls import PeakShavingCall, answer_call, call_pay
from juli.power.services.firming import Firming, limit_ramps, ramp_penalty, with_declaration
from juli.power.services.regulation import Regulation, regulation_income, sell_regulation

#: Powers below this are rounding.
_TINY_KW: Final = 1e-6


@dataclass(frozen=True)
class Services:
    """What the site offers beside running on its own bill."""

    firming: Firming | None = None
    calls: tuple[PeakShavingCall, ...] = ()
    regulation: Regulation | None = None


@dataclass(frozen=True, eq=False)
class Stacked:
    """The cheapest dispatch with services.

    Parameters
    ----------
    dispatch
        The dispatch and the site's bill; its ``battery_kw`` includes the energy that the regulation signal is
        expected to move, its ``cost`` leaves out what calls and regulation pay and what ramps cost.
    set_point_kw
        Shape ``(slots,)``: what the battery gives at signal zero [kW].
    regulation_kw
        Shape ``(hours,)``: capacity sold; empty without regulation [kW].
    took_part
        For each call, whether it is worth taking part.
    call_income, regulation_income, ramp_cost
        What the calls pay (less penalties), what regulation pays, what ramps cost [money].
    """

    dispatch: Dispatch
    set_point_kw: Floats
    regulation_kw: Floats = field(default_factory=lambda: np.zeros(0))
    took_part: tuple[bool, ...] = ()
    call_income: float = 0.0
    regulation_income: float = 0.0
    ramp_cost: float = 0.0

    @property
    def cost(self) -> float:
        """What everything costs together [money]."""
        return self.dispatch.cost + self.ramp_cost - self.call_income - self.regulation_income


def dispatch_services(problem: DispatchProblem, services: Services, *, seconds: float = np.inf) -> Stacked:
    """Dispatch energy and all services together.

    A declared schedule alone is the dynamic program's; ramps, calls and regulation go to HiGHS, with binaries
    for the calls whose taking part is open and in the slots where the relaxation would charge and discharge,
    or import and export, at once.

    Parameters
    ----------
    seconds
        Time limit of each solve [s].

    Raises
    ------
    InputError
        If a service does not fit the horizon, or the regulation market bars the site.
    InfeasibleError
        If nothing keeps all limits.
    """
    firming = services.firming
    if firming is not None:
        problem = with_declaration(problem, firming)
    ramps = firming is not None and np.isfinite(firming.ramp_kw_per_hour)
    if not (ramps or services.calls or services.regulation):
        answer = dispatch(problem)
        return Stacked(answer, answer.battery_kw)
    exclusive: NDArray[np.bool_] = problem.sell > problem.buy
    while True:
        lp = _formulate(problem, services, exclusive)
        columns, duals, bound, _ = run(lp, seconds=seconds)
        cheats = _cheats(lp, columns, problem.slots) & ~exclusive
        if not cheats.any():
            return _account(problem, services, lp, columns, duals, bound)
        exclusive |= cheats | cheating_slots(problem)


def _formulate(problem: DispatchProblem, services: Services, exclusive: NDArray[np.bool_]) -> Columns:
    loses = problem.battery is not None and problem.battery.standing_loss_kw > 0
    lp = formulate(problem, exclusive, floor=loses)
    if services.firming is not None:
        limit_ramps(lp, problem, services.firming)
    for place, call in enumerate(services.calls):
        answer_call(lp, problem, call, f"call {place}")
    if services.regulation is not None:
        sell_regulation(lp, problem, services.regulation)
    return lp


def _cheats(lp: Columns, columns: Floats, slots: int) -> NDArray[np.bool_]:
    at = np.arange(slots)
    charge, discharge, taken, given = (
        columns[lp.at(name, at)] for name in ("charge", "discharge", "grid_in", "grid_out")
    )
    return (np.minimum(charge, discharge) > _TINY_KW) | (np.minimum(taken, given) > _TINY_KW)


def _account(
    problem: DispatchProblem,
    services: Services,
    lp: Columns,
    columns: Floats,
    duals: Floats,
    bound: float,
) -> Stacked:
    """Add everything up again from the powers."""
    at, hours, battery = np.arange(problem.slots), problem.step_hours, problem.battery
    charge, discharge, taken, given, sun = (
        columns[lp.at(name, at)] for name in ("charge", "discharge", "grid_in", "grid_out", "sun")
    )
    grid_kw, set_point_kw = taken - given, discharge - charge
    capacity_kw = np.zeros(0)
    signal_kw = np.zeros(problem.slots)
    wear_kwh = np.zeros(problem.slots)
    regulation = services.regulation
    earned = 0.0
    if regulation is not None and battery is not None:
        last = lp.first["regulation"]
        per_hour = round(1 / hours)
        capacity_kw = columns[last : last + -(-problem.slots // per_hour)]
        sold_kw = capacity_kw[at // per_hour]
        signal_kw = (regulation.up_share - regulation.down_share) * sold_kw
        wear_kwh = (
            hours
            * sold_kw
            * (
                battery.charge_efficiency * regulation.down_share
                + regulation.up_share / battery.discharge_efficiency
            )
        )
        earned = regulation_income(regulation, capacity_kw, problem)
    stored_kwh = np.zeros(problem.slots + 1)
    wear_cost = 0.0
    if battery is not None:
        stored_kwh[0] = battery.start_kwh
        stored_kwh[1:] = columns[lp.at("stored", at)]
        changed = hours * (charge * battery.charge_efficiency + discharge / battery.discharge_efficiency)
        wear_cost = float(battery.wear_per_kwh * (changed + wear_kwh).sum())
    site = _bill(problem, grid_kw)
    end_value = float(problem.end_value_per_kwh * stored_kwh[-1])
    taking_part = tuple(_takes_part(lp, columns, call, place) for place, call in enumerate(services.calls))
    call_income = sum(
        call_pay(call, grid_kw, hours)
        for call, taken in zip(services.calls, taking_part, strict=True)
        if taken
    )
    ramp_cost = 0.0 if services.firming is None else ramp_penalty(services.firming, grid_kw, hours)
    cost = site.cost + wear_cost - end_value
    free = float(problem.demand_price @ problem.demand_free_kw)
    total = cost + ramp_cost - call_income - earned
    rows = slice(lp.first["balance"], lp.first["balance"] + problem.slots)
    answer = Dispatch(
        cost=cost,
        energy_cost=site.energy_cost,
        demand_cost=site.demand_cost,
        wear_cost=wear_cost,
        deviation_cost=site.deviation_cost,
        end_value=end_value,
        battery_kw=set_point_kw + signal_kw,
        stored_kwh=stored_kwh,
        solar_kw=sun,
        grid_kw=grid_kw,
        peak_kw=site.peak_kw,
        price_of_consumption=duals[rows] / hours,
        engine="highs",
        exact=total - (bound - free) <= 1e-6 * max(1.0, abs(site.energy_cost) + site.demand_cost),
        bound=cost + min(bound - free - total, 0.0),
        convex=not lp.integers,
    )
    return Stacked(answer, set_point_kw, capacity_kw, taking_part, call_income, earned, ramp_cost)


@dataclass(frozen=True)
class _SiteBill:
    energy_cost: float
    demand_cost: float
    deviation_cost: float
    peak_kw: Floats

    @property
    def cost(self) -> float:
        return self.energy_cost + self.demand_cost + self.deviation_cost


def _bill(problem: DispatchProblem, grid_kw: Floats) -> _SiteBill:
    price = np.where(grid_kw > 0, problem.buy, problem.sell)
    peak_kw = np.zeros(len(problem.demand_price))
    counted = problem.demand_period >= 0
    np.maximum.at(peak_kw, problem.demand_period[counted], grid_kw[counted])
    excess = np.maximum(peak_kw - problem.demand_free_kw, 0)
    deviation = 0.0
    if problem.declared_kw is not None:
        off = grid_kw - problem.declared_kw
        over = np.maximum(off - problem.declared_band_kw, 0)
        under = np.maximum(-off - problem.declared_band_kw, 0)
        deviation = problem.step_hours * float(over @ problem.over_price + under @ problem.under_price)
    return _SiteBill(
        problem.step_hours * float(grid_kw @ price), float(excess @ problem.demand_price), deviation, peak_kw
    )


def _takes_part(lp: Columns, columns: Floats, call: PeakShavingCall, place: int) -> bool:
    if call.take_part is not None:
        return call.take_part
    return bool(columns[lp.first[f"call {place} taken"]] > 0.5)


@dataclass(frozen=True)
class Worth:
    """What a source of earnings is worth [money].

    Parameters
    ----------
    alone
        What the battery saves when this is all that it is used for.
    left_out
        What the battery saves less when everything but this is left.
    """

    alone: float
    left_out: float


def worths(problem: DispatchProblem, services: Services, *, seconds: float = np.inf) -> dict[str, Worth]:
    """What each source is worth: added alone, and left out of the stack.

    The worth of a set of sources is what the battery saves the site under exactly these: without
    ``arbitrage`` every slot has the mean prices, without ``demand`` there is no demand charge. Sources
    share one battery, so their worths do not add up to the whole, which is the entry ``stack``.
    """
    present = [name for name in SOURCES if _has(problem, services, name)]

    def saved(kept: frozenset[str]) -> float:
        site, offered = _only(problem, services, kept)
        open_calls = tuple(replace(call, take_part=None) for call in offered.calls)
        idle = replace(offered, calls=open_calls, regulation=None)
        without = dispatch_services(replace(site, battery=None), idle, seconds=seconds)
        return without.cost - dispatch_services(site, offered, seconds=seconds).cost

    everything = frozenset(present)
    whole = saved(everything)
    found = {name: Worth(saved(frozenset({name})), whole - saved(everything - {name})) for name in present}
    return found | {"stack": Worth(whole, whole)}


#: What a battery earns by, in the order in which it is told.
SOURCES: Final = ("arbitrage", "demand", "firming", "calls", "regulation")


def _has(problem: DispatchProblem, services: Services, name: str) -> bool:
    if name == "arbitrage":
        return True
    if name == "demand":
        return bool(np.any(problem.demand_price > 0))
    return bool(getattr(services, name))


def _only(
    problem: DispatchProblem, services: Services, kept: frozenset[str]
) -> tuple[DispatchProblem, Services]:
    if "arbitrage" not in kept:
        problem = replace(problem, buy=problem.buy.mean(), sell=min(problem.sell.mean(), problem.buy.mean()))
    if "demand" not in kept:
        problem = replace(problem, demand_price=np.zeros_like(problem.demand_price))
    return problem, Services(
        firming=services.firming if "firming" in kept else None,
        calls=services.calls if "calls" in kept else (),
        regulation=services.regulation if "regulation" in kept else None,
    )
