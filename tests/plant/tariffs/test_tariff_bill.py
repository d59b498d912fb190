"""Bills: lines checked by hand or against a plain sum, sums that add up, warnings that name the month."""

from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from juli.core.errors import InputError
from juli.core.grid import TimeGrid
from juli.plant.tariffs import (
    DemandContract,
    DemandMode,
    LineKind,
    Tariff,
    TariffBill,
    bill,
    load_tariff,
    read_series,
)

MEASURED = DemandContract(mode=DemandMode.MEASURED_MAXIMUM)


def lines_of(billed: TariffBill, kind: LineKind) -> list[tuple[str, float, float, float]]:
    return [
        (line.name, line.quantity, line.price, line.money)
        for month in billed.months
        for line in month.lines
        if line.kind is kind
    ]


def test_a_constant_load_pays_each_period_by_its_hours(jiangsu_2025: Tariff, grid_from) -> None:
    july = grid_from("2025-07-01", 31 * 96)
    billed = bill(np.full(july.slots, 100.0), july, jiangsu_2025, MEASURED)
    (month,) = billed.months
    assert [(line.name, line.quantity, line.price, line.money) for line in month.lines] == [
        ("sharp", 31 * 300.0, 1.1604, 10791.72),
        ("peak", 31 * 500.0, 1.002, 15531.0),
        ("flat", 31 * 800.0, 0.65, 16120.0),
        ("valley", 31 * 800.0, 0.364, 9027.2),
        ("measured maximum demand", 100.0, 51.2, 5120.0),
    ]
    assert month.lines[0].prices == pytest.approx(
        {"purchase": 0.9504, "network": 0.1357, "losses": 0.017, "system": 0.028, "funds": 0.0293}
    )
    assert (month.month, month.import_kwh, month.peak_kw) == ("2025-07", 74_400.0, 100.0)
    assert month.money == billed.money == 56589.92
    assert billed.warnings == ()


@pytest.mark.parametrize(
    ("peak_kw", "lines"),
    [
        (520.0, [("contracted demand", 500.0, 51.2, 25_600.0)]),
        (525.0, [("contracted demand", 500.0, 51.2, 25_600.0)]),
        (
            535.0,
            [("contracted demand", 500.0, 51.2, 25_600.0), ("demand above 525 kW", 10.0, 102.4, 1024.0)],
        ),
    ],
)
def test_a_contract_shows_itself_and_what_is_above_105_percent(
    jiangsu_2025: Tariff, grid_from, peak_kw: float, lines: list[tuple[str, float, float, float]]
) -> None:
    june = grid_from("2025-06-01", 30 * 96)
    load = np.full(june.slots, 10.0)
    load[1000] = peak_kw
    contract = DemandContract(mode=DemandMode.CONTRACT_DEMAND, contract_kw=500, capacity_kva=1000)
    assert lines_of(bill(load, june, jiangsu_2025, contract), LineKind.DEMAND) == lines


def test_a_month_of_260_kwh_per_kva_pays_nine_tenths_of_the_demand_price(
    jiangsu_2025: Tariff, grid_from
) -> None:
    june = grid_from("2025-06-01", 30 * 96)
    contract = DemandContract(mode=DemandMode.MEASURED_MAXIMUM, capacity_kva=100)
    below = bill(np.full(june.slots, 259.9 * 100 / 720), june, jiangsu_2025, contract)
    reached = bill(np.full(june.slots, 260.1 * 100 / 720), june, jiangsu_2025, contract)
    assert len(lines_of(below, LineKind.DEMAND)) == 1
    full, discount = lines_of(reached, LineKind.DEMAND)
    assert discount[2] == -0.1
    assert reached.money_of(LineKind.DEMAND) == pytest.approx(0.9 * full[3], abs=0.01)
    by_capacity = DemandContract(mode=DemandMode.TRANSFORMER_CAPACITY, capacity_kva=100)
    assert lines_of(bill(np.full(june.slots, 90.0), june, jiangsu_2025, by_capacity), LineKind.DEMAND) == [
        ("transformer capacity", 100.0, 32.0, 3200.0)
    ]


def test_the_demand_is_a_quarter_hours_mean_whatever_the_step(jiangsu_2025: Tariff, grid_from) -> None:
    minutes = grid_from("2025-06-01", 30 * 1440, minutes=1)
    load = np.full(minutes.slots, 10.0)
    load[7:22] = 100.0  # eight minutes of one quarter-hour and seven of the next
    billed = bill(load, minutes, jiangsu_2025, MEASURED)
    assert billed.months[0].peak_kw == pytest.approx((8 * 100 + 7 * 10) / 15)
    shifted = grid_from("2025-06-01T00:07", 15, minutes=1)
    assert bill(np.full(15, 60.0), shifted, jiangsu_2025, MEASURED).months[0].peak_kw == 60.0


def test_export_earns_and_does_not_offset_the_demand(grid_from) -> None:
    tariff = load_tariff({"use": "jiangsu-2025-06-two-part-1-10kv", "sell": 0.391})
    june = grid_from("2025-06-01", 30 * 96)
    load = np.full(june.slots, 10.0)
    load[40:44] = -200.0
    billed = bill(load, june, tariff, MEASURED)
    assert lines_of(billed, LineKind.EXPORT) == [("flat", 200.0, -0.391, -78.2)]
    assert billed.months[0].peak_kw == 10.0
    assert billed.months[0].import_kwh == pytest.approx((june.slots - 4) * 2.5)


def test_a_poor_power_factor_adds_to_all_but_the_funds(jiangsu_2025: Tariff, grid_from) -> None:
    june = grid_from("2025-06-01", 30 * 96)
    active = np.full(june.slots, 100.0)
    reactive = np.where(np.arange(june.slots) % 2, 1.0, -1.0) * 100 * np.tan(np.arccos(0.86))
    without = bill(active, june, jiangsu_2025, MEASURED)
    billed = bill(active, june, jiangsu_2025, MEASURED, reactive)
    funds = sum(line.moneys.get("funds", 0.0) for line in without.months[0].lines)
    assert billed.months[0].power_factor == 0.86
    ((name, quantity, share, money),) = lines_of(billed, LineKind.POWER_FACTOR)
    assert name == "power factor 0.86, standard 0.90"
    assert quantity == pytest.approx(without.money - funds)
    assert share == 0.02
    assert billed.money == pytest.approx(without.money + money)
    assert money == pytest.approx(0.02 * (without.money - funds), abs=0.005)


def test_reactive_power_where_no_rule_adjusts_for_it_is_refused(grid_from) -> None:
    with pytest.raises(InputError, match="flat has no power-factor adjustment"):
        bill(np.ones(4), grid_from("2025-06-01", 4), load_tariff("flat"), reactive_kvar=np.ones(4))


LADDER = {
    "name": "ladder",
    "components": {"energy": 0.5283},
    "tiers": {
        "ladder": {
            "every": "year",
            "steps": [{"above_kwh": 2760, "add": 0.05}, {"above_kwh": 4800, "add": 0.30}],
        }
    },
}


def test_yearly_tiers_fill_up_month_by_month(grid_from) -> None:
    year = grid_from("2025-01-01", 365 * 24, minutes=60)
    billed = bill(np.full(year.slots, 1.0), year, load_tariff(LADDER))
    tiers = {
        (month.month, line.name): line.quantity
        for month in billed.months
        for line in month.lines
        if line.kind is LineKind.TIER
    }
    # 2,880 kWh at the end of April, 5,088 at the end of July.
    assert tiers["2025-04", "ladder above 2760 kWh"] == pytest.approx(2880 - 2760)
    assert tiers["2025-07", "ladder above 2760 kWh"] == pytest.approx(4800 - 4344)
    assert tiers["2025-07", "ladder above 4800 kWh"] == pytest.approx(5088 - 4800)
    assert ("2025-03", "ladder above 2760 kWh") not in tiers
    expected = 8760 * 0.5283 + (4800 - 2760) * 0.05 + (8760 - 4800) * 0.30
    assert billed.money == pytest.approx(expected, abs=0.2)
    assert billed.warnings == ()


def test_yearly_tiers_begin_anew_each_year_and_warn_of_a_late_start(grid_from) -> None:
    turn = grid_from("2024-07-01", 365 * 24, minutes=60)
    billed = bill(np.full(turn.slots, 1.0), turn, load_tariff(LADDER))
    assert not any(line.kind is LineKind.TIER for month in billed.months[6:9] for line in month.lines)
    assert "yearly tiers are counted from 2024-07-01 on" in "".join(map(str, billed.warnings))


def test_monthly_tiers_count_their_own_periods_only(grid_from) -> None:
    tariff = load_tariff(
        {
            "name": "tiers",
            "periods": {"low": 0.1, "high": 0.2},
            "schedule": {"a": {"period": "low"}, "b": {"period": "high", "hours": "12:00-24:00"}},
            "tiers": {"high": {"periods": ["high"], "steps": [{"above_kwh": 100, "add": -0.05}]}},
        }
    )
    june = grid_from("2025-06-01", 30 * 24, minutes=60)
    billed = bill(np.full(june.slots, 1.0), june, tariff)
    assert lines_of(billed, LineKind.TIER) == [("high above 100 kWh", 260.0, -0.05, -13.0)]


def test_fixed_charges_and_the_least_that_a_month_costs(grid_from) -> None:
    tariff = load_tariff(
        {
            "name": "fixed",
            "components": {"energy": 0.1},
            "fixed": {"meter": {"money_per_month": 20}, "line": {"money_per_day": 0.5}},
            "minimum_money_per_month": 100,
        }
    )
    june = grid_from("2025-06-01", 30 * 24, minutes=60)
    billed = bill(np.full(june.slots, 0.5), june, tariff)
    assert lines_of(billed, LineKind.FIXED) == [("meter", 1.0, 20.0, 20.0), ("line", 30.0, 0.5, 15.0)]
    assert lines_of(billed, LineKind.MINIMUM) == [("up to the month's minimum", 1.0, 29.0, 29.0)]
    assert billed.money == 100.0


def test_a_negative_spot_price_lowers_the_bill(grid_from) -> None:
    tariff = load_tariff(
        {
            "name": "spot",
            "components": {"purchase": 0.0, "network": 0.2},
            "spot": {
                "component": "purchase",
                "start": "2025-07-16T00:00+08:00",
                "step_minutes": 60,
                "values": [0.3, -0.5],
            },
        }
    )
    grid = grid_from("2025-07-16", 2, minutes=60)
    billed = bill(np.asarray([10.0, 30.0]), grid, tariff)
    (line,) = billed.months[0].lines
    assert line.moneys == {"purchase": -12.0, "network": 8.0}
    assert line.prices == pytest.approx({"purchase": -0.3, "network": 0.2})


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), mode=st.sampled_from(list(DemandMode)), days=st.integers(1, 70))
def test_the_lines_add_up_and_each_is_its_quantity_times_its_price(
    seed: int, mode: DemandMode, days: int
) -> None:
    grid, load = _random_load(seed, days)
    tariff = load_tariff({"use": "jiangsu-2025-06-two-part-1-10kv", "sell": 0.391})
    contract = DemandContract(mode=mode, contract_kw=150, capacity_kva=400)
    billed = bill(load, grid, tariff, contract)
    cents = sum((Decimal(str(line.money)) for month in billed.months for line in month.lines), Decimal(0))
    assert Decimal(str(billed.money)) == cents
    assert billed.money == float(sum(Decimal(str(month.money)) for month in billed.months))
    for month in billed.months:
        for line in month.lines:
            assert line.money == pytest.approx(line.quantity * line.price, abs=0.03)
            if line.moneys:
                assert Decimal(str(line.money)) == sum(Decimal(str(one)) for one in line.moneys.values())
    prices = tariff.prices(grid)
    exact = float(np.sum(np.where(load > 0, load * prices.buy, load * prices.sell)) * grid.step_hours)
    lines = sum(len(month.lines) for month in billed.months)
    energy = billed.money_of(LineKind.ENERGY) + billed.money_of(LineKind.EXPORT)
    assert energy == pytest.approx(exact, abs=0.03 * lines)
    months = tariff.billing_months(grid)
    for index, terms in enumerate(tariff.demand_terms(contract, grid)):
        peak_kw = max(load[months == index].max(), 0.0)
        undiscounted = terms.fixed_money + terms.price * max(0.0, peak_kw - terms.free_kw)
        demand = billed.months[index].money_of(LineKind.DEMAND)
        assert demand in (pytest.approx(undiscounted, abs=0.02), pytest.approx(0.9 * undiscounted, abs=0.02))


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), mode=st.sampled_from(list(DemandMode)))
def test_halving_the_step_leaves_the_bill_as_it_is(seed: int, mode: DemandMode) -> None:
    grid, load = _random_load(seed, 10)
    tariff = load_tariff({"use": "jiangsu-2025-06-two-part-1-10kv", "sell": 0.391})
    contract = DemandContract(mode=mode, contract_kw=150, capacity_kva=400)
    halved = bill(np.repeat(load, 2), grid.refined(grid.step / 2), tariff, contract)
    for one, other in zip(bill(load, grid, tariff, contract).months, halved.months, strict=True):
        assert [(line.name, line.money) for line in one.lines] == [
            (line.name, line.money) for line in other.lines
        ]


def _random_load(seed: int, days: int) -> tuple[TimeGrid, np.ndarray]:
    chance = np.random.default_rng(seed)
    start = datetime(2025, 6, 1, tzinfo=ZoneInfo("Asia/Shanghai")) + timedelta(
        minutes=15 * int(chance.integers(0, 365 * 96))
    )
    grid = TimeGrid(start, timedelta(minutes=15), days * 96)
    return grid, chance.normal(120.0, 90.0, grid.slots).round(2)


def test_a_month_that_is_covered_in_part_is_billed_in_full_with_a_warning(
    jiangsu_2025: Tariff, grid_from
) -> None:
    grid = grid_from("2025-07-10", 96 * 30)
    contract = DemandContract(mode=DemandMode.TRANSFORMER_CAPACITY, capacity_kva=100)
    billed = bill(np.ones(grid.slots), grid, jiangsu_2025, contract)
    assert billed.money_of(LineKind.DEMAND) == 6400.0
    told = "\n".join(map(str, billed.warnings))
    assert "2025-07 is covered from 2025-07-10 00:00 only; its monthly charges are in full" in told
    assert "2025-08 is covered to 2025-08-09 00:00 only" in told


def test_what_makes_a_bill_uncertain_is_warned_of(jiangsu_2025: Tariff, grid_from) -> None:
    hourly = grid_from("2027-05-01", 31 * 24, minutes=60)
    contract = DemandContract(mode=DemandMode.CONTRACT_DEMAND, contract_kw=500)
    told = "\n".join(map(str, bill(np.ones(hourly.slots), hourly, jiangsu_2025, contract).warnings))
    assert "demand is measured over 15 min, but the load has a value every 60 min" in told
    assert "without capacity_kva" in told
    assert "the holidays of 2027 are estimated" in told


@pytest.mark.parametrize(
    ("load", "said"),
    [
        (np.ones(95), "the load has 95 values, the grid 96 slots"),
        (np.where(np.arange(96) == 7, np.nan, 1.0), r"is nan in slot 7 \(2025-06-01 01:45:00\+08:00\)"),
        (np.where(np.arange(96) == 8, np.inf, 1.0), r"is inf in slot 8"),
    ],
)
def test_a_broken_load_is_refused_with_the_slot(
    jiangsu_2025: Tariff, grid_from, load: np.ndarray, said: str
) -> None:
    with pytest.raises(InputError, match=said):
        bill(load, grid_from("2025-06-01", 96), jiangsu_2025, MEASURED)


def test_the_steel_works_year_costs_what_a_plain_sum_says(jiangsu_2025: Tariff, shared_data) -> None:
    series = read_series(shared_data / "steel_2018.csv", ["consumption_kw"], jiangsu_2025.zone)
    load = series.columns["consumption_kw"]
    assert series.grid.slots == 35_040
    tariff = jiangsu_2025.undated()
    billed = bill(load, series.grid, tariff, MEASURED)
    assert [month.month for month in billed.months] == [f"2018-{month:02}" for month in range(1, 13)]
    assert billed.warnings == ()
    energy = float(load @ tariff.prices(series.grid).buy) / 4
    assert billed.money_of(LineKind.ENERGY) == pytest.approx(energy, abs=1.0)
    first = np.searchsorted(tariff.billing_months(series.grid), np.arange(12))
    assert billed.money_of(LineKind.DEMAND) == pytest.approx(
        51.2 * np.maximum.reduceat(load, first).sum(), abs=0.1
    )
    assert {"sharp", "deep_valley"} <= {line.name for month in billed.months for line in month.lines}
