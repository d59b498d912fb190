"""The rules of the bars that a schedule cuts. The judge counts in decimal millimetres."""

from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal

from juli.plan.bars import BarCut
from juli.plan.checking.violation import Violation
from juli.plan.result import Run
from juli.plant.demand import Demand
from juli.plant.factory import Plant
from juli.plant.work import Work


def bar_violations(
    plant: Plant, demand: Demand, work: Work, runs: tuple[Run, ...], cutting: tuple[BarCut, ...]
) -> Iterator[Violation]:
    """Every broken rule of cutting; none where no stock is told and nothing is cut."""
    if not demand.stock and not cutting:
        return
    run_of = {run.operation: run for run in runs}
    yield from pieces_once(work, run_of, cutting)
    yield from bars_there(demand, cutting)
    yield from offcuts_there(run_of, cutting)
    yield from pieces_fit(plant, cutting)
    yield from machine_takes_bar(plant, run_of, cutting)
    yield from cut_in_time(run_of, cutting)


def pieces_once(work: Work, run_of: Mapping[str, Run], cutting: tuple[BarCut, ...]) -> Iterator[Violation]:
    """Every piece of every operation is cut once, from its material."""
    cut = Counter(
        (piece.operation, bar.material, _mm(piece.length_mm)) for bar in cutting for piece in bar.pieces
    )
    wanted: Counter[tuple[str, str, Decimal]] = Counter()
    for operation in work.operations:
        if operation.id in run_of:
            for one in operation.cuts:
                wanted[operation.id, one.material, _mm(one.length_mm)] += one.quantity
    for key in dict.fromkeys([*wanted, *cut]):
        if cut[key] != wanted[key]:
            name, material, length_mm = key
            yield Violation(
                "pieces_once",
                name,
                cut[key] - wanted[key],
                f"{name} has {cut[key]} pieces of {length_mm} mm of {material}, not {wanted[key]}",
            )


def bars_there(demand: Demand, cutting: tuple[BarCut, ...]) -> Iterator[Violation]:
    """No bar is taken more often than it is there, and each is what the stock says it is."""
    stock = {bar.id: bar for bar in demand.stock}
    returned = {cut.offcut for cut in cutting if cut.offcut}
    for name, count in Counter(cut.bar for cut in cutting).items():
        known = stock.get(name)
        if known is None:
            if name not in returned:
                yield Violation("bars_there", name, count, f"there is no bar {name} in stock")
        elif known.quantity != "unlimited" and count > int(known.quantity):
            over = count - int(known.quantity)
            message = f"{name} is cut {count} times, but {known.quantity} are there"
            yield Violation("bars_there", name, over, message)
    for cut in cutting:
        known = stock.get(cut.bar)
        if known is not None and (cut.material, _mm(cut.length_mm)) != (known.material, _mm(known.length_mm)):
            yield Violation(
                "bars_there",
                cut.bar,
                cut.length_mm - known.length_mm,
                f"{cut.bar} is planned as {cut.length_mm} mm of {cut.material}, and is "
                f"{known.length_mm} mm of {known.material}",
            )


def offcuts_there(run_of: Mapping[str, Run], cutting: tuple[BarCut, ...]) -> Iterator[Violation]:
    """An offcut is cut once, as it was left, and after the run that left it."""
    left = Counter(cut.offcut for cut in cutting if cut.offcut)
    for name, count in left.items():
        if count > 1:
            yield Violation("offcuts_there", name, count - 1, f"{count} offcuts are called {name}")
    origin = {cut.offcut: cut for cut in cutting if cut.offcut}
    for name, count in Counter(cut.bar for cut in cutting if cut.bar in origin).items():
        if count > 1:
            yield Violation("offcuts_there", name, count - 1, f"the offcut {name} is cut {count} times")
    for cut in cutting:
        before = origin.get(cut.bar)
        if before is None:
            continue
        if (before.material, _mm(before.offcut_mm)) != (cut.material, _mm(cut.length_mm)):
            message = f"{cut.bar} is left with {before.offcut_mm} mm and cut as {cut.length_mm} mm"
            yield Violation("offcuts_there", cut.bar, cut.length_mm - before.offcut_mm, message)
        first, then = run_of.get(before.operation), run_of.get(cut.operation)
        if first is not None and then is not None and then.start < first.end:
            message = f"{cut.bar} is cut by {cut.operation} before {before.operation} has left it"
            yield Violation("offcuts_there", cut.bar, first.end - then.start, message)


def pieces_fit(plant: Plant, cutting: tuple[BarCut, ...]) -> Iterator[Violation]:
    """Pieces, cuts, trimmed ends and what returns to stock are together no longer than the bar."""
    for cut in cutting:
        material = plant.material_by_id.get(cut.material)
        if material is None:
            yield Violation("pieces_fit", cut.bar, 1, f"{cut.bar} is of the unknown material {cut.material}")
            continue
        lengths = [_mm(piece.length_mm) for piece in cut.pieces]
        kerfs = max(len(lengths) - 1, 0) + (1 if cut.offcut_mm else 0)
        needed = sum(lengths, _mm(material.end_trim_mm) + _mm(cut.offcut_mm)) + kerfs * _mm(material.kerf_mm)
        short = needed - _mm(cut.length_mm)
        if short > 0:
            message = f"{cut.bar} is {short} mm too short for what it is cut into"
            yield Violation("pieces_fit", cut.bar, float(short), message)
        least = material.least_offcut_mm
        if cut.offcut_mm and (least is None or _mm(cut.offcut_mm) < _mm(least)):
            wanted = "nothing returns to stock" if least is None else f"{least} mm is the least that does"
            message = f"{cut.offcut_mm} mm of {cut.bar} return to stock: {wanted}"
            yield Violation("pieces_fit", cut.bar, cut.offcut_mm, message)
        if bool(cut.offcut) != bool(cut.offcut_mm):
            message = f"{cut.bar} leaves {cut.offcut_mm} mm as {cut.offcut!r}"
            yield Violation("pieces_fit", cut.bar, cut.offcut_mm, message)


def machine_takes_bar(
    plant: Plant, run_of: Mapping[str, Run], cutting: tuple[BarCut, ...]
) -> Iterator[Violation]:
    """A bar is cut on the machine of its operation's run, and goes into it."""
    for cut in cutting:
        run = run_of.get(cut.operation)
        machine = plant.machine_by_id.get(cut.machine)
        if run is None or run.machine != cut.machine:
            message = f"{cut.bar} is cut on {cut.machine}, where {cut.operation} does not run"
            yield Violation("machine_takes_bar", cut.bar, 1, message)
        elif machine is not None and machine.longest_bar_mm is not None:
            over = _mm(cut.length_mm) - _mm(machine.longest_bar_mm)
            if over > 0:
                message = f"{cut.bar} does not go into {cut.machine}"
                yield Violation("machine_takes_bar", cut.bar, float(over), message)


def cut_in_time(run_of: Mapping[str, Run], cutting: tuple[BarCut, ...]) -> Iterator[Violation]:
    """A piece is cut in its operation's own run, or in an earlier one on the same machine."""
    for cut in cutting:
        during = run_of.get(cut.operation)
        for name in dict.fromkeys(piece.operation for piece in cut.pieces):
            own = run_of.get(name)
            if during is None or own is None or name == cut.operation:
                continue
            if own.machine != during.machine or own.start < during.start:
                message = (
                    f"a piece for {name} is cut from {cut.bar} by {cut.operation}, too late or elsewhere"
                )
                yield Violation("cut_in_time", name, max(during.start - own.start, 1), message)


def _mm(value: float) -> Decimal:
    return Decimal(f"{value:.1f}")
