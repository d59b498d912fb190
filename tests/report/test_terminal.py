"""The terminal's summary is readable in 80 columns, without colour, in both languages."""

import io
from dataclasses import replace
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.console import Console

from juli.plan import Status
from juli.report.terminal import show_bill, show_plan


def printed(case, language="en", width=80, files=None):
    stream = io.StringIO()
    console = Console(file=stream, width=width, no_color=True, highlight=False)
    show_plan(
        case.plant, case.demand, case.work, case.plan, case.violations, language, 7, files or {}, console
    )
    return stream.getvalue()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_line_fits_into_80_columns(case, language):
    assert max(cell_len(line) for line in printed(case, language).splitlines()) <= 80


def test_money_lateness_and_lead_time_are_said(case):
    text = printed(case)
    assert f"{case.plan.bill.total_money:,.2f}" in text
    assert "Late orders (1), worst first" in text
    assert "SO-2" in text
    assert "160.00" in text
    assert "All parts of one set made within" in text
    assert "The plan breaks no rule." in text
    assert "juli show 7" in text


def test_chinese_columns_line_up(case):
    lines = [line for line in printed(case, "zh").splitlines() if "%" in line and "电费" in line]
    assert len(lines) >= 4
    assert len({cell_len(line.rstrip()) for line in lines}) == 1


def test_broken_rules_are_listed(broken):
    text = printed(broken, width=200)
    assert f"{len(broken.violations)} broken rules." in text
    assert "An operation runs on a machine that can do it: SO-1#1/CABINET/FRAME/cut is on ghost" in text


def test_only_the_worst_ten_late_orders_are_listed(case):
    late = [replace(case.demand.orders[1], id=f"SO-{number}") for number in range(20, 33)]
    crowded = replace(case, demand=replace(case.demand, orders=(*case.demand.orders, *late)))
    text = printed(crowded, width=200)
    assert (
        sum(
            line.lstrip().startswith("SO-2") or line.lstrip().startswith("SO-3")
            for line in text.splitlines()
            if "Dec" in line
        )
        == 10
    )
    assert "and 4 more" in text


def test_files_are_named_whole(case):
    path = Path("/a") / ("long" * 30) / "report.html"
    assert str(path) in printed(case, files={"report": path}).replace("\n", "")


def test_a_proved_plan_says_so(case):
    assert "proved to be the best" in printed(replace(case, plan=replace(case.plan, status=Status.OPTIMAL)))


def test_a_bill_is_shown_without_its_plant(case):
    stream = io.StringIO()
    show_bill("[red]Works", "CNY", case.plan, "en", Console(file=stream, width=80, no_color=True))
    assert "[red]Works" in stream.getvalue()
    assert f"{case.plan.bill.total_money:,.2f}" in stream.getvalue()
