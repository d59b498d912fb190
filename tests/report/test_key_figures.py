"""The key figures are sums over the plan."""

import pytest

from juli.report.key_figures import key_figures


def figures_of(case):
    return key_figures(case.plant, case.demand, case.plan, case.work)


def test_energy_in_is_energy_out(case):
    figures = figures_of(case)
    # The battery of this works loses nothing and ends as it began, so it drops out of the sum.
    assert figures.import_kwh - figures.export_kwh + figures.solar_used_kwh == pytest.approx(
        figures.consumption_kwh
    )
    assert sum(figures.import_kwh_by_period.values()) == pytest.approx(figures.import_kwh)


def test_the_peak_is_the_highest_import(case):
    figures = figures_of(case)
    assert figures.peak_kw == case.plan.dispatch.grid_kw.max()
    slot = case.plan.settlement.slot_of(figures.peak_at)
    assert case.plan.dispatch.grid_kw[slot] == figures.peak_kw


def test_shares_follow_their_definitions(case):
    figures = figures_of(case)
    used_here = figures.solar_used_kwh - figures.export_kwh
    assert figures.self_consumption == pytest.approx(used_here / figures.solar_available_kwh)
    assert figures.self_sufficiency == pytest.approx(1 - figures.import_kwh / figures.consumption_kwh)
    assert figures.battery_cycles == pytest.approx(figures.discharged_kwh / 40)
    assert figures.co2_kg == pytest.approx(0.5 * figures.import_kwh)


def test_orders_and_trips_are_counted(case):
    figures = figures_of(case)
    assert (figures.orders, figures.late_orders, figures.worst_late_hours) == (3, 1, 4.0)
    assert (figures.trips, figures.km) == (1, 8.0)


def test_what_a_plant_does_not_have_is_none(bare):
    figures = figures_of(bare)
    assert figures.self_consumption is None
    assert figures.battery_cycles is None
    assert figures.lead_times is None
    assert figures.self_sufficiency == 0


def test_the_lines_draw_together_what_the_plant_draws_above_its_base_load(case):
    figures = figures_of(case)
    base_kwh = case.demand.forecast.base_load_kw.sum() * case.plan.settlement.step_hours
    drawn_kwh = sum(line.energy_kwh for line in figures.lines)
    assert drawn_kwh == pytest.approx(figures.consumption_kwh - base_kwh)
    assert [line.line for line in figures.lines] == list(dict.fromkeys(m.line for m in case.plant.machines))


def test_energy_per_set_counts_the_units_that_a_line_works_on(case):
    lines = figures_of(case).lines
    # Orders of 2, 1 and 3 cabinets; the parts that go into them count for nothing.
    assert {line.line: line.sets for line in lines} == {"A": 6, "B": 6}
    for line in lines:
        assert line.kwh_per_set == pytest.approx(line.energy_kwh / 6)


def test_a_set_takes_from_its_first_start_to_its_last_end(case):
    spans = {}
    for run in case.plan.runs:
        spans.setdefault(case.work.by_id[run.operation].set_id, []).extend((run.start, run.end))
    hours = [(max(ends) - min(ends)) * case.plan.schedule.step_hours for ends in spans.values()]
    figures = figures_of(case).set_lead_times
    assert (figures.shortest_hours, figures.longest_hours) == (min(hours), max(hours))
    assert figures.longest_hours >= figures_of(case).lead_times.longest_hours
