"""What every chemistry is described by, and what can be asked of it."""

from dataclasses import dataclass, fields, replace
from typing import ClassVar, Final

import numpy as np
from numpy.typing import ArrayLike

from juli.core.errors import InputError, Problem
from juli.power.chemistry import cell
from juli.power.chemistry.cell import CellNumbers
from juli.power.chemistry.state import Floats, State, Trace

#: Hydrogen per charge: one molecule for two electrons [mol/Ah].
HYDROGEN_MOL_PER_AH: Final = 3600 / (2 * 96485.33212)
_GAS_BAR_LITRE: Final = 0.01 * cell.GAS_CONSTANT  # R in bar L/(mol K)
_MOLAR_M3: Final = 0.0245  # one mole of gas at 25 °C and 1 bar


@dataclass(frozen=True, kw_only=True)
class Chemistry:
    """A battery as its physics has it. Everything is per kWh of rated energy where nothing else is said.

    Parameters
    ----------
    energy_kwh
        Rated energy: what a full new battery stores, before the losses of discharging [kWh].
    power_kw
        Rated power, both ways, at the plant's side [kW].

    The other parameters stand in the chemistries, each with its unit, source and how well it is known:
    print :func:`juli.power.chemistry.parameter_table`.

    Raises
    ------
    InputError
        If a number makes no sense; every such number is named.
    """

    name: ClassVar[str]

    energy_kwh: float
    power_kw: float
    open_circuit_volt: tuple[float, ...]
    resistance_volt_hours: float
    resistance_activation_j_per_mol: float
    hysteresis_volt: float
    converter_efficiency: float
    self_discharge_per_hour: float
    self_discharge_activation_j_per_mol: float
    thermoneutral_volt: float
    heat_capacity_kwh_per_k: float
    heat_loss_kw_per_k: float
    standby_kw: float
    coldest_celsius: float
    hottest_celsius: float
    calendar_loss_per_year: float
    calendar_activation_j_per_mol: float
    calendar_exponent: float
    cycle_loss: float
    cycle_depth_exponent: float
    cycle_exponent: float
    end_of_life_share: float
    growth_per_year: float
    growth_per_cycle: float

    # What only some chemistries have: absent unless a chemistry says otherwise.
    coldest_charge_celsius: float = -np.inf
    calendar_charge_slope: float = 0.0
    passing_growth_limit: float = 0.0
    passing_growth_cycles: float = 1.0
    gassing_charge: float = np.inf
    gassing_shift_per_kelvin: float = 0.0
    gassing_width: float = 1.0
    gas_litre_per_ah: float = np.inf
    precharge_bar: float = 0.0
    pressure_limit_bar: float = np.inf
    zero_drift_bar_per_year: float = 0.0
    leak_share_per_hour: float = 0.0
    ventilation_m3_per_hour: float = np.inf
    hydrogen_limit_share: float = 0.01
    cool_above_celsius: float = np.inf
    heat_below_celsius: float = -np.inf
    conditioning_kw: float = 0.0
    conditioning_performance: float = 1.0

    def __post_init__(self) -> None:
        curve = self.open_circuit_volt
        if not (
            isinstance(curve, tuple)
            and len(curve) >= 2
            and all(isinstance(volt, int | float) and 0 < volt < np.inf for volt in curve)
        ):
            message = f"{curve!r} is no curve of at least two positive voltages"
            raise InputError([Problem("open_circuit_volt", message, "give them at equal steps of charge")])
        positive = (
            "energy_kwh", "power_kw", "resistance_volt_hours", "converter_efficiency", "gassing_width",
            "gas_litre_per_ah", "heat_capacity_kwh_per_k", "heat_loss_kw_per_k", "calendar_exponent",
            "cycle_exponent", "passing_growth_cycles", "conditioning_performance",
        )  # fmt: skip
        problems = [
            Problem(name, f"{getattr(self, name)} is not positive", "give a positive number")
            for name in positive
            if not getattr(self, name) > 0
        ]
        if self.converter_efficiency > 1:
            message = f"{self.converter_efficiency} is more than 1"
            problems.append(Problem("converter_efficiency", message, "give a fraction, such as 0.97"))
        if problems:
            raise InputError(problems)

    @property
    def mean_volt(self) -> float:
        """Mean voltage at rest over the charge [V]."""
        return float(np.trapezoid(self.open_circuit_volt, dx=1 / (len(self.open_circuit_volt) - 1)))

    @property
    def full_bar(self) -> float:
        """Pressure that the full charge of the new battery adds at 25 °C [bar]."""
        return HYDROGEN_MOL_PER_AH * _GAS_BAR_LITRE * cell.REFERENCE_KELVIN / self.gas_litre_per_ah

    @property
    def hydrogen_m3(self) -> float:
        """Hydrogen that the full battery holds, at 25 °C and 1 bar [m³]."""
        if np.isinf(self.gas_litre_per_ah):
            return 0.0
        return self.energy_kwh * 1000 / self.mean_volt * HYDROGEN_MOL_PER_AH * _MOLAR_M3

    @property
    def ventilation_needed_m3_per_hour(self) -> float:
        """Fresh air that keeps the full battery's leak below the permitted share of hydrogen [m³/h]."""
        return self.leak_share_per_hour * self.hydrogen_m3 / self.hydrogen_limit_share

    def numbers(self) -> CellNumbers:
        """The parameters as the compiled cell reads them."""
        rated = self.energy_kwh
        shared = {name: getattr(self, name) for name in CellNumbers._fields if name in _OWN}
        return CellNumbers(**shared | {
            "open_circuit_volt": np.array(self.open_circuit_volt),
            "mean_volt": self.mean_volt,
            "resistance_activation_kelvin": self.resistance_activation_j_per_mol / cell.GAS_CONSTANT,
            "self_discharge_activation_kelvin": self.self_discharge_activation_j_per_mol / cell.GAS_CONSTANT,
            "full_bar": self.full_bar,
            "zero_drift_bar_per_hour": self.zero_drift_bar_per_year / cell.HOURS_PER_YEAR,
            "hydrogen_share_when_full": self._hydrogen_share_when_full(),
            "heat_capacity_kwh_per_k": self.heat_capacity_kwh_per_k * rated,
            "heat_loss_kw_per_k": self.heat_loss_kw_per_k * rated,
            "conditioning_kw": self.conditioning_kw * rated,
            "standby_kw": self.standby_kw * rated,
            "calendar_damage_per_hour": self.calendar_loss_per_year ** (1 / self.calendar_exponent)
            / cell.HOURS_PER_YEAR,
            "calendar_activation_kelvin": self.calendar_activation_j_per_mol / cell.GAS_CONSTANT,
            "cycle_damage": self.cycle_loss ** (1 / self.cycle_exponent),
            "growth_per_hour": self.growth_per_year / cell.HOURS_PER_YEAR,
        })  # fmt: skip

    def _hydrogen_share_when_full(self) -> float:
        leak = self.leak_share_per_hour * self.hydrogen_m3
        air = self.ventilation_m3_per_hour * self.energy_kwh
        return 0.0 if leak == 0 else leak / air if air > 0 else np.inf

    def step(self, state: State, power_kw: float, step_hours: float, ambient_celsius: float) -> State:
        """The state after running at a power (discharge positive, plant's side) for a slot."""
        vector = self._vector(state)
        cell.advance(vector, float(power_kw), float(step_hours), float(ambient_celsius), self.numbers())
        return self._state(vector, state)

    def run(self, state: State, power_kw: ArrayLike, step_hours: float, ambient_celsius: ArrayLike) -> Trace:
        """Run a schedule of battery power through the physics.

        Parameters
        ----------
        state
            Where the battery starts.
        power_kw
            Shape ``(slots,)``: what the battery is told to give (charge negative) [kW].
        step_hours
            Length of a slot [h].
        ambient_celsius
            Shape ``(slots,)`` or one number: the air around the battery [°C].
        """
        power = np.ascontiguousarray(power_kw, dtype=np.float64)
        ambient = np.ascontiguousarray(np.broadcast_to(ambient_celsius, power.shape), dtype=np.float64)
        if not (np.isfinite(power).all() and np.isfinite(ambient).all()):
            slot = int(np.flatnonzero(~np.isfinite(power + ambient))[0])
            raise InputError(
                f"slot {slot}: power {power[slot]} kW at {ambient[slot]} °C is no run -> give finite numbers"
            )
        slots = len(power)
        given, helped, heat = np.empty(slots), np.empty(slots), np.empty(slots)
        levels = np.empty((4, slots + 1))
        limit = np.empty(slots, dtype=np.int8)
        vector = self._vector(state)
        cell.advance_all(
            vector, power, float(step_hours), ambient, self.numbers(), given, helped, heat, limit, *levels,
        )  # fmt: skip
        stored, capacity, celsius, bar = levels
        end = self._state(vector, state)
        return Trace(given, helped, heat, limit, stored, capacity, celsius, bar, end)

    def capacity_share(self, state: State) -> float:
        """What ageing has left of the rated charge, in (0, 1]."""
        return float(cell.capacity_share(self._vector(state), self.numbers()))

    def stored_kwh(self, state: State) -> float:
        """Reversible energy in store [kWh]."""
        share = cell.stored_share(state.charge, self.numbers())
        return float(share * self.capacity_share(state) * self.energy_kwh)

    def at_stored(self, state: State, stored_kwh: float) -> State:
        """The same battery at another level of stored energy (held to what it can store)."""
        wanted = stored_kwh / (self.capacity_share(state) * self.energy_kwh)
        charges = np.linspace(0, 1, 1001)
        numbers = self.numbers()
        levels = [cell.stored_share(charge, numbers) for charge in charges]
        return replace(state, charge=float(np.interp(wanted, levels, charges)), turns=())

    def hydrogen_bar(self, state: State) -> float:
        """Hydrogen pressure; 0 for a chemistry without hydrogen [bar]."""
        zero = self.precharge_bar if state.zero_bar is None else state.zero_bar
        share = self.capacity_share(state)
        return float(cell.pressure_bar(state.charge, share, state.celsius, zero, self.full_bar))

    def recondition(self, state: State) -> State:
        """The battery after a full, slow discharge: empty, passing resistance gone, gauge set anew."""
        return replace(state, charge=0.0, passing_growth=0.0, gauge_zero_bar=state.zero_bar, turns=())

    def _vector(self, state: State) -> Floats:
        vector = np.zeros(cell.STATE_LENGTH)
        zero = self.precharge_bar if state.zero_bar is None else state.zero_bar
        vector[: cell.TURNS] = (
            state.charge, state.celsius, state.hours, state.cycles, state.calendar_damage,
            state.cycle_damage, state.lasting_growth, state.passing_growth, zero, len(state.turns),
        )  # fmt: skip
        vector[cell.TURNS : cell.TURNS + len(state.turns)] = state.turns
        return vector

    def _state(self, vector: Floats, before: State) -> State:
        charge, celsius, hours, cycles, calendar, worn, lasting, passing, zero, count = vector[: cell.TURNS]
        return State(
            charge=float(charge),
            celsius=float(celsius),
            hours=float(hours),
            cycles=float(cycles),
            calendar_damage=float(calendar),
            cycle_damage=float(worn),
            lasting_growth=float(lasting),
            passing_growth=float(passing),
            zero_bar=float(zero),
            gauge_zero_bar=before.gauge_zero_bar,
            turns=tuple(vector[cell.TURNS : cell.TURNS + int(count)].tolist()),
        )


_OWN: Final = frozenset(each.name for each in fields(Chemistry))
