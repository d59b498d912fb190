"""What trucks are asked to bring or fetch, and the trips that do it."""

from dataclasses import dataclass

from juli.plan.result import Trip


@dataclass(frozen=True)
class Shipment:
    """Goods of one order that travel together.

    Parameters
    ----------
    order, site
        What it is for, and the site that it goes to or comes from.
    weight_kg, volume_m3
        How much of a truck it takes.
    ready_seconds
        When loading may begin at the plant [s after the horizon's start]; for goods to be fetched, when the
        site has them.
    due_seconds
        The promised moment of unloading; for goods to be fetched, of loading [s].
    lateness_per_hour
        What each hour after it costs [money/h].
    fetched
        Whether it is picked up at the site and brought to the plant, such as steel from a supplier.
    """

    order: str
    site: str
    weight_kg: float
    volume_m3: float
    ready_seconds: float
    due_seconds: float
    lateness_per_hour: float = 0.0
    fetched: bool = False


@dataclass(frozen=True)
class Tours:
    """The trips of all trucks over the horizon.

    Parameters
    ----------
    trips
        Sorted by departure and truck.
    left
        The orders that no trip serves within the horizon, each with the reason.
    transport_money
        Driven km and drivers' hours.
    lateness_money
        Every hour after the promises; an order that is left counts up to the horizon's end.
    """

    trips: tuple[Trip, ...]
    left: dict[str, str]
    transport_money: float
    lateness_money: float

    @property
    def money(self) -> float:
        """All that the deliveries cost."""
        return self.transport_money + self.lateness_money
