"""A shop that nothing fits into gets the smallest set of rules that contradict each other."""

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.workshop.small_shops import least_cost, random_shop

from juli.workshop.contradiction import Kind, find_contradiction, with_rules
from juli.workshop.contradiction_wording import Names, explained
from juli.workshop.problem import Job, Mode, Objective, Operation, Run, ShopProblem, Wait

NAMES = Names(
    job=lambda number: f"order {number}",
    operation=lambda number: f"operation {number}",
    machine=lambda number: f"machine {number}",
    resource=lambda number: f"resource {number}",
    moment=lambda slot: f"slot {slot}",
    length=lambda slots: f"{slots} h",
)


def two_shifts(*operations: Operation, **rest: object) -> ShopProblem:
    """A machine that works 8 h of each day's 24, over two days."""
    opened = (np.arange(48) % 24 >= 8) & (np.arange(48) % 24 < 16)
    jobs = tuple(Job() for _ in range(1 + max(operation.job for operation in operations)))
    shop = ShopProblem(48, 1, jobs, operations, opened=opened[np.newaxis])
    return replace(shop, **rest)  # type: ignore[arg-type]  # drawn options


def kinds(shop: ShopProblem) -> list[tuple[str, int]]:
    found = find_contradiction(shop, seconds=20)
    assert found is not None
    assert found.is_smallest
    return sorted((rule.kind.value, rule.number) for rule in found.rules)


def test_a_long_operation_contradicts_the_shift_and_that_it_may_not_pause() -> None:
    shop = two_shifts(Operation(0, (Mode(0, 2),)), Operation(1, (Mode(0, 9),)))
    assert kinds(shop) == [("calendar", 0), ("no_pause", 1), ("order", 1)]
    found = find_contradiction(shop, seconds=20)
    assert found is not None
    text = str(explained(shop, found, NAMES))
    assert "without any one of them there is a plan" in text
    assert "operation 1: lasts 9 h on machine 0 and may not pause -> let it pause" in text
    assert "machine 0: works 16 h in all, and at most 8 h at a stretch" in text
    assert "order 1: is to be made: operation 1 (9 h)" in text


def test_too_much_work_names_the_orders_that_are_too_many() -> None:
    shop = two_shifts(*(Operation(job, (Mode(0, 5),), pausable=True) for job in range(4)))
    found = find_contradiction(shop, seconds=20)
    assert found is not None
    # Any three orders fit; 4 x 5 h are more than 2 x 8 h.
    assert [rule.number for rule in found.rules if rule.kind is Kind.ORDER] == [0, 1, 2, 3]
    assert {rule.kind for rule in found.rules} == {Kind.ORDER, Kind.CALENDAR, Kind.HORIZON}


def test_a_late_release_contradicts_the_end_of_the_plan() -> None:
    shop = two_shifts(Operation(0, (Mode(0, 3),)), jobs=(Job(release=38),))
    assert kinds(shop) == [("calendar", 0), ("horizon", 0), ("order", 0), ("release", 0)]


def test_maintenance_is_told_from_shifts() -> None:
    shop = two_shifts(Operation(0, (Mode(0, 6),), latest=24))
    calendar = shop.is_open
    stopped = calendar.copy()
    stopped[0, 12:14] = False
    found = find_contradiction(replace(shop, opened=stopped), seconds=20, calendar=calendar)
    assert found is not None
    told = {rule.kind for rule in found.rules}
    assert Kind.MAINTENANCE in told
    assert Kind.LATEST in told
    text = str(explained(replace(shop, opened=stopped), found, NAMES, calendar))
    assert "stands for maintenance in 2 h of its shifts, between slot 12 and slot 14" in text


def test_a_longest_wait_contradicts_a_way() -> None:
    shop = ShopProblem(
        20,
        2,
        (Job(),),
        (Operation(0, (Mode(0, 2),)), Operation(0, (Mode(1, 2),))),
        (Wait(0, 1, 0, 3),),
        place=(0, 1),
        travel=np.array([[0, 4], [4, 0]]),
    )
    assert kinds(shop) == [("most_wait", 0), ("order", 0), ("transfer", 0)]


def test_people_and_frozen_work_are_named() -> None:
    one = np.ones((1, 6))
    shop = ShopProblem(
        6,
        2,
        (Job(), Job()),
        (
            Operation(0, (Mode(0, 4),), fixed=Run(0, 0, 0, 4), needs=((0, 1.0),)),
            Operation(1, (Mode(1, 3),), needs=((0, 1.0),)),
        ),
        resources=one,
    )
    told = kinds(shop)
    assert ("resource", 0) in told
    assert ("horizon", 0) in told
    assert [rule for rule in told if rule[0] == "order"] == [("order", 0), ("order", 1)]


def test_without_time_it_says_that_it_may_not_be_the_smallest() -> None:
    shop = two_shifts(*(Operation(job, (Mode(0, 5),), pausable=True) for job in range(8)))

    class Hasty:
        """A clock on which each reading takes a second."""

        def __init__(self) -> None:
            self.read = 0.0

        def elapsed_seconds(self) -> float:
            self.read += 1.0
            return self.read

    found = find_contradiction(shop, seconds=5.0, clock=Hasty())  # type: ignore[arg-type]  # a clock that runs fast
    assert found is not None
    assert not found.is_smallest
    assert "perhaps not all of them are needed" in str(explained(shop, found, NAMES))


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=20, deadline=None)
def test_what_is_named_can_not_be_done_and_every_rule_of_it_is_needed(seed: int) -> None:
    shop = random_shop(seed, slots=6)
    possible = least_cost(shop, Objective.MAKESPAN) < np.inf
    found = find_contradiction(shop, seconds=20)
    assert (found is None) == possible
    if found is None:
        return
    assert found.is_smallest
    rest = with_rules(shop, found.rules, found.operations)
    assert least_cost(rest, Objective.MAKESPAN) == np.inf
    for rule in found.rules:
        fewer = [other for other in found.rules if other != rule]
        smaller = with_rules(shop, fewer, found.operations)
        if smaller.slots == shop.slots:
            assert least_cost(smaller, Objective.MAKESPAN) < np.inf, rule


def test_a_feasible_shop_has_no_contradiction() -> None:
    assert find_contradiction(two_shifts(Operation(0, (Mode(0, 8),))), seconds=5) is None
