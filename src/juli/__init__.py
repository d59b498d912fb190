"""Juli (聚力) plans a factory's days as one problem: production, electricity and deliveries.

>>> import juli
>>> day = juli.load("examples/tiny")
>>> plan = juli.plan(day, seconds=5, iterations=200)
>>> plan.violations
[]
>>> plan.runs.columns[:4]
['order', 'product', 'operation', 'machine']

Everything is imported when it is first used.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from juli.report.notebook import plan
    from juli.solve.day import Day, load

_HOMES = {"Day": "juli.solve.day", "load": "juli.solve.day"}

__all__ = ["Day", "load", "plan"]


def __getattr__(name: str) -> Any:
    if name == "plan":  # both a room and a verb
        return importlib.import_module("juli.plan")
    if name not in _HOMES:
        raise AttributeError(f"module 'juli' has no attribute {name!r}")
    return getattr(importlib.import_module(_HOMES[name]), name)
