"""Small shops behind a meter, drawn from a seed, and a big model of each that proves the optimum."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
from scipy.optimize import LinearConstraint, milp
from scipy.sparse import csr_array

from juli.power import Battery, DispatchProblem
from juli.solve.joint.problem import JointProblem
from juli.workshop.problem import Job, Mode, Operation, ShopProblem, Wait


def small_case(seed: int) -> JointProblem:
    """Three or four jobs of two or three operations, wages, promises, and a site of one kind or another."""
    chance = np.random.default_rng(seed)
    slots, machines = 16, 3
    operations, waits, jobs = [], [], []
    power = chance.uniform(5, 40, machines).round(1)
    for job in range(int(chance.integers(3, 5))):
        jobs.append(Job(due=float(chance.integers(6, slots)), late_price=float(chance.choice([0.0, 2.0]))))
        numbers = []
        for _ in range(int(chance.integers(2, 4))):
            able = chance.choice(machines, size=int(chance.integers(1, 3)), replace=False)
            modes = tuple(Mode(int(m), int(chance.integers(1, 4)), float(power[m])) for m in able)
            numbers.append(len(operations))
            operations.append(Operation(job, modes))
        waits += [Wait(before, after) for before, after in pairwise(numbers)]
    buy = chance.choice([0.3, 0.65, 1.1], size=slots // 4).repeat(4)
    wages = np.broadcast_to(chance.choice([0.0, 3.0], size=slots // 8).repeat(8), (machines, slots)).copy()
    shop = ShopProblem(
        slots,
        machines,
        tuple(jobs),
        tuple(operations),
        tuple(waits),
        0.5,
        energy_price=buy,
        machine_price=wages,
    )
    battery = Battery(20, 20, 30, 0.95, 0.95, start_kwh=15, end_kwh=15, wear_per_kwh=0.01)
    site = DispatchProblem(
        step_hours=0.5,
        consumption_kw=np.full(slots, 10.0),
        solar_kw=40 * np.maximum(np.sin(np.linspace(-1, 4, slots)), 0) * chance.integers(0, 2),
        buy=buy,
        sell=0.2,
        battery=battery if chance.uniform() < 0.6 else None,
        demand_price=float(chance.choice([0.0, 1.3])),
        demand_free_kw=float(chance.choice([0.0, 15.0])),
    )
    return JointProblem(shop, site)


def least_money(problem: JointProblem, seconds: float = 300.0) -> float:
    """The optimum by a time-indexed mixed-integer program (HiGHS), chains of operations only."""
    shop, site = problem.shop, problem.site
    assert problem.per_settlement == 1
    columns: list[tuple[int, int, int, float]] = []  # operation, start, end, power
    cost: list[float] = []
    of: list[list[int]] = [[] for _ in shop.operations]
    busy: dict[tuple[int, int], list[int]] = {}
    priced = replace(shop, energy_price=None)
    for number, operation in enumerate(shop.operations):
        for mode in operation.modes:
            wages = priced.slot_money(mode.machine, mode.kw)
            for start in range(shop.slots - mode.duration + 1):
                column = len(columns)
                columns.append((number, start, start + mode.duration, mode.kw))
                cost.append(float(wages[start : start + mode.duration].sum()) + mode.money)
                of[number].append(column)
                for slot in range(start, start + mode.duration):
                    busy.setdefault((mode.machine, slot), []).append(column)
    last = {operation.job: number for number, operation in enumerate(shop.operations)}
    for job, number in last.items():
        due, price = shop.jobs[job].due, shop.jobs[job].late_price
        for column in of[number]:
            cost[column] += price * max(columns[column][2] - (due or 0.0), 0.0)
    binaries, slots, hours = len(columns), site.slots, site.step_hours
    # Continuous columns: import, export, solar used, charged, discharged, stored after by slot; the peak.
    at = [binaries + k * slots for k in range(6)]
    peak = binaries + 6 * slots
    cost += [*(site.buy * hours), *(-site.sell * hours), *np.zeros(slots)]
    battery = site.battery or Battery(0, 0, 0, 1, 1)
    cost += [battery.wear_per_kwh * battery.charge_efficiency * hours] * slots
    cost += [battery.wear_per_kwh / battery.discharge_efficiency * hours] * slots
    cost += [*np.zeros(slots), float(site.demand_price[0])]
    upper = np.concatenate(
        [
            np.ones(binaries),
            site.import_limit_kw,
            site.export_limit_kw,
            site.solar_kw,
            np.full(slots, battery.charge_kw),
            np.full(slots, battery.discharge_kw),
            np.full(slots, battery.energy_kwh),
            [np.inf],
        ]
    )
    lower = np.zeros(len(upper))
    lower[at[5] + slots - 1] = battery.end_kwh
    rows: list[tuple[dict[int, float], float, float]] = [
        (dict.fromkeys(choices, 1.0), 1.0, 1.0) for choices in of
    ]
    rows += [(dict.fromkeys(users, 1.0), 0.0, 1.0) for users in busy.values()]
    for wait in shop.waits:
        for slot in range(shop.slots):
            # What follows has started by a slot only if what goes before has ended by then.
            row = {column: 1.0 for column in of[wait.after] if columns[column][1] <= slot}
            row |= {column: -1.0 for column in of[wait.before] if columns[column][2] <= slot}
            rows.append((row, -np.inf, 0.0))
    for slot in range(slots):
        row = {
            at[0] + slot: 1.0,
            at[1] + slot: -1.0,
            at[2] + slot: 1.0,
            at[3] + slot: -1.0,
            at[4] + slot: 1.0,
        }
        row |= {c: -kw for c, (_, start, end, kw) in enumerate(columns) if start <= slot < end}
        rows.append((row, float(site.consumption_kw[slot]), float(site.consumption_kw[slot])))
        stored = {
            at[5] + slot: 1.0,
            at[3] + slot: -hours * battery.charge_efficiency,
            at[4] + slot: hours / battery.discharge_efficiency,
        }
        before = battery.start_kwh if slot == 0 else 0.0
        if slot:
            stored[at[5] + slot - 1] = -1.0
        rows.append((stored, before, before))
        rows.append(({at[0] + slot: 1.0, peak: -1.0}, -np.inf, float(site.demand_free_kw[0])))
    entries = [(r, c, value) for r, (row, _, _) in enumerate(rows) for c, value in row.items()]
    matrix = csr_array(
        ([e[2] for e in entries], ([e[0] for e in entries], [e[1] for e in entries])),
        shape=(len(rows), len(cost)),
    )
    answer = milp(
        np.array(cost),
        constraints=LinearConstraint(matrix, [row[1] for row in rows], [row[2] for row in rows]),
        integrality=np.r_[np.ones(binaries), np.zeros(len(cost) - binaries)],
        bounds=(lower, upper),
        options={"mip_rel_gap": 1e-7, "time_limit": seconds},
    )
    assert answer.status == 0, answer.message
    return float(answer.fun)
