"""What machines cost as a whole is part of the load that the meter judges."""

from dataclasses import replace

import numpy as np
import pytest
from tests.workshop.shared_shops import shared_shop

from juli.core.clock import SystemClock
from juli.power import DispatchProblem, dispatch
from juli.solve.joint.annealing import JointAnnealing
from juli.solve.joint.bound import JointBound
from juli.solve.joint.problem import JointProblem
from juli.workshop import judge
from juli.workshop.problem import Job, Mode, Objective, Operation, ShopProblem
from juli.workshop.scheduling import schedule
from juli.workshop.stop import Stop


@pytest.mark.parametrize("seed", range(40))
def test_a_shop_with_batches_set_ups_and_warming_up_costs_the_search_what_it_costs_the_judge(
    seed: int,
) -> None:
    shop = shared_shop(seed)
    price = np.random.default_rng(seed).uniform(0.1, 1.5, shop.slots)
    shop = replace(shop, energy_price=price)
    start = schedule(shop, seconds=60.0, iterations=20, seed=seed).runs
    if not start:
        pytest.skip("nothing fits into this shop")
    # Bought and sold at one price, without a battery: the bill is the shop's own energy at that price.
    site = DispatchProblem(
        step_hours=shop.step_hours, consumption_kw=np.zeros(shop.slots), buy=price, sell=price
    )
    search = JointAnnealing(JointProblem(shop, site), seed, start)
    assert search.money == pytest.approx(judge.cost(shop, start, Objective.MONEY), abs=1e-6)
    search.run(Stop(SystemClock(), 0.0, np.inf, 300))
    assert search.money == pytest.approx(judge.cost(shop, search.runs(), Objective.MONEY), abs=1e-6)
    site = replace(site, consumption_kw=JointProblem(shop, site).machines_kw(search.runs()))
    other = replace(shop, energy_price=None)
    whole = dispatch(site).cost + judge.cost(other, search.runs(), Objective.MONEY)
    assert search.money == pytest.approx(whole, abs=1e-6)
    site = replace(site, consumption_kw=np.zeros(shop.slots))
    # Nor does it cost less than the bound, in which each in a batch pays its share.
    relaxed = JointBound(JointProblem(shop, site), np.zeros(shop.slots))
    relaxed.raise_towards(search.money, Stop(SystemClock(), 0.0, np.inf, 40))
    assert relaxed.bound <= search.money + 1e-6


def test_a_bound_counts_the_share_that_a_load_takes_of_its_batch() -> None:
    batch = (Mode(0, 2, kw=10.0),)
    shop = ShopProblem(
        slots=8,
        machines=1,
        jobs=(Job(), Job()),
        operations=tuple(Operation(job, batch, load=1.0) for job in range(2)),
        step_hours=1.0,
        batches={0: 2.0},
    )
    site = DispatchProblem(step_hours=1.0, consumption_kw=np.zeros(8), buy=1.0, sell=1.0)
    relaxed = JointBound(JointProblem(shop, site), np.zeros(8))
    relaxed.raise_towards(20.0, Stop(SystemClock(), 0.0, np.inf, 5))
    # Both fit into one batch of two hours at 10 kW, and each pays half of it.
    assert relaxed.bound == pytest.approx(20.0, rel=1e-6)
