"""Trips as they are really driven: every leg a route of its own, at the hour at which it is driven."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Final

from juli.core.grid import TimeGrid
from juli.plan.result import Leg, Stop, Trip
from juli.plant.calendar import WEEKDAYS, Hours, Weekday
from juli.plant.site import Site, Transport, Truck
from juli.roads.graph import MovementGraph, Route
from juli.roads.shipments import Shipment

Window = tuple[float, float]
#: How many drives into the next stretch are remembered.
_MOST_LEGS: Final = 50_000


@dataclass(frozen=True)
class Drive:
    """A trip and what it costs: transport, and the lateness of what it brings, told in hours as well."""

    trip: Trip
    transport_money: float
    lateness_money: float
    late_hours: float

    @property
    def money(self) -> float:
        """Both together."""
        return self.transport_money + self.lateness_money


def windows(hours: Hours, days: Sequence[Weekday], grid: TimeGrid) -> tuple[Window, ...]:
    """The stretches of a horizon that lie in some hours of some weekdays [s after the horizon's start]."""
    horizon_s = float(grid.slots * grid.step_seconds)
    return tuple(
        (max(open_s, 0.0), min(close_s, horizon_s))
        for open_s, close_s in _hours_by_day(hours, days, grid)
        if close_s > 0 and open_s < horizon_s
    )


def _hours_by_day(hours: Hours, days: Sequence[Weekday], grid: TimeGrid) -> Iterator[Window]:
    day = grid.start.date() - timedelta(days=1)
    while day <= grid.end.date():
        if WEEKDAYS[day.weekday()] in days:
            begin, end = hours.on(day, grid.start)
            yield grid.seconds_of(begin), grid.seconds_of(end)
        day += timedelta(days=1)


class Driver:
    """Drives trips on a movement graph, exactly.

    Between two moments at which a closure or a speed changes, a route stays the fastest for as long as it
    is driven to its end before the next change; so each is searched for once per such stretch.

    Parameters
    ----------
    transport, grid
        The sites and trucks, and the horizon that seconds count from.
    graph
        The roads; its closures must not change while trips are driven.
    """

    def __init__(self, transport: Transport, grid: TimeGrid, graph: MovementGraph):
        self.transport = transport
        self.grid = grid
        self.graph = graph
        self.loading_s = transport.loading_minutes * 60
        self.horizon_s = float(grid.slots * grid.step_seconds)
        self.sites: dict[str, Site] = {site.id: site for site in transport.sites}
        self.opening = {
            site.id: windows(site.receives, site.receiving_days, grid) for site in transport.sites
        }
        self._reopenings, self._changes = self._moments_of_change()
        self._routes: dict[tuple[str, str, float, float, float, int], Route | None] = {}
        self._legs: dict[tuple[str, str, float, float, float, float], Leg | None] = {}

    def drive(
        self, truck: Truck, shift: Window, shipments: Sequence[Shipment], earliest_s: float
    ) -> Drive | None:
        """Drive a trip as cheaply as its departure can be chosen; None where it can't be driven.

        Parameters
        ----------
        truck, shift
            Who drives, and the driver's working day.
        shipments
            In the order of their stops; neighbours for one site share a stop.
        earliest_s
            When the truck may leave, if nothing that it brings is ready later.
        """
        if not fits(truck, shipments):
            return None
        loaded = (s.ready_seconds + self.loading_s for s in shipments if not s.fetched)
        # Whole seconds keep plans readable, and trips the same whoever adds them up.
        depart_s = float(-int(-max(shift[0], earliest_s, *loaded, 0.0) // 1))
        first = self.departing(truck, shift, shipments, depart_s)
        if first is None:
            if depart_s >= shift[1]:
                return None
            # What is shut at the earliest departure may open later in the shift. Who leaves later is never
            # there sooner because of the speeds alone.
            openings = (-(-change // 1) for change in self._reopenings if depart_s < change < shift[1])
            drives = (self.departing(truck, shift, shipments, moment) for moment in openings)
            return next((drive for drive in drives if drive is not None), None)
        # Leaving later saves waiting at the sites; each wait is a candidate for how much later.
        best = first
        waited_s = 0.0
        for stop, leg in zip(first.trip.stops, first.trip.legs, strict=False):
            waited_s += stop.begin_seconds - leg.arrival_seconds
            for later_s in {stop.begin_seconds - leg.arrival_seconds, waited_s} if waited_s >= 1 else ():
                other = self.departing(truck, shift, shipments, depart_s + float(int(later_s)))
                if other is not None and other.money < best.money - 1e-9:
                    best = other
        return best

    def departing(
        self, truck: Truck, shift: Window, shipments: Sequence[Shipment], depart_s: float
    ) -> Drive | None:
        """Drive a trip that departs at a moment, whether its goods are ready or not."""
        legs: list[Leg] = []
        stops: list[Stop] = []
        at, now_s = self.transport.home, depart_s
        late_money = late_hours = 0.0
        for site_id, group in groupby(shipments, key=lambda shipment: shipment.site):
            site = self.sites[site_id]
            brought = tuple(group)
            leg = self.leg(truck, at, site.junction, now_s)
            begin_s = None if leg is None else self.opens(site_id, max(leg.arrival_seconds, _there(brought)))
            if leg is None or begin_s is None:
                return None
            at, now_s = site.junction, begin_s + site.unload_minutes * 60
            legs.append(leg)
            handed_over = tuple(s.order for s in brought if not s.fetched)
            fetched = tuple(s.order for s in brought if s.fetched)
            stops.append(Stop(site_id, begin_s, now_s, handed_over, fetched))
            late_money += sum(lateness_money(shipment, begin_s) for shipment in brought)
            late_hours += sum(max(begin_s - shipment.due_seconds, 0.0) for shipment in brought) / 3600
        home = self.leg(truck, at, self.transport.home, now_s)
        if home is None or home.arrival_seconds > shift[1]:
            return None
        trip = Trip(truck.id, tuple(stops), (*legs, home))
        km = sum(self.graph.network.length_m[s] for leg in trip.legs for s in self._positions(leg)) / 1000
        hours = (trip.return_seconds - trip.departure_seconds) / 3600
        return Drive(
            trip, float(km * truck.cost_per_km + hours * truck.wage_per_hour), late_money, late_hours
        )

    def shift_of(self, trip: Trip) -> tuple[Truck, Window]:
        """The truck of a trip, and the shift that it is driven in."""
        truck = next(one for one in self.transport.trucks if one.id == trip.truck)
        shifts = windows(truck.works, truck.working_days, self.grid)
        return truck, max(one for one in shifts if one[0] <= trip.departure_seconds)

    def leg(self, truck: Truck, from_junction: str, to_junction: str, depart_s: float) -> Leg | None:
        """Drive from one junction to another; None where there is no way."""
        era = self.era(depart_s)
        ends_s = self._changes[era] if era < len(self._changes) else float("inf")
        ends = (from_junction, to_junction, truck.gross_weight_t, truck.height_m, truck.width_m)
        route = self._routes.get((*ends, era))
        if route is not None and depart_s + route.seconds < ends_s:
            return self._leg(route, depart_s)
        # A drive into the next stretch depends on the second that it begins at.
        at = (*ends, depart_s)
        if at not in self._legs:
            route = self.graph.route(from_junction, to_junction, self._moment(depart_s), truck)
            if route is not None and depart_s + route.seconds < ends_s:
                self._routes[*ends, era] = route
                return self._leg(route, depart_s)
            if len(self._legs) >= _MOST_LEGS:
                self._legs.clear()
            self._legs[at] = None if route is None else self._leg(route, depart_s)
        return self._legs[at]

    def era(self, depart_s: float) -> int:
        """The number of the stretch between two changes that a moment lies in."""
        return bisect_right(self._changes, depart_s)

    def era_begins(self, era: int) -> float:
        """When a stretch begins, not before the horizon does [s]."""
        return max(self._changes[era - 1], 0.0) if era else 0.0

    @staticmethod
    def _leg(route: Route, depart_s: float) -> Leg:
        entered = tuple(depart_s + seconds for seconds in route.enter_seconds)
        ends = route.from_junction, route.to_junction
        return Leg(*ends, depart_s, depart_s + route.seconds, route.segments, entered)

    def _positions(self, leg: Leg) -> Iterator[int]:
        return (self.graph.network.segment_index[segment] for segment in leg.segments)

    def _moment(self, seconds: float) -> datetime:
        return self.grid.at_seconds(seconds)

    def opens(self, site: str, arrival_s: float) -> float | None:
        """When unloading can begin; None where the site no longer receives within the horizon."""
        for open_s, close_s in self.opening[site]:
            if arrival_s <= close_s:
                return max(arrival_s, open_s)
        return None

    def _moments_of_change(self) -> tuple[list[float], list[float]]:
        """When a closure begins or ends within the horizon, and when that or a speed changes [s]."""
        first, last = self.grid.start - timedelta(days=1), self.grid.end + timedelta(days=2)
        moments: set[datetime] = set()
        days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
        for closure in self.graph.closures:
            moments |= {closure.start, closure.end}
            for clock in closure.daily or ():
                zone = closure.start.tzinfo
                moments |= {datetime.combine(day.astimezone(zone).date(), clock, zone) for day in days}
        closing = set(moments)
        if self.graph.network.profiles.size:
            midnight = first.replace(hour=0, minute=0, second=0, microsecond=0)
            moments |= {midnight + timedelta(hours=hour) for hour in range(24 * len(days))}
        by_closures, by_all = (
            sorted({self.grid.seconds_of(moment) for moment in some if first <= moment <= last})
            for some in (closing, moments)
        )
        return by_closures, by_all


def _there(shipments: Sequence[Shipment]) -> float:
    """When the last of the goods that are fetched at a stop are there [s]."""
    return max((shipment.ready_seconds for shipment in shipments if shipment.fetched), default=0.0)


def fits(truck: Truck, shipments: Sequence[Shipment]) -> bool:
    """Whether a truck can carry shipments: what it brings when it leaves, what it fetches when it is back."""
    kg = sum(s.weight_kg for s in shipments if not s.fetched)
    m3 = sum(s.volume_m3 for s in shipments if not s.fetched)
    for shipment in (None, *shipments):
        if shipment is not None:
            sign = 1 if shipment.fetched else -1
            kg += sign * shipment.weight_kg
            m3 += sign * shipment.volume_m3
        if kg > truck.capacity_kg * (1 + 1e-12) or m3 > truck.capacity_m3 * (1 + 1e-12):
            return False
    return True


def lateness_money(shipment: Shipment, served_s: float) -> float:
    """What serving a shipment at a moment costs for lateness."""
    return max(served_s - shipment.due_seconds, 0.0) / 3600 * shipment.lateness_per_hour
