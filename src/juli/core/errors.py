"""Every error that Juli raises on purpose, and the problems that bad input is described with.

::

    JuliError
    ├── InputError          the input is wrong: carries every Problem found (also a ValueError)
    ├── InfeasibleError     the input is fine, but nothing satisfies it (also a ValueError)
    ├── DisagreementError   a solver and the independent judge differ: a fault of Juli's own
    └── MissingExtraError   an optional part of Juli is not installed (also an ImportError)

A solve that ran out of time or has no plan is no error but a status (:class:`juli.plan.Status`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """Whether a problem stops the work or only deserves a look."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that is wrong with the input, told so that its author can mend it.

    Parameters
    ----------
    place
        Where it stands, as an editor would show it: ``plant.yaml:31`` or ``orders.xlsx[Orders!C7]``.
    message
        What is wrong, with the values that contradict each other.
    mend
        What to do about it.
    severity
        Errors stop a plan, warnings do not.
    """

    place: str
    message: str
    mend: str
    severity: Severity = Severity.ERROR

    def __str__(self) -> str:
        return f"{self.place}: {self.severity}: {self.message} -> {self.mend}"


class JuliError(Exception):
    """The root of Juli's errors: its text is written for the person at the keyboard."""


class InputError(JuliError, ValueError):
    """The input is wrong.

    Parameters
    ----------
    problems
        Every problem found, or a plain sentence where there is one problem and no file.
    """

    def __init__(self, problems: Sequence[Problem] | str):
        self.problems: tuple[Problem, ...] = () if isinstance(problems, str) else tuple(problems)
        super().__init__(problems if isinstance(problems, str) else "\n".join(map(str, self.problems)))


class InfeasibleError(JuliError, ValueError):
    """Nothing satisfies the problem; the text names the place and the values that rule it out."""


class DisagreementError(JuliError):
    """A solver's claim and the independent judge's account of the same plan differ."""


class MissingExtraError(JuliError, ImportError):
    """An optional part is asked for that is not installed.

    Parameters
    ----------
    extra
        The name of the extra that brings it: ``report``, ``osm``, ``postgres``.
    purpose
        What it is needed for.
    """

    def __init__(self, extra: str, purpose: str):
        super().__init__(f"{purpose} needs an optional part: pip install 'juli[{extra}]'")
