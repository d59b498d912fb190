"""``juli roads check``: whether the announced detours connect, and what they cost."""

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from juli.cli.plan import json_option
from juli.cli.roads.setting import map_options, read_notice_text, read_setting

if TYPE_CHECKING:
    from juli.roads.detour import Detour, Way, ZoneCheck
    from juli.roads.graph import Route
    from juli.roads.road_index import RoadIndex

_SOMETHING_AMISS = 1


@click.command()
@click.argument("notice", metavar="NOTICE.txt", type=click.Path(path_type=Path))
@click.option("--published", type=click.DateTime(["%Y-%m-%d"]), required=True, help="Day of publication.")
@map_options
@json_option
def command(notice: Path, published: datetime, as_json: bool, **told: Any) -> None:
    """Check the detours that a notice announces, for a truck and on a map.

    Ends with status 1 where an announced detour does not lead round the works, or a zone is not clear.
    """
    from juli.roads.detour import check_zone
    from juli.roads.graph import MovementGraph
    from juli.roads.notices import read_notice
    from juli.roads.road_index import RoadIndex

    setting = read_setting(**told)
    names = tuple(sorted({s.road for s in setting.road_map.segments if s.road}))
    reading = read_notice(read_notice_text(notice), published.date(), names)
    graph = MovementGraph(setting.road_map)
    index = RoadIndex(setting.road_map)
    checks = [
        check_zone(zone, setting.road_map, f"{notice.name}#{number}", setting.vehicle, graph)
        for number, zone in enumerate(reading.zones, start=1)
    ]
    unsure = [f"{one.field}: {one.why} ({one.text})" for one in reading.unsure]
    if as_json:
        zones = [_zone_object(check, index) for check in checks]
        click.echo(json.dumps({"zones": zones, "unsure": unsure}, ensure_ascii=False))
    else:
        for check in checks:
            _show_zone(check, index)
        for line in unsure or ([] if checks else ["the notice closes nothing that could be read"]):
            click.echo(f"unsure: {line}")
    fine = all(c.closure and all(d.connects and not d.unknown for d in c.detours) for c in checks)
    if not fine or not checks:
        sys.exit(_SOMETHING_AMISS)


def _zone_object(check: "ZoneCheck", index: "RoadIndex") -> dict[str, Any]:
    closure = check.closure
    return {
        "closure": closure.id if closure else None,
        "start": closure.start.isoformat() if closure else None,
        "end": closure.end.isoformat() if closure else None,
        "checked_at": check.moment.isoformat() if check.moment else None,
        "detours": [
            {
                "roads": list(detour.roads),
                "connects": detour.connects,
                "unknown": list(detour.unknown),
                "gaps": [list(gap) for gap in detour.gaps],
                "missed": [str(arm) for arm in detour.missed_arms],
                "ways": [_way_object(way, index) for way in detour.ways],
            }
            for detour in check.detours
        ],
        "problems": [str(problem) for problem in check.problems],
    }


def _way_object(way: "Way", index: "RoadIndex") -> dict[str, Any]:
    return {
        "from": str(way.from_arm),
        "to": str(way.to_arm),
        "before": _route_object(way.before, way, index),
        "announced": _route_object(way.announced, way, index),
        "better": _route_object(way.better, way, index),
    }


def _route_object(route: "Route | None", way: "Way", index: "RoadIndex") -> dict[str, Any] | None:
    from juli.roads.detour import roads_of

    if route is None:
        return None
    return {
        "km": round(route.km, 3),
        "minutes": round(route.seconds / 60, 2),
        "extra_km": round(route.km - way.before.km, 3) + 0.0,
        "extra_minutes": round((route.seconds - way.before.seconds) / 60, 2) + 0.0,
        "roads": roads_of(route, index),
    }


def _show_zone(check: "ZoneCheck", index: "RoadIndex") -> None:
    for problem in check.problems:
        click.echo(str(problem))
    if check.closure is None:
        return
    click.echo(
        f"{check.closure.id}: {check.closure.start:%Y-%m-%d %H:%M} to {check.closure.end:%Y-%m-%d %H:%M}"
    )
    for detour in check.detours:
        _show_detour(detour, index)
    if not check.detours:
        click.echo("  no detour is announced")


def _show_detour(detour: "Detour", index: "RoadIndex") -> None:
    verdict = "leads round the works" if detour.connects else "does NOT lead round the works"
    if not detour.ways:
        verdict = "meets no traffic that the works turn away"
    click.echo(f"  {' → '.join(detour.roads)}: {verdict}")
    for road in detour.unknown:
        click.echo(f"    the map has no road {road}")
    for first, second in detour.gaps:
        click.echo(f"    {first} and {second} do not meet on the map")
    for arm in detour.missed_arms:
        click.echo(f"    no announced road meets {arm} of the works")
    for way in detour.ways:
        click.echo(f"    {way.from_arm} → {way.to_arm}: {_announced_text(way)}{_better_text(way, index)}")


def _announced_text(way: "Way") -> str:
    if way.announced is None:
        return f"{way.before.km:.1f} km before, no way on the announced roads"
    return f"{way.before.km:.1f} km before, {_extra_text(way.announced, way)} on the detour"


def _extra_text(route: "Route", way: "Way") -> str:
    # Adding zero turns a rounded −0.0 into 0.0.
    km = round(route.km - way.before.km, 1) + 0.0
    minutes = round((route.seconds - way.before.seconds) / 60, 1) + 0.0
    return f"{km:+.1f} km and {minutes:+.1f} min"


def _better_text(way: "Way", index: "RoadIndex") -> str:
    from juli.roads.detour import roads_of

    if way.better is None:
        return "" if way.best is not None else "; no legal way at all"
    roads = " → ".join(roads_of(way.better, index))
    return f"; better {_extra_text(way.better, way)} by {roads}"
