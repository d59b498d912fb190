"""The workbook holds real numbers and moments, a sheet for each table."""

from datetime import datetime

import openpyxl
import pytest

from juli.report.workbook import write_workbook


@pytest.fixture(scope="module")
def book(case, tmp_path_factory):
    path = tmp_path_factory.mktemp("book") / "plan.xlsx"
    write_workbook(path, case.plant, case.demand, case.plan, case.violations, "en")
    return openpyxl.load_workbook(path)


def column(sheet, head):
    heads = [cell.value for cell in sheet[1]]
    index = heads.index(head)
    return [row[index].value for row in sheet.iter_rows(min_row=2)]


def test_there_is_a_sheet_for_each_table(book):
    assert book.sheetnames == ["Summary", "Bill", "Runs", "Dispatch", "Trips", "Late orders", "Sets"]
    for name in book.sheetnames[1:]:
        assert book[name].freeze_panes == "A2"
        assert book[name].auto_filter.ref is not None


def test_runs_begin_at_local_wall_time(case, book):
    starts = column(book["Runs"], "Start")
    assert starts[0] == datetime(2023, 12, 18)  # noqa: DTZ001 - Excel's moments have no zone
    assert len(starts) == len(case.plan.runs)
    assert book["Runs"]["F2"].number_format == "yyyy-mm-dd hh:mm"
    assert "Asia/Shanghai" in str(book["Summary"]["A3"].value)


def test_the_bill_sheet_adds_up_to_the_plan(case, book):
    assert sum(column(book["Bill"], "Money [CNY]")) == pytest.approx(case.plan.bill.total_money)


def test_the_dispatch_sheet_balances_and_has_its_own_chart(book):
    sheet = book["Dispatch"]
    load, grid, solar, battery = (
        column(sheet, head)
        for head in ("Consumption [kW]", "Grid [kW] (import +)", "Solar [kW]", "Battery [kW] (discharge +)")
    )
    assert [a + b + c for a, b, c in zip(grid, solar, battery, strict=True)] == pytest.approx(load)
    assert len(load) == 192


def test_the_power_chart_is_written(case):
    from juli.report.workbook import workbook

    made = workbook(case.plant, case.demand, case.plan, [], "en")
    (chart,) = made["Dispatch"]._charts
    assert len(chart.series) == 4


def test_the_summary_says_that_nothing_is_broken_or_what_is(case, broken):
    from juli.report.workbook import workbook

    def texts(of):
        sheet = workbook(of.plant, of.demand, of.plan, of.violations, "en")["Summary"]
        return [cell.value for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)]

    assert "The plan breaks no rule." in texts(case)
    said = texts(broken)
    assert "The plan breaks no rule." not in said
    assert all(violation.message in said for violation in broken.violations)


def test_text_that_looks_like_a_formula_stays_text(case, tmp_path):
    from dataclasses import replace

    plan = replace(case.plan, runs=(replace(case.plan.runs[0], operation="=1+1"),))
    path = tmp_path / "plan.xlsx"
    write_workbook(path, case.plant, case.demand, plan, [], "zh")
    cell = openpyxl.load_workbook(path)["工序"]["C2"]
    assert (cell.value, cell.data_type) == ("=1+1", "s")


def test_a_plan_of_nothing_has_a_workbook(bare, tmp_path):
    path = tmp_path / "plan.xlsx"
    write_workbook(path, bare.plant, bare.demand, bare.plan, [], "zh")
    assert openpyxl.load_workbook(path)["工序"].max_row == 1
