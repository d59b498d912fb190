"""Where a description contradicts itself: cycles and depths of any bill of materials."""

from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from juli.core.errors import Severity
from juli.plant.consistency import inconsistencies
from juli.plant.consistency.parts import no_cycles
from juli.plant.factory import Plant


def plant_of(parts: dict[str, set[str]], **more: Any) -> Plant:
    return Plant.model_validate(
        {
            "name": "works",
            "planning": {"start": "2023-12-18"},
            "calendars": {"all": {"shifts": [{"from": "00:00", "to": "00:00"}]}},
            "machines": [{"id": "m", "calendar": "all", "power": {"running_kw": 1}}],
            "products": [
                {"id": product, "bill_of_materials": [{"product": part} for part in sorted(below)]}
                for product, below in parts.items()
            ],
            "grid": {"tariff": "flat"},
            **more,
        }
    )


names = st.sampled_from("ABCDEF")


@given(parts=st.dictionaries(names, st.sets(names, max_size=3), min_size=1))
def test_a_cycle_is_found_where_a_product_can_be_reached_from_itself(parts: dict[str, set[str]]) -> None:
    def below(product: str, seen: set[str]) -> set[str]:
        for part in parts.get(product, set()) - seen:
            seen = below(part, seen | {part})
        return seen

    circular = {product for product in parts if product in below(product, set())}
    told = [finding.message.partition(": ")[2].split(" > ") for finding in no_cycles(plant_of(parts))]
    assert bool(told) == bool(circular)
    for cycle in told:
        assert cycle[0] == cycle[-1]
        assert set(cycle) <= circular
        assert all(part in parts[product] for product, part in pairwise(cycle))


def test_a_tree_that_is_endlessly_deep_is_told_and_not_climbed() -> None:
    chain = {f"P{number}": {f"P{number + 1}"} for number in range(3000)} | {"P3000": set()}
    (finding,) = no_cycles(plant_of(chain))
    assert "31 levels deep" in finding.message


def test_a_plant_without_contradictions_has_no_findings() -> None:
    assert list(inconsistencies(plant_of({"A": {"B"}, "B": set()}))) == []


def test_a_machine_that_never_works_is_a_warning() -> None:
    calendars = {"all": {"shifts": [{"from": "08:00", "to": "09:00", "last_day": "2023-12-01"}]}}
    (finding,) = inconsistencies(plant_of({"A": set()}, calendars=calendars))
    assert finding.message == "m has no shift in the planned days"
    assert finding.severity is Severity.WARNING
