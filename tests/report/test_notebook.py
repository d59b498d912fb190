"""A plan in Python: tables, figures and a summary."""

import pytest

from juli.report.notebook import PlanTables
from juli.report.tables import runs_table
from juli.solve.day import Day


@pytest.fixture
def plan(case):
    day = Day(case.plant, case.demand, "here")
    return PlanTables(day, case.work, case.plan, case.violations)


def test_tables_are_the_plans_own(case, plan):
    assert plan.runs.equals(runs_table(case.plant, case.plan, case.work))
    assert plan.bill["money"].sum() == pytest.approx(plan.total_money)
    assert plan.dispatch.height == case.plan.settlement.slots
    assert plan.trips.height == 2
    assert plan.late_orders["order"].to_list() == ["SO-2"]
    assert plan.sets.height == 4
    assert plan.machines["machine"].to_list() == ["laser", "bench-1", "bench-2"]


def test_it_knows_how_good_it_is(case, plan):
    assert plan.violations == []
    assert (plan.status, plan.bound) == ("feasible", 500.0)
    assert plan.gap == pytest.approx(1 - 500 / plan.total_money)


def test_figures_come_in_the_language_asked_for(plan):
    assert "光伏" in [trace.name for trace in plan.power("zh").data]
    assert "solar" in [trace.name for trace in plan.power().data]
    assert len(plan.gantt().data) == 2
    assert plan.map() is not None


def test_it_says_what_it_is(plan):
    cost = f"¥{plan.total_money:,.2f}"
    counted = "12 runs, 1 trips, 1 of 3 orders late, 0 broken rules"
    assert repr(plan) == f"<plan of Little & <Sons>: {cost}, {counted}>"
    shown = plan._repr_html_()
    assert "Little &amp; &lt;Sons&gt;" in shown
    assert f"{plan.total_money:,.2f}" in shown
