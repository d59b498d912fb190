"""The search for the makespan: a population of tabu searches, each begun between two good schedules.

Earliest starts of two schedules respect every wait, and so does each mixture of them: sorting by it gives
sequences without a circle that lie between those of the two.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from juli.workshop.arrays import Ints, compile_shop
from juli.workshop.chance import new_chance
from juli.workshop.dispatching import dispatch
from juli.workshop.problem import Run, ShopProblem
from juli.workshop.stop import Stop
from juli.workshop.tabu import BEST, IDLE, new_sequences, search_makespan

#: Schedules that are kept and mixed.
_POPULATION = 20
#: Rounds without an improvement after which a tabu search ends; doubled in each generation.
_PATIENCE = 1500
#: Rounds between looks at the clock: so many at first, twice as many while they take less than half of so
#: long [s], half as many where they take twice as long, and at most so many.
_FIRST_CHUNK, _CHUNK_SECONDS, _CHUNK = 8, 0.05, 1000
#: A schedule with fewer differences than this share of its operations is no new one.
_NEW = 0.03


#: Is told the makespan and the rounds so far.
OnMakespan = Callable[[int, int], None]


@dataclass(frozen=True, eq=False)
class Member:
    """A schedule: the mode and the start of each operation, as the arrays number them."""

    makespan: int
    mode: Ints
    start: Ints

    def differs_from(self, other: "Member") -> bool:
        """Whether more than a few operations are elsewhere or at another time."""
        moved = (self.mode != other.mode) | (self.start != other.start)
        return self.makespan != other.makespan or bool(moved.mean() > _NEW)


def suits(problem: ShopProblem) -> bool:
    """Whether a shop has only rules that sequences can tell: no calendars, limits, sharing, frozen work."""
    return (
        problem.is_plain
        and problem.travel is None
        and bool(problem.is_open.all())
        and all(wait.most is None for wait in problem.waits)
        and all(operation.fixed is None and operation.latest is None for operation in problem.operations)
    )


class Population:
    """Good schedules that are mixed and improved; the search can be interrupted and taken up again.

    Parameters
    ----------
    problem
        A shop that :func:`suits`.
    seed
        Equal seeds and rounds give equal schedules.
    """

    def __init__(self, problem: ShopProblem, seed: int):
        self.shop = compile_shop(problem)
        self.rounds = 0
        self.generation = 0
        self.best: Member | None = None
        self._operations = len(problem.operations)
        self._chance = new_chance(seed)
        self._random = np.random.default_rng(seed)
        self._members: list[Member] = []
        self._failures = 0
        self._chunk = _FIRST_CHUNK

    @property
    def makespan(self) -> float:
        """Of the best schedule so far; infinite before the first."""
        return math.inf if self.best is None else self.best.makespan

    def load(self) -> None:
        """Compile the engine, or read it from the cache."""
        search_makespan(
            self.shop, new_sequences(self.shop, *dispatch(self.shop, self._chance)), self._chance, 0, 0, 0.0
        )

    def evolve(
        self,
        stop: Stop,
        *,
        target: Callable[[], float],
        generations: int | None = None,
        tell: OnMakespan | None = None,
    ) -> None:
        """Search until told to stop, until the target is reached, or for so many generations more.

        Parameters
        ----------
        target
            Says what is good enough [slots]; asked again and again.
        tell
            Is told of each improvement.
        """
        last = None if generations is None else self.generation + generations
        while not self._done(stop, target) and self.generation != last:
            if len(self._members) < _POPULATION:
                mode, start = dispatch(self.shop, self._chance)
            else:
                mode, start = self._mixture()
            self._admit(self._improved(mode, start, stop, target, tell))
            if self._failures > 2 * _POPULATION and self.best is not None:
                self._members, self._failures = [self.best], 0
                self.generation += 1

    def welcome(self, runs: Sequence[Run]) -> None:
        """Take in a schedule that was found elsewhere; no runs are none."""
        if not runs:
            return
        operations = self.shop.operations
        mode, start = operations["modes"].copy(), np.zeros(len(operations), dtype=np.int64)
        for run in runs:
            modes = slice(operations["modes"][run.operation], operations["modes_end"][run.operation])
            mode[run.operation] += int(np.argmax(self.shop.modes["machine"][modes] == run.machine))
            start[run.operation] = run.start
        start[len(runs) :] = max(run.end for run in runs)
        state = new_sequences(self.shop, mode, start)
        self._note(Member(int(state.figures[BEST]), state.best_mode, state.best_head), None)
        if self.best is not None:
            self._admit(self.best)

    def runs(self) -> tuple[Run, ...]:
        """The best schedule so far; empty before the first."""
        if self.best is None:
            return ()
        mode = self.best.mode[: self._operations]
        machine, duration = self.shop.modes["machine"][mode], self.shop.modes["duration"][mode]
        start = self.best.start[: self._operations]
        rows = zip(machine.tolist(), start.tolist(), (start + duration).tolist(), strict=True)
        return tuple(Run(number, *row) for number, row in enumerate(rows))

    def _done(self, stop: Stop, target: Callable[[], float]) -> bool:
        return self.best is not None and (self.best.makespan <= target() or stop.reached(self.rounds))

    def _improved(
        self, mode: Ints, start: Ints, stop: Stop, target: Callable[[], float], tell: OnMakespan | None
    ) -> Member:
        state = new_sequences(self.shop, mode, start)
        patience = _PATIENCE << min(self.generation, 20)
        while True:
            rounds, before = self._chunk, stop.spent
            if stop.rounds is not None:
                rounds = max(min(rounds, stop.rounds - self.rounds), 0)
            made = search_makespan(self.shop, state, self._chance, rounds, patience, target())
            self._set_chunk(stop.spent - before)
            stuck = made < rounds and state.figures[IDLE] < patience
            # Where nothing can be moved, more rounds would not help.
            self.rounds += patience if stuck else made
            member = Member(int(state.figures[BEST]), state.best_mode.copy(), state.best_head.copy())
            self._note(member, tell)
            if stuck or state.figures[IDLE] >= patience or self._done(stop, target):
                return member

    def _set_chunk(self, seconds: float) -> None:
        """Look at the clock in time, however long a round takes; it changes nothing else."""
        if seconds < _CHUNK_SECONDS / 2:
            self._chunk = min(2 * self._chunk, _CHUNK)
        elif seconds > 2 * _CHUNK_SECONDS:
            self._chunk = max(self._chunk // 2, 1)

    def _note(self, member: Member, tell: OnMakespan | None) -> None:
        if self.best is None or member.makespan < self.best.makespan:
            self.best = member
            if tell is not None:
                tell(member.makespan, self.rounds)

    def _admit(self, member: Member) -> None:
        """Let a new schedule take the place of the worst, unless it is worse or no new one."""
        self._failures += 1
        if not all(member.differs_from(other) for other in self._members):
            return
        if len(self._members) < _POPULATION:
            self._members.append(member)
            return
        worst = max(range(_POPULATION), key=lambda at: self._members[at].makespan)
        if member.makespan < self._members[worst].makespan:
            self._failures = 0
        if member.makespan <= self._members[worst].makespan:
            self._members[worst] = member

    def _mixture(self) -> tuple[Ints, Ints]:
        one, other = (self._members[at] for at in self._random.choice(_POPULATION, 2, replace=False))
        share = self._random.uniform(0.3, 0.7)
        start = share * self._ranks(one.start) + (1.0 - share) * self._ranks(other.start)
        mode = np.where(self._random.random(len(one.mode)) < share, one.mode, other.mode)
        return mode, self._ranks(start)

    def _ranks(self, start: NDArray[np.number]) -> Ints:
        ranks = np.empty(len(start), dtype=np.int64)
        ranks[np.lexsort((self.shop.operations["turn"], start))] = np.arange(len(start))
        return ranks
