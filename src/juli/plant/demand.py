"""What is asked of the plant: orders, forecasts, and the closures read from notices."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from juli.core.grid import TimeGrid
from juli.plant.cutting import MaterialBar
from juli.plant.demand_charge import DemandTerms
from juli.plant.road_map import Closure, RoadMap


@dataclass(frozen=True)
class Order:
    """One order line.

    Parameters
    ----------
    id, product, quantity
        What is asked for, in units of the product.
    release, due
        Work begins at the earliest at the release; the promise is the moment that the goods arrive at
        the site, or are complete where there is none. Time-zone aware.
    site
        Where they go; None when the customer fetches them.
    lateness_per_hour
        What an hour after the promise costs [money/h].
    lead_price_per_hour
        What an hour from the release to the completion costs [money/h]; None: as its product says.
    """

    id: str
    product: str
    quantity: float
    release: datetime
    due: datetime
    site: str | None = None
    lateness_per_hour: float = 0.0
    lead_price_per_hour: float | None = None


@dataclass(frozen=True)
class Pickup:
    """Goods that a truck fetches and brings to the plant, such as steel from a supplier.

    Parameters
    ----------
    id
        Unlike every order's.
    site
        Where they are fetched.
    weight_kg, volume_m3
        How much of a truck they take.
    ready, due
        The site has them at the earliest when they are ready; loading is promised to begin by the due
        moment. Time-zone aware.
    lateness_per_hour
        What an hour after the promise costs [money/h].
    """

    id: str
    site: str
    weight_kg: float
    volume_m3: float
    ready: datetime
    due: datetime
    lateness_per_hour: float = 0.0


@dataclass(frozen=True)
class Forecast:
    """What is expected in each settlement slot; arrays of shape ``(slots,)``.

    Parameters
    ----------
    base_load_kw
        Consumption that no schedule moves [kW].
    solar_kw
        Solar power that is there to be used [kW].
    buy, sell
        Prices of import and export [money/kWh].
    period
        The name of each slot's price period, for the tables.
    """

    base_load_kw: NDArray[np.float64]
    solar_kw: NDArray[np.float64]
    buy: NDArray[np.float64]
    sell: NDArray[np.float64]
    period: NDArray[np.str_]


@dataclass(frozen=True)
class Notice:
    """A public notice as it was found, with the day that it was published on."""

    file: str
    text: str
    published: datetime


@dataclass(frozen=True)
class Demand:
    """Everything that a plan has to answer, on the grids that it is planned on.

    Parameters
    ----------
    schedule
        The grid that operations begin and end on.
    settlement
        The coarser grid of prices, forecasts and dispatch; it begins and ends with ``schedule``.
    orders
        In the order of the file.
    forecast
        On the settlement grid.
    demand_month, demand_terms
        The billing month of each settlement slot, shape ``(slots,)``, and the demand charge of each month.
    pickups
        What trucks fetch, in the order of the file.
    stock
        The bars that the cutting operations cut, in the order of the file; empty: no cutting plan is made.
    road_map, closures, notices
        The roads; the bans in force on them; the notices that those were read from.
    """

    schedule: TimeGrid
    settlement: TimeGrid
    orders: tuple[Order, ...]
    forecast: Forecast
    demand_month: NDArray[np.int64]
    demand_terms: tuple[DemandTerms, ...]
    pickups: tuple[Pickup, ...] = ()
    stock: tuple[MaterialBar, ...] = ()
    road_map: RoadMap | None = None
    closures: tuple[Closure, ...] = ()
    notices: tuple[Notice, ...] = field(default=(), repr=False)

    @cached_property
    def order_by_id(self) -> dict[str, Order]:
        """The orders by their ids."""
        return {order.id: order for order in self.orders}

    @cached_property
    def pickup_by_id(self) -> dict[str, Pickup]:
        """The pick-ups by their ids."""
        return {pickup.id: pickup for pickup in self.pickups}
