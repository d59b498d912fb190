"""Where the works are: junctions, stretches, ramps, bridges and whole roads, by patterns over a skeleton."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import zip_longest

from juli.roads.notices import place_words as words
from juli.roads.notices.bracketed_places import bracketed, with_brackets
from juli.roads.notices.directions import TRAVEL, travelled
from juli.roads.notices.names import MORE_THAN_A_NAME, is_more_than_a_name
from juli.roads.notices.place_reading import STRETCH_OF_WHAT, Place, end_of, name_at, road_at, way_in
from juli.roads.notices.posted_places import posts, range_alone, with_posts_alone
from juli.roads.notices.qualifiers import DESCRIBED, OF_ANOTHER, UNDERSTOOD, WORKS_NAMED
from juli.roads.notices.skeleton import NAME as R
from juli.roads.notices.skeleton import Skeleton
from juli.roads.notices.ways import at_names, is_tube, is_way_at, way_behind, way_of


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
    marked, ways = at_names(masked)
    at = 0
    while (at := _next(marked, at)) >= 0:
        places = [
            # the way stands at the road, or at its bridge or interchange behind it
            _going(place, ways.get(place.at) or ways.get(place.at + 1))
            for place in _places_at(skeleton, marked, at)
        ]
        found += places
        at = max(place.end_at for place in places)
    return with_posts_alone(skeleton, masked, _pieced(masked, list(_shared_brackets(masked, found))))


def _going(place: Place, way: str | None) -> Place:
    """Give a place the way that stands at its road's name."""
    return replace(place, side=way) if way is not None and (place.side is None or is_tube(way)) else place


def _pieced(text: str, places: list[Place]) -> list[Place]:
    """Give stretches that name no road the one of which they are a part: 甲路(乙路至丁路)…乙路至丙路.

    Of 甲路乙路至丙路段、丁路至戊路段 the second is a part of the same road too.
    """
    known = {place.roads[0]: {*place.stretch} for place in places if place.stretch and place.roads}
    result: list[Place] = []
    for place in places:
        if place.unclear == STRETCH_OF_WHAT:
            before = result[-1] if result else None
            listed = before is not None and text[before.end_at : place.at] in ("、", "和", "及", "与")
            if before is not None and listed and before.stretch and not before.unclear:
                one, other = place.roads
                side = place.side or before.side
                place = replace(before, at=place.at, end_at=place.end_at, stretch=(one, other), side=side)
                result.append(place)
                continue
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
            and text[place.end_at - 1] != ")"
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
        return [Place(at, at + 1, (name_at(skeleton, at),), unclear="mention")]
    for read in (
        _cross_streets,
        range_alone,
        _between,
        _start_end,
        posts,
        bracketed,
        _ramp,
        _junction,
        _stretch,
    ):
        places = read(skeleton, text, at)
        if places:
            return _told_of(skeleton, text, places)
    return _told_of(skeleton, text, [road_at(skeleton, text, at)])


def _told_of(skeleton: Skeleton, text: str, places: list[Place]) -> list[Place]:
    """Doubt places if what is said right behind them is not understood: 甲路收费站入口 is not 甲路."""
    places = [with_brackets(skeleton, text, place) for place in places]
    if any(is_more_than_a_name(road) for place in places for road in place.roads):
        return [replace(place, unclear=place.unclear or MORE_THAN_A_NAME) for place in places]
    end_at = places[-1].end_at
    way = way_behind(text, end_at) if len(places) == 1 and places[0].side is None else None
    if way is not None:
        places = [replace(places[0], side=way.way, end_at=way.end_at)]
    if OF_ANOTHER.match(text, end_at):
        return [replace(place, unclear=place.unclear or "mention") for place in places]
    beyond = way.end_at if way is not None else end_at
    if UNDERSTOOD.match(text, end_at) or UNDERSTOOD.match(text, beyond) or is_way_at(text, end_at):
        return places
    exact = all(p.stretch or p.junction or p.roads[-1].endswith(words.BRIDGE) for p in places)
    if exact and (DESCRIBED.match(text, beyond) or WORKS_NAMED.match(text, beyond)):
        return places
    said = skeleton.quoted(end_at, min(end_at + 6, len(text)))
    return [
        replace(place, unclear=place.unclear or f"what is meant by {said} is not understood")
        for place in places
    ]


def _within_brackets(text: str, at: int) -> bool:
    """Whether a name stands in brackets that no road before them explains."""
    opened = text.rfind("(", max(0, at - 40), at)
    if opened >= 0 and words.LISTED_ROADS.match(text, opened):
        return False  # 周边道路(甲路、乙路、丙路)
    return (
        opened >= 0
        and text.rfind(")", opened, at) < 0
        and ")" in text[at : at + 40]
        and "\n" not in text[opened:at]
    )


def _cross_streets(skeleton: Skeleton, text: str, at: int) -> list[Place]:
    """Read 甲路与乙路交叉口至甲路与丙路交叉口: a stretch of 甲路."""
    match = words.CROSS_STREETS.match(text, at)
    if match is None:
        return []
    names = [name_at(skeleton, place) for place in range(at, match.end()) if text[place] == R]
    common = set(names[:2]) & set(names[2:])
    if len(common) != 1:
        return [Place(at, match.end(), tuple(names), unclear="the two junctions share no road")]
    road = common.pop()
    ends = [name for name in names if name != road]
    return [Place(at, match.end(), (road,), stretch=(ends[0], ends[1]))]


def _between(skeleton: Skeleton, text: str, at: int) -> list[Place]:
    """Read 介乎甲街与乙街之间的一段丙路."""
    match = words.BETWEEN.match(text, at)
    if match is None:
        return []
    parts = ("road", "one", "other") if match["road"] else ("of", "from", "to")
    road, first, last = (name_at(skeleton, match.start(part)) for part in parts)
    side = way_of(match["bound"]) if match["bound"] else None
    return [Place(at, match.end(), (road,), None, (first, last), side, lanes=match["lanes"] is not None)]


def _start_end(skeleton: Skeleton, text: str, at: int) -> list[Place]:
    """Read 甲路,起点:乙路,止点:丙路, 甲路(南起乙路,北至丙路), and 甲路:乙路至丙路 in a list."""
    match = words.START_END.match(text, at)
    if match is None and words.LISTED.search(text, max(0, at - 6), at):
        match = words.LISTED_RANGE.match(text, at)
    if match is None:
        return []
    road = name_at(skeleton, at)
    ends = tuple(end_of(skeleton, *match.span(part), road) for part in ("from", "to"))
    return [Place(at, match.end(), (road,), stretch=(ends[0], ends[1]))]


def _ramp(skeleton: Skeleton, text: str, at: int) -> list[Place]:
    """Read 甲高架乙路下匝道: a ramp of 甲高架."""
    if (both := words.RAMP_RANGE.match(text, at)) is not None:
        ends = skeleton.quoted(*both.span("from")), skeleton.quoted(*both.span("to"))
        return [Place(at, both.end(), (name_at(skeleton, at),), stretch=ends)]
    match = words.RAMP.match(text, at) or words.HIGH_ROAD_GATE.match(text, at)
    if match is None:
        return []
    names = [name_at(skeleton, place) for place in range(at, match.end()) if text[place] == R]
    high = [name for name in names if name.endswith(words.HIGH)]
    if not high and "匝道" not in match[0]:
        return []
    if not high:
        # 甲高架(乙路至丙路)、丁路上匝道: of the high road that was named before in the line
        line = text.rfind("\n", 0, at) + 1
        before = [name_at(skeleton, place) for place in range(line, at) if text[place] == R]
        high = [name for name in before if name.endswith(words.HIGH)][-1:]
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
    if way is None and (town := words.IN_OR_OUT.search(match[0])) is not None:
        way = town[0]
    brackets = words.BRACKETS.match(text, match.end())
    if brackets is not None and (cut := words.INSIDE_RANGE.search(brackets["inside"])) is not None:
        begin, end = brackets.span("inside")
        ends = end_of(skeleton, begin, begin + cut.start()), end_of(skeleton, begin + cut.end(), end)
        stretch = ends if all(ends) else None
    elif brackets is not None and words.WAY_ALONE.fullmatch(brackets["inside"]):
        way = way or way_in(skeleton.quoted(*brackets.span("inside")))
    elif brackets is not None:
        unclear = "what the brackets say of the ramp is not clear"
        return [Place(at, brackets.end(), roads, ramp=True, unclear=unclear)]
    end_at = brackets.end() if brackets else match.end()
    return [Place(at, end_at, roads, stretch=stretch, side=way, ramp=True)]


def _junction(skeleton: Skeleton, text: str, at: int) -> list[Place]:
    """Read 甲路与乙路交叉口东侧, and 甲路乙路口."""
    match = words.JUNCTION.match(text, at)
    if match is None or (text[at - 1 : at] in ("、", "与", "和") and text[at - 2 : at - 1] == R):
        return []
    places = [place for place in range(at, match.end()) if text[place] == R]
    pair = (name_at(skeleton, places[0]), name_at(skeleton, places[1]))
    roads: tuple[str, ...] = pair
    end_at = match.end()
    only = words.ON_ONE_ROAD.match(text, end_at)
    if only is not None and name_at(skeleton, only.start(1)) in pair:
        roads = (name_at(skeleton, only.start(1)),)
        end_at = only.end()
    unclear = "how far the works reach is not told" if words.FROM_CORNER.match(text, end_at) else ""
    side = f"{match['leg']}侧" if match["leg"] else None
    return [Place(at, end_at, roads, junction=pair, side=side, unclear=unclear)]


def _stretch(skeleton: Skeleton, text: str, at: int) -> list[Place]:
    """Read 甲路乙路至丙路段 and 甲路的乙路至丙路."""
    match = words.STRETCH.match(text, at)
    if match is None:
        return []
    first = next(end_of(skeleton, *match.span(part)) for part in ("from", "first") if match[part])
    last = next(end_of(skeleton, *match.span(part)) for part in ("to", "mark", "last", "end") if match[part])
    if name_at(skeleton, at).endswith(words.BRIDGE) and words.MOUTH.fullmatch(first):
        # 甲隧道东口至乙路: another road
        return [Place(at, at + 1, (name_at(skeleton, at),), unclear="mention")]
    return [Place(at, match.end(), (name_at(skeleton, at),), stretch=(first, last))]
