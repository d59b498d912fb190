"""The search for money: a first schedule in the order of the promises, then annealing by insertion."""

from collections.abc import Callable, Sequence

import numpy as np

from juli.workshop import chains
from juli.workshop.arrays import Ints, Shop, compile_shop
from juli.workshop.bookings import (
    Bookings,
    book,
    booking_of,
    completion_money,
    fixed_bookings,
    money_of_job,
    new_bookings,
    run_money,
    unbook,
)
from juli.workshop.chains import Chains, anneal_chains, new_chains, return_to_best, suits_chains
from juli.workshop.chance import new_chance
from juli.workshop.insertion import insert_in_order
from juli.workshop.pieces import DEARER, SOUNDINGS, new_pieces
from juli.workshop.problem import Run, ShopProblem
from juli.workshop.search import BEST, TEMPERATURE, TOTAL, anneal, new_search
from juli.workshop.stop import Stop

#: The search looks at the clock about this often [s].
_CHUNK_SECONDS = 0.05
#: Rounds at one temperature where rounds are counted and time is not.
_FIXED_CHUNK = 16
#: The first temperature as a share of what dearer moves add, and the last as a share of the first.
_HOTTEST, _COOLED = 0.6, 0.1
#: The same as a share of the mean cost of a job, until moves have told.
_HOTTEST_AT_FIRST = 0.02
#: Moves for each operation that an annealing should have. Where one ends depends on chance, and longer ones
#: end little better, so time for more of them is spent on more of them, at most so many. The last of several
#: begins from the best schedule, at a share of the first temperature that keeps most of it.
_MOVES_AN_OPERATION, _MOST_CYCLES, _REHEATED = 5000, 12, 0.3
#: Share of the time after which the number of annealings that fit is known.
_LEARNED = 0.02
#: Share of the moves that take pieces of jobs out, not whole ones, and the longest stretch that these are
#: taken from, in mean durations of an operation.
_PIECES, _LONGEST = 0.7, 4.5


def first_schedule(problem: ShopProblem, shop: Shop, start: Sequence[Run] = ()) -> Bookings:
    """Book what is fixed, then a given schedule, or the jobs one by one in the order of their promises."""
    now = new_bookings(shop, fixed_bookings(problem, shop))
    if not start:
        insert_in_order(shop, now, by_promise(problem, shop))
        return now
    for run in start:
        if not shop.operations["fixed"][run.operation]:
            book(shop, now, *booking_of(shop, run))
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


class Annealing:
    """A search that can be interrupted and taken up again.

    Parameters
    ----------
    problem
        The shop and its work.
    seed
        Equal seeds and rounds give equal schedules.
    start
        A schedule to begin from; empty: the jobs are placed in the order of their promises.
    """

    def __init__(self, problem: ShopProblem, seed: int, start: Sequence[Run] = ()):
        self.rounds = 0
        self._problem = problem
        self._shop = compile_shop(problem)
        self._now = first_schedule(problem, self._shop, start)
        self._settled = settled_money(self._shop, self._now)
        self._search = new_search(self._shop, self._now, _penalty(problem, self._shop))
        self._pieces = new_pieces(self._shop)
        self._longest = _longest_stretch(self._shop)
        self._chains: Chains | None = None
        self._suits_chains = suits_chains(problem, self._shop)
        self._chance = new_chance(seed)
        self._told = np.inf
        self._chunk = _FIXED_CHUNK
        self._cycles: int | None = None
        self._returned = False

    def load(self) -> None:
        """Compile the engine, or read it from the cache."""
        self._anneal(0)
        if self._suits_chains and self._is_complete:
            anneal_chains(new_chains(self._shop, self._now), self._chance, 0, _PIECES, self._longest)

    def runs(self) -> tuple[Run, ...]:
        """The best schedule so far; empty if an operation is not placed."""
        if not self._is_complete:
            return ()
        real = self._search.best[: len(self._problem.operations)]
        mode, start, end = real["mode"], real["start"], real["end"]
        if self._chains is not None:
            mode, start, end = self._chains.best.T
        machines = self._shop.modes["machine"][mode].tolist()
        rows = zip(machines, start.tolist(), end.tolist(), strict=True)
        return tuple(Run(number, *row) for number, row in enumerate(rows))

    def left_out(self) -> tuple[int, ...]:
        """The operations that there is no room for in the best schedule so far."""
        real = self._search.best[: len(self._problem.operations)]
        return tuple(np.flatnonzero(real["mode"] < 0).tolist())

    def run(
        self,
        stop: Stop,
        *,
        until: Stop | None = None,
        until_complete: bool = False,
        tell: Callable[[float], None] | None = None,
    ) -> None:
        """Anneal until told to stop.

        Parameters
        ----------
        stop
            When the search is to be cold.
        until
            When to interrupt it before that.
        until_complete
            Whether to interrupt it as soon as everything is placed.
        tell
            Is told the cost at each improvement.
        """
        movable = len(self._search.movable)
        while movable and not (until or stop).reached(self.rounds):
            if until_complete and self._is_complete:
                return
            if self._chains is None and self._suits_chains and self._is_complete:
                self._chains = new_chains(self._shop, self._now)
            self._set_temperature(self._hottest * self._cooled(stop.share(self.rounds)))
            size, before = self._chunk, stop.spent
            if stop.rounds is not None:
                size = min(_FIXED_CHUNK, stop.rounds - self.rounds)
            self._anneal(size)
            self.rounds += size
            if stop.spent - before < _CHUNK_SECONDS / 2:
                self._chunk *= 2
            if tell is not None and self._least < self._told and self._is_complete:
                self._told = self._least
                tell(self._told + self._settled)

    @property
    def least_money(self) -> float:
        """What the best schedule so far costs; a penalty stands for each job that is left out."""
        return self._least + self._settled

    @property
    def _least(self) -> float:
        return float(self._search.money[BEST] if self._chains is None else self._chains.figure[chains.LEAST])

    @property
    def _hottest(self) -> float:
        """The temperature at which moves that cost more are often kept."""
        if self._chains is not None:
            dearer, soundings = self._chains.figure[[chains.DEARER, chains.SOUNDINGS]]
        else:
            dearer, soundings = self._pieces.figures[[DEARER, SOUNDINGS]]
        if soundings >= 1:
            return _HOTTEST * float(dearer / soundings)
        return _HOTTEST_AT_FIRST * abs(self._least) / max(len(self._search.movable), 1)

    def _cooled(self, share: float) -> float:
        """The temperature as a share of the hottest, when a share of what is allowed is used up."""
        if self._cycles is None and share >= _LEARNED:
            fit = self.rounds / share / (_MOVES_AN_OPERATION * len(self._pieces.movable))
            self._cycles = min(max(int(fit), 1), _MOST_CYCLES)
        cycles = self._cycles or 1
        done = min(int(share * cycles), cycles - 1)
        cooled = _COOLED ** (share * cycles - done)
        if cycles == 1 or done < cycles - 1:
            return float(cooled)
        if not self._returned and self._is_complete:
            self._returned = True
            self._return_to_best()
        return float(_REHEATED * cooled ** (1.0 - np.log(_REHEATED) / np.log(_COOLED)))

    def _return_to_best(self) -> None:
        """Put everything where it is in the best schedule so far."""
        if self._chains is not None:
            return_to_best(self._chains)
            return
        shop, now, search = self._shop, self._now, self._search
        for operation in shop.part:
            if now.places["mode"][operation] >= 0:
                unbook(shop, now, operation)
        for operation in shop.part:
            place = search.best[operation]
            book(shop, now, operation, place["mode"], place["start"], place["end"])
        for job in search.movable:
            now.job_money[job] = money_of_job(shop, now, job)
        search.out[:] = False
        search.money[TOTAL] = now.job_money.sum() + now.shared[0]

    def _set_temperature(self, money: float) -> None:
        self._search.money[TEMPERATURE] = money
        if self._chains is not None:
            self._chains.figure[chains.TEMPERATURE] = money

    def _anneal(self, rounds: int) -> None:
        if self._chains is not None:
            anneal_chains(self._chains, self._chance, rounds, _PIECES, self._longest)
            return
        anneal(
            self._shop, self._now, self._search, self._pieces, self._chance, rounds, _PIECES, self._longest
        )

    @property
    def _is_complete(self) -> bool:
        return bool((self._search.best["mode"] >= 0).all())


def _longest_stretch(shop: Shop) -> int:
    durations = shop.operations["shortest"][shop.operations["shortest"] > 0]
    return 1 + round(_LONGEST * float(durations.mean())) if len(durations) else 1


def _has_parts(shop: Shop, job: int) -> bool:
    return bool(shop.jobs["groups_end"][job] > shop.jobs["groups"][job])


def settled_money(shop: Shop, now: Bookings) -> float:
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
