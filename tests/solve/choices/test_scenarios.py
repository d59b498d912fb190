"""Scenario files are read whole, and every slip is told with its place."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from juli.core.errors import InputError
from juli.solve.choices.scenarios import read_scenarios, usual_scenarios
from juli.solve.day import Day, load


@pytest.fixture(scope="module")
def day(project: Path) -> Day:
    return load(project / "examples" / "tiny")


def read(tmp_path: Path, day: Day, text: str):
    (tmp_path / "scenarios.yaml").write_text(text, encoding="utf-8")
    return read_scenarios(tmp_path / "scenarios.yaml", day)


def test_factors_scale_the_forecast_and_weights_add_up_to_one(tmp_path: Path, day: Day) -> None:
    text = "scenarios:\n  - {name: as told, weight: 3}\n  - {name: bad, load: 1.1, solar: 0.5, price: 2}\n"
    told, bad = read(tmp_path, day, text)
    assert (told.weight, bad.weight) == (0.75, 0.25)
    forecast, scaled = day.demand.forecast, bad.demand.forecast
    np.testing.assert_array_equal(told.demand.forecast.buy, forecast.buy)
    np.testing.assert_allclose(scaled.base_load_kw, 1.1 * forecast.base_load_kw)
    np.testing.assert_allclose(scaled.solar_kw, 0.5 * forecast.solar_kw)
    np.testing.assert_allclose(scaled.buy, 2 * forecast.buy)
    assert bad.demand.orders == day.demand.orders


def test_no_sun_is_above_the_capacity_of_the_solar_plant(tmp_path: Path, day: Day) -> None:
    (bright,) = read(tmp_path, day, "scenarios: [{name: bright, solar: 9}]")
    assert day.plant.solar is not None
    assert bright.demand.forecast.solar_kw.max() <= day.plant.solar.capacity_kw


def test_a_scenario_may_have_a_table_of_its_own(tmp_path: Path, day: Day) -> None:
    rows = ["time,base_load_kw,solar_kw", *(f"2023-12-{18 + h // 24}T{h % 24:02}:00,33,0" for h in range(72))]
    (tmp_path / "fog.csv").write_text("\n".join(rows), encoding="utf-8")
    (fog,) = read(tmp_path, day, "scenarios: [{name: fog, forecast: fog.csv, load: 2}]")
    assert set(fog.demand.forecast.base_load_kw) == {66.0}
    assert not fog.demand.forecast.solar_kw.any()
    np.testing.assert_array_equal(fog.demand.forecast.buy, day.demand.forecast.buy)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("scenarios: [{name: a, sun: 1}]", "the key 'sun' is unknown"),
        ("scenarios: [{name: a, weight: 0}]", "scenarios.yaml:1"),
        ("scenarios: []", "at least 1"),
        ("scenarios:\n  - {name: a}\n  - {name: a}", "scenarios.yaml:3"),
        ("scenarios: [{name: a, forecast: none.csv}]", "none.csv"),
        ("", "is empty"),
    ],
)
def test_a_slip_is_told_with_its_place(tmp_path: Path, day: Day, text: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        read(tmp_path, day, text)


def test_a_file_that_is_not_there_is_told(tmp_path: Path, day: Day) -> None:
    with pytest.raises(InputError, match=r"nowhere\.yaml"):
        read_scenarios(tmp_path / "nowhere.yaml", day)


def test_the_usual_ones_change_the_sun_only_where_there_is_some(day: Day) -> None:
    usual = usual_scenarios(day)
    assert sum(one.weight for one in usual) == pytest.approx(1)
    assert len(usual) == 5
    dark = replace(day.demand.forecast, solar_kw=np.zeros(day.demand.settlement.slots))
    at_night = usual_scenarios(replace(day, demand=replace(day.demand, forecast=dark)))
    assert [one.name for one in at_night] == ["as_forecast", "high_load", "low_load"]
