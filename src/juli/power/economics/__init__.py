"""What a battery is worth over its life: saving by source, present value, return, payback, cost of storage.

``years_of(problem, Investment(2_000_000), Fade.linear(0.01), years=20)`` answers all of it.
"""

from juli.power.economics.cash_flow import (
    internal_rate_of_return,
    net_present_value,
    payback_years,
)
from juli.power.economics.life import Economics, Fade, Investment, Year, years_of
from juli.power.economics.saving import Saving, saving_by_source
from juli.power.economics.storage_cost import levelised_cost_of_storage

__all__ = [
    "Economics",
    "Fade",
    "Investment",
    "Saving",
    "Year",
    "internal_rate_of_return",
    "levelised_cost_of_storage",
    "net_present_value",
    "payback_years",
    "saving_by_source",
    "years_of",
]
