"""Several batteries behind one meter: HiGHS, and why nothing keeps all limits."""

from dataclasses import replace

import numpy as np

from juli.core.errors import InfeasibleError
from juli.power.linear_program import formulate, run, solve_linear_program
from juli.power.problem import Dispatch, DispatchProblem


def dispatch_several(problem: DispatchProblem) -> Dispatch:
    """Dispatch several batteries together.

    Raises
    ------
    InfeasibleError
        If nothing keeps all limits; names the slot and the values, or the battery.
    """
    try:
        return solve_linear_program(problem)
    except InfeasibleError as error:
        raise InfeasibleError(_explain(problem, str(error))) from error


def _explain(problem: DispatchProblem, said: str) -> str:
    """Give the meter what it lacks, as little as possible: the slot that gets most is the one to name."""
    for place, battery in enumerate((problem.battery, *problem.more_batteries)):
        if battery is None:
            continue
        hours = problem.slots * problem.step_hours
        most = battery.start_kwh + battery.charge_kw * battery.charge_efficiency * hours
        if battery.end_kwh > most * (1 + 1e-9):
            name = "battery" if place == 0 else f"more_batteries[{place - 1}]"
            return (
                f"slot {problem.slots - 1}: {name} must end with at least {battery.end_kwh:g} kWh, but can "
                f"only reach {most:g} kWh with {battery.charge_kw:g} kW from {battery.start_kwh:g} kWh"
            )
    at = np.arange(problem.slots)
    free = replace(problem, demand_price=np.zeros_like(problem.demand_price))
    try:
        lp = formulate(free, several=True)
    except InfeasibleError:
        return said
    lp.add("lacking", 0, np.inf, 1e6)
    lp.add("spare", 0, np.inf, 1e6)
    rows = lp.first["balance"] + at
    lp.entries.append((rows, lp.at("lacking", at), np.ones(problem.slots)))
    lp.entries.append((rows, lp.at("spare", at), -np.ones(problem.slots)))
    try:
        columns, _, _, _ = run(lp)
    except InfeasibleError:
        return (
            f"slot {problem.slots - 1}: the bounds on power and stored energy of the batteries leave nothing"
        )
    lacking, spare = columns[lp.at("lacking", at)], columns[lp.at("spare", at)]
    slot = int(np.argmax(np.maximum(lacking, spare)))
    load, sun = problem.consumption_kw[slot], problem.solar_kw[slot]
    if lacking[slot] >= spare[slot]:
        return (
            f"slot {slot}: consumption of {load:g} kW exceeds import limit "
            f"{problem.import_limit_kw[slot]:g} + solar {sun:g} + what the batteries can give "
            f"by {lacking[slot]:g} kW"
        )
    return (
        f"slot {slot}: consumption of {load:g} kW must export {spare[slot]:g} kW more than the limit of "
        f"{problem.export_limit_kw[slot]:g} kW although the batteries take what they can"
    )
