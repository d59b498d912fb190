"""The labelled notices, and how what was read is held against a label."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from juli.roads.notices import Reading, Zone, read_notice

CASES = Path(__file__).resolve().parents[2] / "cases" / "notices"


@dataclass(frozen=True)
class Score:
    """Zones read right, left out, and read wrongly or for nothing."""

    right: int
    silent: int
    wrong: int

    def __add__(self, other: "Score") -> "Score":
        return Score(self.right + other.right, self.silent + other.silent, self.wrong + other.wrong)


def names() -> list[str]:
    """The names of the sets of notices."""
    return sorted(path.stem for path in CASES.glob("*.yaml"))


def notices(name: str) -> list[dict[str, Any]]:
    """The notices of a set."""
    cases: list[dict[str, Any]] = yaml.safe_load((CASES / f"{name}.yaml").read_text(encoding="utf-8"))
    return cases


def notice(name: str) -> dict[str, Any]:
    """The notice of that id."""
    return next(case for file in names() for case in notices(file) if case["id"] == name)


def read(case: dict[str, Any]) -> Reading:
    return read_notice(case["text"], case["published"])


def labels(case: dict[str, Any], key: str = "zones") -> list[dict[str, Any]]:
    """The zones that a careful reader takes from a notice, or (``also``) those that he may take."""
    return [
        {
            "roads": sorted(zone["roads"]),
            "junction": sorted(zone.get("junction") or ()),
            "stretch": zone.get("stretch"),
            "direction": zone.get("direction"),
            "impact": zone["impact"],
            "applies_to": zone.get("applies_to", "all"),
            "start": str(zone["start"]).replace(" ", "T")[:16],
            "end": str(zone["end"]).replace(" ", "T")[:16],
            "daily": zone.get("daily"),
            "detours": zone.get("detours", []),
            "limits": zone.get("limits"),
        }
        for zone in case.get(key, ())
    ]


def as_label(zone: Zone) -> dict[str, Any]:
    written = zone.as_json()
    return {
        "roads": sorted(written["roads"]),
        "junction": sorted(written["junction"] or ()),
        "stretch": list(written["stretch"].values()) if written["stretch"] else None,
        "direction": written["direction"],
        "impact": written["impact"],
        "applies_to": written["applies_to"],
        "start": written["start"][:16],
        "end": written["end"][:16],
        "daily": list(written["daily"].values()) if written["daily"] else None,
        "detours": written["detours"],
        "limits": list(written["limits"].values()) if written["limits"] else None,
    }


def score(case: dict[str, Any], reading: Reading) -> Score:
    """Count a notice's zones: a zone is right only where every field is."""
    wanted, allowed = labels(case), labels(case, "also")
    right = wrong = 0
    for zone in map(as_label, reading.zones):
        if zone in wanted:
            wanted.remove(zone)
            right += 1
        elif zone not in allowed:
            wrong += 1
    return Score(right, max(0, len(wanted) - wrong), wrong)


def contradictions(case: dict[str, Any], reading: Reading) -> Iterator[str]:
    """Tell each zone of a damaged notice whose dates or place the undamaged label contradicts."""
    wanted = labels(case)
    for zone in map(as_label, reading.zones):
        of_place = [label for label in wanted if same_place(label, zone)]
        if not of_place:
            yield f"place {zone['roads']} {zone['junction']} {zone['stretch']}"
        elif not any((label["start"], label["end"]) == (zone["start"], zone["end"]) for label in of_place):
            yield f"period {zone['start']} {zone['end']}"


def same_place(label: dict[str, Any], zone: dict[str, Any]) -> bool:
    fields = ("junction", "stretch") if label["junction"] or label["stretch"] else ("roads", "stretch")
    return all(label[name] == zone[name] for name in fields)
