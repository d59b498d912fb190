"""Renewable firming: keep to a declared schedule, and do not change the grid exchange too fast."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from juli.core.errors import InputError
from juli.power.linear_program import Columns
from juli.power.problem import Dispatch, DispatchProblem, Floats


@dataclass(frozen=True, eq=False)
class Firming:
    """A site that declared its grid exchange and pays for leaving it.

    Parameters
    ----------
    declared_kw
        Shape ``(slots,)`` or one number: the exchange declared [kW] (import positive); None: only ramps.
    dead_band_kw
        Deviation that costs nothing [kW].
    over_price, under_price
        Money per kWh of import above the band and below it (export above what was declared).
    ramp_kw_per_hour
        The exchange may change by so much an hour from one slot to the next; inf: no limit.
    ramp_price_per_kw
        Money per kW of a change beyond the limit; inf: the limit must be kept.
    before_kw
        The exchange in the slot before the first; None: the first slot may be anything.
    """

    declared_kw: Floats | float | None = None
    dead_band_kw: Floats | float = 0.0
    over_price: Floats | float = 0.0
    under_price: Floats | float = 0.0
    ramp_kw_per_hour: float = np.inf
    ramp_price_per_kw: float = np.inf
    before_kw: float | None = None

    def __post_init__(self) -> None:
        for name in ("ramp_kw_per_hour", "ramp_price_per_kw"):
            if not getattr(self, name) >= 0:
                raise InputError(
                    f"firming.{name}: {getattr(self, name)} is negative -> give a number from 0 on"
                )


def declare(plan: Dispatch, dead_band_kw: float, price: float, **ramp: float) -> Firming:
    """Declare a plan's grid exchange, with one price for leaving it either way."""
    return Firming(plan.grid_kw, dead_band_kw, price, price, **ramp)


def with_declaration(problem: DispatchProblem, firming: Firming) -> DispatchProblem:
    """The same site with its declared schedule: the engines price the deviation themselves."""
    if firming.declared_kw is None:
        return problem
    return replace(
        problem,
        declared_kw=np.asarray(firming.declared_kw),
        declared_band_kw=np.asarray(firming.dead_band_kw),
        over_price=np.asarray(firming.over_price),
        under_price=np.asarray(firming.under_price),
    )


def ramp_excess_kw(firming: Firming, grid_kw: Floats, step_hours: float) -> Floats:
    """How far each slot's change of the grid exchange is beyond the limit; shape ``(slots,)`` [kW]."""
    before = grid_kw[0] if firming.before_kw is None else firming.before_kw
    change = np.abs(np.diff(grid_kw, prepend=before))
    excess: Floats = np.maximum(change - firming.ramp_kw_per_hour * step_hours, 0.0)
    return excess


def ramp_penalty(firming: Firming, grid_kw: Floats, step_hours: float) -> float:
    """What the changes beyond the ramp limit cost [money]; 0 where the limit must be kept."""
    if np.isinf(firming.ramp_price_per_kw):
        return 0.0
    return float(firming.ramp_price_per_kw * ramp_excess_kw(firming, grid_kw, step_hours).sum())


def limit_ramps(lp: Columns, problem: DispatchProblem, firming: Firming) -> None:
    """Bind the grid exchange of each slot to the one before."""
    if np.isinf(firming.ramp_kw_per_hour):
        return
    most = firming.ramp_kw_per_hour * problem.step_hours
    later = np.arange(0 if firming.before_kw is not None else 1, problem.slots)
    held = np.where(later == 0, firming.before_kw or 0.0, 0.0)
    soft = np.isfinite(firming.ramp_price_per_kw)
    lp.add("ramp", 0, np.inf if soft else 0.0, firming.ramp_price_per_kw if soft else 0.0, len(later))
    slack = lp.at("ramp", np.arange(len(later)))

    def before(block: str) -> NDArray[np.int64]:
        return np.where(later > 0, lp.at(block, later - 1), -1)

    change = (
        (lp.at("grid_in", later), 1.0),
        (lp.at("grid_out", later), -1.0),
        (before("grid_in"), -1.0),
        (before("grid_out"), 1.0),
    )
    lp.row(-np.inf, held + most, *change, (slack, -1.0))
    lp.row(held - most, np.inf, *change, (slack, 1.0))
