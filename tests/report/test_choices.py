"""What is laid side by side is said in the page, with the rows that the plant has."""

from dataclasses import replace

import numpy as np
import pytest

from juli.plan import bill
from juli.report.choices import ComparisonTexts, ScenarioTexts, choices_section
from juli.report.figures import comparison_figure, front_figure, scenarios_figure
from juli.report.page import page
from juli.solve.choices.comparison import Choice, Comparison, FrontPoint, Variant
from juli.solve.choices.hedge import Candidate, Hedged, Risk
from juli.solve.choices.scenarios import Scenario
from juli.solve.completion import Outcome
from juli.solve.day import Day


@pytest.fixture
def compared(case):
    day = Day(case.plant, case.demand, "made")
    idle = replace(case.plan.dispatch, battery_kw=np.zeros(case.demand.settlement.slots))
    grid_kw = case.plan.dispatch.grid_kw + case.plan.dispatch.battery_kw
    worse = replace(case.plan, dispatch=replace(idle, grid_kw=grid_kw))
    worse = replace(worse, bill=bill(case.plant, case.demand, worse))
    variants = tuple(
        Variant(choice, day, Outcome(plan.status, plan, case.work))
        for choice, plan in ((Choice.SEQUENTIAL, worse), (Choice.JOINT, case.plan))
    )
    front = (FrontPoint(1, 1, 40, 900, True), FrontPoint(0.1, 6, 240, 950, False))
    return Comparison(variants, {Choice.NO_SOLAR: "too little <power>"}, front)


@pytest.fixture
def hedged(case):
    outcome = Outcome(case.plan.status, case.plan, case.work)
    scenarios = (Scenario("dull", 0.75, case.demand), Scenario("<flood>", 0.25, case.demand))
    candidates = tuple(
        Candidate(name, outcome, np.array(money), 0.0)
        for name, money in (("forecast", [110.0, np.inf]), ("mean", [120.0, 300.0]))
    )
    return Hedged(scenarios, Risk.CVAR, 0.75, outcome, candidates[1], candidates)


def test_rows_add_up_and_those_that_all_lack_are_left_out(case, compared):
    texts = ComparisonTexts(case.plant, compared, "en")
    rows = {row.label: row.cells for row in texts.rows()}
    assert texts.headers == ["Sequential", "Joint"]
    joint = compared.variants[1].plan
    assert rows["Total"][1] == f"{joint.bill.total_money:,.0f}"
    assert rows["Against sequential"][0] == "0"
    assert rows["Battery wear"][0] == "0"
    assert "Lead time" not in rows
    assert rows["Late in all [h]"][0] == rows["Late in all [h]"][1] != "0.0"
    said = " ".join(texts.sentences())
    assert "No solar: no plan (too little <power>)" in said
    assert "0.5 kg/kWh (the grid's factor, year not told)" in said


def test_a_scenario_that_can_not_be_served_is_said(case, hedged):
    rows = [row.cells for row in ScenarioTexts(case.plant, hedged, "en").rows()]
    assert rows[0] == ("75 %", "120.00", "110.00", "110.00")
    assert rows[1] == ("25 %", "300.00", "can't be served", "300.00")
    assert rows[2] == ("", "165.00", "can't be served", "157.50")
    assert rows[3] == ("", "300.00", "can't be served", "300.00")
    zh = [row.label for row in ScenarioTexts(case.plant, hedged, "zh").rows()]
    assert zh == ["阴（光伏 × 0.6）", "<flood>", "平均", "最贵 25 % 的平均（CVaR）"]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_has_the_section_and_says_nothing_as_markup(case, compared, hedged, language):
    arguments = (case.plant, case.demand, case.plan, case.violations, language)
    plain = page(*arguments)
    assert 'id="compare"' not in plain
    with_plans, with_scenarios = page(*arguments, compared), page(*arguments, hedged)
    assert 'href="#compare"' in with_plans
    assert 'id="front-figure"' in with_plans
    assert "&lt;power&gt;" in with_plans
    assert 'href="#scenarios"' in with_scenarios
    assert "&lt;flood&gt;" in with_scenarios


def test_nothing_laid_side_by_side_is_no_section(case):
    assert choices_section(case.plant, None, "en") == {"choices_kind": ""}


def test_figures_show_every_plan_and_leave_out_what_can_not_be(case, compared, hedged):
    bars = comparison_figure(case.plant, compared, "en").data
    assert {tuple(bar.y) for bar in bars} == {("Sequential", "Joint")}
    total = [sum(bar.x[plan] for bar in bars) for plan in range(2)]
    assert total == pytest.approx([one.plan.bill.total_money for one in compared.variants])
    efficient, beaten = front_figure(case.plant, compared, "en").data
    assert (tuple(efficient.x), tuple(beaten.y)) == ((1,), (950,))
    this, alone = scenarios_figure(case.plant, hedged, "en").data
    assert tuple(this.y) == (10.0, 0.0)
    assert tuple(alone.y) == (0.0, None)


def test_points_of_the_front_in_one_place_share_a_name(case, compared):
    points = (*compared.front, FrontPoint(0.3, 1, 40, 900.001, True))
    figure = front_figure(case.plant, replace(compared, front=points), "en")
    assert [text for trace in figure.data for text in trace.text] == ["lateness × 0.3, 1", "lateness × 0.1"]
