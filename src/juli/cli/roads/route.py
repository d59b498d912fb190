"""``juli roads route``: the quickest way for a truck at a given time."""

import json
import sys
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from juli.cli.plan import Moment, json_option, language_option
from juli.cli.roads.setting import in_zone, map_options, read_setting

if TYPE_CHECKING:
    from juli.cli.roads.setting import Setting
    from juli.plant.model import Language
    from juli.roads.road_index import RoadIndex

_NO_WAY = 1


@click.command()
@click.argument("start", metavar="A")
@click.argument("end", metavar="B")
@click.option("--at", type=Moment(), required=True, help="When it departs, such as 2023-12-20T08:00.")
@language_option
@map_options
@json_option
def command(start: str, end: str, at: datetime, language: "Language", as_json: bool, **told: Any) -> None:
    """Find the quickest way from A to B for a truck, closures kept.

    A and B are junctions of the map, crossings such as 长扬路×腾龙路, or positions such as 119.95,31.70
    (longitude first). With --plant the plant's notices are obeyed, and its sites may be named too.
    """
    from juli.report.works.lines import no_way_line, route_lines
    from juli.roads.detour import roads_of
    from juli.roads.graph import MovementGraph
    from juli.roads.road_index import RoadIndex

    setting = read_setting(**told, language=language)
    index = RoadIndex(setting.road_map)
    ends = _place(start, setting, index), _place(end, setting, index)
    graph = MovementGraph(setting.road_map, setting.closures)
    route = graph.route(*ends, in_zone(at), setting.vehicle)
    if route is None:
        why = _why(setting, ends, in_zone(at))
        english, text = (no_way_line(start, end, why, told_in) for told_in in ("en", language))
        click.echo(json.dumps({"status": "no_way", "reason": english}) if as_json else text)
        sys.exit(_NO_WAY)
    roads = roads_of(route, index)
    if as_json:
        found = {
            "status": "found",
            "km": round(route.km, 3),
            "minutes": round(route.seconds / 60, 2),
            "depart": route.depart.isoformat(),
            "arrive": route.arrive.isoformat(timespec="seconds"),
            "roads": roads,
            "segments": list(route.segments),
        }
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    for line in route_lines(route, roads, language):
        click.echo(line)


def _place(text: str, setting: "Setting", index: "RoadIndex") -> str:
    """Find a junction: by the id or the name of a plant's site, else on the map."""
    for site in setting.transport.sites if setting.transport else ():
        if text.strip() in (site.id, *((site.name.zh, site.name.en) if site.name else ())):
            return str(site.junction)
    return index.place(text)


def _why(setting: "Setting", ends: tuple[str, str], at: datetime) -> str:
    """What stands in the way: the vehicle's size, the closures, or the map itself."""
    from juli.roads.graph import MovementGraph

    if MovementGraph(setting.road_map, setting.closures).route(*ends, at) is not None:
        return "too_large"
    if MovementGraph(setting.road_map).route(*ends, at, setting.vehicle) is not None:
        return "closed"
    if MovementGraph(setting.road_map).route(*ends, at) is not None:
        return "too_large_or_closed"
    return "unconnected"
