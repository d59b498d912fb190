"""A site's dispatch as it is shown: energy and services planned together, and held against the physics."""

from dataclasses import dataclass, field, replace

import numpy as np

from juli.core.errors import InfeasibleError
from juli.power.chemistry.electrochemical import Chemistry
from juli.power.chemistry.follow import Followed, Planned, dispatch_followed
from juli.power.chemistry.state import State
from juli.power.problem import Dispatch, DispatchProblem, Floats
from juli.power.services.calls import call_pay
from juli.power.services.firming import ramp_penalty, with_declaration
from juli.power.services.stacking import Services, Stacked, dispatch_services


@dataclass(frozen=True, eq=False)
class PhysicalBattery:
    """A battery with its physics.

    Parameters
    ----------
    chemistry
        The battery.
    ambient_celsius
        Shape ``(slots,)`` or one number: the air around it [°C].
    state
        How it begins; None: new, as warm as the air. Its charge is set to the plan's stored energy.
    """

    chemistry: Chemistry
    ambient_celsius: Floats | float
    state: State | None = None


@dataclass(frozen=True, eq=False)
class Operation:
    """A dispatch with all its services, and what the physics made of it.

    Parameters
    ----------
    problem
        What was planned: with the declared schedule, and the battery and bounds of the last repair.
    stacked
        The plan.
    followed
        The plan beside the physical battery's run; None where the battery is given as a line.
    actual_call_income, actual_ramp_cost
        What the calls pay and the ramps cost with the physical battery [money].
    """

    problem: DispatchProblem
    stacked: Stacked
    followed: Followed | None = None
    actual_call_income: tuple[float, ...] = ()
    actual_ramp_cost: float = 0.0

    @property
    def dispatch(self) -> Dispatch:
        """The plan's dispatch."""
        return self.stacked.dispatch

    @property
    def actual_cost(self) -> float:
        """What everything really costs together; the plan's cost where there is no physics [money]."""
        if self.followed is None:
            return self.stacked.cost
        earned = sum(self.actual_call_income) + self.stacked.regulation_income
        return self.followed.actual.cost + self.actual_ramp_cost - earned

    @property
    def money_difference(self) -> float:
        """What the plan really costs more than it said, services included [money]."""
        return self.actual_cost - self.stacked.cost


@dataclass(eq=False)
class _Planner:
    """Plans with services, and keeps the stack of the last plan."""

    services: Services
    stacked: Stacked | None = field(default=None, init=False)

    def __call__(self, problem: DispatchProblem) -> Planned:
        self.stacked = dispatch_services(problem, self.services)
        up_kw = down_kw = np.zeros(problem.slots)
        regulation = self.services.regulation
        if regulation is not None and len(self.stacked.regulation_kw):
            hour = np.arange(problem.slots) // round(1 / problem.step_hours)
            sold_kw = self.stacked.regulation_kw[hour]
            up_kw, down_kw = regulation.up_share * sold_kw, regulation.down_share * sold_kw
        return Planned(self.stacked.dispatch, up_kw, down_kw)


def operate(
    problem: DispatchProblem, services: Services | None = None, battery: PhysicalBattery | None = None
) -> Operation:
    """Plan a site's energy and services; with a physical battery, until the physics can follow the plan.

    Parameters
    ----------
    problem
        The site. With a physical battery, its ``battery`` is the line to begin with.
    services
        What is offered beside; None: nothing.
    battery
        The physics; None: the problem's battery is all that is known.

    Raises
    ------
    InputError
        If a service does not fit the horizon, or the regulation market bars the site.
    InfeasibleError
        If nothing keeps all limits, or the physics can follow no plan.
    """
    services = services or Services()
    if services.firming is not None:
        problem = with_declaration(problem, services.firming)
    planner = _Planner(services)
    if battery is None:
        planner(problem)
        assert planner.stacked is not None
        return Operation(problem, planner.stacked)
    followed = dispatch_followed(
        problem, battery.chemistry, battery.ambient_celsius, state=battery.state, plan=planner
    )
    assert planner.stacked is not None
    taken = zip(services.calls, planner.stacked.took_part, strict=True)
    grid_kw, hours = followed.actual.grid_kw, problem.step_hours
    return Operation(
        followed.problem,
        planner.stacked,
        followed,
        tuple(call_pay(call, grid_kw, hours) if takes else 0.0 for call, takes in taken),
        0.0 if services.firming is None else ramp_penalty(services.firming, grid_kw, hours),
    )


def without_battery(problem: DispatchProblem, services: Services | None = None) -> Stacked | None:
    """The same site without its battery; None where it can't be run without one.

    Calls stay open to it; regulation it can't sell.
    """
    services = services or Services()
    idle = replace(
        services, calls=tuple(replace(call, take_part=None) for call in services.calls), regulation=None
    )
    free = np.full(problem.slots, np.inf)
    bare = replace(
        problem,
        battery=None,
        more_batteries=(),
        battery_min_kw=-free,
        battery_max_kw=free,
        stored_min_kwh=np.zeros(problem.slots),
        stored_max_kwh=free,
    )
    try:
        return dispatch_services(bare, idle)
    except InfeasibleError:
        return None
