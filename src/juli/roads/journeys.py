"""The plant's own drives before the works and during them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from juli.plant.road_map import Closure
from juli.plant.site import Site
from juli.roads.graph import MovementGraph, Route, VehicleSize


@dataclass(frozen=True)
class Journey:
    """A drive from the plant to a site or back.

    Parameters
    ----------
    site
        The site's id.
    outward
        Whether it leads to the site; the other way it leads home.
    before, during
        Without the works and with them; None where there is no way.
    """

    site: str
    outward: bool
    before: Route | None
    during: Route | None

    @property
    def changed(self) -> bool:
        """Whether the works send the drive over other roads."""
        return (self.before and self.before.segments) != (self.during and self.during.segments)


def journeys(
    graph: MovementGraph,
    closures: Iterable[Closure],
    home: str,
    sites: Iterable[Site],
    moment: datetime,
    vehicle: VehicleSize,
) -> list[Journey]:
    """Drive to every site and back at one moment, without closures and with them.

    Parameters
    ----------
    graph
        The roads; it is left as it was.
    closures
        The works; those that the graph has already count as always there.
    home, sites
        The ends of the drives.
    moment, vehicle
        When, and with what.
    """
    places = [(site.id, site.junction) for site in sites]
    pairs = [(site, True, home, at) for site, at in places] + [(site, False, at, home) for site, at in places]
    before = [graph.route(start, end, moment, vehicle) for _, _, start, end in pairs]
    closed = list(closures)
    for closure in closed:
        graph.close(closure)
    during = [graph.route(start, end, moment, vehicle) for _, _, start, end in pairs]
    for closure in closed:
        graph.reopen(closure.id)
    return [
        Journey(site, outward, first, second)
        for (site, outward, _, _), first, second in zip(pairs, before, during, strict=True)
    ]
