"""Time as an argument: the only module that may ask the machine what time it is."""

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """What a solver or a runner asks for the time."""

    def now(self) -> datetime:
        """The present moment, time-zone aware."""

    def elapsed_seconds(self) -> float:
        """Seconds on a clock that never jumps; only differences mean anything."""


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """The present moment in UTC."""
        return datetime.now(UTC)

    def elapsed_seconds(self) -> float:
        """Seconds on the machine's monotonic clock."""
        return time.monotonic()


class ManualClock:
    """A clock that stands still until it is moved: for tests, studies and replays.

    Examples
    --------
    >>> clock = ManualClock(datetime(2023, 12, 18, tzinfo=UTC))
    >>> clock.advance(timedelta(minutes=5))
    >>> clock.now().isoformat(), clock.elapsed_seconds()
    ('2023-12-18T00:05:00+00:00', 300.0)
    """

    def __init__(self, start: datetime):
        self._start = start
        self._now = start

    def now(self) -> datetime:
        """The moment that the clock was last moved to."""
        return self._now

    def elapsed_seconds(self) -> float:
        """Seconds since the clock was made."""
        return (self._now - self._start).total_seconds()

    def advance(self, by: timedelta) -> None:
        """Move the clock forward."""
        self._now += by
