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
