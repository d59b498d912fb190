"""Where a plant's description contradicts itself: one function per rule, each finding with its place."""

from collections.abc import Callable, Iterator
from typing import Final

from juli.plant.consistency.calendars import (
    calendars_known,
    machines_have_shifts,
    shifts_apart,
    shifts_in_order,
)
from juli.plant.consistency.finding import Finding
from juli.plant.consistency.machines import (
    SUSPICIOUS_PRICE_PER_KWH,
    powers_in_order,
    prices_per_kwh,
    setups_by_the_shortest_way,
    setups_for_families,
    transfers_between_lines,
    unique_ids,
    warm_ups_described,
)
from juli.plant.consistency.parts import bills_of_materials_known, no_cycles
from juli.plant.consistency.people import needs_there, resources_described
from juli.plant.consistency.steps import (
    batches_whole,
    families_known,
    kept_warm_while_at_work,
    materials_known,
    routings_possible,
)
from juli.plant.consistency.waits import waits_allow_transfers, waits_in_order
from juli.plant.factory import Plant

__all__ = ["SUSPICIOUS_PRICE_PER_KWH", "Finding", "inconsistencies"]


def inconsistencies(plant: Plant) -> Iterator[Finding]:
    """Every contradiction in a plant's description."""
    for rule in RULES:
        yield from rule(plant)


RULES: Final[tuple[Callable[[Plant], Iterator[Finding]], ...]] = (
    unique_ids,
    calendars_known,
    shifts_in_order,
    shifts_apart,
    powers_in_order,
    routings_possible,
    materials_known,
    families_known,
    setups_for_families,
    setups_by_the_shortest_way,
    batches_whole,
    kept_warm_while_at_work,
    warm_ups_described,
    needs_there,
    resources_described,
    transfers_between_lines,
    waits_in_order,
    waits_allow_transfers,
    bills_of_materials_known,
    no_cycles,
    machines_have_shifts,
    prices_per_kwh,
)
