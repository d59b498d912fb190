"""The nickel-hydrogen battery: hydrogen under pressure on one side, nickel hydroxide on the other."""

from dataclasses import dataclass, replace
from typing import ClassVar

from juli.power.chemistry import cell
from juli.power.chemistry.electrochemical import Chemistry
from juli.power.chemistry.parameter import Known, parameter
from juli.power.chemistry.state import State

_V, _C, _R = Known.PUBLISHED, Known.CLAIMED, Known.ASSUMED


@dataclass(frozen=True, kw_only=True)
class NickelHydrogen(Chemistry):
    """A stationary nickel-hydrogen battery.

    Its pressure tells its charge; it loses charge in step with its pressure; near full it turns current
    into oxygen and heat; it needs no cooling machine and can't run away thermally. What has to be guarded
    is the hydrogen: the pressure of the vessels and the ventilation of their room.

    Examples
    --------
    >>> battery = NickelHydrogen(energy_kwh=2000, power_kw=500)
    >>> round(battery.full_bar + battery.precharge_bar, 1)
    64.7
    >>> state = battery.step(State(charge=0.5), -400, 1, ambient_celsius=20)
    >>> 0.65 < state.charge < 0.70
    True
    """

    name: ClassVar[str] = "nickel-hydrogen"

    open_circuit_volt: tuple[float, ...] = parameter(
        (1.20, 1.27, 1.29, 1.305, 1.315, 1.325, 1.335, 1.35, 1.37, 1.42, 1.55),
        "V, at equal steps of charge", _R,
        "ends at the published 1.55 V at end of charge [V]; the shape between is assumed",
    )  # fmt: skip
    resistance_volt_hours: float = parameter(
        0.16, "V per rated charge an hour, 25 °C", _R,
        "set so that cycles at C/4 and 15 °C return about 90 % before the converter (maker [C]); older: 85 %",
    )  # fmt: skip
    resistance_activation_j_per_mol: float = parameter(
        12_000.0, "J/mol", _R, "set so that the best efficiency lies at 10-20 °C (NASA TM-106111 [V])"
    )
    hysteresis_volt: float = parameter(0.02, "V", _R, "charge and discharge differ at rest")
    converter_efficiency: float = parameter(0.975, "one way", _R, "inverter and transformer")
    gassing_charge: float = parameter(
        1.045, "charge at which half makes oxygen, 20 °C", _R, "form published [V], number assumed"
    )
    gassing_shift_per_kelvin: float = parameter(0.004, "1/K", _R, "oxygen comes sooner when warm [V]: form")
    gassing_width: float = parameter(0.035, "share of charge", _R, "form published [V], number assumed")
    self_discharge_per_hour: float = parameter(
        0.0015, "of the rated charge, full, 25 °C", _R,
        "in step with the hydrogen pressure [V]: 0.05-0.3 %/h remembered",
    )  # fmt: skip
    self_discharge_activation_j_per_mol: float = parameter(50_000.0, "J/mol", _R, "Arrhenius [V]: form")
    gas_litre_per_ah: float = parameter(
        0.0075, "L/Ah", _R, "chosen for 65 bar when full at 25 °C; gas law 0.4626 bar L/Ah [V]"
    )
    precharge_bar: float = parameter(3.0, "bar, empty, 25 °C", _R, "set when the vessel is closed")
    pressure_limit_bar: float = parameter(83.0, "bar", _V, "1,200 psi fully charged, NASA LLIS-0704")
    zero_drift_bar_per_year: float = parameter(
        0.5, "bar/year", _R,
        "Hubble's batteries drifted by +96 to -37 psi (J. Power Sources 1996 [V]); the sign is chance",
    )  # fmt: skip
    leak_share_per_hour: float = parameter(1e-4, "of the full hydrogen", _R, "a seal that begins to fail")
    ventilation_m3_per_hour: float = parameter(0.02, "m³/h per kWh", _R, "fans of the container")
    hydrogen_limit_share: float = parameter(
        0.01, "of the air", _V, "a quarter of the lower flammability limit of 4 %"
    )
    thermoneutral_volt: float = parameter(
        1.51, "V", _R, "enthalpy of the cell reaction; cells cool on charging until oxygen evolves"
    )
    heat_capacity_kwh_per_k: float = parameter(0.005, "kWh/K", _R, "20 kg of steel and electrodes a kWh")
    heat_loss_kw_per_k: float = parameter(0.001, "kW/K", _R, "free convection around the vessels")
    standby_kw: float = parameter(0.0005, "kW", _R, "ventilation and control; no cooling machine (maker [C])")
    coldest_celsius: float = parameter(-20.0, "°C", _C, "maker: -20…+60 °C; another source: -40…+50 °C")
    hottest_celsius: float = parameter(60.0, "°C", _C, "maker: -20…+60 °C; another source: -40…+50 °C")
    calendar_loss_per_year: float = parameter(
        0.07 / 30, "of the capacity, 25 °C", _R,
        "half of the maker's 14 % in 30 years and 30,000 cycles [C]; the split is assumed",
    )  # fmt: skip
    calendar_activation_j_per_mol: float = parameter(30_000.0, "J/mol", _R, "assumed")
    calendar_exponent: float = parameter(1.0, "of time", _R, "linear")
    cycle_loss: float = parameter(
        0.07 / 30_000, "of the capacity, a full cycle", _R,
        "half of the maker's 14 % in 30,000 cycles [C]; 1,500 cycles without measurable fade (PNAS 2018 [V])",
    )  # fmt: skip
    cycle_depth_exponent: float = parameter(
        1.5, "of the depth", _R,
        "early cells: 38,000 cycles at 35 %, but 1,712-2,638 at 80 % depth (NASA [V]), an exponent of 3.5",
    )  # fmt: skip
    cycle_exponent: float = parameter(1.0, "of the damage", _R, "linear")
    end_of_life_share: float = parameter(0.86, "of the capacity", _C, "maker, 2023, after 30 years")
    growth_per_year: float = parameter(0.002, "of the resistance", _R, "assumed")
    growth_per_cycle: float = parameter(5e-6, "of the resistance, a full cycle", _R, "assumed")
    passing_growth_limit: float = parameter(
        0.3, "of the resistance", _R, "reconditioning restores efficiency (WO2023/086869 [C]); size assumed"
    )
    passing_growth_cycles: float = parameter(1000.0, "full cycles to reach 63 % of it", _R, "assumed")

    def charge_by_gauge(self, bar: float, celsius: float, state: State) -> float:
        """Charge as the pressure gauge tells it, with the zero that the gauge was last set to.

        The true zero drifts, so the reading is off until the battery is reconditioned.
        """
        zero = self.precharge_bar if state.gauge_zero_bar is None else state.gauge_zero_bar
        at_reference = bar * cell.REFERENCE_KELVIN / (celsius + cell.ZERO_CELSIUS)
        reading = (at_reference - zero) / (self.full_bar * self.capacity_share(state))
        return min(max(reading, 0.0), 1.0)

    def without_ventilation(self) -> "NickelHydrogen":
        """The same battery after its fans failed: it may discharge, but not charge."""
        return replace(self, ventilation_m3_per_hour=0.0)
