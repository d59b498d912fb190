"""The peer of the scheduling benchmarks: a plain CP-SAT model, one worker with interleaved search."""

import numpy as np
from ortools.sat.python import cp_model

from juli.workshop.problem import Objective, ShopProblem


def plain_model(shop: ShopProblem, objective: Objective, seconds: float, seed: int = 0) -> float | None:
    """Objective of the best schedule that a plain model finds; None if it finds none.

    One optional interval for each machine of each operation, no overlap on a machine, precedence; for
    money, an element constraint looks up what each run costs by its start, in thousandths. Where the makespan
    counts, the horizon has room for all operations one after another, so it hides no schedule from the peer.
    """
    model = cp_model.CpModel()
    slots = shop.slots
    if objective is Objective.MAKESPAN:
        longest = [max(mode.duration for mode in operation.modes) for operation in shop.operations]
        slots = sum(longest) + sum(wait.least for wait in shop.waits)
    on: dict[int, list[cp_model.IntervalVar]] = {machine: [] for machine in range(shop.machines)}
    starts, ends, costs = [], [], []
    for operation in shop.operations:
        start, end = model.new_int_var(0, slots, ""), model.new_int_var(0, slots, "")
        literals = []
        for mode in operation.modes:
            literal = model.new_bool_var("")
            literals.append(literal)
            on[mode.machine].append(model.new_optional_interval_var(start, mode.duration, end, literal, ""))
            if objective is Objective.MONEY:
                paid = np.concatenate(([0.0], np.cumsum(shop.slot_money(mode.machine, mode.kw))))
                count = shop.slots - mode.duration + 1
                table = np.round(1000 * (paid[mode.duration :][:count] - paid[:count])).astype(int)
                money = model.new_int_var(0, int(table.max()), "")
                looked_up = model.new_int_var(0, int(table.max()), "")
                at = model.new_int_var(0, count - 1, "")
                model.add(at == start).only_enforce_if(literal)
                model.add_element(at, table.tolist(), looked_up)
                model.add(money == looked_up).only_enforce_if(literal)
                model.add(money == 0).only_enforce_if(literal.negated())
                costs.append(money)
        model.add_exactly_one(literals)
        starts.append(start)
        ends.append(end)
    for wait in shop.waits:
        model.add(starts[wait.after] >= ends[wait.before] + wait.least)
    for intervals in on.values():
        model.add_no_overlap(intervals)
    if objective is Objective.MAKESPAN:
        makespan = model.new_int_var(0, slots, "")
        model.add_max_equality(makespan, ends)
        model.minimize(makespan)
    else:
        model.minimize(sum(costs))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.interleave_search = True
    solver.parameters.random_seed = seed
    solver.parameters.max_time_in_seconds = seconds
    status = solver.solve(model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None
    return solver.objective_value / (1 if objective is Objective.MAKESPAN else 1000)
