"""What the road commands are told on the command line: the map, the vehicle, the time, the notices."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

import click

from juli.core.errors import InputError, Problem

if TYPE_CHECKING:
    from juli.plant.model import Language
    from juli.plant.road_map import Closure, RoadMap
    from juli.plant.site import Transport
    from juli.roads.graph import VehicleSize

#: Times on the command line that name no zone are of this one, as the notices' are.
LOCAL_ZONE: Final = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True)
class Setting:
    """Where and with what a truck drives.

    Parameters
    ----------
    road_map
        The roads.
    vehicle
        The truck.
    closures
        What the notices of the plant close, none without a plant; and what the feeds do.
    transport
        The plant's gate, sites and trucks, where they are on this map.
    """

    road_map: "RoadMap"
    vehicle: "VehicleSize"
    closures: "tuple[Closure, ...]"
    transport: "Transport | None" = None


def map_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options that :func:`read_setting` takes."""
    options = (
        click.option(
            "--map", "map_file", type=click.Path(path_type=Path), help="Road map: .geojson, .osm or .osm.pbf."
        ),
        click.option(
            "--plant", type=click.Path(path_type=Path), help="A plant's folder: its map, trucks and notices."
        ),
        click.option(
            "--feed",
            "feeds",
            multiple=True,
            type=click.Path(path_type=Path),
            help="A WZDx feed whose closures are kept too; may be given several times.",
        ),
        click.option("--truck", help="A truck of the plant."),
        click.option("--weight-t", type=float, help="Gross weight, where no truck is named."),
        click.option("--height-m", type=float, help="Height, where no truck is named."),
        click.option("--width-m", type=float, help="Width, where no truck is named."),
    )
    for option in reversed(options):
        command = option(command)
    return command


def read_setting(
    map_file: Path | None,
    plant: Path | None,
    feeds: tuple[Path, ...],
    truck: str | None,
    weight_t: float | None,
    height_m: float | None,
    width_m: float | None,
    language: "Language",
) -> Setting:
    """Read the map and the feeds, and find the vehicle; what a feed does not close is told on standard error.

    Raises
    ------
    InputError
        If there is no map, the plant has no such truck, or a file can't be read.
    """
    from juli.report.works.reasons import problem_text
    from juli.roads.wzdx import read_feed

    setting = _without_feeds(map_file, plant, truck, weight_t, height_m, width_m)
    closures = list(setting.closures)
    for path in feeds:
        reading = read_feed(path, setting.road_map)
        closures += reading.closures
        for problem in reading.unread:
            click.echo(problem_text(problem, language), err=True)
    return replace(setting, closures=tuple(closures))


def _without_feeds(
    map_file: Path | None,
    plant: Path | None,
    truck: str | None,
    weight_t: float | None,
    height_m: float | None,
    width_m: float | None,
) -> Setting:
    from juli.roads.graph import Size
    from juli.roads.map_files import read_map
    from juli.solve.day import load

    size = Size(weight_t or 0.0, height_m or 0.0, width_m or 0.0)
    if plant is None:
        if map_file is None:
            raise InputError("no map: give --map FILE, or --plant DIR for a plant's own")
        if truck is not None:
            raise InputError(
                f"no truck {truck} without its plant: give --plant DIR, or --weight-t and the like"
            )
        return Setting(read_map(map_file), size, ())
    day = load(plant)
    transport, road_map = day.plant.transport, day.demand.road_map
    if transport is None or road_map is None:
        raise InputError(f"{plant} has no transport: give --map FILE")
    trucks: dict[str, VehicleSize] = {one.id: one for one in transport.trucks}
    if truck is not None and truck not in trucks:
        raise InputError(f"{plant} has no truck {truck}: its trucks are {', '.join(trucks)}")
    if map_file is not None:
        return Setting(read_map(map_file), trucks[truck] if truck else size, ())
    return Setting(road_map, trucks[truck] if truck else size, day.demand.closures, transport)


def in_zone(moment: datetime) -> datetime:
    """Give a moment a zone where it was written without one."""
    return moment if moment.tzinfo else moment.replace(tzinfo=LOCAL_ZONE)


def read_notice_text(path: Path) -> str:
    """Read a notice's text, in whichever usual encoding it was saved.

    Raises
    ------
    InputError
        If it is missing, empty, or in no encoding that is known.
    """
    from juli.plant.reading import notice_text

    problems: list[Problem] = []
    text = notice_text.read_notice_text(path, path.name, problems)
    if text is None or problems:
        raise InputError(problems)
    return text
