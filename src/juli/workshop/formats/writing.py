"""Instances as text, in the family of their file."""

from collections.abc import Sequence

from juli.workshop.formats.instance import Format, Instance
from juli.workshop.problem import Mode


def instance_text(instance: Instance) -> str:
    """Write an instance as its file would be, so that reading it gives the same again."""
    first = 1 if instance.format is Format.FJSP else 0
    if instance.format is Format.FAJSP:
        lines = [f"{len(instance.operations)} {len(instance.arcs)} {instance.machines}"]
        lines += [f"{arc.before} {arc.after}" for arc in instance.arcs]
        lines += [_choices(modes, first) for _, _, modes in instance.operations]
        return "\n".join(lines) + "\n"
    jobs: list[list[Sequence[Mode]]] = []
    for job, _, modes in instance.operations:
        while len(jobs) <= job:
            jobs.append([])
        jobs[job].append(modes)
    lines = [f"{len(jobs)} {instance.machines}"]
    for row in jobs:
        if instance.format is Format.JSP:
            lines.append(" ".join(f"{modes[0].machine} {modes[0].duration}" for modes in row))
        else:
            lines.append(" ".join([str(len(row)), *(_choices(modes, first) for modes in row)]))
    return "\n".join(lines) + "\n"


def _choices(modes: Sequence[Mode], first_machine: int) -> str:
    pairs = (f"{mode.machine + first_machine} {mode.duration}" for mode in modes)
    return " ".join([str(len(modes)), *pairs])
