"""A road map looked at by the names of its roads: where they run, and where they meet."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable
from difflib import get_close_matches
from heapq import heappop, heappush
from itertools import combinations
from math import atan2, cos, degrees, radians
from typing import Final

from juli.core.errors import InputError
from juli.plant.road_map import RoadMap, Segment
from juli.plant.road_map_file import line_length_km

#: Two roads that meet at several junctions meet in one place when these lie this close together: the
#: corners where dual carriageways cross [km].
_ONE_PLACE_KM: Final = 0.15
#: A position farther from every junction is not meant to be on the map [km].
_OFF_THE_MAP_KM: Final = 5.0
#: Between two crossing roads, and behind them.
_SEPARATOR: Final = re.compile(r"\s*[×xX*/&@与和、]\s*")
_CROSSING_WORD: Final = re.compile("的?(?:交叉路?口|十字路?口|交[汇会界](?:处|口)?|路口)$")
_POSITION: Final = re.compile(r"(-?\d+(?:\.\d+)?)\s*[,,\s]\s*(-?\d+(?:\.\d+)?)")


def normal_name(name: str) -> str:
    """Write a road's name in one way: full-width letters made plain, spaces and brackets left out.

    Examples
    --------
    >>> normal_name("长 扬 路(东段)"), normal_name("G312")
    ('长扬路东段', 'G312')
    """
    plain = unicodedata.normalize("NFKC", name)
    return "".join(letter for letter in plain if letter not in "()【】[]《》“”\"'" and not letter.isspace())


class RoadIndex:
    """A map's segments by road name and by junction.

    Parameters
    ----------
    road_map
        The map; its aliases are other names of its roads.
    """

    def __init__(self, road_map: RoadMap):
        self.road_map = road_map
        self.segments: dict[str, Segment] = {segment.id: segment for segment in road_map.segments}
        self.leaving: dict[str, list[Segment]] = defaultdict(list)
        self.arriving: dict[str, list[Segment]] = defaultdict(list)
        self._of_road: dict[str, list[Segment]] = defaultdict(list)
        for segment in road_map.segments:
            self.leaving[segment.from_junction].append(segment)
            self.arriving[segment.to_junction].append(segment)
            if segment.road:
                self._of_road[segment.road].append(segment)
        self._known = {normal_name(road): road for road in self._of_road}
        for alias, road in road_map.road_aliases.items():
            self._known.setdefault(normal_name(alias), road)

    def road(self, name: str) -> str | None:
        """The map's own name of a road; None where the map does not have it under this name or an alias."""
        return self._known.get(normal_name(name))

    def near_names(self, name: str) -> tuple[str, ...]:
        """The map's roads whose names look most like a name, to be offered and never taken: three at most."""
        known = dict.fromkeys(self._of_road)
        alike = get_close_matches(normal_name(name), known, n=3, cutoff=0.5)
        return tuple(alike)

    def offer(self, name: str) -> str:
        """What to add to a message on a name that is not on the map; empty where nothing looks like it."""
        near = self.near_names(name)
        return f" (like it: {'、'.join(near)})" if near else ""

    def segments_of(self, road: str) -> list[Segment]:
        """The segments of a road, by the map's own name."""
        return self._of_road[road]

    def junctions_of(self, road: str) -> set[str]:
        """The junctions that a road touches."""
        return {
            end for segment in self._of_road[road] for end in (segment.from_junction, segment.to_junction)
        }

    def junctions_of_any(self, roads: Collection[str]) -> set[str]:
        """The junctions that any of some roads touches."""
        return {junction for road in roads for junction in self.junctions_of(road)}

    def next_on_road(self, road: str, junctions: Collection[str]) -> set[str]:
        """The neighbours of some junctions along a road, in either direction, that are not among them."""
        ends = [(segment.from_junction, segment.to_junction) for segment in self._of_road[road]]
        return {b for pair in ends for a, b in (pair, pair[::-1]) if a in junctions and b not in junctions}

    def meeting(self, road: str, other: str) -> frozenset[str]:
        """The junctions that two roads share."""
        return frozenset(self.junctions_of(road) & self.junctions_of(other))

    def is_one_place(self, junctions: Collection[str]) -> bool:
        """Whether junctions lie so close together that people call them one."""
        places = [self.road_map.junctions[junction] for junction in junctions]
        return all(line_length_km(pair) <= _ONE_PLACE_KM for pair in combinations(places, 2))

    def place(self, text: str) -> str:
        """Find a junction by its id, by two crossing roads, or by ``longitude,latitude``.

        The roads may be joined as dispatchers write them: 甲路×乙路, 甲路与乙路交叉口, 甲路乙路口.

        Raises
        ------
        InputError
            If the map has no such place.
        """
        text = text.strip()
        if text in self.road_map.junctions:
            return text
        if (position := _POSITION.fullmatch(text)) and self.road_map.junctions:
            return self._nearest(float(position[1]), float(position[2]))
        crossings = self._crossings(text)
        if len(crossings) == 1:
            one, other = crossings.pop()
            meeting = self.meeting(one, other)
            if meeting and self.is_one_place(meeting):
                return min(meeting)
            where = f"meet in {len(meeting)} places of" if meeting else "do not meet on"
            raise InputError(f"{one} and {other} {where} {self.road_map.name}")
        if (road := self.road(text)) is not None:
            across = {
                segment.road for junction in self.junctions_of(road) for segment in self.leaving[junction]
            }
            offered = "、".join(f"{road}×{other}" for other in sorted(across - {road, ""})[:3])
            example = f", such as {offered}" if offered else ""
            raise InputError(f"{text} is a whole road: give the crossing with another one{example}")
        words = [part for part in _SEPARATOR.split(text) if part and self.road(part) is None]
        junctions = get_close_matches(text, self.road_map.junctions, n=3, cutoff=0.6)
        near = dict.fromkeys([*junctions, *(road for word in words for road in self.near_names(word))])
        like = f"; like it are {'、'.join(near)}" if near else ""
        raise InputError(
            f"{self.road_map.name} has no place {text}{like}: "
            "give a junction, roads as A×B, or longitude,latitude"
        )

    def _crossings(self, text: str) -> set[tuple[str, str]]:
        """Every way to cut a text into two roads of the map."""
        found = set()
        for whole in dict.fromkeys((text, _CROSSING_WORD.sub("", text), text.removesuffix("口"))):
            for at in range(1, len(whole)):
                one = self.road(whole[:at])
                joint = _SEPARATOR.match(whole, at)
                for behind in {at, joint.end() if joint else at} if one is not None else ():
                    other = self.road(whole[behind:])
                    if one is not None and other is not None and other != one:
                        found.add((one, other))
        return found

    def _nearest(self, lon: float, lat: float) -> str:
        """The junction next to a position that lies on the map."""
        if abs(lat) > 90 or abs(lon) > 180:
            raise InputError(
                f"{lon:g},{lat:g} is no position on earth: write longitude,latitude, in this order"
            )
        away_km = {
            junction: line_length_km(((lon, lat), place))
            for junction, place in self.road_map.junctions.items()
        }
        nearest = min(away_km, key=away_km.__getitem__)
        if away_km[nearest] > _OFF_THE_MAP_KM:
            raise InputError(
                f"{lon:g},{lat:g} is {away_km[nearest]:.0f} km from the nearest junction of "
                f"{self.road_map.name}: give a position on the map, longitude first"
            )
        return nearest

    def along(
        self,
        roads: Collection[str],
        starts: Iterable[str],
        ends: Collection[str],
        avoid: Collection[str] = (),
    ) -> list[Segment] | None:
        """The shortest drive from one of some junctions to one of others that stays on some roads.

        Turns, vehicles and hours are not looked at: this is where a stretch runs, not a route.
        """
        heap = [(0.0, start) for start in sorted(starts)]
        came_by: dict[str, Segment | None] = {start: None for _, start in heap}
        best_km = {start: 0.0 for _, start in heap}
        while heap:
            km, junction = heappop(heap)
            if km > best_km[junction]:
                continue
            if junction in ends:
                path: list[Segment] = []
                segment = came_by[junction]
                while segment is not None:
                    path.append(segment)
                    segment = came_by[segment.from_junction]
                return path[::-1]
            for segment in self.leaving[junction]:
                further_km = km + segment.length_km
                ahead = segment.to_junction
                if (
                    segment.road in roads
                    and ahead not in avoid
                    and further_km < best_km.get(ahead, float("inf"))
                ):
                    best_km[ahead] = further_km
                    came_by[ahead] = segment
                    heappush(heap, (further_km, ahead))
        return None

    def cut_off(self, without_junctions: Collection[str], without_segments: Collection[str]) -> set[str]:
        """The junctions that lose their connection to most of the map when some of it is taken out."""
        part_of: dict[str, int] = {}
        sizes: list[int] = []
        for root in self.road_map.junctions:
            if root in part_of or root in without_junctions:
                continue
            part_of[root] = number = len(sizes)
            part = [root]
            for junction in part:
                for ahead in self._neighbours(junction, without_segments):
                    if ahead not in part_of and ahead not in without_junctions:
                        part_of[ahead] = number
                        part.append(ahead)
            sizes.append(len(part))
        if not sizes:
            return set()
        main = sizes.index(max(sizes))
        beside = {
            ahead
            for junction in (*without_junctions, *self._ends(without_segments))
            for ahead in self._neighbours(junction, ())
        }
        lost = {part_of[junction] for junction in beside if part_of.get(junction, main) != main}
        return {junction for junction, number in part_of.items() if number in lost}

    def _ends(self, segments: Collection[str]) -> set[str]:
        found = (self.segments[segment] for segment in segments)
        return {end for segment in found for end in (segment.from_junction, segment.to_junction)}

    def _neighbours(self, junction: str, without: Collection[str]) -> list[str]:
        ahead = [segment.to_junction for segment in self.leaving[junction] if segment.id not in without]
        return ahead + [s.from_junction for s in self.arriving[junction] if s.id not in without]

    def heading_degrees(self, start: str, end: str) -> float:
        """The compass direction from one junction to another; 0 is north, 90 east."""
        return heading_degrees(self.road_map.junctions[start], self.road_map.junctions[end])


def heading_degrees(start: tuple[float, float], end: tuple[float, float]) -> float:
    """The compass direction from one place to another, as longitude and latitude; 0 is north, 90 east."""
    east = (end[0] - start[0]) * cos(radians(start[1]))
    return degrees(atan2(east, end[1] - start[1])) % 360
