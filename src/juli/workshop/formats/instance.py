"""An instance as its file tells it, and the shop that it describes.

Three families of files are read. ``fjsp``: jobs and machines on the first line, then a line for each job:
the number of its operations, and for each the number of its machines and pairs of machine and duration,
machines from 1 (files that count from 0 are recognised by their zeros). ``jsp``: jobs and machines, then a
line for each job with pairs of machine and duration, machines from 0. ``fajsp``: operations, arcs and
machines, then a line for each arc, then a line for each operation as in ``fjsp``, all from 0 (Birgin et al.
2014, doi:10.1080/00207543.2013.836258).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from juli.core.errors import InputError, Problem
from juli.workshop.formats.tokens import Line, read_lines
from juli.workshop.problem import Job, Mode, Operation, ShopProblem, Wait, chain

#: Slots that a horizon may have at the most.
_MOST_SLOTS = 2**24


class Format(StrEnum):
    """A family of instance files."""

    FJSP = "fjsp"
    FAJSP = "fajsp"
    JSP = "jsp"


@dataclass(frozen=True)
class Instance:
    """What an instance file says; machines count from 0 here, as everything does.

    Parameters
    ----------
    name
        The file's, without its ending.
    format
        The family of its file.
    machines
        How many there are.
    operations
        For each operation its job, its number in the job, and its machines with durations. Files of
        assemblies have no jobs: there the job is 0 and the number counts all operations.
    arcs
        Which operation waits for which, as their places in ``operations``.
    """

    name: str
    format: Format
    machines: int
    operations: tuple[tuple[int, int, tuple[Mode, ...]], ...]
    arcs: tuple[Wait, ...]


def read_instance(file: Path, family: Format | None = None) -> Instance:
    """Read an instance; its family is told from its content where none is given.

    Raises
    ------
    InputError
        With every problem found, each with its line.
    """
    lines = read_lines(file)
    readers = {Format.FJSP: _Fjsp, Format.FAJSP: _Fajsp, Format.JSP: _Jsp}
    likely = family or _likely(lines)
    answers = [readers[likely](file, lines)]
    if family is None and answers[0].problems:
        answers += [readers[other](file, lines) for other in Format if other is not likely]
    for answer in answers:
        if not answer.problems:
            return Instance(
                file.stem, answer.family, answer.machines, tuple(answer.operations), tuple(answer.arcs)
            )
    problems = answers[0].problems[:20]
    if family is None:
        problems[0] = Problem(
            problems[0].place,
            f"{problems[0].message} (read as {likely.value}, which it looks like most)",
            f"{problems[0].mend}, or name the family with --format",
        )
    raise InputError(problems)


def shop_of(instance: Instance, slots: int | None = None) -> ShopProblem:
    """Pose an instance as a shop: operations that wait for one another, through however many, are one job.

    Parameters
    ----------
    slots
        The deadline; None: late enough for a simple schedule, so for the shortest one too.

    Raises
    ------
    InputError
        If the operations wait for one another in a circle.
    """
    count = len(instance.operations)
    jobs = _components(count, instance.arcs)
    problem = ShopProblem(
        slots=slots or 1,
        machines=instance.machines,
        jobs=(Job(),) * (max(jobs, default=-1) + 1),
        operations=tuple(
            Operation(job, modes) for job, (_, _, modes) in zip(jobs, instance.operations, strict=True)
        ),
        waits=instance.arcs,
    )
    if slots is not None:
        return problem
    horizon = _simple_makespan(problem)
    if horizon > _MOST_SLOTS:
        raise InputError(
            [Problem(instance.name, f"takes {horizon} slots", "measure durations in a coarser unit")]
        )
    return problem.extended(max(horizon, 1))


def _simple_makespan(problem: ShopProblem) -> int:
    """End of a schedule that takes operations in their order, each where it ends first."""
    free, ready = [0] * problem.machines, [0] * len(problem.operations)
    after: list[list[int]] = [[] for _ in problem.operations]
    for wait in problem.waits:
        after[wait.before].append(wait.after)
    for number in problem.topological:
        modes = problem.operations[number].modes
        end, machine = min(
            (max(free[mode.machine], ready[number]) + mode.duration, mode.machine) for mode in modes
        )
        free[machine] = end
        for other in after[number]:
            ready[other] = max(ready[other], end)
    return max(free)


def _components(count: int, arcs: Sequence[Wait]) -> list[int]:
    """The job of each operation: what arcs connect is one, in the order of their first operations."""
    root = list(range(count))

    def find(number: int) -> int:
        while root[number] != number:
            root[number] = root[root[number]]
            number = root[number]
        return number

    for arc in arcs:
        one, other = sorted((find(arc.before), find(arc.after)))
        root[other] = one
    numbers: dict[int, int] = {}
    return [numbers.setdefault(find(number), len(numbers)) for number in range(count)]


def _likely(lines: Sequence[Line]) -> Format:
    """The family that the first lines and the shape of the rest speak for."""
    head, rest = lines[0].numbers, lines[1:]
    if len(head) == 3 and head[1] < len(rest) and len(rest) > head[0]:
        arcs = rest[: int(max(head[1], 0))]
        if all(len(line.numbers) == 2 for line in arcs) and len(rest) > len(arcs):
            return Format.FAJSP
    if len(head) == 2:
        pairs = sum(len(line.numbers) == 2 * head[1] for line in rest)
        if pairs and 2 * pairs >= len(rest):
            return Format.JSP
    return Format.FJSP


class _Reader:
    """What all families share: numbered lines, a head, machines with durations."""

    family: Format

    def __init__(self, file: Path, lines: Sequence[Line]):
        self.problems: list[Problem] = []
        self.operations: list[tuple[int, int, tuple[Mode, ...]]] = []
        self.arcs: list[Wait] = []
        self.machines = 0
        self._file = file
        self._rows: list[tuple[Line, list[list[tuple[int, int]]]]] = []
        for line in lines[1:]:
            if not line.whole:
                self._wrong(line, "holds a number with a fraction", "give whole numbers")
        if not self.problems:
            self._read(lines[0], lines[1:])

    def _read(self, head: Line, rest: Sequence[Line]) -> None:
        raise NotImplementedError

    def _wrong(self, line: Line, message: str, mend: str) -> None:
        self.problems.append(Problem(line.place, message, mend))

    def _has_head(self, head: Line, names: Sequence[str], least: Sequence[int], most: int) -> bool:
        numbers = head.numbers[: len(names)]
        told = " ".join(names)
        if not len(names) <= len(head.numbers) <= most:
            self._wrong(head, f"holds {len(head.numbers)} numbers", f"begin the file with '{told}'")
        elif any(number < low or number != int(number) for number, low in zip(numbers, least, strict=True)):
            found = " ".join(f"{number:g}" for number in head.numbers)
            self._wrong(head, f"says '{found}'", f"begin the file with '{told}', whole and positive")
        return not self.problems

    def _has_lines(self, rest: Sequence[Line], wanted: int, what: str) -> None:
        if len(rest) != wanted:
            self.problems.append(
                Problem(
                    rest[-1].place if rest else str(self._file),
                    f"{len(rest)} lines of numbers follow the first, where {wanted} belong ({what})",
                    "complete the file, or mend its first line",
                )
            )

    def _choices(self, line: Line, numbers: Sequence[int]) -> tuple[list[tuple[int, int]], int] | None:
        """Read machines with durations, and how many numbers they take; None where they are cut short."""
        if not numbers or numbers[0] < 1 or len(numbers) < 1 + 2 * numbers[0]:
            said = f"names {numbers[0]} machines" if numbers else "ends where machines belong"
            self._wrong(
                line,
                f"an operation {said}, and {max(len(numbers) - 1, 0)} numbers are left on the line",
                "give the number of machines, then machine and duration for each",
            )
            return None
        end = 1 + 2 * numbers[0]
        return list(zip(numbers[1:end:2], numbers[2:end:2], strict=True)), end

    def _add(self, first_machine: int) -> None:
        """Turn the rows of all jobs into operations, machines counted from 0."""
        for job, (line, row) in enumerate(self._rows):
            first = len(self.operations)
            self.arcs += chain(range(first, first + len(row)))
            for number, choices in enumerate(row):
                modes = self._modes(line, number, choices, first_machine)
                self.operations.append((job, number, modes))

    def _modes(
        self, line: Line, number: int, choices: Sequence[tuple[int, int]], first_machine: int
    ) -> tuple[Mode, ...]:
        """Check the machines of an operation; a machine that is named twice counts with its shorter time."""
        shortest: dict[int, int] = {}
        for machine, duration in choices:
            if not first_machine <= machine < first_machine + self.machines:
                last = first_machine + self.machines - 1
                self._wrong(
                    line,
                    f"operation {number} names machine {machine}, and there are {self.machines}",
                    f"machines count from {first_machine} to {last}",
                )
            if duration < 0:
                self._wrong(line, f"operation {number} takes {duration}", "durations are 0 or longer")
            at = machine - first_machine
            shortest[at] = min(duration, shortest.get(at, duration))
        return tuple(Mode(machine, max(duration, 0)) for machine, duration in shortest.items())


class _Fjsp(_Reader):
    family = Format.FJSP

    def _read(self, head: Line, rest: Sequence[Line]) -> None:
        if not self._has_head(head, ("jobs", "machines"), (1, 1), 3):
            return
        self.machines = int(head.numbers[1])
        self._has_lines(rest, int(head.numbers[0]), "one for each job")
        for line in rest:
            self._rows.append((line, self._job(line)))
        if not self.problems:
            self._add(self._first_machine())

    def _job(self, line: Line) -> list[list[tuple[int, int]]]:
        wanted, at = line.values[0], 1
        row: list[list[tuple[int, int]]] = []
        if wanted < 0:
            self._wrong(line, f"has {wanted} operations", "give the number of its operations first")
        for _ in range(wanted):
            read = self._choices(line, line.values[at:])
            if read is None:
                return row
            row.append(read[0])
            at += read[1]
        if at < len(line.values) and wanted >= 0:
            self._wrong(
                line,
                f"{len(line.values) - at} numbers are left after {wanted} operations",
                "let the first number of the line count its operations",
            )
        return row

    def _first_machine(self) -> int:
        named = [machine for _, row in self._rows for choices in row for machine, _ in choices]
        return 0 if named and min(named) == 0 and max(named) < self.machines else 1


class _Jsp(_Reader):
    family = Format.JSP

    def _read(self, head: Line, rest: Sequence[Line]) -> None:
        if not self._has_head(head, ("jobs", "machines"), (1, 1), 2):
            return
        self.machines = int(head.numbers[1])
        self._has_lines(rest, int(head.numbers[0]), "one for each job")
        for line in rest:
            if len(line.values) % 2:
                self._wrong(line, f"holds {len(line.values)} numbers", "give pairs of machine and duration")
            pairs = zip(line.values[::2], line.values[1::2], strict=False)
            self._rows.append((line, [[pair] for pair in pairs]))
        if not self.problems:
            named = [machine for _, row in self._rows for [(machine, _)] in row]
            self._add(1 if named and min(named) == 1 and max(named) == self.machines else 0)


class _Fajsp(_Reader):
    family = Format.FAJSP

    def _read(self, head: Line, rest: Sequence[Line]) -> None:
        if not self._has_head(head, ("operations", "arcs", "machines"), (1, 0, 1), 3):
            return
        count, arcs, self.machines = head.values
        self._has_lines(rest, arcs + count, "one for each arc, then one for each operation")
        for line in rest[:arcs]:
            if len(line.values) != 2 or not all(0 <= number < count for number in line.values):
                told = " ".join(map(str, line.values))
                self._wrong(line, f"'{told}' is no arc", f"give two operations, from 0 to {count - 1}")
            else:
                self.arcs.append(Wait(*line.values))
        for number, line in enumerate(rest[arcs:]):
            read = self._choices(line, line.values)
            if read is None:
                continue
            choices, end = read
            if end < len(line.values):
                self._wrong(
                    line,
                    f"{len(line.values) - end} numbers are left after {len(choices)} machines",
                    "let the first number of the line count its machines",
                )
            self.operations.append((0, number, self._modes(line, number, choices, 0)))
