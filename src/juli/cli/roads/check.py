"""``juli roads check``: whether the announced detours connect, and what they cost."""

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from juli.cli.plan import json_option, language_option
from juli.cli.roads.setting import map_options, read_notice_text, read_setting
from juli.core.errors import Severity

if TYPE_CHECKING:
    from juli.cli.roads.setting import Setting
    from juli.plant.model import Language
    from juli.report.works import WorksZone
    from juli.roads.delay import Delay
    from juli.roads.detour import Way, ZoneCheck
    from juli.roads.graph import MovementGraph, Route
    from juli.roads.journeys import Journey
    from juli.roads.road_index import RoadIndex

_SOMETHING_AMISS = 1


@click.command()
@click.argument("notice", metavar="NOTICE.txt", type=click.Path(path_type=Path))
@click.option("--published", type=click.DateTime(["%Y-%m-%d"]), required=True, help="Day of publication.")
@click.option(
    "--counts",
    "counts_file",
    type=click.Path(path_type=Path),
    help="Traffic counts in CSV: then the detour's own queues are told too.",
)
@click.option("--seed", type=int, default=0, show_default=True, help="Of the draws behind the queues.")
@click.option("--out", type=click.Path(path_type=Path), help="Folder for works.html: maps and tables.")
@language_option
@map_options
@json_option
def command(
    notice: Path,
    published: datetime,
    counts_file: Path | None,
    seed: int,
    out: Path | None,
    language: "Language",
    as_json: bool,
    **told: Any,
) -> None:
    """Check the detours that a notice announces, for a truck and on a map.

    Ends with status 1 where an announced detour does not lead round the works, or a zone is not clear.
    """
    from juli.core.files import write_text
    from juli.report.works import works_page
    from juli.report.works.lines import unsure_line, zone_lines
    from juli.report.works.reasons import unsure_text
    from juli.report.works.words import said
    from juli.roads.graph import MovementGraph
    from juli.roads.notices import read_notice
    from juli.roads.road_index import RoadIndex

    setting = read_setting(**told, language=language)
    road_map = setting.road_map
    names = tuple(sorted({s.road for s in road_map.segments if s.road}))
    reading = read_notice(read_notice_text(notice), published.date(), names)
    index = RoadIndex(road_map)
    zones = _zones(reading.zones, notice.name, setting, MovementGraph(road_map), index, counts_file, seed)
    unsure = [unsure_text(one.field, one.why, one.text, language) for one in reading.unsure]
    transport = setting.transport
    sites = {s.id: s.name.in_language(language) for s in transport.sites if s.name} if transport else {}
    if out is not None:
        home = transport.home if transport else None
        page = works_page(notice.name, zones, unsure, road_map, language, sites, home)
        write_text(out / "works.html", page)
    if as_json:
        told_zones = [_zone_object(zone, index) for zone in zones]
        in_english = [unsure_text(one.field, one.why, one.text, "en") for one in reading.unsure]
        answer: dict[str, Any] = {"zones": told_zones, "unsure": in_english}
        if out is not None:
            answer["page"] = str(out / "works.html")
        click.echo(json.dumps(answer, ensure_ascii=False, allow_nan=False))
    else:
        for zone in zones:
            for line in zone_lines(zone, index, language, sites):
                click.echo(line)
        for what in unsure or ([] if zones else [said("line_nothing", language)]):
            click.echo(unsure_line(what, language))
        if out is not None:
            click.echo(said("line_page", language, page=out / "works.html"))
    checks = [zone.check for zone in zones]
    fine = all(_is_fine(check) for check in checks)
    if not fine or not checks:
        sys.exit(_SOMETHING_AMISS)


def _is_fine(check: "ZoneCheck") -> bool:
    """Whether every detour of a zone connects, or it closes nothing, as it should."""
    if check.closure is None:
        return all(problem.severity is Severity.WARNING for problem in check.problems)
    return all(detour.connects and not detour.unknown for detour in check.detours)


def _zones(
    read: Any,
    source: str,
    setting: "Setting",
    graph: "MovementGraph",
    index: "RoadIndex",
    counts_file: Path | None,
    seed: int,
) -> "list[WorksZone]":
    """Check every zone; with counts its queues, with a plant its drives."""
    from juli.report.works import WorksZone
    from juli.roads.counts import read_counts
    from juli.roads.delay import delays_of
    from juli.roads.detour import check_zone
    from juli.roads.journeys import journeys

    counts = read_counts(counts_file, index) if counts_file is not None else None
    zones = []
    for number, zone in enumerate(read, start=1):
        check = check_zone(zone, setting.road_map, f"{source}#{number}", setting.vehicle, graph)
        closure, moment = check.closure, check.moment
        if closure is None or moment is None:
            zones.append(WorksZone(check))
            continue
        delays = None
        if counts is not None:
            delays = tuple(delays_of(d, closure, counts, index, moment, seed) for d in check.detours)
        transport, vehicle = setting.transport, setting.vehicle
        drives: list[Journey] = []
        if transport is not None:
            drives = journeys(graph, (closure,), transport.home, transport.sites, moment, vehicle)
        zones.append(WorksZone(check, delays, tuple(drives)))
    return zones


def _zone_object(zone: "WorksZone", index: "RoadIndex") -> dict[str, Any]:
    check, closure = zone.check, zone.check.closure
    return {
        "closure": closure.id if closure else None,
        "start": closure.start.isoformat() if closure else None,
        "end": closure.end.isoformat() if closure else None,
        "applies_to": closure.applies_to.value if closure else None,
        "checked_at": check.moment.isoformat() if check.moment else None,
        "detours": [
            {
                "roads": list(detour.roads),
                "connects": detour.connects,
                "unknown": list(detour.unknown),
                "near_names": {road: list(index.near_names(road)) for road in detour.unknown},
                "gaps": [list(gap) for gap in detour.gaps],
                "missed": [str(arm) for arm in detour.missed_arms],
                "one_direction_only": [[str(way.from_arm), str(way.to_arm)] for way in detour.one_way_only],
                "undrivable": [[str(start), str(end)] for start, end in detour.undrivable],
                "ways": [
                    _way_object(way, index, zone.delays[number][place] if zone.delays is not None else None)
                    for place, way in enumerate(detour.ways)
                ],
            }
            for number, detour in enumerate(check.detours)
        ],
        "drives": [_drive_object(journey) for journey in zone.journeys],
        "problems": [str(problem) for problem in check.problems],
    }


def _way_object(way: "Way", index: "RoadIndex", delay: "Delay | None") -> dict[str, Any]:
    return {
        "from": str(way.from_arm),
        "to": str(way.to_arm),
        "before": _route_object(way.before, way.before, index),
        "announced": _route_object(way.announced, way.before, index),
        "better": _route_object(way.better, way.before, index),
        "legal_way": way.best is not None,
        "queue": _delay_object(delay),
    }


def _delay_object(delay: "Delay | None") -> dict[str, Any]:
    if delay is None:
        return {"minutes_5": None, "minutes_50": None, "minutes_95": None, "why": "no traffic counts"}
    rounded = [
        None if minutes is None else round(minutes, 2)
        for minutes in (delay.low_minutes, delay.minutes, delay.high_minutes)
    ]
    facts = dict(zip(("minutes_5", "minutes_50", "minutes_95"), rounded, strict=True))
    return {**facts, "counted_share": round(delay.covered, 3), "why": delay.why}


def _drive_object(journey: "Journey") -> dict[str, Any]:
    def plain(route: "Route | None") -> dict[str, float] | None:
        if route is None:
            return None
        return {"km": round(route.km, 3), "minutes": round(route.seconds / 60, 2)}

    return {
        "site": journey.site,
        "to_site": journey.outward,
        "before": plain(journey.before),
        "during": plain(journey.during),
        "changed": journey.changed,
    }


def _route_object(route: "Route | None", before: "Route", index: "RoadIndex") -> dict[str, Any] | None:
    from juli.roads.detour import roads_of

    if route is None:
        return None
    return {
        "km": round(route.km, 3),
        "minutes": round(route.seconds / 60, 2),
        "extra_km": round(route.km - before.km, 3) + 0.0,
        "extra_minutes": round((route.seconds - before.seconds) / 60, 2) + 0.0,
        "roads": roads_of(route, index),
    }
