"""From a load to its dispatch: what the site's electricity costs at its least."""

import numpy as np
from numpy.typing import NDArray

from juli.plan.result import Dispatch
from juli.plant.demand import Demand
from juli.plant.factory import Plant
from juli.power import Battery, DispatchProblem
from juli.power import Dispatch as PricedDispatch

#: What a battery's power may be off from what it has done already, so that rounding forbids nothing [kW].
_DONE_KW = 1e-6


def dispatch_problem(
    plant: Plant,
    demand: Demand,
    consumption_kw: NDArray[np.float64],
    battery_so_far_kw: NDArray[np.float64] | None = None,
) -> DispatchProblem:
    """Pose the dispatch of a load behind the plant's meter.

    Parameters
    ----------
    plant, demand
        Battery, limits, prices, solar forecast and demand charge.
    consumption_kw
        Shape ``(settlement slots,)`` [kW].
    battery_so_far_kw
        What the battery has done in the first slots, which nothing changes any more [kW].
    """
    done = np.zeros(0) if battery_so_far_kw is None else battery_so_far_kw
    least_kw, most_kw = (np.full(len(consumption_kw), limit) for limit in (-np.inf, np.inf))
    least_kw[: len(done)], most_kw[: len(done)] = done - _DONE_KW, done + _DONE_KW
    battery = None if plant.battery is None else Battery(**plant.battery.model_dump())
    unlimited = np.inf
    return DispatchProblem(
        step_hours=demand.settlement.step_hours,
        consumption_kw=consumption_kw,
        solar_kw=demand.forecast.solar_kw,
        buy=demand.forecast.buy,
        sell=demand.forecast.sell,
        battery=battery,
        battery_min_kw=least_kw,
        battery_max_kw=most_kw,
        demand_price=np.array([terms.price for terms in demand.demand_terms]),
        demand_period=demand.demand_month,
        demand_free_kw=np.array([terms.free_kw for terms in demand.demand_terms]),
        import_limit_kw=unlimited if plant.grid.import_limit_kw is None else plant.grid.import_limit_kw,
        export_limit_kw=unlimited if plant.grid.export_limit_kw is None else plant.grid.export_limit_kw,
    )


def as_planned(priced: PricedDispatch) -> Dispatch:
    """Keep the decisions of a dispatch, and leave its claims about money behind."""
    return Dispatch(priced.grid_kw, priced.solar_kw, priced.battery_kw, priced.stored_kwh)
