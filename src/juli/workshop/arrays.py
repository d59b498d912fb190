"""The shop as flat arrays, the form that the compiled engines read.

A job whose operations end in more than one last operation gets one more, without a machine and zero
slots long, that waits for them all: so every job is complete at the end of exactly one operation. The
operations of a job are listed group by group. A group is a tree: each of its operations but the root
has exactly one successor in the job. Within a group, what goes into an operation stands before it, the
longest branch first.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from juli.core.errors import InputError
from juli.workshop.problem import Mode, Operation, ShopProblem, Wait

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


#: Machine −1 is none: the operation takes no time and no place.
MODE = np.dtype(
    [
        ("machine", np.int64),
        ("duration", np.int64),
        ("kw", np.float64),
        ("money", np.float64),
        ("place", np.int64),  # where its machine stands
        ("shares", np.bool_),  # set-ups, warming up, batches or resources have a say in it
    ]
)
#: A wait as one of its two operations sees it: the other one, and −1 where there is no upper limit.
LINK = np.dtype([("other", np.int64), ("least", np.int64), ("most", np.int64)])
OPERATION = np.dtype(
    [
        ("job", np.int64),
        ("turn", np.int64),  # its place in an order in which nothing stands before what it waits for
        ("pausable", np.bool_),
        ("fixed", np.bool_),
        ("earliest", np.int64),  # first slot that it can start in, for its predecessors' sake too
        ("latest", np.int64),  # last slot border that it can end at, for its successors' sake too
        ("places", np.int64),  # the places of its modes, a bit each
        ("family", np.int64),
        ("load", np.float64),
        ("needs", np.int64),  # where its needs begin and end
        ("needs_end", np.int64),
        ("shortest", np.int64),  # duration on its fastest machine
        ("tail", np.int64),  # slots from its end to the end of its job, at the least
        ("least_money", np.float64),  # no run of it is cheaper
        ("parent", np.int64),  # its only successor in the job, or −1
        ("parent_least", np.int64),  # the wait before that successor
        ("parent_most", np.int64),
        ("modes", np.int64),  # where its modes begin, and one after their end
        ("modes_end", np.int64),
        ("before", np.int64),  # where the links to what it waits for begin and end
        ("before_end", np.int64),
        ("after", np.int64),  # where the links to what waits for it begin and end
        ("after_end", np.int64),
    ]
)
#: How much an operation takes of a resource.
NEED = np.dtype([("resource", np.int64), ("amount", np.float64)])
#: What a machine shares among its runs: a row of `setup_slots` (−1: it is not set up), the power of being
#: set up, how it is switched on and off (longest pause −1: it is not), and the load of a batch (0: none).
SHARING = np.dtype(
    [
        ("setup", np.int64),
        ("setup_kw", np.float64),
        ("idle_kw", np.float64),
        ("warm_up_kw", np.float64),
        ("warm_up", np.int64),
        ("longest_pause", np.int64),
        ("batch", np.float64),
    ]
)
#: One place is a bit of a 64-bit number, and one is for what has no machine.
MOST_PLACES = 62
JOB = np.dtype(
    [
        ("release", np.int64),
        ("due", np.float64),
        ("late_price", np.float64),
        ("lead_price", np.float64),
        ("last", np.int64),  # the operation at whose end the job is complete, or −1
        ("groups", np.int64),  # where its groups begin and end
        ("groups_end", np.int64),
    ]
)


class Shop(NamedTuple):
    """Everything that stays while schedules change; rows are read by attribute in compiled code."""

    slots: int
    operations: NDArray[np.void]
    modes: NDArray[np.void]
    before: NDArray[np.void]
    after: NDArray[np.void]
    jobs: NDArray[np.void]
    group_from: Ints  # (groups + 1,) where the operations of a group begin in `part`
    part: Ints
    always_open: NDArray[np.bool_]  # (machines,)
    opened_before: NDArray[np.int32]  # (machines, slots + 1) open slots before a border
    open_slot: NDArray[np.int32]  # (machines, slots + 1) the slot that is the n-th open one, or `slots`
    open_until: NDArray[np.int32]  # (machines, slots + 1) end of a slot's open stretch; itself if closed
    energy: Floats  # (machines, slots + 1) energy price of all open slots before a border [money/kW]
    wages: Floats  # (machines, slots + 1) wages of all open slots before a border [money]
    travel: Ints  # (places, places) slots; the last place is that of operations without a machine
    sharing: NDArray[np.void]  # (machines,)
    setup_slots: Ints  # (machines that are set up, families + 1, families); the last row: at the beginning
    price: Floats  # (slots + 1,) energy price of all slots before a border, open or not [money/kW]
    needs: NDArray[np.void]
    resources: Floats  # (resources, slots) how much there is


def compile_shop(problem: ShopProblem) -> Shop:
    """Lay a shop out as arrays."""
    real = len(problem.operations)
    sinks = _sinks(problem)
    waits = list(problem.waits)
    job_of = [operation.job for operation in problem.operations]
    modes = [
        [
            (mode.machine, mode.duration, mode.kw, mode.money, *_placed(problem, operation, mode))
            for mode in operation.modes
        ]
        for operation in problem.operations
    ]
    travel = _travel(problem)
    for number, last in enumerate(sinks):
        if len(last) > 1:
            waits += [Wait(before, len(job_of)) for before in last]
            sinks[number] = [len(job_of)]
            job_of.append(number)
            modes.append([(-1, 0, 0.0, 0.0, len(travel) - 1, False)])
    order = (*problem.topological, *range(real, len(job_of)))

    operations = np.zeros(len(job_of), dtype=OPERATION)
    operations["job"] = job_of
    operations["turn"][list(order)] = np.arange(len(order))
    operations["pausable"][:real] = [operation.pausable for operation in problem.operations]
    operations["fixed"][:real] = [operation.fixed is not None for operation in problem.operations]
    operations["family"][:real] = [operation.family for operation in problem.operations]
    operations["load"][:real] = [operation.load for operation in problem.operations]
    operations["places"] = [_bits(mode[4] for mode in rows) for rows in modes]
    needs = [list(operation.needs) for operation in problem.operations] + [[]] * (len(job_of) - real)
    operations["needs"], operations["needs_end"] = _borders(needs)
    operations["shortest"] = [min(mode[1] for mode in rows) for rows in modes]
    operations["modes"], operations["modes_end"] = _borders(modes)
    before = _linked(operations, waits, forward=False)
    after = _linked(operations, waits, forward=True)
    _set_windows(problem, operations, order, waits)
    _set_parents_and_tails(operations, order, waits)

    jobs = np.zeros(len(problem.jobs), dtype=JOB)
    for number, job in enumerate(problem.jobs):
        due, late_price = (0.0, 0.0) if job.due is None else (job.due, job.late_price)
        ending = sinks[number][0] if sinks[number] else -1
        jobs[number] = (job.release, due, late_price, job.lead_price, ending, 0, 0)
    group_from, part = _groups(operations, jobs, order)

    opened = problem.is_open
    energy, wages = _prices(problem, opened)
    shop = Shop(
        slots=problem.slots,
        operations=operations,
        modes=np.array([mode for rows in modes for mode in rows], dtype=MODE),
        before=before,
        after=after,
        jobs=jobs,
        group_from=group_from,
        part=part,
        always_open=np.asarray(opened.all(axis=1)),
        opened_before=_counted(opened),
        open_slot=_open_slots(opened),
        open_until=_open_until(opened),
        energy=energy,
        wages=wages,
        travel=travel,
        sharing=_sharing(problem),
        setup_slots=_setup_slots(problem),
        price=_price(problem),
        needs=np.array([need for row in needs for need in row], dtype=NEED),
        resources=np.zeros((0, problem.slots)) if problem.resources is None else problem.resources,
    )
    refresh_least_money(shop)
    return shop


def refresh_least_money(shop: Shop) -> None:
    """Recompute what no run of an operation can cost less than, after prices have changed."""
    energy_slot = np.diff(shop.energy, axis=1).min(axis=1)
    wages_slot = np.diff(shop.wages, axis=1).min(axis=1)
    modes = shop.modes
    machine = modes["machine"]
    slot_money = modes["kw"] * energy_slot[machine] + wages_slot[machine]
    money = modes["money"] + np.where(machine < 0, 0.0, modes["duration"] * slot_money)
    # What is paid for a whole machine can fall by a run: a pause that it fills costs no more.
    sharing = shop.sharing[machine]
    dearest = np.diff(shop.price).max(initial=0.0)
    saved = modes["duration"] * np.maximum(sharing["idle_kw"], 0.0) * dearest
    batched = modes["shares"] & (sharing["batch"] > 0.0)
    money = np.where(batched, modes["money"], money) - np.where(modes["shares"], saved, 0.0)
    shop.operations["least_money"] = np.minimum.reduceat(money, shop.operations["modes"])


def set_energy_price(shop: Shop, opened: NDArray[np.bool_], step_hours: float, price: Floats) -> None:
    """Change the price of electricity [money/kWh] in place, shape ``(slots,)``."""
    np.cumsum(opened * (price * step_hours), axis=1, out=shop.energy[:, 1:])
    np.cumsum(price * step_hours, out=shop.price[1:])
    refresh_least_money(shop)


def _placed(problem: ShopProblem, operation: Operation, mode: Mode) -> tuple[int, bool]:
    place = 0 if problem.travel is None else problem.place[mode.machine]
    shares = bool(operation.needs) or any(
        mode.machine in machines for machines in (problem.setups, problem.warmth, problem.batches)
    )
    return place, shares and mode.duration > 0


def _bits(places: Iterable[int]) -> int:
    bits = 0
    for place in places:
        bits |= 1 << place
    return bits


def _travel(problem: ShopProblem) -> Ints:
    """The ways between places, and one more place that is no way from any."""
    if problem.travel is None:
        return np.zeros((1, 1), dtype=np.int64)
    places = len(problem.travel)
    if places > MOST_PLACES:
        raise InputError(f"the machines stand at {places} places: tell at most {MOST_PLACES} apart")
    travel = np.zeros((places + 1, places + 1), dtype=np.int64)
    travel[:places, :places] = problem.travel
    return travel


def _sharing(problem: ShopProblem) -> NDArray[np.void]:
    rows = np.zeros(problem.machines, dtype=SHARING)
    rows["setup"], rows["longest_pause"] = -1, -1
    for number, (machine, setups) in enumerate(sorted(problem.setups.items())):
        rows["setup"][machine], rows["setup_kw"][machine] = number, setups.kw
    for machine, warmth in problem.warmth.items():
        for name in ("idle_kw", "warm_up_kw", "warm_up", "longest_pause"):
            rows[name][machine] = getattr(warmth, name)
    for machine, load in problem.batches.items():
        rows["batch"][machine] = load
    return rows


def _setup_slots(problem: ShopProblem) -> Ints:
    tables = [problem.setups[machine].slots for machine in sorted(problem.setups)]
    families = max((len(table) - 1 for table in tables), default=0)
    slots = np.zeros((len(tables), families + 1, families), dtype=np.int64)
    for number, table in enumerate(tables):
        rows = np.array(table, dtype=np.int64)
        own = rows.shape[1]
        slots[number, :own, :own] = rows[:own]
        slots[number, families, :own] = rows[own]
    return slots


def _price(problem: ShopProblem) -> Floats:
    price = np.zeros(problem.slots + 1)
    if problem.energy_price is not None:
        np.cumsum(problem.energy_price * problem.step_hours, out=price[1:])
    return price


def _sinks(problem: ShopProblem) -> list[list[int]]:
    inner = {
        wait.before
        for wait in problem.waits
        if problem.operations[wait.before].job == problem.operations[wait.after].job
    }
    sinks: list[list[int]] = [[] for _ in problem.jobs]
    for number, operation in enumerate(problem.operations):
        if number not in inner:
            sinks[operation.job].append(number)
    return sinks


def _borders(rows: Sequence[Sequence[object]]) -> tuple[Ints, Ints]:
    sizes = np.array([len(row) for row in rows], dtype=np.int64)
    ends = np.cumsum(sizes)
    return ends - sizes, ends


def _linked(operations: NDArray[np.void], waits: list[Wait], *, forward: bool) -> NDArray[np.void]:
    """List the waits by one of their operations, and write into that where its own begin and end."""
    rows: list[list[tuple[int, int, int]]] = [[] for _ in operations]
    for wait in waits:
        here, there = (wait.before, wait.after) if forward else (wait.after, wait.before)
        rows[here].append((there, wait.least, -1 if wait.most is None else wait.most))
    name = "after" if forward else "before"
    operations[name], operations[f"{name}_end"] = _borders(rows)
    return np.array([link for row in rows for link in row], dtype=LINK)


def _set_windows(
    problem: ShopProblem, operations: NDArray[np.void], order: tuple[int, ...], waits: list[Wait]
) -> None:
    count, real = len(operations), len(problem.operations)
    shortest = operations["shortest"]
    earliest = np.zeros(count, dtype=np.int64)
    latest = np.full(count, problem.slots, dtype=np.int64)
    for number, operation in enumerate(problem.operations):
        earliest[number] = max(operation.earliest, problem.jobs[operation.job].release, 0)
        latest[number] = problem.slots if operation.latest is None else min(operation.latest, problem.slots)
    into, out_of = _by_operation(count, waits)
    end = np.zeros(count, dtype=np.int64)
    for number in order:
        fixed = problem.operations[number].fixed if number < real else None
        if fixed is None:
            for wait in into[number]:
                earliest[number] = max(earliest[number], end[wait.before] + wait.least)
            end[number] = earliest[number] + shortest[number]
        else:
            end[number] = fixed.end
    for number in reversed(order):
        for wait in out_of[number]:
            if not operations["fixed"][wait.after]:
                start = latest[wait.after] - shortest[wait.after]
                latest[number] = min(latest[number], start - wait.least)
    operations["earliest"], operations["latest"] = earliest, latest


def _set_parents_and_tails(operations: NDArray[np.void], order: tuple[int, ...], waits: list[Wait]) -> None:
    job_of, shortest = operations["job"], operations["shortest"]
    _, out_of = _by_operation(
        len(operations), [wait for wait in waits if job_of[wait.before] == job_of[wait.after]]
    )
    operations["parent"], operations["parent_most"] = -1, -1
    for number in reversed(order):
        row = operations[number]
        if len(out_of[number]) == 1:
            wait = out_of[number][0]
            row["parent"], row["parent_least"] = wait.after, wait.least
            row["parent_most"] = -1 if wait.most is None else wait.most
        row["tail"] = max(
            (operations["tail"][wait.after] + shortest[wait.after] + wait.least for wait in out_of[number]),
            default=0,
        )


def _by_operation(count: int, waits: list[Wait]) -> tuple[list[list[Wait]], list[list[Wait]]]:
    into: list[list[Wait]] = [[] for _ in range(count)]
    out_of: list[list[Wait]] = [[] for _ in range(count)]
    for wait in waits:
        into[wait.after].append(wait)
        out_of[wait.before].append(wait)
    return into, out_of


def _groups(
    operations: NDArray[np.void], jobs: NDArray[np.void], order: tuple[int, ...]
) -> tuple[Ints, Ints]:
    """List the operations that are to be placed, by job and group, branches before what they feed.

    A group is a tree, and the program reads its choices back from the root down. So what goes into a fixed
    operation is a group of its own: nothing that is still to be placed would lead to it.
    """
    parent, shortest, fixed = operations["parent"], operations["shortest"], operations["fixed"]
    children: list[list[int]] = [[] for _ in operations]
    roots: list[list[int]] = [[] for _ in jobs]
    depth = shortest.copy()
    for number in order:
        above = parent[number]
        if above < 0 or fixed[above]:
            roots[operations["job"][number]].append(number)
        else:
            children[above].append(number)
            depth[above] = max(depth[above], depth[number] + shortest[above])
    group_from, part = [0], []
    for job, job_roots in enumerate(roots):
        jobs["groups"][job] = len(group_from) - 1
        for root in job_roots:
            visited: list[int] = []
            stack = [root]
            while stack:
                number = stack.pop()
                visited.append(number)
                # Popped last, the longest branch comes first when this order is read backwards.
                stack += sorted(children[number], key=lambda child: -depth[child])
            members = [number for number in reversed(visited) if not fixed[number]]
            if members:
                part += members
                group_from.append(len(part))
        jobs["groups_end"][job] = len(group_from) - 1
    return np.array(group_from, dtype=np.int64), np.array(part, dtype=np.int64)


def _prices(problem: ShopProblem, opened: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    energy = np.zeros((problem.machines, problem.slots + 1))
    wages = np.zeros((problem.machines, problem.slots + 1))
    if problem.energy_price is not None:
        np.cumsum(opened * (problem.energy_price * problem.step_hours), axis=1, out=energy[:, 1:])
    if problem.machine_price is not None:
        np.cumsum(opened * problem.machine_price, axis=1, out=wages[:, 1:])
    return energy, wages


def _counted(opened: NDArray[np.bool_]) -> NDArray[np.int32]:
    counted = np.zeros((opened.shape[0], opened.shape[1] + 1), dtype=np.int32)
    np.cumsum(opened, axis=1, out=counted[:, 1:])
    return counted


def _open_slots(opened: NDArray[np.bool_]) -> NDArray[np.int32]:
    machines, slots = opened.shape
    nth = np.full((machines, slots + 1), slots, dtype=np.int32)
    for machine in range(machines):
        found = np.flatnonzero(opened[machine])
        nth[machine, : len(found)] = found
    return nth


def _open_until(opened: NDArray[np.bool_]) -> NDArray[np.int32]:
    machines, slots = opened.shape
    until = np.full((machines, slots + 1), slots, dtype=np.int32)
    for slot in range(slots - 1, -1, -1):
        until[:, slot] = np.where(opened[:, slot], until[:, slot + 1], slot)
    return until
