"""The joint search where every job is a chain and no machine closes: the same moves, many more a second.

Runs are moved on the packed arrays of :mod:`juli.workshop.chains`; a candidate is weighed as everywhere.
"""

from juli.solve.joint.outlook import AnyMeter
from juli.solve.joint.search import (
    BEST,
    PIECE_SHARE,
    SINCE_PRICED,
    TOTAL,
    JointSearch,
    disturb_prices,
    weigh,
)
from juli.solve.joint.valuation import Desk
from juli.workshop.arrays import Floats, Ints
from juli.workshop.chains import (
    DUE,
    DURATION,
    END,
    KW,
    LATE,
    LEAD,
    MACHINE,
    MODE,
    MONEY,
    MOST_JOBS,
    MOST_PIECES,
    RELEASE,
    START,
    Chains,
    book_run,
    choose_runs,
    place_runs,
    unbook_run,
)
from juli.workshop.chance import Words, uniform
from juli.workshop.compiling import compiled


@compiled
def chain_rounds(
    chains: Chains, meter: AnyMeter, desk: Desk, search: JointSearch, chance: Words, rounds: int
) -> None:
    """Move so many times: whole jobs, or pieces of jobs out of a stretch of time."""
    operation, mode, rate, price = chains.operation, chains.mode, chains.rate, chains.price
    promise, run, was, booked = chains.promise, chains.run, chains.was, chains.booked
    cost, choice, piece = chains.cost, chains.choice, chains.piece
    money, counts, added_kw, per = search.money, search.counts, search.added_kw, search.per
    for _ in range(rounds):
        if counts[SINCE_PRICED] % search.priced_every == 0:
            disturb_prices(search, chance)
            _offer(price, search.offered, per, meter.site.step_hours)
        counts[SINCE_PRICED] += 1
        for slot in range(len(added_kw)):
            added_kw[slot] = 0.0
        whole = uniform(chance) >= money[PIECE_SHARE]
        most = MOST_JOBS if whole else MOST_PIECES
        count = choose_runs(operation, mode, run, booked, piece, chance, search.longest, whole, most)
        last, rest = piece[1, count], 0.0
        for at in range(last):
            i = piece[0, at]
            was[i, MODE], was[i, START], was[i, END] = run[i, MODE], run[i, START], run[i, END]
            rest -= _rest(chains, i)
            _draw(mode, rate, run, i, -1.0, per, added_kw)
            unbook_run(mode, run, booked, i)
        done = 0
        for k in range(count):
            first, end = piece[1, piece[2, k]], piece[1, piece[2, k] + 1]
            placed = place_runs(
                operation, mode, rate, price, promise, run, was, booked, cost, choice, piece, first, end
            )
            if not placed < 1e300:
                break
            done += 1
            for at in range(first, end):
                rest += _rest(chains, piece[0, at])
                _draw(mode, rate, run, piece[0, at], 1.0, per, added_kw)
        if done == count and weigh(meter, desk, search, chance, rest):
            if money[TOTAL] < money[BEST] - 1e-9:
                money[BEST] = money[TOTAL]
                for i in range(len(run)):
                    for column in range(3):
                        chains.best[i, column] = run[i, column]
            continue
        for k in range(done):
            for at in range(piece[1, piece[2, k]], piece[1, piece[2, k] + 1]):
                unbook_run(mode, run, booked, piece[0, at])
        for at in range(last):
            i = piece[0, at]
            book_run(mode, run, booked, i, was[i, MODE], was[i, START])


@compiled
def _offer(price: Floats, offered: Floats, per: int, hours: float) -> None:
    """Let a job's electricity cost these prices, shape ``(settlement slots,)`` [money/kWh]."""
    total, fine_hours = 0.0, hours / per
    for slot in range(price.shape[2] - 1):
        total += offered[slot // per] * fine_hours
        for machine in range(price.shape[1]):
            price[0, machine, slot + 1] = total


@compiled
def _rest(chains: Chains, i: int) -> float:
    """What a run costs besides its electricity."""
    m, start, end = chains.run[i, MODE], chains.run[i, START], chains.run[i, END]
    machine, promise = chains.mode[m, MACHINE], chains.promise
    wages = chains.price[1, machine, end] - chains.price[1, machine, start]
    late = promise[i, LATE] * max(0.0, end - promise[i, DUE])
    lead = promise[i, LEAD] * (end - promise[i, RELEASE])
    return float(wages + chains.rate[m, MONEY] + late + lead)


@compiled
def _draw(mode: Ints, rate: Floats, run: Ints, i: int, sign: float, per: int, added_kw: Floats) -> None:
    """Add what a run draws to a load, or take it off."""
    m, start = run[i, MODE], run[i, START]
    kw = sign * rate[m, KW] / per
    for slot in range(start, start + mode[m, DURATION]):
        added_kw[slot // per] += kw
