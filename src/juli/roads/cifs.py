"""Closures as a CIFS feed, which navigation services read: the Closure and Incident Feed Specification.

A ``ROAD_CLOSED`` turns every driver away, and the form has no word for local access, trucks, limits or single
turns. So only what is closed whole to everybody is written as one; all other works are a ``HAZARD``, which
warns and turns nobody away, with the particulars in its description.

References
----------
CIFS specification, Waze partner data feed: https://developers.google.com/waze/data-feed/cifs-specification
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from xml.etree import ElementTree

from juli.core.errors import Problem
from juli.plant.road_map import AppliesTo, RoadMap
from juli.roads.road_index import RoadIndex
from juli.roads.wzdx.feed import UNNAMED, Publication, Work, description_of, published
from juli.roads.wzdx.pieces import Piece, event_id, line_of

CLOSED: Final = ("ROAD_CLOSED", "ROAD_CLOSED_CONSTRUCTION")
WARNED: Final = ("HAZARD", "HAZARD_ON_ROAD_CONSTRUCTION")
_SCHEMA: Final = "http://www.gstatic.com/road-incidents/cifsv2.xsd"
_INSTANCE: Final = "http://www.w3.org/2001/XMLSchema-instance"


@dataclass(frozen=True)
class CifsFeed:
    """A feed in XML.

    Parameters
    ----------
    text
        The file.
    closed, warned
        How many of its incidents close a road, and how many only warn.
    left_out
        What was not published, and why.
    """

    text: str
    closed: int
    warned: int
    left_out: tuple[Problem, ...]


def cifs_of(works: Iterable[Work], road_map: RoadMap, publication: Publication) -> CifsFeed:
    """Write works as a feed: one incident for each line, direction and stretch of time.

    Parameters
    ----------
    works
        What to publish.
    road_map
        The map that the closures name segments of.
    publication
        When; the form has no place for the publisher.
    """
    index = RoadIndex(road_map)
    attributes = {f"{{{_INSTANCE}}}noNamespaceSchemaLocation": _SCHEMA}
    root = ElementTree.Element("incidents", attributes)
    left_out: list[Problem] = []
    counts = {CLOSED: 0, WARNED: 0}
    for work, pieces, times in published(works, index, left_out):
        closure = work.closure
        for piece in pieces:
            kind = CLOSED if _is_closed_to_all(work, piece) else WARNED
            counts[kind] += len(times)
            first = event_id(closure.id, *(segment.id for segment in piece.segments))
            for number, (start, end) in enumerate(times):
                name = event_id(first, number) if number else first
                zone = closure.start.tzinfo
                period = start.astimezone(zone), end.astimezone(zone)
                root.append(_incident(name, kind, work, piece, period, index, publication))
    ElementTree.register_namespace("xsi", _INSTANCE)
    ElementTree.indent(root)
    text = ElementTree.tostring(root, encoding="unicode", xml_declaration=False)
    declared = f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'
    return CifsFeed(declared, counts[CLOSED], counts[WARNED], tuple(left_out))


def _is_closed_to_all(work: Work, piece: Piece) -> bool:
    """Whether nobody at all may drive along a line; an approach is open up to the closed turns."""
    closure = work.closure
    limited = closure.above_weight_t is not None or closure.above_height_m is not None
    return work.bars and not piece.approach and closure.applies_to is AppliesTo.ALL and not limited


def _incident(
    name: str,
    kind: tuple[str, str],
    work: Work,
    piece: Piece,
    period: tuple[datetime, datetime],
    index: RoadIndex,
    publication: Publication,
) -> ElementTree.Element:
    incident = ElementTree.Element("incident", {"id": name})
    made = publication.announced or publication.moment
    start, end = period
    said = {
        "type": kind[0],
        "subtype": kind[1],
        "polyline": " ".join(f"{lat:.7f} {lon:.7f}" for lon, lat in line_of(piece.segments, index)),
        "direction": "ONE_DIRECTION",
        "street": piece.segments[0].road or UNNAMED,
        "starttime": start.isoformat(timespec="seconds"),
        "endtime": end.isoformat(timespec="seconds"),
        "creationtime": made.isoformat(timespec="seconds"),
        "description": f"{_whom(work)}{description_of(work, piece, index.road_map.schematic)}",
    }
    for tag, text in said.items():
        ElementTree.SubElement(incident, tag).text = text
    return incident


def _whom(work: Work) -> str:
    """Whom the works concern, where that is not everybody."""
    closure = work.closure
    words = ["trucks only"] if work.bars and closure.applies_to is AppliesTo.TRUCKS else []
    words += [f"over {closure.above_weight_t:g} t"] if closure.above_weight_t is not None else []
    words += [f"over {closure.above_height_m:g} m high"] if closure.above_height_m is not None else []
    return "".join(f"{word}; " for word in words)
