"""The power-factor table of 水电财字〔83〕215号."""

import pytest

from juli.plant.tariffs.power_factor import adjustment, power_factor


@pytest.mark.parametrize(
    ("standard", "factor", "percent"),
    [
        (0.90, 0.90, 0.0),
        (0.90, 0.91, -0.15),
        (0.90, 0.94, -0.60),
        (0.90, 0.95, -0.75),
        (0.90, 1.00, -0.75),
        (0.90, 0.89, 0.5),
        (0.90, 0.70, 10.0),
        (0.90, 0.69, 11.0),
        (0.90, 0.65, 15.0),
        (0.90, 0.64, 17.0),
        (0.85, 0.85, 0.0),
        (0.85, 0.90, -0.5),
        (0.85, 0.91, -0.65),
        (0.85, 0.94, -1.10),
        (0.85, 0.99, -1.10),
        (0.85, 0.65, 10.0),
        (0.85, 0.60, 15.0),
        (0.85, 0.59, 17.0),
        (0.80, 0.81, -0.1),
        (0.80, 0.90, -1.0),
        (0.80, 0.91, -1.15),
        (0.80, 0.92, -1.3),
        (0.80, 0.98, -1.3),
        (0.80, 0.60, 10.0),
        (0.80, 0.55, 15.0),
        (0.80, 0.54, 17.0),
    ],
)
def test_the_table(standard: float, factor: float, percent: float) -> None:
    assert adjustment(standard, factor) == pytest.approx(percent / 100, abs=1e-9)


@pytest.mark.parametrize("standard", [0.90, 0.85, 0.80])
def test_a_better_power_factor_never_costs_more(standard: float) -> None:
    shares = [adjustment(standard, hundredths / 100) for hundredths in range(101)]
    assert shares == sorted(shares, reverse=True)


def test_the_power_factor_is_taken_to_two_decimals() -> None:
    assert power_factor(100.0, 0.0) == 1.0
    assert power_factor(896.0, 444.1) == 0.90
