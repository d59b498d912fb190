"""What machines cost as a whole is part of the load that the meter judges."""

from dataclasses import replace

import numpy as np
import pytest
from tests.workshop.shared_shops import shared_shop

from juli.core.clock import SystemClock
from juli.power import DispatchProblem
from juli.solve.joint.annealing import JointAnnealing
from juli.solve.joint.problem import JointProblem
from juli.workshop import judge
from juli.workshop.problem import Objective
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
