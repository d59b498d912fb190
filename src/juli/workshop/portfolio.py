"""Which engine works when: on one thread one after another, on several side by side."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from juli.plan.result import Status
from juli.workshop.annealing import Annealing
from juli.workshop.bounds import LagrangianBound, makespan_bound
from juli.workshop.constraint import can_tell, model_size, solve_exactly
from juli.workshop.incumbent import Incumbent
from juli.workshop.makespan import Population, suits
from juli.workshop.problem import Job, Mode, Objective, Operation, Run, ShopProblem
from juli.workshop.stop import Stop

#: Share of the time after which the tabu searches hand over to CP-SAT, and that after which they go on.
_TABU_FIRST, _CONSTRAINT_UNTIL = 0.3, 0.6
#: Share of the time after which the search for money has its bound, and a first schedule in a tight shop; in
#: a tight plain shop the tabu search goes on where CP-SAT has not told by the last of them.
_BOUND_UNTIL, _ROOM_UNTIL, _FIRST_UNTIL, _TOLD_UNTIL = 0.1, 0.25, 0.5, 0.65
#: Constraint models beyond this size are not worth building; below the other, money may be proven least.
_LARGEST_MODEL, _PROVABLE_MODEL = 200_000, 4_000
#: Building a makespan's model takes about so long for each unit of its size [s].
_BUILDING_SECONDS = 1e-4
#: Deterministic seconds of CP-SAT for each round of the search, where rounds are limited.
_SECONDS_A_ROUND = 2e-5


def load_engines() -> None:
    """Compile the engines, or read them from the cache, before a clock runs."""
    tiny = ShopProblem(1, 1, (Job(),), (Operation(0, (Mode(0, 1),)),))
    Annealing(tiny, 0).load()
    Population(tiny, 0).load()
    LagrangianBound(tiny).load()


def least_makespan(best: Incumbent, *, seed: int, threads: int, start: Sequence[Run] = ()) -> None:
    """Search for the shortest schedule: tabu searches first, then CP-SAT for a proof, then both in turn."""
    best.raise_bound(makespan_bound(best.problem))
    best.offer(start)
    if best.bound is not None and best.bound > best.problem.slots:
        best.infeasible = True
    if best.is_closed:
        return
    if not suits(best.problem):
        _by_calendar(best, seed)
        return
    populations = [Population(best.problem, seed + number) for number in range(max(threads - 1, 1))]
    for population in populations:
        population.welcome(start)
    _evolve(best, populations, best.stop.after(_TABU_FIRST), generations=1)
    if threads == 1 and not best.is_closed:
        _prove(best, seed, best.stop.after(_CONSTRAINT_UNTIL))
        populations[0].welcome(best.runs)
    if not best.is_closed:
        with ThreadPoolExecutor(1) as beside:
            proof = beside.submit(_prove, best, seed, best.stop) if threads > 1 else None
            _evolve(best, populations, best.stop)
            if proof is not None:
                proof.result()


def least_money(
    best: Incumbent, *, seed: int, threads: int, start: Sequence[Run] = (), bounded: bool = True
) -> None:
    """Search for the cheapest schedule: a first one by promise, a bound, then annealing."""
    problem, stop = best.problem, best.stop
    if not start and makespan_bound(problem) > problem.slots:
        best.infeasible = True
        return
    searches = [Annealing(problem, seed, start)]
    best.offer(searches[0].runs())
    if not best.runs:
        _make_room(best, searches, seed)
    if not best.runs:
        return
    if bounded:
        _raise_bound(best)
    if model_size(problem, Objective.MONEY) <= _PROVABLE_MODEL:
        _prove(best, seed, stop.after(_ROOM_UNTIL))
    if best.is_closed:
        return
    searches += [Annealing(problem, seed + number, best.runs) for number in range(1, threads)]
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(lambda search: search.run(stop, tell=best.tell), searches))
    for search in searches:
        best.rounds = max(best.rounds, search.rounds)
        best.offer(search.runs())


def _evolve(
    best: Incumbent, populations: list[Population], stop: Stop, generations: int | None = None
) -> None:
    def work(population: Population) -> None:
        population.evolve(stop, target=lambda: best.bound or 0.0, generations=generations, tell=tell)

    def tell(makespan: int, rounds: int) -> None:
        best.rounds = max(best.rounds, rounds)
        if makespan <= best.problem.slots:
            best.tell(makespan)

    with ThreadPoolExecutor(len(populations)) as pool:
        list(pool.map(work, populations))
    for population in populations:
        best.rounds = max(best.rounds, population.rounds)
        if population.makespan <= best.problem.slots:
            best.offer(population.runs())


def _by_calendar(best: Incumbent, seed: int) -> None:
    """Shorten a schedule with rules that sequences can't tell: lead times first, then the last end."""
    problem, stop = best.problem, best.stop
    jobs = tuple(replace(job, late_price=0.0, lead_price=1.0) for job in problem.jobs)
    leads = replace(problem, jobs=jobs, energy_price=None, machine_price=None)
    search = Annealing(leads, seed, best.runs)
    search.run(stop.after(_TABU_FIRST))
    best.rounds = search.rounds
    best.offer(search.runs())
    _prove(best, seed, stop)


def _make_room(best: Incumbent, searches: list[Annealing], seed: int) -> None:
    """Find a first schedule where the order of the promises leaves jobs out."""
    problem, stop = best.problem, best.stop
    searches[0].run(stop, until=stop.after(_ROOM_UNTIL), until_complete=True)
    best.offer(searches[0].runs())
    if best.runs:
        return
    population = Population(problem, seed) if suits(problem) else None
    if population is not None:
        _shorten(best, population, stop.after(_FIRST_UNTIL))
    if not best.runs and can_tell(problem) and model_size(problem, Objective.MAKESPAN) <= _LARGEST_MODEL:
        ends = stop.after(_FIRST_UNTIL if population is None else _TOLD_UNTIL)
        answer = solve_exactly(
            problem,
            Objective.MAKESPAN,
            seconds=ends.left if stop.rounds is None else stop.rounds * _SECONDS_A_ROUND,
            seed=seed,
            repeatable=stop.rounds is not None,
        )
        best.infeasible = answer.status is Status.INFEASIBLE
        best.offer(answer.runs)
    if population is not None and not best.runs and not best.infeasible:
        _shorten(best, population, stop)
    if best.runs:
        searches[0] = Annealing(problem, seed, best.runs)


def _shorten(best: Incumbent, population: Population, stop: Stop) -> None:
    """Let tabu searches look for a schedule that keeps the deadline."""
    before = population.rounds
    population.evolve(stop, target=lambda: best.problem.slots)
    best.rounds += population.rounds - before
    if population.makespan <= best.problem.slots:
        best.offer(population.runs())


def _raise_bound(best: Incumbent) -> None:
    """Let prices on machine time say what no schedule can be cheaper than."""
    relaxed = LagrangianBound(best.problem)
    stop = best.stop.after(_BOUND_UNTIL)
    relaxed.raise_towards(best.objective or 0.0, stop)
    best.raise_bound(relaxed.bound)


def _prove(best: Incumbent, seed: int, stop: Stop) -> None:
    """Let CP-SAT improve the best schedule, raise the bound or close the gap."""
    problem = best.problem
    if not can_tell(problem):
        return
    size = model_size(problem, best.measure)
    too_late = stop.rounds is None and stop.left <= _BUILDING_SECONDS * size
    if size > _LARGEST_MODEL or (too_late and best.measure is Objective.MAKESPAN):
        return
    answer = solve_exactly(
        problem,
        best.measure,
        seconds=stop.left if stop.rounds is None else stop.rounds * _SECONDS_A_ROUND,
        seed=seed,
        hint=best.runs or None,
        repeatable=stop.rounds is not None,
        tell=best.tell,
        enough=lambda: best.is_closed,
    )
    if answer.status is Status.INFEASIBLE and not best.runs:
        best.infeasible = True
        return
    best.offer(answer.runs)
    if answer.bound is not None:
        best.raise_bound(answer.bound)
