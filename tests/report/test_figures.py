"""The figures show the plan's own numbers, with few traces however many runs there are."""

from dataclasses import replace

import numpy as np
import pytest

from juli.report.figures import gantt_figure, map_figure, money_figure, power_figure
from juli.report.words import word


def trace(figure, name):
    return next(trace for trace in figure.data if trace.name == name)


@pytest.fixture
def gantt(case):
    return gantt_figure(case.plant, case.demand, case.plan, case.work, "en")


def test_gantt_draws_every_run_in_one_trace(case, gantt):
    assert len(gantt.data) == 2
    bars = gantt.data[1]
    assert len(bars.base) == len(case.plan.runs)
    run = case.plan.runs[-1]
    assert bars.base[-1] == "2023-12-19 08:00:00"
    assert bars.x[-1] == (run.end - run.start) * 15 * 60 * 1000


def test_gantt_groups_machines_under_their_line(gantt):
    assert list(gantt.layout.yaxis.ticktext) == [
        "<b>A</b>",
        "Laser",
        "<b>B</b>",
        "Bench bench-1",
        "Bench bench-2",
    ]
    assert list(gantt.layout.yaxis.tickvals) == [0, 1, 2, 3, 4]


def test_gantt_colours_by_order_and_outlines_the_late(case, gantt):
    bars = gantt.data[1]
    colours = {}
    for colour, line, row in zip(bars.marker.color, bars.marker.line.width, bars.customdata, strict=True):
        colours.setdefault(row[0], set()).add(colour)
        assert (line > 1) == (row[0] == "SO-2")
    assert all(len(own) == 1 for own in colours.values())
    assert len({next(iter(own)) for own in colours.values()}) == len(case.demand.orders)


def test_gantt_shades_the_hours_off_shift(gantt):
    # Each bench is off before 8, at noon and after 16, over two days: six stretches less the night's one.
    shaded = gantt.data[0]
    assert len(shaded.base) == 2 * 5
    assert max(shaded.x) == 16 * 3600 * 1000


def test_gantt_gives_an_unknown_machine_a_row(broken):
    figure = gantt_figure(broken.plant, broken.demand, broken.plan, broken.work, "en")
    assert figure.layout.yaxis.ticktext[-1] == "ghost"


def test_gantt_stays_quick_with_thousands_of_runs(case):
    many = replace(case.plan, runs=case.plan.runs * 300)
    figure = gantt_figure(case.plant, case.demand, many, case.work, "en")
    assert len(many.runs) > 3000
    assert len(figure.data) == 2
    assert len(figure.to_json()) < 1_500_000


def test_power_stacks_to_consumption_and_what_leaves(case):
    figure = power_figure(case.plant, case.demand, case.plan, "en")
    stacked = [np.asarray(t.y) for t in figure.data if t.stackgroup]
    assert len(stacked) == 5
    np.testing.assert_allclose(sum(stacked), np.asarray(trace(figure, "consumption").y), atol=1e-3)
    assert len(trace(figure, "price").x) == case.plan.settlement.slots + 1
    np.testing.assert_allclose(trace(figure, "stored energy").y, case.plan.dispatch.stored_kwh)


def test_power_shades_price_periods_over_the_whole_height(case):
    figure = power_figure(case.plant, case.demand, case.plan, "en")
    shades = [shape for shape in figure.layout.shapes if shape.type == "rect"]
    assert len(shades) == 2 * 2
    assert {shade.x1 for shade in shades} >= {"2023-12-18 08:00:00", "2023-12-18 22:00:00"}


def test_power_of_a_plant_with_grid_alone_is_one_area(bare):
    figure = power_figure(bare.plant, bare.demand, bare.plan, "zh")
    assert [t.name for t in figure.data if t.stackgroup] == [word("flow_import", "zh")]
    assert "yaxis3" not in figure.layout


def test_map_marks_the_closed_junction_with_its_dates(case):
    figure = map_figure(case.plant, case.demand, case.plan, "en")
    (cross,) = [t for t in figure.data if t.marker.symbol == "x"]
    assert (cross.x[0], cross.y[0]) == case.demand.road_map.junctions["south"]
    assert cross.name == "no through traffic, local access, 2023-12-19 00:00 to 2024-01-17 00:00"


def test_map_draws_the_trip_along_its_segments(case):
    figure = map_figure(case.plant, case.demand, case.plan, "en")
    (driven,) = [t for t in figure.data if t.name == "truck-1" and not t.showlegend and len(t.x) > 1]
    at = case.demand.road_map.junctions
    assert (driven.x[0], driven.y[0]) == at["gate"]
    assert at["mill-gate"] in set(zip(driven.x, driven.y, strict=True))
    assert at["south"] not in set(zip(driven.x, driven.y, strict=True))


def test_map_says_that_it_is_schematic_only_where_it_is(case):
    surveyed = replace(case.demand, road_map=replace(case.demand.road_map, schematic=False))
    texts = [
        [note.text for note in map_figure(case.plant, demand, case.plan, "zh").layout.annotations]
        for demand in (case.demand, surveyed)
    ]
    assert texts == [["示意图，非实测"], []]


def test_there_is_no_map_without_transport(bare):
    assert map_figure(bare.plant, bare.demand, bare.plan, "en") is None


def test_money_ends_in_the_total_and_leaves_out_what_costs_nothing(case):
    figure = money_figure(case.plant, case.plan.bill, "zh")
    bars = figure.data[0]
    assert bars.y[-1] == "合计"
    assert bars.x[-1] == case.plan.bill.total_money
    assert sum(bars.x[:-1]) == pytest.approx(bars.x[-1])
    assert "上网电费" in bars.y


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_figure_asks_for_a_font_with_chinese(case, language):
    figures = [
        gantt_figure(case.plant, case.demand, case.plan, case.work, language),
        power_figure(case.plant, case.demand, case.plan, language),
        map_figure(case.plant, case.demand, case.plan, language),
        money_figure(case.plant, case.plan.bill, language),
    ]
    assert all("Noto Sans SC" in figure.layout.font.family for figure in figures)
