"""What rounds cost by tables of driving times: to choose by, before anything is driven exactly.

Between two moments at which a closure or a speed changes, a drive is taken to last as long as one that begins
with the stretch. Where nothing changes under way that is exact; elsewhere it is near enough to say which of
many ways of putting a shipment in is worth driving.
"""

from collections.abc import Sequence
from itertools import groupby
from math import inf
from typing import Final, NamedTuple

from juli.plant.site import Truck
from juli.roads.driving import Driver, Window, lateness_money
from juli.roads.shipments import Shipment

#: A round may come back so much after the shift by the tables and still be worth a try [s].
_SLACK_S: Final = 120.0


class Estimate(NamedTuple):
    """What a round costs [money], and when its truck can leave again [s]."""

    money: float
    free_s: float


#: Of a round that the tables know no way for: it may be driven all the same, after a closure.
UNKNOWN: Final = Estimate(inf, inf)


class Estimator:
    """Rounds by tables of driving times between the gate and the sites.

    Parameters
    ----------
    driver
        The trucks, sites and roads; its closures must not change while rounds are weighed.
    sites
        The sites that rounds go to.
    """

    def __init__(self, driver: Driver, sites: Sequence[str]):
        self._driver = driver
        places = [driver.transport.home, *(driver.sites[site].junction for site in sites)]
        self._junctions = list(dict.fromkeys(places))
        number = {junction: at for at, junction in enumerate(self._junctions)}
        self._home = number[driver.transport.home]
        self._at = {site: number[driver.sites[site].junction] for site in sites}
        self._unload_s = {site: driver.sites[site].unload_minutes * 60 for site in sites}
        self._tables: dict[tuple[float, float, float, int], tuple[list[list[float]], list[list[float]]]] = {}

    def round(
        self, truck: Truck, shift: Window, shipments: Sequence[Shipment], earliest_s: float
    ) -> Estimate | None:
        """Weigh a round; None where it is not back in time, ``UNKNOWN`` where the tables know no way."""
        driver = self._driver
        loaded = (s.ready_seconds + driver.loading_s for s in shipments if not s.fetched)
        depart_s = now_s = max(shift[0], earliest_s, *loaded, 0.0)
        latest_s = shift[1] + _SLACK_S
        at = self._home
        km = late = waited_s = 0.0
        for site, group in groupby(shipments, key=lambda one: one.site):
            if now_s > latest_s:
                return None
            brought = tuple(group)
            times, lengths = self._table(truck, now_s)
            there = self._at[site]
            arrives_s = now_s + times[at][there]
            if arrives_s == inf:
                return UNKNOWN
            km += lengths[at][there]
            ready_s = max((one.ready_seconds for one in brought if one.fetched), default=0.0)
            begin_s = driver.opens(site, max(arrives_s, ready_s))
            if begin_s is None:
                return None
            waited_s += begin_s - arrives_s
            late += sum(lateness_money(one, begin_s) for one in brought)
            at, now_s = there, begin_s + self._unload_s[site]
        if now_s > latest_s:
            return None
        times, lengths = self._table(truck, now_s)
        back_s = now_s + times[at][self._home]
        if back_s == inf:
            return UNKNOWN
        if back_s > latest_s:
            return None
        km += lengths[at][self._home]
        # Whoever would wait leaves so much later.
        hours = (back_s - depart_s - waited_s) / 3600
        return Estimate(
            km * truck.cost_per_km + hours * truck.wage_per_hour + late, back_s + driver.loading_s
        )

    def _table(self, truck: Truck, depart_s: float) -> tuple[list[list[float]], list[list[float]]]:
        """Driving times [s] and lengths [km] between all places for a departure."""
        driver = self._driver
        era = driver.era(depart_s)
        key = (truck.gross_weight_t, truck.height_m, truck.width_m, era)
        table = self._tables.get(key)
        if table is None:
            begins = driver.grid.at_seconds(driver.era_begins(era))
            times, lengths = driver.graph.matrix(self._junctions, self._junctions, begins, truck)
            table = self._tables[key] = (times.tolist(), lengths.tolist())
        return table
