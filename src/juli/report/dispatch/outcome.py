"""Everything that came of one ``juli dispatch``, for JSON, terminal and page alike."""

from dataclasses import dataclass, field

from juli.core.errors import Problem
from juli.plant.tariffs import TariffBill
from juli.power.dispatch_file import DispatchFile
from juli.power.services.operation import Operation
from juli.power.services.stacking import Stacked, Worth


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
    notes
        What to know about it all.
    """

    asked: DispatchFile
    operation: Operation
    before: Stacked | None
    worths: dict[str, Worth] = field(default_factory=dict)
    bills: tuple[TariffBill | None, TariffBill] | None = None
    notes: tuple[Problem, ...] = ()

    @property
    def saved_money(self) -> float | None:
        """What the battery saves by the plan, services included; None where the site needs it [money]."""
        return None if self.before is None else self.before.cost - self.operation.stacked.cost
