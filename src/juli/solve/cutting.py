"""Cutting plans in the order of the schedule: a machine's cut list of a day, material by material.

A day's list is cut as one, so that pieces of several operations share bars; a bar is cut in the run that
needs it first, and what is left of it is a bar for the runs after that one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from juli.core.clock import Clock, SystemClock
from juli.plan.bars import BarCut, BarPiece
from juli.plan.result import Run
from juli.plant.cutting import CuttingMachine, CuttingTask, MaterialBar, Piece, StockBar
from juli.plant.demand import Demand
from juli.plant.factory import Plant
from juli.plant.work import Work

#: Share of a list's time for each of its operations, where the list can't be cut whole.
_ALONE_SHARE = 0.25


@dataclass
class _Rack:
    """The bars of one material: how many of each there are, and from which slot on."""

    bars: dict[str, tuple[float, int | None, int]]

    def at(self, slot: int) -> tuple[StockBar, ...]:
        """What can be taken at a slot."""
        return tuple(
            StockBar(id=name, length_mm=length_mm, quantity="unlimited" if count is None else count)
            for name, (length_mm, count, since) in self.bars.items()
            if since <= slot and (count is None or count > 0)
        )

    def take(self, name: str) -> None:
        """Take one bar."""
        length_mm, count, since = self.bars[name]
        self.bars[name] = (length_mm, None if count is None else count - 1, since)

    def put(self, name: str, length_mm: float, slot: int) -> None:
        """Give an offcut back."""
        self.bars[name] = (length_mm, 1, slot)


def plan_cutting(
    plant: Plant,
    demand: Demand,
    work: Work,
    runs: Sequence[Run],
    *,
    seconds: float,
    rounds: int | None = None,
    seed: int = 0,
    clock: Clock | None = None,
    already: Sequence[BarCut] = (),
) -> tuple[BarCut, ...]:
    """Cut what a schedule's operations need from the bars in stock, in the order of their runs.

    Parameters
    ----------
    plant, demand, work, runs
        The question, its operations, and the schedule.
    seconds
        Time limit of all lists together [s]; without effect where rounds are given.
    rounds
        Rounds of each search; given, the plan depends on the question, the schedule and the seed alone.
    seed, clock
        Where chance comes from, and what time is read from.
    already
        Bars that have been cut; they and their pieces stay as they are.

    Returns
    -------
    The bars by the time of their runs. Where the stock is short, pieces of an operation are missing; the
    judge names them.
    """
    if not demand.stock:
        return ()
    return _Cutting(plant, demand, work, runs, clock or SystemClock(), rounds, seed).all(seconds, already)


class _Cutting:
    """Cuts list after list from racks that grow shorter."""

    def __init__(
        self,
        plant: Plant,
        demand: Demand,
        work: Work,
        runs: Sequence[Run],
        clock: Clock,
        rounds: int | None,
        seed: int,
    ):
        self._plant, self._demand, self._work = plant, demand, work
        self._clock, self._rounds, self._seed = clock, rounds, seed
        self._run_of = {run.operation: run for run in runs if run.operation in work.by_id}
        self._racks: dict[str, _Rack] = {}
        self._names = {bar.id for bar in demand.stock}
        self._missing: dict[tuple[str, str], dict[float, int]] = {}
        for bar in demand.stock:
            self._rack(bar.material).bars[bar.id] = _shelf(bar)

    def all(self, seconds: float, already: Sequence[BarCut]) -> tuple[BarCut, ...]:
        for name in self._run_of:
            for cut in self._work.by_id[name].cuts:
                wanted = self._missing.setdefault((name, cut.material), {})
                wanted[cut.length_mm] = wanted.get(cut.length_mm, 0) + cut.quantity
        found = self._kept(already)
        lists = self._lists()
        end_s = self._clock.elapsed_seconds() + seconds
        for number, names in enumerate(lists):
            material, own = names
            # What one list leaves is for the others; without any time it still has its first plan.
            share = max(end_s - self._clock.elapsed_seconds(), 0.0) / (len(lists) - number)
            seed = self._seed + number
            whole = self._cut(material, own, share, seed)
            if whole is None:
                for name in own:
                    found += self._cut(material, [name], _ALONE_SHARE * share, seed) or []
            else:
                found += whole
        return tuple(sorted(found, key=lambda one: (self._run_of[one.operation].start, one.machine)))

    def _kept(self, already: Sequence[BarCut]) -> list[BarCut]:
        """The bars that are cut already, with the pieces that are still of use."""
        kept = []
        for cut in already:
            self._names |= {cut.bar, cut.offcut} - {""}
            rack = self._rack(cut.material)
            if cut.bar in rack.bars:
                rack.take(cut.bar)
            run = self._run_of.get(cut.operation)
            if run is None or run.machine != cut.machine:
                continue
            if cut.offcut:
                rack.put(cut.offcut, cut.offcut_mm, run.end)
            pieces = []
            for piece in cut.pieces:
                own = self._run_of.get(piece.operation)
                wanted = self._missing.get((piece.operation, cut.material), {})
                of_use = own is not None and own.machine == run.machine and own.start >= run.start
                if of_use and wanted.get(piece.length_mm, 0) > 0:
                    wanted[piece.length_mm] -= 1
                    pieces.append(piece)
            kept.append(BarCut(**vars(cut) | {"pieces": tuple(pieces)}))
        return kept

    def _lists(self) -> list[tuple[str, list[str]]]:
        """Material and operations of each cut list, by the start of its first run."""
        grid = self._demand.schedule
        grouped: dict[tuple[str, date, str], list[str]] = {}
        for run in sorted(self._run_of.values(), key=lambda run: (run.start, run.machine, run.operation)):
            for material in dict.fromkeys(cut.material for cut in self._work.by_id[run.operation].cuts):
                if any(self._missing[run.operation, material].values()):
                    day = grid.time_of(run.start).date()
                    grouped.setdefault((run.machine, day, material), []).append(run.operation)
        return [(material, names) for (_, _, material), names in grouped.items()]

    def _cut(self, material: str, names: Sequence[str], seconds: float, seed: int) -> list[BarCut] | None:
        """Cut one list; None where the bars can't hold it, or no plan is found."""
        from juli.workshop.cutting import cut

        about = self._plant.material_by_id[material]
        first = self._run_of[names[0]]
        machine = self._plant.machine_by_id[first.machine]
        stock = self._rack(material).at(first.start)
        wanted = {
            f"p{number}": (name, length_mm, count)
            for number, (name, length_mm, count) in enumerate(
                (name, length_mm, count)
                for name in names
                for length_mm, count in self._missing[name, material].items()
                if count
            )
        }
        if not stock or not wanted:
            return None if wanted else []
        grid = self._demand.schedule
        task = CuttingTask(
            stock=stock,
            pieces=tuple(
                Piece(
                    id=key,
                    length_mm=length_mm,
                    quantity=count,
                    due=grid.time_of(self._run_of[name].start),
                )
                for key, (name, length_mm, count) in wanted.items()
            ),
            kerf_mm=about.kerf_mm,
            end_trim_mm=about.end_trim_mm,
            least_offcut_mm=about.least_offcut_mm,
            offcut_value=about.offcut_value,
            machines=(CuttingMachine(id=machine.id, longest_mm=machine.longest_bar_mm),),
            start=grid.time_of(first.start),
        )
        answer = cut(task, seconds=seconds, rounds=self._rounds, seed=seed, clock=self._clock)
        if answer.plan is None:
            return None
        found = []
        for bar in answer.plan.bars:
            of_bar = sorted(
                (BarPiece(wanted[key][0], wanted[key][1]) for key in bar.pieces),
                key=lambda piece: (self._run_of[piece.operation].start, piece.operation),
            )
            during = self._run_of[of_bar[0].operation]
            rack = self._rack(material)
            rack.take(bar.bar)
            offcut = self._name(bar.bar) if bar.offcut_mm else ""
            if offcut:
                rack.put(offcut, bar.offcut_mm, during.end)
            found.append(
                BarCut(
                    bar=bar.bar,
                    material=material,
                    length_mm=bar.length_mm,
                    operation=during.operation,
                    machine=during.machine,
                    pieces=tuple(of_bar),
                    offcut_mm=bar.offcut_mm,
                    offcut=offcut,
                )
            )
        return found

    def _rack(self, material: str) -> _Rack:
        return self._racks.setdefault(material, _Rack({}))

    def _name(self, bar: str) -> str:
        """A name for what is left of a bar that nothing else has."""
        number = 1
        while f"{bar}~{number}" in self._names:
            number += 1
        self._names.add(f"{bar}~{number}")
        return f"{bar}~{number}"


def _shelf(bar: MaterialBar) -> tuple[float, int | None, int]:
    return bar.length_mm, None if bar.quantity == "unlimited" else int(bar.quantity), 0
