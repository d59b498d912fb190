"""The dispatch as a linear program with HiGHS; with binaries in the slots where the relaxation cheats."""

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from juli.core.errors import InfeasibleError, InputError, JuliError, Problem
from juli.core.units import balance_error_kw
from juli.power.highs import quiet_highs
from juli.power.problem import Battery, Dispatch, DispatchProblem, Floats
from juli.power.settlement import settle

if TYPE_CHECKING:
    import highspy


_INF: Final = float("inf")


class Columns:
    """Where each block of columns begins, and rows collected as (row, column, value)."""

    def __init__(self, slots: int):
        self.slots = slots
        self.cost: list[Floats] = []
        self.low: list[Floats] = []
        self.high: list[Floats] = []
        self.first: dict[str, int] = {}
        self.count = 0
        self.row_low: list[Floats] = []
        self.row_high: list[Floats] = []
        self.rows = 0
        self.entries: list[tuple[NDArray[np.int64], NDArray[np.int64], Floats]] = []
        self.integers: list[int] = []

    def add(
        self, name: str, low: Floats | float, high: Floats | float, cost: Floats | float, count: int = -1
    ) -> None:
        """Add a block of columns."""
        count = self.slots if count < 0 else count
        self.first[name] = self.count
        for kept, value in ((self.low, low), (self.high, high), (self.cost, cost)):
            kept.append(np.broadcast_to(np.asarray(value, dtype=np.float64), (count,)))
        self.count += count

    def at(self, name: str, index: NDArray[np.int64]) -> NDArray[np.int64]:
        """The columns of a block at some indices."""
        return self.first[name] + index

    def row(
        self,
        low: Floats | float,
        high: Floats | float,
        *terms: tuple[NDArray[np.int64], Floats | float],
    ) -> None:
        """Add a block of rows ``low <= sum of value * column <= high``, one per entry of the columns."""
        count = len(terms[0][0])
        rows = np.arange(self.rows, self.rows + count)
        for columns, value in terms:
            keep = columns >= 0
            values = np.broadcast_to(np.asarray(value, dtype=np.float64), (count,))
            self.entries.append((rows[keep], columns[keep], values[keep]))
        for kept, bound in ((self.row_low, low), (self.row_high, high)):
            kept.append(np.broadcast_to(np.asarray(bound, dtype=np.float64), (count,)))
        self.rows += count

    def model(self) -> "highspy.HighsLp":
        """The program as HiGHS takes it."""
        import highspy

        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = self.count, self.rows
        lp.col_cost_, lp.col_lower_, lp.col_upper_ = map(np.concatenate, (self.cost, self.low, self.high))
        lp.row_lower_, lp.row_upper_ = map(np.concatenate, (self.row_low, self.row_high))
        rows, columns, values = (np.concatenate(part) for part in zip(*self.entries, strict=True))
        order = np.lexsort((rows, columns))
        starts = np.searchsorted(columns[order], np.arange(self.count + 1))
        lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        lp.a_matrix_.start_ = starts.astype(np.int32)
        lp.a_matrix_.index_ = rows[order].astype(np.int32)
        lp.a_matrix_.value_ = values[order]
        if self.integers:
            kinds = [highspy.HighsVarType.kContinuous] * self.count
            for column in self.integers:
                kinds[column] = highspy.HighsVarType.kInteger
            lp.integrality_ = kinds
        return lp


def cheating_slots(problem: DispatchProblem) -> NDArray[np.bool_]:
    """Slots in which a relaxed program could do at once what excludes the other.

    Importing and exporting, where selling pays more than buying costs; charging and discharging, in all
    slots as soon as one slot pays for losing energy: full batteries are emptied before it.
    """
    batteries = () if problem.battery is None else (problem.battery, *problem.more_batteries)
    lossless = all(each.charge_efficiency * each.discharge_efficiency == 1 for each in batteries)
    lowest = np.minimum(problem.buy, problem.sell)
    if problem.declared_kw is not None:
        lowest = lowest - problem.under_price
    if not lossless and lowest.min() < 0:
        return np.ones(problem.slots, dtype=np.bool_)
    gainful: NDArray[np.bool_] = problem.sell > problem.buy
    return gainful


def formulate(
    problem: DispatchProblem,
    exclusive: NDArray[np.bool_] | None = None,
    *,
    floor: bool = False,
    several: bool = False,
) -> Columns:
    """Write the dispatch down as a linear program.

    Parameters
    ----------
    exclusive
        Slots that get binaries: charge or discharge, import or export, never both.
    floor
        Whether binaries say where the standing loss meets an empty battery; without them a battery
        that has a standing loss loses it in proportion to its level, which is a relaxation.
    several
        Whether the caller takes more than one battery.
    """
    slots, hours = problem.slots, problem.step_hours
    if problem.more_batteries and not several:
        message = f"has {len(problem.more_batteries)}, but this program takes one battery"
        raise InputError([Problem("more_batteries", message, "leave the services out, or keep one battery")])
    at = np.arange(slots)
    lp = Columns(slots)
    batteries = (problem.battery or Battery(0, 0, 0, 1, 1), *problem.more_batteries)
    limits = [_limits(problem, battery, first=place == 0) for place, battery in enumerate(batteries)]
    for suffix, battery, limit in zip(suffixes(problem), batteries, limits, strict=True):
        _add_battery(lp, problem, battery, limit, suffix)
    lp.add("grid_in", 0, problem.import_limit_kw, hours * problem.buy)
    lp.add("grid_out", 0, problem.export_limit_kw, -hours * problem.sell)
    lp.add("sun", 0, problem.solar_kw, 0)
    lp.add("peak", problem.demand_free_kw, _INF, problem.demand_price, len(problem.demand_price))
    for suffix, battery, limit in zip(suffixes(problem), batteries, limits, strict=True):
        _keep_energy(lp, problem, battery, limit, suffix, floor=floor)
    balance = [(lp.at("grid_in", at), 1.0), (lp.at("grid_out", at), -1.0), (lp.at("sun", at), 1.0)]
    for suffix in suffixes(problem):
        balance += [(lp.at(f"discharge{suffix}", at), 1.0), (lp.at(f"charge{suffix}", at), -1.0)]
    lp.first["balance"] = lp.rows
    lp.row(problem.consumption_kw, problem.consumption_kw, *balance)
    paying = at[problem.demand_period >= 0]
    if len(paying) and np.any(problem.demand_price > 0):
        lp.row(
            -_INF, 0, (lp.at("grid_in", paying), 1.0), (lp.at("peak", problem.demand_period[paying]), -1.0)
        )
    if problem.declared_kw is not None:
        lp.add("over", 0, _INF, hours * problem.over_price)
        lp.add("under", 0, _INF, hours * problem.under_price)
        lp.row(
            problem.declared_kw - problem.declared_band_kw,
            problem.declared_kw + problem.declared_band_kw,
            (lp.at("grid_in", at), 1.0),
            (lp.at("grid_out", at), -1.0),
            (lp.at("over", at), -1.0),
            (lp.at("under", at), 1.0),
        )
    if exclusive is not None and exclusive.any():
        chosen = np.flatnonzero(exclusive)
        for suffix, limit in zip(suffixes(problem), limits, strict=True):
            _exclude_charge_or_discharge(lp, limit, chosen, suffix)
        _exclude_import_or_export(lp, problem, chosen, limits)
    return lp


def suffixes(problem: DispatchProblem) -> list[str]:
    """What is added to the names of each battery's columns."""
    return ["", *(f" {place}" for place in range(1, len(problem.more_batteries) + 1))]


class _Limits(NamedTuple):
    """What bounds a battery in each slot."""

    charge_low: Floats
    charge_most: Floats
    discharge_low: Floats
    discharge_most: Floats
    stored_low: Floats
    stored_high: Floats


def _limits(problem: DispatchProblem, battery: Battery, *, first: bool) -> _Limits:
    """The bounds of a battery; those that the problem adds slot by slot hold for the first."""
    low_kw, high_kw = np.full(problem.slots, -battery.charge_kw), np.full(problem.slots, battery.discharge_kw)
    stored_low, stored_high = np.zeros(problem.slots), np.full(problem.slots, battery.energy_kwh)
    if first:
        low_kw = np.maximum(problem.battery_min_kw, low_kw)
        high_kw = np.minimum(problem.battery_max_kw, high_kw)
        stored_low = np.maximum(problem.stored_min_kwh, stored_low)
        stored_high = np.minimum(problem.stored_max_kwh, stored_high)
    stored_low[-1] = max(stored_low[-1], battery.end_kwh)
    bad = (low_kw > high_kw) | (stored_low > stored_high)
    if bad.any():
        raise InfeasibleError(f"slot {int(np.argmax(bad))}: the bounds on the battery leave nothing")
    return _Limits(
        np.maximum(-high_kw, 0),
        np.maximum(-low_kw, 0),
        np.maximum(low_kw, 0),
        np.maximum(high_kw, 0),
        stored_low,
        stored_high,
    )


def _add_battery(
    lp: Columns, problem: DispatchProblem, battery: Battery, limit: _Limits, suffix: str
) -> None:
    """Columns of a battery: charge, discharge, stored energy."""
    wear = battery.wear_per_kwh * problem.step_hours
    stored_cost = np.zeros(problem.slots)
    stored_cost[-1] = -problem.end_value_per_kwh
    charge_wear, discharge_wear = wear * battery.charge_efficiency, wear / battery.discharge_efficiency
    lp.add(f"charge{suffix}", limit.charge_low, limit.charge_most, charge_wear)
    lp.add(f"discharge{suffix}", limit.discharge_low, limit.discharge_most, discharge_wear)
    lp.add(f"stored{suffix}", limit.stored_low, limit.stored_high, stored_cost)


def _keep_energy(
    lp: Columns, problem: DispatchProblem, battery: Battery, limit: _Limits, suffix: str, *, floor: bool
) -> None:
    """Rows of a battery: what is stored after a slot is what was left of it, and charge or discharge."""
    slots, hours = problem.slots, problem.step_hours
    at = np.arange(slots)
    kept = (1 - battery.self_discharge_per_hour) ** hours
    loss = battery.standing_loss_kw * hours
    stored = lp.at(f"stored{suffix}", at)
    charged = (
        (lp.at(f"charge{suffix}", at), -hours * battery.charge_efficiency),
        (lp.at(f"discharge{suffix}", at), hours / battery.discharge_efficiency),
    )
    before = np.where(at > 0, lp.at(f"stored{suffix}", at - 1), -1)
    first = np.where(at == 0, battery.start_kwh, 0.0)
    if loss == 0:
        lp.row(first * kept, first * kept, (stored, 1.0), (before, -kept), *charged)
        return
    top = np.concatenate(([battery.start_kwh], limit.stored_high[:-1]))
    most = np.maximum(kept * top - loss, 0.0)
    lp.add(f"left{suffix}", 0, most, 0)
    left = lp.at(f"left{suffix}", at)
    lp.row(0, 0, (stored, 1.0), (left, -1.0), *charged)
    lp.row(kept * first - loss, _INF, (left, 1.0), (before, -kept))
    share = np.divide(most, top, out=np.zeros(slots), where=top > 0)
    lp.row(-_INF, share * first, (left, 1.0), (before, -share))
    if floor:
        lp.add(f"holding{suffix}", 0, 1, 0)
        holding = lp.at(f"holding{suffix}", at)
        lp.integers.extend(holding.tolist())
        lp.row(-_INF, kept * first, (left, 1.0), (before, -kept), (holding, loss))
        lp.row(-_INF, 0, (left, 1.0), (holding, -most))


def _exclude_charge_or_discharge(lp: Columns, limit: _Limits, at: NDArray[np.int64], suffix: str) -> None:
    """Binaries: a battery charges or discharges."""
    lp.add(f"charging{suffix}", 0, 1, 0, len(at))
    charging = lp.at(f"charging{suffix}", np.arange(len(at)))
    lp.integers.extend(charging.tolist())
    charge, discharge = lp.at(f"charge{suffix}", at), lp.at(f"discharge{suffix}", at)
    most = limit.discharge_most[at]
    lp.row(-_INF, 0, (charge, 1.0), (charging, -limit.charge_most[at]))
    lp.row(-_INF, most, (discharge, 1.0), (charging, most))


def _exclude_import_or_export(
    lp: Columns, problem: DispatchProblem, at: NDArray[np.int64], limits: list[_Limits]
) -> None:
    """Binaries: the site imports or exports."""
    lp.add("importing", 0, 1, 0, len(at))
    importing = lp.at("importing", np.arange(len(at)))
    lp.integers.extend(importing.tolist())
    need, sun = problem.consumption_kw[at], problem.solar_kw[at]
    charge_most = sum(limit.charge_most[at] for limit in limits)
    discharge_most = sum(limit.discharge_most[at] for limit in limits)
    most_in = np.clip(need + charge_most, 0, problem.import_limit_kw[at])
    most_out = np.clip(discharge_most + sun - need, 0, problem.export_limit_kw[at])
    lp.row(-_INF, 0, (lp.at("grid_in", at), 1.0), (importing, -most_in))
    lp.row(-_INF, most_out, (lp.at("grid_out", at), 1.0), (importing, most_out))


def run(lp: Columns, solver: str = "choose", seconds: float = _INF) -> tuple[Floats, Floats, float, bool]:
    """Solve; answers the columns, the balance rows' duals, a lower bound, and whether it was solved out."""
    import highspy

    highs = quiet_highs()
    for option, value in (
        ("solver", solver),
        ("time_limit", seconds),
        ("mip_rel_gap", 1e-9),
        # HiGHS's own 1e-7 leaves money on the table where a battery's share of a signal is as small.
        ("dual_feasibility_tolerance", 1e-9),
    ):
        highs.setOptionValue(option, value)
    highs.passModel(lp.model())
    highs.run()
    status = highs.getModelStatus()
    info = highs.getInfo()
    if status in (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible):
        raise InfeasibleError("no dispatch keeps all limits")
    solution = highs.getSolution()
    columns = np.array(solution.col_value)
    solved = status in (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kTimeLimit)
    if not solved or info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        raise JuliError(f"HiGHS stopped without a dispatch: {highs.modelStatusToString(status)}")
    duals = np.array(solution.row_dual)
    bound = info.mip_dual_bound if lp.integers else info.objective_function_value
    return columns, duals, float(bound), status == highspy.HighsModelStatus.kOptimal


def solve_linear_program(
    problem: DispatchProblem, *, solver: str = "choose", seconds: float = _INF
) -> Dispatch:
    """Dispatch with HiGHS: the linear program, then with binaries where its optimum is not one of the site's.

    Parameters
    ----------
    solver
        HiGHS's ``solver`` option for the linear program.
    seconds
        Time limit of each solve; past it the answer may be inexact, and says so.
    """
    gainful = problem.sell > problem.buy  # without binaries, importing to export would pay without end
    batteries = () if problem.battery is None else (problem.battery, *problem.more_batteries)
    loses = any(each.standing_loss_kw > 0 for each in batteries)
    if not loses:
        lp = formulate(problem, gainful, several=True)
        answer = _settled(problem, lp, solver, seconds, convex=not gainful.any())
        if answer.exact and _keeps_limits(problem, answer):
            return answer
    exclusive = cheating_slots(problem)
    if loses or not _keeps_limits(problem, answer):
        exclusive[:] = True  # a battery that must run can burn energy at any price
    lp = formulate(problem, exclusive, floor=loses, several=True)
    return _settled(problem, lp, solver, seconds, convex=False)


def _keeps_limits(problem: DispatchProblem, answer: Dispatch) -> bool:
    """Whether battery and grid keep their bounds once charge and discharge of a slot are netted."""
    over = np.maximum(answer.battery_kw - problem.battery_max_kw, problem.battery_min_kw - answer.battery_kw)
    off = balance_error_kw(answer.grid_kw, answer.solar_kw, answer.battery_kw, problem.consumption_kw)
    over = np.maximum(over, np.abs(off))
    return bool(np.all(np.maximum(over, answer.grid_kw - problem.import_limit_kw) <= 1e-6))


def _settled(problem: DispatchProblem, lp: Columns, solver: str, seconds: float, *, convex: bool) -> Dispatch:
    columns, duals, bound, _ = run(lp, solver, seconds)
    at = np.arange(problem.slots)
    stored = np.zeros((1 + len(problem.more_batteries), problem.slots + 1))
    if problem.battery is not None:
        for place, battery in enumerate((problem.battery, *problem.more_batteries)):
            stored[place, 0] = battery.start_kwh
            stored[place, 1:] = columns[lp.at(f"stored{suffixes(problem)[place]}", at)]
    free = float(problem.demand_price @ problem.demand_free_kw)
    rows = slice(lp.first["balance"], lp.first["balance"] + problem.slots)
    peaks = columns[lp.at("peak", np.arange(len(problem.demand_price)))]
    prices = duals[rows] / problem.step_hours
    return settle(
        problem,
        stored[0],
        prices,
        "highs",
        further_kwh=stored[1:],
        bound=bound - free,
        cap_kw=peaks,
        convex=convex,
    )
