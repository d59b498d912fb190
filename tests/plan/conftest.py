"""A plan of the tiny works, made once: what the judge's tests break."""

from pathlib import Path

import pytest

from juli.plan import Plan
from juli.solve.day import Day, load
from juli.solve.week import Effort, solve_day


@pytest.fixture(scope="session")
def tiny(project: Path) -> Day:
    return load(project / "examples" / "tiny")


@pytest.fixture(scope="session")
def tiny_plan(tiny: Day) -> Plan:
    outcome = solve_day(tiny, Effort(seconds=60, iterations=300, seed=1))
    assert outcome.plan is not None
    assert outcome.violations == ()
    return outcome.plan
