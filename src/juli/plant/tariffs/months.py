"""Billing months: the calendar months of a wall clock."""

from datetime import UTC, tzinfo

import numpy as np
from numpy.typing import NDArray

from juli.core.grid import TimeGrid
from juli.plant.tariffs.local_time import local_times


def billing_months(grid: TimeGrid, zone: tzinfo | None = None) -> NDArray[np.int64]:
    """The billing month of each slot, counted from 0; a slot belongs to the month that it begins in.

    Parameters
    ----------
    grid
        The grid.
    zone
        The wall clock that a month begins by; None takes the grid's own.

    Returns
    -------
    Shape ``(slots,)``.
    """
    months = _months(grid, zone).astype(np.int64)
    counted: NDArray[np.int64] = months - months[0]
    return counted


def month_labels(grid: TimeGrid, zone: tzinfo | None = None) -> tuple[str, ...]:
    """The names of a grid's billing months, ``2025-07``, in the order that :func:`billing_months` counts."""
    months = _months(grid, zone)
    return tuple(str(month) for month in np.arange(months[0], months[-1] + 1))


def _months(grid: TimeGrid, zone: tzinfo | None) -> NDArray[np.datetime64]:
    clock = zone or grid.start.tzinfo or UTC
    seconds = grid.start.timestamp() + np.arange(grid.slots) * grid.step.total_seconds()
    return local_times(np.floor(seconds).astype(np.int64), clock).month_start
