"""What the runs of a shop share: set-ups and pauses between them, batches, people and tools. Compiled.

A run's own money is its energy and wages. What is paid for a machine as a whole (a change of family, idling
and warming up between two runs, a batch) stands in one account, ``shared``, which every booking changes by
what it adds there and every cancelled one by what it takes away.
"""

from typing import TYPE_CHECKING

import numpy as np

from juli.workshop.arrays import Floats, Shop
from juli.workshop.compiling import compiled

if TYPE_CHECKING:
    from juli.workshop.bookings import Bookings

#: Sums of fractions that are above a limit by less than this are at it.
_ROUNDING = 1e-9


@compiled
def run_before(now: "Bookings", machine: int, slot: int) -> int:
    """The operation that a machine does last before a slot; −1 if there is none."""
    occupant = now.occupant[machine]
    slot -= 1
    while slot >= 0:
        if occupant[slot] >= 0:
            return int(occupant[slot])
        slot -= 1
    return -1


@compiled
def setup_between(shop: Shop, machine: int, before: int, after: int) -> int:
    """Open slots that a machine takes from one operation (−1: the beginning) to another (−1: none)."""
    table = shop.sharing[machine].setup
    if table < 0 or after < 0:
        return 0
    rows = shop.setup_slots[table]
    family = len(rows) - 1 if before < 0 else shop.operations[before].family
    return int(rows[family, shop.operations[after].family])


@compiled
def money_between(shop: Shop, machine: int, before: int, free_from: int, after: int, start: int) -> float:
    """What it costs to be set up, to idle and to warm up between two runs that follow each other.

    Parameters
    ----------
    before, free_from
        The run before (−1: none) and its end.
    after, start
        The next run (−1: none, and nothing is paid) and its start.
    """
    if after < 0 or start < 0:
        return 0.0
    sharing, money = shop.sharing[machine], 0.0
    free_from = max(free_from, 0)
    needed = setup_between(shop, machine, before, after)
    if needed > 0:
        opened = shop.opened_before[machine]
        nth = max(opened[start] - needed, opened[min(free_from, start)])
        first = min(shop.open_slot[machine, nth], start)
        energy, wages = shop.energy[machine], shop.wages[machine]
        money += sharing.setup_kw * (energy[start] - energy[first]) + (wages[start] - wages[first])
    if sharing.longest_pause >= 0:
        pause = start - free_from
        if before >= 0 and pause <= sharing.longest_pause:
            money += sharing.idle_kw * (shop.price[start] - shop.price[min(free_from, start)])
        else:
            money += sharing.warm_up_kw * (shop.price[start] - shop.price[max(start - sharing.warm_up, 0)])
    return float(money)


@compiled
def added_between(shop: Shop, now: "Bookings", operation: int, machine: int, start: int, end: int) -> float:
    """What a run changes in the money between the runs of its machine, booked or not."""
    left = run_before(now, machine, start)
    left_end = now.places[left].end if left >= 0 else 0
    border = now.booked_from[machine, end]
    right = now.occupant[machine, border] if border < shop.slots else -1
    return (
        money_between(shop, machine, left, left_end, operation, start)
        + money_between(shop, machine, operation, end, right, border)
        - money_between(shop, machine, left, left_end, right, border)
    )


@compiled
def batch_money(shop: Shop, mode: int, start: int, end: int) -> float:
    """Energy and wages of a batch as a whole."""
    machine = shop.modes[mode].machine
    first, last = max(start, 0), min(end, shop.slots)
    energy, wages = shop.energy[machine], shop.wages[machine]
    return float(shop.modes[mode].kw * (energy[last] - energy[first]) + (wages[last] - wages[first]))


@compiled
def joins(shop: Shop, now: "Bookings", operation: int, machine: int, start: int, end: int) -> bool:
    """Whether an operation can join the batch that a machine has over ``[start, end)``.

    A batch that is fixed may run outside the hours of its machine; nothing joins it there.
    """
    if shop.sharing[machine].batch <= 0.0 or now.booked_from[machine, start] != start:
        return False
    if shop.open_until[machine, start] < end:
        return False
    first = now.occupant[machine, start]
    row, place = shop.operations[operation], now.places[first]
    return bool(
        place.start == start
        and place.end == end
        and shop.operations[first].family == row.family
        and now.batch_load[first] + row.load <= shop.sharing[machine].batch + _ROUNDING
    )


@compiled
def enough(shop: Shop, now: "Bookings", operation: int, machine: int, start: int, end: int) -> bool:
    """Whether the people and tools that an operation takes are free in the open slots of a run."""
    row = shop.operations[operation]
    for at in range(row.needs, row.needs_end):
        need = shop.needs[at]
        used, there = now.used[need.resource], shop.resources[need.resource]
        for slot in range(max(start, 0), min(end, shop.slots)):
            if used[slot] + need.amount > there[slot] + _ROUNDING and shop.open_until[machine, slot] > slot:
                return False
    return True


@compiled
def has_room(shop: Shop, now: "Bookings", operation: int, mode: int, start: int, end: int) -> bool:
    """Whether a run keeps all rules of what is shared: machine, batch, set-ups on both sides, resources."""
    machine = shop.modes[mode].machine
    if machine < 0 or start >= end:
        return True
    free_until = now.booked_from[machine, start]
    if not shop.modes[mode].shares:
        return bool(free_until >= end)
    if not enough(shop, now, operation, machine, start, end):
        return False
    if free_until == start:
        return joins(shop, now, operation, machine, start, end)
    sharing = shop.sharing[machine]
    if free_until < end or (
        sharing.batch > 0.0 and shop.operations[operation].load > sharing.batch + _ROUNDING
    ):
        return False
    if sharing.setup < 0:
        return True
    opened = shop.opened_before[machine]
    left = run_before(now, machine, start)
    left_end = max(now.places[left].end, 0) if left >= 0 else 0
    if opened[start] - opened[left_end] < setup_between(shop, machine, left, operation):
        return False
    right = now.occupant[machine, free_until] if free_until < shop.slots else -1
    return bool(opened[free_until] - opened[end] >= setup_between(shop, machine, operation, right))


@compiled
def added_money(shop: Shop, now: "Bookings", operation: int, mode: int, start: int, end: int) -> float:
    """What a run that there is room for costs, and what it changes for the machine as a whole."""
    machine, money = shop.modes[mode].machine, shop.modes[mode].money
    if joins(shop, now, operation, machine, start, end):
        return float(money)
    between = added_between(shop, now, operation, machine, start, end)
    return float(money + batch_money(shop, mode, start, end) + between)


@compiled
def share(shop: Shop, now: "Bookings", operation: int, mode: int) -> bool:
    """Enter a run in the accounts of what is shared; whether it joins a batch that is booked already."""
    machine, place = shop.modes[mode].machine, now.places[operation]
    first, last = max(place.start, 0), min(place.end, shop.slots)
    sharing = shop.sharing[machine]
    _take(shop, now, operation, machine, 1.0)
    free = now.booked_from[machine, first] >= last
    if sharing.batch > 0.0:
        if now.booked_from[machine, first] == first:
            head = now.occupant[machine, first]
            now.batch_next[operation] = now.batch_next[head]
            now.batch_next[head] = operation
            now.batch_load[head] += shop.operations[operation].load
            return True
        now.batch_next[operation] = -1
        now.batch_load[operation] = shop.operations[operation].load
        now.shared[0] += batch_money(shop, mode, place.start, place.end)
    if free and (sharing.setup >= 0 or sharing.longest_pause >= 0):
        now.shared[0] += added_between(shop, now, operation, machine, first, last)
    return False


@compiled
def unshare(shop: Shop, now: "Bookings", operation: int, mode: int) -> bool:
    """Strike a run from the accounts of what is shared; whether its batch stays booked."""
    machine, place = shop.modes[mode].machine, now.places[operation]
    first, last = max(place.start, 0), min(place.end, shop.slots)
    sharing = shop.sharing[machine]
    _take(shop, now, operation, machine, -1.0)
    if sharing.batch > 0.0:
        head, following = now.occupant[machine, first], now.batch_next[operation]
        if head != operation:
            other = head
            while now.batch_next[other] != operation:
                other = now.batch_next[other]
            now.batch_next[other] = following
            now.batch_load[head] -= shop.operations[operation].load
            return True
        if following >= 0:
            now.batch_load[following] = now.batch_load[operation] - shop.operations[operation].load
            now.occupant[machine, first:last] = following
            return True
        now.shared[0] -= batch_money(shop, mode, place.start, place.end)
    if sharing.setup >= 0 or sharing.longest_pause >= 0:
        now.shared[0] -= added_between(shop, now, operation, machine, first, last)
    return False


@compiled
def _take(shop: Shop, now: "Bookings", operation: int, machine: int, sign: float) -> None:
    row, place = shop.operations[operation], now.places[operation]
    for at in range(row.needs, row.needs_end):
        used, amount = now.used[shop.needs[at].resource], sign * shop.needs[at].amount
        for slot in range(max(place.start, 0), min(place.end, shop.slots)):
            if shop.open_until[machine, slot] > slot:
                used[slot] += amount


@compiled
def fill_shared(
    shop: Shop, now: "Bookings", operation: int, k: int, mode: int, starting: Floats, ending: Floats
) -> None:
    """Lower the least cost by each end of an operation on a machine that shares something.

    It goes from gap to gap: what set-ups take of a gap and what they cost follows from the runs at its two
    sides. A batch of the same family with room left is one more way, at its own time.
    """
    row, part, sharing = shop.operations[operation], now.parts[k], shop.sharing[shop.modes[mode].machine]
    machine, duration, kw = shop.modes[mode].machine, shop.modes[mode].duration, shop.modes[mode].kw
    money, end_low, end_high = shop.modes[mode].money, part.end_low, part.end_high
    booked_from, occupant = now.booked_from[machine], now.occupant[machine]
    opened, open_until, open_slot = (
        shop.opened_before[machine],
        shop.open_until[machine],
        shop.open_slot[machine],
    )
    energy, wages = shop.energy[machine], shop.wages[machine]
    pausing = row.pausable and not shop.always_open[machine]
    needing = row.needs_end > row.needs
    if needing:
        _find_shortages(shop, now, operation, machine, part.start_low, end_high)
    if sharing.batch > 0.0 and row.load > sharing.batch + _ROUNDING:
        return
    slot = part.start_low
    while slot <= part.start_high and slot < shop.slots:
        border = booked_from[slot]
        if border == slot:
            other = now.places[occupant[slot]]
            end = other.end
            if (
                other.start == slot
                and end == slot + duration
                and end_low <= end <= end_high
                and joins(shop, now, operation, machine, slot, end)
                and not (needing and now.short_from[slot] < end)
            ):
                ending[end] = min(ending[end], starting[slot] + money)
            slot = max(end, slot + 1)
            continue
        left = run_before(now, machine, slot)
        left_end = max(now.places[left].end, 0) if left >= 0 else 0
        right = occupant[border] if border < shop.slots else -1
        before = opened[left_end] + setup_between(shop, machine, left, operation)
        after = opened[border] - setup_between(shop, machine, operation, right)
        without = money_between(shop, machine, left, left_end, right, border)
        last = min(border, end_high)
        while slot <= part.start_high and slot < border:
            start = slot
            slot += 1
            if starting[start] == np.inf or open_until[start] == start or opened[start] < before:
                continue
            end = start + duration
            if pausing:
                end = open_slot[min(opened[start] + duration - 1, shop.slots)] + 1
            elif end > open_until[start]:
                continue
            if end > last or opened[end] > after:
                break
            if end < end_low or (needing and now.short_from[start] < end):
                continue
            cost = kw * (energy[end] - energy[start]) + (wages[end] - wages[start]) + money - without
            cost += money_between(shop, machine, left, left_end, operation, start)
            cost += money_between(shop, machine, operation, end, right, border)
            ending[end] = min(ending[end], starting[start] + cost)
        slot = max(slot, border)


@compiled
def _find_shortages(shop: Shop, now: "Bookings", operation: int, machine: int, first: int, last: int) -> None:
    """Write the next open slot in which an operation would take too much of a resource, from each slot on."""
    row, short_from = shop.operations[operation], now.short_from
    last = min(last, shop.slots)
    short_from[last] = shop.slots + 1
    for slot in range(last - 1, first - 1, -1):
        short_from[slot] = short_from[slot + 1]
        if shop.open_until[machine, slot] == slot:
            continue
        for at in range(row.needs, row.needs_end):
            need = shop.needs[at]
            if now.used[need.resource, slot] + need.amount > shop.resources[need.resource, slot] + _ROUNDING:
                short_from[slot] = slot
