"""What the judge says of a broken rule."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Violation:
    """One rule broken by one subject.

    Parameters
    ----------
    rule
        The rule's name, as in the rule's function.
    subject
        The operation, machine, slot, truck or order that breaks it.
    amount
        By how much, in the unit that the message names.
    message
        The same as a sentence.
    """

    rule: str
    subject: str
    amount: float
    message: str

    def __str__(self) -> str:
        return f"{self.rule}: {self.message}"
