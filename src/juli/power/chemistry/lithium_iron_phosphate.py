"""The lithium iron phosphate battery, to hold the nickel-hydrogen battery against on the same site."""

from dataclasses import dataclass
from typing import ClassVar

from juli.power.chemistry.electrochemical import Chemistry
from juli.power.chemistry.parameter import Known, parameter

_V, _R = Known.PUBLISHED, Known.ASSUMED
_NAUMANN_TIME = "Naumann et al. 2018, J. Energy Storage 17, 153 (2.85 Ah Sony cell)"
_NAUMANN_CYCLES = "Naumann et al. 2020, J. Power Sources 451, 227666 (2.85 Ah Sony cell)"


@dataclass(frozen=True, kw_only=True)
class LithiumIronPhosphate(Chemistry):
    """A stationary lithium iron phosphate battery in a conditioned container.

    Its cells can run away thermally, which Juli does not model: the heating and cooling that keep them in
    their range are, with the electricity they take. Ageing is measured on small cells of about 2013; large
    cells of today last longer by their makers' claims.
    """

    name: ClassVar[str] = "lithium iron phosphate"

    open_circuit_volt: tuple[float, ...] = parameter(
        (2.80, 3.18, 3.23, 3.27, 3.285, 3.29, 3.30, 3.325, 3.33, 3.335, 3.45),
        "V, at equal steps of charge", _R, "the known flat curve, read by eye",
    )  # fmt: skip
    resistance_volt_hours: float = parameter(
        0.15, "V per rated charge an hour, 25 °C", _R, "set for about 97 % over a direct-current cycle at C/4"
    )
    resistance_activation_j_per_mol: float = parameter(20_000.0, "J/mol", _R, "assumed")
    hysteresis_volt: float = parameter(0.012, "V", _R, "assumed")
    converter_efficiency: float = parameter(0.975, "one way", _R, "as for nickel-hydrogen")
    self_discharge_per_hour: float = parameter(
        0.02 / 730, "of the rated charge, 25 °C", _R, "about 2 % a month"
    )
    self_discharge_activation_j_per_mol: float = parameter(50_000.0, "J/mol", _R, "assumed")
    thermoneutral_volt: float = parameter(3.27, "V", _R, "its mean voltage: no net heat of reaction")
    heat_capacity_kwh_per_k: float = parameter(0.003, "kWh/K", _R, "10 kg of cells and racks a kWh")
    heat_loss_kw_per_k: float = parameter(0.0002, "kW/K", _R, "an insulated container")
    standby_kw: float = parameter(0.0005, "kW", _R, "control and fire detection")
    cool_above_celsius: float = parameter(28.0, "°C", _R, "set point of the cooling machine")
    heat_below_celsius: float = parameter(15.0, "°C", _R, "set point of the heating")
    conditioning_kw: float = parameter(0.015, "kW of heat moved", _R, "assumed")
    conditioning_performance: float = parameter(2.5, "heat moved per electricity", _R, "heat pump")
    coldest_celsius: float = parameter(-10.0, "°C", _R, "discharging")
    coldest_charge_celsius: float = parameter(0.0, "°C", _R, "below, charging plates lithium")
    hottest_celsius: float = parameter(50.0, "°C", _R, "the management system disconnects")
    calendar_loss_per_year: float = parameter(
        0.0425, "of the capacity, first year, 25 °C, half full", _V, _NAUMANN_TIME
    )
    calendar_activation_j_per_mol: float = parameter(17_126.0, "J/mol", _V, _NAUMANN_TIME)
    calendar_exponent: float = parameter(0.5, "of time", _V, _NAUMANN_TIME)
    calendar_charge_slope: float = parameter(
        1.19, "per unit of charge, around half full", _V, f"line through the cubic of {_NAUMANN_TIME}"
    )
    cycle_loss: float = parameter(0.00152, "of the capacity, first full cycle at C/4", _V, _NAUMANN_CYCLES)
    cycle_depth_exponent: float = parameter(
        1.6, "of the depth", _V, f"fit to 0.2-0.5 of depth of {_NAUMANN_CYCLES}"
    )
    cycle_exponent: float = parameter(0.5, "of the damage", _V, _NAUMANN_CYCLES)
    end_of_life_share: float = parameter(0.7, "of the capacity", _R, "usual in offers")
    growth_per_year: float = parameter(0.0168, "of the resistance, 25 °C, half full", _V, _NAUMANN_TIME)
    growth_per_cycle: float = parameter(2.8e-5, "of the resistance, a full cycle", _R, _NAUMANN_CYCLES)
