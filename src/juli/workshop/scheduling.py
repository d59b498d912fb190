"""Schedule a shop: the one function that chooses the engines and judges what they answer."""

from collections.abc import Sequence

from juli.core.clock import Clock, SystemClock
from juli.core.errors import InputError
from juli.plan.result import Status
from juli.workshop import judge
from juli.workshop.incumbent import Incumbent
from juli.workshop.problem import Objective, Run, ShopProblem
from juli.workshop.result import OnProgress, Schedule
from juli.workshop.room import hopeless
from juli.workshop.stop import Stop


def schedule(
    problem: ShopProblem,
    *,
    objective: Objective = Objective.MONEY,
    seconds: float,
    seed: int = 0,
    iterations: int | None = None,
    threads: int = 1,
    clock: Clock | None = None,
    progress: OnProgress | None = None,
    start: Sequence[Run] | None = None,
    bounded: bool = True,
) -> Schedule:
    """Find a good schedule and say how good it could be at the best.

    Parameters
    ----------
    problem
        The shop and its work; it is not changed.
    objective
        What to make small.
    seconds
        Stop after so long [s]; the compiled engines are loaded before the time runs.
    seed
        Equal seeds give equal schedules where ``iterations`` or a proof ends the search.
    iterations
        Stop after so many rounds, too.
    threads
        How many engines run side by side.
    clock
        What the time limit is read from; None: the machine's own.
    progress
        Is told of every improvement.
    start
        A schedule to begin from, with a run for each operation.
    bounded
        Whether to ask what no schedule costs less money than; a proof by another way may tell all the same.

    Raises
    ------
    InputError
        If the start breaks a rule.
    DisagreementError
        If an engine's schedule breaks a rule: a fault of Juli's own.
    """
    from juli.workshop import portfolio

    portfolio.load_engines()
    timer = clock or SystemClock()
    stop = Stop(timer, timer.elapsed_seconds(), seconds, iterations)
    if start:
        broken = judge.broken_rules(problem, start)
        if broken:
            raise InputError("the schedule to begin from breaks rules: " + "; ".join(broken[:3]))
    if not problem.operations and objective is Objective.MAKESPAN:
        return Schedule(Status.OPTIMAL, (), objective, 0.0, 0.0)
    best = Incumbent(problem, objective, stop, progress)
    if not start and hopeless(problem):
        best.infeasible = True
    elif objective is Objective.MAKESPAN:
        portfolio.least_makespan(best, seed=seed, threads=threads, start=start or ())
    else:
        portfolio.least_money(best, seed=seed, threads=threads, start=start or (), bounded=bounded)
    return best.schedule()
