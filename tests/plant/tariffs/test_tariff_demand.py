"""What capacity and peaks cost: the three modes at their boundaries, and charges on some hours."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from juli.core.errors import InputError
from juli.core.grid import TimeGrid
from juli.plant.tariffs import DemandContract, DemandMode, DemandTerms, Tariff, load_tariff

PRICE = 51.2


def cost(terms: DemandTerms, peak_kw: float) -> float:
    return terms.fixed_money + terms.price * max(0.0, peak_kw - terms.free_kw)


def terms_of(tariff: Tariff, grid_from, **contract: object) -> DemandTerms:
    (terms,) = tariff.demand_terms(DemandContract.model_validate(contract), grid_from("2025-07-01", 96))
    return terms


def test_transformer_capacity_costs_the_same_at_any_peak(jiangsu_2025: Tariff, grid_from) -> None:
    terms = terms_of(jiangsu_2025, grid_from, mode="transformer_capacity", capacity_kva=1000)
    assert [cost(terms, peak) for peak in (0.0, 500.0, 1500.0)] == [32_000.0] * 3


@pytest.mark.parametrize(
    ("peak_kw", "expected"),
    [
        (0, 500 * PRICE),
        (500, 500 * PRICE),  # 100 %
        (525, 500 * PRICE),  # 105 %
        (526, 500 * PRICE + 2 * PRICE),
        (600, 500 * PRICE + 75 * 2 * PRICE),
    ],
)
def test_a_contract_costs_itself_to_105_percent_and_double_above(
    jiangsu_2025: Tariff, grid_from, peak_kw: float, expected: float
) -> None:
    terms = terms_of(jiangsu_2025, grid_from, mode="contract_demand", contract_kw=500, capacity_kva=1000)
    assert cost(terms, peak_kw) == pytest.approx(expected)


@pytest.mark.parametrize(("contract_kw", "billed_kw"), [(399, 400), (400, 400), (401, 401), (100, 400)])
def test_a_contract_counts_as_at_least_40_percent_of_the_capacity(
    jiangsu_2025: Tariff, grid_from, contract_kw: float, billed_kw: float
) -> None:
    terms = terms_of(
        jiangsu_2025, grid_from, mode="contract_demand", contract_kw=contract_kw, capacity_kva=1000
    )
    assert terms.fixed_money == pytest.approx(billed_kw * PRICE)
    assert terms.free_kw == pytest.approx(1.05 * billed_kw)


def test_a_measured_maximum_costs_each_kw(jiangsu_2025: Tariff, grid_from) -> None:
    terms = terms_of(jiangsu_2025, grid_from, mode="measured_maximum")
    assert cost(terms, 612.5) == pytest.approx(612.5 * PRICE)


@settings(deadline=None)
@given(
    contract_kw=st.floats(1, 5000),
    capacity_kva=st.floats(1, 5000),
    peak_kw=st.floats(0, 10_000),
)
def test_the_terms_say_the_surcharge_rule_exactly(
    jiangsu_2025: Tariff, contract_kw: float, capacity_kva: float, peak_kw: float
) -> None:
    grid = TimeGrid(datetime(2025, 7, 1, tzinfo=ZoneInfo("Asia/Shanghai")), timedelta(hours=1), 24)
    contract = DemandContract(
        mode=DemandMode.CONTRACT_DEMAND, contract_kw=contract_kw, capacity_kva=capacity_kva
    )
    billed_kw = contract_kw if contract_kw > 0.4 * capacity_kva else 0.4 * capacity_kva
    money = billed_kw * PRICE
    if peak_kw > 1.05 * billed_kw:
        money += 2 * PRICE * (peak_kw - 1.05 * billed_kw)
    assert cost(jiangsu_2025.demand_terms(contract, grid)[0], peak_kw) == pytest.approx(money, rel=1e-12)


def test_every_billing_month_has_its_terms(jiangsu_2025: Tariff, grid_from) -> None:
    grid = grid_from("2025-06-30", 24 * 33, minutes=60)
    terms = jiangsu_2025.demand_terms(DemandContract(mode=DemandMode.MEASURED_MAXIMUM), grid)
    assert [one.month for one in terms] == ["2025-06", "2025-07", "2025-08"]
    assert len(terms) == jiangsu_2025.billing_months(grid).max() + 1


@pytest.mark.parametrize(
    ("contract", "asked"),
    [
        ({"mode": "transformer_capacity"}, "capacity_kva"),
        ({"mode": "contract_demand", "capacity_kva": 500}, "contract_kw"),
        ({}, "transformer_capacity, contract_demand, measured_maximum"),
    ],
)
def test_a_contract_that_lacks_something_is_refused_with_what(
    jiangsu_2025: Tariff, grid_from, contract: dict[str, object], asked: str
) -> None:
    with pytest.raises(InputError, match=asked):
        terms_of(jiangsu_2025, grid_from, **contract)


def test_a_mode_where_there_is_no_capacity_part_is_refused(grid_from) -> None:
    with pytest.raises(InputError, match="no capacity part"):
        terms_of(load_tariff("flat"), grid_from, mode="measured_maximum")
    assert terms_of(load_tariff("flat"), grid_from) == DemandTerms("2025-07", price=0.0)


def test_a_charge_on_some_hours_looks_at_those_hours_only(grid_from) -> None:
    tariff = load_tariff(
        {
            "name": "peaks",
            "demand_charges": [
                {"name": "evening", "price": 10.0, "above_kw": 50, "when": {"hours": "18:00-20:00"}}
            ],
        }
    )
    grid = grid_from("2025-07-31", 48, minutes=60)
    (charge,) = tariff.demand_periods(DemandContract(), grid)
    assert np.flatnonzero(charge.period == 0).tolist() == [18, 19]
    assert np.flatnonzero(charge.period == 1).tolist() == [42, 43]
    assert charge.terms[0] == DemandTerms("2025-07", price=10.0, free_kw=50)
    with pytest.raises(InputError, match=r"more than each month's one peak \(evening\)"):
        tariff.demand_terms(DemandContract(), grid)


def test_a_charge_on_every_hour_is_one_price_on_the_months_peak(grid_from) -> None:
    tariff = load_tariff({"name": "peaks", "demand_charges": [{"name": "demand", "price": 7.016}]})
    terms = tariff.demand_terms(DemandContract(), grid_from("2025-07-31", 48, minutes=60))
    assert terms == (DemandTerms("2025-07", price=7.016), DemandTerms("2025-08", price=7.016))
