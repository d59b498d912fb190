"""When a search is to end: a time on a clock that is passed in, or a number of rounds."""

from dataclasses import dataclass, replace

from juli.core.clock import Clock


@dataclass(frozen=True)
class Stop:
    """The end of a search.

    Parameters
    ----------
    clock
        What the time is read from.
    began
        The clock's reading at the start [s].
    seconds
        How long the search may take [s].
    rounds
        How many rounds it may take; None: as many as fit.
    """

    clock: Clock
    began: float
    seconds: float
    rounds: int | None = None

    @property
    def spent(self) -> float:
        """Time since the start [s]."""
        return self.clock.elapsed_seconds() - self.began

    @property
    def left(self) -> float:
        """Time to the end, 0 after it [s]."""
        return max(self.seconds - self.spent, 0.0)

    def share(self, rounds: int) -> float:
        """How much of what is allowed is used up, 1 at the end.

        Where rounds are limited only they count here, so that equal seeds give equal searches.
        """
        if self.rounds is not None:
            return rounds / self.rounds if self.rounds > 0 else 1.0
        return self.spent / self.seconds if self.seconds > 0 else 1.0

    def reached(self, rounds: int) -> bool:
        """Whether the search is over."""
        return self.spent >= self.seconds or self.share(rounds) >= 1.0

    def after(self, share: float) -> "Stop":
        """The end of the first part of the same search."""
        rounds = None if self.rounds is None else round(self.rounds * share)
        return replace(self, seconds=self.seconds * share, rounds=rounds)

    def part(self, first: float, last: float) -> "Stop":
        """The end of a search of its own between two shares of this one."""
        return replace(
            self,
            began=self.began + first * self.seconds,
            seconds=(last - first) * self.seconds,
            rounds=None if self.rounds is None else round(last * self.rounds) - round(first * self.rounds),
        )
