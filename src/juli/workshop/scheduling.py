"""Schedule a shop: the one function that chooses the engines and judges what they answer."""

from collections.abc import Sequence

from juli.core.clock import Clock, SystemClock
from juli.core.errors import DisagreementError
from juli.plan.result import Status
from juli.workshop import judge
from juli.workshop.problem import Objective, Run, ShopProblem
from juli.workshop.result import OnProgress, Schedule
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
        How many searches run side by side.
    clock
        What the time limit is read from; None: the machine's own.
    progress
        Is told of every improvement.
    start
        A schedule to begin from, with a run for each operation.

    Raises
    ------
    DisagreementError
        If the engine's schedule breaks a rule: a fault of Juli's own.
    """
    from juli.workshop import annealing

    del threads
    annealing.load()
    timer = clock or SystemClock()
    stop = Stop(timer, timer.elapsed_seconds(), seconds, iterations)
    runs, rounds = annealing.search_money(problem, stop=stop, seed=seed, progress=progress, start=start)
    return _judged(problem, objective, runs, None, rounds)


def _judged(
    problem: ShopProblem,
    objective: Objective,
    runs: Sequence[Run] | None,
    bound: float | None,
    rounds: int,
) -> Schedule:
    """Let the independent judge look at a schedule before it leaves the room."""
    if runs is None:
        return Schedule(Status.NO_PLAN, (), objective, None, bound, rounds)
    broken = judge.broken_rules(problem, runs)
    if broken:
        raise DisagreementError("a schedule breaks the shop's rules: " + "; ".join(broken[:3]))
    cost = judge.cost(problem, runs, objective)
    return Schedule(Status.FEASIBLE, tuple(runs), objective, cost, bound, rounds)
