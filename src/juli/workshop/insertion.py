"""Put one job back in, exactly: a dynamic program over slots around everything that is booked.

``ending[i, e]`` is the least cost of operation ``i`` and all that goes into it when ``i`` ends at ``e``:
the cheapest of its machines that are free over ``[s, e)``, plus, for each branch that goes into it, the
least ``ending`` at an end that the wait before ``s`` allows. Branches are priced as if each had the shop
to itself; where two of them then clash, the operations before the clash stay booked and the rest is
solved again around them, the longest branch first. So any chain, and any tree whose branches share no
machine, gets its optimum, and nothing is ever booked twice.
"""

import numpy as np

from juli.workshop.arrays import Ints, Shop
from juli.workshop.bookings import (
    Bookings,
    book,
    completion_money,
    end_of,
    money_of_job,
    run_money,
    unbook,
)
from juli.workshop.compiling import compiled
from juli.workshop.sharing import added_money, fill_shared, has_room

#: Slots beyond the earliest completion that are looked at first [slots].
_FIRST_REACH = 64


@compiled
def insert_job(shop: Shop, now: Bookings, job: int) -> bool:
    """Place all operations of a job that is not placed; False, and nothing placed, if there is no room."""
    row = shop.jobs[job]
    for group in range(row.groups, row.groups_end):
        if not insert_group(shop, now, shop.part[shop.group_from[group] : shop.group_from[group + 1]]):
            for at in range(shop.group_from[row.groups], shop.group_from[group]):
                unbook(shop, now, shop.part[at])
            return False
    now.job_money[job] = money_of_job(shop, now, job)
    return True


@compiled
def remove_job(shop: Shop, now: Bookings, job: int) -> None:
    """Take a placed job out."""
    row = shop.jobs[job]
    for at in range(shop.group_from[row.groups], shop.group_from[row.groups_end]):
        unbook(shop, now, shop.part[at])
    now.job_money[job] = 0.0


@compiled
def insert_group(shop: Shop, now: Bookings, group: Ints) -> bool:
    """Place a tree of operations; False, and nothing placed, if there is no room."""
    done, stepped_back = 0, -1
    while done < len(group):
        rest, begun = group[done:], done
        if relaxed_group(shop, now, rest, True) == np.inf:
            for k in range(done):
                unbook(shop, now, group[k])
            return False
        for k in range(len(rest)):
            part = now.parts[k]
            if not has_room(shop, now, rest[k], part.mode, part.start, part.end):
                break
            book(shop, now, rest[k], part.mode, part.start, part.end)
            done += 1
        if done < len(group) and done > stepped_back:
            # What a longest wait ties to the clash is placed anew with it, once: else it may be stuck.
            stepped_back = done
            first = _tied(shop, group, done)
            while done > first:
                done -= 1
                unbook(shop, now, group[done])
        elif done == begun:
            # What the program finds there is room for, so this does not happen; if it did, it would for ever.
            for k in range(done):
                unbook(shop, now, group[k])
            return False
    return True


@compiled
def _tied(shop: Shop, group: Ints, at: int) -> int:
    """Where the operations begin that a chain of longest waits ties to one; they stand just before it."""
    first = at
    for k in range(at - 1, -1, -1):
        row = shop.operations[group[k]]
        if row.parent_most >= 0:
            for above in range(first, at + 1):
                if group[above] == row.parent:
                    first = k
                    break
    return first


@compiled
def relaxed_group(shop: Shop, now: Bookings, group: Ints, guided: bool) -> float:
    """Solve a group over as much of the horizon as its optimum can lie in.

    Where lateness or lead time cost money, an end that alone costs more than a solution that is known
    can't be better: so a short horizon is tried first, and proven enough or widened.
    """
    root = shop.operations[group[len(group) - 1]]
    job = shop.jobs[root.job]
    priced = root.parent < 0 and (guided or job.last == group[len(group) - 1])
    if not priced or job.lead_price + job.late_price <= 0.0:
        return _solve(shop, now, group, shop.slots, guided)
    least, ready = 0.0, root.earliest
    for operation in group:
        least += shop.operations[operation].least_money
    for at in range(root.before, root.before_end):
        other = now.places[shop.before[at].other]
        if other.mode >= 0:
            ready = max(ready, other.end)
    reach = _FIRST_REACH + 2 * (ready - job.release)
    while True:
        horizon = min(ready + reach, shop.slots)
        cost = _solve(shop, now, group, horizon, guided)
        beyond = least + completion_money(shop, root.job, horizon + 1 + root.tail)
        if horizon >= shop.slots or cost <= beyond:
            return cost
        reach *= 2


@compiled
def _solve(shop: Shop, now: Bookings, group: Ints, horizon: int, guided: bool) -> float:
    """Choose modes and times for a tree as if its branches could not clash; infinite if there are none."""
    count = len(group)
    for k in range(count):
        now.places[group[k]].position = k
    cost = np.inf
    if _set_windows(shop, now, group, horizon):
        for k in range(count):
            part, places = now.parts[k], shop.operations[group[k]].places
            for place in range(len(shop.travel)):
                if places >> place & 1:
                    now.starting[k, place, part.start_low : part.start_high + 1] = 0.0
            if len(shop.travel) > 1:
                _keep_ways_in(shop, now, group[k], k)
        for k in range(count):
            _fill_ending(shop, now, group[k], k)
            parent = shop.operations[group[k]].parent
            if parent >= 0 and now.places[parent].position >= 0:
                _pass_on(shop, now, group[k], k, now.places[parent].position)
        cost = _choose_end(shop, now, group[count - 1], count - 1, guided)
        if cost < np.inf:
            for k in range(count - 1, -1, -1):
                _trace(shop, now, group[k], k)
    for k in range(count):
        now.places[group[k]].position = -1
    return cost


@compiled
def _set_windows(shop: Shop, now: Bookings, group: Ints, horizon: int) -> bool:
    """Bound starts and ends by what is placed around the group; False if an operation has no room."""
    for k in range(len(group)):
        row, part = shop.operations[group[k]], now.parts[k]
        low, high = row.earliest, shop.slots
        for at in range(row.before, row.before_end):
            link = shop.before[at]
            other = now.places[link.other]
            if other.mode >= 0:
                low = max(low, other.end + link.least)
                if link.most >= 0:
                    high = min(high, other.end + link.most)
            elif other.position >= 0:
                low = max(low, now.parts[other.position].end_low + link.least)
        end_low, end_high = low + row.shortest, min(row.latest, horizon)
        for at in range(row.after, row.after_end):
            link = shop.after[at]
            other = now.places[link.other]
            if other.mode >= 0 and not shop.operations[link.other].fixed:
                end_high = min(end_high, other.start - link.least)
                if link.most >= 0:
                    end_low = max(end_low, other.start - link.most)
        part.start_low, part.start_high, part.end_low, part.end_high = low, high, end_low, end_high
    for k in range(len(group) - 1, -1, -1):
        row, part = shop.operations[group[k]], now.parts[k]
        if row.parent >= 0 and now.places[row.parent].position >= 0:
            above = now.parts[now.places[row.parent].position]
            start = min(above.start_high, above.end_high - shop.operations[row.parent].shortest)
            part.end_high = min(part.end_high, start - row.parent_least)
        part.start_high = min(part.start_high, part.end_high - row.shortest)
        if part.start_high < part.start_low or part.end_high < part.end_low:
            return False
    return True


@compiled
def _fill_ending(shop: Shop, now: Bookings, operation: int, k: int) -> None:
    """Find the least cost by each end of an operation, from the least costs by its starts."""
    row, part = shop.operations[operation], now.parts[k]
    low, high, end_low, end_high = part.start_low, part.start_high, part.end_low, part.end_high
    for place in range(len(shop.travel)):
        if row.places >> place & 1:
            now.ending[k, place, low : end_high + 1] = np.inf
    for mode in range(row.modes, row.modes_end):
        machine, duration = shop.modes[mode].machine, shop.modes[mode].duration
        kw, money = shop.modes[mode].kw, shop.modes[mode].money
        ending, starting = now.ending[k, shop.modes[mode].place], now.starting[k, shop.modes[mode].place]
        if shop.modes[mode].shares:
            fill_shared(shop, now, operation, k, mode, starting, ending)
            continue
        if machine < 0 or duration == 0:
            for slot in range(max(low, end_low), min(high, end_high) + 1):
                ending[slot] = min(ending[slot], starting[slot] + money)
            continue
        booked_from, open_until = now.booked_from[machine], shop.open_until[machine]
        energy, wages = shop.energy[machine], shop.wages[machine]
        if shop.always_open[machine] or not row.pausable:
            for slot in range(max(low, end_low - duration), min(high, end_high - duration) + 1):
                end = slot + duration
                run = kw * (energy[end] - energy[slot]) + (wages[end] - wages[slot]) + money
                free = min(booked_from[slot], open_until[slot]) >= end
                cost = starting[slot] + run if free else np.inf
                ending[end] = min(ending[end], cost)
            continue
        opened_before, open_slot = shop.opened_before[machine], shop.open_slot[machine]
        for slot in range(low, high + 1):
            if open_until[slot] == slot or booked_from[slot] == slot:
                continue
            end = open_slot[min(opened_before[slot] + duration - 1, shop.slots)] + 1
            if end > end_high:
                break
            if end >= end_low and booked_from[slot] >= end:
                run = kw * (energy[end] - energy[slot]) + (wages[end] - wages[slot]) + money
                ending[end] = min(ending[end], starting[slot] + run)
    if len(shop.travel) > 1:
        _keep_ways_out(shop, now, operation, k)


@compiled
def _keep_ways_in(shop: Shop, now: Bookings, operation: int, k: int) -> None:
    """Close the starts that are too early for the way from where something that goes in is placed."""
    row, low = shop.operations[operation], now.parts[k].start_low
    for at in range(row.before, row.before_end):
        link = shop.before[at]
        other = now.places[link.other]
        if other.mode < 0:
            continue
        here = shop.modes[other.mode].place
        for place in range(len(shop.travel)):
            if row.places >> place & 1:
                first = min(other.end + link.least + shop.travel[here, place], shop.slots + 1)
                now.starting[k, place, low : max(first, low)] = np.inf


@compiled
def _keep_ways_out(shop: Shop, now: Bookings, operation: int, k: int) -> None:
    """Close the ends that are too late for the way to where something that waits for it is placed."""
    row, high = shop.operations[operation], now.parts[k].end_high
    for at in range(row.after, row.after_end):
        link = shop.after[at]
        other = now.places[link.other]
        if other.mode < 0 or shop.operations[link.other].fixed:
            continue
        there = shop.modes[other.mode].place
        for place in range(len(shop.travel)):
            if row.places >> place & 1:
                last = max(other.start - link.least - shop.travel[place, there], -1)
                now.ending[k, place, min(last, high) + 1 : high + 1] = np.inf


@compiled
def _pass_on(shop: Shop, now: Bookings, operation: int, k: int, above: int) -> None:
    """Add to each start of a successor the least cost of this branch at an end that wait and way allow."""
    row, passed = shop.operations[operation], now.passed
    low, high = now.parts[above].start_low, now.parts[above].start_high
    if len(shop.travel) == 1:
        _pass_here(shop, now, operation, k, above)
        return
    for there in range(len(shop.travel)):
        if not shop.operations[row.parent].places >> there & 1:
            continue
        first, starting = True, now.starting[above, there]
        for here in range(len(shop.travel)):
            if row.places >> here & 1:
                least = row.parent_least + shop.travel[here, there]
                _pass_from(shop, now, operation, k, here, least, low, high, first)
                first = False
        for slot in range(low, high + 1):
            starting[slot] += passed[slot]


@compiled
def _pass_here(shop: Shop, now: Bookings, operation: int, k: int, above: int) -> None:
    """Add to each start of a successor the least cost of this branch at an end that the wait allows."""
    ending, starting, queue = now.ending[k, 0], now.starting[above, 0], now.queue
    seen, end_high = now.parts[k].start_low, now.parts[k].end_high
    least, most = shop.operations[operation].parent_least, shop.operations[operation].parent_most
    first, last, best = 0, 0, np.inf
    for slot in range(now.parts[above].start_low, now.parts[above].start_high + 1):
        if most < 0:
            while seen <= min(slot - least, end_high):
                best = min(best, ending[seen])
                seen += 1
        else:
            while seen <= min(slot - least, end_high):
                while last > first and ending[queue[last - 1]] > ending[seen]:
                    last -= 1
                queue[last] = seen
                last += 1
                seen += 1
            while first < last and queue[first] < slot - most:
                first += 1
            best = ending[queue[first]] if first < last else np.inf
        starting[slot] += best


@compiled
def _pass_from(
    shop: Shop, now: Bookings, operation: int, k: int, here: int, least: int, low: int, high: int, first: bool
) -> None:
    """Lower what is passed on at each start to the least cost at an end in one place that the wait allows.

    From the first place it is written, whatever stood there.
    """
    ending, passed, queue = now.ending[k, here], now.passed, now.queue
    begin, end_high = now.parts[k].start_low, now.parts[k].end_high
    most = shop.operations[operation].parent_most
    if most < 0:
        best = np.inf
        for seen in range(begin, min(low - least, end_high + 1)):
            best = min(best, ending[seen])
        for slot in range(low, high + 1):
            seen = slot - least
            if begin <= seen <= end_high:
                best = min(best, ending[seen])
            passed[slot] = best if first else min(passed[slot], best)
        return
    seen, head, tail = begin, 0, 0
    for slot in range(low, high + 1):
        while seen <= min(slot - least, end_high):
            while tail > head and ending[queue[tail - 1]] > ending[seen]:
                tail -= 1
            queue[tail] = seen
            tail += 1
            seen += 1
        while head < tail and queue[head] < slot - most:
            head += 1
        best = ending[queue[head]] if head < tail else np.inf
        passed[slot] = best if first else min(passed[slot], best)


@compiled
def _choose_end(shop: Shop, now: Bookings, root: int, k: int, guided: bool) -> float:
    """Choose the place and the end of the root.

    The end of the job is priced at its last operation, and where ``guided`` also, as far as it can be
    foretold, at the roots of the groups before that one.
    """
    row, part = shop.operations[root], now.parts[k]
    priced = row.parent < 0 and (guided or shop.jobs[row.job].last == root)
    best = np.inf
    for place in range(len(shop.travel)):
        if not row.places >> place & 1:
            continue
        ending = now.ending[k, place]
        for end in range(part.end_low, part.end_high + 1):
            cost = ending[end]
            if cost < best:
                if priced:
                    cost += completion_money(shop, row.job, end + row.tail)
                if cost < best:
                    best, part.end, part.place = cost, end, place
    return best


@compiled
def _trace(shop: Shop, now: Bookings, operation: int, k: int) -> None:
    """Read a chosen end back into a mode and a start, and choose the ends of what goes into it."""
    row, part = shop.operations[operation], now.parts[k]
    best = np.inf
    for mode in range(row.modes, row.modes_end):
        machine, duration = shop.modes[mode].machine, shop.modes[mode].duration
        if shop.modes[mode].place != part.place:
            continue
        start = part.end - duration
        if machine >= 0 and duration > 0 and row.pausable and not shop.always_open[machine]:
            nth = shop.opened_before[machine, part.end] - duration
            if nth < 0:
                continue
            start = shop.open_slot[machine, nth]
        if start < part.start_low or start > part.start_high:
            continue
        if end_of(shop, operation, mode, start) != part.end:
            continue
        if has_room(shop, now, operation, mode, start, part.end):
            cost = now.starting[k, part.place, start]
            if shop.modes[mode].shares:
                cost += added_money(shop, now, operation, mode, start, part.end)
            else:
                cost += run_money(shop, mode, start, part.end)
            if cost < best:
                best, part.mode, part.start = cost, mode, start
    for at in range(row.before, row.before_end):
        link = shop.before[at]
        c = now.places[link.other].position
        if c < 0:
            continue
        child = now.parts[c]
        first = child.start_low if link.most < 0 else max(child.start_low, part.start - link.most)
        best = np.inf
        for place in range(len(shop.travel)):
            if not shop.operations[link.other].places >> place & 1:
                continue
            ending = now.ending[c, place]
            last = min(part.start - link.least - shop.travel[place, part.place], child.end_high)
            for end in range(first, last + 1):
                if ending[end] < best:
                    best, child.end, child.place = ending[end], end, place


@compiled
def insert_in_order(shop: Shop, now: Bookings, jobs: Ints) -> int:
    """Place jobs one after another; how many there was no room for."""
    left = 0
    for job in jobs:
        if not insert_job(shop, now, job):
            left += 1
    return left
