"""The driver of the joint search: it begins from a schedule, cools down, and keeps the best."""

from collections.abc import Callable, Sequence

import numpy as np

from juli.solve.joint.chains import chain_rounds
from juli.solve.joint.machines import add_load, draw_as_a_whole, sharing_machines
from juli.solve.joint.outlook import joint_meter, new_planes, set_caps, value_anew
from juli.solve.joint.problem import JointProblem
from juli.solve.joint.search import (
    ACCEPTED,
    BATCH_SHARE,
    BEST,
    COUNTS,
    DEARER,
    ELECTRICITY,
    MONEYS,
    MOST_REMOVED,
    NOISE,
    OVER_PRICE,
    PENALTY,
    PIECE_SHARE,
    PRICED_EVERY,
    REST,
    SOUNDINGS,
    TEMPERATURE,
    TOTAL,
    JointSearch,
    joint_rounds,
)
from juli.solve.joint.valuation import SEVERAL, make_desk
from juli.workshop.annealing import first_schedule
from juli.workshop.arrays import compile_shop
from juli.workshop.bookings import PLACE
from juli.workshop.chains import Chains, new_chains, suits_chains
from juli.workshop.chance import new_chance
from juli.workshop.pieces import new_pieces
from juli.workshop.problem import Run
from juli.workshop.stop import Stop

#: The search looks at the clock about this often [s].
_CHUNK_SECONDS = 0.05
#: Rounds at one temperature where rounds are counted and time is not.
_FIXED_CHUNK = 16
#: How much the prices offered to jobs are disturbed at the most, as a share of the price.
_NOISE = 0.7
#: The first temperature as a share of what moves that cost more add at first, and the last as a share of it.
_HOTTEST, _COOLED = 0.25, 0.04
#: At first a kW of peak costs so many times its price, if that is asked for; it falls in so many steps to the
#: price itself over this share of the search.
DEAREST_PEAK, _PEAK_STEPS, _PEAK_SHARE = 3.0, 8, 0.5
#: Share of the moves that take pieces of jobs out, not whole ones; the longest stretch that these are taken
#: from, in mean durations of an operation.
_PIECE_SHARE, _LONGEST = 0.7, 4.5
#: Share of those that empty whole batches, where machines take batches.
_BATCH_SHARE = 0.3
#: Drawing a kW too much over a slot costs so many times the dearest kWh.
_OVER_FACTOR = 20.0


class JointAnnealing:
    """A joint search that can be interrupted and taken up again.

    Parameters
    ----------
    problem
        The shop and its site; the site's cost has to be convex in its load.
    seed
        Equal seeds and rounds give equal schedules.
    start
        A schedule to begin from.

    Attributes
    ----------
    hottest
        The first temperature, as a share of what dearer moves add at first.
    dearest_peak
        What a kW of peak costs at first, in times its price. Where a schedule is far from the best, a dear
        peak leads it to an even load, and from there single moves find what a higher peak is worth; the
        other way they don't, as many jobs have to leave the slots of the peak before it falls.
    piece_share
        Share of the moves that take pieces of jobs out, not whole ones.
    """

    def __init__(self, problem: JointProblem, seed: int, start: Sequence[Run]):
        self.rounds = 0
        self.hottest = _HOTTEST
        self.dearest_peak = 1.0
        self.piece_share = _PIECE_SHARE
        self._peak_factor = 1.0
        self._problem = problem
        self._shop = compile_shop(problem.shop)
        self._now = first_schedule(problem.shop, self._shop, start)
        self._pieces = new_pieces(self._shop)
        self._meter = joint_meter(problem)
        self._desk = make_desk(self._meter.site)
        self._demand_price = self._meter.site.demand_price
        self._search = self._begin()
        self._chains: Chains | None = None
        if suits_chains(problem.shop, self._shop) and bool((self._now.places["mode"] >= 0).all()):
            self._chains = new_chains(self._shop, self._now)
        self._best = float(self._search.money[BEST])
        self._chance = new_chance(seed)
        self._told = np.inf
        self._chunk = _FIXED_CHUNK

    def load(self) -> None:
        """Compile the engines, for chains and for all other shops, or read them from the cache."""
        search, desk = self._search, self._desk
        if self._chains is not None:
            chain_rounds(self._chains, self._meter, desk, search, self._chance, 0)
        joint_rounds(self._shop, self._now, self._pieces, self._meter, desk, search, self._chance, 0)

    @property
    def money(self) -> float:
        """What the best schedule costs; what no search can change is left out [money]."""
        return self._best if self._peak_factor > 1.0 else float(self._search.money[BEST])

    @property
    def evaluations(self) -> int:
        """Loads that went through the true dispatch."""
        return int(self._desk.counted[0])

    def runs(self) -> tuple[Run, ...]:
        """The best schedule so far."""
        real = self._search.best[: len(self._problem.shop.operations)]
        mode, start, end = real["mode"], real["start"], real["end"]
        if self._chains is not None:
            mode, start, end = self._chains.best.T
        machines = self._shop.modes["machine"][mode].tolist()
        rows = zip(machines, start.tolist(), end.tolist(), strict=True)
        return tuple(Run(number, *row) for number, row in enumerate(rows))

    def run(self, stop: Stop, tell: Callable[[float], None] | None = None) -> None:
        """Anneal until told to stop; ``tell`` hears of each improvement [money]."""
        money = self._search.money
        money[PIECE_SHARE] = self.piece_share
        while len(self._search.movable) and not stop.reached(self.rounds):
            share = stop.share(self.rounds)
            money[TEMPERATURE] = self._hottest() * _COOLED**share
            self._price_peak(self._factor(share))
            size, before = self._chunk, stop.spent
            if stop.rounds is not None:
                size = min(_FIXED_CHUNK, stop.rounds - self.rounds)
            self._round(size)
            self.rounds += size
            if stop.spent - before < _CHUNK_SECONDS / 2:
                self._chunk *= 2
            if tell is not None and self.money < self._told:
                self._told = self.money
                tell(self._told)
        self._price_peak(1.0)

    def _factor(self, share: float) -> float:
        """What a kW of peak costs after a share of the search, in times its price."""
        if self._meter.period < 0 or share >= _PEAK_SHARE:
            return 1.0
        steps = int(share / _PEAK_SHARE * _PEAK_STEPS)
        return 1.0 + (self.dearest_peak - 1.0) * (1.0 - steps / _PEAK_STEPS)

    def _price_peak(self, factor: float) -> None:
        """Go on with another price of the peak; the schedule so far is kept if it is the best at the true."""
        if factor == self._peak_factor:
            return
        money = self._search.money
        if self._peak_factor == 1.0:
            self._best = float(money[BEST])
        self._value_with(1.0)
        if money[TOTAL] < self._best - 1e-9:
            self._best = float(money[TOTAL])
            self._keep()
        money[BEST] = self._best
        if factor > 1.0:
            self._value_with(factor)
            money[BEST] = -np.inf  # no schedule is kept for what it costs at another price
        self._peak_factor = factor

    def _value_with(self, factor: float) -> None:
        """Value the schedule with so many times the demand price."""
        search, money = self._search, self._search.money
        price = factor * self._demand_price
        price.flags.writeable = self._demand_price.flags.writeable
        self._meter = self._meter._replace(site=self._meter.site._replace(demand_price=price))
        load = search.now.load_kw.copy()
        money[ELECTRICITY] = value_anew(self._meter, load, self._desk, search.now)
        money[TOTAL] = money[REST] + money[ELECTRICITY]

    def _hottest(self) -> float:
        """The temperature at which moves that cost more are often kept."""
        search = self._search
        return self.hottest * float(search.money[DEARER]) / max(int(search.counts[SOUNDINGS]), 1)

    def _round(self, rounds: int) -> None:
        search = self._search
        accepted = search.counts[ACCEPTED]
        if self._chains is not None:
            chain_rounds(self._chains, self._meter, self._desk, search, self._chance, rounds)
        else:
            joint_rounds(
                self._shop, self._now, self._pieces, self._meter, self._desk, search, self._chance, rounds
            )
        if self._meter.period == SEVERAL and search.counts[ACCEPTED] > accepted:
            self._set_caps(search)

    def _set_caps(self, search: JointSearch) -> None:
        """With several demand charges the caps stand while jobs move; now they follow."""
        set_caps(self._problem, self._meter, search.now)
        load = search.now.load_kw.copy()
        search.money[ELECTRICITY] = value_anew(self._meter, load, self._desk, search.now)
        search.money[TOTAL] = search.money[REST] + search.money[ELECTRICITY]
        if search.money[TOTAL] < search.money[BEST] - 1e-9:
            search.money[BEST] = search.money[TOTAL]
            self._keep()

    def _keep(self) -> None:
        """The schedule of now is the best."""
        self._search.best[:] = self._now.places
        if self._chains is not None:
            self._chains.best[:] = self._chains.run

    def _begin(self) -> JointSearch:
        problem, shop, now = self._problem, self._shop, self._now
        slots, per = problem.site.slots, problem.per_settlement
        movable = np.flatnonzero(shop.jobs["groups_end"] > shop.jobs["groups"])
        rest, machine_kw = np.zeros(len(shop.jobs)), np.zeros(slots)
        touched = np.zeros(len(shop.always_open), dtype=np.bool_)
        for job in movable:
            rest[job] = now.job_money[job] - add_load(shop, now, int(job), 1.0, per, machine_kw, touched)
        fixed = [operation.fixed for operation in problem.shop.operations if operation.fixed is not None]
        machine_kw += problem.own_kw(fixed)
        sharers = sharing_machines(shop)
        shared_kw, shared_wages = np.zeros((len(sharers), slots)), np.zeros(len(sharers))
        for k, machine in enumerate(sharers.tolist()):
            shared_wages[k] = draw_as_a_whole(shop, now, machine, per, shared_kw[k])
        machine_kw += shared_kw.sum(axis=0)
        planes, trial = new_planes(self._meter), new_planes(self._meter)
        load = problem.site.consumption_kw + machine_kw
        if self._meter.period == SEVERAL:
            planes.load_kw[:] = load
            set_caps(problem, self._meter, planes)
        money = np.zeros(MONEYS)
        money[OVER_PRICE] = _OVER_FACTOR * problem.site.step_hours * float(problem.site.buy.max())
        over = float(np.maximum(machine_kw - problem.limit_kw, 0.0).sum())
        money[REST] = rest.sum() + shared_wages.sum() + over * money[OVER_PRICE]
        money[ELECTRICITY] = value_anew(self._meter, load, self._desk, planes)
        money[TOTAL] = money[BEST] = money[REST] + money[ELECTRICITY]
        money[PENALTY], money[NOISE] = np.inf, _NOISE
        money[PIECE_SHARE], money[BATCH_SHARE] = _PIECE_SHARE, _BATCH_SHARE
        durations = shop.operations["shortest"][shop.operations["shortest"] > 0]
        mean_duration = float(durations.mean()) if len(durations) else 1.0
        return JointSearch(
            per=per,
            limit_kw=float(problem.limit_kw),
            money=money,
            counts=np.zeros(COUNTS, dtype=np.int64),
            rest=rest,
            machine_kw=machine_kw,
            wages_least=np.diff(shop.wages, axis=1).min(axis=1),
            priced_every=1 if shop.slots * len(shop.always_open) < PRICED_EVERY else 8,
            longest=1 + round(_LONGEST * mean_duration),
            touched=touched,
            sharers=sharers,
            shared_kw=shared_kw,
            shared_wages=shared_wages,
            trial_kw=np.zeros_like(shared_kw),
            trial_wages=np.zeros_like(shared_wages),
            now=planes,
            trial=trial,
            best=now.places.copy(),
            saved=np.zeros(len(now.places), dtype=PLACE),
            saved_rest=np.zeros(MOST_REMOVED),
            chosen=np.zeros(MOST_REMOVED, dtype=np.int64),
            movable=movable,
            out=np.zeros(len(rest), dtype=np.bool_),
            added_kw=np.zeros(slots),
            offered=np.zeros(slots),
        )
