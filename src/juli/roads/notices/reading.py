"""What a notice says, as far as it could be read: zones, and what stays unsure."""

from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any


@dataclass(frozen=True)
class Evidence:
    """Where a field was read: offsets into the notice as it came, and the text between them."""

    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Zone:
    """One work zone of a notice.

    Parameters
    ----------
    roads
        The roads that it is on, the closed one first.
    junction
        The two roads whose junction it is; None for a stretch.
    stretch
        Between which places the first road is closed; None for a junction or a whole road.
    direction
        The direction or side that is closed, in plain words; None for both.
    impact
        ``closed``, ``half_closed``, ``one_way``, ``lanes``, ``movement``, ``ramp`` or ``trucks_banned``.
    applies_to
        ``all``, ``through`` or ``trucks``.
    start, end
        In force from the start to the end, its last moment: a date alone ends at 24:00 of that day.
    daily
        Hours of each day, over midnight where the second is not later; None for the whole day.
    detours
        Chains of roads that the notice sends traffic over.
    weight_t, height_m
        Vehicles up to these pass; None where the notice has no such limit.
    evidence
        By field, where it was read.
    """

    roads: tuple[str, ...]
    junction: tuple[str, str] | None
    stretch: tuple[str, str] | None
    direction: str | None
    impact: str
    applies_to: str
    start: datetime
    end: datetime
    daily: tuple[time, time] | None = None
    detours: tuple[tuple[str, ...], ...] = ()
    weight_t: float | None = None
    height_m: float | None = None
    evidence: dict[str, Evidence] = field(default_factory=dict, compare=False)

    def as_json(self) -> dict[str, Any]:
        """Give the zone's JSON object; its keys are a contract."""
        limits = {"weight_t": self.weight_t, "height_m": self.height_m}
        return {
            "roads": list(self.roads),
            "junction": list(self.junction) if self.junction else None,
            "stretch": {"from": self.stretch[0], "to": self.stretch[1]} if self.stretch else None,
            "direction": self.direction,
            "impact": self.impact,
            "applies_to": self.applies_to,
            "start": self.start.isoformat(),
            "end": self.end.isoformat(),
            "daily": {"from": f"{self.daily[0]:%H:%M}", "to": _until(self.daily[1])} if self.daily else None,
            "detours": [list(detour) for detour in self.detours],
            "limits": limits if any(value is not None for value in limits.values()) else None,
            "evidence": {name: found.text for name, found in self.evidence.items()},
        }


def _until(clock: time) -> str:
    """The end of each day's hours: midnight is 24:00."""
    return f"{clock:%H:%M}" if clock != time(0) else "24:00"


@dataclass(frozen=True)
class Unsure:
    """Something that the notice may say, but that was not clear enough to act on."""

    field: str
    text: str
    why: str


@dataclass(frozen=True)
class Reading:
    """What was read of one notice."""

    zones: tuple[Zone, ...]
    unsure: tuple[Unsure, ...]

    def as_json(self) -> dict[str, Any]:
        """Give the notice's JSON object; its keys are a contract."""
        return {
            "zones": [zone.as_json() for zone in self.zones],
            "unsure": [vars(each) for each in self.unsure],
        }
