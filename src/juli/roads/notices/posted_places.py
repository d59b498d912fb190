"""Stretches between kilometre posts, and stretches of which a form names the road in a line of its own."""

import re
from typing import Final

from juli.roads.notices import place_words as words
from juli.roads.notices.place_reading import STRETCH_OF_WHAT, Place, name_at, way_in
from juli.roads.notices.skeleton import NAME as R
from juli.roads.notices.skeleton import Skeleton
from juli.roads.notices.ways import way_of

#: A text that names no kilometre is not searched for posts.
_POSTED: Final = re.compile("[Kk]|公里")


def range_alone(skeleton: Skeleton, text: str, at: int) -> list[Place]:
    """Read 乙路至丙路: the stretch of a road that the line before may name (道路名称:甲路)."""
    match = words.RANGE_ALONE.match(text, at)
    if match is None or text[at - 1 : at] in (R, "(", "和", "与"):
        return []
    ends = (name_at(skeleton, at), name_at(skeleton, match.start("to")))
    road = _named_above(skeleton, text, at)
    if road is None:
        return [Place(at, match.end(), ends, unclear=STRETCH_OF_WHAT)]
    return [Place(at, match.end(), (road,), stretch=ends)]


def _named_above(skeleton: Skeleton, text: str, at: int) -> str | None:
    """The road that a form names in a line of its own above the line of its stretch."""
    line = text.rfind("\n", 0, at) + 1
    if words.STRETCH_FIELD.fullmatch(text, line, at) is None:
        return None
    above = list(words.ROAD_FIELD.finditer(text, 0, line))
    return name_at(skeleton, above[-1].start("road")) if above else None


def posts(skeleton: Skeleton, text: str, at: int) -> list[Place]:
    """Read 328国道K180+000-K183+450段, and the further ranges behind it."""
    places = []
    end_at = at
    while (match := words.POSTS.match(text, end_at)) is not None and (end_at == at or match[0][0] != R):
        said = match["said"] or ""
        way = way_in(skeleton.quoted(*match.span("towards"))) if match["towards"] else way_of(said)
        unclear = f"what is meant by {said} is not understood"
        lanes = words.LANES_BEFORE_POSTS.fullmatch(said) is not None
        unclear = "" if way is not None or lanes or words.BEFORE_POSTS.fullmatch(said) else unclear
        ends = (match["from"], match["to"])
        road = name_at(skeleton, at)
        places.append(Place(at, match.end(), (road,), None, ends, way, lanes=lanes, unclear=unclear))
        end_at = match.end()
    return places


def with_posts_alone(skeleton: Skeleton, text: str, places: list[Place]) -> list[Place]:
    """Give bare ranges of kilometre posts the road that the sentence or the form names before."""
    result = list(places)
    for match in words.POSTS_ALONE.finditer(text) if _POSTED.search(text) else ():
        at, ends = match.start(), (match[1], match[2])
        if any(place.at <= at < place.end_at for place in places):
            continue
        unclear = ""
        before = [place for place in places if place.end_at <= at and place.stretch]
        roads: tuple[str, ...]
        if text[at - 1 : at] in (";", ",") and before:
            roads = before[-1].roads
        elif (road := _named_above(skeleton, text, at)) is not None:
            roads = (road,)
        elif len(posted := _posted_roads(skeleton, text)) == 1:
            roads = (posted.pop(),)
        else:
            roads = tuple(name.name for place, name in skeleton.names.items() if place < at)[-1:]
            unclear = STRETCH_OF_WHAT
        field = max(text.rfind(mark, 0, at) for mark in ":;,。\n") + 1
        way = way_of(text[field:at])  # 扬州方向K96+000-K99+500
        result.append(
            Place(at if way is None else field, match.end(), roads, None, ends, way, unclear=unclear)
        )
    return sorted((place for place in result if place.roads), key=lambda place: (place.at, place.end_at))


def _posted_roads(skeleton: Skeleton, text: str) -> set[str]:
    """The roads of the notice that have kilometre posts: numbered ones, outside the ways round."""
    return {
        name.name
        for at, name in skeleton.names.items()
        if text[at] == R and (words.NUMBERED.match(name.name) or name.name.endswith(words.HIGH))
    }
