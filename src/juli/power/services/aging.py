"""What years of one schedule leave of a battery: fade by its physics, and what its years are worth."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from juli.core.errors import InputError, Problem
from juli.power.chemistry.linearise import linearise
from juli.power.economics import Economics, Fade, Investment, years_of
from juli.power.file_section import FileSection
from juli.power.problem import Battery, Dispatch, DispatchProblem, Floats
from juli.power.services.operation import Operation, PhysicalBattery, without_battery
from juli.power.services.stacking import Services, dispatch_services

_HOURS_PER_YEAR = 8760.0
ECONOMICS_KEYS = (
    "cost_money", "price_per_kwh", "price_per_kw", "yearly_cost_money", "yearly_cost_share",
    "reconditioning_money", "reconditioning_every_years", "disposal_money", "discount_rate",
    "capacity_loss_per_year", "efficiency_loss_per_year", "reconditioning_restores",
)  # fmt: skip


@dataclass(frozen=True)
class Outlook:
    """What a battery costs, and how it fades where its physics is not given.

    Parameters
    ----------
    investment
        What it costs.
    capacity_loss_per_year, efficiency_loss_per_year, reconditioning_restores
        Fade as :meth:`juli.power.economics.Fade.linear` takes it; a battery with its physics fades by that.
    """

    investment: Investment
    capacity_loss_per_year: float = 0.0
    efficiency_loss_per_year: float = 0.0
    reconditioning_restores: float = 1.0


def read_outlook(section: FileSection, energy_kwh: float, power_kw: float) -> Outlook | None:
    """Read ``economics:``; None, and problems, where it can't be."""
    number = section.number
    if "cost_money" not in section.data and not {"price_per_kwh", "price_per_kw"} & section.data.keys():
        section.complain("", "economics lacks cost_money", "give it, or price_per_kwh and price_per_kw")
        return None
    cost = number("cost_money", least=0.0)
    cost += number("price_per_kwh", least=0.0) * energy_kwh + number("price_per_kw", least=0.0) * power_kw
    try:
        investment = Investment(
            cost_money=cost,
            yearly_cost_money=number("yearly_cost_money") + number("yearly_cost_share") * cost,
            reconditioning_money=number("reconditioning_money", least=0.0),
            reconditioning_every_years=int(number("reconditioning_every_years", least=0.0)),
            disposal_money=number("disposal_money"),
            discount_rate=number("discount_rate", 0.06),
        )
    except InputError as error:
        section.adopt(error)
        return None
    return Outlook(
        investment,
        number("capacity_loss_per_year", least=0.0, most=1.0),
        number("efficiency_loss_per_year", least=0.0, most=1.0),
        number("reconditioning_restores", 1.0, least=0.0, most=1.0),
    )


def fade_of(
    battery: PhysicalBattery,
    battery_kw: Floats,
    step_hours: float,
    years: int,
    reconditioning_every_years: int = 0,
) -> Fade:
    """Repeat a schedule through the physics for years; the middle of each year stands for it.

    Parameters
    ----------
    battery
        The physics, and how it begins.
    battery_kw
        Shape ``(slots,)``: the schedule, repeated until a year is full [kW].
    step_hours
        Length of a slot [h].
    reconditioning_every_years
        At the end of every so many years the battery is reconditioned; 0: never.
    """
    chemistry = battery.chemistry
    repeats = max(round(_HOURS_PER_YEAR / (len(battery_kw) * step_hours) / 2), 1)
    half_year_kw = np.tile(battery_kw, repeats)
    ambient = np.tile(np.broadcast_to(battery.ambient_celsius, battery_kw.shape), repeats)
    state = battery.state
    assert state is not None
    # The temperature that the line was drawn at: the cells', not the air's.
    charge, celsius = state.charge, state.celsius
    new = linearise(chemistry, celsius, state=state, standing_loss=False)
    capacity, efficiency = [], []
    for year in range(1, years + 1):
        state = chemistry.run(state, half_year_kw, step_hours, ambient).end
        aged = linearise(chemistry, celsius, state=state, standing_loss=False)
        capacity.append(min(aged.energy_kwh / new.energy_kwh, 1.0))
        efficiency.append(min(_round_trip(aged) / _round_trip(new), 1.0))
        state = chemistry.run(state, half_year_kw, step_hours, ambient).end
        if reconditioning_every_years and year % reconditioning_every_years == 0:
            state = replace(chemistry.recondition(state), charge=charge)
    return Fade(tuple(capacity), tuple(efficiency))


def _round_trip(battery: Battery) -> float:
    return battery.charge_efficiency * battery.discharge_efficiency


def economics_of(
    operation: Operation,
    outlook: Outlook,
    years: int,
    services: Services | None = None,
    physical: PhysicalBattery | None = None,
) -> tuple[Economics, Fade]:
    """What the battery of an operation comes to over years that are all like its horizon.

    A horizon shorter than a year stands for the year; its demand charges then count in the share of a month
    that it has, so that the year pays twelve. Services pay each year what they pay now.
    """
    problem = operation.problem
    horizons = _HOURS_PER_YEAR / (problem.slots * problem.step_hours)
    periods = int(np.sum(problem.demand_price > 0))
    if abs(horizons - 1) > 0.005 and periods:
        problem = replace(problem, demand_price=problem.demand_price * min(12 / (horizons * periods), 1.0))
    else:
        horizons = 1.0 if abs(horizons - 1) <= 0.005 else horizons
    every = outlook.investment.reconditioning_every_years
    if physical is not None:
        given_kw = (
            operation.followed.trace.battery_kw if operation.followed else operation.dispatch.battery_kw
        )
        fade = fade_of(physical, given_kw, problem.step_hours, years, every)
    else:
        fade = Fade.linear(
            outlook.capacity_loss_per_year,
            outlook.efficiency_loss_per_year,
            years=years,
            reconditioning_every_years=every,
            reconditioning_restores=outlook.reconditioning_restores,
        )
    # The repair's bounds on stored energy are those of a new battery; an aged one has its own.
    if problem.battery is None:
        raise InputError([Problem("battery", "is missing", "give the battery whose worth is asked")])
    problem = replace(problem, stored_max_kwh=np.full(problem.slots, np.inf))
    offered = services if services and (services.calls or services.regulation or services.firming) else None
    dispatched: Any = None
    if offered is not None:
        base = without_battery(problem, offered)
        idle_calls, idle_ramps = (0.0, 0.0) if base is None else (base.call_income, base.ramp_cost)

        def dispatched(each: DispatchProblem) -> tuple[Dispatch, dict[str, float]]:
            stacked = dispatch_services(each, offered)
            return stacked.dispatch, {
                "calls": stacked.call_income - idle_calls,
                "ramps": idle_ramps - stacked.ramp_cost,
                "regulation": stacked.regulation_income,
            }

    found = years_of(
        problem, outlook.investment, fade, years=years, horizons_per_year=horizons, services_of=dispatched
    )
    return found, fade
