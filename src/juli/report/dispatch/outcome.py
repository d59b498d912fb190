"""Everything that came of one ``juli dispatch``, for JSON, terminal and page alike."""

from dataclasses import dataclass, field

from juli.core.errors import Problem
from juli.plant.tariffs import TariffBill
from juli.power.dispatch_file import DispatchFile
from juli.power.economics import Economics, Fade
from juli.power.rolling import Rolled
from juli.power.services.operation import Operation
from juli.power.services.stacking import Stacked, Worth


@dataclass(frozen=True, eq=False)
class RollingOutcome:
    """What came of rolling operation, and of perfect foresight.

    Parameters
    ----------
    rolled
        The run.
    every_hours, horizon_hours
        Time from one plan to the next, and how far each looks [h].
    forecasts
        By name of the series, where its forecast came from: ``given``, ``naive``, ``learned``, ``known``.
    perfect_cost
        What perfect foresight pays, with the same battery [money].
    """

    rolled: Rolled
    every_hours: float
    horizon_hours: float
    forecasts: dict[str, str]
    perfect_cost: float

    @property
    def regret(self) -> float:
        """What not knowing the future cost [money]."""
        return self.rolled.cost - self.perfect_cost


@dataclass(frozen=True, eq=False)
class DispatchOutcome:
    """A dispatch and all that was asked beside it.

    Parameters
    ----------
    asked
        The file.
    operation
        The plan, and what the physics made of it.
    before
        The same site without its battery; None where it can't be run without one.
    worths
        What each source is worth, where that was asked.
    bills
        The judge's bills without and with the battery, where the file names a tariff.
    economics, fade
        What the battery comes to over years, and what they leave of it, where that was asked.
    rolling
        What came of rolling operation, where that was asked.
    notes
        What to know about it all.
    """

    asked: DispatchFile
    operation: Operation
    before: Stacked | None
    worths: dict[str, Worth] = field(default_factory=dict)
    bills: tuple[TariffBill | None, TariffBill] | None = None
    economics: Economics | None = None
    fade: Fade | None = None
    rolling: RollingOutcome | None = None
    notes: tuple[Problem, ...] = ()

    @property
    def saved_money(self) -> float | None:
        """What the battery saves by the plan, services included; None where the site needs it [money]."""
        return None if self.before is None else self.before.cost - self.operation.stacked.cost
