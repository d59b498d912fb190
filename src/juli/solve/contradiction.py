"""Why a plant's days can't be planned: the rules that contradict each other, by the plant's own names."""

import numpy as np

from juli.core.clock import Clock
from juli.plant.work import Work, expand
from juli.solve.consumption import ConsumptionModel
from juli.solve.day import Day
from juli.solve.production import day_shop
from juli.solve.sharing import Sharing
from juli.workshop.contradiction import find_contradiction
from juli.workshop.contradiction_wording import Explained, Names, explained
from juli.workshop.problem import ShopProblem

_HOURS_A_WEEK = 168


def contradiction(day: Day, *, seconds: float, clock: Clock | None = None) -> Explained | None:
    """Find the smallest set of a day's rules that no plan keeps all of; None if none is found.

    Parameters
    ----------
    day
        The question.
    seconds
        How long it may take [s].
    clock
        What time is read from; None: the machine's own.
    """
    plant, demand = day.plant, day.demand
    work = expand(plant, demand)
    shop = day_shop(plant, demand, work, ConsumptionModel(plant, demand))
    return contradiction_in(day, work, shop, seconds=seconds, clock=clock)


def contradiction_in(
    day: Day, work: Work, shop: ShopProblem, *, seconds: float, clock: Clock | None = None
) -> Explained | None:
    """The same in a shop of this day's that knows more, such as what has been done already."""
    plant, demand = day.plant, day.demand
    grid = demand.schedule
    calendar = np.stack([plant.calendars[machine.calendar].working(grid) for machine in plant.machines])
    week = round(_HOURS_A_WEEK / grid.step_hours)
    found = find_contradiction(
        shop,
        seconds=seconds,
        calendar=calendar,
        period=week if grid.slots >= week else None,
        clock=clock,
    )
    if found is None:
        return None
    resources = Sharing(plant, demand, work).resource_names
    names = Names(
        job=lambda number: f"order {demand.orders[number].id}",
        operation=lambda number: work.operations[number].id,
        machine=lambda number: f"machine {plant.machines[number].id}",
        resource=lambda number: resources[number],
        moment=lambda slot: f"{grid.time_of(slot):%Y-%m-%d %H:%M}",
        length=lambda slots: f"{slots * grid.step_hours:.4g} h",
    )
    return explained(shop, found, names, calendar)
