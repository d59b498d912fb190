"""The search for money: a first schedule in the order of the promises, then annealing by insertion."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from juli.core.errors import InputError
from juli.workshop.arrays import Ints, Shop, compile_shop
from juli.workshop.bookings import Bookings, book, completion_money, money_of_job, new_bookings, run_money
from juli.workshop.chance import new_chance
from juli.workshop.insertion import insert_in_order
from juli.workshop.problem import Job, Mode, Operation, Run, ShopProblem
from juli.workshop.result import OnProgress, Progress
from juli.workshop.search import BEST, TEMPERATURE, improve, new_search
from juli.workshop.stop import Stop

#: The search looks at the clock about this often [s].
_CHUNK_SECONDS = 0.05
#: Rounds at one temperature where rounds are counted and time is not.
_FIXED_CHUNK = 16
#: The first temperature as a share of the mean cost of a job, and the last as a share of the first.
_HOTTEST, _COOLED = 0.02, 0.05


def load() -> None:
    """Compile the engine, or read it from the cache, before a clock runs."""
    tiny = ShopProblem(1, 1, (Job(),), (Operation(0, (Mode(0, 1),)),))
    shop = compile_shop(tiny)
    now = first_schedule(tiny, shop)
    improve(shop, now, new_search(shop, now, 1.0), new_chance(0), 0)


def first_schedule(problem: ShopProblem, shop: Shop, start: Sequence[Run] | None = None) -> Bookings:
    """Book what is fixed, then a given schedule, or the jobs one by one in the order of their promises."""
    fixed = [operation.fixed for operation in problem.operations if operation.fixed is not None]
    now = new_bookings(shop, [_row(shop, run) for run in fixed])
    if start is None:
        insert_in_order(shop, now, by_promise(problem, shop))
        return now
    for run in start:
        if not shop.operations["fixed"][run.operation]:
            book(shop, now, *_row(shop, run))
    for number in range(len(problem.operations), len(shop.operations)):
        row = shop.operations[number]
        end = max(now.places["end"][link["other"]] for link in shop.before[row["before"] : row["before_end"]])
        book(shop, now, number, row["modes"], end, end)
    for job in range(len(shop.jobs)):
        now.job_money[job] = money_of_job(shop, now, job)
    return now


def by_promise(problem: ShopProblem, shop: Shop) -> Ints:
    """The jobs that have something to place, the earliest promise first; long ones first where equal."""
    work = np.zeros(len(problem.jobs))
    np.add.at(work, shop.operations["job"], shop.operations["shortest"])
    promises = [problem.slots if job.due is None else job.due for job in problem.jobs]
    order = sorted(range(len(work)), key=lambda job: (promises[job], -work[job]))
    return np.array([job for job in order if _has_parts(shop, job)], dtype=np.int64)


def search_money(
    problem: ShopProblem,
    *,
    stop: Stop,
    seed: int,
    bound: float | None = None,
    progress: OnProgress | None = None,
    start: Sequence[Run] | None = None,
) -> tuple[tuple[Run, ...] | None, int]:
    """Anneal until told to stop; the best schedule (None if not everything fits) and the rounds made."""
    shop = compile_shop(problem)
    now = first_schedule(problem, shop, start)
    constant = _settled_money(shop, now)
    search = new_search(shop, now, _penalty(problem, shop))
    chance = new_chance(seed)
    hottest = _HOTTEST * abs(float(search.money[BEST])) / max(len(search.movable), 1)
    rounds, chunk, told = 0, _FIXED_CHUNK, np.inf
    while True:
        if progress is not None and search.money[BEST] < told and _complete(search.best):
            told = float(search.money[BEST])
            progress(Progress(stop.spent, told + constant, bound, rounds))
        if stop.reached(rounds) or not len(search.movable):
            break
        search.money[TEMPERATURE] = hottest * _COOLED ** stop.share(rounds)
        size, before = chunk, stop.spent
        if stop.rounds is not None:
            size = min(_FIXED_CHUNK, stop.rounds - rounds)
        improve(shop, now, search, chance, size)
        rounds += size
        if stop.spent - before < _CHUNK_SECONDS / 2:
            chunk *= 2
    return runs_of(problem, shop, search.best), rounds


def runs_of(problem: ShopProblem, shop: Shop, places: NDArray[np.void]) -> tuple[Run, ...] | None:
    """Read bookings back as runs; None if an operation is not placed."""
    if not _complete(places):
        return None
    real = places[: len(problem.operations)]
    machines = shop.modes["machine"][real["mode"]].tolist()
    rows = zip(machines, real["start"].tolist(), real["end"].tolist(), strict=True)
    return tuple(Run(number, *row) for number, row in enumerate(rows))


def _complete(places: NDArray[np.void]) -> bool:
    return bool((places["mode"] >= 0).all())


def _row(shop: Shop, run: Run) -> tuple[int, int, int, int]:
    operation = shop.operations[run.operation]
    for mode in range(operation["modes"], operation["modes_end"]):
        if shop.modes["machine"][mode] == run.machine:
            return run.operation, mode, run.start, run.end
    raise InputError(f"operation {run.operation} can't be done on machine {run.machine}: see {run}")


def _has_parts(shop: Shop, job: int) -> bool:
    return bool(shop.jobs["groups_end"][job] > shop.jobs["groups"][job])


def _settled_money(shop: Shop, now: Bookings) -> float:
    """What no search can change: runs that are fixed, and jobs that have nothing else."""
    money = 0.0
    for number in np.flatnonzero(shop.operations["fixed"]):
        place = now.places[number]
        money += run_money(shop, place["mode"], place["start"], place["end"])
    for job in range(len(shop.jobs)):
        last = shop.jobs["last"][job]
        if last >= 0 and not _has_parts(shop, job):
            money += completion_money(shop, job, now.places["end"][last])
    return money


def _penalty(problem: ShopProblem, shop: Shop) -> float:
    """More than it can cost to place any job."""
    dearest = np.zeros(len(problem.jobs))
    slot_prices = [
        max(float(problem.slot_money(mode.machine, mode.kw).max()) * mode.duration, 0.0) + mode.money
        for operation in problem.operations
        for mode in operation.modes
    ]
    starts = shop.operations["modes"][: len(problem.operations)]
    np.add.at(
        dearest,
        shop.operations["job"][: len(problem.operations)],
        np.maximum.reduceat(np.array(slot_prices), starts),
    )
    jobs = shop.jobs
    dearest += jobs["late_price"] * np.maximum(shop.slots - jobs["due"], 0.0)
    dearest += jobs["lead_price"] * (shop.slots - jobs["release"])
    return 1.0 + 2.0 * float(dearest.max(initial=0.0))
