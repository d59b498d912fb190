"""A search's end, and the ends of its parts."""

from datetime import UTC, datetime, timedelta

import pytest

from juli.core.clock import ManualClock
from juli.workshop.stop import Stop


def test_parts_of_a_search_use_up_its_rounds() -> None:
    stop = Stop(ManualClock(datetime(2026, 1, 5, tzinfo=UTC)), 0.0, 60.0, rounds=101)
    parts = [stop.part(lap / 7, (lap + 1) / 7) for lap in range(7)]
    assert sum(part.rounds or 0 for part in parts) == 101


def test_a_part_ends_where_the_next_one_begins_however_late_it_started() -> None:
    clock = ManualClock(datetime(2026, 1, 5, tzinfo=UTC))
    stop = Stop(clock, 0.0, 60.0)
    clock.advance(timedelta(seconds=18))
    first, second = stop.part(0.2, 0.6), stop.part(0.6, 1.0)
    assert first.share(0) == pytest.approx(0.25)
    clock.advance(timedelta(seconds=18))
    assert first.reached(0)
    assert second.share(0) == pytest.approx(0.0)
