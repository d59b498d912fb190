"""OpenStreetMap extracts, ``.osm`` or ``.osm.pbf``, as road networks.

Ways are cut where they meet and where a barrier stands. Turn restrictions over a single node are kept;
those over a way between are not.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from juli.core.errors import InputError, MissingExtraError, Problem
from juli.plant.road_map import AppliesTo, Closure
from juli.roads import osm_tags
from juli.roads.network import PROFILE_UNIT, RoadNetwork, milliseconds
from juli.roads.osm_barriers import behind_gates, leads_through, turns_over

_EARTH_M: Final = 6_371_008.8


@dataclass
class _Extract:
    """What is read of a file: drivable ways with their points, turn restrictions, and barriers."""

    ways: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    refs: list[list[int]] = field(default_factory=list)
    places: list[list[tuple[float, float]]] = field(default_factory=list)
    #: kind, from way, via node, to way
    turns: list[tuple[str, int, int, int]] = field(default_factory=list)
    #: nodes that no truck drives over, and those with a private gate
    barriers: list[int] = field(default_factory=list)
    private_gates: list[int] = field(default_factory=list)


@dataclass(frozen=True, eq=False)
class _Pieces:
    """Ways cut at the junctions; each piece may become a segment in either direction."""

    way: NDArray[np.int64]  # position of the way that it was cut from
    number: NDArray[np.int64]  # which piece of the way
    first: NDArray[np.int64]  # positions of its end points among all points
    last: NDArray[np.int64]
    length_m: NDArray[np.float64]


def read_osm(
    path: Path,
    free_speeds_kmh: Mapping[str, float] = osm_tags.FREE_SPEEDS_KMH,
    hourly_shares: Mapping[str, tuple[float, ...]] = osm_tags.HOURLY_SHARES,
    time_zone: str = "Asia/Shanghai",
) -> RoadNetwork:
    """Read the roads that trucks can use from an OpenStreetMap extract.

    Parameters
    ----------
    path
        The extract.
    free_speeds_kmh
        The speed of an empty road, by class.
    hourly_shares
        What share of it is left in each hour, for ``busy`` and ``quiet`` roads; empty for none.
    time_zone
        Of the hours on signs.

    Raises
    ------
    InputError
        If the file is missing, is no extract, or holds no roads.
    MissingExtraError
        If the library that reads extracts is not installed.
    """
    extract = _read(path)
    if not extract.ways:
        raise InputError(
            [Problem(path.name, "the extract holds no drivable ways", "choose a larger extract")]
        )
    refs = np.concatenate([np.asarray(way, dtype=np.int64) for way in extract.refs])
    places = np.concatenate([np.asarray(way, dtype=float) for way in extract.places])
    sizes = np.array([len(way) for way in extract.refs])
    pieces = _cut(refs, places, sizes, np.isin(refs, extract.barriers + extract.private_gates))
    return _network(
        path.name, extract, refs, places, pieces, free_speeds_kmh, hourly_shares, ZoneInfo(time_zone)
    )


def _read(path: Path) -> _Extract:
    try:
        import osmium
    except ImportError as error:
        raise MissingExtraError("osm", f"reading {path.name}") from error
    extract = _Extract()
    kinds = osmium.osm.NODE | osmium.osm.WAY | osmium.osm.RELATION
    try:
        content = (
            osmium.FileProcessor(str(path), kinds)
            .with_locations()
            .with_filter(osmium.filter.KeyFilter("highway", "type", "barrier"))
        )
        entity: Any
        for entity in content:
            tags = dict(entity.tags)
            if entity.is_way():
                if osm_tags.is_drivable(tags):
                    _add_way(extract, entity, tags)
            elif entity.is_node():
                passage = osm_tags.passage(tags)
                if passage is osm_tags.Passage.PRIVATE:
                    extract.private_gates.append(entity.id)
                elif passage is osm_tags.Passage.BLOCKED:
                    extract.barriers.append(entity.id)
            elif tags.get("type") == "restriction":
                _add_turn(extract, entity, tags)
    except (RuntimeError, OSError) as error:
        mend = "give an OpenStreetMap extract, .osm or .osm.pbf"
        raise InputError([Problem(path.name, f"can't be read as an extract: {error}", mend)]) from error
    return extract


def _add_way(extract: _Extract, way: Any, tags: dict[str, str]) -> None:
    points = [(node.ref, node.lon, node.lat) for node in way.nodes if node.location.valid()]
    if len(points) >= 2:
        extract.ways.append((way.id, tags))
        extract.refs.append([ref for ref, _, _ in points])
        extract.places.append([(lon, lat) for _, lon, lat in points])


def _add_turn(extract: _Extract, relation: Any, tags: dict[str, str]) -> None:
    kind = tags.get("restriction:hgv") or tags.get("restriction") or tags.get("restriction:conditional", "")
    ends = {role: [m.ref for m in relation.members if m.role == role] for role in ("from", "to")}
    vias = [(member.type, member.ref) for member in relation.members if member.role == "via"]
    if kind and len(vias) == 1 and vias[0][0] == "n" and "hgv" not in tags.get("except", ""):
        # No entry names several ways to come from, no exit several to go to.
        extract.turns += [(kind, into, vias[0][1], out) for into in ends["from"] for out in ends["to"]]


def _cut(
    refs: NDArray[np.int64],
    places: NDArray[np.float64],
    sizes: NDArray[np.int64],
    at_barrier: NDArray[np.bool_],
) -> _Pieces:
    """Cut ways at their ends, at barriers, and wherever a node is used twice."""
    begins = np.concatenate(([0], np.cumsum(sizes)[:-1]))
    ends = begins + sizes - 1
    _, inverse, uses = np.unique(refs, return_inverse=True, return_counts=True)
    is_cut = (uses[inverse] > 1) | at_barrier
    is_cut[begins] = is_cut[ends] = True
    cuts = np.flatnonzero(is_cut)
    way = np.repeat(np.arange(len(sizes)), sizes)
    first, last = cuts[:-1], cuts[1:]
    inside = way[first] == way[last]
    first, last = first[inside], last[inside]
    driven_m = np.concatenate(([0.0], np.cumsum(_distance_m(places[:-1], places[1:]))))
    of_way = way[first]
    starts_way = np.concatenate(([True], of_way[1:] != of_way[:-1]))
    run = np.arange(len(first))
    number = run - np.maximum.accumulate(np.where(starts_way, run, 0))
    return _Pieces(of_way, number, first, last, driven_m[last] - driven_m[first])


def _distance_m(points: NDArray[np.float64], others: NDArray[np.float64]) -> NDArray[np.float64]:
    """Great-circle distances between points given as longitude and latitude; shape ``(points,)`` [m]."""
    lon, lat = np.radians(points).T
    other_lon, other_lat = np.radians(others).T
    half = np.sin((other_lat - lat) / 2) ** 2
    half += np.cos(lat) * np.cos(other_lat) * np.sin((other_lon - lon) / 2) ** 2
    distance: NDArray[np.float64] = 2 * _EARTH_M * np.arcsin(np.sqrt(np.minimum(half, 1.0)))
    return distance


def _network(
    name: str,
    extract: _Extract,
    refs: NDArray[np.int64],
    places: NDArray[np.float64],
    pieces: _Pieces,
    free_speeds_kmh: Mapping[str, float],
    hourly_shares: Mapping[str, tuple[float, ...]],
    zone: ZoneInfo,
) -> RoadNetwork:
    tags = [way_tags for _, way_tags in extract.ways]
    driven = np.array([osm_tags.directions(way_tags) for way_tags in tags])
    forward = np.flatnonzero(driven[pieces.way, 0])
    backward = np.flatnonzero(driven[pieces.way, 1])
    piece = np.concatenate((forward, backward))
    is_back = np.repeat([False, True], [len(forward), len(backward)])
    nodes, junction_of = np.unique(refs[np.concatenate((pieces.first, pieces.last))], return_inverse=True)
    starts, stops = junction_of[: len(pieces.way)], junction_of[len(pieces.way) :]
    tail = np.where(is_back, stops[piece], starts[piece])
    head = np.where(is_back, starts[piece], stops[piece])
    order = np.lexsort((head, tail))
    piece, is_back, tail, head = piece[order], is_back[order], tail[order], head[order]
    at = np.zeros(len(nodes), dtype=np.int64)
    at[junction_of] = np.concatenate((pieces.first, pieces.last))

    way = pieces.way[piece]
    # A piece shorter than a decimetre is a slip of the drawing, but still a segment.
    length_m = np.maximum(pieces.length_m[piece], 0.1)
    speed_kmh = np.array([osm_tags.speed_kmh(way_tags, free_speeds_kmh) for way_tags in tags])[way]
    road_names = tuple(dict.fromkeys(way_tags.get("name", "") for way_tags in tags))
    road_row = {road: row for row, road in enumerate(road_names)}
    rows = {profile: row for row, profile in enumerate(hourly_shares)}
    shares = np.array(list(hourly_shares.values()), dtype=float).reshape(-1, 24)
    ids = [
        f"{extract.ways[w][0]}.{n}:{nodes[a]}>{nodes[b]}"
        for w, n, a, b in zip(way, pieces.number[piece].tolist(), tail, head, strict=True)
    ]
    segments_of_way: dict[int, list[int]] = defaultdict(list)
    for segment, position in enumerate(way.tolist()):
        segments_of_way[position].append(segment)
    reverse = _reverse(piece, is_back, len(pieces.way))
    junction_index = {int(n): i for i, n in enumerate(nodes)}
    turns, timed_turns = _turns(extract, segments_of_way, tail, head, reverse, junction_index)
    barred = set(np.flatnonzero(np.isin(nodes, extract.barriers + extract.private_gates)).tolist())
    places_behind = []
    gates = [junction_index[node] for node in extract.private_gates if node in junction_index]
    if gates:
        places_behind = list(behind_gates(gates, tail, head, len(nodes)))
        barred -= {gate for gates_of, _ in places_behind for gate in gates_of}
    turns |= turns_over(np.isin(np.arange(len(nodes)), list(barred)), tail, head, reverse)
    standing = [
        *_private(name, places_behind, nodes, ids, (tail, head, reverse), zone),
        *_standing(name, tags, segments_of_way, ids, (nodes[tail], nodes[head]), zone),
        *_timed(name, timed_turns, ids, zone),
    ]
    return RoadNetwork(
        name=name,
        junction_ids=tuple(str(node) for node in nodes.tolist()),
        lon=places[at, 0],
        lat=places[at, 1],
        tail=tail.astype(np.int32),
        head=head.astype(np.int32),
        length_m=length_m,
        drive_ms=milliseconds(length_m / speed_kmh * 3.6),
        reverse=reverse,
        road=np.array([road_row[way_tags.get("name", "")] for way_tags in tags], dtype=np.int32)[way],
        road_names=road_names,
        profile=np.array([rows.get(osm_tags.profile_name(t), -1) for t in tags], dtype=np.int32)[way],
        profiles=np.rint(shares * PROFILE_UNIT).astype(np.int64),
        max_weight_t=_limits(tags, "maxweight:hgv", "maxweight")[way],
        max_height_m=_limits(tags, "maxheight", "maxheight:physical")[way],
        max_width_m=_limits(tags, "maxwidth", "maxwidth:physical")[way],
        banned_turns=np.array(sorted(turns), dtype=np.int32).reshape(-1, 2),
        segment_ids=tuple(ids),
        shapes=_shapes(places, pieces, piece, is_back),
        standing_closures=tuple(standing),
        road_aliases=osm_tags.aliases(tags),
    )


def _limits(tags: list[dict[str, str]], *keys: str) -> NDArray[np.float64]:
    return np.array([osm_tags.limit(way_tags, *keys) for way_tags in tags])


def _reverse(piece: NDArray[np.int64], is_back: NDArray[np.bool_], pieces: int) -> NDArray[np.int32]:
    """Pair the segments that were cut from one piece; −1 where it is one-way."""
    segment_of = np.full((pieces, 2), -1, dtype=np.int32)
    segment_of[piece, is_back.astype(int)] = np.arange(len(piece))
    reverse: NDArray[np.int32] = segment_of[piece, 1 - is_back.astype(int)]
    return reverse


def _shapes(
    places: NDArray[np.float64], pieces: _Pieces, piece: NDArray[np.int64], is_back: NDArray[np.bool_]
) -> dict[int, tuple[tuple[float, float], ...]]:
    """The points of every segment that has more than its two ends."""
    points = list(map(tuple, places.tolist()))
    shapes = {}
    for segment in np.flatnonzero(pieces.last[piece] - pieces.first[piece] > 1).tolist():
        shape = tuple(points[pieces.first[piece[segment]] : pieces.last[piece[segment]] + 1])
        shapes[segment] = shape[::-1] if is_back[segment] else shape
    return shapes


def _turns(
    extract: _Extract,
    segments_of_way: Mapping[int, list[int]],
    tail: NDArray[np.int64],
    head: NDArray[np.int64],
    reverse: NDArray[np.int32],
    junction_of: Mapping[int, int],
) -> tuple[set[tuple[int, int]], dict[str, set[tuple[int, int]]]]:
    """Turns that are never allowed, and those that a condition bans by the hour."""
    position = {way_id: i for i, (way_id, _) in enumerate(extract.ways)}
    leaving: dict[int, list[int]] = defaultdict(list)
    for segment, junction in enumerate(tail.tolist()):
        leaving[junction].append(segment)
    banned: set[tuple[int, int]] = set()
    timed: dict[str, set[tuple[int, int]]] = defaultdict(set)
    for kind, from_way, via, to_way in extract.turns:
        if via not in junction_of or from_way not in position or to_way not in position:
            continue
        junction = junction_of[via]
        into = [s for s in segments_of_way[position[from_way]] if head[s] == junction]
        out = [s for s in segments_of_way[position[to_way]] if tail[s] == junction]
        if kind.startswith("only_"):
            out = [s for s in leaving[junction] if s not in out]
        pairs = {(a, b) for a in into for b in out}
        if kind.startswith("no_u_turn") and from_way == to_way:
            # The way may run on behind the junction; only turning back is meant.
            pairs = {(a, b) for a, b in pairs if reverse[a] == b}
        if "@" in kind:
            timed[kind] |= pairs
        else:
            banned |= pairs
    return banned, timed


def _private(
    source: str,
    places_behind: list[tuple[set[int], set[int]]],
    nodes: NDArray[np.int64],
    ids: list[str],
    segments: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int32]],
    zone: ZoneInfo,
) -> list[Closure]:
    """Private gates, through which only those drive who begin or end behind them."""
    closures = []
    for gates, inside in places_behind:
        turns = turns_over(np.isin(np.arange(len(nodes)), list(gates)), *segments)
        if turns and leads_through(gates, inside, *segments[:2]):
            closures.append(
                _sign(
                    f"{source}: private gate, {nodes[min(gates)]}",
                    source,
                    zone,
                    applies_to=AppliesTo.THROUGH,
                    movements=frozenset((ids[a], ids[b]) for a, b in turns),
                    zone_junctions=frozenset(str(nodes[junction]) for junction in inside | gates),
                )
            )
    return closures


def _standing(
    source: str,
    tags: list[dict[str, str]],
    segments_of_way: Mapping[int, list[int]],
    ids: list[str],
    ends: tuple[NDArray[np.int64], NDArray[np.int64]],
    zone: ZoneInfo,
) -> list[Closure]:
    """What signs ban for good: trucks, by the hour or always, and traffic that only passes."""
    banned: dict[osm_tags.Daily | None, set[str]] = defaultdict(set)
    closures = []
    for position, way_tags in enumerate(tags):
        access = osm_tags.truck_access(way_tags)
        own = segments_of_way[position]
        for hours in access.banned:
            banned[hours] |= {ids[segment] for segment in own}
        if access.local and own:
            inside = {str(node[segment]) for segment in own for node in ends}
            closures.append(
                _sign(
                    f"{source}: residents only, {ids[own[0]]}",
                    source,
                    zone,
                    applies_to=AppliesTo.THROUGH,
                    segments=frozenset(ids[segment] for segment in own),
                    zone_junctions=frozenset(inside),
                )
            )
    for hours, segments in banned.items():
        name = f"{source}: no trucks{f' {hours[0]:%H:%M}-{hours[1]:%H:%M}' if hours else ''}"
        closures.append(
            _sign(name, source, zone, applies_to=AppliesTo.TRUCKS, segments=frozenset(segments), daily=hours)
        )
    return closures


def _timed(
    source: str, timed_turns: Mapping[str, set[tuple[int, int]]], ids: list[str], zone: ZoneInfo
) -> list[Closure]:
    """Turns that are banned at some hours of the day."""
    return [
        _sign(
            f"{source}: {kind} {hours[0]:%H:%M}",
            source,
            zone,
            movements=frozenset((ids[a], ids[b]) for a, b in turns),
            daily=hours,
        )
        for kind, turns in timed_turns.items()
        for hours in osm_tags.conditional_hours(kind, "(?:no|only)_")
    ]


def _sign(name: str, source: str, zone: ZoneInfo, **facts: Any) -> Closure:
    return Closure(
        name, source, datetime(1970, 1, 1, tzinfo=zone), datetime(9999, 1, 1, tzinfo=zone), **facts
    )
