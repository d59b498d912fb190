"""Roads with brackets behind them: stretches, junctions, ramps and ways of travel that stand in brackets."""

import re
from collections.abc import Iterator
from dataclasses import replace

from juli.roads.notices import place_words as words
from juli.roads.notices.directions import OPPOSITE, TRAVEL, travelled
from juli.roads.notices.place_reading import Place, end_of, name_at, road_at, way_in
from juli.roads.notices.skeleton import NAME as R
from juli.roads.notices.skeleton import Skeleton
from juli.roads.notices.ways import way_of


def bracketed(skeleton: Skeleton, text: str, at: int) -> list[Place]:
    """Read 甲路(乙路至丙路段), with several stretches in the brackets or one junction."""
    match = words.BRACKETED.match(text, at)
    if match is None:
        return []
    road = name_at(skeleton, at)
    begin, end = match.span("inside")
    beyond = words.BEYOND_ENDS.fullmatch(text, begin, end)
    if beyond is not None and OPPOSITE[beyond["behind"]] == beyond["before"]:
        ends = (name_at(skeleton, beyond.start("one")), name_at(skeleton, beyond.start("other")))
        return [Place(at, match.end(), (road,), stretch=ends)]
    places: list[Place] = []
    ways: list[str] = []
    unread = ""
    lanes = match["lanes"] is not None
    for first, last in _parts(text, begin, end):
        part = text[first:last]
        ranges = words.INSIDE_RANGE.findall(part)
        if words.WAY_ALONE.fullmatch(part):
            ways.append(way_in(skeleton.quoted(first, last)))
        elif len(ranges) == 1 and (posts := words.POST_RANGE.fullmatch(part)) is not None:
            places.append(Place(at, match.end(), (road,), stretch=(posts[1], posts[2]), lanes=lanes))
        elif len(ranges) == 1 and (cut := words.INSIDE_RANGE.search(part)) is not None:
            one = end_of(skeleton, first, first + cut.start(), road)
            other = end_of(skeleton, first + cut.end(), last, road)
            if one and other and not words.AWAY.search(part):
                places.append(Place(at, match.end(), (road,), stretch=(one, other), lanes=lanes))
            else:
                unread = unread or skeleton.quoted(first, last)
        elif (between := words.BRACKETED_ENDS.fullmatch(part)) is not None:
            one, other = (name_at(skeleton, first + between.start(end)) for end in ("one", "other"))
            places.append(Place(at, match.end(), (road,), stretch=(one, other), lanes=lanes))
        elif words.AT_ROAD.fullmatch(part):
            other = name_at(skeleton, text.index(R, first))
            places.append(Place(at, match.end(), (road, other), junction=(road, other)))
        elif words.ADDED.fullmatch(part) is None:
            unread = unread or skeleton.quoted(first, last)
    if lanes and not places:
        return []
    part = name_at(skeleton, match.start("part")) if match["part"] else ""
    if places and part and not part.endswith(words.OVER) and not words.NUMBERED.match(part):
        why = "what two names beside each other mean is not clear"
        return [replace(place, unclear=why) for place in places]
    if places and unread:
        return [replace(place, unclear=f"what is meant by {unread} is not understood") for place in places]
    if ways and (len(ways) > 1 or len(places) > 1):
        why = "of which stretch the way is meant is not told"
        return [replace(place, unclear=why) for place in places]
    if places and ways:
        return [replace(places[0], side=ways[0])]
    if not places and R not in match["inside"] and words.SPOT.search(match["inside"]):
        return [Place(at, match.end(), (road,), unclear="which part of the road is meant is not told")]
    if not places and road.endswith(words.HIGH) and words.BRACKETED_RAMP.fullmatch(match["inside"]):
        # 甲高架(乙路上匝道)
        travel = TRAVEL.search(text, begin, end)
        way = travelled(travel) if travel else None
        return [Place(at, match.end(), (road,), side=way, ramp=True)]
    if not places and len(ways) == 1 and not unread:
        plain = road_at(skeleton, text, at)
        return [replace(plain, end_at=match.end(), side=ways[0])] if plain.end_at <= begin else []
    if places or match["part"] or R not in match["inside"]:
        return places
    if match["inside"] == R and name_at(skeleton, begin).endswith(words.BRIDGE):
        # 甲线(乙大桥): of the road, the bridge alone
        return [Place(at, match.end(), (name_at(skeleton, begin),))]
    if words.FORMER.fullmatch(match["inside"]):
        return [Place(at, match.end(), (road,))]  # 甲桥(老乙国道)
    alias = match["inside"] == R and words.NUMBERED.match(name_at(skeleton, begin))
    if alias and (words.STRETCH.match(text, at) or words.RAMP.match(text, at)):
        return []
    if alias or words.AWAY.search(match["inside"]):
        plain = road_at(skeleton, text, at)
        return [replace(plain, end_at=max(plain.end_at, match.end()))]
    return [Place(at, match.end(), (road,), unclear="what the brackets say of the road is not clear")]


def _parts(text: str, begin: int, end: int) -> Iterator[tuple[int, int]]:
    """Cut the inside of brackets at its commas."""
    at = begin
    for mark in re.finditer("[、,;]", text[begin:end]):
        yield at, begin + mark.start()
        at = begin + mark.end()
    yield at, end


def with_brackets(skeleton: Skeleton, text: str, place: Place) -> Place:
    """Take in the brackets behind a stretch or junction that add posts, a length or the way to it."""
    brackets = words.BRACKETS.match(text, place.end_at)
    if brackets is None or not (place.stretch or place.junction or words.ADDED.fullmatch(brackets["inside"])):
        return place
    inside = brackets["inside"]
    said = skeleton.quoted(*brackets.span("inside"))
    if words.WAY_ALONE.fullmatch(inside) and place.side is None:
        return replace(place, end_at=brackets.end(), side=way_in(said))
    if way_of(inside) is not None and place.side is None:
        return replace(place, end_at=brackets.end(), side=way_of(inside))
    if words.POST_RANGE.fullmatch(inside) or words.ADDED.fullmatch(inside):
        return replace(place, end_at=brackets.end())
    return place
