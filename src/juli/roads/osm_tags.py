"""What the tags of an OpenStreetMap way say to a truck: speed, direction, limits, and when it may pass."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import time
from enum import StrEnum
from typing import Final

Tags = Mapping[str, str]
Daily = tuple[time, time]

#: The speed that a truck keeps on an empty road of each class in a Chinese city [km/h], where no limit is
#: signed. Remembered figures, not measured ones: give your own to ``read_osm`` where you know them.
FREE_SPEEDS_KMH: Final[Mapping[str, float]] = {
    "motorway": 80.0,
    "trunk": 60.0,
    "primary": 45.0,
    "secondary": 40.0,
    "tertiary": 35.0,
    "unclassified": 30.0,
    "residential": 25.0,
    "living_street": 10.0,
    "service": 15.0,
    "road": 25.0,
    "motorway_link": 50.0,
    "trunk_link": 40.0,
    "primary_link": 35.0,
    "secondary_link": 30.0,
    "tertiary_link": 25.0,
}

_BUSY = (1.0,) * 6 + (
    0.9,
    0.6,
    0.6,
    0.75,
    0.8,
    0.8,
    0.8,
    0.8,
    0.8,
    0.8,
    0.7,
    0.55,
    0.6,
    0.8,
    0.85,
    0.9,
    1.0,
    1.0,
)
_QUIET = (1.0,) * 7 + (0.8, 0.8, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.85, 0.75, 0.8, 0.9, 0.95, 1.0, 1.0, 1.0)
#: What share of it is left in each hour, on the roads that everybody takes and on the others; illustrative.
HOURLY_SHARES: Final[Mapping[str, tuple[float, ...]]] = {"busy": _BUSY, "quiet": _QUIET}
_BUSY_CLASSES: Final = ("motorway", "trunk", "primary", "secondary")

_CLOSED: Final = {"no", "private", "agricultural", "forestry", "military", "permit", "psv", "emergency"}
_PRIVATE: Final = {"private", "permit"}
_LOCAL: Final = {"destination", "delivery", "customers"}
_TRUCK_KEYS: Final = ("hgv", "motor_vehicle", "vehicle", "access")
#: Barriers that open, or that wheels roll over; whatever else stands on a road is in the way.
_PASSABLE_BARRIERS: Final = {
    "gate",
    "lift_gate",
    "swing_gate",
    "sliding_gate",
    "toll_booth",
    "border_control",
    "sally_port",
    "entrance",
    "cattle_grid",
    "kerb",
    "height_restrictor",
}
_HOURS: Final = re.compile(r"(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})")
_NUMBER: Final = re.compile(r"^\s*(\d+(?:\.\d+)?)\s*(t|m|kg|km/h|mph)?\s*$")


@dataclass(frozen=True)
class Access:
    """When trucks may use a way.

    Parameters
    ----------
    local
        Only with a destination on it.
    banned
        Hours in which no truck may enter; ``None`` among them stands for the whole day.
    """

    local: bool = False
    banned: tuple[Daily | None, ...] = ()


def is_drivable(tags: Tags) -> bool:
    """Whether motor vehicles of any kind use a way."""
    if tags.get("highway") not in FREE_SPEEDS_KMH or tags.get("area") == "yes":
        return False
    return next((tags[key] for key in _TRUCK_KEYS[1:] if key in tags), "yes") not in _CLOSED


def truck_access(tags: Tags) -> Access:
    """Read who may pass: the most specific tag decides, and conditions add to it.

    Examples
    --------
    >>> truck_access({"hgv": "no"})
    Access(local=False, banned=(None,))
    >>> truck_access({"hgv:conditional": "no @ (07:00-20:00)"}).banned
    ((datetime.time(7, 0), datetime.time(20, 0)),)
    """
    general = next((tags[key] for key in _TRUCK_KEYS if key in tags), "yes")
    banned: list[Daily | None] = [None] if general in _CLOSED else []
    for key in _TRUCK_KEYS:
        banned += conditional_hours(tags.get(f"{key}:conditional", ""), "no")
    return Access(local=general in _LOCAL, banned=tuple(banned))


class Passage(StrEnum):
    """Who gets past a point on a road."""

    OPEN = "open"
    PRIVATE = "private"
    BLOCKED = "blocked"


def passage(tags: Tags) -> Passage:
    """Whether trucks get past a point: its own access tags decide, then the kind of its barrier.

    Examples
    --------
    >>> [passage({"barrier": kind}).value for kind in ("bollard", "gate")]
    ['blocked', 'open']
    >>> [passage({"barrier": "gate", "access": access}).value for access in ("private", "no")]
    ['private', 'blocked']
    """
    if "barrier" not in tags:
        return Passage.OPEN
    access = next((tags[key] for key in _TRUCK_KEYS if key in tags), "")
    if access in _PRIVATE:
        return Passage.PRIVATE
    is_closed = access in _CLOSED if access else tags["barrier"] not in _PASSABLE_BARRIERS
    return Passage.BLOCKED if is_closed else Passage.OPEN


def conditional_hours(condition: str, value: str) -> Iterator[Daily]:
    """Yield the hours in which a conditional tag has a value; weekdays in it are taken for every day."""
    for part in re.findall(rf"{value}\w*\s*@\s*(\([^)]*\)|[^;]*)", condition):
        for first_h, first_m, last_h, last_m in _HOURS.findall(part):
            yield time(int(first_h) % 24, int(first_m)), time(int(last_h) % 24, int(last_m))


def directions(tags: Tags) -> tuple[bool, bool]:
    """Whether a way is driven forward and backward."""
    oneway = tags.get("oneway", "")
    if oneway in ("yes", "true", "1"):
        return True, False
    if oneway in ("-1", "reverse"):
        return False, True
    always = tags.get("junction") in ("roundabout", "circular") or tags["highway"].startswith("motorway")
    return True, not always or oneway == "no"


def speed_kmh(tags: Tags, free_speeds_kmh: Mapping[str, float]) -> float:
    """The speed of an empty road: the class's, or the signed limit where that is lower."""
    free = free_speeds_kmh[tags["highway"]]
    match = _NUMBER.match(tags.get("maxspeed", ""))
    if match is None or float(match[1]) <= 0:
        return free
    limit = float(match[1]) * (1.609344 if match[2] == "mph" else 1.0)
    return min(free, limit)


def profile_name(tags: Tags) -> str:
    """Which row of hourly shares slows a way."""
    return "busy" if tags["highway"].removesuffix("_link") in _BUSY_CLASSES else "quiet"


def limit(tags: Tags, *keys: str) -> float:
    """The first of some limits that is signed, in tonnes or metres; infinite where there is none.

    Examples
    --------
    >>> limit({"maxweight": "7500 kg"}, "maxweight"), limit({"maxheight": "default"}, "maxheight")
    (7.5, inf)
    """
    for key in keys:
        match = _NUMBER.match(tags.get(key, ""))
        if match is not None:
            return float(match[1]) / (1000 if match[2] == "kg" else 1)
    return float("inf")


def other_names(tags: Tags) -> Iterator[str]:
    """What else a road is called."""
    for key in (
        "name:zh",
        "name:zh-Hans",
        "name:zh-Hant",
        "alt_name",
        "official_name",
        "old_name",
        "short_name",
    ):
        yield from (name.strip() for name in tags.get(key, "").split(";") if name.strip())


def aliases(ways: Iterable[Tags]) -> dict[str, str]:
    """Other names of roads, where they mean one road only."""
    meant: dict[str, set[str]] = defaultdict(set)
    for way_tags in ways:
        if "name" in way_tags:
            for alias in other_names(way_tags):
                meant[alias].add(way_tags["name"])
    return {
        alias: next(iter(roads)) for alias, roads in meant.items() if len(roads) == 1 and alias not in roads
    }
