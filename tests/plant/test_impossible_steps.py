"""Steps that can't be done whatever the orders are: each is named before anything is solved."""

from typing import Any

import pytest

from juli.plant.consistency import inconsistencies
from juli.plant.factory import Plant


def plant_with(step: dict[str, Any], **more: Any) -> Plant:
    """A set that is bent on line B from a part that is cut on line A, an hour away."""
    return Plant.model_validate(
        {
            "name": "works",
            "planning": {"start": "2023-12-18", "step_minutes": 15, "settlement_minutes": 15},
            "calendars": {"all": {"shifts": [{"from": "00:00", "to": "00:00"}]}},
            "machines": [
                {"id": "saw", "line": "A", "calendar": "all", "power": {"running_kw": 1}},
                {"id": "press", "line": "B", "calendar": "all", "power": {"running_kw": 1}},
            ],
            "transfers": {"between_lines_minutes": 50},
            "products": [
                {
                    "id": "SET",
                    "bill_of_materials": [{"product": "PART"}],
                    "routing": [{"operation": "bend", "machines": ["press"], "minutes_per_unit": 5, **step}],
                },
                {
                    "id": "PART",
                    "routing": [{"operation": "cut", "machines": ["saw"], "minutes_per_unit": 5}],
                },
            ],
            "grid": {"tariff": "flat"},
            **more,
        }
    )


def told(plant: Plant) -> list[str]:
    return [finding.message for finding in inconsistencies(plant)]


@pytest.mark.parametrize("minutes", [30, 45, 55])
def test_a_part_that_can_not_arrive_within_the_longest_wait(minutes: float) -> None:
    # 50 minutes are four slots of 15; 55 minutes hold only three.
    assert told(plant_with({"most_wait_minutes": minutes})) == [
        f"SET/bend starts at most {minutes:g} minutes after PART/cut, but the way alone takes 50"
    ]


def test_a_part_that_arrives_within_the_longest_wait() -> None:
    assert told(plant_with({"most_wait_minutes": 60})) == []


def test_a_least_wait_on_top_of_the_way() -> None:
    (message,) = told(plant_with({"most_wait_minutes": 70, "least_wait_minutes": 15}))
    assert message.endswith("but the way alone takes 50, and it waits for at least 15 besides")


def test_a_wait_that_no_slot_lies_in() -> None:
    plant = plant_with({"most_wait_minutes": 70, "least_wait_minutes": 65}, transfers=None)
    assert told(plant) == [
        "SET/bend waits at least 65 and at most 70 minutes, between which no slot of 15 begins"
    ]


def test_one_person_with_two_skills_is_there_once() -> None:
    anna = {"id": "anna", "amount": 1, "skills": ["bend", "measure"]}
    step = {"needs": {"bend": 1, "measure": 1}}
    assert told(plant_with(step, resources=[anna])) == [
        "SET/bend needs 2 for bend and measure, and there are 1 who can do any of them"
    ]
    assert told(plant_with(step, resources=[{**anna, "amount": 2}])) == []
