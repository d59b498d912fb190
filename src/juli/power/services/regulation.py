"""Frequency regulation: sell capacity by the hour, and plan for the energy that the signal moves."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from juli.core.errors import InputError, Problem, Severity
from juli.power.linear_program import Columns
from juli.power.problem import Battery, DispatchProblem, Floats


@dataclass(frozen=True)
class RegulationMarket:
    """Who may sell regulation.

    Parameters
    ----------
    name
        What the rules call themselves.
    least_kw, least_hours
        The smallest storage that takes part alone: power [kW] and energy per power [h].
    least_aggregated_kw
        The smallest site that an aggregator may bring [kW].
    source
        Where this is from and how well it is known.
    """

    name: str
    least_kw: float
    least_hours: float
    least_aggregated_kw: float
    source: str


MARKETS: Final = {
    "jiangsu-2020": RegulationMarket(
        "Jiangsu 2020 trial", 10_000, 2, 5_000, "one source [C]: storage of 10 MW and 2 h, or 5 MW a site"
    ),
    "pjm": RegulationMarket("PJM", 100, 0, 0, "remembered [R]: offers from 0.1 MW on"),
}


@dataclass(frozen=True, eq=False)
class Regulation:
    """An offer of symmetric regulation capacity.

    Parameters
    ----------
    capability_price, performance_price
        Shape ``(hours,)`` or one number: money per MW and hour.
    score
        Performance expected, in [0, 1] with PJM, the index K elsewhere; measure it with
        :mod:`juli.power.services.response`. Under ``least_score`` an hour earns nothing.
    mileage_ratio
        Mileage of the signal over the mileage of the reference signal.
    up_share, down_share
        Energy that the signal takes from, and gives to, the battery, per kW of capacity and hour.
    reserve_hours
        The store must be able to serve the full capacity for so long either way [h].
    most_kw
        The most that is offered [kW].
    least_score
        See ``score``.
    market
        The rules of a place, a key of ``MARKETS``; None: none are checked.
    through_aggregator
        Whether an aggregator brings the site.
    """

    capability_price: Floats | float
    performance_price: Floats | float = 0.0
    score: float = 1.0
    mileage_ratio: float = 1.0
    up_share: float = 0.1
    down_share: float = 0.1
    reserve_hours: float = 0.25
    most_kw: float = np.inf
    least_score: float = 0.25
    market: str | None = None
    through_aggregator: bool = False

    def __post_init__(self) -> None:
        if self.market is not None and self.market not in MARKETS:
            raise InputError(f"regulation.market: {self.market!r} is unknown -> one of {', '.join(MARKETS)}")
        for name in ("score", "mileage_ratio", "up_share", "down_share", "reserve_hours", "most_kw"):
            if not getattr(self, name) >= 0:
                raise InputError(
                    f"regulation.{name}: {getattr(self, name)} is negative -> give a number from 0 on"
                )


def admission(regulation: Regulation, battery: Battery) -> Problem | None:
    """Whether the rules let the battery take part; None: they do.

    An error bars it; a warning says what the aggregator has to settle.
    """
    if regulation.market is None:
        return None
    rules = MARKETS[regulation.market]
    power_kw = min(battery.charge_kw, battery.discharge_kw)
    hours = battery.energy_kwh / power_kw if power_kw > 0 else 0.0
    alone = power_kw >= rules.least_kw and hours >= rules.least_hours
    if alone or (regulation.through_aggregator and power_kw >= rules.least_aggregated_kw):
        return None
    message = (
        f"{rules.name} takes storage of {rules.least_kw:,.0f} kW and {rules.least_hours:g} h; "
        f"this battery has {power_kw:,.0f} kW and {hours:.1f} h"
    )
    if not regulation.through_aggregator:
        mend = "this site takes part only through an aggregator: set through_aggregator"
        return Problem("regulation", f"{message} ({rules.source})", mend)
    return Problem(
        "regulation",
        f"{message}, and an aggregator's site {rules.least_aggregated_kw:,.0f} kW ({rules.source})",
        "ask the aggregator whether several smaller sites count as one",
        Severity.WARNING,
    )


def hourly_price(regulation: Regulation, hours: int) -> Floats:
    """What a kW earns in each hour: score · (capability + mileage ratio · performance)."""
    if regulation.score < regulation.least_score:
        return np.zeros(hours)
    per_mw = np.asarray(regulation.capability_price) + regulation.mileage_ratio * np.asarray(
        regulation.performance_price
    )
    if per_mw.ndim and len(per_mw) != hours:
        raise InputError(
            f"regulation: {len(per_mw)} prices for {hours} hours -> give one per hour, or one number"
        )
    price: Floats = np.broadcast_to(regulation.score * per_mw / 1000, (hours,)).astype(np.float64)
    return price


def hour_of_slot(problem: DispatchProblem) -> NDArray[np.int64]:
    """The hour that each slot belongs to, counted from the first slot."""
    per_hour = round(1 / problem.step_hours)
    if per_hour < 1 or abs(per_hour * problem.step_hours - 1) > 1e-9:
        raise InputError(
            f"regulation: slots of {problem.step_hours} h do not divide the hour -> plan with 1 h or a part"
        )
    return np.arange(problem.slots) // per_hour


def regulation_income(regulation: Regulation, capacity_kw: Floats, problem: DispatchProblem) -> float:
    """What the capacity sold in each hour earns [money]; a last hour that is cut short earns its part."""
    hour = hour_of_slot(problem)
    return float(problem.step_hours * (hourly_price(regulation, len(capacity_kw)) * capacity_kw)[hour].sum())


def drift_per_hour(regulation: Regulation, battery: Battery) -> float:
    """How fast the signal fills the store, in kWh per kW of capacity and hour (QuESt's energy balance)."""
    filled = battery.charge_efficiency * regulation.down_share
    return filled - regulation.up_share / battery.discharge_efficiency


def wear_per_kw(regulation: Regulation, battery: Battery) -> float:
    """Wear of following the signal, in money per kW of capacity and hour."""
    filled = battery.charge_efficiency * regulation.down_share
    return battery.wear_per_kwh * (filled + regulation.up_share / battery.discharge_efficiency)


def sell_regulation(lp: Columns, problem: DispatchProblem, regulation: Regulation) -> None:
    """Let the program sell capacity: less power and stored energy are left for the rest."""
    battery = problem.battery
    if battery is None:
        return
    barred = admission(regulation, battery)
    if barred is not None and barred.severity is Severity.ERROR:
        raise InputError([barred])
    hour, hours = hour_of_slot(problem), problem.step_hours
    count = int(hour[-1]) + 1
    most = min(regulation.most_kw, battery.charge_kw, battery.discharge_kw)
    length = np.bincount(hour) * hours
    cost = (wear_per_kw(regulation, battery) - hourly_price(regulation, count)) * length
    lp.add("regulation", 0, most, cost, count)
    at = np.arange(problem.slots)
    capacity = lp.at("regulation", hour)
    charge_kw = np.minimum(battery.charge_kw, -problem.battery_min_kw).clip(0)
    discharge_kw = np.minimum(battery.discharge_kw, problem.battery_max_kw).clip(0)
    lp.row(-np.inf, charge_kw, (lp.at("charge", at), 1.0), (capacity, 1.0))
    lp.row(-np.inf, discharge_kw, (lp.at("discharge", at), 1.0), (capacity, 1.0))
    up = regulation.reserve_hours / battery.discharge_efficiency
    down = regulation.reserve_hours * battery.charge_efficiency
    before = np.where(at > 0, lp.at("stored", at - 1), -1)
    held = np.where(at == 0, battery.start_kwh, 0.0)
    for level, given in ((lp.at("stored", at), 0.0), (before, held)):
        lp.row(-given, np.inf, (level, 1.0), (capacity, -up))
        lp.row(-np.inf, battery.energy_kwh - given, (level, 1.0), (capacity, down))
    # The rows of stored energy are the program's first; those of the balance are marked.
    filled = np.full(problem.slots, -hours * drift_per_hour(regulation, battery))
    lp.entries.append((at, capacity, filled))
    given_kw = np.full(problem.slots, regulation.up_share - regulation.down_share)
    lp.entries.append((lp.first["balance"] + at, capacity, given_kw))
