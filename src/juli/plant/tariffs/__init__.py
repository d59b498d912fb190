"""Tariffs: dated data, and the rules that make prices, demand terms and bills of them."""

from juli.plant.demand_charge import DemandTerms
from juli.plant.tariffs.demand_rules import DemandContract, DemandMode, TwoPart
from juli.plant.tariffs.description import Tariff
from juli.plant.tariffs.months import billing_months, month_labels
from juli.plant.tariffs.peaks import DemandPeriods
from juli.plant.tariffs.price_rules import PeriodName, PricePeriod, Rule
from juli.plant.tariffs.prices import Prices
from juli.plant.tariffs.reading import load_tariff, tariff_names

__all__ = [
    "DemandContract",
    "DemandMode",
    "DemandPeriods",
    "DemandTerms",
    "PeriodName",
    "PricePeriod",
    "Prices",
    "Rule",
    "Tariff",
    "TwoPart",
    "billing_months",
    "load_tariff",
    "month_labels",
    "tariff_names",
]
