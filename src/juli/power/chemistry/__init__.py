"""Physical battery models: what a chemistry does with a schedule, hour by hour and year by year."""

from juli.power.chemistry.electrochemical import Chemistry
from juli.power.chemistry.lithium_iron_phosphate import LithiumIronPhosphate
from juli.power.chemistry.nickel_hydrogen import NickelHydrogen
from juli.power.chemistry.parameter import Known, parameter_table
from juli.power.chemistry.state import Limit, State, Trace

#: The chemistries by the name that files and commands call them.
CHEMISTRIES: dict[str, type[Chemistry]] = {
    "nickel_hydrogen": NickelHydrogen,
    "lithium_iron_phosphate": LithiumIronPhosphate,
}

__all__ = [
    "CHEMISTRIES",
    "Chemistry",
    "Known",
    "Limit",
    "LithiumIronPhosphate",
    "NickelHydrogen",
    "State",
    "Trace",
    "parameter_table",
]
