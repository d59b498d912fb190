"""Wall-clock time of many moments at once: what schedules, holidays and billing months are written in."""

from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from math import gcd
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
from numpy.typing import NDArray

from juli.core.errors import InputError
from juli.core.grid import TimeGrid

_DAY_SECONDS = 86_400
#: Ten years of minutes; above that a series wouldn't fit into memory.
_MOST_CELLS = 6_000_000

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class LocalTime:
    """The wall clock at each moment; every array has shape ``(moments,)``.

    Parameters
    ----------
    date
        Calendar day, ``datetime64[D]``.
    month_start
        First day of the calendar month, ``datetime64[M]``.
    month
        1 to 12.
    weekday
        0 (Monday) to 6.
    second
        Second of the day, 0 to 86,399.
    """

    date: NDArray[np.datetime64]
    month_start: NDArray[np.datetime64]
    month: Ints
    weekday: Ints
    second: Ints


@dataclass(frozen=True)
class Lattice:
    """A grid cut so finely that no price changes inside a cell.

    Parameters
    ----------
    seconds
        Start of each cell since 1970 in UTC [s], shape ``(cells,)``.
    unit_seconds
        Length of a cell [s].
    per_slot
        Cells in a slot of the grid.
    local
        The wall clock at the start of each cell.
    """

    seconds: Ints
    unit_seconds: int
    per_slot: int
    local: LocalTime

    @property
    def unit_hours(self) -> float:
        """Length of a cell [h]."""
        return self.unit_seconds / 3600

    def spread(self, series: NDArray[np.float64]) -> NDArray[np.float64]:
        """Give each cell its slot's value; shape ``(slots,)`` to ``(cells,)``."""
        return np.repeat(series, self.per_slot)

    def slot_mean(self, cells: NDArray[np.float64]) -> NDArray[np.float64]:
        """Average the cells of each slot; shape ``(cells,)`` to ``(slots,)``."""
        if self.per_slot == 1:
            return cells
        means: NDArray[np.float64] = cells.reshape(-1, self.per_slot).mean(axis=1)
        return means


def zone_of(name: str) -> ZoneInfo:
    """Find a time zone by its name.

    Raises
    ------
    ValueError
        If there is no such zone.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"{name!r} is no time zone; write one like Asia/Shanghai") from None


def lattice(grid: TimeGrid, zone: tzinfo, edges_seconds: tuple[int, ...] = ()) -> Lattice:
    """Cut a grid so finely that each edge of the wall clock, and each midnight, falls between two cells.

    Parameters
    ----------
    grid
        The grid; it must begin and step on whole seconds.
    zone
        The wall clock.
    edges_seconds
        Seconds of the day at which something may change.
    """
    if grid.start.microsecond or grid.step.microseconds:
        raise InputError(
            f"prices need a grid of whole seconds, not a start at {grid.start} with steps of {grid.step}; "
            "round its start and step"
        )
    start = int(grid.start.timestamp())
    stop = start + grid.slots * grid.step_seconds
    changes, offsets = _utc_offsets(start, stop, zone)
    unit = gcd(grid.step_seconds, start + int(offsets[0]), _DAY_SECONDS, *edges_seconds)
    unit = gcd(unit, *(int(step) for step in np.diff(offsets)), *(int(change - start) for change in changes))
    if (stop - start) // unit > _MOST_CELLS:
        raise InputError(
            f"slots of {grid.step} from {grid.start} on would have to be cut into pieces of {unit} s "
            "to lie within one price period each: begin the grid on a whole minute"
        )
    seconds = np.arange(start, stop, unit, dtype=np.int64)
    return Lattice(
        seconds, unit, grid.step_seconds // unit, _wall_clock(seconds + _offset_at(seconds, changes, offsets))
    )


def local_times(seconds: Ints, zone: tzinfo) -> LocalTime:
    """The wall clock at moments given in seconds since 1970 in UTC, in rising order."""
    changes, offsets = _utc_offsets(int(seconds[0]), int(seconds[-1]) + 1, zone)
    return _wall_clock(seconds + _offset_at(seconds, changes, offsets))


def _wall_clock(local_seconds: Ints) -> LocalTime:
    days = local_seconds // _DAY_SECONDS
    dates = days.astype("datetime64[D]")
    month_starts = dates.astype("datetime64[M]")
    return LocalTime(
        date=dates,
        month_start=month_starts,
        month=month_starts.astype(np.int64) % 12 + 1,
        weekday=(days + 3) % 7,
        second=local_seconds - days * _DAY_SECONDS,
    )


def _offset_at(seconds: Ints, changes: Ints, offsets: Ints) -> Ints:
    return offsets[np.searchsorted(changes, seconds, side="right")]


def _utc_offsets(start: int, stop: int, zone: tzinfo) -> tuple[Ints, Ints]:
    """When the zone's offset changes in ``(start, stop)``, and the offsets before, between and after [s]."""
    days = [*range(start, stop, _DAY_SECONDS), stop]
    offsets = [_offset_seconds(day, zone) for day in days]
    changes: list[int] = []
    kept = [offsets[0]]
    for early, late, before, after in zip(days, days[1:], offsets, offsets[1:], strict=False):
        if before != after:
            changes.append(_change_between(early, late, zone))
            kept.append(after)
    return np.asarray(changes, dtype=np.int64), np.asarray(kept, dtype=np.int64)


def _change_between(early: int, late: int, zone: tzinfo) -> int:
    before = _offset_seconds(early, zone)
    while late - early > 1:
        middle = (early + late) // 2
        if _offset_seconds(middle, zone) == before:
            early = middle
        else:
            late = middle
    return late


def _offset_seconds(seconds: int, zone: tzinfo) -> int:
    offset = datetime.fromtimestamp(seconds, UTC).astimezone(zone).utcoffset()
    return round(offset.total_seconds()) if offset else 0
