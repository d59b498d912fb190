"""From the notices beside a plant to closures on its map; what can't be read is told, never guessed."""

from collections.abc import Sequence

from juli.core.errors import InputError, Problem, Severity
from juli.plant.demand import Notice
from juli.plant.road_map import Closure, RoadMap
from juli.roads.closing import resolve
from juli.roads.notices import read_notice
from juli.roads.wzdx.reading import closures_of


def announced_closures(
    notices: Sequence[Notice], road_map: RoadMap
) -> tuple[tuple[Closure, ...], tuple[Problem, ...]]:
    """Read notices and close on the map what they announce.

    Parameters
    ----------
    notices
        As they were found, each with the day of its publication; WZDx feeds among them, ``.geojson``, are
        read with the side file of their name, ``.movements.json``.
    road_map
        The roads; its names help to read the notices'.

    Returns
    -------
    closures, unread
        The closures, and warnings for every part that could not be read or is not on the map.
    """
    names = tuple(sorted({segment.road for segment in road_map.segments if segment.road}))
    closures: list[Closure] = []
    unread: list[Problem] = []
    texts = {notice.file: notice.text for notice in notices}
    for notice in notices:
        if notice.file.endswith(".geojson"):
            beside = notice.file.removesuffix(".geojson") + ".movements.json"
            try:
                feed = closures_of(notice.text, notice.file, road_map, texts.get(beside), beside)
            except InputError as error:
                unread += [_warning(p.place, p.message, p.mend) for p in error.problems]
                continue
            closures += feed.closures
            unread += feed.unread
        if not notice.file.endswith(".txt"):
            continue
        reading = read_notice(notice.text, published=notice.published.date(), road_names=names)
        for unsure in reading.unsure:
            message = f"its {unsure.field} could not be read: {unsure.why} ({unsure.text})"
            unread.append(_warning(notice.file, message, "enter the closure by hand if it matters"))
        for number, zone in enumerate(reading.zones, start=1):
            try:
                closures.append(resolve(zone, road_map, f"{notice.file}#{number}"))
            except InputError as error:
                unread += [
                    _warning(problem.place, problem.message, problem.mend) for problem in error.problems
                ]
    return tuple(closures), tuple(unread)


def _warning(file: str, message: str, mend: str) -> Problem:
    return Problem(file, message, mend, Severity.WARNING)
