"""Parameters that carry their unit, their source and how well they are known."""

import math
from dataclasses import Field, dataclass, field, fields
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

_Value = TypeVar("_Value")


class Known(StrEnum):
    """How well a number is known."""

    PUBLISHED = "V"
    """Published and checked, or derived from constants of nature."""
    CLAIMED = "C"
    """A maker's claim, or one source's."""
    ASSUMED = "R"
    """Remembered or assumed: vary it before you rely on what it leads to."""


@dataclass(frozen=True)
class ParameterRow:
    """One line of the table of a battery's parameters."""

    name: str
    value: str
    unit: str
    known: str
    source: str


def parameter(value: _Value, unit: str, known: Known, source: str) -> _Value:
    """Declare a dataclass field with a default value and where that value comes from."""
    return field(default=value, metadata={"unit": unit, "known": known, "source": source})


def _shown(value: Any) -> str:
    if isinstance(value, tuple):
        return " ".join(f"{item:g}" for item in value)
    return "unlimited" if value == math.inf else f"{value:g}"


def _row(described: "DataclassInstance", item: "Field[Any]") -> ParameterRow:
    value = getattr(described, item.name)
    changed = value != item.default
    return ParameterRow(
        name=item.name,
        value=_shown(value),
        unit=item.metadata["unit"],
        known="" if changed else item.metadata["known"].value,
        source=f"set by the user (default {_shown(item.default)})" if changed else item.metadata["source"],
    )


def parameter_table(described: "DataclassInstance") -> list[ParameterRow]:
    """Every parameter with its value, unit, source and how well it is known.

    A value that differs from the declared one has lost its source: the row then says that the user set it.
    """
    return [_row(described, item) for item in fields(described) if "source" in item.metadata]
