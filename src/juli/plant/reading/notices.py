"""The public notices beside a plant, ``notices/2023-12-14 title.txt``, and feeds of works, ``.geojson``."""

import re
from datetime import date, datetime
from pathlib import Path

from juli.core.errors import Problem
from juli.plant.demand import Notice
from juli.plant.reading.notice_text import read_notice_text
from juli.plant.reading.text_file import read_text

_DATED = re.compile(r"^(\d{4}-\d{2}-\d{2})")


def read_notices(folder: Path, start: datetime, problems: list[Problem]) -> tuple[Notice, ...]:
    """Read every notice, and every WZDx feed with its side file.

    The date that a file's name begins with is the day it was published.

    Parameters
    ----------
    folder
        The folder ``notices``; it may be absent.
    start
        Gives the publication day its time zone.
    problems
        Gains what is wrong.
    """
    notices: list[Notice] = []
    kinds = ("*.txt", "*.geojson", "*.movements.json")
    for path in sorted(path for kind in kinds for path in folder.glob(kind)):
        place = f"{folder.name}/{path.name}"
        dated = _DATED.match(path.name)
        try:
            day = date.fromisoformat(dated.group(1)) if dated else None
        except ValueError:
            day = None
        if day is None:
            message = "its name does not begin with the day that it was published on"
            problems.append(Problem(place, message, f"rename it to 2023-12-14-{path.name}"))
        read = read_notice_text if path.suffix == ".txt" else read_text
        text = read(path, place, problems)
        if day is not None and text is not None:
            notices.append(Notice(place, text, datetime(day.year, day.month, day.day, tzinfo=start.tzinfo)))
    return tuple(notices)
