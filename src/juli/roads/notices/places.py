"""Where the works are: junctions, stretches, ramps, bridges and whole roads, by patterns over a skeleton."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Final

from juli.roads.notices import place_words as words
from juli.roads.notices.directions import OPPOSITE, TRAVEL, travelled
from juli.roads.notices.qualifiers import OF_ANOTHER, PART, TOWARDS, UNDERSTOOD, WORKS_ON
from juli.roads.notices.skeleton import NAME as R
from juli.roads.notices.skeleton import Skeleton

#: Stands in a text for every character of a place that was read.
PLACE: Final = "\ue004"


STRETCH_OF_WHAT: Final = "of which road this is a stretch is not told"


@dataclass(frozen=True)
class Place:
    """A place of works, read from ``text[at:end_at]`` of a skeleton.

    Parameters
    ----------
    roads, junction, stretch
        As in a zone.
    side
        The arm of the junction or the side that stands in the name.
    ramp
        Whether it is a ramp of the roads.
    lanes
        Whether its name speaks of some lanes only: 甲道慢线(介乎乙道与丙道).
    unclear
        Why no more than a mention is to be made of it; empty where it is clear.
    """

    at: int
    end_at: int
    roads: tuple[str, ...]
    junction: tuple[str, str] | None = None
    stretch: tuple[str, str] | None = None
    side: str | None = None
    ramp: bool = False
    lanes: bool = False
    unclear: str = ""

    @property
    def key(self) -> tuple[object, ...]:
        """What makes two readings the same place."""
        roads = frozenset(self.junction) if self.junction else self.roads
        return roads, self.stretch, self.ramp, self.side


def find_places(skeleton: Skeleton, masked: str) -> list[Place]:
    """Find the places of works, left to right.

    Parameters
    ----------
    skeleton
        The notice.
    masked
        Its text with the reasons and the detours blanked out, of the same length.
    """
    found: list[Place] = []
    at = 0
    while (at := _next(masked, at)) >= 0:
        places = _places_at(skeleton, masked, at)
        found += places
        at = max(place.end_at for place in places)
    return _posted(skeleton, masked, _pieced(list(_shared_brackets(masked, found))))


def _pieced(places: list[Place]) -> list[Place]:
    """Give stretches that name no road the one of which they are a part: 甲路(乙路至丁路)…乙路至丙路."""
    known = {place.roads[0]: {*place.stretch} for place in places if place.stretch and place.roads}
    result = []
    for place in places:
        if place.unclear == STRETCH_OF_WHAT:
            fitting = [road for road, ends in known.items() if ends & {*place.roads}]
            if len(fitting) == 1 and fitting[0] not in place.roads:
                known[fitting[0]] |= {*place.roads}
                one, other = place.roads
                place = replace(place, roads=(fitting[0],), stretch=(one, other), unclear="")
        result.append(place)
    return result


def _shared_brackets(text: str, places: Sequence[Place]) -> Iterator[Place]:
    """Doubt a road in front of another one with a stretch: of 甲路、乙路(丙路至丁路) it may be both's."""
    for place, following in zip_longest(places, places[1:]):
        plain = not (place.junction or place.stretch or place.ramp or place.unclear)
        if (
            plain
            and following is not None
            and following.stretch
            and text[place.end_at : following.at] in ("、", "和", "及", "与")
            and text[following.at + 1 : following.at + 2] == "("
            and not place.roads[-1].endswith(words.BRIDGE)
        ):
            yield replace(place, unclear="whether the stretch of the next road is its own too is not told")
        else:
            yield place


def _next(text: str, at: int) -> int:
    """The next place at which a pattern can begin."""
    name = text.find(R, at)
    between = text.find("介", at, name if name >= 0 else len(text))
    return between if between >= 0 else name


def _places_at(skeleton: Skeleton, text: str, at: int) -> list[Place]:
    """Read the place or places that begin at a name."""
    if text[at] == "介" and not words.BETWEEN.match(text, at):
        return [Place(at, at + 1, (), unclear="介")]
    if _within_brackets(text, at):
        return [Place(at, at + 1, (_name(skeleton, at),), unclear="mention")]
    for read in (
        _cross_streets,
        _range_alone,
        _between,
        _start_end,
        _posts,
        _bracketed,
        _ramp,
        _junction,
        _stretch,
    ):
        places = read(skeleton, text, at)
        if places:
            return _told_of(skeleton, text, places)
    return _told_of(skeleton, text, [_road(skeleton, text, at)])


def _told_of(skeleton: Skeleton, text: str, places: list[Place]) -> list[Place]:
    """Doubt places if what is said right behind them is not understood: 甲路收费站入口 is not 甲路."""
    places = [_with_brackets(skeleton, text, place) for place in places]
    end_at = places[-1].end_at
    if OF_ANOTHER.match(text, end_at):
        return [replace(place, unclear=place.unclear or "mention") for place in places]
    if UNDERSTOOD.match(text, end_at):
        return places
    said = skeleton.quoted(end_at, min(end_at + 6, len(text)))
    return [
        replace(place, unclear=place.unclear or f"what is meant by {said} is not understood")
        for place in places
    ]


def _with_brackets(skeleton: Skeleton, text: str, place: Place) -> Place:
    """Take in the brackets behind a stretch or junction that add posts, a length or the way to it."""
    brackets = words.BRACKETS.match(text, place.end_at) if place.stretch or place.junction else None
    if brackets is None:
        return place
    inside = brackets["inside"]
    if words.WAY_ALONE.fullmatch(inside) and place.side is None:
        return replace(place, end_at=brackets.end(), side=_way(skeleton.quoted(*brackets.span("inside"))))
    if words.POST_RANGE.fullmatch(inside) or words.ADDED.fullmatch(inside):
        return replace(place, end_at=brackets.end())
    return place


def _within_brackets(text: str, at: int) -> bool:
    """Whether a name stands in brackets that no road before them explains."""
    opened = text.rfind("(", max(0, at - 40), at)
    return (
        opened >= 0
        and text.rfind(")", opened, at) < 0
        and ")" in text[at : at + 40]
        and "\n" not in text[opened:at]
    )


def _name(skeleton: Skeleton, at: int) -> str:
    return skeleton.names[at].name


def _cross_streets(skeleton: Skeleton, text: str, at: int) -> list[Place]:
    """Read 甲路与乙路交叉口至甲路与丙路交叉口: a stretch of 甲路."""
    match = words.CROSS_STREETS.match(text, at)
    if match is None:
        return []
    names = [_name(skeleton, place) for place in range(at, match.end()) if text[place] == R]
    common = set(names[:2]) & set(names[2:])
    if len(common) != 1:
        return [Place(at, match.end(), tuple(names), unclear="the two junctions share no road")]
    road = common.pop()
    ends = [name for name in names if name != road]
    return [Place(at, match.end(), (road,), stretch=(ends[0], ends[1]))]


def _range_alone(skeleton: Skeleton, text: str, at: int) -> list[Place]:
    """Read 乙路至丙路: the stretch of a road that the line before may name (道路名称:甲路)."""
    match = words.RANGE_ALONE.match(text, at)
    if match is None or text[at - 1 : at] in (R, "(", "和", "与"):
        return []
    ends = (_name(skeleton, at), _name(skeleton, match.start("to")))
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
    return _name(skeleton, above[-1].start("road")) if above else None


def _between(skeleton: Skeleton, text: str, at: int) -> list[Place]:
    """Read 介乎甲街与乙街之间的一段丙路."""
    match = words.BETWEEN.match(text, at)
    if match is None:
        return []
    parts = ("road", "one", "other") if match["road"] else ("of", "from", "to")
    road, first, last = (_name(skeleton, match.start(part)) for part in parts)
    way = _way(match["bound"]) if match["bound"] else None
    return [
        Place(at, match.end(), (road,), stretch=(first, last), side=way, lanes=match["lanes"] is not None)
    ]


def _start_end(skeleton: Skeleton, text: str, at: int) -> list[Place]:
    """Read 甲路,起点:乙路,止点:丙路 and 甲路(南起乙路,北至丙路)."""
    match = words.START_END.match(text, at)
    if match is None:
        return []
    road = _name(skeleton, at)
    ends = tuple(_end(skeleton, *match.span(part), road) for part in ("from", "to"))
    return [Place(at, match.end(), (road,), stretch=(ends[0], ends[1]))]


def _ramp(skeleton: Skeleton, text: str, at: int) -> list[Place]:
    """Read 甲高架乙路下匝道: a ramp of 甲高架."""
    match = words.RAMP.match(text, at) or words.HIGH_ROAD_GATE.match(text, at)
    if match is None:
        return []
    names = [_name(skeleton, place) for place in range(at, match.end()) if text[place] == R]
    high = [name for name in names if name.endswith(words.HIGH)]
    if not high and "匝道" not in match[0]:
        return []
    roads = tuple(
        dict.fromkeys(high or [name for name in names if not name.endswith(words.INTERCHANGE)] or names)
    )
    if words.BELOW.search(match[0]):
        return [
            Place(at, match.end(), tuple(names), ramp=True, unclear="which ramps are meant is told elsewhere")
        ]
    travel = TRAVEL.search(text, at, match.end() + 9)
    stretch: tuple[str, str] | None = None
    towards = words.BOUND_FOR.search(text, at, match.end())
    way = travelled(travel) if travel else skeleton.quoted(*towards.span()) if towards else None
    brackets = words.BRACKETS.match(text, match.end())
    if brackets is not None and (cut := words.INSIDE_RANGE.search(brackets["inside"])) is not None:
        begin, end = brackets.span("inside")
        ends = _end(skeleton, begin, begin + cut.start()), _end(skeleton, begin + cut.end(), end)
        stretch = ends if all(ends) else None
    elif brackets is not None and words.WAY_ALONE.fullmatch(brackets["inside"]):
        way = way or _way(skeleton.quoted(*brackets.span("inside")))
    elif brackets is not None:
        unclear = "what the brackets say of the ramp is not clear"
        return [Place(at, brackets.end(), roads, ramp=True, unclear=unclear)]
    end_at = brackets.end() if brackets else match.end()
    return [Place(at, end_at, roads, stretch=stretch, side=way, ramp=True)]


def _posts(skeleton: Skeleton, text: str, at: int) -> list[Place]:
    """Read 328国道K180+000-K183+450段, and the further ranges behind it."""
    places = []
    end_at = at
    while (match := words.POSTS.match(text, end_at)) is not None and (end_at == at or match[0][0] != R):
        said = match["way"] or ""
        travel = TRAVEL.fullmatch(said)
        way = travelled(travel) if travel is not None else said if said.endswith("向") else None
        if match["towards"]:
            way = _way(skeleton.quoted(*match.span("towards")))
        ends = (match["from"], match["to"])
        places.append(Place(at, match.end(), (_name(skeleton, at),), stretch=ends, side=way))
        end_at = match.end()
    return places


def _bracketed(skeleton: Skeleton, text: str, at: int) -> list[Place]:
    """Read 甲路(乙路至丙路段), with several stretches in the brackets or one junction."""
    match = words.BRACKETED.match(text, at)
    if match is None:
        return []
    road = _name(skeleton, at)
    begin, end = match.span("inside")
    places: list[Place] = []
    ways: list[str] = []
    unread = ""
    for first, last in _parts(text, begin, end):
        part = text[first:last]
        ranges = words.INSIDE_RANGE.findall(part)
        if words.WAY_ALONE.fullmatch(part):
            ways.append(_way(skeleton.quoted(first, last)))
        elif len(ranges) == 1 and (posts := words.POST_RANGE.fullmatch(part)) is not None:
            places.append(Place(at, match.end(), (road,), stretch=(posts[1], posts[2])))
        elif len(ranges) == 1 and (cut := words.INSIDE_RANGE.search(part)) is not None:
            one = _end(skeleton, first, first + cut.start(), road)
            other = _end(skeleton, first + cut.end(), last, road)
            if one and other and not words.AWAY.search(part):
                places.append(Place(at, match.end(), (road,), stretch=(one, other)))
            else:
                unread = unread or skeleton.quoted(first, last)
        elif (between := words.BRACKETED_ENDS.fullmatch(part)) is not None:
            ends = tuple(_name(skeleton, first + between.start(end)) for end in ("one", "other"))
            places.append(Place(at, match.end(), (road,), stretch=(ends[0], ends[1])))
        elif words.AT_ROAD.fullmatch(part):
            other = _name(skeleton, text.index(R, first))
            places.append(Place(at, match.end(), (road, other), junction=(road, other)))
        elif words.ADDED.fullmatch(part) is None:
            unread = unread or skeleton.quoted(first, last)
    if places and unread:
        return [replace(place, unclear=f"what is meant by {unread} is not understood") for place in places]
    tube = words.TUBE.fullmatch(match["way"] or "")
    if tube is not None:
        # 甲隧道东线(往北方向): the tube tells more than where it leads
        return [Place(at, match.end(), (road,), side=match["way"])] if not places and not unread else []
    if ways and (len(ways) > 1 or match["way"] or len(places) > 1):
        why = "of which stretch the way is meant is not told"
        return [replace(place, unclear=why) for place in places]
    if places and ways:
        return [replace(places[0], side=ways[0])]
    if not places and R not in match["inside"] and words.SPOT.search(match["inside"]):
        return [Place(at, match.end(), (road,), unclear="which part of the road is meant is not told")]
    if match["way"] and match["way"] != "双向" and places:
        if len(places) > 1:
            return [
                replace(place, unclear="of which stretch the way is meant is not told") for place in places
            ]
        return [replace(places[0], side=_way(match["way"]))]
    if not places and road.endswith(words.HIGH) and words.BRACKETED_RAMP.fullmatch(match["inside"]):
        # 甲高架(乙路上匝道)
        travel = TRAVEL.search(text, begin, end)
        way = travelled(travel) if travel else None
        return [Place(at, match.end(), (road,), side=way, ramp=True)]
    if not places and len(ways) == 1 and not unread:
        plain = _road(skeleton, text, at)
        return [replace(plain, end_at=match.end(), side=ways[0])] if plain.end_at <= begin else []
    if places or match["part"] or R not in match["inside"]:
        return places
    alias = match["inside"] == R and words.NUMBERED.match(_name(skeleton, begin))
    if alias and (words.STRETCH.match(text, at) or words.RAMP.match(text, at)):
        return []
    if alias or words.AWAY.search(match["inside"]):
        plain = _road(skeleton, text, at)
        return [replace(plain, end_at=max(plain.end_at, match.end()))]
    return [Place(at, match.end(), (road,), unclear="what the brackets say of the road is not clear")]


def _way(said: str) -> str:
    """A side as it stands, or a way of travel in its one form."""
    if said[1] == "侧":
        return said
    if said[1] == "行":
        return f"由{OPPOSITE[said[0]]}向{said[0]}"
    travel = TRAVEL.search(said)
    return travelled(travel) if travel is not None else said


def _parts(text: str, begin: int, end: int) -> Iterator[tuple[int, int]]:
    """Cut the inside of brackets at its commas."""
    at = begin
    for mark in re.finditer("[、,;]", text[begin:end]):
        yield at, begin + mark.start()
        at = begin + mark.end()
    yield at, end


def _end(skeleton: Skeleton, at: int, end_at: int, road: str = "") -> str:
    """Name the end of a stretch: a road, or the landmark as it is written."""
    while (lead := words.LEAD.match(skeleton.text, at, end_at)) is not None:
        at = lead.end()
    while (tail := words.TAIL.search(skeleton.text, at, end_at)) is not None:
        end_at = tail.start()
    if (crossing := words.CROSSING_END.fullmatch(skeleton.text, at, end_at)) is not None:
        names = [_name(skeleton, place) for place in range(*crossing.span()) if skeleton.text[place] == R]
        others = [name for name in names if name != road] or names
        if len(others) == 1:
            return others[0]
    return skeleton.quoted(at, end_at) if at < end_at else ""


def _junction(skeleton: Skeleton, text: str, at: int) -> list[Place]:
    """Read 甲路与乙路交叉口东侧, and 甲路乙路口."""
    match = words.JUNCTION.match(text, at)
    if match is None or (text[at - 1 : at] in ("、", "与", "和") and text[at - 2 : at - 1] == R):
        return []
    places = [place for place in range(at, match.end()) if text[place] == R]
    pair = (_name(skeleton, places[0]), _name(skeleton, places[1]))
    roads: tuple[str, ...] = pair
    end_at = match.end()
    only = words.ON_ONE_ROAD.match(text, end_at)
    if only is not None and _name(skeleton, only.start(1)) in pair:
        roads = (_name(skeleton, only.start(1)),)
        end_at = only.end()
    unclear = "how far the works reach is not told" if words.FROM_CORNER.match(text, end_at) else ""
    side = f"{match['leg']}侧" if match["leg"] else None
    return [Place(at, end_at, roads, junction=pair, side=side, unclear=unclear)]


def _stretch(skeleton: Skeleton, text: str, at: int) -> list[Place]:
    """Read 甲路乙路至丙路段 and 甲路的乙路至丙路."""
    match = words.STRETCH.match(text, at)
    if match is None:
        return []
    first = next(_end(skeleton, *match.span(part)) for part in ("from", "first") if match[part])
    last = next(_end(skeleton, *match.span(part)) for part in ("to", "mark", "last", "end") if match[part])
    return [Place(at, match.end(), (_name(skeleton, at),), stretch=(first, last))]


def _road(skeleton: Skeleton, text: str, at: int) -> Place:
    """Read a name that stands alone, or a road and its bridge."""
    name = _name(skeleton, at)
    end_at = at + 1
    roads: tuple[str, ...] = (name,)
    posted = words.POST_BEFORE_BRIDGE.match(text, end_at)
    if posted is not None and _name(skeleton, posted.end()).endswith(words.BRIDGE):
        end_at = posted.end()
    double = name.endswith(words.BRIDGE)
    if not double and text[end_at : end_at + 1] == R and _name(skeleton, end_at).endswith(words.OVER):
        # of the road, the bridge alone
        bridge = _name(skeleton, end_at)
        roads = (bridge,)
        end_at += 1
        if (segment := words.AT_BRIDGE.match(text, end_at)) is not None:
            return Place(at, segment.end(), (name,), stretch=(bridge, bridge))
    if WORKS_ON.match(text, end_at) or TOWARDS.search(text, max(0, at - 2), at):
        return Place(at, end_at, roads, unclear="mention")
    if words.ONE_ROAD_CORNER.match(text, end_at):
        return Place(at, end_at, roads, unclear="at which other road is not told")
    if text[end_at : end_at + 1] == R:
        return Place(at, end_at + 1, roads, unclear="what two names beside each other mean is not clear")
    part = PART.match(text, end_at)
    unclear = "which part of the road is meant is not told" if part is not None else ""
    if part is not None and text[part.end() : part.end() + 1] == R:
        end_at = part.end() + 1
    return Place(at, end_at, roads, unclear=unclear)


def _posted(skeleton: Skeleton, text: str, places: list[Place]) -> list[Place]:
    """Give bare ranges of kilometre posts the road that the sentence or the form names before."""
    result = list(places)
    for match in words.POSTS_ALONE.finditer(text) if "K" in text or "k" in text else ():
        at, ends = match.start(), (match[1], match[2])
        if any(place.at <= at < place.end_at for place in places):
            continue
        before = [place for place in places if place.end_at <= at and place.stretch]
        road = _named_above(skeleton, text, at)
        if text[at - 1 : at] in (";", ",") and before:
            result.append(Place(*match.span(), before[-1].roads, stretch=ends))
        elif road is not None:
            result.append(Place(*match.span(), (road,), stretch=ends))
        elif len(posted := _posted_roads(skeleton, text)) == 1:
            result.append(Place(*match.span(), (posted.pop(),), stretch=ends))
        else:
            named = tuple(name.name for place, name in skeleton.names.items() if place < at)[-1:]
            result.append(Place(*match.span(), named, stretch=ends, unclear=STRETCH_OF_WHAT))
    return sorted((place for place in result if place.roads), key=lambda place: (place.at, place.end_at))


def _posted_roads(skeleton: Skeleton, text: str) -> set[str]:
    """The roads of the notice that have kilometre posts: numbered ones, outside the ways round."""
    return {
        name.name
        for at, name in skeleton.names.items()
        if text[at] == R and (words.NUMBERED.match(name.name) or name.name.endswith(words.HIGH))
    }
