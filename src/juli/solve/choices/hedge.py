"""What a plan made against several forecasts says; light to import, for reports."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from juli.solve.choices.scenarios import Scenario
    from juli.solve.completion import Outcome

Floats = NDArray[np.float64]


class Risk(StrEnum):
    """By what plans are compared."""

    #: The mean cost over the scenarios.
    MEAN = "mean"
    #: The mean cost over the dearest part of the scenarios.
    CVAR = "cvar"


@dataclass(frozen=True)
class Candidate:
    """A schedule and its deliveries, priced in every scenario.

    Parameters
    ----------
    origin
        What it was searched for with: ``forecast``, ``sequential``, ``mean``, ``criterion``, or a scenario's
        name after ``scenario:``.
    outcome
        The plan with the day's own forecast.
    money
        Its cost in each scenario, infinite where the site can't serve it, shape ``(scenarios,)`` [money].
    criterion
        Mean or conditional value at risk of those that can be served [money].
    """

    origin: str
    outcome: "Outcome"
    money: Floats
    criterion: float

    @property
    def total_money(self) -> float:
        """What the plan costs with the day's own forecast [money]."""
        return np.inf if self.outcome.plan is None else self.outcome.plan.bill.total_money


@dataclass(frozen=True)
class Hedged:
    """A plan made against several scenarios.

    Parameters
    ----------
    scenarios, risk, alpha
        What was asked: the plan is good on average, or over the dearest share 1 - alpha.
    outcome
        The chosen plan with the day's own forecast, judged; its bound is that of the forecast alone.
    chosen
        Which candidate it is; None where no plan was found.
    candidates
        All that were priced, the plan for the forecast alone first.
    """

    scenarios: tuple["Scenario", ...]
    risk: Risk
    alpha: float
    outcome: "Outcome"
    chosen: Candidate | None = None
    candidates: tuple[Candidate, ...] = ()

    @property
    def weights(self) -> Floats:
        """Probabilities, shape ``(scenarios,)``."""
        return np.array([scenario.weight for scenario in self.scenarios])

    def weighed(self, money: Floats, risk: Risk) -> float:
        """Mean cost, or that of the dearest share; infinite where a scenario can't be served [money]."""
        if not np.all(np.isfinite(money)):
            return np.inf
        if risk is Risk.CVAR:
            return conditional_value_at_risk(money, self.weights, self.alpha)
        return mean_money(money, self.weights)

    @property
    def best_money(self) -> Floats:
        """The cheapest candidate's cost in each scenario, shape ``(scenarios,)`` [money]."""
        best: Floats = np.min([one.money for one in self.candidates], axis=0)
        return best


def mean_money(money: Floats, weights: Floats) -> float:
    """Mean cost [money]."""
    return float(money @ weights)


def conditional_value_at_risk(money: Floats, weights: Floats, alpha: float) -> float:
    """Mean cost of the dearest share ``1 - alpha`` of what may come.

    Rockafellar and Uryasev, Journal of Risk 2 (3), 2000, doi:10.21314/JOR.2000.038.

    Parameters
    ----------
    money, weights
        Costs and probabilities, shape ``(scenarios,)`` each.
    alpha
        In [0, 1); at 0 it is the mean.

    Examples
    --------
    >>> conditional_value_at_risk(np.array([1.0, 2.0, 4.0]), np.array([0.5, 0.4, 0.1]), 0.8)
    3.0
    """
    return float(money @ worst_weights(money, weights, alpha))


def worst_weights(money: Floats, weights: Floats, alpha: float) -> Floats:
    """The probabilities inside the dearest share ``1 - alpha``, shape ``(scenarios,)``."""
    share = 1.0 - alpha
    taken = np.zeros(len(money))
    left = share
    for scenario in np.argsort(-money, kind="stable"):
        taken[scenario] = min(weights[scenario], left)
        left -= taken[scenario]
    found: Floats = taken / taken.sum()
    return found
