"""The compiled cell: charge, temperature, hydrogen pressure and ageing over one slot.

One set of equations serves every chemistry; what a chemistry lacks (hydrogen, oxygen, a heater) has
parameters that switch it off. Per kWh of rated energy the cell is scaled so that a current of 1 fills
the rated charge in an hour.
"""

import math
from typing import Final, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

GAS_CONSTANT: Final = 8.314462618  # J/(mol K)
ZERO_CELSIUS: Final = 273.15  # K
REFERENCE_KELVIN: Final = 298.15
HOURS_PER_YEAR: Final = 8766.0
#: Longer slots are walked in steps no longer than this, so that results do not depend on the slot.
LONGEST_STEP_HOURS: Final = 1 / 12
#: Swings of charge smaller than this are no cycles.
LEAST_CYCLE: Final = 1e-3

# Places in the state vector; turning points of the charge follow from TURNS on.
(
    CHARGE,
    CELSIUS,
    HOURS,
    CYCLES,
    CALENDAR_DAMAGE,
    CYCLE_DAMAGE,
    LASTING_GROWTH,
    PASSING_GROWTH,
    ZERO_BAR,
    TURN_COUNT,
    TURNS,
) = range(11)
MOST_TURNS: Final = 32
STATE_LENGTH: Final = TURNS + MOST_TURNS

# What kept the battery from doing as told; `juli.power.chemistry.state.Limit` names them.
NO_LIMIT, AT_POWER, AT_FULL, AT_EMPTY, AT_PRESSURE, AT_TEMPERATURE, AT_VENTILATION = range(7)


class CellNumbers(NamedTuple):
    """A chemistry's parameters as the compiled code reads them: rated kWh, bar, kelvin, volt, hours."""

    energy_kwh: float
    power_kw: float
    open_circuit_volt: NDArray[np.float64]
    mean_volt: float
    resistance_volt_hours: float
    resistance_activation_kelvin: float
    hysteresis_volt: float
    converter_efficiency: float
    gassing_charge: float
    gassing_shift_per_kelvin: float
    gassing_width: float
    self_discharge_per_hour: float
    self_discharge_activation_kelvin: float
    full_bar: float
    precharge_bar: float
    pressure_limit_bar: float
    zero_drift_bar_per_hour: float
    hydrogen_share_when_full: float
    hydrogen_limit_share: float
    thermoneutral_volt: float
    heat_capacity_kwh_per_k: float
    heat_loss_kw_per_k: float
    cool_above_celsius: float
    heat_below_celsius: float
    conditioning_kw: float
    conditioning_performance: float
    standby_kw: float
    coldest_celsius: float
    coldest_charge_celsius: float
    hottest_celsius: float
    calendar_damage_per_hour: float
    calendar_activation_kelvin: float
    calendar_charge_slope: float
    calendar_exponent: float
    cycle_damage: float
    cycle_depth_exponent: float
    cycle_exponent: float
    growth_per_hour: float
    growth_per_cycle: float
    passing_growth_limit: float
    passing_growth_cycles: float


@njit(cache=True)
def open_circuit_volt(charge: float, numbers: CellNumbers) -> float:
    """Voltage at rest; the parameters give it at equal steps of charge."""
    curve = numbers.open_circuit_volt
    place = min(max(charge, 0.0), 1.0) * (len(curve) - 1)
    left = min(int(place), len(curve) - 2)
    return float(curve[left] + (place - left) * (curve[left + 1] - curve[left]))


@njit(cache=True)
def capacity_share(state: NDArray[np.float64], numbers: CellNumbers) -> float:
    """What ageing has left of the rated charge."""
    calendar = state[CALENDAR_DAMAGE] ** numbers.calendar_exponent
    cycles = state[CYCLE_DAMAGE] ** numbers.cycle_exponent
    return float(max(1.0 - calendar - cycles, 0.05))


@njit(cache=True)
def stored_share(charge: float, numbers: CellNumbers) -> float:
    """Reversible energy above empty as a share of a full battery's: the integral of the voltage at rest."""
    curve = numbers.open_circuit_volt
    last = len(curve) - 1
    place = min(max(charge, 0.0), 1.0) * last
    left = min(int(place), last - 1)
    area = 0.0
    for knot in range(left):
        area += 0.5 * (curve[knot] + curve[knot + 1])
    beyond = place - left
    area += beyond * (curve[left] + 0.5 * beyond * (curve[left + 1] - curve[left]))
    return float(area / last / numbers.mean_volt)


@njit(cache=True)
def pressure_bar(charge: float, capacity: float, celsius: float, zero_bar: float, full_bar: float) -> float:
    """Gas law: the charge's hydrogen in the free volume, above the gas of an empty vessel [bar]."""
    return (zero_bar + full_bar * charge * capacity) * (celsius + ZERO_CELSIUS) / REFERENCE_KELVIN


@njit(cache=True)
def charge_acceptance(charge: float, celsius: float, numbers: CellNumbers) -> float:
    """Share of a charging current that charges; the rest evolves oxygen, the more the fuller and hotter."""
    half = numbers.gassing_charge - numbers.gassing_shift_per_kelvin * (celsius - 20.0)
    return 1.0 / (1.0 + math.exp((charge - half) / numbers.gassing_width))


@njit(cache=True)
def self_discharge_per_hour(
    charge: float, capacity: float, celsius: float, zero_bar: float, numbers: CellNumbers
) -> float:
    """Charge lost an hour as a share of the rated charge: in step with the hydrogen, or with the charge."""
    kelvin = celsius + ZERO_CELSIUS
    rate = numbers.self_discharge_per_hour * math.exp(
        numbers.self_discharge_activation_kelvin * (1.0 / REFERENCE_KELVIN - 1.0 / kelvin)
    )
    if numbers.full_bar == 0.0:
        return rate * charge * capacity
    gas = zero_bar + numbers.full_bar * charge * capacity
    return rate * gas / (numbers.precharge_bar + numbers.full_bar)


@njit(cache=True)
def _current(dc_kw: float, volt: float, resistance: float, numbers: CellNumbers) -> float:
    """The current, in rated charges an hour (discharge positive), at which the cell gives a power."""
    power = dc_kw * numbers.mean_volt / numbers.energy_kwh
    behind = volt - math.copysign(numbers.hysteresis_volt, power)
    # Beyond a quarter of V²/R no current gives the power: the cell gives its most, which is the vertex.
    root = max(behind * behind - 4.0 * resistance * power, 0.0)
    return 2.0 * power / (behind + math.sqrt(root))


@njit(cache=True)
def _close_cycles(state: NDArray[np.float64], numbers: CellNumbers) -> None:
    """Rainflow: count every swing that lies between two wider ones, and forget it."""
    count = int(state[TURN_COUNT])
    while count >= 4:
        last = TURNS + count - 1
        inner = abs(state[last - 1] - state[last - 2])
        if inner > abs(state[last] - state[last - 1]) or inner > abs(state[last - 2] - state[last - 3]):
            break
        state[CYCLE_DAMAGE] += numbers.cycle_damage * inner**numbers.cycle_depth_exponent
        state[last - 2] = state[last]
        count -= 2
    if count == MOST_TURNS:
        first = abs(state[TURNS + 1] - state[TURNS])
        state[CYCLE_DAMAGE] += 0.5 * numbers.cycle_damage * first**numbers.cycle_depth_exponent
        for place in range(TURNS, TURNS + count - 1):
            state[place] = state[place + 1]
        count -= 1
    state[TURN_COUNT] = count


@njit(cache=True)
def _count_cycles(state: NDArray[np.float64], numbers: CellNumbers) -> None:
    """Follow the charge: stretch the swing under way, or begin a new one where it turned."""
    charge = state[CHARGE]
    count = int(state[TURN_COUNT])
    if count == 0:
        state[TURNS] = charge
        state[TURN_COUNT] = 1
        return
    last = TURNS + count - 1
    moved = charge - state[last]
    if count >= 2 and moved * (state[last] - state[last - 1]) > 0.0:
        state[last] = charge
    elif abs(moved) > LEAST_CYCLE:
        state[last + 1] = charge
        state[TURN_COUNT] = count + 1
    else:
        return
    _close_cycles(state, numbers)


@njit(cache=True)
def _age(state: NDArray[np.float64], moved: float, hours: float, aging: float, numbers: CellNumbers) -> None:
    cycles = 0.5 * moved
    state[HOURS] += hours
    state[CYCLES] += cycles
    stress = max(1.0 + numbers.calendar_charge_slope * (state[CHARGE] - 0.5), 0.0)
    state[CALENDAR_DAMAGE] += aging * stress ** (1.0 / numbers.calendar_exponent) * hours
    state[LASTING_GROWTH] += numbers.growth_per_hour * hours + numbers.growth_per_cycle * cycles
    missing = numbers.passing_growth_limit - state[PASSING_GROWTH]
    state[PASSING_GROWTH] += missing * (1.0 - math.exp(-cycles / numbers.passing_growth_cycles))
    state[ZERO_BAR] += numbers.zero_drift_bar_per_hour * hours


@njit(cache=True)
def _warm(
    state: NDArray[np.float64], heat_kw: float, ambient_celsius: float, hours: float, numbers: CellNumbers
) -> float:
    """Move the temperature; returns the energy that heating and cooling take from the plant [kWh]."""
    loss, capacity = numbers.heat_loss_kw_per_k, numbers.heat_capacity_kwh_per_k
    rest = ambient_celsius + heat_kw / loss
    celsius = rest + (state[CELSIUS] - rest) * math.exp(-loss * hours / capacity)
    most = numbers.conditioning_kw * hours
    moved = 0.0
    if celsius > numbers.cool_above_celsius:
        moved = -min((celsius - numbers.cool_above_celsius) * capacity, most)
    elif celsius < numbers.heat_below_celsius:
        moved = min((numbers.heat_below_celsius - celsius) * capacity, most)
    state[CELSIUS] = celsius + moved / capacity
    return numbers.standby_kw * hours + abs(moved) / numbers.conditioning_performance


@njit(cache=True)
def _forbidden(state: NDArray[np.float64], dc_kw: float, capacity: float, numbers: CellNumbers) -> int:
    """The guard that forbids charging or discharging now, if any."""
    celsius = state[CELSIUS]
    coldest = numbers.coldest_charge_celsius if dc_kw < 0.0 else numbers.coldest_celsius
    if not coldest <= celsius <= numbers.hottest_celsius:
        return AT_TEMPERATURE
    if dc_kw < 0.0 and numbers.full_bar > 0.0:
        gas = pressure_bar(state[CHARGE], capacity, celsius, state[ZERO_BAR], numbers.full_bar)
        if gas >= numbers.pressure_limit_bar:
            return AT_PRESSURE
        if numbers.hydrogen_share_when_full * state[CHARGE] > numbers.hydrogen_limit_share:
            return AT_VENTILATION
    return NO_LIMIT


@njit(cache=True)
def advance(
    state: NDArray[np.float64],
    power_kw: float,
    step_hours: float,
    ambient_celsius: float,
    numbers: CellNumbers,
) -> tuple[float, float, float, int]:
    """Run the battery for one slot, changing ``state`` in place.

    Returns
    -------
    Power given at the plant's side (charge negative) [kW], power that fans, heating and cooling took
    [kW], heat set free in cells and converter [kW], and what kept the battery from doing as told.
    """
    steps = max(1, math.ceil(step_hours / LONGEST_STEP_HOURS - 1e-9))
    hours = step_hours / steps
    kelvin = state[CELSIUS] + ZERO_CELSIUS
    warmth = 1.0 / REFERENCE_KELVIN - 1.0 / kelvin
    resistance = (
        numbers.resistance_volt_hours
        * (1.0 + state[LASTING_GROWTH] + state[PASSING_GROWTH])
        * math.exp(-numbers.resistance_activation_kelvin * warmth)
    )
    aging = numbers.calendar_damage_per_hour * math.exp(
        numbers.calendar_activation_kelvin * warmth / numbers.calendar_exponent
    )
    capacity = capacity_share(state, numbers)
    limit = NO_LIMIT
    asked = min(max(power_kw, -numbers.power_kw), numbers.power_kw)
    if asked != power_kw:
        limit = AT_POWER
    one_way = numbers.converter_efficiency if asked > 0.0 else 1.0 / numbers.converter_efficiency
    # Of a zero power nothing can be undone, so no guard speaks.
    asked_dc = asked / one_way
    volts_to_kw = numbers.energy_kwh / numbers.mean_volt
    given = helped = heat = 0.0
    for _ in range(steps):
        charge, celsius = state[CHARGE], state[CELSIUS]
        leak = self_discharge_per_hour(charge, capacity, celsius, state[ZERO_BAR], numbers) * hours
        leak = min(leak, charge * capacity)
        current = useful = volt = 0.0
        share = 1.0
        if asked_dc != 0.0:
            guard = _forbidden(state, asked_dc, capacity, numbers)
            if guard != NO_LIMIT:
                limit = guard
            else:
                # Midpoint: the current at the charge that half the step leads to.
                current = _current(asked_dc, open_circuit_volt(charge, numbers), resistance, numbers)
                middle = charge - 0.5 * current * hours / capacity
                at_rest = open_circuit_volt(middle, numbers)
                current = _current(asked_dc, at_rest, resistance, numbers)
                accepted = charge_acceptance(middle, celsius, numbers) if current < 0.0 else 1.0
                volt = at_rest - current * resistance - math.copysign(numbers.hysteresis_volt, current)
                useful = current * accepted * hours
                room = (1.0 - charge) * capacity + leak if current < 0.0 else charge * capacity - leak
                if abs(useful) > room:
                    share = room / abs(useful)
                    limit = AT_FULL if current < 0.0 else AT_EMPTY
                useful *= share
        dc = current * volt * volts_to_kw * share
        given += dc * one_way
        state[CHARGE] = min(max(charge - (useful + leak) / capacity, 0.0), 1.0)
        # What neither leaves as electricity nor stays as chemical energy is heat.
        chemical = (useful + leak) / hours * numbers.thermoneutral_volt * volts_to_kw
        warming = chemical - dc
        heat += warming + dc * (1.0 - one_way)
        helped += _warm(state, warming, ambient_celsius, hours, numbers)
        _age(state, abs(useful), hours, aging, numbers)
        _count_cycles(state, numbers)
    return given / steps, helped / step_hours, heat / steps, limit


@njit(cache=True)
def advance_all(
    state: NDArray[np.float64],
    power_kw: NDArray[np.float64],
    step_hours: float,
    ambient_celsius: NDArray[np.float64],
    numbers: CellNumbers,
    given: NDArray[np.float64],
    helped: NDArray[np.float64],
    heat: NDArray[np.float64],
    limits: NDArray[np.int8],
    stored_kwh: NDArray[np.float64],
    capacity_kwh: NDArray[np.float64],
    celsius: NDArray[np.float64],
    bar: NDArray[np.float64],
) -> None:
    """Run the battery slot by slot, filling the arrays and changing ``state`` in place."""
    for slot in range(len(power_kw) + 1):
        capacity = capacity_share(state, numbers)
        capacity_kwh[slot] = capacity * numbers.energy_kwh
        stored_kwh[slot] = stored_share(state[CHARGE], numbers) * capacity_kwh[slot]
        celsius[slot] = state[CELSIUS]
        bar[slot] = pressure_bar(state[CHARGE], capacity, state[CELSIUS], state[ZERO_BAR], numbers.full_bar)
        if slot < len(power_kw):
            given[slot], helped[slot], heat[slot], limits[slot] = advance(
                state, power_kw[slot], step_hours, ambient_celsius[slot], numbers
            )
