"""The movement graph: routes, travel times and matrices, with dated closures put in and taken out at will."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Final, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from juli.core.errors import InputError
from juli.plant.road_map import Closure, RoadMap
from juli.roads import search, sweep
from juli.roads.closure_table import ClosureTable, offset_ms
from juli.roads.landmarks import landmark_times
from juli.roads.network import PROFILE_UNIT, RoadNetwork, network_of

_METRES_PER_DEGREE: Final = 111_195.0
#: The most buckets that the searches' queue has, and the longest horizon that its times can hold [h].
_MOST_BUCKETS: Final = 1 << 14
_LONGEST_HOURS: Final = 100.0
#: Matrices between ends that lie over more than this share of the junctions are swept.
_SPREAD_SHARE: Final = 0.25


class VehicleSize(Protocol):
    """What limits of weight, height and width are held against; a plant's trucks are such vehicles."""

    @property
    def gross_weight_t(self) -> float:
        """Weight with its load [t]."""

    @property
    def height_m(self) -> float:
        """Height [m]."""

    @property
    def width_m(self) -> float:
        """Width [m]."""


class Size(NamedTuple):
    """A vehicle's weight and measures; the smallest vehicle passes every limit."""

    gross_weight_t: float = 0.0
    height_m: float = 0.0
    width_m: float = 0.0


SMALL: Final = Size()


@dataclass(frozen=True)
class Route:
    """A way from one junction to another.

    Parameters
    ----------
    from_junction, to_junction
        Its ends.
    depart
        When it begins.
    segments
        The segments in driving order; empty when both ends are one junction.
    enter_seconds
        When each segment is entered, after the departure [s].
    km, seconds
        Its length and how long it takes.
    """

    from_junction: str
    to_junction: str
    depart: datetime
    segments: tuple[str, ...]
    enter_seconds: tuple[float, ...]
    km: float
    seconds: float

    @property
    def arrive(self) -> datetime:
        """When it ends."""
        return self.depart + timedelta(seconds=self.seconds)


class MovementGraph:
    """A road network whose arcs are the turns at its junctions.

    A closure is judged at the moment that a turn is made or a segment entered. Nobody waits at a closed
    junction for it to open: who comes too early drives another way. U-turns are made at dead ends only.
    Searches share memory, so a graph serves one thread.

    Parameters
    ----------
    roads
        A described map, or its arrays.
    closures
        Bans to begin with, beside the signs that the map itself knows.
    horizon_hours
        A destination that takes longer counts as out of reach [h]; at most 100.
    landmarks
        How many landmarks help point-to-point searches: worth their seconds on maps of 100,000 segments and
        more that many routes are asked of. They stay right whatever is closed.

    Examples
    --------
    >>> from juli.plant.road_map import Segment
    >>> east = Segment("a:1>2", "a", "1", "2", length_km=1.0, speed_kmh=60.0)
    >>> graph = MovementGraph(RoadMap("two", {"1": (119.0, 31.0), "2": (119.01, 31.0)}, (east,)))
    >>> route = graph.route("1", "2", datetime.fromisoformat("2023-12-20T08:00+08:00"))
    >>> route.segments, route.km, route.seconds
    (('a:1>2',), 1.0, 60.0)
    """

    def __init__(
        self,
        roads: RoadMap | RoadNetwork,
        closures: Iterable[Closure] = (),
        horizon_hours: float = 48.0,
        landmarks: int = 0,
    ):
        self.network = network = roads if isinstance(roads, RoadNetwork) else network_of(roads)
        self._horizon_ms = round(min(horizon_hours, _LONGEST_HOURS) * 3_600_000)
        out_degree = np.diff(network.first_out)
        first_turn = np.concatenate(([0], np.cumsum(out_degree[network.head], dtype=np.int64)))
        scale = np.cos(np.radians(network.lat.mean() if len(network.lat) else 0.0))
        shift, buckets = _bucket_sizes(network)
        drive_ms = np.minimum(network.drive_ms, search.NEVER_MS)
        columns = (network.head, drive_ms, network.profile, first_turn[:-1], network.reverse)
        self._roads = search.Roads(
            first_out=network.first_out,
            segments=np.ascontiguousarray(np.stack(columns, axis=1), dtype=np.int32),
            length_m=network.length_m,
            profiles=network.profiles,
            inverse=1.0 / network.profiles,
            shift=shift,
            x_m=network.lon * scale * _METRES_PER_DEGREE,
            y_m=network.lat * _METRES_PER_DEGREE,
            landmarks=landmark_times(network, landmarks),
        )
        self._table = ClosureTable(network, first_turn)
        self._least_ms_per_m = self._straight_line_bound()
        junctions = len(network.junction_ids)
        self._scratch = search.Scratch(
            stamp=np.zeros(1, np.int32),
            labels=np.zeros((network.segments, 8), np.int32),
            driven_m=np.zeros(network.segments),
            junctions=np.zeros((junctions, 8), np.int32),
            bucket=np.zeros(buckets, np.int32),
        )
        self._permits: dict[Size, tuple[NDArray[np.uint8], NDArray[np.int32]]] = {}
        for closure in (*network.standing_closures, *closures):
            self.close(closure)

    def _straight_line_bound(self) -> float:
        """The least time that a metre of straight line can take on this map [ms/m]; 0 if it can't be told."""
        roads = self._roads
        tail, head = self.network.tail, self.network.head
        straight_m = np.hypot(roads.x_m[head] - roads.x_m[tail], roads.y_m[head] - roads.y_m[tail])
        drawn = straight_m > 0
        if not drawn.any():
            return 0.0
        fastest = max(1.0, float(roads.profiles.max(initial=0)) / 1000)
        # A hair less than the bound itself keeps it one in spite of rounding.
        return float((self.network.drive_ms[drawn] / straight_m[drawn]).min()) / fastest * (1 - 1e-9)

    @property
    def closures(self) -> tuple[Closure, ...]:
        """The closures in the graph now, the map's own signs among them."""
        return self._table.closures

    def close(self, closure: Closure) -> None:
        """Put a closure in.

        Raises
        ------
        InputError
            If it names a segment or a turn that the map does not have, or its id is in the graph already.
        """
        self._table.add(closure)

    def reopen(self, closure_id: str) -> None:
        """Take a closure out again.

        Raises
        ------
        InputError
            If no closure of that id is in the graph.
        """
        self._table.remove(closure_id)

    def route(
        self, from_junction: str, to_junction: str, depart: datetime, vehicle: VehicleSize = SMALL
    ) -> Route | None:
        """Find the fastest way for a vehicle that departs at a moment; None where there is none."""
        source, target = self._junction(from_junction), self._junction(to_junction)
        if source == target:
            return Route(from_junction, to_junction, depart, (), (), 0.0, 0.0)
        trip = self._trip(depart, vehicle, (from_junction, to_junction))
        bans = self._table.bans
        path, after_ms = search.route(
            source, target, self._least_ms_per_m, self._roads, bans, trip, self._scratch
        )
        if not len(path):
            return None
        after_s = (after_ms / 1000).tolist()
        return Route(
            from_junction,
            to_junction,
            depart,
            tuple(self.network.segment_id(segment) for segment in path.tolist()),
            (0.0, *after_s[:-1]),
            float(self.network.length_m[path].sum()) / 1000,
            after_s[-1],
        )

    def matrix(
        self,
        sources: Sequence[str],
        targets: Sequence[str] | None,
        depart: datetime,
        vehicle: VehicleSize = SMALL,
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Travel times and lengths between junctions, for departures at one moment.

        Without targets, to every junction in the order of the network.

        Returns
        -------
        Two arrays of shape ``(sources, targets)``: [s], infinite where there is no way, and [km].
        """
        targets = self.network.junction_ids if targets is None else targets
        rows = self._junctions(sources)
        columns = self._junctions(targets)
        # Trips with local access to the same works see the same bans, so each such group is one search.
        row_groups, column_groups = self._by_access(sources), self._by_access(targets)
        if len(row_groups) == len(column_groups) == 1 and len(rows) and len(columns):
            trip = self._trip(depart, vehicle, (sources[0], targets[0]))
            times_ms, lengths_m = self._fill(rows, columns, trip)
            return _seconds(times_ms), lengths_m / 1000
        times_ms = np.empty((len(rows), len(columns)), dtype=np.int64)
        lengths_m = np.empty((len(rows), len(columns)))
        for row_group in row_groups:
            for column_group in column_groups:
                ends = (sources[row_group[0]], targets[column_group[0]])
                trip = self._trip(depart, vehicle, ends)
                block = np.ix_(row_group, column_group)
                times_ms[block], lengths_m[block] = self._fill(rows[row_group], columns[column_group], trip)
        return _seconds(times_ms), lengths_m / 1000

    def _fill(
        self, rows: NDArray[np.int32], columns: NDArray[np.int32], trip: search.Trip
    ) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Times [ms] and lengths [m] for trips that see the same bans: by sweeps, or a search for each."""
        roads, bans = self._roads, self._table.bans
        if len(rows) < sweep.WORTH_STARTS or not self._is_spread(rows, columns):
            return search.one_to_all(rows, columns, roads, bans, trip, self._scratch)
        order = sweep.near_together(rows, roads.x_m, roads.y_m)
        # The first start lies at the map's edge: if it is under way when something changes, most are.
        first_ms, _ = search.one_to_all(rows[order[:1]], columns, roads, bans, trip, self._scratch)
        if first_ms.max(initial=0) > sweep.steady_ms(roads, bans, trip):
            return search.one_to_all(rows, columns, roads, bans, trip, self._scratch)
        swept_ms, swept_m, changes = sweep.many_to_all(rows[order], columns, roads, bans, trip, self._sweeps)
        times_ms, lengths_m = np.empty_like(swept_ms), np.empty_like(swept_m)
        times_ms[order], lengths_m[order] = swept_ms, swept_m
        late = order[changes > 0]
        if len(late):
            late_block = search.one_to_all(rows[late], columns, roads, bans, trip, self._scratch)
            times_ms[late], lengths_m[late] = late_block
        return times_ms, lengths_m

    @cached_property
    def _sweeps(self) -> sweep.Sweeps:
        return sweep.sweeps_of(self.network, self._roads.x_m, self._roads.y_m)

    def _is_spread(self, rows: NDArray[np.int32], columns: NDArray[np.int32]) -> bool:
        """Whether the ends lie over so much of the map that a search would see most of it anyway."""
        x_m, y_m = self._roads.x_m, self._roads.y_m
        if len(columns) == len(x_m):
            return True
        inside = np.ones(len(x_m), dtype=np.bool_)
        for place_m in (x_m, y_m):
            ends_m = np.concatenate((place_m[rows], place_m[columns]))
            inside &= (place_m >= ends_m.min()) & (place_m <= ends_m.max())
        return bool(inside.mean() > _SPREAD_SHARE)

    def _junctions(self, junctions: Sequence[str]) -> NDArray[np.int32]:
        if junctions is self.network.junction_ids:
            return np.arange(len(junctions), dtype=np.int32)
        return np.array([self._junction(junction) for junction in junctions], dtype=np.int32)

    def _by_access(self, junctions: Sequence[str]) -> list[NDArray[np.intp]]:
        """Positions of the junctions, grouped by the works that they lie inside of."""
        if not self._table.any_works:
            return [np.arange(len(junctions))]
        groups: dict[tuple[int, ...], list[int]] = {}
        for position, junction in enumerate(junctions):
            groups.setdefault(self._table.works_at(junction), []).append(position)
        return [np.array(group, dtype=np.intp) for group in groups.values()]

    def _trip(self, depart: datetime, vehicle: VehicleSize, ends: tuple[str, str]) -> search.Trip:
        if depart.tzinfo is None:
            raise InputError(f"a departure needs a time zone: {depart.isoformat()} has none")
        size = Size(vehicle.gross_weight_t, vehicle.height_m, vehicle.width_m)
        allowed, ways_out = self._permit(size)
        depart_ms = int(depart.timestamp() * 1000)
        return search.Trip(
            depart_ms=depart_ms,
            offset_ms=offset_ms(depart.tzinfo, depart),
            zone_offset_ms=self._table.zone_offsets_ms(depart),
            keeps_out=self._table.keeps_out(ends, size.gross_weight_t, size.height_m),
            allowed=allowed,
            ways_out=ways_out,
            horizon_ms=depart_ms + self._horizon_ms,
        )

    def _permit(self, size: Size) -> tuple[NDArray[np.uint8], NDArray[np.int32]]:
        """Where a vehicle may drive at all, and how many such segments leave each junction."""
        if size not in self._permits:
            network = self.network
            allowed = (
                (network.max_weight_t >= size.gross_weight_t)
                & (network.max_height_m >= size.height_m)
                & (network.max_width_m >= size.width_m)
            )
            ways_out = np.bincount(network.tail[allowed], minlength=len(network.junction_ids))
            self._permits[size] = allowed.astype(np.uint8), ways_out.astype(np.int32)
        return self._permits[size]

    def _junction(self, junction: str) -> int:
        try:
            return self.network.junction_index[junction]
        except KeyError:
            raise InputError(f"the map {self.network.name} has no junction {junction}") from None


def _seconds(times_ms: NDArray[np.int64]) -> NDArray[np.float64]:
    """Milliseconds as seconds, infinite where there is no way."""
    seconds = times_ms / 1000
    seconds[times_ms < 0] = np.inf
    return seconds


def _bucket_sizes(network: RoadNetwork) -> tuple[int, int]:
    """How coarse the buckets are, in bits, and how many, so that no segment reaches round them all.

    As coarse as the keys of about two segments lie apart: a search of n segments takes about as long as
    driving the square root of n of them.
    """
    slowest = network.profiles.min(initial=PROFILE_UNIT) / PROFILE_UNIT
    # The bound on the way to the target may add as much again to a key as the drive itself.
    reach_ms = 2 * int(network.drive_ms.max(initial=1) / slowest) + 2
    mean_ms = float(network.drive_ms.mean()) if network.segments else 1.0
    apart_ms = 2 * mean_ms / max(network.segments, 1) ** 0.5
    shift = max(int(np.log2(max(apart_ms, 1.0))), (reach_ms // (_MOST_BUCKETS - 2)).bit_length())
    return shift, 1 << (reach_ms // (1 << shift) + 2).bit_length()
