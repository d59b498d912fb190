"""What would make an order punctual, each mend found by solving the shop again around the plan."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from juli.plan.result import Plan
from juli.plant.work import Work
from juli.solve.consumption import ConsumptionModel, machine_wages
from juli.solve.day import Day
from juli.solve.deliveries import works_due_seconds
from juli.solve.electricity import dispatch_problem
from juli.solve.explanation.chain import Link
from juli.solve.production import shop_problem
from juli.workshop import judge
from juli.workshop.problem import Objective, Run, ShopProblem
from juli.workshop.repair import advance
from juli.workshop.stop import Stop

Kind = Literal["priority", "wait", "overtime", "machine"]

#: Overtime is paid at so many times the dearest wage of a machine's calendar.
OVERTIME_FACTOR: Final = 1.5
#: The price of the order's lateness while its punctuality is searched for, times the shop's dearest.
_URGENT: Final = 1000.0
#: At most so many machines are tried with overtime, and orders that could wait, and other machines.
_MOST_TRIED: Final = 3


@dataclass(frozen=True)
class Mend:
    """One way of getting an order done earlier.

    Parameters
    ----------
    kind
        ``priority``: everyone gives way; ``wait``: one other order does; ``overtime``: a machine is open in
        its closed hours; ``machine``: an operation goes to another machine.
    subject
        The order, machine or operation; empty for priority.
    completed_slot
        When the order is then complete.
    late_hours
        How late that is at the works [h].
    cost_money
        What everything else costs more than after a search with nothing changed: electricity, wages, other
        orders' lateness [money].
    saved_money
        What the order's own lateness costs less [money].
    later_orders
        Other orders that are then complete later than promised, and later than planned.
    """

    kind: Kind
    subject: str
    completed_slot: int
    late_hours: float
    cost_money: float
    saved_money: float
    later_orders: tuple[str, ...]


class Workbench:
    """A plan's schedule as a shop, and what solving it again around an order gives.

    Parameters
    ----------
    day, work, plan
        The question and the plan.
    order
        The order that is asked about.
    stop_for
        Gives the end of each search.
    seed
        Where all chance comes from.
    """

    def __init__(self, day: Day, work: Work, plan: Plan, order: str, stop_for: Callable[[], Stop], seed: int):
        from juli.power import dispatch

        self.day, self.work = day, work
        self.order = order
        self._stop_for, self._seed = stop_for, seed
        consumption = ConsumptionModel(day.plant, day.demand)
        priced = dispatch(dispatch_problem(day.plant, day.demand, consumption.consumption_kw(plan.runs)))
        self.shop = shop_problem(
            day.plant,
            day.demand,
            work,
            consumption,
            due_seconds=works_due_seconds(day.plant, day.demand),
            price_per_kwh=priced.price_of_consumption,
        )
        self.number_of = {operation.id: number for number, operation in enumerate(work.operations)}
        machine_of = {machine.id: number for number, machine in enumerate(day.plant.machines)}
        told = sorted(
            (
                Run(self.number_of[run.operation], machine_of[run.machine], run.start, run.end)
                for run in plan.runs
            ),
            key=lambda run: run.operation,
        )
        self.told: tuple[Run, ...] = tuple(told)
        self.job = next(at for at, one in enumerate(day.demand.orders) if one.id == order)
        #: What a search finds with nothing changed: it is no mend's merit.
        self.searched = self.solved(self.shop)

    # ------------------------------------------------------------------------------------ re-solving

    def urgent(self, shop: ShopProblem) -> ShopProblem:
        """The same shop where nothing matters as much as this order."""
        dearest = max((job.late_price for job in shop.jobs), default=0.0)
        price = _URGENT * max(dearest, 1.0)
        jobs = tuple(
            replace(job, late_price=price if at == self.job else job.late_price)
            for at, job in enumerate(shop.jobs)
        )
        return replace(shop, jobs=jobs)

    def solved(
        self, shop: ShopProblem, start: Sequence[Run] | None = None, others: Sequence[int] | None = None
    ) -> tuple[Run, ...]:
        """Search the order together with others, or with all in its way."""
        return advance(
            shop,
            self.told if start is None else start,
            self.job,
            others=others,
            stop=self._stop_for(),
            seed=self._seed,
        )

    def completed(self, runs: Sequence[Run], job: int) -> int:
        """The slot at which a job is complete."""
        return max(run.end for run in runs if self.shop.operations[run.operation].job == job)

    def lateness_money(self, runs: Sequence[Run], job: int) -> float:
        """What a job's lateness costs at its own price."""
        row = self.shop.jobs[job]
        return 0.0 if row.due is None else row.late_price * max(self.completed(runs, job) - row.due, 0.0)

    def late_hours(self, runs: Sequence[Run], job: int) -> float:
        """How late a job is complete for its promise [h]."""
        due = self.shop.jobs[job].due
        return 0.0 if due is None else max(self.completed(runs, job) - due, 0.0) * self.shop.step_hours

    # ------------------------------------------------------------------------------------ the mends

    def mends(self, chain: Sequence[Link]) -> list[Mend]:
        """Try every mend that the chain suggests; those that get the order done earlier, cheapest first."""
        found = [mend for mend in self._tried(chain) if mend is not None]
        return sorted(found, key=lambda mend: (mend.late_hours, mend.cost_money - mend.saved_money))

    def _tried(self, chain: Sequence[Link]) -> Iterator[Mend | None]:
        urgent = self.urgent(self.shop)
        first = self._mend("priority", "", self.shop, self.solved(urgent))
        yield first
        job_of = {order.id: at for at, order in enumerate(self.day.demand.orders)}
        others = [link.order for link in chain if link.order != self.order]
        others += first.later_orders if first is not None else ()
        waiting = list(dict.fromkeys(others))
        for order in waiting[:_MOST_TRIED]:
            yield self._mend("wait", order, self.shop, self.solved(urgent, others=[job_of[order]]))
        # Closings that bind come first, then those of the chain's other machines.
        by_closing = sorted(chain, key=lambda link: -link.closed_hours)
        closed = list(dict.fromkeys(link.run.machine for link in by_closing if self._closes(link)))
        for machine in closed[:_MOST_TRIED]:
            overtime = self.with_overtime(machine)
            yield self._mend("overtime", machine, overtime, self.solved(self.urgent(overtime)))
        taken = [link for link in chain if link.order == self.order and link.binding in ("machine", "closed")]
        for link in taken[:_MOST_TRIED]:
            number = self.number_of[link.run.operation]
            operation = self.shop.operations[number]
            mine = next(run for run in self.told if run.operation == number).machine
            modes = tuple(mode for mode in operation.modes if mode.machine != mine)
            if modes:
                operations = list(self.shop.operations)
                operations[number] = replace(operation, modes=modes)
                elsewhere = replace(self.shop, operations=tuple(operations))
                runs = self.solved(self.urgent(elsewhere))
                yield self._mend("machine", link.run.operation, elsewhere, runs)

    def _closes(self, link: Link) -> bool:
        """Whether a link's machine could be open longer before the order is complete."""
        _, spare = self._spare(link.run.machine)
        return bool(spare[: self.completed(self.told, self.job)].any())

    def _spare(self, machine: str) -> tuple[int, NDArray[np.bool_]]:
        """A machine's number, and the slots in which its calendar closes it, maintenance left out."""
        plant, grid = self.day.plant, self.day.demand.schedule
        at = next(number for number, one in enumerate(plant.machines) if one.id == machine)
        one = plant.machines[at].model_copy(update={"maintenance": ()})
        return at, ~one.working(plant.calendars[one.calendar], grid) & ~self.shop.is_open[at]

    def with_overtime(self, machine: str) -> ShopProblem:
        """The shop with a machine open in its closed hours, but for maintenance, at overtime wages."""
        at, added = self._spare(machine)
        plant, demand = self.day.plant, self.day.demand
        opened = self.shop.is_open.copy()
        opened[at] |= added
        wages = machine_wages(plant, demand) if self.shop.machine_price is None else self.shop.machine_price
        wages = wages.copy()
        wages[at][added] = OVERTIME_FACTOR * wages[at].max(initial=0.0)
        return replace(self.shop, opened=opened, machine_price=wages)

    def _mend(self, kind: Kind, subject: str, shop: ShopProblem, runs: tuple[Run, ...]) -> Mend | None:
        """Account for a schedule at the real prices; None where the order is not done earlier."""
        if not runs:
            return None
        slot = self.completed(runs, self.job)
        if slot >= min(self.completed(self.told, self.job), self.completed(self.searched, self.job)):
            return None
        saved = self.lateness_money(self.searched, self.job) - self.lateness_money(runs, self.job)
        more = judge.cost(shop, runs, Objective.MONEY) - judge.cost(self.shop, self.searched, Objective.MONEY)
        orders = self.day.demand.orders
        later = tuple(
            order.id
            for at, order in enumerate(orders)
            if at != self.job and self.late_hours(runs, at) > self.late_hours(self.told, at) + 1e-9
        )
        return Mend(
            kind=kind,
            subject=subject,
            completed_slot=slot,
            late_hours=self.late_hours(runs, self.job),
            cost_money=more + saved,
            saved_money=saved,
            later_orders=later,
        )

    def punctuality_money(self) -> float:
        """What the shop would save without the order's promise; 0 where nothing was found to be saved.

        The shop is first searched with the promise, so that what any search would save is not counted.
        """
        jobs = tuple(
            replace(job, due=None, late_price=0.0) if at == self.job else job
            for at, job in enumerate(self.shop.jobs)
        )
        relaxed = replace(self.shop, jobs=jobs)
        without = self.solved(relaxed, start=self.searched)
        kept = judge.cost(self.shop, self.searched, Objective.MONEY)
        return max(kept - judge.cost(relaxed, without, Objective.MONEY), 0.0)
