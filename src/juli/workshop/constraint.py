"""The shop as a constraint model for CP-SAT: first schedules in tight shops, proofs on small ones.

Money is counted in whole units, every price rounded down, so that no schedule costs less than the model
says of it: the solver's bound is a bound.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from ortools.sat.python import cp_model

from juli.plan.result import Status
from juli.workshop.constraint_sharing import (
    Placing,
    add_shared_rules,
    can_tell_shared,
    most_shared_money,
    shared_size,
)
from juli.workshop.problem import Mode, Objective, Operation, Run, ShopProblem

#: The objective has about so many units at the most.
_MOST_UNITS = 10**10
_STATUS = {
    cp_model.OPTIMAL: Status.OPTIMAL,
    cp_model.FEASIBLE: Status.FEASIBLE,
    cp_model.INFEASIBLE: Status.INFEASIBLE,
}


@dataclass(frozen=True)
class Answer:
    """What CP-SAT found.

    Parameters
    ----------
    status
        Optimal and infeasible are proofs for the problem in whole units.
    runs
        Empty without a schedule.
    bound
        No schedule is cheaper; None where nothing is known.
    """

    status: Status
    runs: tuple[Run, ...]
    bound: float | None


def model_size(problem: ShopProblem, objective: Objective) -> int:
    """About how many literals and table entries the model has, to tell whether it is worth building."""
    modes = sum(len(operation.modes) for operation in problem.operations)
    flat = objective is Objective.MAKESPAN or (problem.energy_price is None and problem.machine_price is None)
    return (modes if flat else modes * problem.slots) + shared_size(problem)


def can_tell(problem: ShopProblem) -> bool:
    """Whether the model holds all rules of a shop: it counts in whole parts, down to one in a million."""
    return can_tell_shared(problem)


def solve_exactly(
    problem: ShopProblem,
    objective: Objective | None,
    *,
    seconds: float,
    seed: int = 0,
    threads: int = 1,
    hint: Sequence[Run] | None = None,
    repeatable: bool = False,
    tell: Callable[[float], None] | None = None,
    enough: Callable[[], bool] | None = None,
) -> Answer:
    """Solve a shop by CP-SAT.

    Parameters
    ----------
    objective
        None: any schedule will do.
    seconds
        How long it may take; in the solver's own deterministic time where ``repeatable``.
    hint
        A schedule to begin from; where the makespan counts, none that is longer is looked for.
    tell
        Is told the objective, in the problem's measure, at each improvement.
    enough
        Asked at each improvement of the bound, whether to stop.
    """
    model = _Model(problem, objective, hint)
    solver = cp_model.CpSolver()
    solver.parameters.random_seed = seed % 2**31
    solver.parameters.num_workers = threads
    solver.parameters.interleave_search = threads == 1
    if repeatable:
        solver.parameters.max_deterministic_time = seconds
    else:
        solver.parameters.max_time_in_seconds = seconds
    if enough is not None:
        solver.best_bound_callback = lambda _: solver.stop_search() if enough() else None
    status = _STATUS.get(solver.solve(model.model, _Teller(model, tell) if tell else None), Status.NO_PLAN)
    found = status in (Status.OPTIMAL, Status.FEASIBLE)
    bound = None if status is Status.INFEASIBLE else model.in_measure(solver.best_objective_bound)
    return Answer(status, model.runs(solver) if found else (), bound)


def ends_by_start(problem: ShopProblem, operation: Operation, mode: Mode) -> NDArray[np.int64]:
    """Where a run ends by its start and the calendar, shape ``(slots + 1,)``; −1: it can't start there."""
    opened = problem.is_open[mode.machine]
    ends = np.full(problem.slots + 1, -1, dtype=np.int64)
    if mode.duration == 0:
        return np.arange(problem.slots + 1)
    slots = np.flatnonzero(opened)
    starts = slots[: len(slots) - mode.duration + 1]
    last = slots[mode.duration - 1 :] + 1
    if not operation.pausable:
        whole = last - starts == mode.duration
        starts, last = starts[whole], last[whole]
    ends[starts] = last
    return ends


class _Model:
    """The model, and how its variables are read back."""

    def __init__(self, problem: ShopProblem, objective: Objective | None, hint: Sequence[Run] | None):
        self.model = cp_model.CpModel()
        self._placing = Placing(self.model)
        self._problem = problem
        self._objective = objective
        self._limit = problem.slots
        if hint is not None and objective is Objective.MAKESPAN:
            self._limit = max(run.end for run in hint)
        self._start, self._end = self._placing.start, self._placing.end
        self._literal, self._costs = self._placing.on, self._placing.costs
        self._standing: defaultdict[int, list[Run]] = defaultdict(list)
        self._on: defaultdict[int, list[cp_model.IntervalVar]] = defaultdict(list)
        self._units = self._units_of_money() if objective is Objective.MONEY else 1.0
        for number, operation in enumerate(problem.operations):
            self._add_operation(number, operation)
        for wait in problem.waits:
            self._add_wait(wait.before, wait.after, wait.least, wait.most)
        for machine, runs in self._standing.items():
            self._on[machine] += [self._interval(*stretch) for stretch in _united(runs)]
        for machine, intervals in self._on.items():
            if machine not in problem.batches:
                self._add_closed(machine)
                self.model.add_no_overlap(intervals)
        add_shared_rules(
            problem,
            self._placing,
            units=self._units if objective is Objective.MONEY else None,
            pay_slots=self._pay_slots,
        )
        self._add_objective()
        if hint is not None:
            self._give(hint)

    def in_measure(self, units: float) -> float:
        """Read a number of units back as slots or money."""
        if self._objective is not Objective.MONEY:
            return float(math.ceil(units - 1e-6))
        return units / self._units

    def runs(self, solver: cp_model.CpSolver) -> tuple[Run, ...]:
        """Read the schedule back."""
        return tuple(
            operation.fixed
            or Run(
                number,
                next(m for m, literal in self._literal[number].items() if solver.boolean_value(literal)),
                solver.value(self._start[number]),
                solver.value(self._end[number]),
            )
            for number, operation in enumerate(self._problem.operations)
        )

    def _units_of_money(self) -> float:
        problem = self._problem
        most = sum(
            max(
                mode.money + mode.duration * float(np.abs(problem.slot_money(mode.machine, mode.kw)).max())
                for mode in operation.modes
            )
            for operation in problem.operations
        )
        most += sum((job.late_price + job.lead_price) * problem.slots for job in problem.jobs)
        most += most_shared_money(problem)
        return float(10.0 ** math.floor(math.log10(_MOST_UNITS / max(most, 1e-9))))

    def _add_operation(self, number: int, operation: Operation) -> None:
        problem, model = self._problem, self.model
        if operation.fixed is not None:
            run = operation.fixed
            self._start.append(model.new_constant(run.start))
            self._end.append(model.new_constant(run.end))
            self._literal.append({run.machine: model.new_constant(1)})
            if run.end > run.start:
                self._standing[run.machine].append(run)
            if self._objective is Objective.MONEY:
                self._add_fixed_cost(operation, run)
            return
        first = max(operation.earliest, problem.jobs[operation.job].release, 0)
        last = self._limit if operation.latest is None else min(operation.latest, self._limit)
        start = model.new_int_var(min(first, last), last, f"start{number}")
        end = model.new_int_var(min(first, last), last, f"end{number}")
        if first > last:
            model.add_bool_or([])
        self._start.append(start)
        self._end.append(end)
        literals: dict[int, cp_model.IntVar] = {}
        for mode in operation.modes:
            literal = model.new_bool_var(f"on{number}_{mode.machine}")
            literals[mode.machine] = literal
            self._add_mode(number, operation, mode, literal)
        self._literal.append(literals)
        model.add_exactly_one(literals.values())
        if all(problem.is_open[mode.machine].all() for mode in operation.modes):
            # Implied by the modes, but worth a third of the time to a proof.
            model.add(end == start + sum(mode.duration * literals[mode.machine] for mode in operation.modes))

    def _add_mode(self, number: int, operation: Operation, mode: Mode, literal: cp_model.IntVar) -> None:
        problem, model = self._problem, self.model
        start, end = self._start[number], self._end[number]
        if problem.is_open[mode.machine].all():
            model.add(end == start + mode.duration).only_enforce_if(literal)
        else:
            self._add_calendar(start, end, ends_by_start(problem, operation, mode), literal)
        if mode.duration:
            size: cp_model.LinearExprT = mode.duration
            if operation.pausable and not problem.is_open[mode.machine].all():
                size = model.new_int_var(mode.duration, problem.slots, f"size{number}_{mode.machine}")
            self._on[mode.machine].append(
                model.new_optional_interval_var(start, size, end, literal, f"run{number}_{mode.machine}")
            )
        if self._objective is Objective.MONEY:
            self._add_mode_cost(number, operation, mode, literal)

    def _add_calendar(
        self,
        start: cp_model.LinearExprT,
        end: cp_model.LinearExprT,
        ends: NDArray[np.int64],
        literal: cp_model.IntVar,
    ) -> None:
        """Tie the end to the start: one literal for each stretch of starts with the same time in between."""
        starts = np.flatnonzero(ends >= 0)
        between = ends[starts] - starts
        pieces = []
        for value in np.unique(between):
            piece = self.model.new_bool_var("")
            domain = cp_model.Domain.from_values(starts[between == value].tolist())
            self.model.add_linear_expression_in_domain(start, domain).only_enforce_if(piece)
            self.model.add(end == start + int(value)).only_enforce_if(piece)
            pieces.append(piece)
        self.model.add(sum(pieces) == literal)

    def _add_closed(self, machine: int) -> None:
        """Say again where a machine is closed: it tells of too much work sooner than the runs do."""
        problem, opened = self._problem, self._problem.is_open[machine]
        if self._standing[machine] or opened.all():
            return
        own = [
            (number, operation, mode)
            for number, operation in enumerate(problem.operations)
            for mode in operation.modes
            if mode.machine == machine and operation.fixed is None
        ]
        taken = sum(mode.duration * self._literal[number][machine] for number, _, mode in own)
        self.model.add(taken <= int(opened[: self._limit].sum()))
        if not any(operation.pausable for _, operation, _ in own):
            edges = np.flatnonzero(np.diff(np.concatenate(([False], ~opened, [False])).astype(np.int8)))
            self._on[machine] += [
                self._interval(*stretch)
                for stretch in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)
            ]

    def _interval(self, start: int, end: int) -> cp_model.IntervalVar:
        return self.model.new_fixed_size_interval_var(start, end - start, "")

    def _add_mode_cost(self, number: int, operation: Operation, mode: Mode, literal: cp_model.IntVar) -> None:
        if mode.money:
            self._costs.append(self._whole(mode.money) * literal)
        if mode.machine not in self._problem.batches:
            self._pay_slots(number, operation, mode, literal)

    def _pay_slots(self, number: int, operation: Operation, mode: Mode, literal: cp_model.IntVar) -> None:
        """Add what the slots of a run cost, where the literal holds."""
        problem = self._problem
        if operation.fixed is not None:
            self._costs.append(self._whole(self._fixed_money(mode, operation.fixed)) * literal)
            return
        slot_money = problem.slot_money(mode.machine, mode.kw) * problem.is_open[mode.machine]
        if mode.duration == 0 or not slot_money.any():
            return
        paid = np.concatenate(([0.0], np.cumsum(slot_money)))
        ends = ends_by_start(problem, operation, mode)
        possible = ends >= 0
        table = np.zeros(problem.slots + 1, dtype=np.int64)
        starts = np.flatnonzero(possible)
        table[starts] = np.floor((paid[ends[starts]] - paid[starts]) * self._units)
        if not len(starts):
            return
        low, high = int(table[starts].min()), int(table[starts].max())
        if low == high:
            self._costs.append(low * literal)
            return
        cost = self.model.new_int_var(min(low, 0), max(high, 0), f"cost{number}_{mode.machine}")
        looked_up = self.model.new_int_var(min(low, 0), max(high, 0), "")
        self.model.add_element(self._start[number], table.tolist(), looked_up)
        self.model.add(cost == looked_up).only_enforce_if(literal)
        self.model.add(cost == 0).only_enforce_if(literal.negated())
        self._costs.append(cost)

    def _add_fixed_cost(self, operation: Operation, run: Run) -> None:
        mode = next(mode for mode in operation.modes if mode.machine == run.machine)
        batched = run.machine in self._problem.batches
        self._costs.append(self._whole(mode.money + (0.0 if batched else self._fixed_money(mode, run))))

    def _fixed_money(self, mode: Mode, run: Run) -> float:
        worked = slice(max(run.start, 0), max(min(run.end, self._problem.slots), 0))
        slot_money = self._problem.slot_money(run.machine, mode.kw) * self._problem.is_open[run.machine]
        return float(slot_money[worked].sum())

    def _add_wait(self, before: int, after: int, least: int, most: int | None) -> None:
        if self._problem.operations[after].fixed is not None:
            return
        self.model.add(self._start[after] >= self._end[before] + least)
        for here, leaving in self._literal[before].items():
            for there, arriving in self._literal[after].items():
                if way := self._problem.way(here, there):
                    self.model.add(self._start[after] >= self._end[before] + least + way).only_enforce_if(
                        leaving, arriving
                    )
        if most is not None:
            self.model.add(self._start[after] <= self._end[before] + most)

    def _add_objective(self) -> None:
        if self._objective is None:
            return
        if self._objective is Objective.MAKESPAN:
            makespan = self.model.new_int_var(0, self._limit, "makespan")
            self.model.add_max_equality(makespan, self._end)
            self.model.minimize(makespan)
            return
        ends: defaultdict[int, list[cp_model.IntVar]] = defaultdict(list)
        for operation, end in zip(self._problem.operations, self._end, strict=True):
            ends[operation.job].append(end)
        for number, job in enumerate(self._problem.jobs):
            if not ends[number] or not (job.lead_price or job.late_price):
                continue
            complete = self.model.new_int_var(-self._problem.slots, self._problem.slots, f"complete{number}")
            for end in ends[number]:
                self.model.add(complete >= end)
            self._costs.append(self._whole(job.lead_price) * (complete - job.release))
            if job.due is not None and job.late_price:
                late = self.model.new_int_var(0, 2 * _MOST_UNITS, f"late{number}")
                rate = self._whole(job.late_price)
                self.model.add(late >= rate * complete - math.ceil(rate * job.due))
                self._costs.append(late)
        self.model.minimize(sum(self._costs))

    def _give(self, hint: Sequence[Run]) -> None:
        for run in hint:
            if self._problem.operations[run.operation].fixed is None:
                self.model.add_hint(self._start[run.operation], run.start)
                self.model.add_hint(self._end[run.operation], run.end)
                for machine, literal in self._literal[run.operation].items():
                    self.model.add_hint(literal, machine == run.machine)

    def _whole(self, money: float) -> int:
        return math.floor(money * self._units)


def _united(runs: Sequence[Run]) -> list[tuple[int, int]]:
    """Stretches that runs take together: what is fixed may overlap."""
    united: list[tuple[int, int]] = []
    for run in sorted(runs, key=lambda run: run.start):
        if united and run.start < united[-1][1]:
            united[-1] = (united[-1][0], max(united[-1][1], run.end))
        else:
            united.append((run.start, run.end))
    return united


class _Teller(cp_model.CpSolverSolutionCallback):
    """Passes improvements on."""

    def __init__(self, model: _Model, tell: Callable[[float], None]):
        super().__init__()
        self._model = model
        self._tell = tell

    def on_solution_callback(self) -> None:
        """Called by the solver."""
        self._tell(self._model.in_measure(self.objective_value))
