"""A fingerprint of what a plan answers, so that two plans of the same question can be recognised."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import numpy as np

from juli.plant.demand import Demand
from juli.plant.factory import Plant
from juli.plant.model import Description


def fingerprint(plant: Plant, demand: Demand) -> str:
    """Hash plant and demand by content; comments, file names and the order of keys make no difference.

    Returns
    -------
    64 hexadecimal digits (SHA-256).
    """
    content = {"plant": plant.model_dump(mode="json"), "demand": _plain(demand)}
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: Any) -> Any:
    """Turn frozen descriptions, arrays and moments into what JSON can hold, without loss."""
    if isinstance(value, Description):
        return value.model_dump(mode="json")
    if is_dataclass(value):
        return {item.name: _plain(getattr(value, item.name)) for item in fields(value)}
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, frozenset):
        return sorted(json.dumps(_plain(item)) for item in value)
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    return value
