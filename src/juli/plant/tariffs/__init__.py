"""Tariffs: dated data, and the rules that make prices, demand terms and bills of them."""

from juli.plant.demand_charge import DemandTerms
from juli.plant.tariffs.bill_document import LineKind, MonthBill, TariffBill, TariffLine
from juli.plant.tariffs.billing import bill
from juli.plant.tariffs.demand_rules import DemandContract, DemandMode, TwoPart
from juli.plant.tariffs.description import Tariff
from juli.plant.tariffs.months import billing_months, month_labels
from juli.plant.tariffs.peaks import DemandPeriods
from juli.plant.tariffs.price_rules import PeriodName, PricePeriod, Rule
from juli.plant.tariffs.prices import Prices
from juli.plant.tariffs.reading import load_tariff, tariff_names
from juli.plant.tariffs.series import SeriesFile, read_series

__all__ = [
    "DemandContract",
    "DemandMode",
    "DemandPeriods",
    "DemandTerms",
    "LineKind",
    "MonthBill",
    "PeriodName",
    "PricePeriod",
    "Prices",
    "Rule",
    "SeriesFile",
    "Tariff",
    "TariffBill",
    "TariffLine",
    "TwoPart",
    "bill",
    "billing_months",
    "load_tariff",
    "month_labels",
    "read_series",
    "tariff_names",
]
