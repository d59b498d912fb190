"""Rolling operation: with the future known it is the dispatch; else it knows nothing early, and goes on."""

from dataclasses import replace

import numpy as np
import pytest

from juli.core.errors import InfeasibleError
from juli.power import Battery, DispatchProblem, dispatch
from juli.power.chemistry import NickelHydrogen, State
from juli.power.forecast import GivenForecast, PerfectForecast, SeasonalNaive, forecasters_of
from juli.power.rolling import LineStore, PhysicalStore, roll

DAYS = 9


def site(**changes) -> DispatchProblem:
    rng = np.random.default_rng(3)
    hour = np.arange(24 * DAYS) % 24
    given = {
        "step_hours": 1.0,
        "consumption_kw": 300 + 200 * ((hour >= 8) & (hour < 18)) + rng.normal(0, 25, 24 * DAYS),
        "solar_kw": 250 * np.maximum(np.sin((hour - 6) / 12 * np.pi), 0) * rng.uniform(0.3, 1, 24 * DAYS),
        "buy": np.where((hour >= 14) & (hour < 22), 1.1, np.where(hour < 6, 0.3, 0.65)),
        "sell": 0.2,
        "battery": Battery(150, 150, 600, 0.93, 0.95, 0.001, start_kwh=300, end_kwh=300, wear_per_kwh=0.01),
        "demand_price": 20.0,
    }
    return DispatchProblem(**given | changes)


def perfect(problem: DispatchProblem) -> dict[str, PerfectForecast]:
    return {name: PerfectForecast(getattr(problem, name)) for name in ("consumption_kw", "solar_kw")}


def naive(problem: DispatchProblem) -> dict[str, SeasonalNaive]:
    return {
        name: SeasonalNaive(getattr(problem, name), problem.step_hours)
        for name in ("consumption_kw", "solar_kw")
    }


@pytest.mark.parametrize("demand_price", [0.0, 20.0])
@pytest.mark.parametrize("every", [1, 5])
def test_with_the_future_known_to_its_end_it_pays_what_the_dispatch_pays(demand_price, every):
    problem = site(demand_price=demand_price)
    rolled = roll(problem, perfect(problem), every_slots=every, horizon_slots=problem.slots)
    assert rolled.cost == pytest.approx(dispatch(problem).cost, rel=1e-6)
    assert rolled.forecast_error_kw == pytest.approx(0, abs=1e-9)
    assert rolled.plans == -(-problem.slots // every)


def test_not_knowing_the_future_costs_something_and_still_earns_most(project):
    del project
    problem = site()
    best, without = dispatch(problem).cost, dispatch(replace(problem, battery=None)).cost
    rolled = roll(problem, naive(problem))
    assert best < rolled.cost < without
    assert rolled.kept_limits
    parts = rolled.dispatch.energy_cost + rolled.dispatch.demand_cost + rolled.dispatch.wear_cost
    assert rolled.cost == pytest.approx(parts + rolled.end_missing_cost)


def test_a_better_forecast_leaves_less_regret():
    problem = site()
    mixed = {
        share: roll(
            problem,
            {
                "consumption_kw": GivenForecast(
                    share * problem.consumption_kw + (1 - share) * problem.consumption_kw.mean()
                ),
                "solar_kw": PerfectForecast(problem.solar_kw),
            },
        ).cost
        for share in (0.0, 0.7, 1.0)
    }
    assert mixed[1.0] < mixed[0.7] < mixed[0.0]


def test_nothing_is_known_before_it_happens():
    problem = site()
    at = 100
    later = np.arange(problem.slots) >= at
    other = replace(problem, consumption_kw=np.where(later, 700.0, problem.consumption_kw))
    one, two = (roll(each, naive(each)) for each in (problem, other))
    assert two.dispatch.battery_kw[:at] == pytest.approx(one.dispatch.battery_kw[:at], abs=1e-9)
    assert abs(two.dispatch.battery_kw[at] - one.dispatch.battery_kw[at]) > 1


def test_the_controller_holds_the_import_limit_as_long_as_it_has_energy():
    problem = site(import_limit_kw=480.0)
    rolled = roll(
        problem, {"consumption_kw": GivenForecast(np.full(problem.slots, 300.0))} | perfect(problem)
    )
    assert rolled.kept_limits
    blind = {"consumption_kw": GivenForecast(np.full(problem.slots, 300.0))}
    rolled = roll(problem, blind | {"solar_kw": PerfectForecast(problem.solar_kw)})
    assert rolled.import_excess_kwh < 0.02 * np.maximum(problem.consumption_kw - 480, 0).sum()


def test_a_limit_that_nothing_can_keep_is_exceeded_as_little_as_can_be_and_told():
    problem = site(import_limit_kw=250.0)
    with pytest.raises(InfeasibleError):
        dispatch(problem)
    rolled = roll(problem, perfect(problem))
    assert not rolled.kept_limits
    assert rolled.softened > 0
    short = problem.consumption_kw - problem.solar_kw - 250
    assert 0 < rolled.import_excess_kwh < np.maximum(short, 0).sum()
    assert rolled.highest_import_excess_kw <= short.max() + 1e-9


@pytest.mark.parametrize("seed", range(60))
def test_it_never_stops_whatever_the_site(random_problem, seed):
    problem = random_problem(seed, negative=seed % 3 == 0, most_slots=30)
    if problem.battery is None:
        problem = replace(problem, battery=Battery(10, 10, 10, 1, 1))
    rolled = roll(problem, naive(problem), every_slots=1 + seed % 3, horizon_slots=12)
    battery = problem.battery
    assert np.isfinite(rolled.cost)
    assert (rolled.dispatch.stored_kwh >= -1e-9).all()
    assert (rolled.dispatch.stored_kwh <= battery.energy_kwh + 1e-6).all()
    assert (rolled.dispatch.battery_kw <= battery.discharge_kw + 1e-6).all()
    assert (rolled.dispatch.battery_kw >= -battery.charge_kw - 1e-6).all()
    balance = rolled.dispatch.grid_kw + rolled.dispatch.solar_kw + rolled.dispatch.battery_kw
    if rolled.export_excess_kwh == 0:
        assert balance == pytest.approx(problem.consumption_kw, abs=1e-6)


def test_what_lacks_at_the_end_is_paid_for():
    problem = site(consumption_kw=0.0, solar_kw=0.0, import_limit_kw=0.0, demand_price=0.0)
    rolled = roll(problem, naive(problem))
    # Nothing can be bought: what discharges by itself is missing, and nothing more.
    assert rolled.end_missing_kwh == pytest.approx(300 * (1 - 0.999 ** (24 * DAYS)), rel=1e-6)
    assert rolled.end_missing_cost == pytest.approx(rolled.end_missing_kwh / 0.93 * float(problem.buy.mean()))


def test_a_peak_already_set_is_not_paid_twice():
    problem = site(demand_free_kw=600.0)
    assert roll(problem, naive(problem)).dispatch.demand_cost == 0


def test_the_physics_may_act_and_its_fans_are_paid():
    physics = NickelHydrogen(energy_kwh=600, power_kw=150)
    problem = site()
    store = PhysicalStore(
        physics, physics.at_stored(State(celsius=20), 300), 1.0, np.full(problem.slots, 20.0)
    )
    rolled = roll(problem, naive(problem), store)
    assert store.auxiliary_kw.sum() > 0
    site_kw = rolled.dispatch.grid_kw + rolled.dispatch.solar_kw + rolled.dispatch.battery_kw
    assert site_kw == pytest.approx(problem.consumption_kw + store.auxiliary_kw)


def test_the_line_s_store_is_the_dispatch_s_battery():
    problem = site()
    answer = dispatch(problem)
    store = LineStore(problem.battery, 1.0)
    given = [store.give(power, slot) for slot, power in enumerate(answer.battery_kw)]
    assert given == pytest.approx(answer.battery_kw, abs=1e-6)
    assert store.stored_kwh == pytest.approx(answer.stored_kwh[-1], abs=1e-6)
    # Asked for more than it has, it gives what it has.
    assert store.give(1e6, 0) <= 150
    empty = [store.give(150, 0) for _ in range(9)]
    assert empty[-1] == 0


def test_forecasts_of_ones_own_come_first():
    problem = site()
    mine = np.full(problem.slots, 1.0)
    found = forecasters_of(
        {"consumption_kw": problem.consumption_kw, "solar_kw": problem.solar_kw},
        {"solar_kw": mine},
        "naive",
        1.0,
    )
    assert found["solar_kw"].expect(5, 3).tolist() == [1, 1, 1]
    assert isinstance(found["consumption_kw"], SeasonalNaive)
