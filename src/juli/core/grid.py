"""The time grid that every series of Juli lies on."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class TimeGrid:
    """Equal slots of real time, counted from a time-zone-aware start.

    Slots are equally long in physical time: where a time zone jumps for daylight saving, the slots do
    not, so a spring day has 92 quarter-hours and an autumn day 100.

    Parameters
    ----------
    start
        The first slot's beginning, time-zone aware.
    step
        Length of a slot.
    slots
        How many slots; a series over the grid has shape ``(slots,)``.

    Raises
    ------
    ValueError
        If the start has no time zone, or step or slots are not positive.

    Examples
    --------
    >>> from zoneinfo import ZoneInfo
    >>> start = datetime(2023, 12, 18, tzinfo=ZoneInfo("Asia/Shanghai"))
    >>> week = TimeGrid(start, timedelta(minutes=15), 7 * 96)
    >>> week.end.isoformat()
    '2023-12-25T00:00:00+08:00'
    >>> week.slot_of(datetime(2023, 12, 18, 1, 7, tzinfo=start.tzinfo))
    4
    """

    start: datetime
    step: timedelta
    slots: int

    def __post_init__(self) -> None:
        if self.start.tzinfo is None:
            raise ValueError(f"a time grid starts at a time-zone-aware moment, not at {self.start}")
        if self.step <= timedelta(0) or self.slots <= 0:
            raise ValueError(f"a time grid has positive step and slots, not {self.step} and {self.slots}")

    @property
    def end(self) -> datetime:
        """The end of the last slot."""
        return self.time_of(self.slots)

    @property
    def step_hours(self) -> float:
        """Length of a slot [h]."""
        return self.step / timedelta(hours=1)

    @property
    def step_seconds(self) -> int:
        """Length of a slot [s]."""
        return round(self.step.total_seconds())

    def time_of(self, slot: int) -> datetime:
        """The beginning of a slot, in the grid's time zone; any integer is allowed."""
        return (self.start.astimezone(UTC) + slot * self.step).astimezone(self.start.tzinfo)

    def at_seconds(self, seconds: float) -> datetime:
        """The moment so many seconds after the start, in the grid's time zone."""
        return (self.start.astimezone(UTC) + timedelta(seconds=seconds)).astimezone(self.start.tzinfo)

    def seconds_of(self, moment: datetime) -> float:
        """Seconds from the start to a time-zone-aware moment (negative before it)."""
        return (moment.astimezone(UTC) - self.start.astimezone(UTC)).total_seconds()

    def slot_of(self, moment: datetime) -> int:
        """The slot that a time-zone-aware moment lies in; may lie outside ``range(slots)``."""
        return int(self.seconds_of(moment) // self.step.total_seconds())

    def first_slot_from(self, moment: datetime) -> int:
        """The first slot that begins at the moment or after it."""
        return -int(-self.seconds_of(moment) // self.step.total_seconds())

    def times(self) -> list[datetime]:
        """The beginnings of all slots."""
        return [self.time_of(slot) for slot in range(self.slots)]

    def refined(self, step: timedelta) -> "TimeGrid":
        """The same stretch of time in shorter slots that divide these.

        Raises
        ------
        ValueError
            If the new step does not divide the old one.
        """
        if self.step % step:
            raise ValueError(f"a step of {step} does not divide slots of {self.step}")
        return TimeGrid(self.start, step, self.slots * (self.step // step))

    def mean_over(self, fine: NDArray[np.float64]) -> NDArray[np.float64]:
        """Average a series given on a finer division of this grid.

        Parameters
        ----------
        fine
            Shape ``(slots * k,)`` for a whole k.

        Returns
        -------
        Shape ``(slots,)``, the mean of each k values.
        """
        means: NDArray[np.float64] = fine.reshape(self.slots, -1).mean(axis=1)
        return means
