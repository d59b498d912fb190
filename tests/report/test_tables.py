"""The tables hold what the plan holds, in its own zone and units."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from juli.core.grid import TimeGrid
from juli.plan import Bill, BillLine, Category
from juli.plan.account import consumption_kw, set_lead_hours
from juli.report.tables import (
    bill_table,
    dispatch_table,
    late_orders_table,
    lead_times,
    machines_table,
    moments,
    money_table,
    orders_table,
    runs_table,
    sets_table,
    trips_table,
)

MONDAY = datetime(2023, 12, 18, tzinfo=ZoneInfo("Asia/Shanghai"))


def test_runs_carry_order_product_machine_line_and_local_moments(case):
    table = runs_table(case.plant, case.plan, case.work)
    assert table.columns[:7] == ["order", "product", "operation", "machine", "line", "start", "end"]
    first = table.row(0, named=True)
    assert (first["order"], first["product"], first["operation"], first["line"]) == (
        "SO-1",
        "FRAME",
        "cut",
        "A",
    )
    assert first["start"] == MONDAY
    assert first["start"].utcoffset() == timedelta(hours=8)
    assert table.height == len(case.plan.runs)


def test_a_run_that_nobody_knows_still_has_a_row(broken):
    table = runs_table(broken.plant, broken.plan, broken.work)
    assert table.height == len(broken.plan.runs)
    assert table.filter(pl.col("operation") == "nobody/knows")["order"].to_list() == [""]
    assert table.filter(pl.col("machine") == "ghost")["line"].to_list() == [""]


def test_money_adds_up_to_the_bill(case):
    table = money_table(case.plan.bill)
    parts, total = table.head(-1), table.tail(1)
    assert total["category"].item() == "total"
    assert parts["money"].sum() == pytest.approx(case.plan.bill.total_money)
    assert total["money"].item() == case.plan.bill.total_money
    assert parts["share"].sum() == pytest.approx(1)


def test_money_lists_the_dear_periods_first(case):
    table = money_table(case.plan.bill)
    assert table.filter(pl.col("category") == "energy")["item"].to_list() == ["peak", "flat", "valley"]


def test_the_demand_charge_shows_the_highest_peak_of_several_months():
    lines = [
        BillLine(Category.DEMAND, month, peak, "kW", 10.0) for month, peak in (("12", 80.0), ("01", 50.0))
    ]
    row = money_table(Bill(tuple(lines))).row(0, named=True)
    assert (row["quantity"], row["money"]) == (80.0, 20.0)


lines = st.builds(
    BillLine,
    st.sampled_from(Category),
    st.sampled_from(["peak", "flat", "own period", "SO-1"]),
    st.floats(0, 1e6),
    st.just("kWh"),
    st.floats(-1e6, 1e6),
)


@given(st.lists(lines, max_size=12))
def test_no_line_of_any_bill_gets_lost(own_lines):
    bill = Bill(tuple(own_lines))
    assert bill_table(bill).height == len(own_lines)
    table = money_table(bill)
    assert table.head(-1)["money"].sum() == pytest.approx(bill.total_money, abs=1e-6)


def test_dispatch_balances_in_every_slot(case):
    table = dispatch_table(case.plant, case.demand, case.plan)
    supply = table["grid_kw"] + table["solar_kw"] + table["battery_kw"]
    np.testing.assert_allclose(supply.to_numpy(), table["consumption_kw"].to_numpy())
    assert table["time"][0] == MONDAY
    assert table["stored_kwh"][0] == case.plant.battery.start_kwh
    load_kw = consumption_kw(case.plant, case.demand, case.plan.runs)
    np.testing.assert_allclose(table["consumption_kw"].to_numpy(), load_kw)


def test_trips_name_the_roads_and_their_km(case):
    table = trips_table(case.demand, case.plan)
    assert table["roads"].to_list() == ["禾香路 → 锦华路", "锦华路 → 禾香路"]
    assert table["km"].to_list() == [4.0, 4.0]
    assert table["to"].to_list() == ["mill", ""]
    assert table["orders"].to_list() == ["SO-1", ""]
    out, back = table.rows(named=True)
    assert out["departure"] == MONDAY + timedelta(hours=33)
    assert out["unloaded"] == back["departure"]
    assert back["unloaded"] is None


def test_late_orders_say_when_they_are_met_and_what_it_costs(case):
    late = late_orders_table(case.demand, case.plan, case.work)
    assert late["order"].to_list() == ["SO-2"]
    row = late.row(0, named=True)
    assert row["met"] == MONDAY + timedelta(hours=14)
    assert (row["hours_late"], row["money"], row["finished"]) == (4.0, 160.0, True)


def test_an_order_that_is_not_delivered_is_not_finished(case):
    stranded = replace(case.plan, trips=())
    row = orders_table(case.demand, stranded, case.work).row(0, named=True)
    assert row["order"] == "SO-1"
    assert not row["finished"]
    assert row["completed"] is not None
    assert row["met"] == case.demand.schedule.end


def test_sets_show_how_long_their_parts_take(case):
    table = sets_table(case.demand, case.plan, case.work)
    hours = dict(zip(table["set"], table["parts_hours"], strict=True))
    assert hours == set_lead_hours(case.demand, case.work, case.plan.runs)
    assert set(hours) == {"SO-1#1", "SO-2#1", "SO-3#1", "SO-3#2"}
    lead = lead_times(case.demand, case.plan, case.work)
    assert lead is not None
    assert (lead.shortest_hours, lead.longest_hours) == (min(hours.values()), max(hours.values()))
    assert lead.shortest_hours <= lead.median_hours <= lead.longest_hours


def test_machines_are_busy_for_as_long_as_their_runs(case):
    rows = {
        row["machine"]: row for row in machines_table(case.plant, case.demand, case.plan).rows(named=True)
    }
    laser = rows["laser"]
    own = [run for run in case.plan.runs if run.machine == "laser"]
    assert laser["busy_hours"] == sum(run.end - run.start for run in own) / 4
    assert laser["planned_busy_hours"] == 48
    assert laser["allocation_efficiency"] == laser["busy_hours"] / 48
    assert rows["bench-1"]["planned_busy_hours"] == 2 * 7.5


def test_machines_energy_is_what_the_plant_draws_above_its_base_load(case):
    load_kw = consumption_kw(case.plant, case.demand, case.plan.runs) - case.demand.forecast.base_load_kw
    drawn_kwh = load_kw.sum() * case.demand.settlement.step_hours
    assert machines_table(case.plant, case.demand, case.plan)["energy_kwh"].sum() == pytest.approx(drawn_kwh)


def test_a_plan_of_nothing_has_empty_tables(bare):
    assert runs_table(bare.plant, bare.plan, bare.work).is_empty()
    assert trips_table(bare.demand, bare.plan).is_empty()
    assert sets_table(bare.demand, bare.plan, bare.work).is_empty()
    assert late_orders_table(bare.demand, bare.plan, bare.work).is_empty()
    assert lead_times(bare.demand, bare.plan, bare.work) is None


@given(st.lists(st.integers(0, 40 * 24 * 3600), min_size=1, max_size=20))
def test_moments_agree_with_the_grid_even_where_the_clocks_change(seconds):
    spring = datetime(2024, 3, 30, tzinfo=ZoneInfo("Europe/Berlin"))
    grid = TimeGrid(spring, timedelta(minutes=15), 96 * 40)
    assert moments(grid, seconds).to_list() == [grid.at_seconds(value) for value in seconds]
