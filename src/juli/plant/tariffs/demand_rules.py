"""What a tariff charges for capacity and for the highest import of a billing month."""

from enum import StrEnum
from typing import Any

from pydantic import Field, model_validator

from juli.core.errors import InputError
from juli.plant.demand_charge import DemandTerms
from juli.plant.model import Description, NonNegative, Positive
from juli.plant.tariffs.windows import Window


class DemandMode(StrEnum):
    """The three ways to pay the capacity part of a Chinese two-part tariff; the customer chooses."""

    TRANSFORMER_CAPACITY = "transformer_capacity"
    CONTRACT_DEMAND = "contract_demand"
    MEASURED_MAXIMUM = "measured_maximum"

    @classmethod
    def _missing_(cls, value: object) -> "DemandMode | None":
        # The notices themselves call the third one 实际最大需量, maximum demand.
        return cls.MEASURED_MAXIMUM if value == "maximum_demand" else None


class DemandContract(Description):
    """What a site agreed with its grid company.

    Parameters
    ----------
    mode
        How the capacity part is paid; None where the tariff has none.
    contract_kw
        The contracted demand, for ``contract_demand`` [kW].
    capacity_kva
        Capacity of the site's transformers and high-voltage motors [kVA].
    """

    mode: DemandMode | None = None
    contract_kw: Positive | None = None
    capacity_kva: Positive | None = None


class LoadFactorDiscount(Description):
    """A lower demand price for sites that use their transformers well."""

    kwh_per_kva: Positive = Field(description="import of the month per kVA from which it holds")
    factor: NonNegative = Field(description="of the demand price that is then paid")


class TwoPart(Description):
    """The capacity part of a Chinese two-part tariff.

    The rules are those of 发改办价格〔2016〕1583号: a contracted demand counts as at least 40 % of the
    capacity; up to 105 % of the contract no more is due than the contract; the excess costs double.
    """

    capacity_price: NonNegative = Field(description="[money/kVA·month]")
    demand_price: NonNegative = Field(description="[money/kW·month]")
    contract_floor: NonNegative = Field(0.4, description="least contract, as a share of the capacity")
    surcharge_above: float = Field(1.05, ge=1, description="share of the contract that costs no more")
    surcharge_factor: NonNegative = Field(2.0, description="times the demand price, for the excess")
    discount: LoadFactorDiscount | None = None

    def terms(self, contract: DemandContract, month: str) -> DemandTerms:
        """The charge of one billing month, in the mode that the contract names.

        Raises
        ------
        InputError
            If the contract lacks what its mode is reckoned with.
        """
        assert contract.mode is not None
        return _TERMS_OF_MODE[contract.mode](self, contract, month)


def transformer_capacity_terms(rules: TwoPart, contract: DemandContract, month: str) -> DemandTerms:
    """Each kVA costs the capacity price, whatever the peak."""
    capacity_kva = _required(contract.capacity_kva, "capacity_kva", DemandMode.TRANSFORMER_CAPACITY)
    return DemandTerms(month, price=0.0, fixed_money=rules.capacity_price * capacity_kva)


def contract_demand_terms(rules: TwoPart, contract: DemandContract, month: str) -> DemandTerms:
    """The contract (at least the floor) costs the demand price; what is above 105 % of it costs double.

    ``price * max(0, peak - free_kw)`` says this exactly: the kW between 100 and 105 % cost nothing.
    """
    billed_kw = billed_contract_kw(rules, contract)
    return DemandTerms(
        month,
        price=rules.surcharge_factor * rules.demand_price,
        free_kw=rules.surcharge_above * billed_kw,
        fixed_money=rules.demand_price * billed_kw,
    )


def measured_maximum_terms(rules: TwoPart, contract: DemandContract, month: str) -> DemandTerms:
    """Each kW of the month's highest import costs the demand price."""
    del contract
    return DemandTerms(month, price=rules.demand_price)


def billed_contract_kw(rules: TwoPart, contract: DemandContract) -> float:
    """The contracted demand, but at least the floor's share of the capacity [kW]."""
    contract_kw = _required(contract.contract_kw, "contract_kw", DemandMode.CONTRACT_DEMAND)
    return max(contract_kw, rules.contract_floor * (contract.capacity_kva or 0.0))


_TERMS_OF_MODE = {
    DemandMode.TRANSFORMER_CAPACITY: transformer_capacity_terms,
    DemandMode.CONTRACT_DEMAND: contract_demand_terms,
    DemandMode.MEASURED_MAXIMUM: measured_maximum_terms,
}


def _required(value: float | None, key: str, mode: DemandMode) -> float:
    if value is None:
        raise InputError(f"the demand mode {mode} is reckoned with {key}: give it")
    return value


class DemandCharge(Description):
    """A price on the highest import within some hours of each billing month, as US tariffs have it."""

    name: str
    price: float = Field(description="[money/kW·month]")
    above_kw: NonNegative = Field(0.0, description="import that costs nothing")
    when: tuple[Window, ...] = Field((Window(),), min_length=1, description="any of these windows")

    @model_validator(mode="before")
    @classmethod
    def _one_window(cls, value: Any) -> Any:
        if isinstance(value, dict) and isinstance(value.get("when"), dict):
            return {**value, "when": (value["when"],)}
        return value
