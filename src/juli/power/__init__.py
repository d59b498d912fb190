"""Electricity: battery models, dispatch, services and forecasts.

The names below are imported when they are first used, so that ``import juli.power`` loads neither a
solver nor compiled code.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from juli.power.engines import dispatch
    from juli.power.evaluation import DispatchEvaluator
    from juli.power.problem import Battery, Dispatch, DispatchProblem

_HOMES = {
    "Battery": "juli.power.problem",
    "Dispatch": "juli.power.problem",
    "DispatchProblem": "juli.power.problem",
    "DispatchEvaluator": "juli.power.evaluation",
    "dispatch": "juli.power.engines",
}

__all__ = ["Battery", "Dispatch", "DispatchEvaluator", "DispatchProblem", "dispatch"]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'juli.power' has no attribute {name!r}")
    return getattr(importlib.import_module(_HOMES[name]), name)
