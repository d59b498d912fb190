"""OpenEI rates: what a bill of one comes to, and what is not taken over silently."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from juli.core.errors import InputError
from juli.plant.tariffs import DemandContract, LineKind, Tariff, bill, load_tariff

# Summer (June to September) weekdays 12-18 are on-peak, as is their demand.
SUMMER = [5, 6, 7, 8]
WEEKDAYS = [[1 if month in SUMMER and 12 <= hour < 18 else 0 for hour in range(24)] for month in range(12)]
ALWAYS = [[0] * 24 for _ in range(12)]
RATE: dict[str, Any] = {
    "label": "539f6b25ec4f024411ec98c9",
    "utility": "Example Electric Co",
    "name": "General Service, Time of Use",
    "startdate": 1735689600,
    "sector": "Industrial",
    "voltagecategory": "Primary",
    "energyratestructure": [
        [
            {"rate": 0.08, "adj": 0.01, "sell": 0.04, "unit": "kWh", "max": 10_000},
            {"rate": 0.07, "adj": 0.01},
        ],
        [{"rate": 0.20, "adj": 0.01, "sell": 0.10}],
    ],
    "energyweekdayschedule": WEEKDAYS,
    "energyweekendschedule": ALWAYS,
    "demandratestructure": [[{"rate": 0.0}], [{"rate": 12.5}]],
    "demandweekdayschedule": WEEKDAYS,
    "demandweekendschedule": ALWAYS,
    "flatdemandstructure": [[{"rate": 5.0, "max": 50}, {"rate": 6.0}], [{"rate": 7.5}]],
    "flatdemandmonths": [1 if month in SUMMER else 0 for month in range(12)],
    "demandwindow": 30,
    "fixedchargefirstmeter": 2.0,
    "fixedchargeunits": "$/day",
    "mincharge": 50.0,
    "minchargeunits": "$/month",
    "fueladjustmentsmonthly": [0.0] * 6 + [0.005] + [0.0] * 5,
}

Load = Callable[..., Tariff]


@pytest.fixture
def load(tmp_path: Path) -> Load:
    def from_rate(time_zone: str | None = "America/New_York", **changes: Any) -> Tariff:
        path = tmp_path / "rate.json"
        rate = {key: value for key, value in (RATE | changes).items() if value is not None}
        path.write_text(json.dumps(rate), encoding="utf-8")
        return load_tariff(path, time_zone=time_zone)

    return from_rate


def test_a_july_is_billed_as_by_hand(load: Load, grid_from) -> None:
    tariff = load()
    july = grid_from("2025-07-01", 31 * 48, minutes=30, zone="America/New_York")
    load_kw = np.full(july.slots, 100.0)
    load_kw[26] = 160.0  # Tuesday 1 July, 13:00
    load_kw[8 * 48 + 4] = 200.0  # Wednesday 9 July, 2:00
    billed = bill(load_kw, july, tariff)
    (month,) = billed.months
    on_kwh = 23 * 6 * 100 + 30.0
    off_kwh = 31 * 24 * 100 + 80.0 - on_kwh
    assert {(line.kind.value, line.name): line.money for line in month.lines} == {
        ("energy", "period_0"): pytest.approx(off_kwh * 0.095, abs=0.01),
        ("energy", "period_1"): pytest.approx(on_kwh * 0.215, abs=0.01),
        ("tier", "tier period_0 above 10000 kWh"): pytest.approx((off_kwh - 10_000) * -0.01, abs=0.01),
        ("demand", "demand, period_1"): 160.0 * 12.5,
        ("demand", "flat demand 1"): 200.0 * 7.5,
        ("fixed", "fixed charge"): 62.0,
    }
    assert (tariff.currency, tariff.time_zone) == ("USD", "America/New_York")
    assert billed.warnings == ()


def test_the_tiers_of_a_flat_demand_are_charges_on_top_of_each_other(load: Load, grid_from) -> None:
    january = grid_from("2026-01-01", 31 * 48, minutes=30, zone="America/New_York")
    billed = bill(np.full(january.slots, 80.0), january, load())
    assert billed.money_of(LineKind.DEMAND) == 5.0 * 50 + 6.0 * 30


def test_the_minimum_is_topped_up(load: Load, grid_from) -> None:
    february = grid_from("2026-02-01", 28 * 48, minutes=30, zone="America/New_York")
    billed = bill(np.zeros(february.slots), february, load(fixedchargefirstmeter=0))
    assert [(line.kind.value, line.money) for line in billed.months[0].lines][-1] == ("minimum", 50.0)
    assert billed.money == 50.0


def test_export_earns_the_sell_field_of_its_period(load: Load, grid_from) -> None:
    noon = grid_from("2025-07-01T11:30", 2, minutes=30, zone="America/New_York")
    assert load().prices(noon).sell.tolist() == [0.04, 0.10]


def test_weekend_hours_have_their_own_table(load: Load, grid_from) -> None:
    saturday = grid_from("2025-07-05T13:00", 1, minutes=30, zone="America/New_York")
    monday = grid_from("2025-07-07T13:00", 1, minutes=30, zone="America/New_York")
    assert load().prices(saturday).period.tolist() == ["period_0"]
    assert load().prices(monday).period.tolist() == ["period_1"]


def test_several_charges_are_refused_as_one_price_on_the_peak(load: Load, grid_from) -> None:
    july = grid_from("2025-07-01", 48, minutes=30, zone="America/New_York")
    with pytest.raises(InputError, match="more than each month's one peak"):
        load().demand_terms(DemandContract(), july)
    only_flat = load(
        demandratestructure=None, flatdemandstructure=[[{"rate": 5.0}]], flatdemandmonths=[0] * 12
    )
    assert only_flat.demand_terms(DemandContract(), july)[0].price == 5.0


def test_it_is_in_force_from_its_start_date(load: Load, grid_from) -> None:
    with pytest.raises(InputError, match="in force from 2025-01-01"):
        load().prices(grid_from("2024-12-31", 1, zone="America/New_York"))


def test_the_apis_answer_of_one_rate_is_read_too(tmp_path: Path) -> None:
    path = tmp_path / "answer.json"
    path.write_text(json.dumps({"items": [RATE]}), encoding="utf-8")
    assert load_tariff(path, time_zone="America/New_York").title.startswith("Example Electric Co, General")


def test_a_plant_may_name_the_rate_with_its_zone_and_change_it(tmp_path: Path) -> None:
    (tmp_path / "rate.json").write_text(json.dumps(RATE), encoding="utf-8")
    tariff = load_tariff(
        {"urdb": "rate.json", "time_zone": "America/Denver", "valid_from": None}, folder=tmp_path
    )
    assert (tariff.time_zone, tariff.valid_from) == ("America/Denver", None)
    assert tariff.periods["period_1"].prices == {"energy": pytest.approx(0.21)}


def test_what_may_matter_is_a_caution_that_the_bill_repeats(load: Load, grid_from) -> None:
    tariff = load(dgrules="Net Metering", peakkwcapacitymin=500, energyattrs=[], demandwindow=None)
    july = grid_from("2025-07-01", 31 * 48, minutes=30, zone="America/New_York")
    told = "\n".join(map(str, bill(np.ones(july.slots), july, tariff).warnings))
    assert "dgrules (Net Metering) is not reckoned with" in told
    assert "peakkwcapacitymin (500) is not reckoned with" in told
    assert "demandwindow is absent" in told
    assert "energyattrs" not in told


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"demandratchetpercentage": [0.8] * 12}, "demandratchetpercentage", "can't reckon with"),
        ({"coincidentratestructure": [[{"rate": 3.0}]]}, "coincidentratestructure", "can't reckon with"),
        ({"lookbackPercent": 0.5}, "lookbackPercent", "can't reckon with"),
        ({"demandrateunit": "kVA"}, "demandrateunit", "is kVA"),
        ({"flatdemandunit": "kW daily"}, "flatdemandunit", "is kW daily"),
        (
            {
                "energyratestructure": [
                    [{"rate": 0.1, "unit": "kWh/kW", "max": 5}, {"rate": 0.1}],
                    [{"rate": 1}],
                ]
            },
            "energyratestructure[0][0]",
            "is in kWh/kW",
        ),
        ({"energyratestructure": [[{"rate": 0.1}, {"rate": 0.2}], [{"rate": 1}]]}, "[0][0]", "has no max"),
        ({"energyratestructure": [[{"rate": "x"}], [{"rate": 1}]]}, "[0][0]", "the rate 'x'"),
        ({"energyratestructure": [[{"rate": 0.1}]]}, "energyweekdayschedule", "names the period 1"),
        ({"energyweekdayschedule": [[0] * 24] * 11}, "energyweekdayschedule", "12 months by 24 hours"),
        ({"energyweekendschedule": None}, "energyweekendschedule", "12 months by 24 hours"),
        ({"flatdemandmonths": [0] * 11}, "flatdemandmonths", "12 months"),
        ({"flatdemandmonths": [2] * 12}, "flatdemandmonths", "names the structure 2"),
        ({"fixedchargeunits": "$/week"}, "fixedchargeunits", "'$/week'"),
        ({"fueladjustmentsmonthly": [0.1]}, "fueladjustmentsmonthly", "has 1 values, not 12"),
    ],
)
def test_what_can_not_be_reckoned_with_is_refused_by_its_field(
    load: Load, changes: dict[str, Any], field: str, said: str
) -> None:
    with pytest.raises(InputError) as caught:
        load(**changes)
    assert any(field in problem.place and said in problem.message for problem in caught.value.problems), str(
        caught.value
    )


def test_a_rate_needs_its_time_zone(load: Load) -> None:
    with pytest.raises(InputError, match="doesn't say its time zone"):
        load(time_zone=None)


@pytest.mark.parametrize(
    ("text", "said"),
    [("{", "is not JSON"), ("[]", "holds no single rate"), ('{"items": []}', "no single rate")],
)
def test_a_file_that_is_no_rate_is_refused(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "rate.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=said):
        load_tariff(path, time_zone="America/New_York")
