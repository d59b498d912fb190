"""A plant's days as one shop behind a meter."""

from dataclasses import replace

import numpy as np

from juli.core.clock import Clock
from juli.plan.result import Plan
from juli.plant.demand import Demand
from juli.plant.factory import Plant
from juli.plant.work import Work
from juli.solve.bound import lower_bound
from juli.solve.completion import Effort
from juli.solve.consumption import ConsumptionModel
from juli.solve.day import Day
from juli.solve.electricity import dispatch_problem
from juli.solve.joint.bound import JointBound
from juli.solve.joint.problem import JointProblem
from juli.solve.joint.transport import least_transport
from juli.solve.joint.valuation import meter_of
from juli.solve.production import shop_problem
from juli.workshop.bounds import earliest_completions
from juli.workshop.problem import ShopProblem
from juli.workshop.stop import Stop

#: By which share of the bound's time no better prices of deliveries are looked for, and proven.
_TRIPS_SHARE, _PROOF_SHARE = 0.3, 0.6
#: Rounds of the bound where rounds are counted and time is not.
_BOUND_ROUNDS = 40


def joint_problem(
    plant: Plant, demand: Demand, consumption: ConsumptionModel, shop: ShopProblem
) -> JointProblem | None:
    """Pose the plant's days; None where the site's cost is not convex in its load."""
    problem = JointProblem(shop, dispatch_problem(plant, demand, consumption.standing_kw))
    try:
        meter_of(problem.site)
    except ValueError:
        return None
    return problem


def joint_bound(
    plant: Plant,
    demand: Demand,
    work: Work,
    consumption: ConsumptionModel,
    problem: JointProblem,
    load_kw: np.typing.NDArray[np.float64],
    money: float,
    stop: Stop,
    threads: int = 1,
) -> float:
    """Bound the bill of every plan of these days from below: electricity, labour, lateness and transport.

    An order is late at the earliest when it is complete after its promise, as if it were delivered at once.

    Parameters
    ----------
    load_kw, money
        A good plan's load, where to begin, shape ``(settlement slots,)`` [kW], and its bill.
    threads
        How many share the work.
    """
    promised = {order.id: demand.schedule.seconds_of(order.due) for order in demand.orders}
    shop = shop_problem(
        plant,
        demand,
        work,
        consumption,
        due_seconds=promised,
        price_per_kwh=demand.forecast.buy,
    )
    ends = earliest_completions(shop) * demand.schedule.step_seconds
    complete = {order.id: float(end) for order, end in zip(demand.orders, ends, strict=True)}
    left = stop.left
    hurry, over = (
        (lambda share=share: stop.rounds is None and stop.left <= (1.0 - share) * left)
        for share in (_TRIPS_SHARE, _PROOF_SHARE)
    )
    transport = least_transport(plant, demand, complete, hurry, over)
    jobs = tuple(
        replace(job, late_price=job.late_price * transport.late_price_share.get(order.id, 1.0))
        for order, job in zip(demand.orders, shop.jobs, strict=True)
    )
    relaxed = JointBound(JointProblem(replace(shop, jobs=jobs), problem.site), load_kw, threads)
    relaxed.raise_towards(money - transport.money, stop)
    return relaxed.bound + transport.money


def least_money(
    day: Day,
    work: Work,
    consumption: ConsumptionModel,
    problem: JointProblem | None,
    plan: Plan,
    effort: Effort,
    timer: Clock,
    began: float,
) -> float:
    """Say what no plan of these days costs less than, in what an effort that began at a moment has left.

    Where the site's cost is not convex, and so no joint problem, each operation is bounded for itself.
    """
    load_kw = consumption.consumption_kw(plan.runs)
    stop = Stop(timer, began, effort.seconds, None if effort.iterations is None else _BOUND_ROUNDS)
    if problem is None:
        return lower_bound(
            day.plant,
            day.demand,
            work,
            consumption,
            load_kw,
            stop=lambda: stop.rounds is None and stop.left <= 0.0,
        )
    money = plan.bill.total_money
    return joint_bound(
        day.plant, day.demand, work, consumption, problem, load_kw, money, stop, threads=effort.threads
    )
