"""Why an order is late: the chain is true of the plan, and every mend was found by solving again."""

import shutil
from pathlib import Path

import pytest

from juli.core.errors import InputError
from juli.plan.result import Plan
from juli.plant.work import expand
from juli.solve.completion import Effort
from juli.solve.day import Day, load
from juli.solve.explanation import Explanation, explain
from juli.solve.week import solve_day

#: Two orders for one bench on one morning: whoever is second is late.
ORDERS = """\
order,product,quantity,release,due,site,lateness_per_hour
A-1,BOX,4,2023-12-18,2023-12-18T09:30,,90
B-1,BOX,4,2023-12-18,2023-12-18T09:30,,20
C-1,CABINET,1,2023-12-18,2023-12-20T18:00,,60
"""
EFFORT = Effort(seconds=60, iterations=30)


@pytest.fixture(scope="module")
def crowded(project: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Day, Plan]:
    folder = tmp_path_factory.mktemp("crowded") / "tiny"
    shutil.copytree(project / "examples" / "tiny", folder)
    (folder / "orders.csv").write_text(ORDERS, encoding="utf-8")
    day = load(folder)
    plan = solve_day(day, Effort(seconds=60, iterations=200)).plan
    assert plan is not None
    return day, plan


@pytest.fixture(scope="module")
def late(crowded: tuple[Day, Plan]) -> Explanation:
    return explain(*crowded, "B-1", EFFORT)


def test_the_chain_leads_from_the_completion_back_to_a_release_a_closing_or_a_choice(
    crowded: tuple[Day, Plan], late: Explanation
) -> None:
    day, _ = crowded
    step = day.demand.schedule.step_seconds
    assert late.late_hours > 0
    assert late.chain[0].run.end * step == late.completed_seconds
    for link, before in zip(late.chain, late.chain[1:], strict=False):
        assert link.by == before.run.operation
    assert late.chain[-1].by == ""


def test_what_a_link_says_of_its_start_is_true(crowded: tuple[Day, Plan], late: Explanation) -> None:
    day, plan = crowded
    work = expand(day.plant, day.demand)
    runs = {run.operation: run for run in plan.runs}
    for link in late.chain:
        if link.binding == "predecessor":
            assert link.by in work.by_id[link.run.operation].predecessors
            assert runs[link.by].end == link.run.start
        if link.binding == "machine":
            assert runs[link.by].machine == link.run.machine
            assert runs[link.by].end == link.run.start
        if link.binding == "closed":
            machine = day.plant.machine_by_id[link.run.machine]
            working = machine.working(day.plant.calendars[machine.calendar], day.demand.schedule)
            assert not working[link.run.start - 1]


def test_every_mend_gets_the_order_done_earlier_and_accounts_for_it(
    crowded: tuple[Day, Plan], late: Explanation
) -> None:
    step = crowded[0].demand.schedule.step_seconds
    assert late.mends
    for mend in late.mends:
        assert mend.completed_slot * step < late.completed_seconds
        assert mend.late_hours < late.works_late_hours
        assert mend.saved_money == pytest.approx(20 * (late.works_late_hours - mend.late_hours), abs=0.02)


def test_the_order_that_could_wait_is_named_and_pays_for_it(late: Explanation) -> None:
    waits = [mend for mend in late.mends if mend.kind == "wait"]
    assert [mend.subject for mend in waits] == ["A-1"]
    assert waits[0].later_orders == ("A-1",)
    # A's hour costs 90 and B's 20, so letting A wait can't pay.
    assert waits[0].cost_money > waits[0].saved_money


def test_overtime_is_tried_only_where_a_machine_is_closed(
    crowded: tuple[Day, Plan], late: Explanation
) -> None:
    plant, grid = crowded[0].plant, crowded[0].demand.schedule
    overtime = [mend for mend in late.mends if mend.kind == "overtime"]
    assert overtime
    for mend in overtime:
        machine = plant.machine_by_id[mend.subject]
        assert not machine.working(plant.calendars[machine.calendar], grid).all()


def test_a_punctual_order_is_told_what_its_punctuality_costs(crowded: tuple[Day, Plan]) -> None:
    told = explain(*crowded, "C-1", EFFORT)
    assert told.late_hours == 0
    assert told.mends == ()
    assert told.punctuality_money is not None
    assert told.punctuality_money >= 0


def test_the_same_seed_explains_alike(crowded: tuple[Day, Plan], late: Explanation) -> None:
    assert explain(*crowded, "B-1", EFFORT) == late


def test_an_unknown_order_and_a_plan_of_other_files_are_refused(
    crowded: tuple[Day, Plan], project: Path
) -> None:
    with pytest.raises(InputError, match="there is no order Z-9; the orders are A-1, B-1, C-1"):
        explain(*crowded, "Z-9")
    with pytest.raises(InputError, match="the plan is not of these files"):
        explain(load(project / "examples" / "tiny"), crowded[1], "SO-1")
