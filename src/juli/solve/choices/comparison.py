"""What plans laid side by side say; light to import, for reports."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from juli.plan.account import lateness_hours, pickup_lateness_hours
from juli.plan.result import Plan
from juli.plant.demand import Demand
from juli.plant.work import Work

if TYPE_CHECKING:
    from juli.solve.completion import Outcome
    from juli.solve.day import Day


class Choice(StrEnum):
    """What is planned, and with what."""

    #: A schedule for the tariff's prices, then the dispatch.
    SEQUENTIAL = "sequential"
    #: Production and electricity as one problem.
    JOINT = "joint"
    #: The joint plan of the plant without its battery.
    NO_BATTERY = "no_battery"
    #: The joint plan of the plant without its solar plant.
    NO_SOLAR = "no_solar"
    #: A schedule that does not look at electricity at all; battery and sun are dispatched for it.
    NO_FLEXIBILITY = "no_flexibility"


@dataclass(frozen=True)
class FrontPoint:
    """A plan by its lateness and the rest of its bill.

    Parameters
    ----------
    weight
        What an hour late cost while it was planned, in times of its true price.
    late_hours
        Hours after the promise, of all orders and pick-ups together [h].
    lateness_money, other_money
        Both at the true prices [money].
    efficient
        Whether no other point is both less late and cheaper.
    """

    weight: float
    late_hours: float
    lateness_money: float
    other_money: float
    efficient: bool = False


@dataclass(frozen=True)
class Variant:
    """A plan, and the plant that it is for.

    Parameters
    ----------
    choice
        Which of them it is.
    day
        The question, without what the choice leaves out.
    outcome
        Its answer.
    """

    choice: Choice
    day: "Day"
    outcome: "Outcome"

    @property
    def plan(self) -> Plan:
        """The plan.

        Raises
        ------
        LookupError
            If there is none.
        """
        if self.outcome.plan is None:
            raise LookupError(f"{self.choice}: {self.outcome.reason}")
        return self.outcome.plan


@dataclass(frozen=True)
class Comparison:
    """Plans side by side.

    Parameters
    ----------
    variants
        Those that the plant can have and that were found, in the order of :class:`Choice`.
    missing
        Why a variant has no plan, by choice.
    front
        Lateness against the rest of the bill, sorted by lateness; empty where nothing has a price on
        lateness.
    """

    variants: tuple[Variant, ...]
    missing: dict[Choice, str]
    front: tuple[FrontPoint, ...] = ()

    def of(self, choice: Choice) -> Variant | None:
        """One of the variants; None where there is none."""
        return next((one for one in self.variants if one.choice is choice), None)

    @property
    def saved_money(self) -> float:
        """What the joint plan costs less than the sequential one [money]."""
        joint, sequential = self.of(Choice.JOINT), self.of(Choice.SEQUENTIAL)
        if joint is None or sequential is None:
            return 0.0
        return sequential.plan.bill.total_money - joint.plan.bill.total_money


def late_hours(demand: Demand, work: Work, plan: Plan) -> float:
    """Hours after the promise, of all orders and pick-ups together [h]."""
    orders = lateness_hours(demand, work, plan.runs, plan.trips)
    return sum(orders.values()) + sum(pickup_lateness_hours(demand, plan.trips).values())


def marked(points: Sequence[FrontPoint]) -> tuple[FrontPoint, ...]:
    """Say of each point whether it is efficient; sorted by lateness."""
    found = []
    for point in sorted(points, key=lambda one: (one.late_hours, one.other_money)):
        beaten = any(
            other.late_hours <= point.late_hours + 1e-9
            and other.other_money <= point.other_money + 1e-9
            and (other.late_hours, other.other_money) != (point.late_hours, point.other_money)
            for other in points
        )
        found.append(replace(point, efficient=not beaten))
    return tuple(found)
