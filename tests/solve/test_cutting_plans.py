"""A plan's cutting operations carry their cutting plan, and its report shows it."""

import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from juli.plan.document import from_document, to_document
from juli.plan.result import Plan
from juli.report.page import page
from juli.solve.completion import Effort, Outcome
from juli.solve.cutting import plan_cutting
from juli.solve.day import Day, load
from juli.solve.replan import read_events, replan
from juli.solve.week import solve_day
from juli.store.fingerprint import fingerprint

CUT = "{operation: cut, machines: [saw], minutes_per_unit: 15, setup_minutes: 5}"
CUTS = "cuts: [{material: profile, length_mm: 2100, quantity: 4}, {material: profile, length_mm: 640.5}]}"
MATERIAL = "{id: profile, kerf_mm: 3, end_trim_mm: 20, least_offcut_mm: 600}"
EFFORT = Effort(seconds=60, iterations=40)


def cutting_day(project: Path, folder: Path, stock: str) -> Day:
    """The tiny works, whose frames are sawn from a profile."""
    shutil.copytree(project / "examples" / "tiny", folder, dirs_exist_ok=True)
    text = (folder / "plant.yaml").read_text(encoding="utf-8")
    assert CUT in text
    text = text.replace(CUT, CUT.replace("}", f", {CUTS}"))
    text = text.replace("products:\n", f"materials: [{MATERIAL}]\nproducts:\n")
    (folder / "plant.yaml").write_text(text, encoding="utf-8")
    (folder / "stock.csv").write_text("bar,material,length_mm,quantity\n" + stock, encoding="utf-8")
    return load(folder)


@pytest.fixture(scope="module")
def planned(project: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Day, Outcome]:
    rows = "".join(f"P-{at},profile,{5990 + 7.5 * at},1\n" for at in range(30)) + "R,profile,12000,2\n"
    day = cutting_day(project, tmp_path_factory.mktemp("cutting"), rows)
    return day, solve_day(day, EFFORT)


def plan_of(outcome: Outcome) -> Plan:
    assert outcome.plan is not None
    return outcome.plan


def test_every_frame_is_cut_and_the_judge_finds_nothing(planned: tuple[Day, Outcome]) -> None:
    day, outcome = planned
    assert outcome.violations == ()
    plan = plan_of(outcome)
    frames = sum(one.quantity for one in outcome.work.operations if one.cuts)
    assert sum(len(cut.pieces) for cut in plan.cutting) == 5 * frames > 0
    assert {cut.machine for cut in plan.cutting} == {"saw"}
    stock = {bar.id: bar.length_mm for bar in day.demand.stock}
    left = {cut.offcut: cut.offcut_mm for cut in plan.cutting if cut.offcut}
    assert all(cut.length_mm == (stock | left)[cut.bar] for cut in plan.cutting)


def test_the_cutting_plan_is_written_and_read_again(planned: tuple[Day, Outcome]) -> None:
    plan = plan_of(planned[1])
    assert from_document(to_document(plan)).cutting == plan.cutting != ()


@pytest.mark.parametrize(("language", "title"), [("zh", "下料计划"), ("en", "Cutting plan")])
def test_the_report_draws_every_cut_list(planned: tuple[Day, Outcome], language: str, title: str) -> None:
    day, outcome = planned
    plan = plan_of(outcome)
    text = page(day.plant, day.demand, plan, (), language)  # type: ignore[arg-type]  # a language
    assert title in text
    starts = {run.operation: plan.schedule.time_of(run.start).date() for run in plan.runs}
    lists = {(cut.machine, starts[cut.operation]) for cut in plan.cutting}
    assert text.count('<svg class="bars"') == len(lists)
    assert "verdict bad" not in text.partition("<body")[2]


def test_a_short_stock_is_told_by_the_judge_and_by_the_report(project: Path, tmp_path: Path) -> None:
    day = cutting_day(project, tmp_path, "P-1,profile,6000,4\n")
    assert any("m of profile" in problem.message for problem in day.warnings)
    outcome = solve_day(day, EFFORT)
    plan = plan_of(outcome)
    assert 0 < len(plan.cutting) <= 4
    assert {violation.rule for violation in outcome.violations} == {"pieces_once"}
    assert "The stock is short" in page(day.plant, day.demand, plan, outcome.violations, "en")


def test_bars_of_runs_that_have_begun_stay_cut(planned: tuple[Day, Outcome], tmp_path: Path) -> None:
    day, outcome = planned
    plan = plan_of(outcome)
    first = min(run.start for run in plan.runs if run.operation in {cut.operation for cut in plan.cutting})
    now = plan.schedule.time_of(first) + timedelta(minutes=30)
    file = tmp_path / "event.yaml"
    until = (now + timedelta(hours=2)).isoformat()
    stop = f"{{kind: machine_stop, machine: saw, until: {until}, reason: blade}}"
    file.write_text(f"now: {now.isoformat()}\nevents:\n  - {stop}\n", encoding="utf-8")
    again = replan(day, plan, read_events(file), Effort(seconds=60, iterations=5)).outcome
    assert again.violations == ()
    begun = {run.operation for run in plan.runs if plan.schedule.time_of(run.start) < now}
    kept = {(cut.bar, cut.offcut) for cut in plan.cutting if cut.operation in begun}
    assert kept
    assert kept <= {(cut.bar, cut.offcut) for cut in plan_of(again).cutting}


def test_a_bar_more_is_another_question(planned: tuple[Day, Outcome]) -> None:
    day, _ = planned
    fewer = replace(day.demand, stock=day.demand.stock[:-1])
    told = fingerprint(day.plant, day.demand)
    assert told == fingerprint(day.plant, replace(day.demand)) != fingerprint(day.plant, fewer)


def test_the_same_schedule_is_cut_the_same_way(planned: tuple[Day, Outcome]) -> None:
    day, outcome = planned
    plan = plan_of(outcome)
    first, second = (
        plan_cutting(day.plant, day.demand, outcome.work, plan.runs, seconds=60, rounds=20) for _ in range(2)
    )
    assert first == second
