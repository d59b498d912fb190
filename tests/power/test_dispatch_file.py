"""A dispatch file: batteries by chemistry, prices by a tariff, services; what is wrong, by its line."""

from pathlib import Path

import numpy as np
import pytest

from juli.core.errors import InputError
from juli.power.chemistry import NickelHydrogen
from juli.power.chemistry.linearise import linearise
from juli.power.dispatch_file import DispatchFile

PRICES = "step_hours: 1\nconsumption_kw: [300, 300, 300, 300]\nbuy: [0.2, 0.2, 1, 1]\nsell: 0\n"
DATED = "step_hours: 1\nconsumption_kw: [300, 300, 300, 300]\nstart: 2025-07-01T12:00\n"
TARIFF = "tariff: jiangsu-2025-06-two-part-1-10kv\ndemand_mode: measured_maximum\n"
VESSELS = "battery: {chemistry: nickel_hydrogen, energy_kwh: 400, power_kw: 100, temperature_celsius: 15}\n"
LINE = (
    "battery: {charge_kw: 50, discharge_kw: 50, energy_kwh: 50, "
    "charge_efficiency: 1, discharge_efficiency: 1}\n"
)
SECOND = LINE.replace("battery: ", "more_batteries:\n  - ")


def read(folder: Path, text: str, **files: str) -> DispatchFile:
    for name, content in files.items():
        (folder / f"{name}.csv").write_text(content, encoding="utf-8")
    (folder / "site.yaml").write_text(text, encoding="utf-8")
    return DispatchFile(folder / "site.yaml")


class TestChemistry:
    def test_it_is_planned_with_as_the_line_of_its_temperature_half_full_at_both_ends(self, tmp_path):
        asked = read(tmp_path, PRICES + VESSELS)
        line = linearise(NickelHydrogen(energy_kwh=400, power_kw=100), 15, standing_loss=False)
        assert asked.problem.battery.charge_efficiency == line.charge_efficiency
        assert (asked.problem.battery.start_kwh, asked.problem.battery.end_kwh) == (200, 200)
        assert asked.physical.chemistry.energy_kwh == 400
        assert asked.physical.state.celsius == 15

    def test_every_parameter_may_be_set(self, tmp_path):
        asked = read(tmp_path, PRICES + VESSELS.replace("15}", "15, pressure_limit_bar: 50, start_kwh: 0}"))
        assert asked.physical.chemistry.pressure_limit_bar == 50
        assert asked.problem.battery.start_kwh == 0

    def test_the_air_around_it_may_be_a_column(self, tmp_path):
        rows = "time,consumption_kw,air\n" + "\n".join(f"2025-07-01T0{h}:00,100,{20 + h}" for h in range(4))
        battery = VESSELS.replace("15}", "15, ambient_celsius: air}")
        asked = read(tmp_path, f"series: site.csv\nbuy: 1\nsell: 0\n{battery}", site=rows)
        assert asked.physical.ambient_celsius.tolist() == [20, 21, 22, 23]


def test_further_batteries_are_lines_too(tmp_path):
    text = PRICES + LINE + SECOND
    (other,) = read(tmp_path, text).problem.more_batteries
    assert other.energy_kwh == 50


class TestTariff:
    def test_prices_and_demand_terms_are_the_tariffs(self, tmp_path):
        problem = read(tmp_path, DATED + TARIFF).problem
        # 12-13 valley, 13-14 flat, 14-15 sharp peak, 15-16 peak; only the purchase price floats.
        rest = 0.1357 + 0.017 + 0.028 + 0.0293
        floats = [0.44 * factor for factor in (0.35, 1, 1.8 * 1.2, 1.8)]
        assert problem.buy == pytest.approx(np.array(floats) + rest)
        assert problem.demand_price.tolist() == [51.2]
        assert problem.demand_period.tolist() == [0, 0, 0, 0]

    def test_a_contract_costs_nothing_up_to_105_percent_and_double_above(self, tmp_path):
        mode = "demand_mode: contract_demand\ncontract_kw: 200\n"
        asked = read(tmp_path, DATED + TARIFF.replace("demand_mode: measured_maximum\n", mode))
        assert asked.problem.demand_free_kw.tolist() == [210]
        assert asked.problem.demand_price.tolist() == [102.4]
        assert asked.tariff.fixed_money == pytest.approx(200 * 51.2)

    def test_transformer_capacity_has_no_peak_to_pay(self, tmp_path):
        mode = "demand_mode: transformer_capacity\ncapacity_kva: 400\n"
        asked = read(tmp_path, DATED + TARIFF.replace("demand_mode: measured_maximum\n", mode))
        assert not np.any(asked.problem.demand_period >= 0)
        assert asked.tariff.fixed_money == 400 * 32
        assert "shaving peaks earns nothing" in str(asked.notes[0])

    def test_each_month_has_its_own_peak(self, tmp_path):
        text = (DATED + TARIFF).replace("2025-07-01T12:00", "2025-07-31T22:00")
        assert read(tmp_path, text).problem.demand_period.tolist() == [0, 0, 1, 1]

    def test_export_may_earn_a_price_of_ones_own(self, tmp_path):
        assert read(tmp_path, DATED + TARIFF + "sell: 0.25\n").problem.sell.tolist() == [0.25] * 4

    def test_an_old_year_may_be_reckoned_with_all_the_same(self, tmp_path):
        text = (DATED + TARIFF).replace("2025-07", "2018-07")
        with pytest.raises(InputError, match=r"site\.yaml:4.*in force from 2025-06-01.*any_date: true"):
            read(tmp_path, text)
        asked = read(tmp_path, text + "any_date: true\n")
        assert asked.problem.buy == pytest.approx(read(tmp_path, DATED + TARIFF).problem.buy)


class TestServices:
    def test_a_call_is_placed_by_its_hours(self, tmp_path):
        call = "{start: 2025-07-01T13:00, end: 2025-07-01T15:00, committed_kw: 50, baseline_kw: 300, "
        text = DATED + TARIFF + LINE + f"services:\n  calls:\n    - {call}pay_per_kwh: 3}}\n"
        (call,) = read(tmp_path, text).services.calls
        assert (call.first_slot, call.last_slot, call.take_part) == (1, 2, None)

    def test_a_baseline_may_be_the_mean_of_days_before(self, tmp_path):
        load = [100] * 24 + [300] * 24 + [500] * 24
        call = "{first_slot: 60, last_slot: 61, committed_kw: 5, baseline_days: 2, pay_per_kwh: 3}"
        text = (
            f"step_hours: 1\nconsumption_kw: {load}\nbuy: 1\nsell: 0\n{LINE}services: {{calls: [{call}]}}\n"
        )
        assert read(tmp_path, text).services.calls[0].baseline_kw.tolist() == [200, 200]

    def test_the_score_is_measured_on_the_physics_where_none_is_given(self, tmp_path):
        asked = read(tmp_path, PRICES + VESSELS + "services: {regulation: {capability_price: 40}}\n")
        assert 0.8 < asked.services.regulation.score < 1
        assert 0 < asked.services.regulation.up_share < 0.5
        assert len(asked.measured.scores) == 4
        assert asked.measured.index.of_three > asked.measured.index.of_two > 1

    def test_a_recorded_signal_takes_the_place_of_the_made_up_one(self, tmp_path):
        signal = "signal\n" + "\n".join(["0.5"] * 900 + ["-0.25"] * 900)
        text = PRICES + VESSELS + "services: {regulation: {capability_price: 40, signal: signal.csv}}\n"
        asked = read(tmp_path, text, signal=signal)
        assert asked.measured.recorded
        assert asked.services.regulation.up_share == pytest.approx(0.25)
        assert asked.services.regulation.down_share == pytest.approx(0.125)

    def test_a_site_too_small_hears_that_only_an_aggregator_can_bring_it(self, tmp_path):
        offer = "services:\n  regulation:\n    capability_price: 40\n    market: jiangsu-2020\n"
        with pytest.raises(
            InputError, match=r"site\.yaml:9: .*10,000 kW and 2 h.*only through an aggregator"
        ):
            read(tmp_path, PRICES + VESSELS + offer)
        asked = read(tmp_path, PRICES + VESSELS + offer + "    through_aggregator: true\n")
        assert "ask the aggregator" in asked.notes[0].mend


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        (PRICES + VESSELS.replace("temperature", "temperatur"), 5, r"write 'temperature_celsius'"),
        (PRICES + VESSELS.replace("nickel_h", "nickl_h"), 5, r"write 'nickel_hydrogen'"),
        (PRICES + VESSELS.replace("energy_kwh: 400, ", ""), 5, r"lacks energy_kwh"),
        (PRICES + VESSELS.replace("400", "-4"), 5, r"energy_kwh is -4.*at least 0"),
        (PRICES + VESSELS.replace("15}", "90}"), 5, r"90.0 °C lies outside -20.0 to 60.0"),
        (PRICES + VESSELS.replace("15}", "15, start_kwh: 500}"), 5, r"500.0 kWh lies outside"),
        (PRICES + VESSELS.replace("15}", "15, ambient_celsius: air}"), 5, r"no column 'air'"),
        (PRICES + VESSELS.replace("15}", "15, ambient_celsius: [1, 2]}"), 5, r"2 values for 4 slots"),
        (DATED + TARIFF.replace("1-10kv", "1-10k"), 4, r"did you mean jiangsu-2025-06"),
        (DATED + TARIFF.replace("measured_", "measure_"), 5, r"write 'measured_maximum'"),
        (DATED + TARIFF.partition("demand")[0], 4, r"say how it is paid"),
        (DATED + TARIFF.replace("measured_maximum", "contract_demand"), 5, r"contract_kw: give it"),
        (DATED + TARIFF + "contract_kw: -3\n", 6, r"contract_kw: Input should be greater than 0, not -3"),
        (DATED + TARIFF + "buy: 1\n", 6, r"buy stands beside tariff"),
        (DATED.replace("start: 2025-07-01T12:00\n", "") + TARIFF, 3, r"know when the slots are"),
        (PRICES + "demand_mode: measured_maximum\n", 5, r"without a tariff"),
        (PRICES + "services: {fimring: {}}\n", 5, r"'fimring' is unknown -> write 'firming'"),
        (PRICES + "services: {firming: {dead_band_kw: 5}}\n", 5, r"lacks declared_kw"),
        (
            PRICES + "services:\n  firming:\n    declared_kw: 1\n    over_price: -1\n",
            8, r"over_price is -1 -> give a number of at least 0",
        ),
        (
            PRICES + "services:\n  calls:\n  - first_slot: 2\n    last_slot: 9\n    committed_kw: 1\n"
            "    pay_per_kwh: 1\n",
            7, r"slots 2 to 9, is none within 0 to 3",
        ),
        (PRICES + "services: {calls: [{start: 2025-07-01}]}\n", 5, r"give first_slot and last_slot"),
        (PRICES + "services: {regulation: {capability_price: 1}}\n", 5, r"needs a battery"),
        (PRICES + LINE + "services: {regulation: {capability_price: 1}}\n", 6, r"lacks score"),
        (PRICES + "battery: 5\n", 5, r"5 is no battery"),
        (PRICES + "time_zone: Mars/Olympus\n", 5, r"Mars/Olympus"),
        (PRICES + VESSELS.replace("15}", "15, open_circuit_volt: [1.3]}"), 5, r"no curve of at least two"),
        (PRICES + VESSELS.replace("15}", "15, open_circuit_volt: 1.3}"), 5, r"no curve of at least two"),
        (PRICES + VESSELS.replace("15}", "15, ambient_celsius: -300}"), 5, r"give a number of at least -90"),
        (
            PRICES.replace(": 1\n", ": 1.5\n", 1) + VESSELS + "services: {regulation: {capability_price: 1}}",
            6,
            r"slots of 1.5 h do not divide the hour",
        ),
        (PRICES + LINE + SECOND.replace("50", "x", 1), 7, "no number"),
        (PRICES + VESSELS + SECOND, 6, "stands beside a battery given"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_with_file_and_line(tmp_path, text, line, message):
    with pytest.raises(InputError, match=rf"site\.yaml:{line}: .*{message}"):
        read(tmp_path, text)


def test_all_problems_come_at_once(tmp_path):
    text = PRICES + VESSELS.replace("temperature", "temperatur") + "services: {fimring: {}}\nbuzz: 1\n"
    with pytest.raises(InputError) as caught:
        read(tmp_path, text)
    assert len(caught.value.problems) == 3
