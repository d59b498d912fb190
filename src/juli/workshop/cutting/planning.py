"""One function from a cutting task to a judged plan: material, patterns, order."""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from juli.core.clock import Clock, SystemClock
from juli.core.errors import DisagreementError
from juli.plan.checking.cutting import check_cutting
from juli.plan.cutting import CuttingPlan
from juli.plan.result import Status
from juli.plant.cutting import CuttingTask
from juli.workshop.cutting.material import least_material
from juli.workshop.cutting.problem import merge
from juli.workshop.cutting.rounding import total_cost
from juli.workshop.cutting.sequence import in_order
from juli.workshop.cutting.setups import fewer_patterns
from juli.workshop.stop import Stop

#: Share of the time for the least material; the rest goes to fewer patterns.
_MATERIAL_SHARE: Final = 0.85
#: Share of the time after which the patterns are fixed, and their order is left to be found.
_SETUPS_UNTIL: Final = 0.95


@dataclass(frozen=True)
class CuttingAnswer:
    """How cutting ended.

    Parameters
    ----------
    status
        Optimal or feasible with a plan, infeasible where the bars can't hold the pieces, or no plan in time.
    plan
        What is cut from what; None where there is no plan.
    bound_mm
        No plan costs less [mm of full bar].
    reason
        Where there is no plan: why, for the person who asked.
    seconds
        How long it took [s].
    """

    status: Status
    plan: CuttingPlan | None
    bound_mm: float
    reason: str = ""
    seconds: float = 0.0


def cut(
    task: CuttingTask,
    *,
    seconds: float = 10.0,
    rounds: int | None = None,
    seed: int = 0,
    clock: Clock | None = None,
) -> CuttingAnswer:
    """Cut pieces from bars: least material, then fewest patterns, then the order of the promises.

    Parameters
    ----------
    task
        Bars, pieces, kerf and machines.
    seconds
        Time limit [s]; without effect where rounds are given.
    rounds
        Rounds of the search for material; given, the plan depends on task and seed alone.
    seed
        Where all chance comes from.
    clock
        What time is read from; None: the machine's own.

    Raises
    ------
    DisagreementError
        If the judge finds a fault in the plan: a fault of Juli's own.

    Examples
    --------
    >>> from juli.plant.cutting import Piece, StockBar
    >>> stock = [StockBar(id="bar", length_mm=6000, quantity="unlimited")]
    >>> answer = cut(CuttingTask(stock=stock, pieces=[Piece(id="leg", length_mm=2000, quantity=7)]))
    >>> answer.plan.cost_mm, answer.status.value
    (18000.0, 'optimal')
    """
    timer = clock or SystemClock()
    began = timer.elapsed_seconds()
    if rounds is not None:
        seconds = math.inf
    merged = merge(task)
    problem = merged.problem
    stop = Stop(timer, began, seconds * _MATERIAL_SHARE, rounds)
    whole = Stop(timer, began, seconds)
    material = least_material(problem, stop, seed)
    bound_mm = material.bound * problem.unit_mm
    if not material.patterns:
        spent = timer.elapsed_seconds() - began
        return CuttingAnswer(material.status, None, bound_mm, _reason(task, material.status), spent)
    patterns = fewer_patterns(
        problem,
        material.patterns,
        material.known,
        stop=Stop(timer, began, seconds * _SETUPS_UNTIL, rounds),
        seed=seed,
    )
    plan = CuttingPlan(
        bars=in_order(task, merged, patterns, over=lambda: whole.left <= 0),
        cost_mm=total_cost(patterns) * problem.unit_mm,
        bound_mm=min(bound_mm, total_cost(patterns) * problem.unit_mm),
    )
    broken = check_cutting(task, plan)
    if broken:
        raise DisagreementError("a cutting plan breaks rules: " + "; ".join(map(str, broken[:3])))
    return CuttingAnswer(plan.status, plan, plan.bound_mm, seconds=timer.elapsed_seconds() - began)


def _reason(task: CuttingTask, status: Status) -> str:
    longest = max((bar.length_mm for bar in task.stock if _taken(task, bar.length_mm)), default=0.0)
    usable = task.usable_mm(longest)
    too_long = [piece.id for piece in task.pieces if piece.length_mm > usable]
    if too_long:
        return f"no bar is long enough for {', '.join(too_long)}: at most {usable:g} mm can be used of a bar"
    wanted = sum(piece.length_mm * piece.quantity for piece in task.pieces)
    bars = [bar for bar in task.stock if bar.quantity != "unlimited"]
    there = float(np.sum([task.usable_mm(bar.length_mm) * int(bar.quantity) for bar in bars]))
    if status is Status.INFEASIBLE:
        return f"the bars can't hold the pieces: {wanted:g} mm of pieces, {there:g} mm of usable bars"
    return "no plan was found in time; give more time, or more bars"


def _taken(task: CuttingTask, length_mm: float) -> bool:
    return any(machine.takes(length_mm) for machine in task.machines)
