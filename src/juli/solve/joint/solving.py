"""Plan production and electricity as one: a start, searches side by side, a bound, and the judge."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from juli.core.clock import Clock, SystemClock
from juli.core.errors import DisagreementError, InfeasibleError
from juli.plan.result import Status
from juli.power import dispatch
from juli.power.problem import Battery, DispatchProblem
from juli.solve.joint.annealing import DEAREST_PEAK, JointAnnealing
from juli.solve.joint.bound import JointBound
from juli.solve.joint.problem import JointPlan, JointProblem, Outlook
from juli.solve.joint.valuation import is_convex
from juli.workshop import judge
from juli.workshop.annealing import Annealing
from juli.workshop.bounds import earliest_completions
from juli.workshop.problem import Job, Mode, Operation, Run, ShopProblem
from juli.workshop.scheduling import schedule
from juli.workshop.stop import Stop

#: Shares of the time: the first schedule, and the bound after the search.
_START_SHARE, _BOUND_SHARE = 0.08, 0.07
#: From a good schedule nearly all moves take pieces: where machines close and jobs are trees, a whole job's
#: program takes about ten times as long as a piece's, and twice as many moves find more.
_PIECE_SHARE_ON = 0.92
#: A lap takes so many moves an operation: shorter ones end in dearer schedules, longer ones hardly cheaper.
_LAP_MOVES = 700
#: Share of the search that tells how many moves fit; the most laps.
_SOUNDED, _MOST_LAPS = 0.02, 40
#: First temperature of the laps that go on from the best, as a share of what dearer moves add at first.
_REHEATED = 0.06
#: Rounds of the bound where rounds are counted and time is not.
_BOUND_ROUNDS = 60


def load_joint_engines() -> None:
    """Compile the engines, or read them from the cache, before a clock runs."""
    from juli.workshop.portfolio import load_engines

    load_engines()
    battery = Battery(1.0, 1.0, 1.0, 1.0, 1.0)
    work = (Operation(0, (Mode(0, 1, 1.0),)),)
    shop = ShopProblem(2, 1, (Job(),), work, energy_price=np.ones(2))
    earliest_completions(shop)
    for price in (0.0, 1.0):
        site = DispatchProblem(
            step_hours=1.0, consumption_kw=np.zeros(2), buy=1.0, sell=0.0, demand_price=price, battery=battery
        )
        dispatch(site)
        problem = JointProblem(shop, site)
        search = JointAnnealing(problem, 0, (Run(0, 0, 0, 1),))
        search.load()
        JointBound(problem, np.zeros(2)).load()


def load_outlook_engines() -> None:
    """Compile the search against several forecasts, too."""
    load_joint_engines()
    work = (Operation(0, (Mode(0, 1, 1.0),)),)
    shop = ShopProblem(2, 1, (Job(),), work, energy_price=np.ones(2))
    site = DispatchProblem(step_hours=1.0, consumption_kw=np.zeros(2), buy=1.0, sell=0.0)
    problem = JointProblem(shop, site, outlook=Outlook((site, site), np.array([0.5, 0.5])))
    JointAnnealing(problem, 0, (Run(0, 0, 0, 1),)).load()


def plan_jointly(
    problem: JointProblem,
    *,
    seconds: float,
    seed: int = 0,
    iterations: int | None = None,
    threads: int = 1,
    clock: Clock | None = None,
    start: Sequence[Run] = (),
    tell: Callable[[float, float], None] | None = None,
) -> JointPlan:
    """Find a schedule that costs the site little, and say how little it could be.

    Parameters
    ----------
    problem
        The shop and its site.
    seconds
        Stop after so long [s].
    seed, iterations
        Given the iterations, equal seeds, iterations and threads give equal schedules.
    threads
        Searches side by side, each with a seed of its own.
    clock
        What the time limit is read from; None: the machine's own.
    start
        A schedule to begin from; empty: one for the shop's own price of electricity is found first.
    tell
        Is told the seconds and the cost at each improvement [s, money].

    Raises
    ------
    DisagreementError
        If a schedule breaks a rule or its cost is not what the dispatch says: a fault of Juli's own.
    InfeasibleError
        If the site can't serve the schedule that the search begins from.
    ValueError
        If selling pays more than buying costs, so that the site's cost is not convex in its load.
    """
    timer = clock or SystemClock()
    stop = Stop(timer, timer.elapsed_seconds(), seconds, iterations)
    infeasible = False
    if not start:
        first = Annealing(problem.shop, seed)
        first.run(stop.after(_START_SHARE))
        start = first.runs()
    if not start:
        half = 0.5 * stop.left
        begun = schedule(problem.shop, seconds=half, iterations=iterations, seed=seed, clock=timer)
        start, infeasible = begun.runs, begun.status is Status.INFEASIBLE
    if not start:
        return JointPlan((), np.inf, np.inf, np.inf, -np.inf, np.inf, 0, 0, infeasible)
    begun_plan = _judged(problem, start)
    guide = problem
    if not is_convex(problem.site):
        # A convex site guides the jobs; the real one judges what is found.
        guide, tell = replace(problem, site=_without_negative_prices(problem.site)), None
    until = stop if iterations is not None else stop.part(stop.share(0), 1.0 - _BOUND_SHARE)
    laps = _search_in_laps(guide, start, seed, threads, until, _teller(stop, tell))
    plans = [begun_plan, *(_judged(problem, runs) for _, runs in laps.found)]
    best = min(plans, key=lambda plan: plan.money)
    best = replace(best, evaluations=laps.evaluations, rounds=laps.rounds)
    if not best.runs:
        return best
    best = replace(best, start_money=begun_plan.money)
    if guide is not problem:
        return best
    relaxed = JointBound(problem, problem.site.consumption_kw + problem.machines_kw(best.runs))
    relaxed.raise_towards(best.money, stop if iterations is None else replace(stop, rounds=_BOUND_ROUNDS))
    return replace(best, bound=min(relaxed.bound, best.money))


def search_jointly(
    problem: JointProblem,
    start: Sequence[Run],
    stop: Stop,
    *,
    seed: int,
    threads: int,
    hottest: float | None = None,
    tell: Callable[[float, float], None] | None = None,
) -> tuple[Run, ...]:
    """Search on from a schedule; the cheapest one met.

    Parameters
    ----------
    problem, start
        The shop and its site, and where to begin.
    stop, seed, threads, tell
        As for :func:`plan_jointly`.
    hottest
        First temperature, as a share of what dearer moves add at first; None: for a start far from the best.
    """
    searches = _searches(problem, start, seed, threads)
    for search in searches:
        search.piece_share = _PIECE_SHARE_ON
        search.hottest = search.hottest if hottest is None else hottest
    _anneal(searches, stop, _teller(stop, tell))
    return min(searches, key=lambda search: search.money).runs()


class _Laps(NamedTuple):
    """What several searches one after the other found, and what they did."""

    found: list[tuple[float, tuple[Run, ...]]]  # cost and schedule of each
    evaluations: int
    rounds: int


def _search_in_laps(
    problem: JointProblem,
    start: Sequence[Run],
    seed: int,
    threads: int,
    stop: Stop,
    hear: Callable[[float], None],
) -> _Laps:
    """Search from the start again and again, in the first half of the laps, then on from the best schedule.

    Where a search ends depends on the basin that it cools into, and more time in one basin helps little. So
    several laps race, and the others warm the winner's schedule up a little and cool it down again. A search
    that has time for one lap makes one.
    """
    searches, moves = _searches(problem, start, seed, threads), stop.rounds
    for search in searches:
        search.dearest_peak = DEAREST_PEAK
    if moves is None:
        _anneal(searches, stop.after(_SOUNDED), hear)
        moves = round(min(search.rounds for search in searches) / _SOUNDED)
    laps = min(max(round(moves / (_LAP_MOVES * len(problem.shop.operations))), 1), _MOST_LAPS)
    racing = (laps + 1) // 2
    found, evaluations, rounds = list[tuple[float, tuple[Run, ...]]](), 0, 0
    for lap in range(laps):
        if lap >= racing:
            start = min(found, key=lambda one: one[0])[1]
        if lap > 0:
            searches = _searches(problem, start, seed + lap * threads, threads)
        for search in searches:
            if lap < racing:
                search.dearest_peak = DEAREST_PEAK
            else:
                search.hottest = _REHEATED
        _anneal(searches, stop.part(lap / laps, (lap + 1) / laps), hear)
        found += [(search.money, search.runs()) for search in searches]
        evaluations += sum(search.evaluations for search in searches)
        rounds += sum(search.rounds for search in searches)
    return _Laps(found, evaluations, rounds)


def _without_negative_prices(site: DispatchProblem) -> DispatchProblem:
    """The site with prices of at least 0: wasting electricity then never pays."""
    return replace(site, buy=np.maximum(site.buy, 0.0), sell=np.maximum(site.sell, 0.0))


def _searches(problem: JointProblem, start: Sequence[Run], seed: int, threads: int) -> list[JointAnnealing]:
    return [JointAnnealing(problem, seed + number, start) for number in range(threads)]


def _teller(stop: Stop, tell: Callable[[float, float], None] | None) -> Callable[[float], None]:
    """Pass on only what is cheaper than all before, with the seconds since the start."""
    best = [np.inf]

    def hear(money: float) -> None:
        if tell is not None and money < best[0]:
            best[0] = money
            tell(stop.spent, money)

    return hear


def _anneal(searches: list[JointAnnealing], stop: Stop, hear: Callable[[float], None]) -> None:
    if len(searches) == 1:
        searches[0].run(stop, hear)
        return
    with ThreadPoolExecutor(len(searches)) as pool:
        list(pool.map(lambda search: search.run(stop, hear), searches))


def _judged(problem: JointProblem, runs: Sequence[Run]) -> JointPlan:
    """What a schedule costs, from its runs alone."""
    broken = judge.broken_rules(problem.shop, runs)
    if broken:
        raise DisagreementError("a schedule breaks the shop's rules: " + "; ".join(broken[:3]))
    drawn_kw = problem.machines_kw(runs)
    if float(drawn_kw.max()) > problem.limit_kw * (1 + 1e-9):
        return JointPlan((), np.inf, np.inf, np.inf, -np.inf, np.inf, 0, 0)
    load = problem.site.consumption_kw + drawn_kw
    try:
        priced = dispatch(replace(problem.site, consumption_kw=load))
    except InfeasibleError:
        return JointPlan((), np.inf, np.inf, np.inf, -np.inf, np.inf, 0, 0)
    money = priced.cost + problem.other_money(runs)
    peak = float(np.maximum(priced.grid_kw, 0.0).max())
    return JointPlan(tuple(runs), money, priced.cost, peak, -np.inf, money, 0, 0)
