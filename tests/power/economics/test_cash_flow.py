"""Measures of cash flows, by hand and by the identities that define them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from juli.core.errors import InputError
from juli.power.economics import (
    internal_rate_of_return,
    levelised_cost_of_storage,
    net_present_value,
    payback_years,
)

MONEY = st.floats(1, 1e6)


def test_the_value_is_the_discounted_sum() -> None:
    # numpy-financial's documented example: npv(0.281, [-100, 39, 59, 55, 20]) = -0.0085 (rounded).
    assert net_present_value(0.281, [-100, 39, 59, 55, 20]) == pytest.approx(-0.00847859, abs=1e-7)
    assert net_present_value(0.0, [-100, 39, 59]) == pytest.approx(-2)


def test_the_return_of_published_examples() -> None:
    # The examples of numpy-financial's documentation of irr, rounded there to five digits.
    assert internal_rate_of_return([-100, 39, 59, 55, 20]) == pytest.approx(0.28095, abs=5e-6)
    assert internal_rate_of_return([-100, 0, 0, 74]) == pytest.approx(-0.0955, abs=5e-5)


def test_several_changes_of_sign_may_still_have_one_return() -> None:
    # x = 1 is a root, and the other two are not real: -1 + x - x^2 + x^3 = (x - 1) (x^2 + 1).
    assert internal_rate_of_return([-1, 1, -1, 1]) == pytest.approx(0, abs=1e-9)


def test_there_is_no_return_without_a_change_of_sign() -> None:
    assert internal_rate_of_return([100, 1, 1]) is None
    assert internal_rate_of_return([-100, -1]) is None
    assert internal_rate_of_return([0, 0]) is None


def test_two_returns_are_none() -> None:
    # (x - 1.1) (x - 1.2): both 10 % and 20 %.
    assert internal_rate_of_return([-100, 230, -132]) is None


@given(cost=MONEY, flows=st.lists(MONEY, min_size=1, max_size=40))
def test_at_its_own_return_an_investment_is_worth_nothing(cost: float, flows: list[float]) -> None:
    rate = internal_rate_of_return([-cost, *flows])
    assert rate is not None
    value = net_present_value(rate, [-cost, *flows])
    terms = [flow / (1 + rate) ** year for year, flow in enumerate([cost, *flows])]
    assert abs(value) <= 1e-9 * max(terms)


@given(cost=MONEY, rate=st.floats(-0.5, 3), years=st.integers(1, 30))
def test_the_return_of_one_payment_is_its_rate(cost: float, rate: float, years: int) -> None:
    flows = [-cost, *[0.0] * (years - 1), cost * (1 + rate) ** years]
    assert internal_rate_of_return(flows) == pytest.approx(rate, abs=1e-9)


def test_payback_is_interpolated_and_waits_for_late_outlays() -> None:
    assert payback_years([-100, 30, 30, 30, 30]) == pytest.approx(3 + 10 / 30)
    assert payback_years([-100, 80, 40, -50, 60]) == pytest.approx(3 + 30 / 60)
    assert payback_years([-100, 110], rate=0.1) == pytest.approx(1)
    assert payback_years([-100, 109], rate=0.1) is None
    assert payback_years([0, 5]) == 0


def test_cost_of_storage_by_hand() -> None:
    # 1000 + 21/1.05 + 22.05/1.05^2 = 1040 over 2100/1.05 + 2205/1.05^2 = 4000.
    cost = levelised_cost_of_storage(0.05, 1000, [21, 22.05], [2100, 2205])
    assert cost == pytest.approx(1040 / 4000)
    with_disposal = levelised_cost_of_storage(0.05, 1000, [21, 22.05], [2100, 2205], disposal_money=1.05**3)
    assert with_disposal == pytest.approx(1041 / 4000)
    assert levelised_cost_of_storage(0.05, 1000, [1], [0]) is None


@pytest.mark.parametrize("flows", [[], [1, float("nan")], [[1, 2]]])
def test_flows_must_be_numbers(flows: list[float]) -> None:
    with pytest.raises(InputError, match="flows_money"):
        net_present_value(0.1, flows)


def test_a_rate_must_be_above_minus_one() -> None:
    with pytest.raises(InputError, match=r"rate.*-1.0 is not above -1"):
        net_present_value(-1.0, [1])
