"""Random shops in which runs share machines, batches, set-ups, people and ways."""

import numpy as np

from juli.workshop.problem import Job, Mode, Operation, Setups, ShopProblem, Wait, Warmth


def shared_shop(seed: int) -> ShopProblem:
    """A shop drawn with any of the rules: calendars, families, batches, warming up, people, places, waits."""
    rng = np.random.default_rng(seed)
    machines, slots = int(rng.integers(1, 5)), int(rng.integers(60, 200))
    families = int(rng.integers(1, 4))
    opened = np.ones((machines, slots), dtype=np.bool_)
    hour = np.arange(slots) % 24
    for machine in np.flatnonzero(rng.random(machines) < 0.4):
        opened[machine] = (hour >= 4) & (hour < 20) & (hour != 12)
    chosen = rng.random((3, machines)) < 0.35
    setups = {int(m): _setups(rng, families) for m in np.flatnonzero(chosen[0])}
    warmth = {int(m): _warmth(rng) for m in np.flatnonzero(chosen[1])}
    batches = {int(m): float(rng.integers(2, 6)) for m in np.flatnonzero(chosen[2])}
    resources = np.full((int(rng.integers(0, 3)), slots), 2.0)
    if len(resources) and rng.random() < 0.5:
        resources[0, hour < 3] = 0.0
    kw = rng.integers(1, 20, machines).astype(float)
    operations: list[Operation] = []
    waits: list[Wait] = []
    jobs: list[Job] = []
    for job in range(int(rng.integers(1, 9))):
        first, count = len(operations), int(rng.integers(1, 6))
        for _ in range(count):
            able = rng.choice(machines, int(rng.integers(1, machines + 1)), replace=False)
            whole = any(int(m) in batches or int(m) in warmth for m in able)
            operations.append(
                Operation(
                    job,
                    tuple(
                        Mode(int(m), int(rng.integers(1, 6)), kw[m], float(rng.integers(0, 2))) for m in able
                    ),
                    pausable=not whole and bool(rng.random() < 0.5),
                    family=int(rng.integers(0, families)),
                    load=float(rng.integers(1, 3)),
                    needs=tuple(
                        (resource, float(rng.integers(1, 3)))
                        for resource in range(len(resources))
                        if rng.random() < 0.3
                    ),
                )
            )
        for number in range(count - 1):
            above = int(rng.integers(number + 1, count)) if rng.random() < 0.5 else number + 1
            least = int(rng.integers(0, 3)) if rng.random() < 0.3 else 0
            most = least + int(rng.integers(4, 12)) if rng.random() < 0.25 else None
            waits.append(Wait(first + number, first + above, least, most))
        release = int(rng.integers(0, slots // 3))
        due = float(release + rng.integers(5, 60))
        jobs.append(Job(release, due, float(rng.integers(0, 5)), float(rng.integers(0, 2))))
    travel = _travel(rng) if rng.random() < 0.5 else None
    places = 0 if travel is None else len(travel)
    return ShopProblem(
        slots=slots,
        machines=machines,
        jobs=tuple(jobs),
        operations=tuple(operations),
        waits=tuple(waits),
        step_hours=0.25,
        energy_price=rng.random(slots) - (0.3 if rng.random() < 0.1 else 0.0),
        machine_price=rng.random((machines, slots)) * (rng.random() < 0.7),
        opened=opened,
        place=tuple(int(rng.integers(0, places)) for _ in range(machines)) if places else (),
        travel=travel,
        setups=setups,
        warmth=warmth,
        batches=batches,
        resources=resources if len(resources) else None,
    )


def _setups(rng: np.random.Generator, families: int) -> Setups:
    table = rng.integers(0, 4, (families + 1, families))
    np.fill_diagonal(table, 0)
    for _ in range(families):  # no change takes longer than by way of a third family
        for by in range(families):
            table = np.minimum(table, table[:, by][:, np.newaxis] + table[by])
    return Setups(tuple(tuple(row) for row in table.tolist()), float(rng.integers(0, 5)))


def _warmth(rng: np.random.Generator) -> Warmth:
    warm_up = int(rng.integers(1, 4))
    return Warmth(
        float(rng.integers(0, 6)), float(rng.integers(0, 10)), warm_up, warm_up + int(rng.integers(0, 6))
    )


def _travel(rng: np.random.Generator) -> np.ndarray:
    travel = rng.integers(0, 5, (2, 2)) if rng.random() < 0.5 else rng.integers(0, 5, (3, 3))
    np.fill_diagonal(travel, 0)
    return travel
