"""Rules on calendars: shifts that can be worked, and machines that work by one."""

from collections.abc import Iterator
from itertools import pairwise

from juli.core.errors import Severity
from juli.plant.consistency.finding import Finding, Path
from juli.plant.factory import Plant


def calendars_known(plant: Plant) -> Iterator[Finding]:
    """A machine's calendar is one of the plant's."""
    for index, machine in enumerate(plant.machines):
        if machine.calendar not in plant.calendars:
            message = f"{machine.id} works by the calendar {machine.calendar}, which does not exist"
            yield Finding(
                ("machines", index, "calendar"), message, f"name one of {', '.join(plant.calendars)}"
            )


def shifts_in_order(plant: Plant) -> Iterator[Finding]:
    """Dates run forward, and breaks lie inside their shift."""
    day = plant.settlement_grid().start
    for name, calendar in plant.calendars.items():
        for number, shift in enumerate(calendar.shifts):
            path: Path = ("calendars", name, "shifts", number)
            if shift.first_day and shift.last_day and shift.last_day < shift.first_day:
                message = f"its last_day {shift.last_day} is before its first_day {shift.first_day}"
                yield Finding((*path, "last_day"), message, "swap the two, or correct one")
            begin, end = shift.on(day.date(), day)
            for place, pause in enumerate(shift.breaks):
                either_day = [pause.on(when.date(), day) for when in (begin, end)]
                if not any(begin <= first and last <= end for first, last in either_day):
                    message = f"the break from {pause.from_} to {pause.to} lies outside its shift"
                    mend = f"place it between {shift.from_} and {shift.to}; until then it is not made"
                    yield Finding((*path, "breaks", place), message, mend, Severity.WARNING)


def shifts_apart(plant: Plant) -> Iterator[Finding]:
    """No two shifts of a calendar are worked at once."""
    grid = plant.settlement_grid()
    for name, calendar in plant.calendars.items():
        worked = sorted(calendar.worked_hours(grid), key=lambda stretch: stretch[:2])
        for (_, end, shift), (begin, _, later) in pairwise(worked):
            if begin < end:
                message = f"at {begin} it has two shifts at once, from {shift.from_} and from {later.from_}"
                mend = "end one where the other begins; until then the one written last counts"
                yield Finding(("calendars", name), message, mend, Severity.WARNING)
                break


def machines_have_shifts(plant: Plant) -> Iterator[Finding]:
    """Every machine has a shift in the planned days."""
    grid = plant.schedule_grid(plant.settlement_grid())
    for index, machine in enumerate(plant.machines):
        calendar = plant.calendars.get(machine.calendar)
        if calendar is not None and not machine.working(calendar, grid).any():
            message = f"{machine.id} has no shift in the planned days"
            yield Finding(
                ("machines", index, "calendar"), message, "check the shifts' days", Severity.WARNING
            )
