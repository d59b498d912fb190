"""A schedule under construction: what is booked where, and what it costs; written in place by the engines."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from juli.core.errors import InputError
from juli.workshop.arrays import Floats, Ints, Shop
from juli.workshop.compiling import compiled
from juli.workshop.problem import Run, ShopProblem
from juli.workshop.sharing import share, unshare

#: Where an operation is; the mode −1 means that it is not placed.
PLACE = np.dtype([("mode", np.int64), ("start", np.int64), ("end", np.int64), ("position", np.int64)])
#: What the dynamic program knows of one operation of the group that it is placing.
PART = np.dtype(
    [
        ("start_low", np.int64),
        ("start_high", np.int64),
        ("end_low", np.int64),
        ("end_high", np.int64),
        ("mode", np.int64),
        ("place", np.int64),
        ("start", np.int64),
        ("end", np.int64),
    ]
)


class Bookings(NamedTuple):
    """A schedule under construction and the scratch space of the dynamic program."""

    places: NDArray[np.void]  # (operations,)
    booked_from: NDArray[np.int32]  # (machines, slots + 1) the next booked slot from a slot on, or `slots`
    occupant: NDArray[np.int32]  # (machines, slots) the operation in a slot, or −1
    job_money: Floats  # (jobs,) what each job costs as it is placed now
    shared: Floats  # (1,) what is paid for whole machines: set-ups, warming up, idling, batches
    used: Floats  # (resources, slots) how much of each is taken
    batch_next: Ints  # (operations,) the next one in the same batch, or −1; an occupant is the first
    batch_load: Floats  # (operations,) load of the batch that an operation is the first of
    parts: NDArray[np.void]  # (largest group,)
    ending: Floats  # (largest group, places, slots + 1) least cost up to an operation, by place and end
    starting: Floats  # (largest group, places, slots + 1) least cost of what goes into it, by its start
    queue: Ints  # (slots + 1,)
    passed: Floats  # (slots + 1,)
    short_from: NDArray[np.int32]  # (slots + 1,) the next slot in which a resource falls short


def new_bookings(shop: Shop, fixed: Iterable[tuple[int, int, int, int]] = ()) -> Bookings:
    """Nothing is booked but what is fixed: rows of operation, mode, start and end."""
    machines, slots = len(shop.always_open), shop.slots
    largest = int(np.diff(shop.group_from).max(initial=1))
    places = np.zeros(len(shop.operations), dtype=PLACE)
    places["mode"], places["position"] = -1, -1
    occupant = np.full((machines, slots), -1, dtype=np.int32)
    booked_from = np.full((machines, slots + 1), slots, dtype=np.int32)
    places_count = len(shop.travel)
    now = Bookings(
        places=places,
        booked_from=booked_from,
        occupant=occupant,
        job_money=np.zeros(len(shop.jobs)),
        shared=np.zeros(1),
        used=np.zeros(shop.resources.shape),
        batch_next=np.full(len(shop.operations), -1, dtype=np.int64),
        batch_load=np.zeros(len(shop.operations)),
        parts=np.zeros(largest, dtype=PART),
        ending=np.full((largest, places_count, slots + 1), np.inf),
        starting=np.zeros((largest, places_count, slots + 1)),
        queue=np.zeros(slots + 1, dtype=np.int64),
        passed=np.zeros(slots + 1),
        short_from=np.full(slots + 1, slots, dtype=np.int32),
    )
    for operation, mode, start, end in fixed:
        book(shop, now, operation, mode, start, end)
    return now


def booking_of(shop: Shop, run: Run) -> tuple[int, int, int, int]:
    """A run as a row of operation, mode, start and end."""
    operation = shop.operations[run.operation]
    for mode in range(operation["modes"], operation["modes_end"]):
        if shop.modes["machine"][mode] == run.machine:
            return run.operation, mode, run.start, run.end
    raise InputError(f"operation {run.operation} can't be done on machine {run.machine}: see {run}")


def fixed_bookings(problem: ShopProblem, shop: Shop) -> list[tuple[int, int, int, int]]:
    """What is running or frozen, as rows for :func:`new_bookings`."""
    return [booking_of(shop, operation.fixed) for operation in problem.operations if operation.fixed]


@compiled
def book(shop: Shop, now: Bookings, operation: int, mode: int, start: int, end: int) -> None:
    """Place an operation; there must be room for it."""
    place = now.places[operation]
    place.mode, place.start, place.end = mode, start, end
    machine = shop.modes[mode].machine
    first, last = max(start, 0), min(end, shop.slots)
    if machine < 0 or first >= last:
        return
    if shop.modes[mode].shares and share(shop, now, operation, mode):
        return
    row, occupant = now.booked_from[machine], now.occupant[machine]
    for slot in range(first, last):
        row[slot] = slot
        occupant[slot] = operation
    slot = first - 1
    while slot >= 0 and row[slot] > first:
        row[slot] = first
        slot -= 1


@compiled
def unbook(shop: Shop, now: Bookings, operation: int) -> None:
    """Take an operation out."""
    place = now.places[operation]
    mode = place.mode
    machine = shop.modes[mode].machine
    place.mode = -1
    first, last = max(place.start, 0), min(place.end, shop.slots)
    if machine < 0 or first >= last:
        return
    if shop.modes[mode].shares and unshare(shop, now, operation, mode):
        return
    row, occupant = now.booked_from[machine], now.occupant[machine]
    following = row[last]
    for slot in range(first, last):
        row[slot] = following
        occupant[slot] = -1
    slot = first - 1
    while slot >= 0 and row[slot] == first:
        row[slot] = following
        slot -= 1


@compiled
def end_of(shop: Shop, operation: int, mode: int, start: int) -> int:
    """Where a run that starts in a slot ends by the calendar; beyond the horizon where it can't run."""
    machine, duration = shop.modes[mode].machine, shop.modes[mode].duration
    if machine < 0 or duration == 0:
        return start
    opened = shop.open_until[machine, start]
    if not shop.operations[operation].pausable or shop.always_open[machine]:
        return start + duration if start + duration <= opened else shop.slots + 1
    if opened == start:
        return shop.slots + 1
    nth = shop.opened_before[machine, start] + duration - 1
    return int(shop.open_slot[machine, min(nth, shop.slots)]) + 1


@compiled
def run_money(shop: Shop, mode: int, start: int, end: int) -> float:
    """What a run costs: itself, and but for a batch, which is paid for as a whole, its energy and wages."""
    machine = shop.modes[mode].machine
    if machine < 0:
        return 0.0
    if shop.sharing[machine].batch > 0.0:
        return float(shop.modes[mode].money)
    first, last = max(start, 0), min(end, shop.slots)
    energy = shop.energy[machine, last] - shop.energy[machine, first]
    wages = shop.wages[machine, last] - shop.wages[machine, first]
    return float(shop.modes[mode].kw * energy + wages + shop.modes[mode].money)


@compiled
def completion_money(shop: Shop, job: int, end: int) -> float:
    """What it costs that a job is complete at a slot border."""
    row = shop.jobs[job]
    return float(row.late_price * max(0.0, end - row.due) + row.lead_price * (end - row.release))


@compiled
def money_of_job(shop: Shop, now: Bookings, job: int) -> float:
    """What a placed job costs, operations that are fixed left out."""
    row, money = shop.jobs[job], 0.0
    for at in range(shop.group_from[row.groups], shop.group_from[row.groups_end]):
        place = now.places[shop.part[at]]
        money += run_money(shop, place.mode, place.start, place.end)
    if row.last >= 0:
        money += completion_money(shop, job, now.places[row.last].end)
    return money
