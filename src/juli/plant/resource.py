"""What operations share: people by their skills, tools by their number, and the way between the lines."""

from collections.abc import Iterable

from pydantic import Field

from juli.plant.model import BilingualName, Description, Identifier, NonNegative


class Resource(Description):
    """So many people or tools of one kind; an operation takes some while it runs, and gives them back."""

    id: Identifier
    name: BilingualName | None = None
    amount: int = Field(ge=1, le=1_000_000, description="how many there are")
    skills: tuple[Identifier, ...] = Field((), description="what each of them can do; its id is one of them")
    calendar: Identifier | None = Field(
        None, description="a key of `calendars`: when they are there; None: always"
    )

    def can(self, need: str) -> bool:
        """Whether it serves a need: its own id or one of its skills."""
        return need == self.id or need in self.skills


class Transfers(Description):
    """How long parts travel between the production lines."""

    between_lines_minutes: NonNegative = Field(
        0.0, description="from a line to another that `minutes` doesn't name"
    )
    minutes: dict[str, dict[str, NonNegative]] = Field(
        default_factory=dict,
        description="from a line: {to a line: minutes}; the way back takes as long unless it is named",
    )

    def between(self, here: str, there: str) -> float:
        """Minutes from a machine of one line to a machine of another."""
        for one, other in ((here, there), (there, here)):
            named = self.minutes.get(one, {}).get(other)
            if named is not None:
                return named
        return 0.0 if here == there else self.between_lines_minutes


def interchangeable(resources: Iterable[Resource], needs: Iterable[str]) -> list[frozenset[str]]:
    """Needs in groups: two belong together where somebody, or a chain of people, can serve either.

    Examples
    --------
    >>> people = [Resource(id="A", amount=2, skills=("wire", "test")), Resource(id="kit", amount=1)]
    >>> [sorted(group) for group in interchangeable(people, ["wire", "test", "kit"])]
    [['test', 'wire'], ['kit']]
    """
    groups: list[frozenset[str]] = [frozenset([need]) for need in dict.fromkeys(needs)]
    for resource in resources:
        joined = [group for group in groups if any(resource.can(need) for need in group)]
        if len(joined) > 1:
            groups = [frozenset().union(*joined), *(group for group in groups if group not in joined)]
    return groups
