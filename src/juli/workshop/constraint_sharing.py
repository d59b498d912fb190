"""What runs share, for CP-SAT: batches, set-ups, warming up, people and tools.

The rules are those of the room's judge: a batch is runs of one family with one start and one end, a change
of family takes a machine's open slots between two runs that follow each other, people are taken in the open
slots of a run.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import combinations, pairwise

import numpy as np
from numpy.typing import NDArray
from ortools.sat.python import cp_model

from juli.workshop.problem import Mode, Operation, ShopProblem

#: Loads and amounts are told as whole multiples of one part in so many at the finest.
_FINEST = 10**6


@dataclass
class Placing:
    """The variables of a model that say where operations run.

    Parameters
    ----------
    model
        What rules are added to.
    start, end
        By operation; constants where it is fixed.
    on
        By operation: a literal for each machine that it may run on.
    costs
        What the objective adds up, in whole units.
    """

    model: cp_model.CpModel
    start: list[cp_model.IntVar] = field(default_factory=list)
    end: list[cp_model.IntVar] = field(default_factory=list)
    on: list[dict[int, cp_model.IntVar]] = field(default_factory=list)
    costs: list[cp_model.LinearExprT] = field(default_factory=list)


#: Adds what an operation costs in the slots of a mode, where a literal holds.
PaySlots = Callable[[int, Operation, Mode, cp_model.IntVar], None]


def in_whole_parts(values: Iterable[float]) -> int | None:
    """The least power of ten that makes whole numbers of all values; None if there is none up to 10⁶.

    Examples
    --------
    >>> in_whole_parts([2.0, 0.5]), in_whole_parts([1 / 3])
    (10, None)
    """
    listed = np.array(list(values), dtype=np.float64)
    parts = 1
    while parts <= _FINEST:
        scaled = listed * parts
        if np.all(np.abs(scaled - np.round(scaled)) <= 1e-9 * np.maximum(np.abs(listed), 1.0)):
            return parts
        parts *= 10
    return None


def can_tell_shared(problem: ShopProblem) -> bool:
    """Whether loads and amounts are parts of ten, and what is fixed lies side by side where order counts."""
    by_order = {*problem.setups, *problem.warmth}
    fixed = sorted(
        (run.machine, run.start, run.end)
        for run in (operation.fixed for operation in problem.operations)
        if run is not None and run.machine in by_order
    )
    if any(one[0] == other[0] and other[1] < one[2] for one, other in pairwise(fixed)):
        return False
    loads = [operation.load for operation in problem.operations] if problem.batches else []
    amounts = [amount for operation in problem.operations for _, amount in operation.needs]
    there = [] if problem.resources is None else np.unique(problem.resources).tolist()
    return (
        in_whole_parts([*problem.batches.values(), *loads]) is not None
        and in_whole_parts([*amounts, *there]) is not None
    )


def shared_size(problem: ShopProblem) -> int:
    """About how many literals the shared rules take."""
    size = 0
    for machine in {*problem.setups, *problem.warmth, *problem.batches}:
        own = sum(any(mode.machine == machine for mode in one.modes) for one in problem.operations)
        size += own * own
    return size


def most_shared_money(problem: ShopProblem) -> float:
    """A sum of money that set-ups, idling and warming up together don't reach, whatever their sign."""
    most = 0.0
    for machine, setups in problem.setups.items():
        longest = max(max(row) for row in setups.slots)
        dearest = float(np.abs(problem.slot_money(machine, setups.kw)).max())
        most += longest * dearest * len(problem.operations)
    if problem.energy_price is not None:
        for warmth in problem.warmth.values():
            kw = max(abs(warmth.idle_kw), abs(warmth.warm_up_kw))
            most += kw * problem.step_hours * float(np.abs(problem.energy_price).sum())
    return most


def add_shared_rules(
    problem: ShopProblem, placing: Placing, *, units: float | None, pay_slots: PaySlots
) -> None:
    """Add the rules of what is shared, and what machines as a whole cost.

    Parameters
    ----------
    units
        Whole units of a unit of money; None where money doesn't count.
    pay_slots
        Pays a batch once, by one of its operations.
    """
    _SharedRules(problem, placing, units, pay_slots).add()


class _SharedRules:
    def __init__(self, problem: ShopProblem, placing: Placing, units: float | None, pay_slots: PaySlots):
        self._problem = problem
        self._placing = placing
        self._model = placing.model
        self._units = units
        self._pay_slots = pay_slots
        self._opened = np.concatenate(
            (np.zeros((problem.machines, 1), dtype=np.int64), np.cumsum(problem.is_open, axis=1)), axis=1
        )

    def add(self) -> None:
        problem = self._problem
        for machine in range(problem.machines):
            paying = self._batches(machine) if machine in problem.batches else {}
            if machine in problem.setups or (machine in problem.warmth and self._units is not None):
                self._sequence(machine, paying)
        for resource in range(0 if problem.resources is None else len(problem.resources)):
            self._resource(resource)

    def _able(self, machine: int) -> list[tuple[int, Mode]]:
        """The operations that may run on a machine for any time within the horizon, each with its mode."""
        found = []
        for number, operation in enumerate(self._problem.operations):
            run = operation.fixed
            if machine not in self._placing.on[number]:
                continue
            if run is not None and not (run.end > max(run.start, 0) and run.start < self._problem.slots):
                continue
            mode = next(mode for mode in operation.modes if mode.machine == machine)
            if mode.duration or run is not None:
                found.append((number, mode))
        return found

    def _batches(self, machine: int) -> dict[int, cp_model.IntVar]:
        """Runs share a batch or follow one another; for each operation, whether it pays its batch."""
        model, placing, operations = self._model, self._placing, self._problem.operations
        able = [number for number, _ in self._able(machine)]
        joined: dict[int, list[cp_model.IntVar]] = {number: [] for number in able}
        for one, other in combinations(able, 2):
            here, there = placing.on[one][machine], placing.on[other][machine]
            forth, back = model.new_bool_var(""), model.new_bool_var("")
            model.add(placing.end[one] <= placing.start[other]).only_enforce_if(forth)
            model.add(placing.end[other] <= placing.start[one]).only_enforce_if(back)
            ways = [forth, back]
            if operations[one].family == operations[other].family:
                together = model.new_bool_var(f"together{one}_{other}")
                model.add(placing.start[one] == placing.start[other]).only_enforce_if(together)
                model.add(placing.end[one] == placing.end[other]).only_enforce_if(together)
                model.add_implication(together, here)
                model.add_implication(together, there)
                joined[one].append(together)
                ways.append(together)
            model.add_bool_or([here.negated(), there.negated(), *ways])
        self._loads(machine)
        paying = {}
        for number, mode in self._able(machine):
            pays = model.new_bool_var(f"pays{number}_{machine}")
            model.add_implication(pays, placing.on[number][machine])
            for together in joined[number]:
                model.add_implication(together, pays.negated())
            model.add_bool_or([placing.on[number][machine].negated(), pays, *joined[number]])
            paying[number] = pays
            if self._units is not None:
                self._pay_slots(number, operations[number], mode, pays)
        return paying

    def _loads(self, machine: int) -> None:
        capacity = self._problem.batches[machine]
        fixed = [self._problem.operations[number].fixed for number, _ in self._able(machine)]
        parts = in_whole_parts([capacity, *(one.load for one in self._problem.operations)]) or _FINEST
        intervals = [
            self._model.new_optional_interval_var(
                self._placing.start[number],
                mode.duration if run is None else run.end - run.start,
                self._placing.end[number],
                self._placing.on[number][machine],
                "",
            )
            for (number, mode), run in zip(self._able(machine), fixed, strict=True)
        ]
        loads = [round(self._problem.operations[number].load * parts) for number, _ in self._able(machine)]
        self._model.add_cumulative(intervals, loads, round(capacity * parts))

    def _sequence(self, machine: int, paying: dict[int, cp_model.IntVar]) -> None:
        """The runs of a machine in a row, one for each batch: what lies between two follows from both."""
        model, placing = self._model, self._placing
        able = [number for number, _ in self._able(machine)]
        arcs: list[tuple[int, int, cp_model.LiteralT]] = [(0, 0, model.new_bool_var(""))]
        into: dict[int, list[tuple[int | None, cp_model.IntVar]]] = {number: [] for number in able}
        for node, number in enumerate(able, start=1):
            runs = paying.get(number, placing.on[number][machine])
            arcs.append((node, node, runs.negated()))
            first, last = model.new_bool_var(""), model.new_bool_var("")
            arcs += [(0, node, first), (node, 0, last)]
            into[number].append((None, first))
            for earlier_node, earlier in enumerate(able, start=1):
                if earlier != number:
                    follows = model.new_bool_var("")
                    arcs.append((earlier_node, node, follows))
                    into[number].append((earlier, follows))
                    model.add(placing.start[number] >= placing.end[earlier]).only_enforce_if(follows)
        model.add_circuit(arcs)
        for number in able:
            if machine in self._problem.setups:
                self._setup(machine, number, into[number])
            if machine in self._problem.warmth and self._units is not None:
                self._warmth(machine, number, into[number])

    def _setup(self, machine: int, number: int, into: list[tuple[int | None, cp_model.IntVar]]) -> None:
        model, operations = self._model, self._problem.operations
        run = operations[number].fixed
        if run is not None and run.start < 0:
            return
        rows = self._problem.setups[machine].slots
        taking: dict[int, list[cp_model.IntVar]] = {}
        for earlier, follows in into:
            row = rows[-1] if earlier is None else rows[operations[earlier].family]
            needed = row[operations[number].family]
            if not needed:
                continue
            taking.setdefault(needed, []).append(follows)
            if run is None:
                there = self._looked_up(self._opened[machine], number, "start")
                if earlier is None:
                    model.add(there >= needed).only_enforce_if(follows)
                else:
                    free_from = self._looked_up(self._opened[machine], earlier, "end")
                    model.add(there - free_from >= needed).only_enforce_if(follows)
        if self._units is None:
            return
        setups = self._problem.setups[machine]
        money = self._problem.slot_money(machine, setups.kw)[self._problem.is_open[machine]]
        paid = np.concatenate(([0.0], np.cumsum(money)))
        opened = self._opened[machine]
        for needed, arcs in taking.items():
            spent = paid[opened] - paid[np.maximum(opened - needed, 0)]
            if run is not None and not self._has_time(machine, number, needed, into):
                # A fixed run may have less time than it should: then less of it is paid, or gained.
                spent = np.minimum(spent, 0.0)
            self._pay(np.floor(spent * self._units).astype(np.int64), number, arcs)

    def _has_time(
        self, machine: int, number: int, needed: int, into: list[tuple[int | None, cp_model.IntVar]]
    ) -> bool:
        """Whether a fixed run surely has the time for its set-up: all that may go before it is fixed, too."""
        opened, fixed = (
            self._opened[machine],
            [self._problem.operations[one].fixed for one, _ in into if one is not None],
        )
        run = self._problem.operations[number].fixed
        if run is None or any(other is None for other in fixed):
            return False
        ends = [other.end for other in fixed if other is not None and other.end <= run.start]
        return bool(opened[run.start] - opened[max([0, *ends])] >= needed)

    def _warmth(self, machine: int, number: int, into: list[tuple[int | None, cp_model.IntVar]]) -> None:
        model, problem = self._model, self._problem
        if problem.energy_price is None or self._units is None:
            return
        warmth = problem.warmth[machine]
        price = np.concatenate(([0.0], np.cumsum(problem.energy_price))) * problem.step_hours
        slots = np.arange(problem.slots + 1)
        warming = warmth.warm_up_kw * (price - price[np.maximum(slots - warmth.warm_up, 0)])
        warm_table = np.floor(warming * self._units).astype(np.int64)
        begun = np.floor(warmth.idle_kw * price * self._units).astype(np.int64)
        over = np.ceil(warmth.idle_kw * price * self._units).astype(np.int64)
        cold: list[cp_model.IntVar] = []
        for earlier, follows in into:
            if earlier is None:
                cold.append(follows)
                continue
            idles, cools = model.new_bool_var(""), model.new_bool_var("")
            model.add(idles + cools == follows)
            pause = self._looked_up(slots, number, "start") - self._placing.end[earlier]
            model.add(pause <= warmth.longest_pause).only_enforce_if(idles)
            model.add(pause > warmth.longest_pause).only_enforce_if(cools)
            cold.append(cools)
            if not begun.any():
                continue
            low, high = int(begun.min() - over.max()), int(begun.max() - over.min())
            idling = model.new_int_var(min(low, 0), max(high, 0), "")
            drawn = self._looked_up(begun, number, "start") - self._looked_up(over, earlier, "end")
            model.add(idling == drawn).only_enforce_if(idles)
            model.add(idling == 0).only_enforce_if(idles.negated())
            self._placing.costs.append(idling)
        self._pay(warm_table, number, cold)

    def _pay(self, table: NDArray[np.int64], number: int, where: list[cp_model.IntVar]) -> None:
        """Pay by a table over starts, where one of several literals holds."""
        if not table.any() or not where:
            return
        model = self._model
        low, high = min(int(table.min()), 0), max(int(table.max()), 0)
        cost, due = model.new_int_var(low, high, ""), model.new_bool_var("")
        model.add(sum(where) == due)
        model.add(cost == self._looked_up(table, number, "start")).only_enforce_if(due)
        model.add(cost == 0).only_enforce_if(due.negated())
        self._placing.costs.append(cost)

    def _looked_up(self, table: NDArray[np.int64], number: int, side: str) -> cp_model.IntVar:
        """A table over slot borders at the start or the end of an operation."""
        run = self._problem.operations[number].fixed
        if run is not None:
            slot = min(max(run.start if side == "start" else run.end, 0), len(table) - 1)
            return self._model.new_constant(int(table[slot]))
        at = (self._placing.start if side == "start" else self._placing.end)[number]
        if np.array_equal(table, np.arange(len(table))):
            return at
        value = self._model.new_int_var(int(table.min()), int(table.max()), "")
        self._model.add_element(at, table.tolist(), value)
        return value

    def _resource(self, resource: int) -> None:
        """People and tools: what is fixed has its own already, the rest shares what is left over."""
        problem, model = self._problem, self._model
        assert problem.resources is not None
        every = [dict(operation.needs).get(resource, 0.0) for operation in problem.operations]
        parts = in_whole_parts([*every, *np.unique(problem.resources[resource]).tolist()]) or _FINEST
        left = np.round(problem.resources[resource] * parts).astype(np.int64)
        for operation, amount in zip(problem.operations, every, strict=True):
            run = operation.fixed
            if run is not None and amount:
                worked = slice(max(run.start, 0), max(min(run.end, problem.slots), 0))
                left[worked] -= round(amount * parts) * problem.is_open[run.machine, worked]
        left = np.maximum(left, 0)
        most = int(left.max(initial=0))
        intervals, demands = [], []
        borders = np.concatenate(([0], np.flatnonzero(np.diff(left)) + 1, [problem.slots]))
        for first, last in pairwise(borders.tolist()):
            if left[first] < most:
                intervals.append(model.new_fixed_size_interval_var(first, last - first, ""))
                demands.append(most - int(left[first]))
        for number, (operation, amount) in enumerate(zip(problem.operations, every, strict=True)):
            if operation.fixed is None and amount:
                taking = [one for mode in operation.modes for one in self._worked(number, operation, mode)]
                intervals += taking
                demands += [round(amount * parts)] * len(taking)
        model.add_cumulative(intervals, demands, most)

    def _worked(self, number: int, operation: Operation, mode: Mode) -> list[cp_model.IntervalVar]:
        """The stretches in which an operation works on a machine, if it runs there."""
        model, placing = self._model, self._placing
        start, end, literal = placing.start[number], placing.end[number], placing.on[number][mode.machine]
        if not mode.duration:
            return []
        opened = self._problem.is_open[mode.machine]
        if not operation.pausable or opened.all():
            return [model.new_optional_interval_var(start, mode.duration, end, literal, "")]
        edges = np.flatnonzero(np.diff(np.concatenate(([False], opened, [False])).astype(np.int8)))
        found = []
        slots = self._problem.slots
        for opens, closes in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
            begins, ends = model.new_int_var(0, slots, ""), model.new_int_var(0, slots, "")
            model.add_max_equality(begins, [start, opens])
            model.add_min_equality(ends, [end, closes])
            works = model.new_bool_var("")
            model.add(ends > begins).only_enforce_if(works)
            within = model.new_bool_var("")
            model.add(ends <= begins).only_enforce_if(within)
            model.add_bool_or([literal.negated(), works, within])
            size = model.new_int_var(1, slots, "")
            found.append(model.new_optional_interval_var(begins, size, ends, works, ""))
        return found
