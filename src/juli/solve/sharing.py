"""What a plant's operations share, in the numbers and slots of a shop problem."""

from collections.abc import Mapping
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from juli.plant.demand import Demand
from juli.plant.factory import Plant
from juli.plant.machine import whole_slots
from juli.plant.resource import interchangeable
from juli.plant.work import Work
from juli.workshop.problem import Setups, Warmth


class Sharing:
    """Set-ups, ways, warming up, people and tools of a plant.

    People with several skills are moved to where they are needed. By Hall's theorem that can be done just
    when no set of skills is asked for more often than there are people with any of them; so each such set
    is one resource of the shop.

    Parameters
    ----------
    plant, demand, work
        The machines and resources, the grid, and the operations.

    Attributes
    ----------
    place, travel
        The line of each machine, and the ways between lines [slots]; None: no way takes any time.
    resources
        How many there are for each set of skills, shape ``(sets, slots)``; None: nothing is needed.
    """

    def __init__(self, plant: Plant, demand: Demand, work: Work):
        self._plant = plant
        self._step_minutes = demand.schedule.step_hours * 60
        lines = list(dict.fromkeys(machine.line for machine in plant.machines))
        self.place = tuple(lines.index(machine.line) for machine in plant.machines)
        self.travel: NDArray[np.int64] | None = None
        if plant.transfers is not None:
            minutes = [[plant.transfers.between(here, there) for there in lines] for here in lines]
            self.travel = np.array(
                [[whole_slots(way, self._step_minutes) for way in row] for row in minutes], dtype=np.int64
            )
        needed = sorted({need for operation in work.operations for need in operation.needs})
        self._sets: list[frozenset[str]] = []
        for group in interchangeable(plant.resources, needed):
            names = sorted(group)
            for size in range(1, len(names) + 1):
                self._sets += [frozenset(chosen) for chosen in combinations(names, size)]
        rows = [self._there(demand, skills) for skills in self._sets]
        self.resources: NDArray[np.float64] | None = np.stack(rows) if rows else None

    @property
    def resource_names(self) -> tuple[str, ...]:
        """What each set of skills is called: one of them, or any of several."""
        return tuple(" or ".join(sorted(skills)) for skills in self._sets)

    def needs(self, needs: Mapping[str, int]) -> tuple[tuple[int, float], ...]:
        """What an operation takes of each set of skills."""
        taken = [float(sum(needs.get(skill, 0) for skill in skills)) for skills in self._sets]
        return tuple((number, amount) for number, amount in enumerate(taken) if amount)

    def setups(self, family_of: Mapping[str | None, int]) -> dict[int, Setups]:
        """How each machine is set up, families by their numbers; None is the family of what has none."""
        found: dict[int, Setups] = {}
        for number, machine in enumerate(self._plant.machines):
            if machine.setups is None:
                continue
            own = self._plant.families_on(machine.id)
            slots = {
                (before, after): whole_slots(machine.setups.between(before, after), self._step_minutes)
                for before in (None, *own)
                for after in own
            }
            # No run of another family is ever on it: such a change only must not look like a short cut.
            never = max(slots.values(), default=0)
            rows = [
                tuple(slots.get((before, after or ""), never) if before else never for after in family_of)
                for before in family_of
            ]
            rows.append(tuple(slots.get((None, after or ""), never) for after in family_of))
            found[number] = Setups(tuple(rows), machine.power.setup_kw)
        return found

    @property
    def warmth(self) -> dict[int, Warmth]:
        """How machines are switched on and off, by their numbers."""
        found: dict[int, Warmth] = {}
        for number, machine in enumerate(self._plant.machines):
            power = machine.power
            if power.warm_up_minutes:
                found[number] = Warmth(
                    idle_kw=power.idle_kw - power.off_kw,
                    warm_up_kw=power.warm_up_kw - power.off_kw,
                    warm_up=power.warm_up_slots(self._step_minutes),
                    longest_pause=power.stays_warm_slots(self._step_minutes),
                )
        return found

    def _there(self, demand: Demand, skills: frozenset[str]) -> NDArray[np.float64]:
        there = np.zeros(demand.schedule.slots)
        for resource in self._plant.resources:
            if any(resource.can(skill) for skill in skills):
                at_work = np.ones(demand.schedule.slots, dtype=np.bool_)
                if resource.calendar is not None:
                    at_work = self._plant.calendars[resource.calendar].working(demand.schedule)
                there += resource.amount * at_work
        return there
