"""What runs draw, and machines as a whole: batches, set-ups, idling and warming up between runs. Compiled.

No job pays for what a machine draws and costs as a whole, and with one job out or in that changes at other
places, too. So the joint search adds it up anew from the bookings, for every candidate, for those of the few
machines that have any which the candidate has touched.
"""

import numpy as np
from numpy.typing import NDArray

from juli.workshop.arrays import Floats, Shop
from juli.workshop.bookings import Bookings
from juli.workshop.compiling import compiled
from juli.workshop.sharing import setup_between


def sharing_machines(shop: Shop) -> NDArray[np.int64]:
    """The machines that cost something as a whole."""
    sharing = shop.sharing
    found: NDArray[np.int64] = np.flatnonzero(
        (sharing["batch"] > 0.0) | (sharing["setup"] >= 0) | (sharing["longest_pause"] >= 0)
    )
    return found


@compiled
def add_load(
    shop: Shop,
    now: Bookings,
    job: int,
    sign: float,
    per: int,
    load_kw: Floats,
    touched: NDArray[np.bool_],
) -> float:
    """Add what a job draws to a load, or take it off; its energy at the prices offered [money]."""
    row, money = shop.jobs[job], 0.0
    for at in range(shop.group_from[row.groups], shop.group_from[row.groups_end]):
        if now.places[shop.part[at]].mode >= 0:
            money += add_draw(shop, now, shop.part[at], sign, per, load_kw, touched)
    return money


@compiled
def add_draw(
    shop: Shop,
    now: Bookings,
    operation: int,
    sign: float,
    per: int,
    load_kw: Floats,
    touched: NDArray[np.bool_],
) -> float:
    """Add what a placed operation draws to a load, or take it off; its energy at the prices offered.

    Its machine is touched.
    """
    place = now.places[operation]
    mode = shop.modes[place.mode]
    if mode.machine < 0:
        return 0.0
    touched[mode.machine] = True
    if shop.sharing[mode.machine].batch > 0.0:
        return 0.0  # a batch is paid for as a whole
    energy, opened = shop.energy[mode.machine], shop.opened_before[mode.machine]
    draw = sign * mode.kw / per
    for slot in range(place.start, place.end):
        load_kw[slot // per] += draw * (opened[slot + 1] - opened[slot])
    return float(mode.kw * (energy[place.end] - energy[place.start]))


@compiled
def draw_as_a_whole(shop: Shop, now: Bookings, machine: int, per: int, load_kw: Floats) -> float:
    """Write what a machine as a whole draws, shape ``(settlement slots,)`` [kW]; its wages [money]."""
    load_kw[:] = 0.0
    wages = 0.0
    slot, before, free_from = 0, -1, 0
    while slot < shop.slots:
        slot = now.booked_from[machine, slot]
        if slot >= shop.slots:
            break
        operation = now.occupant[machine, slot]
        place = now.places[operation]
        wages += _draw_between(shop, machine, before, free_from, operation, place.start, per, load_kw)
        last = min(place.end, shop.slots)
        if shop.sharing[machine].batch > 0.0:
            _draw(shop, machine, slot, last, shop.modes[place.mode].kw, per, load_kw)
            wages += shop.wages[machine, last] - shop.wages[machine, slot]
        before, free_from, slot = operation, last, last
    return wages


@compiled
def _draw_between(
    shop: Shop, machine: int, before: int, free_from: int, after: int, start: int, per: int, load_kw: Floats
) -> float:
    """Add what setting up, idling and warming up between two runs draw; the wages of the set-up."""
    if start < 0:
        return 0.0
    sharing, wages = shop.sharing[machine], 0.0
    needed = setup_between(shop, machine, before, after)
    if needed > 0:
        opened = shop.opened_before[machine]
        nth = max(opened[start] - needed, opened[min(free_from, start)])
        first = min(shop.open_slot[machine, nth], start)
        _draw(shop, machine, first, start, sharing.setup_kw, per, load_kw)
        wages = shop.wages[machine, start] - shop.wages[machine, first]
    if sharing.longest_pause >= 0:
        first, kw = max(start - sharing.warm_up, 0), sharing.warm_up_kw
        if before >= 0 and start - free_from <= sharing.longest_pause:
            first, kw = free_from, sharing.idle_kw
        for slot in range(first, start):
            load_kw[slot // per] += kw / per
    return wages


@compiled
def _draw(shop: Shop, machine: int, first: int, last: int, kw: float, per: int, load_kw: Floats) -> None:
    """Add what a machine draws in its open slots."""
    opened = shop.opened_before[machine]
    for slot in range(first, last):
        load_kw[slot // per] += kw / per * (opened[slot + 1] - opened[slot])
