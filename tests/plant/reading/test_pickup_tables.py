"""Pick-ups beside a plant: read, and each problem told with its line."""

from collections.abc import Callable
from pathlib import Path

import pytest

from juli.core.errors import Problem, Severity
from juli.plant.reading import read_folder

HEADER = "pickup,site,weight_kg,volume_m3,ready,due,lateness_per_hour\n"
STEEL = "ST-1,mill,900,1.2,2023-12-18T10:00,2023-12-19T12:00,40\n"
Problems = Callable[[], tuple[Problem, ...]]

ERRORS = {
    "an unknown site": ("mill", "moon", "ST-1 is fetched at the unknown site moon"),
    "an order's id": ("ST-1", "SO-1", "SO-1 is the id of an order"),
    "no weight": ("900", "0", "weight_kg is 0"),
    "a volume in words": ("1.2", "much", "volume_m3 'much' is no number"),
    "dates the wrong way round": ("2023-12-19T12:00", "2023-12-18T09:00", "not after it is ready"),
    "a date that does not exist": ("2023-12-19T12:00", "2023-02-30", "is no date"),
}


def test_pickups_are_read_with_their_site_size_and_times(folder: Path) -> None:
    (folder / "pickups.csv").write_text(HEADER + STEEL, encoding="utf-8")
    _, demand = read_folder(folder).require()
    (pickup,) = demand.pickups
    assert (pickup.id, pickup.site, pickup.weight_kg, pickup.volume_m3) == ("ST-1", "mill", 900, 1.2)
    assert pickup.ready.isoformat() == "2023-12-18T10:00:00+08:00"
    assert pickup.due.isoformat() == "2023-12-19T12:00:00+08:00"
    assert pickup.lateness_per_hour == 40


@pytest.mark.parametrize("what", ERRORS)
def test_an_error_is_told_with_its_line(what: str, folder: Path, problems: Problems) -> None:
    old, new, message = ERRORS[what]
    (folder / "pickups.csv").write_text(HEADER + STEEL.replace(old, new), encoding="utf-8")
    told = [problem for problem in problems() if problem.severity is Severity.ERROR]
    assert any(p.place.startswith("pickups.csv:2") and message in p.message for p in told), told


def test_a_pickup_too_heavy_for_every_truck_is_a_warning(folder: Path, problems: Problems) -> None:
    (folder / "pickups.csv").write_text(HEADER + STEEL.replace("900", "9000"), encoding="utf-8")
    told = [p for p in problems() if "more than any truck carries" in p.message]
    assert [p.severity for p in told] == [Severity.WARNING]


def test_two_pickups_of_one_id_are_told(folder: Path, problems: Problems) -> None:
    (folder / "pickups.csv").write_text(HEADER + STEEL + STEEL, encoding="utf-8")
    assert any(problem.place.startswith("pickups.csv:3") for problem in problems())
