"""Schematic road maps as GeoJSON: read with every problem in them, and written.

A map is a FeatureCollection with the members ``name``, ``schematic`` and, where they are needed, ``datum``
(``WGS-84`` or ``GCJ-02``), ``speed_profiles``, ``banned_movements``, ``time_zone`` (of the signs' hours,
``Asia/Shanghai`` unless it is given) and ``road_aliases`` (``{"腾龙大道": "腾龙路"}``: what notices call a
road, and what the map does). A ``Point`` feature with ``{"junction": id}`` is a junction; a ``LineString``
feature with ``{"road", "from", "to", "speed_kmh"}`` is a road between two junctions, one segment in each
direction unless ``"oneway": true``.
"""

import json
from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from itertools import pairwise
from math import asin, cos, radians, sin, sqrt
from pathlib import Path
from typing import Any, Final, cast
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from juli.core.errors import InputError, Problem
from juli.plant.calendar import Hours
from juli.plant.datum import wgs84_from_gcj02
from juli.plant.road_map import AppliesTo, Closure, RoadMap, Segment

_EARTH_KM: Final = 6371.0088
#: A line whose end lies further than this from its junction belongs to another junction [km].
_END_TOLERANCE_KM: Final = 0.1

#: Where a file may say which map it was taken from, and maps whose coordinates are not WGS-84.
_ORIGIN_KEYS: Final = ("attribution", "copyright", "generator", "source")
_SHIFTING_MAPS: Final = ("amap", "autonavi", "gaode", "高德", "tencent", "腾讯", "baidu", "百度", "gcj")

Position = tuple[float, float]


class _RoadProperties(BaseModel):
    """What a LineString feature says about its road."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    id: str | None = Field(None, min_length=1)
    road: str = ""
    from_: str = Field(alias="from")
    to: str
    speed_kmh: float = Field(gt=0)
    oneway: bool = False
    length_km: float | None = Field(None, gt=0)
    max_weight_t: float | None = Field(None, gt=0)
    max_height_m: float | None = Field(None, gt=0)
    max_width_m: float | None = Field(None, gt=0)
    speed_profile: str = ""
    trucks_banned: Hours | bool = False


def line_length_km(line: tuple[Position, ...]) -> float:
    """Great-circle length of a line of longitudes and latitudes [km].

    Examples
    --------
    >>> round(line_length_km(((119.0, 31.0), (119.0, 32.0))), 1)
    111.2
    """
    total_km = 0.0
    for (lon, lat), (next_lon, next_lat) in pairwise(line):
        half = sin(radians(next_lat - lat) / 2) ** 2
        half += cos(radians(lat)) * cos(radians(next_lat)) * sin(radians(next_lon - lon) / 2) ** 2
        total_km += 2 * _EARTH_KM * asin(min(1.0, sqrt(half)))
    return total_km


def read_road_map(path: Path) -> RoadMap:
    """Read a road map from GeoJSON.

    Raises
    ------
    InputError
        With every problem in the file: its place is the file and the feature's position, from 0.
    """
    return _Reader(path).road_map()


class _Reader:
    """One reading of one file: collects problems, so that all are told at once."""

    def __init__(self, path: Path):
        self.file = path.name
        self.path = path
        self.problems: list[Problem] = []
        self.shifted = False
        self.zone = ZoneInfo("Asia/Shanghai")

    def tell(self, place: str, message: str, mend: str) -> None:
        self.problems.append(Problem(f"{self.file}{place}", message, mend))

    def road_map(self) -> RoadMap:
        content = self._content()
        self.shifted = self._is_shifted(content)
        try:
            self.zone = ZoneInfo(str(content.get("time_zone", self.zone.key)))
        except (KeyError, ValueError):
            self.tell("", f"there is no time zone {content['time_zone']}", "name it like Asia/Shanghai")
        profiles = self._profiles(content.get("speed_profiles", {}))
        junctions: dict[str, Position] = {}
        roads: list[tuple[str, _RoadProperties, tuple[Position, ...]]] = []
        for index, feature in enumerate(content["features"]):
            self._feature(f"[feature {index}]", feature, junctions, roads)
        segments: list[Segment] = []
        standing: list[Closure] = []
        for place, road, line in roads:
            self._road(place, road, line, junctions, profiles, segments, standing)
        for segment_id, count in Counter(segment.id for segment in segments).items():
            if count > 1:
                self.tell(
                    "", f"{count} segments are called {segment_id}", 'give each of these lines its own "id"'
                )
        aliases = self._aliases(content.get("road_aliases", {}), {segment.road for segment in segments})
        movements = self._movements(content.get("banned_movements", []), segments)
        if not segments and not self.problems:
            self.tell(
                "", "the map has no roads", 'add LineString features with "road", "from", "to", "speed_kmh"'
            )
        if self.problems:
            raise InputError(self.problems)
        return RoadMap(
            name=str(content.get("name", self.path.stem)),
            junctions=junctions,
            segments=tuple(segments),
            banned_movements=movements,
            schematic=bool(content.get("schematic", False)),
            speed_profiles=profiles,
            standing_closures=tuple(standing),
            road_aliases=aliases,
        )

    def _content(self) -> dict[str, Any]:
        mend = 'write a GeoJSON FeatureCollection: {"type": "FeatureCollection", "features": […]}'
        try:
            content = json.loads(self.path.read_text(encoding="utf-8-sig"))
        except FileNotFoundError:
            raise InputError([Problem(self.file, "there is no such file", "name the map's file")]) from None
        except UnicodeDecodeError as error:
            raise InputError(
                [Problem(self.file, f"byte {error.start} is not UTF-8", "save the file as UTF-8")]
            ) from error
        except json.JSONDecodeError as error:
            raise InputError(
                [Problem(f"{self.file}:{error.lineno}", f"not JSON: {error.msg}", mend)]
            ) from error
        if not isinstance(content, dict) or content.get("type") != "FeatureCollection":
            raise InputError([Problem(self.file, "not a GeoJSON FeatureCollection", mend)])
        if not isinstance(content.get("features"), list):
            raise InputError([Problem(self.file, 'the FeatureCollection has no list "features"', mend)])
        return cast(dict[str, Any], content)

    def _is_shifted(self, content: Mapping[str, Any]) -> bool:
        """Whether the coordinates are GCJ-02; a datum that can't be converted is a problem."""
        crs = content.get("crs")
        named = crs.get("properties", {}).get("name", "") if isinstance(crs, dict) else (crs or "")
        origin = " ".join(str(content.get(key, "")) for key in _ORIGIN_KEYS).lower()
        if not content.get("datum") and not named and any(word in origin for word in _SHIFTING_MAPS):
            self.tell(
                "",
                "comes from a Chinese web map, whose coordinates are shifted, and states no datum",
                'state "datum": "GCJ-02", or "WGS-84" where they have been converted',
            )
        datum = str(content.get("datum") or named or "WGS-84").upper().replace("-", "").replace("_", "")
        if "GCJ02" in datum:
            return True
        if not any(known in datum for known in ("WGS84", "CRS84", "4326", "4490")):
            self.tell(
                "",
                f"coordinates in {content.get('datum') or named} can't be converted",
                'give WGS-84 coordinates, or GCJ-02 ones declared by "datum": "GCJ-02"',
            )
        return False

    def _profiles(self, given: object) -> dict[str, tuple[float, ...]]:
        profiles: dict[str, tuple[float, ...]] = {}
        for name, factors in given.items() if isinstance(given, dict) else ():
            numbers = factors if isinstance(factors, list) else []
            if len(numbers) != 24 or not all(isinstance(f, int | float) and 0.01 <= f <= 1 for f in numbers):
                self.tell(
                    "",
                    f"speed profile {name} is not 24 shares between 0.01 and 1",
                    "give the share of its speed that a road keeps in each hour from 0 to 23",
                )
            profiles[str(name)] = tuple(float(f) for f in numbers if isinstance(f, int | float))
        return profiles

    def _aliases(self, given: object, roads: set[str]) -> dict[str, str]:
        aliases: dict[str, str] = {}
        for alias, road in given.items() if isinstance(given, dict) else ():
            if road not in roads:
                self.tell(
                    "", f"{alias} is said to be {road}, which is no road here", "name a road of the map"
                )
            aliases[str(alias)] = str(road)
        return aliases

    def _position(self, place: str, value: object) -> Position | None:
        """Read a point as WGS-84."""
        if isinstance(value, list) and len(value) >= 2 and all(isinstance(x, int | float) for x in value[:2]):
            lon, lat = float(value[0]), float(value[1])
            if -180 <= lon <= 180 and -90 <= lat <= 90:
                return wgs84_from_gcj02(lon, lat) if self.shifted else (lon, lat)
        self.tell(
            place, f"{value!r} is no position", "write [longitude, latitude] in degrees, longitude first"
        )
        return None

    def _feature(
        self,
        place: str,
        feature: object,
        junctions: dict[str, Position],
        roads: list[tuple[str, _RoadProperties, tuple[Position, ...]]],
    ) -> None:
        geometry = feature.get("geometry") if isinstance(feature, dict) else None
        properties = feature.get("properties") if isinstance(feature, dict) else None
        kind = geometry.get("type") if isinstance(geometry, dict) else None
        if kind not in ("Point", "LineString") or not isinstance(properties, dict):
            self.tell(
                place, f"a feature of type {kind}", "give Point features (junctions) and LineStrings (roads)"
            )
            return
        coordinates = cast(dict[str, Any], geometry).get("coordinates")
        if kind == "Point":
            position = self._position(place, coordinates)
            junction = properties.get("junction")
            if not isinstance(junction, str) or not junction:
                self.tell(place, "a point without a junction", 'name it: {"junction": "J1"}')
            elif junction in junctions:
                self.tell(place, f"junction {junction} stands twice", "give each junction its own name")
            elif position:
                junctions[junction] = position
            return
        line = (
            [self._position(place, point) for point in coordinates] if isinstance(coordinates, list) else []
        )
        if len(line) < 2:
            self.tell(place, f"a line of {len(line)} points", "draw it from its first junction to its last")
        try:
            road = _RoadProperties.model_validate(properties)
        except ValidationError as error:
            for fault in error.errors():
                key = ".".join(map(str, fault["loc"]))
                self.tell(
                    place, f"{key}: {fault['msg']}, not {fault['input']!r}", "mend the road's properties"
                )
            return
        if len(line) >= 2 and all(line):
            roads.append((place, road, tuple(point for point in line if point)))

    def _road(
        self,
        place: str,
        road: _RoadProperties,
        line: tuple[Position, ...],
        junctions: Mapping[str, Position],
        profiles: Mapping[str, tuple[float, ...]],
        segments: list[Segment],
        standing: list[Closure],
    ) -> None:
        """Turn a line into its segments, and its signs into standing closures."""
        for junction, end in ((road.from_, line[0]), (road.to, line[-1])):
            if junction not in junctions:
                self.tell(
                    place, f"{road.road} ends at junction {junction}, which has no point", "add the point"
                )
            elif (gap_km := line_length_km((junctions[junction], end))) > _END_TOLERANCE_KM:
                self.tell(
                    place,
                    f"{road.road} ends {gap_km:.2f} km from its junction {junction}",
                    "draw the line to the junction, or name the right one",
                )
        if road.speed_profile and road.speed_profile not in profiles:
            self.tell(place, f"there is no speed profile {road.speed_profile}", 'add it to "speed_profiles"')
        length_km = road.length_km or line_length_km(line)
        if length_km <= 0:
            self.tell(place, f"{road.road} has no length", 'draw it longer or give "length_km"')
            return
        ways = [(road.from_, road.to, line)]
        if not road.oneway:
            ways.append((road.to, road.from_, line[::-1]))
        ids = [f"{road.id or road.road}:{begin}>{end}" for begin, end, _ in ways]
        segments.extend(
            Segment(
                id=segment_id,
                road=road.road,
                from_junction=begin,
                to_junction=end,
                length_km=length_km,
                speed_kmh=road.speed_kmh,
                shape=shape,
                max_weight_t=road.max_weight_t,
                max_height_m=road.max_height_m,
                max_width_m=road.max_width_m,
                speed_profile=road.speed_profile,
            )
            for segment_id, (begin, end, shape) in zip(ids, ways, strict=True)
        )
        if road.trucks_banned:
            hours = road.trucks_banned
            standing.append(
                Closure(
                    id=f"{ids[0]} sign",
                    source=self.file,
                    start=datetime(1970, 1, 1, tzinfo=self.zone),
                    end=datetime(9999, 1, 1, tzinfo=self.zone),
                    applies_to=AppliesTo.TRUCKS,
                    segments=frozenset(ids),
                    daily=(hours.from_, hours.to) if isinstance(hours, Hours) else None,
                )
            )

    def _movements(self, given: object, segments: list[Segment]) -> frozenset[tuple[str, str]]:
        """Read the turns that are never allowed, as pairs of segment ids."""
        meets = {segment.id: (segment.from_junction, segment.to_junction) for segment in segments}
        movements: set[tuple[str, str]] = set()
        for index, pair in enumerate(given if isinstance(given, list) else []):
            known = isinstance(pair, list) and len(pair) == 2 and all(name in meets for name in pair)
            if not known or meets[pair[0]][1] != meets[pair[1]][0]:
                self.tell(
                    f"[banned_movements {index}]",
                    f"{pair!r} is no turn of this map",
                    "name two segments, the second beginning where the first ends",
                )
            else:
                movements.add((pair[0], pair[1]))
        return frozenset(movements)


def write_road_map(road_map: RoadMap, path: Path) -> None:
    """Write a road map as GeoJSON, each segment one-way.

    It reads back as the same map where segment ids have the form ``…:from>to`` and its only standing
    closures are bans of trucks.
    """
    point = {"type": "Point"}
    features: list[dict[str, Any]] = [
        {
            "type": "Feature",
            "geometry": point | {"coordinates": list(at)},
            "properties": {"junction": junction},
        }
        for junction, at in road_map.junctions.items()
    ]
    bans = {
        segment: ban
        for ban in road_map.standing_closures
        if ban.applies_to is AppliesTo.TRUCKS
        for segment in ban.segments
    }
    for segment in road_map.segments:
        ends = (road_map.junctions[segment.from_junction], road_map.junctions[segment.to_junction])
        suffix = f":{segment.from_junction}>{segment.to_junction}"
        properties: dict[str, Any] = {
            "road": segment.road,
            "from": segment.from_junction,
            "to": segment.to_junction,
            "speed_kmh": segment.speed_kmh,
            "oneway": True,
            "length_km": segment.length_km,
        }
        if segment.id != segment.road + suffix:
            properties["id"] = segment.id.removesuffix(suffix)
        for key in ("max_weight_t", "max_height_m", "max_width_m", "speed_profile"):
            if getattr(segment, key):
                properties[key] = getattr(segment, key)
        if ban := bans.get(segment.id):
            hours = [clock.isoformat() for clock in ban.daily or ()]
            properties["trucks_banned"] = dict(zip(("from", "to"), hours, strict=True)) if hours else True
        line = [list(at) for at in segment.shape or ends]
        geometry = {"type": "LineString", "coordinates": line}
        features.append({"type": "Feature", "geometry": geometry, "properties": properties})
    content = {
        "type": "FeatureCollection",
        "name": road_map.name,
        "schematic": road_map.schematic,
        "speed_profiles": {name: list(factors) for name, factors in road_map.speed_profiles.items()},
        "road_aliases": dict(road_map.road_aliases),
        "banned_movements": sorted(map(list, road_map.banned_movements)),
        "features": features,
    }
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")
