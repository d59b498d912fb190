"""The dispatch's page: self-contained, in both languages, its figures true to the dispatch."""

import re
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from juli.cli.dispatch import command
from juli.power.dispatch_file import DispatchFile
from juli.power.services.operation import operate, without_battery
from juli.report.dispatch.outcome import DispatchOutcome
from juli.report.dispatch.words import phrases

pytest.importorskip("plotly", reason="plotly draws the pages and is not installed")

from juli.report.dispatch.figures import heat_figure, shown_week, waterfall_figure, week_figure
from juli.report.dispatch.page import page

LOAD = [300 + 200 * (8 <= k % 24 < 18) + k // 24 for k in range(24 * 10)]
SITE = f"""step_hours: 1
start: 2025-07-01T06:00
consumption_kw: {LOAD}
tariff: jiangsu-2025-06-two-part-1-10kv
demand_mode: contract_demand
contract_kw: 450
battery: {{chemistry: nickel_hydrogen, energy_kwh: 800, power_kw: 200, temperature_celsius: 20}}
services:
  calls: [{{first_slot: 30, last_slot: 31, committed_kw: 50, baseline_kw: 400, pay_per_kwh: 3}}]
"""
PLAIN = """step_hours: 1
consumption_kw: [100, 100, 100, 100]
buy: [0.2, 0.2, 1, 1]
sell: 0
battery: {charge_kw: 50, discharge_kw: 50, energy_kwh: 50, charge_efficiency: 1, discharge_efficiency: 1}
"""


def outcome_of(folder: Path, text: str) -> DispatchOutcome:
    (folder / "site.yaml").write_text(text, encoding="utf-8")
    asked = DispatchFile(folder / "site.yaml")
    operation = operate(asked.problem, asked.services, asked.physical)
    before = without_battery(asked.problem, asked.services)
    return DispatchOutcome(asked, operation, before, notes=tuple(asked.notes))


@pytest.mark.parametrize("text", [SITE, PLAIN])
def test_the_page_asks_for_nothing_from_anywhere(tmp_path, text):
    written = page(outcome_of(tmp_path, text), "site", "en")
    assert "default-src 'none'" in written
    before_plotly = written[: written.index("<script>")]
    assert not re.search(r"(src|href)=.https?:", before_plotly)
    assert "<link" not in before_plotly
    for part in ("week-figure", "bill-figure", "charge-figure"):
        assert f'id="{part}"' in written


def test_every_phrase_is_said_in_both_languages_with_the_same_braces():
    for key, (chinese, english) in phrases().items():
        assert chinese, key
        assert english, key
        assert sorted(re.findall(r"{\w+}", chinese)) == sorted(re.findall(r"{\w+}", english)), key


def test_the_chinese_page_speaks_chinese(tmp_path):
    written = page(outcome_of(tmp_path, SITE), "site", "zh")
    assert 'lang="zh-CN"' in written
    for phrase in ("电池节省", "荷电状态", "移峰填谷", "镍氢"):
        assert phrase in written


@pytest.mark.parametrize("text", [SITE, PLAIN])
def test_the_waterfall_leads_from_the_one_bill_to_the_other(tmp_path, text):
    outcome = outcome_of(tmp_path, text)
    (bars,) = waterfall_figure(outcome, "en").data
    assert bars.y[0] == pytest.approx(outcome.before.cost)
    assert sum(bars.y[:-1]) == pytest.approx(outcome.operation.stacked.cost, abs=0.05)
    assert bars.y[-1] == pytest.approx(outcome.operation.stacked.cost)


def test_the_heat_map_puts_each_level_at_its_day_and_hour(tmp_path):
    outcome = outcome_of(tmp_path, SITE)
    (map_,) = heat_figure(outcome, "en").data
    table = np.array(map_.z, dtype=float)
    assert table.shape == (24, 11)
    # The first slot begins at 6:00 of the first day, the last ends at 6:00 of the eleventh.
    assert np.isnan(table[:6, 0]).all()
    assert np.isnan(table[6:, 10]).all()
    share = outcome.operation.dispatch.stored_kwh[1:] / outcome.operation.problem.battery.energy_kwh
    assert table[6, 0] == pytest.approx(share[0], abs=1e-3)
    assert table[5, 10] == pytest.approx(share[-1], abs=1e-3)
    assert map_.x[0] == "2025-07-01"


def test_the_week_shown_holds_the_highest_import(tmp_path):
    outcome = outcome_of(tmp_path, SITE)
    week = shown_week(outcome)
    assert week.stop - week.start == 7 * 24
    assert week.start <= int(np.argmax(outcome.before.dispatch.grid_kw)) < week.stop
    names = {trace.name for trace in week_figure(outcome, "en").data}
    assert {"grid import", "battery discharge", "consumption", "price", "stored energy"} <= names


def test_the_command_writes_it(tmp_path):
    (tmp_path / "site.yaml").write_text(PLAIN, encoding="utf-8")
    arguments = [str(tmp_path / "site.yaml"), "--out", str(tmp_path / "out"), "--worth", "--lang", "zh"]
    done = CliRunner().invoke(command, arguments, catch_exceptions=False)
    assert "dispatch.html" in done.stdout
    assert "各来源的价值" in (tmp_path / "out" / "dispatch.html").read_text(encoding="utf-8")
