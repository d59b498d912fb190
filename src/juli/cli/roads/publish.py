"""``juli roads publish``: works in the standard form, for navigation services and other dispatchers."""

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from juli.cli.plan import json_option, language_option
from juli.cli.roads.setting import LOCAL_ZONE, map_options, read_notice_text, read_setting

if TYPE_CHECKING:
    from juli.plant.model import Language

_SOMETHING_LEFT_OUT = 1


@click.command()
@click.argument("notices", metavar="NOTICE.txt…", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--published", type=click.DateTime(["%Y-%m-%d"]), required=True, help="Day of publication.")
@click.option("--publisher", default="Juli", show_default=True, help="The organisation that publishes.")
@click.option(
    "--out", type=click.Path(path_type=Path), help="Where to write the feed, such as works.geojson."
)
@language_option
@map_options
@json_option
def command(
    notices: tuple[Path, ...],
    published: datetime,
    publisher: str,
    out: Path | None,
    language: "Language",
    as_json: bool,
    **told: Any,
) -> None:
    """Publish what notices close as a WZDx 4.2 feed.

    Without --out the feed goes to standard output. With it, the banned turns, which such a feed can't
    express, are written beside it: works.movements.json beside works.geojson. Ends with status 1 where
    a part of a notice could not be published; it says which.
    """
    from juli.core.clock import SystemClock
    from juli.core.files import write_text
    from juli.report.works.words import said
    from juli.roads.graph import MovementGraph
    from juli.roads.wzdx import Publication, feed_of
    from juli.roads.wzdx.notice_works import announced_works
    from juli.roads.wzdx.side_file import side_file_path

    setting = read_setting(**told)
    graph = MovementGraph(setting.road_map)
    works, left_out = [], []
    for path in notices:
        text = read_notice_text(path)
        found, unread = announced_works(
            text, published.date(), setting.road_map, path.name, setting.vehicle, graph
        )
        works += found
        left_out += unread
    announced = published.replace(tzinfo=LOCAL_ZONE)
    publication = Publication(publisher, SystemClock().now().replace(microsecond=0), announced)
    feed = feed_of(works, setting.road_map, publication)
    left_out += feed.left_out
    if out is not None:
        beside = side_file_path(out)
        write_text(out, json.dumps(feed.feed, ensure_ascii=False, allow_nan=False, indent=1))
        write_text(beside, json.dumps(feed.side_file, ensure_ascii=False, allow_nan=False, indent=1))
        kinds = [f["properties"]["core_details"]["event_type"] for f in feed.feed["features"]]
        counts = {"work_zones": kinds.count("work-zone"), "detours": kinds.count("detour")}
        if as_json:
            files = {"feed": str(out), "movements": str(beside)}
            told_out = {**files, **counts, "left_out": [str(problem) for problem in left_out]}
            click.echo(json.dumps(told_out, ensure_ascii=False))
        else:
            zones, detours = counts["work_zones"], counts["detours"]
            click.echo(said("publish_feed", language, file=out, zones=zones, detours=detours))
            click.echo(said("publish_turns", language, file=beside))
    else:
        click.echo(json.dumps(feed.feed, ensure_ascii=False, allow_nan=False))
    if not as_json or out is None:
        for problem in left_out:
            click.echo(said("publish_not", language, what=problem), err=True)
    if left_out:
        sys.exit(_SOMETHING_LEFT_OUT)
