"""The joint search: jobs come out, go back in at the marginal prices, and the meter judges.

A candidate costs its change in wages, lateness and the like, plus the change in the site's least electricity
cost V. V is convex and the price is its subgradient, so V(L') is at least V(L) + price · (L' − L): a
candidate that is too dear by that is dropped without a dispatch. Every other one is judged by the true V.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from juli.solve.joint.machines import add_draw, add_load, draw_as_a_whole
from juli.solve.joint.outlook import AnyMeter, AnyPlanes, copy_planes, value_near
from juli.solve.joint.valuation import Desk
from juli.workshop.arrays import Floats, Ints, Shop
from juli.workshop.bookings import Bookings, book, unbook
from juli.workshop.chance import Words, below, uniform
from juli.workshop.compiling import compiled
from juli.workshop.insertion import insert_group, insert_job, remove_job
from juli.workshop.pieces import Pieces, choose_batches, choose_pieces, operation_money
from juli.workshop.search import neighbour

#: At most so many jobs are out at once.
MOST_REMOVED = 6

MONEYS = 11
(
    TOTAL,
    BEST,
    TEMPERATURE,
    PENALTY,
    REST,
    ELECTRICITY,
    OVER_PRICE,
    NOISE,
    DEARER,
    PIECE_SHARE,
    BATCH_SHARE,
) = range(MONEYS)
COUNTS = 5
ROUNDS, REJECTED, ACCEPTED, SINCE_PRICED, SOUNDINGS = range(COUNTS)
#: Moves that are looked at to learn what a dearer one adds.
_MOST_SOUNDINGS = 400
#: How often prices are disturbed three times as much, stretch by stretch, and a stretch made dear or cheap.
_WILD, _SMOOTH, _STRETCH = 0.05, 0.5, 0.05
#: Shops with more slots than this on all machines together get new prices less often.
PRICED_EVERY = 20_000


class JointSearch(NamedTuple):
    """What the search remembers besides the bookings; written in place."""

    per: int  # schedule slots in a settlement slot
    limit_kw: float  # most that the machines may draw together
    money: Floats  # see the names above
    counts: Ints
    rest: Floats  # (jobs,) what each job costs besides its electricity
    machine_kw: Floats  # (settlement slots,) what the jobs draw
    wages_least: Floats  # (machines,) no slot of work costs less in wages
    priced_every: int  # rounds between two offers of prices
    longest: int  # longest stretch that pieces are taken from, and that prices are disturbed in [slots]
    touched: NDArray[np.bool_]  # (machines,) a run has come or gone in this round
    sharers: Ints  # machines that cost something as a whole
    shared_kw: Floats  # (sharers, settlement slots) what each draws as a whole
    shared_wages: Floats  # (sharers,) what each costs in wages as a whole
    trial_kw: Floats  # (sharers, settlement slots) the same for a candidate, of those that are touched
    trial_wages: Floats  # (sharers,)
    now: AnyPlanes
    trial: AnyPlanes
    best: NDArray[np.void]  # (operations,) where everything is in the best schedule
    saved: NDArray[np.void]  # (operations,)
    saved_rest: Floats
    chosen: Ints
    movable: Ints
    out: NDArray[np.bool_]  # (jobs,) there was no room for it
    added_kw: Floats  # (settlement slots,) room
    offered: Floats  # (settlement slots,) the prices offered to the jobs


@compiled
def joint_rounds(
    shop: Shop,
    now: Bookings,
    pieces: Pieces,
    meter: AnyMeter,
    desk: Desk,
    search: JointSearch,
    chance: Words,
    rounds: int,
) -> None:
    """Move so many times: whole jobs, or pieces of jobs out of a stretch of time."""
    counts = search.counts
    for _ in range(rounds):
        counts[ROUNDS] += 1
        if counts[SINCE_PRICED] % search.priced_every == 0:
            disturb_prices(search, chance)
            offer_prices(shop, search.offered, search.per, meter.site.step_hours, search.wages_least)
        counts[SINCE_PRICED] += 1
        search.added_kw[:] = 0.0
        search.touched[:] = False
        if uniform(chance) < search.money[PIECE_SHARE]:
            _move_pieces(shop, now, pieces, meter, desk, search, chance)
        else:
            _move_jobs(shop, now, meter, desk, search, chance)


@compiled
def _move_jobs(
    shop: Shop, now: Bookings, meter: AnyMeter, desk: Desk, search: JointSearch, chance: Words
) -> None:
    count = choose_jobs(shop, now, search, chance)
    shared, rest = now.shared[0], 0.0
    for k in range(count):
        rest -= _take_out(shop, now, search, search.chosen[k], k)
    for k in range(count):
        rest += _put_back(shop, now, search, search.chosen[k])
    if not _is_kept(shop, now, meter, desk, search, chance, rest):
        for k in range(count):
            if not search.out[search.chosen[k]]:
                remove_job(shop, now, search.chosen[k])
        for k in range(count):
            _restore(shop, now, search, search.chosen[k], k)
        now.shared[0] = shared


@compiled
def _move_pieces(
    shop: Shop, now: Bookings, pieces: Pieces, meter: AnyMeter, desk: Desk, search: JointSearch, chance: Words
) -> None:
    if len(pieces.batched) and uniform(chance) < search.money[BATCH_SHARE]:
        count = choose_batches(shop, now, pieces, chance, search.longest)
    else:
        count = choose_pieces(shop, now, pieces, chance, search.longest)
    if count == 0:
        return
    shared = now.shared[0]
    rest, done, last = 0.0, 0, pieces.begins[count]
    for at in range(last):
        operation = pieces.operation[at]
        pieces.saved[at] = now.places[operation]
        rest -= _operation_rest(shop, now, search, operation, -1.0)
        unbook(shop, now, operation)
    for k in range(count):
        piece = pieces.operation[pieces.begins[pieces.turn[k]] : pieces.begins[pieces.turn[k] + 1]]
        if not insert_group(shop, now, piece):
            break
        done += 1
        for operation in piece:
            rest += _operation_rest(shop, now, search, operation, 1.0)
    if done < count:
        rest = np.inf
    if _is_kept(shop, now, meter, desk, search, chance, rest):
        for k in range(count):
            _count_rest(shop, now, search, pieces.job[k])
        return
    for k in range(done):
        for at in range(pieces.begins[pieces.turn[k]], pieces.begins[pieces.turn[k] + 1]):
            unbook(shop, now, pieces.operation[at])
    for at in range(last):
        was = pieces.saved[at]
        book(shop, now, pieces.operation[at], was.mode, was.start, was.end)
    now.shared[0] = shared


@compiled
def _operation_rest(shop: Shop, now: Bookings, search: JointSearch, operation: int, sign: float) -> float:
    """What a placed operation costs besides its electricity; adds what it draws to the load that is added."""
    place = now.places[operation]
    money = operation_money(shop, operation, place.mode, place.start, place.end)
    return money - add_draw(shop, now, operation, sign, search.per, search.added_kw, search.touched)


@compiled
def _is_kept(
    shop: Shop, now: Bookings, meter: AnyMeter, desk: Desk, search: JointSearch, chance: Words, rest: float
) -> bool:
    """Weigh a candidate that costs ``rest`` more besides electricity and adds ``search.added_kw``."""
    money, added_kw = search.money, search.added_kw
    if rest < np.inf:
        for k in range(len(search.sharers)):
            if search.touched[search.sharers[k]]:
                now_kw, trial_kw = search.shared_kw[k], search.trial_kw[k]
                search.trial_wages[k] = draw_as_a_whole(shop, now, search.sharers[k], search.per, trial_kw)
                rest += search.trial_wages[k] - search.shared_wages[k]
                for slot in range(len(added_kw)):
                    added_kw[slot] += trial_kw[slot] - now_kw[slot]
    if not weigh(meter, desk, search, chance, rest):
        return False
    for k in range(len(search.sharers)):
        if search.touched[search.sharers[k]]:
            search.shared_wages[k] = search.trial_wages[k]
            for slot in range(len(added_kw)):
                search.shared_kw[k, slot] = search.trial_kw[k, slot]
    if money[TOTAL] < money[BEST] - 1e-9:
        money[BEST] = money[TOTAL]
        for operation in range(len(now.places)):
            search.best[operation] = now.places[operation]
    return True


@compiled
def weigh(meter: AnyMeter, desk: Desk, search: JointSearch, chance: Words, rest: float) -> bool:
    """Whether a candidate is kept that costs ``rest`` more besides electricity and adds ``search.added_kw``.

    One that leaves the load as it is, such as two jobs that changed places, needs no dispatch.
    """
    money, counts, hours = search.money, search.counts, meter.site.step_hours
    allowed = -money[TEMPERATURE] * np.log(1.0 - uniform(chance))
    change, over, moved = 0.0, 0.0, False
    for slot in range(len(search.added_kw)):
        added = search.added_kw[slot]
        if abs(added) > 1e-9:
            moved = True
            change += search.now.price[slot] * added
            drawn = search.machine_kw[slot]
            over += max(drawn + added - search.limit_kw, 0.0) - max(drawn - search.limit_kw, 0.0)
    rest += money[OVER_PRICE] * over
    least = rest + hours * change
    if 1e-9 < least < np.inf and counts[SOUNDINGS] < _MOST_SOUNDINGS:
        counts[SOUNDINGS] += 1
        money[DEARER] += least
    if not least <= allowed:
        counts[REJECTED] += 1
        return False
    if moved:
        for slot in range(len(search.added_kw)):
            search.trial.load_kw[slot] = search.now.load_kw[slot] + search.added_kw[slot]
        most = money[ELECTRICITY] + allowed - rest
        electricity = value_near(meter, search.trial.load_kw, search.now, desk, search.trial, most + 1e-9)
        if electricity > most:
            return False
        money[ELECTRICITY] = electricity
        for slot in range(len(search.added_kw)):
            search.machine_kw[slot] += search.added_kw[slot]
        copy_planes(search.trial, search.now)
    counts[ACCEPTED] += 1
    money[REST] += rest
    money[TOTAL] = money[REST] + money[ELECTRICITY]
    return True


@compiled
def disturb_prices(search: JointSearch, chance: Words) -> None:
    """Disturb the marginal prices, so that the jobs don't all run to one place.

    Half of the rounds disturb every slot on its own; the others whole stretches of slots alike, which moves
    work between parts of the day where single slots only move it next door. Now and then all is disturbed
    more, or a stretch is made dear or cheap, to see what hours without, or full of, work would bring.
    """
    slots, money = len(search.offered), search.money
    spread = money[NOISE] * uniform(chance)
    if uniform(chance) < _WILD:
        spread *= 3.0
    longest = max(search.longest // search.per, 1) if uniform(chance) < _SMOOTH else 1
    mean, left, factor = 0.0, 0, 1.0
    for slot in range(slots):
        if left == 0:
            left = 1 + below(chance, longest)
            factor = 1.0 + spread * (2.0 * uniform(chance) - 1.0)
        left -= 1
        search.offered[slot] = search.now.price[slot] * factor
        mean += search.now.price[slot] / slots
    if uniform(chance) < _STRETCH:
        first = below(chance, slots)
        last = min(first + 1 + below(chance, max(slots // 6, 1)), slots)
        change = (2.0 * uniform(chance) - 1.0) * mean
        for slot in range(first, last):
            search.offered[slot] += change


@compiled
def offer_prices(shop: Shop, price: Floats, per: int, hours: float, wages_least: Floats) -> None:
    """Let a job's electricity cost these prices, shape ``(settlement slots,)`` [money/kWh]."""
    fine_hours = hours / per
    for slot in range(shop.slots):
        shop.price[slot + 1] = shop.price[slot] + price[slot // per] * fine_hours
    for machine in range(len(shop.always_open)):
        energy, opened = shop.energy[machine], shop.opened_before[machine]
        total = 0.0
        for slot in range(shop.slots):
            if opened[slot + 1] > opened[slot]:
                total += price[slot // per] * fine_hours
            energy[slot + 1] = total
    least = np.inf
    for slot in range(len(price)):
        least = min(least, price[slot] * fine_hours)
    for number in range(len(shop.operations)):
        row = shop.operations[number]
        cheapest = np.inf
        for mode in range(row.modes, row.modes_end):
            choice = shop.modes[mode]
            cost = choice.money
            if choice.machine >= 0:
                cost += choice.duration * (choice.kw * least + wages_least[choice.machine])
            cheapest = min(cheapest, cost)
        row.least_money = cheapest


@compiled
def _count_rest(shop: Shop, now: Bookings, search: JointSearch, job: int) -> None:
    """Add up again what a placed job costs besides its electricity."""
    row, money = shop.jobs[job], 0.0
    for at in range(shop.group_from[row.groups], shop.group_from[row.groups_end]):
        operation = shop.part[at]
        place = now.places[operation]
        mode = shop.modes[place.mode]
        money += operation_money(shop, operation, place.mode, place.start, place.end)
        if mode.machine >= 0 and shop.sharing[mode.machine].batch <= 0.0:
            energy = shop.energy[mode.machine]
            money -= mode.kw * (energy[place.end] - energy[place.start])
    search.rest[job] = money


@compiled
def _take_out(shop: Shop, now: Bookings, search: JointSearch, job: int, k: int) -> float:
    row = shop.jobs[job]
    search.saved_rest[k] = search.rest[job]
    for at in range(shop.group_from[row.groups], shop.group_from[row.groups_end]):
        search.saved[shop.part[at]] = now.places[shop.part[at]]
    if not search.out[job]:
        add_load(shop, now, job, -1.0, search.per, search.added_kw, search.touched)
        remove_job(shop, now, job)
    return float(search.rest[job])


@compiled
def _put_back(shop: Shop, now: Bookings, search: JointSearch, job: int) -> float:
    search.out[job] = not insert_job(shop, now, job)
    if search.out[job]:
        search.rest[job] = search.money[PENALTY]
    else:
        energy = add_load(shop, now, job, 1.0, search.per, search.added_kw, search.touched)
        search.rest[job] = now.job_money[job] - energy
    return float(search.rest[job])


@compiled
def _restore(shop: Shop, now: Bookings, search: JointSearch, job: int, k: int) -> None:
    row = shop.jobs[job]
    search.rest[job] = search.saved_rest[k]
    for at in range(shop.group_from[row.groups], shop.group_from[row.groups_end]):
        place = search.saved[shop.part[at]]
        search.out[job] = place.mode < 0
        if place.mode >= 0:
            book(shop, now, shop.part[at], place.mode, place.start, place.end)


@compiled
def choose_jobs(shop: Shop, now: Bookings, search: JointSearch, chance: Words) -> int:
    """One job at random, and others that stand in its way, or in the way of those, or anywhere."""
    chosen = search.chosen
    chosen[0] = search.movable[below(chance, len(search.movable))]
    count = 1
    wanted = 1
    while wanted < MOST_REMOVED and uniform(chance) < 0.5:
        wanted += 1
    anywhere = uniform(chance) < 0.3
    for _ in range(3 * wanted):
        if count >= wanted:
            break
        if anywhere:
            other = search.movable[below(chance, len(search.movable))]
        else:
            other = neighbour(shop, now, chosen[below(chance, count)], chance)
        fresh = other >= 0
        for k in range(count):
            fresh &= chosen[k] != other
        if fresh:
            chosen[count] = other
            count += 1
    for k in range(count - 1, 0, -1):
        swap = below(chance, k + 1)
        chosen[k], chosen[swap] = chosen[swap], chosen[k]
    return count
