"""What a dispatch is asked for and what it answers: frozen, validated, with units in the names."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from juli.core.errors import InputError, Problem

Floats = NDArray[np.float64]

#: Prices and powers have one value per slot; a scalar holds for all slots.
_SERIES: Final = {
    "consumption_kw": "finite",
    "solar_kw": "finite, not negative",
    "buy": "finite",
    "sell": "finite",
    "import_limit_kw": "not negative",
    "export_limit_kw": "not negative",
    "battery_min_kw": "any",
    "battery_max_kw": "any",
    "stored_min_kwh": "any",
    "stored_max_kwh": "any",
    "declared_kw": "finite",
    "declared_band_kw": "not negative",
    "over_price": "finite, not negative",
    "under_price": "finite, not negative",
}
_MENDS: Final = {
    "any": "give a number",
    "finite": "give a finite number",
    "not negative": "give a number that is not negative (inf: no limit)",
    "finite, not negative": "give a finite number that is not negative",
}


@dataclass(frozen=True)
class Battery:
    """A battery behind the meter, as the linear model that a dispatch plans with.

    Over a slot the stored energy first becomes ``(1 - self_discharge_per_hour) ** step_hours`` of
    itself less ``standing_loss_kw * step_hours``, though not less than nothing; then the slot's charge
    is added or its discharge taken out.

    Parameters
    ----------
    charge_kw, discharge_kw
        The most that the battery takes and gives, on the plant's side of the losses [kW].
    energy_kwh
        The most that it stores [kWh].
    charge_efficiency
        Energy stored per energy taken, in (0, 1].
    discharge_efficiency
        Energy given per energy taken out of the store, in (0, 1].
    self_discharge_per_hour
        Fraction of the stored energy lost in an hour, in [0, 1).
    standing_loss_kw
        Loss from the store that does not depend on the level [kW].
    wear_per_kwh
        Money per kWh of charge or discharge, counted in stored energy.
    start_kwh
        Stored energy before the first slot [kWh].
    end_kwh
        The least stored energy after the last slot [kWh].

    Raises
    ------
    InputError
        If a value makes no sense; every such value is named.

    Examples
    --------
    >>> Battery(100, 100, 200, 0.95, 0.95, start_kwh=250)  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    juli.core.errors.InputError: battery.start_kwh: error: 250.0 kWh lies outside 0 to energy_kwh = 200.0 ...
    """

    charge_kw: float
    discharge_kw: float
    energy_kwh: float
    charge_efficiency: float
    discharge_efficiency: float
    self_discharge_per_hour: float = 0.0
    standing_loss_kw: float = 0.0
    wear_per_kwh: float = 0.0
    start_kwh: float = 0.0
    end_kwh: float = 0.0

    def __post_init__(self) -> None:
        problems = []
        for each in fields(self):
            try:
                object.__setattr__(self, each.name, float(getattr(self, each.name)))
            except (TypeError, ValueError):
                given = getattr(self, each.name)
                problems.append(Problem(f"battery.{each.name}", f"{given!r} is no number", "give a number"))
        if problems:
            raise InputError(problems)
        problems = list(self._problems())
        if problems:
            raise InputError(problems)

    def _problems(self) -> Iterator[Problem]:
        for name in ("charge_kw", "discharge_kw", "energy_kwh", "standing_loss_kw", "wear_per_kwh"):
            value = getattr(self, name)
            if not 0 <= value < np.inf:
                yield Problem(
                    f"battery.{name}", f"{value} is not in [0, inf)", _MENDS["finite, not negative"]
                )
        for name in ("charge_efficiency", "discharge_efficiency"):
            value = getattr(self, name)
            if not 0 < value <= 1:
                yield Problem(f"battery.{name}", f"{value} is not in (0, 1]", "give a fraction, such as 0.95")
        if not 0 <= self.self_discharge_per_hour < 1:
            value = self.self_discharge_per_hour
            yield Problem(
                "battery.self_discharge_per_hour", f"{value} is not in [0, 1)", "give a fraction per hour"
            )
        for name, mend in (("start_kwh", "start inside the bounds"), ("end_kwh", "end inside the bounds")):
            value = getattr(self, name)
            if not 0 <= value <= self.energy_kwh:
                message = f"{value} kWh lies outside 0 to energy_kwh = {self.energy_kwh} kWh"
                yield Problem(f"battery.{name}", message, mend)


@dataclass(frozen=True, init=False, eq=False)
class DispatchProblem:
    """One site, one meter, over equal slots; a battery, none, or several.

    Every series has shape ``(slots,)``; a scalar holds for all slots. Signs are those of
    :mod:`juli.core.units`. Prices are money per kWh where nothing else is said.

    Parameters
    ----------
    step_hours
        Length of a slot [h].
    consumption_kw
        What the site consumes (negative where it is a net producer) [kW].
    solar_kw
        What the solar could give; using less costs nothing [kW].
    buy, sell
        Price of a kWh imported, and paid for a kWh exported; either may be negative.
    battery
        None for a site without one.
    demand_price
        Money per kW of a billing period's highest import above ``demand_free_kw``: one number, or one per
        period in the order of the periods' numbers.
    demand_period
        Shape ``(slots,)``, integers: the billing period of each slot; negative for slots in none.
        None puts all slots in one period.
    demand_free_kw
        Import that costs no demand charge: a peak already set this month, or a contracted demand
        [kW]; one number, or one per period.
    import_limit_kw, export_limit_kw
        The most that the grid gives and takes [kW].
    battery_min_kw, battery_max_kw
        Bounds on ``battery``'s power (discharge positive) beside its own [kW].
    stored_min_kwh, stored_max_kwh
        Bounds on ``battery``'s stored energy at the end of each slot beside its own [kWh].
    declared_kw
        A declared grid exchange; None where there is none. Import above it by more than
        ``declared_band_kw`` costs ``over_price`` per kWh, below it ``under_price`` [kW].
    end_value_per_kwh
        What a kWh is worth that is stored at the end, beside the floor ``battery.end_kwh``.
    more_batteries
        Further batteries behind the same meter. Such a problem goes to HiGHS.

    Raises
    ------
    InputError
        If a series has the wrong length or a value makes no sense; names the slot and the value.
    """

    step_hours: float
    consumption_kw: Floats
    solar_kw: Floats
    buy: Floats
    sell: Floats
    battery: Battery | None
    demand_price: Floats
    demand_period: NDArray[np.int64]
    demand_free_kw: Floats
    import_limit_kw: Floats
    export_limit_kw: Floats
    battery_min_kw: Floats
    battery_max_kw: Floats
    stored_min_kwh: Floats
    stored_max_kwh: Floats
    declared_kw: Floats | None
    declared_band_kw: Floats
    over_price: Floats
    under_price: Floats
    end_value_per_kwh: float
    more_batteries: tuple[Battery, ...]

    def __init__(
        self,
        *,
        step_hours: float,
        consumption_kw: ArrayLike,
        solar_kw: ArrayLike = 0.0,
        buy: ArrayLike,
        sell: ArrayLike,
        battery: Battery | None = None,
        demand_price: ArrayLike = 0.0,
        demand_period: ArrayLike | None = None,
        demand_free_kw: ArrayLike = 0.0,
        import_limit_kw: ArrayLike = np.inf,
        export_limit_kw: ArrayLike = np.inf,
        battery_min_kw: ArrayLike = -np.inf,
        battery_max_kw: ArrayLike = np.inf,
        stored_min_kwh: ArrayLike = 0.0,
        stored_max_kwh: ArrayLike = np.inf,
        declared_kw: ArrayLike | None = None,
        declared_band_kw: ArrayLike = 0.0,
        over_price: ArrayLike = 0.0,
        under_price: ArrayLike = 0.0,
        end_value_per_kwh: float = 0.0,
        more_batteries: Sequence[Battery] = (),
    ):
        given = {name: value for name, value in locals().items() if name not in ("self", "__class__")}
        reader = _Reader(given)
        series = {name: reader.series(name, rule) for name, rule in _SERIES.items()}
        series |= reader.demand()
        scalars = {
            "step_hours": reader.scalar("step_hours", positive=True),
            "end_value_per_kwh": reader.scalar("end_value_per_kwh"),
        }
        if more_batteries and battery is None:
            reader.complain(
                "battery", "is missing, but more_batteries has some", "name the first one battery"
            )
        if reader.problems:
            raise InputError(reader.problems)
        batteries = {"battery": battery, "more_batteries": tuple(more_batteries)}
        for name, value in {**series, **scalars, **batteries}.items():
            object.__setattr__(self, name, value)

    @property
    def slots(self) -> int:
        """How many slots."""
        return len(self.consumption_kw)


@dataclass(frozen=True, eq=False)
class Dispatch:
    """The cheapest way to run the battery, and what it costs. Series have shape ``(slots,)``.

    Parameters
    ----------
    cost
        ``energy_cost + demand_cost + wear_cost + deviation_cost - end_value`` [money].
    energy_cost
        Import at ``buy`` less export at ``sell`` [money].
    demand_cost
        Over all billing periods, ``demand_price`` times the highest import above ``demand_free_kw`` [money].
    wear_cost, deviation_cost, end_value
        Battery wear, penalties against the declared schedule, worth of the energy left [money].
    battery_kw, solar_kw, grid_kw
        Battery (discharge positive), solar used, grid exchange (import positive) [kW].
    stored_kwh
        Shape ``(slots + 1,)``: stored energy before the first slot and after each [kWh].
    peak_kw
        Shape ``(periods,)``: highest import of each billing period, in the order of their numbers [kW].
    price_of_consumption
        What a kWh more consumption in a slot costs [money/kWh]: for any other consumption the least
        cost is at least ``cost + step_hours * price_of_consumption @ (other - consumption_kw)`` (to within
        ``cost - bound``), unless ``convex`` is false.
    engine
        ``"dynamic program"`` or ``"highs"``.
    exact
        Whether the cost is proven least to 1e-6 of the money that moves.
    bound
        A proven lower bound on the cost [money].
    convex
        False where losses at negative prices (or a selling price above the buying price, or a standing loss)
        bend the cost the wrong way: then the price holds near the optimum only.
    segment_steps
        Work of the dynamic program: segments of the value functions that were merged; 0 for HiGHS.
    each_battery_kw, each_stored_kwh
        Shapes ``(batteries, slots)`` and ``(batteries, slots + 1)`` where there are several: power and stored
        energy of ``battery`` and of each of ``more_batteries``; their sums are ``battery_kw`` and
        ``stored_kwh``. None otherwise.
    """

    cost: float
    energy_cost: float
    demand_cost: float
    wear_cost: float
    deviation_cost: float
    end_value: float
    battery_kw: Floats
    stored_kwh: Floats
    solar_kw: Floats
    grid_kw: Floats
    peak_kw: Floats
    price_of_consumption: Floats
    engine: str
    exact: bool
    bound: float
    convex: bool = True
    segment_steps: int = 0
    each_battery_kw: Floats | None = None
    each_stored_kwh: Floats | None = None


class _Reader:
    """Reads a problem's arguments into read-only arrays and collects every problem in them."""

    def __init__(self, given: dict[str, Any]):
        self.given = given
        self.problems: list[Problem] = []
        lengths = {}
        for name in (*_SERIES, "demand_period"):
            if name in given and np.ndim(given[name]) == 1:
                lengths[name] = len(given[name])
        self.slots_of = "consumption_kw" if "consumption_kw" in lengths else next(iter(lengths), "")
        self.slots = lengths.get(self.slots_of, 1)

    def complain(self, place: str, message: str, mend: str) -> None:
        self.problems.append(Problem(place, message, mend))

    def scalar(self, name: str, *, positive: bool = False) -> float:
        try:
            value = float(self.given[name])
        except (TypeError, ValueError):
            self.complain(name, f"{self.given[name]!r} is no number", "give a number")
            return 1.0
        if not np.isfinite(value) or (positive and value <= 0):
            wanted = "positive finite number" if positive else "finite number"
            self.complain(name, f"{value} is no {wanted}", f"give a {wanted}")
        return value

    def series(self, name: str, rule: str) -> Floats | None:
        if self.given[name] is None and name == "declared_kw":
            return None
        try:
            values = np.array(self.given[name], dtype=np.float64)
        except (TypeError, ValueError) as error:
            self.complain(
                name, f"is no series of numbers ({error})", f"give a number or {self.slots} of them"
            )
            return None
        if values.ndim == 0:
            values = np.full(self.slots, values)
        if values.ndim != 1 or len(values) != self.slots or not self.slots:
            shape = f"{len(values)} values" if values.ndim == 1 else f"shape {values.shape}"
            message = f"has {shape}, but {self.slots_of} has {self.slots} slots"
            self.complain(name, message, "give one value per slot, or one number for all")
            return None
        wrong = np.isnan(values)
        if "finite" in rule:
            wrong |= np.isinf(values)
        if "not negative" in rule:
            wrong |= values < 0
        for slot in np.flatnonzero(wrong)[:3]:
            self.complain(f"{name}[{slot}]", f"is {values[slot]} in slot {slot}", _MENDS[rule])
        values.flags.writeable = False
        return values

    def demand(self) -> dict[str, NDArray[Any] | None]:
        """Billing periods as numbers from 0 (-1: none), and a price and a free import for each."""
        period = self.periods()
        count = 0 if period is None else int(period.max(initial=-1)) + 1
        per_period = {name: self.per_period(name, count) for name in ("demand_price", "demand_free_kw")}
        return {"demand_period": period, **per_period}

    def periods(self) -> NDArray[np.int64] | None:
        if self.given["demand_period"] is None:
            period = np.zeros(self.slots, dtype=np.int64)
        else:
            raw = np.asarray(self.given["demand_period"])
            if raw.shape != (self.slots,) or not np.issubdtype(raw.dtype, np.integer):
                message = f"has shape {raw.shape} of {raw.dtype}, but {self.slots_of} has {self.slots} slots"
                self.complain("demand_period", message, "give one whole number per slot")
                return None
            period = np.where(raw < 0, -1, raw).astype(np.int64)
            if period.max() >= self.slots or np.any(np.bincount(period[period >= 0]) == 0):
                numbers = np.unique(period[period >= 0])
                period = np.where(period >= 0, np.searchsorted(numbers, period), -1)
        period.flags.writeable = False
        return period

    def per_period(self, name: str, count: int) -> Floats | None:
        try:
            values = np.array(self.given[name], dtype=np.float64)
        except (TypeError, ValueError) as error:
            self.complain(name, f"is no number ({error})", "give a number, or one per billing period")
            return None
        if values.size == 1 or (values.size and np.all(values == values.flat[0])):
            # One value for all, also where a problem is copied with other periods.
            values = np.full(count, values.flat[0])
        if values.shape != (count,):
            message = f"has {values.size} values, but there are {count} billing periods"
            self.complain(name, message, "give one value per period that has slots, or one number for all")
            return None
        for period in np.flatnonzero(~(np.isfinite(values) & (values >= 0))):
            self.complain(f"{name}[{period}]", f"is {values[period]}", _MENDS["finite, not negative"])
        values.flags.writeable = False
        return values
