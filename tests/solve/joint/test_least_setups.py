"""What set-ups cost at the least."""

import numpy as np
import pytest

from juli.solve.joint.least_setups import LeastSetups
from juli.workshop.problem import Job, Mode, Operation, Setups, ShopProblem


def test_each_family_that_only_one_machine_can_do_is_set_up_for_once() -> None:
    families = (0, 1, 1, 2)
    shop = ShopProblem(
        slots=12,
        machines=2,
        jobs=tuple(Job() for _ in families),
        operations=tuple(
            Operation(job, (Mode(0, 1), Mode(1, 1)) if family == 2 else (Mode(0, 1),), family=family)
            for job, family in enumerate(families)
        ),
        machine_price=np.array([[5.0] * 6 + [3.0] * 6, [0.0] * 12]),
        setups={0: Setups(((0, 2, 2), (2, 0, 2), (2, 2, 0), (0, 2, 2)), 2.0)},
    )
    # Set up for family 0 at the beginning; for family 1 in two slots at 3 and 2 kW at 0.5; for 2 elsewhere.
    assert LeastSetups(shop).money(np.full(12, 0.5)) == pytest.approx(2 * (3.0 + 1.0))
    # Where electricity that is wasted pays, setting up again and again could.
    assert LeastSetups(shop).money(np.full(12, -5.0)) == pytest.approx(-(6 * 5.0 + 6 * 7.0))
