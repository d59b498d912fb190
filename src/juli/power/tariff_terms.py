"""A tariff's prices and demand terms, as a dispatch takes them."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from juli.core.errors import DisagreementError, InputError, Problem, Severity
from juli.core.grid import TimeGrid
from juli.core.money import HALF_A_CENT
from juli.plant.tariffs import (
    DemandContract,
    DemandMode,
    DemandPeriods,
    LineKind,
    Tariff,
    TariffBill,
    bill,
)
from juli.plant.tariffs.price_rules import Export
from juli.power.problem import Dispatch, Floats


@dataclass(frozen=True, eq=False)
class TariffTerms:
    """What a tariff makes of a grid.

    Parameters
    ----------
    tariff, contract, grid
        Where it comes from.
    buy, sell
        Shape ``(slots,)`` [money/kWh].
    demand_period
        Shape ``(slots,)``: the billing period of each slot, -1 for none.
    demand_price, demand_free_kw
        Shape ``(periods,)``: what each kW of a period's highest import above ``demand_free_kw`` costs.
    fixed_money
        What the capacity part costs whatever the peak, over all months begun; no plan changes it [money].
    """

    tariff: Tariff
    contract: DemandContract
    grid: TimeGrid
    buy: Floats
    sell: Floats
    demand_period: NDArray[np.int64]
    demand_price: Floats
    demand_free_kw: Floats
    fixed_money: float

    def arguments(self) -> dict[str, Any]:
        """The arguments of a dispatch problem."""
        names = ("buy", "sell", "demand_period", "demand_price", "demand_free_kw")
        return {name: getattr(self, name) for name in names}

    def notes(self) -> list[Problem]:
        """What the dispatch does not see of the tariff."""
        found = []
        unseen = [
            what
            for what, there in (
                ("tiers", bool(self.tariff.tiers)),
                ("a monthly minimum", self.tariff.minimum_money_per_month > 0),
            )
            if there
        ]
        if unseen:
            message = f"{' and '.join(unseen)} can't be planned with"
            found.append(Problem(self.tariff.name, message, "look at 'bill' as well", Severity.WARNING))
        if self.contract.mode is DemandMode.TRANSFORMER_CAPACITY:
            message = "transformer capacity is paid whatever the peak: shaving peaks earns nothing"
            found.append(Problem("demand_mode", message, "compare the other modes", Severity.WARNING))
        return found

    def bill_of(self, answer: Dispatch) -> TariffBill:
        """The bill that the judge of ``juli bill`` writes for a dispatch's grid exchange.

        Raises
        ------
        DisagreementError
            If its energy and export are not the dispatch's, but for the rounding of its lines.
        """
        billed = bill(answer.grid_kw, self.grid, self.tariff, self.contract)
        money = billed.money_of(LineKind.ENERGY) + billed.money_of(LineKind.EXPORT)
        lines = sum(len(month.lines) * (1 + len(self.tariff.component_names)) for month in billed.months)
        if abs(money - answer.energy_cost) > HALF_A_CENT * lines + 1e-9 * abs(money):
            raise DisagreementError(
                f"the dispatch counts {answer.energy_cost:.2f} for energy, the bill {money:.2f}"
            )
        return billed


def selling_at(tariff: Tariff, price: float) -> Tariff:
    """The same tariff with one price for every kWh given to the grid."""
    periods = {name: period.model_copy(update={"sell": None}) for name, period in tariff.periods.items()}
    return tariff.model_copy(update={"sell": Export(price=price), "periods": periods})


def tariff_terms(tariff: Tariff, contract: DemandContract, grid: TimeGrid) -> TariffTerms:
    """Lay a tariff over a grid.

    Raises
    ------
    InputError
        If the tariff isn't in force, the contract doesn't fit it, or two demand charges look at one slot.
    """
    prices = tariff.prices(grid)
    period, price, free_kw, fixed = _demand(tariff, tariff.demand_periods(contract, grid), grid)
    return TariffTerms(
        tariff,
        contract,
        grid,
        prices.buy,
        prices.sell,
        period,
        price,
        free_kw,
        fixed,
    )


def _demand(
    tariff: Tariff, charges: tuple[DemandPeriods, ...], grid: TimeGrid
) -> tuple[NDArray[np.int64], Floats, Floats, float]:
    """Billing periods of all charges, numbered through; their prices, free import, and fixed money."""
    period = np.full(grid.slots, -1, dtype=np.int64)
    prices: list[float] = []
    free_kw: list[float] = []
    fixed = 0.0
    for charge in charges:
        fixed += sum(terms.fixed_money for terms in charge.terms)
        for number, terms in enumerate(charge.terms):
            inside = charge.period == number
            if terms.price == 0 or not inside.any():
                continue
            if np.any(period[inside] >= 0):
                names = ", ".join(each.name for each in charges)
                raise InputError(
                    f"the tariff {tariff.name} has demand charges that look at the same hours ({names}): "
                    "a dispatch knows one charge for each hour -> take the one that matters into a tariff "
                    "of your own; juli bill reckons with all"
                )
            period[inside] = len(prices)
            prices.append(terms.price)
            free_kw.append(terms.free_kw)
    return period, np.array(prices), np.array(free_kw), fixed
