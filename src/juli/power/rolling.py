"""Rolling operation: plan with forecasts, act on what really comes, repeat."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Protocol

import numpy as np

from juli.core.errors import InfeasibleError
from juli.power.chemistry import Chemistry, State
from juli.power.engines import dispatch
from juli.power.forecast import Forecaster
from juli.power.problem import Battery, Dispatch, DispatchProblem, Floats
from juli.power.settlement import battery_power_kw, settle, stored_after_losses

#: Breaking a limit costs so many times the dearest price, where a plan can't keep it.
_LIMIT_PRICE_FACTOR: Final = 100.0
#: Stored energy beyond the plan's horizon is worth a little less than what refilling it would cost.
_MODESTY: Final = 0.999
_TINY_KW: Final = 1e-6
_SERIES: Final = (
    "consumption_kw", "solar_kw", "buy", "sell", "import_limit_kw", "export_limit_kw", "battery_min_kw",
    "battery_max_kw", "stored_min_kwh", "stored_max_kwh", "declared_band_kw", "over_price", "under_price",
)  # fmt: skip


class Store(Protocol):
    """The battery that acts: it gives what it can of what it is told."""

    stored_kwh: float

    def give(self, power_kw: float, slot: int) -> float:
        """Run a slot at a power (discharge positive); answers what was given [kW]."""


class LineStore:
    """A battery that behaves exactly as the line that plans are made with."""

    def __init__(self, battery: Battery, step_hours: float):
        self._battery, self._hours = battery, step_hours
        self.stored_kwh = battery.start_kwh

    def give(self, power_kw: float, slot: int) -> float:
        """Run a slot: what would overfill the store or empty it is not taken, or not given."""
        del slot
        battery, hours = self._battery, self._hours
        kept = float(stored_after_losses(battery, np.array(self.stored_kwh), hours))
        power_kw = min(max(power_kw, -battery.charge_kw), battery.discharge_kw)
        change = -power_kw * hours
        change *= battery.charge_efficiency if change > 0 else 1 / battery.discharge_efficiency
        self.stored_kwh = min(max(kept + change, 0.0), battery.energy_kwh)
        return float(battery_power_kw(battery, np.array(self.stored_kwh - kept), hours))


class PhysicalStore:
    """A battery as its physics has it."""

    def __init__(self, chemistry: Chemistry, state: State, step_hours: float, ambient_celsius: Floats):
        self._chemistry, self._state, self._hours = chemistry, state, step_hours
        self._ambient = ambient_celsius
        self.stored_kwh = chemistry.stored_kwh(state)
        self.auxiliary_kw = np.zeros(len(ambient_celsius))

    def give(self, power_kw: float, slot: int) -> float:
        """Run a slot through the physics."""
        trace = self._chemistry.run(self._state, [power_kw], self._hours, self._ambient[slot])
        self._state = trace.end
        self.stored_kwh = float(trace.stored_kwh[-1])
        self.auxiliary_kw[slot] = trace.auxiliary_kw[0]
        return float(trace.battery_kw[0])


@dataclass(frozen=True, eq=False)
class Rolled:
    """What came of rolling operation.

    Parameters
    ----------
    dispatch
        What really happened, and what it cost. Its price of consumption is zero: nobody asked for it.
    end_missing_kwh, end_missing_cost
        What the store lacks at the end, and what buying it at the mean price would cost; counted in ``cost``.
    import_excess_kwh, export_excess_kwh
        Energy beyond the limits: no battery could have kept them with what was known.
    highest_import_excess_kw
        The most by which the import limit was exceeded [kW].
    plans, softened
        How many plans were made, and how many of them had to give up a limit that they could not keep.
    forecast_error_kw
        Mean absolute error of the net load in the slots that each plan decided.
    """

    dispatch: Dispatch
    end_missing_kwh: float
    end_missing_cost: float
    import_excess_kwh: float
    export_excess_kwh: float
    highest_import_excess_kw: float
    plans: int
    softened: int
    forecast_error_kw: float

    @property
    def cost(self) -> float:
        """What was really paid, the energy missing at the end included [money]."""
        return self.dispatch.cost + self.end_missing_cost

    @property
    def kept_limits(self) -> bool:
        """Whether the limits of the grid were kept throughout."""
        return self.import_excess_kwh + self.export_excess_kwh <= 1e-6


def roll(
    problem: DispatchProblem,
    forecasters: Mapping[str, Forecaster],
    store: Store | None = None,
    *,
    every_slots: int = 1,
    horizon_slots: int = 192,
) -> Rolled:
    """Run a battery through time: plan with forecasts, act on what really comes, repeat.

    Each plan begins with the energy really in store and with the peaks really set in the billing periods.
    Within a plan's slots the battery follows the plan's power, but as a site's controller does:

    - it does not let the import exceed the limit, nor the highest import planned or already set where that
      peak is paid, as long as it has energy;
    - it does not buy what it meant to charge from surplus, nor sell what it meant to use.

    Where no plan keeps all limits, the limits become prices, and what was exceeded is reported.

    Parameters
    ----------
    problem
        The site as it really comes: consumption, solar and prices. It has a battery.
    forecasters
        By name (``consumption_kw``, ``solar_kw``, ``buy``, ``sell``); a series without one is known ahead.
    store
        The battery that acts; None: the line itself.
    every_slots
        Slots from one plan to the next.
    horizon_slots
        How far a plan looks.
    """
    battery = problem.battery
    assert battery is not None
    store = store or LineStore(battery, problem.step_hours)
    run = _Run(problem, battery, forecasters, store, horizon_slots)
    for first in range(0, problem.slots, every_slots):
        run.plan(first, min(first + every_slots, problem.slots))
    return run.account()


class _Run:
    """One run through time; what has happened so far."""

    def __init__(
        self,
        problem: DispatchProblem,
        battery: Battery,
        forecasters: Mapping[str, Forecaster],
        store: Store,
        horizon_slots: int,
    ):
        self._problem, self._battery, self._store = problem, battery, store
        self._forecasters, self._horizon = forecasters, horizon_slots
        self._battery_kw = np.zeros(problem.slots)
        self._stored_kwh = np.full(problem.slots + 1, store.stored_kwh)
        self._peak_kw = problem.demand_free_kw.copy()
        self._plans = self._softened = 0
        self._error_kw = np.zeros(problem.slots)

    def plan(self, first: int, until: int) -> None:
        """Plan from a slot on, and act until another."""
        window = self._window(first)
        plan = self._dispatched(window)
        self._plans += 1
        cap_kw = self._caps(first, window, plan)
        for slot in range(first, until):
            at = slot - first
            power_kw = self._reaction(slot, plan, at, cap_kw[at])
            self._battery_kw[slot] = self._store.give(power_kw, slot)
            self._stored_kwh[slot + 1] = self._store.stored_kwh
            net_kw = self._problem.consumption_kw[slot] - self._problem.solar_kw[slot]
            self._error_kw[slot] = net_kw - window.consumption_kw[at] + window.solar_kw[at]
            period = self._problem.demand_period[slot]
            if period >= 0:
                import_kw = max(net_kw - self._battery_kw[slot], 0.0)
                self._peak_kw[period] = max(self._peak_kw[period], import_kw)

    def _window(self, first: int) -> DispatchProblem:
        """What is planned at a slot: expected series, the energy in store, the peaks set so far."""
        problem, battery = self._problem, self._battery
        until = min(first + self._horizon, problem.slots)
        cut = slice(first, until)
        series: dict[str, Any] = {
            name: np.asarray(forecaster.expect(first, until - first), dtype=np.float64)
            for name, forecaster in self._forecasters.items()
        }
        for name in _SERIES:
            series.setdefault(name, getattr(problem, name)[cut])
        series["solar_kw"] = np.maximum(series["solar_kw"], 0.0)
        numbers, period = np.unique(problem.demand_period[cut], return_inverse=True)
        charged = numbers[numbers >= 0]
        last = until == problem.slots
        refill = max(float(series["buy"].min()), 0.0) / battery.charge_efficiency
        return DispatchProblem(
            step_hours=problem.step_hours,
            **series,
            battery=replace(
                battery,
                start_kwh=min(max(self._store.stored_kwh, 0.0), battery.energy_kwh),
                end_kwh=battery.end_kwh if last else 0.0,
            ),
            declared_kw=None if problem.declared_kw is None else problem.declared_kw[cut],
            demand_price=problem.demand_price[charged],
            demand_free_kw=self._peak_kw[charged],
            demand_period=period - (len(numbers) - len(charged)),
            end_value_per_kwh=problem.end_value_per_kwh if last else _MODESTY * refill,
        )

    def _dispatched(self, window: DispatchProblem) -> Dispatch:
        """The plan; where nothing keeps all limits, one whose limits are prices."""
        for attempt in (window, *_softened(window)):
            try:
                plan = dispatch(attempt)
            except InfeasibleError:
                continue
            self._softened += attempt is not window
            return plan
        # Not even the battery's own bounds leave anything: it rests.
        self._softened += 1
        idle = replace(window, battery=None)
        return settle(
            replace(idle, import_limit_kw=np.full(window.slots, np.inf)),
            np.full(window.slots + 1, self._store.stored_kwh),
            np.zeros(window.slots),
            "rest",
        )

    def _caps(self, first: int, window: DispatchProblem, plan: Dispatch) -> Floats:
        """Import not to be exceeded in each slot of the window: the limit, and peaks planned or set [kW]."""
        period = window.demand_period
        set_kw = np.where(window.demand_price > 0, np.maximum(plan.peak_kw, window.demand_free_kw), np.inf)
        paid = np.append(set_kw, np.inf)[period]  # the last entry stands for slots in no period
        cut = slice(first, first + window.slots)
        caps: Floats = np.minimum(paid, self._problem.import_limit_kw[cut])
        return caps

    def _reaction(self, slot: int, plan: Dispatch, at: int, cap_kw: float) -> float:
        """What the controller tells the battery when the real load and sun show [kW]."""
        problem, battery = self._problem, self._battery
        power = float(plan.battery_kw[at])
        planned_grid = float(plan.grid_kw[at])
        short = float(problem.consumption_kw[slot] - problem.solar_kw[slot])
        if power < 0 and planned_grid <= _TINY_KW:
            power = min(max(power, short), 0.0)  # charge from what surplus there is
        elif power > 0 and planned_grid >= -_TINY_KW and problem.sell[slot] < problem.buy[slot]:
            power = max(min(power, short), 0.0)  # serve what load there is
        power = max(power, short - cap_kw)
        surplus_kw = short - power + problem.export_limit_kw[slot]
        if surplus_kw < 0 and problem.solar_kw[slot] <= 0:
            power += surplus_kw  # a producer that can't curtail: into the battery
        low = max(float(problem.battery_min_kw[slot]), -battery.charge_kw)
        high = min(float(problem.battery_max_kw[slot]), battery.discharge_kw)
        return min(max(power, low), high)

    def account(self) -> Rolled:
        """Add up what happened."""
        problem, battery, hours = self._problem, self._battery, self._problem.step_hours
        helped_kw = self._store.auxiliary_kw if isinstance(self._store, PhysicalStore) else 0.0
        need_kw = problem.consumption_kw - self._battery_kw + helped_kw
        bare = replace(problem, battery=None, consumption_kw=need_kw, end_value_per_kwh=0.0)
        site = settle(bare, np.zeros_like(self._stored_kwh), np.zeros(problem.slots), "rolling")
        before = stored_after_losses(battery, self._stored_kwh[:-1], hours)
        wear_cost = battery.wear_per_kwh * float(np.abs(self._stored_kwh[1:] - before).sum())
        end_value = problem.end_value_per_kwh * float(self._stored_kwh[-1])
        missing = max(battery.end_kwh - float(self._stored_kwh[-1]), 0.0)
        over = np.maximum(need_kw - problem.solar_kw - problem.import_limit_kw, 0.0)
        under = np.maximum(-problem.export_limit_kw - need_kw, 0.0)
        return Rolled(
            dispatch=replace(
                site,
                cost=site.cost + wear_cost - end_value,
                wear_cost=wear_cost,
                end_value=end_value,
                battery_kw=self._battery_kw,
                stored_kwh=self._stored_kwh,
                exact=False,
                bound=-np.inf,
            ),
            end_missing_kwh=missing,
            end_missing_cost=missing / battery.charge_efficiency * max(float(problem.buy.mean()), 0.0),
            import_excess_kwh=float(over.sum() * hours),
            export_excess_kwh=float(under.sum() * hours),
            highest_import_excess_kw=float(over.max()),
            plans=self._plans,
            softened=self._softened,
            forecast_error_kw=float(np.abs(self._error_kw).mean()),
        )


def _softened(window: DispatchProblem) -> list[DispatchProblem]:
    """Plans that give up first the levels, then the limits of the grid, for a price above all others."""
    battery = window.battery
    assert battery is not None
    dear = _LIMIT_PRICE_FACTOR * max(
        float(np.abs(window.buy).max()),
        float(np.abs(window.sell).max()),
        float(window.demand_price.max(initial=0.0)) / window.step_hours,
        1e-3,
    )
    # As near to the level wanted at the end as can be: stored energy is dear up to it, and goes no further.
    most = window.stored_max_kwh.copy()
    most[-1] = min(most[-1], battery.end_kwh) if battery.end_kwh > 0 else most[-1]
    no_floor = replace(
        window,
        stored_min_kwh=np.zeros(window.slots),
        stored_max_kwh=most,
        end_value_per_kwh=dear / _LIMIT_PRICE_FACTOR if battery.end_kwh > 0 else window.end_value_per_kwh,
        battery=replace(battery, end_kwh=0.0),
    )
    unlimited = np.full(window.slots, np.inf)
    if window.declared_kw is not None:
        return [no_floor, replace(no_floor, import_limit_kw=unlimited, export_limit_kw=unlimited)]
    # A declared exchange whose band is what the limits allow: leaving it is what breaking them costs. The
    # limit on export comes last: curtailed solar nearly always keeps it, and it bends the costs.
    high = np.where(np.isfinite(window.import_limit_kw), window.import_limit_kw, 1e9)
    over = np.full(window.slots, dear)
    imports = replace(
        no_floor,
        import_limit_kw=unlimited,
        declared_kw=np.zeros(window.slots),
        declared_band_kw=high,
        over_price=over,
    )
    low = np.where(np.isfinite(window.export_limit_kw), -window.export_limit_kw, -1e9)
    both = replace(
        imports,
        export_limit_kw=unlimited,
        declared_kw=(low + high) / 2,
        declared_band_kw=(high - low) / 2,
        under_price=over,
    )
    return [no_floor, imports, both]
