"""Repair a schedule that people have been told: few things change where few need to.

What an event has broken is put back by exact insertion around everything that was told: first the broken
operations alone, then with what follows them in their jobs, then their whole jobs, as far as there is room
and as far as it pays. After that, late jobs and those in their way are searched together. Whoever was moved
for nothing goes home again. Each move of an operation that was told costs a price.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from juli.workshop import judge
from juli.workshop.annealing import Annealing
from juli.workshop.problem import Job, Mode, Objective, Operation, Run, ShopProblem, Wait
from juli.workshop.stop import Stop

#: How much of a job is free: what is broken, what follows that, all of it.
_BROKEN, _FOLLOWING, _WHOLE = 0, 1, 2
#: So many jobs are searched together, and for at most such a share of the time that is left.
_MOST_JOBS, _SEARCH_SHARE = 24, 0.4
#: Rounds of such a search where rounds are limited.
_ROUNDS_A_SEARCH: Final = 2000


@dataclass(frozen=True)
class Repaired:
    """A schedule again.

    Parameters
    ----------
    runs
        One for each operation; empty where there was no room.
    broken
        Operations that could not stay where they were told, and those that are new.
    moved
        Operations that were told and now run elsewhere or at another time.
    money
        What the schedule costs, without the price of moving.
    """

    runs: tuple[Run, ...]
    broken: frozenset[int] = frozenset()
    moved: frozenset[int] = frozenset()
    money: float = 0.0


def repair(
    problem: ShopProblem,
    told: Mapping[int, Run],
    *,
    move_money: float,
    stop: Stop,
    seed: int = 0,
) -> Repaired:
    """Put a schedule right with as few changes as are worth their price.

    Parameters
    ----------
    problem
        The shop as it is now; what is done, running or frozen is fixed.
    told
        Where the other operations were to run; one that is absent is new.
    move_money
        What it costs to move one operation that was told [money].
    stop
        When to end; a schedule is found first in any case.
    seed
        Where all chance comes from.
    """
    mending = _Mending(problem, told, move_money, seed)
    mending.put_back()
    if not mending.runs:
        return Repaired((), mending.broken)
    mending.follow_where_it_pays()
    rounds = 0
    while not stop.reached(rounds) and mending.yield_to_the_late(stop):
        rounds += 1
    mending.go_home()
    return Repaired(mending.runs, mending.broken, mending.moved(mending.runs), mending.money(mending.runs))


def advance(
    problem: ShopProblem,
    told: Sequence[Run],
    job: int,
    *,
    stop: Stop,
    others: Sequence[int] | None = None,
    seed: int = 0,
) -> tuple[Run, ...]:
    """Search one job of a schedule together with others, all else staying where it is.

    Parameters
    ----------
    problem
        The shop; it may differ from the one that the schedule was made for, such as by longer hours.
    told
        The schedule, a run for each operation in their order.
    job
        The job.
    stop
        When to end.
    others
        The jobs that are searched with it; None: those in its way.
    seed
        Where all chance comes from.

    Returns
    -------
    The cheapest schedule found; where an operation can't stay as told, it is put back first, and there are
    no runs where that fails.
    """
    mending = _Mending(problem, {run.operation: run for run in told}, 0.0, seed)
    mending.put_back()
    if mending.runs:
        mending.search([job, *(mending.in_the_way(job) if others is None else others)], stop)
    return mending.runs


class _Mending:
    """The best schedule so far, and how it is changed."""

    def __init__(self, problem: ShopProblem, told: Mapping[int, Run], move_money: float, seed: int):
        self.problem = problem
        self.told = {number: run for number, run in told.items() if problem.operations[number].fixed is None}
        self.move_money = move_money
        self.seed = seed
        self.runs: tuple[Run, ...] = ()
        self.total = float("inf")
        self.levels: dict[int, int] = {}
        self._operations_of: list[list[int]] = [[] for _ in problem.jobs]
        self._before: list[list[Wait]] = [[] for _ in problem.operations]
        self._after: list[list[Wait]] = [[] for _ in problem.operations]
        for number, operation in enumerate(problem.operations):
            self._operations_of[operation.job].append(number)
        for wait in problem.waits:
            self._after[wait.before].append(wait)
            self._before[wait.after].append(wait)
        self.broken = frozenset(self._broken())
        self._tabu: set[int] = set()

    # ------------------------------------------------------------------ what holds and what it costs

    def _broken(self) -> set[int]:
        """Find what can't stay where it was told, judged against the calendar and against what is fixed."""
        problem = self.problem
        broken = set()
        fixed_on: list[list[Run]] = [[] for _ in range(problem.machines)]
        for operation in problem.operations:
            if operation.fixed is not None and operation.fixed.end > operation.fixed.start:
                fixed_on[operation.fixed.machine].append(operation.fixed)
        for number, operation in enumerate(problem.operations):
            if operation.fixed is not None:
                continue
            run = self.told.get(number)
            if (
                run is None
                or not self._holds(operation, run)
                or any(one.start < run.end and run.start < one.end for one in fixed_on[run.machine])
                or any(self._too_early(wait, run) for wait in self._before[number])
            ):
                broken.add(number)
        return broken

    def _holds(self, operation: Operation, run: Run) -> bool:
        """Whether a told run keeps its own window and its machine's calendar."""
        problem = self.problem
        mode = next((one for one in operation.modes if one.machine == run.machine), None)
        earliest = max(operation.earliest, problem.jobs[operation.job].release, 0)
        latest = problem.slots if operation.latest is None else min(operation.latest, problem.slots)
        if mode is None or run.start < earliest or run.end > latest:
            return False
        opened = problem.is_open[run.machine, run.start : run.end]
        worked = int(opened.sum())
        if worked != mode.duration or (not operation.pausable and worked != run.end - run.start):
            return False
        return worked == 0 or bool(opened[0] and opened[-1])

    def _too_early(self, wait: Wait, run: Run) -> bool:
        before = self.problem.operations[wait.before].fixed
        return before is not None and not self._waited(wait, before, run)

    def _waited(self, wait: Wait, before: Run, after: Run) -> bool:
        """Whether a wait, and the way between the two machines, is kept."""
        waited = after.start - before.end
        least = wait.least + self.problem.way(before.machine, after.machine)
        return waited >= least and (wait.most is None or waited <= wait.most)

    def moved(self, runs: Sequence[Run]) -> frozenset[int]:
        """The told operations that run elsewhere or at another time."""
        return frozenset(number for number, run in self.told.items() if runs[number] != run)

    def money(self, runs: Sequence[Run]) -> float:
        """What a schedule costs, without the price of moving."""
        return judge.cost(self.problem, runs, Objective.MONEY)

    def offer(self, runs: Sequence[Run]) -> bool:
        """Take a schedule if it holds and is the cheapest with the price of moving."""
        if not runs or judge.broken_rules(self.problem, runs):
            return False
        total = self.money(runs) + self.move_money * len(self.moved(runs))
        if total >= self.total - 1e-9:
            return False
        self.runs, self.total = tuple(runs), total
        return True

    # ------------------------------------------------------------------ putting back

    def put_back(self) -> None:
        """Insert what is broken, freeing more of a job only where there is no room."""
        levels = {self.problem.operations[number].job: _BROKEN for number in self.broken}
        for _ in range(len(self.problem.jobs) + _WHOLE):
            runs, stuck = self._insert(levels)
            self.offer(runs)
            if self.runs:
                self.levels = levels
                return
            raised = {
                job: min(levels.get(job, _BROKEN) + 1, _WHOLE)
                for job in stuck
                if levels.get(job, -1) < _WHOLE
            }
            if not raised:
                break
            levels |= raised
        everything = dict.fromkeys(range(len(self.problem.jobs)), _WHOLE)
        runs, _ = self._insert(everything)
        self.offer(runs)
        self.levels = everything if self.runs else {}

    def follow_where_it_pays(self) -> None:
        """Free more of the jobs that are late now, and keep that where it is cheaper, moves counted."""
        for level in (_FOLLOWING, _WHOLE):
            late = [job for job in self.levels if self.levels[job] < level and self._lateness_money(job) > 0]
            if not late:
                continue
            levels = self.levels | dict.fromkeys(late, level)
            runs, _ = self._insert(levels)
            if self.offer(runs):
                self.levels = levels

    def _free(self, levels: Mapping[int, int]) -> set[int]:
        """The operations that are free at some levels of their jobs."""
        free: set[int] = set()
        for job, level in levels.items():
            own = [one for one in self._operations_of[job] if self.problem.operations[one].fixed is None]
            if level == _WHOLE:
                free.update(own)
                continue
            stack = [one for one in own if one in self.broken]
            free.update(stack)
            while stack and level == _FOLLOWING:
                for wait in self._after[stack.pop()]:
                    if wait.after not in free and self.problem.operations[wait.after].fixed is None:
                        free.add(wait.after)
                        stack.append(wait.after)
        return free

    def _insert(self, levels: Mapping[int, int]) -> tuple[tuple[Run, ...], set[int]]:
        """Insert what is free around all that was told; the runs, or the jobs that there is no room for."""
        free = self._free(levels)
        if not free:
            rows = enumerate(self.problem.operations)
            return tuple(one.fixed or self.told[number] for number, one in rows), set()
        around = _Around(self.problem, free, self.told, self._operations_of)
        search = Annealing(around.shop, self.seed)
        runs = around.whole(search.runs())
        if not runs:
            return (), {self.problem.operations[around.numbers[one]].job for one in search.left_out()}
        # Waits between what stays and what was put back are no rule of what stays: look again.
        stuck = set()
        for number in free:
            for wait in (*self._before[number], *self._after[number]):
                kept = self._waited(wait, runs[wait.before], runs[wait.after])
                if self.problem.operations[wait.after].fixed is None and not kept:
                    stuck.add(self.problem.operations[number].job)
        return ((), stuck) if stuck else (runs, set())

    # ------------------------------------------------------------------ improving

    def _lateness_money(self, job: int) -> float:
        row = self.problem.jobs[job]
        if row.due is None or not self.runs:
            return 0.0
        end = max((self.runs[number].end for number in self._operations_of[job]), default=0)
        return row.late_price * max(end - row.due, 0.0)

    def yield_to_the_late(self, stop: Stop) -> bool:
        """Search a late job together with those in its way; False where no late job is left to try."""
        candidates = [job for job in self.levels if job not in self._tabu and self._lateness_money(job) > 0]
        if not candidates:
            return False
        worst = max(candidates, key=lambda job: (self._lateness_money(job), -job))
        rounds = None if stop.rounds is None else _ROUNDS_A_SEARCH
        began = stop.clock.elapsed_seconds()
        before = self._lateness_money(worst)
        self.search(
            [worst, *self.in_the_way(worst)], Stop(stop.clock, began, stop.left * _SEARCH_SHARE, rounds)
        )
        if self._lateness_money(worst) >= before - 1e-9:
            self._tabu.add(worst)
        return True

    def search(self, jobs: Sequence[int], stop: Stop) -> None:
        """Search some jobs together, and send home what moved for nothing."""
        free = {
            number
            for job in jobs[:_MOST_JOBS]
            for number in self._operations_of[job]
            if self.problem.operations[number].fixed is None
        }
        around = _Around(self.problem, free, {run.operation: run for run in self.runs}, self._operations_of)
        search = Annealing(around.shop, self.seed, around.start)
        search.run(stop)
        found = around.whole(search.runs())
        self.offer(found)
        self.offer(self._sent_home(found))

    def in_the_way(self, job: int) -> list[int]:
        """The jobs that have a machine which this job could use before its end, the nearest first."""
        own = [number for number in self._operations_of[job] if self.problem.operations[number].fixed is None]
        machines = {mode.machine for number in own for mode in self.problem.operations[number].modes}
        begin = min(self.problem.operations[number].earliest for number in own)
        end = max(self.runs[number].end for number in own)
        due = self.problem.jobs[job].due or end
        found: dict[int, float] = {}
        for run in self.runs:
            other = self.problem.operations[run.operation]
            wanted = run.machine in machines and run.end > begin and run.start < end
            if other.fixed is None and other.job != job and wanted:
                found[other.job] = min(found.get(other.job, np.inf), abs(run.start - due))
        return sorted(found, key=lambda other: (found[other], other))

    def go_home(self) -> None:
        """Send back whatever can go back and is no dearer there."""
        self.offer(self._sent_home(self.runs))

    def _sent_home(self, runs: Sequence[Run]) -> tuple[Run, ...]:
        """Put moved operations back to where they were told, where that is free and no dearer."""
        if not runs:
            return ()
        now = list(runs)
        by_machine: list[list[int]] = [[] for _ in range(self.problem.machines)]
        for run in now:
            by_machine[run.machine].append(run.operation)
        again = True
        while again:
            again = False
            for number in sorted(self.moved(now), key=lambda one: self.told[one].start):
                home = self.told[number]
                if self._goes_home(number, home, now, by_machine[home.machine]):
                    by_machine[now[number].machine].remove(number)
                    by_machine[home.machine].append(number)
                    now[number] = home
                    again = True
        return tuple(now)

    def _goes_home(self, number: int, home: Run, now: list[Run], others: Iterable[int]) -> bool:
        operation = self.problem.operations[number]
        if number in self.broken and not self._holds(operation, home):
            return False
        if any(
            now[other].start < home.end and home.start < now[other].end for other in others if other != number
        ):
            return False
        if not all(self._waited(wait, now[wait.before], home) for wait in self._before[number]):
            return False
        if not all(self._waited(wait, home, now[wait.after]) for wait in self._after[number]):
            return False
        return self._money_at(number, home, now) <= self._money_at(number, now[number], now) + self.move_money

    def _money_at(self, number: int, run: Run, now: list[Run]) -> float:
        """What a run and its job's completion cost with it there."""
        operation = self.problem.operations[number]
        mode = next(one for one in operation.modes if one.machine == run.machine)
        worked = slice(max(run.start, 0), max(run.end, 0))
        slots = self.problem.slot_money(run.machine, mode.kw)[worked]
        money = mode.money + float(slots @ self.problem.is_open[run.machine, worked])
        job = self.problem.jobs[operation.job]
        end = max(
            run.end if other == number else now[other].end for other in self._operations_of[operation.job]
        )
        late = 0.0 if job.due is None else job.late_price * max(end - job.due, 0.0)
        return money + late + job.lead_price * end


class _Around:
    """A small shop: the jobs that have something free, and machine time that all others have taken.

    Parameters
    ----------
    problem
        The whole shop.
    free
        The operations that may move.
    stay
        Where the others stay, fixed ones left out.
    operations_of
        The operations of each job.

    Attributes
    ----------
    shop
        The small shop.
    numbers
        Which operation of the whole each of its first operations is.
    start
        Its runs where all that is free is placed already; else empty.
    """

    def __init__(
        self,
        problem: ShopProblem,
        free: set[int],
        stay: Mapping[int, Run],
        operations_of: Sequence[Sequence[int]],
    ):
        self._problem = problem
        self._stay = stay
        jobs = sorted({problem.operations[number].job for number in free})
        self.numbers = [number for job in jobs for number in operations_of[job]]
        place = {number: at for at, number in enumerate(self.numbers)}
        job_at = {job: at for at, job in enumerate(jobs)}
        operations = []
        for number in self.numbers:
            operation = problem.operations[number]
            fixed = operation.fixed
            if number not in free and fixed is None:
                fixed = stay[number]
            if fixed is not None:
                fixed = replace(fixed, operation=place[number])
            operations.append(replace(operation, job=job_at[operation.job], fixed=fixed))
        waits = []
        for wait in problem.waits:
            if wait.before in place and wait.after in place:
                waits.append(replace(wait, before=place[wait.before], after=place[wait.after]))
                if wait.before in free and wait.after not in free:
                    fixed = operations[place[wait.after]].fixed
                    assert fixed is not None
                    early = operations[place[wait.before]]
                    ways = [problem.way(mode.machine, fixed.machine) for mode in early.modes]
                    end = fixed.start - wait.least - max(ways)
                    latest = end if early.latest is None else min(early.latest, end)
                    operations[place[wait.before]] = replace(early, latest=latest)
        taken = self._taken(place, problem, len(jobs), len(operations))
        self.shop = replace(
            problem,
            jobs=(*(problem.jobs[job] for job in jobs), Job()),
            operations=(*operations, *taken),
            waits=tuple(waits),
        )
        self.start: tuple[Run, ...] = ()
        if all(number in stay for number in free):
            own = [problem.operations[number].fixed or stay[number] for number in self.numbers]
            self.start = tuple(
                [replace(run, operation=at) for at, run in enumerate(own)]
                + [operation.fixed for operation in taken if operation.fixed is not None]
            )

    def _taken(self, place: Mapping[int, int], problem: ShopProblem, job: int, first: int) -> list[Operation]:
        """What all other jobs have: in a plain shop the stretches of machine time, else each operation."""
        others = [
            (operation, operation.fixed or self._stay[number])
            for number, operation in enumerate(problem.operations)
            if number not in place
        ]
        taken: list[Operation] = []
        if not problem.is_plain:
            for operation, run in others:
                fixed = replace(run, operation=first + len(taken))
                taken.append(replace(operation, job=job, fixed=fixed))
            return taken
        machines = {mode.machine for number in place for mode in problem.operations[number].modes}
        stretches: list[Run] = []
        for _, run in sorted(others, key=lambda pair: (pair[1].machine, pair[1].start)):
            if run.machine not in machines or run.end <= run.start:
                continue
            last = stretches[-1] if stretches else None
            if last is not None and last.machine == run.machine and last.end >= run.start:
                stretches[-1] = replace(last, end=max(last.end, run.end))
            else:
                stretches.append(run)
        return [
            Operation(job, (Mode(run.machine, 0),), fixed=replace(run, operation=first + at))
            for at, run in enumerate(stretches)
        ]

    def whole(self, runs: Sequence[Run]) -> tuple[Run, ...]:
        """The whole shop's runs from the small one's; empty where that has none."""
        if not runs:
            return ()
        here = {
            self.numbers[run.operation]: replace(run, operation=self.numbers[run.operation])
            for run in runs
            if run.operation < len(self.numbers)
        }
        return tuple(
            here[number] if number in here else operation.fixed or self._stay[number]
            for number, operation in enumerate(self._problem.operations)
        )
