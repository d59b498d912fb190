"""What will be done, and the independent judge of it."""

from juli.plan.billing import bill
from juli.plan.checking import Violation, check
from juli.plan.result import (
    Bill,
    BillLine,
    Category,
    Dispatch,
    Leg,
    Plan,
    Run,
    Status,
    Stop,
    Trip,
)

__all__ = [
    "Bill",
    "BillLine",
    "Category",
    "Dispatch",
    "Leg",
    "Plan",
    "Run",
    "Status",
    "Stop",
    "Trip",
    "Violation",
    "bill",
    "check",
]
