"""The judge: every rule that a plan may break, each one function. It shares no code with any solver."""

from juli.plan.checking.bars import bar_violations
from juli.plan.checking.deliveries import delivery_violations
from juli.plan.checking.electricity import electricity_violations
from juli.plan.checking.production import production_violations
from juli.plan.checking.sharing import sharing_violations
from juli.plan.checking.violation import Violation
from juli.plan.result import Plan
from juli.plant.demand import Demand
from juli.plant.factory import Plant
from juli.plant.work import Work, expand

__all__ = ["Violation", "check"]


def check(plant: Plant, demand: Demand, plan: Plan, work: Work | None = None) -> list[Violation]:
    """Find every rule that a plan breaks, from the plan and what it answers alone.

    Parameters
    ----------
    plant, demand
        What the plan answers.
    plan
        Its decisions.
    work
        The demand's operations, where they are at hand already.

    Returns
    -------
    The violations; an empty list for a plan that can be carried out.
    """
    work = work or expand(plant, demand)
    return [
        *production_violations(plant, demand, work, plan.runs),
        *sharing_violations(plant, demand, work, plan.runs),
        *electricity_violations(plant, demand, work, plan.runs, plan.dispatch),
        *delivery_violations(plant, demand, work, plan.runs, plan.trips),
        *bar_violations(plant, demand, work, plan.runs, plan.cutting),
    ]
