"""Where the rules of a shop contradict themselves in the plant file: each is said."""

from typing import Any

import pytest

from juli.plant.consistency import inconsistencies
from juli.plant.factory import Plant
from juli.plant.machine import MachinePower, Setups
from juli.plant.resource import Transfers


def described(step: dict[str, Any] | None = None, **more: Any) -> Plant:
    machine = {"id": "m", "line": "A", "calendar": "all", "power": {"running_kw": 9}}
    routing = [{"operation": "do", "machines": ["m"], "minutes_per_unit": 5, **(step or {})}]
    return Plant.model_validate(
        {
            "name": "works",
            "planning": {"start": "2023-12-18"},
            "calendars": {"all": {"shifts": [{"from": "00:00", "to": "00:00"}]}},
            "machines": [machine | more.pop("machine", {})],
            "products": [{"id": "P", "routing": routing}],
            "grid": {"tariff": "flat"},
            **more,
        }
    )


@pytest.mark.parametrize(
    ("plant", "said"),
    [
        (
            described(machine={"setups": {"otherwise_minutes": 5}}),
            "P/do has no family, but m works by families",
        ),
        (
            described({"family": "red"}, machine={"setups": {"initial": "read"}}),
            "m is set up for the family read, which no step has",
        ),
        (
            described({"family": "red"}, machine={"batch": {"capacity": 2}}),
            "m takes batches, but P/do does not say how long one takes",
        ),
        (described({"batch_minutes": 5}), "P/do has batch_minutes, but none of its machines takes batches"),
        (
            described(
                {"family": "r", "batch_minutes": 5, "pausable": True}, machine={"batch": {"capacity": 2}}
            ),
            "P/do may pause, but m takes batches",
        ),
        (
            described({"pausable": True}, machine={"power": {"running_kw": 9, "warm_up_minutes": 5}}),
            "P/do may pause, but m has to be kept warm",
        ),
        (
            described(machine={"power": {"running_kw": 9, "warm_up_minutes": 9, "stays_warm_minutes": 5}}),
            "m stays warm for 5 minutes, less than the 9",
        ),
        (described({"needs": {"wire": 1}}), "P/do needs wire, which no resource is or can"),
        (
            described({"needs": {"wire": 3}}, resources=[{"id": "men", "amount": 2, "skills": ["wire"]}]),
            "P/do needs 3 wire, and there are 2",
        ),
        (
            described(resources=[{"id": "men", "amount": 2, "calendar": "nights"}]),
            "men is there by the calendar nights, which does not exist",
        ),
        (described(transfers={"minutes": {"A": {"B": 5}}}), "a transfer names the line B"),
        (
            described({"least_wait_minutes": 9, "most_wait_minutes": 5}),
            "waits at least 9 and at most 5 minutes",
        ),
    ],
)
def test_a_contradiction_is_said(plant: Plant, said: str) -> None:
    assert any(said in finding.message for finding in inconsistencies(plant)), said


def test_a_change_that_is_longer_than_by_way_of_a_third_colour_is_said() -> None:
    colours = [
        {"operation": c, "machines": ["m"], "minutes_per_unit": 5, "family": c} for c in ("a", "b", "c")
    ]
    setups = {"otherwise_minutes": 10, "minutes": {"a": {"c": 45}}}
    plant = described(machine={"setups": setups}, products=[{"id": "P", "routing": colours}])
    assert any(
        "45 minutes from a to c, but by way of b only 20" in found.message for found in inconsistencies(plant)
    )


def test_a_machine_idles_as_long_as_that_takes_no_more_energy_than_warming_up() -> None:
    power = MachinePower(running_kw=50, idle_kw=10, off_kw=1, warm_up_minutes=30, warm_up_kw=40)
    assert power.warm_up_slots(5) == 6
    assert power.stays_warm_slots(5) == 26  # 6 slots at 39 kW more than off, against 9 kW more than off


def test_the_way_back_takes_as_long_unless_it_is_named() -> None:
    ways = Transfers(between_lines_minutes=5, minutes={"A": {"B": 12}, "C": {"A": 3}, "A2": {}})
    assert (
        ways.between("B", "A"),
        ways.between("A", "C"),
        ways.between("B", "C"),
        ways.between("A", "A"),
    ) == (
        12,
        3,
        5,
        0,
    )


def test_set_ups_begin_in_the_state_that_is_known() -> None:
    known = Setups(initial="red", first_minutes=30, otherwise_minutes=20)
    unknown = Setups(first_minutes=30, otherwise_minutes=20)
    assert (known.between(None, "red"), known.between(None, "blue"), unknown.between(None, "blue")) == (
        0,
        20,
        30,
    )
